//! A difference for machines: all of it, whatever its length.

use serde::Serialize;

use super::side::{Comparison, Side};
use super::{Access, Move, SetDiff, Totals};
use crate::harmless;

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
    harmless::json(&json)
}
