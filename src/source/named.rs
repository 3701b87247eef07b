//! Documents that an option names: by their path when they are given, by their digest from then on,
//! when the folder keeps what was in them.

use std::path::Path;

use crate::error::{Error, Errors, Result, quoted};
use crate::file;
use crate::lock;
use crate::source::digest::{is_sha256, sha256};
use crate::source::facts;

/// What an option such as `--catalogue` names.
pub trait Named: Clone {
    const OPTION: &'static str;

    /// Reads the bytes of a document; `name` is what errors call it.
    ///
    /// # Errors
    /// Everything in it that must not pass.
    fn read(name: &str, bytes: &[u8]) -> Result<Self>;

    /// Over the bytes that it was first read from.
    fn digest(&self) -> &str;
}

/// The documents that `words` name, each once, in their order. Only a digest is `remembered`: the
/// folder `out` keeps such a document, among others that it has `kept`.
///
/// # Errors
/// Every file that can't be read, document that is damaged, and digest that the folder doesn't keep.
pub fn read<T: Named>(
    words: Option<&[String]>,
    remembered: bool,
    kept: &[T],
    out: &Path,
) -> Result<Vec<T>> {
    let mut documents: Vec<T> = Vec::new();
    let mut errors = Vec::new();
    for word in words.into_iter().flatten() {
        match one(word, remembered, kept, out) {
            Ok(document) => {
                let is_new = |other: &T| other.digest() != document.digest();
                if documents.iter().all(is_new) {
                    documents.push(document);
                }
            }
            Err(found) => errors.extend(found.into_vec()),
        }
    }
    Errors::unless_none(errors, documents)
}

/// Reads `bytes` as the JSON of a `D`, which may start with a byte order mark: by `read`, from its name and its text.
/// Returns their digest, too.
///
/// # Errors
/// When they are no such JSON, with everything that is wrong with its shape.
pub fn document<D>(
    name: &str,
    bytes: &[u8],
    read: impl FnOnce(&str, &str) -> Result<D>,
) -> Result<(D, String)> {
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(json).map_err(|error| Error::Catalogue {
        document: name.to_owned(),
        place: format!("byte {}", error.valid_up_to() + 1),
        why: "it is no UTF-8 text".to_owned(),
    })?;
    let start = text.trim_start();
    let import = if start.starts_with('[') {
        Some(
            "a list: if it is an answer of the web service, `perimeter365 import web-service` makes a catalogue of it",
        )
    } else if !start.starts_with('{') {
        Some(
            "no JSON: if it is an edition of the article, `perimeter365 import article` makes a catalogue of it",
        )
    } else {
        None
    };
    if let Some(what) = import {
        return Err(Error::Catalogue {
            document: name.to_owned(),
            place: "line 1".to_owned(),
            why: format!("it is {what}"),
        }
        .into());
    }
    Ok((read(name, text)?, sha256(bytes)))
}

fn one<T: Named>(word: &str, remembered: bool, kept: &[T], out: &Path) -> Result<T> {
    if let Some(document) = kept.iter().find(|document| document.digest() == word) {
        return Ok(document.clone());
    }
    if remembered {
        return Err(Error::Malformed {
            path: out.join(facts::FILE),
            why: format!(
                "it doesn't keep `{}`, which `{}` remembers of `{}`",
                word.escape_debug(),
                lock::FILE,
                T::OPTION
            ),
            mend: format!(
                "restore both from version control, or name the file again with `{}`",
                T::OPTION
            ),
        }
        .into());
    }
    if is_sha256(word) {
        let digests: Vec<&str> = kept.iter().map(Named::digest).collect();
        let why = if digests.is_empty() {
            "a digest names what the folder keeps, and it keeps none; name the file".to_owned()
        } else {
            format!("the folder keeps {} only; name the file", quoted(&digests))
        };
        return Err(Error::InvalidValue {
            option: T::OPTION,
            value: word.to_owned(),
            why,
        }
        .into());
    }
    let bytes = file::given(word.as_ref()).map_err(|error| file::unread(word.as_ref(), error))?;
    T::read(word, &bytes)
}
