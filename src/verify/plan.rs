//! A plan or a state of Terraform's, held against the rows that are wanted.
//!
//! Every resource of our modules must be exactly what its module makes of a row. Whatever users supply, such as the
//! addresses of their hosts, is outside the proof and said to be; whatever is unknown until apply is no proof.

mod address;
mod assess;
mod azure_firewall;
mod calls;
mod contradictions;
mod document;
mod expected;
mod generic;
mod inline;
mod instance;
mod json;
mod judging;
mod network_firewall;
mod network_security_group;
mod others;
mod outside;
mod read;
mod reading;
mod recognise;
mod rows;
mod security_group;
mod sharing;
mod supply;
mod suricata;
mod values;

use std::path::PathBuf;

use serde_json::error::Category;

use super::numbers::Numbers;
use super::opening::Wanted;
use super::proof::{Obstacle, Proof};
use super::text::shown;
use crate::error::{Error, Result};
use document::Document;
pub use others::Other;

/// What a plan or state is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    /// Every row that should stand somewhere.
    pub wanted: &'a [Wanted],
    /// What the lock gives to rows; `None`: there is no lock to hold them against.
    pub numbers: Option<&'a Numbers>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Judgement {
    pub proof: Proof,
    /// Network rules that aren't of our modules, those open to anywhere first.
    pub others: Vec<Other>,
}

/// Judges `bytes`, which `terraform show -json` wrote of a plan or a state and which are called `name`.
///
/// # Errors
/// When they are no such document.
pub fn judge(name: &str, bytes: &[u8], by: &Judge<'_>) -> Result<Judgement> {
    let malformed = |why: String, mend: &str| Error::Malformed {
        path: PathBuf::from(name),
        why,
        mend: mend.to_owned(),
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let why = "it is UTF-16, as some shells write what is redirected".to_owned();
        return Err(malformed(why, "write it as UTF-8").into());
    }
    if bytes.starts_with(b"PK") {
        let why = "it is a plan as Terraform keeps it".to_owned();
        return Err(malformed(why, SHOW).into());
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let why = "it is empty".to_owned();
        return Err(malformed(why, SHOW).into());
    }
    let document: Document<'_> = serde_json::from_slice(bytes).map_err(|error| {
        let what = match error.classify() {
            Category::Eof => "it is cut off",
            Category::Syntax | Category::Io => "it is no JSON",
            Category::Data => "it is not of the form that Terraform writes",
        };
        malformed(
            format!("{what}: {}", error.to_string().escape_debug()),
            SHOW,
        )
    })?;
    let major = document
        .format_version
        .as_deref()
        .map(|version| version.split('.').next());
    match major {
        Some(Some("1")) => {}
        Some(_) => {
            let version = document.format_version.as_deref().unwrap_or_default();
            let why = format!("it is of the format {}", version.escape_debug());
            return Err(malformed(why, "this version of the program reads format 1").into());
        }
        None if document.version.is_some() => {
            let why = "it is a state file as Terraform keeps it".to_owned();
            return Err(malformed(why, SHOW).into());
        }
        None => {
            return Err(malformed("it is neither a plan nor a state".to_owned(), SHOW).into());
        }
    }
    Ok(judging::judge(&document, name, by))
}

const SHOW: &str = "give what `terraform show -json` writes of a plan file, or of the state";

/// Something that must not be where a proof is to hold; `site` is a resource's or module's address.
fn obstacle(site: &str, name: Option<&str>, why: impl AsRef<str>, mend: &str) -> Obstacle {
    Obstacle {
        name: name.map(shown),
        ..Obstacle::of(&shown(site), shown(why.as_ref()), mend)
    }
}
