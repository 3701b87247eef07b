//! What a source of facts says, set by set, as services and the elements that each is for.

mod extent;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Closed, Element};
use crate::catalogue::network::is_every;
use crate::catalogue::{
    Basis, Catalogue, Cloud, Direction, EndpointSet, Endpoints, Flow, Kind, PortRange, Protocol,
    RangeName, Remote, Retired, Role, SetKey, Source, Traffic,
};
pub use extent::Extent;
pub use rows::{TargetRows, of_rows};

/// A source's sets by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    pub sets: BTreeMap<SetKey, ExpandedSet>,
}

/// One set: what it is, and what its services are for.
#[derive(Debug, Clone)]
pub struct ExpandedSet {
    pub row: Option<u16>,
    pub title: String,
    pub traffic: Traffic,
    pub retired: Option<Retired>,
    pub notes: Vec<String>,
    /// The words for who says its facts.
    pub basis: BTreeSet<&'static str>,
    pub source: Arc<Source>,
    /// Lists that services share.
    pub parts: Vec<Part>,
    /// The indexes in `parts` of what each service is for, ascending.
    pub services: BTreeMap<Service, Vec<usize>>,
}

/// One way in or out: the smallest unit that is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    pub line: Line,
    /// `None`: nobody says.
    pub port: Option<PortRange>,
}

/// What services have in common that differ in their ports only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// `None`: a browser setting, no packets.
    pub direction: Option<Direction>,
    /// `None`: nobody says.
    pub protocol: Option<Protocol>,
    pub cloud: Cloud,
    pub role: Role,
}

/// A list of elements that stand together in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Sorted, without duplicates.
    pub elements: Vec<Element>,
    /// `None`: open by default.
    pub closed: Option<Closed>,
    pub origin: Origin,
}

/// How elements came into a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Stated,
    /// They are the networks of a named range.
    Range(RangeName),
    /// The user chose them in place of host names.
    InPlace,
}

/// Two sets are equal if they say the same, whichever edition they come from.
impl PartialEq for ExpandedSet {
    fn eq(&self, other: &Self) -> bool {
        (self.row, &self.title, self.traffic) == (other.row, &other.title, other.traffic)
            && (&self.retired, &self.notes) == (&other.retired, &other.notes)
            && (&self.basis, &self.services) == (&other.basis, &other.services)
            && self.parts == other.parts
    }
}

impl Eq for ExpandedSet {}

impl Expansion {
    /// All that the sets of `catalogue` say.
    #[must_use]
    pub fn of(catalogue: &Catalogue) -> Self {
        Self::within(catalogue, &Extent::default())
    }

    /// What they say within `extent`.
    #[must_use]
    pub fn within(catalogue: &Catalogue, extent: &Extent) -> Self {
        let mut expansion = Self::default();
        for set in catalogue.sets.iter().filter(|set| extent.takes(set)) {
            let expanded = expansion
                .sets
                .entry(set.key.clone())
                .or_insert_with(|| ExpandedSet::empty(set));
            for flow in &set.flows {
                expanded.flow(set, flow, catalogue, extent);
            }
            expanded.sites(set, extent);
        }
        expansion
    }
}

impl ExpandedSet {
    fn empty(set: &EndpointSet) -> Self {
        Self {
            row: set.row,
            title: set.title.clone(),
            traffic: set.traffic,
            retired: set.retired.clone(),
            notes: set.notes.clone(),
            basis: BTreeSet::new(),
            source: Arc::clone(&set.source),
            parts: Vec::new(),
            services: BTreeMap::new(),
        }
    }

    /// The directions of its services.
    #[must_use]
    pub fn directions(&self) -> BTreeSet<Direction> {
        let services = self.services.keys();
        services
            .filter_map(|service| service.line.direction)
            .collect()
    }

    /// The roles of its services.
    #[must_use]
    pub fn roles(&self) -> BTreeSet<&Role> {
        self.services
            .keys()
            .map(|service| &service.line.role)
            .collect()
    }

    /// Every distinct element by cloud, sorted.
    #[must_use]
    pub fn elements(&self) -> Vec<(Cloud, &Element)> {
        let used = self.services.iter().flat_map(|(service, parts)| {
            let cloud = service.line.cloud;
            parts.iter().map(move |part| (cloud, *part))
        });
        // Many services share a part.
        let used: BTreeSet<(Cloud, usize)> = used.collect();
        let mut elements: Vec<(Cloud, &Element)> = used
            .into_iter()
            .flat_map(|(cloud, part)| self.parts[part].elements.iter().map(move |e| (cloud, e)))
            .collect();
        elements.sort_unstable();
        elements.dedup();
        elements
    }

    fn flow(&mut self, set: &EndpointSet, flow: &Flow, catalogue: &Catalogue, extent: &Extent) {
        let facts = [
            Some(&flow.direction.basis),
            flow.protocol.as_ref().map(|fact| &fact.basis),
            flow.ports.as_ref().map(|fact| &fact.basis),
        ];
        self.basis
            .extend(facts.into_iter().flatten().map(Basis::as_str));
        for remote in &flow.remotes {
            let clouds = remote.clouds.value.iter();
            let clouds: Vec<Cloud> = clouds.copied().filter(|cloud| extent.has(*cloud)).collect();
            let of_remote = [&remote.clouds.basis, &remote.endpoints.basis];
            self.basis.extend(of_remote.into_iter().map(Basis::as_str));
            let closed = closed(set, flow, remote, extent);
            for (cloud, part) in parts(remote, &clouds, closed, catalogue) {
                let index = self.part(part);
                for cloud in cloud.map_or_else(|| clouds.clone(), |cloud| vec![cloud]) {
                    self.serve(flow, cloud, index);
                }
            }
        }
    }

