//! Named ranges are renewed from files: those named now, and those of earlier runs for the folder.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ipnet::IpNet;

use crate::catalogue::network;
use crate::catalogue::{Catalogue, Cloud, EndpointSet, HostPattern, NamedRange, Origin, Published};
use crate::error::{Error, Errors, Result};
use crate::source::catalogues::CatalogueFile;
use crate::source::facts::Known;
use crate::source::web_service;

/// The renewals of earlier runs take the place of what `catalogue` says itself, unless one of the
/// `new` catalogues says it: what is named last counts. Returns what the user should hear of that.
pub fn from_facts(catalogue: &mut Catalogue, known: &Known, new: &[&CatalogueFile]) -> Vec<String> {
    let mut warnings = Vec::new();
    let ranges = known.catalogue.ranges.iter();
    for range in ranges.filter(|range| range.source.origin == Origin::Renewal) {
        let (name, cloud) = (&range.name, range.cloud);
        if let Some(file) = new
            .iter()
            .find(|file| file.facts.range(name, cloud).is_some())
        {
            warnings.push(format!(
                "`{name}` of {cloud} is what `{}` says now; what `--web-service` renewed earlier is forgotten",
                file.name
            ));
            continue;
        }
        let published = known.catalogue.published.iter();
        let published = published
            .filter(|host| host.cloud == cloud && Arc::ptr_eq(&host.source, &range.source));
        replace(catalogue, range.clone(), published.cloned().collect());
    }
    warnings
}

/// The embedded facts as a folder was written from them: those that it keeps, in place of today's.
#[must_use]
pub fn embedded_as_of(known: &Known, mut embedded: Catalogue) -> Catalogue {
    for set in &known.catalogue.sets {
        match embedded.sets.iter_mut().find(|other| other.key == set.key) {
            Some(other) => *other = set.clone(),
            None => embedded.sets.push(set.clone()),
        }
    }
    let ranges = known.catalogue.ranges.iter();
    for range in ranges.filter(|range| range.source.origin == Origin::Embedded) {
        let same = |other: &&mut NamedRange| other.name == range.name && other.cloud == range.cloud;
        match embedded.ranges.iter_mut().find(same) {
            Some(other) => *other = range.clone(),
            None => embedded.ranges.push(range.clone()),
        }
    }
    embedded
}

/// The `--web-service` files of a run, and what they are held against.
#[derive(Debug)]
pub struct Renewal<'a> {
    /// As the user wrote them: `CLOUD=FILE`.
    pub files: &'a [String],
    /// The ranges whose renewal is taken even though it loses much.
    pub accepted: &'a [String],
    /// The clouds that are generated, if they are known.
    pub clouds: Option<&'a [Cloud]>,
    /// The folder's own facts.
    pub known: Option<&'a Known>,
}

/// Reads the files of `renewal`, and takes their ranges into `catalogue` if they can be believed.
/// Returns what the user should hear of them.
///
/// # Errors
/// Every bad word, every file that can't be read, and every range that loses too much.
pub fn from_files(catalogue: &mut Catalogue, renewal: &Renewal<'_>) -> Result<Vec<String>> {
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    let mut seen: Vec<Cloud> = Vec::new();
    for word in renewal.files {
        let taken = parse(word, &mut seen, renewal.clouds)
            .map_err(Errors::from)
            .and_then(|(cloud, path)| take(catalogue, renewal, cloud, path));
        match taken {
            Ok(found) => warnings.extend(found),
            Err(found) => errors.extend(found.into_vec()),
        }
    }
    Errors::unless_none(errors, warnings)
}

