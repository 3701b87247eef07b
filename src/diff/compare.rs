//! Two sources, set by set.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

use super::expand::{ExpandedSet, Expansion};
use super::moves::{Placed, Traffic};
use super::{Access, Becomes, Diff, Fate, Impact, Place, SetDiff, Standing};
use super::{delta, group, rename};
use crate::catalogue::SetKey;

/// Compares what two sources say.
#[must_use]
pub fn compare_expanded(old: &Expansion, new: &Expansion) -> Diff {
    let pairs: Vec<Pair<'_>> = pairs(old, new)
        .into_iter()
        .filter(Pair::may_differ)
        .collect();
    let mut traffic = Traffic::default();
    let mut differing = Vec::new();
    for pair in &pairs {
        let (gone, come) = pair.gone_and_come();
        if let Some((key, _)) = pair.old {
            traffic.gone(key, &gone);
        }
        if let Some((key, _)) = pair.new {
            traffic.come(key, &come);
        }
        differing.extend(pair.difference().map(|difference| (difference, gone, come)));
    }
    let mut sets: Vec<SetDiff> = differing
        .into_iter()
        .map(|(mut set, gone, come)| {
            set.impacts = impacts(&set, &gone, &come, &traffic);
            set
        })
        .collect();
    sets.sort_by(|a, b| order(a).cmp(&order(b)));
    Diff {
        sets,
        moves: traffic.moves(),
    }
}

/// By row, those without one last, then by key.
fn order(set: &SetDiff) -> (bool, Option<u16>, &SetKey) {
    let row = |place: &Option<Place>| place.as_ref().and_then(|place| place.row);
    let row = row(&set.new).or(row(&set.old));
    (row.is_none(), row, &set.key)
}

type Keyed<'a> = (&'a SetKey, &'a ExpandedSet);

/// A set on both sides, or on one.
struct Pair<'a> {
    old: Option<Keyed<'a>>,
    new: Option<Keyed<'a>>,
}

fn pairs<'a>(old: &'a Expansion, new: &'a Expansion) -> Vec<Pair<'a>> {
    let renamed = rename::renamed(old, new);
    let come_renamed: BTreeSet<&SetKey> = renamed.values().copied().collect();
    let from_old = old.sets.iter().map(|(key, set)| {
        let key_now = renamed.get(key).copied().unwrap_or(key);
        Pair {
            old: Some((key, set)),
            new: new.sets.get_key_value(key_now),
        }
    });
    let come = new
        .sets
        .iter()
        .filter(|(key, _)| !old.sets.contains_key(*key) && !come_renamed.contains(key));
    let come = come.map(|keyed| Pair {
        old: None,
        new: Some(keyed),
    });
    from_old.chain(come).collect()
}

impl<'a> Pair<'a> {
    fn may_differ(&self) -> bool {
        self.old != self.new
    }

    /// The elements that the set has no more in a cloud, and those that it has and had not.
    fn gone_and_come(&self) -> (Vec<Placed<'a>>, Vec<Placed<'a>>) {
        let elements =
            |side: Option<Keyed<'a>>| side.map_or_else(Vec::new, |(_, set)| set.elements());
        let (old, new) = (elements(self.old), elements(self.new));
        let only = |one: &[Placed<'a>], other: &[Placed<'a>]| {
            let only = one
                .iter()
                .filter(|placed| other.binary_search(placed).is_err());
            only.copied().collect()
        };
        (only(&old, &new), only(&new, &old))
    }

