//! What the user asks for: as words, which the lock remembers, and as checked values.

mod overlaid;
mod parse;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::ServiceTag;
use crate::catalogue::ports::joined;
use crate::catalogue::{Catalogue, Cloud, FlowId, PortRange, Protocol, SetKey, Traffic};
use crate::error::{Errors, Result};
use crate::overlay::Decisions;
use crate::permit::Rung;
use crate::shell;
use crate::source::catalogues::EMBEDDED;
use crate::target::{AWS_RULES_PER_GROUP, TARGETS, Target};
use parse::Parser;

/// The options that a folder remembers, as words. `None`: not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Words {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_rules_per_group: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalogue: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_set: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_retired: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infer: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Vec<String>>,
}

impl Words {
    /// These words, and for every option not among them what `remembered` has.
    #[must_use]
    pub fn or(self, remembered: Self) -> Self {
        Self {
            aggregate: self.aggregate.or(remembered.aggregate),
            aws_rules_per_group: self.aws_rules_per_group.or(remembered.aws_rules_per_group),
            catalogue: self.catalogue.or(remembered.catalogue),
            cloud: self.cloud.or(remembered.cloud),
            exclude_set: self.exclude_set.or(remembered.exclude_set),
            hosts: self.hosts.or(remembered.hosts),
            include_retired: self.include_retired.or(remembered.include_retired),
            infer: self.infer.or(remembered.infer),
            module_source: self.module_source.or(remembered.module_source),
            overlay: self.overlay.or(remembered.overlay),
            port: self.port.or(remembered.port),
            root: self.root.or(remembered.root),
            set: self.set.or(remembered.set),
            target: self.target.or(remembered.target),
            template: self.template.or(remembered.template),
            traffic: self.traffic.or(remembered.traffic),
        }
    }

    /// Sorts every list whose order says nothing and drops repetitions, and takes back what `none`,
    /// for `--set` `all`, or for `--catalogue` `embedded`, says to take back.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        for list in [
            &mut self.cloud,
            &mut self.exclude_set,
            &mut self.hosts,
            &mut self.include_retired,
            &mut self.infer,
            &mut self.port,
            &mut self.set,
            &mut self.target,
            &mut self.template,
            &mut self.traffic,
        ]
        .into_iter()
        .flatten()
        {
            list.sort_unstable();
            list.dedup();
        }
        for (list, word) in [
            (&mut self.catalogue, EMBEDDED),
            (&mut self.exclude_set, NONE),
            (&mut self.hosts, NONE),
            (&mut self.include_retired, NONE),
            (&mut self.infer, NONE),
            (&mut self.overlay, NONE),
            (&mut self.port, NONE),
            (&mut self.template, NONE),
            (&mut self.set, ALL),
        ] {
            if list.as_deref() == Some(&[word.to_owned()]) {
                *list = None;
            }
        }
        for switch in [&mut self.aggregate, &mut self.root] {
            *switch = switch.filter(|on| *on);
        }
        self
    }

    /// The words that a folder remembers of these: equal wishes have equal words.
    #[must_use]
    pub fn canonical(mut self, options: &Options, kept: Kept) -> Self {
        self.catalogue = kept.catalogues;
        self.overlay = kept.overlays;
        if self.template.is_some() {
            // No path is remembered: the folder keeps what was read.
            self.template = Some(kept.templates);
        }
        for (list, scope) in [
            (&mut self.infer, &options.infer),
            (&mut self.include_retired, &options.include_retired),
        ] {
            if *scope == Scope::All {
                *list = Some(vec![ALL.to_owned()]);
            }
        }
        if options.targets.len() == TARGETS.len() {
            self.target = None;
        }
        if self.aws_rules_per_group == Some(AWS_RULES_PER_GROUP) {
            self.aws_rules_per_group = None;
        }
        if self.port.is_some() {
            self.port = Some(options.ports.iter().map(PortChoice::word).collect());
        }
        self
    }

    /// The arguments that say the same on a command line.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let lists = [
            ("--cloud", &self.cloud),
            ("--traffic", &self.traffic),
            ("--catalogue", &self.catalogue),
            ("--target", &self.target),
            ("--set", &self.set),
            ("--exclude-set", &self.exclude_set),
            ("--infer", &self.infer),
            ("--include-retired", &self.include_retired),
            ("--port", &self.port),
            ("--hosts", &self.hosts),
            ("--template", &self.template),
            ("--overlay", &self.overlay),
        ];
        let mut arguments = Vec::new();
        for (flag, values) in lists {
            for value in values.iter().flatten() {
                arguments.push(format!("{flag} {}", shell::word(value)));
            }
        }
        if let Some(rules) = self.aws_rules_per_group {
            arguments.push(format!("--aws-rules-per-group {rules}"));
        }
        if let Some(source) = &self.module_source {
            arguments.push(format!("--module-source {}", shell::word(source)));
        }
        for (flag, on) in [("--aggregate", self.aggregate), ("--root", self.root)] {
            match on {
                Some(true) => arguments.push(flag.to_owned()),
                Some(false) => arguments.push(format!("{flag}=false")),
                None => {}
            }
        }
        arguments
    }
}

