//! Openings that several rows may share: each is given to all rows that ask for it.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::reading::{Seen, Side};
use super::shown;
use crate::catalogue::{Direction, HostPattern, Kind, PortRange, Protocol, Role};
use crate::verify::addresses::Addresses;
use crate::verify::opening::{Found, Opening, Remote, Site, Wanted, Way};

/// What openings come to.
#[derive(Debug, Default)]
pub struct Shared {
    pub found: Vec<Found>,
    /// Openings that may be of a range of which nothing is told: the row, and what they are called.
    pub untold: BTreeMap<String, Vec<String>>,
    /// Openings that have nothing to do with any row: address and name.
    pub strange: Vec<(String, String)>,
}

/// Shares out what is `seen` among the rows in `wanted` and, where none of them asks for it, in `untold`; `all` are the
/// rows of the place, given hosts or not.
#[must_use]
pub fn share(seen: &[Seen], wanted: &[Wanted], untold: &[Wanted], all: &[&Wanted]) -> Shared {
    let rows: Vec<Asks<'_>> = wanted.iter().map(Asks::of).collect();
    let mut by_role: BTreeMap<Of<'_>, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let way = &row.wanted.opening.way;
        by_role
            .entry((way.direction, way.role.as_str(), way.protocol))
            .or_default()
            .push(index);
    }
    let mut sharer = Sharer {
        rows,
        by_role,
        untold,
        all,
        held: BTreeMap::new(),
        shared: Shared::default(),
    };
    for seen in seen {
        sharer.share(seen);
    }
    sharer.finish()
}

/// What a row asks for.
struct Asks<'a> {
    wanted: &'a Wanted,
    ipv4: Addresses,
    ipv6: Addresses,
    hosts: BTreeSet<&'a HostPattern>,
}

impl<'a> Asks<'a> {
    fn of(wanted: &'a Wanted) -> Self {
        let (mut ipv4, mut ipv6, mut hosts) = (Vec::new(), Vec::new(), BTreeSet::new());
        match &wanted.opening.remote {
            Remote::Networks(networks) => {
                for network in networks {
                    match Kind::of(network) {
                        Kind::Ipv6 => ipv6.push(network),
                        _ => ipv4.push(network),
                    }
                }
            }
            Remote::Hosts(own) => hosts = own.iter().collect(),
            Remote::Range(..) | Remote::Tag(_) => {}
        }
        Self {
            wanted,
            ipv4: Addresses::of(ipv4),
            ipv6: Addresses::of(ipv6),
            hosts,
        }
    }

    fn has(&self, remote: &One<'_>) -> bool {
        match remote {
            One::Network(network @ IpNet::V4(_)) => self.ipv4.holds(network),
            One::Network(network @ IpNet::V6(_)) => self.ipv6.holds(network),
            One::Host(host) => self.hosts.contains(host),
        }
    }
}

#[derive(Clone, Copy)]
enum One<'a> {
    Network(&'a IpNet),
    Host(&'a HostPattern),
}

/// Whose openings: direction, role, protocol.
type Of<'a> = (Direction, &'a str, Protocol);

/// What a row is found to have on a port, and where the first of it stands.
struct Held<'s> {
    networks: Vec<IpNet>,
    hosts: Vec<HostPattern>,
    first: &'s Seen,
}

struct Sharer<'a, 's> {
    rows: Vec<Asks<'a>>,
    by_role: BTreeMap<Of<'a>, Vec<usize>>,
    untold: &'a [Wanted],
    all: &'a [&'a Wanted],
    /// By row and port.
    held: BTreeMap<(usize, PortRange), Held<'s>>,
    shared: Shared,
}

