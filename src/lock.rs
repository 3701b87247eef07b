//! `perimeter365.lock`: what must never move once assigned, and the options of the folder.
//!
//! One line an entry, sorted, so that branches merge. An entry outlives its row as long as nothing
//! else needs its number.

mod groups;
mod priorities;
mod slots;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Cloud, Role, Traffic};
use crate::error::{Error, Errors, Result};
use crate::file;
use crate::options::Words;
use groups::GroupsText;
pub use groups::{Groups, Member};
pub use priorities::Priorities;
use priorities::PrioritiesText;
pub use slots::{Service, Slots};

/// The file's name in the output folder.
pub const FILE: &str = "perimeter365.lock";

/// The version of this format that the program reads and writes.
const VERSION: u32 = 1;

/// What a folder remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    pub options: Words,
    pub priorities: Priorities,
    pub slots: Slots,
    pub groups: Groups,
    /// It was lost, and what it says comes from the rows: so what is not asked for is left alone,
    /// because the options that are lost may have asked for it.
    pub rebuilt: bool,
}

/// One role's hosts in one cloud and traffic: what a security group is made for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hosts {
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub role: Role,
}

impl fmt::Display for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.cloud, self.traffic, self.role)
    }
}

impl Hosts {
    /// Reads `worldwide/inbound-hybrid-server/sts_proxy/…`, and returns what follows.
    fn split(text: &str) -> Option<(Self, &str)> {
        let (cloud, rest) = text.split_once('/')?;
        let (traffic, rest) = rest.split_once('/')?;
        let (role, rest) = rest.split_once('/')?;
        let hosts = Self {
            cloud: Cloud::parse(cloud)?,
            traffic: Traffic::parse(traffic)?,
            role: Role::parse(role).ok()?,
        };
        Some((hosts, rest))
    }
}

/// Why a lock can't be used, and what mends it.
type Damage = (String, String);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    version: u32,
    #[serde(default)]
    options: Words,
    #[serde(default)]
    priorities: PrioritiesText,
    /// The number that stands for a port in the keys of openings.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    slots: BTreeMap<String, u16>,
    /// The rules that each security group was filled up to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, u16>,
    /// The security group of each rule, and of the ranges.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    members: BTreeMap<String, u16>,
    #[serde(default, skip_serializing_if = "FormerText::is_empty")]
    former: FormerText,
}

/// What left, with what it had.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormerText {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    slots: BTreeMap<String, u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    members: BTreeMap<String, u16>,
}

impl FormerText {
    fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.members.is_empty()
    }
}

/// What a row is called in the lock: rows of several clouds can share one network security group.
#[must_use]
pub fn entry(cloud: Cloud, key: &str) -> String {
    format!("{cloud}/{key}")
}

