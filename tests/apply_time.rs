//! What is only known when Terraform applies: computed addresses, hosts that come and go.

mod support;

use std::path::PathBuf;

use support::Desk;
use support::terraform::{Counts, Terraform};

const COMPUTED: &str = r#"
# Known only after apply, as an address of a machine is.
resource "terraform_data" "computed" {
  for_each = {
    ipv4  = "10.0.0.4"
    ipv6  = "2001:db8::4"
    range = "203.0.113.0/24"
    vpc   = "vpc-0123456789abcdef0"
  }
  input = each.value
}
"#;

/// A root module of the user's own beside the generated folder.
fn root(desk: &Desk, text: &str) -> PathBuf {
    desk.write("team/main.tf", &format!("{COMPUTED}\n{text}"));
    desk.file("team")
}

const AZURE: &str = r#"
provider "azurerm" {
  features {}
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/azure-nsg"

  resource_group_name = "network"
  location            = "westeurope"
  ADDRESSES
}
"#;

fn azure(desk: &Desk, addresses: &str) -> PathBuf {
    root(desk, &AZURE.replace("ADDRESSES", addresses))
}

fn added(add: usize) -> Counts {
    Counts {
        add,
        change: 0,
        destroy: 0,
    }
}

#[test]
fn azure_takes_addresses_and_ranges_that_are_computed() {
    let Some(terraform) = Terraform::with_stand_ins("apply of computed addresses") else {
        return;
    };
    let desk = Desk::new();
    desk.generate("--target azure-nsg --set federation-sts --set graph-change-notifications")
        .ends(0);
    let root = azure(
        &desk,
        "local_addresses = {
           sts_proxy        = [terraform_data.computed[\"ipv4\"].output]
           webhook_receiver = [terraform_data.computed[\"ipv4\"].output]
         }
         local_addresses_ipv6 = {
           webhook_receiver = [terraform_data.computed[\"ipv6\"].output]
         }
         named_ranges = {
           federation_clients = [terraform_data.computed[\"range\"].output]
         }",
    );
    terraform.succeeds(&root, &["init", "-no-color"]);
    let (counts, said) = terraform.applies(&root);
    // Two rules of row 4 and two of row 23, the group, and what is computed.
    assert_eq!(counts, added(4 + 1 + 4), "{said}");
    terraform.has_nothing_to_do(&root);
}

#[test]
fn what_is_computed_and_wrong_is_refused_when_it_is_known() {
    let Some(terraform) = Terraform::with_stand_ins("refusals of computed addresses") else {
        return;
    };
    for (name, value, message) in [
        ("range", "0.0.0.0/0", "allow_any"),
        ("range", "10.0.0.5/8", "10.0.0.5/8"),
        ("ipv4", "2001:db8::4", "2001:db8::4"),
    ] {
        let desk = Desk::new();
        desk.generate("--target azure-nsg --set federation-sts")
            .ends(0);
        let root = azure(
            &desk,
            "local_addresses = { sts_proxy = [terraform_data.computed[\"ipv4\"].output] }
             named_ranges = { federation_clients = [terraform_data.computed[\"range\"].output] }",
        );
        let text = desk.read("team/main.tf");
        let line = |value: &str| format!("    {name:<5} = \"{value}\"\n");
        let known = text
            .lines()
            .find(|line| line.starts_with(&format!("    {name} ")));
        let spoilt = text.replace(&format!("{}\n", known.unwrap()), &line(value));
        assert_ne!(text, spoilt);
        desk.write("team/main.tf", &spoilt);
        terraform.succeeds(&root, &["init", "-no-color"]);
        terraform.succeeds(&root, &["plan", "-no-color"]);
        let said = terraform.refuses(&root, &["apply", "-no-color", "-auto-approve"]);
        assert!(said.contains(message), "{value}: {said}");
        let made = terraform.succeeds(&root, &["state", "list"]);
        assert!(!made.contains("azurerm_network_security_rule"), "{made}");
    }
}

#[test]
fn one_family_is_enough_and_what_it_leaves_out_is_told() {
    let Some(terraform) = Terraform::with_stand_ins("apply of one address family") else {
        return;
    };
    for (addresses, rule, left_out) in [
        (
            "local_addresses = { webhook_receiver = [\"10.0.0.4\"] }",
            "ipv4",
            "ipv6",
        ),
        (
            "local_addresses_ipv6 = { webhook_receiver = [\"2001:db8::4\"] }",
            "ipv6",
            "ipv4",
        ),
    ] {
        let desk = Desk::new();
        desk.generate("--target azure-nsg --set graph-change-notifications")
            .ends(0);
        let root = azure(&desk, addresses);
        let main = desk.read("team/main.tf");
        let outputs = "output \"made\" {\n  value = keys(module.inbound.rule_names)\n}\noutput \"left_out\" {\n  value = module.inbound.rules_left_out\n}\n";
        desk.write("team/main.tf", &format!("{main}{outputs}"));
        terraform.succeeds(&root, &["init", "-no-color"]);
        terraform.applies(&root);
        let output = |name: &str| terraform.succeeds(&root, &["output", "-json", name]);
        assert_eq!(
            output("made").trim(),
            format!("[\"graph-change-notifications.webhook_receiver.{rule}\"]")
        );
        let key = format!("graph-change-notifications.webhook_receiver.{left_out}");
        assert!(output("left_out").contains(&key), "{}", output("left_out"));
    }
}

const AWS: &str = r#"
provider "aws" {
  region = "eu-central-1"
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/aws-security-group"

  vpc_id = terraform_data.computed["vpc"].output
  ARGUMENTS
}
"#;

const INTERFACES: &str = r#"
resource "aws_network_interface" "host" {
  for_each = toset(["sts_proxy", "webhook_receiver"])

  subnet_id       = "subnet-0123456789abcdef0"
  security_groups = lookup(module.inbound.security_group_ids, each.key, [])
}
"#;

fn aws(desk: &Desk, arguments: &str) -> PathBuf {
    let text = AWS.replace("ARGUMENTS", arguments);
    root(desk, &format!("{text}{INTERFACES}"))
}

/// Groups that are attached can't be destroyed: whatever goes is detached first, or stays.
#[test]
fn groups_come_and_go_while_they_are_attached() {
    const BOTH: &str = "roles = [\"sts_proxy\", \"webhook_receiver\"]\n  named_ranges = { federation_clients = [\"203.0.113.0/24\"] }";
    let Some(terraform) = Terraform::with_stand_ins("apply of attached groups") else {
        return;
    };
    let desk = Desk::new();
    desk.generate(
        "--target aws-security-group --set federation-sts --set graph-change-notifications",
    )
    .ends(0);
    let root = aws(&desk, BOTH);
    terraform.succeeds(&root, &["init", "-no-color"]);
    let (counts, said) = terraform.applies(&root);
    // Three groups, two rules of row 4 and 106 of row 23, two interfaces, and what is computed.
    assert_eq!(counts, added(3 + 2 + 106 + 2 + 4), "{said}");
    terraform.has_nothing_to_do(&root);

    let changed = |change: usize, destroy: usize| Counts {
        add: 0,
        change,
        destroy,
    };
    // The set goes, its groups stay and stay attached.
    desk.generate("--set federation-sts").ends(0);
    assert_eq!(terraform.applies(&root).0, changed(0, 106));
    // Pruned, they are detached and destroyed, in one apply.
    desk.generate("--prune-groups").ends(0);
    aws(
        &desk,
        "roles = [\"sts_proxy\"]\n  named_ranges = { federation_clients = [\"203.0.113.0/24\"] }",
    );
    assert_eq!(terraform.applies(&root).0, changed(1, 2));
    // A range that is given no more leaves its group, without rules.
    aws(&desk, "roles = [\"sts_proxy\"]");
    assert_eq!(terraform.applies(&root).0, changed(0, 2));
    desk.generate("--set federation-sts --set graph-change-notifications")
        .ends(0);
    aws(&desk, BOTH);
    terraform.applies(&root);
    // A role that is named no more lets its group go.
    aws(&desk, "roles = [\"webhook_receiver\"]");
    assert_eq!(terraform.applies(&root).0, changed(1, 3));
    terraform.has_nothing_to_do(&root);
    terraform.succeeds(&root, &["destroy", "-no-color", "-auto-approve"]);
}

/// The CIDRs of a range are keys of rules, as the modules' READMEs say, with the remedy.
#[test]
fn a_range_that_is_computed_stops_the_plan_where_it_is_a_key() {
    let Some(terraform) = Terraform::with_stand_ins("plan of a computed range") else {
        return;
    };
    let desk = Desk::new();
    desk.generate("--target aws-security-group --set federation-sts")
        .ends(0);
    let root = aws(
        &desk,
        "roles = [\"sts_proxy\"]\n  named_ranges = { federation_clients = [terraform_data.computed[\"range\"].output] }",
    );
    terraform.succeeds(&root, &["init", "-no-color"]);
    let said = terraform.refuses(&root, &["plan", "-no-color"]);
    assert!(
        said.contains("Invalid for_each argument") && said.contains("-target"),
        "{said}"
    );
    let computed = "-target=terraform_data.computed";
    terraform.succeeds(&root, &["apply", "-no-color", "-auto-approve", computed]);
    terraform.applies(&root);
    terraform.has_nothing_to_do(&root);
}

#[test]
fn azure_firewall_takes_a_policy_addresses_and_ranges_that_are_computed() {
    let Some(terraform) = Terraform::with_stand_ins("apply of computed addresses") else {
        return;
    };
    let desk = Desk::new();
    desk.generate("--target azure-firewall --set federation-sts --set graph-change-notifications")
        .ends(0);
    let root = root(
        &desk,
        r#"
provider "azurerm" {
  features {}
}

resource "azurerm_firewall_policy" "hub" {
  name                = "hub"
  resource_group_name = "hub"
  location            = "westeurope"
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/azure-firewall"

  firewall_policy_id  = azurerm_firewall_policy.hub.id
  resource_group_name = "hub"
  location            = "westeurope"

  local_addresses = {
    sts_proxy        = [terraform_data.computed["ipv4"].output]
    webhook_receiver = [terraform_data.computed["ipv4"].output]
  }
  named_ranges = {
    federation_clients = [terraform_data.computed["range"].output]
  }
}
"#,
    );
    terraform.succeeds(&root, &["init", "-no-color"]);
    let (counts, said) = terraform.applies(&root);
    // The policy, its group of rules, the IP group of row 23, and what is computed.
    assert_eq!(counts, added(1 + 1 + 1 + 4), "{said}");
    terraform.has_nothing_to_do(&root);
    // A set that goes takes its IP group along, after the rule that names it.
    desk.generate("--set federation-sts").ends(0);
    let text = desk.read("team/main.tf");
    let host = text
        .lines()
        .find(|line| line.contains("webhook_receiver = "));
    desk.write("team/main.tf", &text.replace(host.unwrap(), ""));
    let (counts, said) = terraform.applies(&root);
    assert_eq!(
        counts,
        Counts {
            add: 0,
            change: 1,
            destroy: 1
        },
        "{said}"
    );
}

#[test]
fn aws_network_firewall_takes_addresses_and_ranges_that_are_computed() {
    let Some(terraform) = Terraform::with_stand_ins("apply of computed addresses") else {
        return;
    };
    let desk = Desk::new();
    desk.generate(
        "--target aws-network-firewall --set federation-sts --set graph-change-notifications",
    )
    .ends(0);
    let root = root(
        &desk,
        r#"
provider "aws" {
  region = "eu-central-1"
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/aws-network-firewall"

  local_addresses = {
    sts_proxy        = [terraform_data.computed["ipv4"].output]
    webhook_receiver = [terraform_data.computed["ipv4"].output]
  }
  local_addresses_ipv6 = {
    webhook_receiver = [terraform_data.computed["ipv6"].output]
  }
  named_ranges = {
    federation_clients = [terraform_data.computed["range"].output]
  }
}
"#,
    );
    terraform.succeeds(&root, &["init", "-no-color"]);
    let (counts, said) = terraform.applies(&root);
    // The rule group, and what is computed.
    assert_eq!(counts, added(1 + 4), "{said}");
    terraform.has_nothing_to_do(&root);
}
