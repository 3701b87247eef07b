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
use crate::select::select_all;

/// What a catalogue comes to under some options, by set and cloud.
#[derive(Default)]
pub struct Opened {
    pub sets: BTreeMap<Place, Vec<Service>>,
    /// Names that only the customer can complete: closed until then, and still no wildcards.
    pub templates: BTreeMap<Place, Vec<Element>>,
}

/// The ranges of clouds that overlays give networks to.
pub type OwnRanges = BTreeSet<(String, Cloud)>;

/// The ranges that overlays give networks to in `catalogue`: what they hold is the team's own to change.
pub fn own_ranges(catalogue: &Catalogue) -> OwnRanges {
    let ranges = catalogue.ranges.iter();
    let own = ranges.filter(|range| range.source.origin == Origin::Overlay);
    own.map(|range| (range.name.to_string(), range.cloud))
        .collect()
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
    /// What `catalogue` opens under `options`, but for the ranges that are the team's `own`.
    pub fn by(catalogue: &Catalogue, options: &Options, own_ranges: &OwnRanges) -> Self {
        let mut opened = Self::default();
        // What is wrong with the options is told where they are asked for.
        let resolution = resolve(catalogue, &select_all(catalogue, options), options);
        let resolution = resolution.unwrap_or_default();
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
            let service = Service::of(permit);
            let is_own = |name: &String| own_ranges.contains(&(name.clone(), permit.cloud));
            if service.range.as_ref().is_some_and(is_own) {
                continue;
            }
            opened
                .sets
                .entry((permit.set.clone(), permit.cloud))
                .or_default()
                .push(service);
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
