//! An instance of one of our modules, held against what it should open.

mod locals;

use std::collections::{BTreeMap, BTreeSet};

use super::expected::{Expected, expected, holds};
use super::instance::Instance;
use super::outside::Outside;
use super::reading::{self, CHANGED, Reading, Seen, Side, UNKNOWN};
use super::sharing::{found, share};
use super::supply::Supply;
use super::{
    Judge, azure_firewall, generic, network_firewall, network_security_group, obstacle,
    security_group,
};
use crate::catalogue::{Kind, Role, SetKey};
use crate::verify::compare::compare;
use crate::verify::opening::{Firewall, Found, Place, Remote, Site, Wanted, Way};
use crate::verify::proof::{Finding, Obstacle};

/// What came of an instance.
#[derive(Debug, Default)]
pub struct Assessment {
    pub findings: Vec<Finding>,
    pub obstacles: Vec<Obstacle>,
    pub outside: Outside,
}

/// Reads the resources of `instance`, and compares what they open with the rows of `place`.
#[must_use]
pub fn assess(instance: &Instance<'_>, place: Place, judge: &Judge<'_>) -> Assessment {
    let wanted: Vec<&Wanted> = judge
        .wanted
        .iter()
        .filter(|wanted| wanted.opening.way.place == place)
        .collect();
    let reading = read_resources(instance, place, &wanted, judge);
    let supply = Supply::of(instance.firewall, instance.call);
    let expected = expected(place, &wanted, &reading.seen, &supply);
    let mut assessor = Assessor {
        place,
        rows: by_key(&wanted),
        assessment: Assessment {
            obstacles: reading.obstacles,
            outside: expected.outside.clone(),
            ..Assessment::default()
        },
        undecided: BTreeSet::new(),
    };
    if expected.is_untold {
        assessor.assessment.obstacles.push(obstacle(
            &instance.address,
            None,
            "it opens nothing, and nothing here tells for which roles you give hosts",
            "give them as they are, or by variables of the root module, and verify the plan",
        ));
    }
    assessor.locals(&reading.locals, &supply, &expected);
    let found = match instance.firewall {
        Firewall::AwsSecurityGroup | Firewall::Generic => {
            assessor.shared(&reading.seen, &expected, &wanted)
        }
        _ => assessor.keyed(&reading.seen, &expected),
    };
    let decided: Vec<Wanted> = expected
        .wanted
        .into_iter()
        .filter(|wanted| !assessor.undecided.contains(&wanted.opening.way.key))
        .collect();
    let home = |_: &Way| Site {
        file: instance.address.clone(),
        line: None,
    };
    assessor.assessment.findings = compare(&decided, &found, &home);
    assessor.assessment
}

fn read_resources(
    instance: &Instance<'_>,
    place: Place,
    wanted: &[&Wanted],
    judge: &Judge<'_>,
) -> Reading {
    let numbers = judge.numbers;
    match instance.firewall {
        Firewall::AzureNsg => network_security_group::read(instance, place.cloud, numbers),
        Firewall::AzureFirewall => {
            let ways = wanted.iter().map(|wanted| &wanted.opening.way);
            let directions = ways.map(|way| (way.key.as_str(), way.direction)).collect();
            azure_firewall::read(instance, place.cloud, &directions)
        }
        Firewall::AwsSecurityGroup => security_group::read(instance, place, numbers),
        Firewall::AwsNetworkFirewall => network_firewall::read(instance),
        Firewall::Generic => generic::read(instance, place, numbers),
    }
}

/// Rows by their key.
type Rows<'a> = BTreeMap<&'a str, &'a Wanted>;

fn by_key<'a>(wanted: &[&'a Wanted]) -> Rows<'a> {
    let rows = wanted.iter();
    rows.map(|wanted| (wanted.opening.way.key.as_str(), *wanted))
        .collect()
}

struct Assessor<'a> {
    place: Place,
    /// All rows of the place.
    rows: Rows<'a>,
    assessment: Assessment,
    /// Keys of rows of which something is unknown until apply.
    undecided: BTreeSet<String>,
}

