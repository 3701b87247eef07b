//! The answer for people.

use std::fmt::Write as _;

use super::answer::{Answer, Concern, FolderAnswer, OpenRow, SourceAnswer};
use super::words::{facts, few, headline, met, name, targets, way};
use crate::catalogue::Basis;
use crate::catalogue::ports::joined;
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
        if let Some(below) = &answer.below {
            self.line(&format!("  names below it are needed: ask for '{below}'"));
        }
        self.elsewhere(&answer.elsewhere);
        // Rows that take such ranges tell more.
        if !answer.own_ranges.is_empty() && answer.folder.is_none() {
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
            let (label, by) = match &answer.folder {
                Some(folder) => ("wanted", format!("by the options of {}", folder.path)),
                None => ("open", "by default".to_owned()),
            };
            let clouds = if state.unasked_clouds.is_empty() {
                String::new()
            } else {
                format!("; for {} with `--cloud`", quoted(&state.unasked_clouds))
            };
            self.field(label, &format!("{by}{clouds}"));
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
        let targets = targets(state);
        if !targets.is_empty() {
            self.field("targets", &targets);
        }
        if !state.by_address.is_empty() {
            let flow = flow_text(&concern.set, concern.flow.as_ref());
            let instead = match &state.in_place {
                Some(word) => format!("`{word}` stands there in place of names"),
                None => format!("`--hosts {flow}=…` chooses what stands there in place of names"),
            };
            let by_address = state.by_address.join(" ");
            let label = if targets.is_empty() { "targets" } else { "" };
            self.field(label, &format!("{by_address} by address only; {instead}"));
        }
    }

    fn elsewhere(&mut self, concerns: &[Concern]) {
        if concerns.is_empty() {
            return;
        }
        let is_setting = |concern: &Concern| concern.direction.is_none();
        self.line(if concerns.iter().any(is_setting) {
            "\non other ports, or on none"
        } else {
            "\non other ports"
        });
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
            let _ = writeln!(self.text, "\n{}", row_text(row));
            if !row.wanted {
                self.line(&format!(
                    "  NOT WANTED: neither the facts nor your options ask for it; see `perimeter365 verify {}`",
                    folder.path
                ));
            }
            for because in &row.because {
                self.line(&format!("  by your decision: {because}"));
            }
            for place in &row.places {
                for lines in runs(&place.lines) {
                    self.line(&format!("  {}/{}:{lines}", folder.path, place.file));
                }
            }
        }
        if !folder.perhaps.is_empty() {
            self.line("\nmay be open: what these rows hold is not known here");
        }
        for row in &folder.perhaps {
            self.line(&format!("  {}", row_text(row)));
        }
        if !folder.texts.is_empty() {
            let texts = quoted(&folder.texts);
            self.line(&format!(
                "\nnot looked into: the texts of {texts}, which the same facts and options are written to"
            ));
        }
    }
}

/// Lines that follow each other as one: `140-199`.
fn runs(lines: &[u32]) -> Vec<String> {
    let follow = |one: &u32, next: &u32| one + 1 == *next;
    let runs = lines.chunk_by(follow).map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        _ => run.iter().map(ToString::to_string).collect(),
    });
    runs.collect()
}

/// `federation-sts.sign-in.sts_proxy.ipv4 (worldwide): inbound tcp 443 from the range federation_clients`.
fn row_text(row: &OpenRow) -> String {
    format!(
        "{} ({}): {} {} {} {} {}",
        row.key,
        row.cloud,
        row.direction,
        row.protocol,
        joined(&row.ports, ", "),
        row.direction.preposition(),
        met(&row.remote, row.extent),
    )
}
