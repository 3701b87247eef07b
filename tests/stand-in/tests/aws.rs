//! aws as Terraform sees it: what goes through, and what is refused when.

mod support;

use serde_json::json;
use support::Desk;

const PLAN: &[&str] = &["plan", "-json"];
const APPLY: &[&str] = &["apply", "-auto-approve", "-json"];

const GROUP: &str = r#"
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
}

resource "aws_security_group" "this" {
  name   = "group"
  vpc_id = "vpc-0123"
}
"#;

/// A rule of each key; what a case leaves out is as in `good`.
const RULES: &str = r#"
resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for key, case in local.cases : key => merge(local.good, case) }

  security_group_id            = each.value.group
  description                  = each.value.description
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.from
  to_port                      = each.value.to
  cidr_ipv4                    = each.value.ipv4
  cidr_ipv6                    = each.value.ipv6
  prefix_list_id               = each.value.list
  referenced_security_group_id = each.value.referenced

  depends_on = [aws_security_group.this]
}

locals {
  good = {
    group       = aws_security_group.this.id
    description = null
    protocol    = "tcp"
    from        = 443
    to          = 443
    ipv4        = null
    ipv6        = null
    list        = null
    referenced  = null
  }
}
"#;

fn rules(cases: &str) -> String {
    format!("{GROUP}{RULES}\nlocals {{\n  cases = {{\n{cases}\n  }}\n}}\n")
}

#[test]
fn a_good_configuration_comes_and_goes() {
    let wide = format!(
        r#"{GROUP}
        resource "aws_vpc" "this" {{
          cidr_block = "10.0.0.0/16"
        }}

        resource "aws_security_group" "more" {{
          count       = 2
          name_prefix = "more-"
          description = "more"
          vpc_id      = aws_vpc.this.id
          tags        = {{ of = "tests" }}
        }}

        resource "aws_vpc_security_group_ingress_rule" "this" {{
          for_each          = toset(["192.0.2.0/24", "198.51.100.7/32"])
          security_group_id = aws_security_group.this.id
          description       = "from ${{each.value}}"
          ip_protocol       = "tcp"
          from_port         = 443
          to_port           = 443
          cidr_ipv4         = each.value
          tags              = {{ Name = each.value }}
        }}

        resource "aws_vpc_security_group_egress_rule" "ipv6" {{
          security_group_id = aws_security_group.more[0].id
          ip_protocol       = "-1"
          cidr_ipv6         = "::/0"
        }}

        resource "aws_vpc_security_group_egress_rule" "group" {{
          security_group_id            = aws_security_group.more[0].id
          ip_protocol                  = "udp"
          from_port                    = 0
          to_port                      = 65535
          referenced_security_group_id = aws_security_group.more[1].id
        }}

        resource "aws_network_interface" "this" {{
          subnet_id       = "subnet-0123"
          security_groups = [aws_security_group.this.id, aws_security_group.more[0].id]
        }}

        resource "aws_network_interface" "bare" {{
          subnet_id = "subnet-0123"
        }}

        resource "aws_network_interface_sg_attachment" "this" {{
          network_interface_id = aws_network_interface.bare.id
          security_group_id    = aws_security_group.more[1].id
        }}
        "#
    );
    let Some(mut desk) = Desk::new("aws", &wide) else {
        return;
    };
    desk.set("PERIMETER365_STAND_IN_JITTER", "20");
    desk.succeeds(&["validate", "-no-color"]);
    desk.applies("Resources: 11 added, 0 changed, 0 destroyed");
    let group = desk.succeeds(&["state", "show", "-no-color", "aws_security_group.this"]);
    for text in [
        "= \"Managed by Terraform\"",
        "arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0",
    ] {
        assert!(group.contains(text), "no `{text}` in {group}");
    }

    // In place, and by replacement: of a group, and of the kind of a rule's remote.
    desk.main(&wide.replace("from_port         = 443", "from_port         = 80"));
    desk.plans("Plan: 0 to add, 2 to change, 0 to destroy.");
    desk.applies("Resources: 0 added, 2 changed, 0 destroyed");
    desk.main(
        &wide
            .replace("of = \"tests\"", "of = \"trials\"")
            .replace("from_port         = 443", "from_port         = 80"),
    );
    desk.applies("Resources: 0 added, 2 changed, 0 destroyed");
    desk.main(
        &wide
            .replace("cidr_ipv6         = \"::/0\"", "cidr_ipv4 = \"0.0.0.0/0\"")
            .replace("from_port         = 443", "from_port         = 80")
            .replace("of = \"tests\"", "of = \"trials\""),
    );
    desk.plans("Plan: 1 to add, 0 to change, 1 to destroy.");
    desk.main(
        &wide
            .replace("description = \"more\"", "description = \"others\"")
            .replace("from_port         = 443", "from_port         = 80"),
    );
    // Both groups, the two rules of the first, and the attachment of the second; the interface and the rule's
    // remote change in place, but for the rule that is replaced with its group.
    desk.plans("Plan: 5 to add, 1 to change, 5 to destroy.");

    // What is gone from the cloud is planned anew.
    desk.main(
        &wide
            .replace("from_port         = 443", "from_port         = 80")
            .replace("of = \"tests\"", "of = \"trials\""),
    );
    desk.change_cloud(|objects| {
        objects.retain(|_, object| object["state"]["cidr_ipv4"] != "192.0.2.0/24");
    });
    desk.plans("Plan: 1 to add, 0 to change, 0 to destroy.");
    desk.succeeds(&["destroy", "-auto-approve", "-no-color"]);
    desk.change_cloud(|objects| assert!(objects.is_empty(), "{objects:?}"));
}

