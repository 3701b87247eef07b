//! Which of the rows that are wanted of a place an instance should open, by what the user gives to it.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::outside::Outside;
use super::reading::{self, Seen};
use super::supply::{Holds, Presence, Supply};
use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6};
use crate::catalogue::{Kind, RangeName};
use crate::verify::addresses::Addresses;
use crate::verify::opening::{Firewall, Opening, Place, Remote, Wanted, Way};

/// What an instance should open.
#[derive(Debug, Default)]
pub struct Expected {
    /// With the networks of ranges in their place, where they are told.
    pub wanted: Vec<Wanted>,
    /// Whether nothing at all tells for whom the instance opens something.
    pub is_untold: bool,
    /// Rows of ranges of which nothing is told.
    pub untold: Vec<Wanted>,
    /// What is left out, in words.
    pub outside: Outside,
}

/// What `supply` makes of `wanted`; where it doesn't tell, what was seen does.
#[must_use]
pub fn expected(place: Place, wanted: &[&Wanted], seen: &[Seen], supply: &Supply<'_>) -> Expected {
    let witnesses = Witnesses::of(place.firewall, wanted, seen);
    let mut expected = Expected::default();
    for wanted in wanted {
        let way = &wanted.opening.way;
        let presence = supply.role(way);
        if presence != Presence::Given && !witnesses.role(way) {
            expected.is_untold |= presence == Presence::Untold && seen.is_empty();
            let over = match place.firewall {
                Firewall::AzureNsg | Firewall::AwsNetworkFirewall => reading::kind(&way.key),
                _ => None,
            };
            let untold = match presence {
                Presence::Untold => " (as far as it can be told)",
                Presence::Given | Presence::Missing => "",
            };
            let what = format!("`{}`{untold}", way.role);
            expected.outside.absent(place, what, over);
            continue;
        }
        let Remote::Range(name, kind) = &wanted.opening.remote else {
            expected.wanted.push((*wanted).clone());
            continue;
        };
        match supply.range(name, *kind) {
            Holds::Networks(networks) => {
                holds(&mut expected.outside, name, *kind, &networks);
                expected.wanted.push(Wanted {
                    opening: Opening {
                        remote: Remote::Networks(networks),
                        ..wanted.opening.clone()
                    },
                    row: wanted.row,
                });
            }
            Holds::Untold if witnesses.has_rows => {
                if witnesses.ranges.contains(&(name.clone(), *kind)) {
                    expected.wanted.push((*wanted).clone());
                } else {
                    without_range(&mut expected.outside, place, name, *kind);
                }
            }
            Holds::Untold => expected.untold.push((*wanted).clone()),
            Holds::Missing => {
                without_range(&mut expected.outside, place, name, *kind);
            }
        }
    }
    expected
}

/// Says what a range holds.
pub fn holds(outside: &mut Outside, name: &RangeName, kind: Kind, networks: &[IpNet]) {
    const SHOWN: usize = 5;
    let mut texts: Vec<String> = networks.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    let more = match texts.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    texts.truncate(SHOWN);
    let all = Addresses::of(networks);
    let is_everything = [EVERY_IPV4, EVERY_IPV6]
        .iter()
        .any(|every| all == Addresses::of([every]));
    let texts = texts.join(", ");
    let text = format!(
        "what the range `{name}` holds over {}: {texts}{more} (yours)",
        kind.title()
    );
    outside.value(text, is_everything);
}

fn without_range(outside: &mut Outside, place: Place, name: &RangeName, kind: Kind) {
    outside.absent(place, format!("the range `{name}`"), Some(kind));
}

/// What the resources tell of what was given.
struct Witnesses {
    roles: BTreeSet<(String, Option<Kind>)>,
    ranges: BTreeSet<(RangeName, Kind)>,
    /// Whether each resource says of which row it is made.
    has_rows: bool,
    firewall: Firewall,
}

impl Witnesses {
    fn of(firewall: Firewall, wanted: &[&Wanted], seen: &[Seen]) -> Self {
        let rows: BTreeSet<&str> = seen.iter().filter_map(|seen| seen.row.as_deref()).collect();
        let kind = |seen: &Seen| seen.row.as_deref().and_then(reading::kind);
        let ranges = wanted
            .iter()
            .filter_map(|wanted| match &wanted.opening.remote {
                Remote::Range(name, kind) if rows.contains(wanted.opening.way.key.as_str()) => {
                    Some((name.clone(), *kind))
                }
                _ => None,
            });
        Self {
            roles: seen
                .iter()
                .map(|seen| (seen.role.clone(), kind(seen)))
                .collect(),
            ranges: ranges.collect(),
            has_rows: !matches!(firewall, Firewall::AwsSecurityGroup | Firewall::Generic),
            firewall,
        }
    }

    fn role(&self, way: &Way) -> bool {
        let own = reading::kind(&way.key);
        let by_family = matches!(
            self.firewall,
            Firewall::AzureNsg | Firewall::AwsNetworkFirewall
        );
        self.roles.iter().any(|(role, kind)| {
            role == way.role.as_str() && (!by_family || own.is_none() || *kind == own)
        })
    }
}
