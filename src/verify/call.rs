//! `main.tf` in the folder of one cloud, traffic and target: the call of its module, rows and all.

use std::collections::{BTreeMap, BTreeSet};

use super::opening::{Firewall, Found, Place};
use super::proof::Obstacle;
use super::rows::{self, Desk, MEND};
use crate::literal::{self, Block, Entry, Node};
use crate::target::Target;

/// What a call should say beside its rows.
#[derive(Debug)]
pub struct Expected<'a> {
    pub target: &'static Target,
    /// Where Terraform finds the module.
    pub source: String,
    /// The rules that a security group takes.
    pub rules_per_group: u16,
    pub desk: Desk<'a>,
}

/// Reads `text`, and returns its rows and all that is not as it should be.
///
/// # Errors
/// What keeps the rows from being read at all.
pub fn read(text: &str, expected: &Expected<'_>) -> Result<(Vec<Found>, Vec<Obstacle>), Obstacle> {
    let file = expected.desk.file;
    let (body, defects) =
        literal::read(text).map_err(|defect| obstacle(file, defect.line, defect.why))?;
    let mut checker = Checker {
        expected,
        obstacles: Vec::new(),
    };
    for defect in defects {
        checker.refuse(defect.line, defect.why);
    }
    for entry in &body.attributes {
        checker.refuse(
            entry.line,
            format!("the attribute `{}` doesn't belong there", entry.name),
        );
    }
    let mut calls = Vec::new();
    for block in &body.blocks {
        if block.kind == "module" && block.labels == ["rules"] && calls.is_empty() {
            calls.push(block);
        } else {
            let labels = block.labels.join(" ");
            checker.refuse(
                block.line,
                format!(
                    "the block `{} {}` doesn't belong there",
                    block.kind,
                    labels.escape_debug()
                ),
            );
        }
    }
    let Some(call) = calls.first() else {
        checker.refuse(1, "there is no block `module \"rules\"`");
        return Ok((Vec::new(), checker.obstacles));
    };
    let found = checker.call(call);
    Ok((found, checker.obstacles))
}

/// A defect of a file, at a line.
#[must_use]
pub fn obstacle(file: &str, line: u32, why: impl Into<String>) -> Obstacle {
    let mut obstacle = Obstacle::of(file, why, MEND);
    obstacle.site.line = Some(line);
    obstacle
}

struct Checker<'a> {
    expected: &'a Expected<'a>,
    obstacles: Vec<Obstacle>,
}

impl Checker<'_> {
    fn refuse(&mut self, line: u32, why: impl Into<String>) {
        self.obstacles
            .push(obstacle(self.expected.desk.file, line, why));
    }

    fn call(&mut self, call: &Block<'_>) -> Vec<Found> {
        let Expected {
            target,
            source,
            desk,
            ..
        } = self.expected;
        let Place {
            cloud,
            traffic,
            firewall,
        } = desk.place;
        for block in &call.body.blocks {
            self.refuse(
                block.line,
                format!("the block `{}` doesn't belong there", block.kind),
            );
        }
        let mut found = Vec::new();
        let mut missing: BTreeSet<&str> = target.child.variables.iter().copied().collect();
        missing.extend(["source", "cloud", "traffic", "rules"]);
        let mut emptied: Option<&Entry<'_>> = None;
        let mut rules_per_group: Option<&Entry<'_>> = None;
        for entry in &call.body.attributes {
            missing.remove(&*entry.name);
            let name = &*entry.name;
            match name {
                "source" => self.text(entry, source),
                "cloud" => self.text(entry, cloud.as_str()),
                "traffic" => self.text(entry, traffic.as_str()),
                "rules" => match entry.value.object() {
                    Some(entries) => {
                        let rows = rows::read(*desk, entries);
                        self.obstacles.extend(rows.obstacles);
                        found = rows.found;
                    }
                    None => self.refuse(entry.value.line, "`rules` is no map of rows"),
                },
                "rules_per_group" if firewall == Firewall::AwsSecurityGroup => {
                    rules_per_group = Some(entry);
                }
                "emptied_groups" if firewall == Firewall::AwsSecurityGroup => emptied = Some(entry),
                _ if target.child.variables.contains(&name) => {
                    if entry.value.path() != Some(&format!("var.{name}")) {
                        self.refuse(
                            entry.value.line,
                            format!("`{name}` is not passed on as `var.{name}`"),
                        );
                    }
                }
                _ => self.refuse(
                    entry.line,
                    format!(
                        "the attribute `{}` doesn't belong there",
                        name.escape_debug()
                    ),
                ),
            }
        }
        for name in missing {
            self.refuse(call.line, format!("the attribute `{name}` is missing"));
        }
        if firewall == Firewall::AwsSecurityGroup {
            self.groups(call, rules_per_group, emptied);
        }
        found
    }

    fn text(&mut self, entry: &Entry<'_>, wanted: &str) {
        if entry.value.text() != Some(wanted) {
            self.refuse(
                entry.value.line,
                format!("`{}` is not `{wanted}`", entry.name),
            );
        }
    }

    /// What security groups take, and which have no rows any more.
    fn groups(&mut self, call: &Block<'_>, rules: Option<&Entry<'_>>, emptied: Option<&Entry<'_>>) {
        const DEFAULT: u16 = crate::target::AWS_RULES_PER_GROUP;
        let wanted = self.expected.rules_per_group;
        let found = rules.map_or(Some(DEFAULT), |entry| entry.value.number());
        if found != Some(wanted) {
            let line = rules.map_or(call.line, |entry| entry.value.line);
            self.refuse(line, format!("`rules_per_group` should be {wanted}"));
        }
        let Some(numbers) = self.expected.desk.numbers else {
            return;
        };
        let used = used_groups(call);
        let mut wanted: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
        for (role, number) in numbers.groups(self.expected.desk.place) {
            if !used.contains(&(role.to_owned(), number)) {
                wanted.entry(role.to_owned()).or_default().insert(number);
            }
        }
        let line = emptied.map_or(call.line, |entry| entry.line);
        let found = emptied.map_or(Some(BTreeMap::new()), |entry| read_groups(&entry.value));
        if found != Some(wanted) {
            self.refuse(
                line,
                "`emptied_groups` doesn't name exactly the groups of the lock that have no rows",
            );
        }
    }
}

/// The role and group of each row.
fn used_groups(call: &Block<'_>) -> BTreeSet<(String, u16)> {
    let rules = call.body.attribute("rules");
    let rows = rules
        .and_then(|entry| entry.value.object())
        .unwrap_or_default();
    let group = |row: &Entry<'_>| {
        let fields = row.value.object()?;
        let field = |name: &str| fields.iter().find(|entry| entry.name == name);
        Some((
            field("role")?.value.text()?.to_owned(),
            field("group")?.value.number()?,
        ))
    };
    rows.iter().filter_map(group).collect()
}

fn read_groups(value: &Node<'_>) -> Option<BTreeMap<String, BTreeSet<u16>>> {
    let entries = value.object()?.iter();
    entries
        .map(|entry| {
            let numbers = entry.value.list()?.iter().map(Node::number);
            Some((entry.name.to_string(), numbers.collect::<Option<_>>()?))
        })
        .collect()
}
