//! The facts, as types: what one source says about Microsoft 365's network endpoints.
//!
//! Everything here is valid by construction: [`document`] reads JSON into plain strings, and
//! [`check`] turns those into these types or says, for all of them at once, why it can't.

pub mod check;
pub mod document;
mod entry;
mod host;
mod names;
pub mod network;
pub mod ports;
mod service_tag;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ipnet::IpNet;

pub use entry::{Category, Entry, ServiceArea};
pub use host::HostPattern;
pub use names::{FlowId, RangeName, Role, SetKey, is_device};
pub use ports::PortRange;
pub use service_tag::ServiceTag;

/// The endpoint sets and named ranges of one or more sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    /// Where the facts come from, in reading order.
    pub sources: Vec<Arc<Source>>,
    /// The customer's kinds of host, each with what it means.
    pub roles: BTreeMap<Role, String>,
    /// In the order of their source: priorities are first given in this order.
    pub sets: Vec<EndpointSet>,
    /// Networks that a set names instead of listing, one entry a name and cloud.
    pub ranges: Vec<NamedRange>,
    /// What the web service says of host names, sorted by cloud, host and entry.
    pub published: Vec<Published>,
    /// The service tag of Azure's that holds the addresses of a host name, sorted by name.
    pub service_tags: Vec<(HostPattern, ServiceTag)>,
}

impl Catalogue {
    /// Adds what another source says.
    pub fn extend(&mut self, other: Self) {
        self.sources.extend(other.sources);
        self.roles.extend(other.roles);
        self.sets.extend(other.sets);
        self.ranges.extend(other.ranges);
        self.published.extend(other.published);
        self.service_tags.extend(other.service_tags);
    }

    /// Takes over the named ranges of `known` that this catalogue doesn't give itself.
    pub fn complete_ranges(&mut self, known: &Self) {
        for range in &known.ranges {
            if self.range(&range.name, range.cloud).is_none() {
                self.ranges.push(range.clone());
            }
        }
    }

    /// What the web service publishes for exactly `host` in `cloud`, where it names all of `ports`.
    pub fn published_for<'a>(
        &'a self,
        cloud: Cloud,
        host: &'a HostPattern,
        protocol: Protocol,
        ports: &'a [PortRange],
    ) -> impl Iterator<Item = &'a Published> {
        self.published.iter().filter(move |published| {
            let known = match protocol {
                Protocol::Tcp => &published.tcp,
                Protocol::Udp => &published.udp,
            };
            published.cloud == cloud
                && published.host == *host
                && ports
                    .iter()
                    .all(|port| known.iter().any(|range| range.holds(*port)))
        })
    }

    /// The networks of `name` in `cloud`, if a source gives them.
    #[must_use]
    pub fn range(&self, name: &RangeName, cloud: Cloud) -> Option<&NamedRange> {
        self.ranges
            .iter()
            .find(|range| range.name == *name && range.cloud == cloud)
    }
}

/// One document that facts were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub title: String,
    /// A language tag such as `en-US`.
    pub language: String,
    /// What tells this edition from others: a date such as `2025-01-08`.
    pub edition: String,
    pub url: String,
    pub origin: Origin,
    /// `sha256:` and 64 hexadecimal digits, over the document's bytes.
    pub digest: String,
}

/// How a document came into this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    Embedded,
    /// It is a catalogue that was named with `--catalogue`, now or in an earlier run for the same folder.
    File,
    /// It is an answer of the web service, named with `--web-service` now or in an earlier run.
    Renewal,
    /// It is an overlay, named with `--overlay` now or in an earlier run.
    Overlay,
}

/// One row of the article, or one entry of the web service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSet {
    pub key: SetKey,
    /// The row in the article's table; provenance only, since editions number differently.
    pub row: Option<u16>,
    /// The entry of the web service that it is.
    pub entry: Option<Entry>,
    pub title: String,
    pub traffic: Traffic,
    pub retired: Option<Retired>,
    pub flows: Vec<Flow>,
    /// Browser settings; only trusted-sites sets have them, and they have no flows.
    pub sites: Option<Sites>,
    /// What a reviewer should know.
    pub notes: Vec<String>,
    pub source: Arc<Source>,
}

impl EndpointSet {
    /// Whether any fact of its flows stands on our own reading alone.
    #[must_use]
    pub fn has_inferred_facts(&self) -> bool {
        self.flows.iter().any(|flow| {
            let own = [
                Some(&flow.direction.basis),
                flow.protocol.as_ref().map(|fact| &fact.basis),
                flow.ports.as_ref().map(|fact| &fact.basis),
            ];
            let remotes = flow
                .remotes
                .iter()
                .flat_map(|remote| [&remote.clouds.basis, &remote.endpoints.basis]);
            own.into_iter()
                .flatten()
                .chain(remotes)
                .any(|basis| *basis == Basis::Inferred)
        })
    }

    /// Every host name and pattern of its flows.
    pub fn hosts(&self) -> impl Iterator<Item = &HostPattern> {
        self.flows.iter().flat_map(Flow::hosts)
    }

    /// Whether any of its flows names the range `name`.
    #[must_use]
    pub fn uses(&self, name: &RangeName) -> bool {
        self.flows.iter().flat_map(|flow| &flow.remotes).any(
            |remote| matches!(&remote.endpoints.value, Endpoints::Range(range) if range == name),
        )
    }
}

/// When a service ended: a year (`2020`) or a date (`2021-07-31`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Retired(String);

