//! The numbers that a lock gives to rows, from its text.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Deserialize;

use super::opening::Place;
use crate::catalogue::{Cloud, Direction, PortRange, Protocol, Role};

/// Priorities, slots and groups, by the names that they have in the lock.
#[derive(Debug, Default, Deserialize)]
pub struct Numbers {
    #[serde(default)]
    priorities: Priorities,
    #[serde(default)]
    slots: BTreeMap<String, u16>,
    /// The rules that each security group was filled up to.
    #[serde(default)]
    groups: BTreeMap<String, u16>,
    #[serde(default)]
    members: BTreeMap<String, u16>,
}

#[derive(Debug, Default, Deserialize)]
struct Priorities {
    #[serde(default)]
    inbound: BTreeMap<String, u16>,
    #[serde(default)]
    outbound: BTreeMap<String, u16>,
}

impl Numbers {
    /// Reads the text of `perimeter365.lock`.
    ///
    /// # Errors
    /// When it is no lock.
    pub fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    /// The priority of the row `key`.
    #[must_use]
    pub fn priority(&self, cloud: Cloud, direction: Direction, key: &str) -> Option<u16> {
        let priorities = match direction {
            Direction::Inbound => &self.priorities.inbound,
            Direction::Outbound => &self.priorities.outbound,
        };
        priorities.get(&format!("{cloud}/{key}")).copied()
    }

    /// What stands for a port in the names of rules.
    #[must_use]
    pub fn slot(
        &self,
        place: Place,
        role: &Role,
        direction: Direction,
        protocol: Protocol,
        port: PortRange,
    ) -> Option<u16> {
        let name = format!("{}/{direction}/{protocol}/{port}", hosts(place, role));
        self.slots.get(&name).copied()
    }

    /// The security group of one rule.
    #[must_use]
    pub fn group(
        &self,
        place: Place,
        role: &Role,
        direction: Direction,
        protocol: Protocol,
        slot: u16,
        network: &IpNet,
    ) -> Option<u16> {
        let name = format!(
            "{}/{direction}/{protocol}#{slot}/{network}",
            hosts(place, role)
        );
        self.members.get(&name).copied()
    }

    /// The security group of a role's named ranges.
    #[must_use]
    pub fn ranges_group(&self, place: Place, role: &Role) -> Option<u16> {
        self.members
            .get(&format!("{}/ranges", hosts(place, role)))
            .copied()
    }

    /// The most rules that any security group of a place was filled up to.
    #[must_use]
    pub fn fullest(&self, place: Place) -> Option<u16> {
        let start = format!("{}/{}/", place.cloud, place.traffic);
        let own = self
            .groups
            .iter()
            .filter(|(name, _)| name.starts_with(&start));
        own.map(|(_, rules)| *rules).max()
    }

    /// The security groups of a place: role and number.
    pub fn groups(&self, place: Place) -> impl Iterator<Item = (&str, u16)> {
        let start = format!("{}/{}/", place.cloud, place.traffic);
        self.groups.keys().filter_map(move |name| {
            let (role, number) = name.strip_prefix(&start)?.rsplit_once('/')?;
            Some((role, number.parse().ok()?))
        })
    }
}

fn hosts(place: Place, role: &Role) -> String {
    format!("{}/{}/{role}", place.cloud, place.traffic)
}
