//! What is gone from one set and come in another.

use std::collections::{BTreeMap, BTreeSet};

use super::{Element, Move};
use crate::catalogue::{Cloud, SetKey};

/// An element of a cloud.
pub type Placed<'a> = (Cloud, &'a Element);

/// What went and came, by set.
#[derive(Debug, Default)]
pub struct Traffic<'a> {
    gone: BTreeMap<Placed<'a>, BTreeSet<&'a SetKey>>,
    come: BTreeMap<Placed<'a>, BTreeSet<&'a SetKey>>,
}

impl<'a> Traffic<'a> {
    /// Notes that `elements` are gone from the set `key`.
    pub fn gone(&mut self, key: &'a SetKey, elements: &[Placed<'a>]) {
        for element in elements {
            self.gone.entry(*element).or_default().insert(key);
        }
    }

    /// Notes that `elements` have come in the set `key`.
    pub fn come(&mut self, key: &'a SetKey, elements: &[Placed<'a>]) {
        for element in elements {
            self.come.entry(*element).or_default().insert(key);
        }
    }

    /// Whether `element` is gone from some set and come in another.
    pub fn is_moved(&self, element: &Placed<'a>) -> bool {
        self.gone.contains_key(element) && self.come.contains_key(element)
    }

    /// All that moved, joined where it moved between the same sets.
    pub fn moves(&self) -> Vec<Move> {
        type Route<'b> = (&'b BTreeSet<&'b SetKey>, &'b BTreeSet<&'b SetKey>);
        let mut routes: BTreeMap<(Route<'_>, Cloud), Vec<&Element>> = BTreeMap::new();
        for (placed, from) in &self.gone {
            if let Some(to) = self.come.get(placed) {
                let (cloud, element) = *placed;
                routes.entry(((from, to), cloud)).or_default().push(element);
            }
        }
        let mut alike: BTreeMap<(Route<'_>, Vec<&Element>), Vec<Cloud>> = BTreeMap::new();
        for ((route, cloud), elements) in routes {
            alike.entry((route, elements)).or_default().push(cloud);
        }
        let keys = |keys: &BTreeSet<&SetKey>| keys.iter().map(|key| (*key).clone()).collect();
        alike
            .into_iter()
            .map(|(((from, to), elements), clouds)| Move {
                from: keys(from),
                to: keys(to),
                clouds,
                elements: elements.into_iter().cloned().collect(),
            })
            .collect()
    }
}
