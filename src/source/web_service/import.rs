//! An answer becomes a catalogue: each entry an endpoint set.

use std::collections::BTreeMap;
use std::path::Path;

use ipnet::IpNet;

use super::entries::{self, Entry};
use super::{EXCHANGE_ONLINE, URL, title};
use crate::catalogue::document::{
    BasisText, Document, EntryText, FactText, FlowText, PublishedText, RangeText, RemoteText,
    SCHEMA, SetText, SourceText,
};
use crate::catalogue::network::{self, Dropped};
use crate::catalogue::{Cloud, Direction, HostPattern, PortRange, Protocol, ServiceArea, Traffic};
use crate::error::{Errors, Result};

/// The users' devices, which all entries are about.
const ROLE: (&str, &str) = ("user_client", "Users' computers");

/// The id of the flow of an entry whose ports nobody states.
const UNSTATED: &str = "unstated";

/// What an answer comes to.
#[derive(Debug)]
pub struct Import {
    pub document: Document,
    /// What stands in the answer and not in the catalogue, and why.
    pub left_out: Vec<String>,
}

/// Makes the catalogue of the answer in `bytes`, which errors call `path`, for `cloud`; `edition` is the
/// version of its data.
///
/// # Errors
/// When it is no answer to `/endpoints/{instance}`, and for every address, host name, port, area and
/// category that is none, with the entry's id.
pub fn import(path: &Path, bytes: &[u8], cloud: Cloud, edition: &str) -> Result<Import> {
    let (mut entries, whys) = entries::read(path, bytes)?;
    if entries.is_empty() && whys.is_empty() {
        return Err(entries::malformed(path, "it holds no entry".to_owned()).into());
    }
    entries.sort_by_key(|entry| entry.id);
    let mut importer = Importer {
        cloud,
        sets: Vec::new(),
        exchange: Vec::new(),
        published: BTreeMap::new(),
        left_out: Vec::new(),
        whys,
    };
    for entry in &entries {
        if let Err(whys) = importer.entry(entry) {
            importer.whys.extend(whys);
        }
    }
    let errors = importer.whys.drain(..);
    let errors = errors.map(|why| entries::corrupt(path, why)).collect();
    Errors::unless_none(errors, importer.end(edition))
}

struct Importer {
    cloud: Cloud,
    sets: Vec<SetText>,
    /// The addresses of all Exchange entries.
    exchange: Vec<IpNet>,
    published: BTreeMap<(HostPattern, u32), PublishedText>,
    left_out: Vec<String>,
    whys: Vec<String>,
}

/// What an entry says, checked.
struct Facts {
    networks: Vec<IpNet>,
    hosts: Vec<HostPattern>,
    tcp: Vec<PortRange>,
    udp: Vec<PortRange>,
}

impl Importer {
    fn entry(&mut self, entry: &Entry) -> std::result::Result<(), Vec<String>> {
        let mut whys = Vec::new();
        let area = ServiceArea::parse(&entry.area).map_err(|why| whys.push(entry.told(&why)));
        if let Some(why) = unknown_category(&entry.category) {
            whys.push(entry.told(&why));
        }
        let networks = entry.networks().map_err(|found| whys.extend(found));
        let hosts = entry.hosts().map_err(|found| whys.extend(found));
        let ports = entry.ports().map_err(|found| whys.extend(found));
        let (Ok(area), Ok(networks), Ok(hosts), Ok((tcp, udp))) = (area, networks, hosts, ports)
        else {
            return Err(whys);
        };
        if !whys.is_empty() {
            return Err(whys);
        }
        if networks.is_empty() && hosts.is_empty() {
            let why = entry.told("it names neither hosts nor addresses");
            self.left_out.push(why);
            return Ok(());
        }
        if entry.is_exchange() {
            self.exchange.extend(&networks);
        }
        let (networks, dropped) = network::normalise(networks);
        let inside = dropped.iter().filter_map(dropped_text);
        self.left_out.extend(inside.map(|text| entry.told(&text)));
        let facts = Facts {
            networks,
            hosts,
            tcp,
            udp,
        };
        self.publish(entry, &facts);
        self.sets.push(self.set(entry, &area, &facts));
        Ok(())
    }

    /// Notes the addresses that an entry lists, for each name that it lists beside them.
    fn publish(&mut self, entry: &Entry, facts: &Facts) {
        if facts.networks.is_empty() {
            return;
        }
        for host in &facts.hosts {
            let published = PublishedText {
                cloud: self.cloud.to_string(),
                host: host.to_string(),
                entry: entry.id,
                tcp: texts(&facts.tcp),
                udp: texts(&facts.udp),
                networks: Some(texts(&facts.networks)),
            };
            self.published.insert((host.clone(), entry.id), published);
        }
    }

