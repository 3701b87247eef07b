//! What is written, given to the real `terraform`, without network.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Desk, terraform};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn everything_is_formatted_as_terraform_formats_it() {
    if !terraform::available("format of the output") {
        return;
    }
    let desk = Desk::new();
    desk.generate("--root --cloud worldwide --cloud usgov-gcchigh --cloud usgov-dod --cloud china --traffic inbound-hybrid-server --traffic outbound-server-only --traffic user --infer --include-retired")
        .ends(0);
    terraform::succeeds(
        &desk.file("m365"),
        &["fmt", "-check", "-recursive", "-diff"],
    );
    // A selection with nothing for a target still has to be well-formed.
    desk.run("generate --out empty --root --set pst-import --traffic user")
        .ends(0);
    terraform::succeeds(
        &desk.file("empty"),
        &["fmt", "-check", "-recursive", "-diff"],
    );
    for folder in ["modules", "examples", "src/render/root"] {
        terraform::succeeds(
            &repository().join(folder),
            &["fmt", "-check", "-recursive", "-diff"],
        );
    }
}

/// The module as users get it: the vendored copy, with the tests that stand beside the original.
#[test]
fn the_generic_module_passes_its_own_tests() {
    if !terraform::available("tests of the generic module") {
        return;
    }
    let desk = Desk::new();
    desk.generate("--target generic-firewall").ends(0);
    let module = desk.file("m365/modules/generic-firewall");
    copy(
        &repository().join("modules/generic-firewall/tests"),
        &module.join("tests"),
    );
    terraform::succeeds(&module, &["init", "-no-color"]);
    let output = terraform::succeeds(&module, &["test", "-no-color"]);
    let passed = output
        .lines()
        .find_map(|line| line.strip_prefix("Success! "))
        .and_then(|rest| rest.split_once(" passed, 0 failed"))
        .and_then(|(count, _)| count.parse::<usize>().ok());
    assert!(passed.is_some_and(|count| count >= 71), "{output}");
}

/// Every role filled: what the rows want is what Terraform creates, and a second plan is clean.
#[test]
fn the_generic_root_is_applied_and_then_has_nothing_to_do() {
    if !terraform::available("apply of the generic root module") {
        return;
    }
    let desk = Desk::new();
    desk.generate("--root --target generic-firewall --cloud worldwide --cloud china")
        .ends(0);
    let root = desk.file("m365/root/generic");
    desk.write(
        "m365/root/generic/terraform.tfvars",
        "named_ranges = {\n  federation_clients    = [\"203.0.113.0/24\"]\n  entra_connect_servers = [\"10.0.0.5/32\"]\n}\n",
    );
    terraform::succeeds(&root, &["init", "-no-color"]);
    terraform::succeeds(&root, &["validate", "-no-color"]);
    let applied = terraform::succeeds(&root, &["apply", "-no-color", "-auto-approve"]);
    // Worldwide. Inbound: row 3, two roles with two ports each: 4; row 4: 2; row 6: 16 + 18; row 10: 2;
    // row 23: 94 + 12. Outbound: row 2: 16; row 9: 1 host, 2 ports; row 13: 3 services, 2 networks;
    // row 19: 7 hosts, 1 host with 2 ports, 3 hosts twice, less 1 that two flows share on port 443; row 25:
    // 9 networks with 3 ports, 13 hosts with 4.
    let inbound = 4 + 2 + 34 + 2 + 106;
    let outbound = 16 + 2 + 6 + (7 + 2 + 3 + 3 - 1) + 9 * 3 + 13 * 4;
    // China. Inbound: rows 3 and 4 as above; row 6: 20 + 13; row 23: 13 + 1. Outbound: row 20: 2 hosts
    // and 3 hosts; row 25 as above.
    let china = 4 + 2 + 33 + 14 + 5 + 9 * 3 + 13 * 4;
    let count = format!(
        "Apply complete! Resources: {} added, 0 changed, 0 destroyed.",
        inbound + outbound + china
    );
    assert!(applied.contains(&count), "expected `{count}` in\n{applied}");
    terraform::succeeds(&root, &["plan", "-no-color", "-detailed-exitcode"]);
    terraform::succeeds(&root, &["destroy", "-no-color", "-auto-approve"]);
}

