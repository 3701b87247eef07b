//! The configuration of a plan, changed: rows, constants, and what the modules have in them.

use serde_json::{Value, json};

use super::base::Base;
use super::dice::Dice;
use super::mutant::{Kind, Make, Meaning, Mutant, Spot};
use super::network_lists;

pub static KINDS: std::sync::LazyLock<Vec<Kind>> = std::sync::LazyLock::new(|| {
    let lists = network_lists::CHANGES.iter().map(|(name, change)| Kind {
        name,
        make: Make::RowNetworks(*change),
    });
    lists.chain(OWN).collect()
});

const OWN: [Kind; 16] = [
    row("a row's ports changed", |d, row| {
        let ports = row["ports"].as_array_mut()?;
        match d.below(4) {
            0 => ports.push("3389".into()),
            1 => ports[0] = "1-65535".into(),
            2 => ports.clear(),
            _ => ports.reverse(),
        }
        Some(())
    }),
    row("a row's word changed", |d, row| {
        let name = *d.pick(&["protocol", "direction", "role", "set", "kind"])?;
        let others = [
            "udp",
            "outbound",
            "inbound",
            "sts",
            "autodetect",
            "ipv6",
            "",
        ];
        row[name] = (*d.pick(&others)?).into();
        Some(())
    }),
    row("a row's number changed", |d, row| {
        let name = *d.pick(&["priority", "group"])?;
        let number = row[name].as_i64()?;
        row[name] = (number + 1 + i64::try_from(d.below(9)).ok()?).into();
        Some(())
    }),
    row("a row's slot changed", |_, row| {
        row["slots"][0] = (row["slots"][0].as_i64()? + 1).into();
        Some(())
    }),
    row("a row's host names changed", |d, row| {
        let hosts = row["hosts"].as_array_mut()?;
        match d.below(4) {
            0 => hosts[0] = "*.com".into(),
            1 => hosts.push("example.com".into()),
            2 => hosts.reverse(),
            _ => hosts.clear(),
        }
        Some(())
    }),
    row("a row's field dropped", |d, row| {
        let names: Vec<String> = row.as_object()?.keys().cloned().collect();
        row.as_object_mut()?.remove(d.pick(&names)?);
        Some(())
    }),
    row("a row's field added", |d, row| {
        let more = [
            ("access", json!("Deny")),
            ("anywhere", json!(true)),
            ("service_tag", json!("AzureCloud")),
            ("range", json!("mine")),
            ("Networks", json!(["0.0.0.0/0"])),
        ];
        let (name, value) = d.pick(&more)?;
        row[*name] = value.clone();
        Some(())
    }),
    row("a row's description changed", |_, row| {
        row["description"] = "denies all, honestly".into();
        Some(())
    }),
    told("a row deleted", |d, base| {
        let (module, rows, key) = a_row(d, base)?;
        let mut document = base.document.clone();
        document.pointer_mut(&rows)?.as_object_mut()?.remove(&key);
        Some(Mutant::new(
            &document,
            vec![Spot::at(module)],
            format!("{key} deleted"),
        ))
    }),
    told("a row copied or renamed", |d, base| {
        let (module, rows, key) = a_row(d, base)?;
        let mut document = base.document.clone();
        let object = document.pointer_mut(&rows)?.as_object_mut()?;
        let row = object.get(&key)?.clone();
        if d.flip() {
            object.remove(&key);
        }
        object.insert(format!("{key}{}", d.pick(&[".2", "x", " "])?), row);
        Some(Mutant::new(
            &document,
            vec![Spot::at(module)],
            format!("{key} renamed"),
        ))
    }),
    told("rules that are no rows", |d, base| {
        let (module, rows, _) = a_row(d, base)?;
        let mut document = base.document.clone();
        *document.pointer_mut(&rows)? = d
            .pick(&[json!([]), json!("x"), json!({}), json!({"a": 1})])?
            .clone();
        Some(Mutant::new(&document, vec![Spot::at(module)], "no rows"))
    }),
    told("another cloud or traffic", |d, base| {
        // What has no rows opens nothing in whatever cloud.
        let (module, rows, _) = a_row(d, base)?;
        let expressions = rows.strip_suffix("/rules/constant_value")?;
        let mut document = base.document.clone();
        let (name, others) = if d.flip() {
            ("cloud", ["china", "usgov-dod", "usgov-gcchigh"])
        } else {
            ("traffic", ["user", "", "all"])
        };
        let place = document.pointer_mut(&format!("{expressions}/{name}"))?;
        place["constant_value"].as_str()?;
        let other = *d
            .pick(&others)
            .filter(|other| place["constant_value"] != **other)?;
        place["constant_value"] = other.into();
        Some(Mutant::new(
            &document,
            vec![Spot {
                address: module.clone(),
                missing: Some((module, None)),
            }],
            format!("{name} {other}"),
        ))
    }),
    told("a module of ours that isn't called", |d, base| {
        let (module, expressions) = a_call(d, base)?;
        let mut document = base.document.clone();
        let call = expressions.strip_suffix("/expressions")?;
        let (calls, name) = call.rsplit_once('/')?;
        document.pointer_mut(calls)?.as_object_mut()?.remove(name);
        // A call that made nothing is missed by no one.
        let is_made = base
            .resources
            .iter()
            .any(|resource| resource.module == module);
        is_made.then(|| Mutant::new(&document, vec![Spot::at(module)], "not called"))
    }),
    told("a module of ours with something else in it", |d, base| {
        let (module, expressions) = a_call(d, base)?;
        let mut document = base.document.clone();
        let call = expressions.strip_suffix("/expressions")?;
        let own = &mut document.pointer_mut(call)?["module"];
        match d.below(4) {
            0 => own["resources"].as_array_mut()?.push(json!({"address": "null_resource.x", "mode": "managed", "type": "null_resource", "name": "x"})),
            1 => own["resources"].as_array_mut()?.push(json!({"address": "data.http.x", "mode": "data", "type": "http", "name": "x"})),
            2 => own["resources"][0]["provisioners"] = json!([{"type": "local-exec"}]),
            _ => own["module_calls"] = json!({"more": {"source": "./more", "module": {}}}),
        }
        Some(Mutant::new(
            &document,
            vec![Spot::at(module)],
            "something else",
        ))
    }),
    told("a plan that says less or more than it should", |d, base| {
        let mut document = base.document.clone();
        if base.is_state {
            return None;
        }
        let what = d.below(5);
        match what {
            0 => document["errored"] = true.into(),
            1 => document["complete"] = false.into(),
            2 => document["values"] = document["planned_values"].clone(),
            3 => document["configuration"] = Value::Null,
            _ => document["format_version"] = "2.0".into(),
        }
        Some(Mutant::new(
            &document,
            vec![Spot::at("plan.json")],
            what.to_string(),
        ))
    }),
    Kind {
        name: "rows that are no literals",
        make: Make::Document(Meaning::Same, |d, base| {
            let (_, expressions) = a_call(d, base)?;
            let mut document = base.document.clone();
            document.pointer_mut(&expressions)?["rules"] = json!({"references": ["local.rows"]});
            Some(Mutant::new(&document, Vec::new(), expressions))
        }),
    },
];

