//! Network Firewall of aws as Terraform sees it: what goes through, and what is refused when.

mod support;

use support::Desk;

const PLAN: &[&str] = &["plan", "-json"];
const APPLY: &[&str] = &["apply", "-auto-approve", "-json"];

const GROUP: &str = "aws_networkfirewall_rule_group.this";
const POLICY: &str = "aws_networkfirewall_firewall_policy.this";

/// A group of each key; what a case leaves out is as in `good`.
const GROUPS: &str = r#"
provider "aws" {
  region = "eu-central-1"
}

resource "aws_networkfirewall_rule_group" "this" {
  for_each = { for key, case in local.groups : key => merge(local.good, { name = "group-${key}" }, case) }

  name        = each.value.name
  description = each.value.description
  type        = each.value.type
  capacity    = each.value.capacity

  rule_group {
    rule_variables {
      dynamic "ip_sets" {
        for_each = each.value.sets

        content {
          key = ip_sets.key

          ip_set {
            definition = ip_sets.value
          }
        }
      }
    }

    rules_source {
      rules_string = each.value.rules
    }

    stateful_rule_options {
      rule_order = each.value.order
    }
  }

  # Without it, Terraform destroys a group before it updates the policy that uses it.
  lifecycle {
    create_before_destroy = true
  }
}

locals {
  good = {
    description = null
    type        = "STATEFUL"
    capacity    = 10
    order       = "STRICT_ORDER"
    sets        = { HOSTS = ["10.0.0.1", "10.0.1.0/24", "2001:db8::/64"] }
    rules       = "pass tls $HOSTS any -> any 443 (tls.sni; content:\"a.example\"; startswith; endswith; nocase; sid:1;)"
  }
}
"#;

fn groups(cases: &str) -> String {
    format!("{GROUPS}\nlocals {{\n  groups = {{\n{cases}\n  }}\n}}\n")
}

/// A policy of each key that refers to groups of their keys.
const POLICIES: &str = r#"
resource "aws_networkfirewall_firewall_policy" "this" {
  for_each = { for key, case in local.policies : key => merge(local.good_policy, { name = "policy-${key}" }, case) }

  name = each.value.name

  firewall_policy {
    stateless_default_actions          = each.value.stateless
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]
    stateful_default_actions           = each.value.stateful

    stateful_engine_options {
      rule_order = each.value.order
    }

    dynamic "stateful_rule_group_reference" {
      for_each = each.value.groups

      content {
        priority     = stateful_rule_group_reference.value
        resource_arn = try(aws_networkfirewall_rule_group.this[stateful_rule_group_reference.key].arn, stateful_rule_group_reference.key)
      }
    }
  }
}

locals {
  good_policy = {
    order     = "STRICT_ORDER"
    stateless = ["aws:forward_to_sfe"]
    stateful  = ["aws:drop_established"]
    groups    = { one = 1, two = 2 }
  }
}
"#;

fn policies(group_cases: &str, cases: &str) -> String {
    format!(
        "{}{POLICIES}\nlocals {{\n  policies = {{\n{cases}\n  }}\n}}\n",
        groups(group_cases)
    )
}