impl Lock {
    /// Whether nothing was ever assigned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.priorities.is_empty() && self.slots.is_empty() && self.groups.is_empty()
    }

    /// Whether ports have slots in it.
    #[must_use]
    pub fn knows_of_slots(&self) -> bool {
        !self.slots.is_empty()
    }

    /// Whether it has security groups, and says what is or was in them.
    #[must_use]
    pub fn knows_of_groups(&self) -> bool {
        !self.groups.is_empty() && self.groups.has_members()
    }

    /// The file's text.
    #[must_use]
    pub fn to_text(&self, header: &str) -> String {
        let (slots, former_slots) = self.slots.to_text();
        let groups = self.groups.to_text();
        let text = Text {
            version: VERSION,
            options: self.options.clone(),
            priorities: self.priorities.to_text(),
            slots,
            groups: groups.rooms,
            members: groups.members,
            former: FormerText {
                slots: former_slots,
                members: groups.former,
            },
        };
        let body =
            toml::to_string_pretty(&text).expect("maps of words and numbers are always TOML");
        format!(
            "{header}\n# Commit this file. What stands here never moves; when branches merge, keep the lines of both.\n# {EXPLANATION}\n{body}"
        )
    }

    /// What can't stand in a lock that is rebuilt from rows: nothing reads it back before it is used.
    #[must_use]
    pub fn defects(&self) -> Vec<String> {
        let damages = self.slots.twins().into_iter().chain(self.groups.clashes());
        damages.map(|(why, _)| why).collect()
    }

    /// Reads the lock of a folder. `None`: there is none.
    ///
    /// # Errors
    /// When the file is damaged, with every reason.
    pub fn read(folder: &Path, numbers: &RangeInclusive<u16>) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        let text = file::text_if_there(&path)?;
        text.map(|text| Self::of(&path, &text, numbers)).transpose()
    }

    /// What the text of a lock says; errors call it `path`.
    ///
    /// # Errors
    /// When it is damaged, with every reason.
    pub fn of(path: &Path, text: &str, numbers: &RangeInclusive<u16>) -> Result<Self> {
        Self::parse(text, numbers).map_err(|damages| {
            let errors: Vec<Error> = damages
                .into_iter()
                .map(|(why, mend)| Error::Malformed {
                    path: path.to_owned(),
                    why,
                    mend,
                })
                .collect();
            Errors::from(errors)
        })
    }

    fn parse(text: &str, numbers: &RangeInclusive<u16>) -> std::result::Result<Self, Vec<Damage>> {
        let merging = |line: &str| {
            ["<<<<<<<", "=======", ">>>>>>>"]
                .iter()
                .any(|mark| line.starts_with(mark))
        };
        if let Some(index) = text.lines().position(merging) {
            return Err(vec![(
                format!("line {}: an unfinished merge", index + 1),
                "keep the lines of both sides, then generate again".to_owned(),
            )]);
        }
        let text: Text = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let message = error.message().replace('\n', ", ");
            let mend = if message.contains("duplicate key") {
                "of two options, join the lists in one; of two headings, delete the second; of two lines of one entry, delete the one that came later (the one that is not applied yet); then generate again"
            } else {
                RESTORE
            };
            vec![(format!("line {line}: {message}"), mend.to_owned())]
        })?;
        let mut damages = Vec::new();
        if text.version != VERSION {
            damages.push((
                format!(
                    "it has version `{}`, and this program knows `{VERSION}`",
                    text.version
                ),
                "use the program that wrote it, or a newer one".to_owned(),
            ));
        }
        let lock = Self {
            rebuilt: false,
            options: text.options,
            priorities: Priorities::from_text(text.priorities, numbers, &mut damages),
            slots: Slots::from_text(&text.slots, &text.former.slots, &mut damages),
            groups: Groups::from_text(
                &GroupsText {
                    rooms: text.groups,
                    members: text.members,
                    former: text.former.members,
                },
                &mut damages,
            ),
        };
        if damages.is_empty() {
            Ok(lock)
        } else {
            Err(damages)
        }
    }
}

const EXPLANATION: &str = "slots: what stands for a port in the names of rules; groups: the rules that a security group is filled up to; members: the group of each rule; former: what left, and can come back.";

const RESTORE: &str = "restore it from version control; deleting it rebuilds it from the rows, but the options have to be given anew";

