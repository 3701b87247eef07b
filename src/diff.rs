//! What differs in meaning between two sources of facts: what opens, what closes, and the rest.
//!
//! ```text
//! side (what OLD and NEW name) → expand → compare → outline → text, JSON, Markdown
//! ```
//!
//! * [`side`]: reads what the command line names.
//! * [`expand`]: a catalogue, or the rows of a folder, set by set as services and elements.
//! * [`compare`](fn@compare): two catalogues become a [`Diff`]; pure, and of no side's files.
//! * [`json`](mod@json), [`text`](mod@text), [`markdown`]: the same difference for machines, a terminal and a
//!   pull request.

mod account;
mod change;
mod compare;
mod delta;
mod element;
pub mod expand;
mod group;
mod held;
pub mod json;
pub mod markdown;
mod moves;
mod outline;
mod rename;
pub mod side;
pub mod text;
mod totals;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::catalogue::{Catalogue, Cloud, SetKey, Source};
pub use account::account;
pub use change::{Change, Closed, Standing};
pub use compare::compare_expanded;
pub use element::Element;
use expand::Expansion;
pub use held::Held;
pub use totals::{Count, Totals};

/// What differs between two sources of facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The sets that differ, by row and key.
    pub sets: Vec<SetDiff>,
    /// Networks, hosts and ranges that are gone from one set and come in another.
    pub moves: Vec<Move>,
}

/// How one endpoint set differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetDiff {
    /// Its key in the new source; in the old one where it is gone.
    pub key: SetKey,
    #[serde(flatten)]
    pub fate: Fate,
    pub title: String,
    /// Where it stands in the old source. `None`: the set is new.
    pub old: Option<Place>,
    /// Where it stands in the new source. `None`: the set is gone.
    pub new: Option<Place>,
    /// What becomes of what is open by default.
    pub access: Access,
    pub impacts: BTreeSet<Impact>,
    pub changes: Vec<Change>,
    /// What else is no longer as it was.
    pub becomes: Vec<Becomes>,
}

/// What becomes of a set as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase", tag = "fate")]
pub enum Fate {
    Added,
    Removed,
    /// Another key has its endpoints now, all or most of them.
    Renamed {
        was: SetKey,
    },
    Changed,
}

/// Where a set stands in its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The row in the article's table, where the source has rows.
    pub row: Option<u16>,
    /// The source's edition.
    pub edition: String,
    #[serde(skip)]
    pub source: Arc<Source>,
}

/// What becomes of the access that is open by default: no fact inferred, service not retired, port
/// and protocol known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    Grows,
    Shrinks,
    Both,
    #[default]
    Same,
}

/// What a change means, in the words of Microsoft's web service
/// (<https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-ip-web-service>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Impact {
    AddedIp,
    RemovedIp,
    AddedUrl,
    RemovedUrl,
    /// Gone from one set and come in another.
    MovedIpOrUrl,
    /// Ports, roles, titles, retirement and all the rest.
    OtherNonPriorityChanges,
}

/// Elements that are gone from some sets of a cloud and come in others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    pub from: Vec<SetKey>,
    pub to: Vec<SetKey>,
    pub clouds: Vec<Cloud>,
    pub elements: Vec<Element>,
}

/// A fact that is neither what is open nor where: `title A becomes B`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Becomes {
    /// `title`, `traffic`, `directions`, `roles`, `retired`, `basis` or `notes`.
    pub what: &'static str,
    /// Empty where there was none; of notes nothing but that they differ.
    pub from: String,
    pub to: String,
}

/// Compares two catalogues by what their endpoint sets state. What the web service publishes for host
/// names, service tags and ranges that no set names are not compared: no set states them.
#[must_use]
pub fn compare(old: &Catalogue, new: &Catalogue) -> Diff {
    compare_expanded(&Expansion::of(old), &Expansion::of(new))
}

impl Diff {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// What becomes of all access that is open by default, set by set.
    #[must_use]
    pub fn access(&self) -> Access {
        let grows = self.sets.iter().any(|set| set.access.grows());
        let shrinks = self.sets.iter().any(|set| set.access.shrinks());
        Access::of(grows, shrinks)
    }

    /// The sets of which the new source lacks something that the old one has, open by default or not.
    pub fn lacks(&self) -> impl Iterator<Item = &SetDiff> {
        let lacks = |set: &&SetDiff| set.fate == Fate::Removed || !set.lacking().is_empty();
        self.sets.iter().filter(lacks)
    }

    /// The sets of which the new source has something that the old one has not, open by default or not.
    pub fn adds(&self) -> impl Iterator<Item = &SetDiff> {
        let adds = |set: &&SetDiff| set.fate == Fate::Added || !set.adding().is_empty();
        self.sets.iter().filter(adds)
    }
}

impl SetDiff {
    /// The distinct elements that some service of the set had and has no more, open by default or not.
    #[must_use]
    pub fn lacking(&self) -> BTreeSet<&Element> {
        let stated = self.changes.iter().filter(|change| change.is_stated());
        stated.flat_map(|change| &change.removed).collect()
    }

    /// The distinct elements that some service of the set has and did not have, open by default or not.
    #[must_use]
    pub fn adding(&self) -> BTreeSet<&Element> {
        let stated = self.changes.iter().filter(|change| change.is_stated());
        stated.flat_map(|change| &change.added).collect()
    }

    /// The row that the set had and the one that it has, where they differ.
    #[must_use]
    pub fn moved_row(&self) -> Option<(u16, u16)> {
        let rows = (self.old.as_ref()?.row?, self.new.as_ref()?.row?);
        (rows.0 != rows.1).then_some(rows)
    }

    /// Whether nothing of it differs but its row.
    #[must_use]
    pub fn is_only_moved(&self) -> bool {
        self.fate == Fate::Changed && self.changes.is_empty() && self.becomes.is_empty()
    }
}

impl Access {
    const fn of(grows: bool, shrinks: bool) -> Self {
        match (grows, shrinks) {
            (true, false) => Self::Grows,
            (false, true) => Self::Shrinks,
            (true, true) => Self::Both,
            (false, false) => Self::Same,
        }
    }

    const fn grows(self) -> bool {
        matches!(self, Self::Grows | Self::Both)
    }

    const fn shrinks(self) -> bool {
        matches!(self, Self::Shrinks | Self::Both)
    }
}

impl Impact {
    /// The web service's own word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddedIp => "AddedIp",
            Self::RemovedIp => "RemovedIp",
            Self::AddedUrl => "AddedUrl",
            Self::RemovedUrl => "RemovedUrl",
            Self::MovedIpOrUrl => "MovedIpOrUrl",
            Self::OtherNonPriorityChanges => "OtherNonPriorityChanges",
        }
    }
}
