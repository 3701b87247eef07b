//! A permit as rows: one, unless a full security group divides it.

use std::collections::BTreeMap;

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
