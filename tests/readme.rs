//! What the README shows is what the program does.

mod reference;
mod support;

use std::sync::Mutex;

use perimeter365::catalogue::Kind;
use perimeter365::permit::Form;
use perimeter365::recipient::{Expresses, Services, Wildcards};
use perimeter365::target::{TARGETS, Target};
use perimeter365::template::FORMATS;
use reference::reference;
use support::Desk;
use support::terraform::Terraform;

fn readme() -> &'static str {
    include_str!("../README.md")
}

/// The fenced blocks that a comment of `kind` announces, each with the comment's text.
fn blocks(kind: &str) -> Vec<(String, String)> {
    let opening = format!("<!-- {kind}: ");
    readme()
        .split(&opening)
        .skip(1)
        .map(|part| {
            let (what, rest) = part.split_once(" -->").expect("the comment ends");
            let (_, rest) = rest.split_once("```").expect("a block follows");
            let (_, rest) = rest.split_once('\n').expect("the block has a language");
            let (block, _) = rest.split_once("```").expect("the block ends");
            (what.to_owned(), block.to_owned())
        })
        .collect()
}

/// Each part of `block` between lines of `…` stands in `text`, in order.
#[track_caller]
fn shows(text: &str, block: &str) {
    let mut rest = text;
    for part in block.split("…\n").filter(|part| !part.trim().is_empty()) {
        let Some(at) = rest.find(part) else {
            panic!("the README shows\n{part}\nwhich is not in\n{rest}");
        };
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn the_shown_output_is_real() {
    let shown = blocks("output");
    assert_eq!(shown.len(), 1);
    for (arguments, block) in shown {
        shows(&Desk::new().run(&arguments).ends(0).stdout, &block);
    }
}

/// Tests of one file run at once, and one of them renews the README at a time.
static README: Mutex<()> = Mutex::new(());

/// Holds what stands between the comments `BEGIN what` and `END what` against `wanted`, or with
/// `PERIMETER365_ACCEPT` writes it there.
#[track_caller]
fn holds(what: &str, wanted: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let (begin, end) = (
        format!("<!-- BEGIN {what} -->\n"),
        format!("<!-- END {what} -->"),
    );
    let _renewing = README.lock();
    let text = std::fs::read_to_string(path).expect("the README is there");
    let (before, rest) = text.split_once(&begin).expect("the block begins");
    let (shown, after) = rest.split_once(&end).expect("the block ends");
    if std::env::var_os("PERIMETER365_ACCEPT").is_some() {
        let text = format!("{before}{begin}{wanted}{end}{after}");
        std::fs::write(path, text).expect("the README can be written");
    } else {
        assert_eq!(
            shown, wanted,
            "`PERIMETER365_ACCEPT=1 cargo test --test readme` renews it"
        );
    }
}

#[test]
fn the_shown_import_and_pull_request_are_real() {
    let Some(reference) = reference() else { return };
    let desk = Desk::new();
    for (edition, name) in [
        ("en-US-2023.md", "2023.md"),
        ("en-US-2025-01-08.md", "2025.md"),
    ] {
        let path = reference.join("data/article").join(edition);
        desk.write(name, &std::fs::read_to_string(path).expect("an edition"));
    }
    let import = desk.run("import article 2023.md").ends(2);
    holds("import", &format!("```text\n{}```\n", import.stderr));
    let diff = desk.run("diff 2023.md 2025.md --format markdown").ends(0);
    holds(
        "pull request",
        &format!("````markdown\n{}````\n", diff.stdout),
    );
}

#[test]
fn the_shown_counter_example_is_real() {
    let desk = Desk::new();
    desk.generate("--root").ends(0);
    desk.run("verify m365").ends(0);
    let path = "m365/worldwide/inbound-hybrid-server/azure-nsg/main.tf";
    let wider = desk
        .read(path)
        .replacen("13.78.204.0/32", "13.78.204.0/30", 1);
    desk.write(path, &wider);
    let run = desk.run("verify m365").ends(2);
    holds("verify", &format!("```text\n{}```\n", run.stdout));
}

#[test]
fn the_shown_overlay_is_one() {
    let (_, rest) = readme()
        .split_once("```json\n")
        .expect("an overlay is shown");
    let (overlay, _) = rest.split_once("```").expect("it ends");
    let desk = Desk::new();
    desk.write("overlay.json", overlay);
    desk.generate(
        "--overlay overlay.json --traffic outbound-server-only --traffic inbound-hybrid-server",
    )
    .ends(0);
    let rows = desk.read("m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf");
    assert!(
        rows.contains("hybrid-coexistence") && rows.contains("10.0.2.4/32"),
        "{rows}"
    );
    assert!(rows.contains("example.com.outlookmobile.com"), "{rows}");
    desk.generate("--check --today 2027-06-30").ends(0);
    let run = desk.generate("--check --today 2027-07-01").ends(2);
    assert!(
        run.stdout.contains("4711") || run.stderr.contains("4711"),
        "{run:?}"
    );
}

#[test]
fn the_shown_excerpt_is_real() {
    let desk = Desk::new();
    desk.generate("--root").ends(0);
    let shown = blocks("excerpt");
    assert_eq!(shown.len(), 1);
    for (path, block) in shown {
        shows(&desk.read(&path), &block);
    }
}

#[test]
fn every_option_stands_in_the_readme() {
    let help = Desk::new().run("generate --help").ends(0).stdout;
    let options: Vec<&str> = help
        .split_whitespace()
        .filter(|word| word.starts_with("--"))
        .map(|word| word.trim_end_matches(|c: char| !c.is_ascii_lowercase()))
        .map(|word| word.split(['=', '[']).next().unwrap_or(word))
        .filter(|word| !["--help", "--out"].contains(word))
        .collect();
    assert!(options.len() > 12, "{options:?}");
    for option in options {
        assert!(
            readme().contains(&format!("`{option}")),
            "{option} is not in the README"
        );
    }
}

#[test]
fn the_shown_values_are_taken_by_the_root_modules() {
    let Some(terraform) = Terraform::with_stand_ins("plans of the README's values") else {
        return;
    };
    let desk = Desk::new();
    desk.generate("--root").ends(0);
    let mut planned = 0;
    for part in readme().split("\ncd m365/root/").skip(1) {
        let (root, rest) = part.split_once('\n').expect("a folder's name is a line");
        let (_, rest) = rest.split_once("<<'END'\n").expect("values follow");
        let (values, _) = rest.split_once("\nEND\n").expect("they end");
        let folder = format!("m365/root/{root}");
        desk.write(&format!("{folder}/terraform.tfvars"), values);
        terraform.succeeds(&desk.file(&folder), &["init", "-no-color"]);
        let plan = terraform.succeeds(&desk.file(&folder), &["plan", "-no-color", "-out=plan.bin"]);
        assert!(
            plan.contains("Plan: ") && !plan.contains("Warning"),
            "{plan}"
        );
        let plan = terraform.succeeds(&desk.file(&folder), &["show", "-json", "plan.bin"]);
        desk.write(&format!("{folder}/plan.json"), &plan);
        let run = desk.run(&format!("verify --plan {folder}/plan.json"));
        assert_eq!(run.ends(0).stderr, "", "the folder is found");
        planned += 1;
    }
    assert_eq!(planned, 5, "one for each target");
}

/// What a target or format expresses, in a cell.
fn expresses(expresses: &Expresses) -> String {
    let families: Vec<&str> = expresses
        .networks
        .iter()
        .map(|kind| if *kind == Kind::Ipv4 { "IPv4" } else { "IPv6" })
        .collect();
    let mut parts = vec![families.join(" and ")];
    for rules in expresses.hosts {
        let services = match (rules.form, rules.services) {
            (Form::LookedUp, _) => "looked up on other ports".to_owned(),
            (_, Services::All) => "on all ports".to_owned(),
            (_, Services::HttpOrTls) => {
                "on all TCP ports, by HTTP on 80 and TLS on others".to_owned()
            }
            (_, Services::TcpPorts(numbers)) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                format!("on TCP {}", numbers.join(" and "))
            }
        };
        let wildcards = match rules.wildcards {
            Wildcards::Anywhere => "any wildcard",
            Wildcards::Leading => "a wildcard at the beginning",
            Wildcards::Nowhere => "no wildcards",
        };
        let source = rules.source;
        let source = source.map_or_else(String::new, |url| format!(" ([source]({url}))"));
        parts.push(format!("host names {services}, {wildcards}{source}"));
    }
    if expresses.service_tags {
        parts.push("service tags".to_owned());
    }
    parts.join("; ")
}

fn quotas(target: &Target) -> String {
    let limits = &target.limits;
    let mut quotas: Vec<(usize, &str, &str)> = Vec::new();
    for (limit, counts) in [
        (limits.rules, "rules in a group"),
        (limits.addresses, "addresses on each side of a group"),
    ] {
        quotas.extend(limit.map(|limit| (limit.most, counts, limit.source)));
    }
    if let Some(groups) = &target.groups {
        let rules = usize::from(groups.rules);
        quotas.push((
            rules,
            "rules in a group for each direction and family",
            groups.source,
        ));
        quotas.push((
            groups.per_interface,
            "groups on an interface",
            groups.source,
        ));
    }
    let own = target.quotas.iter();
    quotas.extend(own.map(|quota| (quota.limit.most, quota.counts, quota.limit.source)));
    let mut texts: Vec<String> = Vec::new();
    for (index, (most, counts, source)) in quotas.iter().enumerate() {
        let is_last_of_source = quotas
            .get(index + 1)
            .is_none_or(|(_, _, next)| next != source);
        let source = if is_last_of_source {
            format!(" ([source]({source}))")
        } else {
            String::new()
        };
        texts.push(format!("{most} {counts}{source}"));
    }
    if texts.is_empty() {
        return "none known".to_owned();
    }
    texts.join(", ")
}

/// The table of targets, from what they are and from a run with default options.
fn targets() -> String {
    let desk = Desk::new();
    let templates: Vec<String> = FORMATS
        .iter()
        .map(|format| format!("--template {}", format.name))
        .collect();
    let run = desk
        .generate(&format!("--format json {}", templates.join(" ")))
        .ends(0);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let gaps = report["gaps"].as_array().expect("it lists gaps");
    let own = |name: &str| gaps.iter().filter(|gap| gap["target"] == name).count();
    let shared = gaps
        .iter()
        .filter(|gap| gap.get("target").is_none())
        .count();
    let rows = |name: &str| {
        let mut targets = report["targets"].as_array().unwrap().iter();
        targets.find(|target| target["name"] == name).unwrap()["rows"].clone()
    };
    let mut text = String::from(
        "\n| Target or template | Filters by | Quotas | Entries of a default run | Gaps of its own |\n|---|---|---|---|---|\n",
    );
    let mut line = |name: &str, expresses: String, quotas: String| {
        use std::fmt::Write;
        let _ = writeln!(
            text,
            "| `{name}` | {expresses} | {quotas} | {} | {} |",
            rows(name),
            own(name)
        );
    };
    for target in TARGETS {
        line(target.name, expresses(&target.expresses), quotas(target));
    }
    for format in FORMATS {
        line(
            format.name,
            expresses(&format.expresses),
            "none known".to_owned(),
        );
    }
    text + &format!("\n{shared} more gaps are the catalogue's, for every target.\n\n")
}

/// `PERIMETER365_ACCEPT=1` renews it.
#[test]
fn the_table_of_targets_is_what_they_express_and_a_run_comes_to() {
    holds("targets", &targets());
}
