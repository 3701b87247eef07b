//! What of the facts concerns an address or a name.

use std::collections::BTreeMap;

use super::answer::{
    Concern, EntryAnswer, OwnRange, PublishedEntry, RangeAnswer, RoleAnswer, Said, State, Tagged,
};
use super::met::{Met, texts};
use super::question::{Question, Service, Subject};
use super::state::Matter;
use super::touch::Touch;
use crate::catalogue::{
    Basis, Catalogue, Category, Cloud, EndpointSet, Endpoints, Fact, Flow, Origin, PortRange,
    Protocol, RangeName, Remote, Role,
};
use crate::options::{Options, flow_text};

/// The facts, and what they are asked for.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub catalogue: &'a Catalogue,
    pub options: &'a Options,
    pub question: &'a Question,
    /// The clouds to look at.
    pub clouds: &'a [Cloud],
    /// Whether a folder remembers the options.
    pub is_folder: bool,
}

/// Protocol and ports of a flow, as the options have them.
pub struct FlowService {
    pub protocol: Option<Fact<Protocol>>,
    pub ports: Option<Fact<Vec<PortRange>>>,
}

impl FlowService {
    /// As resolving takes them: what is chosen goes before what is said.
    fn of(set: &EndpointSet, flow: &Flow, options: &Options) -> Self {
        let Some((choice, _)) = options.port_choice(&set.key, flow.id.as_ref()) else {
            return Self {
                protocol: flow.protocol.clone(),
                ports: flow.ports.clone(),
            };
        };
        let protocol = choice.protocol.map(|value| Fact {
            value,
            basis: Basis::Given,
        });
        Self {
            protocol: protocol.or_else(|| flow.protocol.clone()),
            ports: Some(Fact {
                value: choice.ports.clone(),
                basis: Basis::Given,
            }),
        }
    }

    fn meets(&self, asked: Service) -> bool {
        let protocol = self.protocol.as_ref().map(|fact| fact.value);
        let ports = self.ports.as_ref().map(|fact| fact.value.as_slice());
        asked.meets(protocol, ports)
    }
}

