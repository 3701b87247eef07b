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
    Basis, Cloud, EndpointSet, Endpoints, Fact, Flow, FlowId, HostPattern, PortRange, Remote,
    Source,
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
    for one in placed {
        let of = flows_of(one, placed, known, &stating);
        if of.is_empty() && !is_referred_to(known, &one.found.value) {
            extra.push(one);
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
        let at = add_flow(&mut flows, &extra, outcome);
        said.attached(at, extra.iter().map(|one| one.found));
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
    let of_port = |port: PortRange| -> Vec<usize> {
        let ports = |at: &usize| known.flows[*at].ports.as_ref().map(|ports| &ports.value);
        let own = stating.iter().copied();
        own.filter(|at| ports(at).is_some_and(|ports| *ports == [port]))
            .collect()
    };
    if let Some(port) = one.found.port {
        let found = of_port(port);
        if !found.is_empty() {
            return found;
        }
    }
    let of_value = |value: &Value| -> Vec<usize> {
        let own = stating.iter().copied();
        own.filter(|at| states(&known.flows[*at], value)).collect()
    };
    let found = of_value(&one.found.value);
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

/// A flow for endpoints that a row states where only documents or ranges of the customer's stood before.
fn add_flow(flows: &mut Vec<Flow>, extra: &[&Placed<'_>], outcome: &mut Outcome) -> usize {
    let id = |text: &str| FlowId::parse(text).ok();
    if let [only] = flows.as_mut_slice()
        && only.id.is_none()
    {
        only.id = id("documents");
    }
    let model = flows[0].clone();
    let clouds = all_clouds(&model);
    let (networks, hosts): (Vec<Value>, Vec<Value>) = extra
        .iter()
        .map(|one| one.found.value.clone())
        .partition(|value| matches!(value, Value::Network(_)));
    let remotes = [networks, hosts]
        .into_iter()
        .filter(|values| !values.is_empty())
        .map(|values| Remote {
            clouds: Fact {
                value: clouds.clone(),
                basis: Basis::Implied,
            },
            endpoints: endpoints(values, outcome),
        });
    flows.push(Flow {
        id: id("stated"),
        title: None,
        protocol: model.protocol.filter(|fact| is_of_cells(&fact.basis)),
        ports: model.ports.filter(|fact| is_of_cells(&fact.basis)),
        remotes: remotes.collect(),
        ..flows[0].clone()
    });
    flows.len() - 1
}

/// Whether the cells of the row say it, or what they say means it.
pub fn is_of_cells(basis: &Basis) -> bool {
    matches!(basis, Basis::Stated | Basis::Implied)
}
