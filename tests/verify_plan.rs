//! Plans and states of the real Terraform, judged as they are.

mod support;

use serde_json::{Value, json};
use support::plans::{Made, address, findings, judged, obstacles, remove, resources};
use support::roots::*;
use support::terraform::Terraform;

#[test]
fn first_plans_and_plans_without_changes_open_what_is_wanted() {
    for made in ALL.into_iter().filter_map(|made| made.as_ref()) {
        is_equal(&made.judged(&made.plan).proof);
        is_equal(&made.judged(&made.noop).proof);
    }
}

#[test]
fn states_open_what_is_wanted() {
    for made in [&AZURE, &AZURE_FIREWALL, &AWS_NETWORK_FIREWALL] {
        let Some(made) = made.as_ref() else { return };
        is_equal(&made.judged(&made.state).proof);
    }
}

#[test]
fn a_state_does_not_tell_which_openings_a_range_makes() {
    for made in [&AWS, &GENERIC] {
        let Some(made) = made.as_ref() else { return };
        let proof = made.judged(&made.state).proof;
        assert!(proof.findings.is_empty(), "{:#?}", findings(&proof));
        finds(made, &made.state, &["`federation_clients`"]);
        // Without them it is a proof.
        let mut state = made.state.clone();
        let own: Vec<String> = resources(&mut state)
            .into_iter()
            .filter_map(|resource| resource["address"].as_str())
            .filter(|address| address.contains("203.0.113.0/24"))
            .map(str::to_owned)
            .collect();
        assert!(!own.is_empty());
        for address in own {
            remove(&mut state, &address);
        }
        is_equal(&made.judged(&state).proof);
    }
}

#[test]
fn rows_in_the_configuration_are_compared_too() {
    let Some(made) = AZURE.as_ref() else { return };
    let rules = "/configuration/root_module/module_calls/worldwide_inbound_hybrid_server/module/module_calls/rules/expressions/rules";
    let row = format!("{rules}/constant_value/graph-change-notifications.webhook_receiver.ipv4");
    let case = |pointer: &str, value: Value, texts: &[&str]| {
        let mut plan = made.plan.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        plan.pointer_mut(parent)
            .unwrap_or_else(|| panic!("{parent}"))[name] = value;
        finds(made, &plan, texts);
    };
    case(
        &format!("{row}/networks"),
        json!(["10.0.0.0/8"]),
        &["surplus", "deficit"],
    );
    case(
        &format!("{row}/ports"),
        json!(["443", "22"]),
        &["surplus", "tcp/22"],
    );
    case(
        &format!("{row}/priority"),
        json!(7),
        &["the lock gives 210"],
    );
    case(&format!("{row}/note"), json!("x"), &["no field `note`"]);
    case(&format!("{row}/range"), json!("x"), &["exactly one"]);
    case(
        &format!("{row}/networks"),
        json!("10.0.0.0/8"),
        &["no list"],
    );
    case(&format!("{rules}/constant_value"), json!([]), &["`rules`"]);
    let traffic = rules.replace("/rules/expressions/rules", "/rules/expressions/traffic");
    case(
        &format!("{traffic}/constant_value"),
        json!("all"),
        &["no traffic that we know"],
    );
    let mut plan = made.plan.clone();
    *plan.pointer_mut(rules).unwrap() = json!({"references": ["local.rows"]});
    let proof = made.judged(&plan).proof;
    is_equal(&proof);
    assert!(
        proof
            .outside
            .iter()
            .any(|text| text.contains("no literals")),
        "{:#?}",
        proof.outside
    );
}

#[test]
fn what_is_no_plan_is_an_error() {
    let Some(made) = AZURE.as_ref() else { return };
    let mut newer = made.plan.clone();
    newer["format_version"] = "2.0".into();
    let deep = format!(
        "{{\"format_version\": \"1.2\", \"version\": {}",
        "[".repeat(100_000)
    );
    for (bytes, text) in [
        ("".as_bytes(), "it is empty"),
        (b"{\"format_version\": \"1.2\", ", "it is cut off"),
        (b"PK\x03\x04", "it is a plan as Terraform keeps it"),
        (b"\xff\xfe{\0}\0", "UTF-16"),
        (b"{}", "neither a plan nor a state"),
        (b"[]", "terraform show -json"),
        (
            b"{\"version\": 4, \"resources\": []}",
            "a state file as Terraform keeps it",
        ),
        (
            b"{\"format_version\": \"1.2\", \"format_version\": \"1.2\"}",
            "duplicate",
        ),
        (
            b"{\"format_version\": \"1.2\", \"planned_values\": []}",
            "terraform show -json",
        ),
        (
            b"{\"format_version\": \"1.2\", \"variables\": {\"a\": {}, \"a\": {}}}",
            "twice",
        ),
        (newer.to_string().as_bytes(), "format 2.0"),
        (deep.as_bytes(), "recursion"),
    ] {
        let errors = judged(&made.folder, bytes)
            .map(|_| ())
            .unwrap_err()
            .join("\n");
        assert!(errors.contains(text), "{errors}");
    }
    let nothing = judged(
        &made.folder,
        b"{\"format_version\": \"1.0\", \"values\": {}}",
    )
    .unwrap();
    assert!(
        obstacles(&nothing.proof)
            .join("")
            .contains("no module of ours")
    );
}

