//! Plans and states that were falsified in every way that must not pass.

mod support;

use perimeter365::verify::proof::Verdict;
use serde_json::{Value, json};
use support::plans::*;
use support::roots::*;

/// With `value` there, the document is no proof any more.
#[track_caller]
fn with(
    made: &Made,
    document: &Value,
    address: &str,
    pointer: &str,
    value: &Value,
    texts: &[&str],
) {
    let mut document = document.clone();
    change(&mut document, address, |values| {
        let place = values.pointer_mut(pointer);
        *place.unwrap_or_else(|| panic!("{pointer}")) = value.clone();
    });
    finds(made, &document, texts);
}

#[test]
fn every_resource_that_is_missing_is_missed() {
    for made in ALL.into_iter().filter_map(|made| made.as_ref()) {
        let opening = [
            "azurerm_network_security_rule",
            "azurerm_firewall_policy_rule_collection_group",
            "aws_vpc_security_group_ingress_rule",
            "aws_networkfirewall_rule_group",
            "terraform_data",
        ];
        let mut plan = made.plan.clone();
        let all: Vec<String> = resources(&mut plan)
            .into_iter()
            .filter(|resource| opening.iter().any(|kind| resource["type"] == *kind))
            .filter_map(|resource| Some(resource["address"].as_str()?.to_owned()))
            .collect();
        for address in all.iter().step_by(all.len() / 5 + 1) {
            let mut plan = made.plan.clone();
            remove(&mut plan, address);
            let proof = made.judged(&plan).proof;
            assert_eq!(
                proof.verdict(),
                Verdict::Unequal,
                "{address}: {:#?}",
                obstacles(&proof)
            );
            assert!(
                findings(&proof)
                    .iter()
                    .all(|finding| finding.starts_with("deficit"))
            );
        }
    }
}

#[test]
fn rules_of_azure_are_held_against_every_attribute() {
    let Some(made) = AZURE.as_ref() else { return };
    let kind = "azurerm_network_security_rule";
    let mut plan = made.plan.clone();
    let webhooks = address(
        &mut plan,
        kind,
        "graph-change-notifications.webhook_receiver.ipv4",
    );
    let case = |attribute: &str, value: Value, texts: &[&str]| {
        let mut plan = made.plan.clone();
        change(&mut plan, &webhooks, |values| {
            values[attribute] = value.clone();
        });
        finds(made, &plan, texts);
        finds(
            made,
            &plan,
            &["graph-change-notifications.webhook_receiver.ipv4"],
        );
    };
    case("access", json!("Deny"), &["`access` is `Deny`", "deficit"]);
    case("direction", json!("Outbound"), &["surplus", "outbound"]);
    case("protocol", json!("*"), &["surplus", "udp/443"]);
    case("protocol", json!("Icmp"), &["the protocol `Icmp`"]);
    case(
        "destination_port_ranges",
        json!(["443", "22"]),
        &["surplus", "tcp/22"],
    );
    case(
        "destination_port_ranges",
        json!(["*"]),
        &["surplus", "1-442"],
    );
    case("destination_port_ranges", json!("443"), &["is no list"]);
    case("source_port_range", json!("443"), &["`source_port_range`"]);
    case("priority", json!(4000), &["adds to the lock's"]);
    case("priority", json!("high"), &["`priority`"]);
    case("name", json!("m365-worldwide.other"), &["`name`"]);
    case(
        "network_security_group_name",
        json!("another"),
        &["`network_security_group_name`"],
    );
    case(
        "source_address_prefixes",
        json!(["0.0.0.0/0"]),
        &["surplus", "0.0.0.0"],
    );
    case(
        "source_address_prefixes",
        json!(["13.78.204.0/32", "x"]),
        &["`x` is no address"],
    );
    case(
        "source_address_prefixes",
        json!(["2603:1006:2000::/048"]),
        &["`2603:1006:2000::/048` is no address"],
    );
    case(
        "source_address_prefix",
        json!("Internet"),
        &["surplus", "::/0"],
    );
    case("source_address_prefix", json!("*"), &["surplus"]);
    case(
        "source_application_security_group_ids",
        json!(["/x"]),
        &["on Microsoft's side"],
    );
    case("destination_address_prefix", json!("*"), &["on your side"]);
    case(
        "destination_address_prefixes",
        json!(["0.0.0.0/0"]),
        &["your side"],
    );
    case(
        "destination_address_prefixes",
        json!(["13.78.204.0/32"]),
        &["your side"],
    );
    case(
        "destination_application_security_group_ids",
        json!(["/x"]),
        &["addresses and of application"],
    );
    case("a_new_one", json!(["x"]), &["`a_new_one`"]);
    case(
        "source_address_prefixes",
        json!(["13.78.204.0/32"]),
        &["deficit", "20.20.32.0/19"],
    );
}