impl<'s> Sharer<'_, 's> {
    fn share(&mut self, seen: &'s Seen) {
        let remotes: Vec<One<'s>> = match &seen.remote {
            Side::Networks(networks) => networks.iter().map(One::Network).collect(),
            Side::Hosts(hosts) => hosts.iter().map(One::Host).collect(),
            Side::Tag(_) | Side::Computed(_) => Vec::new(),
        };
        for port in &seen.ports {
            for remote in &remotes {
                self.one(seen, *port, remote);
            }
        }
    }

    fn one(&mut self, seen: &'s Seen, port: PortRange, remote: &One<'s>) {
        let of = (seen.direction, seen.role.as_str(), seen.protocol);
        let asking = self.by_role.get(&of).map(Vec::as_slice).unwrap_or_default();
        let has_port = |wanted: &Wanted| wanted.opening.ports.iter().any(|own| own.holds(port));
        let mut is_asked = false;
        for index in asking {
            let row = &self.rows[*index];
            if !has_port(row.wanted) || !row.has(remote) {
                continue;
            }
            is_asked = true;
            let held = self.held.entry((*index, port)).or_insert_with(|| Held {
                networks: Vec::new(),
                hosts: Vec::new(),
                first: seen,
            });
            match *remote {
                One::Network(network) => held.networks.push(*network),
                One::Host(host) => held.hosts.push(host.clone()),
            }
        }
        if is_asked {
            return;
        }
        let may_be = self.untold.iter().find(|wanted| {
            let way = &wanted.opening.way;
            let is_of_kind = match (&wanted.opening.remote, remote) {
                (Remote::Range(_, kind), One::Network(network)) => Kind::of(network) == *kind,
                _ => false,
            };
            (way.direction, way.role.as_str(), way.protocol) == of && has_port(wanted) && is_of_kind
        });
        if let Some(wanted) = may_be
            && let Remote::Range(name, _) = &wanted.opening.remote
        {
            let names = self.shared.untold.entry(name.to_string()).or_default();
            names.push(seen.address.clone());
            return;
        }
        self.surplus(seen, port, remote);
    }

    /// What no row asks for, as if it were the row's that is nearest to it.
    fn surplus(&mut self, seen: &Seen, port: PortRange, remote: &One<'_>) {
        let role = Role::parse(&seen.role).ok();
        let distance = |wanted: &&Wanted| {
            let way = &wanted.opening.way;
            (
                way.role.as_str() != seen.role,
                way.direction != seen.direction,
                way.protocol != seen.protocol,
                !wanted.opening.ports.iter().any(|own| own.holds(port)),
            )
        };
        let nearest = self.all.iter().copied().min_by_key(distance);
        let (Some(nearest), Some(role)) = (nearest, role) else {
            let strange = (seen.address.clone(), seen.name.clone());
            return self.shared.strange.push(strange);
        };
        let remote = match *remote {
            One::Network(network) => Remote::Networks(vec![*network]),
            One::Host(host) => Remote::Hosts(vec![host.clone()]),
        };
        let way = Way {
            direction: seen.direction,
            role,
            protocol: seen.protocol,
            ..nearest.opening.way.clone()
        };
        self.shared.found.push(found(seen, way, vec![port], remote));
    }

    fn finish(mut self) -> Shared {
        for ((index, port), held) in self.held {
            let way = &self.rows[index].wanted.opening.way;
            for remote in [Remote::Networks(held.networks), Remote::Hosts(held.hosts)] {
                let is_empty = match &remote {
                    Remote::Networks(networks) => networks.is_empty(),
                    Remote::Hosts(hosts) => hosts.is_empty(),
                    _ => false,
                };
                if !is_empty {
                    let found = found(held.first, way.clone(), vec![port], remote);
                    self.shared.found.push(found);
                }
            }
        }
        self.shared
    }
}

/// What is seen, as something to compare.
#[must_use]
pub fn found(seen: &Seen, way: Way, ports: Vec<PortRange>, remote: Remote) -> Found {
    Found {
        opening: Opening { way, ports, remote },
        name: shown(&seen.name),
        site: Site {
            file: shown(&seen.address),
            line: None,
        },
        lines: Vec::new(),
    }
}