#[test]
fn plans_of_the_examples_open_what_is_wanted() {
    let Some(terraform) = Terraform::with_stand_ins("plans of the examples") else {
        return;
    };
    for (name, root) in [
        ("adfs-and-webhooks-aws", ""),
        ("another-firewall", ""),
        ("aws-network-firewall", ""),
        ("azure-firewall", ""),
        ("hybrid-azure", ""),
        ("one-organisation", "aws"),
        ("one-organisation", "azure"),
        ("one-organisation", "on-premises"),
    ] {
        let made = Made::example(&terraform, name, root);
        is_equal(&made.judged(&made.plan).proof);
        is_equal(&made.judged(&made.noop).proof);
        // What ranges make is told by no state, where they are keys among others.
        let proof = made.judged(&made.state).proof;
        assert!(proof.findings.is_empty(), "{:#?}", findings(&proof));
        let whys = obstacles(&proof);
        assert!(
            whys.iter().all(|why| why.contains("from the range")),
            "{name} {root}: {whys:#?}"
        );
    }
}

const COMPUTED: &str = r#"
resource "terraform_data" "computed" {
  for_each = { ipv4 = "10.0.0.4", range = "203.0.113.0/24" }
  input    = each.value
}
"#;

#[test]
fn modules_that_are_called_for_each_of_something_are_judged_one_by_one() {
    let Some(terraform) = Terraform::with_stand_ins("plans of repeated calls") else {
        return;
    };
    let root = r#"
provider "azurerm" {
  features {}
}

module "sites" {
  source   = "./site"
  for_each = { "a.b" = ["10.0.0.4"], "c]\"d" = ["10.0.0.5"] }
  hosts    = each.value
}
"#;
    let site = r#"
variable "hosts" {
  type = list(string)
}

module "inbound" {
  source = "../../m365/worldwide/inbound-hybrid-server/azure-nsg"
  count  = 2

  resource_group_name         = "network"
  location                    = "westeurope"
  network_security_group_name = "group-${var.hosts[0]}-${count.index}"
  priority_offset             = 500
  name_prefix                 = "worldwide."
  local_addresses             = { sts_proxy = var.hosts, webhook_receiver = [for host in var.hosts : host] }
  named_ranges                = { federation_clients = [terraform_data.range.output] }
}

resource "terraform_data" "range" {
  input = "203.0.113.0/24"
}
"#;
    let made = Made::of(
        &terraform,
        "--target azure-nsg --set federation-sts --set graph-change-notifications",
        &[("team/main.tf", root), ("team/site/main.tf", site)],
        "team",
    );
    for document in [&made.plan, &made.noop, &made.state] {
        let proof = made.judged(document).proof;
        is_equal(&proof);
        // Three rules and a group each, four times.
        assert_eq!(proof.rows, 16);
        assert!(
            proof
                .outside
                .iter()
                .any(|text| text.contains("`federation_clients`"))
        );
    }
    // One of four lacks a rule.
    let mut plan = made.plan.clone();
    let kind = "azurerm_network_security_rule";
    let own = address(
        &mut plan,
        kind,
        "module.sites[\"c]\\\"d\"].module.inbound[1]",
    );
    remove(&mut plan, &own);
    let proof = made.judged(&plan).proof;
    assert_eq!(findings(&proof).len(), 1, "{:#?}", obstacles(&proof));
    assert!(
        findings(&proof)[0].contains("module.inbound[1].module.rules inbound"),
        "{:#?}",
        findings(&proof)
    );
}

