//! `perimeter365 import`: a document of Microsoft's becomes a catalogue.

mod article;
mod web_service;

use std::path::{Path, PathBuf};

use super::Output;
use super::arguments::{ImportArguments, ImportFrom};
use crate::catalogue::Catalogue;
use crate::catalogue::document::Document;
use crate::error::Result;
use crate::file;
use crate::harmless;
use crate::source::catalogues::{CatalogueFile, EMBEDDED};
use crate::source::embedded;
use crate::source::named::Named;
use crate::write::replace_file;

pub fn run(arguments: &ImportArguments) -> Result<Output> {
    match &arguments.from {
        ImportFrom::Article(arguments) => article::run(arguments),
        ImportFrom::WebService(arguments) => web_service::run(arguments),
    }
}

/// The bytes of a file, or of standard input for `-`, with what errors call them.
fn read(path: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let is_input = path.as_os_str() == "-";
    let name = if is_input {
        PathBuf::from("standard input")
    } else {
        path.to_owned()
    };
    let read = if is_input {
        file::input()
    } else {
        file::document(path)
    };
    match read {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(file::unread(&name, error).into()),
    }
}

/// The document as a file has it: one value a line.
fn json(document: &Document) -> String {
    harmless::json(document)
}

/// Writes a catalogue where none or another one is.
fn write(path: &Path, text: &str) -> Result<()> {
    let is_catalogue = |text: &str| serde_json::from_str::<Document>(text).is_ok();
    replace_file(path, text, is_catalogue)
}

/// The catalogue that an import is held against.
fn against(word: &str) -> Result<Catalogue> {
    if word == EMBEDDED {
        return embedded::read();
    }
    let (name, bytes) = read(Path::new(word))?;
    Ok(CatalogueFile::read(&name.display().to_string(), &bytes)?.facts)
}
