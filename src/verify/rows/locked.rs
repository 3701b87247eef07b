//! What the lock gives to a row: its priority, the slots of its ports, its security group.

use super::Reader;
use crate::literal::{Entry, Node};
use crate::verify::opening::{Firewall, Opening, Remote, Way};

impl Reader<'_> {
    /// What the lock gives to the row, and what its key loses by it; `None`: it can't be told whose share it is.
    pub(super) fn numbers(&mut self, entries: &[Entry<'_>], opening: &mut Opening) -> Option<()> {
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
            let what = format!("the slot of port {port}");
            match locked {
                Some(_) => self.hold(&what, *slot, locked, value.line),
                None if self.desk.numbers.is_some() => {
                    self.refuse(value.line, format!("{what} is none of the lock's"));
                }
                None => {}
            }
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

    /// A row that the lock doesn't know is not wanted, and told as such.
    fn hold(&mut self, what: &str, found: u16, locked: Option<u16>, line: u32) {
        if let Some(locked) = locked.filter(|locked| *locked != found) {
            self.refuse(
                line,
                format!("{what} is {found}, and the lock gives {locked}"),
            );
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
