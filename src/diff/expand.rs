//! What a source of facts says, set by set, as services and the elements that each is for.

mod extent;
mod rows;
mod stated;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Closed, Element};
use crate::catalogue::{
    Catalogue, Cloud, Direction, EndpointSet, PortRange, Protocol, RangeName, Retired, Role,
    SetKey, Source, Traffic,
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
