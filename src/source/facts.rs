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
use crate::file;
use crate::overlay::{self, OverlayFile};
use crate::source::catalogues::CatalogueFile;
use crate::source::digest::{is_sha256, of_json};
use crate::source::web_service::{self, EXCHANGE_ONLINE};

/// The file's name in the output folder.
pub const FILE: &str = "perimeter365.facts.json";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub generated_by: String,
    pub documents: Vec<Provenance>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<KeptOverlay>,
}

/// All of an overlay that was named with `--overlay`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptOverlay {
    pub digest: String,
    /// As of a catalogue.
    pub kept: String,
    pub overlay: overlay::document::Document,
}

/// A document or a part of it, and how it came here.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    pub origin: OriginText,
    pub facts: Arc<Document>,
}

/// The digest stands here for files only: they are not at hand later. Nothing but the README
/// should change with the digest of an embedded document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum OriginText {
    /// A part of what is in the program.
    Embedded,
    /// What a file of the web service's answer renewed.
    File { digest: String },
    /// All of a file that was named with `--catalogue`.
    Catalogue {
        digest: String,
        /// Over what is kept of it here: nobody edits it by hand without a word.
        kept: String,
    },
}

/// What a folder knows of the facts that it was written from.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What was used of the embedded facts, and renewals.
    pub catalogue: Catalogue,
    /// The catalogues that were named, whole.
    pub catalogues: Vec<CatalogueFile>,
    /// The overlays that were named, whole.
    pub overlays: Vec<OverlayFile>,
}

impl Known {
    /// Every catalogue that facts of it stand in.
    pub fn catalogues(&self) -> impl Iterator<Item = &Catalogue> {
        let files = self.catalogues.iter().map(|file| &file.facts);
        std::iter::once(&self.catalogue).chain(files)
    }

    /// All facts in one catalogue.
    #[must_use]
    pub fn all(self) -> Catalogue {
        let mut all = self.catalogue;
        for file in self.catalogues {
            all.extend(file.facts);
        }
        all
    }
}

/// What a folder depends on of the facts that are part of the program or renewed.
#[derive(Debug)]
pub struct Used<'a> {
    pub sets: Vec<&'a EndpointSet>,
    pub ranges: Vec<&'a NamedRange>,
    pub published: Vec<&'a Published>,
}

/// The facts that are `used`, by the document they come from, and the files that are named, whole.
#[must_use]
pub fn of(
    catalogue: &Catalogue,
    used: &Used<'_>,
    catalogues: Vec<CatalogueFile>,
    overlays: Vec<OverlayFile>,
    generated_by: &str,
) -> Facts {
    let Used {
        sets,
        ranges,
        published,
    } = used;
    let files = catalogues.into_iter().map(|file| Provenance {
        origin: OriginText::Catalogue {
            digest: file.digest,
            kept: kept(file.document.as_ref()),
        },
        facts: file.document,
    });
    let parts = catalogue
        .sources
        .iter()
        .filter(|source| source.origin != Origin::File);
    let parts = parts.filter_map(|source| {
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
                Origin::File | Origin::Renewal | Origin::Overlay => OriginText::File {
                    digest: source.digest.clone(),
                },
            },
            facts: Arc::new(Document {
                schema: SCHEMA,
                source: source.as_ref().into(),
                roles: roles(catalogue, &sets),
                sets: sets.into_iter().map(Into::into).collect(),
                ranges: ranges.into_iter().map(Into::into).collect(),
                published: published.into_iter().map(Into::into).collect(),
                service_tags: Vec::new(),
            }),
        })
    });
    Facts {
        generated_by: generated_by.to_owned(),
        documents: parts.chain(files).collect(),
        overlays: overlays
            .into_iter()
            .map(|file| KeptOverlay {
                digest: file.digest,
                kept: kept(&file.document),
                overlay: file.document,
            })
            .collect(),
    }
}

/// Reads the facts file of a folder. `None`: there is no such file.
///
/// # Errors
/// When the file can't be read, or holds anything but valid facts.
pub fn read(folder: &Path) -> Result<Option<Known>> {
    let path = folder.join(FILE);
    let text = file::text_if_there(&path)?;
    text.map(|text| parse(&path, &text)).transpose()
}