#[test]
fn a_root_module_refuses_roles_and_ranges_that_nothing_is_for() {
    if !terraform::available("refusals of the root module") {
        return;
    }
    let desk = Desk::new();
    desk.generate("--root --target generic-firewall").ends(0);
    let root = desk.file("m365/root/generic");
    terraform::succeeds(&root, &["init", "-no-color"]);
    for (variables, message) in [
        (
            "roles=[\"webhook_reciever\"]",
            "No rule is for webhook_reciever",
        ),
        (
            "named_ranges={clients=[\"10.0.0.0/8\"]}",
            "No rule names clients",
        ),
        (
            "named_ranges={federation_clients=[\"0.0.0.0/0\"]}",
            "allow_any",
        ),
        (
            "named_ranges={federation_clients=[\"10.0.0.5/8\"]}",
            "10.0.0.5/8",
        ),
        ("named_ranges={federation_clients=[]}", "federation_clients"),
    ] {
        let output = terraform::run(&root, &["plan", "-no-color", "-var", variables]);
        let said = String::from_utf8_lossy(&output.stderr).replace("\n│ ", " ");
        assert!(!output.status.success(), "`{variables}` is let in");
        assert!(
            said.contains(message),
            "`{variables}`: no `{message}` in\n{said}"
        );
    }
}

/// One network more is one line more in the text, and one thing to add in the plan.
#[test]
fn one_change_is_one_change() {
    if !terraform::available("plan of a small change") {
        return;
    }
    let desk = Desk::new();
    desk.generate("--root --target generic-firewall --set graph-change-notifications")
        .ends(0);
    let root = desk.file("m365/root/generic");
    terraform::succeeds(&root, &["init", "-no-color"]);
    terraform::succeeds(&root, &["apply", "-no-color", "-auto-approve"]);
    let main = "m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf";
    let one_more = desk.read(main).replacen(
        "        \"13.87.81.35/32\",\n",
        "        \"13.87.81.34/32\",\n        \"13.87.81.35/32\",\n",
        1,
    );
    desk.write(main, &one_more);
    let plan = terraform::succeeds(&root, &["plan", "-no-color"]);
    assert!(
        plan.contains("Plan: 1 to add, 0 to change, 0 to destroy."),
        "{plan}"
    );
    let read = plan
        .lines()
        .filter(|line| !line.contains("Refreshing state"));
    assert!(read.count() < 40, "a reader sees it at a glance:\n{plan}");
}

#[test]
fn the_example_for_any_firewall_is_applied() {
    if !terraform::available("apply of an example") {
        return;
    }
    let desk = Desk::new();
    // With the repository's layout, which the example's modules are found by.
    copy(&repository().join("modules"), &desk.file("modules"));
    copy(
        &repository().join("examples/another-firewall"),
        &desk.file("examples/another-firewall"),
    );
    let example = desk.file("examples/another-firewall");
    terraform::succeeds(&example, &["init", "-no-color"]);
    let applied = terraform::succeeds(&example, &["apply", "-no-color", "-auto-approve"]);
    // Row 23: 106; row 13: 6; row 19: 14, as above.
    assert!(applied.contains("Resources: 126 added"), "{applied}");
    let csv = terraform::succeeds(&example, &["output", "-json", "csv"]);
    assert!(csv.contains("13.78.204.0/32"), "{csv}");
    terraform::succeeds(&example, &["plan", "-no-color", "-detailed-exitcode"]);
}

fn copy(from: &Path, to: &Path) {
    for (path, text) in support::files(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }
}