impl Assessor<'_> {
    /// What is open where each opening says of which row it is.
    fn keyed(&mut self, seen: &[Seen], expected: &Expected) -> Vec<Found> {
        let refs: Vec<&Wanted> = expected.wanted.iter().collect();
        let asked = by_key(&refs);
        let mut all = Vec::with_capacity(seen.len());
        for seen in seen {
            let key = seen.row.as_deref().unwrap_or_default();
            let Some(way) = self.way(seen, key) else {
                self.note(seen, "its name is not that of a row", CHANGED);
                continue;
            };
            let asked = asked.get(key).copied();
            let Some(remote) = self.remote(seen, asked) else {
                continue;
            };
            // What a row asks for and has but one half of is not open; what none asks for is too much.
            if seen.is_half && asked.is_some_and(|asked| is_part(&seen.ports, &way, &remote, asked))
            {
                continue;
            }
            all.push(found(seen, way, seen.ports.clone(), remote));
        }
        all
    }

    fn way(&self, seen: &Seen, key: &str) -> Option<Way> {
        let (set, role) = match self.rows.get(key) {
            Some(row) => (row.opening.way.set.clone(), row.opening.way.role.clone()),
            None => (
                SetKey::parse(key.split('.').next()?).ok()?,
                Role::parse(reading::role(key)).ok()?,
            ),
        };
        Some(Way {
            place: self.place,
            key: key.to_owned(),
            set,
            direction: seen.direction,
            role,
            protocol: seen.protocol,
        })
    }

    fn remote(&mut self, seen: &Seen, asked: Option<&Wanted>) -> Option<Remote> {
        let range = asked.and_then(|asked| match &asked.opening.remote {
            Remote::Range(name, kind) => Some((name, *kind)),
            _ => None,
        });
        match (&seen.remote, range) {
            (Side::Networks(networks), Some((name, kind)))
                if networks.iter().all(|network| Kind::of(network) == kind) =>
            {
                holds(&mut self.assessment.outside, name, kind, networks);
                Some(Remote::Range(name.clone(), kind))
            }
            (Side::Computed(_), Some((name, kind))) => {
                let text = format!(
                    "what the range `{name}` holds over {}: unknown until apply (yours)",
                    kind.title()
                );
                self.assessment.outside.value(text, false);
                Some(Remote::Range(name.clone(), kind))
            }
            (Side::Computed(attribute), None) => {
                self.undecided.extend(seen.row.clone());
                self.note(
                    seen,
                    &format!("`{attribute}` is unknown until apply"),
                    UNKNOWN,
                );
                None
            }
            (Side::Networks(networks), _) => Some(Remote::Networks(networks.clone())),
            (Side::Hosts(hosts), _) => Some(Remote::Hosts(hosts.clone())),
            (Side::Tag(tag), _) => Some(Remote::Tag(tag.clone())),
        }
    }

    /// What is open where openings are shared.
    fn shared(&mut self, seen: &[Seen], expected: &Expected, all: &[&Wanted]) -> Vec<Found> {
        let shared = share(seen, &expected.wanted, &expected.untold, all);
        for (range, addresses) in shared.untold {
            let first = addresses.first().cloned().unwrap_or_default();
            let more = match addresses.len() {
                1 => String::new(),
                count => format!(", as {} more may", count - 1),
            };
            self.assessment.obstacles.push(obstacle(
                &first,
                None,
                format!(
                    "it may come from the range `{range}`{more}, and nothing here tells what that holds"
                ),
                "give the range as it is, or by a variable of the root module, and verify the plan",
            ));
        }
        for (address, name) in shared.strange {
            self.assessment.obstacles.push(obstacle(
                &address,
                Some(&name),
                "no row has anything to do with it",
                CHANGED,
            ));
        }
        shared.found
    }

    fn note(&mut self, seen: &Seen, why: &str, mend: &str) {
        self.assessment
            .obstacles
            .push(obstacle(&seen.address, Some(&seen.name), why, mend));
    }
}

/// Whether `asked` has all of it.
fn is_part(
    ports: &[crate::catalogue::PortRange],
    way: &Way,
    remote: &Remote,
    asked: &Wanted,
) -> bool {
    let opening = &asked.opening;
    let has_ports = ports
        .iter()
        .all(|port| opening.ports.iter().any(|own| own.holds(*port)));
    let has_remote = match (remote, &opening.remote) {
        (Remote::Networks(networks), Remote::Networks(own)) => networks
            .iter()
            .all(|network| own.iter().any(|own| own.contains(network))),
        (remote, own) => remote == own,
    };
    opening.way == *way && has_ports && has_remote
}
