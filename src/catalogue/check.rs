//! From plain strings to valid facts, or every reason why not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::Arc;

use super::document::{
    BasisText, Document, EntryText, FactText, FlowText, PublishedText, RangeText, RemoteText,
    SCHEMA, ServiceTagText, SetText, SitesText,
};
use super::{
    Basis, Catalogue, Category, Cloud, Direction, EndpointSet, Endpoints, Entry, Fact, Flow,
    FlowId, HostPattern, NamedRange, Origin, PortRange, Protocol, Published, RangeName, Remote,
    Retired, Role, ServiceArea, ServiceTag, SetKey, Sites, Source, Traffic, is_device, network,
};
use crate::error::nearest;

/// Something in a catalogue that must not pass: where it stands, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The way to it: `graph-change-notifications.flows[0].remotes[1].networks`.
    pub place: String,
    pub why: String,
}

/// Longest title, in bytes. It becomes a rule's description, where Azure takes 140.
const MAX_TITLE: usize = 120;

/// Longest note, in bytes: a paragraph of the README.
const MAX_NOTE: usize = 2_000;

/// Longest URL, in bytes: what every browser takes.
const MAX_URL: usize = 2_000;

/// Turns a document into facts.
///
/// # Errors
/// Every defect of the document: values that don't parse, duplicates, unsorted lists, networks
/// with host bits or inside another one of the same remote, flows that can't be told apart,
/// unknown roles, referenced facts without a URL.
pub fn check(document: &Document, origin: Origin, digest: &str) -> Result<Catalogue, Vec<Defect>> {
    let mut checker = Checker::default();
    let catalogue = checker.catalogue(document, origin, digest);
    if checker.defects.is_empty() {
        Ok(catalogue)
    } else {
        Err(checker.defects)
    }
}

/// Turns sets that came otherwise than in a catalogue into facts; `roles` are those that there are.
///
/// # Errors
/// Every defect of theirs, as [`check`] tells them.
pub fn sets(
    texts: &[SetText],
    roles: &BTreeMap<Role, String>,
    source: &Arc<Source>,
) -> Result<Vec<EndpointSet>, Vec<Defect>> {
    let mut checker = Checker {
        roles: roles.clone(),
        ..Checker::default()
    };
    let sets = checker.sets(texts, source);
    if checker.defects.is_empty() {
        Ok(sets)
    } else {
        Err(checker.defects)
    }
}

/// A title or the meaning of a role, if it can be one.
///
/// # Errors
/// Why it can't.
pub fn title(text: &str) -> Result<String, String> {
    let mut checker = Checker::default();
    checker.text("", text);
    match checker.defects.pop() {
        None => Ok(text.to_owned()),
        Some(defect) => Err(defect.why),
    }
}

#[derive(Default)]
struct Checker {
    defects: Vec<Defect>,
    roles: BTreeMap<Role, String>,
}

impl Checker {
    fn refuse(&mut self, place: &str, why: impl Into<String>) {
        self.defects.push(Defect {
            place: place.to_owned(),
            why: why.into(),
        });
    }

    fn accept<T>(&mut self, place: &str, parsed: Result<T, String>) -> Option<T> {
        parsed.map_err(|why| self.refuse(place, why)).ok()
    }

    fn catalogue(&mut self, document: &Document, origin: Origin, digest: &str) -> Catalogue {
        if document.schema != SCHEMA {
            self.refuse(
                "schema",
                format!(
                    "`{}` is not the version that this program reads, `{SCHEMA}`",
                    document.schema
                ),
            );
        }
        for (field, text) in [
            ("title", &document.source.title),
            ("language", &document.source.language),
            ("edition", &document.source.edition),
        ] {
            self.text(&format!("source.{field}"), text);
        }
        if !is_url(&document.source.url) {
            self.refuse("source.url", "it is no https URL");
        }
        for (name, meaning) in &document.roles {
            let place = format!("roles.{name}");
            self.text(&place, meaning);
            if let Some(role) = self.accept(&place, Role::parse(name)) {
                self.roles.insert(role, meaning.clone());
            }
        }
        let source = Arc::new(Source {
            title: document.source.title.clone(),
            language: document.source.language.clone(),
            edition: document.source.edition.clone(),
            url: document.source.url.clone(),
            origin,
            digest: digest.to_owned(),
        });
        let sets = self.sets(&document.sets, &source);
        let ranges = self.ranges(&document.ranges, &source);
        let published = self.published(&document.published, &source);
        Catalogue {
            sources: vec![source],
            roles: self.roles.clone(),
            sets,
            ranges,
            published,
            service_tags: self.service_tags(&document.service_tags),
        }
    }

