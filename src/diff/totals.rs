//! How much opens and closes, all sets together.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Change, Diff, Element};
use crate::catalogue::{Direction, Kind, PortRange, Protocol, SetKey};

/// What opens and what closes, by direction; a direction without anything is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub opens: BTreeMap<Direction, Count>,
    pub closes: BTreeMap<Direction, Count>,
}

/// Distinct elements of all sets, services and clouds of one direction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    pub sets: BTreeSet<SetKey>,
    /// The families of which every address is among them.
    pub anywhere: BTreeSet<Kind>,
    pub service_tags: usize,
    /// Named ranges that only the user knows.
    pub ranges: usize,
    pub networks: usize,
    pub hosts: usize,
    /// As `tcp/443`.
    pub services: Vec<String>,
}

impl Diff {
    /// Counts what opens and what closes.
    #[must_use]
    pub fn totals(&self) -> Totals {
        Totals {
            opens: self.count(Change::opens),
            closes: self.count(Change::closes),
        }
    }

    fn count(&self, effective: impl Fn(&Change) -> Vec<&Element>) -> BTreeMap<Direction, Count> {
        let mut seen: BTreeMap<Direction, Seen<'_>> = BTreeMap::new();
        for set in &self.sets {
            for change in &set.changes {
                let elements = effective(change);
                let Some(direction) = change.direction.filter(|_| !elements.is_empty()) else {
                    continue;
                };
                let seen = seen.entry(direction).or_default();
                seen.sets.insert(set.key.clone());
                let ports = change.ports.iter();
                seen.services
                    .extend(ports.map(|port| (change.protocol, *port)));
                seen.elements.extend(elements);
            }
        }
        seen.into_iter()
            .map(|(direction, seen)| (direction, seen.count()))
            .collect()
    }
}

#[derive(Default)]
struct Seen<'a> {
    sets: BTreeSet<SetKey>,
    services: BTreeSet<(Option<Protocol>, PortRange)>,
    elements: Vec<&'a Element>,
}

impl Seen<'_> {
    fn count(mut self) -> Count {
        self.elements.sort_unstable();
        self.elements.dedup();
        let mut count = Count::of(self.elements);
        count.sets = self.sets;
        let services = self.services.into_iter();
        count.services = services
            .map(|(protocol, port)| match protocol {
                Some(protocol) => format!("{protocol}/{port}"),
                None => port.to_string(),
            })
            .collect();
        count
    }
}

impl Count {
    /// Counts distinct elements.
    #[must_use]
    pub fn of<'a>(elements: impl IntoIterator<Item = &'a Element>) -> Self {
        let mut count = Self::default();
        for element in elements {
            match element {
                Element::Anywhere(kind) => {
                    count.anywhere.insert(*kind);
                }
                Element::Tag(_) => count.service_tags += 1,
                Element::Range(_) => count.ranges += 1,
                Element::Network(_) => count.networks += 1,
                Element::Host(_) => count.hosts += 1,
            }
        }
        count
    }
}
