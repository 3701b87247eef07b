//! One change is one change: in the text that a reviewer reads, and in the plan that Terraform makes.
//!
//! Each target goes through the same changes, one after the other, and applies each of them.
//! `PERIMETER365_ACCEPT=1` renews the table of it in the README.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use ipnet::IpNet;
use perimeter365::catalogue::network::normalise;
use perimeter365::catalogue::{Catalogue, Cloud, EndpointSet, Endpoints, SetKey};
use perimeter365::generate::{Request, generate_from};
use perimeter365::options::Words;
use perimeter365::source::embedded;
use support::Desk;
use support::terraform::{Counts, Terraform};

const GRAPH: &str = "graph-change-notifications";
const SKYPE: &str = "skype-hybrid-outbound";

/// A target, its root module, and the values that this is given.
struct Case {
    target: &'static str,
    root: &'static str,
    values: &'static str,
    /// Lines of a plan for each thing that it counts.
    lines: usize,
}

const CASES: [Case; 5] = [
    Case {
        target: "azure-nsg",
        root: "azure",
        values: "resource_group_name = \"network\"\nlocation = \"westeurope\"\nlocal_addresses = {\n  webhook_receiver = [\"10.0.1.0/28\"]\n  skype_server = [\"10.0.2.0/28\"]\n}\nlocal_addresses_ipv6 = {\n  webhook_receiver = [\"2001:db8:1::/64\"]\n}\n",
        lines: 20,
    },
    Case {
        target: "azure-firewall",
        root: "azure-firewall",
        values: "firewall_policy_id = \"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/hub\"\nresource_group_name = \"hub\"\nlocation = \"westeurope\"\nlocal_addresses = {\n  webhook_receiver = [\"10.0.1.0/28\"]\n  skype_server = [\"10.0.2.0/28\"]\n}\n",
        // A group of rules is one resource.
        lines: 40,
    },
    Case {
        target: "aws-security-group",
        root: "aws",
        values: "region = \"eu-central-1\"\nvpc_id = \"vpc-0123456789abcdef0\"\nroles = [\"webhook_receiver\", \"skype_server\"]\n",
        lines: 20,
    },
    Case {
        target: "aws-network-firewall",
        root: "aws-network-firewall",
        values: "region = \"eu-central-1\"\nlocal_addresses = {\n  webhook_receiver = [\"10.0.1.0/28\"]\n  skype_server = [\"10.0.2.0/28\"]\n}\nlocal_addresses_ipv6 = {\n  webhook_receiver = [\"2001:db8:1::/64\"]\n}\n",
        // Terraform shows an IP set that changes as one that goes and one that comes.
        lines: 400,
    },
    Case {
        target: "generic-firewall",
        root: "generic",
        values: "",
        lines: 20,
    },
];

/// A folder in which the facts change.
struct Office {
    catalogue: Catalogue,
    words: Words,
}

impl Office {
    fn new(target: &str) -> Self {
        let word = |word: &str| Some(vec![word.to_owned()]);
        Self {
            catalogue: embedded::read().expect("it is valid"),
            words: Words {
                target: word(target),
                root: Some(true),
                set: Some(vec![GRAPH.to_owned(), SKYPE.to_owned()]),
                ..Words::default()
            },
        }
    }

    fn set(&mut self, key: &str) -> &mut EndpointSet {
        let mut sets = self.catalogue.sets.iter_mut();
        sets.find(|set| set.key.as_str() == key)
            .expect("the set is there")
    }

    /// Row 23's networks, those of the worldwide cloud.
    fn networks(&mut self) -> &mut Vec<IpNet> {
        let remotes = &mut self.set(GRAPH).flows[0].remotes;
        remotes
            .iter_mut()
            .filter(|remote| remote.clouds.value.contains(&Cloud::Worldwide))
            .find_map(|remote| match &mut remote.endpoints.value {
                Endpoints::Networks(networks) => Some(networks),
                Endpoints::Hosts(_) | Endpoints::Range(_) => None,
            })
            .expect("row 23 has networks")
    }

    fn add(&mut self, network: &str) {
        let networks = self.networks();
        networks.push(network.parse().unwrap());
        *networks = normalise(std::mem::take(networks)).0;
    }
}

/// What changes, in the README's words; how; and what each target plans for it.
struct Change {
    what: &'static str,
    make: fn(&mut Office),
    plans: [Counts; 5],
    /// Lines that come and go under `worldwide/`, for each target.
    lines: [(usize, usize); 5],
}

const fn counts(add: usize, change: usize, destroy: usize) -> Counts {
    Counts {
        add,
        change,
        destroy,
    }
}

