//! The article "Other endpoints not included in the Microsoft 365 IP Address and URL web service", in any edition:
//! Markdown, the rendered page, or its text.
//!
//! ```text
//! form (markdown, html, text) → rows → scan → identify → assemble
//! ```
//!
//! Rows are known by what stands in them, never by headings or numbers, since those get translated.

mod assemble;
mod clouds;
mod edition;
mod endpoint;
mod facts;
mod html;
mod identify;
mod markdown;
mod marks;
mod ports;
mod scan;
mod services;
mod table;
mod text;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalogue::{Catalogue, EndpointSet, Origin, Role, SetKey, Source};
use crate::source::digest::sha256;
use edition::edition;
use facts::RowFacts;
use identify::identify;
use scan::Found;
use table::Row;
use unknown::{Kinds, unknown};

/// An edition of the article, read.
#[derive(Debug)]
pub struct Article {
    /// The edition itself.
    pub source: Arc<Source>,
    /// What its rows say, under the keys, roles and linked facts of what was known.
    pub catalogue: Catalogue,
    /// The tokens that must not pass. What they stood for is not in the catalogue.
    pub flaws: Vec<Flawed>,
    pub mends: Vec<Mended>,
    /// What else a reader should know.
    pub notes: Vec<String>,
    /// The sets of rows that are about nothing known.
    pub fresh: Vec<SetKey>,
}

/// A token that must not pass, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flawed {
    /// From 1.
    pub line: usize,
    /// Counted from the table's first row.
    pub row: u16,
    pub token: String,
    pub why: String,
}

impl Flawed {
    fn of(found: &Found, why: String) -> Self {
        Self {
            line: found.line,
            row: 0,
            token: found.token.clone(),
            why,
        }
    }
}

/// A token that was mended, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// From 1.
    pub line: usize,
    pub row: u16,
    pub before: String,
    pub after: String,
}

/// What becomes of a row.
#[derive(Debug, Default)]
struct Outcome {
    set: Option<EndpointSet>,
    roles: BTreeMap<Role, String>,
    flaws: Vec<Flawed>,
    notes: Vec<String>,
}

/// Reads an edition; `None` if `text` has no table with a row that is known.
///
/// `known` gives what the article doesn't hold: keys, roles, titles, and the facts of linked documents.
#[must_use]
pub fn read(text: &str, known: &Catalogue) -> Option<Article> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = best_table(text, known)?;
    let sets = identify(&rows, known);
    let model = known.sets.first()?;
    let edition = edition(text);
    let digest = sha256(text.as_bytes());
    let short = digest.get(..19).unwrap_or(&digest);
    let source = Arc::new(Source {
        title: model.source.title.clone(),
        language: edition.language,
        edition: match edition.date {
            Some(date) => format!("{date}, {short}"),
            None => short.to_owned(),
        },
        url: model.source.url.clone(),
        origin: Origin::File,
        digest,
    });
    let mut article = Article {
        source: Arc::clone(&source),
        catalogue: Catalogue {
            sources: vec![Arc::clone(&source)],
            ..Catalogue::default()
        },
        flaws: Vec::new(),
        mends: Vec::new(),
        notes: Vec::new(),
        fresh: Vec::new(),
    };
    let first = sets.iter().position(Option::is_some)?;
    let kinds = kinds(&rows, &sets);
    let mut keys: BTreeSet<SetKey> = known.sets.iter().map(|set| set.key.clone()).collect();
    let mut number: u16 = 0;
    for (row, set) in rows.iter().zip(&sets).skip(first) {
        number = number.saturating_add(1);
        for flaw in row.flaws() {
            article.flaws.push(Flawed {
                line: flaw.line,
                row: number,
                token: flaw.token.clone(),
                why: flaw.why.clone(),
            });
        }
        for mend in row.mends() {
            article.mends.push(Mended {
                line: mend.line,
                row: number,
                before: mend.before.clone(),
                after: mend.after.clone(),
            });
        }
        let outcome = match set {
            Some(set) => assemble::assemble(row, set, number, &source),
            None if row.is_said() => unknown(row, number, &kinds, &keys, &source),
            None => {
                article.notes.push(format!(
                    "line {}: row {number} is about nothing that is known and states no endpoint, so it is left out",
                    row.line
                ));
                continue;
            }
        };
        article
            .flaws
            .extend(outcome.flaws.into_iter().map(|flaw| Flawed {
                row: number,
                ..flaw
            }));
        article.notes.extend(outcome.notes);
        article.catalogue.roles.extend(outcome.roles);
        if let Some(set) = outcome.set {
            if keys.insert(set.key.clone()) {
                article.fresh.push(set.key.clone());
            }
            article.catalogue.sets.push(set);
        }
    }
    let roles = known
        .roles
        .iter()
        .filter(|(role, _)| is_used(&article.catalogue, role));
    let roles: Vec<_> = roles
        .map(|(role, meaning)| (role.clone(), meaning.clone()))
        .collect();
    article.catalogue.roles.extend(roles);
    Some(article)
}

/// The table with the most rows that are known.
fn best_table(text: &str, known: &Catalogue) -> Option<Vec<RowFacts>> {
    let names: BTreeSet<String> = known
        .sets
        .iter()
        .flat_map(|set| {
            let sites = set.sites.iter().filter_map(|sites| sites.hosts.as_ref());
            let sites = sites.flat_map(|hosts| &hosts.value);
            set.hosts().chain(sites)
        })
        .map(ToString::to_string)
        .collect();
    tables(text)
        .into_iter()
        .map(|rows| {
            let rows = rows.into_iter().filter(|row| !row.is_empty());
            rows.map(|row| RowFacts::read(row, &names))
                .collect::<Vec<_>>()
        })
        .map(|rows| (identified(&rows, known), rows))
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, _)| *count)
        .map(|(_, rows)| rows)
}

/// Every table of the document, in the form that it is in: what has cells in tags is a page, what has lines of pipes
/// is Markdown, and the rest is text.
fn tables(text: &str) -> Vec<Vec<Row>> {
    let has_tag = |tag: &str| {
        let mut tags = text.as_bytes().windows(tag.len());
        tags.any(|part| part.eq_ignore_ascii_case(tag.as_bytes()))
    };
    if has_tag("<td") && has_tag("<tr") {
        let tables = html::tables(text);
        if !tables.is_empty() {
            return tables;
        }
    }
    let tables = markdown::tables(text);
    if tables.iter().any(|rows| rows.len() > 1) {
        return tables;
    }
    text::tables(text)
}

fn identified(rows: &[RowFacts], known: &Catalogue) -> usize {
    identify(rows, known).iter().flatten().count()
}

/// What the last cells of the known rows say in this edition, each with the traffic that those rows are.
fn kinds(rows: &[RowFacts], sets: &[Option<&EndpointSet>]) -> Kinds {
    let mut kinds = Kinds::new();
    for (row, set) in rows.iter().zip(sets) {
        if let Some(set) = set {
            let kind = row.kind().to_owned();
            kinds.entry(kind).or_default().insert(set.traffic);
        }
    }
    kinds
}

fn is_used(catalogue: &Catalogue, role: &Role) -> bool {
    catalogue.sets.iter().any(|set| {
        let flows = set.flows.iter().flat_map(|flow| &flow.roles);
        let sites = set.sites.iter().flat_map(|sites| &sites.roles);
        flows.chain(sites).any(|used| used == role)
    })
}
