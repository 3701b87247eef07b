//! From permits to rows: what one target can express goes into its rules map, within its limits
//! and at the place that the lock keeps; the rest becomes gaps.

mod assign;
mod limits;
mod pieces;

use std::collections::BTreeMap;

use crate::catalogue::{Cloud, Direction, Kind, PortRange, Protocol, Role, SetKey, Traffic};
use crate::error::{Errors, Result, quoted};
use crate::gap::{Gap, Reason, wanted};
use crate::lock::Lock;
use crate::options::Options;
use crate::permit::{Permit, PermitRemote};
use crate::resolve::Resolution;
use crate::target::Target;
pub use pieces::undivided;

/// The rows of every folder that a run writes, and what they can't express.
#[derive(Debug)]
pub struct Plan {
    /// In the order cloud, traffic, target.
    pub folders: Vec<Folder>,
    pub gaps: Vec<Gap>,
    /// What the user should hear of it.
    pub warnings: Vec<String>,
}

impl Plan {
    /// The folders of one target, in their order.
    pub fn folders_of<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a Folder> {
        folders_of(&self.folders, target)
    }
}

fn folders_of<'a>(folders: &'a [Folder], target: &'a Target) -> impl Iterator<Item = &'a Folder> {
    // Targets are static data: the same one is the same place.
    folders
        .iter()
        .filter(move |folder| std::ptr::eq(folder.target, target))
}

/// One cloud's rows of one traffic for one target.
#[derive(Debug)]
pub struct Folder {
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub target: &'static Target,
    pub rows: Rows,
    /// Where the target has them.
    pub groups: Option<SecurityGroups>,
}

/// The security groups that the rows of a folder are shared out to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroups {
    /// The rules that a group takes, per direction and address family.
    pub rules: u16,
    /// The groups that have no rows any more, by role.
    pub emptied: BTreeMap<Role, Vec<u16>>,
}

impl Folder {
    /// Its path in the output folder.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.cloud, self.traffic, self.target.name)
    }

    /// The roles that it has rows or groups for, some more than once.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        let emptied = self.groups.iter().flat_map(|groups| groups.emptied.keys());
        self.rows.values().map(|row| &row.role).chain(emptied)
    }
}

/// A `rules` map: rows by key.
pub type Rows = BTreeMap<String, Row>;

/// A permit as one entry of a target's `rules` map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub set: SetKey,
    pub description: String,
    pub direction: Direction,
    /// Only for targets whose rules have one.
    pub priority: Option<u16>,
    /// Only for targets that have security groups.
    pub group: Option<u16>,
    pub role: Role,
    pub protocol: Protocol,
    pub ports: Vec<PortRange>,
    /// What stands for each of the ports in the keys of rules; empty for targets whose rules are
    /// known by other names.
    pub slots: Vec<u16>,
    pub kind: Kind,
    pub remote: PermitRemote,
}

/// Lays out the permits of `resolution` for each wanted target.
///
/// # Errors
/// Every limit of a target that the rows exceed.
pub fn plan(resolution: &Resolution, options: &Options, lock: &mut Lock) -> Result<Plan> {
    let mut errors = assign::priorities(resolution, options, lock);
    assign::slots(resolution, options, lock);
    let warnings = assign::groups(resolution, options, lock);
    let mut folders = Vec::new();
    let mut gaps = Vec::new();
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            let selected = options.clouds.contains(cloud) && options.traffics.contains(traffic);
            let permits: Vec<&Permit> = resolution
                .permits
                .iter()
                .filter(|permit| permit.cloud == *cloud && permit.traffic == *traffic)
                .collect();
            for target in &options.targets {
                let groups = security_groups(*cloud, *traffic, target, options, lock);
                // A security group may be in use, whether its cloud and traffic are still asked for or not.
                // With the options lost, rows that nobody asks for are left alone as they are.
                let emptied = groups
                    .as_ref()
                    .is_some_and(|groups| !groups.emptied.is_empty());
                let left_alone = lock.rebuilt && lock.groups.has_members_in(*cloud, *traffic);
                if !selected && (left_alone || !emptied) {
                    continue;
                }
                let expressed = |permit: &&Permit| target.kinds.contains(&permit.kind);
                let (rows, unexpressed): (Vec<&Permit>, Vec<&Permit>) =
                    permits.iter().copied().partition(expressed);
                folders.push(Folder {
                    cloud: *cloud,
                    traffic: *traffic,
                    target,
                    rows: rows
                        .into_iter()
                        .flat_map(|permit| pieces::pieces(permit, target, lock))
                        .collect(),
                    groups,
                });
                gaps.extend(host_gaps(&unexpressed, target));
            }
        }
    }
    errors.extend(folders.iter().flat_map(limits::row_errors));
    errors.extend(limits::container_errors(&folders, options));
    let plan = Plan {
        folders,
        gaps,
        warnings,
    };
    Errors::unless_none(errors, plan)
}

fn security_groups(
    cloud: Cloud,
    traffic: Traffic,
    target: &Target,
    options: &Options,
    lock: &Lock,
) -> Option<SecurityGroups> {
    let limits = target.groups.as_ref()?;
    let mut all = lock.groups.hosts();
    all.retain(|hosts| (hosts.cloud, hosts.traffic) == (cloud, traffic));
    let fullest = all
        .iter()
        .flat_map(|hosts| lock.groups.rooms(hosts))
        .max()
        .unwrap_or(0);
    let emptied = all
        .iter()
        .map(|hosts| (hosts.role.clone(), lock.groups.emptied(hosts)))
        .filter(|(_, groups)| !groups.is_empty())
        .collect();
    Some(SecurityGroups {
        rules: assign::rules_per_group(options, limits).max(fullest),
        emptied,
    })
}

/// One gap a flow, naming all its roles.
fn host_gaps(permits: &[&Permit], target: &'static Target) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for permit in permits {
        let PermitRemote::Hosts(hosts) = &permit.remote else {
            continue;
        };
        if let Some(gap) = gaps.last_mut()
            && (&gap.set, &gap.flow) == (&permit.set, &permit.flow)
        {
            gap.roles.push(permit.role.clone());
            continue;
        }
        gaps.push(Gap {
            cloud: permit.cloud,
            traffic: permit.traffic,
            set: permit.set.clone(),
            row: permit.row,
            flow: permit.flow.clone(),
            roles: vec![permit.role.clone()],
            target: Some(target.name),
            what: wanted(
                permit.direction,
                Some((permit.protocol, &permit.ports)),
                &quoted(hosts),
            ),
            why: Reason::HostNames(target.title),
            remedy: "allow these names in a proxy or a firewall that filters by name; the target `generic-firewall` lists them".to_owned(),
        });
    }
    gaps
}
