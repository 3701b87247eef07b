//! What OLD and NEW name: the embedded catalogue, a file, or a folder that perimeter365 generated.

mod folder;
mod recognise;

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::expand::{Expansion, Extent};
use super::{Diff, compare_expanded};
use crate::catalogue::{Catalogue, Source};
use crate::error::{Error, Errors, Result, nearest};
use crate::file;
use crate::source::embedded;
use folder::Folder;

/// The word for the catalogue that is part of the program.
pub const EMBEDDED: &str = "embedded";

/// Two sides and what differs between them.
#[derive(Debug, Serialize)]
pub struct Comparison {
    pub old: Side,
    pub new: Side,
    /// What a reader has to know of how they were compared.
    pub notes: Vec<String>,
    pub diff: Diff,
}

/// One side, as it was compared.
#[derive(Debug, Serialize)]
pub struct Side {
    pub form: Form,
    /// Of the folder's own file or rows, where it is a folder: `sha256:…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    pub sources: Vec<SourceText>,
}

/// What of a side was compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Embedded,
    File,
    /// The facts that a folder was written from.
    Facts,
    /// What the rows of a folder open.
    Rows,
}

/// A document that a side's facts come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SourceText {
    pub title: String,
    pub edition: String,
    pub url: String,
    /// `None`: the folder was written from a document that the program had in it, and keeps no digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

impl Form {
    /// As it stands before the titles of its sources.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Embedded => "the embedded catalogue",
            Self::File => "a file",
            Self::Facts => "the facts of a folder",
            Self::Rows => "the rows of a folder",
        }
    }
}

/// Reads what `old` and `new` name, and compares it. Two folders are compared by what their rows
/// open; a folder and anything else by their facts, within what the folder's options ask for.
///
/// # Errors
/// All that is wrong with either side.
pub fn compare_named(old: &str, new: &str) -> Result<Comparison> {
    let (mut errors, mut notes) = (Vec::new(), Vec::new());
    let mut named = |option, word| {
        let named = read(option, word, &mut notes);
        named.map_err(|found| errors.extend(found.into_vec())).ok()
    };
    match (named("OLD", old), named("NEW", new)) {
        (Some(old), Some(new)) => {
            let mut comparison = compared(&old, &new)?;
            comparison.notes.extend(notes);
            Ok(comparison)
        }
        _ => Err(errors.into()),
    }
}

/// What a word names, as it was read.
#[derive(Debug)]
enum Named {
    Catalogue(Form, Catalogue),
    Folder(Box<Folder>),
}

fn read(option: &'static str, word: &str, notes: &mut Vec<String>) -> Result<Named> {
    if word == EMBEDDED {
        return Ok(Named::Catalogue(Form::Embedded, embedded::read()?));
    }
    let path = Path::new(word);
    if path.is_dir() {
        return Ok(Named::Folder(Box::new(folder::read(path)?)));
    }
    let bytes = file::given(path).map_err(|error| {
        if error.kind() != std::io::ErrorKind::NotFound {
            return file::unread(path, error);
        }
        let known = vec![EMBEDDED.to_owned()];
        if nearest(word, &known).is_some() {
            return Error::UnknownValue {
                option,
                value: word.to_owned(),
                known,
            };
        }
        Error::InvalidValue {
            option,
            value: word.to_owned(),
            why: format!(
                "there is no such file or folder; it takes a catalogue, an edition of the article, an answer of the web service, a folder that perimeter365 generated, or the word `{EMBEDDED}`"
            ),
        }
    })?;
    let known = embedded::read()?;
    let (mut catalogue, own) = recognise::read(path, &bytes, &known)?;
    notes.extend(own);
    // As for `generate --catalogue`: what a file doesn't say of a range is as the program has it.
    catalogue.complete_ranges(&known);
    Ok(Named::Catalogue(Form::File, catalogue))
}

fn compared(old: &Named, new: &Named) -> Result<Comparison> {
    let mut notes = Vec::new();
    if let (Named::Folder(old), Named::Folder(new)) = (old, new)
        && old.has_rows()
        && new.has_rows()
    {
        if !old.formats.is_empty() || !new.formats.is_empty() {
            notes.push(
                "formats of text are left out: they can't be read back as rows can".to_owned(),
            );
        }
        return Ok(comparison(old.by_rows(), new.by_rows(), notes));
    }
    let (of_old, of_new) = extents(old, new, &mut notes)?;
    match (facts(old, &of_old), facts(new, &of_new)) {
        (Ok(old), Ok(new)) => Ok(comparison(old, new, notes)),
        (old, new) => {
            let problems = [old.err(), new.err()].into_iter().flatten();
            let problems: Vec<Error> = problems.flat_map(Errors::into_vec).collect();
            Err(problems.into())
        }
    }
}

/// How much of each side is compared by its facts, and what a reader has to know of it.
fn extents(old: &Named, new: &Named, notes: &mut Vec<String>) -> Result<(Extent, Extent)> {
    let one = |folder: &Folder, notes: &mut Vec<String>| {
        let extent = folder.extent()?;
        notes.push(format!("compared within the folder's options: {extent}"));
        notes.extend(folder.own_choices());
        Ok((extent.clone(), extent))
    };
    match (old, new) {
        (Named::Folder(old), Named::Folder(new)) => {
            let (of_old, of_new) = (old.extent()?, new.extent()?);
            notes.push(format!(
                "a folder has no rows, and texts can't be read back: both stand for their facts, the old one within its options ({of_old}), the new one within its own ({of_new})"
            ));
            notes.extend(old.own_choices().or(new.own_choices()));
            Ok((of_old, of_new))
        }
        (Named::Folder(folder), _) | (_, Named::Folder(folder)) => one(folder, notes),
        _ => Ok((Extent::default(), Extent::default())),
    }
}

/// A side by its facts.
fn facts(named: &Named, extent: &Extent) -> Result<(Side, Expansion)> {
    match named {
        Named::Folder(folder) => folder.by_facts(extent),
        Named::Catalogue(form, catalogue) => Ok(stated(*form, catalogue, extent)),
    }
}

fn comparison(
    (old, of_old): (Side, Expansion),
    (new, of_new): (Side, Expansion),
    notes: Vec<String>,
) -> Comparison {
    Comparison {
        old,
        new,
        notes,
        diff: compare_expanded(&of_old, &of_new),
    }
}

fn stated(form: Form, catalogue: &Catalogue, extent: &Extent) -> (Side, Expansion) {
    let side = Side {
        form,
        digest: None,
        sources: sources(&catalogue.sources),
    };
    (side, Expansion::within(catalogue, extent))
}

/// The documents behind `sources`, in their order, each once.
fn sources(sources: &[Arc<Source>]) -> Vec<SourceText> {
    let mut texts: Vec<SourceText> = Vec::new();
    for source in sources {
        let text = SourceText {
            title: source.title.clone(),
            edition: source.edition.clone(),
            url: source.url.clone(),
            digest: Some(source.digest.clone()).filter(|digest| !digest.is_empty()),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
