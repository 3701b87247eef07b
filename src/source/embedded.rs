//! The catalogue that is part of the program.

use crate::catalogue::check::check;
use crate::catalogue::document::Document;
use crate::catalogue::{Catalogue, Origin};
use crate::error::{Error, Errors, Result};
use crate::source::digest::sha256;

/// The article's endpoint sets, the named ranges that they refer to, and what is known of the addresses
/// of their host names.
const DOCUMENTS: &[(&str, &str)] = &[
    ("article.json", include_str!("../catalogue/article.json")),
    ("ranges.json", include_str!("../catalogue/ranges.json")),
    ("tags.json", include_str!("../catalogue/tags.json")),
];

/// Reads the embedded catalogue.
///
/// # Errors
/// Never in a released program, whose tests read the same documents.
pub fn read() -> Result<Catalogue> {
    let mut catalogue = Catalogue::default();
    for (name, text) in DOCUMENTS {
        catalogue.extend(read_document(name, text, Origin::Embedded)?);
    }
    Ok(catalogue)
}

/// Reads one catalogue document.
///
/// # Errors
/// When `text` is no JSON of the catalogue's schema, or every defect of its facts.
pub fn read_document(name: &str, text: &str, origin: Origin) -> Result<Catalogue> {
    let refuse = |place: String, why: String| Error::Catalogue {
        document: name.to_owned(),
        place,
        why,
    };
    let document: Document = serde_json::from_str(text).map_err(|error| {
        Errors::from(refuse(format!("line {}", error.line()), error.to_string()))
    })?;
    check(&document, origin, &sha256(text.as_bytes())).map_err(|defects| {
        let errors: Vec<Error> = defects
            .into_iter()
            .map(|defect| refuse(defect.place, defect.why))
            .collect();
        Errors::from(errors)
    })
}
