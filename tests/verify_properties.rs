//! What holds for any rows: `verify` accepts exactly equal sets, its reader of HCL reads what is written and nothing
//! else, and nothing makes it panic.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use hcl::edit::expr::Expression;
use hcl::edit::structure::Body;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use perimeter365::catalogue::{
    Cloud, Direction, HostPattern, Kind, PortRange, Protocol, Role, SetKey, Traffic,
};
use perimeter365::literal::{Node, Value, read};
use perimeter365::permit::PermitRemote;
use perimeter365::plan::{Row, Rows};
use perimeter365::render::hcl::{attribute, block, file};
use perimeter365::render::rows::rows_to_hcl;
use perimeter365::verify::addresses::Addresses;
use perimeter365::verify::compare::compare;
use perimeter365::verify::opening::{Firewall, Found, Opening, Place, Remote, Site, Wanted, Way};
use perimeter365::verify::proof::{Excess, Finding};
use proptest::collection::vec;
use proptest::prelude::*;

/// The lowest of the addresses that the networks below are made of; there are 32.
const START: u32 = 0x0a00_0000;

/// Networks that are near each other, so that they meet.
fn near() -> impl Strategy<Value = IpNet> {
    (0..32_u32, 27..=32_u8).prop_map(|(address, length)| {
        let network = Ipv4Net::new(Ipv4Addr::from_bits(START + address), length);
        network.expect("a length of IPv4").trunc().into()
    })
}

fn port_range() -> impl Strategy<Value = PortRange> {
    (1..=8_u16, 0..=3_u16)
        .prop_map(|(first, more)| PortRange::of(first, first + more).expect("they run forwards"))
}

/// Ports and networks of a row, and which of two rows it is.
type Part = (bool, Vec<PortRange>, Vec<IpNet>);

fn parts() -> impl Strategy<Value = Vec<Part>> {
    vec(
        (any::<bool>(), vec(port_range(), 1..3), vec(near(), 1..4)),
        0..4,
    )
}

fn opening((is_first, ports, networks): &Part) -> Opening {
    Opening {
        way: Way {
            place: Place {
                cloud: Cloud::Worldwide,
                traffic: Traffic::OutboundServerOnly,
                firewall: Firewall::AwsSecurityGroup,
            },
            key: if *is_first { "a.x.ipv4" } else { "b.x.ipv4" }.to_owned(),
            set: SetKey::parse("a").expect("a name"),
            direction: Direction::Outbound,
            role: Role::parse("x").expect("a name"),
            protocol: Protocol::Tcp,
        },
        ports: ports.clone(),
        remote: Remote::Networks(networks.clone()),
    }
}

fn site() -> Site {
    Site {
        file: "main.tf".to_owned(),
        line: None,
    }
}

fn compared(wanted: &[Part], found: &[Part]) -> Vec<Finding> {
    let wanted: Vec<Wanted> = wanted
        .iter()
        .map(|part| Wanted {
            opening: opening(part),
            row: None,
        })
        .collect();
    let found: Vec<Found> = found
        .iter()
        .map(|part| Found {
            opening: opening(part),
            name: "row".to_owned(),
            site: site(),
            lines: (1..).take(part.2.len()).collect(),
        })
        .collect();
    compare(&wanted, &found, &|_| site())
}

/// Row, port and address of everything that is open.
type Points = BTreeSet<(String, u16, u32)>;

/// All that `parts` open, one by one.
fn points(parts: &[Part]) -> Points {
    let mut points = Points::new();
    for part in parts {
        for port in &part.1 {
            for address in addresses(&part.2) {
                points.extend(
                    (port.first()..=port.last()).map(|port| (opening(part).way.key, port, address)),
                );
            }
        }
    }
    points
}

fn addresses(networks: &[IpNet]) -> BTreeSet<u32> {
    let near = START..START + 32;
    near.filter(|address| {
        let address = IpAddr::V4(Ipv4Addr::from_bits(*address));
        networks
            .iter()
            .any(|network: &IpNet| network.contains(&address))
    })
    .collect()
}

/// All that findings of one kind say.
fn said(findings: &[Finding], excess: Excess) -> Points {
    let mut points = Points::new();
    for finding in findings.iter().filter(|finding| finding.excess == excess) {
        for part in &finding.remotes {
            let (first, last) = part.text.split_once('-').map_or_else(
                || {
                    let network: Ipv4Net = part.text.parse().expect("a network");
                    (network.network(), network.broadcast())
                },
                |(first, last)| (first.parse().expect("one"), last.parse().expect("another")),
            );
            for address in first.to_bits()..=last.to_bits() {
                for port in &finding.ports {
                    points.extend(
                        (port.first()..=port.last())
                            .map(|port| (finding.way.key.clone(), port, address)),
                    );
                }
            }
        }
    }
    points
}

