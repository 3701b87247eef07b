//! What a source lacks and adds against the one that it would replace, whether open by default or not.

use std::fmt::Write;

use super::words::{self, counted};
use super::{Change, Count, Diff, Element, Fate, SetDiff, Standing};

/// The account, set by set; empty where nothing is lacking and nothing added. Every element is listed; but of more than any
/// edition has, the rest is counted.
#[must_use]
pub fn account(diff: &Diff) -> String {
    let mut text = String::new();
    for (verb, sets, elements) in [
        ("lacks", diff.lacks().collect::<Vec<_>>(), removed as Side),
        ("adds", diff.adds().collect(), added as Side),
    ] {
        for set in sets {
            let row = words::row(set).map_or_else(String::new, |row| format!(" (row {row})"));
            let all = match set.fate {
                Fate::Removed => ", all of it",
                Fate::Added => ", new",
                Fate::Renamed { .. } | Fate::Changed => "",
            };
            let _ = writeln!(text, "  {verb} of `{}`{row}{all}:", set.key);
            for change in changes(set) {
                let elements: Vec<&Element> = elements(change).iter().collect();
                if elements.is_empty() {
                    continue;
                }
                let count = counted(&Count::of(elements.iter().copied()));
                let _ = writeln!(
                    text,
                    "    {}, {}: {count}: {}",
                    words::service(change),
                    words::clouds(&change.clouds),
                    few(&elements)
                );
            }
        }
    }
    for set in &diff.sets {
        let row = words::row(set).map_or_else(String::new, |row| format!(" (row {row})"));
        for change in &set.changes {
            let (verb, elements) = match change.standing {
                Standing::NowOpen(_) => ("opens by default", &change.added),
                Standing::NowClosed(_) => ("closes by default", &change.removed),
                Standing::Open | Standing::Closed(_) => continue,
            };
            let why = words::turn(change.standing).unwrap_or_default();
            let elements: Vec<&Element> = elements.iter().collect();
            let _ = writeln!(
                text,
                "  {verb} in `{}`{row}, since {why}:\n    {}, {}: {}",
                set.key,
                words::service(change),
                words::clouds(&change.clouds),
                few(&elements)
            );
        }
    }
    text
}

type Side = fn(&Change) -> &Vec<Element>;

fn removed(change: &Change) -> &Vec<Element> {
    &change.removed
}

fn added(change: &Change) -> &Vec<Element> {
    &change.added
}

fn changes(set: &SetDiff) -> impl Iterator<Item = &Change> {
    set.changes.iter().filter(|change| change.is_stated())
}

fn few(elements: &[&Element]) -> String {
    /// More than any edition has come to.
    const MOST: usize = 500;
    let shown = words::list(&elements[..elements.len().min(MOST)]);
    match elements.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
