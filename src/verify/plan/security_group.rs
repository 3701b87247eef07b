//! The rules of AWS security groups: one for each opening, under a key that says what it opens.

mod fields;
mod key;
mod leaving;

use std::collections::{BTreeMap, BTreeSet};

use super::instance::{Instance, Item};
use super::json::Json;
use super::read;
use super::reading::{Reader, Reading, Seen, Side};
use super::values::Attributes;
use crate::catalogue::{Direction, PortRange, Protocol, Role};
use crate::verify::numbers::Numbers;
use crate::verify::opening::Place;
use fields::{networks, ports, refers_to_group};
use ipnet::IpNet;
pub use key::role;
use key::{Key, Service, key};
use leaving::leaving;

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
    let groups = groups(instance, place, numbers, &mut reading);
    let mut groups_reader = GroupsReader {
        instance,
        groups: &groups,
        place,
        numbers,
        // What a group lists is what it was before the plan.
        made: leaving(instance, &groups),
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

fn groups(
    instance: &Instance<'_>,
    place: Place,
    numbers: Option<&Numbers>,
    reading: &mut Reading,
) -> BTreeMap<String, Group> {
    let mut groups = BTreeMap::new();
    for item in instance.of("aws_security_group", "role") {
        let mut reader = Reader::new(&item, reading);
        let (Some(key), Some(mut attributes)) = (item.key(), reader.attributes(&item)) else {
            reader.refuse("the group has no key");
            continue;
        };
        // One that lost its rules stays in the lock, since it may be in use.
        let is_locked = |numbers: &Numbers| {
            let mut all = numbers.groups(place);
            all.any(|(role, number)| format!("{role}-{number}") == key)
        };
        if !numbers.is_none_or(is_locked) {
            reader.refuse("the lock has no such group");
        }
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
    /// What resources of the module make, or have made until the plan ends that.
    made: BTreeSet<Made>,
}

/// Group, direction, protocol, ports and network.
type Made = (String, Direction, Protocol, PortRange, IpNet);

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
