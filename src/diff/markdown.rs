//! A difference as the comment of a pull request: the verdict first, then what opens, then the rest;
//! as much in detail as a comment holds.

mod sections;
mod summary;

use std::fmt::Write;

use super::outline::Outline;
use super::side::{Comparison, Side};
use super::words;
use crate::harmless::visible;
use crate::render::markdown::code;

/// What a comment takes: GitHub refuses more characters. Counted in bytes here, which are never fewer.
pub const LONGEST: usize = 65_535;

/// How much of a difference is said, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// Every list, the long ones folded.
    Full,
    /// The beginning of every list.
    Short,
    /// Counts, a line a set.
    Counts,
    /// Counts of the biggest sets.
    Biggest,
}

impl Detail {
    /// What is left out, and where it is.
    const fn remark(self) -> &'static str {
        match self {
            Self::Full => "",
            Self::Short => {
                "Too long for a comment: long lists are shortened here, and each says by how much. `perimeter365 diff --format json` has all of it.\n\n"
            }
            Self::Counts => {
                "Too long for a comment: endpoints are only counted here, set by set. `perimeter365 diff --format json` has all of them.\n\n"
            }
            Self::Biggest => {
                "Too long for a comment: endpoints are only counted here, and only the sets that change most are named. `perimeter365 diff --format json` has all of it.\n\n"
            }
        }
    }
}

/// The difference as Markdown of at most [`LONGEST`] bytes.
#[must_use]
pub fn markdown(comparison: &Comparison) -> String {
    let outline = Outline::of(&comparison.diff);
    let details = [Detail::Full, Detail::Short, Detail::Counts];
    details
        .into_iter()
        .map(|detail| at(comparison, &outline, detail))
        .find(|text| text.len() <= LONGEST)
        .unwrap_or_else(|| at(comparison, &outline, Detail::Biggest))
}

fn at(comparison: &Comparison, outline: &Outline<'_>, detail: Detail) -> String {
    let verdict = words::verdict(&comparison.diff, outline);
    let (opens, rest) = verdict.split_first().expect("a verdict says something");
    let mut text = format!("**{opens}**\n\n");
    if !rest.is_empty() {
        let _ = write!(text, "{}\n\n", rest.join(" "));
    }
    for note in &comparison.notes {
        let _ = write!(text, "Note: {}.\n\n", cut(note, detail));
    }
    text.push_str(detail.remark());
    text.push_str(&match detail {
        Detail::Full | Detail::Short => sections::sections(&comparison.diff, outline, detail),
        Detail::Counts => summary::sets(&comparison.diff, outline, usize::MAX),
        Detail::Biggest => summary::sets(&comparison.diff, outline, summary::MOST),
    });
    if let Some(rows) = outline.rows_of() {
        let _ = write!(text, "{rows}\n\n");
    }
    let _ = writeln!(text, "Compared: {}", side(&comparison.old, detail));
    let _ = writeln!(text, "with: {}", side(&comparison.new, detail));
    text
}

fn side(side: &Side, detail: Detail) -> String {
    /// As many as a few lines still hold.
    const FEW: usize = 4;
    let most = if detail == Detail::Full {
        usize::MAX
    } else {
        FEW
    };
    let mut parts: Vec<String> = side
        .sources
        .iter()
        .take(most)
        .map(|source| {
            let digest = source.digest.iter().map(|digest| format!(" (`{digest}`)"));
            let digest: String = digest.collect();
            let title = code(&cut(&source.title, detail));
            format!(
                "{title}, edition {}{digest}",
                code(&cut(&source.edition, detail))
            )
        })
        .collect();
    if side.sources.len() > most {
        parts.push(format!("and {} more sources", side.sources.len() - most));
    }
    let digest = side.digest.iter().map(|digest| format!(" (`{digest}`)"));
    let digest: String = digest.collect();
    format!("{}{digest}: {}.  ", side.form.title(), parts.join("; "))
}

/// `text` on one line; where not everything is said in full, its beginning, which says that it is one.
fn cut(text: &str, detail: Detail) -> String {
    /// Longer than any title that the catalogue takes. Unit: characters.
    const LONG: usize = 200;
    let text = visible(text).into_owned();
    if detail == Detail::Full || text.chars().count() <= LONG {
        return text;
    }
    let beginning: String = text.chars().take(LONG).collect();
    format!("{beginning}… (shortened)")
}
