//! The rule collections of an Azure Firewall policy: one rule for each row, and an IP group for its networks.

mod ip_groups;

use std::collections::BTreeMap;

use super::instance::Instance;
use super::json::Json;
use super::read;
use super::reading::{self, Reader, Reading, Seen, Side};
use super::values::Attributes;
use crate::catalogue::{Cloud, Direction, HostPattern, PortRange, Protocol};
use ip_groups::{IpGroup, ip_groups, networks};

/// What the group has beside its collections.
const HARMLESS: [&str; 5] = ["firewall_policy_id", "id", "name", "priority", "timeouts"];
/// Reads the collections of `instance`; `directions` are those of the rows that there should be, by key.
#[must_use]
pub fn read(
    instance: &Instance<'_>,
    cloud: Cloud,
    directions: &BTreeMap<&str, Direction>,
) -> Reading {
    let mut reading = Reading::default();
    let groups = ip_groups(instance, cloud, directions, &mut reading);
    for item in instance.of("azurerm_firewall_policy_rule_collection_group", "rules") {
        let mut reader = Reader::new(&item, &mut reading);
        let Some(mut attributes) = reader.attributes(&item) else {
            continue;
        };
        let mut collector = Collector {
            reader,
            cloud,
            directions,
            groups: &groups,
        };
        for (attribute, own, priority) in [
            ("network_rule_collection", "network", 100),
            ("application_rule_collection", "application", 200),
        ] {
            let collections = attributes.take(attribute);
            collector.collections(&collections, attribute, own, priority);
        }
        collector.reader.nothing_left(&attributes, &HARMLESS);
    }
    reading
}

struct Collector<'r, 'i> {
    reader: Reader<'r>,
    cloud: Cloud,
    directions: &'i BTreeMap<&'i str, Direction>,
    groups: &'i BTreeMap<String, IpGroup>,
}

impl Collector<'_, '_> {
    fn collections(&mut self, collections: &Json, attribute: &str, own: &str, priority: i64) {
        if *collections == Json::Null {
            return;
        }
        let Some(list) = collections.list() else {
            return self
                .reader
                .refuse(format!("`{attribute}` is `{collections}`"));
        };
        if list.len() > 1 {
            self.reader.refuse(format!(
                "it has {} of `{attribute}`, and our module makes one",
                list.len()
            ));
        }
        for collection in list {
            let mut attributes = Attributes::of(collection);
            self.reader.name = None;
            self.reader.holds(&mut attributes, "name", own);
            if attributes.take("priority").number() != Some(priority) {
                self.reader
                    .refuse(format!("`priority` of `{attribute}` is not {priority}"));
            }
            let action = attributes.take("action");
            let rules = attributes.take("rule");
            let Some(rules) = rules.list() else {
                self.reader
                    .refuse(format!("`rule` of `{attribute}` is `{rules}`"));
                continue;
            };
            if action != Json::Text("Allow".to_owned()) {
                self.reader.refuse(format!(
                    "`action` of `{attribute}` is `{action}`, and not `Allow`"
                ));
                continue;
            }
            for rule in rules {
                self.rule(Attributes::of(rule), own == "application");
            }
            self.reader.name = None;
            self.reader.nothing_left(&attributes, &[]);
        }
    }

    fn rule(&mut self, mut attributes: Attributes, is_application: bool) {
        let own = attributes.take("name");
        let start = format!("{}.", self.cloud);
        let key = own.text().and_then(|name| {
            // The prefix is the user's; it may hold the cloud, too.
            let mut ends = name
                .match_indices(&start)
                .map(|(at, _)| &name[at + start.len()..]);
            let known = ends.clone().find(|end| self.directions.contains_key(end));
            known.or_else(|| ends.next()).map(str::to_owned)
        });
        let Some(key) = key else {
            self.reader
                .refuse(format!("a rule is named `{own}`, and not after a row"));
            return;
        };
        self.reader.name = Some(key.clone());
        let sides = self.sides(&mut attributes, &key);
        let services = if is_application {
            self.application_services(&attributes.take("protocols"))
        } else {
            self.network_services(&mut attributes)
        };
        self.reader.nothing_left(&attributes, &["description"]);
        let (Some((direction, remote)), Some(services)) = (sides, services) else {
            return;
        };
        for (protocol, ports) in services {
            self.reader.reading.seen.push(Seen {
                address: self.reader.address.clone(),
                name: key.clone(),
                row: Some(key.clone()),
                role: reading::role(&key).to_owned(),
                direction,
                protocol,
                ports,
                remote: remote.clone(),
                is_half: false,
            });
        }
    }

    fn network_services(
        &mut self,
        attributes: &mut Attributes,
    ) -> Option<Vec<(Protocol, Vec<PortRange>)>> {
        let protocols = attributes.take("protocols");
        let protocols = self.reader.known(&protocols, "protocols", read::protocols);
        let ports = attributes.take("destination_ports");
        let ports = self
            .reader
            .known(&ports, "destination_ports", read::ports)?;
        Some(
            protocols?
                .into_iter()
                .map(|protocol| (protocol, ports.clone()))
                .collect(),
        )
    }

