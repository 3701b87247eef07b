//! azurerm as Terraform sees it: what goes through, and what is refused when.

mod support;

use serde_json::json;
use support::Desk;

const PLAN: &[&str] = &["plan", "-json"];
const APPLY: &[&str] = &["apply", "-auto-approve", "-json"];

const PROVIDER: &str = r#"
provider "azurerm" {
  features {}
  subscription_id                 = "11111111-1111-1111-1111-111111111111"
  resource_provider_registrations = "none"
}
"#;

const GROUP: &str = r#"
resource "azurerm_network_security_group" "this" {
  name                = "group"
  location            = "westeurope"
  resource_group_name = "network"
}
"#;

/// A rule of each key; what a case leaves out is as in `good`.
const RULES: &str = r#"
resource "azurerm_network_security_rule" "this" {
  for_each = { for key, case in local.cases : key => merge(local.good, case) }

  network_security_group_name = "group"
  resource_group_name         = "network"

  name        = try(each.value.name, each.key)
  description = each.value.description
  priority    = each.value.priority
  direction   = each.value.direction
  access      = each.value.access
  protocol    = each.value.protocol

  source_port_range       = each.value.source_port_range
  source_port_ranges      = each.value.source_port_ranges
  destination_port_range  = each.value.destination_port_range
  destination_port_ranges = each.value.destination_port_ranges

  source_address_prefix                      = each.value.source
  source_address_prefixes                    = each.value.sources
  source_application_security_group_ids      = each.value.source_groups
  destination_address_prefix                 = each.value.destination
  destination_address_prefixes               = each.value.destinations
  destination_application_security_group_ids = each.value.destination_groups

  depends_on = [azurerm_network_security_group.this]
}

locals {
  good = {
    description             = null
    priority                = 100
    direction               = "Inbound"
    access                  = "Allow"
    protocol                = "Tcp"
    source_port_range       = "*"
    source_port_ranges      = null
    destination_port_range  = "443"
    destination_port_ranges = null
    source                  = "*"
    sources                 = null
    source_groups           = null
    destination             = "*"
    destinations            = null
    destination_groups      = null
  }
}
"#;

fn rules(cases: &str) -> String {
    format!("{PROVIDER}{GROUP}{RULES}\nlocals {{\n  cases = {{\n{cases}\n  }}\n}}\n")
}

