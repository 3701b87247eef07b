//! The valve: what a folder would lose by new facts, or open by a wider wildcard, is refused unless it is accepted by
//! name. A damaged document, another cloud's answer or a silent change upstream stops here.
//!
//! Both times the same options are asked for, so that only facts count: what the user chooses to close is no loss.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::catalogue::{
    Catalogue, Cloud, Direction, EndpointSet, FlowId, HostPattern, Kind, Origin, PortRange,
    Protocol, Role, SetKey,
};
use crate::diff::{Element, Held};
use crate::error::{Error, Errors, Result};
use crate::options::{ALL, Options};
use crate::permit::{Permit, PermitRemote};
use crate::resolve::resolve;
use crate::select::select;
use crate::source::renew::HOST_NAMES;
use crate::source::web_service::EXCHANGE_ONLINE;

/// The share of what a set has in one cloud and of one kind (a family, or host names) that new facts may take away.
/// Unit: percent.
const TOLERATED_LOSS: usize = 20;

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
    let (mut was, is) = (
        Opened::by(&before.catalogue, options),
        Opened::by(after, options),
    );
    // What the folder never had, it can't lose.
    was.retain(&Opened::by(&before.catalogue, &before.options));
    let mut ruling = Ruling::default();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let takes_all = accepted.iter().any(|name| name == ALL);
    for ((set, cloud), was) in &was.sets {
        let nothing = Vec::new();
        let is = is.sets.get(&(set.clone(), *cloud)).unwrap_or(&nothing);
        let was = was.iter().filter(|service| !service.is_accepted(accepted));
        let was: Vec<&Service> = was.collect();
        let whys = losses(&was, is).into_iter().chain(widened(&was, is));
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

/// What a catalogue comes to under some options, by set and cloud.
#[derive(Default)]
struct Opened {
    sets: BTreeMap<(SetKey, Cloud), Vec<Service>>,
}

/// What one permit opens.
struct Service {
    flow: Option<FlowId>,
    line: (Direction, Role, Protocol, Kind),
    ports: Vec<PortRange>,
    elements: Vec<Element>,
    /// The named range that they come from.
    range: Option<String>,
}

impl Opened {
    fn by(catalogue: &Catalogue, options: &Options) -> Self {
        let mut opened = Self::default();
        // What can't be resolved is told where it is asked for; it has no permits here.
        let resolution = select(catalogue, options)
            .and_then(|selection| resolve(catalogue, &selection, options))
            .unwrap_or_default();
        let own: BTreeSet<&SetKey> = catalogue
            .sets
            .iter()
            .filter(|set| is_own(set))
            .map(|set| &set.key)
            .collect();
        // What an overlay states is the team's own to change.
        let permits = resolution
            .permits
            .iter()
            .filter(|permit| !own.contains(&permit.set));
        for permit in permits {
            if permit.basis.range.as_ref().is_some_and(|range| {
                let range = catalogue.range(range, permit.cloud);
                range.is_some_and(|range| range.source.origin == Origin::Overlay)
            }) {
                continue;
            }
            opened
                .sets
                .entry((permit.set.clone(), permit.cloud))
                .or_default()
                .push(Service::of(permit));
        }
        opened
    }
}

impl Opened {
    /// Keeps what `other` has a service of, too.
    fn retain(&mut self, other: &Self) {
        for (place, services) in &mut self.sets {
            let others = other.sets.get(place);
            services.retain(|service| {
                let is_alike =
                    |other: &Service| (&other.flow, &other.line) == (&service.flow, &service.line);
                others.is_some_and(|others| others.iter().any(is_alike))
            });
        }
        self.sets.retain(|_, services| !services.is_empty());
    }
}

fn is_own(set: &EndpointSet) -> bool {
    set.source.origin == Origin::Overlay
}

impl Service {
    fn of(permit: &Permit) -> Self {
        let range = match &permit.remote {
            PermitRemote::Range(name) => Some(name.to_string()),
            _ => permit.basis.range.as_ref().map(ToString::to_string),
        };
        Self {
            flow: permit.flow.clone(),
            line: (
                permit.direction,
                permit.role.clone(),
                permit.protocol,
                permit.kind,
            ),
            ports: permit.ports.clone(),
            elements: Element::of(&permit.remote),
            range,
        }
    }

    /// Whether the loss of its range is accepted by the range's name.
    fn is_accepted(&self, accepted: &[String]) -> bool {
        let range = self.range.as_ref();
        range.is_some_and(|range| accepted.contains(range))
    }

    /// How much it opens: an element on a port counts once.
    fn count(&self) -> usize {
        self.ports.len() * self.elements.len()
    }

    /// How much of it `others` don't open.
    fn lost(&self, others: &[Service]) -> usize {
        let alike = || others.iter().filter(|other| other.line == self.line);
        let lost = |port: &PortRange| {
            let on_port = alike().filter(|other| other.ports.iter().any(|own| own.holds(*port)));
            let held = Held::of(on_port.flat_map(|other| &other.elements));
            self.elements
                .iter()
                .filter(|element| !held.holds(element))
                .count()
        };
        self.ports.iter().map(lost).sum()
    }
}

/// What goes: of a flow all of it, or of a kind too much.
fn losses(was: &[&Service], is: &[Service]) -> Vec<String> {
    let mut flows: BTreeMap<&Option<FlowId>, Loss> = BTreeMap::new();
    let mut kinds: BTreeMap<Kind, Loss> = BTreeMap::new();
    for service in was {
        let loss = Loss {
            lost: service.lost(is),
            of: service.count(),
        };
        flows.entry(&service.flow).or_default().add(&loss);
        kinds.entry(service.line.3).or_default().add(&loss);
    }
    let mut whys: Vec<String> = Vec::new();
    for (flow, loss) in flows {
        if loss.lost == loss.of {
            whys.push(match flow {
                Some(flow) => format!("loses all of its flow `{flow}`"),
                None => "loses all that it opens".to_owned(),
            });
        }
    }
    let too_much = kinds
        .into_iter()
        .filter(|(_, loss)| loss.lost < loss.of && loss.lost * 100 > loss.of * TOLERATED_LOSS);
    whys.extend(too_much.map(|(kind, loss)| {
        format!(
            "loses {loss} of what it opens over {}, and over {TOLERATED_LOSS} % is refused",
            kind.title()
        )
    }));
    whys
}

#[derive(Default)]
struct Loss {
    lost: usize,
    of: usize,
}

impl Loss {
    fn add(&mut self, other: &Self) {
        self.lost += other.lost;
        self.of += other.of;
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} ({} %)",
            self.lost,
            self.of,
            self.lost * 100 / self.of.max(1)
        )
    }
}