#[test]
fn computed_hosts_and_ranges_are_outside_the_proof() {
    let Some(terraform) = Terraform::with_stand_ins("plans of computed addresses") else {
        return;
    };
    let hosts = r#"
  local_addresses = { sts_proxy = [terraform_data.computed["ipv4"].output], webhook_receiver = [terraform_data.computed["ipv4"].output] }
  named_ranges    = { federation_clients = [terraform_data.computed["range"].output] }
"#;
    for (target, provider, arguments) in [
        (
            "azure-nsg",
            "provider \"azurerm\" {\n  features {}\n}",
            "resource_group_name = \"network\"\n  location = \"westeurope\"",
        ),
        (
            "azure-firewall",
            "provider \"azurerm\" {\n  features {}\n}",
            "firewall_policy_id = \"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/hub\"\n  resource_group_name = \"hub\"\n  location = \"westeurope\"",
        ),
        (
            "aws-network-firewall",
            "provider \"aws\" {\n  region = \"eu-central-1\"\n}",
            "capacity = 1000",
        ),
    ] {
        let text = format!(
            "{COMPUTED}\n{provider}\nmodule \"inbound\" {{\n  source = \"../m365/worldwide/inbound-hybrid-server/{target}\"\n  {arguments}\n{hosts}}}\n"
        );
        let made = Made::of(
            &terraform,
            &format!("--target {target} --set federation-sts --set graph-change-notifications"),
            &[("team/main.tf", &text)],
            "team",
        );
        for document in [&made.plan, &made.noop, &made.state] {
            let proof = made.judged(document).proof;
            is_equal(&proof);
            let range = proof
                .outside
                .iter()
                .find(|text| text.contains("`federation_clients` holds"));
            assert!(range.is_some(), "{target}: {:#?}", proof.outside);
        }
    }
}

#[test]
fn what_is_computed_from_variables_is_not_taken_for_them() {
    let Some(terraform) = Terraform::with_stand_ins("plans of transformed variables") else {
        return;
    };
    let text = r#"
provider "azurerm" {
  features {}
}

variable "hosts" {
  type    = map(list(string))
  default = { sts_proxy = ["10.0.0.4"], webhook_receiver = ["10.0.0.5"], none = ["10.0.0.6"] }
}

variable "local_addresses_ipv6" {
  type    = map(list(string))
  default = { sts_proxy = ["2001:db8::4"], webhook_receiver = ["2001:db8::5"] }
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/azure-nsg"

  resource_group_name  = "network"
  location             = "westeurope"
  local_addresses      = { for role, hosts in var.hosts : role => [for host in hosts : "${host}/32"] if role != "none" }
  local_addresses_ipv6 = var.local_addresses_ipv6
}
"#;
    let made = Made::of(
        &terraform,
        "--target azure-nsg --set federation-sts --set graph-change-notifications",
        &[("team/main.tf", text)],
        "team",
    );
    for document in [&made.plan, &made.noop, &made.state] {
        is_equal(&made.judged(document).proof);
    }
    // A rule that only the variable tells to be missing.
    let mut plan = made.plan.clone();
    let kind = "azurerm_network_security_rule";
    let own = address(&mut plan, kind, "webhook_receiver.ipv6");
    remove(&mut plan, &own);
    finds(
        &made,
        &plan,
        &["deficit graph-change-notifications.webhook_receiver.ipv6"],
    );
}

#[test]
fn names_tags_anywhere_and_full_groups_are_read_as_the_modules_write_them() {
    let Some(terraform) = Terraform::with_stand_ins("plans of all that options ask for") else {
        return;
    };
    let azure = r#"
resource_group_name = "network"
location = "westeurope"
local_addresses = { entra_connect_server = ["10.0.2.4"], mobile_device = ["10.0.4.0/24"] }
local_addresses_ipv6 = { entra_connect_server = ["2001:db8::4"] }
"#;
    let made = Made::of(
        &terraform,
        "--root --target azure-nsg --set entra-connect-sync --set teams-mobile-push --hosts entra-connect-sync.sync=service-tag:AzureActiveDirectory --hosts entra-connect-sync.health=any --hosts teams-mobile-push=any",
        &[("m365/root/azure/terraform.tfvars", azure)],
        "m365/root/azure",
    );
    for document in [&made.plan, &made.noop, &made.state] {
        is_equal(&made.judged(document).proof);
    }
    let aws = r#"
region = "eu-central-1"
vpc_id = "vpc-0123456789abcdef0"
roles  = ["webhook_receiver", "ews_mrs_proxy", "mobile_device"]
"#;
    let made = Made::of(
        &terraform,
        "--root --target aws-security-group --aws-rules-per-group 20",
        &[("m365/root/aws/terraform.tfvars", aws)],
        "m365/root/aws",
    );
    for document in [&made.plan, &made.noop, &made.state] {
        is_equal(&made.judged(document).proof);
    }
}