    fn difference(&self) -> Option<SetDiff> {
        let fate = match (self.old, self.new) {
            (None, _) => Fate::Added,
            (_, None) => Fate::Removed,
            (Some((was, _)), Some((key, _))) if was != key => Fate::Renamed { was: was.clone() },
            _ => Fate::Changed,
        };
        let (key, set) = self.new.or(self.old)?;
        let nothing = ExpandedSet {
            parts: Vec::new(),
            services: std::collections::BTreeMap::new(),
            ..set.clone()
        };
        let side = |side: Option<Keyed<'a>>| side.map(|(_, set)| set);
        let (old, new) = (side(self.old), side(self.new));
        let changes = group::changes(delta::deltas(
            old.unwrap_or(&nothing),
            new.unwrap_or(&nothing),
        ));
        let difference = SetDiff {
            key: key.clone(),
            fate,
            title: set.title.clone(),
            old: old.map(place),
            new: new.map(place),
            access: Access::of(
                changes.iter().any(|change| !change.opens().is_empty()),
                changes.iter().any(|change| !change.closes().is_empty()),
            ),
            impacts: BTreeSet::new(),
            changes,
            becomes: old
                .zip(new)
                .map_or_else(Vec::new, |(old, new)| becomes(old, new)),
        };
        let differs = !difference.is_only_moved() || difference.moved_row().is_some();
        differs.then_some(difference)
    }
}

fn place(set: &ExpandedSet) -> Place {
    Place {
        row: set.row,
        edition: set.source.edition.clone(),
        source: Arc::clone(&set.source),
    }
}

/// What differs of a set beside its row and what its services are for.
fn becomes(old: &ExpandedSet, new: &ExpandedSet) -> Vec<Becomes> {
    let retired = |set: &ExpandedSet| set.retired.as_ref().map(ToString::to_string);
    let notes = |set: &ExpandedSet| format!("{} notes", set.notes.len());
    let facts = [
        ("title", old.title.clone(), new.title.clone()),
        ("traffic", old.traffic.to_string(), new.traffic.to_string()),
        (
            "directions",
            listed(old.directions()),
            listed(new.directions()),
        ),
        ("roles", listed(old.roles()), listed(new.roles())),
        (
            "retired",
            retired(old).unwrap_or_default(),
            retired(new).unwrap_or_default(),
        ),
        ("basis", listed(&old.basis), listed(&new.basis)),
    ];
    let mut becomes: Vec<Becomes> = facts
        .into_iter()
        .filter(|(_, from, to)| from != to)
        .map(|(what, from, to)| Becomes { what, from, to })
        .collect();
    if old.notes != new.notes {
        becomes.push(Becomes {
            what: "notes",
            from: notes(old),
            to: notes(new),
        });
    }
    becomes
}

fn listed<T: Display>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    values.join(", ")
}

fn impacts(
    set: &SetDiff,
    gone: &[Placed<'_>],
    come: &[Placed<'_>],
    traffic: &Traffic<'_>,
) -> BTreeSet<Impact> {
    let impact = |placed: &Placed<'_>, ip: Impact, url: Impact| {
        if traffic.is_moved(placed) {
            Impact::MovedIpOrUrl
        } else if placed.1.is_url() {
            url
        } else {
            ip
        }
    };
    let gone_ones = gone
        .iter()
        .map(|placed| impact(placed, Impact::RemovedIp, Impact::RemovedUrl));
    let come_ones = come
        .iter()
        .map(|placed| impact(placed, Impact::AddedIp, Impact::AddedUrl));
    let mut impacts: BTreeSet<Impact> = gone_ones.chain(come_ones).collect();
    // What the set has in the cloud as before, over other ports, for other roles or in another standing.
    let is_rest = |change: &super::Change| {
        let by_cloud = |cloud: &crate::catalogue::Cloud, element, list: &[Placed<'_>]| {
            list.binary_search(&(*cloud, element)).is_err()
        };
        matches!(
            change.standing,
            Standing::NowOpen(_) | Standing::NowClosed(_)
        ) || change.clouds.iter().any(|cloud| {
            change
                .added
                .iter()
                .any(|element| by_cloud(cloud, element, come))
                || change
                    .removed
                    .iter()
                    .any(|element| by_cloud(cloud, element, gone))
        })
    };
    // A row's number says where a set stands, and nothing of what it needs.
    let has_rest = !set.becomes.is_empty()
        || matches!(set.fate, Fate::Renamed { .. })
        || set.changes.iter().any(is_rest)
        || impacts.is_empty();
    if has_rest {
        impacts.insert(Impact::OtherNonPriorityChanges);
    }
    impacts
}
