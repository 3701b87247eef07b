//! Whole resources and modules, moved about, and what a plan does to them.

use serde_json::{Value, json};

use super::base::Base;
use super::dice::Dice;
use super::facet::rules;
use super::mutant::{Kind, Make, Meaning, Mutant, Spot};
use super::resource::Resource;

pub const KINDS: &[Kind] = &[
    kind("a resource deleted", |d, base| {
        let resource = deletable(d, base)?;
        let mut document = base.document.clone();
        remove_planned(&mut document, resource);
        remove_changed(&mut document, resource);
        Some(told(&document, &[resource], "deleted"))
    }),
    untold("a resource deleted in one place", |d, base| {
        let resource = of_plan(d, base)?;
        let mut document = base.document.clone();
        if d.flip() {
            remove_planned(&mut document, resource);
        } else {
            remove_changed(&mut document, resource);
        }
        Some(told(&document, &[resource], "deleted in one place"))
    }),
    kind("a resource that the plan destroys", |d, base| {
        let resource = deletable(d, base).filter(|_| !base.is_state)?;
        let mut document = base.document.clone();
        remove_planned(&mut document, resource);
        let changed = document.pointer_mut(resource.changed.as_ref()?)?;
        let change = &mut changed["change"];
        *change = json!({"actions": ["delete"], "before": change["after"], "after": null, "after_unknown": {}});
        list_in_group(&mut document, base, resource, &resource.values);
        Some(told(&document, &[resource], "destroyed"))
    }),
    untold(
        "a resource that the plan does something else to",
        |d, base| {
            let resource = of_plan(d, base)?;
            let mut document = base.document.clone();
            let actions = [
                json!(["delete"]),
                json!(["forget"]),
                json!(["read"]),
                json!([]),
            ];
            document.pointer_mut(resource.changed.as_ref()?)?["change"]["actions"] =
                d.pick(&actions)?.clone();
            Some(told(&document, &[resource], "other actions"))
        },
    ),
    kind("a resource copied under another key", |d, base| {
        let resource = keyed(d, base)?;
        let key = resource.key.as_ref()?;
        let new = match d.below(3) {
            0 => format!("{key}.2"),
            1 => key.replacen(['.', '-'], ".x.", 1),
            _ => format!("{key} "),
        };
        let mut document = base.document.clone();
        let address = add(&mut document, resource, |copy| rename(copy, resource, &new))?;
        Some(Mutant::new(&document, vec![Spot::at(address)], "copied"))
    }),
    kind("a resource that stands twice", |d, base| {
        let resource = any(d, base)?;
        let mut document = base.document.clone();
        add(&mut document, resource, |_| ())?;
        Some(told(&document, &[resource], "doubled"))
    }),
    kind("a resource renamed", |d, base| {
        let resource = keyed(d, base)?;
        let key = resource.key.as_ref()?;
        let new = match d.below(3) {
            0 => format!("{key}.2"),
            1 => key.replacen(['.', '-'], ".x.", 1),
            _ => key.to_uppercase(),
        };
        let mut document = base.document.clone();
        let mut address = String::new();
        for_each(&mut document, resource, |own| {
            rename(own, resource, &new);
            own["address"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut address);
        });
        Some(Mutant::new(
            &document,
            vec![Spot::at(address)],
            format!("{} renamed", resource.address),
        ))
    }),
    kind("an address that is not that of its key", |d, base| {
        let resource = keyed(d, base)?;
        let mut document = base.document.clone();
        let address = resource.address.replacen("[\"", "[\"x", 1);
        for_each(&mut document, resource, |own| {
            own["address"] = address.clone().into();
        });
        Some(Mutant::new(
            &document,
            vec![Spot::at(address)],
            "another address",
        ))
    }),
    kind("attributes of two resources swapped", |d, base| {
        let (a, b) = two(d, base)?;
        let mut document = base.document.clone();
        give(&mut document, a, &b.values);
        give(&mut document, b, &a.values);
        Some(told(&document, &[a, b], "swapped"))
    }),
    kind("attributes taken by another resource", |d, base| {
        let (a, b) = two(d, base)?;
        let mut document = base.document.clone();
        give(&mut document, a, &b.values);
        Some(told(&document, &[a], "taken"))
    }),
    kind("the IP group of another row", |d, base| {
        let resource = any(d, base)?;
        let groups: Vec<&Resource> = base
            .resources
            .iter()
            .filter(|group| group.kind == "azurerm_ip_group" && group.module == resource.module)
            .collect();
        let all: Vec<(String, &Resource)> = rules(&resource.values)
            .into_iter()
            .filter_map(|rule| {
                let name = resource.values.pointer(&rule)?["name"].as_str()?;
                let own = groups
                    .iter()
                    .find(|group| name.ends_with(group.key.as_deref().unwrap_or("-")))?;
                Some((rule, *own))
            })
            .collect();
        let (rule, own) = d.pick(&all)?;
        let other = d.pick(&groups)?;
        if other.values["cidrs"] == own.values["cidrs"] {
            return None;
        }
        let id = if other.values["id"].is_string() {
            other.values["id"].clone()
        } else {
            "/other".into()
        };
        let mut values = resource.values.clone();
        for side in ["source_ip_groups", "destination_ip_groups"] {
            let ids = values.pointer_mut(&format!("{rule}/{side}"))?;
            if !ids.is_null() {
                *ids = json!([id]);
            }
        }
        if values == resource.values {
            return None;
        }
        let mut document = base.document.clone();
        give(&mut document, resource, &values);
        Some(told(&document, &[resource], rule))
    }),
    kind("a resource of a foreign type", |d, base| {
        let resource = any(d, base)?;
        let kinds = [
            "azurerm_public_ip",
            "aws_security_group_rule",
            "azurerm_network_security_group_x",
            "null_resource",
            "aws_vpc_security_group_rules_exclusive",
        ];
        let kind = *d.pick(&kinds)?;
        let mut document = base.document.clone();
        let address = add(&mut document, resource, |copy| {
            copy["type"] = kind.into();
            copy["address"] = resource.address.replacen(&resource.kind, kind, 1).into();
        })?;
        Some(Mutant::new(&document, vec![Spot::at(address)], "foreign"))
    }),
    kind("a rule of the other direction", |d, base| {
        let resource = keyed(d, base)?;
        let other = match resource.kind.as_str() {
            "aws_vpc_security_group_ingress_rule" => "aws_vpc_security_group_egress_rule",
            "aws_vpc_security_group_egress_rule" => "aws_vpc_security_group_ingress_rule",
            _ => return None,
        };
        let mut document = base.document.clone();
        let address = resource.address.replacen(&resource.kind, other, 1);
        for_each(&mut document, resource, |own| {
            own["type"] = other.into();
            own["address"] = address.clone().into();
        });
        let mut spot = Spot::of(resource);
        spot.address = address;
        Some(Mutant::new(&document, vec![spot], "another direction"))
    }),
    kind("a resource of another provider", |d, base| {
        let resource = any(d, base)?;
        let mut document = base.document.clone();
        for_each(&mut document, resource, |own| {
            own["provider_name"] = "registry.terraform.io/example/mine".into();
        });
        Some(told(&document, &[resource], "another provider"))
    }),
    kind("an object left over", |d, base| {
        let resource = any(d, base).filter(|_| base.is_state)?;
        let mut document = base.document.clone();
        document.pointer_mut(&resource.pointer)?["deposed_key"] = "1a2b3c4d".into();
        Some(told(&document, &[resource], "deposed"))
    }),
    kind("a module without its resources", |d, base| {
        let resource = of_plan(d, base)?;
        let mut document = base.document.clone();
        let (module, _) = resource.pointer.rsplit_once("/resources/")?;
        document.pointer_mut(module)?["resources"] = json!([]);
        document["resource_changes"]
            .as_array_mut()?
            .retain(|changed| changed["module_address"] != *resource.module);
        let spot = Spot {
            address: resource.module.clone(),
            missing: Some((resource.module.clone(), None)),
        };
        // One of several instances that no one says there to be is told nowhere.
        (!resource.module.contains('[')).then(|| Mutant::new(&document, vec![spot], "emptied"))
    }),
    untold("an attribute made unknown", |d, base| {
        let (resource, name) = unknown(d, base)?;
        let mut document = base.document.clone();
        let is_both = d.below(3) == 0;
        if !is_both {
            document.pointer_mut(&resource.pointer)?["values"]
                .as_object_mut()?
                .remove(&name);
        }
        let change = &mut document.pointer_mut(resource.changed.as_ref()?)?["change"];
        if !is_both {
            change["after"].as_object_mut()?.remove(&name);
        }
        change["after_unknown"][&name] = true.into();
        Some(told(&document, &[resource], "unknown"))
    }),
];

