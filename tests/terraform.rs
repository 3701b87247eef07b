//! What is written, given to the real `terraform`, without network.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use perimeter365::catalogue::{Direction, Kind, PortRange, Protocol, RangeName, Role, SetKey};
use perimeter365::permit::PermitRemote;
use perimeter365::plan::{Row, Rows};
use perimeter365::render::rows::{hcl_to_rows, parse, rows_to_hcl};
use support::terraform::{Counts, Terraform};
use support::{Desk, copy};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every traffic of servers, with everything that can be let in.
const EVERYTHING: &str = "--root --traffic inbound-hybrid-server --traffic outbound-server-only --infer --include-retired";

const CLOUDS: [&str; 4] = ["worldwide", "usgov-gcchigh", "usgov-dod", "china"];

#[test]
fn everything_is_formatted_as_terraform_formats_it() {
    let Some(terraform) = Terraform::alone("format of the output") else {
        return;
    };
    let desk = Desk::new();
    let clouds = CLOUDS.map(|cloud| format!(" --cloud {cloud}")).concat();
    desk.generate(&format!("{EVERYTHING} --traffic user{clouds}"))
        .ends(0);
    // A selection with nothing for a target still has to be well-formed.
    desk.run("generate --out empty --root --set pst-import --traffic user")
        .ends(0);
    for folder in ["m365", "empty"] {
        formatted(&terraform, &desk.file(folder));
    }
    for folder in ["modules", "examples", "src/render/root"] {
        formatted(&terraform, &repository().join(folder));
    }
}

#[track_caller]
fn formatted(terraform: &Terraform, folder: &Path) {
    terraform.succeeds(folder, &["fmt", "-check", "-recursive", "-diff"]);
}

/// A module as users get it: the vendored copy, with the tests that stand beside the original.
#[track_caller]
fn passes_its_own_tests(terraform: &Terraform, name: &str, least: usize) {
    let desk = Desk::new();
    desk.generate(&format!("--target {name}")).ends(0);
    let module = desk.file(&format!("m365/modules/{name}"));
    copy(
        &repository().join(format!("modules/{name}/tests")),
        &module.join("tests"),
    );
    let passed = terraform.tests(&module);
    assert!(passed >= least, "{passed} runs");
}

#[test]
fn the_generic_module_passes_its_own_tests() {
    if let Some(terraform) = Terraform::alone("tests of the generic module") {
        passes_its_own_tests(&terraform, "generic-firewall", 77);
    }
}

#[test]
fn the_azure_module_passes_its_own_tests() {
    if let Some(terraform) = Terraform::with_stand_ins("tests of the Azure module") {
        passes_its_own_tests(&terraform, "azure-nsg", 98);
    }
}

#[test]
fn the_aws_module_passes_its_own_tests() {
    if let Some(terraform) = Terraform::with_stand_ins("tests of the AWS module") {
        passes_its_own_tests(&terraform, "aws-security-group", 101);
    }
}

#[test]
fn the_azure_firewall_module_passes_its_own_tests() {
    if let Some(terraform) = Terraform::with_stand_ins("tests of the Azure Firewall module") {
        passes_its_own_tests(&terraform, "azure-firewall", 101);
    }
}

#[test]
fn the_aws_network_firewall_module_passes_its_own_tests() {
    if let Some(terraform) = Terraform::with_stand_ins("tests of the AWS Network Firewall module") {
        passes_its_own_tests(&terraform, "aws-network-firewall", 85);
    }
}

/// Roles and ranges of everything, as values for the root modules.
struct Everything {
    desk: Desk,
    clouds: usize,
    roles: Vec<String>,
}

const RANGES: &str = "named_ranges = {\n  federation_clients    = [\"203.0.113.0/24\"]\n  entra_connect_servers = [\"10.0.0.5/32\"]\n}\nnamed_ranges_ipv6 = {\n  federation_clients    = [\"2001:db8:1::/48\"]\n  entra_connect_servers = [\"2001:db8:2::5/128\"]\n}\n";

