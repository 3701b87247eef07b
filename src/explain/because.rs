//! What the user decided that a row stands in a folder for.

use crate::catalogue::{Basis, Catalogue, Cloud, EndpointSet, Endpoints, Flow, Origin};
use crate::options::{DEFAULT_CLOUDS, DEFAULT_TRAFFICS, Options, Scope};
use crate::overlay::{Exception, Grant};

/// A row's flow, by which decisions are found.
#[derive(Clone, Copy)]
pub struct Decided<'a> {
    pub catalogue: &'a Catalogue,
    pub options: &'a Options,
    pub set: &'a EndpointSet,
    pub flow: &'a Flow,
    pub cloud: Cloud,
    /// Whether something stands in place of host names there.
    pub is_in_place: bool,
}

impl Decided<'_> {
    /// Every option, and everything in an overlay, without which the row would not be as it is.
    pub fn decisions(self) -> Vec<String> {
        let Self { options, set, .. } = self;
        let id = self.flow.id.as_ref();
        let mut decisions = Vec::new();
        if set.source.origin == Origin::Overlay {
            decisions.push(format!("the overlay `{}` adds the set", set.source.title));
        }
        if !DEFAULT_CLOUDS.contains(&self.cloud) {
            decisions.push(format!("`--cloud {}`", self.cloud));
        }
        if !DEFAULT_TRAFFICS.contains(&set.traffic) {
            decisions.push(format!("`--traffic {}`", set.traffic));
        }
        if set.retired.is_some() {
            let granted = |grant: &Grant| matches!(grant, Grant::IncludeRetired);
            let exception = options.overlaid.exception(&set.key, None, granted);
            let scope = &options.include_retired;
            decisions.extend(self.switched("--include-retired", scope, exception));
        }
        if self.is_inferred() {
            let granted = |grant: &Grant| matches!(grant, Grant::Infer);
            let exception = options.overlaid.exception(&set.key, id, granted);
            decisions.extend(self.switched("--infer", &options.infer, exception));
        }
        if let Some((choice, place)) = options.port_choice(&set.key, id) {
            decisions.push(match place {
                None => format!("`--port {}`", choice.word()),
                Some(place) => format!("the overlay `{}` gives the ports", place.overlay),
            });
        }
        if self.is_in_place {
            let choice = options.hosts_choice(&set.key, id);
            let exception = options.hosts_exception(&set.key, id);
            decisions.extend(match exception {
                Some((_, exception)) => Some(grant_text(exception)),
                None => choice.map(|choice| format!("`--hosts {}`", choice.word())),
            });
        }
        decisions.extend(self.overlaid_remotes());
        decisions
    }

    fn switched(self, flag: &str, scope: &Scope, exception: Option<&Exception>) -> Option<String> {
        match scope {
            Scope::All => Some(format!("`{flag}`")),
            Scope::Only(sets) if sets.contains(&self.set.key) => {
                Some(format!("`{flag} {}`", self.set.key))
            }
            Scope::Only(_) | Scope::None => exception.map(grant_text),
        }
    }

    fn is_inferred(self) -> bool {
        let chosen = self
            .options
            .port_choice(&self.set.key, self.flow.id.as_ref());
        let protocol = self.flow.protocol.as_ref();
        let protocol =
            protocol.filter(|_| chosen.is_none_or(|(choice, _)| choice.protocol.is_none()));
        let ports = self.flow.ports.as_ref().filter(|_| chosen.is_none());
        let service = [
            protocol.map(|fact| &fact.basis),
            ports.map(|fact| &fact.basis),
        ];
        let remotes = self.flow.remotes.iter();
        let remotes = remotes.filter(|remote| remote.clouds.value.contains(&self.cloud));
        let remotes = remotes.flat_map(|remote| [&remote.clouds.basis, &remote.endpoints.basis]);
        let mut bases = service.into_iter().flatten().chain(remotes);
        self.flow.direction.basis == Basis::Inferred || bases.any(|basis| *basis == Basis::Inferred)
    }

    /// Overlays that give the networks of a range or the values of a template.
    fn overlaid_remotes(self) -> Vec<String> {
        let overlaid = &self.options.overlaid;
        let mut decisions = Vec::new();
        for remote in &self.flow.remotes {
            match &remote.endpoints.value {
                Endpoints::Range(name) => {
                    let range = self.catalogue.range(name, self.cloud);
                    let own = range.filter(|range| range.source.origin == Origin::Overlay);
                    decisions.extend(own.map(|range| {
                        format!(
                            "the overlay `{}` gives the range `{name}`",
                            range.source.title
                        )
                    }));
                }
                Endpoints::Hosts(hosts) => {
                    let filled = overlaid.filled.iter();
                    let filled = filled.filter(|filled| {
                        filled.set == self.set.key
                            && filled.hosts.iter().all(|host| hosts.contains(host))
                    });
                    for template in filled.map(|filled| &filled.template) {
                        let values = overlaid.values.iter();
                        let mut values = values
                            .filter(|value| template.placeholder() == Some(&value.placeholder));
                        decisions.extend(values.next().map(|value| {
                            let overlay = &value.place.overlay;
                            format!("the overlay `{overlay}` fills in `{template}`")
                        }));
                    }
                }
                Endpoints::Networks(_) => {}
            }
        }
        decisions
    }
}

fn grant_text(exception: &Exception) -> String {
    format!(
        "the overlay `{}` grants `{}` until {}: {}",
        exception.place.overlay,
        exception.grant.word(),
        exception.expires,
        exception.reason
    )
}
