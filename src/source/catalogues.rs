//! Catalogues that stand in place of the embedded endpoint sets: files named now, and what a folder
//! keeps of those of earlier runs.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::catalogue::check::check;
use crate::catalogue::document::Document;
use crate::catalogue::{Catalogue, EndpointSet, Origin, Published};
use crate::error::{Error, Errors, Result, quoted};
use crate::schema;
use crate::source::named::{self, Named};

const OPTION: &str = "--catalogue";

/// The word that names the catalogue that is part of the program.
pub const EMBEDDED: &str = "embedded";

/// A catalogue as a file has it.
#[derive(Debug, Clone)]
pub struct CatalogueFile {
    /// What errors call it: the path that was given, or its digest.
    pub name: String,
    /// Over the bytes that it was first read from.
    pub digest: String,
    pub document: Arc<Document>,
    pub facts: Catalogue,
}

impl CatalogueFile {
    /// Takes a document for the catalogue that it is.
    ///
    /// # Errors
    /// Every defect of the document.
    pub fn new(name: &str, document: Document, digest: String) -> Result<Self> {
        let facts = check(&document, Origin::File, &digest).map_err(|defects| {
            let errors = defects.into_iter().map(|defect| Error::Catalogue {
                document: name.to_owned(),
                place: defect.place,
                why: defect.why,
            });
            Errors::from(errors.collect::<Vec<Error>>())
        })?;
        Ok(Self {
            name: name.to_owned(),
            digest,
            document: Arc::new(document),
            facts,
        })
    }
}

impl Named for CatalogueFile {
    const OPTION: &'static str = OPTION;

    fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        let (document, digest) = named::document(name, bytes, |name, text| {
            schema::read(name, text, &schemars::schema_for!(Document))
        })?;
        Self::new(name, document, digest)
    }

    fn digest(&self) -> &str {
        &self.digest
    }
}

/// What stands in place of the embedded endpoint sets, in the order in which it was named.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    pub files: Vec<CatalogueFile>,
    /// Before which of the files the embedded sets stand; `None`: nowhere.
    embedded: Option<usize>,
}

impl Chosen {
    /// The words by which a folder remembers it; `None`: the embedded sets alone.
    #[must_use]
    pub fn words(&self) -> Option<Vec<String>> {
        let files = self.files.iter();
        let mut words: Vec<String> = files.map(|file| file.digest.clone()).collect();
        if let Some(index) = self.embedded {
            words.insert(index, EMBEDDED.to_owned());
        }
        (!self.files.is_empty()).then_some(words)
    }
}

/// Reads the catalogues that `words` name. See [`named::read`].
///
/// # Errors
/// Every file that can't be read or is no catalogue, with all of its defects.
pub fn read(
    words: Option<&[String]>,
    remembered: bool,
    kept: &[CatalogueFile],
    out: &Path,
) -> Result<Chosen> {
    let Some(words) = words else {
        return Ok(Chosen {
            files: Vec::new(),
            embedded: Some(0),
        });
    };
    let (mut chosen, mut errors) = (Chosen::default(), Vec::new());
    if words.is_empty() {
        errors.push(invalid(
            "",
            "it is there and names nothing; name one, or leave it out".to_owned(),
        ));
    }
    let mut groups = words.split(|word| word == EMBEDDED).enumerate();
    for (index, files) in groups.by_ref() {
        if index > 0 && chosen.embedded.is_none() {
            chosen.embedded = Some(chosen.files.len());
        }
        match named::read(Some(files), remembered, kept, out) {
            Ok(files) => {
                for file in files {
                    if !chosen.files.iter().any(|known| known.digest == file.digest) {
                        chosen.files.push(file);
                    }
                }
            }
            Err(found) => errors.extend(found.into_vec()),
        }
    }
    Errors::unless_none(errors, chosen)
}

/// The facts of `embedded` with the sets that are `chosen` in place of its own; of names and ranges,
/// what a file says stands in place of what `embedded` says.
///
/// # Errors
/// Every key, range, published address and service tag that two of them give; and no set at all.
pub fn join(embedded: &Catalogue, chosen: &Chosen) -> Result<Catalogue> {
    let mut documents: Vec<(&str, &Catalogue)> = chosen
        .files
        .iter()
        .map(|file| (file.name.as_str(), &file.facts))
        .collect();
    let mut joined = Catalogue {
        sources: embedded.sources.clone(),
        ..Catalogue::default()
    };
    let mut errors = Vec::new();
    for (index, (name, facts)) in documents.iter().enumerate() {
        errors.extend(contradictions(name, facts, &documents[..index]));
        joined.sources.extend(facts.sources.iter().cloned());
        add_names(&mut joined, facts);
    }
    let rest = what_is_left(embedded, &joined);
    add_names(&mut joined, &rest);
    joined.published.sort_by(|a, b| {
        let order = |known: &Published| (known.cloud, known.host.clone(), known.entry);
        order(a).cmp(&order(b))
    });
    if let Some(index) = chosen.embedded {
        documents.insert(index, (EMBEDDED, embedded));
    }
    for (index, (name, facts)) in documents.iter().enumerate() {
        errors.extend(twice(name, &facts.sets, &documents[..index]));
        joined.sets.extend(facts.sets.iter().cloned());
    }
    let roles = documents.iter().flat_map(|(_, facts)| &facts.roles);
    for (role, meaning) in roles.chain(&embedded.roles) {
        let roles = &mut joined.roles;
        roles.entry(role.clone()).or_insert_with(|| meaning.clone());
    }
    if errors.is_empty() && joined.sets.is_empty() {
        let names: Vec<&str> = documents.iter().map(|(name, _)| *name).collect();
        errors.push(invalid(
            &names.join(" "),
            format!("there is no endpoint set in it; add `{OPTION} {EMBEDDED}`"),
        ));
    }
    Errors::unless_none(errors, joined)
}

