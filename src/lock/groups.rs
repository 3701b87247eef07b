//! Which security group each rule is in, where one group can't hold all of a role's rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ipnet::IpNet;

use super::{Damage, Hosts, LATER, RESTORE};
use crate::catalogue::{Cloud, Direction, Kind, Protocol, Traffic, network};
use crate::target::AWS_RULES;

/// What a security group holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// One rule: a network for the port that has the slot.
    Rule {
        direction: Direction,
        protocol: Protocol,
        slot: u16,
        network: IpNet,
    },
    /// The ranges that users supply: nobody knows before apply how much room they take.
    Ranges,
}

impl Member {
    fn parse(text: &str) -> Option<Self> {
        if text == "ranges" {
            return Some(Self::Ranges);
        }
        let (direction, rest) = text.split_once('/')?;
        let (protocol, rest) = rest.split_once('#')?;
        let (slot, network) = rest.split_once('/')?;
        Some(Self::Rule {
            direction: Direction::parse(direction)?,
            protocol: Protocol::parse(protocol)?,
            slot: slot.parse().ok()?,
            network: rule_network(network)?,
        })
        .filter(|member| member.to_string() == text)
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule {
                direction,
                protocol,
                slot,
                network,
            } => write!(f, "{direction}/{protocol}#{slot}/{network}"),
            Self::Ranges => f.write_str("ranges"),
        }
    }
}

/// The group of each rule. It stays while the rule is wanted; a new rule takes the lowest group
/// with room. A group that has lost all its rules stays too, since one that is attached can't be
/// destroyed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// The rules, per direction and address family, that each group was filled up to.
    rooms: BTreeMap<(Hosts, u16), u16>,
    members: Places,
    /// Where those were that left: who comes back while there is room finds its place.
    former: Places,
}

