//! What holds of the difference between any two catalogues.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net};
use perimeter365::catalogue::{
    Basis, Catalogue, Cloud, Direction, EndpointSet, Endpoints, Fact, Flow, FlowId, HostPattern,
    NamedRange, Origin, PortRange, Protocol, RangeName, Remote, Retired, Role, SetKey, Sites,
    Source, Traffic,
};
use perimeter365::diff::json::json;
use perimeter365::diff::markdown::{LONGEST, markdown};
use perimeter365::diff::side::{Comparison, Form, Side};
use perimeter365::diff::text::text;
use perimeter365::diff::{
    Access, Change, Closed, Count, Diff, Element, Fate, SetDiff, Standing, compare,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

// ---- any catalogue ----

fn source() -> Arc<Source> {
    Arc::new(Source {
        title: "a `title` | <b>".to_owned(),
        language: "en-US".to_owned(),
        edition: "2025-01-08".to_owned(),
        url: "https://example.com".to_owned(),
        origin: Origin::File,
        digest: String::new(),
    })
}

fn basis() -> impl Strategy<Value = Basis> {
    prop_oneof![4 => Just(Basis::Stated), 1 => Just(Basis::Inferred)]
}

fn fact<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Fact<T>> {
    (value, basis()).prop_map(|(value, basis)| Fact { value, basis })
}

/// Near each other, so that they meet.
fn networks() -> impl Strategy<Value = Vec<IpNet>> {
    let network = (0..16u32, 28..=32u8).prop_map(|(address, length)| {
        let network = Ipv4Net::new((0x0a00_0000 + address).into(), length).unwrap();
        IpNet::V4(network.trunc())
    });
    btree_set(network, 1..5).prop_map(|networks| networks.into_iter().collect())
}

fn hosts() -> impl Strategy<Value = Vec<HostPattern>> {
    let pool = ["*.a.com", "x.a.com", "*.x.a.com", "b.com", "<c>.a.com"];
    btree_set(select(pool.to_vec()), 1..4).prop_map(|hosts| {
        let parse = |host: &str| HostPattern::parse(host).unwrap();
        hosts.into_iter().map(parse).collect()
    })
}

fn endpoints() -> impl Strategy<Value = Endpoints> {
    prop_oneof![
        networks().prop_map(Endpoints::Networks),
        hosts().prop_map(Endpoints::Hosts),
        select(vec!["known", "unknown"])
            .prop_map(|name| Endpoints::Range(RangeName::parse(name).unwrap())),
    ]
}

fn clouds() -> impl Strategy<Value = Vec<Cloud>> {
    btree_set(select(vec![Cloud::Worldwide, Cloud::China]), 1..3)
        .prop_map(|clouds| clouds.into_iter().collect())
}

fn roles() -> impl Strategy<Value = Vec<Role>> {
    btree_set(select(vec!["server", "proxy"]), 1..3).prop_map(|roles| {
        roles
            .into_iter()
            .map(|role| Role::parse(role).unwrap())
            .collect()
    })
}

fn flow() -> impl Strategy<Value = Flow> {
    let ports = btree_set(select(vec!["1", "2", "1-3", "2-5", "4-9"]), 1..3);
    let ports = ports.prop_map(|ports| {
        let parse = |port: &str| PortRange::parse(port).unwrap();
        ports.into_iter().map(parse).collect::<Vec<_>>()
    });
    let remote = (fact(clouds()), fact(endpoints()))
        .prop_map(|(clouds, endpoints)| Remote { clouds, endpoints });
    (
        fact(select(Direction::ALL)),
        roles(),
        option::weighted(0.9, fact(select(Protocol::ALL))),
        option::weighted(0.9, fact(ports)),
        vec(remote, 1..3),
    )
        .prop_map(|(direction, roles, protocol, ports, remotes)| Flow {
            id: FlowId::parse("flow").ok(),
            title: None,
            direction,
            roles,
            protocol,
            ports,
            remotes,
        })
}

fn sites() -> impl Strategy<Value = Sites> {
    (roles(), fact(clouds()), option::of(fact(hosts()))).prop_map(|(roles, clouds, hosts)| Sites {
        roles,
        clouds,
        hosts,
    })
}

fn set() -> impl Strategy<Value = EndpointSet> {
    (
        option::of(1..20u16),
        // Whatever a title might one day hold.
        prop_oneof![Just("plain".to_owned()), any::<String>()],
        select(Traffic::ALL),
        option::weighted(0.2, Just("2020")),
        vec(flow(), 0..3),
        option::weighted(0.2, sites()),
    )
        .prop_map(|(row, title, traffic, retired, flows, sites)| EndpointSet {
            key: SetKey::parse("key").unwrap(),
            row,
            title,
            traffic,
            retired: retired.map(|year| Retired::parse(year).unwrap()),
            entry: None,
            flows,
            sites,
            notes: Vec::new(),
            source: source(),
        })
}

fn catalogue() -> impl Strategy<Value = Catalogue> {
    (btree_map("[abcd]", set(), 0..4), networks()).prop_map(|(sets, networks)| Catalogue {
        sources: vec![source()],
        sets: sets
            .into_iter()
            .map(|(key, set)| EndpointSet {
                key: SetKey::parse(&key).unwrap(),
                ..set
            })
            .collect(),
        ranges: vec![NamedRange {
            name: RangeName::parse("known").unwrap(),
            cloud: Cloud::Worldwide,
            networks,
            source: source(),
        }],
        ..Catalogue::default()
    })
}

/// Two catalogues that share most of what they say.
fn pair() -> impl Strategy<Value = (Catalogue, Catalogue)> {
    (catalogue(), catalogue(), vec(any::<bool>(), 4)).prop_map(|(old, mut new, keep)| {
        for (set, keep) in old.sets.iter().zip(keep) {
            if keep && new.sets.iter().all(|other| other.key != set.key) {
                new.sets.push(set.clone());
            }
        }
        (old, new)
    })
}

// ---- the naive oracle ----

/// One port of one service in one set, and an element as JSON has it.
type Fact1 = (
    Cloud,
    Option<Direction>,
    Role,
    Option<Protocol>,
    Option<PortRange>,
    Element,
);

/// Every fact of a set, and why it is closed.
fn facts(catalogue: &Catalogue, key: &SetKey) -> BTreeMap<Fact1, Option<Closed>> {
    let mut facts: BTreeMap<Fact1, Option<Closed>> = BTreeMap::new();
    let mut say = |fact: Fact1, closed: Option<Closed>| {
        let known = facts.entry(fact).or_insert(closed);
        *known = (*known).min(closed);
    };
    for set in catalogue.sets.iter().filter(|set| set.key == *key) {
        for flow in &set.flows {
            let ports: Vec<Option<PortRange>> = match &flow.ports {
                Some(ports) => ports.value.iter().copied().map(Some).collect(),
                None => vec![None],
            };
            for remote in &flow.remotes {
                let bases = [
                    Some(&flow.direction.basis),
                    flow.protocol.as_ref().map(|fact| &fact.basis),
                    flow.ports.as_ref().map(|fact| &fact.basis),
                    Some(&remote.clouds.basis),
                    Some(&remote.endpoints.basis),
                ];
                let closed = if set.retired.is_some() {
                    Some(Closed::Retired)
                } else if bases.contains(&Some(&Basis::Inferred)) {
                    Some(Closed::Inferred)
                } else if flow.protocol.is_none() || flow.ports.is_none() {
                    Some(Closed::Unstated)
                } else {
                    None
                };
                for cloud in &remote.clouds.value {
                    let elements: Vec<Element> = match &remote.endpoints.value {
                        Endpoints::Networks(networks) => {
                            networks.iter().copied().map(Element::Network).collect()
                        }
                        Endpoints::Hosts(hosts) => {
                            hosts.iter().cloned().map(Element::Host).collect()
                        }
                        Endpoints::Range(name) => match catalogue.range(name, *cloud) {
                            Some(range) => range
                                .networks
                                .iter()
                                .copied()
                                .map(Element::Network)
                                .collect(),
                            None => vec![Element::Range(name.clone())],
                        },
                    };
                    for (element, role) in elements
                        .iter()
                        .flat_map(|e| flow.roles.iter().map(move |r| (e, r)))
                    {
                        let is_template =
                            matches!(element, Element::Host(host) if host.placeholder().is_some());
                        let closed = closed.or(is_template.then_some(Closed::Template));
                        for port in &ports {
                            let protocol = flow.protocol.as_ref().map(|fact| fact.value);
                            let direction = Some(flow.direction.value);
                            say(
                                (
                                    *cloud,
                                    direction,
                                    role.clone(),
                                    protocol,
                                    *port,
                                    element.clone(),
                                ),
                                closed,
                            );
                        }
                    }
                }
            }
        }
        if let Some(sites) = &set.sites {
            for (cloud, role) in sites
                .clouds
                .value
                .iter()
                .flat_map(|c| sites.roles.iter().map(move |r| (c, r)))
            {
                for host in sites.hosts.iter().flat_map(|hosts| &hosts.value) {
                    let element = Element::Host(host.clone());
                    say(
                        (*cloud, None, role.clone(), None, None, element),
                        Some(Closed::Setting),
                    );
                }
            }
        }
    }
    facts
}

/// Whether everything that `fact` opens is open by the facts of `side`: port by port, address by address.
fn is_open(fact: &Fact1, side: &BTreeMap<Fact1, Option<Closed>>) -> bool {
    let open = |port: Option<u16>, holds: &dyn Fn(&Element) -> bool| {
        side.iter().any(|(other, closed)| {
            let same_service =
                (other.0, other.1, &other.2, other.3) == (fact.0, fact.1, &fact.2, fact.3);
            let same_port = match (port, other.4) {
                (Some(port), Some(range)) => (range.first()..=range.last()).contains(&port),
                (port, range) => port.is_none() && range.is_none(),
            };
            closed.is_none() && same_service && same_port && holds(&other.5)
        })
    };
    let ports: Vec<Option<u16>> = match fact.4 {
        Some(range) => (range.first()..=range.last()).map(Some).collect(),
        None => vec![None],
    };
    ports.into_iter().all(|port| match &fact.5 {
        Element::Network(IpNet::V4(network)) => {
            let mut addresses = u32::from(network.network())..=u32::from(network.broadcast());
            addresses.all(|address| {
                let address = IpAddr::V4(address.into());
                open(
                    port,
                    &|e| matches!(e, Element::Network(other) if other.contains(&address)),
                )
            })
        }
        Element::Host(host) => open(
            port,
            &|e| matches!(e, Element::Host(other) if other.covers(host)),
        ),
        element => open(port, &|other| other == element),
    })
}

fn expanded<'a>(change: &'a Change, elements: impl IntoIterator<Item = &'a Element>) -> Vec<Fact1> {
    let ports: Vec<Option<PortRange>> = match change.ports.as_slice() {
        [] => vec![None],
        ports => ports.iter().copied().map(Some).collect(),
    };
    let mut facts = Vec::new();
    for element in elements {
        for cloud in &change.clouds {
            for role in &change.roles {
                for port in &ports {
                    let element = element.clone();
                    facts.push((
                        *cloud,
                        change.direction,
                        role.clone(),
                        change.protocol,
                        *port,
                        element,
                    ));
                }
            }
        }
    }
    facts
}

