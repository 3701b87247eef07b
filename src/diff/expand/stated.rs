//! What a set of a catalogue states, flow by flow.

use super::{ExpandedSet, Extent, Line, Origin, Part};
use crate::catalogue::{Basis, Catalogue, Cloud, EndpointSet, Endpoints, Flow, PortRange, Remote};
use crate::diff::{Closed, Element};

impl ExpandedSet {
    /// Adds what `flow` says within `extent`.
    pub(super) fn flow(
        &mut self,
        set: &EndpointSet,
        flow: &Flow,
        catalogue: &Catalogue,
        extent: &Extent,
    ) {
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

    /// Adds the hosts of `set` that are browser settings.
    pub(super) fn sites(&mut self, set: &EndpointSet, extent: &Extent) {
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
            let elements = networks.iter().map(Element::network).collect();
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
                        let elements = range.networks.iter().map(Element::network).collect();
                        Part::new(elements, closed, Origin::Range(name.clone()))
                    }
                    None => Part::new(vec![Element::Range(name.clone())], closed, Origin::Stated),
                };
                (Some(*cloud), part)
            })
            .collect(),
    }
}