#[test]
fn rules_of_azure_that_no_row_asks_for_are_too_much() {
    let Some(made) = AZURE.as_ref() else { return };
    let mut plan = made.plan.clone();
    let own = address(
        &mut plan,
        "azurerm_network_security_rule",
        "webhook_receiver.ipv4",
    );
    let key = "graph-change-notifications.other.webhook_receiver.ipv4";
    add(&mut plan, &own, key, |values| {
        values["name"] = format!("m365-worldwide.{key}").into();
    });
    finds(made, &plan, &["surplus", key]);
    let mut plan = made.plan.clone();
    add(&mut plan, &own, "x y\u{1b}", |_| {});
    finds(made, &plan, &["worldwide.x y\\u{1b}`"]);
}

#[test]
fn collections_of_azure_firewall_are_held_against_every_attribute() {
    let Some(made) = AZURE_FIREWALL.as_ref() else {
        return;
    };
    let kind = "azurerm_firewall_policy_rule_collection_group";
    let mut plan = made.plan.clone();
    let inbound = address(&mut plan, kind, "inbound");
    let case = |pointer: &str, value: Value, texts: &[&str]| {
        with(made, &made.plan, &inbound, pointer, &value, texts);
    };
    let rule = "/network_rule_collection/0/rule/0";
    case(
        "/network_rule_collection/0/action",
        json!("Deny"),
        &["`action`", "deficit"],
    );
    case(
        &format!("{rule}/protocols"),
        json!(["Any"]),
        &["surplus", "udp"],
    );
    case(
        &format!("{rule}/source_addresses"),
        json!(["*"]),
        &["surplus", "0.0.0.0"],
    );
    case(
        &format!("{rule}/destination_ports"),
        json!(["1-65535"]),
        &["surplus"],
    );
    case(
        &format!("{rule}/destination_addresses"),
        json!(["*"]),
        &["your side"],
    );
    case(
        &format!("{rule}/destination_fqdns"),
        json!(["a.contoso.com"]),
        &["its destination is not one of"],
    );
    case(&format!("{rule}/name"), json!("mine"), &["`mine`"]);
    case(
        "/nat_rule_collection",
        json!([{"name": "x"}]),
        &["`nat_rule_collection`"],
    );
}

#[test]
fn names_and_ip_groups_of_azure_firewall_are_held_against_every_attribute() {
    let Some(made) = AZURE_FIREWALL.as_ref() else {
        return;
    };
    let kind = "azurerm_firewall_policy_rule_collection_group";
    let mut plan = made.plan.clone();
    let inbound = address(&mut plan, kind, "inbound");
    let outbound = address(&mut plan, kind, "outbound");
    let groups = address(&mut plan, "azurerm_ip_group", "webhook");
    add(&mut plan, &groups, "a.b.webhook_receiver.ipv4", |_| {});
    finds(made, &plan, &["no row has its key"]);
    let every = json!(["0.0.0.0/0"]);
    with(made, &made.plan, &groups, "/cidrs", &every, &["surplus"]);
    with(
        made,
        &made.plan,
        &outbound,
        "/application_rule_collection/0/rule/0/destination_fqdns",
        &json!(["*.contoso.com"]),
        &["surplus", "*.contoso.com", "deficit"],
    );
    with(
        made,
        &made.plan,
        &outbound,
        "/application_rule_collection/0/rule/0/destination_fqdns",
        &json!(["*"]),
        &["`*` is not a host name"],
    );
    with(
        made,
        &made.plan,
        &outbound,
        "/application_rule_collection/0/rule/0/protocols/0/port",
        &json!(8443),
        &["`protocols`"],
    );
    with(
        made,
        &made.plan,
        &groups,
        "/cidrs/0",
        &json!("10.0.0.0/8"),
        &["surplus", "10.0.0.0/8", "deficit"],
    );
    with(
        made,
        &made.state,
        &inbound,
        "/network_rule_collection/0/rule/2/source_ip_groups/0",
        &json!("/other"),
        &["no IP group of the module"],
    );
}

