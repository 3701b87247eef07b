//! What the user asks for: as words, which the lock remembers, and as checked values.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogue, Cloud, FlowId, PortRange, Protocol, SetKey, Traffic};
use crate::error::{Error, Errors, Result, quoted};
use crate::target::{TARGETS, Target};

/// The options that a folder remembers, as words. `None`: not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Words {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_set: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_retired: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infer: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Vec<String>>,
}

impl Words {
    /// These words, and for every option not among them what `remembered` has.
    #[must_use]
    pub fn or(self, remembered: Self) -> Self {
        Self {
            aggregate: self.aggregate.or(remembered.aggregate),
            cloud: self.cloud.or(remembered.cloud),
            exclude_set: self.exclude_set.or(remembered.exclude_set),
            include_retired: self.include_retired.or(remembered.include_retired),
            infer: self.infer.or(remembered.infer),
            module_source: self.module_source.or(remembered.module_source),
            port: self.port.or(remembered.port),
            root: self.root.or(remembered.root),
            set: self.set.or(remembered.set),
            target: self.target.or(remembered.target),
            traffic: self.traffic.or(remembered.traffic),
        }
    }

    /// Sorts every list and drops repetitions, so that the order of arguments changes no byte.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        for list in [
            &mut self.cloud,
            &mut self.exclude_set,
            &mut self.include_retired,
            &mut self.infer,
            &mut self.port,
            &mut self.set,
            &mut self.target,
            &mut self.traffic,
        ]
        .into_iter()
        .flatten()
        {
            list.sort_unstable();
            list.dedup();
        }
        self
    }

    /// The arguments that say the same on a command line.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let lists = [
            ("--cloud", &self.cloud),
            ("--traffic", &self.traffic),
            ("--target", &self.target),
            ("--set", &self.set),
            ("--exclude-set", &self.exclude_set),
            ("--infer", &self.infer),
            ("--include-retired", &self.include_retired),
            ("--port", &self.port),
        ];
        let mut arguments = Vec::new();
        for (flag, values) in lists {
            for value in values.iter().flatten() {
                arguments.push(format!("{flag} {value}"));
            }
        }
        if let Some(source) = &self.module_source {
            arguments.push(format!("--module-source '{source}'"));
        }
        for (flag, on) in [("--aggregate", self.aggregate), ("--root", self.root)] {
            if on == Some(true) {
                arguments.push(flag.to_owned());
            }
        }
        arguments
    }
}

/// Which sets to show, checked: everything, unless narrowed.
#[derive(Debug)]
pub struct Filter {
    pub clouds: Vec<Cloud>,
    pub traffics: Vec<Traffic>,
    /// Empty: all of them.
    pub sets: BTreeSet<SetKey>,
    pub exclude_sets: BTreeSet<SetKey>,
}

impl Filter {
    /// Checks the filters among `words`.
    ///
    /// # Errors
    /// Every unknown name.
    pub fn parse(words: &Words, catalogue: &Catalogue) -> Result<Self> {
        let mut parser = Parser {
            catalogue,
            errors: Vec::new(),
        };
        let filter = Self {
            clouds: parser.vocabulary("--cloud", words.cloud.as_deref(), Cloud::ALL, Cloud::ALL),
            traffics: parser.vocabulary(
                "--traffic",
                words.traffic.as_deref(),
                Traffic::ALL,
                Traffic::ALL,
            ),
            sets: parser.sets("--set", words.set.as_deref()),
            exclude_sets: parser.sets("--exclude-set", words.exclude_set.as_deref()),
        };
        Errors::unless_none(parser.errors, filter)
    }
}

/// What the user asks for, checked.
#[derive(Debug)]
pub struct Options {
    pub clouds: Vec<Cloud>,
    pub traffics: Vec<Traffic>,
    pub targets: Vec<&'static Target>,
    /// Empty: all of them.
    pub sets: BTreeSet<SetKey>,
    pub exclude_sets: BTreeSet<SetKey>,
    pub infer: Scope,
    pub include_retired: Scope,
    pub ports: Vec<PortChoice>,
    pub aggregate: bool,
    pub module_source: Option<String>,
    pub root: bool,
}