#[test]
fn groups_and_a_policy_come_and_go() {
    let two = "one = {}\ntwo = {}";
    let Some(mut desk) = Desk::new("aws", &policies(two, "ours = {}")) else {
        return;
    };
    desk.set("PERIMETER365_STAND_IN_JITTER", "20");
    desk.succeeds(&["validate", "-no-color"]);
    desk.applies("Resources: 3 added, 0 changed, 0 destroyed");
    let group = desk.succeeds(&[
        "state",
        "show",
        "-no-color",
        "aws_networkfirewall_rule_group.this[\"one\"]",
    ]);
    assert!(
        group.contains(
            "arn:aws:network-firewall:eu-central-1:123456789012:stateful-rulegroup/group-one"
        ),
        "{group}"
    );

    // Rules and sets change in place; capacity, name and order don't.
    let changed =
        |change: &str| policies(&format!("one = {{ {change} }}\ntwo = {{}}"), "ours = {}");
    for change in [
        r#"rules = "pass udp any any -> $HOSTS 53 (sid:2; rev:1;)""#,
        r#"sets = { HOSTS = ["10.0.0.2"] }"#,
        r#"description = "other""#,
    ] {
        desk.main(&changed(change));
        desk.plans("Plan: 0 to add, 1 to change, 0 to destroy.");
    }
    for change in [
        "capacity = 11",
        r#"name = "other""#,
        r#"order = "DEFAULT_ACTION_ORDER""#,
    ] {
        desk.main(&changed(change));
        desk.plans("Plan: 1 to add, 1 to change, 1 to destroy.");
    }

    // A policy keeps what it refers to, whoever made it.
    desk.change_cloud(|objects| {
        let policy = objects
            .iter()
            .find(|(_, object)| object["kind"] == "aws_networkfirewall_firewall_policy");
        let (id, mut theirs) = policy
            .map(|(id, object)| (id.replace("ours", "theirs"), object.clone()))
            .expect("the policy is there");
        theirs["state"]["id"] = id.clone().into();
        theirs["state"]["name"] = "policy-theirs".into();
        objects.insert(id, theirs);
    });
    desk.main(&policies("one = {}", "ours = { groups = { one = 1 } }"));
    desk.refuses_one(
        APPLY,
        "",
        "InvalidOperationException: unable to delete the object because it is still in use",
    );
    desk.change_cloud(|objects| objects.retain(|id, _| !id.ends_with("theirs")));
    desk.applies("Resources: 0 added, 0 changed, 1 destroyed");

    desk.main(&policies("one = {}", ""));
    desk.applies("Resources: 0 added, 0 changed, 1 destroyed");
    desk.succeeds(&["destroy", "-auto-approve", "-no-color"]);
    desk.change_cloud(|objects| assert!(objects.is_empty(), "{objects:?}"));
}

#[test]
fn the_provider_refuses_at_plan() {
    let Some(desk) = Desk::new(
        "aws",
        &groups(
            r#"
            type      = { type = "STATEFULL" }
            stateless = { type = "STATELESS" }
            order     = { order = "STRICT" }
            digit     = { sets = { "1HOSTS" = ["10.0.0.1"] } }
            hyphen    = { sets = { "HOSTS-1" = ["10.0.0.1"] } }
            long      = { sets = { "H23456789012345678901234567890123" = ["10.0.0.1"] } }
            "#,
        ),
    ) else {
        return;
    };
    desk.refuses(
        PLAN,
        GROUP,
        &[
            ("type", "expected type to be one of"),
            ("stateless", "keeps no stateless rules"),
            ("order", "expected rule_order to be one of"),
            ("digit", "must begin with alphabetic character"),
            ("hyphen", "only alphanumeric and underscore characters"),
            ("long", "expected length of key to be in the range (1 - 32)"),
        ],
    );
    desk.main(&policies(
        "one = {}",
        r#"
        order = { order = "STRICT", groups = {} }
        arn   = { groups = { none = 1 } }
        "#,
    ));
    desk.refuses(
        PLAN,
        POLICY,
        &[
            ("order", "expected rule_order to be one of"),
            ("arn", "is an invalid ARN"),
        ],
    );
}