#[test]
fn rules_of_aws_are_held_against_every_attribute_and_their_key() {
    let Some(made) = AWS.as_ref() else { return };
    let mut plan = made.plan.clone();
    let own = address(
        &mut plan,
        "aws_vpc_security_group_ingress_rule",
        "13.78.204.0/32",
    );
    let case = |attribute: &str, value: Value, texts: &[&str]| {
        let mut plan = made.plan.clone();
        change(&mut plan, &own, |values| values[attribute] = value.clone());
        finds(made, &plan, texts);
        finds(made, &plan, &[&own]);
    };
    case("ip_protocol", json!("-1"), &["surplus", "udp/1-65535"]);
    case("ip_protocol", json!("udp"), &["its key says `tcp`"]);
    case("from_port", json!(1), &["surplus", "1-442"]);
    case("from_port", json!(-1), &["`from_port`"]);
    case("from_port", json!(1e300), &["`from_port`"]);
    case(
        "cidr_ipv4",
        json!("0.0.0.0/0"),
        &["its key says `13.78.204.0/32`", "surplus"],
    );
    case("cidr_ipv6", json!("::/0"), &["surplus", "::/0"]);
    case("cidr_ipv4", json!(["13.78.204.0/32"]), &["`cidr_ipv4`"]);
    case("prefix_list_id", json!("pl-1"), &["`prefix_list_id`"]);
    case(
        "referenced_security_group_id",
        json!("sg-1"),
        &["`referenced_security_group_id`"],
    );
    case(
        "security_group_id",
        json!("sg-another"),
        &["said to be unknown"],
    );
    let mut state = made.state.clone();
    change(&mut state, &own, |values| {
        values["security_group_id"] = "sg-another".into();
    });
    finds(made, &state, &["`sg-another`"]);
    for (key, text) in [
        ("webhook_receiver-1 tcp#2 13.78.204.0/32", "slot 2"),
        (
            "webhook_receiver-7 tcp#1 13.78.204.0/32",
            "no group `webhook_receiver-7`",
        ),
        ("webhook_receiver-1 tcp#1 13.78.204.0/31", "its key says"),
        ("webhook_receiver", "its key is not made of"),
    ] {
        let mut plan = made.plan.clone();
        add(&mut plan, &own, key, |_| {});
        finds(made, &plan, &[text]);
    }
    let mut plan = made.plan.clone();
    add(
        &mut plan,
        &own,
        "webhook_receiver-1 tcp#1 0.0.0.0/0",
        |values| {
            values["cidr_ipv4"] = "0.0.0.0/0".into();
        },
    );
    finds(
        made,
        &plan,
        &["surplus", "webhook_receiver-1 tcp#1 0.0.0.0/0"],
    );
    let mut plan = made.plan.clone();
    let group = address(&mut plan, "aws_security_group", "webhook_receiver-1");
    add(&mut plan, &group, "webhook_receiver-9", |_| {});
    finds(
        made,
        &plan,
        &["webhook_receiver-9", "the lock has no such group"],
    );
    // What a refreshed group lists, and no resource makes.
    let mut state = made.state.clone();
    let group = address(&mut state, "aws_security_group", "webhook_receiver-1");
    change(&mut state, &group, |values| {
        values["ingress"] = json!([{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"],
            "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": false, "description": ""}]);
    });
    finds(made, &state, &["surplus", "tcp/22"]);
}