/// What two entries that claim one number are told.
const LATER: &str =
    "delete the line that came later (the one that is not applied yet), then generate again";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Direction, PortRange, Protocol};

    const NUMBERS: RangeInclusive<u16> = 100..=4096;

    #[test]
    fn what_is_written_is_read_back() {
        let mut lock = Lock::default();
        lock.options.cloud = Some(vec!["china".to_owned()]);
        lock.options.port = Some(vec!["graph-change-notifications=8443".to_owned()]);
        lock.priorities
            .assign(
                Direction::Inbound,
                &[entry(Cloud::China, "a.b.ipv4")],
                &NUMBERS,
            )
            .unwrap();
        let (hosts, _) = Hosts::split("china/inbound-hybrid-server/sts/").unwrap();
        lock.slots.assign(&[Service {
            hosts: hosts.clone(),
            direction: Direction::Inbound,
            protocol: Protocol::Udp,
            port: PortRange::parse("50000-59999").unwrap(),
        }]);
        let rule = |network: &str| Member::Rule {
            direction: Direction::Outbound,
            protocol: Protocol::Udp,
            slot: 1,
            network: network.parse().unwrap(),
        };
        let members = [rule("2603:1000::/48"), rule("10.0.0.0/8"), Member::Ranges];
        lock.groups.place(&hosts, &members.into(), 60);
        let members = [rule("2603:1000::/48"), Member::Ranges];
        lock.groups.place(&hosts, &members.into(), 60);
        let text = lock.to_text("# header");
        for line in [
            "\"china/inbound-hybrid-server/sts/inbound/udp/50000-59999\" = 1",
            "\"china/inbound-hybrid-server/sts/1\" = 60",
            "\"china/inbound-hybrid-server/sts/outbound/udp#1/2603:1000::/48\" = 1",
            "\"china/inbound-hybrid-server/sts/outbound/udp#1/10.0.0.0/8\" = 1",
            "[former.members]",
            "\"china/inbound-hybrid-server/sts/ranges\" = 2",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} in {text}");
        }
        let read = Lock::parse(&text, &NUMBERS).unwrap();
        assert_eq!(read.to_text("# header"), text);
        assert_eq!(read, lock);
    }

    #[test]
    fn damage_is_named() {
        let damage = |text: &str| {
            let damages = Lock::parse(text, &NUMBERS).unwrap_err();
            damages
                .into_iter()
                .map(|(why, mend)| format!("{why}; {mend}"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        let twice = damage(
            "version = 1\n[priorities.inbound]\n\"worldwide/a\" = 100\n\"worldwide/b\" = 100\n",
        );
        assert!(
            twice.contains("`worldwide/a` and `worldwide/b` both have inbound priority 100"),
            "{twice}"
        );
        assert!(twice.contains("delete the line that came later"), "{twice}");
        let merge = damage("version = 1\n<<<<<<< HEAD\n");
        assert!(merge.contains("line 2: an unfinished merge"), "{merge}");
        let outside = damage(
            "version = 1\n[priorities.outbound]\n\"worldwide/a\" = 5000\n\"mars/a\" = 100\n",
        );
        assert!(
            outside.contains("outside 100 to 4096") && outside.contains("`mars/a` names no cloud"),
            "{outside}"
        );
        for text in [
            "",
            "version = 2",
            "version = 1\nfoo = 1",
            "version = 1\n[priorities.inbound]\na = \"x\"",
            "version = 1\n[priorities.inbound]\n\"worldwide/a\" = 100\n\"worldwide/a\" = 110",
            "version = 1\n[slots]\n\"worldwide/user/sts/inbound/tcp/x\" = 1",
            "version = 1\n[slots]\n\"worldwide/user/sts/inbound/tcp/443\" = 0",
            "version = 1\n[slots]\n\"worldwide/user/sts/inbound/tcp/80\" = 1\n\"worldwide/user/sts/inbound/tcp/443\" = 1",
            "version = 1\n[groups]\n\"worldwide/user/sts/0\" = 60",
            "version = 1\n[groups]\n\"worldwide/user/sts/01\" = 60",
            "version = 1\n[groups]\n\"worldwide/user/sts/1\" = 65535",
            "version = 1\n[groups]\n\"worldwide/user/sts/1\" = 60\n[members]\n\"worldwide/user/sts/inbound/tcp#1/1.2.3.4/24\" = 1",
            "version = 1\n[groups]\n\"worldwide/user/sts/1\" = 60\n[members]\n\"worldwide/user/sts/inbound/tcp#01/1.2.3.4/32\" = 1",
            "version = 1\n[members]\n\"worldwide/user/sts/inbound/tcp#1/1.2.3.4/32\" = 1",
            "version = 1\n[groups]\n\"worldwide/user/sts/1\" = 60\n[members]\n\"worldwide/user/sts/inbound/tcp#1/1.2.3.4/32\" = 1\n\"worldwide/user/sts/ranges\" = 1",
            "version = 1\n=======\n[slots]",
        ] {
            assert!(Lock::parse(text, &NUMBERS).is_err(), "{text:?} was let in");
        }
    }
}