#[test]
fn the_api_refuses_groups_at_apply() {
    let rule = "pass tcp any any -> $HOSTS 443 (sid:1;)";
    let Some(desk) = Desk::new(
        "aws",
        &groups(&format!(
            r##"
            good      = {{ rules = "# a comment\n\n{rule}\npass tcp [!$HOSTS,192.0.2.1] any -> $HOSTS 80:90 (sid:2;)" }}
            name      = {{ name = "m365_worldwide" }}
            name-long = {{ name = join("", [for index in range(129) : "a"]) }}
            told      = {{ description = join("", [for index in range(513) : "a"]) }}
            none      = {{ capacity = 0 }}
            much      = {{ capacity = 30001 }}
            full      = {{ capacity = 1, rules = "{rule}\npass tcp any any -> $HOSTS 80 (sid:2;)" }}
            twice     = {{ rules = "{rule}\npass tcp any any -> $HOSTS 80 (sid:1;)" }}
            no-rule   = {{ rules = "# nothing" }}
            empty     = {{ sets = {{ HOSTS = [] }} }}
            address   = {{ sets = {{ HOSTS = ["10.0.0.256"] }} }}
            host-bits = {{ sets = {{ HOSTS = ["10.0.0.1/24"] }} }}
            undefined = {{ sets = {{}} }}
            priority  = {{ rules = "pass tcp any any -> any 443 (priority:1; sid:1;)" }}
            long      = {{ sets = {{ HOSTS = [for index in range(700) : cidrsubnet("10.0.0.0/8", 16, index)] }} }}
            large     = {{ rules = join("\n", [for index in range(800) : format("# %2500s", "long")]) }}
            "##
        )),
    ) else {
        return;
    };
    desk.refuses(
        APPLY,
        GROUP,
        &[
            (
                "name",
                "InvalidRequestException: parameter is invalid, parameter: [m365_worldwide]",
            ),
            ("name-long", "InvalidRequestException: parameter is invalid"),
            ("told", "context: description"),
            ("none", "LimitExceededException: "),
            ("much", "LimitExceededException: "),
            ("full", "capacity exceeded: 2 of 1"),
            ("twice", "duplicate signature, sid 1"),
            ("no-rule", "there is no rule"),
            ("empty", "the definition of HOSTS is empty"),
            (
                "address",
                "10.0.0.256 of HOSTS is neither an address nor a CIDR",
            ),
            (
                "host-bits",
                "10.0.0.1/24 of HOSTS is neither an address nor a CIDR",
            ),
            ("undefined", "undefined variable $HOSTS"),
            ("priority", "priority is not taken in strict order"),
            ("long", "at most 8192 characters"),
            ("large", "at most 2000000 bytes"),
        ],
    );

    // The name of another group, which a replacement by the same name would be too.
    desk.main(&groups("good = {}\ntwin = { name = \"group-good\" }"));
    desk.refuses(
        APPLY,
        GROUP,
        &[("twin", "a resource with the specified name already exists")],
    );
    // In the other order a rule may have a priority.
    desk.main(&groups(
        "by-action = { order = \"DEFAULT_ACTION_ORDER\", rules = \"pass tcp any any -> any 443 (priority:1; sid:1;)\" }",
    ));
    desk.applies("Resources: 1 added");
}

#[test]
fn suricata_refuses_rules_at_apply() {
    let cases = [
        ("options", "pass tcp any any -> any 443", "has no options"),
        (
            "end",
            "pass tcp any any -> any 443 (sid:1;",
            "options have no end",
        ),
        (
            "semicolon",
            "pass tcp any any -> any 443 (sid:1)",
            "an option has no end",
        ),
        (
            "words",
            "pass tcp any -> any 443 (sid:1;)",
            "it must be: action",
        ),
        (
            "action",
            "permit tcp any any -> any 443 (sid:1;)",
            "unknown action permit",
        ),
        (
            "protocol",
            "pass https any any -> any 443 (sid:1;)",
            "unknown protocol https",
        ),
        (
            "arrow",
            "pass tcp any any <- any 443 (sid:1;)",
            "unknown direction <-",
        ),
        (
            "hyphen",
            "pass tcp any any -> any 50000-59999 (sid:1;)",
            "invalid port 50000-59999",
        ),
        (
            "backwards",
            "pass tcp any any -> any 443:80 (sid:1;)",
            "invalid port 443:80",
        ),
        (
            "no-sid",
            "pass tcp any any -> any 443 (rev:1;)",
            "it must have one sid",
        ),
        (
            "sid",
            "pass tcp any any -> any 443 (sid:0;)",
            "invalid sid 0",
        ),
        (
            "lua",
            "pass tcp any any -> any 443 (lua:a.lua; sid:1;)",
            "lua is not supported",
        ),
        (
            "content",
            "pass tls any any -> any 443 (content:\\\"a\\\"; tls.sni; endswith; sid:1;)",
            "endswith needs a preceding content option",
        ),
        (
            "nocase",
            "pass http any any -> any 80 (http.host; content:\\\"a\\\"; nocase; sid:1;)",
            "http.host takes no nocase",
        ),
        (
            "upper",
            "pass http any any -> any 80 (http.host; content:\\\"A\\\"; sid:1;)",
            "http.host is lower-case",
        ),
    ];
    let lines: Vec<String> = cases
        .iter()
        .map(|(key, rule, _)| format!("{key} = {{ rules = \"{rule}\" }}"))
        .collect();
    let good = r#"good = { rules = "pass tls any any <> any 5228:5230 (msg:\"a; b\"; tls.sni; content:\"a\"; nocase; sid:4294967295;)" }"#;
    let Some(desk) = Desk::new("aws", &groups(&format!("{}\n{good}", lines.join("\n")))) else {
        return;
    };
    let wanted: Vec<(&str, &str)> = cases
        .iter()
        .map(|(key, _, reason)| (*key, *reason))
        .collect();
    desk.refuses(APPLY, GROUP, &wanted);
}

