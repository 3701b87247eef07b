//! Which security group each network is in, where one group can't hold all of a role's rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ipnet::IpNet;

use super::{Damage, Hosts, RESTORE};
use crate::catalogue::{Cloud, Direction, Kind, Traffic, network};
use crate::permit::PermitRemote;
use crate::target::AWS_RULES;

/// What has a group of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    Network(Direction, IpNet),
    /// The ranges that users supply: nobody knows before apply how much room they take.
    Ranges,
}

impl Member {
    /// What of `remote` has a group; ranges have one together.
    #[must_use]
    pub fn all_of(direction: Direction, remote: &PermitRemote) -> Vec<Self> {
        match remote {
            PermitRemote::Networks(networks) => networks
                .iter()
                .map(|network| Self::Network(direction, *network))
                .collect(),
            PermitRemote::Range(_) => vec![Self::Ranges],
            PermitRemote::Hosts(_) => Vec::new(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "ranges" {
            return Some(Self::Ranges);
        }
        let (direction, network) = text.split_once('/')?;
        Some(Self::Network(
            Direction::parse(direction)?,
            network::parse(network).ok()?,
        ))
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(direction, network) => write!(f, "{direction}/{network}"),
            Self::Ranges => f.write_str("ranges"),
        }
    }
}

/// A network whose own rules are more than a group takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Overweight {
    pub network: IpNet,
    pub rules: usize,
}

/// The group of each network. It stays while the network is there; a new network takes the lowest
/// group with room, and a group that has lost all its members stays too, since one that is
/// attached can't be destroyed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// The rules, per direction and address family, that each group was filled up to.
    rooms: BTreeMap<(Hosts, u16), u16>,
    members: BTreeMap<Hosts, BTreeMap<Member, u16>>,
}

impl Groups {
    /// The group of a member, if it has one.
    #[must_use]
    pub fn of(&self, hosts: &Hosts, member: &Member) -> Option<u16> {
        self.members.get(hosts)?.get(member).copied()
    }

    /// The rules that each group of `hosts` was filled up to.
    pub fn rooms(&self, hosts: &Hosts) -> impl Iterator<Item = u16> {
        self.numbered(hosts).map(|(_, room)| room)
    }

    /// The groups of `hosts`, in their order, members or none.
    pub fn numbers(&self, hosts: &Hosts) -> impl Iterator<Item = u16> {
        self.numbered(hosts).map(|(group, _)| group)
    }

    fn room(&self, hosts: &Hosts, group: u16) -> Option<u16> {
        self.rooms.get(&(hosts.clone(), group)).copied()
    }

    /// Everybody of a cloud and traffic who ever had a group.
    #[must_use]
    pub fn hosts(&self, cloud: Cloud, traffic: Traffic) -> BTreeSet<Hosts> {
        self.rooms
            .keys()
            .map(|(hosts, _)| hosts.clone())
            .filter(|hosts| (hosts.cloud, hosts.traffic) == (cloud, traffic))
            .collect()
    }

    /// The groups of `hosts` without members, in their order.
    #[must_use]
    pub fn emptied(&self, hosts: &Hosts) -> Vec<u16> {
        let taken: BTreeSet<u16> = self
            .members
            .get(hosts)
            .map(|members| members.values().copied().collect())
            .unwrap_or_default();
        self.numbers(hosts)
            .filter(|group| !taken.contains(group))
            .collect()
    }

    /// Forgets the groups of `hosts` that have no members.
    pub fn prune(&mut self, hosts: &Hosts) {
        for group in self.emptied(hosts) {
            self.rooms.remove(&(hosts.clone(), group));
        }
    }

    /// Notes the group of a member when the lock is rebuilt from rows. How far the group may be
    /// filled is lost, so whoever is there may stay.
    pub fn record(&mut self, hosts: &Hosts, member: Member, group: u16) {
        self.rooms.insert((hosts.clone(), group), *AWS_RULES.end());
        let members = self.members.entry(hosts.clone()).or_default();
        members.insert(member, group);
    }

