//! Services that change alike, joined as a reader would say them.

use std::collections::{BTreeMap, BTreeSet};

use super::delta::Delta;
use super::expand::{Line, Service};
use super::{Change, Standing};
use crate::catalogue::{Cloud, PortRange, Role};

/// One change for all ports, roles and clouds that have it, and few where not all of them do.
pub fn changes(deltas: BTreeMap<(Standing, Delta), Vec<Service>>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for ((standing, delta), services) in deltas {
        changes.extend(
            joined(services)
                .into_iter()
                .map(|(line, ports, roles, clouds)| Change {
                    direction: line.direction,
                    protocol: line.protocol,
                    ports,
                    clouds,
                    roles,
                    standing,
                    ranges: delta.ranges.clone(),
                    in_place_of_hosts: delta.in_place_of_hosts,
                    added: delta.added.clone(),
                    removed: delta.removed.clone(),
                    already_open: delta.already_open.clone(),
                    still_open: delta.still_open.clone(),
                }),
        );
    }
    changes.sort_by(|a, b| place(a).cmp(&place(b)));
    changes
}

/// What is open first, then in the order in which services are read.
fn place(change: &Change) -> impl Ord + '_ {
    (
        matches!(change.standing, Standing::Closed(_)),
        change.direction,
        change.protocol,
        &change.ports,
        &change.clouds,
        &change.roles,
        change.standing,
    )
}

/// A line with the ports, roles and clouds that stand in place of its own.
type Joined = (Line, Vec<PortRange>, Vec<Role>, Vec<Cloud>);

fn joined(services: Vec<Service>) -> Vec<Joined> {
    // Unstated ports are no ports, and join no others.
    let mut ports: BTreeMap<(Line, bool), BTreeSet<PortRange>> = BTreeMap::new();
    for service in services {
        let known = ports.entry((service.line, service.port.is_some()));
        known.or_default().extend(service.port);
    }
    let mut roles: BTreeMap<_, (Line, BTreeSet<Role>)> = BTreeMap::new();
    for ((line, _), ports) in ports {
        let role = line.role.clone();
        let key = (line.direction, line.protocol, line.cloud, ports);
        let (_, known) = roles.entry(key).or_insert((line, BTreeSet::new()));
        known.insert(role);
    }
    let mut clouds: BTreeMap<_, (Line, BTreeSet<Cloud>)> = BTreeMap::new();
    for ((direction, protocol, cloud, ports), (line, roles)) in roles {
        let key = (direction, protocol, ports, roles);
        let (_, known) = clouds.entry(key).or_insert((line, BTreeSet::new()));
        known.insert(cloud);
    }
    clouds
        .into_iter()
        .map(|((_, _, ports, roles), (line, clouds))| {
            (
                line,
                ports.into_iter().collect(),
                roles.into_iter().collect(),
                clouds.into_iter().collect(),
            )
        })
        .collect()
}
