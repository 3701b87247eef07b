//! What `explain` answers, as plain data.

use serde::Serialize;

use super::question::{Service, Subject};
use super::touch::Extent;
use crate::catalogue::{
    Basis, Cloud, Direction, Fact, FlowId, HostPattern, PortRange, Protocol, RangeName, Role,
    SetKey, Source, Traffic,
};

/// All that there is to say.
#[derive(Debug, Serialize)]
pub struct Answer {
    pub asked: Subject,
    /// `None`: any port.
    pub port: Option<Service>,
    /// How the words were taken, where that isn't plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// The clouds that were looked at.
    pub clouds: Vec<Cloud>,
    /// `None`: no folder was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<FolderAnswer>,
    /// What needs it, in the order of the facts.
    pub concerns: Vec<Concern>,
    /// What needs it on other ports than the one that is asked.
    pub elsewhere: Vec<Concern>,
    /// Ranges that only the user knows, which may hold it.
    pub own_ranges: Vec<OwnRange>,
    /// Where nothing needs a name: the names below it, if something needs any of those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<HostPattern>,
    /// What the web service publishes of it.
    pub published: Vec<PublishedEntry>,
    /// Azure's tags that are known to hold its addresses.
    pub service_tags: Vec<Tagged>,
}

impl Answer {
    /// Whether it is found: open in the folder, if one was named; needed by something otherwise.
    #[must_use]
    pub const fn is_found(&self) -> bool {
        match &self.folder {
            Some(folder) => !folder.open.is_empty(),
            None => !self.concerns.is_empty(),
        }
    }
}

/// One flow that needs it, or one browser setting that names it.
#[derive(Debug, Serialize)]
pub struct Concern {
    pub set: SetKey,
    /// The article's row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u16>,
    /// The entry of the web service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowId>,
    /// The flow's, or else its set's.
    pub title: String,
    pub traffic: Traffic,
    pub roles: Vec<RoleAnswer>,
    /// `None`: a browser setting, as for protocol and ports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Said<Direction>>,
    /// `None`: nobody says, as for the ports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Said<Protocol>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ports: Option<Said<Vec<PortRange>>>,
    pub clouds: Said<Vec<Cloud>>,
    pub remote: Said<Vec<String>>,
    /// How much of what is asked the remote holds.
    pub extent: Extent,
    /// The named range that the remote is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<RangeAnswer>,
    pub state: State,
    pub notes: Vec<String>,
    pub source: SourceAnswer,
}

/// An entry of the web service, by what it says of itself.
#[derive(Debug, Serialize)]
pub struct EntryAnswer {
    pub id: u32,
    pub area: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
}

/// A kind of host of the customer's.
#[derive(Debug, Serialize)]
pub struct RoleAnswer {
    pub role: Role,
    pub meaning: String,
}

/// A value, and who says it.
#[derive(Debug, Serialize)]
pub struct Said<T> {
    pub value: T,
    /// As [`Basis::as_str`].
    pub basis: &'static str,
    /// The document that a referenced fact stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl<T> Said<T> {
    #[must_use]
    pub fn new(value: T, basis: &Basis) -> Self {
        Self {
            value,
            basis: basis.as_str(),
            url: match basis {
                Basis::Referenced { url } => Some(url.clone()),
                _ => None,
            },
        }
    }
}

impl<T: Clone> From<&Fact<T>> for Said<T> {
    fn from(fact: &Fact<T>) -> Self {
        Self::new(fact.value.clone(), &fact.basis)
    }
}

/// A named range that a source or an overlay gives.
#[derive(Debug, Serialize)]
pub struct RangeAnswer {
    pub name: RangeName,
    pub source: SourceAnswer,
}

/// What the options make of a flow: those of a folder, or else those of a run that is given none.
#[derive(Debug, Default, Serialize)]
pub struct State {
    pub open: bool,
    /// Every reason why not.
    pub closed: Vec<String>,
    /// What opens it, as arguments of `generate`; those that are given already included, where an option
    /// given again replaces them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_with: Option<String>,
    /// What opens it beside arguments, or instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The clouds among the flow's that have to be asked for: those of a run, with `--cloud`.
    pub unasked_clouds: Vec<Cloud>,
    /// The targets that can say it.
    pub targets: Vec<&'static str>,
    /// Those that can for some of the ports, or some of the names.
    pub targets_in_part: Vec<&'static str>,
    /// Those that can't.
    pub other_targets: Vec<&'static str>,
    /// Those of them that filter by address only, where it is a name.
    pub by_address: Vec<&'static str>,
    /// What is chosen to stand in place of names there: `any`, `web-service`, `service-tag:Storage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_place: Option<String>,
}

/// A document, as a reader finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceAnswer {
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub edition: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

impl From<&Source> for SourceAnswer {
    fn from(source: &Source) -> Self {
        Self {
            title: source.title.clone(),
            edition: source.edition.clone(),
            url: source.url.clone(),
        }
    }
}

/// A range that only the user knows, and the flows that name it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct OwnRange {
    pub name: RangeName,
    /// As `federation-sts.sign-in`.
    pub flows: Vec<String>,
}

/// What an entry of the web service says of a name, or of an address for a name.
#[derive(Debug, Serialize)]
pub struct PublishedEntry {
    pub cloud: Cloud,
    /// The entry's `id`.
    pub entry: u32,
    pub host: HostPattern,
    pub tcp: Vec<PortRange>,
    pub udp: Vec<PortRange>,
    /// Its networks that meet the address that is asked.
    pub networks: Vec<String>,
    pub source: SourceAnswer,
}

/// A name, and the tag of Azure's that holds its addresses.
#[derive(Debug, Serialize)]
pub struct Tagged {
    pub host: HostPattern,
    pub tag: String,
}

/// What the rows of a folder make of it.
#[derive(Debug, Serialize)]
pub struct FolderAnswer {
    /// As it was named.
    #[serde(skip)]
    pub path: String,
    /// The rows that open it, or a part of it.
    pub open: Vec<OpenRow>,
    /// The rows that may open it: what they hold isn't known here.
    pub perhaps: Vec<OpenRow>,
    /// The formats of text that the folder has: what they open isn't looked into.
    pub texts: Vec<String>,
}

/// A row's way, and where it stands: once for each target.
#[derive(Debug, Serialize)]
pub struct OpenRow {
    pub key: String,
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub direction: Direction,
    pub role: Role,
    pub protocol: Protocol,
    pub ports: Vec<PortRange>,
    /// What it opens to, or what may hold it: `13.78.204.0/32`, `*.windows.net`, `anywhere over ipv4`,
    /// `service tag Storage`.
    pub remote: Vec<String>,
    pub extent: Extent,
    /// Whether facts and options ask for it, as far as it is about what is asked here.
    pub wanted: bool,
    /// What the user decided that it stands there for.
    pub because: Vec<String>,
    pub places: Vec<OpenPlace>,
}

/// Where a row stands.
#[derive(Debug, Serialize)]
pub struct OpenPlace {
    pub target: &'static str,
    /// In the folder.
    pub file: String,
    /// Of each remote in the row's order, or else of the row itself; from 1.
    pub lines: Vec<u32>,
}
