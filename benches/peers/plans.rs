//! What reviewers wait for and read: Terraform's plans of the same rules, written by the program and by hand.

use std::fs;
use std::path::{Path, PathBuf};

use crate::by_hand::{self, Cloud, Way};
use crate::support::measure::{Contender, in_turn, run as run_once};
use crate::support::rows;
use crate::table::{Line, Part};
use crate::{With, folder, program};

#[allow(dead_code)] // tests use the rest
#[path = "../../tests/support/terraform.rs"]
mod terraform;

use terraform::Terraform;

const SET: &str = "graph-change-notifications";

const WAYS: [(&str, Option<Way>); 3] = [
    ("our rows and module", None),
    ("a resource for each network", Some(Way::EachNetwork)),
    ("rules inside the group", Some(Way::Inline)),
];

pub fn run(_: &With<'_>) -> Vec<Part> {
    let title = |what: &str| format!("(e) terraform plan: {what}");
    let Some(terraform) = Terraform::with_stand_ins("part e") else {
        return vec![Part {
            title: title("all"),
            lines: vec![Line::noted("plans", "terraform is not there")],
        }];
    };
    let mut parts = Vec::new();
    for (cloud, target, root, variables) in [
        (Cloud::Azure, "azure-nsg", "azure", AZURE),
        (Cloud::Aws, "aws-security-group", "aws", AWS),
    ] {
        let desk = tempfile::tempdir().expect("a temporary folder can be made");
        let roots = write(desk.path(), cloud, target, (root, variables));
        for root in &roots {
            terraform.succeeds(root, &["init", "-no-color"]);
        }
        let first = plans(&terraform, &roots);
        for root in &roots {
            let mut apply = command(&terraform, root, &["apply", "-auto-approve"]);
            run_once(&mut apply).expect("the stand-in takes it");
        }
        change_one(desk.path());
        let changed = plans(&terraform, &roots);
        parts.push(Part {
            title: title(&format!("{target}, the first")),
            lines: first,
        });
        parts.push(Part {
            title: title(&format!("{target}, one network changed")),
            lines: changed,
        });
    }
    parts
}

const AZURE: &str = r#"
resource_group_name  = "network"
location             = "westeurope"
local_addresses      = { webhook_receiver = ["10.0.1.0/28"] }
local_addresses_ipv6 = { webhook_receiver = ["2001:db8:1::/64"] }
"#;

const AWS: &str = r#"
region = "eu-central-1"
vpc_id = "vpc-0123456789abcdef0"
roles  = ["webhook_receiver"]
"#;

/// Writes the rules in all ways, and returns where Terraform runs for each.
fn write(desk: &Path, cloud: Cloud, target: &str, (root, variables): (&str, &str)) -> Vec<PathBuf> {
    let out = desk.join("m365");
    let mut generate = program(&[
        "generate", "--root", "--target", target, "--set", SET, "--out",
    ]);
    run_once(generate.arg(&out)).expect("the defaults can be written");
    let networks: Vec<String> = folder::rows(&out)
        .iter()
        .flat_map(|file| rows::read(&out.join(file)).expect("it was written a moment ago"))
        .flat_map(|(_, row)| row["networks"].as_array().cloned().unwrap_or_default())
        .filter_map(|network| network.as_str().map(str::to_owned))
        .collect();
    let ours = out.join("root").join(root);
    fs::write(ours.join("terraform.tfvars"), variables).expect("files can be written");
    let mut roots = vec![ours];
    for (name, way) in WAYS {
        let Some(way) = way else { continue };
        let folder = desk.join(name.replace(' ', "-"));
        fs::create_dir_all(&folder).expect("folders can be made");
        let text = format!("{:#}", by_hand::document(cloud, way, &networks));
        fs::write(folder.join("main.tf.json"), text).expect("files can be written");
        roots.push(folder);
    }
    roots
}

/// The same network becomes another, wherever it is written.
fn change_one(desk: &Path) {
    for file in folder::files(desk) {
        let name = file.to_string_lossy();
        if !name.ends_with("main.tf") && !name.ends_with("main.tf.json") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("files are text");
        let text = text.replace("\"13.78.204.0/32\"", "\"13.78.205.0/32\"");
        fs::write(file, text).expect("files can be written");
    }
}

/// How long each plan takes, and how long it is.
fn plans(terraform: &Terraform, roots: &[PathBuf]) -> Vec<Line> {
    let plan = &["plan", "-no-color", "-input=false"];
    let contenders = WAYS.iter().zip(roots);
    let contenders: Vec<Contender<'_>> = contenders
        .map(|((name, _), root)| Contender::new(name, move || command(terraform, root, plan)))
        .collect();
    let costs = in_turn(&contenders);
    let lines = contenders.iter().zip(roots).zip(&costs);
    lines
        .map(|((contender, root), cost)| {
            let output = command(terraform, root, plan).output();
            let said = output.map(|output| output.stdout).unwrap_or_default();
            let said = String::from_utf8_lossy(&said);
            // What a review shows: not what Terraform says while it reads.
            let shown = said
                .lines()
                .filter(|line| !line.contains(": Refreshing state..."));
            let (lines, characters) = shown.fold((0, 0), |(lines, characters), line| {
                (lines + 1, characters + line.chars().count() + 1)
            });
            let counts = said.lines().find(|line| line.starts_with("Plan: "));
            Line::new(contender.name, cost)
                .against(&costs[0])
                .note(format!(
                    "{} lines, {} characters; {}",
                    lines,
                    characters,
                    counts.unwrap_or("no changes").trim_start_matches("Plan: ")
                ))
        })
        .collect()
}

fn command(terraform: &Terraform, root: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = terraform.command(root, arguments);
    command.env("PERIMETER365_STAND_IN_INLINE", "1");
    command
}

/// What the stand-ins' builder says where it can't run.
fn skip(_: &str, _: &str) {}
