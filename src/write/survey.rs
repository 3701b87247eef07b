//! What stands in the folders that the program writes into, beside the files that should be there.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use super::user_files;
use crate::catalogue::{Cloud, Traffic};
use crate::file;
use crate::render::Files;
use crate::render::header::{is_ours, may_become_ours};
use crate::target::{TARGETS, Target};
use crate::template::{self, FORMATS};

/// How temporary files are called until they are whole, around six letters and digits.
pub const TEMPORARY_START: &str = ".perimeter365-";
pub const TEMPORARY_END: &str = ".tmp";

/// The names that a left-over file can have. Whatever else has the header was copied by somebody.
const NAMES: [&str; 8] = [
    "README.md",
    "calls.tf",
    "main.tf",
    "outputs.tf",
    "ranges.tf",
    "variables.tf",
    "versions.tf",
    ".gitignore",
];

/// Every folder that any run might have written into for `target`.
pub fn places(target: &Target) -> Vec<String> {
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

/// What a folder holds beside the files that should be there. Paths are those from the output
/// folder.
#[derive(Debug, Default)]
pub struct Survey {
    pub left_over: Vec<String>,
    pub unfinished: Vec<String>,
    pub foreign: Vec<String>,
    /// No file should be there.
    pub unwanted: bool,
    /// It would go, but Terraform works in it.
    pub in_use: bool,
}

/// Every folder below `folder` that a template's texts might stand in, if it is a format of ours or one
/// of those that were `known` for the folder. Templates themselves are inputs, and stay.
pub fn text_places(folder: &Path, known: &[String]) -> Vec<String> {
    let mut places = Vec::new();
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            let place = format!("{cloud}/{traffic}");
            // What can't be listed here holds nothing of ours.
            let names = names(&folder.join(&place)).unwrap_or_default();
            let names = names.iter().filter_map(|name| name.to_str());
            let ours = |name: &&str| {
                FORMATS.iter().any(|format| format.name == *name)
                    || known.iter().any(|known| known == name)
            };
            places.extend(names.filter(ours).map(|name| format!("{place}/{name}")));
        }
    }
    places
}

/// Whether a run might have written `text` into a file `name` in `place`.
fn might_be_ours(place: &str, name: &str, text: &str) -> bool {
    let is_target = |folder: &str| TARGETS.iter().any(|target| target.name == folder);
    match place.rsplit_once('/') {
        // The output folder itself.
        None => false,
        Some(("modules" | "root", _)) => NAMES.contains(&name),
        Some((_, folder)) if is_target(folder) => NAMES.contains(&name),
        Some((_, folder)) => template::might_write(folder, name, text),
    }
}

/// Whether the file is worth a look: of the folders of texts all are.
fn has_our_name(place: &str, name: &str) -> bool {
    let is_text = |folder: &str| TARGETS.iter().all(|target| target.name != folder);
    match place.rsplit_once('/') {
        None => false,
        Some(("modules" | "root", _)) => NAMES.contains(&name),
        Some((_, folder)) => is_text(folder) || NAMES.contains(&name),
    }
}

/// Looks through `place`, a folder below `folder`; the output folder itself, if empty. What is
/// reached only through a symbolic link is not ours to look at.
pub fn survey(folder: &Path, place: &str, files: &Files) -> io::Result<Survey> {
    let mut survey = Survey::default();
    if !is_folder(folder, place) {
        return Ok(survey);
    }
    let here = folder.join(place);
    let names = names(&here)?;
    let is_top = place.is_empty();
    let path = |name: &str| {
        if is_top {
            name.to_owned()
        } else {
            format!("{place}/{name}")
        }
    };
    let wanted = |name: &OsString| {
        name.to_str()
            .is_some_and(|name| files.contains_key(&path(name)))
    };
    survey.unwanted = !names.iter().any(wanted);
    for name in names.iter().filter(|name| !wanted(name)) {
        let shown = name.to_string_lossy();
        let path = path(&shown);
        let is_configuration = !is_top && !survey.unwanted && user_files::is_configuration(&shown);
        let Ok(metadata) = fs::symlink_metadata(here.join(name)) else {
            continue;
        };
        if !metadata.is_file() {
            // Terraform follows a link, and passes folders over.
            if is_configuration && !metadata.is_dir() {
                survey.foreign.push(path);
            }
            continue;
        }
        if !has_our_name(place, &shown) && !is_configuration && !is_temporary(&shown) {
            continue;
        }
        let bytes = file::read(&here.join(name))?;
        let text = String::from_utf8_lossy(&bytes);
        let may_be_ours = might_be_ours(place, &shown, &text);
        if is_temporary(&shown) && may_become_ours(&text) {
            survey.unfinished.push(path);
        } else if may_be_ours && is_ours(&shown, &text) {
            survey.left_over.push(path);
        } else if is_configuration && !user_files::is_backend(place, &shown, &text) {
            survey.foreign.push(path);
        }
    }
    survey.in_use = survey.unwanted
        && !survey.left_over.is_empty()
        && names
            .iter()
            .any(|name| user_files::is_terraforms(&name.to_string_lossy()));
    Ok(survey)
}

/// Whether `place` is a folder, all the way down from `folder`.
fn is_folder(folder: &Path, place: &str) -> bool {
    let mut path = folder.to_owned();
    path.is_dir()
        && Path::new(place).components().all(|component| {
            path.push(component);
            fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir())
        })
}

/// In a fixed order, whatever the file system's is.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

fn is_temporary(name: &str) -> bool {
    name.strip_prefix(TEMPORARY_START)
        .and_then(|rest| rest.strip_suffix(TEMPORARY_END))
        .is_some_and(|random| {
            random.len() == 6 && random.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}
