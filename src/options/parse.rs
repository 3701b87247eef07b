//! From words to checked options, collecting everything that is wrong with them.

use std::collections::BTreeSet;
use std::fmt;

use super::{ALL, DEFAULT_TRAFFICS, HostsChoice, InPlace, NONE, PortChoice, Scope};
use crate::catalogue::ServiceTag;
use crate::catalogue::{Catalogue, Flow, FlowId, PortRange, Protocol, SetKey, Traffic};
use crate::error::{Error, quoted};
use crate::harmless::misleads;
use crate::permit::Rung;
use crate::target::{AWS_RULES, TARGETS, Target};

const HOSTS: &str = "--hosts";

pub struct Parser<'a> {
    pub catalogue: &'a Catalogue,
    pub errors: Vec<Error>,
}

impl Parser<'_> {
    fn invalid(&mut self, option: &'static str, value: &str, why: impl Into<String>) {
        self.errors.push(Error::InvalidValue {
            option,
            value: value.to_owned(),
            why: why.into(),
        });
    }

    pub fn vocabulary<T: Copy + Ord + fmt::Display>(
        &mut self,
        option: &'static str,
        words: Option<&[String]>,
        all: &[T],
        default: &[T],
    ) -> Vec<T> {
        let Some(words) = words else {
            return default.to_vec();
        };
        self.not_empty(option, words);
        let mut values = BTreeSet::new();
        for word in words {
            match all.iter().find(|value| value.to_string() == *word) {
                Some(value) => {
                    values.insert(*value);
                }
                None => self.errors.push(Error::UnknownValue {
                    option,
                    value: word.clone(),
                    known: all.iter().map(ToString::to_string).collect(),
                }),
            }
        }
        values.into_iter().collect()
    }

    /// An option that is there names something; only a damaged lock has one that doesn't.
    fn not_empty(&mut self, option: &'static str, words: &[String]) {
        if words.is_empty() {
            self.invalid(
                option,
                "",
                "it is there and names nothing; name one, or leave it out",
            );
        }
    }

    pub fn traffics(&mut self, words: Option<&[String]>) -> Vec<Traffic> {
        let traffics = self.vocabulary("--traffic", words, Traffic::ALL, DEFAULT_TRAFFICS);
        if traffics.contains(&Traffic::TrustedSites) {
            self.invalid(
                "--traffic",
                Traffic::TrustedSites.as_str(),
                "trusted sites are browser settings, with no packets to allow; `perimeter365 list --traffic trusted-sites` shows them",
            );
        }
        traffics
    }

    pub fn targets(&mut self, words: Option<&[String]>) -> Vec<&'static Target> {
        let Some(words) = words else {
            return TARGETS.iter().collect();
        };
        self.not_empty("--target", words);
        if words == [NONE] {
            return Vec::new();
        }
        if words.iter().any(|word| word == NONE) {
            self.invalid("--target", NONE, "it stands alone: no target at all");
            return Vec::new();
        }
        for word in words {
            if !TARGETS.iter().any(|target| target.name == word) {
                self.errors.push(Error::UnknownValue {
                    option: "--target",
                    value: word.clone(),
                    known: TARGETS
                        .iter()
                        .map(|target| target.name.to_owned())
                        .collect(),
                });
            }
        }
        TARGETS
            .iter()
            .filter(|target| words.iter().any(|word| word == target.name))
            .collect()
    }

    pub fn sets(&mut self, option: &'static str, words: Option<&[String]>) -> BTreeSet<SetKey> {
        if let Some(words) = words {
            self.not_empty(option, words);
        }
        let mut keys = BTreeSet::new();
        for word in words.into_iter().flatten() {
            keys.extend(self.set(option, word));
        }
        keys
    }

    fn set(&mut self, option: &'static str, word: &str) -> Option<SetKey> {
        let sets = &self.catalogue.sets;
        let found = sets.iter().find(|set| set.key.as_str() == word);
        if found.is_none() {
            self.errors.push(Error::UnknownValue {
                option,
                value: word.to_owned(),
                known: sets.iter().map(|set| set.key.to_string()).collect(),
            });
        }
        found.map(|set| set.key.clone())
    }

    pub fn scope(&mut self, option: &'static str, words: Option<&[String]>) -> Scope {
        let Some(words) = words else {
            return Scope::None;
        };
        self.not_empty(option, words);
        let (all, names): (Vec<String>, Vec<String>) =
            words.iter().cloned().partition(|word| word == ALL);
        let sets: BTreeSet<SetKey> = names
            .iter()
            .filter_map(|name| self.set(option, name))
            .collect();
        if all.is_empty() {
            Scope::Only(sets)
        } else {
            Scope::All
        }
    }

    pub fn ports(&mut self, words: Option<&[String]>) -> Vec<PortChoice> {
        if let Some(words) = words {
            self.not_empty("--port", words);
        }
        let mut choices: Vec<PortChoice> = Vec::new();
        for word in words.into_iter().flatten() {
            let Some(choice) = self.port(word) else {
                continue;
            };
            let again = |other: &&PortChoice| other.set == choice.set && other.flow == choice.flow;
            if choices.iter().find(again).is_some() {
                self.invalid(
                    "--port",
                    word,
                    format!("`{choice}` is given twice; several ports of one flow are joined by commas, `{choice}=443,8443`"),
                );
            } else {
                choices.push(choice);
            }
        }
        choices
    }

    fn port(&mut self, word: &str) -> Option<PortChoice> {
        const OPTION: &str = "--port";
        let Some((flow, value)) = word.split_once('=') else {
            self.invalid(
                OPTION,
                word,
                "the form is `SET[.FLOW]=[tcp/|udp/]PORT`, as in `graph-change-notifications=8443`",
            );
            return None;
        };
        let (set, flow) = match flow.split_once('.') {
            Some((set, flow)) => (set, Some(flow)),
            None => (flow, None),
        };
        let (protocol, ports) = match value.split_once('/') {
            Some((protocol, ports)) => (Some(protocol), ports),
            None => (None, value),
        };
        let set = self.set(OPTION, set);
        let flow = set.as_ref().and_then(|set| {
            self.flow(set, flow)
                .map_err(|why| self.invalid(OPTION, word, format!("`{set}`: {why}")))
                .ok()
        });
        let protocol = protocol.map(|text| {
            let protocol = Protocol::parse(text);
            if protocol.is_none() {
                self.invalid(OPTION, word, format!("`{text}` is neither `tcp` nor `udp`"));
            }
            protocol
        });
        let mut ranges = Vec::new();
        for text in ports.split(',') {
            match PortRange::parse(text) {
                Ok(range) => ranges.push(range),
                Err(why) => self.invalid(OPTION, word, why),
            }
        }
        ranges.sort_unstable();
        for pair in ranges.windows(2) {
            if pair[0].overlaps(pair[1]) {
                self.invalid(
                    OPTION,
                    word,
                    format!("`{}` and `{}` overlap", pair[0], pair[1]),
                );
            }
        }
        Some(PortChoice {
            set: set?,
            flow: flow?,
            protocol: protocol.map_or(Some(None), |protocol| protocol.map(Some))?,
            ports: ranges,
        })
    }

    pub fn hosts(&mut self, words: Option<&[String]>) -> Vec<HostsChoice> {
        if let Some(words) = words {
            self.not_empty(HOSTS, words);
        }
        let mut choices: Vec<HostsChoice> = Vec::new();
        for word in words.into_iter().flatten() {
            let Some(choice) = self.hosts_choice(word) else {
                continue;
            };
            let same =
                |other: &HostsChoice| (&other.set, &other.flow) == (&choice.set, &choice.flow);
            if choices.iter().any(same) {
                self.invalid(
                    HOSTS,
                    word,
                    format!(
                        "`{choice}` is given twice; one thing stands in place of its host names"
                    ),
                );
            } else {
                choices.push(choice);
            }
        }
        choices
    }

    fn hosts_choice(&mut self, word: &str) -> Option<HostsChoice> {
        const FORM: &str = "the form is `SET[.FLOW]=web-service`, `SET[.FLOW]=service-tag:TAG` or `SET[.FLOW]=any`";
        let Some((place, rung)) = word.split_once('=') else {
            self.invalid(HOSTS, word, FORM);
            return None;
        };
        let (set, flow) = match place.split_once('.') {
            Some((set, flow)) => (set, Some(flow)),
            None => (place, None),
        };
        let set = self.set(HOSTS, set);
        let flow = set.as_ref().and_then(|set| {
            // Without a flow it is for all of them.
            let id = flow.map_or(Ok(None), |flow| self.flow(set, Some(flow)));
            id.map_err(|why| self.invalid(HOSTS, word, format!("`{set}`: {why}")))
                .ok()
        });
        let in_place = match rung.split_once(':') {
            None if rung == Rung::WebService.as_str() => Ok(InPlace::WebService),
            None if rung == Rung::Any.as_str() => Ok(InPlace::Any),
            Some((name, tag)) if name == Rung::ServiceTag.as_str() => {
                ServiceTag::parse(tag).map(InPlace::ServiceTag)
            }
            _ => Err(FORM.to_owned()),
        };
        let in_place = in_place.map_err(|why| self.invalid(HOSTS, word, why)).ok();
        let choice = HostsChoice {
            set: set?,
            flow: flow?,
            in_place: in_place?,
        };
        let sets = self.catalogue.sets.iter();
        let has_hosts = sets
            .filter(|set| set.key == choice.set)
            .flat_map(|set| &set.flows)
            .filter(|flow| choice.flow.is_none() || flow.id == choice.flow)
            .flat_map(Flow::hosts)
            .any(|host| host.placeholder().is_none());
        if !has_hosts {
            self.invalid(
                HOSTS,
                word,
                format!(
                    "`{choice}` states no host names to allow, so nothing stands in their place"
                ),
            );
            return None;
        }
        Some(choice)
    }

    /// The id of the flow that `flow` means in `set`; `None` is the only flow of its set.
    fn flow(
        &self,
        set: &SetKey,
        flow: Option<&str>,
    ) -> std::result::Result<Option<FlowId>, String> {
        let flows = self
            .catalogue
            .sets
            .iter()
            .find(|other| other.key == *set)
            .map_or(&[][..], |set| &set.flows);
        let ids: Vec<&FlowId> = flows.iter().filter_map(|flow| flow.id.as_ref()).collect();
        match (flow, ids.as_slice()) {
            _ if flows.is_empty() => Err("it has no flows, being a browser setting".to_owned()),
            (None, []) => Ok(None),
            (None, ids) => {
                let names: Vec<String> = ids.iter().map(|id| format!("{set}.{id}")).collect();
                Err(format!(
                    "it has several flows, so name one: {}",
                    quoted(&names)
                ))
            }
            (Some(text), []) => Err(format!("it has one flow only, so leave `.{text}` out")),
            (Some(text), ids) => ids
                .iter()
                .find(|id| id.as_str() == text)
                .map(|id| Some((*id).clone()))
                .ok_or_else(|| format!("it has no flow `{text}`, but {}", quoted(ids))),
        }
    }

    pub fn rules_per_group(&mut self, rules: u16) {
        if !AWS_RULES.contains(&rules) {
            self.invalid(
                "--aws-rules-per-group",
                &rules.to_string(),
                format!(
                    "a security group takes {} to {} rules",
                    AWS_RULES.start(),
                    AWS_RULES.end()
                ),
            );
        }
    }

    pub fn module_source(&mut self, source: &str, targets: usize) {
        if source.is_empty() || source.contains(|c: char| misleads(c) || c == '`') {
            self.invalid(
                "--module-source",
                source,
                "a module source is one line of plain text, without backticks",
            );
        } else if targets > 1 && !source.contains("{target}") {
            self.invalid(
                "--module-source",
                source,
                "each target has a module of its own, so write `{target}` where its name belongs, or choose one `--target`",
            );
        }
    }
}