impl Everything {
    fn new(target: &str, clouds: &[&str]) -> Self {
        let desk = Desk::new();
        let count = clouds.len();
        let clouds: Vec<String> = clouds
            .iter()
            .map(|cloud| format!("--cloud {cloud}"))
            .collect();
        let clouds = clouds.join(" ");
        let run = desk
            .generate(&format!(
                "{EVERYTHING} {clouds} --target {target} --format json"
            ))
            .ends(0);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        let open = report["open"].as_array().expect("it lists what is open");
        let roles: BTreeSet<&str> = open
            .iter()
            .filter(|open| {
                let targets = open["targets"].as_array();
                targets.is_some_and(|targets| targets.iter().any(|name| name == target))
            })
            .filter_map(|open| open["role"].as_str())
            .collect();
        let ranges: Vec<&str> = report["ranges"]
            .as_array()
            .expect("it lists the ranges")
            .iter()
            .filter_map(|range| range["name"].as_str())
            .collect();
        assert_eq!(ranges, ["entra_connect_servers", "federation_clients"]);
        Self {
            roles: roles.into_iter().map(str::to_owned).collect(),
            clouds: count,
            desk,
        }
    }

    /// The rows of every cloud and traffic.
    fn rows(&self) -> Vec<Rows> {
        let mains = self.desk.files("m365").into_iter().filter(|(path, _)| {
            path.ends_with("/main.tf")
                && !path.starts_with("modules/")
                && !path.starts_with("root/")
        });
        let rows: Vec<Rows> = mains
            .map(|(path, text)| {
                let rows = parse(&text).and_then(|body| hcl_to_rows(&body));
                rows.unwrap_or_else(|why| panic!("{path}: {why:?}"))
            })
            .collect();
        assert_eq!(rows.len(), 2 * self.clouds, "two traffics in each cloud");
        rows
    }

    /// The distinct openings of `rows`: what `place` tells apart, and the remote and port.
    fn openings<P: Ord>(rows: &Rows, place: impl Fn(&perimeter365::plan::Row) -> P) -> usize {
        let mut openings = BTreeSet::new();
        for row in rows.values() {
            let remotes: Vec<String> = match &row.remote {
                PermitRemote::Networks(networks) => {
                    networks.iter().map(ToString::to_string).collect()
                }
                PermitRemote::Hosts(hosts) => hosts.iter().map(ToString::to_string).collect(),
                // Each range has one network in each family.
                PermitRemote::Range(name) => vec![format!("{name} {}", row.kind)],
                PermitRemote::ServiceTag(tag) => vec![tag.to_string()],
            };
            for remote in &remotes {
                for port in &row.ports {
                    openings.insert((
                        place(row),
                        row.role.to_string(),
                        row.direction,
                        row.protocol,
                        *port,
                        remote.clone(),
                    ));
                }
            }
        }
        openings.len()
    }

    /// Formats, initializes, validates, plans and applies the root module; then a second plan is
    /// clean, and all of it can be destroyed.
    fn is_applied(&self, terraform: &Terraform, folder: &str, values: &str, wanted: usize) {
        let root = self.desk.file(&format!("m365/root/{folder}"));
        self.desk
            .write(&format!("m365/root/{folder}/terraform.tfvars"), values);
        terraform.succeeds(&root, &["init", "-no-color"]);
        terraform.succeeds(&root, &["validate", "-no-color"]);
        let (counts, said) = terraform.applies(&root);
        let wanted = Counts {
            add: wanted,
            change: 0,
            destroy: 0,
        };
        assert_eq!(counts, wanted, "{said}");
        assert!(!said.contains("Warning"), "{said}");
        terraform.has_nothing_to_do(&root);
        let destroyed = terraform.succeeds(&root, &["destroy", "-no-color", "-auto-approve"]);
        let count = format!("Destroy complete! Resources: {} destroyed.", wanted.add);
        assert!(destroyed.contains(&count), "{destroyed}");
    }
}

fn list(words: &[String]) -> String {
    format!("{words:?}")
}

#[test]
fn every_cloud_and_traffic_is_applied_to_any_firewall() {
    let Some(terraform) = Terraform::alone("apply of the generic root module") else {
        return;
    };
    // One by one: what Terraform needs grows with the square of what it manages.
    for cloud in CLOUDS {
        let everything = Everything::new("generic-firewall", &[cloud]);
        let rows = everything.rows();
        let openings = rows.iter().map(|rows| Everything::openings(rows, |_| ()));
        everything.is_applied(&terraform, "generic", RANGES, openings.sum());
    }
}

