//! Files meet the folder: compared with what is there, and then written, or only reported.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::catalogue::{Cloud, Traffic};
use crate::error::{Error, Errors, Result};
use crate::lock;
use crate::render::Files;
use crate::render::header::is_ours;
use crate::target::{TARGETS, Target};

mod user_files;

/// How the folder differs from what it should hold. Paths are relative to it.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub missing: Vec<String>,
    pub stale: Vec<String>,
    /// Files that the program wrote earlier and has no use for any more, or did not finish.
    pub left_over: Vec<String>,
    /// Folders that would go, but hold what Terraform keeps there.
    pub in_use: Vec<String>,
    /// Configuration in a generated folder that the program did not write: it changes what applies.
    pub foreign: Vec<String>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

impl Difference {
    /// Whether the folder is exactly what it should be.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.missing.is_empty()
            && self.stale.is_empty()
            && self.left_over.is_empty()
            && self.in_use.is_empty()
            && self.foreign.is_empty()
    }
}

/// What was written, and what was left. Paths are relative to the folder.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    pub written: Vec<String>,
    pub removed: Vec<String>,
    /// Left-over files that were left alone.
    pub kept: Vec<String>,
    pub in_use: Vec<String>,
    pub foreign: Vec<String>,
    pub unchanged: usize,
}

/// What temporary files are called until they are whole.
const TEMPORARY: &str = ".perimeter365-";

/// Compares `files` with what is in `folder`.
///
/// # Errors
/// Every file that the program did not write and that stands where it would write, and every
/// file or folder that can't be read.
pub fn compare(folder: &Path, files: &Files) -> Result<Difference> {
    let mut difference = Difference::default();
    let mut errors = Vec::new();
    for (path, text) in files {
        match state(&folder.join(path), text) {
            Ok(State::Same) => difference.unchanged += 1,
            Ok(State::Missing) => difference.missing.push(path.clone()),
            Ok(State::Stale) => difference.stale.push(path.clone()),
            Ok(State::NotOurs) => errors.push(Error::NotOurs {
                path: folder.join(path),
            }),
            Err(error) => errors.push(Error::Io {
                action: "read",
                path: folder.join(path),
                error,
            }),
        }
    }
    let mut survey = |place: &str| {
        survey(folder, place, files).unwrap_or_else(|error| {
            errors.push(Error::Io {
                action: "list",
                path: folder.join(place),
                error,
            });
            Survey::default()
        })
    };
    difference.left_over.extend(survey("").left_over);
    for target in TARGETS {
        let places = places(target);
        let surveys: Vec<Survey> = places.iter().map(|place| survey(place)).collect();
        // What is applied from one folder needs the target's others to be destroyed.
        let in_use = surveys.iter().any(|survey| survey.in_use);
        for (place, survey) in places.into_iter().zip(surveys) {
            difference.foreign.extend(survey.foreign);
            if in_use && survey.unwanted && !survey.left_over.is_empty() {
                difference.in_use.push(place);
            } else {
                difference.left_over.extend(survey.left_over);
            }
        }
    }
    Errors::unless_none(errors, difference)
}

/// Makes `folder` what it should be: each file is replaced as a whole, and the lock last, so that
/// an interrupted run shows and the next one mends it. `keep` leaves left-over files alone.
///
/// # Errors
/// The first file that can't be written or removed; files before it are whole and new, the others
/// whole and old.
pub fn apply(folder: &Path, files: &Files, difference: Difference, keep: bool) -> Result<Written> {
    let changed = difference.missing.iter().chain(&difference.stale);
    let (last, first): (Vec<&String>, Vec<&String>) =
        changed.partition(|path| path.as_str() == lock::FILE);
    for path in &first {
        replace(&folder.join(path), &files[*path])?;
    }
    let (kept, removed) = if keep {
        (difference.left_over, Vec::new())
    } else {
        (Vec::new(), difference.left_over)
    };
    for path in &removed {
        remove(folder, path)?;
    }
    for path in &last {
        replace(&folder.join(path), &files[*path])?;
    }
    Ok(Written {
        written: first.into_iter().chain(last).cloned().collect(),
        removed,
        kept,
        in_use: difference.in_use,
        foreign: difference.foreign,
        unchanged: difference.unchanged,
    })
}

