//! A catalogue as it stands in a file: plain strings, nothing checked but the shape.
//!
//! ```json
//! {
//!   "schema": 1,
//!   "source": { "title": "…", "language": "en-US", "edition": "2025-01-08", "url": "https://…" },
//!   "roles": { "webhook_receiver": "hosts that receive change notifications" },
//!   "sets": [{
//!     "key": "graph-change-notifications", "row": 23, "title": "…", "traffic": "inbound-hybrid-server",
//!     "flows": [{
//!       "direction": { "value": "inbound", "basis": "stated" },
//!       "roles": ["webhook_receiver"],
//!       "protocol": { "value": "tcp", "basis": "stated" },
//!       "ports": { "value": ["443"], "basis": "stated" },
//!       "remotes": [{
//!         "clouds": { "value": ["worldwide"], "basis": "stated" },
//!         "networks": { "value": ["20.20.32.0/19"], "basis": "stated" }
//!       }]
//!     }]
//!   }],
//!   "ranges": [{ "name": "exchange_online", "cloud": "worldwide", "networks": ["40.92.0.0/15"] }],
//!   "published": [{
//!     "cloud": "worldwide", "host": "login.windows.net", "entry": 56, "tcp": ["80", "443"],
//!     "networks": ["20.190.128.0/18"]
//!   }]
//! }
//! ```
//!
//! A basis is `"stated"`, `"implied"`, `"inferred"`, `"unstated"` or `{ "referenced": "https://…" }`.
//! An absent `protocol` or `ports` means that nobody says it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Basis, Catalogue, EndpointSet, Endpoints, Entry, Fact, Flow, NamedRange, Published, Remote,
    Sites, Source,
};

/// The version of this format that the program reads and writes.
pub const SCHEMA: u32 = 1;

/// Endpoint sets, and what is known of the names and ranges in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "catalogue")]
pub struct Document {
    /// The version of this format: 1.
    pub schema: u32,
    pub source: SourceText,
    /// The customer's kinds of host, by name: what each means, in a few words.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::schema::unique"
    )]
    pub roles: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<SetText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<RangeText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishedText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service_tags: Vec<ServiceTagText>,
}

/// The document that the facts were taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "source")]
pub struct SourceText {
    pub title: String,
    /// A language tag such as `en-US`.
    pub language: String,
    /// What tells this edition from others: a date such as `2025-01-08`.
    pub edition: String,
    /// Where the document stands: an https URL.
    pub url: String,
}

