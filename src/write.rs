//! Files meet the folder: compared with what is there, and then written, or only reported.

mod guard;
mod survey;
pub(crate) mod user_files;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

use serde::Serialize;

use crate::error::{Error, Errors, Result};
use crate::file;
use crate::lock;
use crate::render::Files;
use crate::render::header::is_ours;
use crate::target::TARGETS;
use crate::template;
pub use guard::Guard;
use survey::{Survey, TEMPORARY_END, TEMPORARY_START, places, survey, text_places};

/// How the folder differs from what it should hold. Paths are relative to it.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub missing: Vec<String>,
    pub stale: Vec<String>,
    /// Files that the program wrote earlier and has no use for any more.
    pub left_over: Vec<String>,
    /// Temporary files of a run that was interrupted.
    pub unfinished: Vec<String>,
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
            && self.unfinished.is_empty()
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

/// Compares `files` with what is in `folder`, which may hold texts of these `templates` from earlier runs.
///
/// # Errors
/// Every file that the program did not write and that stands where it would write, every symbolic
/// link that would lead out of `folder`, and every file or folder that can't be read.
pub fn compare(folder: &Path, files: &Files, templates: &[String]) -> Result<Difference> {
    let mut errors = barriers(folder, files);
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let mut difference = Difference::default();
    for (path, text) in files {
        match state(&folder.join(path), text) {
            Ok(State::Same) => difference.unchanged += 1,
            Ok(State::Missing) => difference.missing.push(path.clone()),
            Ok(State::Stale) => difference.stale.push(path.clone()),
            Ok(State::NotOurs) => errors.push(Error::NotOurs {
                path: folder.join(path),
            }),
            Ok(State::Link) => errors.push(Error::Link {
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
    difference.unfinished.extend(survey("").unfinished);
    for target in TARGETS {
        let places = places(target);
        let surveys: Vec<Survey> = places.iter().map(|place| survey(place)).collect();
        // What is applied from one folder needs the target's others to be destroyed.
        let in_use = surveys.iter().any(|survey| survey.in_use);
        for (place, survey) in places.into_iter().zip(surveys) {
            difference.foreign.extend(survey.foreign);
            difference.unfinished.extend(survey.unfinished);
            if in_use && survey.unwanted && !survey.left_over.is_empty() {
                difference.in_use.push(place);
            } else {
                difference.left_over.extend(survey.left_over);
            }
        }
    }
    for place in text_places(folder, templates) {
        let survey = survey(&place);
        difference.unfinished.extend(survey.unfinished);
        difference.left_over.extend(survey.left_over);
    }
    Errors::unless_none(errors, difference)
}

/// Makes `folder` what it should be: each file is replaced as a whole. A lock that is there comes
/// last, so that an interrupted run shows and the next one mends it; a new one comes first, so that
/// the next run knows what the first one was asked for. `keep` leaves left-over files alone.
///
/// # Errors
/// The files at which writing or removing ended; each file is whole, and new or old.
pub fn apply(folder: &Path, files: &Files, difference: Difference, keep: bool) -> Result<Written> {
    let is_lock = |path: &&String| path.as_str() == lock::FILE;
    // A lock that names a template has to find it.
    let is_template = |path: &&String| path.starts_with(template::FOLDER);
    let is_other = |path: &&String| !is_lock(path) && !is_template(path);
    let (missing, stale) = (&difference.missing, &difference.stale);
    let order: Vec<&String> = missing
        .iter()
        .chain(stale)
        .filter(is_template)
        .chain(missing.iter().filter(is_lock))
        .chain(missing.iter().chain(stale).filter(is_other))
        .collect();
    let parents: BTreeSet<PathBuf> = order
        .iter()
        .filter_map(|path| folder.join(path).parent().map(Path::to_owned))
        .collect();
    for parent in parents {
        fs::create_dir_all(&parent).map_err(|error| Error::Io {
            action: "create",
            path: parent,
            error,
        })?;
    }
    let (first, others) = order.split_at(order.partition_point(|path| !is_other(path)));
    for path in first {
        replace(&folder.join(path), &files[*path])?;
    }
    replace_all(folder, files, others)?;
    let (kept, mut removed) = if keep {
        (difference.left_over, Vec::new())
    } else {
        (Vec::new(), difference.left_over)
    };
    removed.extend(difference.unfinished);
    for path in &removed {
        remove(folder, path)?;
    }
    let last = difference.stale.iter().find(is_lock);
    if let Some(path) = last {
        replace(&folder.join(path), &files[path])?;
    }
    Ok(Written {
        written: order.into_iter().chain(last).cloned().collect(),
        removed,
        kept,
        in_use: difference.in_use,
        foreign: difference.foreign,
        unchanged: difference.unchanged,
    })
}

/// Replaces files that don't depend on each other: to make one takes the system longer than all that was thought about it.
fn replace_all(folder: &Path, files: &Files, paths: &[&String]) -> Result<()> {
    /// More don't make a file system faster.
    const THREADS: usize = 4;
    let threads = thread::available_parallelism().map_or(1, |most| most.get().min(THREADS));
    let share = paths.len().div_ceil(threads).max(1);
    let errors = thread::scope(|scope| {
        let replace_each = |share: &[&String]| -> Result<()> {
            for path in share {
                replace(&folder.join(path), &files[*path])?;
            }
            Ok(())
        };
        let running: Vec<_> = paths
            .chunks(share)
            .map(|share| scope.spawn(move || replace_each(share)))
            .collect();
        let ended = running.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        let errors = ended.filter_map(Result::err).flat_map(Errors::into_vec);
        errors.collect::<Vec<Error>>()
    });
    Errors::unless_none(errors, ())
}

/// Writes one file as a whole, where none is or one that `may_go`.
///
/// # Errors
/// When something else stands there, or it can't be written.
pub fn replace_file(path: &Path, text: &str, may_go: impl Fn(&str) -> bool) -> Result<()> {
    let may_go = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Ok(metadata) if metadata.is_file() => file::text(path).is_ok_and(|text| may_go(&text)),
        _ => false,
    };
    if !may_go {
        return Err(Error::InvalidValue {
            option: "--out",
            value: path.display().to_string(),
            why: "something else stands there; move it away, or choose another name".to_owned(),
        }
        .into());
    }
    replace(path, text)
}

/// What stands in the way of a folder that is to be written into.
fn barriers(folder: &Path, files: &Files) -> Vec<Error> {
    let mut barriers: Vec<Error> = Vec::new();
    let mut blocked: BTreeSet<PathBuf> = BTreeSet::new();
    let parents: BTreeSet<&Path> = files
        .keys()
        .flat_map(|path| Path::new(path).ancestors().skip(1))
        .filter(|path| !path.as_os_str().is_empty())
        .collect();
    for parent in parents {
        let path = folder.join(parent);
        if path.ancestors().any(|above| blocked.contains(above)) {
            continue;
        }
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_symlink() => {
                barriers.push(Error::Link { path: path.clone() });
            }
            Ok(metadata) if !metadata.is_dir() => {
                barriers.push(Error::NotOurs { path: path.clone() });
            }
            _ => continue,
        }
        blocked.insert(path);
    }
    barriers
}

enum State {
    Same,
    Missing,
    Stale,
    NotOurs,
    Link,
}

fn state(path: &Path, text: &str) -> io::Result<State> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Missing),
        Err(error) => return Err(error),
    };
    if metadata.is_symlink() {
        return Ok(State::Link);
    }
    if !metadata.is_file() {
        return Ok(State::NotOurs);
    }
    let found = file::read(path)?;
    if found == text.as_bytes() {
        return Ok(State::Same);
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let ours =
        std::str::from_utf8(&found).is_ok_and(|found| is_ours(name.unwrap_or_default(), found));
    Ok(if ours { State::Stale } else { State::NotOurs })
}

/// Puts `text` in the place of a file at once. Nothing is forced to disk: for a folder of 66 files that takes 60 to 800 ms
/// (measured on ext4), many times the whole of a run, and a power cut costs nothing that can't be generated
/// again. The lock can't, and is in version control.
fn replace(path: &Path, text: &str) -> Result<()> {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
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
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_START).suffix(TEMPORARY_END);
    // Temporary files are private by default, but these become a team's files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(parent).map_err(failed("write"))?;
    let bytes = text.as_bytes();
    file.as_file_mut()
        .write_all(bytes)
        .map_err(failed("write"))?;
    file.persist(path)
        .map_err(|error| failed("replace")(error.error))?;
    Ok(())
}

/// Removes a file, if it is still there, and the folders that it leaves empty.
fn remove(folder: &Path, path: &str) -> Result<()> {
    let file = folder.join(path);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::Io {
                action: "remove",
                path: file,
                error,
            }
            .into());
        }
        _ => {}
    }
    let mut parent: PathBuf = file;
    while parent.pop() && parent != folder && fs::remove_dir(&parent).is_ok() {}
    Ok(())
}
