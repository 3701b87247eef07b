//! What is decided of a set or flow: by the options themselves, which go before, or by an overlay.

use super::{HostsChoice, Options, PortChoice};
use crate::catalogue::{FlowId, SetKey};
use crate::overlay::{Exception, Grant, Place};

impl Options {
    /// What is chosen for the host names of a flow: for itself, or else for its whole set; by an overlay
    /// where nothing is chosen here.
    #[must_use]
    pub fn hosts_choice(&self, set: &SetKey, flow: Option<&FlowId>) -> Option<&HostsChoice> {
        let own = self.hosts.iter().filter(|choice| choice.set == *set);
        own.clone()
            .find(|choice| choice.flow.is_some() && choice.flow.as_ref() == flow)
            .or_else(|| own.clone().find(|choice| choice.flow.is_none()))
            .or_else(|| self.hosts_exception(set, flow).map(|(choice, _)| choice))
    }

    /// The exception that decides what stands in place of the host names of a flow.
    #[must_use]
    pub fn hosts_exception(
        &self,
        set: &SetKey,
        flow: Option<&FlowId>,
    ) -> Option<(&HostsChoice, &Exception)> {
        let is_chosen = |choice: &HostsChoice| {
            choice.set == *set && (choice.flow.is_none() || choice.flow.as_ref() == flow)
        };
        if self.hosts.iter().any(is_chosen) {
            return None;
        }
        let is_meant = |grant: &Grant| matches!(grant, Grant::Hosts(_));
        let exception = self.overlaid.exception(set, flow, is_meant)?;
        match &exception.grant {
            Grant::Hosts(choice) => Some((choice, exception)),
            Grant::Infer | Grant::IncludeRetired => None,
        }
    }

    /// Every choice for host names, with the exception that it comes from.
    pub fn all_hosts(&self) -> impl Iterator<Item = (&HostsChoice, Option<&Exception>)> {
        let own = self.hosts.iter().map(|choice| (choice, None));
        let exceptions = self.overlaid.exceptions.iter();
        own.chain(exceptions.filter_map(|exception| match &exception.grant {
            Grant::Hosts(choice) => Some((choice, Some(exception))),
            Grant::Infer | Grant::IncludeRetired => None,
        }))
    }

    /// Whether facts of a flow that are only inferred are let in.
    #[must_use]
    pub fn infers(&self, set: &SetKey, flow: Option<&FlowId>) -> bool {
        let is_meant = |grant: &Grant| matches!(grant, Grant::Infer);
        self.infer.covers(set) || self.overlaid.exception(set, flow, is_meant).is_some()
    }

    /// Whether what a set needs is opened though its service has ended.
    #[must_use]
    pub fn includes_retired(&self, set: &SetKey) -> bool {
        let is_meant = |grant: &Grant| matches!(grant, Grant::IncludeRetired);
        let exception = self.overlaid.exception(set, None, is_meant);
        self.include_retired.covers(set) || exception.is_some()
    }

    /// The ports that are chosen for a flow; and where, if an overlay does.
    #[must_use]
    pub fn port_choice(
        &self,
        set: &SetKey,
        flow: Option<&FlowId>,
    ) -> Option<(&PortChoice, Option<&Place>)> {
        let is_meant = |choice: &PortChoice| choice.set == *set && choice.flow.as_ref() == flow;
        let own = self.ports.iter().find(|choice| is_meant(choice));
        let overlaid = self
            .overlaid
            .ports
            .iter()
            .find(|(choice, _)| is_meant(choice));
        own.map(|choice| (choice, None))
            .or(overlaid.map(|(choice, place)| (choice, Some(place))))
    }
}
