//! The rows of a folder, as a catalogue's sets: what they open, all targets together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ExpandedSet, Expansion, Line, Origin, Part};
use crate::catalogue::{Catalogue, Cloud, Kind, Source, Traffic};
use crate::diff::Element;
use crate::plan::{Row, Rows};

/// One target's rows of one cloud and traffic.
#[derive(Debug, Clone)]
pub struct TargetRows {
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub rows: Rows,
}

/// What `folders` open together. Titles, article rows and editions come from `facts`, where they have
/// the set, and else from the rows and `source`.
#[must_use]
pub fn of_rows(folders: &[TargetRows], facts: &Catalogue, source: &Arc<Source>) -> Expansion {
    let known: BTreeMap<_, _> = facts.sets.iter().map(|set| (&set.key, set)).collect();
    let mut expansion = Expansion::default();
    for folder in folders {
        for (key, row) in &folder.rows {
            let known = known.get(&row.set);
            let set = expansion
                .sets
                .entry(row.set.clone())
                .or_insert_with(|| ExpandedSet {
                    row: known.and_then(|set| set.row),
                    title: known.map_or_else(|| row.description.clone(), |set| set.title.clone()),
                    traffic: folder.traffic,
                    // Rows are open whatever the facts say, and nothing tells why.
                    retired: None,
                    notes: Vec::new(),
                    basis: std::collections::BTreeSet::new(),
                    source: Arc::clone(known.map_or(source, |set| &set.source)),
                    parts: Vec::new(),
                    services: BTreeMap::new(),
                });
            let index = set.part(Part::new(Element::of(&row.remote), None, origin(key, row)));
            let line = Line {
                direction: Some(row.direction),
                protocol: Some(row.protocol),
                cloud: folder.cloud,
                role: row.role.clone(),
            };
            for port in &row.ports {
                set.add(line.clone(), Some(*port), index);
            }
        }
    }
    expansion
}

/// The last word of a row's key that is no number says how it came about: see [`crate::permit::Permit::key`].
fn origin(key: &str, row: &Row) -> Origin {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let word = key.rsplit('.').find(|word| !is_number(word));
    match word {
        Some("fqdn4" | "fqdn6" | "tag") if row.kind != Kind::Fqdn => Origin::InPlace,
        _ => Origin::Stated,
    }
}
