//! What differs in the order in which a reader needs it: what opens, what closes, the rest.

use std::collections::BTreeSet;

use super::words;
use super::{Change, Closed, Diff, Element, Fate, Place, SetDiff, Standing};
use crate::catalogue::Cloud;
use crate::error::plural;
use crate::render::markdown::code;

/// A difference, laid out for people.
#[derive(Debug, Default)]
pub struct Outline<'a> {
    pub opens: Vec<Item<'a>>,
    pub closes: Vec<Item<'a>>,
    /// What neither opens nor closes anything by default.
    pub others: Vec<Item<'a>>,
    /// What else is no longer as it was: a set, and what is to be said of it.
    pub facts: Vec<(&'a SetDiff, Vec<String>)>,
    /// Runs of article rows that are others now: `rows 11 to 23 are 9 to 21 now`.
    pub rows: Vec<String>,
    /// The editions of the old and of the new side's sets.
    editions: [BTreeSet<&'a str>; 2],
}

/// Elements of one change that share a fate.
#[derive(Debug)]
pub struct Item<'a> {
    pub set: &'a SetDiff,
    pub change: &'a Change,
    /// Those of the change, and of others of the set that differ in nothing of the item.
    pub clouds: Vec<Cloud>,
    pub added: Vec<&'a Element>,
    pub removed: Vec<&'a Element>,
    /// What is to be said of it beside its service; may be empty.
    pub why: String,
}

impl<'a> Outline<'a> {
    pub fn of(diff: &'a Diff) -> Self {
        let mut outline = Self::default();
        for set in &diff.sets {
            for change in &set.changes {
                outline.change(set, change);
            }
            let facts = facts(set);
            if !facts.is_empty() {
                outline.facts.push((set, facts));
            }
        }
        // Nothing is wider, so nothing is read before it.
        outline
            .opens
            .sort_by_key(|item| !words::has_anywhere(&item.added));
        outline.rows = rows(diff);
        outline.editions = [
            editions(diff, |set| &set.old),
            editions(diff, |set| &set.new),
        ];
        outline
    }

    fn change(&mut self, set: &'a SetDiff, change: &'a Change) {
        let put = |items: &mut Vec<Item<'a>>, added: Vec<_>, removed: Vec<_>, why: &str| {
            let item = Item {
                set,
                change,
                clouds: change.clouds.clone(),
                added,
                removed,
                why: why.to_owned(),
            };
            if !item.added.is_empty() || !item.removed.is_empty() {
                join(items, item);
            }
        };
        let all = |list: &'a [Element]| list.iter().collect::<Vec<_>>();
        let none = Vec::new;
        let turn = words::turn(change.standing).unwrap_or_default();
        put(&mut self.opens, change.opens(), none(), turn);
        put(&mut self.closes, none(), change.closes(), turn);
        let (before, after) = (all(&change.already_open), all(&change.still_open));
        let others = &mut self.others;
        put(
            others,
            before,
            none(),
            "open already, inside what was there",
        );
        put(others, none(), after, "still open, inside what is there");
        if let Standing::Closed(why) = change.standing {
            let why = match why {
                // Of what is gone, nothing can be let in.
                _ if change.added.is_empty() && why != Closed::Setting => "was closed".to_owned(),
                why => words::closed(why, &set.key),
            };
            put(others, all(&change.added), all(&change.removed), &why);
        }
    }

    /// Where a set stands: its row, with the edition if that isn't the same for all sets.
    pub fn place(&self, set: &SetDiff) -> String {
        let row = words::row(set).unwrap_or_else(|| "none".to_owned());
        if self.editions.iter().all(|editions| editions.len() <= 1) {
            return row;
        }
        let own = [&set.old, &set.new].into_iter().flatten();
        let own: BTreeSet<String> = own.map(|place| edition(&place.edition)).collect();
        let own: Vec<String> = own.into_iter().collect();
        format!("{row} in {}", own.join(" and "))
    }

    /// Which editions the rows are of; `None`: each set says its own.
    pub fn rows_of(&self) -> Option<String> {
        if self.editions.iter().any(|editions| editions.len() > 1) {
            return None;
        }
        let [old, new] = [0, 1].map(|side| self.editions[side].first().map(|text| edition(text)));
        match (old, new) {
            (Some(old), Some(new)) if old != new => Some(format!(
                "Rows are those of edition {new}; what is gone, and what was, of {old}."
            )),
            (old, new) => Some(format!("Rows are those of edition {}.", new.or(old)?)),
        }
    }

    /// How many sets differ otherwise than in what is open.
    pub fn other_sets(&self) -> usize {
        let items = self.others.iter().map(|item| &item.set.key);
        let facts = self.facts.iter().map(|(set, _)| &set.key);
        items.chain(facts).collect::<BTreeSet<_>>().len()
    }
}

