//! The catalogue's endpoint sets in a line each.

use std::collections::BTreeSet;

use ipnet::IpNet;
use serde::Serialize;

use crate::catalogue::{
    Basis, Catalogue, Cloud, EndpointSet, Endpoints, Flow, HostPattern, Kind, PortRange, Protocol,
    RangeName, Remote, Role, SetKey, Traffic,
};
use crate::error::Result;
use crate::options::{Filter, Words};
use crate::recipient::{Expresses, divide};
use crate::select::clouds;
use crate::source::embedded;
use crate::target::{TARGETS, Target};

/// One endpoint set in the clouds that were asked for.
#[derive(Debug, Serialize)]
pub struct Entry {
    pub row: Option<u16>,
    pub key: SetKey,
    pub title: String,
    pub traffic: Traffic,
    pub clouds: Vec<Cloud>,
    pub roles: BTreeSet<Role>,
    /// As `tcp/443`, by port; those that are only inferred included.
    pub ports: Vec<String>,
    /// Distinct IPv4 networks, those of embedded ranges included.
    pub ipv4: usize,
    pub ipv6: usize,
    /// Distinct host names and patterns.
    pub hosts: usize,
    pub ranges: BTreeSet<RangeName>,
    /// The targets that can express all of it, host names included; none for browser settings.
    pub targets: Vec<&'static str>,
    /// The targets that can express a part of it.
    pub targets_in_part: Vec<&'static str>,
    /// Who says the set's facts, the firmest first.
    pub basis: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<String>,
    pub notes: Vec<String>,
}

/// Lists the embedded sets that `words` ask for: all of them, unless filtered.
///
/// # Errors
/// Every unknown name in `words`.
pub fn list(words: &Words) -> Result<Vec<Entry>> {
    let catalogue = embedded::read()?;
    let filter = Filter::parse(words, &catalogue)?;
    let entries = catalogue
        .sets
        .iter()
        .filter(|set| filter.sets.is_empty() || filter.sets.contains(&set.key))
        .filter(|set| !filter.exclude_sets.contains(&set.key))
        .filter(|set| filter.traffics.contains(&set.traffic))
        .filter(|set| {
            clouds(set)
                .iter()
                .any(|cloud| filter.clouds.contains(cloud))
        })
        .map(|set| entry(set, &catalogue, &filter.clouds));
    Ok(entries.collect())
}