const fn kind(name: &'static str, change: fn(&mut Dice, &Base) -> Option<Mutant>) -> Kind {
    Kind {
        name,
        make: Make::Document(Meaning::Other, change),
    }
}

const fn untold(name: &'static str, change: fn(&mut Dice, &Base) -> Option<Mutant>) -> Kind {
    Kind {
        name,
        make: Make::Document(Meaning::Untold, change),
    }
}

fn told(document: &Value, resources: &[&Resource], what: &str) -> Mutant {
    let spots = resources
        .iter()
        .map(|resource| Spot::of(resource))
        .collect();
    Mutant::new(document, spots, format!("{what}: {}", resources[0].address))
}

fn any<'b>(dice: &mut Dice, base: &'b Base) -> Option<&'b Resource> {
    dice.pick(&base.resources)
}

fn of_plan<'b>(dice: &mut Dice, base: &'b Base) -> Option<&'b Resource> {
    any(dice, base).filter(|_| !base.is_state)
}

fn keyed<'b>(dice: &mut Dice, base: &'b Base) -> Option<&'b Resource> {
    any(dice, base).filter(|resource| resource.key.is_some())
}

/// One that is missed: where nothing else tells, another one must tell that hosts of its role were given.
fn deletable<'b>(dice: &mut Dice, base: &'b Base) -> Option<&'b Resource> {
    let resource =
        any(dice, base).filter(|resource| resource.opens() && !base.is_the_users(resource))?;
    let kind = |resource: &Resource| {
        let key = resource.key.as_deref().unwrap_or_default();
        key.rsplit('.').next().map(str::to_owned)
    };
    let is_witness = |other: &&Resource| {
        other.address != resource.address
            && other.module == resource.module
            && other.role() == resource.role()
            && (resource.kind != "azurerm_network_security_rule" || kind(other) == kind(resource))
    };
    let others = base.resources.iter().filter(is_witness);
    (base.tells() || others.count() > 0).then_some(resource)
}

