//! What a generated folder was asked for: the facts and options that it remembers, put together as the next run of
//! `generate` would.

use std::path::{Path, PathBuf};

use crate::catalogue::{Catalogue, Cloud, EndpointSet, Traffic};
use crate::error::{Error, Errors, Result};
use crate::lock;
use crate::memory::{Memory, recall};
use crate::options::{Options, Words};
use crate::source::embedded;
use crate::source::gather::{Wish, gather};

/// Facts and options of a folder.
#[derive(Debug)]
pub struct Asked {
    pub catalogue: Catalogue,
    pub options: Options,
    /// The options as the folder remembers them.
    pub words: Words,
    /// What the user should hear.
    pub warnings: Vec<String>,
}

/// Reads what the folder `path` was asked for.
///
/// # Errors
/// When the program wrote nothing there, what it remembers is damaged or lost, or names what isn't there any more.
pub fn asked(path: &Path) -> Result<Asked> {
    let refuse = |why: &str, mend: &str| {
        Errors::from(Error::Malformed {
            path: path.to_owned(),
            why: why.to_owned(),
            mend: mend.to_owned(),
        })
    };
    if path.is_file() {
        return Err(refuse(
            "it is a file, and no folder",
            "name the folder that `generate --out` wrote; a plan goes with `verify --plan FILE`",
        ));
    }
    if !path.is_dir() {
        return Err(refuse(
            "there is no such folder",
            "name the one that `generate --out` wrote",
        ));
    }
    let around = || folder_around(&path.canonicalize().ok()?);
    if let Some(whole) = around().filter(|_| !is_generated(path)) {
        return Err(refuse(
            "it is only a part of a generated folder",
            &format!("name all of it, `{}`", whole.display()),
        ));
    }
    let Memory {
        lock,
        facts: known,
        before,
        warnings,
        ..
    } = recall(path, false)?;
    if lock.rebuilt {
        return Err(Error::Malformed {
            path: path.join(lock::FILE),
            why: "it is gone, and nothing else has the folder's options".to_owned(),
            mend: "restore it from version control".to_owned(),
        }
        .into());
    }
    if !path.join(lock::FILE).exists() {
        return Err(refuse(
            "nothing in this folder was written by perimeter365",
            "name the one that `generate --out` wrote",
        ));
    }
    let words = lock.options;
    let embedded = embedded::read()?;
    let none = Words::default();
    let gathered = gather(
        &embedded,
        Wish {
            out: path,
            given: &none,
            remembered: &words,
            kept: before.as_ref().map(|(_, known)| known).or(known.as_ref()),
            known: known.as_ref(),
        },
    )?;
    let options = Options {
        overlaid: gathered.decisions,
        ..Options::parse(&words, &gathered.catalogue)?
    };
    let mut warnings = [warnings, gathered.warnings].concat();
    let written = known.iter().flat_map(|known| &known.catalogue.sets);
    if written.into_iter().any(|set| is_other(set, &embedded)) {
        warnings.push(format!(
            "`{}` was written from other facts than this program has, by another version of it, or somebody has edited them; wanted is what this program has (`perimeter365 diff {0} embedded` tells the differences, `generate` takes them up)",
            path.display()
        ));
    }
    Ok(Asked {
        catalogue: gathered.catalogue,
        options,
        words,
        warnings,
    })
}

/// What the default options ask for in every cloud and traffic, where no folder says otherwise.
///
/// # Errors
/// Never in a released program.
pub fn unasked() -> Result<Asked> {
    let all = |words: &[&str]| Some(words.iter().map(ToString::to_string).collect());
    let clouds: Vec<&str> = Cloud::ALL.iter().map(|cloud| cloud.as_str()).collect();
    let traffics = Traffic::ALL
        .iter()
        .filter(|traffic| **traffic != Traffic::TrustedSites);
    let traffics: Vec<&str> = traffics.map(|traffic| traffic.as_str()).collect();
    let words = Words {
        cloud: all(&clouds),
        traffic: all(&traffics),
        ..Words::default()
    };
    let catalogue = embedded::read()?;
    let options = Options::parse(&words, &catalogue)?;
    Ok(Asked {
        catalogue,
        options,
        words,
        warnings: Vec::new(),
    })
}

/// Whether `folder` is one that `generate --out` wrote.
#[must_use]
pub fn is_generated(folder: &Path) -> bool {
    folder.join(lock::FILE).is_file()
}

/// The generated folder that `path`, which is absolute, stands somewhere in.
#[must_use]
pub fn folder_around(path: &Path) -> Option<PathBuf> {
    let mut around = path.ancestors().skip(1);
    around
        .find(|folder| is_generated(folder))
        .map(Path::to_owned)
}

/// Whether the program says something else of `set` now.
fn is_other(set: &EndpointSet, embedded: &Catalogue) -> bool {
    let now = embedded.sets.iter().find(|now| now.key == set.key);
    now.is_none_or(|now| {
        (set.traffic, &set.retired, &set.flows) != (now.traffic, &now.retired, &now.flows)
    })
}