/// Inserts, and minds that nothing is said twice.
fn once<T: Ord + std::fmt::Debug + Clone>(
    all: &mut BTreeSet<T>,
    some: impl IntoIterator<Item = T>,
) {
    for one in some {
        assert!(all.insert(one.clone()), "{one:?} is said twice");
    }
}

/// What a set's difference says: added, removed, what opens and what closes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    added: BTreeSet<(Fact1, Standing)>,
    removed: BTreeSet<(Fact1, Standing)>,
    opens: BTreeSet<Fact1>,
    closes: BTreeSet<Fact1>,
}

fn said(set: &SetDiff) -> Said {
    let mut said = Said::default();
    for change in &set.changes {
        let standing = |facts: Vec<Fact1>| facts.into_iter().map(|fact| (fact, change.standing));
        once(&mut said.added, standing(expanded(change, &change.added)));
        once(
            &mut said.removed,
            standing(expanded(change, &change.removed)),
        );
        once(&mut said.opens, expanded(change, change.opens()));
        once(&mut said.closes, expanded(change, change.closes()));
    }
    said
}

fn naive(old: &BTreeMap<Fact1, Option<Closed>>, new: &BTreeMap<Fact1, Option<Closed>>) -> Said {
    let mut naive = Said::default();
    let standing = |closed: Option<Closed>| closed.map_or(Standing::Open, Standing::Closed);
    for (fact, closed) in new {
        match (old.get(fact), closed) {
            (None, closed) => naive.added.insert((fact.clone(), standing(*closed))),
            (Some(Some(was)), None) => naive.added.insert((fact.clone(), Standing::NowOpen(*was))),
            (Some(None), Some(why)) => naive
                .removed
                .insert((fact.clone(), Standing::NowClosed(*why))),
            _ => false,
        };
        if closed.is_none() && old.get(fact) != Some(&None) && !is_open(fact, old) {
            naive.opens.insert(fact.clone());
        }
    }
    for (fact, closed) in old {
        if !new.contains_key(fact) {
            naive.removed.insert((fact.clone(), standing(*closed)));
        }
        if closed.is_none() && new.get(fact) != Some(&None) && !is_open(fact, new) {
            naive.closes.insert(fact.clone());
        }
    }
    naive
}

