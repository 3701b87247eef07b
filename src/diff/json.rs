//! A difference for machines: all of it, whatever its length.

use std::fmt::Write;

use serde::Serialize;

use super::side::{Comparison, Side};
use super::{Access, Move, SetDiff, Totals};
use crate::template::escape::misleads;

#[derive(Serialize)]
struct Json<'a> {
    old: &'a Side,
    new: &'a Side,
    notes: &'a [String],
    access: Access,
    #[serde(flatten)]
    totals: Totals,
    sets: &'a [SetDiff],
    moves: &'a [Move],
}

/// The difference as JSON. Characters that would turn a line round stand there as `\u…`.
#[must_use]
pub fn json(comparison: &Comparison) -> String {
    let diff = &comparison.diff;
    let json = Json {
        old: &comparison.old,
        new: &comparison.new,
        notes: &comparison.notes,
        access: diff.access(),
        totals: diff.totals(),
        sets: &diff.sets,
        moves: &diff.moves,
    };
    let plain =
        serde_json::to_string_pretty(&json).expect("differences are words and lists, always JSON");
    let mut text = String::with_capacity(plain.len() + 1);
    for c in plain.chars() {
        // Line ends are layout: those within texts are escaped already.
        if misleads(c) && c != '\n' {
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text.push('\n');
    text
}
