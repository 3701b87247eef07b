//! The numbers that stand for ports in the keys of openings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Damage, Hosts, LATER, RESTORE};
use crate::catalogue::{Direction, PortRange, Protocol};

/// A port of one role's hosts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    pub hosts: Hosts,
    pub direction: Direction,
    pub protocol: Protocol,
    pub port: PortRange,
}

impl Service {
    /// Whether `self` and `other` are numbered together.
    fn stands_beside(&self, other: &Self) -> bool {
        (&self.hosts, self.direction, self.protocol)
            == (&other.hosts, other.direction, other.protocol)
    }

    fn parse(text: &str) -> Option<Self> {
        let (hosts, rest) = Hosts::split(text)?;
        let (direction, rest) = rest.split_once('/')?;
        let (protocol, port) = rest.split_once('/')?;
        Some(Self {
            hosts,
            direction: Direction::parse(direction)?,
            protocol: Protocol::parse(protocol)?,
            port: PortRange::parse(port).ok()?,
        })
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            hosts,
            direction,
            protocol,
            port,
        } = self;
        write!(f, "{hosts}/{direction}/{protocol}/{port}")
    }
}

/// The slot of each port. What is opened one by one (a rule of a security group) is known by its
/// content; with the port itself in its key, another port would destroy every rule and make it
/// anew, and with the port's position, a port that goes would move those after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slots {
    present: BTreeMap<Service, u16>,
    /// The slots of ports that left: one that comes back has its own, and no other port has it, so
    /// that no two rules ever have to exchange their ports.
    former: BTreeMap<Service, u16>,
}

impl Slots {
    /// The slot of a port, if it has one.
    #[must_use]
    pub fn of(&self, service: &Service) -> Option<u16> {
        self.present.get(service).copied()
    }