// ---- the mirror ----

fn mirrored(diff: &Diff) -> Vec<(SetKey, Option<SetKey>, Access, Vec<Change>)> {
    let mut sets: Vec<_> = diff
        .sets
        .iter()
        .map(|set| {
            let (key, was) = match &set.fate {
                Fate::Renamed { was } => (was.clone(), Some(set.key.clone())),
                _ => (set.key.clone(), None),
            };
            let access = match set.access {
                Access::Grows => Access::Shrinks,
                Access::Shrinks => Access::Grows,
                same => same,
            };
            let changes = set.changes.iter().cloned().map(|change| Change {
                standing: match change.standing {
                    Standing::NowOpen(why) => Standing::NowClosed(why),
                    Standing::NowClosed(why) => Standing::NowOpen(why),
                    same => same,
                },
                added: change.removed,
                already_open: change.still_open,
                removed: change.added,
                still_open: change.already_open,
                ..change
            });
            (key, was, access, changes.collect::<Vec<_>>())
        })
        .collect();
    sets.sort_by(|a, b| a.0.cmp(&b.0));
    sets
}

fn as_it_is(diff: &Diff) -> Vec<(SetKey, Option<SetKey>, Access, Vec<Change>)> {
    let mut sets: Vec<_> = diff
        .sets
        .iter()
        .map(|set| {
            let was = match &set.fate {
                Fate::Renamed { was } => Some(was.clone()),
                _ => None,
            };
            (set.key.clone(), was, set.access, set.changes.clone())
        })
        .collect();
    sets.sort_by(|a, b| a.0.cmp(&b.0));
    sets
}