    /// HTTP and HTTPS on ports of their own.
    fn application_services(
        &mut self,
        protocols: &Json,
    ) -> Option<Vec<(Protocol, Vec<PortRange>)>> {
        let mut ports = Vec::new();
        for protocol in protocols.list().unwrap_or_default() {
            let mut attributes = Attributes::of(protocol);
            let (word, port) = (attributes.take("type"), attributes.take("port"));
            let port = port.number().and_then(|port| u16::try_from(port).ok());
            let port = port.and_then(|port| PortRange::of(port, port));
            match (word.text(), port) {
                (Some("Http"), Some(PortRange::HTTP)) | (Some("Https"), Some(PortRange::HTTPS)) => {
                }
                _ => self.reader.refuse(format!(
                    "`protocols` has `{word}`, and not `Http` on 80 or `Https` on 443"
                )),
            }
            ports.extend(port);
            self.reader.nothing_left(&attributes, &[]);
        }
        if ports.is_empty() {
            self.reader.refuse("`protocols` is empty");
            return None;
        }
        Some(vec![(Protocol::Tcp, ports)])
    }

    /// The direction, and Microsoft's side.
    fn sides(&mut self, attributes: &mut Attributes, key: &str) -> Option<(Direction, Side)> {
        let mut take = |side: &str| {
            ["addresses", "ip_groups", "fqdns"]
                .map(|what| attributes.take(&format!("{side}_{what}")))
        };
        let sides = [take("source"), take("destination")];
        // Of two sides that may both be anything, the row says which is whose.
        let direction = if self.is_microsofts(&sides[0]) {
            Direction::Inbound
        } else if self.is_microsofts(&sides[1]) {
            Direction::Outbound
        } else if let Some(direction) = self.directions.get(key) {
            *direction
        } else {
            self.reader
                .refuse("it can't be told which side is Microsoft's");
            return None;
        };
        let [source, destination] = sides;
        let (remote, local, names) = match direction {
            Direction::Inbound => (source, destination, ["source", "destination"]),
            Direction::Outbound => (destination, source, ["destination", "source"]),
        };
        self.local(&local, names[1], key);
        Some((direction, self.remote(remote, names[0], key)?))
    }

    /// Whether a side names hosts, or a known IP group of the module.
    fn is_microsofts(&self, [_, ip_groups, fqdns]: &[Json; 3]) -> bool {
        let own = |id: &Json| {
            let known = self.groups.values().filter_map(|group| group.id.as_deref());
            id.text()
                .is_some_and(|id| known.into_iter().any(|own| own == id))
        };
        !fqdns.is_empty() || ip_groups.list().is_some_and(|ids| ids.iter().any(own))
    }

    fn local(&mut self, [addresses, ip_groups, fqdns]: &[Json; 3], side: &str, key: &str) {
        if !fqdns.is_empty() {
            self.reader
                .refuse(format!("`{side}_fqdns` is on your side"));
        }
        match (addresses.is_empty(), ip_groups.is_empty()) {
            (false, true) => self.reader.local(key, "local_addresses", addresses),
            (true, false) => self.reader.local(key, "local_ip_group_ids", ip_groups),
            (true, true) => self
                .reader
                .refuse(format!("it names nothing as its {side}")),
            (false, false) => self
                .reader
                .refuse(format!("its {side} is made of addresses and of IP groups")),
        }
    }

    fn remote(
        &mut self,
        [addresses, ip_groups, fqdns]: [Json; 3],
        side: &str,
        key: &str,
    ) -> Option<Side> {
        let given = [&addresses, &ip_groups, &fqdns]
            .into_iter()
            .filter(|value| !value.is_empty());
        if given.count() != 1 {
            self.reader.refuse(format!(
                "its {side} is not one of addresses, IP groups and host names"
            ));
            return None;
        }
        if !fqdns.is_empty() {
            let read = |text: &str| HostPattern::parse(text).map(|host| vec![host]);
            let hosts = self.reader.known(&fqdns, &format!("{side}_fqdns"), read);
            return hosts.map(Side::Hosts);
        }
        if !ip_groups.is_empty() {
            return self.of_group(&ip_groups, &format!("{side}_ip_groups"), key);
        }
        let name = format!("{side}_addresses");
        match read::list(&addresses, networks) {
            Ok(Some(networks)) => Some(Side::Networks(networks)),
            Ok(None) => Some(Side::Computed(name)),
            Err(why) => {
                self.reader.refuse(format!("`{name}`: {why}"));
                None
            }
        }
    }

    /// The networks of an IP group. One that is only made with the plan has no id yet: then it can only be the one that
    /// the module makes for this row.
    fn of_group(&mut self, ids: &Json, name: &str, key: &str) -> Option<Side> {
        let own = self.groups.get(key);
        let group = match ids.list() {
            Some([Json::Text(id)]) => self
                .groups
                .values()
                .find(|group| group.id.as_ref() == Some(id)),
            Some([Json::Unknown]) => own.filter(|group| group.id.is_none()),
            _ => None,
        };
        match group {
            Some(group) => group.networks.clone().map(Side::Networks),
            None if matches!(ids.list(), Some([Json::Text(_)])) => {
                self.reader.refuse(format!(
                    "`{name}` is `{ids}`, and no IP group of the module"
                ));
                None
            }
            None => Some(Side::Computed(name.to_owned())),
        }
    }
}