#[test]
fn every_cloud_and_traffic_is_applied_to_azure() {
    let Some(terraform) = Terraform::with_stand_ins("apply of the Azure root module") else {
        return;
    };
    // All into one network security group.
    let everything = Everything::new("azure-nsg", &CLOUDS);
    let values = format!(
        "resource_group_name = \"network\"\nlocation = \"westeurope\"\nlocal_addresses = {}local_addresses_ipv6 = {}{RANGES}",
        addresses(&everything.roles, |index| format!("10.1.{index}.0/28")),
        addresses(&everything.roles, |index| format!(
            "2001:db8:ff:{:x}::/64",
            index + 1
        )),
    );
    let rules: usize = everything.rows().iter().map(Rows::len).sum();
    everything.is_applied(&terraform, "azure", &values, rules + 1);
}

#[test]
fn every_cloud_and_traffic_is_applied_to_aws() {
    let Some(terraform) = Terraform::with_stand_ins("apply of the AWS root module") else {
        return;
    };
    for cloud in CLOUDS {
        let everything = Everything::new("aws-security-group", &[cloud]);
        let values = format!(
            "region = \"eu-central-1\"\nvpc_id = \"vpc-0123456789abcdef0\"\nroles = {}\n{RANGES}",
            list(&everything.roles)
        );
        let rows = everything.rows();
        let rules: usize = rows
            .iter()
            .map(|rows| Everything::openings(rows, |row| row.group))
            .sum();
        let groups: usize = rows
            .iter()
            .map(|rows| {
                let groups = rows.values().map(|row| (row.role.to_string(), row.group));
                groups.collect::<BTreeSet<_>>().len()
            })
            .sum();
        everything.is_applied(&terraform, "aws", &values, rules + groups);
    }
}

/// No text of a fact is anything but text to Terraform: the marks of its templates in every order.
#[test]
fn terraform_reads_every_text_as_it_is() {
    let Some(terraform) = Terraform::alone("texts with marks of templates") else {
        return;
    };
    // All of up to five of these, and one by one what else could end a string.
    let parts = ["$", "%", "{", "}", "a"];
    let mut texts: Vec<String> = vec![String::new()];
    let mut from = 0;
    for _ in 0..5 {
        let to = texts.len();
        for index in from..to {
            for part in parts {
                texts.push(format!("{}{part}", texts[index]));
            }
        }
        from = to;
    }
    texts.extend(
        [
            "\"", "\\", "\\\"", "\n", "\r\n", "\t", "${\"a\"}", "\u{202e}", "<<EOT", "#", "//",
            "/*",
        ]
        .map(str::to_owned),
    );
    let row = |text: &String| Row {
        set: SetKey::parse("a").unwrap(),
        description: text.clone(),
        direction: Direction::Inbound,
        priority: None,
        group: None,
        role: Role::parse("a").unwrap(),
        protocol: Protocol::Tcp,
        ports: vec![PortRange::HTTPS],
        slots: Vec::new(),
        kind: Kind::Ipv4,
        remote: PermitRemote::Range(RangeName::parse("a").unwrap()),
    };
    let rows: Rows = texts
        .iter()
        .enumerate()
        .map(|(index, text)| (format!("row-{index:05}"), row(text)))
        .collect();
    let desk = Desk::new();
    desk.write(
        "team/main.tf",
        &format!(
            "locals {{\n  rules = {}\n}}\noutput \"texts\" {{\n  value = jsonencode([for row in local.rules : row.description])\n}}\n",
            rows_to_hcl(&rows)
        ),
    );
    let team = desk.file("team");
    terraform.succeeds(&team, &["init", "-no-color"]);
    terraform.succeeds(&team, &["apply", "-no-color", "-auto-approve"]);
    let output = terraform.run(&team, &["output", "-raw", "texts"]);
    let read: Vec<String> =
        serde_json::from_slice(&output.stdout).expect("terraform encodes what it has read");
    assert_eq!(read.len(), texts.len());
    for (read, written) in read.iter().zip(&texts) {
        assert_eq!(read, written);
    }
}

/// An address or network for each role, as a map of lists.
fn addresses(roles: &[String], network: impl Fn(usize) -> String) -> String {
    let entries = roles.iter().enumerate();
    let entries = entries.map(|(index, role)| format!("  {role} = [\"{}\"]\n", network(index)));
    format!("{{\n{}}}\n", entries.collect::<Vec<String>>().concat())
}

/// A policy that a root module is given and doesn't make.
const POLICY: &str = "firewall_policy_id = \"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/hub\"\nresource_group_name = \"hub\"\nlocation = \"westeurope\"\n";

