//! `perimeter365 list`: the catalogue at a glance.

use super::Output;
use super::arguments::{Format, ListArguments};
use super::table::{Align, Table};
use crate::error::Result;
use crate::harmless;
use crate::list::{Entry, list};
use crate::target::TARGETS;

pub fn run(arguments: &ListArguments) -> Result<Output> {
    let entries = list(&arguments.words())?;
    let data = match arguments.format {
        Format::Json => harmless::json(&entries),
        Format::Text => text(&entries),
    };
    Ok(Output {
        data,
        warnings: Vec::new(),
        ..Output::default()
    })
}

fn text(entries: &[Entry]) -> String {
    if entries.is_empty() {
        return "no endpoint set is of these clouds, traffics and names\n".to_owned();
    }
    let mut table = Table::new([
        ("row", Align::Right),
        ("set", Align::Left),
        ("traffic", Align::Left),
        ("roles", Align::Left),
        ("ports", Align::Left),
        ("ipv4", Align::Right),
        ("ipv6", Align::Right),
        ("hosts", Align::Right),
        ("ranges", Align::Left),
        ("targets", Align::Left),
        ("basis", Align::Left),
        ("retired", Align::Left),
    ]);
    for entry in entries {
        let join = |texts: Vec<String>| texts.join(" ");
        table.line(vec![
            entry.row.map_or_else(String::new, |row| row.to_string()),
            entry.key.to_string(),
            entry.traffic.to_string(),
            join(entry.roles.iter().map(ToString::to_string).collect()),
            entry.ports.join(" "),
            count(entry.ipv4),
            count(entry.ipv6),
            count(entry.hosts),
            join(entry.ranges.iter().map(ToString::to_string).collect()),
            targets(entry),
            entry.basis.join(" "),
            entry.retired.clone().unwrap_or_default(),
        ]);
    }
    table.to_text()
}

/// The targets that can express a set, and whether others can express a part of it.
fn targets(entry: &Entry) -> String {
    if entry.targets.len() == TARGETS.len() {
        return "all".to_owned();
    }
    let mut names: Vec<String> = entry.targets.iter().map(ToString::to_string).collect();
    if !entry.targets_in_part.is_empty() {
        names.push("(others in part)".to_owned());
    }
    names.join(" ")
}

fn count(number: usize) -> String {
    match number {
        0 => "-".to_owned(),
        number => number.to_string(),
    }
}
