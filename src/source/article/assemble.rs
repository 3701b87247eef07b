//! A row's cells and what is known of its endpoint set make the set as this edition has it: what cells
//! state comes from the edition; roles, and what stands in linked documents or nowhere, from the known set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::clouds::{Section, clouds_of, has_sections, sections};
use super::endpoint::{Value, values};
use super::facts::RowFacts;
use super::identify::marks_of;
use super::scan::Found;
use super::services::{Said, state_services};
use super::{Flawed, Outcome};
use crate::catalogue::network;
use crate::catalogue::{
    Basis, Cloud, EndpointSet, Endpoints, Fact, Flow, FlowId, HostPattern, PortRange, Protocol,
    Remote, Source,
};

/// The set of `known` as `row`, the article's row `number`, has it.
#[must_use]
pub fn assemble(row: &RowFacts, known: &EndpointSet, number: u16, source: &Arc<Source>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut set = EndpointSet {
        row: Some(number),
        source: Arc::clone(source),
        ..known.clone()
    };
    if let Some(sites) = &mut set.sites {
        let hosts = sites_hosts(row, known);
        sites.hosts = (!hosts.is_empty()).then_some(Fact {
            value: hosts,
            basis: Basis::Stated,
        });
        outcome.set = Some(set);
        return outcome;
    }
    let placed = place(row, known, &mut outcome);
    set.flows = flows(row, known, &placed, &mut outcome);
    if set.flows.is_empty() {
        outcome.notes.push(format!(
            "row {number} says nothing any more of what `{}` needs, so that the set is left out",
            known.key
        ));
    } else {
        outcome.set = Some(set);
    }
    outcome
}

/// The names of a browser setting. Those that the known set has none of are just named in a sentence.
fn sites_hosts(row: &RowFacts, known: &EndpointSet) -> Vec<HostPattern> {
    let own: Vec<&HostPattern> = known
        .sites
        .iter()
        .filter_map(|sites| sites.hosts.as_ref())
        .flat_map(|hosts| &hosts.value)
        .collect();
    let names_hosts = own.iter().any(|host| host.placeholder().is_none());
    let purpose = marks_of(&known.key).is_some_and(|marks| marks.purpose) && names_hosts;
    let found = row.scans(purpose).flat_map(|scan| &scan.endpoints);
    let mut hosts: BTreeSet<HostPattern> = found
        .filter_map(|found| match &found.value {
            Value::Host(host) => Some(host.clone()),
            Value::Network(_) => None,
        })
        .collect();
    // `'.sharepoint.com' … with '<tenant>' in the FQDN`
    let text = row.text();
    let has_placeholder = text.contains('<') && text.contains('>');
    let is_named = |host: &&HostPattern| {
        let suffix = host.as_str().split_once(">.").map(|(_, suffix)| suffix);
        has_placeholder && suffix.is_some_and(|suffix| text.contains(suffix))
    };
    hosts.extend(own.into_iter().filter(is_named).cloned());
    hosts.into_iter().collect()
}

/// An endpoint of the row, with what surrounds it.
struct Placed<'a> {
    found: &'a Found,
    /// `None`: the row doesn't list its endpoints by cloud, or doesn't say.
    clouds: Option<Vec<Cloud>>,
}