#[test]
fn every_cloud_and_traffic_is_applied_to_azure_firewall() {
    let Some(terraform) = Terraform::with_stand_ins("apply of the Azure Firewall root module")
    else {
        return;
    };
    // All into one policy.
    let everything = Everything::new("azure-firewall", &CLOUDS);
    let ranges = RANGES.split("named_ranges_ipv6").next().unwrap();
    let values = format!(
        "{POLICY}local_addresses = {}{ranges}",
        addresses(&everything.roles, |index| format!("10.1.{index}.0/28")),
    );
    // A group for each cloud and traffic, and an IP group for each row of networks.
    let rows = everything.rows();
    let groups = rows.iter().filter(|rows| !rows.is_empty()).count();
    let networks = rows.iter().flat_map(Rows::values);
    let networks = networks.filter(|row| matches!(row.remote, PermitRemote::Networks(_)));
    let resources = groups + networks.count();
    everything.is_applied(&terraform, "azure-firewall", &values, resources);
}

#[test]
fn the_azure_firewall_root_module_refuses_what_nothing_is_for() {
    let clients = "local_addresses = { sts_proxy = [\"10.0.0.4\"] }\n";
    let ranges = BAD_RANGES.iter().filter(|(bad, _)| !bad.contains("ipv6"));
    let ranges: Vec<(String, &str)> = ranges
        .map(|(bad, message)| (format!("{clients}{bad}"), *message))
        .collect();
    let mut cases: Vec<(&str, &str)> = ranges
        .iter()
        .map(|(bad, message)| (bad.as_str(), *message))
        .collect();
    cases.extend([
        ("local_addresses = { exchange = [\"10.0.0.4\"] }", "No rule is for exchange"),
        ("local_addresses = { sts_proxy = [\"2001:db8::4\"] }", "2001:db8::4"),
        (
            "local_addresses = { mobile_device = [\"10.0.0.4\"] }\nlocation = null",
            "location",
        ),
        ("local_addresses = { sts_proxy = [\"10.0.0.4\"] }\npriority = 65000\nnamed_ranges = { federation_clients = [\"10.9.0.0/16\"] }", "65000"),
    ]);
    refused("azure-firewall", "azure-firewall", POLICY, &cases);
}

#[test]
fn the_aws_network_firewall_root_module_refuses_what_nothing_is_for() {
    let given = "region = \"eu-central-1\"\nlocal_addresses = { sts_proxy = [\"10.0.0.4\"] }\nlocal_addresses_ipv6 = { sts_proxy = [\"2001:db8:9::4\"] }\n";
    let mut cases = BAD_RANGES.to_vec();
    cases.extend([
        (
            "local_addresses = { exchange = [\"10.0.0.4\"] }",
            "No rule is for exchange",
        ),
        (
            "local_addresses = { sts_proxy = [\"2001:db8::4\"] }",
            "2001:db8::4",
        ),
        ("rule_order = \"STRICT\"", "STRICT"),
        (
            "capacity = 3\nnamed_ranges = { federation_clients = [\"10.9.0.0/16\"] }",
            "capacity is 3",
        ),
        ("name_prefix = \"m365_\"", "m365_"),
    ]);
    refused(
        "aws-network-firewall",
        "aws-network-firewall",
        given,
        &cases,
    );
}

#[test]
fn every_cloud_and_traffic_is_applied_to_aws_network_firewall() {
    let Some(terraform) =
        Terraform::with_stand_ins("apply of the AWS Network Firewall root module")
    else {
        return;
    };
    for cloud in CLOUDS {
        let everything = Everything::new("aws-network-firewall", &[cloud]);
        let values = format!(
            "region = \"eu-central-1\"\nlocal_addresses = {}local_addresses_ipv6 = {}{RANGES}",
            addresses(&everything.roles, |index| format!("10.1.{index}.0/28")),
            addresses(&everything.roles, |index| format!(
                "2001:db8:ff:{:x}::/64",
                index + 1
            )),
        );
        // A rule group for each traffic.
        let groups = everything
            .rows()
            .iter()
            .filter(|rows| !rows.is_empty())
            .count();
        everything.is_applied(&terraform, "aws-network-firewall", &values, groups);
    }
}