/// Two of a type that don't open the same.
fn two<'b>(dice: &mut Dice, base: &'b Base) -> Option<(&'b Resource, &'b Resource)> {
    let resource = keyed(dice, base)?;
    let others: Vec<&Resource> = base
        .resources
        .iter()
        .filter(|other| {
            other.kind == resource.kind
                && other.module == resource.module
                && other.key != resource.key
                && resource.opens()
                && !base.is_the_users(other)
                && !base.is_the_users(resource)
        })
        .collect();
    Some((resource, *dice.pick(&others)?))
}

/// An attribute that decides what a resource of a plan opens.
fn unknown<'b>(dice: &mut Dice, base: &'b Base) -> Option<(&'b Resource, String)> {
    let resource = of_plan(dice, base).filter(|resource| !base.is_the_users(resource))?;
    let names: &[&str] = match resource.kind.as_str() {
        "azurerm_network_security_rule" if resource.values["direction"] == "Inbound" => &[
            "source_address_prefixes",
            "destination_port_ranges",
            "protocol",
            "direction",
            "access",
        ],
        "azurerm_network_security_rule" => {
            &["destination_address_prefixes", "destination_port_ranges"]
        }
        "azurerm_firewall_policy_rule_collection_group" => {
            &["network_rule_collection", "application_rule_collection"]
        }
        "azurerm_ip_group" => &["cidrs"],
        "aws_networkfirewall_rule_group" => &["rule_group"],
        "terraform_data" => &["input"],
        "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule" => &[
            "cidr_ipv4",
            "cidr_ipv6",
            "from_port",
            "to_port",
            "ip_protocol",
        ],
        _ => return None,
    };
    let is_there = |name: &&&str| match &resource.values[**name] {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        _ => true,
    };
    let names: Vec<&&str> = names.iter().filter(is_there).collect();
    Some((resource, (**dice.pick(&names)?).to_owned()))
}

