//! What a team decides on top of a catalogue: sets of its own, sets to leave out, ports, values and
//! ranges that only it knows, and exceptions that end.
//!
//! [`document`] reads JSON into plain strings; [`apply`] holds those against a catalogue, and makes
//! another catalogue of it and [`Decisions`] for the options.

mod apply;
mod day;
mod decide;
pub mod document;
mod exceptions;
mod fill;
mod names;
mod sets;

use crate::catalogue::{FlowId, HostPattern, NamedRange, SetKey};
use crate::error::Error;
use crate::options::{HostsChoice, PortChoice, flow_text};
use crate::permit::Rung;
pub use apply::apply;
pub use day::Day;
pub use document::OverlayFile;

/// What overlays decide, checked. Each kind in the order of the overlays.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Title and digest of each overlay.
    pub overlays: Vec<(String, String)>,
    /// The sets that they add.
    pub sets: Vec<(SetKey, Place)>,
    pub exclusions: Vec<Exclusion>,
    pub ports: Vec<(PortChoice, Place)>,
    pub values: Vec<Value>,
    pub ranges: Vec<(NamedRange, Place)>,
    pub exceptions: Vec<Exception>,
    /// The templates of sets that values filled in.
    pub filled: Vec<Filled>,
}

/// Where in which overlay something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The overlay's title.
    pub overlay: String,
    /// The overlay's digest: titles may be the same.
    pub digest: String,
    /// What errors call its file.
    pub document: String,
    /// The way to it in the file.
    pub way: String,
}

/// A set that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    pub set: SetKey,
    pub reason: String,
    pub place: Place,
}

/// What stands for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub placeholder: String,
    /// Sorted.
    pub values: Vec<String>,
    pub place: Place,
}

/// A template in a set's host names, and the names that stand there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    pub set: SetKey,
    pub template: HostPattern,
    pub hosts: Vec<HostPattern>,
}

/// Something that is let in for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub set: SetKey,
    /// `None`: for all of the set's flows.
    pub flow: Option<FlowId>,
    pub grant: Grant,
    pub reason: String,
    /// The last day.
    pub expires: Day,
    pub place: Place,
}

/// What an exception lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// Facts that are only inferred.
    Infer,
    /// What a service needs that has ended.
    IncludeRetired,
    /// Something in place of host names.
    Hosts(HostsChoice),
}

impl Decisions {
    /// Why a set is left out, if it is.
    #[must_use]
    pub fn exclusion(&self, set: &SetKey) -> Option<&Exclusion> {
        self.exclusions
            .iter()
            .find(|exclusion| exclusion.set == *set)
    }

    /// The exception that lets `grant` in for a flow: its own, or else its whole set's.
    #[must_use]
    pub fn exception(
        &self,
        set: &SetKey,
        flow: Option<&FlowId>,
        is_meant: impl Fn(&Grant) -> bool,
    ) -> Option<&Exception> {
        let own = self.exceptions.iter();
        let own = own.filter(|exception| exception.set == *set && is_meant(&exception.grant));
        own.clone()
            .find(|exception| exception.flow.is_some() && exception.flow.as_ref() == flow)
            .or_else(|| own.clone().find(|exception| exception.flow.is_none()))
    }

    /// The exceptions whose last day is before `today`.
    pub fn expired(&self, today: Day) -> impl Iterator<Item = &Exception> {
        let exceptions = self.exceptions.iter();
        exceptions.filter(move |exception| exception.expires < today)
    }
}

impl Place {
    /// Says what must not stand here.
    #[must_use]
    pub fn refuse(&self, why: String) -> Error {
        Error::Catalogue {
            document: self.document.clone(),
            place: self.way.clone(),
            why,
        }
    }
}

impl Exception {
    /// The set, or the flow, that it is for.
    #[must_use]
    pub fn subject(&self) -> String {
        flow_text(&self.set, self.flow.as_ref())
    }
}

impl Grant {
    /// As it stands in an overlay.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Infer => INFER.to_owned(),
            Self::IncludeRetired => INCLUDE_RETIRED.to_owned(),
            Self::Hosts(choice) => choice.in_place.word(),
        }
    }
}

const INFER: &str = "infer";
const INCLUDE_RETIRED: &str = "include-retired";

/// The words that a grant is one of.
const GRANTS: [&str; 5] = [
    INFER,
    INCLUDE_RETIRED,
    Rung::WebService.as_str(),
    Rung::ServiceTag.as_str(),
    Rung::Any.as_str(),
];
