//! A difference for a terminal: what opens leads, and long lists are counted.

use std::fmt::Write;

use super::outline::{Item, Outline, amount};
use super::side::{Comparison, Side};
use super::words::{self, impacts};
use super::{Element, SetDiff};
use crate::harmless::visible;

/// As many items of a section as still fit on a screen.
const MOST: usize = 20;

/// The difference as lines of text.
#[must_use]
pub fn text(comparison: &Comparison) -> String {
    let diff = &comparison.diff;
    let outline = Outline::of(diff);
    let mut text = words::verdict(diff, &outline).join("\n");
    text.push('\n');
    for note in &comparison.notes {
        let _ = writeln!(text, "note: {}", visible(note));
    }
    section(&mut text, "Opens", &outline.opens, item);
    section(&mut text, "Closes", &outline.closes, item);
    section(&mut text, "Opens and closes nothing", &outline.others, item);
    section(
        &mut text,
        "Other changes",
        &outline.facts,
        |(set, facts)| format!("  {}: {}\n", name(set), facts.join("; ")),
    );
    section(&mut text, "Moved between sets", &diff.moves, |moved| {
        format!(
            "  from {} to {}, {}: {}\n",
            words::list(&moved.from),
            words::list(&moved.to),
            words::clouds(&moved.clouds),
            few(&moved.elements.iter().collect::<Vec<_>>())
        )
    });
    section(
        &mut text,
        "Article rows (OtherNonPriorityChanges)",
        &outline.rows,
        |run| format!("  {run}\n"),
    );
    text.push('\n');
    let _ = writeln!(text, "old: {}", side(&comparison.old));
    let _ = writeln!(text, "new: {}", side(&comparison.new));
    text
}

fn section<T>(text: &mut String, title: &str, items: &[T], say: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    let _ = write!(text, "\n{title}:\n");
    for item in items.iter().take(MOST) {
        text.push_str(&say(item));
    }
    if items.len() > MOST {
        let more = items.len() - MOST;
        let _ = writeln!(text, "  and {more} more; `--format json` lists all");
    }
}

fn item(item: &Item<'_>) -> String {
    let change = item.change;
    let why = match item.why.as_str() {
        "" => String::new(),
        why => format!(" ({why})"),
    };
    let mut text = format!(
        "  {}\n    {}, {}, for {}: {}{}{why}\n",
        name(item.set),
        words::service(change),
        words::clouds(&item.clouds),
        words::list(&change.roles),
        amount(item),
        words::origin(item),
    );
    for (sign, elements) in [('+', &item.added), ('-', &item.removed)] {
        if !elements.is_empty() {
            let _ = writeln!(text, "      {sign} {}", few(elements));
        }
    }
    text
}

/// A set with where it stands and what its change means.
fn name(set: &SetDiff) -> String {
    let row = words::row(set).map_or_else(String::new, |row| format!(" (row {row})"));
    let (fate, impacts) = (words::fate(set), impacts(&set.impacts).join(", "));
    format!("{}{fate}{row} {impacts}", set.key)
}

fn few(elements: &[&Element]) -> String {
    /// As many as one line still holds.
    const FEW: usize = 4;
    let shown = words::list(&elements[..elements.len().min(FEW)]);
    match elements.len().saturating_sub(FEW) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn side(side: &Side) -> String {
    let sources: Vec<String> = side
        .sources
        .iter()
        .map(|source| {
            let digest = source.digest.iter().map(|digest| format!(" ({digest})"));
            let digest: String = digest.collect();
            format!("{}, edition {}{digest}", source.title, source.edition)
        })
        .collect();
    let digest = side.digest.iter().map(|digest| format!(" ({digest})"));
    let digest: String = digest.collect();
    visible(&format!(
        "{}{digest}: {}",
        side.form.title(),
        sources.join("; ")
    ))
    .into_owned()
}
