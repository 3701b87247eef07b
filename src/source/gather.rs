//! The facts of a run: the embedded ones, the catalogues and overlays that it names, and what earlier
//! runs renewed.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::error::{Error, Errors, Result, quoted};
use crate::lock;
use crate::options::{Kept, NONE, Words};
use crate::overlay::{self, Decisions, OverlayFile};
use crate::source::catalogues::{self, CatalogueFile, Chosen, EMBEDDED};
use crate::source::facts::{self, Known};
use crate::source::{named, renew};

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
    pub files: Files,
    /// What overlays decide.
    pub decisions: Decisions,
    /// What the user should hear.
    pub warnings: Vec<String>,
}

/// The documents that a run names, which its folder keeps.
#[derive(Debug)]
pub struct Files {
    pub catalogues: Chosen,
    pub overlays: Vec<OverlayFile>,
}

impl Files {
    /// The words by which a folder remembers them, with those `templates`.
    #[must_use]
    pub fn words(&self, templates: Vec<String>) -> Kept {
        let overlays = self.overlays.iter().map(|file| file.digest.clone());
        Kept {
            catalogues: self.catalogues.words(),
            overlays: (!self.overlays.is_empty()).then(|| overlays.collect()),
            templates,
        }
    }
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
    let catalogues = catalogues::read(
        words.catalogue.as_deref(),
        wish.given.catalogue.is_none(),
        &kept.catalogues,
        wish.out,
    );
    let overlays = named::read(
        words.overlay.as_deref(),
        wish.given.overlay.is_none(),
        &kept.overlays,
        wish.out,
    );
    let (chosen, overlays) = match (catalogues, overlays) {
        (Ok(chosen), Ok(overlays)) => (chosen, overlays),
        (catalogues, overlays) => {
            let errors = [catalogues.err(), overlays.err()].into_iter().flatten();
            return Err(errors.flat_map(Errors::into_vec).collect::<Vec<_>>().into());
        }
    };
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
    let (catalogue, decisions) = overlay::apply(catalogue, &overlays)?;
    Ok(Gathered {
        catalogue,
        files: Files {
            catalogues: chosen,
            overlays,
        },
        decisions,
        warnings,
    })
}

/// The facts that a folder was written from. `None`: that can't be told any more.
#[must_use]
pub fn as_of(embedded: &Catalogue, words: &Words, known: &Known, out: &Path) -> Option<Gathered> {
    let embedded = renew::embedded_as_of(known, embedded.clone());
    let wish = Wish {
        out,
        given: &Words::default(),
        remembered: words,
        kept: Some(known),
        known: Some(known),
    };
    gather(&embedded, wish).ok()
}

/// Refuses to go on without what nobody takes back: a lost lock no longer says which of the documents
/// that the folder keeps it was written from.
///
/// # Errors
/// When the folder keeps some, and none is named.
pub fn nothing_is_lost(out: &Path, given: &Words, known: Option<&Known>) -> Result<()> {
    let Some(known) = known else { return Ok(()) };
    let catalogues = known.catalogues.iter().map(|file| &file.digest).collect();
    let overlays = known.overlays.iter().map(|file| &file.digest).collect();
    let kept: [(&str, Vec<&String>, bool, &str); 2] = [
        ("catalogue", catalogues, given.catalogue.is_some(), EMBEDDED),
        ("overlay", overlays, given.overlay.is_some(), NONE),
    ];
    let errors = kept
        .into_iter()
        .filter(|(_, digests, is_given, _)| !digests.is_empty() && !is_given)
        .map(|(noun, digests, _, nothing)| Error::Malformed {
            path: out.join(lock::FILE),
            why: format!(
                "it is gone, and `{}` keeps the {noun} {}",
                facts::FILE,
                quoted(&digests)
            ),
            mend: format!(
                "restore it from version control, or name what is wanted: `--{noun}` with a digest, a file or `{nothing}`"
            ),
        });
    Errors::unless_none(errors.collect(), ())
}
