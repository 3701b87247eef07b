//! What changes a document, and not what it opens.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::base::Base;
use super::dice::Dice;
use super::facet::locals;
use super::mutant::{Kind, Make, Meaning, Mutant};
use super::whole::list_in_group;

pub const KINDS: &[Kind] = &[
    kind("resources in another order", |d, base| {
        let mut document = base.document.clone();
        shuffle(
            d,
            &mut document,
            &["resources", "child_modules", "resource_changes"],
        );
        Some(Mutant::new(&document, Vec::new(), ""))
    }),
    kind("JSON laid out otherwise", |d, base| {
        let mut text = String::new();
        lay_out(d, &base.document, false, &mut text);
        Some(Mutant {
            text,
            spots: Vec::new(),
            what: "laid out otherwise".to_owned(),
        })
    }),
    kind("a byte order mark", |_, base| {
        Some(Mutant {
            text: format!("\u{feff}{}\n", base.document),
            spots: Vec::new(),
            what: String::new(),
        })
    }),
    kind("what a plan says beside what will be", |d, base| {
        let mut document = base.document.clone();
        let object = document.as_object_mut()?;
        for name in [
            "timestamp",
            "terraform_version",
            "checks",
            "output_changes",
            "prior_state",
            "relevant_attributes",
        ] {
            match d.below(3) {
                0 => drop(object.remove(name)),
                1 => drop(object.insert(name.to_owned(), json!("2001-01-01T00:00:00Z"))),
                _ => {}
            }
        }
        object.insert(
            "resource_drift".to_owned(),
            json!([{"address": "x.y", "change": {}}]),
        );
        Some(Mutant::new(&document, Vec::new(), ""))
    }),
    kind("sensitive values and earlier ones", |d, base| {
        let mut document = base.document.clone();
        for resource in &base.resources {
            document.pointer_mut(&resource.pointer)?["sensitive_values"] = json!({"x": d.flip()});
            if let Some(changed) = &resource.changed {
                let change = &mut document.pointer_mut(changed)?["change"];
                change["before"] = json!({"x": d.below(9)});
                change["before_sensitive"] = true.into();
                change["after_sensitive"] = json!({"x": true});
                change["replace_paths"] = json!([["x"]]);
            }
        }
        Some(Mutant::new(&document, Vec::new(), ""))
    }),
    kind("other actions that leave the same", |d, base| {
        let mut document = base.document.clone();
        let actions = [
            json!(["create"]),
            json!(["update"]),
            json!(["no-op"]),
            json!(["delete", "create"]),
            json!(["create", "delete"]),
        ];
        for resource in &base.resources {
            document.pointer_mut(resource.changed.as_ref()?)?["change"]["actions"] =
                d.pick(&actions)?.clone();
        }
        Some(Mutant::new(&document, Vec::new(), ""))
    }),
    kind("resources of the user's", |d, base| {
        let mut document = base.document.clone();
        let names = ["mine", "rule", "opening", "rules"];
        let name = *d.pick(&names)?;
        let kinds = [
            (
                "azurerm_network_security_rule",
                json!({"access": "Allow", "direction": "Inbound", "protocol": "*", "source_address_prefix": "*", "destination_port_range": "*", "name": "open"}),
            ),
            (
                "aws_security_group_rule",
                json!({"type": "ingress", "cidr_blocks": ["0.0.0.0/0"], "from_port": 0, "to_port": 0, "protocol": "-1"}),
            ),
            ("aws_instance", json!({"ami": "ami-1"})),
            ("terraform_data", json!({"input": "x"})),
        ];
        let (kind, values) = d.pick(&kinds)?;
        let address = format!("{kind}.{name}");
        let whole = if base.is_state {
            "/values/root_module"
        } else {
            "/planned_values/root_module"
        };
        let root = document.pointer_mut(whole)?;
        if root["resources"].is_null() {
            root["resources"] = json!([]);
        }
        root["resources"].as_array_mut()?.push(json!({"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": "x", "values": values}));
        if let Some(changes) = document["resource_changes"].as_array_mut() {
            changes.push(json!({"address": address, "mode": "managed", "type": kind, "name": name, "change": {"actions": ["create"], "before": null, "after": values, "after_unknown": {}}}));
        }
        Some(Mutant::new(&document, Vec::new(), address))
    }),
    kind("other hosts of the user's", |d, base| {
        let local = *d.pick(&base.locals)?;
        let other = if local.contains(':') {
            format!("2001:db8:{:x}::/64", d.below(999) + 16)
        } else {
            format!("10.{}.7.0/29", d.below(200) + 20)
        };
        let text = base.document.to_string();
        Some(Mutant {
            text: text.replace(&format!("\"{local}\""), &format!("\"{other}\"")),
            spots: Vec::new(),
            what: format!("{local} is {other}"),
        })
    }),
    kind("hosts that are unknown until apply", |_, base| {
        let mut document = base.document.clone();
        let mut count = 0;
        for resource in &base.resources {
            let changed = resource.changed.as_ref()?;
            for facet in locals(resource) {
                let name = facet.pointer.trim_start_matches('/');
                document.pointer_mut(&resource.pointer)?["values"]
                    .as_object_mut()?
                    .remove(name)?;
                let change = &mut document.pointer_mut(changed)?["change"];
                change["after"].as_object_mut()?.remove(name)?;
                change["after_unknown"][name] = true.into();
                count += 1;
            }
        }
        (count > 0).then(|| Mutant::new(&document, Vec::new(), ""))
    }),
    kind("groups that list the rules in them", |_, base| {
        let mut document = base.document.clone();
        let before = document.clone();
        for resource in &base.resources {
            list_in_group(&mut document, base, resource, &resource.values);
        }
        (document != before).then(|| Mutant::new(&document, Vec::new(), ""))
    }),
    kind(
        "a rule that goes, and that its group still lists",
        |d, base| {
            let resource = d.pick(&base.resources)?;
            let mut values = resource.values.clone();
            values["cidr_ipv4"].as_str()?;
            values["cidr_ipv4"] = "192.0.2.0/24".into();
            let mut document = base.document.clone();
            let mut gone = document.pointer(resource.changed.as_ref()?)?.clone();
            let key = resource.key.as_deref()?;
            let network = key.rsplit(' ').next()?;
            gone["index"] = key.replace(network, "192.0.2.0/24").into();
            gone["address"] = resource.address.replace(network, "192.0.2.0/24").into();
            gone["change"] = json!({"actions": ["delete"], "before": values, "after": null, "after_unknown": {}});
            document["resource_changes"].as_array_mut()?.push(gone);
            list_in_group(&mut document, base, resource, &values);
            Some(Mutant::new(&document, Vec::new(), resource.address.clone()))
        },
    ),
    kind("other words of the user's calls", |_, base| {
        let mut document = base.document.clone();
        document.pointer_mut("/configuration/provider_config")?;
        document["configuration"]["provider_config"] =
            json!({"x": {"name": "x", "expressions": {}}});
        document["configuration"]["root_module"]["resources"] = json!([{"address": "null_resource.x", "mode": "managed", "type": "null_resource", "name": "x", "provisioners": [{"type": "local-exec"}]}]);
        document["configuration"]["root_module"]["outputs"] =
            json!({"x": {"expression": {"constant_value": 7}}});
        Some(Mutant::new(&document, Vec::new(), ""))
    }),
];

