//! From permits to rows: what a target can express goes into its rules map, within its limits and at
//! the place that the lock keeps.

mod assign;
mod limits;
mod pieces;

use std::collections::BTreeMap;

use crate::catalogue::{Cloud, Direction, Kind, PortRange, Protocol, Role, SetKey, Traffic};
use crate::error::{Errors, Result};
use crate::express::Expressed;
use crate::lock::Lock;
use crate::options::Options;
use crate::permit::{Permit, PermitRemote};
use crate::resolve::Resolution;
use crate::target::Target;
pub use pieces::undivided;

/// The rows of every folder that a run writes.
#[derive(Debug)]
pub struct Plan {
    /// In the order cloud, traffic, target.
    pub folders: Vec<Folder>,
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

impl Row {
    /// What a permit comes to without what the lock gives.
    #[must_use]
    pub fn of(permit: &Permit) -> Self {
        Self {
            set: permit.set.clone(),
            description: permit.description.clone(),
            direction: permit.direction,
            priority: None,
            group: None,
            role: permit.role.clone(),
            protocol: permit.protocol,
            ports: permit.ports.clone(),
            slots: Vec::new(),
            kind: permit.kind,
            remote: permit.remote.clone(),
        }
    }
}

/// Lays out the permits that each wanted target can express, `expressed`, by target; `resolution` has
/// what stands before that, since all targets share their slots.
///
/// # Errors
/// Every limit of a target that the rows exceed.
pub fn plan(
    resolution: &Resolution,
    expressed: &[Expressed],
    options: &Options,
    lock: &mut Lock,
) -> Result<Plan> {
    let shares: Vec<Share<'_>> = options
        .targets
        .iter()
        .map(|target| Share::of(target, expressed))
        .collect();
    let mut errors = assign::priorities(&shares, lock);
    assign::slots(resolution, options, lock);
    let warnings = assign::groups(&shares, options, lock);
    let mut folders = Vec::new();
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            let selected = options.clouds.contains(cloud) && options.traffics.contains(traffic);
            for Share { target, permits } in &shares {
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
                let here = |permit: &&Permit| (permit.cloud, permit.traffic) == (*cloud, *traffic);
                let rows = permits.iter().filter(here);
                folders.push(Folder {
                    cloud: *cloud,
                    traffic: *traffic,
                    target,
                    rows: rows
                        .flat_map(|permit| pieces::pieces(permit, target, lock))
                        .collect(),
                    groups,
                });
            }
        }
    }
    errors.extend(folders.iter().flat_map(limits::row_errors));
    errors.extend(limits::container_errors(&folders, options));
    let plan = Plan { folders, warnings };
    Errors::unless_none(errors, plan)
}

/// What one target takes of all permits.
struct Share<'a> {
    target: &'static Target,
    permits: &'a [Permit],
}

impl<'a> Share<'a> {
    fn of(target: &'static Target, expressed: &'a [Expressed]) -> Self {
        let own = expressed
            .iter()
            .find(|expressed| expressed.name == target.name);
        Self {
            target,
            permits: own.map_or(&[], |expressed| &expressed.permits),
        }
    }
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