fn row() -> impl Strategy<Value = Row> {
    let network = prop_oneof![
        (any::<u32>(), 0..=32_u8).prop_map(|(bits, length)| {
            let network = Ipv4Net::new(bits.into(), length);
            IpNet::V4(network.expect("a length of IPv4").trunc())
        }),
        (any::<u128>(), 0..=128_u8).prop_map(|(bits, length)| {
            let network = Ipv6Net::new(bits.into(), length);
            IpNet::V6(network.expect("a length of IPv6").trunc())
        }),
    ];
    let host =
        "[a-z]{1,8}\\.[a-z]{2,5}".prop_map(|host| HostPattern::parse(&host).expect("a host"));
    let remote = prop_oneof![
        vec(network, 1..12).prop_map(PermitRemote::Networks),
        vec(host, 1..5).prop_map(PermitRemote::Hosts),
    ];
    // Whatever a title might one day hold: quotes, interpolation, line ends, any script.
    let description = prop_oneof![any::<String>(), "[\"\\\\$%{}~\n\r\t/*#a]{0,12}"];
    let numbers = proptest::option::of(1..=4096_u16);
    let ports = vec(port_range(), 1..4);
    (description, numbers, ports, remote).prop_map(|(description, priority, ports, remote)| Row {
        set: SetKey::parse("a-set").expect("a name"),
        description,
        direction: Direction::Inbound,
        priority,
        group: None,
        role: Role::parse("a_role").expect("a name"),
        protocol: Protocol::Udp,
        ports,
        slots: Vec::new(),
        kind: Kind::Ipv4,
        remote,
    })
}

/// A value as `hcl-rs` reads it.
fn is_same(ours: &Node<'_>, theirs: &Expression) -> bool {
    match (&ours.value, theirs) {
        (Value::Text(text), Expression::String(theirs)) => text == theirs.as_str(),
        (Value::Number(digits), Expression::Number(theirs)) => *digits == theirs.to_string(),
        (Value::Bool(ours), Expression::Bool(theirs)) => ours == theirs.value(),
        (Value::List(ours), Expression::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs.iter())
                    .all(|(ours, theirs)| is_same(ours, theirs))
        }
        (Value::Object(ours), Expression::Object(theirs)) => {
            let is_key = |ours: &str, theirs: &hcl::edit::expr::ObjectKey| match theirs {
                hcl::edit::expr::ObjectKey::Ident(ident) => ident.as_str() == ours,
                hcl::edit::expr::ObjectKey::Expression(key) => key.as_str() == Some(ours),
            };
            ours.len() == theirs.len()
                && ours.iter().zip(theirs.iter()).all(|(ours, (key, value))| {
                    is_key(&ours.name, key) && is_same(&ours.value, value.expr())
                })
        }
        _ => false,
    }
}

fn written(rows: &Rows) -> String {
    let body = vec![attribute("rules", rows_to_hcl(rows))];
    file(&[block("module", Some("rules".into()), body)])
}

#[test]
fn a_number_is_a_number_and_nothing_that_has_to_be_worked_out() {
    for number in ["0", "443", "1.5", "1e5", "1.5E10"] {
        assert!(read(&format!("a = {number}\n")).is_ok(), "{number}");
    }
    for other in ["1.b", "1.2.3", "1.", "1a", "1e", "0x10"] {
        let defect = read(&format!("a = {other}\n")).expect_err(other);
        assert!(defect.why.contains("an expression"), "{defect:?}");
    }
}

proptest! {
    #[test]
    fn exactly_what_differs_is_found(wanted in parts(), found in parts()) {
        let findings = compared(&wanted, &found);
        let (wanted, found) = (points(&wanted), points(&found));
        prop_assert_eq!(findings.is_empty(), wanted == found);
        prop_assert_eq!(said(&findings, Excess::Surplus), &found - &wanted);
        prop_assert_eq!(said(&findings, Excess::Deficit), &wanted - &found);
    }

    #[test]
    fn the_line_of_each_surplus_is_that_of_a_network_that_opens_it(found in parts()) {
        for finding in compared(&[], &found) {
            for part in finding.remotes {
                let line = part.line.expect("rows have lines") as usize;
                let first = part.text.split(['-', '/']).next().expect("an address");
                let first: IpAddr = first.parse().expect("an address");
                let opens = |(_, _, networks): &Part| {
                    networks.get(line - 1).is_some_and(|network| network.contains(&first))
                };
                prop_assert!(found.iter().any(opens), "{} at {line}", part.text);
            }
        }
    }

    #[test]
    fn sets_of_addresses_are_those_of_their_networks(a in vec(near(), 0..6), b in vec(near(), 0..6)) {
        let (ours, theirs) = (Addresses::of(&a), Addresses::of(&b));
        prop_assert_eq!(ours == theirs, addresses(&a) == addresses(&b));
        let rest = ours.without(&theirs);
        prop_assert_eq!(rest.is_empty(), addresses(&a).is_subset(&addresses(&b)));
        prop_assert_eq!(&rest.without(&theirs), &rest);
        prop_assert!(ours.without(&rest).without(&theirs).is_empty());
    }

    #[test]
    fn what_is_written_is_read_by_both_readers_alike(rows in vec(row(), 1..4)) {
        let rows: Rows = rows
            .into_iter()
            .enumerate()
            .map(|(number, row)| (format!("a-set.a_role{number}.ipv4"), row))
            .collect();
        let text = written(&rows);
        let (body, defects) = read(&text).expect("it is read");
        prop_assert!(defects.is_empty());
        let theirs: Body = text.parse().expect("it is HCL");
        let block = theirs.get_blocks("module").next().expect("it is there");
        let rules = &block.body.get_attribute("rules").expect("it is there").value;
        let ours = &body.blocks[0].body.attribute("rules").expect("it is there").value;
        prop_assert!(is_same(ours, rules), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn nor_does_what_looks_like_hcl(text in "([a-c=\\[\\]{},:\"\\\\#/*$%\n\r\t 01.\u{feff}é-]|/\\*|\\*/|//|\\$\\{|%\\{|\\\\u00|<<E\n|null|a = |\"b\"){0,40}") {
        let _ = read(&text);
    }
}
