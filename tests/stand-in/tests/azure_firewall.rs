//! Azure Firewall as Terraform sees it: what goes through, and what is refused when.

mod support;

use serde_json::json;
use support::Desk;

const PLAN: &[&str] = &["plan", "-json"];
const APPLY: &[&str] = &["apply", "-auto-approve", "-json"];

const GROUP: &str = "azurerm_firewall_policy_rule_collection_group.this";

const PROVIDER: &str = r#"
provider "azurerm" {
  features {}
  subscription_id = "11111111-1111-1111-1111-111111111111"
}
"#;

const POLICY: &str = r#"
resource "azurerm_firewall_policy" "this" {
  name                = "hub"
  location            = "westeurope"
  resource_group_name = "network"

  dns {
    proxy_enabled = true
  }
}
"#;

/// A group of each key, with one rule of each type; what a case leaves out is as in `good`.
const GROUPS: &str = r#"
resource "azurerm_firewall_policy_rule_collection_group" "this" {
  for_each = { for key, case in local.cases : key => merge(local.good, case) }

  name               = try(each.value.name, each.key)
  firewall_policy_id = try(each.value.policy, azurerm_firewall_policy.this.id)
  priority           = each.value.priority

  dynamic "network_rule_collection" {
    for_each = each.value.types == "network" ? ["network"] : []

    content {
      name     = each.value.collection
      priority = each.value.collection_priority
      action   = each.value.action

      rule {
        name                  = each.value.rule
        description           = each.value.description
        protocols             = each.value.protocols
        source_addresses      = each.value.sources
        source_ip_groups      = each.value.source_groups
        destination_addresses = each.value.destinations
        destination_ip_groups = each.value.destination_groups
        destination_fqdns     = each.value.hosts
        destination_ports     = each.value.ports
      }
    }
  }

  dynamic "application_rule_collection" {
    for_each = each.value.types == "application" ? ["application"] : []

    content {
      name     = each.value.collection
      priority = each.value.collection_priority
      action   = each.value.action

      rule {
        name                  = each.value.rule
        description           = each.value.description
        source_addresses      = each.value.sources
        source_ip_groups      = each.value.source_groups
        destination_addresses = each.value.destinations
        destination_fqdns     = each.value.hosts

        dynamic "protocols" {
          for_each = each.value.services

          content {
            type = protocols.value[0]
            port = protocols.value[1]
          }
        }
      }
    }
  }

  dynamic "nat_rule_collection" {
    for_each = each.value.types == "nat" ? ["nat"] : []

    content {
      name     = each.value.collection
      priority = each.value.collection_priority
      action   = each.value.action

      rule {
        name                = each.value.rule
        description         = each.value.description
        protocols           = each.value.protocols
        source_addresses    = each.value.sources
        source_ip_groups    = each.value.source_groups
        destination_address = each.value.destination
        destination_ports   = each.value.ports
        translated_address  = each.value.translated
        translated_fqdn     = each.value.translated_host
        translated_port     = each.value.translated_port
      }
    }
  }
}

locals {
  good = {
    priority            = 1000
    types               = "network"
    collection          = "rules"
    collection_priority = 100
    action              = "Allow"
    rule                = "rule"
    description         = null
    protocols           = ["TCP"]
    sources             = ["10.0.0.0/24"]
    source_groups       = null
    destinations        = ["192.0.2.0/24"]
    destination_groups  = null
    hosts               = null
    ports               = ["443"]
    services            = [["Https", 443]]
    destination         = "203.0.113.4"
    translated          = "10.0.0.4"
    translated_host     = null
    translated_port     = 443
  }
  application = { types = "application", destinations = null, hosts = ["a.example.com"] }
  nat         = { types = "nat", action = "Dnat" }
}
"#;

fn groups(cases: &str) -> String {
    format!("{PROVIDER}{POLICY}{GROUPS}\nlocals {{\n  cases = {{\n{cases}\n  }}\n}}\n")
}

/// Everything that goes through.
const WIDE: &str = r#"
resource "azurerm_resource_group" "this" {
  name     = "network"
  location = "westeurope"
}

resource "azurerm_firewall_policy" "this" {
  name                = "hub"
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name

  dns {
    proxy_enabled = true
  }
}

