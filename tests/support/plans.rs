//! Real plans and states, what `verify` makes of them, and how to falsify them.

use std::fs;
use std::path::{Path, PathBuf};

use perimeter365::asked::asked;
use perimeter365::verify::numbers::Numbers;
use perimeter365::verify::plan::{Judge, Judgement, judge};
use perimeter365::verify::proof::{Excess, Proof};
use perimeter365::verify::wanted::wanted;
use serde_json::Value;

use super::terraform::Terraform;
use super::{Desk, copy};

/// A root module, before, after and again after its apply.
pub struct Made {
    /// The generated folder.
    pub folder: PathBuf,
    /// A first plan.
    pub plan: Value,
    pub state: Value,
    /// A plan that has nothing to do.
    pub noop: Value,
    _desk: Desk,
}

impl Made {
    /// One of the examples, planned and applied in its folder `root`.
    pub fn example(terraform: &Terraform, name: &str, root: &str) -> Self {
        let desk = Desk::new();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&repository.join("modules"), &desk.file("modules"));
        let place = format!("examples/{name}");
        copy(&repository.join(&place), &desk.file(&place));
        let root = desk.file(&place).join(root);
        let values = root.join("terraform.tfvars.example");
        if values.exists() {
            fs::rename(values, root.join("terraform.tfvars")).expect("files can be renamed");
        }
        let folder = desk.file(&place).join("m365");
        Self::applied(terraform, desk, folder, &root)
    }

    /// Generates with `arguments`, writes `files` beside the folder `m365`, and plans and applies in `root`.
    pub fn of(terraform: &Terraform, arguments: &str, files: &[(&str, &str)], root: &str) -> Self {
        let desk = Desk::new();
        desk.generate(arguments).ends(0);
        for (path, text) in files {
            desk.write(path, text);
        }
        let (folder, root) = (desk.file("m365"), desk.file(root));
        Self::applied(terraform, desk, folder, &root)
    }

    fn applied(terraform: &Terraform, desk: Desk, folder: PathBuf, root: &Path) -> Self {
        terraform.succeeds(root, &["init", "-no-color"]);
        let plan = planned(terraform, root);
        terraform.succeeds(root, &["apply", "-no-color", "-auto-approve", "plan.bin"]);
        let state = shown(terraform, root, &[]);
        let noop = planned(terraform, root);
        Self {
            folder,
            plan,
            state,
            noop,
            _desk: desk,
        }
    }

    /// What comes of a document, by what the folder was asked for.
    pub fn judged(&self, document: &Value) -> Judgement {
        judged(&self.folder, document.to_string().as_bytes())
            .unwrap_or_else(|errors| panic!("{}", errors.join("\n")))
    }
}

