//! The rules of AWS security groups: one for each opening, under a key that says what it opens.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::OurCall;
use super::instance::{Instance, Item};
use super::json::Json;
use super::read;
use super::reading::{Reader, Reading, Seen, Side};
use super::values::Attributes;
use crate::catalogue::{Direction, PortRange, Protocol, Role};
use crate::verify::numbers::Numbers;
use crate::verify::opening::Place;
use ipnet::IpNet;

const HARMLESS: [&str; 8] = [
    "arn",
    "description",
    "id",
    "region",
    "security_group_rule_id",
    "tags",
    "tags_all",
    "timeouts",
];

/// Reads the rules of `instance`.
#[must_use]
pub fn read(instance: &Instance<'_>, place: Place, numbers: Option<&Numbers>) -> Reading {
    let mut reading = Reading::default();
    let groups = groups(instance, &mut reading);
    let mut groups_reader = GroupsReader {
        instance,
        groups: &groups,
        place,
        numbers,
        made: BTreeSet::new(),
    };
    for (r#type, direction) in [
        ("aws_vpc_security_group_ingress_rule", Direction::Inbound),
        ("aws_vpc_security_group_egress_rule", Direction::Outbound),
    ] {
        for item in instance.of(r#type, "opening") {
            let mut reader = Reader::new(&item, &mut reading);
            let seen = groups_reader.rule(&mut reader, &item, direction);
            reading.seen.extend(seen.into_iter().flatten());
        }
    }
    for (key, group) in &groups {
        groups_reader.inline(&mut reading, key, group);
    }
    reading
}

/// A security group, by its key `role-number`.
struct Group {
    address: String,
    /// `None`: unknown until apply.
    id: Option<String>,
    ingress: Json,
    egress: Json,
}

fn groups(instance: &Instance<'_>, reading: &mut Reading) -> BTreeMap<String, Group> {
    let mut groups = BTreeMap::new();
    for item in instance.of("aws_security_group", "role") {
        let mut reader = Reader::new(&item, reading);
        let (Some(key), Some(mut attributes)) = (item.key(), reader.attributes(&item)) else {
            reader.refuse("the group has no key");
            continue;
        };
        let group = Group {
            address: item.address().to_owned(),
            id: attributes.take("id").text().map(str::to_owned),
            ingress: attributes.take("ingress"),
            egress: attributes.take("egress"),
        };
        groups.insert(key.to_owned(), group);
    }
    groups
}

struct GroupsReader<'a> {
    instance: &'a Instance<'a>,
    groups: &'a BTreeMap<String, Group>,
    place: Place,
    numbers: Option<&'a Numbers>,
    /// What resources of the module make.
    made: BTreeSet<Made>,
}

/// Group, direction, protocol, ports and network.
type Made = (String, Direction, Protocol, PortRange, IpNet);

/// What the key of a rule says: `sts_proxy-1 tcp#2 203.0.113.0/24`.
struct Key<'a> {
    group: &'a str,
    role: &'a str,
    number: u16,
    protocol: &'a str,
    service: Service<'a>,
    network: &'a str,
}

enum Service<'a> {
    Slot(u16),
    Port(&'a str),
}

fn key(text: &str) -> Option<Key<'_>> {
    let mut words = text.split(' ');
    let (group, service, network) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let (role, number) = group.rsplit_once('-')?;
    let (protocol, service) = if let Some((protocol, slot)) = service.split_once('#') {
        (protocol, Service::Slot(slot.parse().ok()?))
    } else {
        let (protocol, port) = service.split_once('/')?;
        (protocol, Service::Port(port))
    };
    Some(Key {
        group,
        role,
        number: number.parse().ok()?,
        protocol,
        service,
        network,
    })
}

/// The role that the key of a rule names.
#[must_use]
pub fn role(text: &str) -> Option<&str> {
    key(text).map(|key| key.role)
}

