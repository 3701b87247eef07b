//! The rules of an Azure network security group: one for each row.

use super::instance::{Instance, Item};
use super::json::Json;
use super::read;
use super::reading::{self, Reader, Reading, Seen, Side};
use super::shown;
use super::values::Attributes;
use crate::catalogue::{Cloud, Direction, PortRange, ServiceTag};
use crate::verify::numbers::Numbers;

/// What a rule has beside what decides what it opens.
const HARMLESS: [&str; 5] = [
    "description",
    "id",
    "resource_group_name",
    "timeouts",
    "tags",
];

/// Reads the rules of `instance`.
#[must_use]
pub fn read(instance: &Instance<'_>, cloud: Cloud, numbers: Option<&Numbers>) -> Reading {
    let mut reading = Reading::default();
    let mut shared = Shared::default();
    for item in instance.of("azurerm_network_security_rule", "rule") {
        let mut reader = Reader::new(&item, &mut reading);
        if let Some(seen) = rule(&mut reader, &item, cloud, numbers, &mut shared) {
            reading.seen.extend(seen);
        }
    }
    reading
}

/// What all rules of an instance have in common, as the first has it.
#[derive(Default)]
struct Shared {
    group: Option<String>,
    prefix: Option<String>,
    offset: Option<i64>,
}

fn rule(
    reader: &mut Reader<'_>,
    item: &Item<'_>,
    cloud: Cloud,
    numbers: Option<&Numbers>,
    shared: &mut Shared,
) -> Option<Vec<Seen>> {
    let Some(key) = item.key() else {
        reader.refuse("the rule has no key");
        return None;
    };
    let mut attributes = reader.attributes(item)?;
    let name = attributes.take("name");
    if let Some(prefix) = self::name(reader, &name, cloud, key) {
        reader.same(&mut shared.prefix, prefix, "the prefix of its name");
    }
    if let Json::Text(group) = attributes.take("network_security_group_name") {
        reader.same(&mut shared.group, group, "`network_security_group_name`");
    }
    reader.holds(&mut attributes, "source_port_range", "*");
    let access = attributes.take("access");
    let direction = attributes.take("direction");
    let direction = reader.word(&direction, "direction", reading::direction);
    let protocols = attributes.take("protocol");
    let protocols = reader.word(&protocols, "protocol", read::protocols);
    let ports = ports(reader, &mut attributes);
    let priority = attributes.take("priority");
    let direction = direction?;
    if let Some(numbers) = numbers {
        let locked = numbers.priority(cloud, direction, key);
        offset(reader, &priority, locked, shared);
    }
    let (remote, local) = match direction {
        Direction::Inbound => ("source", "destination"),
        Direction::Outbound => ("destination", "source"),
    };
    let remote = self::remote(reader, &mut attributes, remote);
    self::local(reader, &mut attributes, local, key);
    reader.nothing_left(&attributes, &HARMLESS);
    match access {
        Json::Text(access) if access == "Allow" => {}
        other => {
            reader.refuse(format!("`access` is `{other}`, and not `Allow`"));
            return None;
        }
    }
    let (ports, remote) = (ports?, remote?);
    let seen = protocols?.into_iter().map(|protocol| Seen {
        address: item.address().to_owned(),
        name: key.to_owned(),
        row: Some(key.to_owned()),
        role: reading::role(key).to_owned(),
        direction,
        protocol,
        ports: ports.clone(),
        remote: remote.clone(),
        is_half: false,
    });
    Some(seen.collect())
}

impl Reader<'_> {
    /// Holds that something is the same in all rules of an instance.
    fn same<T: PartialEq + std::fmt::Display>(
        &mut self,
        first: &mut Option<T>,
        own: T,
        what: &str,
    ) {
        match first {
            None => *first = Some(own),
            Some(first) if *first == own => {}
            Some(first) => {
                let why = format!("{what} is `{own}`, and that of another rule here `{first}`");
                self.refuse(shown(&why));
            }
        }
    }
}

