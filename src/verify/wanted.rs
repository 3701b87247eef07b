//! What facts and options ask for, row by row: the one side of the proof.

mod choices;
mod says;

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::opening::{Firewall, Opening, Place, Remote, Wanted, Way};
use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6};
use crate::catalogue::{
    Basis, Catalogue, Cloud, EndpointSet, Endpoints, Flow, HostPattern, Kind, PortRange, Protocol,
    Role, Traffic,
};
use crate::options::{InPlace, Options};
use choices::{Choices, Service};

/// Every row that should stand somewhere, in no order that means anything.
#[must_use]
pub fn wanted(catalogue: &Catalogue, options: &Options) -> Vec<Wanted> {
    let mut asker = Asker {
        catalogue,
        choices: Choices::of(options),
        firewalls: Firewall::ALL
            .into_iter()
            .filter(|firewall| {
                options
                    .targets
                    .iter()
                    .any(|target| target.name == firewall.name())
            })
            .collect(),
        wanted: Vec::new(),
    };
    for set in &catalogue.sets {
        if !asker.choices.takes(set) {
            continue;
        }
        for flow in &set.flows {
            for cloud in &options.clouds {
                asker.flow(set, flow, *cloud);
            }
        }
    }
    asker.wanted
}

struct Asker<'a> {
    catalogue: &'a Catalogue,
    choices: Choices<'a>,
    firewalls: Vec<Firewall>,
    wanted: Vec<Wanted>,
}

/// One flow of a set in one cloud, with a protocol and ports.
struct Asked<'a> {
    set: &'a EndpointSet,
    flow: &'a Flow,
    cloud: Cloud,
    service: Service,
}