/// The sums by hand, so that no two wrongs make a right: what worldwide and China open for any
/// firewall.
#[test]
fn the_number_of_openings_is_that_of_the_article() {
    let desk = Desk::new();
    desk.generate("--target generic-firewall --cloud worldwide --cloud china")
        .ends(0);
    let count = |place: &str| {
        let text = desk.read(&format!("m365/{place}/generic-firewall/main.tf"));
        let rows = hcl_to_rows(&parse(&text).expect("it is HCL")).expect("it has rows");
        let given = rows
            .into_iter()
            // The ranges' IPv4 only, below.
            .filter(|(_, row)| {
                !(row.kind == Kind::Ipv6 && matches!(row.remote, PermitRemote::Range(_)))
            })
            .collect();
        Everything::openings(&given, |_| ())
    };
    // Worldwide. Inbound: row 3, two roles with two ports each: 4; row 4: 2; row 6: 16 + 18; row 10: 2;
    // row 23: 94 + 12.
    assert_eq!(
        count("worldwide/inbound-hybrid-server"),
        4 + 2 + 34 + 2 + 106
    );
    // Outbound: row 2: 16; row 9: 1 host, 2 ports; row 13: 3 services, 2 networks; row 19: 7 hosts, 1 host with
    // 2 ports, 3 hosts twice, less 1 that two flows share on port 443; row 25: 9 networks with 3 ports, 13 hosts
    // with 4.
    assert_eq!(
        count("worldwide/outbound-server-only"),
        16 + 2 + 6 + (7 + 2 + 3 + 3 - 1) + 9 * 3 + 13 * 4
    );
    // China. Inbound: rows 3 and 4 as above; row 6: 20 + 13; row 23: 13 + 1.
    assert_eq!(count("china/inbound-hybrid-server"), 4 + 2 + 33 + 14);
    // Outbound: row 20: 2 hosts and 3 hosts; row 25 as above.
    assert_eq!(count("china/outbound-server-only"), 5 + 9 * 3 + 13 * 4);
}

/// What a root module is given and can't take: the value, and what it is told.
#[track_caller]
fn refused(target: &str, folder: &str, given: &str, cases: &[(&str, &str)]) {
    let what = format!("refusals of the root module for {target}");
    let Some(terraform) = Terraform::with_stand_ins(&what) else {
        return;
    };
    let desk = Desk::new();
    desk.generate(&format!("--root --target {target}")).ends(0);
    let root = desk.file(&format!("m365/root/{folder}"));
    desk.write(&format!("m365/root/{folder}/terraform.tfvars"), given);
    terraform.succeeds(&root, &["init", "-no-color"]);
    terraform.succeeds(&root, &["plan", "-no-color"]);
    for (variables, message) in cases {
        desk.write(&format!("m365/root/{folder}/bad.auto.tfvars"), variables);
        let said = terraform.refuses(&root, &["plan", "-no-color"]);
        assert!(
            said.contains(message),
            "`{variables}`: no `{message}` in\n{said}"
        );
    }
}

/// Of the ranges, the same for every target.
const BAD_RANGES: [(&str, &str); 6] = [
    (
        "named_ranges = { clients = [\"10.0.0.0/8\"] }",
        "No rule names clients",
    ),
    (
        "named_ranges = { federation_clients = [\"0.0.0.0/0\"] }",
        "allow_any",
    ),
    (
        "named_ranges_ipv6 = { federation_clients = [\"::/0\"] }",
        "allow_any",
    ),
    (
        "named_ranges = { federation_clients = [\"10.0.0.5/8\"] }",
        "10.0.0.5/8",
    ),
    (
        "named_ranges = { federation_clients = [] }",
        "federation_clients",
    ),
    (
        "named_ranges = { federation_clients = [\"10.0.0.0/8\", \"10.1.0.0/16\"] }",
        "10.0.0.0/8 of named_ranges `federation_clients`",
    ),
];

#[test]
fn the_generic_root_module_refuses_what_nothing_is_for() {
    refused("generic-firewall", "generic", "", &BAD_RANGES);
    refused(
        "generic-firewall",
        "generic",
        "",
        &[(
            "roles = [\"webhook_reciever\"]",
            "No rule is for webhook_reciever",
        )],
    );
}