    /// Notes a group without members when the lock is rebuilt from rows.
    pub fn record_emptied(&mut self, hosts: &Hosts, group: u16) {
        self.rooms.insert((hosts.clone(), group), 0);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// Gives each of `wanted` (with the rules that it takes) a group of `hosts` that holds at most
    /// `limit` rules per direction and address family, and forgets whatever else was in one.
    /// `limit` is for those that come: who is there stays, unless its own rules have become too
    /// many. Returns how many had to leave their group for that.
    ///
    /// # Errors
    /// The networks whose rules no group can hold.
    pub fn place(
        &mut self,
        hosts: &Hosts,
        wanted: &BTreeMap<Member, usize>,
        limit: u16,
    ) -> Result<usize, Vec<Overweight>> {
        let known = self.members.get(hosts).cloned().unwrap_or_default();
        let mut filling = Filling::default();
        let mut coming: Vec<(&Member, usize)> = Vec::new();
        let mut moved = 0;
        for (member, rules) in wanted {
            let Some(group) = known.get(member).copied() else {
                coming.push((member, *rules));
                continue;
            };
            let room = self.room(hosts, group).unwrap_or(limit).max(limit);
            if filling.has_room(member, *rules, group, room) {
                filling.put(member, *rules, group);
            } else {
                moved += 1;
                coming.push((member, *rules));
            }
        }
        let overweight = overweight(&coming, limit);
        if !overweight.is_empty() {
            return Err(overweight);
        }
        for (member, rules) in coming {
            let group = (1..u16::MAX)
                .find(|group| filling.has_room(member, rules, *group, limit))
                .unwrap_or(u16::MAX);
            filling.put(member, rules, group);
        }
        for (group, most) in filling.most() {
            let room = u16::try_from(most).unwrap_or(u16::MAX).max(limit);
            self.rooms.insert((hosts.clone(), group), room);
        }
        self.members.insert(hosts.clone(), filling.members);
        Ok(moved)
    }

    fn numbered(&self, hosts: &Hosts) -> impl Iterator<Item = (u16, u16)> {
        self.rooms
            .range((hosts.clone(), 0)..=(hosts.clone(), u16::MAX))
            .map(|((_, group), room)| (*group, *room))
    }

    pub(super) fn to_text(&self) -> (BTreeMap<String, u16>, BTreeMap<String, u16>) {
        let rooms = self
            .rooms
            .iter()
            .map(|((hosts, group), room)| (format!("{hosts}/{group}"), *room))
            .collect();
        let members = self
            .members
            .iter()
            .flat_map(|(hosts, members)| {
                members
                    .iter()
                    .map(move |(member, group)| (format!("{hosts}/{member}"), *group))
            })
            .collect();
        (rooms, members)
    }

    pub(super) fn from_text(
        rooms: &BTreeMap<String, u16>,
        members: &BTreeMap<String, u16>,
        damages: &mut Vec<Damage>,
    ) -> Self {
        let mut groups = Self::default();
        let mut damage = |why: String, mend: &str| damages.push((why, mend.to_owned()));
        for (name, room) in rooms {
            let group = Hosts::split(name)
                .and_then(|(hosts, group)| Some((hosts, group.parse::<u16>().ok()?)))
                .filter(|(_, group)| *group > 0);
            match group {
                Some(group) => {
                    groups.rooms.insert(group, *room);
                }
                None => damage(
                    format!("`{}` names no group of a role", name.escape_debug()),
                    RESTORE,
                ),
            }
        }
        for (name, group) in members {
            let member = Hosts::split(name)
                .and_then(|(hosts, member)| Some((hosts, Member::parse(member)?)));
            match member {
                Some((hosts, member)) if *group > 0 => {
                    groups
                        .members
                        .entry(hosts)
                        .or_default()
                        .insert(member, *group);
                }
                Some(_) => damage(
                    format!("`{name}` is in group 0, and groups start at 1"),
                    RESTORE,
                ),
                None => damage(
                    format!("`{}` names no network of a role", name.escape_debug()),
                    RESTORE,
                ),
            }
        }
        for (hosts, members) in &groups.members {
            let Some(group) = members.get(&Member::Ranges) else {
                continue;
            };
            let other = members
                .iter()
                .find(|(member, other)| **member != Member::Ranges && *other == group);
            if let Some((member, _)) = other {
                damage(
                    format!(
                        "`{hosts}/{}` and `{hosts}/{member}` are both in group {group}, and ranges have one of their own",
                        Member::Ranges
                    ),
                    "delete the line of the two that came later (the one that is not applied yet), then generate again",
                );
            }
        }
        groups
    }
}

fn overweight(coming: &[(&Member, usize)], limit: u16) -> Vec<Overweight> {
    coming
        .iter()
        .filter(|(_, rules)| *rules > usize::from(limit))
        .filter_map(|(member, rules)| match member {
            Member::Network(_, network) => Some(Overweight {
                network: *network,
                rules: *rules,
            }),
            Member::Ranges => None,
        })
        .collect()
}

/// The groups of one role's hosts while they are filled.
#[derive(Default)]
struct Filling {
    members: BTreeMap<Member, u16>,
    /// The rules in each group, by direction and address family: that is how the quota counts.
    /// Ranges count for nothing here: what they hold is known at apply, and counted then.
    loads: BTreeMap<u16, BTreeMap<(Direction, Kind), usize>>,
    ranges: Option<u16>,
}

impl Filling {
    fn has_room(&self, member: &Member, rules: usize, group: u16, room: u16) -> bool {
        let loads = self.loads.get(&group);
        match member {
            Member::Ranges => loads.is_none(),
            Member::Network(direction, network) => {
                let place = (*direction, Kind::of(network));
                let load = loads.and_then(|loads| loads.get(&place)).copied();
                self.ranges != Some(group) && load.unwrap_or(0) + rules <= usize::from(room)
            }
        }
    }