fn unordered(
    mut sets: Vec<(SetKey, Option<SetKey>, Access, Vec<Change>)>,
) -> Vec<(SetKey, Option<SetKey>, Access, Vec<String>)> {
    sets.drain(..)
        .map(|(key, was, access, changes)| {
            let mut changes: Vec<String> =
                changes.iter().map(|change| format!("{change:?}")).collect();
            changes.sort_unstable();
            (key, was, access, changes)
        })
        .collect()
}

fn comparison(diff: Diff) -> Comparison {
    let side = || Side {
        form: Form::File,
        digest: None,
        sources: Vec::new(),
    };
    Comparison {
        old: side(),
        new: side(),
        notes: Vec::new(),
        diff,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_differs_from_itself(catalogue in catalogue()) {
        let diff = compare(&catalogue, &catalogue);
        prop_assert!(diff.is_empty() && diff.moves.is_empty(), "{diff:?}");
        prop_assert_eq!(diff.access(), Access::Same);
    }

    #[test]
    fn the_way_back_is_the_mirror_of_the_way_there((old, new) in pair()) {
        let (there, back) = (compare(&old, &new), compare(&new, &old));
        prop_assert_eq!(unordered(mirrored(&there)), unordered(as_it_is(&back)));
        prop_assert_eq!(there.lacks().count(), back.adds().count());
        // A renamed set goes by its other key on the way back.
        let nameless = |count: Count| Count { sets: BTreeSet::new(), ..count };
        let opens = there.totals().opens.into_values().map(nameless);
        let closes = back.totals().closes.into_values().map(nameless);
        prop_assert!(opens.eq(closes));
    }

    #[test]
    fn exactly_what_differs_is_said((old, new) in pair()) {
        let diff = compare(&old, &new);
        let renamed: BTreeMap<&SetKey, &SetKey> = diff.sets.iter().filter_map(|set| match &set.fate {
            Fate::Renamed { was } => Some((&set.key, was)),
            _ => None,
        }).collect();
        let keys: BTreeSet<&SetKey> = new.sets.iter().map(|set| &set.key)
            .chain(old.sets.iter().map(|set| &set.key))
            .filter(|key| !renamed.values().any(|was| was == key))
            .collect();
        for key in keys {
            let was = renamed.get(key).copied().unwrap_or(key);
            let naive = naive(&facts(&old, was), &facts(&new, key));
            let found = diff.sets.iter().find(|set| set.key == *key);
            let said = found.map(said).unwrap_or_default();
            prop_assert_eq!(&said, &naive, "set {}", key);
            let expected = match (!naive.opens.is_empty(), !naive.closes.is_empty()) {
                (true, true) => Access::Both,
                (true, false) => Access::Grows,
                (false, true) => Access::Shrinks,
                (false, false) => Access::Same,
            };
            prop_assert_eq!(found.map(|set| set.access).unwrap_or_default(), expected);
        }
    }

    #[test]
    fn every_set_that_differs_has_an_impact_and_stands_in_every_format((old, new) in pair()) {
        let comparison = comparison(compare(&old, &new));
        let (json, text, markdown) = (json(&comparison), text(&comparison), markdown(&comparison));
        prop_assert!(markdown.len() <= LONGEST);
        for set in &comparison.diff.sets {
            prop_assert!(!set.impacts.is_empty(), "{set:?}");
            for impact in &set.impacts {
                for format in [&json, &text, &markdown] {
                    prop_assert!(format.contains(impact.as_str()), "{} in {format}", impact.as_str());
                }
            }
        }
        // Titles are any text: none of it ends a line, a cell or a code span, or turns a line round.
        for format in [&json, &text, &markdown] {
            let misleads = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2066}\u{2028}".contains(c);
            let found = format.chars().find(|c| misleads(*c));
            prop_assert_eq!(found, None);
        }
        for line in markdown.lines().filter(|line| !line.starts_with('|')) {
            prop_assert_eq!(line.matches('`').count() % 2, u32::from(line == "```" || line == "```text") as usize, "{}", line);
        }
        for line in markdown.lines().filter(|line| line.starts_with("| ")) {
            prop_assert_eq!(line.matches(" | ").count(), 6, "{}", line);
        }
    }
}

