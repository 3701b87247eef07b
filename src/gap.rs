//! What is wanted and stays closed, and what else a reader should know.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::catalogue::ports::joined;
use crate::catalogue::{
    Cloud, Direction, FlowId, Kind, PortRange, Protocol, RangeName, Retired, Role, SetKey, Traffic,
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
    /// The target or format that can't express it; `None`: the catalogue can't.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
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
    /// The recipient filters by address.
    HostNames(String),
    /// The web service, chosen in place of the names, has no addresses for them.
    Unpublished,
    /// The recipient filters by name, but not by these.
    Names(String, NameLimit),
    /// The recipient is a list of addresses that only the user knows.
    YourRange,
    /// The recipient doesn't filter this family.
    Family(String, Kind),
}

/// What a recipient that filters by name can't say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameLimit {
    /// Who connects from outside.
    Source,
    /// This wildcard; whether one at the beginning would do.
    Wildcard(bool),
    /// This protocol or port.
    Service,
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
            Self::YourRange => write!(f, "only you know what the range holds"),
            Self::Unpublished => write!(
                f,
                "the web service publishes no addresses for exactly these names and ports"
            ),
            Self::Names(title, NameLimit::Source) => {
                write!(f, "{title} knows names of destinations only")
            }
            Self::Names(title, NameLimit::Wildcard(true)) => {
                write!(
                    f,
                    "{title} takes a wildcard at the beginning of a name only"
                )
            }
            Self::Names(title, NameLimit::Wildcard(false)) => write!(
                f,
                "{title} takes no wildcard for this service, where it looks up the addresses of names"
            ),
            Self::Names(title, NameLimit::Service) => {
                write!(f, "{title} can't read a host name from this service")
            }
            Self::Family(title, kind) => {
                write!(f, "{title} doesn't filter {}", kind.title())
            }
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