#[test]
fn a_good_configuration_comes_and_goes() {
    let wide = format!(
        r#"{PROVIDER}
        resource "azurerm_resource_group" "this" {{
          name     = "network"
          location = "westeurope"
        }}

        resource "azurerm_network_security_group" "this" {{
          name                = "group"
          location            = azurerm_resource_group.this.location
          resource_group_name = azurerm_resource_group.this.name
          timeouts {{
            create = "1m"
          }}
        }}

        resource "azurerm_application_security_group" "this" {{
          name                = "hosts"
          location            = azurerm_resource_group.this.location
          resource_group_name = azurerm_resource_group.this.name
          tags                = {{ of = "tests" }}
        }}

        resource "azurerm_network_security_rule" "this" {{
          for_each = {{
            bare       = {{ prefix = null, prefixes = ["192.0.2.1", "192.0.2.2/32", "192.0.2.4/30"], ids = null }}
            tag        = {{ prefix = "AzureCloud.WestEurope", prefixes = null, ids = null }}
            neighbours = {{ prefix = null, prefixes = ["10.0.0.0/9", "10.128.0.0/9"], ids = null }}
            hosts      = {{ prefix = null, prefixes = null, ids = [azurerm_application_security_group.this.id] }}
            ipv6       = {{ prefix = "2001:db8::/32", prefixes = null, ids = null }}
          }}
          name                                  = each.key
          resource_group_name                   = azurerm_resource_group.this.name
          network_security_group_name           = azurerm_network_security_group.this.name
          priority                              = 100 + index(["bare", "tag", "neighbours", "hosts", "ipv6"], each.key)
          direction                             = each.key == "hosts" ? "Outbound" : "Inbound"
          access                                = "Allow"
          protocol                              = each.key == "tag" ? "*" : "Udp"
          source_port_range                     = "*"
          source_address_prefix                 = each.value.prefix
          source_address_prefixes               = each.value.prefixes
          source_application_security_group_ids = each.value.ids
          destination_port_ranges               = ["0", "443", "50000-59999", "65535"]
          destination_address_prefix            = "*"
        }}

        resource "azurerm_subnet_network_security_group_association" "this" {{
          subnet_id                 = "${{azurerm_resource_group.this.id}}/providers/Microsoft.Network/virtualNetworks/net/subnets/a"
          network_security_group_id = azurerm_network_security_group.this.id
        }}

        resource "azurerm_network_interface_security_group_association" "this" {{
          network_interface_id      = "${{azurerm_resource_group.this.id}}/providers/Microsoft.Network/networkInterfaces/a"
          network_security_group_id = azurerm_network_security_group.this.id
        }}
        "#
    );
    let Some(mut desk) = Desk::new("azurerm", &wide) else {
        return;
    };
    desk.set("PERIMETER365_STAND_IN_JITTER", "20");
    desk.succeeds(&["validate", "-no-color"]);
    desk.applies("Resources: 10 added, 0 changed, 0 destroyed");
    let rule = desk.succeeds(&[
        "state",
        "show",
        "-no-color",
        "azurerm_network_security_rule.this[\"tag\"]",
    ]);
    assert!(
        rule.contains("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/network/providers/Microsoft.Network/networkSecurityGroups/group/securityRules/tag\""),
        "{rule}"
    );

    // In place, and by replacement.
    desk.main(&wide.replace("192.0.2.4/30", "192.0.2.8/30"));
    desk.plans("Plan: 0 to add, 1 to change, 0 to destroy.");
    desk.applies("Resources: 0 added, 1 changed, 0 destroyed");
    desk.main(&wide.replace("= each.key\n", "= \"new-${each.key}\"\n"));
    desk.plans("Plan: 5 to add, 0 to change, 5 to destroy.");

    // What is gone from the cloud is planned anew.
    desk.main(&wide.replace("192.0.2.4/30", "192.0.2.8/30"));
    desk.change_cloud(|objects| {
        objects.retain(|id, _| !id.ends_with("/securityrules/tag"));
    });
    desk.plans("Plan: 1 to add, 0 to change, 0 to destroy.");
    desk.succeeds(&["destroy", "-auto-approve", "-no-color"]);
    desk.change_cloud(|objects| assert!(objects.is_empty(), "{objects:?}"));
}

#[test]
fn without_a_file_the_cloud_believes_the_state() {
    let Some(mut desk) = Desk::new("azurerm", &rules("one = {}")) else {
        return;
    };
    desk.set("PERIMETER365_STAND_IN_CLOUD", "");
    desk.applies("Resources: 2 added");
    desk.main(&rules("one = {}\ntwo = { priority = 101 }"));
    desk.applies("Resources: 1 added");
    desk.succeeds(&["destroy", "-auto-approve", "-no-color"]);
}

#[test]
fn features_are_required() {
    let Some(desk) = Desk::new("azurerm", GROUP) else {
        return;
    };
    let said = desk.run(&["plan", "-no-color"]);
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("features"), "{said}");
}