// ---- huge ones ----

/// As many sets, with as many networks each.
fn huge(sets: u32, networks: u32, title: &str) -> Catalogue {
    let set = |index: u32| EndpointSet {
        key: SetKey::parse(&format!(
            "set-with-a-rather-long-name-that-fills-lines-{index}"
        ))
        .unwrap(),
        row: None,
        title: format!("{title} {index}"),
        traffic: Traffic::User,
        retired: None,
        entry: None,
        flows: vec![Flow {
            id: None,
            title: None,
            direction: Fact {
                value: Direction::Inbound,
                basis: Basis::Stated,
            },
            roles: vec![Role::parse("server").unwrap()],
            protocol: Some(Fact {
                value: Protocol::Tcp,
                basis: Basis::Stated,
            }),
            ports: Some(Fact {
                value: vec![PortRange::HTTPS],
                basis: Basis::Stated,
            }),
            remotes: vec![Remote {
                clouds: Fact {
                    value: vec![Cloud::Worldwide],
                    basis: Basis::Stated,
                },
                endpoints: Fact {
                    // Every other address, so that none can be joined with another.
                    value: Endpoints::Networks(
                        (0..networks)
                            .map(|number| {
                                let address = 0x0b00_0000 + (index * networks + number) * 2;
                                IpNet::V4(Ipv4Net::new(address.into(), 32).unwrap())
                            })
                            .collect(),
                    ),
                    basis: Basis::Stated,
                },
            }],
        }],
        sites: None,
        notes: Vec::new(),
        source: source(),
    };
    Catalogue {
        sources: vec![source()],
        sets: (0..sets).map(set).collect(),
        ..Catalogue::default()
    }
}

