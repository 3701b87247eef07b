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
pub struct Slots(BTreeMap<Service, u16>);

impl Slots {
    /// The slot of a port, if it has one.
    #[must_use]
    pub fn of(&self, service: &Service) -> Option<u16> {
        self.0.get(service).copied()
    }

    /// Notes a slot that a port has, when the lock is rebuilt from rows.
    pub fn record(&mut self, service: Service, slot: u16) {
        self.0.insert(service, slot);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives each of `wanted` that has none the slot of a port that it takes the place of, so that
    /// its rules are updated; else the lowest that is free. Forgets the ports that left their role,
    /// unless all of them did: a role that comes back finds its slots.
    pub fn assign(&mut self, wanted: &[Service]) {
        let kept: BTreeSet<&Service> = wanted.iter().collect();
        for service in wanted {
            if self.0.contains_key(service) {
                continue;
            }
            let beside = self
                .0
                .iter()
                .filter(|(other, _)| other.stands_beside(service));
            let (staying, leaving): (Vec<_>, Vec<_>) =
                beside.partition(|(other, _)| kept.contains(other));
            let left = leaving.into_iter().min_by_key(|(_, slot)| **slot);
            if let Some((other, slot)) = left.map(|(other, slot)| (other.clone(), *slot)) {
                self.0.remove(&other);
                self.0.insert(service.clone(), slot);
            } else {
                let taken: BTreeSet<u16> = staying.into_iter().map(|(_, slot)| *slot).collect();
                // A role with 65,535 ports in one direction and protocol has them all.
                let free = (1..u16::MAX).find(|slot| !taken.contains(slot));
                self.0.insert(service.clone(), free.unwrap_or(u16::MAX));
            }
        }
        self.0.retain(|service, _| {
            kept.contains(service) || !wanted.iter().any(|other| other.stands_beside(service))
        });
    }

    pub(super) fn to_text(&self) -> BTreeMap<String, u16> {
        self.0
            .iter()
            .map(|(service, slot)| (service.to_string(), *slot))
            .collect()
    }

    pub(super) fn from_text(text: &BTreeMap<String, u16>, damages: &mut Vec<Damage>) -> Self {
        let mut slots = Self::default();
        for (name, slot) in text {
            let Some(service) = Service::parse(name) else {
                damages.push((
                    format!("`{}` names no port of a role", name.escape_debug()),
                    RESTORE.to_owned(),
                ));
                continue;
            };
            if *slot == 0 {
                damages.push((
                    format!("`{service}` has slot 0, and slots start at 1"),
                    RESTORE.to_owned(),
                ));
            }
            let twin = slots
                .0
                .iter()
                .find(|(other, number)| other.stands_beside(&service) && *number == slot);
            if let Some((twin, _)) = twin {
                damages.push((
                    format!("`{twin}` and `{service}` both have slot {slot}"),
                    LATER.to_owned(),
                ));
            }
            slots.0.insert(service, *slot);
        }
        slots
    }
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
        assert_eq!(assigned(&mut slots, &["sts 80", "sts 443"]), [1, 2]);
        assert_eq!(assigned(&mut slots, &["sts 443"]), [2], "80 goes");
        assert_eq!(assigned(&mut slots, &["sts 8443"]), [2], "not the free 1");
        assert_eq!(assigned(&mut slots, &["sts 80", "sts 8443"]), [1, 2]);
        assert_eq!(assigned(&mut slots, &["sts 25", "sts 80"]), [2, 1]);
        assert_eq!(
            assigned(&mut slots, &["sts 25", "sts 80", "sts 443"]),
            [2, 1, 3]
        );
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