#[test]
fn the_provider_refuses_at_plan() {
    let cases = r#"
      protocol            = { protocol = "tcp" }
      access              = { access = "allow" }
      direction           = { direction = "inbound" }
      description         = { description = join("", [for index in range(70) : "é."]) }
      priority-low        = { priority = 99 }
      priority-high       = { priority = 4097 }
      "name/slash"        = {}
      source-two          = { sources = ["192.0.2.0/24"] }
      source-empty-list   = { sources = [] }
      source-none         = { source = null }
      source-groups       = { source_groups = ["/a"] }
      destination-two     = { destinations = ["192.0.2.0/24"] }
      destination-none    = { destination = null }
      destination-groups  = { destination_groups = ["/a"] }
      many-groups         = { source = null, source_groups = [for index in range(11) : "/${index}"] }
      source-ports        = { source_port_ranges = ["1"] }
      source-no-port      = { source_port_range = null }
      destination-ports   = { destination_port_ranges = [] }
      destination-no-port = { destination_port_range = null }
    "#;
    let Some(desk) = Desk::new("azurerm", &rules(cases)) else {
        return;
    };
    desk.refuses(
        PLAN,
        "azurerm_network_security_rule.this",
        &[
            ("protocol", "expected protocol to be one of"),
            ("access", "expected access to be one of"),
            ("direction", "expected direction to be one of"),
            (
                "description",
                "expected length of description to be in the range (0 - 140)",
            ),
            ("priority-low", "in the range (100 - 4096), got 99"),
            ("priority-high", "in the range (100 - 4096), got 4097"),
            ("name/slash", "expected name not to contain"),
            (
                "source-two",
                "`source_address_prefix,source_address_prefixes` were specified",
            ),
            (
                "source-empty-list",
                "`source_address_prefix,source_address_prefixes` were specified",
            ),
            ("source-none", "must be specified"),
            (
                "source-groups",
                "`source_address_prefix,source_application_security_group_ids` were specified",
            ),
            (
                "destination-two",
                "`destination_address_prefix,destination_address_prefixes` were specified",
            ),
            ("destination-none", "must be specified"),
            (
                "destination-groups",
                "`destination_address_prefix,destination_application_security_group_ids` were",
            ),
            ("many-groups", "supports 10 item maximum"),
            (
                "source-ports",
                "only one of `source_port_range,source_port_ranges`",
            ),
            (
                "source-no-port",
                "one of `source_port_range,source_port_ranges` must be specified",
            ),
            (
                "destination-ports",
                "only one of `destination_port_range,destination_port_ranges`",
            ),
            (
                "destination-no-port",
                "one of `destination_port_range,destination_port_ranges` must be specified",
            ),
        ],
    );

    // Of what is not known before, at apply.
    desk.main(&format!(
        "{}\nresource \"terraform_data\" \"word\" {{\n  input = \"tcp\"\n}}\n",
        rules("unknown = { protocol = terraform_data.word.output, source = terraform_data.word.output }")
    ));
    desk.succeeds(&["validate"]);
    desk.plans("Plan: 3 to add");
    desk.refuses(
        APPLY,
        "azurerm_network_security_rule.this",
        &[("unknown", "expected protocol to be one of")],
    );
}

#[test]
fn the_api_refuses_at_apply() {
    let cases = r#"
      "_good.name-1_"  = { priority = 200, sources = ["10.0.0.0/25", "10.0.0.128/25"], source = null }
      "-name"          = { priority = 101 }
      "name."          = { priority = 101 }
      "na me"          = { priority = 101 }
      long             = { priority = 101, name = join("", [for index in range(81) : "a"]) }
      families         = { priority = 101, source = null, sources = ["10.0.0.0/8", "2001:db8::/32"] }
      sides            = { priority = 101, source = "10.0.0.0/8", destination = "2001:db8::/32" }
      overlap          = { priority = 101, source = null, sources = ["10.0.0.0/8", "192.0.2.1/32", "10.1.0.0/16"] }
      bare             = { priority = 101, destination = null, destinations = ["192.0.2.1", "192.0.2.1/32"] }
      host-bits        = { priority = 101, source = "10.0.0.5/24" }
      no-address       = { priority = 101, source = "300.0.0.0/8" }
      host-name        = { priority = 101, source = "outlook.office365.com" }
      tag-in-list      = { priority = 101, source = null, sources = ["Internet"] }
      star-in-list     = { priority = 101, source = null, sources = ["*"] }
      empty-list       = { priority = 101, source = null, sources = [] }
      port-high        = { priority = 101, destination_port_range = "65536" }
      port-backwards   = { priority = 101, destination_port_range = "443-80" }
      port-word        = { priority = 101, destination_port_range = null, destination_port_ranges = ["443", "https"] }
    "#;
    let Some(desk) = Desk::new("azurerm", &rules(cases)) else {
        return;
    };
    let families = "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies: ";
    desk.refuses(
        APPLY,
        "azurerm_network_security_rule.this",
        &[
            ("-name", "InvalidResourceName: "),
            ("name.", "InvalidResourceName: "),
            ("na me", "InvalidResourceName: "),
            ("long", "InvalidResourceName: "),
            ("families", families),
            ("sides", families),
            ("overlap", "OverlappingSubnetsNotPermittedInSecurityRule: "),
            ("bare", "OverlappingSubnetsNotPermittedInSecurityRule: "),
            ("host-bits", "SecurityRuleInvalidAddressPrefix: "),
            ("no-address", "SecurityRuleInvalidAddressPrefix: "),
            ("host-name", "SecurityRuleInvalidAddressPrefix: "),
            (
                "tag-in-list",
                "SecurityRuleParameterContainsUnsupportedValue: ",
            ),
            (
                "star-in-list",
                "SecurityRuleParameterContainsUnsupportedValue: ",
            ),
            ("empty-list", "SecurityRuleParametersMissing: "),
            ("port-high", "SecurityRuleInvalidPortRange: "),
            ("port-backwards", "SecurityRuleInvalidPortRange: "),
            ("port-word", "SecurityRuleInvalidPortRange: "),
        ],
    );
}

