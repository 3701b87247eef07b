//! A row that is about none of the known sets becomes a set of its own, under a key made of what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Outcome;
use super::assemble::endpoints;
use super::endpoint::Value;
use super::facts::RowFacts;
use super::scan::Found;
use crate::catalogue::{
    Basis, Cloud, Direction, EndpointSet, Fact, Flow, FlowId, PortRange, Protocol, Remote, Role,
    SetKey, Source, Traffic,
};

/// Words of a purpose that make up a key, and its length: with cloud, flow, role and kind it has to fit in the 80
/// characters of an Azure rule's name.
const KEY_WORDS: usize = 4;
const LONGEST_KEY: usize = 28;

/// The role of hosts of which nothing tells which of the customer's they are.
pub const UNASSIGNED: &str = "unassigned_host";

const ROLE: (&str, &str) = (
    UNASSIGNED,
    "Hosts that a new row of the article is about, until somebody says which",
);

/// The kind of traffic that the rows of one edition share with a row that is known: their last cells say the same.
pub type Kinds = BTreeMap<String, BTreeSet<Traffic>>;

/// A set of what `row`, the article's row `number`, says. `taken` are the keys that are in use.
///
/// It has the role of hosts that nobody has assigned yet; and where no known
/// row is of the same kind, its direction is only inferred, so that nothing opens before it is let in.
#[must_use]
pub fn unknown(
    row: &RowFacts,
    number: u16,
    kinds: &Kinds,
    taken: &BTreeSet<SetKey>,
    source: &Arc<Source>,
) -> Outcome {
    let mut outcome = Outcome::default();
    // Nothing tells in which cell such a row has its endpoints.
    let found: Vec<&Found> = row.endpoints().collect();
    if found.is_empty() {
        outcome.notes.push(format!(
            "line {}: row {number} is about nothing that is known and states no endpoint, so it is left out",
            row.line
        ));
        return outcome;
    }
    let key = key(row, number, &found, taken);
    let role = Role::parse(ROLE.0).expect("the constant is a valid name");
    let kind = kinds.get(row.kind()).and_then(|kinds| match kinds.len() {
        1 => kinds.first().copied(),
        _ => None,
    });
    let traffic = kind.unwrap_or(Traffic::OutboundServerOnly);
    let direction = Fact {
        value: match traffic {
            Traffic::InboundHybridServer => Direction::Inbound,
            Traffic::OutboundServerOnly | Traffic::User | Traffic::TrustedSites => {
                Direction::Outbound
            }
        },
        basis: if kind.is_some() {
            Basis::Stated
        } else {
            Basis::Inferred
        },
    };
    let mut flows = Vec::new();
    for (service, found) in services(row, &found) {
        flows.push(Flow {
            id: FlowId::parse(&service.id()).ok(),
            title: None,
            direction: direction.clone(),
            roles: vec![role.clone()],
            protocol: service.protocol.map(|value| Fact {
                value,
                basis: service.basis.clone(),
            }),
            ports: (!service.ports.is_empty()).then(|| Fact {
                value: service.ports.clone(),
                basis: service.basis.clone(),
            }),
            remotes: remotes(found, &mut outcome),
        });
    }
    flows.sort_by(|a, b| a.id.cmp(&b.id));
    outcome.roles.insert(role, ROLE.1.to_owned());
    outcome.set = Some(EndpointSet {
        title: format!("Row {number} of the article, new: {key}"),
        key,
        row: Some(number),
        traffic,
        retired: None,
        entry: None,
        flows,
        sites: None,
        notes: vec![
            "This row is new. Its title, role and clouds are placeholders until someone has read it.".to_owned(),
        ],
        source: Arc::clone(source),
    });
    outcome
}

/// Protocol and ports that endpoints have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Service {
    protocol: Option<Protocol>,
    ports: Vec<PortRange>,
    basis: Basis,
}

impl Service {
    fn id(&self) -> String {
        let protocol = self.protocol.map_or("unstated", Protocol::as_str);
        match self.ports.first() {
            Some(port) => format!("{protocol}-{}", port.first()),
            None => protocol.to_owned(),
        }
    }
}

/// The endpoints by the service that is said for them: beside each, by its scheme, or for the row.
fn services<'a>(row: &RowFacts, found: &[&'a Found]) -> BTreeMap<Service, Vec<&'a Found>> {
    let mut stated: BTreeMap<Protocol, BTreeSet<PortRange>> = BTreeMap::new();
    for service in row.services() {
        let ports = stated.entry(service.protocol).or_default();
        ports.extend(service.ports.iter().copied());
    }
    let mut services: BTreeMap<Service, Vec<&Found>> = BTreeMap::new();
    for found in found {
        if let Some(port) = found.port.or(found.scheme) {
            let service = Service {
                protocol: Some(Protocol::Tcp),
                ports: vec![port],
                basis: Basis::Implied,
            };
            services.entry(service).or_default().push(found);
            continue;
        }
        let of_row = stated.iter().map(|(protocol, ports)| Service {
            protocol: Some(*protocol),
            ports: ports.iter().copied().collect(),
            basis: Basis::Stated,
        });
        let mut of_row: Vec<Service> = of_row.collect();
        if of_row.is_empty() {
            of_row.push(Service {
                protocol: None,
                ports: Vec::new(),
                basis: Basis::Unstated,
            });
        }
        for service in of_row {
            services.entry(service).or_default().push(found);
        }
    }
    services
}

fn remotes(found: Vec<&Found>, outcome: &mut Outcome) -> Vec<Remote> {
    let values = found.into_iter().map(|found| found.value.clone());
    let (networks, hosts): (Vec<Value>, Vec<Value>) =
        values.partition(|value| matches!(value, Value::Network(_)));
    let lists = [networks, hosts]
        .into_iter()
        .filter(|list| !list.is_empty());
    let remotes = lists.map(|values| Remote {
        // The article is the documentation of the worldwide cloud.
        clouds: Fact {
            value: vec![Cloud::Worldwide],
            basis: Basis::Implied,
        },
        endpoints: endpoints(values, outcome),
    });
    remotes.collect()
}

/// A key of the first words of the purpose, or of the first endpoint where those are in another alphabet.
fn key(row: &RowFacts, number: u16, found: &[&Found], taken: &BTreeSet<SetKey>) -> SetKey {
    let words = |text: &str| -> String {
        let words = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic()));
        let mut key = String::new();
        for word in words.take(KEY_WORDS) {
            let dash = usize::from(!key.is_empty());
            if key.len() + dash + word.len() > LONGEST_KEY {
                break;
            }
            key.push_str(&"-"[..dash]);
            key.push_str(&word.to_lowercase());
        }
        key
    };
    let purpose = row.purpose();
    let by_purpose = purpose.is_ascii().then(|| words(purpose));
    let by_endpoint = found.first().map(|found| words(&found.value.to_string()));
    let by_number = format!("article-row-{number}");
    [by_purpose, by_endpoint, Some(by_number.clone())]
        .into_iter()
        .flatten()
        .filter_map(|text| SetKey::parse(&text).ok())
        .find(|key| !taken.contains(key))
        .unwrap_or_else(|| {
            let mut numbered = (2..).map(|again| format!("{by_number}-{again}"));
            numbered
                .find_map(|text| SetKey::parse(&text).ok().filter(|key| !taken.contains(key)))
                .expect("one of many numbers is free")
        })
}
