//! What the text of a cell says: endpoints, services, and the words between them. A token that could be
//! read wrongly is refused; one that can only have been one thing is mended, and told.

use std::collections::BTreeSet;
use std::ops::Range;

use super::endpoint::{self, Token, Value};
use super::ports::{self, Service};
use super::spans::Spans;
use super::table::Cell;
use crate::catalogue::PortRange;

/// What one cell says.
#[derive(Debug, Default)]
pub struct Scan {
    pub endpoints: Vec<Found>,
    pub services: Vec<Service>,
    /// The words before each run of endpoints; those of section 0 come first.
    pub labels: Vec<String>,
    pub flaws: Vec<Flaw>,
    pub mends: Vec<Mend>,
}

/// An endpoint, and how it stands in the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub value: Value,
    /// `…:443`
    pub port: Option<PortRange>,
    /// `https://…` or `http://…` means a port, too.
    pub scheme: Option<PortRange>,
    /// Which of the cell's labels it stands behind.
    pub section: usize,
    /// The line of the document, from 1.
    pub line: usize,
    /// As it stands there.
    pub token: String,
}

/// A token that must not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub line: usize,
    pub token: String,
    pub why: String,
}

/// A token that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    pub line: usize,
    pub before: String,
    pub after: String,
}

/// How a cell is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Host names and patterns that are known already: what is broken is only mended into one of these.
    pub known: &'a BTreeSet<String>,
    /// Whether the cell is one that endpoints belong in: broken names elsewhere are just words.
    pub holds_facts: bool,
}

/// Reads what `cell` says.
#[must_use]
pub fn scan(cell: &Cell, reading: Reading<'_>) -> Scan {
    /// Fifty times the longest cell of any edition. Unit: bytes.
    const LONGEST: usize = 256 << 10;
    let text = cell.text.as_str();
    let mut scan = Scan::default();
    if text.len() > LONGEST {
        scan.flaws.push(Flaw {
            token: text.chars().take(24).collect(),
            line: cell.line_at(0),
            why: format!("the cell that begins so is longer than {LONGEST} bytes"),
        });
        return scan;
    }
    let bad = if reading.holds_facts {
        let (services, bad) = ports::services(text);
        scan.services = services;
        bad
    } else {
        Vec::new()
    };
    let services = scan.services.iter().map(|service| service.span.clone());
    let services = Spans::new(services.collect());
    let tokens = endpoint::tokens(text, reading, &services);
    for bad in bad {
        scan.flaws.push(Flaw {
            token: text[bad.span.clone()].to_owned(),
            line: cell.line_at(bad.span.start),
            why: bad.why,
        });
    }
    let mut between = String::new();
    let mut last_end = 0;
    for token in tokens {
        let Range { start, end } = token.span();
        between.push_str(&words(text, last_end..start, &services));
        last_end = end;
        match token {
            Token::Endpoint {
                value,
                port,
                scheme,
                span,
                mended,
            } => {
                if is_label(&between) || scan.labels.is_empty() {
                    scan.labels.push(between.trim().to_owned());
                }
                between.clear();
                let written = text[span.clone()].to_owned();
                if mended {
                    let port = port.map_or_else(String::new, |port| format!(":{port}"));
                    scan.mends.push(Mend {
                        line: cell.line_at(span.start),
                        before: written.clone(),
                        after: format!("{value}{port}"),
                    });
                }
                scan.endpoints.push(Found {
                    value,
                    port,
                    scheme,
                    section: scan.labels.len() - 1,
                    line: cell.line_at(span.start),
                    token: written,
                });
            }
            // The words before it stay: they may be the label of what stands behind it.
            Token::Flaw { span, why } => scan.flaws.push(Flaw {
                line: cell.line_at(span.start),
                token: text[span].to_owned(),
                why,
            }),
        }
    }
    scan.flaws.sort_by_key(|flaw| flaw.line);
    scan
}

/// The text of `span` without what belongs to services: `TCP ports 80 & 443` is nobody's label.
fn words(text: &str, span: Range<usize>, services: &Spans) -> String {
    let mut words = String::new();
    let mut at = span.start;
    for service in services.within(&span) {
        if at <= service.start && service.end <= span.end {
            words.push_str(&text[at..service.start]);
            words.push('\n');
            at = service.end;
        }
    }
    words.push_str(&text[at..span.end]);
    words
}

/// Whether the words between two endpoints begin something new: more than an "and", or a colon.
fn is_label(between: &str) -> bool {
    let words = between
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    let mut letters = 0;
    let mut count = 0;
    for word in words {
        count += 1;
        letters += word.chars().count();
    }
    let has_colon = between.contains([':', '：']);
    count > 1 || (count == 1 && (has_colon || letters > 4))
}
