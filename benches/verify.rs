//! How long a proof takes: of the default folder, and of plans of 10,000 rules for AWS security groups and any other firewall,
//! in this process and as a whole one. Aim: under one second for such a plan.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};
use ipnet::{IpNet, Ipv4Net};
use perimeter365::catalogue::document::Document;
use perimeter365::catalogue::{Catalogue, Cloud, Endpoints};
use perimeter365::generate::{Request, generate};
use perimeter365::literal::{self, Entry};
use perimeter365::options::{Options, Words};
use perimeter365::source::embedded;
use perimeter365::verify::numbers::Numbers;
use perimeter365::verify::plan::{Judge, judge};
use perimeter365::verify::proof::Verdict;
use perimeter365::verify::wanted::wanted;
use perimeter365::verify::{files, folder};
use serde_json::{Value as Json, json};

use support::measure::run;
use support::rows::json_of;

const RULES: u32 = 10_000;
const SET: &str = "graph-change-notifications";
const PLACE: &str = "worldwide/inbound-hybrid-server";

/// The embedded facts with one set, for which Microsoft connects from `RULES` addresses.
fn crowded() -> Catalogue {
    let mut catalogue = embedded::read().expect("the embedded catalogue is valid");
    catalogue.sets.retain(|set| set.key.as_str() == SET);
    let remotes = &mut catalogue.sets[0].flows[0].remotes;
    remotes.retain(|remote| remote.clouds.value.contains(&Cloud::Worldwide));
    let first = u32::from_be_bytes([20, 0, 0, 0]);
    // Not neighbours, so that nothing could be joined.
    let network = |number: u32| {
        IpNet::from(Ipv4Net::new_assert(
            Ipv4Addr::from_bits(first + 3 * number),
            32,
        ))
    };
    remotes[0].endpoints.value = Endpoints::Networks((0..RULES).map(network).collect());
    catalogue
}

/// A plan for `target`, and what it is held against.
struct Case {
    target: &'static str,
    folder: PathBuf,
    plan: PathBuf,
}

impl Case {
    fn new(desk: &Path, target: &'static str) -> Self {
        let folder = desk.join(target);
        let catalogue = desk.join("catalogue.json");
        let facts = crowded();
        let document = Document::of(&facts, &facts.sets[0].source);
        let text = serde_json::to_string(&document).expect("it is JSON");
        fs::write(&catalogue, text).expect("files can be written");
        let request = Request {
            out: folder.clone(),
            words: Words {
                catalogue: Some(vec![catalogue.display().to_string()]),
                ..words(target)
            },
            ..Request::default()
        };
        generate(&request).expect("it fits the limits");
        let text = fs::read_to_string(folder.join(format!("{PLACE}/{target}/main.tf")));
        let text = text.expect("it was written a moment ago");
        let (body, _) = literal::read(&text).expect("it was written by the program");
        let rules = body.blocks[0].body.attribute("rules").expect("it has rows");
        let rules = rules.value.object().expect("they are a map");
        let plan = desk.join(format!("{target}.json"));
        fs::write(&plan, plan_of(target, rules)).expect("files can be written");
        Self {
            target,
            folder,
            plan,
        }
    }

    /// Judges the plan in this process.
    fn judge(&self) -> Verdict {
        let catalogue = crowded();
        let options = Options::parse(&words(self.target), &catalogue).expect("they were used");
        let lock = fs::read_to_string(self.folder.join("perimeter365.lock")).expect("it is there");
        let by = Judge {
            wanted: &wanted(&catalogue, &options),
            numbers: Some(&Numbers::read(&lock).expect("it is one")),
        };
        let bytes = fs::read(&self.plan).expect("it was written");
        let judgement = judge("plan.json", &bytes, &by).expect("it is a plan");
        judgement.proof.verdict()
    }
}

fn words(target: &str) -> Words {
    Words {
        target: Some(vec![target.to_owned()]),
        ..Words::default()
    }
}