    fn service_tags(&mut self, texts: &[ServiceTagText]) -> Vec<(HostPattern, ServiceTag)> {
        let mut tags: Vec<(HostPattern, ServiceTag)> = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            let place = format!("service_tags[{index}]");
            let host = self.accept(&place, HostPattern::parse(&text.host));
            let tag = self.accept(&place, ServiceTag::parse(&text.tag));
            let (Some(host), Some(tag)) = (host, tag) else {
                continue;
            };
            if tags.last().is_some_and(|(last, _)| *last >= host) {
                self.refuse(
                    &place,
                    format!("`{host}` stands twice or unsorted; they are sorted by host"),
                );
            }
            tags.push((host, tag));
        }
        tags
    }

    fn sets(&mut self, texts: &[SetText], source: &Arc<Source>) -> Vec<EndpointSet> {
        let mut seen = BTreeSet::new();
        let mut last_row = 0;
        let mut sets = Vec::with_capacity(texts.len());
        for text in texts {
            if !seen.insert(text.key.as_str()) {
                self.refuse(&text.key, "this key stands twice; a key names one set");
            }
            if let Some(row) = text.row {
                if row <= last_row {
                    self.refuse(
                        &text.key,
                        format!("row {row} comes after row {last_row}; sets are sorted by row, and a row is one set"),
                    );
                }
                last_row = row;
            }
            sets.extend(self.set(text, source));
        }
        sets
    }

    fn set(&mut self, text: &SetText, source: &Arc<Source>) -> Option<EndpointSet> {
        let place = &text.key;
        self.text(&format!("{place}.title"), &text.title);
        for (index, note) in text.notes.iter().enumerate() {
            self.up_to(MAX_NOTE, &format!("{place}.notes[{index}]"), note);
        }
        let key = self.accept(place, SetKey::parse(&text.key));
        if ["all", "none", "embedded"].contains(&text.key.as_str()) {
            self.refuse(place, "this word means something else where sets are named");
        }
        if is_device(&text.key) {
            self.refuse(place, "lists are files that are called after their set, and on Windows this name is a device; choose another");
        }
        let traffic = self.word(&format!("{place}.traffic"), &text.traffic, Traffic::ALL);
        let retired = text
            .retired
            .as_ref()
            .and_then(|retired| self.accept(&format!("{place}.retired"), Retired::parse(retired)));
        let entry = text
            .entry
            .as_ref()
            .and_then(|entry| self.entry(&format!("{place}.entry"), entry));
        let flows = self.flows(place, &text.flows);
        let sites = text
            .sites
            .as_ref()
            .and_then(|sites| self.sites(place, sites));
        match (traffic, text.flows.is_empty(), text.sites.is_some()) {
            (Some(Traffic::TrustedSites), true, true) | (None, ..) => {}
            (Some(Traffic::TrustedSites), ..) => self.refuse(
                place,
                "trusted sites are browser settings: `sites`, and no `flows`",
            ),
            (Some(_), false, false) => {}
            (Some(_), ..) => self.refuse(place, "network traffic has `flows`, and no `sites`"),
        }
        Some(EndpointSet {
            key: key?,
            row: text.row,
            entry,
            title: text.title.clone(),
            traffic: traffic?,
            retired,
            flows,
            sites,
            notes: text.notes.clone(),
            source: Arc::clone(source),
        })
    }

    fn entry(&mut self, place: &str, text: &EntryText) -> Option<Entry> {
        let area = self.accept(&format!("{place}.area"), ServiceArea::parse(&text.area));
        let category = text
            .category
            .as_ref()
            .map(|category| self.word(&format!("{place}.category"), category, Category::ALL));
        Some(Entry {
            id: text.id,
            area: area?,
            category: category.map_or(Some(None), |category| category.map(Some))?,
            required: text.required,
            express_route: text.express_route,
        })
    }

    fn flows(&mut self, set: &str, texts: &[FlowText]) -> Vec<Flow> {
        let mut ids: Vec<&str> = Vec::new();
        for text in texts {
            match &text.id {
                None if texts.len() > 1 => self.refuse(
                    set,
                    "a set with several flows needs an id on each: their rules could not be told apart",
                ),
                Some(id) if ids.contains(&id.as_str()) => {
                    self.refuse(set, format!("the flow id `{id}` stands twice"));
                }
                Some(id) if ids.last().is_some_and(|last| *last > id.as_str()) => {
                    self.refuse(set, format!("flows are sorted by id, and `{id}` isn't"));
                }
                _ => {}
            }
            ids.extend(text.id.as_deref());
        }
        texts
            .iter()
            .enumerate()
            .filter_map(|(index, text)| self.flow(&format!("{set}.flows[{index}]"), text))
            .collect()
    }

    fn flow(&mut self, place: &str, text: &FlowText) -> Option<Flow> {
        let id = text
            .id
            .as_ref()
            .map(|id| self.accept(place, FlowId::parse(id)));
        if let Some(title) = &text.title {
            self.text(&format!("{place}.title"), title);
        }
        let at = |field: &str| format!("{place}.{field}");
        let direction = self.fact(
            &at("direction"),
            &text.direction,
            |checker, place, value| checker.word(place, value, Direction::ALL),
        );
        let roles = self.roles(&at("roles"), &text.roles);
        let protocol = text.protocol.as_ref().and_then(|fact| {
            self.fact(&at("protocol"), fact, |checker, place, value| {
                checker.word(place, value, Protocol::ALL)
            })
        });
        let ports = text.ports.as_ref().and_then(|fact| {
            self.fact(&at("ports"), fact, |checker, place, value| {
                checker.ports(place, value)
            })
        });
        let remotes = self.remotes(&at("remotes"), &text.remotes);
        Some(Flow {
            id: id.map_or(Some(None), |id| id.map(Some))?,
            title: text.title.clone(),
            direction: direction?,
            roles,
            protocol,
            ports,
            remotes,
        })
    }

    fn remotes(&mut self, place: &str, texts: &[RemoteText]) -> Vec<Remote> {
        if texts.is_empty() {
            self.refuse(place, "a flow without a remote reaches nothing");
        }
        let remotes: Vec<Remote> = texts
            .iter()
            .enumerate()
            .filter_map(|(index, text)| self.remote(&format!("{place}[{index}]"), text))
            .collect();
        let mut seen = BTreeSet::new();
        for remote in &remotes {
            let form = match &remote.endpoints.value {
                Endpoints::Networks(_) | Endpoints::Range(_) => "networks",
                Endpoints::Hosts(_) => "hosts",
            };
            for cloud in &remote.clouds.value {
                if !seen.insert((*cloud, form)) {
                    self.refuse(
                        place,
                        format!("`{cloud}` has {form} twice in one flow; put them in one remote, or in two flows"),
                    );
                }
            }
        }
        remotes
    }

    fn remote(&mut self, place: &str, text: &RemoteText) -> Option<Remote> {
        let clouds = self.clouds(place, &text.clouds);
        let endpoints = match (&text.networks, &text.hosts, &text.range) {
            (Some(networks), None, None) => {
                let place = format!("{place}.networks");
                self.fact(&place, networks, |checker, place, value| {
                    checker.networks(place, value).map(Endpoints::Networks)
                })
            }
            (None, Some(hosts), None) => {
                let place = format!("{place}.hosts");
                self.fact(&place, hosts, |checker, place, value| {
                    checker.hosts(place, value).map(Endpoints::Hosts)
                })
            }
            (None, None, Some(range)) => {
                let place = format!("{place}.range");
                self.fact(&place, range, |checker, place, value| {
                    checker
                        .accept(place, RangeName::parse(value))
                        .map(Endpoints::Range)
                })
            }
            _ => {
                self.refuse(place, "exactly one of `networks`, `hosts` and `range`");
                None
            }
        };
        Some(Remote {
            clouds: clouds?,
            endpoints: endpoints?,
        })
    }

    fn sites(&mut self, set: &str, text: &SitesText) -> Option<Sites> {
        let place = format!("{set}.sites");
        let roles = self.roles(&format!("{place}.roles"), &text.roles);
        let clouds = self.clouds(&place, &text.clouds);
        let hosts = text.hosts.as_ref().and_then(|hosts| {
            self.fact(&format!("{place}.hosts"), hosts, |checker, place, value| {
                checker.hosts(place, value)
            })
        });
        Some(Sites {
            roles,
            clouds: clouds?,
            hosts,
        })
    }

    fn ranges(&mut self, texts: &[RangeText], source: &Arc<Source>) -> Vec<NamedRange> {
        let mut ranges: Vec<NamedRange> = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            let place = format!("ranges[{index}]");
            let name = self.accept(&place, RangeName::parse(&text.name));
            let cloud = self.word(&format!("{place}.cloud"), &text.cloud, Cloud::ALL);
            // A range may be renewed to nothing; what names it ends as a gap.
            let networks = if text.networks.is_empty() {
                Some(Vec::new())
            } else {
                self.networks(&format!("{place}.networks"), &text.networks)
            };
            let (Some(name), Some(cloud), Some(networks)) = (name, cloud, networks) else {
                continue;
            };
            if let Some(last) = ranges.last()
                && (&last.name, last.cloud) >= (&name, cloud)
            {
                self.refuse(
                    &place,
                    format!("`{name}` of `{cloud}` stands twice or unsorted; ranges are sorted by name and cloud"),
                );
            }
            ranges.push(NamedRange {
                name,
                cloud,
                networks,
                source: Arc::clone(source),
            });
        }
        ranges
    }

    fn published(&mut self, texts: &[PublishedText], source: &Arc<Source>) -> Vec<Published> {
        let mut all: Vec<Published> = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            let place = format!("published[{index}]");
            let cloud = self.word(&format!("{place}.cloud"), &text.cloud, Cloud::ALL);
            let host = self.accept(&place, HostPattern::parse(&text.host));
            let mut ports = |field: &str, texts: &[String]| match texts {
                [] => Some(Vec::new()),
                texts => self.ports(&format!("{place}.{field}"), texts),
            };
            let (tcp, udp) = (ports("tcp", &text.tcp), ports("udp", &text.udp));
            let networks = text.networks.as_ref().map_or(Some(None), |networks| {
                self.networks(&format!("{place}.networks"), networks)
                    .map(Some)
            });
            let (Some(cloud), Some(host), Some(tcp), Some(udp), Some(networks)) =
                (cloud, host, tcp, udp, networks)
            else {
                continue;
            };
            if let Some(last) = all.last()
                && (last.cloud, &last.host, last.entry) >= (cloud, &host, text.entry)
            {
                self.refuse(
                    &place,
                    format!("`{host}` stands twice or unsorted; they are sorted by cloud, host and entry"),
                );
            }
            all.push(Published {
                cloud,
                host,
                entry: text.entry,
                tcp,
                udp,
                networks,
                source: Arc::clone(source),
            });
        }
        all
    }

    fn fact<T, U>(
        &mut self,
        place: &str,
        text: &FactText<T>,
        value: impl FnOnce(&mut Self, &str, &T) -> Option<U>,
    ) -> Option<Fact<U>> {
        let basis = self.basis(place, &text.basis);
        let value = value(self, place, &text.value);
        Some(Fact {
            value: value?,
            basis: basis?,
        })
    }

    fn basis(&mut self, place: &str, text: &BasisText) -> Option<Basis> {
        match text {
            BasisText::Stated => Some(Basis::Stated),
            BasisText::Implied => Some(Basis::Implied),
            BasisText::Inferred => Some(Basis::Inferred),
            BasisText::Unstated => Some(Basis::Unstated),
            BasisText::Referenced(url) if is_url(url) => {
                Some(Basis::Referenced { url: url.clone() })
            }
            BasisText::Referenced(url) => {
                self.refuse(
                    place,
                    format!(
                        "a referenced fact carries the https URL of its document, not `{}`",
                        url.escape_debug()
                    ),
                );
                None
            }
        }
    }

    fn roles(&mut self, place: &str, texts: &[String]) -> Vec<Role> {
        let roles: Vec<Role> = texts
            .iter()
            .filter_map(|text| self.accept(place, Role::parse(text)))
            .collect();
        self.sorted(place, &roles);
        let known: Vec<String> = self.roles.keys().map(ToString::to_string).collect();
        for role in &roles {
            if self.roles.contains_key(role) {
                continue;
            }
            let near = nearest(role.as_str(), &known);
            let hint = near.map(|near| format!("; did you mean `{near}`?"));
            self.refuse(
                place,
                format!(
                    "the role `{role}` is not among the document's `roles`{}",
                    hint.unwrap_or_default()
                ),
            );
        }
        roles
    }

    fn clouds(&mut self, place: &str, text: &FactText<Vec<String>>) -> Option<Fact<Vec<Cloud>>> {
        self.fact(&format!("{place}.clouds"), text, |checker, place, value| {
            let clouds: Option<Vec<Cloud>> = value
                .iter()
                .map(|text| checker.word(place, text, Cloud::ALL))
                .collect();
            let clouds = clouds?;
            checker.sorted(place, &clouds);
            Some(clouds)
        })
    }

    fn ports(&mut self, place: &str, texts: &[String]) -> Option<Vec<PortRange>> {
        let ports = self.list(place, texts, PortRange::parse)?;
        self.sorted(place, &ports);
        for pair in ports.windows(2) {
            if pair[0].overlaps(pair[1]) {
                self.refuse(place, format!("`{}` and `{}` overlap", pair[0], pair[1]));
            }
        }
        Some(ports)
    }

    fn networks(&mut self, place: &str, texts: &[String]) -> Option<Vec<ipnet::IpNet>> {
        let networks = self.list(place, texts, network::parse)?;
        self.sorted(place, &networks);
        // Twice the same is said by `sorted`.
        for dropped in network::normalise(networks.clone()).1 {
            if dropped.network != dropped.inside {
                self.refuse(
                    place,
                    format!(
                        "`{}` is inside `{}` of the same list",
                        dropped.network, dropped.inside
                    ),
                );
            }
        }
        Some(networks)
    }

    fn hosts(&mut self, place: &str, texts: &[String]) -> Option<Vec<HostPattern>> {
        let hosts = self.list(place, texts, HostPattern::parse)?;
        self.sorted(place, &hosts);
        Some(hosts)
    }

    /// Parses every entry, so that all bad ones are refused in one run.
    fn list<T>(
        &mut self,
        place: &str,
        texts: &[String],
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let values: Vec<Option<T>> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| match parse(text) {
                Ok(value) => Some(value),
                refused => self.accept(&format!("{place}[{index}]"), refused),
            })
            .collect();
        values.into_iter().collect()
    }

    /// Lists are sorted and without duplicates, so that one document has one form.
    fn sorted<T: Ord + Display>(&mut self, place: &str, values: &[T]) {
        if values.is_empty() {
            self.refuse(place, "an empty list says nothing; leave the field out");
        }
        for pair in values.windows(2) {
            if pair[0] == pair[1] {
                self.refuse(place, format!("`{}` stands twice", pair[0]));
            } else if pair[0] > pair[1] {
                self.refuse(
                    place,
                    format!("unsorted: `{}` comes after `{}`", pair[1], pair[0]),
                );
            }
        }
    }

    fn word<T: Copy + Display>(&mut self, place: &str, text: &str, all: &[T]) -> Option<T> {
        let found = all.iter().copied().find(|word| word.to_string() == text);
        if found.is_none() {
            let known: Vec<String> = all.iter().map(|word| format!("`{word}`")).collect();
            self.refuse(
                place,
                format!("`{}` is none of {}", text.escape_debug(), known.join(", ")),
            );
        }
        found
    }

    /// Titles become rule descriptions and meanings table cells: short, and plain.
    fn text(&mut self, place: &str, text: &str) {
        self.up_to(MAX_TITLE, place, text);
    }

    fn up_to(&mut self, longest: usize, place: &str, text: &str) {
        if text.is_empty() || text.len() > longest {
            self.refuse(
                place,
                format!("from 1 to {longest} bytes, not {}", text.len()),
            );
        }
        if let Some(found) = text.chars().find(|c| !c.is_ascii() || c.is_ascii_control()) {
            self.refuse(
                place,
                format!(
                    "printable ASCII only (AWS refuses the rest), not `{}`",
                    found.escape_default()
                ),
            );
        }
    }
}

/// Whether `text` is an https URL that can stand in a Markdown link as it is.
fn is_url(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"<>\"`|\\(){}".contains(c);
    text.strip_prefix("https://")
        .filter(|rest| rest.len() <= MAX_URL)
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain))
}
