//! The facts of a run: the embedded ones, the catalogues that it names, and what earlier runs renewed.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::error::{Error, Result, quoted};
use crate::lock;
use crate::options::Words;
use crate::source::catalogues::{self, CatalogueFile, Chosen};
use crate::source::facts::{self, Known};
use crate::source::renew;

/// What a run names, and what its folder knows.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    pub out: &'a Path,
    /// As the user gave them now; what is not among them is remembered.
    pub given: &'a Words,
    /// As the folder remembers them.
    pub remembered: &'a Words,
    /// What the folder keeps, whatever is to be forgotten of it.
    pub kept: Option<&'a Known>,
    /// What of that is not to be forgotten.
    pub known: Option<&'a Known>,
}

/// The facts of a run, but for files that renew some of them now.
#[derive(Debug)]
pub struct Gathered {
    pub catalogue: Catalogue,
    pub chosen: Chosen,
    /// What the user should hear.
    pub warnings: Vec<String>,
}

/// Gathers the facts that `wish` names.
///
/// # Errors
/// Every file that can't be read or holds something that must not pass, and what two of them
/// contradict each other in.
pub fn gather(embedded: &Catalogue, wish: Wish<'_>) -> Result<Gathered> {
    let words = wish.given.clone().or(wish.remembered.clone()).sorted();
    let none = Known::default();
    let kept = wish.kept.unwrap_or(&none);
    let chosen = catalogues::read(
        words.catalogue.as_deref(),
        wish.given.catalogue.is_none(),
        &kept.catalogues,
        wish.out,
    )?;
    let mut catalogue = catalogues::join(embedded, &chosen)?;
    let before = wish.remembered.catalogue.as_deref().unwrap_or_default();
    let new: Vec<&CatalogueFile> = chosen
        .files
        .iter()
        .filter(|file| !before.contains(&file.digest))
        .collect();
    let warnings = wish.known.map_or_else(Vec::new, |known| {
        renew::from_facts(&mut catalogue, known, &new)
    });
    Ok(Gathered {
        catalogue,
        chosen,
        warnings,
    })
}

/// The facts that a folder was written from. `None`: that can't be told any more.
#[must_use]
pub fn as_of(embedded: &Catalogue, words: &Words, known: &Known, out: &Path) -> Option<Catalogue> {
    let embedded = renew::embedded_as_of(known, embedded.clone());
    let wish = Wish {
        out,
        given: &Words::default(),
        remembered: words,
        kept: Some(known),
        known: Some(known),
    };
    gather(&embedded, wish).ok().map(|found| found.catalogue)
}

/// Refuses to go on without what nobody takes back: a lost lock no longer says which of the documents
/// that the folder keeps it was written from.
///
/// # Errors
/// When the folder keeps some, and none is named.
pub fn nothing_is_lost(out: &Path, given: &Words, known: Option<&Known>) -> Result<()> {
    let Some(known) = known else { return Ok(()) };
    let digests: Vec<&str> = known
        .catalogues
        .iter()
        .map(|file| file.digest.as_str())
        .collect();
    if digests.is_empty() || given.catalogue.is_some() {
        return Ok(());
    }
    Err(Error::Malformed {
        path: out.join(lock::FILE),
        why: format!(
            "it is gone, and `{}` keeps the catalogues {}",
            facts::FILE,
            quoted(&digests)
        ),
        mend: "restore it from version control, or name what is wanted: `--catalogue` with a digest, a file or `embedded`".to_owned(),
    }
    .into())
}
