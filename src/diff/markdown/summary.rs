//! Counts, where the endpoints themselves are too many.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::catalogue::SetKey;
use crate::diff::outline::{Item, Outline};
use crate::diff::words::{counted, fate, impacts};
use crate::diff::{Count, Diff, Element, SetDiff};
use crate::error::plural;
use crate::render::markdown::line;

/// As many sets as are named where not all can be.
pub const MOST: usize = 20;

/// A table of the sets with what opens, closes and else differs of each: all of them, or those `most`
/// that open or else change most.
pub fn sets(diff: &Diff, outline: &Outline<'_>, most: usize) -> String {
    let opens = by_set(&outline.opens);
    let closes = by_set(&outline.closes);
    let others = by_set(&outline.others);
    let count = |elements: &BTreeMap<&SetKey, BTreeSet<&Element>>, set: &SetDiff| {
        elements.get(&set.key).map_or(0, BTreeSet::len)
    };
    // Sets of which nothing but the row is another are counted.
    let (moved, mut sets): (Vec<&SetDiff>, Vec<&SetDiff>) =
        diff.sets.iter().partition(|set| set.is_only_moved());
    let anywhere = |set: &SetDiff| {
        let elements = opens.get(&set.key).into_iter().flatten();
        elements
            .into_iter()
            .any(|element| matches!(element, Element::Anywhere(_)))
    };
    // The sort is stable: sets that are as big keep the order of their rows.
    sets.sort_by_key(|set| {
        Reverse((
            anywhere(set),
            count(&opens, set),
            count(&closes, set),
            count(&others, set),
        ))
    });
    let facts: BTreeMap<&SetKey, usize> = outline
        .facts
        .iter()
        .map(|(set, facts)| (&set.key, facts.len()))
        .collect();
    let mut text =
        "| Set | Row | Opens | Closes | Else | Impact |\n|---|---|---|---|---|---|\n".to_owned();
    for set in sets.iter().take(most) {
        let counted = |elements: &BTreeMap<&SetKey, BTreeSet<&Element>>| {
            let elements = elements.get(&set.key);
            elements.map_or_else(String::new, |all| counted(&Count::of(all.iter().copied())))
        };
        let mut rest: Vec<String> = vec![counted(&others)];
        rest.extend(
            facts
                .get(&set.key)
                .map(|count| plural(*count, "other fact")),
        );
        rest.retain(|part| !part.is_empty());
        let _ = writeln!(
            text,
            "{}",
            line(&[
                format!("`{}`{}", set.key, fate(set)),
                outline.place(set),
                counted(&opens),
                counted(&closes),
                rest.join(", "),
                impacts(&set.impacts).join(", "),
            ])
        );
    }
    text.push('\n');
    if sets.len() > most {
        let _ = write!(text, "And {}.\n\n", plural(sets.len() - most, "more set"));
    }
    if !moved.is_empty() {
        let sets = plural(moved.len(), "set");
        let _ = write!(
            text,
            "Of {sets} only the article's row is another (`OtherNonPriorityChanges`).\n\n"
        );
    }
    text
}

fn by_set<'a>(items: &[Item<'a>]) -> BTreeMap<&'a SetKey, BTreeSet<&'a Element>> {
    let mut sets: BTreeMap<&SetKey, BTreeSet<&Element>> = BTreeMap::new();
    for item in items {
        let known = sets.entry(&item.set.key).or_default();
        known.extend(item.added.iter().chain(&item.removed));
    }
    sets
}