impl GroupsReader<'_> {
    fn rule(
        &mut self,
        reader: &mut Reader<'_>,
        item: &Item<'_>,
        direction: Direction,
    ) -> Option<Vec<Seen>> {
        let text = item.key().unwrap_or_default();
        let Some(key) = key(text) else {
            reader.refuse("its key is not made of a group, a service and a network");
            return None;
        };
        let mut attributes = reader.attributes(item)?;
        let protocol = attributes.take("ip_protocol");
        let protocols = reader.word(&protocol, "ip_protocol", read::protocols);
        let is_all = protocol.text() == Some("-1");
        let port = ports(reader, &mut attributes, is_all);
        let networks = networks(reader, &mut attributes);
        self.belongs(
            reader,
            &attributes.take("security_group_id"),
            item,
            key.group,
        );
        reader.nothing_left(&attributes, &HARMLESS);
        let (protocols, port, networks) = (protocols?, port?, networks?);
        let says_so = |reader: &mut Reader<'_>, what: &str, said: &str, is: &str| {
            if said != is {
                reader.refuse(format!("its key says `{said}`, and its {what} is `{is}`"));
            }
        };
        for network in &networks {
            says_so(reader, "network", key.network, &network.to_string());
        }
        for protocol in &protocols {
            says_so(reader, "protocol", key.protocol, protocol.as_str());
            if let Service::Port(said) = key.service {
                says_so(reader, "port", said, &port.to_string());
            }
            self.numbers(reader, &key, direction, *protocol, port, &networks);
        }
        let mut seen = Vec::with_capacity(1);
        for protocol in protocols {
            for network in &networks {
                self.made
                    .insert((key.group.to_owned(), direction, protocol, port, *network));
            }
            seen.push(Seen {
                address: item.address().to_owned(),
                name: text.to_owned(),
                row: None,
                role: key.role.to_owned(),
                direction,
                protocol,
                ports: vec![port],
                remote: Side::Networks(networks.clone()),
                is_half: false,
            });
        }
        Some(seen)
    }

    /// Holds the slot and the group against the lock's.
    fn numbers(
        &self,
        reader: &mut Reader<'_>,
        key: &Key<'_>,
        direction: Direction,
        protocol: Protocol,
        port: PortRange,
        networks: &[IpNet],
    ) {
        let (Some(numbers), Ok(role)) = (self.numbers, Role::parse(key.role)) else {
            return;
        };
        let locked = numbers.slot(self.place, &role, direction, protocol, port);
        let slot = match key.service {
            Service::Slot(slot) => slot,
            Service::Port(_) => return,
        };
        // What has no slot is in no row, and too much.
        if let Some(locked) = locked
            && locked != slot
        {
            reader.refuse(format!(
                "its key has the slot {slot}, and the lock gives {locked}"
            ));
        }
        for network in networks {
            let of_row = numbers.group(self.place, &role, direction, protocol, slot, network);
            let of_range = numbers.ranges_group(self.place, &role);
            let groups = [of_row, of_range];
            if groups.iter().any(Option::is_some) && !groups.contains(&Some(key.number)) {
                let locked = of_row.or(of_range).unwrap_or_default();
                reader.refuse(format!(
                    "its key has the group {}, and the lock gives {locked}",
                    key.number
                ));
            }
        }
    }

    /// Holds that a rule is in the group that its key names.
    fn belongs(&self, reader: &mut Reader<'_>, id: &Json, item: &Item<'_>, group: &str) {
        let Some(own) = self.groups.get(group) else {
            return reader.refuse(format!(
                "the module makes no group `{}`",
                group.escape_debug()
            ));
        };
        match (id, &own.id) {
            (Json::Text(id), Some(own)) if id == own => {}
            (Json::Unknown, None)
                if self
                    .instance
                    .call
                    .is_some_and(|call| refers_to_group(call, item)) => {}
            (Json::Unknown, _) => reader.undecided("`security_group_id`"),
            (id, _) => reader.refuse(format!(
                "`security_group_id` is `{id}`, and not that of the group `{}`",
                group.escape_debug()
            )),
        }
    }

    /// What a refreshed group lists that no resource of the module makes.
    fn inline(&self, reading: &mut Reading, key: &str, group: &Group) {
        for (rules, direction) in [
            (&group.ingress, Direction::Inbound),
            (&group.egress, Direction::Outbound),
        ] {
            for rule in rules.list().unwrap_or_default() {
                let mut reader = Reader {
                    address: group.address.clone(),
                    name: Some(key.to_owned()),
                    reading,
                };
                let seen = self.inline_rule(&mut reader, rule, direction, key);
                reading.seen.extend(seen.into_iter().flatten());
            }
        }
    }

    fn inline_rule(
        &self,
        reader: &mut Reader<'_>,
        rule: &Json,
        direction: Direction,
        group: &str,
    ) -> Option<Vec<Seen>> {
        let mut attributes = Attributes::of(rule);
        let protocol = attributes.take("protocol");
        let protocols = reader.word(&protocol, "protocol", read::protocols)?;
        let port = ports(reader, &mut attributes, protocol.text() == Some("-1"))?;
        let mut networks = Vec::new();
        for name in ["cidr_blocks", "ipv6_cidr_blocks"] {
            match read::list(&attributes.take(name), read::networks) {
                Ok(more) => networks.extend(more.unwrap_or_default()),
                Err(why) => reader.refuse(format!("`{name}`: {why}")),
            }
        }
        reader.nothing_left(&attributes, &["description"]);
        let mut seen = Vec::new();
        for protocol in protocols {
            let is_made = |network: &IpNet| {
                let made = (group.to_owned(), direction, protocol, port, *network);
                self.made.contains(&made)
            };
            let others: Vec<IpNet> = networks
                .iter()
                .copied()
                .filter(|net| !is_made(net))
                .collect();
            if others.is_empty() {
                continue;
            }
            seen.push(Seen {
                address: reader.address.clone(),
                name: group.to_owned(),
                row: None,
                role: group
                    .rsplit_once('-')
                    .map_or(group, |(role, _)| role)
                    .to_owned(),
                direction,
                protocol,
                ports: vec![port],
                remote: Side::Networks(others),
                is_half: false,
            });
        }
        Some(seen)
    }
}

