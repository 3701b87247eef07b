//! One row of the table, read: what its cells say.

use std::collections::BTreeSet;

use super::ports::Service;
use super::scan::{Flaw, Found, Mend, Reading, Scan, scan};
use super::table::{Cell, Row};

/// Where the cells of a row stand that states facts: its number, its purpose, and then facts.
const PURPOSE: usize = 1;

/// What a row says.
#[derive(Debug)]
pub struct RowFacts {
    pub line: usize,
    cells: Vec<(Cell, Scan)>,
}

impl RowFacts {
    /// Reads the cells of `row` behind its number.
    #[must_use]
    pub fn read(row: Row, known: &BTreeSet<String>) -> Self {
        let cells = row.cells.into_iter().enumerate().skip(PURPOSE);
        Self {
            line: row.line,
            cells: cells
                .map(|(at, cell)| {
                    let reading = Reading {
                        known,
                        holds_facts: at > PURPOSE,
                    };
                    let scan = scan(&cell, reading);
                    (cell, scan)
                })
                .collect(),
        }
    }

    /// All text and links, in lower case.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (cell, _) in &self.cells {
            for part in std::iter::once(&cell.text).chain(&cell.links) {
                text.push_str(&part.to_lowercase());
                text.push('\n');
            }
        }
        text
    }

    /// The text of the purpose cell.
    #[must_use]
    pub fn purpose(&self) -> &str {
        self.cells.first().map_or("", |(cell, _)| &cell.text)
    }

    /// The text of the last cell that has any: what kind of traffic it is, in the edition's language.
    #[must_use]
    pub fn kind(&self) -> &str {
        let texts = self.cells.iter().map(|(cell, _)| cell.text.trim());
        texts.rev().find(|text| !text.is_empty()).unwrap_or("")
    }

    /// Every endpoint, those of the purpose cell included.
    pub fn endpoints(&self) -> impl Iterator<Item = &Found> {
        self.cells.iter().flat_map(|(_, scan)| &scan.endpoints)
    }

    /// The cells that state facts, each with the endpoints and the labels before them.
    pub fn scans(&self, with_purpose: bool) -> impl Iterator<Item = &Scan> {
        let skipped = usize::from(!with_purpose);
        self.cells.iter().skip(skipped).map(|(_, scan)| scan)
    }

    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.cells.iter().flat_map(|(_, scan)| &scan.services)
    }

    /// What must not pass.
    pub fn flaws(&self) -> impl Iterator<Item = &Flaw> {
        self.cells.iter().flat_map(|(_, scan)| &scan.flaws)
    }

    /// What was mended.
    pub fn mends(&self) -> impl Iterator<Item = &Mend> {
        self.cells.iter().flat_map(|(_, scan)| &scan.mends)
    }

    /// Whether it says anything that a firewall could be told.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.endpoints().next().is_some() || self.flaws().next().is_some()
    }
}
