//! What the lock gives to rows: priorities, slots and groups, each kept once it is given.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Direction, PortRange, Protocol, Role};
use crate::error::{Error, quoted};
use crate::lock::{self, Hosts, Lock, Member, Overweight, Service};
use crate::options::Options;
use crate::permit::Permit;
use crate::resolve::Resolution;
use crate::target::{Groups, Target};

/// Gives every rule a priority where the target's rules have one. Returns what it can't give.
pub fn priorities(resolution: &Resolution, options: &Options, lock: &mut Lock) -> Vec<Error> {
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
            if let Err(left) = lock.priorities.assign(*direction, &wanted, &numbers.range) {
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

/// Gives every port a slot where the target's rules are keyed by what they open. All targets share
/// the slots, so that it doesn't matter which of them a folder has.
pub fn slots(resolution: &Resolution, options: &Options, lock: &mut Lock) {
    if !options.targets.iter().any(|target| target.slots) {
        return;
    }
    let wanted: Vec<Service> = resolution.permits.iter().flat_map(services).collect();
    lock.slots.assign(&wanted);
}

/// What a permit's ports are called in the lock.
pub fn services(permit: &Permit) -> impl Iterator<Item = Service> {
    permit.ports.iter().map(|port| Service {
        hosts: hosts(permit),
        direction: permit.direction,
        protocol: permit.protocol,
        port: *port,
    })
}

/// Whose hosts a permit is for.
pub fn hosts(permit: &Permit) -> Hosts {
    Hosts {
        cloud: permit.cloud,
        traffic: permit.traffic,
        role: permit.role.clone(),
    }
}

/// The rules that a security group takes, for networks that come.
pub fn rules_per_group(options: &Options, groups: &Groups) -> u16 {
    options.aws_rules_per_group.unwrap_or(groups.rules)
}

/// Gives every network a group where the target has them. Returns what it can't give, and what the
/// user should hear.
pub fn groups(
    resolution: &Resolution,
    options: &Options,
    lock: &mut Lock,
) -> (Vec<Error>, Vec<String>) {
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    for target in &options.targets {
        let Some(groups) = &target.groups else {
            continue;
        };
        let limit = rules_per_group(options, groups);
        let mut attached: BTreeMap<Role, usize> = BTreeMap::new();
        for (hosts, members) in wanted(resolution, options, lock, target) {
            let before: BTreeSet<u16> = lock.groups.numbers(&hosts).collect();
            match lock.groups.place(&hosts, &members, limit) {
                Ok(moved) => warnings.extend(moves(&hosts, moved, limit)),
                Err(overweight) => {
                    let place = format!("{}, {hosts}", target.name);
                    errors.extend(too_heavy(&overweight, &place, limit, groups));
                }
            }
            if options.prune_groups {
                lock.groups.prune(&hosts);
            }
            warnings.extend(comings_and_goings(&hosts, &before, lock));
            *attached.entry(hosts.role.clone()).or_default() += lock.groups.numbers(&hosts).count();
        }
        let crowded = attached
            .iter()
            .filter(|(_, count)| **count > groups.per_interface);
        warnings.extend(crowded.map(|(role, count)| {
            format!(
                "`{role}` has {count} security groups in all, and a network interface takes {} (after a quota increase up to 16): attach those that its hosts need ({})",
                groups.per_interface, groups.source
            )
        }));
    }
    (errors, warnings)
}

fn too_heavy(
    overweight: &[Overweight],
    place: &str,
    limit: u16,
    groups: &Groups,
) -> impl Iterator<Item = Error> {
    overweight.iter().map(move |one| Error::Limit {
        place: place.to_owned(),
        rule: format!("rules for `{}` alone, one a port,", one.network),
        found: one.rules,
        limit: usize::from(limit),
        source: groups.source,
        mend: "raise the quota at AWS and `--aws-rules-per-group`, or give fewer ports".to_owned(),
    })
}

fn moves(hosts: &Hosts, moved: usize, limit: u16) -> Option<String> {
    (moved > 0).then(|| {
        format!(
            "{moved} networks of `{hosts}` move to another security group, because a group takes {limit} rules and theirs have become more: until their rules are made anew, they are closed"
        )
    })
}

/// What the user has to attach, or to detach.
fn comings_and_goings(hosts: &Hosts, before: &BTreeSet<u16>, lock: &Lock) -> Vec<String> {
    let mut warnings = Vec::new();
    let more = lock.groups.numbers(hosts);
    let more: Vec<u16> = more.filter(|group| !before.contains(group)).collect();
    if !before.is_empty() && !more.is_empty() {
        warnings.push(format!(
            "`{hosts}` gets another security group, {}: it opens nothing until it is attached to the role's hosts, as all are that take `security_group_ids`",
            quoted(&more)
        ));
    }
    let emptied = lock.groups.emptied(hosts);
    if !emptied.is_empty() {
        warnings.push(format!(
            "`{hosts}` keeps security groups without rules, {}, because one in use can't be destroyed; detach them, then generate with `--prune-groups`",
            quoted(&emptied)
        ));
    }
    warnings
}

/// All networks and ranges of each role, with the rules that each takes. Whoever has a group and
/// wants nothing any more is among them.
fn wanted(
    resolution: &Resolution,
    options: &Options,
    lock: &Lock,
    target: &Target,
) -> BTreeMap<Hosts, BTreeMap<Member, usize>> {
    let mut services: BTreeMap<Hosts, BTreeMap<Member, BTreeSet<(Protocol, PortRange)>>> =
        BTreeMap::new();
    for cloud in &options.clouds {
        for traffic in &options.traffics {
            let known = lock.groups.hosts(*cloud, *traffic).into_iter();
            services.extend(known.map(|hosts| (hosts, BTreeMap::new())));
        }
    }
    let expressed = resolution
        .permits
        .iter()
        .filter(|permit| target.kinds.contains(&permit.kind));
    for permit in expressed {
        let members = services.entry(hosts(permit)).or_default();
        for member in Member::all_of(permit.direction, &permit.remote) {
            let ports = permit.ports.iter().map(|port| (permit.protocol, *port));
            members.entry(member).or_default().extend(ports);
        }
    }
    let weighed = |members: BTreeMap<Member, BTreeSet<_>>| {
        members
            .into_iter()
            .map(|(member, services)| (member, services.len()))
            .collect()
    };
    services
        .into_iter()
        .map(|(hosts, members)| (hosts, weighed(members)))
        .collect()
}
