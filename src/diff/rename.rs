//! Sets that are gone, and sets that have come with their endpoints under another key.

use std::collections::{BTreeMap, BTreeSet};

use super::Element;
use super::expand::{ExpandedSet, Expansion};
use crate::catalogue::{Cloud, SetKey};

/// A set that is gone and one that has come are one renamed set if of all endpoints of both at least
/// this share is in both. Unit: percent. With two thirds, a set of three that loses one of its
/// endpoints, or gains one, is still the same.
const SAME: usize = 66;

/// Pairs of a set of `old` that is gone and one of `new` that has come in its place, by old key. Sets
/// without endpoints are never in a pair: nothing says that they are the same.
pub fn renamed<'a>(old: &'a Expansion, new: &'a Expansion) -> BTreeMap<&'a SetKey, &'a SetKey> {
    let gone = only_in(old, new);
    let come = only_in(new, old);
    let mut owners: BTreeMap<(Cloud, &Element), Vec<usize>> = BTreeMap::new();
    for (index, set) in gone.iter().enumerate() {
        for element in &set.elements {
            owners.entry(*element).or_default().push(index);
        }
    }
    let mut pairs: Vec<(Likeness<'_>, usize, usize)> = Vec::new();
    for (to, set) in come.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for element in &set.elements {
            for from in owners.get(element).into_iter().flatten() {
                *shared.entry(*from).or_default() += 1;
            }
        }
        for (from, shared) in shared {
            let all = gone[from].elements.len() + set.elements.len() - shared;
            if shared * 100 >= all * SAME {
                pairs.push((likeness(&gone[from], set, shared, all), from, to));
            }
        }
    }
    pairs.sort_unstable();
    let mut taken = (BTreeSet::new(), BTreeSet::new());
    let mut renamed = BTreeMap::new();
    for (_, from, to) in pairs {
        if !taken.0.contains(&from) && !taken.1.contains(&to) {
            taken.0.insert(from);
            taken.1.insert(to);
            renamed.insert(gone[from].key, come[to].key);
        }
    }
    renamed
}

/// A set that only one side has.
struct Single<'a> {
    key: &'a SetKey,
    set: &'a ExpandedSet,
    elements: Vec<(Cloud, &'a Element)>,
}

fn only_in<'a>(one: &'a Expansion, other: &Expansion) -> Vec<Single<'a>> {
    let sets = one.sets.iter();
    sets.filter(|(key, _)| !other.sets.contains_key(*key))
        .map(|(key, set)| Single {
            key,
            set,
            elements: set.elements(),
        })
        .collect()
}

/// How well two sets fit, the best first: unlike endpoints per million, services, title, row; then
/// the keys, in an order that is the same whichever of the two is the old one.
type Likeness<'a> = (usize, bool, bool, bool, [&'a SetKey; 2]);

fn likeness<'a>(from: &Single<'a>, to: &Single<'a>, shared: usize, all: usize) -> Likeness<'a> {
    let mut keys = [from.key, to.key];
    keys.sort_unstable();
    (
        (all - shared) * 1_000_000 / all,
        !from.set.services.keys().eq(to.set.services.keys()),
        from.set.title != to.set.title,
        from.set.row != to.set.row,
        keys,
    )
}
