//! Whatever changes in the sets, what the lock has given stays given, and what is open is exactly
//! what the sets want.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ipnet::IpNet;
use perimeter365::catalogue::network::normalise;
use perimeter365::catalogue::{
    Basis, Catalogue, Cloud, Direction, Kind, PortRange, Protocol, RangeName, Role, SetKey, Traffic,
};
use perimeter365::express::express;
use perimeter365::lock::{FILE, Lock};
use perimeter365::options::{Options, Words};
use perimeter365::permit::{Form, Permit, PermitBasis, PermitRemote};
use perimeter365::plan::{Plan, Row, plan};
use perimeter365::recipient::Recipient;
use perimeter365::resolve::Resolution;
use perimeter365::source::embedded;
use proptest::collection::vec;
use proptest::prelude::*;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| embedded::read().expect("it is valid"));

/// One thing that happens between two runs, to one of a few sets.
#[derive(Debug, Clone)]
enum Edit {
    /// Comes, or goes.
    Set(usize),
    Network(usize, u8),
    /// One that holds four others.
    Container(usize, u8),
    Ports(usize, Vec<u16>),
    SecondCloud,
    Quota(u16),
}

fn edit() -> impl Strategy<Value = Edit> {
    let set = || 0..6usize;
    let ports = prop::sample::subsequence(vec![25, 80, 443, 5061], 1..=2);
    prop_oneof![
        2 => set().prop_map(Edit::Set),
        6 => (set(), 0..24u8).prop_map(|(set, number)| Edit::Network(set, number)),
        1 => (set(), 0..6u8).prop_map(|(set, number)| Edit::Container(set, number)),
        2 => (set(), ports).prop_map(|(set, ports)| Edit::Ports(set, ports)),
        1 => Just(Edit::SecondCloud),
        1 => (4..8u16).prop_map(Edit::Quota),
    ]
}

/// What the sets want, before any program sees it.
#[derive(Clone)]
struct Wish {
    sets: [bool; 6],
    networks: [BTreeSet<String>; 6],
    ports: [Vec<u16>; 6],
    second_cloud: bool,
    quota: u16,
}

impl Wish {
    fn new() -> Self {
        let first = || (0..4).map(|n| format!("10.0.{n}.0/24")).collect();
        Self {
            sets: [true, true, false, true, false, true],
            networks: std::array::from_fn(|_| first()),
            ports: std::array::from_fn(|_| vec![443]),
            second_cloud: false,
            quota: 4,
        }
    }

    fn apply(&mut self, edit: &Edit) {
        let mut toggle = |set: usize, text: String| {
            let networks = &mut self.networks[set];
            if !networks.remove(&text) {
                networks.insert(text);
            }
            if networks.is_empty() {
                networks.insert("192.0.2.0/24".to_owned());
            }
        };
        match edit {
            Edit::Set(set) => self.sets[*set] = !self.sets[*set],
            Edit::Network(set, number) if number % 5 == 4 => {
                toggle(*set, format!("2001:db8:{number:x}::/48"));
            }
            Edit::Network(set, number) => toggle(*set, format!("10.0.{number}.0/24")),
            Edit::Container(set, number) => toggle(*set, format!("10.0.{}.0/22", number * 4)),
            Edit::Ports(set, ports) => self.ports[*set].clone_from(ports),
            Edit::SecondCloud => self.second_cloud = !self.second_cloud,
            Edit::Quota(quota) => self.quota = *quota,
        }
    }

