//! The answer's phrases.

use ipnet::IpNet;

use super::answer::{Answer, Concern, Said, State};
use super::touch::Extent;
use crate::catalogue::PortRange;
use crate::catalogue::ports::joined;
use crate::error::plural;
use crate::options::flow_text;

/// As many networks or names as a line still holds.
const FEW: usize = 6;

/// The answer in a sentence.
pub fn headline(answer: &Answer) -> String {
    let asked = &answer.asked;
    let on = answer
        .port
        .map_or_else(String::new, |port| format!(" on {port}"));
    if let Some(folder) = &answer.folder {
        let path = &folder.path;
        let is_whole = folder.open.iter().any(|row| row.extent == Extent::Whole);
        let unwanted = folder.open.iter().filter(|row| !row.wanted).count();
        let unwanted = match unwanted {
            0 => String::new(),
            unwanted => format!(", {unwanted} of them NOT WANTED"),
        };
        return match folder.open.len() {
            0 => format!("no row in {path} opens {asked}{on}"),
            rows if is_whole => {
                format!(
                    "{asked}{on} is open in {path}, by {}{unwanted}",
                    plural(rows, "row")
                )
            }
            rows => format!(
                "a part of {asked}{on} is open in {path}, by {}{unwanted}",
                plural(rows, "row")
            ),
        };
    }
    let (flows, settings): (Vec<&Concern>, Vec<&Concern>) = answer
        .concerns
        .iter()
        .partition(|concern| concern.direction.is_some());
    let is_whole = flows.iter().any(|flow| flow.extent == Extent::Whole);
    let part = if is_whole { "" } else { "a part of " };
    match (flows.len(), settings.len()) {
        (0, 0) if answer.elsewhere.is_empty() => {
            format!("nothing in the catalogue needs {asked}{on}")
        }
        (0, 0) => format!("{asked} is needed, but not{on}"),
        (flows, 0) => format!("{part}{asked}{on} is needed by {}", plural(flows, "flow")),
        (0, settings) => format!(
            "{asked} is named by {}",
            plural(settings, "browser setting")
        ),
        (flows, settings) => format!(
            "{part}{asked}{on} is needed by {}, and named by {}",
            plural(flows, "flow"),
            plural(settings, "browser setting")
        ),
    }
}

/// `entra-connect-sync.health (row 19)`.
pub fn name(concern: &Concern) -> String {
    let name = flow_text(&concern.set, concern.flow.as_ref());
    match (concern.row, &concern.entry) {
        (Some(row), _) => format!("{name} (row {row})"),
        (None, Some(entry)) => {
            let required = match entry.required {
                Some(true) => ", required",
                Some(false) => ", optional",
                None => "",
            };
            let category = entry
                .category
                .map_or_else(String::new, |word| format!(", {word}"));
            format!(
                "{name} (entry {} of {}{category}{required})",
                entry.id, entry.area
            )
        }
        (None, None) => name,
    }
}

/// `inbound tcp 443 from 13.78.204.0/32`.
pub fn way(concern: &Concern) -> String {
    let remote = met(&concern.remote.value, concern.extent);
    let Some(direction) = concern.direction.as_ref().map(|said| said.value) else {
        return format!("browser setting: {remote}");
    };
    let protocol = concern.protocol.as_ref();
    let protocol = protocol.map_or("any protocol", |said| said.value.as_str());
    let ports = concern.ports.as_ref();
    let ports = ports.map_or("unstated port".to_owned(), |said| joined(&said.value, ", "));
    format!(
        "{direction} {protocol} {ports} {} {remote}",
        direction.preposition()
    )
}

/// Which targets can say it; those that filter by address only are told apart.
pub fn targets(state: &State) -> String {
    let others = state.other_targets.iter().copied();
    let others: Vec<&str> = others
        .filter(|target| !state.by_address.contains(target))
        .collect();
    let part = |prefix: &str, targets: &[&str]| {
        let text = format!("{prefix}{}", targets.join(" "));
        (!targets.is_empty()).then_some(text)
    };
    if state.targets_in_part.is_empty() && state.other_targets.is_empty() {
        return part("", &state.targets).map_or_else(String::new, |_| "all".to_owned());
    }
    let parts = [
        part("", &state.targets),
        part("in part ", &state.targets_in_part),
        part("not ", &others),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("; ")
}

/// Networks or names, and whether they are a part only of what is asked.
pub fn met(remote: &[String], extent: Extent) -> String {
    match extent {
        Extent::Whole => few(remote),
        Extent::Part => format!("{}, a part of it", few(remote)),
    }
}

/// The first of many, and how many more there are.
pub fn few(texts: &[String]) -> String {
    match texts.get(..FEW) {
        Some(few) if texts.len() > FEW => {
            format!("{} and {} more", few.join(", "), texts.len() - FEW)
        }
        _ => texts.join(", "),
    }
}

/// What a concern is made of: each fact's name, who says it, and in which other document.
pub fn facts(concern: &Concern) -> Vec<(&'static str, &'static str, Option<&String>)> {
    fn fact<'a, T>(
        name: &'static str,
        said: &'a Said<T>,
    ) -> (&'static str, &'static str, Option<&'a String>) {
        (name, said.basis, said.url.as_ref())
    }
    let port = |ports: &Vec<PortRange>| if ports.len() == 1 { "port" } else { "ports" };
    let remote = match (&concern.range, concern.remote.value.first()) {
        (Some(_), _) => "range",
        (None, Some(text)) if text.parse::<IpNet>().is_ok() => "addresses",
        (None, _) => "names",
    };
    let facts = [
        concern
            .direction
            .as_ref()
            .map(|said| fact("direction", said)),
        concern.protocol.as_ref().map(|said| fact("protocol", said)),
        concern
            .ports
            .as_ref()
            .map(|said| fact(port(&said.value), said)),
        Some(fact(remote, &concern.remote)),
        Some(fact("clouds", &concern.clouds)),
    ];
    facts.into_iter().flatten().collect()
}
