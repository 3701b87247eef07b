//! `perimeter365 import web-service`.

use std::path::Path;

use super::{against, json, read, write};
use crate::catalogue::{Catalogue, Cloud};
use crate::cli::arguments::WebServiceArguments;
use crate::cli::{End, Output};
use crate::diff::{account, compare};
use crate::error::{Error, Errors, Result};
use crate::harmless;
use crate::shell;
use crate::source::catalogues::{CatalogueFile, EMBEDDED};
use crate::source::digest::sha256;
use crate::source::web_service::{self, EXCHANGE_ONLINE};

/// The edition of an answer whose version nobody tells.
const NO_VERSION: &str = "as supplied";

pub fn run(arguments: &WebServiceArguments) -> Result<Output> {
    let mut errors = Vec::new();
    let cloud = cloud(&arguments.cloud)?;
    let edition = match &arguments.service_version {
        None => Ok(NO_VERSION.to_owned()),
        Some(word) => version(word, cloud),
    };
    let edition = edition
        .map_err(|found| errors.extend(found.into_vec()))
        .unwrap_or_default();
    let against = against(&arguments.against).map_err(|found| errors.extend(found.into_vec()));
    let import = read(&arguments.file)
        .and_then(|(name, bytes)| web_service::import(&name, &bytes, cloud, &edition))
        .map_err(|found| errors.extend(found.into_vec()));
    let (Ok(import), Ok(against), true) = (import, against, errors.is_empty()) else {
        return Err(errors.into());
    };
    let text = json(&import.document);
    let digest = sha256(text.as_bytes());
    let name = arguments.file.display().to_string();
    let facts = CatalogueFile::new(&name, import.document, digest)?.facts;
    let mut warnings = import.left_out;
    let doubts = doubts(&facts, &against, &arguments.against, cloud);
    let mut findings = !doubts.is_empty();
    warnings.extend(doubts);
    let mut talk = String::new();
    // The embedded sets are the article's: none of the web service's stands among them.
    if arguments.against != EMBEDDED {
        let diff = compare(&against, &facts);
        findings |= diff.lacks().next().is_some();
        let account = account(&diff);
        talk = if account.is_empty() {
            format!(
                "It lacks and adds nothing against `{}`.\n",
                arguments.against
            )
        } else {
            format!("Against `{}`, it\n{account}", arguments.against)
        };
    }
    let data = match &arguments.out {
        None => text,
        Some(out) => {
            write(out, &text)?;
            written(out, &facts)
        }
    };
    Ok(Output {
        data,
        warnings,
        talk,
        end: End::of(findings),
    })
}

/// What should give pause of the addresses of `exchange_online` in `cloud`, against those of `against`.
fn doubts(imported: &Catalogue, against: &Catalogue, name: &str, cloud: Cloud) -> Vec<String> {
    let of = |catalogue: &Catalogue| {
        let mut ranges = catalogue.ranges.clone();
        ranges.retain(|range| range.name.as_str() == EXCHANGE_ONLINE && range.cloud == cloud);
        ranges.pop()
    };
    let Some(old) = of(against) else {
        return Vec::new();
    };
    let Some(new) = of(imported) else {
        return vec![format!(
            "`{EXCHANGE_ONLINE}` of {cloud} is not in it: no Exchange entry lists addresses, and `{name}` has some"
        )];
    };
    let lost = web_service::lost(&old.networks, &new.networks);
    let unfamiliar = web_service::unfamiliar(Some(&old), &new);
    let whys = lost.into_iter().chain(unfamiliar);
    whys.map(|why| format!("`{EXCHANGE_ONLINE}` of {cloud}, against `{name}`: {why}"))
        .collect()
}

fn cloud(word: &str) -> Result<Cloud> {
    Cloud::parse(word).ok_or_else(|| {
        Errors::from(Error::UnknownValue {
            option: "--cloud",
            value: word.to_owned(),
            known: Cloud::ALL.iter().map(ToString::to_string).collect(),
        })
    })
}

/// The version that `word` is, or that the file has that it names.
fn version(word: &str, cloud: Cloud) -> Result<String> {
    let text = if web_service::is_version(word) {
        word.to_owned()
    } else {
        let (_, bytes) = read(Path::new(word))?;
        String::from_utf8_lossy(&bytes).into_owned()
    };
    web_service::version(&text, cloud).map_err(|why| {
        Errors::from(Error::InvalidValue {
            option: "--service-version",
            value: word.to_owned(),
            why,
        })
    })
}

fn written(out: &Path, facts: &Catalogue) -> String {
    format!(
        "{out}: {} endpoint sets, {} host names with published addresses\n\nNext: perimeter365 generate --out DIR --catalogue {} --traffic user\n",
        facts.sets.len(),
        facts
            .published
            .iter()
            .map(|published| &published.host)
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        shell::word(&out.to_string_lossy()),
        out = harmless::path(out),
    )
}
