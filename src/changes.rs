//! What a run changes in a folder, row by row: what it opens, and what it closes.
//!
//! Read from the rows that stand in the folder, not from what an earlier run remembers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::path::Path;

use ipnet::IpNet;
use serde::Serialize;

use crate::catalogue::network::aggregate;
use crate::catalogue::{HostPattern, PortRange, Role};
use crate::express::Expressed;
use crate::permit::PermitRemote;
use crate::plan::{Folder, Plan, Row, Rows, undivided};
use crate::render::child::emptied_groups;
use crate::render::rows::{hcl_to_rows, parse};
use crate::target::TARGETS;
use crate::write::Difference;

/// One row that comes, goes or changes, in one or more targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Cloud and traffic, as in the folder's path.
    pub place: String,
    pub key: String,
    #[serde(flatten)]
    pub difference: RowDifference,
    /// The targets and formats in which it does.
    pub targets: BTreeSet<String>,
}

/// How a row differs from what it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RowDifference {
    pub kind: ChangeKind,
    /// Networks, hosts, ranges and ports that are open afterwards and were not before. A network
    /// that others held before opens nothing.
    pub opens: Vec<String>,
    /// Those that were open before and are not afterwards.
    pub closes: Vec<String>,
    /// What else is no longer as it was: `role sts becomes sts_proxy`.
    pub becomes: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

/// All that a run changes.
#[derive(Debug, Default)]
pub struct Changes {
    pub rows: Vec<Change>,
    /// The roles that a target has no row for any more, and had one: a root module refuses them.
    pub roles_gone: BTreeMap<&'static str, BTreeSet<Role>>,
    /// The files that hold no rows that can be read.
    pub unreadable: Vec<String>,
}

/// Compares the rows in the folder `out` with those of `plan`, where `difference` says that they
/// differ. With `keep`, left-over files stay, and so close nothing. A folder that is new has no
/// changes: all of it is.
#[must_use]
pub fn changes(out: &Path, plan: &Plan, difference: &Difference, keep: bool) -> Changes {
    let mut found = Found::new();
    let mut changes = Changes::default();
    let is_new =
        difference.unchanged == 0 && difference.stale.is_empty() && difference.left_over.is_empty();
    let missing = difference.missing.iter().filter(|_| !is_new);
    let leaving = difference.left_over.iter().filter(|_| !keep);
    for path in difference.stale.iter().chain(missing).chain(leaving) {
        let Some((place, target)) = place_of(path) else {
            continue;
        };
        let before = if difference.missing.contains(path) {
            Some((Rows::new(), Vec::new()))
        } else {
            read(&out.join(path))
        };
        let Some((before, kept)) = before else {
            changes.unreadable.push(path.clone());
            continue;
        };
        let still = plan
            .folders
            .iter()
            .filter(|folder| folder.target.name == target)
            .flat_map(Folder::roles)
            .collect::<BTreeSet<_>>();
        let gone = before.values().map(|row| &row.role).chain(&kept);
        let mut gone = gone.filter(|role| !still.contains(role)).peekable();
        // A target that is wanted no more is not called any more.
        let is_wanted = plan
            .folders
            .iter()
            .any(|folder| folder.target.name == target);
        if is_wanted && gone.peek().is_some() {
            let known = changes.roles_gone.entry(target).or_default();
            known.extend(gone.cloned());
        }
        let empty = Rows::new();
        let after = plan
            .folders
            .iter()
            .find(|folder| is_main(folder, path))
            .map_or(&empty, |folder| &folder.rows);
        // Which security group holds a network is no matter of what is open.
        for (key, difference) in row_differences(&undivided(&before), &undivided(after)) {
            found
                .entry((place.clone(), key, difference))
                .or_default()
                .insert(target.to_owned());
        }
    }
    changes.rows = found.into_iter().map(change).collect();
    changes
}

/// The targets and formats that change alike, by place, key and difference.
type Found = BTreeMap<(String, String, RowDifference), BTreeSet<String>>;

fn change(
    ((place, key, difference), targets): ((String, String, RowDifference), BTreeSet<String>),
) -> Change {
    Change {
        place,
        key,
        difference,
        targets,
    }
}

/// Adds to `changes` what formats of text open and close: their permits `before`, and `after`. Texts can't
/// be read back as rows can.
pub fn add_texts(changes: &mut Vec<Change>, before: &[Expressed], after: &[Expressed]) {
    let mut found: Found = changes
        .drain(..)
        .map(|change| {
            (
                (change.place, change.key, change.difference),
                change.targets,
            )
        })
        .collect();
    let formats = before
        .iter()
        .chain(after)
        .filter(|expressed| expressed.is_format);
    let names: BTreeSet<&String> = formats.map(|expressed| &expressed.name).collect();
    for name in names {
        let (was, is) = (places(before, name), places(after, name));
        let places: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        let empty = Rows::new();
        for place in places {
            let (was, is) = (
                was.get(place).unwrap_or(&empty),
                is.get(place).unwrap_or(&empty),
            );
            for (key, difference) in row_differences(was, is) {
                let targets = found.entry((place.clone(), key, difference)).or_default();
                targets.insert(name.clone());
            }
        }
    }
    changes.extend(found.into_iter().map(change));
}