/// One row of the article, or one entry of the web service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "set")]
pub struct SetText {
    /// What the set is known by: lower-case words joined by `-`.
    pub key: String,
    /// The row in the article's table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u16>,
    /// The entry of the web service that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryText>,
    pub title: String,
    /// `inbound-hybrid-server`, `outbound-server-only`, `user` or `trusted-sites`.
    pub traffic: String,
    /// When the service ended: a year or a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<FlowText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sites: Option<SitesText>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What the web service says of an entry beside its endpoints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "entry")]
pub struct EntryText {
    pub id: u32,
    /// As `Exchange`, `SharePoint`, `Skype`, `Common` or `MEM`.
    pub area: String,
    /// `Optimize`, `Allow` or `Default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub express_route: Option<bool>,
}

/// One kind of connection that a set needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "flow")]
pub struct FlowText {
    /// What tells it from the set's other flows: lower-case words joined by `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `inbound` or `outbound`, seen from the customer's network.
    pub direction: FactText<String>,
    pub roles: Vec<String>,
    /// `tcp` or `udp`; absent: nobody says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<FactText<String>>,
    /// As `443` or `50000-59999`, sorted; absent: nobody says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ports: Option<FactText<Vec<String>>>,
    pub remotes: Vec<RemoteText>,
}

/// Microsoft's side of a flow. Exactly one of `networks`, `hosts` and `range` is present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "remote")]
pub struct RemoteText {
    pub clouds: FactText<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networks: Option<FactText<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<FactText<Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<FactText<String>>,
}

/// Browser trusted sites: a setting, no packets to allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "sites")]
pub struct SitesText {
    pub roles: Vec<String>,
    pub clouds: FactText<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<FactText<Vec<String>>>,
}

/// The networks of a name in one cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "range")]
pub struct RangeText {
    pub name: String,
    pub cloud: String,
    pub networks: Vec<String>,
}

/// What the web service says of one host name: the addresses of the entry that lists it. Absent
/// `networks`: it lists some, but this document doesn't.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "published")]
pub struct PublishedText {
    pub cloud: String,
    pub host: String,
    pub entry: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tcp: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub udp: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networks: Option<Vec<String>>,
}

/// The service tag of Azure's that holds the addresses of a host name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "service_tag")]
pub struct ServiceTagText {
    pub host: String,
    pub tag: String,
}

/// A value and who says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "fact_of_{T}")]
pub struct FactText<T> {
    pub value: T,
    pub basis: BasisText,
}

/// Who says a fact; `referenced` carries the https URL of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "basis")]
pub enum BasisText {
    Stated,
    Implied,
    Referenced(String),
    Inferred,
    Unstated,
}

impl Document {
    /// What `catalogue` says as one document from `source`.
    #[must_use]
    pub fn of(catalogue: &Catalogue, source: &Source) -> Self {
        let roles = catalogue.roles.iter();
        let tags = catalogue.service_tags.iter();
        Self {
            schema: SCHEMA,
            source: source.into(),
            roles: roles
                .map(|(role, meaning)| (role.to_string(), meaning.clone()))
                .collect(),
            sets: catalogue.sets.iter().map(Into::into).collect(),
            ranges: catalogue.ranges.iter().map(Into::into).collect(),
            published: catalogue.published.iter().map(Into::into).collect(),
            service_tags: tags
                .map(|(host, tag)| ServiceTagText {
                    host: host.to_string(),
                    tag: tag.to_string(),
                })
                .collect(),
        }
    }
}

impl From<&Source> for SourceText {
    fn from(source: &Source) -> Self {
        Self {
            title: source.title.clone(),
            language: source.language.clone(),
            edition: source.edition.clone(),
            url: source.url.clone(),
        }
    }
}

impl From<&EndpointSet> for SetText {
    fn from(set: &EndpointSet) -> Self {
        Self {
            key: set.key.to_string(),
            row: set.row,
            entry: set.entry.as_ref().map(Into::into),
            title: set.title.clone(),
            traffic: set.traffic.to_string(),
            retired: set.retired.as_ref().map(ToString::to_string),
            flows: set.flows.iter().map(Into::into).collect(),
            sites: set.sites.as_ref().map(Into::into),
            notes: set.notes.clone(),
        }
    }
}

impl From<&Entry> for EntryText {
    fn from(entry: &Entry) -> Self {
        Self {
            id: entry.id,
            area: entry.area.to_string(),
            category: entry.category.map(|category| category.to_string()),
            required: entry.required,
            express_route: entry.express_route,
        }
    }
}

impl From<&Flow> for FlowText {
    fn from(flow: &Flow) -> Self {
        Self {
            id: flow.id.as_ref().map(ToString::to_string),
            title: flow.title.clone(),
            direction: one(&flow.direction),
            roles: texts(&flow.roles),
            protocol: flow.protocol.as_ref().map(one),
            ports: flow.ports.as_ref().map(many),
            remotes: flow.remotes.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Remote> for RemoteText {
    fn from(remote: &Remote) -> Self {
        let basis = || (&remote.endpoints.basis).into();
        let list = |value| {
            Some(FactText {
                value,
                basis: basis(),
            })
        };
        let mut text = Self {
            clouds: many(&remote.clouds),
            networks: None,
            hosts: None,
            range: None,
        };
        match &remote.endpoints.value {
            Endpoints::Networks(networks) => text.networks = list(texts(networks)),
            Endpoints::Hosts(hosts) => text.hosts = list(texts(hosts)),
            Endpoints::Range(name) => {
                text.range = Some(FactText {
                    value: name.to_string(),
                    basis: basis(),
                });
            }
        }
        text
    }
}

impl From<&Sites> for SitesText {
    fn from(sites: &Sites) -> Self {
        Self {
            roles: texts(&sites.roles),
            clouds: many(&sites.clouds),
            hosts: sites.hosts.as_ref().map(many),
        }
    }
}

impl From<&NamedRange> for RangeText {
    fn from(range: &NamedRange) -> Self {
        Self {
            name: range.name.to_string(),
            cloud: range.cloud.to_string(),
            networks: texts(&range.networks),
        }
    }
}

impl From<&Published> for PublishedText {
    fn from(published: &Published) -> Self {
        Self {
            cloud: published.cloud.to_string(),
            host: published.host.to_string(),
            entry: published.entry,
            tcp: texts(&published.tcp),
            udp: texts(&published.udp),
            networks: published.networks.as_deref().map(texts),
        }
    }
}

impl From<&Basis> for BasisText {
    fn from(basis: &Basis) -> Self {
        match basis {
            Basis::Stated => Self::Stated,
            Basis::Implied => Self::Implied,
            Basis::Referenced { url } => Self::Referenced(url.clone()),
            Basis::Inferred => Self::Inferred,
            // A fact of the command line never enters a catalogue.
            Basis::Unstated | Basis::Given => Self::Unstated,
        }
    }
}

fn one<T: ToString>(fact: &Fact<T>) -> FactText<String> {
    FactText {
        value: fact.value.to_string(),
        basis: (&fact.basis).into(),
    }
}

fn many<T: ToString>(fact: &Fact<Vec<T>>) -> FactText<Vec<String>> {
    FactText {
        value: texts(&fact.value),
        basis: (&fact.basis).into(),
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}
