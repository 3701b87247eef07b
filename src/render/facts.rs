//! `perimeter365.facts.json`.

use crate::harmless;
use crate::source::facts::Facts;

/// The file's text: one value a line, so that one changed fact is one changed line.
#[must_use]
pub fn file(facts: &Facts) -> String {
    let mut text = harmless::json(facts);
    // It grew by doubling, and is kept until it is written.
    text.shrink_to_fit();
    text
}