/// In the order in which they happen.
const CHANGES: [Change; 10] = [
    Change {
        what: "one address more in row 23",
        make: |office| office.add("198.51.100.1/32"),
        plans: [
            counts(0, 1, 0),
            counts(0, 1, 0),
            counts(1, 0, 0),
            counts(0, 1, 0),
            counts(1, 0, 0),
        ],
        lines: [(1, 0); 5],
    },
    Change {
        what: "one address less",
        make: |office| {
            office
                .networks()
                .retain(|network| network.to_string() != "13.78.204.0/32");
        },
        plans: [
            counts(0, 1, 0),
            counts(0, 1, 0),
            counts(0, 0, 1),
            counts(0, 1, 0),
            counts(0, 0, 1),
        ],
        lines: [(0, 1); 5],
    },
    Change {
        what: "a network that holds four of them",
        make: |office| office.add("20.9.36.0/23"),
        plans: [
            counts(0, 1, 0),
            counts(0, 1, 0),
            counts(1, 0, 4),
            counts(0, 1, 0),
            counts(1, 0, 4),
        ],
        lines: [(1, 4); 5],
    },
    Change {
        what: "a set more, before all others",
        make: |office| {
            let mut set = office.set(GRAPH).clone();
            set.key = SetKey::parse("a-new-set").unwrap();
            set.row = None;
            set.flows[0].remotes.truncate(1);
            set.flows[0].remotes[0].endpoints.value =
                Endpoints::Networks(vec!["203.0.113.0/24".parse().unwrap()]);
            office.catalogue.sets.insert(0, set);
            let sets = office.words.set.as_mut().unwrap();
            sets.push("a-new-set".to_owned());
        },
        plans: [
            counts(1, 0, 0),
            counts(1, 1, 0),
            counts(1, 0, 0),
            counts(0, 1, 0),
            counts(1, 0, 0),
        ],
        lines: [(13, 0), (13, 0), (14, 0), (12, 0), (13, 0)],
    },
    Change {
        what: "a set less",
        make: |office| {
            let sets = office.words.set.as_mut().unwrap();
            sets.retain(|set| set != "a-new-set");
        },
        plans: [
            counts(0, 0, 1),
            counts(0, 1, 1),
            counts(0, 0, 1),
            counts(0, 1, 0),
            counts(0, 0, 1),
        ],
        lines: [(0, 13), (0, 13), (0, 14), (0, 12), (0, 13)],
    },
    Change {
        what: "addresses that fill the last security group",
        make: |office| {
            // Two groups of 60, and 94 addresses less the four and the one that left, more two that came.
            let room = 120 - (94 + 2 - 5);
            for number in 0..room {
                office.add(&format!("192.0.2.{}/32", number * 2));
            }
        },
        plans: [
            counts(0, 1, 0),
            counts(0, 1, 0),
            counts(29, 0, 0),
            counts(0, 1, 0),
            counts(29, 0, 0),
        ],
        lines: [(29, 0); 5],
    },
    Change {
        what: "one address more than fits in it",
        make: |office| office.add("198.51.100.3/32"),
        plans: [
            counts(0, 1, 0),
            counts(0, 1, 0),
            counts(2, 0, 0),
            counts(0, 1, 0),
            counts(1, 0, 0),
        ],
        lines: [(1, 0), (1, 0), (14, 0), (1, 0), (1, 0)],
    },
    Change {
        what: "another port for row 23, by then 133 networks",
        make: |office| {
            office.words.port = Some(vec![format!("{GRAPH}=8443")]);
        },
        plans: [
            counts(0, 2, 0),
            counts(0, 1, 0),
            counts(0, 133, 0),
            counts(0, 1, 0),
            counts(0, 133, 0),
        ],
        lines: [(2, 2), (1, 1), (4, 4), (2, 2), (2, 2)],
    },
    Change {
        what: "one port more for it",
        make: |office| {
            office.words.port = Some(vec![format!("{GRAPH}=8443,8444")]);
        },
        plans: [
            counts(0, 2, 0),
            counts(0, 1, 0),
            counts(135, 0, 0),
            counts(0, 1, 0),
            counts(133, 0, 0),
        ],
        // On AWS the second port's rules fill what room there is, and stand in rows of their own.
        lines: [(2, 2), (1, 1), (162, 2), (2, 2), (4, 4)],
    },
    Change {
        what: "a second cloud in the same folder",
        make: |office| {
            office.words.cloud = Some(vec!["worldwide".to_owned(), "china".to_owned()]);
        },
        // Two ports for each of its 14 networks.
        plans: [
            counts(2, 0, 0),
            counts(2, 0, 0),
            counts(29, 0, 0),
            counts(1, 0, 0),
            counts(28, 0, 0),
        ],
        lines: [(0, 0); 5],
    },
];

