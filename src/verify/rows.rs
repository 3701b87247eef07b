//! The rows of a `rules` map, each for what it opens.

mod locked;
mod remote;

use super::numbers::Numbers;
use super::opening::{Firewall, Found, Opening, Place, Site, Way};
use super::proof::Obstacle;
use crate::catalogue::{Direction, Kind, PortRange, Protocol, Role, SetKey};
use crate::error::MOST;
use crate::literal::{Entry, Node};

/// What was read of a map of rows.
#[derive(Debug, Default)]
pub struct Rows {
    pub found: Vec<Found>,
    pub obstacles: Vec<Obstacle>,
}

/// Where a map of rows stands.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub place: Place,
    /// A file's path in the folder, or a module's address in a plan.
    pub file: &'a str,
    /// `None`: there is no lock to hold them against.
    pub numbers: Option<&'a Numbers>,
}

/// Reads `entries`, the rows by their keys.
#[must_use]
pub fn read(desk: Desk<'_>, entries: &[Entry<'_>]) -> Rows {
    let mut rows = Rows::default();
    for entry in entries {
        let mut reader = Reader {
            desk,
            key: &entry.name,
            line: entry.line,
            whys: Vec::new(),
        };
        let mut row = reader.row(&entry.value);
        // Of a plan, nothing has a line.
        if entry.line == 0
            && let Some(row) = &mut row
        {
            row.lines.clear();
        }
        // Whatever else is wrong with it: what it opens is known.
        rows.found.extend(row);
        // As many are told as anybody mends.
        let whys = reader.whys.into_iter();
        let left = MOST.saturating_sub(rows.obstacles.len());
        rows.obstacles
            .extend(whys.take(left).map(|(line, why)| Obstacle {
                site: site(desk, line),
                name: Some(entry.name.to_string()),
                why,
                mend: MEND.to_owned(),
            }));
    }
    rows
}

/// What mends whatever was changed in a generated file.
pub const MEND: &str = "undo the edit, or generate again";

fn site(desk: Desk<'_>, line: u32) -> Site {
    Site {
        file: desk.file.to_owned(),
        line: (line > 0).then_some(line),
    }
}

struct Reader<'a> {
    desk: Desk<'a>,
    key: &'a str,
    line: u32,
    /// What is wrong with the row, and at which line.
    whys: Vec<(u32, String)>,
}

impl Reader<'_> {
    /// What the row opens; the rest of what is wrong with it is noted.
    fn row(&mut self, value: &Node<'_>) -> Option<Found> {
        let Some(entries) = value.object() else {
            self.whys
                .push((value.line, "the row is no object".to_owned()));
            return None;
        };
        let firewall = self.desk.place.firewall;
        for entry in entries
            .iter()
            .filter(|entry| !is_field(firewall, &entry.name))
        {
            let name = entry.name.escape_debug();
            self.whys.push((
                entry.line,
                format!(
                    "the module has no field `{name}`, and Terraform passes over it without a word"
                ),
            ));
        }
        let set = self.word(entries, "set", |text| SetKey::parse(text).ok());
        self.text(entries, "description");
        let direction = self.word(entries, "direction", Direction::parse);
        let role = self.word(entries, "role", |text| Role::parse(text).ok());
        let protocol = self.word(entries, "protocol", Protocol::parse);
        let kind = self.word(entries, "kind", Kind::parse);
        let ports = self.ports(entries);
        let remote = kind.and_then(|kind| self.remote(entries, kind));
        let (remote, lines) = remote?;
        let way = Way {
            place: self.desk.place,
            key: self.key.to_owned(),
            set: set?,
            direction: direction?,
            role: role?,
            protocol: protocol?,
        };
        let mut opening = Opening {
            way,
            ports: ports?,
            remote,
        };
        self.numbers(entries, &mut opening)?;
        Some(Found {
            opening,
            name: self.key.to_owned(),
            site: site(self.desk, self.line),
            lines,
        })
    }

    fn refuse(&mut self, line: u32, why: impl Into<String>) {
        self.whys.push((line, why.into()));
    }

    fn required<'e, 't>(&mut self, entries: &'e [Entry<'t>], name: &str) -> Option<&'e Node<'t>> {
        let value = field(entries, name);
        if value.is_none() {
            self.refuse(self.line, format!("the row has no field `{name}`"));
        }
        value
    }

    fn text<'e>(&mut self, entries: &'e [Entry<'_>], name: &str) -> Option<(&'e str, u32)> {
        let value = self.required(entries, name)?;
        let Some(text) = value.text() else {
            self.refuse(value.line, format!("`{name}` is no literal string"));
            return None;
        };
        Some((text, value.line))
    }

    fn word<T>(
        &mut self,
        entries: &[Entry<'_>],
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let (text, line) = self.text(entries, name)?;
        let word = parse(text);
        if word.is_none() {
            self.refuse(
                line,
                format!(
                    "`{name}` is `{}`, which means nothing there",
                    text.escape_debug()
                ),
            );
        }
        word
    }

    fn ports(&mut self, entries: &[Entry<'_>]) -> Option<Vec<PortRange>> {
        let value = self.required(entries, "ports")?;
        self.items("ports", value, PortRange::parse)
            .map(|(ports, _)| ports)
    }

    /// A list with something in it, and the line of each item.
    fn items<T>(
        &mut self,
        name: &str,
        value: &Node<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<(Vec<T>, Vec<u32>)> {
        let Some(items) = value.list().filter(|items| !items.is_empty()) else {
            self.refuse(
                value.line,
                format!("`{name}` is no list with something in it"),
            );
            return None;
        };
        let (mut values, mut lines) = (
            Vec::with_capacity(items.len()),
            Vec::with_capacity(items.len()),
        );
        for item in items {
            let read = item
                .text()
                .ok_or_else(|| "an item is no literal string".to_owned());
            match read.and_then(&parse) {
                Ok(value) => {
                    values.push(value);
                    lines.push(item.line);
                }
                Err(why) => self.refuse(item.line, format!("`{name}`: {why}")),
            }
        }
        (values.len() == items.len()).then_some((values, lines))
    }
}

fn field<'e, 't>(entries: &'e [Entry<'t>], name: &str) -> Option<&'e Node<'t>> {
    let entry = entries.iter().find(|entry| entry.name == name)?;
    Some(&entry.value)
}

/// Whether the module of a target takes the field `name`, as its `variables.tf` types rows.
fn is_field(firewall: Firewall, name: &str) -> bool {
    const ALL: [&str; 9] = [
        "set",
        "description",
        "direction",
        "role",
        "protocol",
        "ports",
        "kind",
        "networks",
        "range",
    ];
    let own: &[&str] = match firewall {
        Firewall::AzureNsg => &["priority", "service_tag", "anywhere"],
        Firewall::AzureFirewall => &["priority", "hosts"],
        Firewall::AwsSecurityGroup => &["group", "slots", "anywhere"],
        Firewall::AwsNetworkFirewall => &["hosts"],
        Firewall::Generic => &["slots", "hosts"],
    };
    ALL.contains(&name) || own.contains(&name)
}