/// What `terraform show -json` writes of a first plan, as far as it tells of rules.
fn plan_of(target: &str, rules: &[Entry<'_>]) -> String {
    let module = "module.inbound.module.rules";
    let mut resources: Vec<(String, &str, &str, String, Json, Json)> = Vec::new();
    let mut groups: BTreeMap<String, u64> = BTreeMap::new();
    for row in rules {
        let row = json_of(&row.value);
        let text = |name: &str| row[name].as_str().expect("it is a word").to_owned();
        let (role, slot) = (text("role"), &row["slots"][0]);
        for network in row["networks"].as_array().expect("it has networks") {
            let network = network.as_str().expect("it is a word");
            if target == "generic-firewall" {
                let input = format!("inbound tcp/443 from {network} to {role}");
                resources.push((
                    format!("inbound {role} tcp#{slot} {network}"),
                    "terraform_data",
                    "opening",
                    "terraform.io/builtin/terraform".to_owned(),
                    json!({"input": input, "triggers_replace": null}),
                    json!({"id": true, "output": true}),
                ));
            } else {
                let group = row["group"].as_u64().expect("it has a group");
                groups.insert(format!("{role}-{group}"), group);
                resources.push((
                    format!("{role}-{group} tcp#{slot} {network}"),
                    "aws_vpc_security_group_ingress_rule",
                    "opening",
                    "registry.terraform.io/hashicorp/aws".to_owned(),
                    json!({"cidr_ipv4": network, "cidr_ipv6": null, "description": format!("Microsoft 365 worldwide, inbound-hybrid-server: {role}"),
                        "from_port": 443, "ip_protocol": "tcp", "prefix_list_id": null, "referenced_security_group_id": null,
                        "region": "eu-central-1", "tags": null, "to_port": 443}),
                    json!({"arn": true, "id": true, "security_group_id": true, "security_group_rule_id": true, "tags_all": true}),
                ));
            }
        }
    }
    for (group, number) in &groups {
        let role = group.rsplit_once('-').map_or("", |(role, _)| role);
        resources.push((
            group.clone(),
            "aws_security_group",
            "role",
            "registry.terraform.io/hashicorp/aws".to_owned(),
            json!({"description": format!("Microsoft 365 worldwide, inbound-hybrid-server: {role}, group {number}"),
                "name": format!("m365-worldwide-inbound-hybrid-server-{group}"), "region": "eu-central-1",
                "revoke_rules_on_delete": false, "tags": {}, "tags_all": {}, "timeouts": null, "vpc_id": "vpc-0123456789abcdef0"}),
            json!({"arn": true, "egress": true, "id": true, "ingress": true, "name_prefix": true, "owner_id": true}),
        ));
    }
    let address =
        |kind: &str, name: &str, index: &str| format!("{module}.{kind}.{name}[{index:?}]");
    let planned: Vec<Json> = resources
        .iter()
        .map(|(index, kind, name, provider, values, _)| {
            json!({"address": address(kind, name, index), "mode": "managed", "type": kind, "name": name, "index": index,
                "provider_name": provider, "schema_version": 0, "values": values, "sensitive_values": {}})
        })
        .collect();
    let changes: Vec<Json> = resources
        .iter()
        .map(|(index, kind, name, provider, values, unknown)| {
            json!({"address": address(kind, name, index), "module_address": module, "mode": "managed", "type": kind,
                "name": name, "index": index, "provider_name": provider, "change": {"actions": ["create"], "before": null,
                "after": values, "after_unknown": unknown, "before_sensitive": false, "after_sensitive": {}}})
        })
        .collect();
    let all: serde_json::Map<String, Json> = rules
        .iter()
        .map(|row| (row.name.to_string(), json_of(&row.value)))
        .collect();
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "applyable": true, "complete": true, "errored": false,
        "variables": {},
        "planned_values": {"root_module": {"child_modules": [{"address": "module.inbound",
            "child_modules": [{"address": module, "resources": planned}]}]}},
        "resource_changes": changes,
        "configuration": {"root_module": {"module_calls": {"inbound": {
            "source": format!("./m365/{PLACE}/{target}"),
            "expressions": {"roles": {"constant_value": ["webhook_receiver"]}},
            "module": {"module_calls": {"rules": {"source": format!("../../../modules/{target}"),
                "expressions": {"cloud": {"constant_value": "worldwide"}, "traffic": {"constant_value": "inbound-hybrid-server"},
                    "roles": {"references": ["var.roles"]}, "rules": {"constant_value": all}},
                "module": {
                    "variables": {"rules": {}, "cloud": {}, "traffic": {}, "roles": {}, "named_ranges": {}},
                    "resources": configured(target)}}}, "variables": {"roles": {}}}}}}},
    });
    plan.to_string()
}

