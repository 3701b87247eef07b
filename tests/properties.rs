//! What holds for any rows, networks and edits, not only for those of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use perimeter365::catalogue::ServiceTag;
use perimeter365::catalogue::network::{aggregate, normalise};
use perimeter365::catalogue::{
    Direction, HostPattern, Kind, PortRange, Protocol, RangeName, Role, SetKey,
};
use perimeter365::lock::Lock;
use perimeter365::permit::PermitRemote;
use perimeter365::plan::{Row, Rows};
use perimeter365::render::hcl::{attribute, block, file};
use perimeter365::render::rows::{hcl_to_rows, parse, rows_to_hcl};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

fn network() -> impl Strategy<Value = IpNet> {
    prop_oneof![
        (any::<u32>(), 1..=32u8).prop_map(|(address, length)| {
            IpNet::V4(Ipv4Net::new(address.into(), length).unwrap().trunc())
        }),
        (any::<u128>(), 1..=128u8).prop_map(|(address, length)| {
            IpNet::V6(Ipv6Net::new(address.into(), length).unwrap().trunc())
        }),
    ]
}

/// Networks that are near each other, so that they meet.
fn near() -> impl Strategy<Value = IpNet> {
    (0..64u32, 24..=32u8).prop_map(|(address, length)| {
        IpNet::V4(
            Ipv4Net::new((0x0a00_0000 + address).into(), length)
                .unwrap()
                .trunc(),
        )
    })
}

fn ports() -> impl Strategy<Value = Vec<PortRange>> {
    btree_set(1..=65535u16, 1..4).prop_map(|ports| {
        let parse = |port: u16| PortRange::parse(&port.to_string()).unwrap();
        ports.into_iter().map(parse).collect()
    })
}

fn remote() -> impl Strategy<Value = PermitRemote> {
    prop_oneof![
        vec(network(), 1..20).prop_map(PermitRemote::Networks),
        vec("[a-z]{1,8}\\.[a-z]{2,5}", 1..5).prop_map(|hosts| PermitRemote::Hosts(
            hosts
                .iter()
                .map(|host| HostPattern::parse(host).unwrap())
                .collect()
        )),
        "[a-z]{1,8}(_[a-z]{1,8})?"
            .prop_map(|name| PermitRemote::Range(RangeName::parse(&name).unwrap())),
        "[A-Z][A-Za-z0-9]{1,8}(\\.[A-Za-z]{1,8})?"
            .prop_filter("no service", |tag| ServiceTag::parse(tag).is_ok())
            .prop_map(|tag| PermitRemote::ServiceTag(ServiceTag::parse(&tag).unwrap())),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    (
        "[a-z]{1,8}(-[a-z0-9]{1,8})?",
        // Whatever a title might one day hold: quotes, interpolation, line ends, any script.
        any::<String>(),
        prop::sample::select(Direction::ALL),
        (
            option::of(100..=4096u16),
            option::of(1..=17u16),
            any::<bool>(),
        ),
        "[a-z]{1,8}(_[a-z0-9]{1,8})?",
        prop::sample::select(Protocol::ALL),
        ports(),
        prop::sample::select(Kind::ALL),
        remote(),
    )
        .prop_map(
            |(set, description, direction, numbers, role, protocol, ports, kind, remote)| Row {
                set: SetKey::parse(&set).unwrap(),
                description,
                direction,
                priority: numbers.0,
                group: numbers.1,
                slots: (1..)
                    .take(if numbers.2 { ports.len() } else { 0 })
                    .collect(),
                role: Role::parse(&role).unwrap(),
                protocol,
                ports,
                kind,
                remote,
            },
        )
}

fn written(rows: &Rows) -> String {
    let body = vec![attribute("rules", rows_to_hcl(rows))];
    file(&[block("module", Some("rules".into()), body)])
}

proptest! {
    #[test]
    fn rows_that_are_written_and_read_back_are_the_same(rows in btree_map("[a-z.${}\"%]{1,12}", row(), 0..5)) {
        let text = written(&rows);
        let read = parse(&text).and_then(|body| hcl_to_rows(&body));
        prop_assert_eq!(read, Ok(rows), "{}", text);
    }

    #[test]
    fn normalised_networks_hold_the_same_addresses_and_never_meet(networks in vec(near(), 0..30)) {
        let (kept, dropped) = normalise(networks.clone());
        prop_assert_eq!(kept.len() + dropped.len(), networks.len());
        for (index, network) in kept.iter().enumerate() {
            prop_assert!(networks.contains(network), "each is as its source states it");
            for other in &kept[index + 1..] {
                prop_assert!(!network.contains(other) && !other.contains(network));
            }
        }
        for dropped in &dropped {
            prop_assert!(dropped.inside.contains(&dropped.network) && kept.contains(&dropped.inside));
        }
        prop_assert_eq!(addresses(&aggregate(&kept)), addresses(&networks));
    }

    #[test]
    fn a_priority_never_moves_and_is_never_given_twice(
        runs in vec((prop::sample::select(Direction::ALL), btree_set("[a-z]{1,2}", 0..40)), 1..12)
    ) {
        let mut lock = Lock::default();
        let mut given: BTreeMap<(Direction, String), u16> = BTreeMap::new();
        for (direction, names) in runs {
            let names: Vec<String> = names.into_iter().map(|name| format!("worldwide/{name}")).collect();
            lock.priorities.assign(direction, &names, &(100..=4096)).map_err(|left| TestCaseError::fail(format!("{left:?}")))?;
            let mut numbers = BTreeSet::new();
            for name in names {
                let number = lock.priorities.of(direction, &name).unwrap();
                prop_assert!(numbers.insert(number), "{number} is given twice");
                prop_assert_eq!(number % 10, 0);
                let before = *given.entry((direction, name)).or_insert(number);
                prop_assert_eq!(before, number);
            }
        }
    }
}

fn addresses(networks: &[IpNet]) -> BTreeSet<std::net::IpAddr> {
    networks
        .iter()
        .flat_map(|network| match network {
            IpNet::V4(network) => {
                let first = u32::from(network.network());
                (first..=u32::from(network.broadcast()))
                    .map(|n| std::net::IpAddr::V4(n.into()))
                    .collect()
            }
            IpNet::V6(_) => Vec::new(),
        })
        .collect()
}