    fn set(&self, entry: &Entry, area: &ServiceArea, facts: &Facts) -> SetText {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let name = some(&entry.display_name).unwrap_or_else(|| area.to_string());
        SetText {
            key: key(area, entry.id, self.cloud),
            row: None,
            entry: Some(EntryText {
                id: entry.id,
                area: area.to_string(),
                category: some(&entry.category),
                required: entry.required,
                express_route: entry.express_route,
            }),
            title: format!("{name}, entry {}", entry.id),
            traffic: Traffic::User.to_string(),
            retired: None,
            flows: self.flows(facts),
            sites: None,
            notes: Vec::new(),
        }
    }

    /// One flow a protocol, called after it even where it is alone: the other one may come later.
    fn flows(&self, facts: &Facts) -> Vec<FlowText> {
        let flow = |id: &str, protocol: Option<Protocol>, ports: Option<&[PortRange]>| FlowText {
            id: Some(id.to_owned()),
            title: None,
            direction: stated(Direction::Outbound.to_string()),
            roles: vec![ROLE.0.to_owned()],
            protocol: protocol.map(|protocol| stated(protocol.to_string())),
            ports: ports.map(|ports| stated(texts(ports))),
            remotes: self.remotes(facts),
        };
        let protocols = [(Protocol::Tcp, &facts.tcp), (Protocol::Udp, &facts.udp)];
        let flows: Vec<FlowText> = protocols
            .into_iter()
            .filter(|(_, ports)| !ports.is_empty())
            .map(|(protocol, ports)| flow(protocol.as_str(), Some(protocol), Some(ports)))
            .collect();
        if flows.is_empty() {
            return vec![flow(UNSTATED, None, None)];
        }
        flows
    }

    fn remotes(&self, facts: &Facts) -> Vec<RemoteText> {
        let remote = || RemoteText {
            clouds: stated(vec![self.cloud.to_string()]),
            networks: None,
            hosts: None,
            range: None,
        };
        let networks = (!facts.networks.is_empty()).then(|| RemoteText {
            networks: Some(stated(texts(&facts.networks))),
            ..remote()
        });
        let hosts = (!facts.hosts.is_empty()).then(|| RemoteText {
            hosts: Some(stated(texts(&facts.hosts))),
            ..remote()
        });
        networks.into_iter().chain(hosts).collect()
    }

    fn end(mut self, edition: &str) -> Import {
        let (networks, dropped) = network::normalise(self.exchange);
        let mut inside: Vec<String> = dropped.iter().filter_map(dropped_text).collect();
        inside.dedup();
        let of_range = inside
            .into_iter()
            .map(|text| format!("`{EXCHANGE_ONLINE}`: {text}"));
        self.left_out.extend(of_range);
        let range = (!networks.is_empty()).then(|| RangeText {
            name: EXCHANGE_ONLINE.to_owned(),
            cloud: self.cloud.to_string(),
            networks: texts(&networks),
        });
        let document = Document {
            schema: SCHEMA,
            source: SourceText {
                title: title(self.cloud),
                language: "en".to_owned(),
                edition: edition.to_owned(),
                url: URL.to_owned(),
            },
            roles: [ROLE]
                .map(|(role, meaning)| (role.to_owned(), meaning.to_owned()))
                .into(),
            sets: self.sets,
            ranges: range.into_iter().collect(),
            published: self.published.into_values().collect(),
            service_tags: Vec::new(),
        };
        Import {
            document,
            left_out: self.left_out,
        }
    }
}

/// `exchange-9`; in other clouds than worldwide `exchange-9-china`, so that catalogues of several clouds
/// go together.
fn key(area: &ServiceArea, id: u32, cloud: Cloud) -> String {
    let area = area.as_str().to_ascii_lowercase();
    match cloud {
        Cloud::Worldwide => format!("{area}-{id}"),
        cloud => format!("{area}-{id}-{cloud}"),
    }
}

fn unknown_category(text: &str) -> Option<String> {
    use crate::catalogue::Category;
    let is_known = text.is_empty() || Category::parse(text).is_some();
    (!is_known).then(|| {
        format!(
            "`{}` is none of the categories {}",
            text.escape_debug(),
            crate::error::quoted(Category::ALL)
        )
    })
}

/// What is said of a network that is left out; twice the same says nothing.
fn dropped_text(dropped: &Dropped) -> Option<String> {
    (dropped.network != dropped.inside).then(|| {
        format!(
            "`{}` is inside `{}` and is not repeated",
            dropped.network, dropped.inside
        )
    })
}

fn stated<T>(value: T) -> FactText<T> {
    FactText {
        value,
        basis: BasisText::Stated,
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}
