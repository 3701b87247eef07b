//! Whether the options open what is met, and what would.

use super::answer::State;
use super::concern::FlowService;
use super::met::Met;
use super::question::Subject;
use crate::catalogue::ports::joined;
use crate::catalogue::{Basis, EndpointSet, Flow, HostPattern, Kind, PortRange, Protocol, Remote};
use crate::error::quoted;
use crate::gap::Reason;
use crate::options::{NONE, Options, PortChoice, Scope, Words, flow_text};
use crate::recipient::divide;
use crate::resolve::remote_text;
use crate::select::Unwanted;
use crate::target::Target;

/// What is met of a set, under some options.
pub struct Matter<'a> {
    pub asked: &'a Subject,
    /// `None`: any.
    pub port: Option<PortRange>,
    pub set: &'a EndpointSet,
    /// `None`: a browser setting.
    pub service: Option<(&'a Flow, &'a Remote, &'a FlowService)>,
    pub met: &'a Met<'a>,
    pub options: &'a Options,
    /// Whether a folder remembers the options.
    pub is_folder: bool,
}

/// Why something is closed, and what opens it.
#[derive(Default)]
struct Closed {
    whys: Vec<String>,
    words: Words,
    remedies: Vec<String>,
}

impl Matter<'_> {
    pub fn state(&self) -> State {
        let mut closed = Closed::default();
        let Some((flow, remote, service)) = self.service else {
            closed.whys.push(Unwanted::TrustedSites.to_string());
            self.templates(&mut closed);
            return State {
                closed: closed.whys,
                ..State::default()
            };
        };
        self.selection(&mut closed);
        self.facts(&mut closed, flow, remote, service);
        self.templates(&mut closed);
        let parts = |target: &Target| self.parts(target, flow, service);
        let targets = |is_meant: fn(usize, usize) -> bool| -> Vec<&'static str> {
            let targets = self.options.targets.iter();
            let meant = targets.filter(|target| {
                let parts = parts(target);
                is_meant(parts.iter().filter(|said| **said).count(), parts.len())
            });
            meant.map(|target| target.name).collect()
        };
        let able = targets(|said, all| said == all);
        let in_part = targets(|said, all| 0 < said && said < all);
        let Self { set, options, .. } = self;
        let by_address = self.by_address();
        let choice = options.hosts_choice(&set.key, flow.id.as_ref());
        let is_in_place = !by_address.is_empty() && choice.is_some();
        let is_said = !able.is_empty() || !in_part.is_empty() || is_in_place;
        if !is_said && !options.targets.is_empty() {
            let why = "none of the targets can say it";
            closed.whys.push(why.to_owned());
            if by_address.is_empty() {
                let remedy = "a proxy or a firewall of another kind can";
                closed.remedies.push(remedy.to_owned());
            }
        }
        let asked = &options.clouds;
        let clouds = self.met.clouds.iter().copied();
        let arguments = closed.words.arguments();
        State {
            open: closed.whys.is_empty(),
            closed: closed.whys,
            opened_with: (!arguments.is_empty()).then(|| arguments.join(" ")),
            remedy: (!closed.remedies.is_empty()).then(|| closed.remedies.join("; ")),
            unasked_clouds: clouds.filter(|cloud| !asked.contains(cloud)).collect(),
            targets: able,
            targets_in_part: in_part,
            other_targets: targets(|said, _| said == 0),
            by_address,
            in_place: choice.map(|choice| choice.in_place.word()),
        }
    }

    /// The targets that take no names.
    fn by_address(&self) -> Vec<&'static str> {
        let targets = self.options.targets.iter();
        let own = targets
            .filter(|target| self.met.kind == Kind::Fqdn && target.expresses.is_address_only());
        own.map(|target| target.name).collect()
    }

    /// What keeps the whole set out.
    fn selection(&self, closed: &mut Closed) {
        let Self { set, options, .. } = self;
        let key = set.key.to_string();
        if let Some(exclusion) = options.overlaid.exclusion(&set.key) {
            let title = exclusion.place.overlay.clone();
            let why = Unwanted::Overlaid(title, exclusion.reason.clone());
            closed.whys.push(why.to_string());
            closed
                .remedies
                .push("take the exclusion out of the overlay".to_owned());
        }
        if !options.sets.is_empty() && !options.sets.contains(&set.key) {
            closed.whys.push(Unwanted::NotNamed.to_string());
            let sets = options.sets.iter().map(ToString::to_string);
            closed.words.set = Some(sets.chain([key.clone()]).collect());
        }
        if options.exclude_sets.contains(&set.key) {
            closed.whys.push(Unwanted::Excluded.to_string());
            let rest = options
                .exclude_sets
                .iter()
                .filter(|other| **other != set.key);
            let rest: Vec<String> = rest.map(ToString::to_string).collect();
            let none = || vec![NONE.to_owned()];
            closed.words.exclude_set = Some(if rest.is_empty() { none() } else { rest });
        }
        if !options.traffics.contains(&set.traffic) {
            let traffic = set.traffic;
            closed.whys.push(if self.is_folder {
                format!("the folder has no `{traffic}` traffic")
            } else {
                format!("`{traffic}` traffic is left out, unless asked for")
            });
            let traffics = options.traffics.iter().chain([&set.traffic]);
            closed.words.traffic = Some(traffics.map(ToString::to_string).collect());
        }
        if !self
            .met
            .clouds
            .iter()
            .any(|cloud| options.clouds.contains(cloud))
        {
            let asked = quoted(&options.clouds);
            closed.whys.push(if self.is_folder {
                format!("the folder is for {asked}")
            } else {
                format!("a run is for {asked}, unless told otherwise")
            });
            let asked = options.clouds.iter().filter(|_| self.is_folder);
            let clouds = asked.chain(&self.met.clouds);
            closed.words.cloud = Some(clouds.map(ToString::to_string).collect());
        }
        if let Some(retired) = &set.retired
            && !options.includes_retired(&set.key)
        {
            closed
                .whys
                .push(Reason::Retired(retired.clone()).to_string());
            closed.words.include_retired = Some(with(&options.include_retired, key));
        }
    }

    /// What is said nowhere.
    fn facts(&self, closed: &mut Closed, flow: &Flow, remote: &Remote, service: &FlowService) {
        let Self { set, options, .. } = self;
        let (Some(protocol), Some(ports)) = (&service.protocol, &service.ports) else {
            closed.whys.push(Reason::Unstated("port").to_string());
            let port = format!("{}=tcp/PORT", flow_text(&set.key, flow.id.as_ref()));
            let known = options.ports.iter().map(PortChoice::word);
            closed.words.port = Some(known.chain([port]).collect());
            return;
        };
        let facts = [
            (&remote.clouds.basis, "clouds".to_owned()),
            (
                &flow.direction.basis,
                format!("direction {}", flow.direction.value),
            ),
            (&protocol.basis, format!("protocol {}", protocol.value)),
            (&ports.basis, format!("port {}", joined(&ports.value, ", "))),
            (
                &remote.endpoints.basis,
                format!("remote {}", remote_text(&remote.endpoints.value)),
            ),
        ];
        let inferred = facts
            .into_iter()
            .filter(|(basis, _)| **basis == Basis::Inferred);
        let inferred: Vec<String> = inferred.map(|(_, text)| text).collect();
        if !inferred.is_empty() && !options.infers(&set.key, flow.id.as_ref()) {
            closed.whys.push(Reason::Inferred(inferred).to_string());
            closed.words.infer = Some(with(&options.infer, set.key.to_string()));
        }
    }

    /// Names that only the customer can complete.
    fn templates(&self, closed: &mut Closed) {
        let hosts = self.met.hosts.iter();
        let names: Option<Vec<&str>> = hosts.map(|host| host.placeholder()).collect();
        let Some(name) = names.and_then(|names| names.first().copied()) else {
            return;
        };
        let why = Reason::Template(name.to_owned());
        closed.whys.push(why.to_string());
        let values = self.met.hosts.iter();
        let values: Vec<String> = values.filter_map(|host| self.value(host)).collect();
        let values = if values.is_empty() {
            "…".to_owned()
        } else {
            values.join(", ")
        };
        let remedy = format!("`\"values\": {{\"{name}\": [{values}]}}` in an overlay fills it in");
        closed.remedies.push(remedy);
    }

    /// What the placeholder of `template` would have to stand for, as JSON.
    fn value(&self, template: &HostPattern) -> Option<String> {
        let Subject::Host(asked) = self.asked else {
            return None;
        };
        let (before, rest) = template.as_str().split_once('<')?;
        let (_, after) = rest.split_once('>')?;
        let value = asked.as_str().strip_prefix(before)?.strip_suffix(after)?;
        (!value.contains(['*', '<'])).then(|| format!("\"{value}\""))
    }

    /// Whether rules of `target` can say each part of what is met: each share of names and ports.
    fn parts(&self, target: &Target, flow: &Flow, service: &FlowService) -> Vec<bool> {
        let expresses = &target.expresses;
        if self.met.kind != Kind::Fqdn {
            return vec![expresses.networks.contains(&self.met.kind)];
        }
        let hosts: Vec<HostPattern> = self.met.hosts.iter().copied().cloned().collect();
        // Nobody states a port: what could be asked of the user is taken as TCP 443.
        let protocol = service.protocol.as_ref();
        let protocol = protocol.map_or(Protocol::Tcp, |fact| fact.value);
        let unstated = [PortRange::HTTPS];
        let ports = service.ports.as_ref();
        let ports = ports.map_or(&unstated[..], |fact| &fact.value);
        let asked = |port: &&PortRange| self.port.is_none_or(|asked| asked.overlaps(**port));
        let own: Vec<PortRange> = ports.iter().filter(asked).copied().collect();
        let ports = if own.is_empty() { ports } else { &own };
        let direction = flow.direction.value;
        let shares = divide(expresses.hosts, direction, protocol, ports, &hosts);
        shares.iter().map(|share| share.verdict.is_ok()).collect()
    }
}

/// The words that switch something on for `set`, too.
fn with(scope: &Scope, set: String) -> Vec<String> {
    let sets = match scope {
        Scope::Only(sets) => sets.iter().map(ToString::to_string).collect(),
        Scope::None | Scope::All => Vec::new(),
    };
    sets.into_iter().chain([set]).collect()
}