#[test]
fn what_a_plan_ends_is_not_open_though_its_group_still_lists_it() {
    let Some(made) = AWS.as_ref() else { return };
    let mut noop = made.noop.clone();
    let own = address(
        &mut noop,
        "aws_vpc_security_group_ingress_rule",
        "13.78.204.0/32",
    );
    let group = address(&mut noop, "aws_security_group", "webhook_receiver-1");
    let listing = |network: &str| {
        let mut plan = made.noop.clone();
        change(&mut plan, &group, |values| {
            values["ingress"] = json!([{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": [network],
                "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": false, "description": ""}]);
        });
        plan
    };
    // A rule that was changed: what it was is listed, and gone.
    let mut plan = listing("192.0.2.0/24");
    finds(made, &plan, &["surplus", "192.0.2.0/24"]);
    for changed in plan["resource_changes"].as_array_mut().unwrap() {
        if changed["address"] == *own {
            changed["change"]["actions"] = json!(["update"]);
            changed["change"]["before"]["cidr_ipv4"] = "192.0.2.0/24".into();
        }
    }
    is_equal(&made.judged(&plan).proof);
    // One that is destroyed: what is listed is no longer open.
    let mut plan = listing("13.78.204.0/32");
    is_equal(&made.judged(&plan).proof);
    let mut gone = plan["resource_changes"].as_array().unwrap().clone();
    gone.retain(|changed| changed["address"] == *own);
    remove(&mut plan, &own);
    gone[0]["change"]["actions"] = json!(["delete"]);
    gone[0]["change"]["after"] = Value::Null;
    plan["resource_changes"]
        .as_array_mut()
        .unwrap()
        .extend(gone);
    finds(made, &plan, &["deficit", "13.78.204.0/32"]);
}

#[test]
fn rules_of_aws_network_firewall_are_read_line_by_line() {
    let Some(made) = AWS_NETWORK_FIREWALL.as_ref() else {
        return;
    };
    let mut plan = made.plan.clone();
    let kind = "aws_networkfirewall_rule_group";
    let inbound = address(&mut plan, kind, "inbound");
    let outbound = address(&mut plan, kind, "outbound");
    let text = "/rule_group/0/rules_source/0/rules_string";
    let case = |address: &str, edit: &dyn Fn(&str) -> String, texts: &[&str]| {
        let mut plan = made.plan.clone();
        change(&mut plan, address, |values| {
            let old = values
                .pointer(text)
                .and_then(Value::as_str)
                .expect("there are rules");
            let new = edit(old);
            assert_ne!(old, new);
            *values.pointer_mut(text).expect("there are rules") = new.into();
        });
        finds(made, &plan, texts);
    };
    let first_gone = |old: &str| old.split_once('\n').unwrap().1.to_owned();
    case(
        &inbound,
        &first_gone,
        &["deficit federation-sts.client-tls.sts_proxy.ipv4 "],
    );
    let second_gone = |old: &str| {
        let lines: Vec<&str> = old.lines().collect();
        [&lines[..1], &lines[2..]].concat().join("\n") + "\n"
    };
    case(
        &inbound,
        &second_gone,
        &["deficit federation-sts.client-tls.sts_proxy.ipv4 "],
    );
    case(
        &inbound,
        &|old| old.replace(" 49443 ", " 22 "),
        &["surplus", "tcp/22", "deficit"],
    );
    case(
        &inbound,
        &|old| old.replacen(" 49443 ", " 22 ", 1),
        &["surplus", "tcp/22", "deficit"],
    );
    case(
        &inbound,
        &|old| old.replacen("$RANGE_FEDERATION_CLIENTS any ->", "any any ->", 1),
        &["no set of addresses"],
    );
    case(
        &inbound,
        &|old| format!("{old}pass ip any any -> any any (sid:1;)\n"),
        &["the rule `pass ip any any"],
    );
    case(&inbound, &|old| format!("{old}\n"), &["the rule ``"]);
    case(
        &inbound,
        &|old| format!("{old}{}\n", old.lines().next().unwrap()),
        &["two rules have the `sid`"],
    );
    case(&inbound, &|old| old.replacen("pass", "drop", 1), &["`drop"]);
    case(
        &inbound,
        &|old| old.replacen("flow:to_server; ", "", 1),
        &["options"],
    );
    case(
        &outbound,
        &|old| old.replacen("bsize:>23; ", "", 1),
        &["options"],
    );
    case(
        &outbound,
        &|old| {
            old.replacen(
                ".servicebus.windows.net\"; endswith; nocase; bsize:>23",
                ".windows.net\"; endswith; nocase; bsize:>12",
                1,
            )
        },
        &["surplus", "*.windows.net", "deficit"],
    );
    case(
        &outbound,
        &|old| old.replacen("any 443", "any any", 1),
        &["its port"],
    );
}