#[test]
fn rules_of_a_group_stand_in_each_others_way() {
    let Some(desk) = Desk::new("azurerm", &rules("one = {}\ntwo = { priority = 101 }")) else {
        return;
    };
    let rule = "azurerm_network_security_rule.this";
    desk.applies("Resources: 3 added");
    // The other direction has priorities of its own.
    desk.main(&rules("one = {}\ntwo = { direction = \"Outbound\" }"));
    desk.applies("Resources: 0 added, 1 changed");
    desk.main(&rules("one = {}\ntwo = {}"));
    desk.refuses(APPLY, rule, &[("two", "SecurityRuleConflict: ")]);
    desk.main(&rules("one = {}\ntwo = { priority = 101 }\nthree = {}"));
    desk.refuses(APPLY, rule, &[("three", "SecurityRuleConflict: ")]);
    // Swapped: whichever moves first meets the other.
    desk.main(&rules("one = { priority = 101 }\ntwo = { priority = 100 }"));
    desk.refuses(
        APPLY,
        rule,
        &[
            ("one", "SecurityRuleConflict: "),
            ("two", "SecurityRuleConflict: "),
        ],
    );

    // A rule that is someone else's, and a group that is full.
    desk.main(&rules(
        "one = {}\ntwo = { priority = 101 }\nthree = { priority = 103, name = \"THEIRS7\" }",
    ));
    desk.change_cloud(|objects| {
        let group = objects
            .keys()
            .find(|id| id.ends_with("/group"))
            .expect("the group is there")
            .clone();
        for index in 0..998 {
            let id = format!("{group}/securityrules/theirs{index}");
            let sources = vec!["192.0.2.0/24"; if index == 7 { 3999 } else { 0 }];
            let state = json!({
                "id": id,
                "name": format!("theirs{index}"),
                "direction": "Inbound",
                "priority": 1000 + index,
                "source_address_prefixes": sources,
            });
            objects.insert(
                id,
                json!({ "kind": "azurerm_network_security_rule", "state": state }),
            );
        }
    });
    desk.refuses(APPLY, rule, &[("three", "already exists")]);
    // Their 3999 sources and ours, in one direction or the other.
    desk.main(&rules(
        "one = {}\ntwo = { priority = 101, source = null, sources = [\"10.0.0.1\", \"10.0.0.3\"] }",
    ));
    desk.refuses(
        APPLY,
        rule,
        &[("two", "cannot have more than 4000 source addresses")],
    );
    desk.main(&rules("one = {}\ntwo = { priority = 101, destination = null, destinations = [\"10.0.0.1\", \"10.0.0.3\"] }"));
    desk.applies("Resources: 0 added, 1 changed");
    desk.main(&rules(
        "one = {}\ntwo = { priority = 101 }\nthree = { priority = 103 }",
    ));
    desk.refuses(APPLY, rule, &[("three", "SecurityRuleCountLimitReached: ")]);
}

#[test]
fn a_group_is_there_before_its_rules_and_after_what_uses_it() {
    let Some(desk) = Desk::new("azurerm", &format!("{PROVIDER}{GROUP}")) else {
        return;
    };
    desk.applies("Resources: 1 added");
    desk.change_cloud(|objects| {
        let group = objects.keys().next().expect("the group is there").clone();
        let id = "/subscriptions/s/resourcegroups/r/providers/microsoft.network/virtualnetworks/v/subnets/s";
        let state = json!({ "id": id, "subnet_id": id, "network_security_group_id": group });
        let kind = "azurerm_subnet_network_security_group_association";
        objects.insert(id.to_owned(), json!({ "kind": kind, "state": state }));
    });
    // Of what is destroyed, Terraform names no address.
    desk.refuses_one(
        &["destroy", "-auto-approve", "-json"],
        "",
        "InUseNetworkSecurityGroupCannotBeDeleted: ",
    );
    // It is still in the state.
    desk.plans("No changes.");

    desk.main(&rules("one = {}").replace(
        "network_security_group_name = \"group\"",
        "network_security_group_name = \"other\"",
    ));
    desk.refuses(
        APPLY,
        "azurerm_network_security_rule.this",
        &[("one", "ResourceNotFound: ")],
    );
}
