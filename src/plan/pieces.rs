//! A permit as rows: one, unless full security groups divide it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ipnet::IpNet;

use super::{Row, Rows, assign};
use crate::lock::{self, Lock, Member};
use crate::permit::{Permit, PermitRemote};
use crate::target::Target;

/// The rows of one permit, by key.
pub fn pieces(permit: &Permit, target: &Target, lock: &Lock) -> Vec<(String, Row)> {
    let row = row(permit, target, lock);
    if target.groups.is_none() {
        return vec![(permit.key(), row)];
    }
    let hosts = assign::hosts(permit);
    let PermitRemote::Networks(networks) = &permit.remote else {
        let group = lock.groups.of(&hosts, &Member::Ranges);
        return vec![(permit.key(), Row { group, ..row })];
    };
    // The networks in each group, and of each network the ports that it has there, by their index.
    let mut shares: BTreeMap<u16, BTreeMap<IpNet, Vec<usize>>> = BTreeMap::new();
    for (index, slot) in row.slots.iter().enumerate() {
        for network in networks {
            let rule = assign::rule(permit, *slot, *network);
            if let Some(group) = lock.groups.of(&hosts, &rule) {
                let share = shares.entry(group).or_default();
                share.entry(*network).or_default().push(index);
            }
        }
    }
    let share_rows = |(group, share): (u16, BTreeMap<IpNet, Vec<usize>>)| {
        let row = Row {
            group: Some(group),
            ..row.clone()
        };
        share_pieces(&permit.key(), &row, &share)
    };
    shares.into_iter().flat_map(share_rows).collect()
}

/// One row, if all networks of the share have the same ports in the group; else one for each port.
fn share_pieces(
    permit: &str,
    row: &Row,
    share: &BTreeMap<IpNet, Vec<usize>>,
) -> Vec<(String, Row)> {
    let piece = |indexes: &[usize], networks: Vec<IpNet>| Row {
        ports: indexes.iter().map(|index| row.ports[*index]).collect(),
        slots: indexes.iter().map(|index| row.slots[*index]).collect(),
        remote: PermitRemote::Networks(networks),
        ..row.clone()
    };
    let kinds: BTreeSet<&Vec<usize>> = share.values().collect();
    if let (1, Some(indexes)) = (kinds.len(), kinds.first()) {
        let row = piece(indexes, share.keys().copied().collect());
        return vec![(piece_key(permit, &row, false), row)];
    }
    let present: BTreeSet<usize> = share.values().flatten().copied().collect();
    present
        .into_iter()
        .enumerate()
        .map(|(number, index)| {
            let networks = share.iter().filter(|(_, indexes)| indexes.contains(&index));
            let row = piece(&[index], networks.map(|(network, _)| *network).collect());
            (piece_key(permit, &row, number > 0), row)
        })
        .collect()
}

/// What a row is called that holds its permit's share of one group: rules in another group than the
/// first have its number behind the permit's key, and a further row of the group its port's slot.
fn piece_key(permit: &str, row: &Row, further: bool) -> String {
    let mut key = permit.to_owned();
    if let Some(group) = row.group.filter(|group| *group > 1) {
        let _ = write!(key, ".{group}");
    }
    if let Some(slot) = row.slots.first().filter(|_| further) {
        let _ = write!(key, ".slot{slot}");
    }
    key
}

/// `rows` as if no group were ever full, and without what the lock gave them: a row a permit.
#[must_use]
pub fn undivided(rows: &Rows) -> Rows {
    let mut whole = Rows::new();
    for (key, row) in rows {
        let permit = permit_key(key, row).to_owned();
        let row = Row {
            group: None,
            slots: Vec::new(),
            ..row.clone()
        };
        match whole.get_mut(&permit) {
            Some(Row {
                ports,
                remote: PermitRemote::Networks(networks),
                ..
            }) => {
                ports.extend(row.ports);
                ports.sort_unstable();
                ports.dedup();
                if let PermitRemote::Networks(more) = row.remote {
                    networks.extend(more);
                }
                networks.sort_unstable();
                networks.dedup();
            }
            _ => {
                whole.insert(permit, row);
            }
        }
    }
    whole
}

/// The key of the permit that a row holds a share of.
fn permit_key<'a>(key: &'a str, row: &Row) -> &'a str {
    let (Some(group), PermitRemote::Networks(_)) = (row.group, &row.remote) else {
        return key;
    };
    let slot = row.slots.first();
    let slot = slot.map_or_else(String::new, |slot| format!(".slot{slot}"));
    let key = key.strip_suffix(&slot).unwrap_or(key);
    match group {
        1 => key,
        group => key.strip_suffix(&format!(".{group}")).unwrap_or(key),
    }
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
        priority: lock
            .priorities
            .of(permit.direction, &entry)
            .filter(|_| numbered),
        slots,
        ..Row::of(permit)
    }
}
