//! `perimeter365 import web-service`.

use std::path::Path;

use super::{json, read, write};
use crate::catalogue::{Catalogue, Cloud};
use crate::cli::Output;
use crate::cli::arguments::WebServiceArguments;
use crate::error::{Error, Errors, Result};
use crate::source::catalogues::{CatalogueFile, EMBEDDED};
use crate::source::digest::sha256;
use crate::source::embedded;
use crate::source::named::Named;
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
    let findings = lacks_and_adds(&facts, &against, &arguments.against, cloud);
    let has_findings = !findings.is_empty();
    warnings.extend(findings);
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
        findings: has_findings,
    })
}

/// What the imported catalogue lacks and adds that `against` has of `cloud`, so far as it should give
/// pause: of the embedded catalogue, only the addresses of `exchange_online` are the web service's.
fn lacks_and_adds(
    imported: &Catalogue,
    against: &Catalogue,
    name: &str,
    cloud: Cloud,
) -> Vec<String> {
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

fn against(word: &str) -> Result<Catalogue> {
    if word == EMBEDDED {
        return embedded::read();
    }
    let (name, bytes) = read(Path::new(word))?;
    Ok(CatalogueFile::read(&name.display().to_string(), &bytes)?.facts)
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
        crate::shell::word(&out.display().to_string()),
        out = out.display(),
    )
}
