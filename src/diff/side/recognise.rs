//! What a file is, by what stands in it.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::catalogue::{Catalogue, Cloud};
use crate::error::{Error, Result, quoted};
use crate::file;
use crate::render::header;
use crate::source::article;
use crate::source::catalogues::CatalogueFile;
use crate::source::digest::sha256;
use crate::source::named::Named;
use crate::source::web_service::{self, EXCHANGE_ONLINE};

/// What a file seems to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// JSON of [`crate::catalogue::document::Document`].
    Catalogue,
    /// The facts of a generated folder.
    Facts,
    /// The web service's answer for one instance: a JSON array of entries.
    WebService,
    /// No JSON: the article, if anything, as Markdown, HTML or plain text.
    Article,
    Unknown,
}

/// Reads the facts of `bytes`, whatever format they are in, and what a reader has to know of them. `path` is what
/// errors call them; `known` has the keys of the article's rows, and tells clouds apart.
///
/// # Errors
/// When they are of no known kind, or are damaged.
pub fn read(path: &Path, bytes: &[u8], known: &Catalogue) -> Result<(Catalogue, Vec<String>)> {
    let refuse = |why: &str, mend: &str| {
        Err(Error::Malformed {
            path: path.to_owned(),
            why: why.to_owned(),
            mend: mend.to_owned(),
        }
        .into())
    };
    // A text that was saved by a browser or by PowerShell may start with a byte order mark.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(text) else {
        return refuse("it is no text in UTF-8", NEEDED);
    };
    if header::is_ours(&path.display().to_string(), text) {
        return refuse(
            "perimeter365 wrote it itself",
            "name the folder that it stands in",
        );
    }
    let kind = kind(text);
    if matches!(kind, Kind::WebService | Kind::Article) {
        file::is_document(bytes).map_err(|error| file::unread(path, error))?;
    }
    match kind {
        Kind::Catalogue => {
            let name = path.display().to_string();
            Ok((CatalogueFile::read(&name, bytes)?.facts, Vec::new()))
        }
        Kind::Facts => refuse(
            "it is the facts of a generated folder",
            "name the folder that it stands in",
        ),
        Kind::WebService => web_service(path, bytes, known),
        Kind::Article => {
            if let Err(why) = article::measure(text) {
                return refuse(&why, NEEDED);
            }
            match article::read(text, known) {
                Some(article) => Ok(edition(path, article)),
                None => refuse(
                    "it is no JSON, and has no table with a row of the article that is known",
                    NEEDED,
                ),
            }
        }
        Kind::Unknown => refuse("it is of no kind that can be compared", NEEDED),
    }
}

const NEEDED: &str = "give a catalogue as JSON, the article, an answer of the web service, a folder that perimeter365 generated, or `embedded`";

/// An edition as it is: what it holds of corrupted tokens is left out, and said.
fn edition(path: &Path, article: article::Article) -> (Catalogue, Vec<String>) {
    let flaws = article.flaws.iter().map(|flaw| {
        format!(
            "`{}`, line {}, row {}: `{}` is left out: {}",
            path.display(),
            flaw.line,
            flaw.row,
            flaw.token.escape_debug(),
            flaw.why
        )
    });
    let mut notes: Vec<String> = flaws.collect();
    notes.extend(
        article
            .notes
            .iter()
            .map(|note| format!("`{}`: {note}", path.display())),
    );
    (article.catalogue, notes)
}

/// An answer doesn't say which cloud's it is; its Exchange addresses tell.
fn web_service(path: &Path, bytes: &[u8], known: &Catalogue) -> Result<(Catalogue, Vec<String>)> {
    let catalogue = |cloud| {
        let import = web_service::import(path, bytes, cloud, "as supplied")?;
        let name = path.display().to_string();
        CatalogueFile::new(&name, import.document, sha256(bytes)).map(|file| file.facts)
    };
    let facts = catalogue(Cloud::Worldwide)?;
    let own = facts.ranges.iter().flat_map(|range| &range.networks);
    let own: Vec<_> = own.copied().collect();
    let shared = |cloud: Cloud| {
        let ranges = known
            .ranges
            .iter()
            .filter(|range| range.cloud == cloud && range.name.as_str() == EXCHANGE_ONLINE);
        let networks = ranges.flat_map(|range| &range.networks);
        networks.filter(|network| own.contains(network)).count()
    };
    let counts = Cloud::ALL.iter().map(|cloud| (shared(*cloud), *cloud));
    // Of two that share as much, the first.
    let likely = counts.rev().max_by_key(|(count, _)| *count);
    match likely {
        Some((count, cloud)) if count > 0 => {
            let facts = if cloud == Cloud::Worldwide {
                facts
            } else {
                catalogue(cloud)?
            };
            Ok((facts, Vec::new()))
        }
        _ => Ok((
            facts,
            vec![format!(
                "`{}` has no Exchange addresses that tell its cloud, and is taken for the one of {}",
                path.display(),
                quoted(&[Cloud::Worldwide])
            )],
        )),
    }
}

/// The fields by which JSON objects are known.
#[derive(Deserialize)]
struct Fields {
    schema: Option<IgnoredAny>,
    documents: Option<IgnoredAny>,
}

fn kind(text: &str) -> Kind {
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix('[') {
        // Markdown can begin with a link.
        let is_list = rest.trim_start().starts_with(['{', ']']);
        return if is_list {
            Kind::WebService
        } else {
            Kind::Article
        };
    }
    if !text.starts_with('{') {
        return Kind::Article;
    }
    match serde_json::from_str(text) {
        Ok(Fields {
            schema: Some(_), ..
        }) => Kind::Catalogue,
        Ok(Fields {
            documents: Some(_), ..
        }) => Kind::Facts,
        // Whoever reads it says where it is damaged.
        Err(_) if text.contains("\"schema\"") => Kind::Catalogue,
        _ => Kind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_what_stands_in_it() {
        for (text, expected) in [
            ("\n{ \"schema\": 1 }", Kind::Catalogue),
            ("{ \"schema\": 1, ", Kind::Catalogue),
            (
                "{ \"generated_by\": \"x\", \"documents\": [] }",
                Kind::Facts,
            ),
            ("{ \"a\": 1 }", Kind::Unknown),
            ("{", Kind::Unknown),
            ("[ { \"id\": 1 } ]", Kind::WebService),
            ("[]", Kind::WebService),
            ("[Microsoft 365](x)\n", Kind::Article),
            (
                "# Endpoints\n\nNot in the Office 365 web service\n",
                Kind::Article,
            ),
            ("<html>Microsoft 365</html>", Kind::Article),
            ("resource \"x\" {}", Kind::Article),
            ("", Kind::Article),
        ] {
            assert_eq!(kind(text), expected, "{text:?}");
        }
    }
}