/// The lines of everything under `worldwide/`, and how often each stands there.
fn lines(desk: &Desk) -> BTreeMap<String, isize> {
    let mut lines = BTreeMap::new();
    for (path, text) in desk.files("m365/worldwide") {
        for line in text.lines() {
            *lines.entry(format!("{path}: {line}")).or_default() += 1;
        }
    }
    lines
}

/// How many lines came and how many went.
fn difference(before: &BTreeMap<String, isize>, after: &BTreeMap<String, isize>) -> (usize, usize) {
    let surplus = |of: &BTreeMap<String, isize>, over: &BTreeMap<String, isize>| -> usize {
        of.iter()
            .map(|(line, count)| count - over.get(line).copied().unwrap_or(0))
            .filter_map(|surplus| usize::try_from(surplus).ok())
            .sum()
    };
    (surplus(after, before), surplus(before, after))
}

/// Takes one target through all changes.
fn go_through(terraform: &Terraform, index: usize, case: &Case) -> Vec<Counts> {
    let desk = Desk::new();
    let mut office = Office::new(case.target);
    let generate = |office: &Office| {
        let request = Request {
            out: desk.file("m365"),
            words: office.words.clone(),
            ..Request::default()
        };
        generate_from(office.catalogue.clone(), &request)
            .unwrap_or_else(|errors| panic!("{errors:?}"));
    };
    generate(&office);
    let root = desk.file(&format!("m365/root/{}", case.root));
    desk.write(
        &format!("m365/root/{}/terraform.tfvars", case.root),
        case.values,
    );
    terraform.succeeds(&root, &["init", "-no-color"]);
    terraform.applies(&root);
    terraform.has_nothing_to_do(&root);
    let mut plans = Vec::new();
    for change in &CHANGES {
        let before = lines(&desk);
        (change.make)(&mut office);
        generate(&office);
        let what = format!("{}: {}", case.target, change.what);
        assert_eq!(
            difference(&before, &lines(&desk)),
            change.lines[index],
            "lines that come and go: {what}"
        );
        // The calls may be new.
        terraform.succeeds(&root, &["init", "-no-color"]);
        let (counts, said) = terraform.applies(&root);
        assert_eq!(counts, change.plans[index], "{what}:\n{said}");
        let plan = said.split("Apply complete!").next().unwrap_or_default();
        let read = plan.lines().filter(|line| !line.contains("..."));
        let most = 60 + case.lines * (counts.add + counts.change + counts.destroy);
        assert!(read.count() < most, "{what} is long to read:\n{plan}");
        plans.push(counts);
    }
    terraform.has_nothing_to_do(&root);
    plans
}

const BEGIN: &str = "<!-- BEGIN small changes -->\n";
const END: &str = "<!-- END small changes -->";

fn table(plans: &[Vec<Counts>]) -> String {
    let mut text = String::from(
        "\n| What changes | Azure NSG | Azure Firewall | AWS security groups | AWS Network Firewall | any other firewall |\n|---|---|---|---|---|---|\n",
    );
    for (number, change) in CHANGES.iter().enumerate() {
        let cells: Vec<String> = plans.iter().map(|plans| shown(plans[number])).collect();
        let _ = writeln!(text, "| {} | {} |", change.what, cells.join(" | "));
    }
    text.push('\n');
    text
}

/// `1 to add`; what there is none of is left out.
fn shown(counts: Counts) -> String {
    let parts: Vec<String> = [
        (counts.add, "to add"),
        (counts.change, "to change"),
        (counts.destroy, "to destroy"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    parts.join(", ")
}

#[test]
fn a_small_change_is_small_in_the_text_and_in_the_plan() {
    let Some(terraform) = Terraform::with_stand_ins("plans of small changes") else {
        return;
    };
    let plans: Vec<Vec<Counts>> = std::thread::scope(|scope| {
        let targets: Vec<_> = CASES
            .iter()
            .enumerate()
            .map(|(index, case)| {
                scope.spawn({
                    let terraform = &terraform;
                    move || go_through(terraform, index, case)
                })
            })
            .collect();
        targets
            .into_iter()
            .map(|target| {
                target
                    .join()
                    .expect("the changes are as small as they should be")
            })
            .collect()
    });
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("there is a README");
    let (before, rest) = readme.split_once(BEGIN).expect("the README has the table");
    let (_, after) = rest.split_once(END).expect("the table ends");
    let wanted = format!("{before}{BEGIN}{}{END}{after}", table(&plans));
    if std::env::var_os("PERIMETER365_ACCEPT").is_some() {
        fs::write(&path, &wanted).expect("the README can be written");
    }
    assert!(
        fs::read_to_string(&path).expect("there is a README") == wanted,
        "the README's table of small changes is out of date; `PERIMETER365_ACCEPT=1 cargo test --test small_changes` renews it"
    );
}
