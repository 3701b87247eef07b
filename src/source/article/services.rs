//! Protocols and ports of a row, given to the flows of its set.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::is_of_cells;
use super::ports::Service;
use super::scan::Found;
use crate::catalogue::{Basis, Fact, Flow, FlowId, PortRange, Protocol};

/// The ports that stand with the endpoints of each flow: `x.com:80`, and the schemes of URLs.
#[derive(Debug, Default)]
pub struct Said {
    ports: BTreeMap<usize, BTreeSet<PortRange>>,
    schemes: BTreeMap<usize, BTreeSet<PortRange>>,
}

impl Said {
    /// Takes up what stands with the endpoints of flow `at`.
    pub fn attached<'a>(&mut self, at: usize, endpoints: impl Iterator<Item = &'a Found>) {
        for found in endpoints {
            self.ports.entry(at).or_default().extend(found.port);
            self.schemes.entry(at).or_default().extend(found.scheme);
        }
    }

    fn of(map: &BTreeMap<usize, BTreeSet<PortRange>>, at: usize) -> Vec<PortRange> {
        map.get(&at).into_iter().flatten().copied().collect()
    }
}

/// Gives each flow the protocol and ports that the row states for it; what the row says no more goes, and what it
/// says anew goes to the flow that lacks it, or to a flow of its own.
pub fn state_services<'a>(
    flows: &mut Vec<Flow>,
    services: impl Iterator<Item = &'a Service>,
    said: &Said,
) {
    let mut stated: BTreeSet<(Protocol, PortRange)> = BTreeSet::new();
    let mut protocols: BTreeSet<Protocol> = BTreeSet::new();
    for service in services {
        protocols.insert(service.protocol);
        stated.extend(service.ports.iter().map(|port| (service.protocol, *port)));
    }
    let mut left = stated.clone();
    let mut lacking: Vec<usize> = Vec::new();
    for (at, flow) in flows.iter_mut().enumerate() {
        let attached = Said::of(&said.ports, at);
        let schemes = Said::of(&said.schemes, at);
        let beside = if attached.is_empty() {
            schemes
        } else {
            attached
        };
        let of_cells = flow
            .ports
            .as_ref()
            .is_some_and(|ports| is_of_cells(&ports.basis));
        if let Some(protocol) = flow
            .protocol
            .as_ref()
            .filter(|fact| is_of_cells(&fact.basis))
        {
            let is_said = protocols.contains(&protocol.value) || !beside.is_empty();
            flow.protocol = is_said.then(|| protocol.clone());
        }
        if !of_cells {
            continue;
        }
        let protocol = flow.protocol.as_ref().map(|fact| fact.value);
        let own = |port: &PortRange| protocol.is_some_and(|own| stated.contains(&(own, *port)));
        let known = flow.ports.take();
        let basis = known
            .as_ref()
            .map_or(Basis::Stated, |ports| ports.basis.clone());
        let ports: Vec<PortRange> = if beside.is_empty() {
            let known = known.map_or_else(Vec::new, |ports| ports.value);
            known.into_iter().filter(own).collect()
        } else {
            beside
        };
        if let Some(protocol) = protocol {
            left.retain(|(own, port)| (*own, true) != (protocol, ports.contains(port)));
        }
        if ports.is_empty() {
            lacking.push(at);
        } else {
            flow.ports = Some(Fact {
                value: ports,
                basis,
            });
        }
    }
    let mut by_protocol: BTreeMap<Protocol, Vec<PortRange>> = BTreeMap::new();
    for (protocol, port) in left {
        by_protocol.entry(protocol).or_default().push(port);
    }
    for (protocol, ports) in by_protocol {
        give(flows, protocol, &ports, &lacking);
    }
}

/// Gives ports that no flow had to the one that they can only be for: one that has them on another basis, one that lost
/// its own, the only one, or the only one of their protocol. Where there is none, they get a flow of their own.
fn give(flows: &mut Vec<Flow>, protocol: Protocol, ports: &[PortRange], lacking: &[usize]) {
    let is_own = |at: &usize| {
        let own = flows[*at].protocol.as_ref();
        own.is_none_or(|own| own.value == protocol)
    };
    let own: Vec<usize> = (0..flows.len()).filter(is_own).collect();
    let of_cells = |at: &usize| {
        let ports = flows[*at].ports.as_ref();
        ports.is_some_and(|own| is_of_cells(&own.basis))
    };
    let has_them = |at: &usize| {
        let own = flows[*at].ports.as_ref();
        own.is_some_and(|own| own.value == ports) && !of_cells(at)
    };
    let only = |found: Vec<usize>| match found.as_slice() {
        [at] => Some(*at),
        _ => None,
    };
    let is_lacking = |at: &usize| lacking.contains(at);
    let receiver = own
        .iter()
        .copied()
        .find(has_them)
        .or_else(|| only(own.iter().copied().filter(is_lacking).collect()))
        .or_else(|| only(own.iter().copied().filter(of_cells).collect()))
        .or_else(|| own.first().copied().filter(|_| flows.len() == 1));
    let stated = |value| Fact {
        value,
        basis: Basis::Stated,
    };
    let Some(at) = receiver else {
        add_flow(flows, protocol, ports);
        return;
    };
    let flow = &mut flows[at];
    let kept = flow.ports.take().filter(|own| is_of_cells(&own.basis));
    let mut value = kept.map_or_else(Vec::new, |own| own.value);
    value.extend(ports);
    value.sort_unstable();
    flow.ports = Some(stated(value));
    let protocol_of_cells = flow.protocol.take().filter(|own| is_of_cells(&own.basis));
    flow.protocol = Some(protocol_of_cells.unwrap_or(Fact {
        value: protocol,
        basis: Basis::Stated,
    }));
}

fn add_flow(flows: &mut Vec<Flow>, protocol: Protocol, ports: &[PortRange]) {
    let (Some(model), Some(first)) = (flows.first().cloned(), ports.first()) else {
        return;
    };
    if let [only] = flows.as_mut_slice()
        && only.id.is_none()
    {
        let own = only.protocol.as_ref().map(|own| own.value.as_str());
        only.id = FlowId::parse(own.unwrap_or("known")).ok();
    }
    flows.push(Flow {
        id: FlowId::parse(&format!("{protocol}-{}", first.first())).ok(),
        title: None,
        protocol: Some(Fact {
            value: protocol,
            basis: Basis::Stated,
        }),
        ports: Some(Fact {
            value: ports.to_vec(),
            basis: Basis::Stated,
        }),
        ..model
    });
}