    fn clouds(&self) -> &'static [Cloud] {
        if self.second_cloud {
            &[Cloud::Worldwide, Cloud::China]
        } else {
            &[Cloud::Worldwide]
        }
    }

    /// Sets 0 to 2 concern one role, 3 and 4 another, and 5 has a range; 2 is outbound.
    fn permits(&self) -> Vec<Permit> {
        let mut permits = Vec::new();
        for cloud in self.clouds() {
            for set in (0..6).filter(|set| self.sets[*set]) {
                let networks = self.networks[set].iter().map(|text| text.parse().unwrap());
                let (networks, _) = normalise(networks.collect());
                for kind in [Kind::Ipv4, Kind::Ipv6] {
                    let family = networks.iter().copied();
                    let family: Vec<IpNet> = family.filter(|n| Kind::of(n) == kind).collect();
                    let remote = if set == 5 {
                        PermitRemote::Range(RangeName::parse("clients").unwrap())
                    } else if family.is_empty() {
                        continue;
                    } else {
                        PermitRemote::Networks(family)
                    };
                    permits.push(self.permit(*cloud, set, kind, remote));
                }
            }
        }
        permits
    }

    fn permit(&self, cloud: Cloud, set: usize, kind: Kind, remote: PermitRemote) -> Permit {
        let stated = || Basis::Stated;
        let port = |port: &u16| PortRange::parse(&port.to_string()).unwrap();
        Permit {
            cloud,
            traffic: Traffic::InboundHybridServer,
            set: SetKey::parse(&format!("set-{set}")).unwrap(),
            row: None,
            flow: None,
            description: format!("Set {set}"),
            direction: if set == 2 {
                Direction::Outbound
            } else {
                Direction::Inbound
            },
            role: Role::parse(if set < 3 { "server" } else { "proxy" }).unwrap(),
            protocol: Protocol::Tcp,
            ports: self.ports[set].iter().map(port).collect(),
            kind,
            remote,
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
}

/// Runs the plan as a folder would: the lock comes from a file and goes back into it.
fn run(wish: &Wish, folder: &std::path::Path) -> Plan {
    let mut lock = Lock::read(folder, &(100..=4096))
        .expect("the lock can be read back")
        .unwrap_or_default();
    let words = Words {
        cloud: Some(wish.clouds().iter().map(ToString::to_string).collect()),
        aws_rules_per_group: Some(wish.quota),
        ..Words::default()
    };
    let options = Options::parse(&words, &CATALOGUE).expect("the options are valid");
    let resolution = Resolution {
        permits: wish.permits(),
        ..Resolution::default()
    };
    let targets: Vec<Recipient<'_>> = options
        .targets
        .iter()
        .map(|target| target.recipient())
        .collect();
    let expressed = express(&resolution, &CATALOGUE, &options, &targets);
    let plan = plan(&resolution, &expressed, &options, &mut lock).expect("nothing exceeds a limit");
    std::fs::write(folder.join(FILE), lock.to_text("# header")).unwrap();
    plan
}

/// Cloud, role, direction and protocol with port: what a remote is opened for.
type Service = (Cloud, String, Direction, String);

fn service(cloud: Cloud, role: &Role, direction: Direction, port: PortRange) -> Service {
    (cloud, role.to_string(), direction, format!("tcp/{port}"))
}

fn remotes(remote: &PermitRemote, kind: Kind) -> Vec<String> {
    match remote {
        PermitRemote::Networks(networks) => networks.iter().map(ToString::to_string).collect(),
        PermitRemote::Hosts(hosts) => hosts.iter().map(ToString::to_string).collect(),
        PermitRemote::Range(name) => vec![format!("{kind} of {name}")],
        PermitRemote::ServiceTag(tag) => vec![tag.to_string()],
    }
}

fn wanted(permits: &[Permit]) -> BTreeMap<Service, BTreeSet<String>> {
    let mut wanted: BTreeMap<Service, BTreeSet<String>> = BTreeMap::new();
    for permit in permits {
        for port in &permit.ports {
            let service = service(permit.cloud, &permit.role, permit.direction, *port);
            let remotes = remotes(&permit.remote, permit.kind);
            wanted.entry(service).or_default().extend(remotes);
        }
    }
    wanted
}

fn rows<'a>(plan: &'a Plan, target: &str) -> Vec<(Cloud, &'a String, &'a Row)> {
    plan.folders
        .iter()
        .filter(|folder| folder.target.name == target)
        .flat_map(|folder| {
            let rows = folder.rows.iter();
            rows.map(move |(key, row)| (folder.cloud, key, row))
        })
        .collect()
}

fn opened(plan: &Plan, target: &str) -> BTreeMap<Service, BTreeSet<String>> {
    let mut opened: BTreeMap<Service, BTreeSet<String>> = BTreeMap::new();
    for (cloud, _, row) in rows(plan, target) {
        for port in &row.ports {
            let service = service(cloud, &row.role, row.direction, *port);
            let remotes = remotes(&row.remote, row.kind);
            opened.entry(service).or_default().extend(remotes);
        }
    }
    opened
}

/// One rule of a role: its cloud, role, direction, family, slot and remote.
type Rule = (Cloud, String, Direction, Kind, u16, String);

/// The group of each rule.
fn places(plan: &Plan) -> Result<BTreeMap<Rule, u16>, TestCaseError> {
    let mut places = BTreeMap::new();
    for (cloud, _, row) in rows(plan, "aws-security-group") {
        let group = row.group.expect("every row has a group");
        for remote in remotes(&row.remote, row.kind) {
            for slot in &row.slots {
                let rule = (
                    cloud,
                    row.role.to_string(),
                    row.direction,
                    row.kind,
                    *slot,
                    remote.clone(),
                );
                let known = *places.entry(rule).or_insert(group);
                prop_assert_eq!(known, group, "a rule has one group, whichever sets want it");
            }
        }
    }
    Ok(places)
}

