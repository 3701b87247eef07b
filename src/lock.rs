//! `perimeter365.lock`: what must never move once assigned, and the options of the folder.
//!
//! One line an entry, sorted, so that branches merge. An entry outlives its row: a number is not
//! given to another row while others are left, because destroying one rule and creating another
//! at its priority in the same apply can conflict.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Cloud, Direction};
use crate::error::{Error, Errors, Result};
use crate::options::Words;

/// The file's name in the output folder.
pub const FILE: &str = "perimeter365.lock";

/// The version of this format that the program reads and writes.
const VERSION: u32 = 1;

/// The distance between two priorities that are given one after the other, so that a team can
/// put a rule of its own between them.
const STEP: u16 = 10;

/// What a folder remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    pub options: Words,
    priorities: BTreeMap<Direction, BTreeMap<String, u16>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    version: u32,
    #[serde(default)]
    options: Words,
    #[serde(default)]
    priorities: PrioritiesText,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PrioritiesText {
    #[serde(default)]
    inbound: BTreeMap<String, u16>,
    #[serde(default)]
    outbound: BTreeMap<String, u16>,
}

/// What a row is called in the lock: rows of several clouds can share one network security group.
#[must_use]
pub fn entry(cloud: Cloud, key: &str) -> String {
    format!("{cloud}/{key}")
}

impl Lock {
    /// The priority of a row, if it has one.
    #[must_use]
    pub fn priority(&self, direction: Direction, entry: &str) -> Option<u16> {
        self.priorities.get(&direction)?.get(entry).copied()
    }

    /// The entry that has `priority`, if one has.
    #[must_use]
    pub fn owner(&self, direction: Direction, priority: u16) -> Option<&str> {
        let entries = self.priorities.get(&direction)?;
        let mut owners = entries.iter().filter(|(_, number)| **number == priority);
        owners.next().map(|(name, _)| name.as_str())
    }

    /// Notes a priority that a row has, when the lock is rebuilt from rows.
    pub fn record(&mut self, direction: Direction, entry: String, priority: u16) {
        self.priorities
            .entry(direction)
            .or_default()
            .insert(entry, priority);
    }

    /// Whether nothing was ever assigned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.priorities.values().all(BTreeMap::is_empty)
    }

    /// Gives each of `wanted` that has none a priority within `numbers`: the next step of ten;
    /// past the end, a number between the steps; last, the number of an entry that is not wanted
    /// any more, whose line goes.
    ///
    /// # Errors
    /// The entries for which no number is left.
    pub fn assign(
        &mut self,
        direction: Direction,
        wanted: &[String],
        numbers: &RangeInclusive<u16>,
    ) -> std::result::Result<(), Vec<String>> {
        let entries = self.priorities.entry(direction).or_default();
        let mut used: BTreeSet<u16> = entries.values().copied().collect();
        let mut left = Vec::new();
        for name in wanted {
            if entries.contains_key(name) {
                continue;
            }
            let number = next_step(&used, numbers)
                .or_else(|| numbers.clone().find(|number| !used.contains(number)));
            let number = number.or_else(|| reclaim(entries, wanted));
            match number {
                Some(number) => {
                    used.insert(number);
                    entries.insert(name.clone(), number);
                }
                None => left.push(name.clone()),
            }
        }
        if left.is_empty() { Ok(()) } else { Err(left) }
    }

    /// The file's text.
    #[must_use]
    pub fn to_text(&self, header: &str) -> String {
        let of = |direction| self.priorities.get(&direction).cloned().unwrap_or_default();
        let text = Text {
            version: VERSION,
            options: self.options.clone(),
            priorities: PrioritiesText {
                inbound: of(Direction::Inbound),
                outbound: of(Direction::Outbound),
            },
        };
        let body =
            toml::to_string_pretty(&text).expect("maps of words and numbers are always TOML");
        format!(
            "{header}\n# Commit this file. What stands here never moves; when branches merge, keep the lines of both.\n{body}"
        )
    }

    /// Reads the lock of a folder. `None`: there is none.
    ///
    /// # Errors
    /// When the file is damaged, with every reason.
    pub fn read(folder: &Path, numbers: &RangeInclusive<u16>) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Error::Io {
                    action: "read",
                    path,
                    error,
                }
                .into());
            }
        };
        Self::parse(&text, numbers).map(Some).map_err(|damages| {
            let errors: Vec<Error> = damages
                .into_iter()
                .map(|(why, mend)| Error::Malformed {
                    path: path.clone(),
                    why,
                    mend,
                })
                .collect();
            Errors::from(errors)
        })
    }

    fn parse(
        text: &str,
        numbers: &RangeInclusive<u16>,
    ) -> std::result::Result<Self, Vec<(String, String)>> {
        if let Some(index) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
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
                "of two options, join the lists in one; of two headings or priorities, delete the second line; then generate again"
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
        for (direction, entries) in [
            (Direction::Inbound, &text.priorities.inbound),
            (Direction::Outbound, &text.priorities.outbound),
        ] {
            damages.extend(damages_of(direction, entries, numbers));
        }
        if !damages.is_empty() {
            return Err(damages);
        }
        Ok(Self {
            options: text.options,
            priorities: BTreeMap::from([
                (Direction::Inbound, text.priorities.inbound),
                (Direction::Outbound, text.priorities.outbound),
            ]),
        })
    }
}

const RESTORE: &str = "restore it from version control; deleting it rebuilds it from the rows, but the options have to be given anew";