#[test]
fn the_provider_refuses_at_plan() {
    let cases = r#"
      none         = {}
      two          = { ipv4 = "192.0.2.0/24", ipv6 = "2001:db8::/32" }
      host-bits    = { ipv4 = "10.0.0.5/24" }
      host-bits-v6 = { ipv6 = "2001:db8::1/32" }
      long-form    = { ipv6 = "2001:0db8::/32" }
      family       = { ipv4 = "2001:db8::/32" }
      family-v6    = { ipv6 = "10.0.0.0/8" }
      bare         = { ipv4 = "192.0.2.1" }
      from         = { ipv4 = "192.0.2.0/24", from = -2 }
      to           = { ipv4 = "192.0.2.0/24", to = 65536 }
    "#;
    let Some(desk) = Desk::new("aws", &rules(cases)) else {
        return;
    };
    desk.refuses(
        PLAN,
        "aws_vpc_security_group_ingress_rule.this",
        &[
            ("none", "exactly one of these attributes must be configured"),
            ("two", "exactly one of these attributes must be configured"),
            ("host-bits", "not a valid IPv4 CIDR"),
            ("host-bits-v6", "not a valid IPv6 CIDR"),
            ("long-form", "not a valid IPv6 CIDR"),
            ("family", "not a valid IPv4 CIDR"),
            ("family-v6", "not a valid IPv6 CIDR"),
            ("bare", "not a valid IPv4 CIDR"),
            ("from", "must be between -1 and 65535, got: -2"),
            ("to", "must be between -1 and 65535, got: 65536"),
        ],
    );

    desk.main(
        r#"
        resource "aws_security_group" "this" {
          for_each = {
            begins = { name = "sg-web" }
            long   = { name = join("", [for index in range(256) : "a"]) }
            told   = { name = "told", description = join("", [for index in range(256) : "a"]) }
            both   = { name = "both", name_prefix = "both-" }
            inline = { name = "inline", ingress = [] }
          }
          name        = each.value.name
          name_prefix = try(each.value.name_prefix, null)
          description = try(each.value.description, null)
          ingress     = try(each.value.ingress, null)
        }
        "#,
    );
    desk.refuses(
        PLAN,
        "aws_security_group.this",
        &[
            ("begins", "cannot begin with sg-"),
            (
                "long",
                "expected length of name to be in the range (0 - 255)",
            ),
            (
                "told",
                "expected length of description to be in the range (0 - 255)",
            ),
            ("both", "conflicts with name_prefix"),
            ("inline", "keeps no inline rules"),
        ],
    );
}