/// Takes a `CLOUD=FILE` apart.
fn parse<'a>(
    word: &'a str,
    seen: &mut Vec<Cloud>,
    clouds: Option<&[Cloud]>,
) -> std::result::Result<(Cloud, &'a Path), Error> {
    const OPTION: &str = "--web-service";
    let invalid = |why: String| Error::InvalidValue {
        option: OPTION,
        value: word.to_owned(),
        why,
    };
    let (name, file) = word
        .split_once('=')
        .filter(|(_, file)| !file.is_empty())
        .ok_or_else(|| {
            invalid("the form is `CLOUD=FILE`, as in `worldwide=endpoints.json`".to_owned())
        })?;
    let cloud = Cloud::parse(name).ok_or_else(|| Error::UnknownValue {
        option: OPTION,
        value: name.to_owned(),
        known: Cloud::ALL.iter().map(ToString::to_string).collect(),
    })?;
    if seen.contains(&cloud) {
        return Err(invalid("this cloud is given twice".to_owned()));
    }
    seen.push(cloud);
    if clouds.is_some_and(|clouds| !clouds.contains(&cloud)) {
        return Err(invalid(format!(
            "its cloud is not among those generated; add `--cloud {cloud}`"
        )));
    }
    Ok((cloud, Path::new(file)))
}

fn take(
    catalogue: &mut Catalogue,
    renewal: &Renewal<'_>,
    cloud: Cloud,
    path: &Path,
) -> Result<Vec<String>> {
    let hosts: BTreeSet<&HostPattern> =
        catalogue.sets.iter().flat_map(EndpointSet::hosts).collect();
    let renewed = web_service::read(path, cloud, &hosts)?;
    let name = renewed.range.name.clone();
    let old = renewal
        .known
        .and_then(|known| known.catalogue.range(&name, cloud))
        .or_else(|| catalogue.range(&name, cloud));
    let before = addresses(&catalogue.published, cloud);
    let losses = [
        (name.as_str(), web_service::suspicious(old, &renewed.range)),
        (
            HOST_NAMES,
            web_service::lost(&before, &addresses(&renewed.published, cloud)),
        ),
    ];
    let is_accepted = |range: &str| renewal.accepted.iter().any(|accepted| accepted == range);
    let refused: Vec<Error> = losses
        .into_iter()
        .filter(|(range, _)| !is_accepted(range))
        .filter_map(|(range, why)| {
            Some(Error::RangeShrinks {
                range: range.to_owned(),
                cloud,
                file: path.to_owned(),
                why: why?,
            })
        })
        .collect();
    if !refused.is_empty() {
        return Err(refused.into());
    }
    let unfamiliar = web_service::unfamiliar(old, &renewed.range)
        .map(|why| format!("`{}`: {why}", path.display()));
    let warnings = renewed
        .dropped
        .iter()
        .map(|dropped| {
            format!(
                "`{}`: `{}` is inside `{}` and is not repeated in `{name}` of {cloud}",
                path.display(),
                dropped.network,
                dropped.inside
            )
        })
        .chain(unfamiliar)
        .collect();
    replace(catalogue, renewed.range, renewed.published);
    Ok(warnings)
}

/// What `--accept` calls the addresses that are published for host names.
pub const HOST_NAMES: &str = "host_names";

/// The distinct networks that are published for host names in `cloud`.
fn addresses(published: &[Published], cloud: Cloud) -> Vec<IpNet> {
    let own = published.iter().filter(|host| host.cloud == cloud);
    let networks = own.flat_map(|host| host.networks.iter().flatten());
    network::normalise(networks.copied().collect()).0
}

fn replace(catalogue: &mut Catalogue, range: NamedRange, published: Vec<Published>) {
    catalogue
        .published
        .retain(|known| known.cloud != range.cloud);
    catalogue.published.extend(published);
    if !catalogue
        .sources
        .iter()
        .any(|source| Arc::ptr_eq(source, &range.source))
    {
        catalogue.sources.push(Arc::clone(&range.source));
    }
    let same = |other: &NamedRange| other.name == range.name && other.cloud == range.cloud;
    match catalogue.ranges.iter_mut().find(|other| same(other)) {
        Some(old) => *old = range,
        None => catalogue.ranges.push(range),
    }
}
