//! Two sets of openings, held against each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;

use super::addresses::Addresses;
use super::opening::{Found, Opening, Remote, Site, Wanted, Way};
use super::proof::{Excess, Finding, Part};
use crate::catalogue::{Kind, PortRange};

/// What is in one of `wanted` and `found` and not in the other. `home` says where something should stand
/// that stands nowhere.
#[must_use]
pub fn compare(wanted: &[Wanted], found: &[Found], home: &dyn Fn(&Way) -> Site) -> Vec<Finding> {
    let mut ways: BTreeMap<&Way, Sides<'_>> = BTreeMap::new();
    for wanted in wanted {
        ways.entry(&wanted.opening.way)
            .or_default()
            .wanted
            .push(wanted);
    }
    for found in found {
        ways.entry(&found.opening.way)
            .or_default()
            .found
            .push(found);
    }
    // A row whose direction changed, say, still stands somewhere.
    let sites: BTreeMap<_, _> = found
        .iter()
        .map(|found| ((found.opening.way.place, &found.opening.way.key), found))
        .collect();
    let mut findings = Vec::new();
    for (way, sides) in ways {
        let elsewhere = sides.found.first().copied();
        let elsewhere = elsewhere.or_else(|| sites.get(&(way.place, &way.key)).copied());
        let about = About {
            way,
            row: sides.wanted.iter().find_map(|wanted| wanted.row),
            stands: elsewhere.map(|found| (found.name.as_str(), &found.site)),
            home,
        };
        findings.extend(about.findings(&sides));
    }
    findings.sort_unstable();
    findings
}

#[derive(Default)]
struct Sides<'a> {
    wanted: Vec<&'a Wanted>,
    found: Vec<&'a Found>,
}

/// What findings on one way have in common.
struct About<'a> {
    way: &'a Way,
    row: Option<u16>,
    /// A row of that name, and where it stands.
    stands: Option<(&'a str, &'a Site)>,
    home: &'a dyn Fn(&Way) -> Site,
}

impl About<'_> {
    fn findings(&self, sides: &Sides<'_>) -> Vec<Finding> {
        let mut differences = Differences::new();
        for (members, ports) in shares(sides) {
            let wanted = members
                .wanted
                .iter()
                .map(|index| &sides.wanted[*index].opening);
            let found = members.found.iter().map(|index| sides.found[*index]);
            let wanted = Things::of(wanted.map(|opening| &opening.remote));
            let open = Things::of(found.clone().map(|found| &found.opening.remote));
            if wanted == open {
                continue;
            }
            for found in found {
                let surplus = Things::of([&found.opening.remote]).without(&wanted);
                if !surplus.is_empty() {
                    let parts = surplus.parts(Some(found));
                    let stands = Some((found.name.as_str(), &found.site));
                    differences
                        .entry((Excess::Surplus, stands, parts))
                        .or_default()
                        .extend(&ports);
                }
            }
            let deficit = wanted.without(&open);
            if !deficit.is_empty() {
                let difference = (Excess::Deficit, self.stands, deficit.parts(None));
                differences.entry(difference).or_default().extend(&ports);
            }
        }
        let findings = differences
            .into_iter()
            .map(|((excess, stands, remotes), ports)| Finding {
                excess,
                way: self.way.clone(),
                row: self.row,
                name: stands.map(|(name, _)| name.to_owned()),
                site: stands.map_or_else(|| (self.home)(self.way), |(_, site)| site.clone()),
                ports: joined(ports),
                remotes,
            });
        findings.collect()
    }
}

/// What differs, and where it stands, with the ports of which it is so.
type Differences<'a> = BTreeMap<(Excess, Option<(&'a str, &'a Site)>, Vec<Part>), Vec<PortRange>>;

/// Which openings of each side have some ports, by their index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Members {
    wanted: Vec<usize>,
    found: Vec<usize>,
}

/// All ports that any opening has, shared out by which openings have them.
fn shares(sides: &Sides<'_>) -> BTreeMap<Members, Vec<PortRange>> {
    let wanted: Vec<&Opening> = sides.wanted.iter().map(|wanted| &wanted.opening).collect();
    let found: Vec<&Opening> = sides.found.iter().map(|found| &found.opening).collect();
    let all = wanted
        .iter()
        .chain(&found)
        .flat_map(|opening| &opening.ports);
    // Where a set of openings begins or ends to have ports; past the last port there is one more number.
    let edges: BTreeSet<u32> = all
        .flat_map(|port| [u32::from(port.first()), u32::from(port.last()) + 1])
        .collect();
    let edges: Vec<u32> = edges.into_iter().collect();
    let mut shares: BTreeMap<Members, Vec<PortRange>> = BTreeMap::new();
    for pair in edges.windows(2) {
        let Some(slice) = slice(pair[0], pair[1] - 1) else {
            continue;
        };
        let having = |openings: &[&Opening]| -> Vec<usize> {
            let indexes = openings.iter().enumerate();
            indexes
                .filter(|(_, opening)| opening.ports.iter().any(|port| port.holds(slice)))
                .map(|(index, _)| index)
                .collect()
        };
        let members = Members {
            wanted: having(&wanted),
            found: having(&found),
        };
        if !(members.wanted.is_empty() && members.found.is_empty()) {
            shares.entry(members).or_default().push(slice);
        }
    }
    shares
        .into_iter()
        .map(|(members, ports)| (members, joined(ports)))
        .collect()
}

