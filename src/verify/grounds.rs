//! What a proof stands on, for a reader.

use std::collections::BTreeSet;

use serde::Serialize;

use super::opening::Wanted;
use crate::asked::Asked;
use crate::catalogue::{EndpointSet, NamedRange};

/// What makes things wanted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Grounds {
    /// Title and edition of each document.
    pub facts: Vec<String>,
    /// As arguments of `generate`; empty: the defaults.
    pub options: Vec<String>,
    /// What overlays let in for a time.
    pub exceptions: Vec<String>,
}

impl Grounds {
    /// The documents that the sets of `wanted` and their ranges come from, and the options.
    #[must_use]
    pub fn of(asked: &Asked, wanted: &[Wanted]) -> Self {
        let keys: BTreeSet<_> = wanted
            .iter()
            .map(|wanted| &wanted.opening.way.set)
            .collect();
        let is_wanted = |set: &&EndpointSet| keys.contains(&set.key);
        let sets: Vec<&EndpointSet> = asked.catalogue.sets.iter().filter(is_wanted).collect();
        let is_used = |range: &&NamedRange| sets.iter().any(|set| set.uses(&range.name));
        let ranges = asked.catalogue.ranges.iter().filter(is_used);
        let mut facts: Vec<String> = Vec::new();
        let sources = sets.iter().map(|set| &set.source);
        for source in sources.chain(ranges.map(|range| &range.source)) {
            let text = match source.edition.as_str() {
                "" => source.title.clone(),
                edition => format!("{}, {edition}", source.title),
            };
            if !facts.contains(&text) {
                facts.push(text);
            }
        }
        let exceptions = asked.options.overlaid.exceptions.iter().map(|exception| {
            format!(
                "`{}` for `{}` until {}, by the overlay `{}`: {}",
                exception.grant.word(),
                exception.subject(),
                exception.expires,
                exception.place.overlay,
                exception.reason
            )
        });
        Self {
            facts,
            options: asked.words.arguments(),
            exceptions: exceptions.collect(),
        }
    }
}
