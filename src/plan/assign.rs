//! What the lock gives to rows: priorities, slots and groups, each kept once it is given.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::catalogue::{Direction, Role};
use crate::error::{Error, quoted};
use crate::lock::{self, Hosts, Lock, Member, Service};
use crate::options::Options;
use crate::permit::{Permit, PermitRemote};
use crate::plan::Share;
use crate::resolve::Resolution;
use crate::target::{AWS_RULES, Groups};

/// Gives every rule a priority where the target's rules have one. Returns what it can't give.
pub fn priorities(shares: &[Share<'_>], lock: &mut Lock) -> Vec<Error> {
    let mut errors = Vec::new();
    for Share { target, permits } in shares {
        let Some(numbers) = &target.limits.priorities else {
            continue;
        };
        for direction in Direction::ALL {
            let wanted: Vec<String> = permits
                .iter()
                .filter(|permit| permit.direction == *direction)
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

/// Gives every rule a group where the target has them. Returns what the user should hear.
pub fn groups(shares: &[Share<'_>], options: &Options, lock: &mut Lock) -> Vec<String> {
    let mut warnings = Vec::new();
    for share in shares {
        let Some(groups) = &share.target.groups else {
            continue;
        };
        let limit = rules_per_group(options, groups);
        let mut attached: BTreeMap<Role, usize> = BTreeMap::new();
        for (hosts, members) in wanted(share.permits, options, lock) {
            let before: BTreeSet<u16> = lock.groups.numbers(&hosts).collect();
            let moved = lock.groups.place(&hosts, &members, limit);
            warnings.extend(moves(&hosts, moved, limit));
            if options.prune_groups {
                lock.groups.prune(&hosts);
            }
            warnings.extend(comings_and_goings(&hosts, &before, lock));
            *attached.entry(hosts.role.clone()).or_default() += lock.groups.numbers(&hosts).count();
        }
        // Rules per group times groups per interface are at most 1000, whatever is raised.
        let most = usize::from(AWS_RULES.end() / limit).min(groups.per_interface);
        let crowded = attached.iter().filter(|(_, count)| **count > most);
        warnings.extend(crowded.map(|(role, count)| {
            format!(
                "`{role}` has {count} security groups in all clouds and traffics, and with {limit} rules a group a network interface takes {most}: have AWS raise that quota, or the rules per group (then `--aws-rules-per-group`; groups times rules are at most {}), or join networks with `--aggregate` ({})",
                AWS_RULES.end(), groups.source
            )
        }));
    }
    warnings
}

fn moves(hosts: &Hosts, moved: usize, limit: u16) -> Option<String> {
    (moved > 0).then(|| {
        format!(
            "{moved} rules of `{hosts}` move to another security group, because theirs holds more than the {limit} that it takes, as after a merge: until they are made anew, what they open is closed"
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
    let after: BTreeSet<u16> = lock.groups.numbers(hosts).collect();
    let gone: Vec<&u16> = before.difference(&after).collect();
    if !gone.is_empty() {
        warnings.push(format!(
            "`{hosts}` lets security groups go, {}: they must not be attached any more",
            quoted(&gone)
        ));
    }
    let emptied = lock.groups.emptied(hosts);
    if !emptied.is_empty() {
        warnings.push(format!(
            "`{hosts}` keeps security groups without rules, {}, because one in use can't be destroyed; detach them, generate with `--prune-groups`, and take `{}` out of `roles` if no rule is left for it",
            quoted(&emptied),
            hosts.role
        ));
    }
    warnings
}

/// All rules and ranges of each role. Whoever has a group and wants nothing any more is among them.
fn wanted(permits: &[Permit], options: &Options, lock: &Lock) -> BTreeMap<Hosts, BTreeSet<Member>> {
    let selected = |hosts: &Hosts| {
        options.clouds.contains(&hosts.cloud) && options.traffics.contains(&hosts.traffic)
    };
    let known = lock.groups.hosts().into_iter();
    let mut wanted: BTreeMap<Hosts, BTreeSet<Member>> = known
        .filter(|hosts| !lock.rebuilt || selected(hosts))
        .map(|hosts| (hosts, BTreeSet::new()))
        .collect();
    for permit in permits {
        let members = wanted.entry(hosts(permit)).or_default();
        match &permit.remote {
            PermitRemote::Networks(networks) => {
                let slots = services(permit).filter_map(|service| lock.slots.of(&service));
                members.extend(slots.flat_map(|slot| {
                    networks
                        .iter()
                        .map(move |network| rule(permit, slot, *network))
                }));
            }
            PermitRemote::Range(_) => {
                members.insert(Member::Ranges);
            }
            PermitRemote::Hosts(_) | PermitRemote::ServiceTag(_) => {}
        }
    }
    wanted
}

/// What the lock knows one rule of a permit as.
pub fn rule(permit: &Permit, slot: u16, network: IpNet) -> Member {
    Member::Rule {
        direction: permit.direction,
        protocol: permit.protocol,
        slot,
        network,
    }
}