type Places = BTreeMap<Hosts, BTreeMap<Member, u16>>;

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

    fn numbered(&self, hosts: &Hosts) -> impl Iterator<Item = (u16, u16)> {
        self.rooms
            .range((hosts.clone(), 0)..=(hosts.clone(), u16::MAX))
            .map(|((_, group), room)| (*group, *room))
    }

    /// Everybody who has a group.
    #[must_use]
    pub fn hosts(&self) -> BTreeSet<Hosts> {
        self.rooms.keys().map(|(hosts, _)| hosts.clone()).collect()
    }

    /// The groups of `hosts` without members, in their order.
    #[must_use]
    pub fn emptied(&self, hosts: &Hosts) -> Vec<u16> {
        let members = self.members.get(hosts);
        let taken: BTreeSet<u16> = members
            .into_iter()
            .flat_map(BTreeMap::values)
            .copied()
            .collect();
        self.numbers(hosts)
            .filter(|group| !taken.contains(group))
            .collect()
    }

    /// Forgets the groups of `hosts` that have no members.
    pub fn prune(&mut self, hosts: &Hosts) {
        for emptied in self.emptied(hosts) {
            self.rooms.remove(&(hosts.clone(), emptied));
            if let Some(former) = self.former.get_mut(hosts) {
                former.retain(|_, group| *group != emptied);
            }
        }
    }

    /// Notes a member's group, and the rules that it was filled up to, when the lock is rebuilt from
    /// rows.
    ///
    /// # Errors
    /// When the member is in another group already.
    pub fn record(
        &mut self,
        hosts: &Hosts,
        member: &Member,
        group: u16,
        room: u16,
    ) -> Result<(), String> {
        self.record_emptied(hosts, group, room);
        let members = self.members.entry(hosts.clone()).or_default();
        match members.insert(member.clone(), group) {
            Some(other) if other != group => Err(format!(
                "`{member}` of `{}` is in groups {other} and {group}",
                hosts.role
            )),
            _ => Ok(()),
        }
    }

    /// Notes a group without members when the lock is rebuilt from rows.
    pub fn record_emptied(&mut self, hosts: &Hosts, group: u16, room: u16) {
        self.rooms.insert((hosts.clone(), group), room);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// Gives each of `wanted` a group of `hosts` that holds at most `limit` rules per direction and
    /// address family. `limit` is for those that come: who is there stays, unless a group holds more
    /// than it ever could, as when branches were merged. Returns how many had to leave for that.
    ///
    /// Who leaves keeps its room for this time: Terraform creates and destroys in any order, and a
    /// full group takes nobody before another one is gone.
    pub fn place(&mut self, hosts: &Hosts, wanted: &BTreeSet<Member>, limit: u16) -> usize {
        let known = self.members.remove(hosts).unwrap_or_default();
        let mut former = self.former.remove(hosts).unwrap_or_default();
        let mut members: BTreeMap<Member, u16> = BTreeMap::new();
        let mut filling = Filling::default();
        let mut coming: Vec<&Member> = wanted
            .iter()
            .filter(|one| !known.contains_key(one))
            .collect();
        let mut leaving: Vec<(&Member, u16)> = Vec::new();
        let mut moved = 0;
        for (member, group) in &known {
            let room = self.rooms.get(&(hosts.clone(), *group)).copied();
            if !wanted.contains(member) {
                leaving.push((member, *group));
            } else if filling.has_room(member, *group, room.unwrap_or(limit).max(limit)) {
                filling.take(member, *group);
                members.insert(member.clone(), *group);
            } else {
                moved += 1;
                coming.push(member);
                leaving.push((member, *group));
            }
        }
        for (member, group) in &leaving {
            filling.take(member, *group);
        }
        // Whoever has a place to come back to takes it before another does.
        coming.sort_by_key(|member| !former.contains_key(*member));
        let just_left: BTreeSet<Member> = leaving
            .iter()
            .map(|(member, _)| (*member).clone())
            .collect();
        for member in coming {
            let back = former.get(member).copied();
            let group = back
                .into_iter()
                .chain(1..u16::MAX)
                .find(|group| filling.has_room(member, *group, limit))
                .unwrap_or(u16::MAX);
            filling.take(member, group);
            members.insert(member.clone(), group);
        }
        former.extend(
            leaving
                .into_iter()
                .map(|(member, group)| (member.clone(), group)),
        );
        former.retain(|member, _| !members.contains_key(member));
        self.members.insert(hosts.clone(), members);
        self.former.insert(hosts.clone(), former);
        self.make_room(hosts, limit, &just_left);
        moved
    }

    /// Notes how far each group is filled, and forgets those who left and would not fit any more:
    /// rather those who left earlier.
    fn make_room(&mut self, hosts: &Hosts, limit: u16, just_left: &BTreeSet<Member>) {
        let mut filling = Filling::default();
        for (member, group) in self.members.get(hosts).into_iter().flatten() {
            filling.take(member, *group);
        }
        for (group, most) in filling.most() {
            let most = u16::try_from(most).unwrap_or(u16::MAX).max(limit);
            let room = self.rooms.entry((hosts.clone(), group)).or_insert(most);
            // How much ranges fill is not known here.
            *room = if filling.ranges == Some(group) {
                most.max(*room)
            } else {
                most
            };
        }
        let former = self.former.remove(hosts).unwrap_or_default();
        let (lately, earlier): (Vec<_>, Vec<_>) = former
            .into_iter()
            .partition(|(member, _)| just_left.contains(member));
        let mut kept = BTreeMap::new();
        for (member, group) in lately.into_iter().chain(earlier) {
            let room = self.rooms.get(&(hosts.clone(), group)).copied();
            if room.is_some_and(|room| filling.has_room(&member, group, room)) {
                filling.take(&member, group);
                kept.insert(member, group);
            }
        }
        self.former.insert(hosts.clone(), kept);
    }

    /// Whether rules are said to be somewhere, now or before.
    #[must_use]
    pub fn has_members(&self) -> bool {
        let mut places = self.members.values().chain(self.former.values());
        places.any(|members| !members.is_empty())
    }

    /// Whether any rule of a cloud and traffic has a group.
    #[must_use]
    pub fn has_members_in(&self, cloud: Cloud, traffic: Traffic) -> bool {
        let mut places = self.members.iter();
        places.any(|(hosts, members)| {
            (hosts.cloud, hosts.traffic) == (cloud, traffic) && !members.is_empty()
        })
    }

    pub(super) fn to_text(&self) -> GroupsText {
        let places = |places: &Places| {
            let all = places.iter().flat_map(|(hosts, members)| {
                members
                    .iter()
                    .map(move |(member, group)| (format!("{hosts}/{member}"), *group))
            });
            all.collect()
        };
        let rooms = self.rooms.iter();
        GroupsText {
            rooms: rooms
                .map(|((hosts, group), room)| (format!("{hosts}/{group}"), *room))
                .collect(),
            members: places(&self.members),
            former: places(&self.former),
        }
    }

    pub(super) fn from_text(text: &GroupsText, damages: &mut Vec<Damage>) -> Self {
        let mut groups = Self::default();
        for (name, room) in &text.rooms {
            let group = Hosts::split(name)
                .and_then(|(hosts, group)| Some((hosts, group.parse::<u16>().ok()?)))
                .filter(|(hosts, group)| *group > 0 && format!("{hosts}/{group}") == *name);
            match group {
                Some(group) if AWS_RULES.contains(room) => {
                    groups.rooms.insert(group, *room);
                }
                Some(_) => damages.push((
                    format!(
                        "`{name}` is filled up to {room} rules, and a group takes {} to {}",
                        AWS_RULES.start(),
                        AWS_RULES.end()
                    ),
                    RESTORE.to_owned(),
                )),
                None => damages.push((
                    format!("`{}` names no group of a role", name.escape_debug()),
                    RESTORE.to_owned(),
                )),
            }
        }
        groups.members = places_from_text(&text.members, damages);
        groups.former = places_from_text(&text.former, damages);
        for (hosts, members) in &groups.members {
            for (member, group) in members {
                if !groups.rooms.contains_key(&(hosts.clone(), *group)) {
                    damages.push((
                        format!("`{hosts}/{member}` is in group {group}, which has no line among the groups"),
                        format!("restore the line of `{hosts}/{group}` from version control, as a merge may have lost it; {RESTORE}"),
                    ));
                }
            }
        }
        // Who left may have left a group that a merge has let go.
        for (hosts, members) in &mut groups.former {
            members.retain(|_, group| groups.rooms.contains_key(&(hosts.clone(), *group)));
        }
        damages.extend(groups.clashes());
        groups
    }

    /// Ranges that share a group with rules.
    #[must_use]
    pub fn clashes(&self) -> Vec<Damage> {
        let clash = |(hosts, members): (&Hosts, &BTreeMap<Member, u16>)| {
            let group = members.get(&Member::Ranges)?;
            let (member, _) = members
                .iter()
                .find(|(member, other)| **member != Member::Ranges && *other == group)?;
            Some((
                format!(
                    "`{hosts}/{}` and `{hosts}/{member}` are both in group {group}, and ranges have one of their own",
                    Member::Ranges
                ),
                LATER.to_owned(),
            ))
        };
        self.members.iter().filter_map(clash).collect()
    }
}

