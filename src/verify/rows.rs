//! The rows of a `rules` map, each for what it opens.

use ipnet::IpNet;

use super::hcl::{Entry, Node, Value};
use super::numbers::Numbers;
use super::opening::{Firewall, Found, Opening, Place, Remote, Site, Way};
use super::proof::Obstacle;
use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6};
use crate::catalogue::{
    Direction, HostPattern, Kind, PortRange, Protocol, RangeName, Role, ServiceTag, SetKey,
};

/// What was read of a map of rows.
#[derive(Debug, Default)]
pub struct Rows {
    pub found: Vec<Found>,
    pub obstacles: Vec<Obstacle>,
}

/// Where a map of rows stands.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub place: Place,
    /// A file's path in the folder, or a module's address in a plan.
    pub file: &'a str,
    /// `None`: there is no lock to hold them against.
    pub numbers: Option<&'a Numbers>,
}

/// Reads `entries`, the rows by their keys.
#[must_use]
pub fn read(desk: Desk<'_>, entries: &[Entry<'_>]) -> Rows {
    let mut rows = Rows::default();
    for entry in entries {
        let mut reader = Reader {
            desk,
            key: &entry.name,
            line: entry.line,
            whys: Vec::new(),
        };
        let row = reader.row(&entry.value);
        // Whatever else is wrong with it: what it opens is known.
        rows.found.extend(row);
        rows.obstacles
            .extend(reader.whys.into_iter().map(|(line, why)| Obstacle {
                site: site(desk, line),
                name: Some(entry.name.to_string()),
                why,
                mend: MEND.to_owned(),
            }));
    }
    rows
}

/// What mends whatever was changed in a generated file.
pub const MEND: &str = "take it back, or generate again";

fn site(desk: Desk<'_>, line: u32) -> Site {
    Site {
        file: desk.file.to_owned(),
        line: (line > 0).then_some(line),
    }
}

struct Reader<'a> {
    desk: Desk<'a>,
    key: &'a str,
    line: u32,
    /// What is wrong with the row, and at which line.
    whys: Vec<(u32, String)>,
}

