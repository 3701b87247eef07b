//! What comes and goes for services that change alike.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Element;
use crate::catalogue::{Cloud, Direction, PortRange, Protocol, RangeName, Role};

/// What comes and goes alike for every one of `clouds`, `roles` and `ports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `None`: a browser setting, no packets.
    pub direction: Option<Direction>,
    /// `None`: nobody says.
    pub protocol: Option<Protocol>,
    /// Empty: nobody says.
    pub ports: Vec<PortRange>,
    pub clouds: Vec<Cloud>,
    pub roles: Vec<Role>,
    #[serde(flatten)]
    pub standing: Standing,
    /// The named ranges that some of the networks come from.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ranges: BTreeSet<RangeName>,
    /// Some of it stands in place of host names.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_place_of_hosts: bool,
    pub added: Vec<Element>,
    /// Those among `added` that opened nothing: others held them before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub already_open: Vec<Element>,
    pub removed: Vec<Element>,
    /// Those among `removed` that closed nothing: others hold them still.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub still_open: Vec<Element>,
}

/// Whether what comes and goes is open by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(
    rename_all = "kebab-case",
    tag = "standing",
    content = "closed_because"
)]
pub enum Standing {
    Open,
    Closed(Closed),
    /// `added` stood there before, closed for this reason, and is open now.
    NowOpen(Closed),
    /// `removed` still stands there, closed now for this reason, and was open before.
    NowClosed(Closed),
}

/// Why something stated is closed until the user does something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Closed {
    /// The service has ended.
    Retired,
    /// A fact of it stands on our own reading alone.
    Inferred,
    /// Nobody says the port, or the protocol.
    Unstated,
    /// Only the customer can fill in the name.
    Template,
    /// A browser setting: no packets to allow.
    Setting,
}

impl Change {
    /// Whether `added` and `removed` differ in what is stated, and not only in whether it is open.
    #[must_use]
    pub const fn is_stated(&self) -> bool {
        matches!(self.standing, Standing::Open | Standing::Closed(_))
    }

    /// What is open now, and neither it nor anything that holds it was before.
    #[must_use]
    pub fn opens(&self) -> Vec<&Element> {
        match self.standing {
            Standing::Open | Standing::NowOpen(_) => without(&self.added, &self.already_open),
            Standing::Closed(_) | Standing::NowClosed(_) => Vec::new(),
        }
    }

    /// What was open before, and neither it nor anything that holds it is now.
    #[must_use]
    pub fn closes(&self) -> Vec<&Element> {
        match self.standing {
            Standing::Open | Standing::NowClosed(_) => without(&self.removed, &self.still_open),
            Standing::Closed(_) | Standing::NowOpen(_) => Vec::new(),
        }
    }
}

/// The elements of `all` that are not in `some`; both sorted.
fn without<'a>(all: &'a [Element], some: &[Element]) -> Vec<&'a Element> {
    let rest = all.iter();
    rest.filter(|element| some.binary_search(element).is_err())
        .collect()
}
