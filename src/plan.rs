//! From permits to rows: what one target can express goes into its rules map, within its limits
//! and at the place that the lock keeps; the rest becomes gaps.

use std::collections::BTreeMap;

use crate::catalogue::{Cloud, Direction, Kind, PortRange, Protocol, Role, SetKey, Traffic};
use crate::error::{Error, Errors, Result, quoted};
use crate::gap::{Gap, Reason, wanted};
use crate::lock::{self, Lock};
use crate::options::Options;
use crate::permit::{Permit, PermitRemote};
use crate::resolve::Resolution;
use crate::target::{DEFAULT_NAME_PREFIX, Limit, Target};

/// The rows of every folder that a run writes, and what they can't express.
#[derive(Debug)]
pub struct Plan {
    /// In the order cloud, traffic, target.
    pub folders: Vec<Folder>,
    pub gaps: Vec<Gap>,
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
}

impl Folder {
    /// Its path in the output folder.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.cloud, self.traffic, self.target.name)
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
    pub role: Role,
    pub protocol: Protocol,
    pub ports: Vec<PortRange>,
    pub kind: Kind,
    pub remote: PermitRemote,
}

/// Lays out the permits of `resolution` for each wanted target.
///
/// # Errors
/// Every limit of a target that the rows exceed.
pub fn plan(resolution: &Resolution, options: &Options, lock: &mut Lock) -> Result<Plan> {
    let mut errors = assign_priorities(resolution, options, lock);
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
                        .map(|permit| (permit.key(), row(permit, target, lock)))
                        .collect(),
                });
                gaps.extend(host_gaps(&unexpressed, target));
            }
        }
    }
    errors.extend(folders.iter().flat_map(row_errors));
    errors.extend(container_errors(&folders, options));
    Errors::unless_none(errors, Plan { folders, gaps })
}

fn assign_priorities(resolution: &Resolution, options: &Options, lock: &mut Lock) -> Vec<Error> {
    let mut errors = Vec::new();
    for target in &options.targets {
        let Some(numbers) = &target.limits.priorities else {
            continue;
        };
        for direction in Direction::ALL {
            let wanted: Vec<String> = resolution
                .permits
                .iter()
                .filter(|permit| permit.direction == *direction)
                .filter(|permit| target.kinds.contains(&permit.kind))
                .map(|permit| lock::entry(permit.cloud, &permit.key()))
                .collect();
            if let Err(left) = lock.assign(*direction, &wanted, &numbers.range) {
                errors.push(Error::Limit {
                    place: format!("{}, {direction}", target.name),
                    rule: "rules need a priority of their own".to_owned(),
                    found: wanted.len(),
                    limit: wanted.len() - left.len(),
                    source: numbers.source,
                    mend: "write some clouds or traffics to another `--out`".to_owned(),
                });
            }
        }
    }
    errors
}

fn row(permit: &Permit, target: &Target, lock: &Lock) -> Row {
    let numbered = target.limits.priorities.is_some();
    let entry = lock::entry(permit.cloud, &permit.key());
    Row {
        set: permit.set.clone(),
        description: permit.description.clone(),
        direction: permit.direction,
        priority: lock.priority(permit.direction, &entry).filter(|_| numbered),
        role: permit.role.clone(),
        protocol: permit.protocol,
        ports: permit.ports.clone(),
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

/// What each row's own fields exceed.
fn row_errors(folder: &Folder) -> Vec<Error> {
    let limits = &folder.target.limits;
    let mut errors = Vec::new();
    let mut check = |limit: Option<Limit>, key: &str, rule: &str, found: usize, mend: &str| {
        if let Some(limit) = limit.filter(|limit| found > limit.most) {
            errors.push(Error::Limit {
                place: format!("{}, row `{key}`", folder.path()),
                rule: rule.to_owned(),
                found,
                limit: limit.most,
                source: limit.source,
                mend: mend.to_owned(),
            });
        }
    };
    for (key, row) in &folder.rows {
        let name = DEFAULT_NAME_PREFIX.len() + lock::entry(folder.cloud, key).len();
        check(
            limits.description,
            key,
            "bytes of description",
            row.description.len(),
            "shorten the title in the catalogue",
        );
        check(
            limits.name,
            key,
            "characters of name",
            name,
            "shorten the keys in the catalogue",
        );
    }
    errors
}

/// What the rows exceed together. Each folder fills at least one container; with `--root`, all of
/// a target's folders share one.
fn container_errors(folders: &[Folder], options: &Options) -> Vec<Error> {
    let mut errors = Vec::new();
    for target in &options.targets {
        let own: Vec<&Folder> = folders_of(folders, target).collect();
        let containers: Vec<(String, Vec<&Folder>)> = if options.root {
            vec![(format!("root/{}", target.root.folder), own)]
        } else {
            own.into_iter()
                .map(|folder| (folder.path(), vec![folder]))
                .collect()
        };
        for (place, folders) in containers {
            let rows: Vec<&Row> = folders
                .iter()
                .flat_map(|folder| folder.rows.values())
                .collect();
            errors.extend(count_errors(target, &place, &rows));
        }
    }
    errors
}

fn count_errors(target: &Target, place: &str, rows: &[&Row]) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut check = |limit: Option<Limit>, rule: String, found: usize| {
        if let Some(limit) = limit.filter(|limit| found > limit.most) {
            errors.push(Error::Limit {
                place: place.to_owned(),
                rule,
                found,
                limit: limit.most,
                source: limit.source,
                mend: "leave sets out with `--exclude-set`, write some to another `--out`, or join neighbours with `--aggregate`".to_owned(),
            });
        }
    };
    check(target.limits.rules, "rules".to_owned(), rows.len());
    for direction in Direction::ALL {
        let networks = rows
            .iter()
            .filter(|row| row.direction == *direction)
            .map(|row| match &row.remote {
                PermitRemote::Networks(networks) => networks.len(),
                PermitRemote::Hosts(_) | PermitRemote::Range(_) => 0,
            })
            .sum();
        check(
            target.limits.addresses,
            format!("{direction} remote addresses"),
            networks,
        );
    }
    errors
}