/// A state with resources of others, each by its type and attributes.
fn others(resources: &[(&str, Value)]) -> Vec<String> {
    let resources: Vec<Value> = resources
        .iter()
        .map(|(kind, values)| {
            json!({"address": format!("{kind}.x"), "mode": "managed", "type": kind, "name": "x", "values": values})
        })
        .collect();
    let state =
        json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}});
    let by = perimeter365::verify::plan::Judge {
        wanted: &[],
        numbers: None,
    };
    let judgement = perimeter365::verify::plan::judge("state", state.to_string().as_bytes(), &by)
        .expect("it is a state");
    let line = |other: &perimeter365::verify::plan::Other| {
        let open = if other.open_to_anywhere { "OPEN " } else { "" };
        format!("{open}{}: {}", other.address, other.what)
    };
    judgement.others.iter().map(line).collect()
}

#[test]
fn rules_of_others_are_listed_and_those_open_to_anywhere_first() {
    let found = others(&[
        (
            "aws_security_group",
            json!({"ingress": [{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/1", "128.0.0.0/1"], "self": false}],
            "egress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["10.0.0.0/8"]}]}),
        ),
        (
            "aws_security_group_rule",
            json!({"type": "ingress", "protocol": "tcp", "from_port": 80, "to_port": 90, "prefix_list_ids": ["pl-1"]}),
        ),
        (
            "aws_network_acl",
            json!({"ingress": [{"action": "deny", "protocol": "-1", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0}]}),
        ),
        ("aws_instance", json!({"source_address": "0.0.0.0/0"})),
        (
            "azurerm_network_security_group",
            json!({"security_rule": [{"name": "a", "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
            "source_port_range": "*", "source_address_prefix": "internet", "destination_address_prefix": "10.0.0.0/8", "destination_port_range": "443"},
            {"name": "b", "access": "Allow", "direction": "Outbound", "protocol": "Tcp", "source_address_prefix": "*", "destination_address_prefix": "10.0.0.0/8"}]}),
        ),
        (
            "azurerm_firewall_policy_rule_collection_group",
            json!({"nat_rule_collection": [{"action": "Dnat", "rule": [{"protocols": ["TCP"],
            "source_addresses": ["*"], "destination_address": "1.2.3.4", "destination_ports": ["443"], "translated_address": "10.0.0.4"}]}]}),
        ),
        (
            "google_compute_firewall",
            json!({"network": "n", "direction": "INGRESS", "source_ranges": ["::/0"], "allow": [{"protocol": "tcp", "ports": ["22"]}]}),
        ),
        (
            "aws_networkfirewall_rule_group",
            json!({"rule_group": [{"rules_source": [{"rules_string": "# x\npass tcp any any -> 10.0.0.4 22 (sid:1;)\n"}]}]}),
        ),
        (
            "oci_core_security_list",
            json!({"egress_security_rules": [{"destination": "0.0.0.0/0", "protocol": "all"}]}),
        ),
        (
            "hcloud_firewall",
            json!({"rule": [{"direction": "in", "protocol": "tcp", "port": "22", "source_ips": ["1.2.3.4/32"]}]}),
        ),
        (
            "fortios_firewall_policy",
            json!({"action": "accept", "srcaddr": [{"name": "all"}], "dstaddr": [{"name": "dmz"}]}),
        ),
        (
            "acme_access_rule",
            json!({"source": "ANY", "action": "drop"}),
        ),
        (
            "azurerm_postgresql_firewall_rule",
            json!({"start_ip_address": "0.0.0.0", "end_ip_address": "255.255.255.255"}),
        ),
    ]);
    assert_eq!(
        found,
        [
            "OPEN aws_networkfirewall_rule_group.x: pass tcp any any -> 10.0.0.4 22",
            "OPEN aws_security_group.x: allow tcp 22 from 0.0.0.0/1, 128.0.0.0/1",
            "OPEN azurerm_firewall_policy_rule_collection_group.x: allow TCP 443 from *",
            "OPEN azurerm_network_security_group.x: allow Tcp 443 from internet",
            "OPEN azurerm_postgresql_firewall_rule.x: allow between 255.255.255.255, 0.0.0.0",
            "OPEN fortios_firewall_policy.x: allow between dmz, all",
            "OPEN google_compute_firewall.x: allow from ::/0",
            "OPEN oci_core_security_list.x: allow all to 0.0.0.0/0",
            "acme_access_rule.x: deny between ANY",
            "aws_network_acl.x: deny -1 0 from 0.0.0.0/0",
            "aws_security_group.x: allow -1 0 to 10.0.0.0/8",
            "aws_security_group_rule.x: allow tcp 80-90 from pl-1",
            "azurerm_network_security_group.x: allow Tcp to 10.0.0.0/8",
            "hcloud_firewall.x: allow tcp 22 from 1.2.3.4/32",
        ]
    );
}
