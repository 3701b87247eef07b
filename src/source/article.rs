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
mod doubt;
mod edition;
mod endpoint;
mod facts;
mod html;
mod identify;
mod markdown;
mod marks;
mod measure;
mod ports;
mod read;
mod run;
mod scan;
mod services;
mod spans;
mod table;
mod text;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalogue::{Basis, Catalogue, EndpointSet, Origin, Role, SetKey, Source};
use crate::source::digest::sha256;
use edition::edition;
use facts::RowFacts;
use identify::identify;
pub use measure::measure;
use scan::Found;
use table::Row;
pub use unknown::UNASSIGNED;
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
    let (rows, sets) = best_table(text, known)?;
    let source = Arc::new(source(text, known)?);
    let mut article = Article {
        catalogue: Catalogue {
            sources: vec![Arc::clone(&source)],
            ..Catalogue::default()
        },
        source,
        flaws: Vec::new(),
        mends: Vec::new(),
        notes: Vec::new(),
        fresh: Vec::new(),
    };
    let kinds = kinds(&rows, &sets);
    let mut keys: BTreeSet<SetKey> = known.sets.iter().map(|set| set.key.clone()).collect();
    let rows = rows.iter().zip(sets);
    // What stands above the first row is its heading.
    let rows = rows.skip_while(|(row, set)| set.is_none() && !row.is_said());
    for (index, (row, set)) in rows.enumerate() {
        let number = u16::try_from(index + 1).unwrap_or(u16::MAX);
        let outcome = match set {
            Some(set) => assemble::assemble(row, set, number, &article.source),
            None => unknown(row, number, &kinds, &keys, &article.source),
        };
        if let Some(set) = &outcome.set
            && keys.insert(set.key.clone())
        {
            article.fresh.push(set.key.clone());
        }
        article.take(row, number, outcome);
    }
    let roles = known.roles.iter();
    let used = roles.filter(|(role, _)| is_used(&article.catalogue, role));
    let used: Vec<(Role, String)> = used
        .map(|(role, meaning)| (role.clone(), meaning.clone()))
        .collect();
    article.catalogue.roles.extend(used);
    Some(article)
}

impl Article {
    /// Takes up what row `number` says and what became of it.
    fn take(&mut self, row: &RowFacts, number: u16, outcome: Outcome) {
        let flaws = row.flaws().map(|flaw| Flawed {
            line: flaw.line,
            row: number,
            token: flaw.token.clone(),
            why: flaw.why.clone(),
        });
        self.flaws.extend(flaws);
        let contradictions = outcome.flaws.into_iter();
        self.flaws.extend(contradictions.map(|flaw| Flawed {
            row: number,
            ..flaw
        }));
        self.mends.extend(row.mends().map(|mend| Mended {
            line: mend.line,
            row: number,
            before: mend.before.clone(),
            after: mend.after.clone(),
        }));
        self.notes.extend(outcome.notes);
        self.catalogue.roles.extend(outcome.roles);
        self.catalogue.sets.extend(outcome.set);
    }
}

/// What is said of the edition as a document.
fn source(text: &str, known: &Catalogue) -> Option<Source> {
    let model = &known.sets.first()?.source;
    let edition = edition(text);
    let digest = sha256(text.as_bytes());
    let short = digest.get(..SHORT_DIGEST).unwrap_or(&digest);
    Some(Source {
        title: model.title.clone(),
        language: edition.language,
        // No date tells editions apart, so what stands in them does.
        edition: match edition.date {
            Some(date) => format!("{date}, {short}"),
            None => short.to_owned(),
        },
        url: model.url.clone(),
        origin: Origin::File,
        digest,
    })
}

/// `sha256:` and twelve digits.
const SHORT_DIGEST: usize = 19;

/// Rows, and the sets that they are about.
type Table<'a> = (Vec<RowFacts>, Vec<Option<&'a EndpointSet>>);

/// The table with the most rows that are known.
fn best_table<'a>(text: &str, known: &'a Catalogue) -> Option<Table<'a>> {
    let names = names(known);
    let tables = tables(text).into_iter().map(|rows| {
        let rows = rows.into_iter().filter(|row| !row.is_empty());
        let rows: Vec<RowFacts> = rows.map(|row| RowFacts::read(row, &names)).collect();
        let sets = identify(&rows, known);
        (rows, sets)
    });
    let count = |(_, sets): &Table<'a>| sets.iter().flatten().count();
    tables
        .filter(|table| count(table) > 0)
        .max_by_key(|table| count(table))
}

/// Every host name and pattern that is known.
fn names(known: &Catalogue) -> BTreeSet<String> {
    let sites = known.sets.iter().flat_map(|set| &set.sites);
    let sites = sites
        .flat_map(|sites| &sites.hosts)
        .flat_map(|hosts| &hosts.value);
    let flows = known.sets.iter().flat_map(EndpointSet::hosts);
    flows.chain(sites).map(ToString::to_string).collect()
}

/// Every table of the document: what has cells in tags, what has lines of pipes; and where there is neither, what may be
/// one in plain text.
fn tables(text: &str) -> Vec<Vec<Row>> {
    let mut tables = html::tables(text);
    tables.extend(markdown::tables(text));
    if tables.iter().any(|rows| rows.len() > 1) {
        tables
    } else {
        text::tables(text)
    }
}

/// What the last cells of the known rows say in this edition, each with the traffic that those rows are; of rows that are
/// carried as something else than what they say, nothing can be learnt.
fn kinds(rows: &[RowFacts], sets: &[Option<&EndpointSet>]) -> Kinds {
    let mut kinds = Kinds::new();
    let says_so = |set: &EndpointSet| {
        let mut flows = set.flows.iter();
        set.sites.is_some() || flows.all(|flow| flow.direction.basis == Basis::Stated)
    };
    for (row, set) in rows.iter().zip(sets) {
        if let Some(set) = set.filter(|set| says_so(set)) {
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