#[test]
fn inline_rules_are_kept_where_that_is_asked_for() {
    let rule = |network: &str| {
        format!(
            r#"{GROUP}
            resource "aws_security_group" "other" {{
              name   = "other"
              vpc_id = "vpc-0123"
              ingress {{
                protocol    = "tcp"
                from_port   = 443
                to_port     = 443
                cidr_blocks = ["{network}"]
              }}
            }}
            "#
        )
    };
    let Some(mut desk) = Desk::new("aws", &rule("203.0.113.1/32")) else {
        return;
    };
    desk.set("PERIMETER365_STAND_IN_INLINE", "1");
    desk.applies("2 added");
    desk.main(&rule("203.0.113.2/32"));
    desk.plans("0 to add, 1 to change, 0 to destroy");
}

#[test]
fn the_api_refuses_at_apply() {
    let cases = r#"
      good        = { ipv4 = "192.0.2.0/24", description = "a-z. _-:/()#,@[]+=&;{}!$*" }
      backwards   = { ipv4 = "10.0.0.0/8", from = 443, to = 80 }
      no-ports    = { ipv4 = "10.0.0.0/8", from = null, to = null }
      minus       = { ipv4 = "10.0.0.0/8", from = -1, to = -1 }
      protocol    = { ipv4 = "10.0.0.0/8", protocol = "tpc" }
      told-long   = { ipv4 = "10.0.0.0/8", description = join("", [for index in range(256) : "a"]) }
      told-word   = { ipv4 = "10.0.0.0/8", description = "it's" }
      told-accent = { ipv4 = "10.0.0.0/8", description = "é" }
      told-none   = { ipv4 = "10.0.0.0/8", description = "" }
      group       = { ipv4 = "10.0.0.0/8", group = "sg-0123" }
      referenced  = { referenced = "sg-0123" }
    "#;
    let Some(desk) = Desk::new("aws", &rules(cases)) else {
        return;
    };
    let invalid = "InvalidParameterValue: ";
    desk.refuses(
        APPLY,
        "aws_vpc_security_group_ingress_rule.this",
        &[
            ("backwards", invalid),
            ("no-ports", invalid),
            ("minus", invalid),
            ("protocol", invalid),
            ("told-long", invalid),
            ("told-word", invalid),
            ("told-accent", invalid),
            ("told-none", invalid),
            ("group", "InvalidGroup.NotFound: "),
            ("referenced", "InvalidGroup.NotFound: "),
        ],
    );

    desk.main(&format!(
        "{GROUP}{}",
        r#"
        resource "aws_security_group" "more" {
          for_each = {
            twin = { name = "group", vpc = "vpc-0123" }
            else = { name = "group", vpc = "vpc-4567" }
            told = { name = "told", description = "it's" }
            none = { name = "none", description = "" }
            name = { name = "it's" }
            vpc  = { name = "vpc", vpc = "net" }
          }
          name        = each.value.name
          description = try(each.value.description, null)
          vpc_id      = try(each.value.vpc, "vpc-0123")
          depends_on  = [aws_security_group.this]
        }
        "#
    ));
    desk.refuses(
        APPLY,
        "aws_security_group.more",
        &[
            ("twin", "InvalidGroup.Duplicate: "),
            ("told", invalid),
            ("none", invalid),
            ("name", invalid),
            ("vpc", "InvalidVpcID.NotFound: "),
        ],
    );
}

