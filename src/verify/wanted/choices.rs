//! What the user decided of sets and flows: by options, and, where those are silent, by overlays.

use crate::catalogue::{Basis, EndpointSet, Flow, FlowId, PortRange, Protocol, SetKey, Traffic};
use crate::options::{InPlace, Options, Scope};
use crate::overlay::Grant;

pub struct Choices<'a>(&'a Options);

/// A protocol and ports, and who says them.
#[derive(Debug, Clone)]
pub struct Service {
    pub protocol: Protocol,
    pub protocol_basis: Basis,
    pub ports: Vec<PortRange>,
    pub ports_basis: Basis,
}

impl<'a> Choices<'a> {
    pub const fn of(options: &'a Options) -> Self {
        Self(options)
    }

    /// Whether anything of `set` is wanted.
    pub fn takes(&self, set: &EndpointSet) -> bool {
        let options = self.0;
        let is_left_out = options
            .overlaid
            .exclusions
            .iter()
            .any(|out| out.set == set.key);
        let is_named = options.sets.is_empty() || options.sets.contains(&set.key);
        let is_alive = set.retired.is_none()
            || includes(&options.include_retired, &set.key)
            || self.grants(set, None, |grant| *grant == Grant::IncludeRetired);
        is_named
            && is_alive
            && !is_left_out
            && !options.exclude_sets.contains(&set.key)
            && set.traffic != Traffic::TrustedSites
            && options.traffics.contains(&set.traffic)
    }

    /// Whether what is only inferred of `flow` is let in.
    pub fn lets_guesses_in(&self, set: &EndpointSet, flow: &Flow) -> bool {
        includes(&self.0.infer, &set.key)
            || self.grants(set, flow.id.as_ref(), |grant| *grant == Grant::Infer)
    }

    /// Protocol and ports of `flow`; `None`: nobody says.
    pub fn service(&self, set: &EndpointSet, flow: &Flow) -> Option<Service> {
        let own = self.0.ports.iter();
        let overlaid = self.0.overlaid.ports.iter().map(|(choice, _)| choice);
        let mut choices = own.chain(overlaid);
        let Some(choice) = choices.find(|choice| choice.set == set.key && choice.flow == flow.id)
        else {
            let (protocol, ports) = (flow.protocol.as_ref()?, flow.ports.as_ref()?);
            return Some(Service {
                protocol: protocol.value,
                protocol_basis: protocol.basis.clone(),
                ports: ports.value.clone(),
                ports_basis: ports.basis.clone(),
            });
        };
        let (protocol, protocol_basis) = match (choice.protocol, &flow.protocol) {
            (Some(protocol), _) => (protocol, Basis::Given),
            (None, Some(known)) => (known.value, known.basis.clone()),
            (None, None) => return None,
        };
        Some(Service {
            protocol,
            protocol_basis,
            ports: choice.ports.clone(),
            ports_basis: Basis::Given,
        })
    }

    /// What stands in place of the host names of `flow`: what is chosen for the flow goes before what is
    /// chosen for its set, and options go before overlays.
    pub fn in_place(&self, set: &EndpointSet, flow: &Flow) -> Option<&'a InPlace> {
        let own: Vec<_> = self.0.hosts.iter().collect();
        let exceptions = self.0.overlaid.exceptions.iter();
        let overlaid: Vec<_> = exceptions
            .filter_map(|exception| match &exception.grant {
                Grant::Hosts(choice) => Some(choice),
                Grant::Infer | Grant::IncludeRetired => None,
            })
            .collect();
        for choices in [own, overlaid] {
            let of_set = choices.iter().filter(|choice| choice.set == set.key);
            let for_flow = of_set
                .clone()
                .find(|choice| choice.flow.is_some() && choice.flow == flow.id);
            let for_set = of_set.clone().find(|choice| choice.flow.is_none());
            if let Some(choice) = for_flow.or(for_set) {
                return Some(&choice.in_place);
            }
        }
        None
    }

    /// Whether an overlay lets something in for a flow, or for all of its set.
    fn grants(
        &self,
        set: &EndpointSet,
        flow: Option<&FlowId>,
        is_it: impl Fn(&Grant) -> bool,
    ) -> bool {
        self.0.overlaid.exceptions.iter().any(|exception| {
            let is_meant = exception.flow.is_none() || exception.flow.as_ref() == flow;
            exception.set == set.key && is_meant && is_it(&exception.grant)
        })
    }
}

fn includes(scope: &Scope, set: &SetKey) -> bool {
    match scope {
        Scope::None => false,
        Scope::All => true,
        Scope::Only(sets) => sets.contains(set),
    }
}