impl Facts<'_> {
    /// Every flow and browser setting that needs it: with the port that is asked, and on others only.
    pub fn concerns(self) -> (Vec<Concern>, Vec<Concern>) {
        let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
        for set in &self.catalogue.sets {
            for flow in &set.flows {
                let service = FlowService::of(set, flow, self.options);
                let asked = self.question.service;
                let is_here = asked.is_none_or(|asked| service.meets(asked));
                let list = if is_here { &mut here } else { &mut elsewhere };
                for remote in &flow.remotes {
                    let clouds = self.here(&remote.clouds.value);
                    let met = Met::of(&self.question.subject, remote, clouds, self.catalogue);
                    let met = met.into_iter();
                    list.extend(met.map(|met| self.flow(set, flow, &service, remote, met)));
                }
            }
            let list = if self.question.service.is_none() {
                &mut here
            } else {
                &mut elsewhere
            };
            list.extend(self.sites(set));
        }
        (here, elsewhere)
    }

    /// The ranges that only the user knows, and the flows that name them.
    pub fn own_ranges(self) -> Vec<OwnRange> {
        let mut ranges: BTreeMap<&RangeName, Vec<String>> = BTreeMap::new();
        if matches!(self.question.subject, Subject::Host(_)) {
            return Vec::new();
        }
        for set in &self.catalogue.sets {
            for flow in &set.flows {
                let service = FlowService::of(set, flow, self.options);
                let asked = self.question.service;
                if !asked.is_none_or(|asked| service.meets(asked)) {
                    continue;
                }
                for remote in &flow.remotes {
                    if let Endpoints::Range(name) = &remote.endpoints.value
                        && self.is_unknown(remote, name)
                    {
                        let flow = flow_text(&set.key, flow.id.as_ref());
                        ranges.entry(name).or_default().push(flow);
                    }
                }
            }
        }
        let ranges = ranges.into_iter();
        ranges
            .map(|(name, flows)| OwnRange {
                name: name.clone(),
                flows,
            })
            .collect()
    }

    /// What the web service publishes of it.
    pub fn published(self) -> Vec<PublishedEntry> {
        let published = self.catalogue.published.iter();
        let here = published.filter(|published| {
            let meets = |asked: Service| {
                asked.meets(Some(Protocol::Tcp), Some(&published.tcp))
                    || asked.meets(Some(Protocol::Udp), Some(&published.udp))
            };
            self.clouds.contains(&published.cloud) && self.question.service.is_none_or(meets)
        });
        here.filter_map(|published| {
            let networks = match &self.question.subject {
                Subject::Host(asked) => {
                    Touch::of_hosts(asked, std::slice::from_ref(&published.host))?;
                    Vec::new()
                }
                Subject::Network(asked) => {
                    let touch = Touch::of_networks(asked, published.networks.as_deref()?)?;
                    texts(&touch)
                }
            };
            Some(PublishedEntry {
                cloud: published.cloud,
                entry: published.entry,
                host: published.host.clone(),
                tcp: published.tcp.clone(),
                udp: published.udp.clone(),
                networks,
                source: published.source.as_ref().into(),
            })
        })
        .collect()
    }

    /// Azure's tags for the name.
    pub fn service_tags(self) -> Vec<Tagged> {
        let Subject::Host(asked) = &self.question.subject else {
            return Vec::new();
        };
        let tags = self.catalogue.service_tags.iter();
        tags.filter(|(host, _)| Touch::of_hosts(asked, std::slice::from_ref(host)).is_some())
            .map(|(host, tag)| Tagged {
                host: host.clone(),
                tag: tag.to_string(),
            })
            .collect()
    }

    fn is_unknown(self, remote: &Remote, name: &RangeName) -> bool {
        let mut clouds = self.here(&remote.clouds.value).into_iter();
        clouds.any(|cloud| self.catalogue.range(name, cloud).is_none())
    }

    fn here(self, clouds: &[Cloud]) -> Vec<Cloud> {
        let own = self.clouds.iter().copied();
        own.filter(|cloud| clouds.contains(cloud)).collect()
    }

    fn flow(
        self,
        set: &EndpointSet,
        flow: &Flow,
        service: &FlowService,
        remote: &Remote,
        met: Met<'_>,
    ) -> Concern {
        let matter = Matter {
            asked: &self.question.subject,
            port: self.question.service.map(|service| service.ports),
            set,
            service: Some((flow, remote, service)),
            met: &met,
            options: self.options,
            is_folder: self.is_folder,
        };
        let range = met
            .range
            .filter(|range| range.source.origin == Origin::Overlay);
        let basis = range.map_or(&remote.endpoints.basis, |_| &Basis::Given);
        Concern {
            flow: flow.id.clone(),
            title: flow.title.as_ref().unwrap_or(&set.title).clone(),
            roles: self.roles(&flow.roles),
            direction: Some((&flow.direction).into()),
            protocol: service.protocol.as_ref().map(Said::from),
            ports: service.ports.as_ref().map(Said::from),
            remote: Said::new(met.remote.clone(), basis),
            state: matter.state(),
            ..concern(set, &remote.clouds.basis, met)
        }
    }

    /// The browser setting of a set, if it names the host.
    fn sites(self, set: &EndpointSet) -> Option<Concern> {
        let sites = set.sites.as_ref()?;
        let hosts = sites.hosts.as_ref()?;
        let Subject::Host(asked) = &self.question.subject else {
            return None;
        };
        let touch = Touch::of_hosts(asked, &hosts.value)?;
        let met = Met::of_hosts(self.here(&sites.clouds.value), &touch);
        if met.clouds.is_empty() {
            return None;
        }
        let matter = Matter {
            asked: &self.question.subject,
            port: self.question.service.map(|service| service.ports),
            set,
            service: None,
            met: &met,
            options: self.options,
            is_folder: self.is_folder,
        };
        Some(Concern {
            roles: self.roles(&sites.roles),
            remote: Said::new(met.remote.clone(), &hosts.basis),
            state: matter.state(),
            ..concern(set, &sites.clouds.basis, met)
        })
    }

    fn roles(self, roles: &[Role]) -> Vec<RoleAnswer> {
        let meaning = |role| self.catalogue.roles.get(role).cloned().unwrap_or_default();
        let roles = roles.iter();
        roles
            .map(|role| RoleAnswer {
                role: role.clone(),
                meaning: meaning(role),
            })
            .collect()
    }
}

/// What a set says of itself, and what is met of it.
fn concern(set: &EndpointSet, clouds: &Basis, met: Met<'_>) -> Concern {
    Concern {
        set: set.key.clone(),
        row: set.row,
        entry: set.entry.as_ref().map(|entry| EntryAnswer {
            id: entry.id,
            area: entry.area.to_string(),
            category: entry.category.map(Category::as_str),
            required: entry.required,
        }),
        flow: None,
        title: set.title.clone(),
        traffic: set.traffic,
        roles: Vec::new(),
        direction: None,
        protocol: None,
        ports: None,
        clouds: Said::new(met.clouds, clouds),
        remote: Said::new(met.remote, &Basis::Unstated),
        extent: met.extent,
        range: met.range.map(|range| RangeAnswer {
            name: range.name.clone(),
            source: range.source.as_ref().into(),
        }),
        state: State::default(),
        notes: set.notes.clone(),
        source: set.source.as_ref().into(),
    }
}