const fn kind(name: &'static str, change: fn(&mut Dice, &Base) -> Option<Mutant>) -> Kind {
    Kind {
        name,
        make: Make::Document(Meaning::Same, change),
    }
}

fn shuffle(dice: &mut Dice, value: &mut Value, names: &[&str]) {
    let Some(object) = value.as_object_mut() else {
        return;
    };
    for (name, value) in object {
        if !names.contains(&name.as_str()) {
            if ["planned_values", "values", "root_module"].contains(&name.as_str()) {
                shuffle(dice, value, names);
            }
            continue;
        }
        let Some(list) = value.as_array_mut() else {
            continue;
        };
        dice.shuffle(list);
        for value in list {
            shuffle(dice, value, names);
        }
    }
}

/// Writes JSON with fields and white space by chance, and whole numbers of resources as `443.0`.
fn lay_out(dice: &mut Dice, value: &Value, is_of_resource: bool, text: &mut String) {
    let blank = *dice
        .pick(&["", "", " ", "\n", "\t", "\r\n  "])
        .expect("there are some");
    text.push_str(blank);
    match value {
        Value::Array(list) => {
            text.push('[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                lay_out(dice, item, is_of_resource, text);
            }
            text.push(']');
        }
        Value::Object(object) => {
            let mut fields: Vec<(&String, &Value)> = object.iter().collect();
            dice.shuffle(&mut fields);
            text.push('{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                let is_of_resource = is_of_resource || ["values", "after"].contains(&name.as_str());
                let is_of_state = name == "values" && value.get("root_module").is_some();
                lay_out(dice, value, is_of_resource && !is_of_state, text);
            }
            text.push('}');
        }
        Value::Number(number) if is_of_resource && number.is_i64() && dice.flip() => {
            let _ = write!(text, "{number}.0");
        }
        Value::String(own) if own.is_ascii() && dice.below(20) == 0 => {
            text.push('"');
            for byte in own.bytes() {
                let _ = write!(text, "\\u{byte:04x}");
            }
            text.push('"');
        }
        other => text.push_str(&other.to_string()),
    }
    text.push_str(blank);
}
