//! What a target's API would refuse late is refused here, with rule, limit and source.

use std::sync::LazyLock;

use ipnet::{IpNet, Ipv4Net};
use perimeter365::catalogue::{
    Basis, Catalogue, Cloud, Direction, Kind, PortRange, Protocol, Role, SetKey, Traffic,
};
use perimeter365::express::express;
use perimeter365::lock::Lock;
use perimeter365::options::{Options, Words};
use perimeter365::permit::{Form, Permit, PermitBasis, PermitRemote};
use perimeter365::plan::{Plan, plan};
use perimeter365::resolve::Resolution;
use perimeter365::source::embedded;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| embedded::read().expect("it is valid"));

/// A permit of a set of its own, with `networks` addresses of Microsoft's side.
fn permit(number: usize, direction: Direction, networks: u32) -> Permit {
    let stated = || Basis::Stated;
    Permit {
        cloud: Cloud::Worldwide,
        traffic: Traffic::InboundHybridServer,
        set: SetKey::parse(&format!("set-{number}")).unwrap(),
        row: None,
        flow: None,
        description: format!("Set {number}"),
        direction,
        role: Role::parse("server").unwrap(),
        protocol: Protocol::Tcp,
        ports: vec![PortRange::parse("443").unwrap()],
        kind: Kind::Ipv4,
        remote: PermitRemote::Networks(
            (0..networks)
                .map(|n| IpNet::V4(Ipv4Net::new((0x0a00_0000 + n).into(), 32).unwrap()))
                .collect(),
        ),
        form: Form::Stated,
        basis: PermitBasis {
            clouds: stated(),
            direction: stated(),
            protocol: stated(),
            ports: stated(),
            remote: stated(),
            range: None,
        },
    }
}

fn planned(permits: Vec<Permit>, target: &str, root: bool) -> Result<Plan, Vec<String>> {
    let words = Words {
        target: Some(vec![target.to_owned()]),
        root: Some(root),
        ..Words::default()
    };
    let options = Options::parse(&words, &CATALOGUE).expect("the options are valid");
    let resolution = Resolution {
        permits,
        ..Resolution::default()
    };
    let target = options.targets[0].recipient();
    let expressed = express(&resolution, &CATALOGUE, &options, &[target]);
    plan(&resolution, &expressed, &options, &mut Lock::default())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

#[track_caller]
fn refused(permits: Vec<Permit>, parts: &[&str]) {
    let errors = planned(permits.clone(), "azure-nsg", false).expect_err("a limit is exceeded");
    assert!(
        errors
            .iter()
            .any(|error| parts.iter().all(|part| error.contains(part))
                && error.contains("https://learn.microsoft.com/")),
        "no error with {parts:?} and a source among {errors:#?}"
    );
    planned(permits, "generic-firewall", false).expect("the generic target has no such limit");
}

#[test]
fn a_network_security_group_takes_a_thousand_rules() {
    let rules = |count| {
        (0..count)
            .map(|n| permit(n, Direction::Inbound, 1))
            .collect::<Vec<_>>()
    };
    planned(rules(1000), "azure-nsg", false).expect("1000 rules fit");
    refused(
        rules(1001),
        &[
            "worldwide/inbound-hybrid-server/azure-nsg: 1001 rules",
            "limit is 1000",
            "--exclude-set",
        ],
    );
}

#[test]
fn a_network_security_group_takes_four_thousand_addresses_a_side() {
    let both = vec![
        permit(1, Direction::Inbound, 4000),
        permit(2, Direction::Outbound, 4000),
    ];
    planned(both, "azure-nsg", false).expect("the sides are counted apart");
    let split = vec![
        permit(1, Direction::Inbound, 2000),
        permit(2, Direction::Inbound, 2001),
    ];
    refused(
        split,
        &[
            "4001 inbound remote addresses",
            "limit is 4000",
            "--aggregate",
        ],
    );
}

#[test]
fn folders_that_share_a_group_in_a_root_module_are_counted_together() {
    let mut permits = vec![
        permit(1, Direction::Inbound, 2500),
        permit(2, Direction::Inbound, 2500),
    ];
    permits[1].traffic = Traffic::OutboundServerOnly;
    planned(permits.clone(), "azure-nsg", false).expect("each folder can have its own group");
    let errors = planned(permits, "azure-nsg", true).expect_err("the root module has one group");
    assert!(
        errors[0].starts_with("root/azure: 5000 inbound remote addresses"),
        "{errors:?}"
    );
}

#[test]
fn names_and_descriptions_have_a_length() {
    let mut long = permit(1, Direction::Inbound, 1);
    long.set = SetKey::parse(&"a".repeat(60)).unwrap();
    refused(vec![long], &["87 characters of name", "limit is 80"]);
    let mut long = permit(1, Direction::Inbound, 1);
    // Bytes, not characters: these are two each.
    long.description = "é".repeat(71);
    refused(vec![long], &["142 bytes of description", "limit is 140"]);
}

#[test]
fn every_priority_is_of_the_range_that_azure_takes() {
    let permits = (0..1000)
        .map(|n| permit(n, Direction::Inbound, 1))
        .collect();
    let plan = planned(permits, "azure-nsg", false).unwrap();
    let mut numbers: Vec<u16> = plan.folders[0]
        .rows
        .values()
        .map(|row| row.priority.unwrap())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 1000, "none twice");
    assert!((100..=4096).contains(&numbers[0]) && (100..=4096).contains(&numbers[999]));
}