/// Changes a resource in both places.
pub fn for_each(document: &mut Value, resource: &Resource, mut change: impl FnMut(&mut Value)) {
    for pointer in [Some(&resource.pointer), resource.changed.as_ref()]
        .into_iter()
        .flatten()
    {
        change(document.pointer_mut(pointer).expect("it is there"));
    }
}

fn rename(own: &mut Value, resource: &Resource, key: &str) {
    let index = |key: &str| format!("[{}]", Value::from(key));
    let old = index(resource.key.as_deref().unwrap_or_default());
    own["index"] = key.into();
    let start = resource
        .address
        .strip_suffix(&old)
        .unwrap_or(&resource.address);
    own["address"] = format!("{start}{}", index(key)).into();
}

fn give(document: &mut Value, resource: &Resource, values: &Value) {
    document
        .pointer_mut(&resource.pointer)
        .expect("it is there")["values"] = values.clone();
    if let Some(changed) = &resource.changed {
        document.pointer_mut(changed).expect("it is there")["change"]["after"] = values.clone();
    }
}

/// Adds a copy in both places, and returns its address.
fn add(document: &mut Value, resource: &Resource, change: impl Fn(&mut Value)) -> Option<String> {
    let mut address = None;
    for pointer in [Some(&resource.pointer), resource.changed.as_ref()]
        .into_iter()
        .flatten()
    {
        let mut copy = document.pointer(pointer)?.clone();
        change(&mut copy);
        address = copy["address"].as_str().map(str::to_owned);
        let (list, _) = pointer.rsplit_once('/')?;
        document.pointer_mut(list)?.as_array_mut()?.push(copy);
    }
    address
}

fn remove_planned(document: &mut Value, resource: &Resource) {
    remove(document, &resource.pointer);
}

fn remove_changed(document: &mut Value, resource: &Resource) {
    if let Some(changed) = &resource.changed {
        remove(document, changed);
    }
}

fn remove(document: &mut Value, pointer: &str) {
    let (list, index) = pointer.rsplit_once('/').expect("it is in a list");
    let index: usize = index.parse().expect("an index is a number");
    let list = document.pointer_mut(list).and_then(Value::as_array_mut);
    list.expect("it is a list").remove(index);
}

/// Lists a rule of AWS in the group that it is in, as a refreshed one does.
pub fn list_in_group(document: &mut Value, base: &Base, resource: &Resource, values: &Value) {
    let listed = match resource.kind.as_str() {
        "aws_vpc_security_group_ingress_rule" => "ingress",
        "aws_vpc_security_group_egress_rule" => "egress",
        _ => return,
    };
    let id = &values["security_group_id"];
    let group = base.resources.iter().find(|group| {
        group.kind == "aws_security_group" && group.values["id"] == *id && id.is_string()
    });
    let Some(group) = group else { return };
    let list = |name: &str| match &values[name] {
        Value::Null => json!([]),
        network => json!([network]),
    };
    let rule = json!({
        "protocol": values["ip_protocol"],
        "from_port": values["from_port"],
        "to_port": values["to_port"],
        "cidr_blocks": list("cidr_ipv4"),
        "ipv6_cidr_blocks": list("cidr_ipv6"),
        "description": "", "prefix_list_ids": [], "security_groups": [], "self": false,
    });
    let place = |own: &mut Value| {
        if let Some(rules) = own[listed].as_array_mut() {
            rules.push(rule.clone());
        }
    };
    // The planned values come first in the document, but a pointer to them may have moved.
    let pointers = super::resource::resources(document);
    let moved = pointers.iter().find(|other| other.address == group.address);
    let moved = moved.expect("the group is still there");
    place(&mut document.pointer_mut(&moved.pointer).expect("it is there")["values"]);
    if let Some(changed) = &moved.changed {
        place(&mut document.pointer_mut(changed).expect("it is there")["change"]["after"]);
    }
}