const fn row(name: &'static str, change: fn(&mut Dice, &mut Value) -> Option<()>) -> Kind {
    Kind {
        name,
        make: Make::Row(change),
    }
}

const fn told(name: &'static str, change: fn(&mut Dice, &Base) -> Option<Mutant>) -> Kind {
    Kind {
        name,
        make: Make::Document(Meaning::Other, change),
    }
}

/// The address of each call of a module of ours, and where its arguments are.
fn calls(base: &Base) -> Vec<(String, String)> {
    let mut all = Vec::new();
    collect(&base.document, "", "/configuration/root_module", &mut all);
    all
}

fn collect(document: &Value, address: &str, module: &str, all: &mut Vec<(String, String)>) {
    let calls = document
        .pointer(module)
        .and_then(|module| module["module_calls"].as_object());
    for name in calls.into_iter().flat_map(serde_json::Map::keys) {
        let dot = if address.is_empty() { "" } else { "." };
        let own = format!("{address}{dot}module.{name}");
        let call = format!("{module}/module_calls/{name}");
        if name == "rules" {
            all.push((own, format!("{call}/expressions")));
        } else {
            collect(document, &own, &format!("{call}/module"), all);
        }
    }
}

fn a_call(dice: &mut Dice, base: &Base) -> Option<(String, String)> {
    dice.pick(&calls(base)).cloned()
}

/// The module, where its rows are, and the key of one.
fn a_row(dice: &mut Dice, base: &Base) -> Option<(String, String, String)> {
    let (module, expressions) = a_call(dice, base)?;
    let rows = format!("{expressions}/rules/constant_value");
    let keys: Vec<&String> = base.document.pointer(&rows)?.as_object()?.keys().collect();
    let key = (*dice.pick(&keys)?).clone();
    Some((module, rows, key))
}

/// Every row of the configuration, by its module's address and its pointer.
pub fn rows(base: &Base) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (module, expressions) in calls(base) {
        let rows = format!("{expressions}/rules/constant_value");
        let keys = base.document.pointer(&rows).and_then(Value::as_object);
        for key in keys.into_iter().flat_map(serde_json::Map::keys) {
            all.push((module.clone(), format!("{rows}/{key}")));
        }
    }
    all
}
