//! The answer for people.

use std::fmt::Write as _;

use ipnet::IpNet;

use super::answer::{Answer, Concern, FolderAnswer, OpenRow, Said, SourceAnswer};
use super::touch::Extent;
use crate::catalogue::ports::joined;
use crate::catalogue::{Basis, PortRange};
use crate::error::quoted;
use crate::options::flow_text;

/// The answer, with the documents that it rests on at its end.
#[must_use]
pub fn text(answer: &Answer) -> String {
    let mut writer = Writer::default();
    writer.answer(answer);
    writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
    /// The documents so far, a text each.
    sources: Vec<String>,
}

/// As many networks or names as a line still holds.
const FEW: usize = 6;

impl Writer {
    fn answer(&mut self, answer: &Answer) {
        self.line(&headline(answer));
        if let Some(remark) = &answer.remark {
            self.line(&format!("  {remark}"));
        }
        if let Some(folder) = &answer.folder {
            self.folder(folder);
        }
        if answer.folder.is_some() && !answer.concerns.is_empty() {
            self.line("\nwhat needs it");
        }
        for (index, concern) in answer.concerns.iter().enumerate() {
            let next = answer.concerns.get(index + 1);
            let is_last = next.is_none_or(|next| next.set != concern.set);
            self.concern(concern, answer, is_last);
        }
        self.elsewhere(&answer.elsewhere);
        if !answer.own_ranges.is_empty() {
            self.line("\nranges that only you know may hold it");
            for range in &answer.own_ranges {
                self.line(&format!("  {}: {}", range.name, range.flows.join(", ")));
            }
        }
        self.published(answer);
        self.sources();
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn field(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.text, "  {name:<8} {value}");
    }

    /// The number of a document.
    fn cite(&mut self, source: &SourceAnswer) -> usize {
        let mut text = source.title.clone();
        if !source.edition.is_empty() {
            let _ = write!(text, ", edition {}", source.edition);
        }
        if !source.url.is_empty() {
            let _ = write!(text, "\n      {}", source.url);
        }
        self.cite_text(text)
    }

    fn cite_text(&mut self, text: String) -> usize {
        let known = self.sources.iter().position(|known| *known == text);
        let index = known.unwrap_or_else(|| {
            self.sources.push(text);
            self.sources.len() - 1
        });
        index + 1
    }

    fn concern(&mut self, concern: &Concern, answer: &Answer, is_last: bool) {
        let _ = writeln!(self.text, "\n{}: {}", name(concern), concern.title);
        let mut way = way(concern);
        if let Some(range) = &concern.range {
            let number = self.cite(&range.source);
            let _ = write!(way, ", in the range {} [{number}]", range.name);
        }
        self.field("what", &way);
        for (index, role) in concern.roles.iter().enumerate() {
            let label = if index == 0 { "who" } else { "" };
            let text = if role.meaning.is_empty() {
                role.role.to_string()
            } else {
                format!("{}: {}", role.role, role.meaning)
            };
            self.field(label, &text);
        }
        let clouds: Vec<String> = concern
            .clouds
            .value
            .iter()
            .map(ToString::to_string)
            .collect();
        self.field("clouds", &clouds.join(" "));
        self.bases(concern);
        self.state(concern, answer);
        if is_last {
            for (index, note) in concern.notes.iter().enumerate() {
                self.field(if index == 0 { "notes" } else { "" }, note);
            }
        }
    }

    /// Who says which of a flow's facts, the firmest first.
    fn bases(&mut self, concern: &Concern) {
        let source = self.cite(&concern.source);
        let facts = facts(concern);
        let mut label = "basis";
        for word in Basis::WORDS {
            let own = facts.iter().filter(|(_, basis, _)| *basis == word);
            let mut urls: Vec<Option<&String>> = own.clone().map(|(.., url)| *url).collect();
            urls.dedup();
            for url in urls {
                let names = own.clone().filter(|(.., other)| *other == url);
                let names: Vec<&str> = names.map(|(name, ..)| *name).collect();
                let who = match (word, url) {
                    (_, Some(url)) => format!("{word} in [{}]", self.cite_text(url.clone())),
                    ("stated", _) => format!("stated in [{source}]"),
                    ("implied", _) => format!("implied by [{source}]"),
                    ("inferred", _) => format!("inferred by perimeter365 from [{source}]"),
                    ("given", _) => "given by you".to_owned(),
                    _ => "unstated".to_owned(),
                };
                self.field(label, &format!("{who}: {}", names.join(", ")));
                label = "";
            }
        }
    }

    fn state(&mut self, concern: &Concern, answer: &Answer) {
        let state = &concern.state;
        if state.open {
            let by = match &answer.folder {
                Some(folder) => format!("by the options of {}", folder.path),
                None => "by default".to_owned(),
            };
            let clouds = if state.unasked_clouds.is_empty() {
                String::new()
            } else {
                format!("; for {} with `--cloud`", quoted(&state.unasked_clouds))
            };
            self.field("open", &format!("{by}{clouds}"));
        }
        for (index, why) in state.closed.iter().enumerate() {
            self.field(if index == 0 { "closed" } else { "" }, why);
        }
        if let Some(arguments) = &state.opened_with {
            self.field("to open", &format!("`{arguments}`"));
        }
        if let Some(remedy) = &state.remedy {
            self.field("to open", remedy);
        }
        let targets = match (state.targets.as_slice(), state.other_targets.as_slice()) {
            ([], []) => return,
            ([], others) => format!("none of {}", others.join(" ")),
            (_, []) => "all".to_owned(),
            (targets, others) => format!("{}; not {}", targets.join(" "), others.join(" ")),
        };
        self.field("targets", &targets);
    }