/// The words by which a folder remembers the documents that it keeps.
#[derive(Debug, Default)]
pub struct Kept {
    pub catalogues: Option<Vec<String>>,
    pub overlays: Option<Vec<String>>,
    pub templates: Vec<String>,
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
    /// What stands in place of host names where a target filters by address only.
    pub hosts: Vec<HostsChoice>,
    pub aggregate: bool,
    /// `None`: what AWS gives without being asked.
    pub aws_rules_per_group: Option<u16>,
    pub module_source: Option<String>,
    pub root: bool,
    /// Forget the security groups that have no rules any more; for one run, never remembered.
    pub prune_groups: bool,
    /// What overlays decide; what is said above goes before.
    pub overlaid: Decisions,
}

/// Which sets something is switched on for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    None,
    All,
    Only(BTreeSet<SetKey>),
}

impl Scope {
    /// The arguments that switch it on for `set` too: an option given again replaces what was
    /// given before.
    #[must_use]
    pub fn arguments_with(&self, flag: &str, set: &SetKey) -> String {
        let mut sets = match self {
            Self::Only(sets) => sets.clone(),
            Self::None | Self::All => BTreeSet::new(),
        };
        sets.insert(set.clone());
        let arguments: Vec<String> = sets.iter().map(|set| format!("{flag} {set}")).collect();
        arguments.join(" ")
    }

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
pub const ALL: &str = "all";

/// The word that takes an option back.
pub const NONE: &str = "none";

/// A port that the user chose for one flow: `SET[.FLOW]=[tcp/|udp/]PORT[,PORT]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortChoice {
    pub set: SetKey,
    pub flow: Option<FlowId>,
    pub protocol: Option<Protocol>,
    pub ports: Vec<PortRange>,
}

impl PortChoice {
    /// The choice as it stands on a command line.
    #[must_use]
    pub fn word(&self) -> String {
        let protocol = self.protocol.map(|protocol| format!("{protocol}/"));
        let ports = joined(&self.ports, ",");
        format!("{self}={}{ports}", protocol.unwrap_or_default())
    }
}

impl fmt::Display for PortChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&flow_text(&self.set, self.flow.as_ref()))
    }
}

/// What the user chose in place of host names: `SET[.FLOW]=web-service`, `=service-tag:TAG` or `=any`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostsChoice {
    pub set: SetKey,
    /// `None`: for all of the set's flows that have no choice of their own.
    pub flow: Option<FlowId>,
    pub in_place: InPlace,
}

/// What stands in place of host names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InPlace {
    WebService,
    ServiceTag(ServiceTag),
    Any,
}

impl HostsChoice {
    /// The choice as it stands on a command line.
    #[must_use]
    pub fn word(&self) -> String {
        format!("{self}={}", self.in_place.word())
    }
}

impl InPlace {
    /// As it stands on a command line, or in an overlay.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::WebService => Rung::WebService.as_str().to_owned(),
            Self::ServiceTag(tag) => format!("{}:{tag}", Rung::ServiceTag.as_str()),
            Self::Any => Rung::Any.as_str().to_owned(),
        }
    }
}

impl fmt::Display for HostsChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&flow_text(&self.set, self.flow.as_ref()))
    }
}

/// A set, or one of its flows, as it stands on a command line.
#[must_use]
pub fn flow_text(set: &SetKey, flow: Option<&FlowId>) -> String {
    match flow {
        Some(flow) => format!("{set}.{flow}"),
        None => set.to_string(),
    }
}

/// Worldwide, unless clouds are named.
pub const DEFAULT_CLOUDS: &[Cloud] = &[Cloud::Worldwide];

/// The two traffics of servers, unless others are named.
pub const DEFAULT_TRAFFICS: &[Traffic] =
    &[Traffic::InboundHybridServer, Traffic::OutboundServerOnly];

impl Options {
    /// The arguments that say `choice` too, in place of what is chosen for the same names.
    #[must_use]
    pub fn hosts_with(&self, choice: &HostsChoice) -> String {
        let same = |other: &HostsChoice| (&other.set, &other.flow) == (&choice.set, &choice.flow);
        let kept = self.hosts.iter().filter(|other| !same(other));
        let mut words: Vec<String> = kept.map(HostsChoice::word).collect();
        words.push(choice.word());
        words.sort_unstable();
        let arguments: Vec<String> = words.iter().map(|word| format!("--hosts {word}")).collect();
        arguments.join(" ")
    }

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
            hosts: parser.hosts(words.hosts.as_deref()),
            aggregate: words.aggregate.unwrap_or(false),
            aws_rules_per_group: words.aws_rules_per_group,
            module_source: words.module_source.clone(),
            root: words.root.unwrap_or(false),
            prune_groups: false,
            overlaid: Decisions::default(),
        };
        if let Some(rules) = words.aws_rules_per_group {
            parser.rules_per_group(rules);
        }
        if let Some(source) = &words.module_source {
            parser.module_source(source, options.targets.len());
        }
        Errors::unless_none(parser.errors, options)
    }
}
