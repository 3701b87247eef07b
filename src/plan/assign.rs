//! What the lock gives to rows: priorities, slots and groups, each kept once it is given.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Direction, PortRange, Protocol};
use crate::error::{Error, quoted};
use crate::lock::{self, Hosts, Lock, Member, Service};
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
        let wanted = wanted(resolution, options, lock, target);
        let mut per_interface: BTreeMap<&str, usize> = BTreeMap::new();
        for (hosts, members) in &wanted {
            match lock.groups.place(hosts, members, limit) {
                Ok(0) => {}
                Ok(moved) => warnings.push(format!(
                    "{moved} networks of `{hosts}` move to another security group, because a group takes {limit} rules and theirs have become more: until their rules are made anew, they are closed"
                )),
                Err(overweight) => errors.extend(overweight.into_iter().map(|one| Error::Limit {
                    place: format!("{}, {hosts}", target.name),
                    rule: format!("rules for `{}` alone, one a port,", one.network),
                    found: one.rules,
                    limit: usize::from(limit),
                    source: groups.source,
                    mend: "raise the quota at AWS and `--aws-rules-per-group`, or give fewer ports"
                        .to_owned(),
                })),
            }
            if options.prune_groups {
                lock.groups.prune(hosts);
            }
            let emptied = lock.groups.emptied(hosts);
            if !emptied.is_empty() {
                warnings.push(format!(
                    "`{hosts}` keeps security groups without rules, {}, because one in use can't be destroyed; detach them, then generate with `--prune-groups`",
                    quoted(&emptied)
                ));
            }
            *per_interface.entry(hosts.role.as_str()).or_default() +=
                lock.groups.numbers(hosts).count();
        }
        for (role, found) in per_interface {
            if found > groups.per_interface {
                warnings.push(format!(
                    "`{role}` has {found} security groups in all, and a network interface takes {} (after a quota increase up to 16): attach those that its hosts need ({})",
                    groups.per_interface, groups.source
                ));
            }
        }
    }
    (errors, warnings)
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
