//! Which cloud the endpoints behind a label are for: rows 9 and 23 list several clouds' in one cell.

use std::collections::BTreeMap;

use super::endpoint::Value;
use super::identify::stated_remotes;
use super::scan::Scan;
use crate::catalogue::{Basis, Cloud, EndpointSet};

/// What stands behind one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    For(Vec<Cloud>),
    /// Of a cloud that there is no more.
    Closed,
    /// Nothing tells.
    Unknown,
    /// Label and endpoints contradict each other.
    Contradiction {
        label: Vec<Cloud>,
        endpoints: Vec<Cloud>,
    },
}

/// Whether the row of `set` lists its endpoints by cloud.
#[must_use]
pub fn has_sections(set: &EndpointSet) -> bool {
    lists(set).len() > 1
}

/// The clouds of each of the labels in a cell of the row of `set`. Labels are in any language, so what is
/// known of the endpoints behind them counts too, and the order.
#[must_use]
pub fn sections(scan: &Scan, set: &EndpointSet) -> Vec<Section> {
    let lists = lists(set);
    let in_order = in_order(scan, &lists);
    let sections = scan.labels.iter().enumerate().map(|(at, label)| {
        let named = named(label);
        let members = members(scan, at, set);
        match (named, members) {
            (Some(Section::For(label)), Some(endpoints)) if label != endpoints => {
                Section::Contradiction { label, endpoints }
            }
            (Some(named), _) => named,
            (None, Some(endpoints)) => Section::For(endpoints),
            // Behind the others, for `GCC` stands in what translations make of `GCC High`, too.
            (None, None) if label.to_lowercase().contains("gcc") => {
                Section::For(vec![Cloud::Worldwide])
            }
            (None, None) => in_order[at].clone().unwrap_or(Section::Unknown),
        }
    });
    sections.collect()
}

/// The clouds that a set states endpoints for, list by list.
fn lists(set: &EndpointSet) -> Vec<Vec<Cloud>> {
    let mut lists: Vec<Vec<Cloud>> = Vec::new();
    for remote in stated_remotes(set).filter(|remote| remote.clouds.basis == Basis::Stated) {
        if !lists.contains(&remote.clouds.value) {
            lists.push(remote.clouds.value.clone());
        }
    }
    lists.sort();
    lists
}

/// What a label says in words that translations keep.
fn named(label: &str) -> Option<Section> {
    const US_GOVERNMENT: [&str; 5] = ["gcc high", "dod", "us gov", "u.s. gov", "gcc-high"];
    const CHINA: [&str; 4] = ["21vianet", "china", "世纪互联", "世紀互聯"];
    const GERMANY: [&str; 2] = ["germany", "deutschland"];
    const WORLDWIDE: [&str; 2] = ["public cloud", "worldwide"];
    let label = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if has(&CHINA) {
        Some(Section::For(vec![Cloud::China]))
    } else if has(&GERMANY) {
        Some(Section::Closed)
    } else if has(&US_GOVERNMENT) {
        Some(Section::For(vec![Cloud::UsgovGcchigh, Cloud::UsgovDod]))
    } else if has(&WORLDWIDE) {
        Some(Section::For(vec![Cloud::Worldwide]))
    } else {
        None
    }
}

/// The clouds of most of the known endpoints behind a label.
fn members(scan: &Scan, section: usize, set: &EndpointSet) -> Option<Vec<Cloud>> {
    let mut counts: BTreeMap<Vec<Cloud>, usize> = BTreeMap::new();
    for found in scan
        .endpoints
        .iter()
        .filter(|found| found.section == section)
    {
        if let Some(clouds) = clouds_of(set, &found.value) {
            *counts.entry(clouds).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(clouds, _)| clouds)
}

/// The clouds that `set` states an endpoint for.
#[must_use]
pub fn clouds_of(set: &EndpointSet, value: &Value) -> Option<Vec<Cloud>> {
    stated_remotes(set)
        .find(|remote| super::endpoint::values(&remote.endpoints.value).contains(value))
        .map(|remote| remote.clouds.value.clone())
}

/// Public, US Government, China: the order in which every edition lists them; until 2021 Germany stood third.
/// What stands before the first label belongs to the first.
fn in_order(scan: &Scan, lists: &[Vec<Cloud>]) -> Vec<Option<Section>> {
    let labelled: Vec<usize> = (0..scan.labels.len())
        .filter(|at| !scan.labels[*at].is_empty())
        .collect();
    let order: Vec<Section> = match (lists, labelled.len()) {
        ([first, second, third], 3) => [first, second, third]
            .map(|clouds| Section::For(clouds.clone()))
            .to_vec(),
        ([first, second, third], 4) => vec![
            Section::For(first.clone()),
            Section::For(second.clone()),
            Section::Closed,
            Section::For(third.clone()),
        ],
        _ => Vec::new(),
    };
    let unlabelled = lists.first().cloned().map(Section::For);
    (0..scan.labels.len())
        .map(|at| match labelled.iter().position(|known| *known == at) {
            Some(place) => order.get(place).cloned(),
            None => unlabelled.clone(),
        })
        .collect()
}