enum State {
    Same,
    Missing,
    Stale,
    NotOurs,
}

fn state(path: &Path, text: &str) -> io::Result<State> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Missing),
        // A file stands where a folder should: the message of the write would be as obscure.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(State::NotOurs),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() {
        return Ok(State::NotOurs);
    }
    let found = fs::read(path)?;
    if found == text.as_bytes() {
        return Ok(State::Same);
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let ours =
        std::str::from_utf8(&found).is_ok_and(|found| is_ours(name.unwrap_or_default(), found));
    Ok(if ours { State::Stale } else { State::NotOurs })
}

/// Every folder that any run might have written into for `target`.
fn places(target: &Target) -> Vec<String> {
    let mut places = Vec::new();
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            places.push(format!("{cloud}/{traffic}/{}", target.name));
        }
    }
    places.push(format!("modules/{}", target.name));
    places.push(format!("root/{}", target.root.folder));
    places
}

/// What a folder holds beside the files that should be there.
#[derive(Default)]
struct Survey {
    left_over: Vec<String>,
    foreign: Vec<String>,
    /// No file should be there.
    unwanted: bool,
    /// It would go, but Terraform works in it.
    in_use: bool,
}

fn survey(folder: &Path, place: &str, files: &Files) -> io::Result<Survey> {
    let mut survey = Survey::default();
    let names = match names(&folder.join(place)) {
        Ok(names) => names,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(survey);
        }
        Err(error) => return Err(error),
    };
    let is_top = place.is_empty();
    let path = |name: &str| {
        if is_top {
            name.to_owned()
        } else {
            format!("{place}/{name}")
        }
    };
    survey.unwanted = !names.iter().any(|name| files.contains_key(&path(name)));
    for name in &names {
        let path = path(name);
        if name.starts_with(TEMPORARY) {
            survey.left_over.push(path);
            continue;
        }
        if is_top || files.contains_key(&path) {
            continue;
        }
        let Ok(text) = fs::read_to_string(folder.join(&path)) else {
            // A folder, or bytes that are no text: neither ours nor Terraform's configuration.
            continue;
        };
        if is_ours(name, &text) {
            survey.left_over.push(path);
        } else if !survey.unwanted && user_files::changes_configuration(place, name, &text) {
            survey.foreign.push(path);
        }
    }
    survey.in_use = survey.unwanted
        && !survey.left_over.is_empty()
        && names.iter().any(|name| user_files::is_terraforms(name));
    Ok(survey)
}

fn names(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        // Names that are no Unicode are nobody's business here.
        if let Ok(name) = entry?.file_name().into_string() {
            names.insert(name);
        }
    }
    Ok(names)
}

fn replace(path: &Path, text: &str) -> Result<()> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let failed = |action| {
        let path = path.to_owned();
        move |error| {
            Errors::from(Error::Io {
                action,
                path,
                error,
            })
        }
    };
    fs::create_dir_all(parent).map_err(failed("create the folder of"))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // Temporary files are private by default, but these become a team's files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent).map_err(failed("write"))?;
    file.write_all(text.as_bytes()).map_err(failed("write"))?;
    file.persist(path)
        .map_err(|error| failed("replace")(error.error))?;
    Ok(())
}

/// Removes a file, and the folders that it leaves empty.
fn remove(folder: &Path, path: &str) -> Result<()> {
    let file = folder.join(path);
    fs::remove_file(&file).map_err(|error| Error::Io {
        action: "remove",
        path: file.clone(),
        error,
    })?;
    let mut parent: PathBuf = file;
    while parent.pop() && parent != folder && fs::remove_dir(&parent).is_ok() {}
    Ok(())
}
