//! How much of the article a folder is made of.

use crate::catalogue::Origin;
use crate::report::{Report, SetReport};

/// The article's row that is typed as what it is not.
const STREAM: &str = "stream";

fn embedded(report: &Report) -> impl Iterator<Item = &SetReport> {
    let sets = report.sets.iter();
    sets.filter(|set| set.origin == Origin::Embedded)
}

/// Whether there is no set but the embedded article's.
pub fn is_whole_article(report: &Report) -> bool {
    embedded(report).count() == report.sets.len()
}

/// Whether there is no other set, but for some of overlays.
pub fn is_base_article(report: &Report) -> bool {
    let sets = report.sets.iter();
    let own = sets.filter(|set| set.origin == Origin::Overlay);
    embedded(report).count() + own.count() == report.sets.len()
}

pub fn has_stream(report: &Report) -> bool {
    embedded(report).any(|set| set.key.as_str() == STREAM)
}
