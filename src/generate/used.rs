//! The facts that a folder keeps.

use crate::catalogue::{Catalogue, EndpointSet, Origin};
use crate::options::Options;
use crate::render::header;
use crate::select::{Selection, Verdict};
use crate::source::facts::{self, Facts};
use crate::source::gather::Files;

/// The facts that the folder depends on, and those that came from files and are nowhere else.
pub fn facts(
    embedded: &Catalogue,
    catalogue: &Catalogue,
    files: Files,
    selection: &Selection<'_>,
    options: &Options,
) -> Facts {
    let selected: Vec<&EndpointSet> = selection
        .sets
        .iter()
        .filter(|(_, verdict)| matches!(verdict, Verdict::Selected(_)))
        .map(|(set, _)| *set)
        .collect();
    let ranges = catalogue.ranges.iter().filter(|range| {
        let used = options.clouds.contains(&range.cloud)
            && selected.iter().any(|set| set.uses(&range.name));
        used || range.source.origin == Origin::Renewal
    });
    let published = catalogue.published.iter();
    let used = facts::Used {
        ranges: ranges.collect(),
        published: published
            .filter(|host| host.source.origin == Origin::Renewal)
            .collect(),
        // As they are stated, whatever an overlay filled in.
        sets: selected
            .into_iter()
            .filter(|set| set.source.origin == Origin::Embedded)
            .map(|set| {
                let mut stated = embedded.sets.iter();
                stated.find(|stated| stated.key == set.key).unwrap_or(set)
            })
            .collect(),
    };
    facts::of(
        catalogue,
        &used,
        files.catalogues.files,
        files.overlays,
        header::HEADER,
    )
}
