//! `perimeter365.facts.json`: the facts that a folder was generated from, each document with its
//! origin. What came from a file is read from here the next time, so no path is remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalogue::check::check;
use crate::catalogue::document::{Document, SCHEMA};
use crate::catalogue::{Catalogue, EndpointSet, NamedRange, Origin, Published, Role};
use crate::error::{Error, Errors, Result};
use crate::source::digest::is_sha256;
use crate::source::web_service::{self, EXCHANGE_ONLINE};

/// The file's name in the output folder.
pub const FILE: &str = "perimeter365.facts.json";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub generated_by: String,
    pub documents: Vec<Provenance>,
}

/// A part of a document, and how it came here.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    pub origin: OriginText,
    pub facts: Document,
}

/// The digest stands here for files only: they are not at hand later. Nothing but the README
/// should change with the digest of an embedded document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OriginText {
    Embedded,
    File { digest: String },
}

/// The facts of `sets` and `ranges`, by the document they come from.
#[must_use]
pub fn of(
    catalogue: &Catalogue,
    sets: &[&EndpointSet],
    ranges: &[&NamedRange],
    published: &[&Published],
    generated_by: &str,
) -> Facts {
    let documents = catalogue.sources.iter().filter_map(|source| {
        let sets: Vec<&EndpointSet> = sets
            .iter()
            .copied()
            .filter(|set| Arc::ptr_eq(&set.source, source))
            .collect();
        let ranges: Vec<&NamedRange> = ranges
            .iter()
            .copied()
            .filter(|range| Arc::ptr_eq(&range.source, source))
            .collect();
        let published: Vec<&Published> = published
            .iter()
            .copied()
            .filter(|host| Arc::ptr_eq(&host.source, source))
            .collect();
        let is_used = !sets.is_empty() || !ranges.is_empty() || !published.is_empty();
        is_used.then(|| Provenance {
            origin: match source.origin {
                Origin::Embedded => OriginText::Embedded,
                Origin::File => OriginText::File {
                    digest: source.digest.clone(),
                },
            },
            facts: Document {
                schema: SCHEMA,
                source: source.as_ref().into(),
                roles: roles(catalogue, &sets),
                sets: sets.into_iter().map(Into::into).collect(),
                ranges: ranges.into_iter().map(Into::into).collect(),
                published: published.into_iter().map(Into::into).collect(),
                service_tags: Vec::new(),
            },
        })
    });
    Facts {
        generated_by: generated_by.to_owned(),
        documents: documents.collect(),
    }
}

/// Reads the facts file of a folder. `None`: there is no such file.
///
/// # Errors
/// When the file can't be read, or holds anything but valid facts.
pub fn read(folder: &Path) -> Result<Option<Catalogue>> {
    let path = folder.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Error::Io {
                action: "read",
                path,
                error,
            }
            .into());
        }
    };
    if let Some(index) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
        return Err(Error::Malformed {
            path,
            why: format!("line {}: an unfinished merge", index + 1),
            mend: "take either side, then generate again".to_owned(),
        }
        .into());
    }
    let damaged = |why: String| {
        Error::Malformed {
        path: path.clone(),
        why,
        mend: "restore it from version control, or delete it: addresses that came from files are the embedded ones again then".to_owned(),
    }
    };
    let facts: Facts = serde_json::from_str(&text)
        .map_err(|error| Errors::from(damaged(format!("line {}: {error}", error.line()))))?;
    let mut catalogue = Catalogue::default();
    let mut errors = Vec::new();
    for provenance in &facts.documents {
        let (origin, digest) = match &provenance.origin {
            OriginText::Embedded => (Origin::Embedded, ""),
            OriginText::File { digest } => (Origin::File, digest.as_str()),
        };
        if origin == Origin::File && !is_sha256(digest) {
            errors.push(damaged(format!("`{}` is no digest", digest.escape_debug())));
        }
        let foreign = provenance
            .facts
            .ranges
            .iter()
            .filter(|range| origin == Origin::File && range.name != EXCHANGE_ONLINE);
        errors.extend(foreign.map(|range| {
            damaged(format!(
                "no file can give the range `{}`",
                range.name.escape_debug()
            ))
        }));
        if origin == Origin::File && provenance.facts.source.url != web_service::URL {
            let url = provenance.facts.source.url.escape_debug();
            errors.push(damaged(format!(
                "`{url}` is not where such files come from"
            )));
        }
        if origin == Origin::Embedded && !provenance.facts.published.is_empty() {
            errors.push(damaged(
                "only a file says what is published for host names".to_owned(),
            ));
        }
        match check(&provenance.facts, origin, digest) {
            Ok(part) => {
                let ranges = part.ranges.iter().flat_map(|range| &range.networks);
                let published = part.published.iter().flat_map(|host| &host.networks);
                let networks = ranges.chain(published.flatten());
                errors.extend(
                    networks
                        .filter(|_| origin == Origin::File)
                        .filter_map(web_service::doubtful)
                        .map(damaged),
                );
                catalogue.extend(part);
            }
            Err(defects) => errors.extend(
                defects
                    .into_iter()
                    .map(|defect| damaged(format!("`{}`: {}", defect.place, defect.why))),
            ),
        }
    }
    Errors::unless_none(errors, Some(catalogue))
}

/// The meanings of the roles that `sets` are about.
fn roles(catalogue: &Catalogue, sets: &[&EndpointSet]) -> BTreeMap<String, String> {
    let used: BTreeSet<&Role> = sets
        .iter()
        .flat_map(|set| &set.flows)
        .flat_map(|flow| &flow.roles)
        .collect();
    let meanings = catalogue.roles.iter();
    meanings
        .filter(|(role, _)| used.contains(role))
        .map(|(role, meaning)| (role.to_string(), meaning.clone()))
        .collect()
}