/// Adds `item`; where another of its set says the same for other clouds, to that one.
fn join<'a>(items: &mut Vec<Item<'a>>, item: Item<'a>) {
    let service = |change: &'a Change| {
        let ports = (change.protocol, &change.ports, &change.roles);
        (
            change.direction,
            ports,
            &change.ranges,
            change.in_place_of_hosts,
        )
    };
    let own = items.iter_mut().rev();
    let mut own = own.take_while(|other| std::ptr::eq(other.set, item.set));
    let same = own.find(|other| {
        service(other.change) == service(item.change)
            && (&other.added, &other.removed) == (&item.added, &item.removed)
            && other.why == item.why
    });
    match same {
        Some(other) => {
            other.clouds.extend(item.clouds);
            other.clouds.sort_unstable();
        }
        None => items.push(item),
    }
}

fn editions<'a>(
    diff: &'a Diff,
    side: impl Fn(&'a SetDiff) -> &'a Option<Place>,
) -> BTreeSet<&'a str> {
    let places = diff.sets.iter().filter_map(|set| side(set).as_ref());
    places.map(|place| place.edition.as_str()).collect()
}

/// An edition as code, cut where it is longer than any that is one.
fn edition(text: &str) -> String {
    /// Unit: characters.
    const LONG: usize = 60;
    let beginning: String = text.chars().take(LONG).collect();
    code(&beginning).replace('|', "\\|")
}

/// What else is to be said of a set; that it is new, gone or renamed only if nothing else of it is.
fn facts(set: &SetDiff) -> Vec<String> {
    let mut facts = Vec::new();
    if set.changes.is_empty() {
        match &set.fate {
            Fate::Added | Fate::Removed => facts.push("without endpoints".to_owned()),
            Fate::Renamed { .. } if set.becomes.is_empty() => facts.push("another name".to_owned()),
            Fate::Renamed { .. } | Fate::Changed => {}
        }
    }
    for becomes in &set.becomes {
        let (what, from, to) = (becomes.what, code(&becomes.from), code(&becomes.to));
        facts.push(match (what, becomes.from.as_str(), becomes.to.as_str()) {
            ("notes", ..) => "other notes".to_owned(),
            ("retired", "", _) => format!("the service has ended: {to}"),
            ("retired", _, "") => format!("the service is no longer said to have ended ({from})"),
            (_, "", _) => format!("{what}: {to}, none before"),
            (_, _, "") => format!("{what}: none, {from} before"),
            _ => format!("{what} {from} becomes {to}"),
        });
    }
    facts
}

/// The sets whose article row is another now, folded where neighbours move alike.
fn rows(diff: &Diff) -> Vec<String> {
    let mut moved: Vec<(u16, u16)> = diff.sets.iter().filter_map(SetDiff::moved_row).collect();
    moved.sort_unstable();
    let mut runs: Vec<[(u16, u16); 2]> = Vec::new();
    for (from, to) in moved {
        match runs.last_mut() {
            Some([_, last])
                if last.0.checked_add(1) == Some(from) && last.1.checked_add(1) == Some(to) =>
            {
                *last = (from, to);
            }
            _ => runs.push([(from, to), (from, to)]),
        }
    }
    let runs = runs.into_iter().map(|[first, last]| {
        if first == last {
            format!("row {} is {} now", first.0, first.1)
        } else {
            format!(
                "rows {} to {} are {} to {} now",
                first.0, last.0, first.1, last.1
            )
        }
    });
    runs.collect()
}

/// How many elements an item has, with signs where it has both.
pub fn amount(item: &Item<'_>) -> String {
    match (item.added.is_empty(), item.removed.is_empty()) {
        (false, true) => format!("+{}", words::family(&item.added)),
        (true, false) => format!("-{}", words::family(&item.removed)),
        (false, false) => format!(
            "+{}, -{}",
            words::family(&item.added),
            words::family(&item.removed)
        ),
        (true, true) => plural(0, "endpoint"),
    }
}
