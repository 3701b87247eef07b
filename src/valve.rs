//! The valve: what a folder would lose by new facts, or open by a wider wildcard, is refused unless it is accepted by
//! name. A damaged document, another cloud's answer or a silent change upstream stops here.
//!
//! Both times the same options are asked for, so that only facts count: what the user chooses to close is no loss.

mod loss;
mod opened;

use std::collections::BTreeSet;

use crate::catalogue::{Catalogue, HostPattern, SetKey};
use crate::diff::Element;
use crate::error::{Error, Errors, Result};
use crate::options::{ALL, Options};
use crate::source::renew::HOST_NAMES;
use crate::source::web_service::EXCHANGE_ONLINE;
use loss::losses;
use opened::{Opened, Place, Service, own_ranges};

/// The names that `--accept` takes: the sets of the catalogues `before` and `after`, what `--web-service` renews, and
/// [`ALL`].
///
/// # Errors
/// Every name that is none of them.
pub fn check_accepted(accepted: &[String], before: &[&Catalogue], after: &Catalogue) -> Result<()> {
    let catalogues = before.iter().copied().chain([after]);
    let sets = catalogues.flat_map(|catalogue| &catalogue.sets);
    let keys: BTreeSet<&SetKey> = sets.map(|set| &set.key).collect();
    let mut known: Vec<String> = keys.into_iter().map(ToString::to_string).collect();
    known.extend([EXCHANGE_ONLINE, HOST_NAMES, ALL].map(str::to_owned));
    let unknown = accepted.iter().filter(|name| !known.contains(name));
    let errors = unknown.map(|name| Error::UnknownValue {
        option: "--accept",
        value: name.clone(),
        known: known.clone(),
    });
    Errors::unless_none(errors.collect(), ())
}

/// What the valve says of new facts.
#[derive(Debug, Default)]
pub struct Ruling {
    /// What is refused, set by set.
    pub refused: Vec<Error>,
    /// The sets that were accepted, and had nothing to accept.
    pub idle: Vec<String>,
}

/// What a folder was written from.
#[derive(Debug)]
pub struct Written {
    pub catalogue: Catalogue,
    pub options: Options,
}

/// Holds the facts `after` against those that a folder was written from, under the same `options`: what they take away
/// of a set, or widen. Sets and ranges that are `accepted` may.
#[must_use]
pub fn ruling(
    before: &Written,
    after: &Catalogue,
    options: &Options,
    accepted: &[String],
) -> Ruling {
    let mut own = own_ranges(&before.catalogue);
    own.extend(own_ranges(after));
    let mut was = Opened::by(&before.catalogue, options, &own);
    let is = Opened::by(after, options, &own);
    // What the folder never had, it can't lose.
    was.retain(&Opened::by(&before.catalogue, &before.options, &own));
    let mut ruling = Ruling::default();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let takes_all = accepted.iter().any(|name| name == ALL);
    for (place, services) in &was.sets {
        let (set, cloud) = place;
        let nothing = Vec::new();
        let is = is.sets.get(place).unwrap_or(&nothing);
        let was_open = services
            .iter()
            .filter(|service| !service.is_accepted(accepted));
        let was_open: Vec<&Service> = was_open.collect();
        let whys = losses(&was_open, is);
        let whys = whys.into_iter().chain(widened(&was, is, place));
        for why in whys {
            used.insert(set.as_str());
            if !takes_all && !accepted.iter().any(|name| name == set.as_str()) {
                ruling.refused.push(Error::Valve {
                    set: set.to_string(),
                    cloud: *cloud,
                    why,
                });
            }
        }
    }
    let ranges = [EXCHANGE_ONLINE, HOST_NAMES, ALL];
    let sets = accepted
        .iter()
        .filter(|name| !ranges.contains(&name.as_str()));
    let idle = sets.filter(|name| !used.contains(name.as_str()));
    ruling.idle = idle.cloned().collect();
    ruling
}

/// What is new and holds far more than what was there: a wildcard that holds a name (`*.windows.net` where
/// `login.windows.net` was), a network that holds another and is much wider.
fn widened(was: &Opened, is: &[Service], place: &Place) -> Vec<String> {
    let own = was.sets.get(place).into_iter().flatten();
    let templates = was.templates.get(place).into_iter().flatten();
    let was: BTreeSet<&Element> = own
        .flat_map(|service| &service.elements)
        .chain(templates)
        .collect();
    let is: BTreeSet<&Element> = is.iter().flat_map(|service| &service.elements).collect();
    is.difference(&was)
        .filter_map(|wide| {
            let narrow = was.iter().find(|narrow| is_wider(wide, narrow))?;
            let what = match wide {
                Element::Host(_) => "wildcard",
                _ => "network",
            };
            Some(format!(
                "opens the {what} `{wide}`, which is wider than `{narrow}`"
            ))
        })
        .collect()
}

/// A network may be this much wider than one that it takes the place of. Unit: bits of prefix.
const TOLERATED_WIDTH: u8 = 8;

/// Whether `wide` holds all that `narrow` does, and too much more.
fn is_wider(wide: &Element, narrow: &Element) -> bool {
    match (wide, narrow) {
        (Element::Host(wide), Element::Host(narrow)) => is_wider_pattern(wide, narrow),
        (Element::Network(wide), Element::Network(narrow)) => {
            // A single address becomes a network whenever Microsoft moves a service to one.
            let is_host = narrow.prefix_len() == narrow.max_prefix_len();
            !is_host
                && wide.contains(narrow)
                && narrow.prefix_len() - wide.prefix_len() > TOLERATED_WIDTH
        }
        _ => false,
    }
}

/// `*.a.com` against `b.a.com`, and `*a.com` against `*.a.com`.
fn is_wider_pattern(wide: &HostPattern, narrow: &HostPattern) -> bool {
    let suffix = wide.as_str().strip_prefix('*');
    let suffix = suffix.filter(|suffix| !suffix.contains('*'));
    let by_suffix = suffix.is_some_and(|suffix| narrow.as_str().ends_with(suffix));
    wide != narrow && (by_suffix || wide.covers(narrow))
}