/// The tables of a lock that say where rules are.
pub struct GroupsText {
    pub rooms: BTreeMap<String, u16>,
    pub members: BTreeMap<String, u16>,
    pub former: BTreeMap<String, u16>,
}

fn places_from_text(text: &BTreeMap<String, u16>, damages: &mut Vec<Damage>) -> Places {
    let mut places = Places::new();
    for (name, group) in text {
        let member =
            Hosts::split(name).and_then(|(hosts, member)| Some((hosts, Member::parse(member)?)));
        let Some((hosts, member)) = member else {
            let why = format!("`{}` names no rule of a role", name.escape_debug());
            damages.push((why, RESTORE.to_owned()));
            continue;
        };
        places.entry(hosts).or_default().insert(member, *group);
    }
    places
}

/// The groups of one role's hosts while they are filled.
#[derive(Default)]
struct Filling {
    /// The rules in each group, by direction and address family: that is how the quota counts.
    /// Ranges count for nothing here: what they hold is known at apply, and counted then.
    loads: BTreeMap<u16, BTreeMap<(Direction, Kind), usize>>,
    ranges: Option<u16>,
}

impl Filling {
    fn has_room(&self, member: &Member, group: u16, room: u16) -> bool {
        let loads = self.loads.get(&group);
        match member {
            Member::Ranges => loads.is_none(),
            Member::Rule {
                direction, network, ..
            } => {
                let place = (*direction, Kind::of(network));
                let load = loads.and_then(|loads| loads.get(&place)).copied();
                self.ranges != Some(group) && load.unwrap_or(0) < usize::from(room)
            }
        }
    }

    /// Takes the room of a member, whether it stays there or leaves.
    fn take(&mut self, member: &Member, group: u16) {
        let loads = self.loads.entry(group).or_default();
        match member {
            Member::Ranges => self.ranges = Some(group),
            Member::Rule {
                direction, network, ..
            } => *loads.entry((*direction, Kind::of(network))).or_default() += 1,
        }
    }

    /// The most rules that each group has in a direction and address family.
    fn most(&self) -> Vec<(u16, usize)> {
        self.loads
            .iter()
            .map(|(group, loads)| (*group, loads.values().copied().max().unwrap_or(0)))
            .collect()
    }
}

