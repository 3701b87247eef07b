//! What overlays decide, for a reader.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalogue::{Cloud, FlowId, PortRange, Protocol, RangeName, SetKey};
use crate::overlay::{Day, Decisions, Exception, Place};

/// One overlay.
#[derive(Debug, Serialize)]
pub struct OverlayReport {
    pub title: String,
    pub digest: String,
    /// The sets that it adds.
    pub sets: Vec<SetKey>,
    pub excluded: Vec<ExclusionReport>,
    pub exceptions: Vec<ExceptionReport>,
    pub ports: Vec<PortsReport>,
    /// What stands for each placeholder.
    pub values: BTreeMap<String, Vec<String>>,
    pub ranges: Vec<OwnRangeReport>,
}

/// A set that is left out.
#[derive(Debug, Serialize)]
pub struct ExclusionReport {
    pub set: SetKey,
    pub reason: String,
}

/// Something that is let in for a time.
#[derive(Debug, Clone, Serialize)]
pub struct ExceptionReport {
    pub set: SetKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowId>,
    /// As it stands in the overlay.
    pub grant: String,
    pub reason: String,
    /// The last day.
    pub expires: Day,
    /// The overlay's title.
    pub overlay: String,
}

/// The ports of a flow.
#[derive(Debug, Serialize)]
pub struct PortsReport {
    pub set: SetKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    pub ports: Vec<PortRange>,
}

/// The networks of a range in one cloud.
#[derive(Debug, Serialize)]
pub struct OwnRangeReport {
    pub name: RangeName,
    pub cloud: Cloud,
    /// CIDRs.
    pub networks: Vec<String>,
}

/// What each overlay decides.
#[must_use]
pub fn of(decisions: &Decisions) -> Vec<OverlayReport> {
    let overlays = decisions.overlays.iter();
    overlays
        .map(|(title, digest)| one(decisions, title, digest))
        .collect()
}

fn one(decisions: &Decisions, title: &str, digest: &str) -> OverlayReport {
    let is_own = |place: &Place| place.digest == digest;
    let sets = decisions.sets.iter().filter(|(_, place)| is_own(place));
    let excluded = decisions.exclusions.iter();
    let exceptions = decisions.exceptions.iter();
    let ports = decisions.ports.iter().filter(|(_, place)| is_own(place));
    let values = decisions.values.iter();
    let ranges = decisions.ranges.iter().filter(|(_, place)| is_own(place));
    OverlayReport {
        title: title.to_owned(),
        digest: digest.to_owned(),
        sets: sets.map(|(set, _)| set.clone()).collect(),
        excluded: excluded
            .filter(|exclusion| is_own(&exclusion.place))
            .map(|exclusion| ExclusionReport {
                set: exclusion.set.clone(),
                reason: exclusion.reason.clone(),
            })
            .collect(),
        exceptions: exceptions
            .filter(|exception| is_own(&exception.place))
            .map(Into::into)
            .collect(),
        ports: ports
            .map(|(choice, _)| PortsReport {
                set: choice.set.clone(),
                flow: choice.flow.clone(),
                protocol: choice.protocol,
                ports: choice.ports.clone(),
            })
            .collect(),
        values: values
            .filter(|value| is_own(&value.place))
            .map(|value| (value.placeholder.clone(), value.values.clone()))
            .collect(),
        ranges: ranges
            .map(|(range, _)| OwnRangeReport {
                name: range.name.clone(),
                cloud: range.cloud,
                networks: range.networks.iter().map(ToString::to_string).collect(),
            })
            .collect(),
    }
}

impl From<&Exception> for ExceptionReport {
    fn from(exception: &Exception) -> Self {
        Self {
            set: exception.set.clone(),
            flow: exception.flow.clone(),
            grant: exception.grant.word(),
            reason: exception.reason.clone(),
            expires: exception.expires,
            overlay: exception.place.overlay.clone(),
        }
    }
}