    fn put(&mut self, member: &Member, rules: usize, group: u16) {
        let loads = self.loads.entry(group).or_default();
        match member {
            Member::Ranges => self.ranges = Some(group),
            Member::Network(direction, network) => {
                *loads.entry((*direction, Kind::of(network))).or_default() += rules;
            }
        }
        self.members.insert(member.clone(), group);
    }

    /// The most rules that each group has in a direction and address family.
    fn most(&self) -> impl Iterator<Item = (u16, usize)> {
        self.loads
            .iter()
            .map(|(group, loads)| (*group, loads.values().copied().max().unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Role;

    fn hosts() -> Hosts {
        Hosts {
            cloud: Cloud::Worldwide,
            traffic: Traffic::InboundHybridServer,
            role: Role::parse("sts_proxy").unwrap(),
        }
    }

    fn member(text: &str) -> Member {
        match text {
            "ranges" => Member::Ranges,
            text => Member::Network(Direction::Inbound, text.parse().unwrap()),
        }
    }

    fn wanted(members: &[&str], rules: usize) -> BTreeMap<Member, usize> {
        members.iter().map(|text| (member(text), rules)).collect()
    }

    fn place(groups: &mut Groups, members: &[&str], rules: usize, limit: u16) -> Vec<u16> {
        groups
            .place(&hosts(), &wanted(members, rules), limit)
            .unwrap();
        members
            .iter()
            .map(|text| groups.of(&hosts(), &member(text)).unwrap())
            .collect()
    }

    const A: &str = "1.0.0.0/24";
    const B: &str = "2.0.0.0/24";
    const C: &str = "3.0.0.0/24";

    #[test]
    fn a_network_keeps_its_group_and_a_new_one_takes_the_lowest_with_room() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[B, C], 1, 2), [1, 1]);
        assert_eq!(place(&mut groups, &[A, B, C], 1, 2), [2, 1, 1]);
        assert_eq!(place(&mut groups, &[A, C], 1, 2), [2, 1]);
        assert_eq!(place(&mut groups, &[A, B, C], 1, 2), [2, 1, 1]);
    }

    #[test]
    fn families_and_directions_fill_a_group_apart() {
        let mut groups = Groups::default();
        let wanted = BTreeMap::from([
            (member(A), 1),
            (member("2603:1000::/48"), 1),
            (Member::Network(Direction::Outbound, A.parse().unwrap()), 1),
        ]);
        groups.place(&hosts(), &wanted, 1).unwrap();
        assert!(
            wanted
                .keys()
                .all(|member| groups.of(&hosts(), member) == Some(1))
        );
    }

    #[test]
    fn ranges_have_a_group_of_their_own() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[A, "ranges"], 1, 60), [1, 2]);
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &["ranges"], 1, 60), [1]);
        assert_eq!(place(&mut groups, &[A, "ranges"], 1, 60), [2, 1]);
    }

    #[test]
    fn a_limit_is_for_those_that_come() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[A, B], 1, 1), [1, 2]);
        assert_eq!(place(&mut groups, &[A, B, C], 1, 3), [1, 2, 1], "raised");
        assert_eq!(place(&mut groups, &[A, B, C], 1, 1), [1, 2, 1], "lowered");
        assert_eq!(place(&mut groups, &[A, B, C], 1, 1), [1, 2, 1], "and again");
        assert_eq!(groups.room(&hosts(), 1), Some(2));
    }

    #[test]
    fn more_ports_move_only_what_has_no_room_left() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[A, B, C], 1, 3), [1, 1, 1]);
        let moved = groups.place(&hosts(), &wanted(&[A, B, C], 2), 4).unwrap();
        assert_eq!(moved, 1);
        assert_eq!(groups.of(&hosts(), &member(C)), Some(2));
        assert_eq!(
            groups.place(&hosts(), &wanted(&[A], 5), 4),
            Err(vec![Overweight {
                network: A.parse().unwrap(),
                rules: 5
            }])
        );
    }

    #[test]
    fn an_emptied_group_stays_until_it_is_pruned_and_is_filled_again() {
        let mut groups = Groups::default();
        place(&mut groups, &[A, B], 1, 1);
        place(&mut groups, &[B], 1, 1);
        assert_eq!(groups.emptied(&hosts()), [1]);
        assert_eq!(place(&mut groups.clone(), &[B, C], 1, 1), [2, 1]);
        groups.prune(&hosts());
        assert_eq!(groups.emptied(&hosts()), [0_u16; 0]);
        assert_eq!(place(&mut groups, &[B, C], 1, 1), [2, 1]);
    }
}