#[test]
fn the_azure_root_module_refuses_what_nothing_is_for() {
    let given = "resource_group_name = \"network\"\nlocation = \"westeurope\"\n";
    let clients = "local_addresses = { sts_proxy = [\"10.0.0.4\"] }\n";
    let ranges = BAD_RANGES.map(|(bad, message)| (format!("{clients}{bad}"), message));
    let mut cases: Vec<(&str, &str)> = ranges
        .iter()
        .map(|(bad, message)| (bad.as_str(), *message))
        .collect();
    cases.extend([
        (
            "local_addresses = { exchange = [\"10.0.0.4\"] }",
            "No rule is for exchange",
        ),
        (
            "local_addresses = { sts_proxy = [\"10.0.0.4\"] }\napplication_security_group_ids = { sts_proxy = [\"/subscriptions/x\"] }",
            "sts_proxy",
        ),
        (
            "local_addresses = { sts_proxy = [\"2001:db8::4\"] }",
            "2001:db8::4",
        ),
        (
            "local_addresses = { sts_proxy = [\"10.0.0.0/24\", \"10.0.0.4\"] }",
            "10.0.0.0/24 of local_addresses `sts_proxy`",
        ),
        (
            "local_addresses = { sts_proxy = [\"10.0.0.4\"] }\nnamed_ranges = { federation_clients = [\"10.9.0.0/16\"] }\npriority_offset = 4000",
            "4096",
        ),
    ]);
    refused("azure-nsg", "azure", given, &cases);
}

#[test]
fn the_aws_root_module_refuses_what_nothing_is_for() {
    let given =
        "region = \"eu-central-1\"\nvpc_id = \"vpc-0123456789abcdef0\"\nroles = [\"sts_proxy\"]\n";
    let many: Vec<String> = (0..61).map(|n| format!("10.0.{n}.0/24")).collect();
    let many = format!("named_ranges = {{ federation_clients = {} }}", list(&many));
    let mut cases = BAD_RANGES.to_vec();
    cases.extend([
        ("roles = [\"sts_proxies\"]", "No rule is for sts_proxies"),
        ("vpc_id = \"\"", "vpc_id is empty"),
        ("name_prefix = \"sg-\"", "sg-"),
        // 61 CIDRs, two ports.
        (
            many.as_str(),
            "The group `sts_proxy-1` gets 122 inbound IPv4 rules, and rules_per_group is 60.",
        ),
    ]);
    refused("aws-security-group", "aws", given, &cases);
}

/// What stands in the repository, with its layout: examples find their modules by it.
fn example(desk: &Desk, name: &str) -> PathBuf {
    copy(&repository().join("modules"), &desk.file("modules"));
    let folder = format!("examples/{name}");
    copy(&repository().join(&folder), &desk.file(&folder));
    desk.file(&folder)
}

/// The root modules of an example: itself, or the folders in it.
fn roots(example: &Path) -> Vec<PathBuf> {
    let is_root = |folder: &PathBuf| folder.join("main.tf").exists();
    if is_root(&example.to_owned()) {
        return vec![example.to_owned()];
    }
    let mut roots: Vec<PathBuf> = fs::read_dir(example)
        .expect("folders can be listed")
        .map(|entry| entry.expect("folders can be listed").path())
        .filter(is_root)
        .collect();
    roots.sort();
    roots
}

#[test]
fn every_example_is_applied() {
    let Some(terraform) = Terraform::with_stand_ins("apply of the examples") else {
        return;
    };
    let names = fs::read_dir(repository().join("examples")).expect("there are examples");
    let mut applied = 0;
    for name in names {
        let name = name.unwrap().file_name().into_string().unwrap();
        let desk = Desk::new();
        for root in roots(&example(&desk, &name)) {
            let values = root.join("terraform.tfvars.example");
            if values.exists() {
                fs::copy(&values, root.join("terraform.tfvars")).unwrap();
            }
            terraform.succeeds(&root, &["init", "-no-color"]);
            terraform.succeeds(&root, &["validate", "-no-color"]);
            let (counts, said) = terraform.applies(&root);
            assert!(counts.add > 0, "{name}: {said}");
            terraform.has_nothing_to_do(&root);
            terraform.succeeds(&root, &["destroy", "-no-color", "-auto-approve"]);
            applied += 1;
        }
    }
    assert_eq!(
        applied, 8,
        "all of them, those with several root modules too"
    );
}

#[test]
fn the_example_for_any_firewall_writes_its_openings_as_csv() {
    let Some(terraform) = Terraform::alone("apply of an example") else {
        return;
    };
    let desk = Desk::new();
    let folder = example(&desk, "another-firewall");
    terraform.succeeds(&folder, &["init", "-no-color"]);
    let (counts, _) = terraform.applies(&folder);
    // Row 23: 106; row 13: 6; row 19: 14.
    assert_eq!(counts.add, 126);
    let csv = terraform.succeeds(&folder, &["output", "-json", "csv"]);
    assert!(csv.contains("13.78.204.0/32"), "{csv}");
}