/// What a format has, as rows by key, by cloud and traffic.
fn places(expressed: &[Expressed], name: &str) -> BTreeMap<String, Rows> {
    let mut places: BTreeMap<String, Rows> = BTreeMap::new();
    let own = expressed.iter().filter(|expressed| expressed.name == name);
    for permit in own.flat_map(|expressed| &expressed.permits) {
        let place = format!("{}/{}", permit.cloud, permit.traffic);
        places
            .entry(place)
            .or_default()
            .insert(permit.key(), Row::of(permit));
    }
    places
}

fn is_main(folder: &Folder, path: &str) -> bool {
    path.strip_suffix("/main.tf") == Some(folder.path().as_str())
}

/// Cloud and traffic, and the target, of a generated `main.tf`.
fn place_of(path: &str) -> Option<(String, &'static str)> {
    let folder = path.strip_suffix("/main.tf")?;
    let (place, name) = folder.rsplit_once('/')?;
    if place.matches('/').count() != 1 {
        return None;
    }
    let target = TARGETS.iter().find(|target| target.name == name)?;
    Some((place.to_owned(), target.name))
}

/// The rows of a file, and the roles that it has groups for without rows.
fn read(path: &Path) -> Option<(Rows, Vec<Role>)> {
    let text = crate::file::text(path).ok()?;
    let body = parse(&text).ok()?;
    let kept = emptied_groups(&body).ok()?;
    let kept = kept.into_iter().map(|(role, _)| role).collect();
    Some((hcl_to_rows(&body).ok()?, kept))
}

fn row_differences(before: &Rows, after: &Rows) -> Vec<(String, RowDifference)> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter_map(|key| {
            let (was, is) = (before.get(key), after.get(key));
            let (kind, becomes) = match (was, is) {
                (None, _) => (ChangeKind::Added, Vec::new()),
                (_, None) => (ChangeKind::Removed, Vec::new()),
                (Some(was), Some(is)) if was == is => return None,
                (Some(was), Some(is)) => (ChangeKind::Changed, becomes(was, is)),
            };
            let difference = RowDifference {
                kind,
                opens: opens(was, is),
                closes: opens(is, was),
                becomes,
            };
            Some((key.clone(), difference))
        })
        .collect()
}

/// What `is` opens and `was` did not: what holds unknown many addresses, then ports, then the rest of the
/// remote, in the row's own order.
fn opens(was: Option<&Row>, is: Option<&Row>) -> Vec<String> {
    let Some(is) = is else {
        return Vec::new();
    };
    let mut opens = Vec::new();
    let is_new = was.map(|was| &was.remote) != Some(&is.remote);
    match &is.remote {
        remote if remote.is_anywhere() && is_new => {
            opens.push(format!("anywhere over {}", is.kind));
        }
        PermitRemote::ServiceTag(tag) if is_new => opens.push(format!("service tag {tag}")),
        _ => {}
    }
    opens.extend(ports(is, was));
    match (&is.remote, was.map(|was| &was.remote)) {
        (remote, _) if remote.is_anywhere() => {}
        (PermitRemote::Networks(networks), was) => {
            let held = match was {
                Some(PermitRemote::Networks(networks)) => aggregate(networks),
                _ => Vec::new(),
            };
            // They are sorted, and none meets another: only the last that doesn't come after a network can hold it.
            let is_held = |network: &IpNet| {
                let after = held.partition_point(|other| other <= network);
                after > 0 && held[after - 1].contains(network)
            };
            opens.extend(new(networks, |network| !is_held(network)));
        }
        (PermitRemote::Hosts(hosts), Some(PermitRemote::Hosts(known))) => {
            let known: BTreeSet<&HostPattern> = known.iter().collect();
            opens.extend(new(hosts, |host| !known.contains(host)));
        }
        (PermitRemote::Hosts(hosts), _) => opens.extend(new(hosts, |_| true)),
        (PermitRemote::Range(name), was) => {
            if was != Some(&is.remote) {
                opens.push(name.to_string());
            }
        }
        (PermitRemote::ServiceTag(_), _) => {}
    }
    opens
}

/// The ports of `is` that no port of `was` holds.
fn ports(is: &Row, was: Option<&Row>) -> Vec<String> {
    let was = was.filter(|was| was.protocol == is.protocol);
    let is_held =
        |port: &PortRange| was.is_some_and(|was| was.ports.iter().any(|other| other.holds(*port)));
    let fresh = is.ports.iter().filter(|port| !is_held(port));
    fresh
        .map(|port| format!("{}/{port}", is.protocol))
        .collect()
}

fn new<T: Display>(values: &[T], is_new: impl Fn(&T) -> bool) -> Vec<String> {
    let values = values.iter().filter(|value| is_new(value));
    values.map(ToString::to_string).collect()
}

/// What else than ports and remote differs.
fn becomes(was: &Row, is: &Row) -> Vec<String> {
    let number = |row: &Row| {
        row.priority
            .map_or_else(String::new, |number| number.to_string())
    };
    [
        ("set", was.set.to_string(), is.set.to_string()),
        (
            "description",
            was.description.clone(),
            is.description.clone(),
        ),
        (
            "direction",
            was.direction.to_string(),
            is.direction.to_string(),
        ),
        ("priority", number(was), number(is)),
        ("role", was.role.to_string(), is.role.to_string()),
        ("kind", was.kind.to_string(), is.kind.to_string()),
    ]
    .into_iter()
    .filter(|(_, was, is)| was != is)
    .map(|(field, was, is)| format!("{field} {was} becomes {is}"))
    .collect()
}
