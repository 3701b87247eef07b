//! From permits to rows: what one target can express goes into its rules map, within its limits
//! and at the place that the lock keeps; the rest becomes gaps.

mod assign;
mod limits;

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::catalogue::{Cloud, Direction, Kind, PortRange, Protocol, Role, SetKey, Traffic};
use crate::error::{Errors, Result, quoted};
use crate::gap::{Gap, Reason, wanted};
use crate::lock::{self, Lock, Member};
use crate::options::Options;
use crate::permit::{Permit, PermitRemote};
use crate::resolve::Resolution;
use crate::target::Target;

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
    let (unplaced, warnings) = assign::groups(resolution, options, lock);
    errors.extend(unplaced);
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let mut folders = Vec::new();
    let mut gaps = Vec::new();
    for cloud in &options.clouds {
        for traffic in &options.traffics {
            let permits: Vec<&Permit> = resolution
                .permits
                .iter()
                .filter(|permit| permit.cloud == *cloud && permit.traffic == *traffic)
                .collect();
            for target in &options.targets {
                let expressed = |permit: &&Permit| target.kinds.contains(&permit.kind);
                let (rows, unexpressed): (Vec<&Permit>, Vec<&Permit>) =
                    permits.iter().copied().partition(expressed);
                folders.push(Folder {
                    cloud: *cloud,
                    traffic: *traffic,
                    target,
                    rows: rows
                        .into_iter()
                        .flat_map(|permit| pieces(permit, target, lock))
                        .collect(),
                    groups: security_groups(*cloud, *traffic, target, options, lock),
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

/// The rows of one permit: one, unless a full security group divides it.
fn pieces(permit: &Permit, target: &Target, lock: &Lock) -> Vec<(String, Row)> {
    let row = row(permit, target, lock);
    if target.groups.is_none() {
        return vec![(permit.key(), row)];
    }
    let hosts = assign::hosts(permit);
    let piece = |group: Option<u16>, remote: PermitRemote| {
        let row = Row {
            group,
            remote,
            ..row.clone()
        };
        (piece_key(&permit.key(), &row), row)
    };
    match &permit.remote {
        PermitRemote::Networks(networks) => {
            let mut shares: BTreeMap<Option<u16>, Vec<IpNet>> = BTreeMap::new();
            for network in networks {
                let member = Member::Network(permit.direction, *network);
                let group = lock.groups.of(&hosts, &member);
                shares.entry(group).or_default().push(*network);
            }
            shares
                .into_iter()
                .map(|(group, networks)| piece(group, PermitRemote::Networks(networks)))
                .collect()
        }
        remote => vec![piece(
            lock.groups.of(&hosts, &Member::Ranges),
            remote.clone(),
        )],
    }
}

/// What a row is called that holds its permit's share of one group: networks in another group than
/// the first have its number behind the permit's key.
fn piece_key(permit: &str, row: &Row) -> String {
    match (&row.remote, row.group) {
        (PermitRemote::Networks(_), Some(group)) if group > 1 => format!("{permit}.{group}"),
        _ => permit.to_owned(),
    }
}

/// `rows` as if no group were ever full, and without what the lock gave them: a row a permit.
#[must_use]
pub fn undivided(rows: &Rows) -> Rows {
    let mut whole = Rows::new();
    for (key, row) in rows {
        let ending = row
            .group
            .map_or_else(String::new, |group| format!(".{group}"));
        let permit = key
            .strip_suffix(&ending)
            .filter(|permit| piece_key(permit, row) == *key)
            .unwrap_or(key);
        let row = Row {
            group: None,
            slots: Vec::new(),
            ..row.clone()
        };
        match (
            whole.get_mut(permit).map(|row: &mut Row| &mut row.remote),
            row.remote,
        ) {
            (Some(PermitRemote::Networks(known)), PermitRemote::Networks(more)) => {
                known.extend(more);
                known.sort_unstable();
            }
            (_, remote) => {
                whole.insert(permit.to_owned(), Row { remote, ..row });
            }
        }
    }
    whole
}

fn security_groups(
    cloud: Cloud,
    traffic: Traffic,
    target: &Target,
    options: &Options,
    lock: &Lock,
) -> Option<SecurityGroups> {
    let limits = target.groups.as_ref()?;
    let all = lock.groups.hosts(cloud, traffic);
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

fn row(permit: &Permit, target: &Target, lock: &Lock) -> Row {
    let numbered = target.limits.priorities.is_some();
    let entry = lock::entry(permit.cloud, &permit.key());
    let slots = if target.slots {
        assign::services(permit)
            .filter_map(|service| lock.slots.of(&service))
            .collect()
    } else {
        Vec::new()
    };
    Row {
        set: permit.set.clone(),
        description: permit.description.clone(),
        direction: permit.direction,
        priority: lock
            .priorities
            .of(permit.direction, &entry)
            .filter(|_| numbered),
        group: None,
        role: permit.role.clone(),
        protocol: permit.protocol,
        ports: permit.ports.clone(),
        slots,
        kind: permit.kind,
        remote: permit.remote.clone(),
    }
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