/// Which sets something is switched on for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    None,
    All,
    Only(BTreeSet<SetKey>),
}

impl Scope {
    #[must_use]
    pub fn covers(&self, set: &SetKey) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Only(sets) => sets.contains(set),
        }
    }
}

/// The word that stands for every set.
pub const ALL_SETS: &str = "all";

/// A port that the user chose for one flow: `SET[.FLOW]=[tcp/|udp/]PORT[,PORT]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortChoice {
    pub set: SetKey,
    pub flow: Option<FlowId>,
    pub protocol: Option<Protocol>,
    pub ports: Vec<PortRange>,
}

impl fmt::Display for PortChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.set)?;
        if let Some(flow) = &self.flow {
            write!(f, ".{flow}")?;
        }
        Ok(())
    }
}

/// Worldwide, unless clouds are named.
const DEFAULT_CLOUDS: &[Cloud] = &[Cloud::Worldwide];

/// The two traffics of servers, unless others are named.
const DEFAULT_TRAFFICS: &[Traffic] = &[Traffic::InboundHybridServer, Traffic::OutboundServerOnly];

impl Options {
    /// Checks `words` against what `catalogue` and the targets have.
    ///
    /// # Errors
    /// Every unknown name and every value that is not of its form.
    pub fn parse(words: &Words, catalogue: &Catalogue) -> Result<Self> {
        let mut parser = Parser {
            catalogue,
            errors: Vec::new(),
        };
        let options = Self {
            clouds: parser.vocabulary(
                "--cloud",
                words.cloud.as_deref(),
                Cloud::ALL,
                DEFAULT_CLOUDS,
            ),
            traffics: parser.traffics(words.traffic.as_deref()),
            targets: parser.targets(words.target.as_deref()),
            sets: parser.sets("--set", words.set.as_deref()),
            exclude_sets: parser.sets("--exclude-set", words.exclude_set.as_deref()),
            infer: parser.scope("--infer", words.infer.as_deref()),
            include_retired: parser.scope("--include-retired", words.include_retired.as_deref()),
            ports: parser.ports(words.port.as_deref()),
            aggregate: words.aggregate.unwrap_or(false),
            module_source: words.module_source.clone(),
            root: words.root.unwrap_or(false),
        };
        if let Some(source) = &words.module_source {
            parser.module_source(source, options.targets.len());
        }
        Errors::unless_none(parser.errors, options)
    }
}

struct Parser<'a> {
    catalogue: &'a Catalogue,
    errors: Vec<Error>,
}

impl Parser<'_> {
    fn invalid(&mut self, option: &'static str, value: &str, why: impl Into<String>) {
        self.errors.push(Error::InvalidValue {
            option,
            value: value.to_owned(),
            why: why.into(),
        });
    }

    fn vocabulary<T: Copy + Ord + fmt::Display>(
        &mut self,
        option: &'static str,
        words: Option<&[String]>,
        all: &[T],
        default: &[T],
    ) -> Vec<T> {
        let Some(words) = words else {
            return default.to_vec();
        };
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

    fn traffics(&mut self, words: Option<&[String]>) -> Vec<Traffic> {
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

    fn targets(&mut self, words: Option<&[String]>) -> Vec<&'static Target> {
        let Some(words) = words else {
            return TARGETS.iter().collect();
        };
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

    fn sets(&mut self, option: &'static str, words: Option<&[String]>) -> BTreeSet<SetKey> {
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

    fn scope(&mut self, option: &'static str, words: Option<&[String]>) -> Scope {
        match words {
            None | Some([]) => Scope::None,
            Some(words) if words.iter().any(|word| word == ALL_SETS) => Scope::All,
            words => Scope::Only(self.sets(option, words)),
        }
    }

    fn ports(&mut self, words: Option<&[String]>) -> Vec<PortChoice> {
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

    fn module_source(&mut self, source: &str, targets: usize) {
        if source.is_empty() || source.chars().any(char::is_control) {
            self.invalid(
                "--module-source",
                source,
                "a module source is one line of text",
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