#[test]
fn rules_of_a_group_stand_in_each_others_way() {
    let Some(mut desk) = Desk::new(
        "aws",
        &rules("one = { ipv4 = \"10.0.0.0/8\" }\ntwo = { ipv4 = \"10.1.0.0/16\" }"),
    ) else {
        return;
    };
    let rule = "aws_vpc_security_group_ingress_rule.this";
    desk.applies("Resources: 3 added");
    // A description or another way to write the protocol makes no other rule.
    let three = "three = { ipv4 = \"10.0.0.0/8\", description = \"other\", protocol = \"6\" }";
    desk.main(&rules(&format!(
        "one = {{ ipv4 = \"10.0.0.0/8\" }}\ntwo = {{ ipv4 = \"10.1.0.0/16\" }}\n{three}"
    )));
    desk.refuses(APPLY, rule, &[("three", "InvalidPermission.Duplicate: ")]);
    desk.main(&rules(
        "one = { ipv4 = \"10.0.0.0/8\" }\ntwo = { ipv4 = \"10.0.0.0/8\" }",
    ));
    desk.refuses(APPLY, rule, &[("two", "InvalidPermission.Duplicate: ")]);
    desk.main(&rules(
        "one = { ipv4 = \"10.0.0.0/8\" }\ntwo = { ipv4 = \"10.0.0.0/8\", to = 444 }",
    ));
    desk.applies("Resources: 0 added, 1 changed");

    // 60 of each family.
    let families = r#"
      { for index in range(60) : "v4-${index}" => { ipv4 = cidrsubnet("10.0.0.0/8", 8, index) } },
      { for index in range(60) : "v6-${index}" => { ipv6 = cidrsubnet("2001:db8::/32", 16, index) } },
    "#;
    let full = |more: &str| {
        format!("{GROUP}{RULES}\nlocals {{\n  cases = merge({families}\n{{{more}}}\n)\n}}\n")
    };
    desk.main(&full(""));
    desk.applies("Resources: 120 added, 0 changed, 2 destroyed");
    desk.main(&full(
        "one = { ipv4 = \"192.0.2.0/24\" }\ntwo = { list = \"pl-0123\" }",
    ));
    desk.refuses(
        APPLY,
        rule,
        &[
            ("one", "RulesPerSecurityGroupLimitExceeded: "),
            ("two", "RulesPerSecurityGroupLimitExceeded: "),
        ],
    );
    desk.set("PERIMETER365_STAND_IN_AWS_RULES", "62");
    desk.applies("Resources: 2 added");
}

#[test]
fn interfaces_hold_groups() {
    let interface = |groups: usize| {
        format!(
            r#"
            resource "aws_security_group" "this" {{
              count = 6
              name  = "group-${{count.index}}"
            }}

            resource "aws_network_interface" "this" {{
              subnet_id       = "subnet-0123"
              security_groups = slice(aws_security_group.this[*].id, 0, {groups})
            }}
            "#
        )
    };
    let Some(desk) = Desk::new("aws", &interface(6)) else {
        return;
    };
    desk.refuses_one(
        APPLY,
        "aws_network_interface.this",
        "SecurityGroupsPerInterfaceLimitExceeded: ",
    );
    desk.main(&interface(5));
    desk.applies("Resources: 1 added");

    // In use by someone else's interface.
    desk.change_cloud(|objects| {
        let group = objects
            .iter()
            .find(|(_, object)| object["state"]["name"] == "group-5");
        let group = group.expect("the group is there").0.clone();
        let state = json!({ "id": "eni-theirs", "security_groups": [group] });
        objects.insert(
            "eni-theirs".to_owned(),
            json!({ "kind": "aws_network_interface", "state": state }),
        );
    });
    desk.main(&interface(5).replace("count = 6", "count = 5"));
    // Of what is destroyed, Terraform names no address.
    desk.refuses_one(APPLY, "", "DependencyViolation: ");
    desk.plans("Plan: 0 to add, 0 to change, 1 to destroy.");
}