/// Rules per group, direction and family of `before` and `after` together: Terraform destroys and
/// creates in any order, so that for a moment both can be there.
fn loads<'a>(
    plans: impl Iterator<Item = (&'a Rule, &'a u16)>,
) -> BTreeMap<(Cloud, String, Direction, Kind, u16), usize> {
    let rules: BTreeSet<(&Rule, &u16)> = plans
        // How much is in a range is known at apply.
        .filter(|((.., remote), _)| !remote.contains(' '))
        .collect();
    let mut loads = BTreeMap::new();
    for ((cloud, role, direction, kind, ..), group) in rules {
        let place = (*cloud, role.clone(), *direction, *kind, *group);
        *loads.entry(place).or_default() += 1;
    }
    loads
}

/// The slot of each port, and the other way round.
fn slots(plan: &Plan, target: &str) -> Result<BTreeMap<Service, u16>, TestCaseError> {
    let mut slots = BTreeMap::new();
    let mut ports = BTreeMap::new();
    for (cloud, _, row) in rows(plan, target) {
        prop_assert_eq!(row.slots.len(), row.ports.len());
        for (port, slot) in row.ports.iter().zip(&row.slots) {
            let service = service(cloud, &row.role, row.direction, *port);
            prop_assert_eq!(*slots.entry(service).or_insert(*slot), *slot);
            let place = (cloud, row.role.to_string(), row.direction, *slot);
            prop_assert_eq!(*ports.entry(place).or_insert(*port), *port);
        }
    }
    Ok(slots)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_given_stays_and_what_is_open_is_what_the_sets_want(edits in vec(edit(), 1..25)) {
        let folder = tempfile::tempdir().unwrap();
        let mut wish = Wish::new();
        let mut before = run(&wish, folder.path());
        let mut highest = wish.quota;
        let mut seen: BTreeSet<Service> = slots(&before, "generic-firewall")?.into_keys().collect();
        for edit in edits {
            let earlier = wish.clone();
            wish.apply(&edit);
            let after = run(&wish, folder.path());

            for target in ["azure-nsg", "aws-security-group", "generic-firewall"] {
                prop_assert_eq!(opened(&after, target), wanted(&wish.permits()), "{} after {:?}", target, &edit);
            }

            let azure = |plan: &Plan| -> BTreeMap<(Cloud, String), Option<u16>> {
                let rows = rows(plan, "azure-nsg").into_iter();
                rows.map(|(cloud, key, row)| ((cloud, key.clone()), row.priority)).collect()
            };
            let (was, is) = (azure(&before), azure(&after));
            for (row, priority) in &is {
                prop_assert!(was.get(row).is_none_or(|known| known == priority), "{row:?} moved");
            }
            let inbound: Vec<_> = rows(&after, "azure-nsg").into_iter()
                .map(|(_, _, row)| (row.direction, row.priority)).collect();
            prop_assert_eq!(inbound.iter().collect::<BTreeSet<_>>().len(), inbound.len());

            let (was, is) = (places(&before)?, places(&after)?);
            for (rule, group) in &is {
                prop_assert!(was.get(rule).is_none_or(|known| known == group), "{rule:?} moved by {edit:?}");
            }
            // A group that a higher quota has filled stays as full.
            highest = highest.max(wish.quota);
            for (group, load) in loads(was.iter().chain(&is)) {
                prop_assert!(load <= usize::from(highest), "{group:?} holds {load} while {edit:?} is applied");
            }
            for (cloud, _, row) in rows(&after, "aws-security-group") {
                if matches!(row.remote, PermitRemote::Range(_)) {
                    let shared = rows(&after, "aws-security-group").into_iter().any(|(other, _, with)| {
                        (other, &with.role, with.group) == (cloud, &row.role, row.group)
                            && matches!(with.remote, PermitRemote::Networks(_))
                    });
                    prop_assert!(!shared, "ranges have a group of their own");
                }
            }

            for target in ["aws-security-group", "generic-firewall"] {
                let (was, is) = (slots(&before, target)?, slots(&after, target)?);
                for (service, slot) in &is {
                    prop_assert!(was.get(service).is_none_or(|known| known == slot), "{service:?} moved by {edit:?}");
                }
                // A port that takes another's place takes its slot, unless it has one of its own from before.
                if let Edit::Ports(set, ports) = &edit
                    && let ([_], [_]) = (earlier.ports[*set].as_slice(), ports.as_slice())
                    && was.len() == is.len()
                    && is.keys().all(|service| was.contains_key(service) || !seen.contains(service))
                {
                    let numbers = |slots: &BTreeMap<Service, u16>| -> BTreeSet<_> {
                        slots.iter().map(|((cloud, role, direction, _), slot)| (*cloud, role.clone(), *direction, *slot)).collect()
                    };
                    prop_assert_eq!(numbers(&was), numbers(&is));
                }
            }
            seen.extend(slots(&after, "generic-firewall")?.into_keys());
            before = after;
        }
        let again = run(&wish, folder.path());
        prop_assert_eq!(format!("{:?}", before.folders), format!("{:?}", again.folders));
    }
}