impl Retired {
    /// # Errors
    /// When `text` is neither `YYYY` nor `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits =
            |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let valid = match parts.as_slice() {
            [year] => digits(year, 4),
            [year, month, day] => {
                digits(year, 4)
                    && digits(month, 2)
                    && digits(day, 2)
                    && ("01"..="12").contains(month)
                    && ("01"..="31").contains(day)
            }
            _ => false,
        };
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{text}` is neither a year (`2020`) nor a date (`2021-07-31`)"
            ))
        }
    }
}

impl Retired {
    /// When, as it follows `ended`: `in 2020`, `on 2021-07-31`.
    #[must_use]
    pub fn phrase(&self) -> String {
        let preposition = if self.0.contains('-') { "on" } else { "in" };
        format!("{preposition} {self}")
    }
}

impl serde::Serialize for Retired {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for Retired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One kind of connection that an endpoint set needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Present exactly where the set has several flows.
    pub id: Option<FlowId>,
    /// What this flow is for, where the set's title is too wide.
    pub title: Option<String>,
    pub direction: Fact<Direction>,
    /// The customer's side.
    pub roles: Vec<Role>,
    /// `None`: nobody says.
    pub protocol: Option<Fact<Protocol>>,
    /// `None`: nobody says.
    pub ports: Option<Fact<Vec<PortRange>>>,
    /// Microsoft's side; in each cloud at most one of each kind.
    pub remotes: Vec<Remote>,
}

impl Flow {
    /// Every host name and pattern of its remotes.
    pub fn hosts(&self) -> impl Iterator<Item = &HostPattern> {
        self.remotes
            .iter()
            .flat_map(|remote| match &remote.endpoints.value {
                Endpoints::Hosts(hosts) => hosts.as_slice(),
                Endpoints::Networks(_) | Endpoints::Range(_) => &[],
            })
    }
}

/// Microsoft's side of a flow in some clouds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    pub clouds: Fact<Vec<Cloud>>,
    pub endpoints: Fact<Endpoints>,
}

/// What stands on Microsoft's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoints {
    Networks(Vec<IpNet>),
    Hosts(Vec<HostPattern>),
    /// Networks under a name: a source gives them, or the user does.
    Range(RangeName),
}

/// Browser trusted sites: a setting, no packets to allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sites {
    pub roles: Vec<Role>,
    pub clouds: Fact<Vec<Cloud>>,
    pub hosts: Option<Fact<Vec<HostPattern>>>,
}

/// The networks of a name in one cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRange {
    pub name: RangeName,
    pub cloud: Cloud,
    /// Sorted, without duplicates, none inside another.
    pub networks: Vec<IpNet>,
    pub source: Arc<Source>,
}

/// What one entry of the web service says of one host name that a set states too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub cloud: Cloud,
    pub host: HostPattern,
    /// The entry's `id`.
    pub entry: u32,
    pub tcp: Vec<PortRange>,
    pub udp: Vec<PortRange>,
    /// `None`: there are some, and a file of yours says which.
    pub networks: Option<Vec<IpNet>>,
    pub source: Arc<Source>,
}

/// A value and who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    pub value: T,
    pub basis: Basis,
}

/// Who says a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The article row's own cells.
    Stated,
    /// It follows from what a cell says: `https://…` means TCP 443.
    Implied,
    /// A document that the row links to.
    Referenced { url: String },
    /// Our own reading, said nowhere; off unless the user lets it in.
    Inferred,
    /// Nobody: the user is asked.
    Unstated,
    /// The user, on the command line or in an overlay.
    Given,
}

impl Basis {
    /// The words for them, the firmest first.
    pub const WORDS: [&'static str; 6] = [
        "stated",
        "implied",
        "referenced",
        "inferred",
        "given",
        "unstated",
    ];

    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Implied => "implied",
            Self::Referenced { .. } => "referenced",
            Self::Inferred => "inferred",
            Self::Unstated => "unstated",
            Self::Given => "given",
        }
    }
}

names::vocabulary! {
    /// What an endpoint set is about; its folder in the output.
    Traffic {
        /// From Microsoft's datacentres to the customer's hybrid servers.
        InboundHybridServer = "inbound-hybrid-server",
        /// From the customer's servers to the internet.
        OutboundServerOnly = "outbound-server-only",
        /// From users' devices.
        User = "user",
        /// Browser settings; nothing to allow in a firewall.
        TrustedSites = "trusted-sites",
    }
}

names::vocabulary! {
    /// An instance of Microsoft 365, named as the web service names them.
    Cloud {
        /// Carries GCC too.
        Worldwide = "worldwide",
        UsgovGcchigh = "usgov-gcchigh",
        UsgovDod = "usgov-dod",
        China = "china",
    }
}

names::vocabulary! {
    /// Seen from the customer's network.
    Direction {
        Inbound = "inbound",
        Outbound = "outbound",
    }
}

names::vocabulary! {
    /// The transport protocol.
    Protocol {
        Tcp = "tcp",
        Udp = "udp",
    }
}

names::vocabulary! {
    /// What a permit's remote is made of: an address family, or host names.
    Kind {
        Ipv4 = "ipv4",
        Ipv6 = "ipv6",
        Fqdn = "fqdn",
    }
}

impl Direction {
    /// What stands before Microsoft's side: `inbound … from`, `outbound … to`.
    #[must_use]
    pub const fn preposition(self) -> &'static str {
        match self {
            Self::Inbound => "from",
            Self::Outbound => "to",
        }
    }
}

impl Kind {
    /// The family of one network.
    #[must_use]
    pub const fn of(network: &IpNet) -> Self {
        match network {
            IpNet::V4(_) => Self::Ipv4,
            IpNet::V6(_) => Self::Ipv6,
        }
    }

    /// As it stands in a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Fqdn => "host names",
        }
    }
}
