//! `root/*/calls.tf`: that each folder of a target is called once, with what belongs to it.

use std::collections::{BTreeMap, BTreeSet};

use super::call::obstacle;
use super::opening::{Place, Remote, Wanted};
use super::proof::Obstacle;
use crate::literal::{self, Block, Body, Node};
use crate::target::{From, Target};

/// What one call takes of what is shared out by role and by range.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Takes {
    pub roles: BTreeSet<String>,
    pub ranges: BTreeSet<String>,
}

impl Takes {
    /// What the rows of `place` take.
    #[must_use]
    pub fn of(place: Place, wanted: &[Wanted]) -> Self {
        let mut takes = Self::default();
        for Wanted { opening, .. } in wanted
            .iter()
            .filter(|wanted| wanted.opening.way.place == place)
        {
            takes.roles.insert(opening.way.role.to_string());
            if let Remote::Range(name, _) = &opening.remote {
                takes.ranges.insert(name.to_string());
            }
        }
        takes
    }
}

/// All that is not as it should be in `text`, which should call the folders of `places`.
#[must_use]
pub fn check(
    file: &str,
    text: &str,
    target: &'static Target,
    places: &BTreeMap<Place, Takes>,
) -> Vec<Obstacle> {
    let (body, defects) = match literal::read(text) {
        Ok(read) => read,
        Err(defect) => return vec![obstacle(file, defect.line, defect.why)],
    };
    let mut obstacles: Vec<Obstacle> = defects
        .into_iter()
        .map(|defect| obstacle(file, defect.line, defect.why))
        .collect();
    let mut refuse = |line: u32, why: String| obstacles.push(obstacle(file, line, why));
    for entry in &body.attributes {
        refuse(
            entry.line,
            format!("the attribute `{}` doesn't belong there", entry.name),
        );
    }
    let mut missing: BTreeMap<String, (Place, &Takes)> = places
        .iter()
        .map(|(place, takes)| (name(*place), (*place, takes)))
        .collect();
    let mut locals: Option<&Body<'_>> = None;
    for block in &body.blocks {
        let label = block.labels.first().filter(|_| block.labels.len() == 1);
        match (block.kind, label) {
            ("locals", None) if block.labels.is_empty() && locals.is_none() => {
                locals = Some(&block.body);
            }
            ("module", Some(label)) => match missing.remove(&**label) {
                Some((place, _)) => {
                    for (line, why) in call(block, &label.clone(), place, target) {
                        refuse(line, why);
                    }
                }
                None => refuse(
                    block.line,
                    format!("the call `{}` is one too many", label.escape_debug()),
                ),
            },
            _ => refuse(
                block.line,
                format!("the block `{}` doesn't belong there", block.kind),
            ),
        }
    }
    for name in missing.keys() {
        refuse(1, format!("the call `{name}` is missing"));
    }
    match locals {
        None => refuse(1, "the block `locals` is missing".to_owned()),
        Some(locals) => {
            for (line, why) in check_locals(locals, places) {
                refuse(line, why);
            }
        }
    }
    obstacles
}

/// What the call of a folder is named: `worldwide_inbound_hybrid_server`.
fn name(place: Place) -> String {
    format!("{}_{}", place.cloud, place.traffic).replace('-', "_")
}

fn call(block: &Block<'_>, name: &str, place: Place, target: &Target) -> Vec<(u32, String)> {
    let mut whys = Vec::new();
    let mut wanted: BTreeMap<&str, String> = target
        .root
        .arguments
        .iter()
        .map(|argument| {
            let path = match argument.from {
                From::Variable => format!("var.{}", argument.name),
                From::Local => format!("local.{}", argument.name),
                From::Share => format!("local.{}.{name}", argument.name),
            };
            (argument.name, path)
        })
        .collect();
    let source = format!("../../{place}");
    let mut has_source = false;
    for inner in &block.body.blocks {
        whys.push((
            inner.line,
            format!("the block `{}` doesn't belong there", inner.kind),
        ));
    }
    for entry in &block.body.attributes {
        let line = entry.value.line;
        if entry.name == "source" {
            has_source = true;
            if entry.value.text() != Some(&source) {
                whys.push((line, format!("`source` is not `{source}`")));
            }
            continue;
        }
        match wanted.remove(&*entry.name) {
            Some(path) if entry.value.path() == Some(&path) => {}
            Some(path) => whys.push((line, format!("`{}` is not `{path}`", entry.name))),
            None => whys.push((
                entry.line,
                format!(
                    "the attribute `{}` doesn't belong there",
                    entry.name.escape_debug()
                ),
            )),
        }
    }
    let missing = wanted
        .keys()
        .copied()
        .chain((!has_source).then_some("source"));
    whys.extend(missing.map(|name| (block.line, format!("the attribute `{name}` is missing"))));
    whys
}

/// What is shared out by call.
fn check_locals(locals: &Body<'_>, places: &BTreeMap<Place, Takes>) -> Vec<(u32, String)> {
    let mut whys = Vec::new();
    for block in &locals.blocks {
        whys.push((
            block.line,
            format!("the block `{}` doesn't belong there", block.kind),
        ));
    }
    let wanted: BTreeMap<String, &Takes> = places
        .iter()
        .map(|(place, takes)| (name(*place), takes))
        .collect();
    for entry in &locals.attributes {
        let is_right = match &*entry.name {
            "calls" => calls(&entry.value).is_some_and(|calls| {
                calls.len() == wanted.len()
                    && calls
                        .iter()
                        .all(|(name, takes)| wanted.get(name) == Some(&takes))
            }),
            "results" => results(&entry.value).is_some_and(|results| {
                results.keys().eq(wanted.keys())
                    && results
                        .iter()
                        .all(|(name, path)| *path == format!("module.{name}"))
            }),
            _ => false,
        };
        if !is_right {
            whys.push((
                entry.line,
                format!(
                    "`{}` is not what the rows make of it",
                    entry.name.escape_debug()
                ),
            ));
        }
    }
    for name in ["calls", "results"] {
        if locals.attribute(name).is_none() {
            whys.push((1, format!("the local value `{name}` is missing")));
        }
    }
    whys
}

fn calls(value: &Node<'_>) -> Option<BTreeMap<String, Takes>> {
    let words = |value: &Node<'_>| -> Option<BTreeSet<String>> {
        let items = value.list()?.iter();
        items
            .map(|item| item.text().map(ToOwned::to_owned))
            .collect()
    };
    let entries = value.object()?.iter();
    entries
        .map(|entry| {
            let mut takes = Takes::default();
            let fields = entry.value.object().filter(|fields| fields.len() == 2)?;
            for field in fields {
                match &*field.name {
                    "roles" => takes.roles = words(&field.value)?,
                    "ranges" => takes.ranges = words(&field.value)?,
                    _ => return None,
                }
            }
            Some((entry.name.to_string(), takes))
        })
        .collect()
}

fn results(value: &Node<'_>) -> Option<BTreeMap<String, String>> {
    let entries = value.object()?.iter();
    entries
        .map(|entry| Some((entry.name.to_string(), entry.value.path()?.to_owned())))
        .collect()
}
