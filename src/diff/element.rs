//! What stands on Microsoft's side of a service, one by one.

use std::fmt;

use ipnet::IpNet;

use crate::catalogue::network::is_every;
use crate::catalogue::{HostPattern, Kind, RangeName, ServiceTag};
use crate::permit::PermitRemote;

/// One thing that a service is open to or from; the widest come first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// Every address of a family; only rows have it, by the user's choice.
    Anywhere(Kind),
    /// Azure knows what it holds; only rows have it.
    Tag(ServiceTag),
    /// Networks that only the user knows.
    Range(RangeName),
    Network(IpNet),
    Host(HostPattern),
}

impl Element {
    /// What stands on Microsoft's side of a permit or a row.
    #[must_use]
    pub fn of(remote: &PermitRemote) -> Vec<Self> {
        match remote {
            PermitRemote::Networks(networks) => networks.iter().map(Self::network).collect(),
            PermitRemote::Hosts(hosts) => hosts.iter().cloned().map(Self::Host).collect(),
            PermitRemote::Range(name) => vec![Self::Range(name.clone())],
            PermitRemote::ServiceTag(tag) => vec![Self::Tag(tag.clone())],
        }
    }

    /// A network, or anywhere.
    #[must_use]
    pub fn network(network: &IpNet) -> Self {
        if is_every(network) {
            Self::Anywhere(Kind::of(network))
        } else {
            Self::Network(*network)
        }
    }

    /// Whether it is a name to the web service, and no address.
    #[must_use]
    pub const fn is_url(&self) -> bool {
        matches!(self, Self::Host(_))
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anywhere(kind) => write!(f, "anywhere over {}", kind.title()),
            Self::Tag(tag) => write!(f, "service tag {tag}"),
            Self::Range(name) => write!(f, "your range {name}"),
            Self::Network(network) => write!(f, "{network}"),
            Self::Host(host) => write!(f, "{host}"),
        }
    }
}

/// A network or a host as it is; the others as `anywhere:ipv4`, `service-tag:Storage` and
/// `range:exchange_online`.
impl serde::Serialize for Element {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Anywhere(kind) => serializer.collect_str(&format_args!("anywhere:{kind}")),
            Self::Tag(tag) => serializer.collect_str(&format_args!("service-tag:{tag}")),
            Self::Range(name) => serializer.collect_str(&format_args!("range:{name}")),
            Self::Network(network) => serializer.collect_str(network),
            Self::Host(host) => serializer.collect_str(host),
        }
    }
}