/// A network that a source may state, or every address, to which the user may open.
fn rule_network(text: &str) -> Option<IpNet> {
    let every = [network::EVERY_IPV4, network::EVERY_IPV6];
    let stated = network::parse(text).ok();
    stated.or_else(|| every.into_iter().find(|every| every.to_string() == text))
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
        Member::parse(text)
            .or_else(|| Member::parse(&format!("inbound/tcp#1/{text}")))
            .unwrap()
    }

    /// The groups that `members` are in, where `limit` rules fit into each.
    fn place(groups: &mut Groups, members: &[&str], limit: u16) -> Vec<u16> {
        let wanted = members.iter().map(|text| member(text)).collect();
        groups.place(&hosts(), &wanted, limit);
        members
            .iter()
            .map(|text| groups.of(&hosts(), &member(text)).unwrap())
            .collect()
    }

    const A: &str = "1.0.0.0/24";
    const B: &str = "2.0.0.0/24";
    const C: &str = "3.0.0.0/24";
    const D: &str = "4.0.0.0/24";

    #[test]
    fn a_rule_keeps_its_group_and_a_new_one_takes_the_lowest_with_room() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[B, C], 2), [1, 1]);
        assert_eq!(place(&mut groups, &[A, B, C], 2), [2, 1, 1]);
        assert_eq!(place(&mut groups, &[A, C], 2), [2, 1]);
        assert_eq!(place(&mut groups, &[A, C, D], 2), [2, 1, 1]);
    }

    #[test]
    fn who_leaves_keeps_its_room_until_the_next_time() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[A, B], 2), [1, 1]);
        assert_eq!(place(&mut groups, &[B, C], 2), [1, 2]);
        assert_eq!(place(&mut groups, &[B, C, D], 2), [1, 2, 1]);
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &["ranges"], 2), [1]);
        assert_eq!(place(&mut groups, &[A], 2), [2]);
    }

    #[test]
    fn who_comes_back_finds_its_place_while_there_is_room() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[B, C], 2), [1, 1]);
        assert_eq!(place(&mut groups, &[A, B, C], 2), [2, 1, 1]);
        assert_eq!(place(&mut groups, &[], 2), [0_u16; 0]);
        assert_eq!(place(&mut groups.clone(), &[A, B, C], 2), [2, 1, 1]);
        assert_eq!(place(&mut groups, &[A, C, D], 2), [2, 1, 1]);
        assert_eq!(place(&mut groups, &[A, B, C, D], 2), [2, 2, 1, 1]);
    }

    #[test]
    fn families_and_directions_fill_a_group_apart() {
        let mut groups = Groups::default();
        let members = [A, "2603:1000::/48", "outbound/tcp#1/1.0.0.0/24"];
        assert_eq!(place(&mut groups, &members, 1), [1, 1, 1]);
    }

    #[test]
    fn ranges_have_a_group_of_their_own() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[A, "ranges"], 60), [1, 2]);
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &["ranges"], 60), [1]);
        assert_eq!(place(&mut groups, &[A, "ranges"], 60), [2, 1]);
    }

    #[test]
    fn a_limit_is_for_those_that_come() {
        let mut groups = Groups::default();
        let rooms = |groups: &Groups| groups.rooms(&hosts()).collect::<Vec<_>>();
        assert_eq!(place(&mut groups, &[A, B], 1), [1, 2]);
        assert_eq!(place(&mut groups, &[A, B, C], 3), [1, 2, 1], "raised");
        assert_eq!(place(&mut groups, &[A, B, C], 1), [1, 2, 1], "lowered");
        assert_eq!(place(&mut groups, &[A, B, C], 1), [1, 2, 1], "and again");
        assert_eq!(rooms(&groups), [2, 1]);
        let mut groups = Groups::default();
        place(&mut groups, &["ranges"], 100);
        place(&mut groups, &["ranges"], 60);
        assert_eq!(rooms(&groups), [100], "nobody knows how full it is");
    }

    #[test]
    fn more_ports_move_nobody() {
        let mut groups = Groups::default();
        assert_eq!(place(&mut groups, &[A, B], 2), [1, 1]);
        let second = ["inbound/tcp#2/1.0.0.0/24", "inbound/tcp#2/2.0.0.0/24"];
        let both = [A, B, second[0], second[1]];
        assert_eq!(place(&mut groups, &both, 2), [1, 1, 2, 2]);
    }

    #[test]
    fn what_a_merge_overfilled_makes_room() {
        let mut groups = Groups::default();
        place(&mut groups, &[A, B, C], 3);
        groups.rooms.insert((hosts(), 1), 2);
        let wanted = [A, B, C].into_iter().map(member).collect();
        assert_eq!(groups.place(&hosts(), &wanted, 2), 1);
        assert_eq!(groups.of(&hosts(), &member(C)), Some(2));
    }

    #[test]
    fn an_emptied_group_stays_until_it_is_pruned() {
        let mut groups = Groups::default();
        place(&mut groups, &[A, B], 1);
        place(&mut groups, &[B], 1);
        assert_eq!(groups.emptied(&hosts()), [1]);
        assert_eq!(
            place(&mut groups.clone(), &[B, C], 1),
            [2, 1],
            "it is filled again"
        );
        groups.prune(&hosts());
        assert_eq!(groups.emptied(&hosts()), [0_u16; 0]);
        assert_eq!(place(&mut groups, &[B, C], 1), [2, 1], "and its number too");
    }
}
