//! What a catalogue opens under some options.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{
    Catalogue, Cloud, Direction, EndpointSet, Endpoints, FlowId, Kind, Origin, PortRange, Protocol,
    Role, SetKey,
};
use crate::diff::Element;
use crate::options::Options;
use crate::permit::{Permit, PermitRemote};
use crate::resolve::resolve;
use crate::select::select;

/// What a catalogue comes to under some options, by set and cloud.
#[derive(Default)]
pub struct Opened {
    pub sets: BTreeMap<Place, Vec<Service>>,
    /// Names that only the customer can complete: closed until then, and still no wildcards.
    pub templates: BTreeMap<Place, Vec<Element>>,
}

/// A set in one cloud.
pub type Place = (SetKey, Cloud);

/// What one permit opens.
pub struct Service {
    pub flow: Option<FlowId>,
    pub line: (Direction, Role, Protocol, Kind),
    pub ports: Vec<PortRange>,
    pub elements: Vec<Element>,
    /// The named range that they come from.
    range: Option<String>,
}

impl Opened {
    pub fn by(catalogue: &Catalogue, options: &Options) -> Self {
        let mut opened = Self::default();
        // What can't be resolved is told where it is asked for; it has no permits here.
        let resolution = select(catalogue, options)
            .and_then(|selection| resolve(catalogue, &selection, options))
            .unwrap_or_default();
        let own: BTreeSet<&SetKey> = catalogue
            .sets
            .iter()
            .filter(|set| is_own(set))
            .map(|set| &set.key)
            .collect();
        // What an overlay states is the team's own to change.
        let permits = resolution
            .permits
            .iter()
            .filter(|permit| !own.contains(&permit.set));
        for permit in permits {
            if permit.basis.range.as_ref().is_some_and(|range| {
                let range = catalogue.range(range, permit.cloud);
                range.is_some_and(|range| range.source.origin == Origin::Overlay)
            }) {
                continue;
            }
            opened
                .sets
                .entry((permit.set.clone(), permit.cloud))
                .or_default()
                .push(Service::of(permit));
        }
        opened.templates = templates(catalogue);
        opened
    }

    /// Keeps what `other` has a service of, too.
    pub fn retain(&mut self, other: &Self) {
        for (place, services) in &mut self.sets {
            let others = other.sets.get(place);
            services.retain(|service| {
                let is_alike =
                    |other: &Service| (&other.flow, &other.line) == (&service.flow, &service.line);
                others.is_some_and(|others| others.iter().any(is_alike))
            });
        }
        self.sets.retain(|_, services| !services.is_empty());
    }
}

fn templates(catalogue: &Catalogue) -> BTreeMap<Place, Vec<Element>> {
    let mut templates: BTreeMap<Place, Vec<Element>> = BTreeMap::new();
    for set in &catalogue.sets {
        for remote in set.flows.iter().flat_map(|flow| &flow.remotes) {
            let Endpoints::Hosts(hosts) = &remote.endpoints.value else {
                continue;
            };
            let own = hosts.iter().filter(|host| host.placeholder().is_some());
            let own: Vec<Element> = own.cloned().map(Element::Host).collect();
            for cloud in &remote.clouds.value {
                let place = (set.key.clone(), *cloud);
                templates
                    .entry(place)
                    .or_default()
                    .extend(own.iter().cloned());
            }
        }
    }
    templates
}

fn is_own(set: &EndpointSet) -> bool {
    set.source.origin == Origin::Overlay
}

impl Service {
    fn of(permit: &Permit) -> Self {
        let range = match &permit.remote {
            PermitRemote::Range(name) => Some(name.to_string()),
            _ => permit.basis.range.as_ref().map(ToString::to_string),
        };
        Self {
            flow: permit.flow.clone(),
            line: (
                permit.direction,
                permit.role.clone(),
                permit.protocol,
                permit.kind,
            ),
            ports: permit.ports.clone(),
            elements: Element::of(&permit.remote),
            range,
        }
    }

    /// Whether the loss of its range is accepted by the range's name.
    pub fn is_accepted(&self, accepted: &[String]) -> bool {
        let range = self.range.as_ref();
        range.is_some_and(|range| accepted.contains(range))
    }
}