    /// Says that every port and role of `flow` is for the part `index`.
    fn serve(&mut self, flow: &Flow, cloud: Cloud, index: usize) {
        let ports: Vec<Option<PortRange>> = match &flow.ports {
            Some(ports) => ports.value.iter().copied().map(Some).collect(),
            None => vec![None],
        };
        for role in &flow.roles {
            let line = Line {
                direction: Some(flow.direction.value),
                protocol: flow.protocol.as_ref().map(|fact| fact.value),
                cloud,
                role: role.clone(),
            };
            for port in &ports {
                self.add(line.clone(), *port, index);
            }
        }
    }

    fn sites(&mut self, set: &EndpointSet, extent: &Extent) {
        let Some(sites) = &set.sites else { return };
        self.basis.insert(sites.clouds.basis.as_str());
        self.basis
            .extend(sites.hosts.iter().map(|fact| fact.basis.as_str()));
        let hosts = sites.hosts.iter().flat_map(|fact| &fact.value).cloned();
        let index = self.part(Part::new(
            hosts.map(Element::Host).collect(),
            Some(Closed::Setting),
            Origin::Stated,
        ));
        for cloud in sites
            .clouds
            .value
            .iter()
            .filter(|cloud| extent.has(**cloud))
        {
            for role in &sites.roles {
                let line = Line {
                    direction: None,
                    protocol: None,
                    cloud: *cloud,
                    role: role.clone(),
                };
                self.add(line, None, index);
            }
        }
    }

    fn add(&mut self, line: Line, port: Option<PortRange>, index: usize) {
        let parts = self.services.entry(Service { line, port }).or_default();
        if let Err(at) = parts.binary_search(&index) {
            parts.insert(at, index);
        }
    }

    /// The index of `part`, which stands in the list once.
    fn part(&mut self, part: Part) -> usize {
        let known = self.parts.iter().position(|known| *known == part);
        known.unwrap_or_else(|| {
            self.parts.push(part);
            self.parts.len() - 1
        })
    }
}

impl Part {
    fn new(mut elements: Vec<Element>, closed: Option<Closed>, origin: Origin) -> Self {
        elements.sort_unstable();
        elements.dedup();
        Self {
            elements,
            closed,
            origin,
        }
    }
}

/// Why a flow's remote is closed until the user does something about it, if it is.
fn closed(set: &EndpointSet, flow: &Flow, remote: &Remote, extent: &Extent) -> Option<Closed> {
    let inferred = |basis: &Basis| *basis == Basis::Inferred;
    let is_inferred = inferred(&flow.direction.basis)
        || flow
            .protocol
            .as_ref()
            .is_some_and(|fact| inferred(&fact.basis))
        || flow
            .ports
            .as_ref()
            .is_some_and(|fact| inferred(&fact.basis))
        || inferred(&remote.clouds.basis)
        || inferred(&remote.endpoints.basis);
    if set.retired.is_some() && !extent.include_retired.covers(&set.key) {
        Some(Closed::Retired)
    } else if is_inferred && !extent.infer.covers(&set.key) {
        Some(Closed::Inferred)
    } else if flow.protocol.is_none() || flow.ports.is_none() {
        Some(Closed::Unstated)
    } else {
        None
    }
}

/// The parts of a remote, each for one cloud or for all of `clouds`.
fn parts(
    remote: &Remote,
    clouds: &[Cloud],
    closed: Option<Closed>,
    catalogue: &Catalogue,
) -> Vec<(Option<Cloud>, Part)> {
    match &remote.endpoints.value {
        Endpoints::Networks(networks) => {
            let elements = networks.iter().map(network).collect();
            vec![(None, Part::new(elements, closed, Origin::Stated))]
        }
        Endpoints::Hosts(hosts) => {
            let (templates, hosts): (Vec<_>, Vec<_>) = hosts
                .iter()
                .cloned()
                .partition(|host| host.placeholder().is_some());
            let template = closed.or(Some(Closed::Template));
            [(hosts, closed), (templates, template)]
                .into_iter()
                .filter(|(hosts, _)| !hosts.is_empty())
                .map(|(hosts, closed)| {
                    let elements = hosts.into_iter().map(Element::Host).collect();
                    (None, Part::new(elements, closed, Origin::Stated))
                })
                .collect()
        }
        Endpoints::Range(name) => clouds
            .iter()
            .map(|cloud| {
                let part = match catalogue.range(name, *cloud) {
                    Some(range) => {
                        let elements = range.networks.iter().map(network).collect();
                        Part::new(elements, closed, Origin::Range(name.clone()))
                    }
                    None => Part::new(vec![Element::Range(name.clone())], closed, Origin::Stated),
                };
                (Some(*cloud), part)
            })
            .collect(),
    }
}

fn network(network: &ipnet::IpNet) -> Element {
    if is_every(network) {
        Element::Anywhere(Kind::of(network))
    } else {
        Element::Network(*network)
    }
}