    /// Notes a slot that a port has, when the lock is rebuilt from rows.
    ///
    /// # Errors
    /// When the port has another slot already.
    pub fn record(&mut self, service: &Service, slot: u16) -> Result<(), String> {
        match self.present.insert(service.clone(), slot) {
            Some(other) if other != slot => {
                Err(format!("`{service}` has slots {other} and {slot}"))
            }
            _ => Ok(()),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.present.is_empty()
    }

    /// Gives each of `wanted` a slot: its own, if it ever had one; that of a port whose place it
    /// takes, so that its rules are updated; else the lowest that nobody has.
    pub fn assign(&mut self, wanted: &[Service]) {
        let kept: BTreeSet<&Service> = wanted.iter().collect();
        let known = std::mem::take(&mut self.present);
        let (present, mut leaving): (BTreeMap<_, _>, BTreeMap<_, _>) = known
            .into_iter()
            .partition(|(service, _)| kept.contains(service));
        self.present = present;
        let (back, new): (Vec<&Service>, Vec<&Service>) = kept
            .iter()
            .filter(|service| !self.present.contains_key(service))
            .partition(|service| self.former.contains_key(service));
        for service in back {
            if let Some(slot) = self.former.remove(service) {
                self.present.insert(service.clone(), slot);
            }
        }
        for service in new {
            let left = leaving
                .iter()
                .filter(|(other, _)| other.stands_beside(service))
                .min_by_key(|(_, slot)| **slot)
                .map(|(other, slot)| (other.clone(), *slot));
            let slot = if let Some((other, slot)) = left {
                leaving.remove(&other);
                slot
            } else {
                self.free(service, &leaving)
            };
            self.present.insert(service.clone(), slot);
        }
        self.former.extend(leaving);
    }

    fn is_taken(&self, service: &Service, slot: u16) -> bool {
        let mut present = self.present.iter();
        present.any(|(other, number)| other.stands_beside(service) && *number == slot)
    }

    fn free(&self, service: &Service, leaving: &BTreeMap<Service, u16>) -> u16 {
        let taken: BTreeSet<u16> = [&self.present, &self.former, leaving]
            .into_iter()
            .flatten()
            .filter(|(other, _)| other.stands_beside(service))
            .map(|(_, slot)| *slot)
            .collect();
        // A role with 65,535 ports in one direction and protocol has them all.
        (1..u16::MAX)
            .find(|slot| !taken.contains(slot))
            .unwrap_or(u16::MAX)
    }

    /// The slots of ports that are there, and of those that left.
    pub(super) fn to_text(&self) -> (BTreeMap<String, u16>, BTreeMap<String, u16>) {
        let text = |slots: &BTreeMap<Service, u16>| {
            let slots = slots.iter();
            slots
                .map(|(service, slot)| (service.to_string(), *slot))
                .collect()
        };
        (text(&self.present), text(&self.former))
    }

    pub(super) fn from_text(
        present: &BTreeMap<String, u16>,
        former: &BTreeMap<String, u16>,
        damages: &mut Vec<Damage>,
    ) -> Self {
        let mut slots = Self::default();
        for (name, slot) in present {
            if let Some(service) = parse(name, *slot, damages) {
                slots.present.insert(service, *slot);
            }
        }
        for (name, slot) in former {
            // Branches may have let a port go and kept it, or given its slot to another: then it is
            // of the past no more.
            if let Some(service) = parse(name, *slot, damages)
                && !slots.present.contains_key(&service)
                && !slots.is_taken(&service, *slot)
            {
                slots.former.insert(service, *slot);
            }
        }
        damages.extend(slots.twins());
        slots
    }

    /// Ports beside each other that have one slot.
    #[must_use]
    pub fn twins(&self) -> Vec<Damage> {
        let mut damages = Vec::new();
        let mut owners: BTreeMap<(String, u16), &Service> = BTreeMap::new();
        for (service, slot) in self.present.iter().chain(&self.former) {
            let Service {
                hosts,
                direction,
                protocol,
                ..
            } = service;
            let place = (format!("{hosts}/{direction}/{protocol}"), *slot);
            if let Some(other) = owners.insert(place, service) {
                damages.push((
                    format!("`{other}` and `{service}` both have slot {slot}"),
                    LATER.to_owned(),
                ));
            }
        }
        damages
    }
}

fn parse(name: &str, slot: u16, damages: &mut Vec<Damage>) -> Option<Service> {
    let service = Service::parse(name).filter(|service| service.to_string() == name);
    if service.is_none() {
        damages.push((
            format!("`{}` names no port of a role", name.escape_debug()),
            RESTORE.to_owned(),
        ));
    } else if slot == 0 {
        damages.push((
            format!("`{name}` has slot 0, and slots start at 1"),
            RESTORE.to_owned(),
        ));
    }
    service
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(role_and_port: &str) -> Service {
        Service::parse(&format!(
            "worldwide/inbound-hybrid-server/{}",
            role_and_port.replacen(' ', "/inbound/tcp/", 1)
        ))
        .unwrap()
    }

    fn assigned(slots: &mut Slots, wanted: &[&str]) -> Vec<u16> {
        let wanted: Vec<Service> = wanted.iter().map(|text| service(text)).collect();
        slots.assign(&wanted);
        wanted
            .iter()
            .map(|service| slots.of(service).unwrap())
            .collect()
    }

    #[test]
    fn a_port_in_anothers_place_takes_its_slot_and_no_other_moves() {
        let mut slots = Slots::default();
        assert_eq!(assigned(&mut slots, &["sts 443"]), [1]);
        assert_eq!(assigned(&mut slots, &["sts 8443"]), [1]);
        assert_eq!(assigned(&mut slots, &["sts 443", "sts 8443"]), [2, 1]);
        assert_eq!(assigned(&mut slots, &["sts 25", "sts 443"]), [1, 2]);
    }

    #[test]
    fn a_port_that_comes_back_has_its_slot_and_nobody_had_it_since() {
        let mut slots = Slots::default();
        assert_eq!(assigned(&mut slots, &["sts 443", "sts 8443"]), [1, 2]);
        assert_eq!(assigned(&mut slots, &["sts 443"]), [1]);
        assert_eq!(assigned(&mut slots, &["sts 8443"]), [2]);
        assert_eq!(assigned(&mut slots, &["sts 443", "sts 8443"]), [1, 2]);
        assert_eq!(assigned(&mut slots, &["sts 8443"]), [2]);
        assert_eq!(assigned(&mut slots, &["sts 80", "sts 8443"]), [3, 2]);
    }

    #[test]
    fn roles_are_numbered_apart_and_outlive_their_rows() {
        let mut slots = Slots::default();
        assert_eq!(assigned(&mut slots, &["sts 443", "sts_proxy 443"]), [1, 1]);
        assert_eq!(assigned(&mut slots, &["sts 80", "sts 443"]), [2, 1]);
        assert_eq!(assigned(&mut slots, &["sts_proxy 443"]), [1]);
        assert_eq!(assigned(&mut slots, &["sts 443", "sts 80"]), [1, 2]);
    }
}