fn invalid(value: &str, why: String) -> Error {
    Error::InvalidValue {
        option: OPTION,
        value: value.to_owned(),
        why,
    }
}

/// The keys among `sets` that stand in an earlier catalogue.
fn twice(name: &str, sets: &[EndpointSet], before: &[(&str, &Catalogue)]) -> Vec<Error> {
    let clash = |(other, facts): &(&str, &Catalogue)| {
        let known: BTreeSet<_> = facts.sets.iter().map(|set| &set.key).collect();
        let keys: Vec<_> = sets
            .iter()
            .map(|set| &set.key)
            .filter(|key| known.contains(key))
            .collect();
        (!keys.is_empty()).then(|| {
            invalid(
                name,
                format!(
                    "{} in `{other}` too, and a key names one set: leave one of the two out, or rename the sets in one",
                    stand(&keys)
                ),
            )
        })
    };
    before.iter().filter_map(clash).collect()
}

/// `a` stands, or `a` and `b` stand: long lists are counted.
fn stand<T: std::fmt::Display>(names: &[T]) -> String {
    /// As many as a line holds.
    const MOST: usize = 8;
    match names.len() {
        1 => format!("{} stands", quoted(names)),
        count if count > MOST => {
            format!("{} and {} more stand", quoted(&names[..MOST]), count - MOST)
        }
        _ => format!("{} stand", quoted(names)),
    }
}

/// What `facts` says of names otherwise than an earlier file.
fn contradictions(name: &str, facts: &Catalogue, before: &[(&str, &Catalogue)]) -> Vec<Error> {
    let mut errors = Vec::new();
    for (other, known) in before {
        let ranges = facts.ranges.iter().filter(|range| {
            known
                .range(&range.name, range.cloud)
                .is_some_and(|known| known.networks != range.networks)
        });
        let mut whats: Vec<String> = ranges
            .map(|range| format!("the range `{}` of {}", range.name, range.cloud))
            .collect();
        whats.extend(facts.published.iter().filter_map(|published| {
            let same = |known: &&Published| {
                (known.cloud, &known.host, known.entry)
                    == (published.cloud, &published.host, published.entry)
            };
            let known = known.published.iter().find(same)?;
            let is_other = (&known.networks, &known.tcp, &known.udp)
                != (&published.networks, &published.tcp, &published.udp);
            is_other.then(|| {
                format!(
                    "what is published for `{}` of {} (entry {})",
                    published.host, published.cloud, published.entry
                )
            })
        }));
        whats.extend(facts.service_tags.iter().filter_map(|(host, tag)| {
            let mut tags = known.service_tags.iter();
            let is_other = tags.any(|(known, other)| known == host && other != tag);
            is_other.then(|| format!("the service tag of `{host}`"))
        }));
        errors.extend(whats.into_iter().map(|what| {
            invalid(
                name,
                format!("{what} is another one in `{other}`; leave it out of one of the two"),
            )
        }));
    }
    errors
}

/// Adds ranges, published addresses and service tags, each once.
fn add_names(joined: &mut Catalogue, facts: &Catalogue) {
    joined.complete_ranges(facts);
    for published in &facts.published {
        let same = |known: &Published| {
            (known.cloud, &known.host, known.entry)
                == (published.cloud, &published.host, published.entry)
        };
        if !joined.published.iter().any(same) {
            joined.published.push(published.clone());
        }
    }
    for tag in &facts.service_tags {
        if !joined.service_tags.contains(tag) {
            joined.service_tags.push(tag.clone());
        }
    }
}

/// What `embedded` knows of the names that `files` say nothing of.
fn what_is_left(embedded: &Catalogue, files: &Catalogue) -> Catalogue {
    let published: BTreeSet<_> = files
        .published
        .iter()
        .map(|known| (known.cloud, &known.host))
        .collect();
    let tagged: BTreeSet<_> = files.service_tags.iter().map(|(host, _)| host).collect();
    Catalogue {
        ranges: embedded.ranges.clone(),
        published: embedded
            .published
            .iter()
            .filter(|known| !published.contains(&(known.cloud, &known.host)))
            .cloned()
            .collect(),
        service_tags: embedded
            .service_tags
            .iter()
            .filter(|(host, _)| !tagged.contains(host))
            .cloned()
            .collect(),
        ..Catalogue::default()
    }
}
