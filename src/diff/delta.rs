//! What comes and goes for each service of one set.

use std::collections::{BTreeMap, BTreeSet};

use super::expand::{ExpandedSet, Line, Origin, Service};
use super::held::Held;
use super::{Closed, Element, Standing};
use crate::catalogue::{PortRange, RangeName};

/// What comes and goes alike for some services, in one standing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delta {
    pub added: Vec<Element>,
    pub removed: Vec<Element>,
    pub already_open: Vec<Element>,
    pub still_open: Vec<Element>,
    pub ranges: BTreeSet<RangeName>,
    pub in_place_of_hosts: bool,
}

/// The services of a set that change, by what changes for them.
pub fn deltas(old: &ExpandedSet, new: &ExpandedSet) -> BTreeMap<(Standing, Delta), Vec<Service>> {
    let (before, after) = (lines(old), lines(new));
    let mut alike: BTreeMap<Key, Vec<Service>> = BTreeMap::new();
    let services: BTreeSet<&Service> = old.services.keys().chain(new.services.keys()).collect();
    for service in services {
        let parts = |set: &ExpandedSet| set.services.get(service).cloned().unwrap_or_default();
        let key = Key {
            old: parts(old),
            new: parts(new),
            held_before: held_by(service, &before),
            held_after: held_by(service, &after),
        };
        alike.entry(key).or_default().push(service.clone());
    }
    let mut deltas: BTreeMap<(Standing, Delta), Vec<Service>> = BTreeMap::new();
    for (key, services) in alike {
        for delta in key.deltas(old, new) {
            let known = deltas.entry(delta).or_default();
            known.extend(services.iter().cloned());
        }
    }
    deltas
}

/// The parts that decide what changes for a service: services with the same ones change alike, and
/// are compared once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    old: Vec<usize>,
    new: Vec<usize>,
    /// For each stretch of its ports that was open alike, the old parts that were.
    held_before: BTreeSet<Vec<usize>>,
    held_after: BTreeSet<Vec<usize>>,
}

/// The ports of the services that differ in nothing else, with their parts.
type Lines<'a> = BTreeMap<&'a Line, Vec<(Option<PortRange>, &'a Vec<usize>)>>;

fn lines(set: &ExpandedSet) -> Lines<'_> {
    let mut lines = Lines::new();
    for (service, parts) in &set.services {
        let ports = lines.entry(&service.line).or_default();
        ports.push((service.port, parts));
    }
    lines
}

/// The parts of a side that are open on the ports of `service`: one list for each stretch of them that
/// is open alike.
fn held_by(service: &Service, lines: &Lines<'_>) -> BTreeSet<Vec<usize>> {
    let others = lines.get(&service.line).map_or(&[][..], Vec::as_slice);
    let Some(port) = service.port else {
        let same = others.iter().filter(|(other, _)| other.is_none());
        return BTreeSet::from([same.flat_map(|(_, parts)| *parts).copied().collect()]);
    };
    let others = others
        .iter()
        .filter_map(|(other, parts)| Some(((*other)?, *parts)))
        .filter(|(other, _)| other.overlaps(port));
    // Where another range begins or has ended, another stretch begins.
    let mut starts = BTreeSet::from([port.first()]);
    for (other, _) in others.clone() {
        let after = other.last().checked_add(1);
        let cuts = [Some(other.first()), after].into_iter().flatten();
        starts.extend(cuts.filter(|cut| (port.first()..=port.last()).contains(cut)));
    }
    let stretch = |start: u16| {
        let open = others
            .clone()
            .filter(|(other, _)| (other.first()..=other.last()).contains(&start));
        let parts: BTreeSet<usize> = open.flat_map(|(_, parts)| parts).copied().collect();
        parts.into_iter().collect()
    };
    starts.into_iter().map(stretch).collect()
}

/// An element as a service has it.
type Stated<'a> = (&'a Element, Option<Closed>, &'a Origin);

impl Key {
    fn deltas(&self, old: &ExpandedSet, new: &ExpandedSet) -> Vec<(Standing, Delta)> {
        let mut found: BTreeMap<Standing, Delta> = BTreeMap::new();
        let (before, after) = (stated(old, &self.old), stated(new, &self.new));
        let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
        loop {
            let (was, is) = match (before.peek(), after.peek()) {
                (None, None) => break,
                (Some(was), Some(is)) if was.0 == is.0 => (before.next(), after.next()),
                (Some(was), Some(is)) if was.0 < is.0 => (before.next(), None),
                (Some(_), None) => (before.next(), None),
                (_, Some(_)) => (None, after.next()),
            };
            note(&mut found, was, is);
        }
        for (standing, delta) in &mut found {
            match standing {
                Standing::Closed(_) => {}
                Standing::Open | Standing::NowOpen(_) | Standing::NowClosed(_) => {
                    delta.already_open = held(&delta.added, old, &self.held_before);
                    delta.still_open = held(&delta.removed, new, &self.held_after);
                }
            }
        }
        found.into_iter().collect()
    }
}

/// Notes one element that stands on one side or on both.
fn note(found: &mut BTreeMap<Standing, Delta>, was: Option<&Stated<'_>>, is: Option<&Stated<'_>>) {
    let standing = |closed: Option<Closed>| closed.map_or(Standing::Open, Standing::Closed);
    let (standing, is_added) = match (was.map(|was| was.1), is.map(|is| is.1)) {
        (None, Some(closed)) => (standing(closed), true),
        (Some(closed), None) => (standing(closed), false),
        (Some(Some(why)), Some(None)) => (Standing::NowOpen(why), true),
        (Some(None), Some(Some(why))) => (Standing::NowClosed(why), false),
        _ => return,
    };
    let delta = found.entry(standing).or_default();
    let list = if is_added {
        &mut delta.added
    } else {
        &mut delta.removed
    };
    list.extend(is.or(was).map(|(element, ..)| (*element).clone()));
    for (.., origin) in was.into_iter().chain(is) {
        match origin {
            Origin::Stated => {}
            Origin::Range(name) => {
                delta.ranges.insert(name.clone());
            }
            Origin::InPlace => delta.in_place_of_hosts = true,
        }
    }
}

/// The elements of `parts` in their order, open where any of the parts is.
fn stated<'a>(set: &'a ExpandedSet, parts: &[usize]) -> Vec<Stated<'a>> {
    let mut stated: Vec<Stated<'a>> = parts
        .iter()
        .map(|part| &set.parts[*part])
        .flat_map(|part| part.elements.iter().map(|e| (e, part.closed, &part.origin)))
        .collect();
    stated.sort_unstable();
    stated.dedup_by_key(|(element, ..)| *element);
    stated
}

/// Those of `elements` that are open in every one of `stretches` of the other side.
fn held(
    elements: &[Element],
    side: &ExpandedSet,
    stretches: &BTreeSet<Vec<usize>>,
) -> Vec<Element> {
    if elements.is_empty() {
        return Vec::new();
    }
    let stretches: Vec<Held<'_>> = stretches
        .iter()
        .map(|parts| {
            let open = parts.iter().map(|part| &side.parts[*part]);
            let open = open.filter(|part| part.closed.is_none());
            Held::of(open.flat_map(|part| &part.elements))
        })
        .collect();
    let is_held = |element: &&Element| stretches.iter().all(|held| held.holds(element));
    elements.iter().filter(is_held).cloned().collect()
}
