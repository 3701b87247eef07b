//! Attributes of resources that no part of the program writes otherwise.

use serde_json::{Value, json};

use super::dice::Dice;
use super::facet::rules;
use super::mutant::{Kind, Make};
use super::resource::Resource;

pub const KINDS: &[Kind] = &[
    values("another access or action", |d, resource, values| {
        let pointer = match resource.kind.as_str() {
            "azurerm_network_security_rule" => "/access",
            "azurerm_firewall_policy_rule_collection_group" => *d.pick(&[
                "/network_rule_collection/0/action",
                "/application_rule_collection/0/action",
            ])?,
            _ => return None,
        };
        *values.pointer_mut(pointer)? = (*d.pick(&["Deny", "", "Permit"])?).into();
        Some(())
    }),
    values("source and destination swapped", |d, resource, values| {
        let rule = match resource.kind.as_str() {
            "azurerm_network_security_rule" => values,
            "azurerm_firewall_policy_rule_collection_group" => {
                let rule = d.pick(&rules(values))?.clone();
                values.pointer_mut(&rule)?
            }
            "terraform_data" => {
                let line = values["input"].as_str()?.to_owned();
                let words: Vec<&str> = line.split(' ').collect();
                let [direction, service, from, a, to, b] = words[..] else {
                    return None;
                };
                values["input"] = [direction, service, from, b, to, a].join(" ").into();
                return Some(());
            }
            _ => return None,
        };
        for what in [
            "address_prefix",
            "address_prefixes",
            "application_security_group_ids",
            "addresses",
            "ip_groups",
            "fqdns",
        ] {
            let names = ["source", "destination"].map(|side| format!("{side}_{what}"));
            let sides = [rule[&names[0]].clone(), rule[&names[1]].clone()];
            if sides != [Value::Null, Value::Null] {
                rule[&names[0]] = sides[1].clone();
                rule[&names[1]] = sides[0].clone();
            }
        }
        Some(())
    }),
    values("Microsoft's networks by a word", |d, resource, values| {
        let word = *d.pick(&[
            "*",
            "Internet",
            "Any",
            "0.0.0.0/0",
            "AzureCloud",
            "VirtualNetwork",
        ])?;
        match resource.kind.as_str() {
            "azurerm_network_security_rule" => {
                let side = if values["direction"] == "Inbound" {
                    "source"
                } else {
                    "destination"
                };
                let one = format!("{side}_address_prefix");
                if values[&one] == word {
                    return None;
                }
                values[&one] = word.into();
                if d.flip() {
                    values[format!("{side}_address_prefixes")] = Value::Null;
                }
            }
            "azurerm_firewall_policy_rule_collection_group" => {
                let rule = d.pick(&rules(values))?.clone();
                let rule = values.pointer_mut(&rule)?;
                let side =
                    if rule["destination_fqdns"].is_null() && rule["source_addresses"].is_null() {
                        "source"
                    } else {
                        "destination"
                    };
                rule[format!("{side}_addresses")] = json!([word]);
            }
            _ => return None,
        }
        Some(())
    }),
    values("another priority", |d, resource, values| {
        let pointer = match resource.kind.as_str() {
            "azurerm_network_security_rule" => "/priority",
            "azurerm_firewall_policy_rule_collection_group" => {
                "/network_rule_collection/0/priority"
            }
            _ => return None,
        };
        let others = [
            json!(1),
            json!(4096),
            json!(-5),
            json!(110.5),
            json!("high"),
            json!(1e300),
        ];
        *values.pointer_mut(pointer)? = d.pick(&others)?.clone();
        Some(())
    }),
    values("another name", |d, resource, values| {
        let rule = match resource.kind.as_str() {
            "azurerm_network_security_rule" | "azurerm_ip_group" => values,
            "azurerm_firewall_policy_rule_collection_group" => {
                let rule = d.pick(&rules(values))?.clone();
                values.pointer_mut(&rule)?
            }
            _ => return None,
        };
        let name = rule["name"].as_str()?;
        rule["name"] = match d.below(3) {
            0 => name.replacen('.', "-", 3),
            1 => format!("{name}.2"),
            _ => "mine".to_owned(),
        }
        .into();
        Some(())
    }),
    values(
        "another security group",
        |d, resource, values| match resource.kind.as_str() {
            "azurerm_network_security_rule" => {
                values["network_security_group_name"] = "another".into();
                Some(())
            }
            kind if kind.ends_with("gress_rule") => {
                values["security_group_id"] =
                    (*d.pick(&["sg-0123456789abcdef0", "", "sg-1"])?).into();
                Some(())
            }
            _ => None,
        },
    ),
    values(
        "an attribute that no module of ours sets",
        |d, resource, values| {
            let names: &[(&str, Value)] = match resource.kind.as_str() {
                "azurerm_network_security_rule" => &[
                    ("source_port_range", json!("443")),
                    ("source_application_security_group_ids", json!(["/x"])),
                    ("destination_application_security_group_ids", json!(["/x"])),
                    ("source_port_ranges", json!(["1-1023"])),
                ],
                "azurerm_firewall_policy_rule_collection_group" => &[(
                    "nat_rule_collection",
                    json!([{"name": "nat", "priority": 50, "rule": []}]),
                )],
                "terraform_data" => &[("triggers_replace", json!("x"))],
                "aws_networkfirewall_rule_group" => &[
                    ("rules", json!("pass ip any any -> any any (sid:1;)")),
                    ("type", json!("STATELESS")),
                ],
                "azurerm_ip_group" => &[],
                _ => &[
                    ("prefix_list_id", json!("pl-1")),
                    ("referenced_security_group_id", json!("sg-1")),
                    ("cidr_ipv6", json!("::/0")),
                    ("cidr_ipv4", json!("0.0.0.0/0")),
                ],
            };
            let more = [
                ("enabled", json!(true)),
                ("exceptions", json!(["10.0.0.0/8"])),
            ];
            let all: Vec<&(&str, Value)> = names.iter().chain(&more).collect();
            let (name, value) = *d.pick(&all)?;
            values[*name] = value.clone();
            Some(())
        },
    ),
    values("a collection dropped or doubled", |d, resource, values| {
        if resource.kind != "azurerm_firewall_policy_rule_collection_group" {
            return None;
        }
        let collections = values["network_rule_collection"].as_array_mut()?;
        if d.flip() {
            let copy = collections.first()?.clone();
            collections.push(copy);
        } else {
            (!collections.is_empty()).then(|| collections.clear())?;
        }
        Some(())
    }),
    values("a rule of a collection dropped", |d, resource, values| {
        collection(d, resource, values, |dice, rules| {
            (rules.len() > 1)
                .then(|| rules.remove(dice.below(rules.len())))
                .map(drop)
        })
    }),
    values(
        "a rule of a collection copied under another name",
        |d, resource, values| {
            collection(d, resource, values, |dice, rules| {
                let mut copy = dice.pick(rules)?.clone();
                let name = copy["name"]
                    .as_str()?
                    .replacen("worldwide.", "worldwide.x-", 1);
                copy["name"] = name.into();
                rules.push(copy);
                Some(())
            })
        },
    ),
    values(
        "names of two rules of a collection swapped",
        |d, resource, values| {
            collection(d, resource, values, |dice, rules| {
                let (a, b) = (dice.below(rules.len()), dice.below(rules.len()));
                let names = [rules[a]["name"].clone(), rules[b]["name"].clone()];
                let mut swapped = rules.clone();
                swapped[a]["name"] = names[1].clone();
                swapped[b]["name"] = names[0].clone();
                let what = |rule: &Value| {
                    let mut rule = rule.clone();
                    rule["name"] = Value::Null;
                    rule["description"] = Value::Null;
                    rule
                };
                // Two that open the same are the same by either name.
                if what(&rules[a]) == what(&rules[b]) {
                    return None;
                }
                *rules = swapped;
                Some(())
            })
        },
    ),
    values(
        "rules of a collection in another order",
        |d, resource, values| {
            collection(d, resource, values, |dice, rules| {
                dice.shuffle(rules);
                Some(())
            })
        },
    ),
    values("another service of a name", |d, resource, values| {
        if resource.kind != "azurerm_firewall_policy_rule_collection_group" {
            return None;
        }
        let all: Vec<String> = rules(values)
            .into_iter()
            .filter(|rule| rule.starts_with("/application"))
            .collect();
        let rule = d.pick(&all)?;
        let protocols = values.pointer_mut(&format!("{rule}/protocols"))?;
        let others = [
            json!([{"type": "Https", "port": 8443}]),
            json!([{"type": "Http", "port": 443}]),
            json!([{"type": "Mssql", "port": 1433}]),
            json!([]),
        ];
        *protocols = d.pick(&others)?.clone();
        Some(())
    }),
    values("descriptions and tags changed", |d, resource, values| {
        let tags = json!({"team": format!("a \"team\" {}", d.below(100))});
        match resource.kind.as_str() {
            "azurerm_network_security_rule" => {
                values["description"] = (*d.pick(&["", "Denies all, honestly", "é\u{1b}"])?).into();
            }
            "azurerm_firewall_policy_rule_collection_group" => {
                let rule = d.pick(&rules(values))?.clone();
                values.pointer_mut(&rule)?["description"] = "Denies all, honestly".into();
            }
            "terraform_data" => return None,
            _ => values["tags"] = tags,
        }
        Some(())
    }),
];

const fn values(
    name: &'static str,
    change: fn(&mut Dice, &Resource, &mut Value) -> Option<()>,
) -> Kind {
    Kind {
        name,
        make: Make::Values(change),
    }
}

/// Changes the rules of one of Azure Firewall's collections.
fn collection(
    dice: &mut Dice,
    resource: &Resource,
    values: &mut Value,
    change: impl Fn(&mut Dice, &mut Vec<Value>) -> Option<()>,
) -> Option<()> {
    if resource.kind != "azurerm_firewall_policy_rule_collection_group" {
        return None;
    }
    let name = *dice.pick(&["network_rule_collection", "application_rule_collection"])?;
    let rules = values.pointer_mut(&format!("/{name}/0/rule"))?;
    let rules = rules.as_array_mut().filter(|rules| !rules.is_empty())?;
    change(dice, rules)
}