fn slice(first: u32, last: u32) -> Option<PortRange> {
    PortRange::of(u16::try_from(first).ok()?, u16::try_from(last).ok()?)
}

/// The fewest ranges that hold the same ports.
fn joined(mut ports: Vec<PortRange>) -> Vec<PortRange> {
    ports.sort_unstable();
    let mut joined: Vec<PortRange> = Vec::with_capacity(ports.len());
    for port in ports {
        match joined.last_mut() {
            Some(last) if u32::from(port.first()) <= u32::from(last.last()) + 1 => {
                let end = last.last().max(port.last());
                *last = PortRange::of(last.first(), end).unwrap_or(*last);
            }
            _ => joined.push(port),
        }
    }
    joined
}

/// Remotes as sets: addresses of each family, and names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Things {
    ipv4: Addresses,
    ipv6: Addresses,
    names: BTreeSet<String>,
}

impl Things {
    fn of<'a>(remotes: impl IntoIterator<Item = &'a Remote>) -> Self {
        let (mut ipv4, mut ipv6) = (Vec::new(), Vec::new());
        let mut names = BTreeSet::new();
        for remote in remotes {
            match remote {
                Remote::Networks(networks) => {
                    for network in networks {
                        match Kind::of(network) {
                            Kind::Ipv6 => ipv6.push(network),
                            _ => ipv4.push(network),
                        }
                    }
                }
                Remote::Hosts(hosts) => names.extend(hosts.iter().map(ToString::to_string)),
                Remote::Range(name, kind) => {
                    names.insert(format!("range {name} over {}", kind.title()));
                }
                Remote::Tag(tag) => {
                    names.insert(format!("service tag {tag}"));
                }
            }
        }
        Self {
            ipv4: Addresses::of(ipv4),
            ipv6: Addresses::of(ipv6),
            names,
        }
    }

    fn without(&self, other: &Self) -> Self {
        Self {
            ipv4: self.ipv4.without(&other.ipv4),
            ipv6: self.ipv6.without(&other.ipv6),
            names: self.names.difference(&other.names).cloned().collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.ipv4.is_empty() && self.ipv6.is_empty() && self.names.is_empty()
    }

    /// As a reader is told, each part with the line at which `found` opens it.
    fn parts(&self, found: Option<&Found>) -> Vec<Part> {
        let mut parts = Vec::new();
        let lines = found.map(network_lines).unwrap_or_default();
        for (kind, addresses) in [(Kind::Ipv4, &self.ipv4), (Kind::Ipv6, &self.ipv6)] {
            for range in addresses.each() {
                parts.push(Part {
                    line: line(&lines, range.first(kind)),
                    text: range.text(kind),
                });
            }
        }
        parts.extend(self.names.iter().map(|name| Part {
            line: found.and_then(|found| named_line(found, name)),
            text: name.clone(),
        }));
        parts
    }
}

/// Where each network of `found` stands.
fn network_lines(found: &Found) -> HashMap<IpNet, u32> {
    let Remote::Networks(networks) = &found.opening.remote else {
        return HashMap::new();
    };
    let lines = networks.iter().copied().zip(found.lines.iter().copied());
    // Of one that stands twice, where it stands first.
    lines.rev().collect()
}

/// The line of the network that holds `address`: of all that may, since looking through a long list for each of many
/// addresses would take hours.
fn line(lines: &HashMap<IpNet, u32>, address: IpAddr) -> Option<u32> {
    let longest = if address.is_ipv4() { 32 } else { 128 };
    (0..=longest).find_map(|length| {
        let network = IpNet::new(address, length).ok()?.trunc();
        lines.get(&network).copied()
    })
}

fn named_line(found: &Found, name: &str) -> Option<u32> {
    match &found.opening.remote {
        Remote::Hosts(hosts) => {
            let index = hosts.iter().position(|host| host.as_str() == name)?;
            found.lines.get(index).copied()
        }
        _ => found.lines.first().copied(),
    }
}