fn place<'a>(row: &'a RowFacts, known: &EndpointSet, outcome: &mut Outcome) -> Vec<Placed<'a>> {
    let purpose = marks_of(&known.key).is_some_and(|marks| marks.purpose);
    let by_cloud = has_sections(known);
    let mut placed = Vec::new();
    for scan in row.scans(purpose) {
        let sections = if by_cloud {
            sections(scan, known)
        } else {
            Vec::new()
        };
        let mut closed: BTreeMap<usize, usize> = BTreeMap::new();
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for found in &scan.endpoints {
            let mut refuse = |why: String| outcome.flaws.push(Flawed::of(found, why));
            let clouds = match sections.get(found.section) {
                None => None,
                Some(Section::For(clouds)) => {
                    let own = clouds_of(known, &found.value);
                    if let Some(own) = own.filter(|own| own != clouds) {
                        refuse(format!(
                            "it stands among the endpoints of {}, and is known as one of {}",
                            list(clouds),
                            list(&own)
                        ));
                    }
                    Some(clouds.clone())
                }
                Some(Section::Closed) => {
                    *closed.entry(found.section).or_default() += 1;
                    continue;
                }
                Some(Section::Unknown) => {
                    if told.insert(found.section) {
                        refuse(format!(
                            "the cloud can't be told that it is for: `{}` says none",
                            scan.labels[found.section].escape_debug()
                        ));
                    }
                    continue;
                }
                Some(Section::Contradiction { label, endpoints }) => {
                    if told.insert(found.section) {
                        refuse(format!(
                            "its label says {}, and most endpoints behind that are known as those of {}",
                            list(label),
                            list(endpoints)
                        ));
                    }
                    continue;
                }
            };
            placed.push(Placed { found, clouds });
        }
        for (section, count) in closed {
            outcome.notes.push(format!(
                "line {}: {count} endpoints of `{}` are left out: that cloud closed in 2021",
                row.line,
                one_line(&scan.labels[section])
            ));
        }
    }
    placed
}

fn list(clouds: &[Cloud]) -> String {
    crate::error::quoted(clouds)
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches([':', '：']).to_owned()
}