    fn elsewhere(&mut self, concerns: &[Concern]) {
        if concerns.is_empty() {
            return;
        }
        self.line("\non other ports only");
        for concern in concerns {
            let _ = writeln!(self.text, "  {}: {}", name(concern), way(concern));
        }
    }

    fn published(&mut self, answer: &Answer) {
        if !answer.published.is_empty() {
            self.line("\npublished by the web service");
        }
        for entry in &answer.published {
            let number = self.cite(&entry.source);
            let services = [("tcp", &entry.tcp), ("udp", &entry.udp)];
            let services: Vec<String> = services
                .into_iter()
                .filter(|(_, ports)| !ports.is_empty())
                .map(|(protocol, ports)| format!("{protocol} {}", joined(ports, ", ")))
                .collect();
            let networks = if entry.networks.is_empty() {
                String::new()
            } else {
                format!(", at {}", few(&entry.networks))
            };
            let _ = writeln!(
                self.text,
                "  entry {}, {}: {} on {}{networks} [{number}]",
                entry.entry,
                entry.cloud,
                entry.host,
                services.join(" and ")
            );
        }
        if !answer.service_tags.is_empty() {
            self.line("\nAzure's service tags");
        }
        for tagged in &answer.service_tags {
            let _ = writeln!(self.text, "  {} holds {}", tagged.tag, tagged.host);
        }
    }

    fn sources(&mut self) {
        if !self.sources.is_empty() {
            self.line("\nsources");
        }
        for (index, source) in std::mem::take(&mut self.sources).iter().enumerate() {
            self.line(&format!("  [{}] {source}", index + 1));
        }
    }

    fn folder(&mut self, folder: &FolderAnswer) {
        for row in &folder.open {
            self.row(folder, row);
        }
        if !folder.perhaps.is_empty() {
            self.line("\nmay be open: what these rows hold is not known here");
        }
        for row in &folder.perhaps {
            self.row(folder, row);
        }
    }

    fn row(&mut self, folder: &FolderAnswer, row: &OpenRow) {
        let _ = writeln!(
            self.text,
            "\n{} ({}): {} {} {} {} {}, for {}",
            row.key,
            row.cloud,
            row.direction,
            row.protocol,
            joined(&row.ports, ", "),
            row.direction.preposition(),
            met(&row.remote, row.extent),
            row.role,
        );
        for because in &row.because {
            self.line(&format!("  by your decision: {because}"));
        }
        for place in &row.places {
            for line in &place.lines {
                self.line(&format!("  {}/{}:{line}", folder.path, place.file));
            }
        }
    }
}

fn headline(answer: &Answer) -> String {
    let asked = &answer.asked;
    let on = answer
        .port
        .map_or_else(String::new, |port| format!(" on {port}"));
    if let Some(folder) = &answer.folder {
        let path = &folder.path;
        let is_whole = folder.open.iter().any(|row| row.extent == Extent::Whole);
        return match folder.open.len() {
            0 => format!("nothing in {path} opens {asked}{on}"),
            rows if is_whole => format!("{asked}{on} is open in {path}, by {}", count(rows, "row")),
            rows => format!(
                "a part of {asked}{on} is open in {path}, by {}",
                count(rows, "row")
            ),
        };
    }
    let (flows, settings): (Vec<&Concern>, Vec<&Concern>) = answer
        .concerns
        .iter()
        .partition(|concern| concern.direction.is_some());
    match (flows.len(), settings.len()) {
        (0, 0) if answer.elsewhere.is_empty() => {
            format!("nothing in the catalogue needs {asked}{on}")
        }
        (0, 0) => format!("{asked} is needed, but not{on}"),
        (flows, 0) => format!("{asked}{on} is needed by {}", count(flows, "flow")),
        (0, settings) => format!("{asked} is named by {}", count(settings, "browser setting")),
        (flows, settings) => format!(
            "{asked}{on} is needed by {}, and named by {}",
            count(flows, "flow"),
            count(settings, "browser setting")
        ),
    }
}

fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// `entra-connect-sync.health (row 19)`.
fn name(concern: &Concern) -> String {
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
fn way(concern: &Concern) -> String {
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

fn met(remote: &[String], extent: Extent) -> String {
    match extent {
        Extent::Whole => few(remote),
        Extent::Part => format!("{}, a part of it", few(remote)),
    }
}

fn few(texts: &[String]) -> String {
    match texts.get(..FEW) {
        Some(few) if texts.len() > FEW => {
            format!("{} and {} more", few.join(", "), texts.len() - FEW)
        }
        _ => texts.join(", "),
    }
}

/// What a concern is made of: each fact's name, who says it, and in which other document.
fn facts(concern: &Concern) -> Vec<(&'static str, &'static str, Option<&String>)> {
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