fn ports(reader: &mut Reader<'_>, attributes: &mut Attributes, is_all: bool) -> Option<PortRange> {
    let ends = ["from_port", "to_port"].map(|name| attributes.take(name));
    if ends.contains(&Json::Unknown) {
        reader.undecided("`from_port` or `to_port`");
        return None;
    }
    if is_all {
        return PortRange::of(1, u16::MAX);
    }
    let [first, last] = ends
        .clone()
        .map(|end| end.number().and_then(|end| u16::try_from(end).ok()));
    let ports = first
        .zip(last)
        .and_then(|(first, last)| PortRange::of(first.max(1), last));
    if ports.is_none() {
        let [first, last] = ends;
        reader.refuse(format!(
            "`from_port` is `{first}` and `to_port` is `{last}`"
        ));
    }
    ports
}

fn networks(reader: &mut Reader<'_>, attributes: &mut Attributes) -> Option<Vec<IpNet>> {
    let mut networks = Vec::new();
    let mut is_known = true;
    for name in ["cidr_ipv4", "cidr_ipv6"] {
        let value = attributes.take(name);
        if !value.is_empty() {
            let network = reader.word(&value, name, read::networks);
            is_known &= network.is_some();
            networks.extend(network.unwrap_or_default());
        }
    }
    if networks.is_empty() && is_known {
        reader.refuse("it has neither `cidr_ipv4` nor `cidr_ipv6`");
    }
    (is_known && !networks.is_empty()).then_some(networks)
}

/// Whether the module's own text takes a rule's group from those that it makes.
fn refers_to_group(call: &OurCall<'_>, item: &Item<'_>) -> bool {
    let own = call.module.resources.iter().find(|resource| {
        resource.r#type == item.resource.r#type && resource.name == item.resource.name
    });
    let expressions = own.and_then(|own| Json::read(own.expressions?).ok());
    let references = expressions.as_ref().and_then(|expressions| {
        expressions
            .object()?
            .get("security_group_id")?
            .object()?
            .get("references")?
            .list()
    });
    // Nothing else that it may take it from: local values are what the key is made of.
    references.is_some_and(|references| {
        let texts: Vec<&str> = references.iter().filter_map(Json::text).collect();
        texts.len() == references.len()
            && texts
                .first()
                .is_some_and(|first| first.starts_with("aws_security_group.role"))
            && texts[1..].iter().all(|text| {
                text.starts_with("local.openings")
                    || text.starts_with("each.")
                    || text.starts_with("aws_security_group.role")
            })
    })
}