#[test]
fn the_group_of_aws_network_firewall_is_held_against_every_attribute() {
    let Some(made) = AWS_NETWORK_FIREWALL.as_ref() else {
        return;
    };
    let mut plan = made.plan.clone();
    let inbound = address(&mut plan, "aws_networkfirewall_rule_group", "inbound");
    let case = |pointer: &str, value: Value, texts: &[&str]| {
        with(made, &made.plan, &inbound, pointer, &value, texts);
    };
    case(
        "/rule_group/0/stateful_rule_options/0/rule_order",
        json!("ANY"),
        &["`rule_order`"],
    );
    case(
        "/rules",
        json!("pass ip any any -> any any (sid:1;)"),
        &["`rules`"],
    );
    case("/type", json!("STATELESS"), &["`type`"]);
    case(
        "/rule_group/0/rule_variables/0/port_sets",
        json!([{"key": "X"}]),
        &["`port_sets`"],
    );
    case(
        "/rule_group/0/rule_variables/0/ip_sets/2/ip_set/0/definition/0",
        json!("0.0.0.0/0"),
        &["surplus"],
    );
    case(
        "/rule_group/0/rule_variables/0/ip_sets/0/ip_set/0/definition/0",
        json!("0.0.0.0/0"),
        &["your side"],
    );
    case(
        "/rule_group/0/rule_variables/0/ip_sets/2/key",
        json!("ROW_OTHER"),
        &["defined nowhere"],
    );
}

#[test]
fn openings_of_the_generic_module_are_held_against_their_key() {
    let Some(made) = GENERIC.as_ref() else { return };
    let mut plan = made.plan.clone();
    let own = address(&mut plan, "terraform_data", "13.78.204.0/32");
    let case = |input: Value, texts: &[&str]| {
        let mut plan = made.plan.clone();
        change(&mut plan, &own, |values| values["input"] = input.clone());
        finds(made, &plan, texts);
    };
    case(
        json!("inbound tcp/443 from 0.0.0.0/0 to webhook_receiver"),
        &["surplus", "its key is not that of"],
    );
    case(
        json!("inbound udp/443 from 13.78.204.0/32 to webhook_receiver"),
        &["surplus", "udp/443", "deficit"],
    );
    case(
        json!("inbound tcp/22 from 13.78.204.0/32 to webhook_receiver"),
        &["surplus", "tcp/22", "deficit"],
    );
    case(
        json!("outbound tcp/443 from webhook_receiver to 13.78.204.0/32"),
        &["surplus", "outbound"],
    );
    case(json!(7), &["`input` is `7`"]);
    case(json!("everything"), &["says no opening"]);
    let mut plan = made.plan.clone();
    add(
        &mut plan,
        &own,
        "inbound webhook_receiver tcp#1 10.0.0.0/8",
        |values| {
            values["input"] = "inbound tcp/443 from 10.0.0.0/8 to webhook_receiver".into();
        },
    );
    finds(made, &plan, &["surplus", "10.0.0.0/8"]);
}

#[test]
fn what_is_unknown_until_apply_is_no_proof() {
    for (made, kind, part, unknown, text) in [
        (
            &AZURE,
            "azurerm_network_security_rule",
            "webhook_receiver.ipv4",
            "source_address_prefixes",
            "`source_address_prefixes`",
        ),
        (
            &AZURE,
            "azurerm_network_security_rule",
            "webhook_receiver.ipv4",
            "destination_port_ranges",
            "`destination_port_ranges`",
        ),
        (
            &AZURE,
            "azurerm_network_security_rule",
            "webhook_receiver.ipv4",
            "protocol",
            "`protocol`",
        ),
        (
            &AZURE_FIREWALL,
            "azurerm_ip_group",
            "webhook",
            "cidrs",
            "`cidrs`",
        ),
        (
            &AWS,
            "aws_vpc_security_group_ingress_rule",
            "13.78.204.0/32",
            "cidr_ipv4",
            "`cidr_ipv4`",
        ),
        (
            &AWS_NETWORK_FIREWALL,
            "aws_networkfirewall_rule_group",
            "inbound",
            "rule_group",
            "`rule_group`",
        ),
        (
            &GENERIC,
            "terraform_data",
            "13.78.204.0/32",
            "input",
            "`input`",
        ),
    ] {
        let Some(made) = made.as_ref() else { return };
        let mut plan = made.plan.clone();
        let own = address(&mut plan, kind, part);
        change(&mut plan, &own, |values| {
            values.as_object_mut().unwrap().remove(unknown);
        });
        for changed in plan["resource_changes"].as_array_mut().unwrap() {
            if changed["address"] == *own {
                changed["change"]["after_unknown"][unknown] = true.into();
            }
        }
        let proof = made.judged(&plan).proof;
        assert_eq!(proof.verdict(), Verdict::CannotTell);
        let all = obstacles(&proof).join("\n");
        assert!(all.contains(&format!("{own}: {text} is unknown")), "{all}");
    }
}