fn entry(set: &EndpointSet, catalogue: &Catalogue, wanted: &[Cloud]) -> Entry {
    let mut networks: BTreeSet<IpNet> = BTreeSet::new();
    let mut hosts: BTreeSet<&HostPattern> = BTreeSet::new();
    let mut ranges = BTreeSet::new();
    let mut ports: BTreeSet<(PortRange, &'static str)> = BTreeSet::new();
    let mut roles = BTreeSet::new();
    let mut basis: BTreeSet<&'static str> = BTreeSet::new();
    for flow in &set.flows {
        let remotes: Vec<_> = flow
            .remotes
            .iter()
            .filter(|remote| {
                remote
                    .clouds
                    .value
                    .iter()
                    .any(|cloud| wanted.contains(cloud))
            })
            .collect();
        if remotes.is_empty() {
            continue;
        }
        roles.extend(flow.roles.iter().cloned());
        basis.insert(flow.direction.basis.as_str());
        basis.extend(flow.protocol.iter().map(|fact| fact.basis.as_str()));
        basis.extend(flow.ports.iter().map(|fact| fact.basis.as_str()));
        for port in flow.ports.iter().flat_map(|fact| &fact.value) {
            let protocol = flow
                .protocol
                .as_ref()
                .map_or("?", |fact| fact.value.as_str());
            ports.insert((*port, protocol));
        }
        for remote in remotes {
            basis.insert(remote.clouds.basis.as_str());
            basis.insert(remote.endpoints.basis.as_str());
            match &remote.endpoints.value {
                Endpoints::Networks(list) => networks.extend(list),
                Endpoints::Hosts(list) => hosts.extend(list),
                Endpoints::Range(name) => {
                    ranges.insert(name.clone());
                    let clouds = remote
                        .clouds
                        .value
                        .iter()
                        .filter(|cloud| wanted.contains(cloud));
                    let given = clouds.filter_map(|cloud| catalogue.range(name, *cloud));
                    networks.extend(given.flat_map(|range| &range.networks));
                }
            }
        }
    }
    if let Some(sites) = &set.sites {
        roles.extend(sites.roles.iter().cloned());
        basis.insert(sites.clouds.basis.as_str());
        basis.extend(sites.hosts.iter().map(|fact| fact.basis.as_str()));
        hosts.extend(sites.hosts.iter().flat_map(|fact| &fact.value));
    }
    let family = |kind| {
        networks
            .iter()
            .filter(|network| Kind::of(network) == kind)
            .count()
    };
    Entry {
        row: set.row,
        key: set.key.clone(),
        title: set.title.clone(),
        traffic: set.traffic,
        clouds: clouds(set)
            .into_iter()
            .filter(|cloud| wanted.contains(cloud))
            .collect(),
        roles,
        ports: ports
            .into_iter()
            .map(|(port, protocol)| format!("{protocol}/{port}"))
            .collect(),
        ipv4: family(Kind::Ipv4),
        ipv6: family(Kind::Ipv6),
        hosts: hosts.len(),
        targets: targets(set, wanted, |said, all| said == all && all > 0),
        targets_in_part: targets(set, wanted, |said, all| 0 < said && said < all),
        ranges,
        basis: Basis::WORDS
            .into_iter()
            .filter(|word| basis.contains(word))
            .collect(),
        retired: set.retired.as_ref().map(ToString::to_string),
        notes: set.notes.clone(),
    }
}

/// The targets of whom `is_meant` takes how many of the set's parts they can express, and how many
/// there are.
fn targets(
    set: &EndpointSet,
    wanted: &[Cloud],
    is_meant: fn(usize, usize) -> bool,
) -> Vec<&'static str> {
    let expresses = |target: &&Target| {
        let parts: Vec<bool> = set
            .flows
            .iter()
            .flat_map(|flow| flow.remotes.iter().map(move |remote| (flow, remote)))
            .filter(|(_, remote)| {
                remote
                    .clouds
                    .value
                    .iter()
                    .any(|cloud| wanted.contains(cloud))
            })
            .flat_map(|(flow, remote)| parts(&target.expresses, flow, remote))
            .collect();
        is_meant(parts.iter().filter(|said| **said).count(), parts.len())
    };
    let targets = TARGETS.iter().filter(expresses);
    targets.map(|target| target.name).collect()
}

/// Whether each part of Microsoft's side of a flow can be said: each family, each share of the names.
fn parts(expresses: &Expresses, flow: &Flow, remote: &Remote) -> Vec<bool> {
    let family = |kind| expresses.networks.contains(&kind);
    match &remote.endpoints.value {
        Endpoints::Networks(networks) => {
            let kinds: BTreeSet<Kind> = networks.iter().map(Kind::of).collect();
            kinds.into_iter().map(family).collect()
        }
        Endpoints::Range(_) => [Kind::Ipv4, Kind::Ipv6].map(family).to_vec(),
        Endpoints::Hosts(_) if expresses.is_address_only() => vec![false],
        // Only the customer knows what stands for the placeholder.
        Endpoints::Hosts(hosts) if hosts.iter().any(|host| host.placeholder().is_some()) => {
            vec![false]
        }
        Endpoints::Hosts(hosts) => {
            // Nobody states a port: what could be asked of the user is taken as TCP 443.
            let protocol = flow
                .protocol
                .as_ref()
                .map_or(Protocol::Tcp, |fact| fact.value);
            let unstated = [PortRange::HTTPS];
            let ports = flow
                .ports
                .as_ref()
                .map_or(&unstated[..], |fact| &fact.value);
            divide(
                expresses.hosts,
                flow.direction.value,
                protocol,
                ports,
                hosts,
            )
            .into_iter()
            .map(|share| share.verdict.is_ok())
            .collect()
        }
    }
}