impl Asker<'_> {
    fn flow(&mut self, set: &EndpointSet, flow: &Flow, cloud: Cloud) {
        let Some(service) = self.choices.service(set, flow) else {
            return;
        };
        let asked = Asked {
            set,
            flow,
            cloud,
            service,
        };
        let here = |clouds: &[Cloud]| clouds.contains(&cloud);
        for remote in flow
            .remotes
            .iter()
            .filter(|remote| here(&remote.clouds.value))
        {
            let bases = [
                &flow.direction.basis,
                &remote.clouds.basis,
                &remote.endpoints.basis,
                &asked.service.protocol_basis,
                &asked.service.ports_basis,
            ];
            let is_guessed = bases.contains(&&Basis::Inferred);
            if is_guessed && !self.choices.lets_guesses_in(set, flow) {
                continue;
            }
            match &remote.endpoints.value {
                Endpoints::Networks(networks) => self.networks(&asked, networks),
                Endpoints::Hosts(hosts) => {
                    let stated = hosts.iter().filter(|host| host.placeholder().is_none());
                    self.hosts(&asked, &stated.collect::<Vec<_>>());
                }
                Endpoints::Range(name) => {
                    let mut ranges = self.catalogue.ranges.iter();
                    let known = ranges.find(|range| range.name == *name && range.cloud == cloud);
                    match known {
                        Some(range) => self.networks(&asked, &range.networks),
                        None => {
                            for kind in [Kind::Ipv4, Kind::Ipv6] {
                                self.add(
                                    &asked,
                                    kind,
                                    kind.as_str(),
                                    &Remote::Range(name.clone(), kind),
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    fn networks(&mut self, asked: &Asked<'_>, networks: &[IpNet]) {
        for (kind, family) in families(networks) {
            self.add(asked, kind, kind.as_str(), &Remote::Networks(family));
        }
    }

    /// Names, for those firewalls that filter by name; for the others what is chosen in their place.
    fn hosts(&mut self, asked: &Asked<'_>, hosts: &[&HostPattern]) {
        if hosts.is_empty() {
            return;
        }
        for firewall in self.firewalls.clone() {
            if !says::filters_by_name(firewall) {
                continue;
            }
            for words in says::names(firewall, asked.flow.direction.value, &asked.service, hosts) {
                let remote = Remote::Hosts(words.hosts);
                self.add_for(firewall, asked, words.word, &words.ports, &remote);
            }
        }
        let in_place = self.choices.in_place(asked.set, asked.flow).cloned();
        match in_place {
            None => {}
            Some(InPlace::WebService) => {
                let networks = self.published(asked, hosts);
                for (kind, family) in families(&networks) {
                    self.add_in_place(asked, kind, &Remote::Networks(family));
                }
            }
            Some(InPlace::ServiceTag(tag)) => {
                let ports = asked.service.ports.clone();
                if self.firewalls.contains(&Firewall::AzureNsg) {
                    self.add_for(Firewall::AzureNsg, asked, "tag", &ports, &Remote::Tag(tag));
                }
            }
            Some(InPlace::Any) => {
                self.add_in_place(asked, Kind::Ipv4, &Remote::Networks(vec![EVERY_IPV4]));
                self.add_in_place(asked, Kind::Ipv6, &Remote::Networks(vec![EVERY_IPV6]));
            }
        }
    }

    /// What the web service publishes for exactly these names, on all of these ports.
    fn published(&self, asked: &Asked<'_>, hosts: &[&HostPattern]) -> Vec<IpNet> {
        let service = &asked.service;
        let entries = self.catalogue.published.iter().filter(|entry| {
            let open = match service.protocol {
                Protocol::Tcp => &entry.tcp,
                Protocol::Udp => &entry.udp,
            };
            let all = service
                .ports
                .iter()
                .all(|port| open.iter().any(|range| range.holds(*port)));
            entry.cloud == asked.cloud && hosts.contains(&&entry.host) && all
        });
        entries
            .filter_map(|entry| entry.networks.as_ref())
            .flatten()
            .copied()
            .collect()
    }

    fn add_in_place(&mut self, asked: &Asked<'_>, kind: Kind, remote: &Remote) {
        let word = if kind == Kind::Ipv4 { "fqdn4" } else { "fqdn6" };
        for firewall in self.firewalls.clone() {
            if !says::filters_by_name(firewall) && says::filters_family(firewall, kind) {
                self.add_for(firewall, asked, word, &asked.service.ports, remote);
            }
        }
    }

    fn add(&mut self, asked: &Asked<'_>, kind: Kind, word: &str, remote: &Remote) {
        for firewall in self.firewalls.clone() {
            if says::filters_family(firewall, kind) {
                self.add_for(firewall, asked, word, &asked.service.ports, remote);
            }
        }
    }

    /// One row for each role.
    fn add_for(
        &mut self,
        firewall: Firewall,
        asked: &Asked<'_>,
        word: &str,
        ports: &[PortRange],
        remote: &Remote,
    ) {
        let Asked {
            set,
            flow,
            cloud,
            service,
        } = asked;
        let roles: BTreeSet<&Role> = flow.roles.iter().collect();
        for role in roles {
            let mut key = set.key.to_string();
            if let Some(id) = &flow.id {
                key = format!("{key}.{id}");
            }
            let way = Way {
                place: place(*cloud, set.traffic, firewall),
                key: format!("{key}.{role}.{word}"),
                set: set.key.clone(),
                direction: flow.direction.value,
                role: role.clone(),
                protocol: service.protocol,
            };
            self.wanted.push(Wanted {
                opening: Opening {
                    way,
                    ports: ports.to_vec(),
                    remote: remote.clone(),
                },
                row: set.row,
            });
        }
    }
}

const fn place(cloud: Cloud, traffic: Traffic, firewall: Firewall) -> Place {
    Place {
        cloud,
        traffic,
        firewall,
    }
}

/// The networks of each family that has any.
fn families(networks: &[IpNet]) -> Vec<(Kind, Vec<IpNet>)> {
    let (ipv4, ipv6): (Vec<IpNet>, Vec<IpNet>) = networks
        .iter()
        .partition(|network| matches!(network, IpNet::V4(_)));
    [(Kind::Ipv4, ipv4), (Kind::Ipv6, ipv6)]
        .into_iter()
        .filter(|(_, family)| !family.is_empty())
        .collect()
}