/// What the text of a facts file says; errors call it `path`.
///
/// # Errors
/// When it holds anything but valid facts.
pub fn parse(path: &Path, text: &str) -> Result<Known> {
    if let Some(index) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
        return Err(Error::Malformed {
            path: path.to_owned(),
            why: format!("line {}: an unfinished merge", index + 1),
            mend: "take either side, then generate again".to_owned(),
        }
        .into());
    }
    let damaged = |why: String| {
        Error::Malformed {
        path: path.to_owned(),
        why,
        mend: "restore it from version control, or delete it: addresses that came from files are the embedded ones again then".to_owned(),
    }
    };
    let facts: Facts = serde_json::from_str(text)
        .map_err(|error| Errors::from(damaged(format!("line {}: {error}", error.line()))))?;
    let mut known = Known::default();
    let mut errors = Vec::new();
    for Provenance { origin, facts } in facts.documents {
        match add(&mut known, origin, facts) {
            Ok(()) => {}
            Err(whys) => errors.extend(whys.into_iter().map(damaged)),
        }
    }
    for own in facts.overlays {
        let whys = no_digest(&own.digest).into_iter().chain(edited(
            "overlay",
            &own.digest,
            &own.kept,
            &own.overlay,
        ));
        errors.extend(whys.map(damaged));
        known.overlays.push(OverlayFile {
            name: own.digest.clone(),
            digest: own.digest,
            document: own.overlay,
        });
    }
    Errors::unless_none(errors, known)
}

/// Adds what the folder keeps of one document, or says all that is wrong with it.
fn add(
    known: &mut Known,
    origin: OriginText,
    facts: Arc<Document>,
) -> std::result::Result<(), Vec<String>> {
    let mut whys = Vec::new();
    match &origin {
        OriginText::Embedded if !facts.published.is_empty() => {
            whys.push("only a file says what is published for host names".to_owned());
        }
        OriginText::Embedded => {}
        OriginText::File { digest } => {
            whys.extend(no_digest(digest));
            whys.extend(no_renewal(&facts));
        }
        OriginText::Catalogue { digest, kept: own } => {
            whys.extend(no_digest(digest));
            whys.extend(edited("catalogue", digest, own, facts.as_ref()));
        }
    }
    let checked = |origin, digest: &str| {
        check(&facts, origin, digest).map_err(|defects| {
            let defects = defects.into_iter();
            defects
                .map(|defect| format!("`{}`: {}", defect.place, defect.why))
                .collect::<Vec<String>>()
        })
    };
    let part = match &origin {
        OriginText::Embedded => checked(Origin::Embedded, ""),
        OriginText::File { digest } => checked(Origin::Renewal, digest),
        OriginText::Catalogue { digest, .. } => checked(Origin::File, digest),
    };
    let part = part.map_err(|found| whys.extend(found)).ok();
    match (part, origin) {
        (None, _) => {}
        (Some(part), OriginText::Embedded) => known.catalogue.extend(part),
        (Some(part), OriginText::File { .. }) => {
            let ranges = part.ranges.iter().flat_map(|range| &range.networks);
            let published = part.published.iter().flat_map(|host| &host.networks);
            let networks = ranges.chain(published.flatten());
            whys.extend(networks.filter_map(web_service::doubtful));
            known.catalogue.extend(part);
        }
        (Some(part), OriginText::Catalogue { digest, .. }) => {
            known.catalogues.push(CatalogueFile {
                name: digest.clone(),
                digest,
                document: facts,
                facts: part,
            });
        }
    }
    if whys.is_empty() { Ok(()) } else { Err(whys) }
}

/// Says that what is kept of a document is not what was kept of it.
fn edited<T: Serialize>(noun: &str, digest: &str, own: &str, document: &T) -> Option<String> {
    (own != kept(document)).then(|| {
        format!(
            "what it keeps of the {noun} `{}` was edited by hand",
            digest.escape_debug()
        )
    })
}

fn no_digest(text: &str) -> Option<String> {
    (!is_sha256(text)).then(|| format!("`{}` is no digest", text.escape_debug()))
}

/// What makes `facts` none that a file of the web service's answer renewed.
fn no_renewal(facts: &Document) -> Vec<String> {
    let foreign = facts.ranges.iter().map(|range| &range.name);
    let foreign = foreign.filter(|name| *name != EXCHANGE_ONLINE);
    let mut whys: Vec<String> = foreign
        .map(|name| format!("no file can give the range `{}`", name.escape_debug()))
        .collect();
    if facts.source.url != web_service::URL {
        whys.push(format!(
            "`{}` is not where such files come from",
            facts.source.url.escape_debug()
        ));
    }
    whys
}

/// The digest of what a folder keeps of `document`, however it is laid out. A field that comes to
/// documents later is skipped where it is absent, so that folders of today stay what they are.
fn kept<T: Serialize>(document: &T) -> String {
    of_json(document)
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
