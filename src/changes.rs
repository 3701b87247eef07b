//! What a run changes in a folder, row by row: what it opens, and what it closes.
//!
//! Read from the rows that stand in the folder, not from what an earlier run remembers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::path::Path;

use hcl::edit::structure::Body;
use serde::Serialize;

use crate::permit::PermitRemote;
use crate::plan::{Folder, Plan, Row, Rows};
use crate::render::rows::hcl_to_rows;
use crate::target::TARGETS;
use crate::write::Difference;

/// One row that comes, goes or changes, in one or more targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Cloud and traffic, as in the folder's path.
    pub place: String,
    pub key: String,
    pub kind: ChangeKind,
    /// Networks, hosts, ranges and ports that are open afterwards and were not before.
    pub opens: Vec<String>,
    /// Those that were open before and are not afterwards.
    pub closes: Vec<String>,
    pub targets: BTreeSet<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
}

/// Compares the rows in the folder `out` with those of `plan`, where `difference` says that they
/// differ. Also returns the files that hold no rows that can be read. A folder that is new has no
/// changes: all of it is.
#[must_use]
pub fn changes(out: &Path, plan: &Plan, difference: &Difference) -> (Vec<Change>, Vec<String>) {
    let mut found: BTreeMap<(String, String), Change> = BTreeMap::new();
    let mut unreadable = Vec::new();
    let touched = difference.stale.iter().chain(&difference.left_over);
    for path in touched {
        let Some((place, target)) = place_of(path) else {
            continue;
        };
        let Some(before) = read(&out.join(path)) else {
            unreadable.push(path.clone());
            continue;
        };
        let empty = Rows::new();
        let after = plan
            .folders
            .iter()
            .find(|folder| is_main(folder, path))
            .map_or(&empty, |folder| &folder.rows);
        for change in row_changes(&place, target, &before, after) {
            found
                .entry((place.clone(), change.key.clone()))
                .and_modify(|known| {
                    known.targets.insert(target);
                })
                .or_insert(change);
        }
    }
    (found.into_values().collect(), unreadable)
}

fn is_main(folder: &Folder, path: &str) -> bool {
    path.strip_suffix("/main.tf") == Some(folder.path().as_str())
}

/// Cloud and traffic, and the target, of a generated `main.tf`.
fn place_of(path: &str) -> Option<(String, &'static str)> {
    let folder = path.strip_suffix("/main.tf")?;
    let (place, name) = folder.rsplit_once('/')?;
    if place.matches('/').count() != 1 {
        return None;
    }
    let target = TARGETS.iter().find(|target| target.name == name)?;
    Some((place.to_owned(), target.name))
}

fn read(path: &Path) -> Option<Rows> {
    let text = std::fs::read_to_string(path).ok()?;
    let body: Body = text.parse().ok()?;
    hcl_to_rows(&body).ok()
}

fn row_changes(place: &str, target: &'static str, before: &Rows, after: &Rows) -> Vec<Change> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter_map(|key| {
            let (was, is) = (before.get(key), after.get(key));
            let kind = match (was, is) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                (Some(was), Some(is)) if was == is => return None,
                _ => ChangeKind::Changed,
            };
            let (was, is) = (opened(was), opened(is));
            Some(Change {
                place: place.to_owned(),
                key: key.clone(),
                kind,
                opens: without(&is, &was),
                closes: without(&was, &is),
                targets: BTreeSet::from([target]),
            })
        })
        .collect()
}

/// What a row opens, as texts in the row's own order.
fn opened(row: Option<&Row>) -> Vec<String> {
    fn texts<T: Display>(values: &[T]) -> Vec<String> {
        values.iter().map(ToString::to_string).collect()
    }
    let Some(row) = row else {
        return Vec::new();
    };
    let ports = row.ports.iter();
    let mut opened: Vec<String> = ports
        .map(|port| format!("{}/{port}", row.protocol))
        .collect();
    opened.extend(match &row.remote {
        PermitRemote::Networks(networks) => texts(networks),
        PermitRemote::Hosts(hosts) => texts(hosts),
        PermitRemote::Range(name) => vec![name.to_string()],
    });
    opened
}

fn without(texts: &[String], others: &[String]) -> Vec<String> {
    let others: BTreeSet<&String> = others.iter().collect();
    texts
        .iter()
        .filter(|text| !others.contains(text))
        .cloned()
        .collect()
}
