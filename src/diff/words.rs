//! What differs in words that text and Markdown share.

use std::collections::{BTreeMap, BTreeSet};

use super::outline::{Item, Outline};
use super::{Change, Closed, Count, Diff, Element, Fate, Impact, Place, SetDiff, Standing};
use crate::catalogue::ports::joined;
use crate::catalogue::{Cloud, Direction, Kind, SetKey};
use crate::error::plural;

/// `Opens inbound from 21 networks (tcp/443), in 1 set.`, then what closes, then the rest: a sentence
/// each, and what opens always leads.
pub fn verdict(diff: &Diff, outline: &Outline<'_>) -> Vec<String> {
    if diff.is_empty() {
        return vec!["No differences.".to_owned()];
    }
    let totals = diff.totals();
    let mut sentences = vec![
        effects("Opens", &totals.opens),
        effects("Closes", &totals.closes),
    ];
    match outline.other_sets() {
        0 => {}
        sets => sentences.push(format!("Other changes in {}.", plural(sets, "set"))),
    }
    sentences
}

fn effects(verb: &str, counts: &BTreeMap<Direction, Count>) -> String {
    if counts.is_empty() {
        return format!("{verb} nothing.");
    }
    // Nothing is wider than anywhere, so nothing is read before it.
    let mut counted_first: Vec<(&Direction, &Count)> = counts.iter().collect();
    counted_first.sort_by_key(|(_, count)| count.anywhere.is_empty());
    let effects: Vec<String> = counted_first
        .into_iter()
        .map(|(direction, count)| {
            let preposition = direction.preposition();
            let (what, services) = (counted(count), few(&count.services));
            format!("{direction} {preposition} {what} ({services})")
        })
        .collect();
    let keys: BTreeSet<&SetKey> = counts.values().flat_map(|count| &count.sets).collect();
    format!("{verb} {}, in {}.", effects.join("; "), sets(&keys))
}

/// `anywhere over IPv4, 21 networks and 3 host names`.
pub fn counted(count: &Count) -> String {
    let mut parts = Vec::new();
    if !count.anywhere.is_empty() {
        let kinds: Vec<&str> = count.anywhere.iter().map(|kind| kind.title()).collect();
        parts.push(format!("anywhere over {}", kinds.join(" and ")));
    }
    for (number, noun) in [
        (count.service_tags, ["service tag", "service tags"]),
        (count.ranges, ["range of yours", "ranges of yours"]),
        (count.networks, ["network", "networks"]),
        (count.hosts, ["host name", "host names"]),
    ] {
        if number > 0 {
            parts.push(format!("{number} {}", noun[usize::from(number > 1)]));
        }
    }
    match parts.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// The first of `texts`, and how many more there are.
fn few(texts: &[String]) -> String {
    /// As many as a sentence still holds.
    const FEW: usize = 4;
    if texts.len() <= FEW {
        return texts.join(", ");
    }
    format!("{} and {} more", texts[..FEW].join(", "), texts.len() - FEW)
}

/// Sets by name where it is one or two.
fn sets(sets: &BTreeSet<&SetKey>) -> String {
    let names: Vec<String> = sets.iter().take(2).map(|key| format!("`{key}`")).collect();
    if sets.len() <= 2 {
        return names.join(" and ");
    }
    plural(sets.len(), "set")
}

/// `inbound tcp/443, 5061`.
pub fn service(change: &Change) -> String {
    let Some(direction) = change.direction else {
        return "browser setting".to_owned();
    };
    match (change.protocol, change.ports.as_slice()) {
        (Some(protocol), []) => format!("{direction} {protocol}, port unstated"),
        (None, []) => format!("{direction}, port unstated"),
        (Some(protocol), ports) => format!("{direction} {protocol}/{}", joined(ports, ", ")),
        (None, ports) => format!("{direction} {}, protocol unstated", joined(ports, ", ")),
    }
}

/// `all clouds` where it is all of them.
pub fn clouds(clouds: &[Cloud]) -> String {
    if clouds.len() == Cloud::ALL.len() {
        return "all clouds".to_owned();
    }
    list(clouds)
}

/// Values with commas between them.
pub fn list<T: ToString>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}

/// The impacts of a set.
pub fn impacts(impacts: &BTreeSet<Impact>) -> Vec<&'static str> {
    impacts.iter().map(|impact| impact.as_str()).collect()
}

/// Where the networks of an item come from, as it follows their list; empty where they are stated.
pub fn origin(item: &Item<'_>) -> String {
    let mut elements = item.added.iter().chain(&item.removed);
    let has_networks = elements.any(|element| matches!(element, Element::Network(_)));
    let names: Vec<String> = item
        .change
        .ranges
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let range = if names.is_empty() || !has_networks {
        String::new()
    } else {
        format!(" of the range {}", names.join(", "))
    };
    let in_place = if item.change.in_place_of_hosts {
        " in place of host names"
    } else {
        ""
    };
    format!("{range}{in_place}")
}

/// What follows a set's key where all of it came, went or had another key.
pub fn fate(set: &SetDiff) -> String {
    match &set.fate {
        Fate::Added => " (new)".to_owned(),
        Fate::Removed => " (gone)".to_owned(),
        Fate::Renamed { was } => format!(" (was `{was}`)"),
        Fate::Changed => String::new(),
    }
}

/// Why what a set has more opens, where it stood there before; or closes, where it still does.
pub fn turn(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Open | Standing::Closed(_) => None,
        Standing::NowOpen(Closed::Retired) => Some("the service is no longer said to have ended"),
        Standing::NowOpen(Closed::Inferred) => Some("a source says now what was only inferred"),
        Standing::NowOpen(_) => Some("it was stated before, and closed"),
        Standing::NowClosed(Closed::Retired) => Some("the service has ended"),
        Standing::NowClosed(Closed::Inferred) => Some("it is only inferred now"),
        Standing::NowClosed(_) => Some("it is still stated, and closed"),
    }
}

/// Why something stated is closed, and what opens it.
pub fn closed(why: Closed, set: &SetKey) -> String {
    match why {
        Closed::Retired => {
            format!("closed, the service has ended; `--include-retired {set}` opens it")
        }
        Closed::Inferred => format!("closed until let in with `--infer {set}`"),
        Closed::Unstated => "closed until you name the port with `--port`".to_owned(),
        Closed::Template => "closed until you fill in the name".to_owned(),
        Closed::Setting => "nothing in a firewall".to_owned(),
    }
}

/// What an element is called in a list under its sign.
pub fn family(elements: &[&Element]) -> String {
    counted(&Count::of(elements.iter().copied()))
}

/// Whether some of `elements` is every address of a family.
pub fn has_anywhere(elements: &[&Element]) -> bool {
    let is_anywhere = |element: &&Element| {
        matches!(
            element,
            Element::Anywhere(Kind::Ipv4 | Kind::Ipv6 | Kind::Fqdn)
        )
    };
    elements.iter().any(is_anywhere)
}

/// Where a set stands in the article: `13`, or `13, was 12`.
pub fn row(set: &SetDiff) -> Option<String> {
    let row = |place: &Option<Place>| place.as_ref().and_then(|place| place.row);
    match (row(&set.new), row(&set.old), set.moved_row()) {
        (Some(new), Some(old), Some(_)) => Some(format!("{new}, was {old}")),
        (new, old, _) => new.or(old).map(|row| row.to_string()),
    }
}