/// Wildcards that are new and hold a name that was there: `*.windows.net` where `login.windows.net` was.
fn widened(was: &[&Service], is: &[Service]) -> Vec<String> {
    let hosts = |services: &mut dyn Iterator<Item = &Service>| -> BTreeSet<HostPattern> {
        let elements = services.flat_map(|service| service.elements.iter());
        elements
            .filter_map(|element| match element {
                Element::Host(host) => Some(host.clone()),
                _ => None,
            })
            .collect()
    };
    let was = hosts(&mut was.iter().copied());
    let is = hosts(&mut is.iter());
    is.difference(&was)
        .filter_map(|wide| {
            let narrow = was.iter().find(|narrow| is_wider(wide, narrow))?;
            Some(format!(
                "opens the wildcard `{wide}`, which is wider than `{narrow}`"
            ))
        })
        .collect()
}

/// Whether `wide` holds all that `narrow` does, and more: `*.a.com` against `b.a.com`, and `*a.com` against `*.a.com`.
fn is_wider(wide: &HostPattern, narrow: &HostPattern) -> bool {
    let suffix = wide
        .as_str()
        .strip_prefix('*')
        .filter(|suffix| !suffix.contains('*'));
    let by_suffix = suffix.is_some_and(|suffix| narrow.as_str().ends_with(suffix));
    wide != narrow && (by_suffix || wide.covers(narrow))
}