#[test]
fn a_plan_that_contradicts_itself_is_no_proof() {
    let Some(made) = AZURE.as_ref() else { return };
    let mut plan = made.plan.clone();
    let own = address(
        &mut plan,
        "azurerm_network_security_rule",
        "webhook_receiver.ipv4",
    );
    let case = |edit: &dyn Fn(&mut Value), texts: &[&str]| {
        let mut plan = made.plan.clone();
        edit(&mut plan);
        finds(made, &plan, texts);
    };
    let of = |plan: &mut Value, own: &str, edit: &dyn Fn(&mut Value)| {
        let changes = plan["resource_changes"].as_array_mut().unwrap();
        edit(
            changes
                .iter_mut()
                .find(|changed| changed["address"] == *own)
                .unwrap(),
        );
    };
    case(
        &|plan| {
            of(plan, &own, &|changed| {
                changed["change"]["after"]["priority"] = 7.into();
            });
        },
        &[&own, "`priority` is not the same"],
    );
    case(
        &|plan| {
            of(plan, &own, &|changed| {
                changed["change"]["actions"] = json!(["delete"]);
            });
        },
        &[&own, "does `delete`"],
    );
    case(
        &|plan| plan["resource_changes"] = json!([]),
        &[&own, "`resource_changes` has not"],
    );
    case(
        &|plan| {
            of(plan, &own, &|changed| {
                changed["address"] =
                    "module.worldwide_inbound_hybrid_server.module.rules.x.y".into();
            });
        },
        &["`planned_values` has not"],
    );
    case(
        &|plan| plan["errored"] = true.into(),
        &["ended with an error"],
    );
    case(&|plan| plan["complete"] = false.into(), &["not complete"]);
    case(
        &|plan| {
            plan.as_object_mut().unwrap().remove("planned_values");
        },
        &["no `planned_values`"],
    );
    case(
        &|plan| {
            plan.as_object_mut().unwrap().remove("configuration");
        },
        &["no `configuration`"],
    );
    let copy = |plan: &mut Value, kind: &str| {
        let module = plan
            .pointer_mut("/planned_values/root_module/child_modules/0/child_modules/0/resources")
            .unwrap();
        let list = module.as_array_mut().unwrap();
        let mut copy = list[0].clone();
        copy["type"] = kind.into();
        list.push(copy);
    };
    case(
        &|plan| copy(plan, "azurerm_network_security_rule"),
        &["stands twice"],
    );
    case(
        &|plan| copy(plan, "azurerm_public_ip"),
        &["no such resource"],
    );
    let mut state = made.state.clone();
    for resource in resources(&mut state) {
        if resource["address"] == *own {
            resource["deposed_key"] = "1234".into();
        }
    }
    finds(made, &state, &["an earlier object"]);
}

#[test]
fn what_stands_twice_in_a_resource_is_no_proof() {
    let Some(made) = AZURE.as_ref() else { return };
    let plan = made.plan.to_string();
    let twice = plan.replacen(
        "\"access\":\"Allow\"",
        "\"access\":\"Allow\",\"access\":\"Allow\"",
        1,
    );
    assert_ne!(plan, twice);
    let proof = judged(&made.folder, twice.as_bytes()).unwrap().proof;
    assert!(
        obstacles(&proof)
            .join("\n")
            .contains("`access` stands twice")
    );
}

#[test]
fn torn_plans_are_errors_or_no_proofs_and_never_more() {
    let Some(made) = AZURE.as_ref() else { return };
    let plan = made.plan.to_string();
    let bytes = plan.as_bytes();
    for offset in (1..bytes.len()).step_by(bytes.len() / 40) {
        assert!(judged(&made.folder, &bytes[..offset]).is_err());
        for byte in *b"\"[}9" {
            let mut torn = bytes.to_vec();
            torn[offset] = byte;
            // Whatever it comes to, it comes to something.
            let _ = judged(&made.folder, &torn);
        }
    }
}
