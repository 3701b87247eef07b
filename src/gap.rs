//! What is wanted and stays closed, and what else a reader should know.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::catalogue::ports::joined;
use crate::catalogue::{
    Cloud, Direction, FlowId, PortRange, Protocol, RangeName, Retired, Role, SetKey, Traffic,
};

/// Something wanted that can't be expressed: why, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub set: SetKey,
    pub row: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowId>,
    pub roles: Vec<Role>,
    /// The target that can't express it; `None`: the catalogue can't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<&'static str>,
    /// What stays closed.
    pub what: String,
    pub why: Reason,
    pub remedy: String,
}

/// What a gap leaves closed, in a few words: `outbound tcp 443 to …`. The service is left out where
/// nobody states it.
#[must_use]
pub fn wanted(
    direction: Direction,
    service: Option<(Protocol, &[PortRange])>,
    remote: &str,
) -> String {
    let preposition = direction.preposition();
    match service {
        None => format!("{direction} {preposition} {remote}"),
        Some((protocol, ports)) => format!(
            "{direction} {protocol} {} {preposition} {remote}",
            joined(ports, ", ")
        ),
    }
}

/// Why something wanted is not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Retired(Retired),
    /// These facts are said nowhere; we infer them.
    Inferred(Vec<String>),
    /// These facts are said nowhere, and we infer nothing.
    Unstated(&'static str),
    /// Only the customer knows what stands for the placeholder.
    Template(String),
    /// The range that a source gives holds nothing.
    EmptyRange(RangeName),
    /// The target filters by address.
    HostNames(&'static str),
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retired(when) => write!(f, "the service ended {}", when.phrase()),
            Self::Inferred(facts) => write!(f, "said nowhere, only inferred: {}", facts.join(", ")),
            Self::Unstated(fact) => write!(f, "nobody states the {fact}"),
            Self::Template(name) => write!(f, "only you know what stands for `<{name}>`"),
            Self::EmptyRange(range) => write!(f, "the range `{range}` holds no address"),
            Self::HostNames(title) => write!(f, "{title} filters by address, not by host name"),
        }
    }
}

/// Something that was normalised or kept knowingly, for the reader of the output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    pub cloud: Cloud,
    pub set: SetKey,
    pub text: String,
}
