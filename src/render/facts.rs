//! `perimeter365.facts.json`.

use crate::source::facts::Facts;

/// The file's text: one value a line, so that one changed fact is one changed line.
#[must_use]
pub fn file(facts: &Facts) -> String {
    let mut text =
        serde_json::to_string_pretty(facts).expect("facts are words and lists, always JSON");
    text.push('\n');
    // It grew by doubling, and is kept until it is written.
    text.shrink_to_fit();
    text
}
