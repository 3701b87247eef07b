//! What a proof comes to.

use super::opening::{Place, Site, Way};
use crate::catalogue::PortRange;

/// What was compared, and all that came of it.
#[derive(Debug, Default)]
pub struct Proof {
    /// The places that were compared.
    pub places: Vec<Place>,
    /// How many rows or resources of ours were read.
    pub rows: usize,
    /// Surplus first, then deficits; each in the order of what they are about.
    pub findings: Vec<Finding>,
    /// What keeps the proof from being one: it can't be told what would apply.
    pub obstacles: Vec<Obstacle>,
    /// What the proof says nothing about, a sentence each.
    pub outside: Vec<String>,
}

/// How the proof ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Equal,
    Unequal,
    CannotTell,
}

impl Proof {
    /// What can't be told outweighs what is unequal: there may be more of it.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if !self.obstacles.is_empty() {
            Verdict::CannotTell
        } else if self.findings.is_empty() {
            Verdict::Equal
        } else {
            Verdict::Unequal
        }
    }
}

/// A difference between what is open and what is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub excess: Excess,
    pub way: Way,
    /// The article's row.
    pub row: Option<u16>,
    /// What the row or resource is called where it stands; `None`: it is missing.
    pub name: Option<String>,
    pub site: Site,
    pub ports: Vec<PortRange>,
    /// In the fewest parts that say it.
    pub remotes: Vec<Part>,
}

/// A range of addresses, or a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// `13.78.204.0/31`, `10.0.0.1-10.0.0.9`, `*.x.com`, `range federation_clients over IPv4`,
    /// `service tag Storage`.
    pub text: String,
    /// Of what opens it; `None`: it has no line of its own.
    pub line: Option<u32>,
}

/// In which of the two sets something is that isn't in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Excess {
    /// It is open, and not wanted.
    Surplus,
    /// It is wanted, and not open.
    Deficit,
}

/// Something that must not be where a proof is to hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    pub site: Site,
    /// What the row or resource is called there, if it is about one.
    pub name: Option<String>,
    pub why: String,
    /// What mends it.
    pub mend: String,
}

impl Obstacle {
    /// One that is about a file, or a folder, as a whole.
    #[must_use]
    pub fn of(file: &str, why: impl Into<String>, mend: &str) -> Self {
        Self {
            site: Site {
                file: file.to_owned(),
                line: None,
            },
            name: None,
            why: why.into(),
            mend: mend.to_owned(),
        }
    }
}