fn damages_of(
    direction: Direction,
    entries: &BTreeMap<String, u16>,
    numbers: &RangeInclusive<u16>,
) -> Vec<(String, String)> {
    let mut damages = Vec::new();
    let mut owners: BTreeMap<u16, &str> = BTreeMap::new();
    for (name, number) in entries {
        let cloud = name.split_once('/').map(|(cloud, _)| cloud);
        if cloud.and_then(Cloud::parse).is_none() {
            damages.push((
                format!("`{}` names no cloud and row", name.escape_debug()),
                RESTORE.to_owned(),
            ));
        }
        if !numbers.contains(number) {
            damages.push((
                format!(
                    "`{}` has {direction} priority {number}, outside {} to {}",
                    name.escape_debug(),
                    numbers.start(),
                    numbers.end()
                ),
                RESTORE.to_owned(),
            ));
        }
        if let Some(first) = owners.insert(*number, name) {
            damages.push((
                format!(
                    "`{}` and `{}` both have {direction} priority {number}",
                    first.escape_debug(),
                    name.escape_debug()
                ),
                "delete the line that came later (the one that is not applied yet), then generate again".to_owned(),
            ));
        }
    }
    damages
}

fn next_step(used: &BTreeSet<u16>, numbers: &RangeInclusive<u16>) -> Option<u16> {
    let next = match used.last() {
        None => *numbers.start(),
        Some(last) => (last / STEP + 1) * STEP,
    };
    numbers.contains(&next).then_some(next)
}

/// Takes the lowest number of an entry that is not wanted any more.
fn reclaim(entries: &mut BTreeMap<String, u16>, wanted: &[String]) -> Option<u16> {
    let (name, number) = entries
        .iter()
        .filter(|(name, _)| !wanted.contains(name))
        .min_by_key(|(_, number)| **number)
        .map(|(name, number)| (name.clone(), *number))?;
    entries.remove(&name);
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: RangeInclusive<u16> = 100..=4096;

    fn names(texts: &[&str]) -> Vec<String> {
        texts
            .iter()
            .map(|text| entry(Cloud::Worldwide, text))
            .collect()
    }

    #[test]
    fn numbers_go_up_in_tens_and_never_move() {
        let mut lock = Lock::default();
        lock.assign(Direction::Inbound, &names(&["b", "d"]), &NUMBERS)
            .unwrap();
        lock.assign(Direction::Inbound, &names(&["a", "b", "c", "d"]), &NUMBERS)
            .unwrap();
        lock.assign(Direction::Outbound, &names(&["x"]), &NUMBERS)
            .unwrap();
        let of = |name, direction| {
            lock.priority(direction, &entry(Cloud::Worldwide, name))
                .unwrap()
        };
        assert_eq!(
            ["b", "d", "a", "c"].map(|name| of(name, Direction::Inbound)),
            [100, 110, 120, 130]
        );
        assert_eq!(of("x", Direction::Outbound), 100);
    }

    #[test]
    fn a_row_that_comes_back_finds_its_number() {
        let mut lock = Lock::default();
        lock.assign(Direction::Inbound, &names(&["a", "b"]), &NUMBERS)
            .unwrap();
        lock.assign(Direction::Inbound, &names(&["b", "c"]), &NUMBERS)
            .unwrap();
        lock.assign(Direction::Inbound, &names(&["a", "b", "c"]), &NUMBERS)
            .unwrap();
        assert_eq!(lock.priority(Direction::Inbound, "worldwide/a"), Some(100));
        assert_eq!(lock.priority(Direction::Inbound, "worldwide/c"), Some(120));
    }

    #[test]
    fn freed_numbers_are_the_last_resort() {
        let few = 100..=111;
        let mut lock = Lock::default();
        let first: Vec<String> = (0..12)
            .map(|n| entry(Cloud::China, &format!("r{n:02}")))
            .collect();
        lock.assign(Direction::Inbound, &first, &few).unwrap();
        let numbers: BTreeSet<u16> = first
            .iter()
            .map(|name| lock.priority(Direction::Inbound, name).unwrap())
            .collect();
        assert_eq!(
            numbers.len(),
            12,
            "in tens first, then between them, none twice"
        );

        let mut second = first.clone();
        let gone = second.remove(5);
        let freed = lock.priority(Direction::Inbound, &gone).unwrap();
        second.push("china/new".to_owned());
        lock.assign(Direction::Inbound, &second, &few).unwrap();
        assert_eq!(lock.priority(Direction::Inbound, "china/new"), Some(freed));
        assert_eq!(lock.priority(Direction::Inbound, &gone), None);

        second.push("china/one-too-many".to_owned());
        assert_eq!(
            lock.assign(Direction::Inbound, &second, &few),
            Err(vec!["china/one-too-many".to_owned()])
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut lock = Lock::default();
        lock.options.cloud = Some(vec!["china".to_owned()]);
        lock.options.port = Some(vec!["graph-change-notifications=8443".to_owned()]);
        lock.assign(Direction::Inbound, &names(&["a.b.ipv4"]), &NUMBERS)
            .unwrap();
        let text = lock.to_text("# header");
        let mut read = Lock::parse(&text, &NUMBERS).unwrap();
        assert_eq!(read.to_text("# header"), text);
        read.priorities.retain(|_, entries| !entries.is_empty());
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
        ] {
            assert!(Lock::parse(text, &NUMBERS).is_err(), "{text:?} was let in");
        }
    }
}