/// What comes of `bytes`, or every error as text.
pub fn judged(folder: &Path, bytes: &[u8]) -> Result<Judgement, Vec<String>> {
    let asked = asked(folder).expect("the folder remembers what it was asked for");
    let wanted = wanted(&asked.catalogue, &asked.options);
    let lock = fs::read_to_string(folder.join("perimeter365.lock")).expect("there is a lock");
    let numbers = Numbers::read(&lock).expect("it is a lock");
    let by = Judge {
        wanted: &wanted,
        numbers: Some(&numbers),
    };
    judge("plan.json", bytes, &by)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn planned(terraform: &Terraform, root: &Path) -> Value {
    terraform.succeeds(root, &["plan", "-no-color", "-out", "plan.bin"]);
    shown(terraform, root, &["plan.bin"])
}

fn shown(terraform: &Terraform, root: &Path, plan: &[&str]) -> Value {
    let arguments = [&["show", "-json"], plan].concat();
    let output = terraform.run(root, &arguments);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("Terraform writes JSON")
}

/// Changes the attributes of a resource in every place where a document has them.
#[track_caller]
pub fn change(document: &mut Value, address: &str, change: impl Fn(&mut Value)) {
    let mut changed = 0;
    for resource in resources(document) {
        if resource["address"] == address {
            change(&mut resource["values"]);
            changed += 1;
        }
    }
    for resource in changes(document) {
        if resource["address"] == address {
            change(&mut resource["change"]["after"]);
        }
    }
    assert_eq!(changed, 1, "{address}");
}

/// Takes a resource out of every place where a document has it.
#[track_caller]
pub fn remove(document: &mut Value, address: &str) {
    let mut removed = 0;
    for_each_module(document, &mut |module| {
        if let Some(list) = module.get_mut("resources").and_then(Value::as_array_mut) {
            removed += list.len();
            list.retain(|resource| resource["address"] != address);
            removed -= list.len();
        }
    });
    if let Some(list) = document
        .get_mut("resource_changes")
        .and_then(Value::as_array_mut)
    {
        list.retain(|resource| resource["address"] != address);
    }
    assert_eq!(removed, 1, "{address}");
}

/// Adds a copy of a resource under another key.
#[track_caller]
pub fn add(document: &mut Value, address: &str, key: &str, edit: impl Fn(&mut Value)) {
    let renamed = |resource: &Value| {
        let mut copy = resource.clone();
        let old = format!("[{}]", resource["index"]);
        let new = format!("[{}]", Value::from(key));
        copy["index"] = key.into();
        copy["address"] = address.replace(&old, &new).into();
        copy
    };
    let mut added = 0;
    for_each_module(document, &mut |module| {
        let Some(list) = module.get_mut("resources").and_then(Value::as_array_mut) else {
            return;
        };
        let found = list.iter().find(|resource| resource["address"] == address);
        if let Some(mut copy) = found.map(renamed) {
            edit(&mut copy["values"]);
            list.push(copy);
            added += 1;
        }
    });
    if let Some(list) = document
        .get_mut("resource_changes")
        .and_then(Value::as_array_mut)
    {
        let found = list.iter().find(|resource| resource["address"] == address);
        if let Some(mut copy) = found.map(renamed) {
            edit(&mut copy["change"]["after"]);
            list.push(copy);
        }
    }
    assert_eq!(added, 1, "{address}");
}

/// The address of the first resource of `kind` whose address has `part` in it.
#[track_caller]
pub fn address(document: &mut Value, kind: &str, part: &str) -> String {
    let mut found = resources(document)
        .into_iter()
        .filter(|resource| resource["type"] == kind);
    let is_meant = |resource: &&mut Value| {
        resource["address"]
            .as_str()
            .is_some_and(|address| address.contains(part))
    };
    let resource = found
        .find(is_meant)
        .unwrap_or_else(|| panic!("no {kind} {part}"));
    resource["address"]
        .as_str()
        .expect("an address is a text")
        .to_owned()
}

/// Every resource that a document says there will be.
pub fn resources(document: &mut Value) -> Vec<&mut Value> {
    let whole = if document.get("values").is_some() {
        "values"
    } else {
        "planned_values"
    };
    let mut all = Vec::new();
    collect(&mut document[whole]["root_module"], &mut all);
    all
}

fn collect<'a>(module: &'a mut Value, all: &mut Vec<&'a mut Value>) {
    let Some(module) = module.as_object_mut() else {
        return;
    };
    for (name, value) in module {
        match (name.as_str(), value.as_array_mut()) {
            ("resources", Some(list)) => all.extend(list),
            ("child_modules", Some(list)) => list.iter_mut().for_each(|child| collect(child, all)),
            _ => {}
        }
    }
}

fn changes(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    document["resource_changes"]
        .as_array_mut()
        .into_iter()
        .flatten()
}

fn for_each_module(document: &mut Value, act: &mut impl FnMut(&mut Value)) {
    fn walk(module: &mut Value, act: &mut impl FnMut(&mut Value)) {
        act(module);
        for child in module
            .get_mut("child_modules")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            walk(child, act);
        }
    }
    let whole = if document.get("values").is_some() {
        "values"
    } else {
        "planned_values"
    };
    walk(&mut document[whole]["root_module"], act);
}

/// What is found, one line each: excess, what it is called, ports and remotes.
pub fn findings(proof: &Proof) -> Vec<String> {
    let line = |finding: &perimeter365::verify::proof::Finding| {
        let excess = match finding.excess {
            Excess::Surplus => "surplus",
            Excess::Deficit => "deficit",
        };
        let ports: Vec<String> = finding.ports.iter().map(ToString::to_string).collect();
        let remotes: Vec<&str> = finding
            .remotes
            .iter()
            .map(|part| part.text.as_str())
            .collect();
        format!(
            "{excess} {} {} {} {}/{} {}",
            finding.way.key,
            finding.site,
            finding.way.direction,
            finding.way.protocol,
            ports.join(","),
            remotes.join(",")
        )
    };
    proof.findings.iter().map(line).collect()
}

/// What keeps a proof from being one, one line each.
pub fn obstacles(proof: &Proof) -> Vec<String> {
    let obstacles = proof.obstacles.iter();
    obstacles
        .map(|obstacle| format!("{}: {}", obstacle.site, obstacle.why))
        .collect()
}
