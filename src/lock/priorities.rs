//! The priorities of rules, which never move.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{Damage, LATER, RESTORE};
use crate::catalogue::{Cloud, Direction};

/// The distance between two priorities that are given one after the other, so that a team can
/// put a rule of its own between them.
const STEP: u16 = 10;

/// The priority of each row, by direction. A number is not given to another row while others are
/// left: destroying one rule and creating another at its priority in the same apply can conflict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Priorities(BTreeMap<Direction, BTreeMap<String, u16>>);

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrioritiesText {
    #[serde(default)]
    inbound: BTreeMap<String, u16>,
    #[serde(default)]
    outbound: BTreeMap<String, u16>,
}

impl Priorities {
    /// The priority of a row, if it has one.
    #[must_use]
    pub fn of(&self, direction: Direction, entry: &str) -> Option<u16> {
        self.0.get(&direction)?.get(entry).copied()
    }

    /// The entry that has `priority`, if one has.
    #[must_use]
    pub fn owner(&self, direction: Direction, priority: u16) -> Option<&str> {
        let entries = self.0.get(&direction)?;
        let mut owners = entries.iter().filter(|(_, number)| **number == priority);
        owners.next().map(|(name, _)| name.as_str())
    }

    /// Notes a priority that a row has, when the lock is rebuilt from rows.
    pub fn record(&mut self, direction: Direction, entry: String, priority: u16) {
        self.0.entry(direction).or_default().insert(entry, priority);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(BTreeMap::is_empty)
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
        let entries = self.0.entry(direction).or_default();
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

    pub(super) fn to_text(&self) -> PrioritiesText {
        let of = |direction| self.0.get(&direction).cloned().unwrap_or_default();
        PrioritiesText {
            inbound: of(Direction::Inbound),
            outbound: of(Direction::Outbound),
        }
    }

    pub(super) fn from_text(
        text: PrioritiesText,
        numbers: &RangeInclusive<u16>,
        damages: &mut Vec<Damage>,
    ) -> Self {
        let entries = BTreeMap::from([
            (Direction::Inbound, text.inbound),
            (Direction::Outbound, text.outbound),
        ]);
        for (direction, entries) in &entries {
            damages.extend(damages_of(*direction, entries, numbers));
        }
        Self(
            entries
                .into_iter()
                .filter(|(_, entries)| !entries.is_empty())
                .collect(),
        )
    }
}

fn damages_of(
    direction: Direction,
    entries: &BTreeMap<String, u16>,
    numbers: &RangeInclusive<u16>,
) -> Vec<Damage> {
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
                LATER.to_owned(),
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
    use super::super::entry;
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
        let mut priorities = Priorities::default();
        priorities
            .assign(Direction::Inbound, &names(&["b", "d"]), &NUMBERS)
            .unwrap();
        priorities
            .assign(Direction::Inbound, &names(&["a", "b", "c", "d"]), &NUMBERS)
            .unwrap();
        priorities
            .assign(Direction::Outbound, &names(&["x"]), &NUMBERS)
            .unwrap();
        let of = |name, direction| {
            priorities
                .of(direction, &entry(Cloud::Worldwide, name))
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
        let mut priorities = Priorities::default();
        priorities
            .assign(Direction::Inbound, &names(&["a", "b"]), &NUMBERS)
            .unwrap();
        priorities
            .assign(Direction::Inbound, &names(&["b", "c"]), &NUMBERS)
            .unwrap();
        priorities
            .assign(Direction::Inbound, &names(&["a", "b", "c"]), &NUMBERS)
            .unwrap();
        assert_eq!(priorities.of(Direction::Inbound, "worldwide/a"), Some(100));
        assert_eq!(priorities.of(Direction::Inbound, "worldwide/c"), Some(120));
    }

    #[test]
    fn freed_numbers_are_the_last_resort() {
        let few = 100..=111;
        let mut priorities = Priorities::default();
        let first: Vec<String> = (0..12)
            .map(|n| entry(Cloud::China, &format!("r{n:02}")))
            .collect();
        priorities.assign(Direction::Inbound, &first, &few).unwrap();
        let numbers: BTreeSet<u16> = first
            .iter()
            .map(|name| priorities.of(Direction::Inbound, name).unwrap())
            .collect();
        assert_eq!(
            numbers.len(),
            12,
            "in tens first, then between them, none twice"
        );

        let mut second = first.clone();
        let gone = second.remove(5);
        let freed = priorities.of(Direction::Inbound, &gone).unwrap();
        second.push("china/new".to_owned());
        priorities
            .assign(Direction::Inbound, &second, &few)
            .unwrap();
        assert_eq!(priorities.of(Direction::Inbound, "china/new"), Some(freed));
        assert_eq!(priorities.of(Direction::Inbound, &gone), None);

        second.push("china/one-too-many".to_owned());
        assert_eq!(
            priorities.assign(Direction::Inbound, &second, &few),
            Err(vec!["china/one-too-many".to_owned()])
        );
    }
}