#[track_caller]
fn summarises(old: &Catalogue, new: &Catalogue, texts: &[&str]) {
    let markdown = markdown(&comparison(compare(old, new)));
    assert!(markdown.len() <= LONGEST, "{}", markdown.len());
    for text in texts {
        assert!(markdown.contains(text), "`{text}` is not in\n{markdown}");
    }
}

#[test]
fn a_comment_says_less_the_more_there_is_and_its_totals_stay_right() {
    let nothing = Catalogue::default();
    summarises(
        &nothing,
        &huge(2, 100, "a"),
        &[
            "**Opens inbound from 200 networks (tcp/443), in ",
            "100 networks, listed below",
            "\n11.0.0.0\n".trim(),
        ],
    );
    summarises(
        &nothing,
        &huge(2, 5_000, "a"),
        &[
            "Opens inbound from 10000 networks",
            "and 4990 more",
            "long lists are shortened",
            "--format json",
        ],
    );
    summarises(
        &nothing,
        &huge(400, 50, "a"),
        &[
            "Opens inbound from 20000 networks (tcp/443), in 400 sets",
            "endpoints are only counted",
            "| 50 networks |",
        ],
    );
    summarises(
        &nothing,
        &huge(5_000, 2, "a"),
        &[
            "Opens inbound from 10000 networks (tcp/443), in 5000 sets",
            "And 4980 more sets",
            "the sets that change most",
        ],
    );
    let others = [
        "**Opens nothing.**",
        "Other changes in 3000 sets.",
        "And 2980 more sets",
    ];
    summarises(&huge(3_000, 1, "a"), &huge(3_000, 1, "b"), &others);
}

#[test]
fn a_million_networks_are_compared_in_the_time_that_sorting_takes() {
    let (old, mut new) = (huge(1, 1_000_000, "a"), huge(1, 1_000_000, "a"));
    let Endpoints::Networks(networks) = &mut new.sets[0].flows[0].remotes[0].endpoints.value else {
        panic!("it has networks");
    };
    networks.retain(|network| !network.to_string().starts_with("11.1."));
    networks.push("11.0.0.0/16".parse().unwrap());
    let started = std::time::Instant::now();
    let diff = compare(&old, &new);
    let change = &diff.sets[0].changes[0];
    assert_eq!(change.added.len(), 1);
    assert_eq!(change.removed.len(), 32_768);
    // Half of the new network's addresses were open one by one; the rest are not.
    assert_eq!(diff.access(), Access::Both);
    // A comparison of each with each would take hours.
    assert!(started.elapsed().as_secs() < 120, "{:?}", started.elapsed());
}
