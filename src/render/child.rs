//! The folder of one cloud, traffic and target: a child module that calls the target's module
//! with the rows, and passes the rest of its interface through.

use crate::catalogue::Role;
use crate::literal::{Body, Node};
use crate::plan::{Folder, SecurityGroups};
use crate::render::hcl::{self, Key, Value, attribute, block, numbers};
use crate::render::header;
use crate::render::rows::{ATTRIBUTE, MODULE, argument, rows_to_hcl};
use crate::target::AWS_RULES;

/// The folder's files, by name.
#[must_use]
pub fn files(folder: &Folder, source: &str) -> Vec<(&'static str, String)> {
    let interface = folder.target.child.files.iter();
    interface
        .map(|file| (file.name, header::put(file.name, file.text)))
        .chain([("main.tf", main(folder, source))])
        .collect()
}

fn main(folder: &Folder, source: &str) -> String {
    let mut module = vec![
        attribute("source", source),
        attribute("cloud", folder.cloud.as_str()).spaced(),
        attribute("traffic", folder.traffic.as_str()),
    ];
    if let (Some(groups), Some(limits)) = (&folder.groups, &folder.target.groups) {
        if groups.rules != limits.rules {
            let rules = Value::Number(groups.rules.into());
            module.push(attribute(RULES_PER_GROUP, rules).spaced());
        }
        if !groups.emptied.is_empty() {
            let emptied = attribute(EMPTIED_GROUPS, emptied(groups));
            module.push(emptied.commented(EMPTIED).spaced());
        }
    }
    for (index, name) in folder.target.child.variables.iter().enumerate() {
        let passed = attribute(name, Value::Path(format!("var.{name}")));
        module.push(if index == 0 { passed.spaced() } else { passed });
    }
    module.push(attribute(ATTRIBUTE, rows_to_hcl(&folder.rows)).spaced());
    let body = hcl::file(&[block("module", Some(MODULE.into()), module)]);
    header::put("main.tf", &body)
}

/// The attribute that says how many rules a group takes, where it is not what AWS says.
const RULES_PER_GROUP: &str = "rules_per_group";

/// The attribute that names the groups without rows.
const EMPTIED_GROUPS: &str = "emptied_groups";

const EMPTIED: &str =
    "These hold no rules any more. Detach them, then generate with `--prune-groups`.";

/// Reads the groups without rows of a generated `main.tf`, by role.
///
/// # Errors
/// Everything that is not as it is written here.
pub fn emptied_groups(body: &Body<'_>) -> Result<Vec<(Role, Vec<u16>)>, Vec<String>> {
    let Some(value) = argument(body, EMPTIED_GROUPS) else {
        return Ok(Vec::new());
    };
    let groups = value.object().and_then(|roles| {
        let roles = roles.iter().map(|entry| {
            let role = Role::parse(&entry.name).ok()?;
            let numbers = entry.value.list()?.iter().map(Node::number);
            Some((role, numbers.collect::<Option<Vec<u16>>>()?))
        });
        roles.collect()
    });
    groups.ok_or_else(|| vec![format!("`{EMPTIED_GROUPS}` is no map of roles to numbers")])
}

/// Reads how many rules a group takes from a generated `main.tf`, if it says so.
///
/// # Errors
/// When it is no number that AWS gives.
pub fn rules_per_group(body: &Body<'_>) -> Result<Option<u16>, Vec<String>> {
    let Some(value) = argument(body, RULES_PER_GROUP) else {
        return Ok(None);
    };
    let rules = value.number().filter(|rules| AWS_RULES.contains(rules));
    rules.map(Some).ok_or_else(|| {
        vec![format!(
            "`{RULES_PER_GROUP}` is no number from {} to {}",
            AWS_RULES.start(),
            AWS_RULES.end()
        )]
    })
}

fn emptied(groups: &SecurityGroups) -> Value<'_> {
    let entries = groups.emptied.iter();
    Value::Object(
        entries
            .map(|(role, groups)| (Key::Word(role.as_str().into()), numbers(groups)))
            .collect(),
    )
}