impl Reader<'_> {
    /// What the row opens; the rest of what is wrong with it is noted.
    fn row(&mut self, value: &Node<'_>) -> Option<Found> {
        let Some(entries) = value.object() else {
            self.whys
                .push((value.line, "the row is no object".to_owned()));
            return None;
        };
        let known = fields(self.desk.place.firewall);
        for entry in entries
            .iter()
            .filter(|entry| !known.contains(&&*entry.name))
        {
            let name = entry.name.escape_debug();
            self.whys.push((
                entry.line,
                format!(
                    "the module has no field `{name}`, and Terraform passes over it without a word"
                ),
            ));
        }
        let set = self.word(entries, "set", |text| SetKey::parse(text).ok());
        self.text(entries, "description");
        let direction = self.word(entries, "direction", Direction::parse);
        let role = self.word(entries, "role", |text| Role::parse(text).ok());
        let protocol = self.word(entries, "protocol", Protocol::parse);
        let kind = self.word(entries, "kind", Kind::parse);
        let ports = self.ports(entries);
        let remote = kind.and_then(|kind| self.remote(entries, kind));
        let (remote, lines) = remote?;
        let way = Way {
            place: self.desk.place,
            key: self.key.to_owned(),
            set: set?,
            direction: direction?,
            role: role?,
            protocol: protocol?,
        };
        let mut opening = Opening {
            way,
            ports: ports?,
            remote,
        };
        self.numbers(entries, &mut opening)?;
        Some(Found {
            opening,
            name: self.key.to_owned(),
            site: site(self.desk, self.line),
            lines,
        })
    }

    fn refuse(&mut self, line: u32, why: impl Into<String>) {
        self.whys.push((line, why.into()));
    }

    fn required<'e, 't>(&mut self, entries: &'e [Entry<'t>], name: &str) -> Option<&'e Node<'t>> {
        let value = field(entries, name);
        if value.is_none() {
            self.refuse(self.line, format!("the row has no field `{name}`"));
        }
        value
    }

    fn text<'e>(&mut self, entries: &'e [Entry<'_>], name: &str) -> Option<(&'e str, u32)> {
        let value = self.required(entries, name)?;
        let Some(text) = value.text() else {
            self.refuse(value.line, format!("`{name}` is no literal string"));
            return None;
        };
        Some((text, value.line))
    }

    fn word<T>(
        &mut self,
        entries: &[Entry<'_>],
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let (text, line) = self.text(entries, name)?;
        let word = parse(text);
        if word.is_none() {
            self.refuse(
                line,
                format!(
                    "`{name}` is `{}`, which means nothing there",
                    text.escape_debug()
                ),
            );
        }
        word
    }

    fn ports(&mut self, entries: &[Entry<'_>]) -> Option<Vec<PortRange>> {
        let value = self.required(entries, "ports")?;
        self.items("ports", value, PortRange::parse)
            .map(|(ports, _)| ports)
    }

    /// A list with something in it, and the line of each item.
    fn items<T>(
        &mut self,
        name: &str,
        value: &Node<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<(Vec<T>, Vec<u32>)> {
        let Some(items) = value.list().filter(|items| !items.is_empty()) else {
            self.refuse(
                value.line,
                format!("`{name}` is no list with something in it"),
            );
            return None;
        };
        let (mut values, mut lines) = (
            Vec::with_capacity(items.len()),
            Vec::with_capacity(items.len()),
        );
        for item in items {
            let read = item
                .text()
                .ok_or_else(|| "an item is no literal string".to_owned());
            match read.and_then(&parse) {
                Ok(value) => {
                    values.push(value);
                    lines.push(item.line);
                }
                Err(why) => self.refuse(item.line, format!("`{name}`: {why}")),
            }
        }
        (values.len() == items.len()).then_some((values, lines))
    }

    fn remote(&mut self, entries: &[Entry<'_>], kind: Kind) -> Option<(Remote, Vec<u32>)> {
        let is_remote = |entry: &&Entry<'_>| {
            REMOTES.contains(&&*entry.name) && entry.value.value != Value::Null
        };
        let remotes: Vec<&Entry<'_>> = entries.iter().filter(is_remote).collect();
        let [entry] = remotes.as_slice() else {
            self.refuse(self.line, format!("the row has {} of `networks`, `hosts`, `range`, `service_tag` and `anywhere`, and exactly one belongs there", remotes.len()));
            return None;
        };
        let (value, line) = (&entry.value, entry.value.line);
        let by_address = kind != Kind::Fqdn;
        let remote = match &*entry.name {
            "networks" if by_address => {
                let (networks, lines) =
                    self.items("networks", value, |text| network(text, kind))?;
                return Some((Remote::Networks(networks), lines));
            }
            "hosts" if !by_address => {
                let (hosts, lines) = self.items("hosts", value, HostPattern::parse)?;
                return Some((Remote::Hosts(hosts), lines));
            }
            "range" if by_address => {
                let name = value.text().and_then(|text| RangeName::parse(text).ok());
                name.map(|name| Remote::Range(name, kind))
            }
            // A tag holds both families, and the kind says which of the hosts' own addresses are meant: the generator
            // writes no other.
            "service_tag" if kind == Kind::Ipv4 => {
                let tag = value.text().and_then(|text| ServiceTag::parse(text).ok());
                tag.map(Remote::Tag)
            }
            "anywhere" if value.value == Value::Bool(true) => match kind {
                Kind::Ipv4 => Some(Remote::Networks(vec![EVERY_IPV4])),
                Kind::Ipv6 => Some(Remote::Networks(vec![EVERY_IPV6])),
                Kind::Fqdn => None,
            },
            _ => None,
        };
        if remote.is_none() {
            self.refuse(
                line,
                format!("`{}` means nothing beside the kind `{kind}`", entry.name),
            );
        }
        Some((remote?, vec![line]))
    }

    /// What the lock gives to the row, and what its key loses by it; `None`: it can't be told whose share it is.
    fn numbers(&mut self, entries: &[Entry<'_>], opening: &mut Opening) -> Option<()> {
        let firewall = self.desk.place.firewall;
        if matches!(firewall, Firewall::AzureNsg | Firewall::AzureFirewall) {
            let (priority, line) = self.number(entries, "priority")?;
            let Way {
                place,
                key,
                direction,
                ..
            } = &opening.way;
            let numbers = self.desk.numbers;
            let locked = numbers.map(|numbers| numbers.priority(place.cloud, *direction, key));
            self.hold("priority", priority, locked.flatten(), line);
        }
        if matches!(firewall, Firewall::AwsSecurityGroup | Firewall::Generic) {
            let slots = self.slots(entries, opening);
            if firewall == Firewall::AwsSecurityGroup {
                self.group(entries, opening, &slots)?;
            }
        }
        Some(())
    }

    fn number(&mut self, entries: &[Entry<'_>], name: &str) -> Option<(u16, u32)> {
        let value = self.required(entries, name)?;
        let number = value.number();
        if number.is_none() {
            self.refuse(value.line, format!("`{name}` is no whole number"));
        }
        Some((number?, value.line))
    }

    fn slots(&mut self, entries: &[Entry<'_>], opening: &Opening) -> Vec<u16> {
        let Some(value) = self.required(entries, "slots") else {
            return Vec::new();
        };
        let items = value.list().unwrap_or_default();
        let slots: Option<Vec<u16>> = items.iter().map(Node::number).collect();
        let slots = slots.unwrap_or_default();
        if slots.len() != opening.ports.len() {
            self.refuse(
                value.line,
                "`slots` is no list of a whole number for each port",
            );
            return Vec::new();
        }
        let way = &opening.way;
        for (port, slot) in opening.ports.iter().zip(&slots) {
            let numbers = self.desk.numbers;
            let locked = numbers.and_then(|numbers| {
                numbers.slot(way.place, &way.role, way.direction, way.protocol, *port)
            });
            self.hold(
                &format!("the slot of port {port}"),
                *slot,
                locked,
                value.line,
            );
        }
        slots
    }

    /// The security group that holds the row's rules. A row beside the first group has its number behind its key, and
    /// one beside the first of its group the slot of its port.
    fn group(&mut self, entries: &[Entry<'_>], opening: &mut Opening, slots: &[u16]) -> Option<()> {
        let (group, line) = self.number(entries, "group")?;
        let Some(key) = permit_key(&opening.way.key, group, slots, &opening.remote) else {
            self.refuse(
                line,
                format!("`group` is {group}, and the row's key doesn't end so"),
            );
            return None;
        };
        opening.way.key = key.to_owned();
        let Some(numbers) = self.desk.numbers else {
            return Some(());
        };
        let way = &opening.way;
        let other = match &opening.remote {
            Remote::Networks(networks) => {
                let locked = |network| {
                    slots.iter().find_map(|slot| {
                        let (role, direction, protocol) = (&way.role, way.direction, way.protocol);
                        let locked =
                            numbers.group(way.place, role, direction, protocol, *slot, network);
                        locked.filter(|locked| *locked != group)
                    })
                };
                networks.iter().find_map(locked)
            }
            _ => numbers
                .ranges_group(way.place, &way.role)
                .filter(|locked| *locked != group),
        };
        if let Some(other) = other {
            self.hold("group", group, Some(other), line);
        }
        Some(())
    }

    fn hold(&mut self, what: &str, found: u16, locked: Option<u16>, line: u32) {
        if self.desk.numbers.is_some() && locked != Some(found) {
            let locked = locked.map_or_else(
                || "gives none".to_owned(),
                |locked| format!("gives {locked}"),
            );
            self.refuse(line, format!("{what} is {found}, and the lock {locked}"));
        }
    }
}

/// The key of a row without what tells its share of a permit from others; `None`: it is no key of that group.
fn permit_key<'k>(key: &'k str, group: u16, slots: &[u16], remote: &Remote) -> Option<&'k str> {
    if !matches!(remote, Remote::Networks(_)) {
        return Some(key);
    }
    let slot = slots.first().map(|slot| format!(".slot{slot}"));
    let key = slot.and_then(|slot| key.strip_suffix(&slot)).unwrap_or(key);
    if group == 1 {
        return Some(key);
    }
    key.strip_suffix(&format!(".{group}"))
}

fn network(text: &str, kind: Kind) -> Result<IpNet, String> {
    let shown = text.escape_debug();
    let network: IpNet = text
        .parse()
        .map_err(|_| format!("`{shown}` is no network"))?;
    if network.trunc() != network || network.to_string() != text {
        return Err(format!(
            "`{shown}` is not how a network is written, and firewalls may read it otherwise"
        ));
    }
    if Kind::of(&network) != kind {
        return Err(format!("`{shown}` is not of the kind `{kind}`"));
    }
    Ok(network)
}

fn field<'e, 't>(entries: &'e [Entry<'t>], name: &str) -> Option<&'e Node<'t>> {
    let entry = entries.iter().find(|entry| entry.name == name)?;
    Some(&entry.value)
}

const REMOTES: [&str; 5] = ["networks", "hosts", "range", "service_tag", "anywhere"];

/// The fields that the module of each target takes, as its `variables.tf` types them.
const fn fields(firewall: Firewall) -> &'static [&'static str] {
    match firewall {
        Firewall::AzureNsg => &[
            "set",
            "description",
            "direction",
            "priority",
            "role",
            "protocol",
            "ports",
            "kind",
            "networks",
            "range",
            "service_tag",
            "anywhere",
        ],
        Firewall::AzureFirewall => &[
            "set",
            "description",
            "direction",
            "priority",
            "role",
            "protocol",
            "ports",
            "kind",
            "networks",
            "hosts",
            "range",
        ],
        Firewall::AwsSecurityGroup => &[
            "set",
            "description",
            "direction",
            "group",
            "role",
            "protocol",
            "ports",
            "slots",
            "kind",
            "networks",
            "range",
            "anywhere",
        ],
        Firewall::AwsNetworkFirewall => &[
            "set",
            "description",
            "direction",
            "role",
            "protocol",
            "ports",
            "kind",
            "networks",
            "hosts",
            "range",
        ],
        Firewall::Generic => &[
            "set",
            "description",
            "direction",
            "role",
            "protocol",
            "ports",
            "slots",
            "kind",
            "networks",
            "hosts",
            "range",
        ],
    }
}