resource "azurerm_ip_group" "this" {
  for_each = toset(["microsoft", "phones"])

  name                = each.key
  location            = azurerm_resource_group.this.location
  resource_group_name = azurerm_resource_group.this.name
  cidrs               = ["192.0.2.0/24", "198.51.100.7", "203.0.113.0-203.0.113.9"]
  tags                = { of = "tests" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "azurerm_firewall_policy_rule_collection_group" "this" {
  name               = "rules"
  firewall_policy_id = azurerm_firewall_policy.this.id
  priority           = 1000

  network_rule_collection {
    name     = "network"
    priority = 100
    action   = "Allow"

    rule {
      name                  = "groups"
      description           = "By groups"
      protocols             = ["TCP", "UDP"]
      source_ip_groups      = [for group in azurerm_ip_group.this : group.id]
      destination_addresses = ["10.0.0.5", "10.0.1.0/24", "10.0.2.0-10.0.2.9"]
      destination_ports     = ["443", "50000-59999"]
    }
    rule {
      name              = "hosts"
      protocols         = ["Any"]
      source_addresses  = ["*"]
      destination_fqdns = ["a.example.com"]
      destination_ports = ["*"]
    }
    rule {
      name                  = "tag"
      protocols             = ["ICMP"]
      source_addresses      = ["10.0.0.5"]
      destination_addresses = ["AzureCloud.WestEurope"]
      destination_ports     = ["1-65535"]
    }
  }

  application_rule_collection {
    name     = "application"
    priority = 200
    action   = "Deny"

    rule {
      name              = "web"
      source_addresses  = ["10.0.0.5"]
      destination_fqdns = ["*.example.com", "*cdn.example.net", "example.com"]

      protocols {
        type = "Http"
        port = 80
      }
      protocols {
        type = "Https"
        port = 443
      }
    }
  }

  nat_rule_collection {
    name     = "nat"
    priority = 300
    action   = "Dnat"

    rule {
      name                = "webhook"
      protocols           = ["TCP"]
      source_ip_groups    = [azurerm_ip_group.this["microsoft"].id]
      destination_address = "203.0.113.4"
      destination_ports   = ["443"]
      translated_address  = "10.0.0.5"
      translated_port     = 8443
    }
  }
}
"#;

#[test]
fn a_good_configuration_comes_and_goes() {
    let wide = format!("{PROVIDER}{WIDE}");
    let Some(mut desk) = Desk::new("azurerm", &wide) else {
        return;
    };
    desk.set("PERIMETER365_STAND_IN_JITTER", "20");
    desk.succeeds(&["validate", "-no-color"]);
    desk.applies("Resources: 5 added, 0 changed, 0 destroyed");
    let group = desk.succeeds(&[
        "state",
        "show",
        "-no-color",
        "azurerm_firewall_policy_rule_collection_group.this",
    ]);
    assert!(
        group.contains("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/network/providers/Microsoft.Network/firewallPolicies/hub/ruleCollectionGroups/rules\""),
        "{group}"
    );

    // In place: an address of a group alone, and a rule alone.
    desk.main(&wide.replace("198.51.100.7", "198.51.100.8"));
    desk.plans("Plan: 0 to add, 2 to change, 0 to destroy.");
    desk.main(&wide.replace("50000-59999", "50000-50019"));
    desk.plans("Plan: 0 to add, 1 to change, 0 to destroy.");
    desk.main(&wide.replace("priority           = 1000", "priority           = 1010"));
    desk.plans("Plan: 0 to add, 1 to change, 0 to destroy.");
    // By replacement.
    desk.main(&wide.replace("\"rules\"", "\"others\""));
    desk.plans("Plan: 1 to add, 0 to change, 1 to destroy.");
    // A group goes once the rule has let go of it.
    desk.main(&wide.replace("\"microsoft\", \"phones\"", "\"microsoft\""));
    desk.applies("Resources: 0 added, 1 changed, 1 destroyed");
    desk.succeeds(&["destroy", "-auto-approve", "-no-color"]);
    desk.change_cloud(|objects| assert!(objects.is_empty(), "{objects:?}"));
}

#[test]
fn the_provider_refuses_groups_and_network_rules_at_plan() {
    let cases = r#"
      "-name"              = {}
      "name."              = {}
      "na me"              = {}
      policy               = { policy = "hub" }
      priority-low         = { priority = 99 }
      priority-high        = { priority = 65001 }
      collection-priority  = { collection_priority = 99 }
      collection           = { collection = "" }
      action               = { action = "allow" }
      rule                 = { rule = "" }
      description          = { description = "" }
      protocol             = { protocols = ["tcp"] }
      source               = { sources = ["server"] }
      source-bits          = { sources = ["10.0.0.0/33"] }
      source-range         = { sources = ["10.0.0.9-10.0.0.1"] }
      source-group         = { source_groups = [""] }
      destination          = { destinations = [""] }
      host                 = { hosts = [""] }
      port-zero            = { ports = ["0"] }
      port-range-zero      = { ports = ["0-65535"] }
      port-high            = { ports = ["65536"] }
      port-range-of-one    = { ports = ["443-443"] }
      port-word            = { ports = ["https"] }
    "#;
    let Some(desk) = Desk::new("azurerm", &groups(cases)) else {
        return;
    };
    let name = "the name must begin with a letter or number";
    let priority = "expected priority to be a whole number in the range (100 - 65000)";
    let address = "expected an IP address, a range, a CIDR or `*`";
    desk.refuses(
        PLAN,
        GROUP,
        &[
            ("-name", name),
            ("name.", name),
            ("na me", name),
            ("policy", "parsing \"hub\" as a FirewallPolicy ID"),
            ("priority-low", priority),
            ("priority-high", priority),
            ("collection-priority", priority),
            (
                "collection",
                "expected name of a rule collection not to be an empty string",
            ),
            (
                "action",
                "expected action to be one of [\"Allow\", \"Deny\"]",
            ),
            ("rule", "expected name not to be an empty string"),
            (
                "description",
                "expected description not to be an empty string",
            ),
            (
                "protocol",
                "expected protocols to be one of [\"Any\", \"TCP\", \"UDP\", \"ICMP\"]",
            ),
            ("source", address),
            ("source-bits", address),
            ("source-range", address),
            (
                "source-group",
                "expected source_ip_groups to hold no empty string",
            ),
            (
                "destination",
                "expected destination_addresses to hold no empty string",
            ),
            ("host", "expected destination_fqdns to hold no empty string"),
            ("port-zero", "expected a port from 1 to 65535"),
            ("port-range-zero", "expected a port from 1 to 65535"),
            ("port-high", "expected a port from 1 to 65535"),
            (
                "port-range-of-one",
                "or a range that goes up, got \"443-443\"",
            ),
            ("port-word", "expected a port from 1 to 65535"),
        ],
    );
}

#[test]
fn the_provider_refuses_other_rules_at_plan() {
    let cases = r#"
      nat-action           = merge(local.nat, { action = "Allow" })
      nat-protocol         = merge(local.nat, { protocols = ["Any"] })
      application-address  = merge(local.application, { destinations = ["Internet"] })
      service              = merge(local.application, { services = [["HTTPS", 443]] })
      service-port         = merge(local.application, { services = [["Https", 64001]] })
      nat-port             = merge(local.nat, { ports = ["64001"] })
      nat-star             = merge(local.nat, { ports = ["*"] })
      nat-ports            = merge(local.nat, { ports = ["80", "443"] })
      nat-destination      = merge(local.nat, { destination = "example.com" })
      nat-translated       = merge(local.nat, { translated = "10.0.0.0/24" })
      nat-translated-port  = merge(local.nat, { translated_port = 0 })
    "#;
    let Some(desk) = Desk::new("azurerm", &groups(cases)) else {
        return;
    };
    let address = "expected an IP address, a range, a CIDR or `*`";
    desk.refuses(
        PLAN,
        GROUP,
        &[
            ("nat-action", "expected action to be one of [\"Dnat\"]"),
            (
                "nat-protocol",
                "expected protocols to be one of [\"TCP\", \"UDP\"]",
            ),
            ("application-address", address),
            ("service", "expected type to be one of"),
            (
                "service-port",
                "expected port to be in the range (0..=64000)",
            ),
            ("nat-port", "expected a port from 1 to 64000"),
            ("nat-star", "expected a port from 1 to 64000"),
            ("nat-ports", "supports 1 item maximum"),
            (
                "nat-destination",
                "expected destination_address to be an IP address or a CIDR",
            ),
            (
                "nat-translated",
                "expected translated_address to be an IP address",
            ),
            (
                "nat-translated-port",
                "expected translated_port to be in the range (1..=65535)",
            ),
        ],
    );
}

#[test]
fn the_provider_refuses_policies_and_ip_groups_at_plan() {
    let main = format!(
        "{PROVIDER}{}",
        POLICY.replace(
            "\"network\"\n",
            "\"network\"\n  sku = \"Best\"\n  threat_intelligence_mode = \"alert\"\n"
        )
    );
    let Some(desk) = Desk::new("azurerm", &main) else {
        return;
    };
    let policy = "azurerm_firewall_policy.this";
    desk.refuses_one(PLAN, policy, "expected sku to be one of");
    desk.refuses_one(
        PLAN,
        policy,
        "expected threat_intelligence_mode to be one of",
    );
    desk.main(&format!("{PROVIDER}{}", ip_groups("one = [\"\"]")));
    desk.refuses(
        PLAN,
        "azurerm_ip_group.this",
        &[("one", "expected cidrs to hold no empty string")],
    );
}

fn ip_groups(cases: &str) -> String {
    format!(
        r#"
resource "azurerm_ip_group" "this" {{
  for_each = local.ip_groups

  name                = each.key
  location            = "westeurope"
  resource_group_name = "network"
  cidrs               = each.value
}}

locals {{
  ip_groups = {{
{cases}
  }}
}}
"#
    )
}

#[test]
fn the_api_refuses_at_apply() {
    let cases = r#"
      good                = { hosts = ["a.example.com"], destinations = null }
      long                = { name = join("", [for index in range(81) : "a"]) }
      no-source           = { sources = null }
      empty-source        = { sources = [] }
      no-destination      = { destinations = null }
      no-port             = { ports = [] }
      source-ipv6         = { sources = ["2001:db8::5"] }
      destination-ipv6    = { destinations = ["2001:db8::/32"] }
      destination-host    = { destinations = ["a.example.com"] }
      star-network        = { destinations = null, hosts = ["*.example.com"] }
      star-middle         = merge(local.application, { hosts = ["a.*.example.com"] })
      star-behind         = merge(local.application, { hosts = ["cdn*.example.com"] })
      star-twice          = merge(local.application, { hosts = ["*.*.example.com"] })
      no-target           = merge(local.application, { hosts = null })
      no-service          = merge(local.application, { services = [] })
      application-ipv6    = merge(local.application, { sources = ["2001:db8::/32"] })
      nat-both            = merge(local.nat, { translated_host = "a.example.com" })
      nat-neither         = merge(local.nat, { translated = null })
      nat-ipv6            = merge(local.nat, { destination = "2001:db8::5" })
      missing-group       = { source_groups = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/none"] }
    "#;
    let Some(desk) = Desk::new("azurerm", &groups(cases)) else {
        return;
    };
    let missing = "FirewallPolicyRuleParametersMissing: ";
    let address = "FirewallPolicyRuleInvalidIpAddressOrRangeFormat: ";
    let host = "FirewallPolicyRuleInvalidFqdn: ";
    desk.refuses(
        APPLY,
        GROUP,
        &[
            ("long", "InvalidResourceName: "),
            ("no-source", missing),
            ("empty-source", missing),
            ("no-destination", missing),
            ("no-port", missing),
            ("source-ipv6", address),
            ("destination-ipv6", address),
            ("destination-host", address),
            ("star-network", host),
            ("star-middle", host),
            ("star-behind", host),
            ("star-twice", host),
            ("no-target", missing),
            ("no-service", missing),
            ("application-ipv6", address),
            (
                "nat-both",
                "should specify either `translated_address` or `translated_fqdn`",
            ),
            (
                "nat-neither",
                "should specify either `translated_address` or `translated_fqdn`",
            ),
            ("nat-ipv6", address),
            ("missing-group", "InvalidResourceReference: "),
        ],
    );

    desk.main(&format!(
        "{PROVIDER}{}",
        ip_groups(
            r#"
            none     = []
            ipv6     = ["2001:db8::/32"]
            star     = ["*"]
            host     = ["a.example.com"]
            backward = ["10.0.0.9-10.0.0.1"]
            "name."  = ["10.0.0.5"]
            "#
        )
    ));
    let address = "IpGroupsInvalidIpAddress: ";
    desk.refuses(
        APPLY,
        "azurerm_ip_group.this",
        &[
            ("ipv6", address),
            ("star", address),
            ("host", address),
            ("backward", address),
            ("name.", "InvalidResourceName: "),
        ],
    );
}

#[test]
fn network_rules_by_name_need_the_dns_proxy() {
    let named = groups("one = { hosts = [\"a.example.com\"], destinations = null }");
    let off = |main: &str| main.replace("proxy_enabled = true", "proxy_enabled = false");
    let Some(desk) = Desk::new("azurerm", &off(&named)) else {
        return;
    };
    let code = "FirewallPolicyNetworkRuleRequiresDnsProxy: ";
    desk.refuses(APPLY, GROUP, &[("one", code)]);
    desk.main(&named);
    desk.applies("Resources: 1 added, 1 changed");
    // And keep needing it.
    desk.main(&off(&named));
    desk.refuses_one(APPLY, "azurerm_firewall_policy.this", code);
    // An application rule does without.
    desk.main(&groups("one = local.application"));
    desk.succeeds(&["apply", "-auto-approve", "-no-color"]);
    desk.main(&off(&groups("one = local.application")));
    desk.applies("Resources: 0 added, 1 changed");
}

#[test]
fn an_ip_group_stays_while_a_rule_names_it() {
    let both = format!(
        "{}{}",
        groups(
            "one = { sources = null, source_groups = [for group in azurerm_ip_group.this : group.id] }"
        ),
        ip_groups("microsoft = [\"192.0.2.0/24\"]\nphones = [\"10.0.0.5\"]")
    );
    let Some(desk) = Desk::new("azurerm", &both) else {
        return;
    };
    desk.applies("Resources: 4 added");
    // Without create_before_destroy the group would go first, which the state has to know before.
    let one = |main: &str| main.replace("phones = [\"10.0.0.5\"]", "");
    desk.main(&one(&both));
    desk.refuses_one(APPLY, "", "IpGroupsHasFirewallPolicyReferences: ");
    let before = both.replace(
        "= each.value\n",
        "= each.value\n  lifecycle {\n    create_before_destroy = true\n  }\n",
    );
    desk.main(&before);
    desk.succeeds(&["apply", "-auto-approve", "-no-color"]);
    desk.main(&one(&before));
    desk.applies("Resources: 0 added, 1 changed, 1 destroyed");
    // A policy takes its groups of rules along, so the IP group is free.
    desk.succeeds(&["destroy", "-auto-approve", "-no-color"]);
}

#[test]
fn groups_of_a_policy_share_its_quotas() {
    let addresses = |count: usize| {
        format!("[for index in range({count}) : \"10.0.${{floor(index / 250)}}.${{index % 250}}\"]")
    };
    let main = |own: usize| {
        groups(&format!(
            "one = {{ sources = {}, destinations = {} }}\ntwo = {{ sources = {} }}\nweb = merge(local.application, {{ sources = {} }})",
            addresses(200),
            addresses(99),
            addresses(own),
            addresses(300)
        ))
    };
    let Some(desk) = Desk::new("azurerm", &main(200)) else {
        return;
    };
    // 200 x 99, and 200 x 1.
    desk.applies("Resources: 4 added");
    desk.main(&main(201));
    desk.refuses(
        APPLY,
        GROUP,
        &[(
            "two",
            "cannot have more than 20000 pairs of source and destination",
        )],
    );

    // 199 IP groups of someone else's in the same policy.
    let named = |groups: &str| {
        format!(
            "{PROVIDER}{POLICY}{GROUPS}{}\nlocals {{\n  cases = {{ one = {{ sources = null, source_groups = [for group in azurerm_ip_group.this : group.id] }} }}\n}}\n",
            ip_groups(groups)
        )
    };
    desk.main(&named("a = [\"10.0.0.5\"]"));
    desk.succeeds(&["apply", "-auto-approve", "-no-color"]);
    desk.change_cloud(|objects| {
        let policy = objects
            .keys()
            .find(|id| id.ends_with("/hub"))
            .expect("the policy is there")
            .clone();
        let ids: Vec<_> = (0..199).map(|index| format!("/theirs/{index}")).collect();
        let id = format!("{policy}/rulecollectiongroups/theirs");
        let rule = json!({ "name": "rule", "source_ip_groups": ids });
        let state = json!({ "id": id, "network_rule_collection": [{ "rule": [rule] }] });
        let kind = "azurerm_firewall_policy_rule_collection_group";
        objects.insert(id.clone(), json!({ "kind": kind, "state": state }));
    });
    desk.plans("No changes.");
    desk.main(&named("a = [\"10.0.0.5\"]\nb = [\"10.0.0.6\"]"));
    desk.refuses(
        APPLY,
        GROUP,
        &[("one", "cannot have more than 200 IP groups")],
    );
}