/// The resources of a module, as a plan has them.
fn configured(target: &str) -> Json {
    if target == "generic-firewall" {
        return json!([{"address": "terraform_data.opening", "mode": "managed", "type": "terraform_data", "name": "opening",
            "expressions": {"input": {"references": ["each.value"]}}, "schema_version": 0,
            "for_each_expression": {"references": ["local.lines"]}}]);
    }
    json!([
        {"address": "aws_security_group.role", "mode": "managed", "type": "aws_security_group", "name": "role",
            "expressions": {}, "schema_version": 1, "for_each_expression": {"references": ["local.groups"]}},
        {"address": "aws_vpc_security_group_ingress_rule.opening", "mode": "managed",
            "type": "aws_vpc_security_group_ingress_rule", "name": "opening", "schema_version": 0,
            "expressions": {"security_group_id": {"references": ["aws_security_group.role", "local.openings", "each.value"]}},
            "for_each_expression": {"references": ["local.opened.inbound", "local.opened"]}},
    ])
}

fn plans(criterion: &mut Criterion) {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let mut group = criterion.benchmark_group("plan of 10,000 rules");
    group.sample_size(10);
    for target in ["generic-firewall", "aws-security-group"] {
        let case = Case::new(desk.path(), target);
        assert_eq!(case.judge(), Verdict::Equal, "{target}");
        group.bench_function(target, |bencher| bencher.iter(|| black_box(case.judge())));
        whole_process(&case);
    }
    group.finish();
}

/// The program's own time and memory.
fn whole_process(case: &Case) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perimeter365"));
    command.args(["verify", "--plan"]).arg(&case.plan);
    let cost = run(command.arg(&case.folder)).expect("it can be told");
    let size = fs::metadata(&case.plan).map_or(0, |metadata| metadata.len()) >> 20;
    println!(
        "{}: a plan of {RULES} rules, {size} MiB, whole process: {} ms, peak memory {} MiB; aim: 1000 ms",
        case.target,
        cost.wall.as_millis(),
        cost.peak >> 20
    );
}

fn folders(criterion: &mut Criterion) {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let request = Request {
        out: desk.path().join("m365"),
        words: Words {
            root: Some(true),
            ..Words::default()
        },
        ..Request::default()
    };
    generate(&request).expect("the defaults can be written");
    let catalogue = embedded::read().expect("the embedded catalogue is valid");
    let options = Options::parse(&request.words, &catalogue).expect("the defaults are valid");
    let (files, _) = folder::read(&request.out);
    criterion.bench_function("verify: the default folder, in memory", |bencher| {
        bencher.iter(|| {
            black_box(files::prove(
                &files,
                &wanted(&catalogue, &options),
                &options,
            ))
        });
    });
    criterion.bench_function("verify: the default folder, from disk", |bencher| {
        bencher.iter(|| black_box(perimeter365::verify::verify(&request.out)));
    });
}

criterion_group!(benches, folders, plans);
criterion_main!(benches);