#[test]
fn the_api_refuses_policies_at_apply() {
    let group_cases = r#"
      one       = {}
      two       = {}
      by-action = { order = "DEFAULT_ACTION_ORDER" }
      half      = { capacity = 20000 }
      rest      = { capacity = 10001 }
    "#;
    let Some(desk) = Desk::new(
        "aws",
        &policies(
            group_cases,
            r#"
            good       = { stateful = ["aws:drop_established_app_layer_to_server", "aws:alert_established_app_layer_to_server", "aws:alert_strict"] }
            unordered  = { order = "DEFAULT_ACTION_ORDER", stateful = null, groups = { by-action = null } }
            name       = { name = "our_policy" }
            missing    = { groups = { "arn:aws:network-firewall:eu-central-1:123456789012:stateful-rulegroup/none" = 1 } }
            mixed      = { groups = { one = 1, by-action = 2 } }
            same       = { groups = { one = 1, two = 1 } }
            zero       = { groups = { one = 0 } }
            no-number  = { groups = { one = null } }
            number     = { order = "DEFAULT_ACTION_ORDER", stateful = null, groups = { by-action = 1 } }
            defaults   = { order = "DEFAULT_ACTION_ORDER", groups = { by-action = null } }
            unknown    = { stateful = ["aws:drop"] }
            together   = { stateful = ["aws:drop_established", "aws:alert_established_app_layer"] }
            stateless  = { stateless = ["aws:pass", "aws:drop"] }
            capacity   = { groups = { half = 1, rest = 2 } }
            "#,
        ),
    ) else {
        return;
    };
    desk.refuses(
        APPLY,
        POLICY,
        &[
            ("name", "InvalidRequestException: parameter is invalid"),
            ("missing", "is of no rule group"),
            ("mixed", "is not the policy's: DEFAULT_ACTION_ORDER"),
            ("same", "priority must be from 1 to 65535 and unique"),
            ("zero", "priority must be from 1 to 65535 and unique"),
            ("no-number", "priority must be provided"),
            ("number", "priority cannot be provided"),
            ("defaults", "for the strict order only"),
            ("unknown", "parameter: [aws:drop]"),
            ("together", "cannot exist together"),
            ("stateless", "one standard action must be given"),
            ("capacity", "LimitExceededException: "),
        ],
    );

    let twenty_one: Vec<String> = (0..21).map(|index| format!("g{index} = {{}}")).collect();
    let all: Vec<String> = (0..21)
        .map(|index| format!("g{index} = {}", index + 1))
        .collect();
    desk.main(&policies(
        &twenty_one.join("\n"),
        &format!("crowded = {{ groups = {{ {} }} }}", all.join(", ")),
    ));
    desk.refuses(
        APPLY,
        POLICY,
        &[("crowded", "a policy takes 20 stateful rule groups")],
    );
}