/// The flows of the set as the row has them. One that is left with nothing on Microsoft's side goes.
fn flows(
    row: &RowFacts,
    known: &EndpointSet,
    placed: &[Placed<'_>],
    outcome: &mut Outcome,
) -> Vec<Flow> {
    let mut flows: Vec<Flow> = known.flows.clone();
    let stating: Vec<usize> = (0..flows.len())
        .filter(|at| known.flows[*at].remotes.iter().any(is_stated))
        .collect();
    let mut said = Said::default();
    let mut shares: BTreeMap<usize, Vec<&Placed<'_>>> = BTreeMap::new();
    let mut extra: Vec<&Placed<'_>> = Vec::new();
    let mut of_ports: BTreeMap<PortRange, Vec<&Placed<'_>>> = BTreeMap::new();
    for one in placed {
        let of = flows_of(one, placed, known, &stating);
        match one
            .found
            .port
            .filter(|_| of.is_empty() && !stating.is_empty())
        {
            Some(port) => of_ports.entry(port).or_default().push(one),
            None if of.is_empty() && !is_referred_to(known, &one.found.value) => extra.push(one),
            None => {}
        }
        for at in of {
            shares.entry(at).or_default().push(one);
        }
    }
    for at in &stating {
        let own = shares.get(at).map_or(&[][..], Vec::as_slice);
        said.attached(*at, own.iter().map(|one| one.found));
        flows[*at].remotes = remotes(&known.flows[*at], own, outcome);
    }
    if !extra.is_empty() {
        let at = add_flow(&mut flows, &extra, ("documents", "stated"), outcome);
        said.attached(at, extra.iter().map(|one| one.found));
    }
    for (port, own) in of_ports {
        let id = format!("tcp-{}", port.first());
        let at = add_flow(&mut flows, &own, ("tcp", &id), outcome);
        flows[at].protocol = Some(Fact {
            value: Protocol::Tcp,
            basis: Basis::Implied,
        });
        flows[at].ports = Some(Fact {
            value: vec![port],
            basis: Basis::Stated,
        });
        said.attached(at, own.iter().map(|one| one.found));
    }
    state_services(&mut flows, row.services(), &said);
    flows.retain(|flow| !flow.remotes.is_empty());
    flows.sort_by(|a, b| a.id.cmp(&b.id));
    if let [flow] = flows.as_mut_slice()
        && known.flows.len() == 1
    {
        flow.id.clone_from(&known.flows[0].id);
    }
    flows
}

fn is_stated(remote: &Remote) -> bool {
    remote.endpoints.basis == Basis::Stated
}

fn states(flow: &Flow, value: &Value) -> bool {
    let mut stated = flow.remotes.iter().filter(|remote| is_stated(remote));
    stated.any(|remote| values(&remote.endpoints.value).contains(value))
}

/// Whether a document that the row links to names it already.
fn is_referred_to(known: &EndpointSet, value: &Value) -> bool {
    let mut remotes = known.flows.iter().flat_map(|flow| &flow.remotes);
    remotes.any(|remote| values(&remote.endpoints.value).contains(value))
}

/// The flows that an endpoint belongs to: the one of the port beside it; where it stood before; else where its
/// neighbours do.
fn flows_of(
    one: &Placed<'_>,
    all: &[Placed<'_>],
    known: &EndpointSet,
    stating: &[usize],
) -> Vec<usize> {
    let has_port = |at: &usize, port: PortRange| {
        let ports = known.flows[*at].ports.as_ref();
        ports.is_some_and(|ports| ports.value.contains(&port))
    };
    let of_value = |value: &Value| -> Vec<usize> {
        let own = stating.iter().copied();
        own.filter(|at| states(&known.flows[*at], value)).collect()
    };
    let found = of_value(&one.found.value);
    if let Some(port) = one.found.port {
        let here = |flows: &[usize]| -> Vec<usize> {
            let flows = flows.iter().copied();
            flows.filter(|at| has_port(at, port)).collect()
        };
        let own = here(&found);
        return if own.is_empty() { here(stating) } else { own };
    }
    if !found.is_empty() {
        return found;
    }
    // Flows of one kind differ in their ports only, and share what is new.
    let first = stating.first().map(|at| &known.flows[*at].remotes);
    if stating
        .iter()
        .all(|at| Some(&known.flows[*at].remotes) == first)
    {
        return stating.to_vec();
    }
    let here = all.iter().position(|other| std::ptr::eq(other, one));
    let (before, after) = all.split_at(here.unwrap_or(0));
    let is_beside = |other: &&Placed<'_>| other.found.section == one.found.section;
    let neighbours = before.iter().rev().chain(after).filter(is_beside);
    let mut placed = neighbours.map(|other| of_value(&other.found.value));
    placed
        .find(|flows| !flows.is_empty())
        .or_else(|| stating.last().map(|at| vec![*at]))
        .unwrap_or_default()
}

/// The remotes of a flow: what the row states in the place of what it stated before, and the others as
/// they are.
fn remotes(known: &Flow, own: &[&Placed<'_>], outcome: &mut Outcome) -> Vec<Remote> {
    let mut shares: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
    let mut fresh: BTreeMap<(Vec<Cloud>, bool), Vec<Value>> = BTreeMap::new();
    for one in own {
        let value = one.found.value.clone();
        if let Some(at) = remote_of(known, one) {
            shares.entry(at).or_default().push(value);
        } else {
            let clouds = one.clouds.clone().unwrap_or_else(|| all_clouds(known));
            let is_host = matches!(value, Value::Host(_));
            fresh.entry((clouds, is_host)).or_default().push(value);
        }
    }
    let mut remotes = Vec::new();
    for (at, remote) in known.remotes.iter().enumerate() {
        if !is_stated(remote) {
            remotes.push(remote.clone());
        } else if let Some(values) = shares.remove(&at) {
            remotes.push(Remote {
                clouds: remote.clouds.clone(),
                endpoints: endpoints(values, outcome),
            });
        }
    }
    for ((clouds, _), values) in fresh {
        remotes.push(Remote {
            clouds: Fact {
                value: clouds,
                basis: Basis::Implied,
            },
            endpoints: endpoints(values, outcome),
        });
    }
    remotes
}

/// Which remote of the flow an endpoint is one of: where it stood before; else one of its kind, for its
/// clouds, or (where only the names tell clouds apart) of its top-level domain.
fn remote_of(known: &Flow, one: &Placed<'_>) -> Option<usize> {
    let value = &one.found.value;
    let stated: Vec<usize> = (0..known.remotes.len())
        .filter(|at| is_stated(&known.remotes[*at]))
        .collect();
    let values_of = |at: &usize| values(&known.remotes[*at].endpoints.value);
    if let Some(at) = stated.iter().find(|at| values_of(at).contains(value)) {
        return Some(*at);
    }
    let is_of_kind = |at: &usize| {
        let is_hosts = matches!(known.remotes[*at].endpoints.value, Endpoints::Hosts(_));
        is_hosts == matches!(value, Value::Host(_))
    };
    let of_kind: Vec<usize> = stated.into_iter().filter(is_of_kind).collect();
    if let Some(clouds) = &one.clouds {
        let of_clouds = |at: &&usize| known.remotes[**at].clouds.value == *clouds;
        return of_kind.iter().find(of_clouds).copied();
    }
    let top = |value: &Value| match value {
        Value::Host(host) => host.as_str().rsplit('.').next().map(str::to_owned),
        Value::Network(_) => None,
    };
    let of_top = |at: &&usize| values_of(at).iter().any(|other| top(other) == top(value));
    of_kind
        .iter()
        .find(of_top)
        .or_else(|| of_kind.first())
        .copied()
}

fn all_clouds(flow: &Flow) -> Vec<Cloud> {
    let clouds = flow.remotes.iter().flat_map(|remote| &remote.clouds.value);
    let clouds: BTreeSet<Cloud> = clouds.copied().collect();
    clouds.into_iter().collect()
}

/// Values of one kind, sorted, each once; a network inside another is dropped and told.
pub fn endpoints(values: Vec<Value>, outcome: &mut Outcome) -> Fact<Endpoints> {
    let mut networks = Vec::new();
    let mut hosts = BTreeSet::new();
    for value in values {
        match value {
            Value::Network(network) => networks.push(network),
            Value::Host(host) => {
                hosts.insert(host);
            }
        }
    }
    let value = if networks.is_empty() {
        Endpoints::Hosts(hosts.into_iter().collect())
    } else {
        let (kept, dropped) = network::normalise(networks);
        for dropped in dropped
            .iter()
            .filter(|dropped| dropped.network != dropped.inside)
        {
            let note = format!(
                "`{}` is inside `{}` and is not repeated",
                dropped.network, dropped.inside
            );
            if !outcome.notes.contains(&note) {
                outcome.notes.push(note);
            }
        }
        Endpoints::Networks(kept)
    };
    Fact {
        value,
        basis: Basis::Stated,
    }
}

/// A flow of its own for endpoints that a row states beside what is known; `ids` are those of the only flow there was,
/// which needs one now, and of the new one.
fn add_flow(
    flows: &mut Vec<Flow>,
    extra: &[&Placed<'_>],
    ids: (&str, &str),
    outcome: &mut Outcome,
) -> usize {
    if let [only] = flows.as_mut_slice()
        && only.id.is_none()
    {
        only.id = FlowId::parse(ids.0).ok();
    }
    let model = flows[0].clone();
    let mut groups: BTreeMap<(Vec<Cloud>, bool), Vec<Value>> = BTreeMap::new();
    for one in extra {
        let clouds = one.clouds.clone().unwrap_or_else(|| all_clouds(&model));
        let is_host = matches!(one.found.value, Value::Host(_));
        let group = groups.entry((clouds, is_host)).or_default();
        group.push(one.found.value.clone());
    }
    let remotes = groups.into_iter().map(|((clouds, _), values)| Remote {
        clouds: Fact {
            value: clouds,
            basis: Basis::Implied,
        },
        endpoints: endpoints(values, outcome),
    });
    let remotes = remotes.collect();
    flows.push(Flow {
        id: FlowId::parse(ids.1).ok(),
        title: None,
        protocol: model
            .protocol
            .clone()
            .filter(|fact| is_of_cells(&fact.basis)),
        ports: model.ports.clone().filter(|fact| is_of_cells(&fact.basis)),
        remotes,
        ..model
    });
    flows.len() - 1
}

/// Whether the cells of the row say it, or what they say means it.
pub fn is_of_cells(basis: &Basis) -> bool {
    matches!(basis, Basis::Stated | Basis::Implied)
}