/// What stands before the cloud and the row's key in a rule's name.
pub fn name(reader: &mut Reader<'_>, name: &Json, cloud: Cloud, key: &str) -> Option<String> {
    let end = format!("{cloud}.{key}");
    match name {
        Json::Unknown => None,
        Json::Text(name) if name.ends_with(&end) => Some(name[..name.len() - end.len()].to_owned()),
        other => {
            reader.refuse(format!("`name` is `{other}`, and doesn't end with `{end}`"));
            None
        }
    }
}

fn offset(reader: &mut Reader<'_>, priority: &Json, locked: Option<u16>, shared: &mut Shared) {
    let priority = match priority {
        // As unknown as the offset that the user gives; the order of the rules is the same.
        Json::Unknown => return,
        other => other.number(),
    };
    match (priority, locked) {
        (Some(priority), Some(locked)) => {
            let offset = priority.saturating_sub(i64::from(locked));
            reader.same(
                &mut shared.offset,
                offset,
                "what its priority adds to the lock's",
            );
        }
        (None, _) => reader.refuse("`priority` is no whole number"),
        // No row has that key, and the rule is too many.
        (_, None) => {}
    }
}

fn ports(reader: &mut Reader<'_>, attributes: &mut Attributes) -> Option<Vec<PortRange>> {
    let one = attributes.take("destination_port_range");
    let several = attributes.take("destination_port_ranges");
    if one.is_empty() {
        return reader.known(&several, "destination_port_ranges", read::ports);
    }
    if !several.is_empty() {
        reader.refuse("it has `destination_port_range` and `destination_port_ranges`");
    }
    reader.word(&one, "destination_port_range", read::ports)
}

fn remote(reader: &mut Reader<'_>, attributes: &mut Attributes, side: &str) -> Option<Side> {
    let one = attributes.take(&format!("{side}_address_prefix"));
    let several_name = format!("{side}_address_prefixes");
    let several = attributes.take(&several_name);
    let groups = attributes.take(&format!("{side}_application_security_group_ids"));
    if !groups.is_empty() {
        reader.refuse(format!(
            "`{side}_application_security_group_ids` is on Microsoft's side"
        ));
        return None;
    }
    if !one.is_empty() {
        if !several.is_empty() {
            reader.refuse(format!(
                "it has `{side}_address_prefix` and `{several_name}`"
            ));
        }
        let name = format!("{side}_address_prefix");
        if one == Json::Unknown {
            return Some(Side::Computed(name));
        }
        return reader.word(&one, &name, |text| match read::networks(text) {
            Ok(networks) => Ok(Side::Networks(networks)),
            Err(_) => ServiceTag::parse(text).map(Side::Tag),
        });
    }
    match read::list(&several, read::networks) {
        Ok(None) => return Some(Side::Computed(several_name)),
        Ok(Some(networks)) if networks.is_empty() => {
            reader.refuse(format!("it names nothing as its {side}"));
        }
        Ok(Some(networks)) => return Some(Side::Networks(networks)),
        Err(why) => reader.refuse(format!("`{several_name}`: {why}")),
    }
    None
}

fn local(reader: &mut Reader<'_>, attributes: &mut Attributes, side: &str, key: &str) {
    let one = attributes.take(&format!("{side}_address_prefix"));
    if !one.is_empty() {
        reader.refuse(format!(
            "`{side}_address_prefix` is `{one}`: on your side, our module never sets it"
        ));
    }
    let prefixes = attributes.take(&format!("{side}_address_prefixes"));
    let groups = attributes.take(&format!("{side}_application_security_group_ids"));
    match (prefixes.is_empty(), groups.is_empty()) {
        (false, true) => reader.local(key, "local_addresses", &prefixes),
        (true, false) => reader.local(key, "application_security_group_ids", &groups),
        (true, true) => reader.refuse(format!("it names nothing as its {side}")),
        (false, false) => reader.refuse(format!(
            "its {side} is made of addresses and of application security groups"
        )),
    }
}
