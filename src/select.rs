//! Which endpoint sets a run is about, and why the others are left out.

use std::fmt;

use crate::catalogue::{Catalogue, Cloud, EndpointSet, Traffic};
use crate::error::{Error, Errors, Result, quoted};
use crate::options::Options;

/// Every set of the catalogue, with what becomes of it.
#[derive(Debug)]
pub struct Selection<'a> {
    pub sets: Vec<(&'a EndpointSet, Verdict)>,
}

/// What a run does with a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Taken up, in these of the wanted clouds.
    Selected(Vec<Cloud>),
    NotSelected(Unwanted),
}

/// Why a set is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwanted {
    TrustedSites,
    /// The traffics that would take it up: those of the run, and its own.
    Traffic(Vec<Traffic>),
    Excluded,
    /// An overlay excludes it: the overlay's title, and the reason.
    Overlaid(String, String),
    NotNamed,
    /// None of the wanted clouds is among those that the set is for.
    Cloud(Vec<Cloud>),
}

impl fmt::Display for Unwanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrustedSites => f.write_str("a browser setting, with no packets to allow"),
            Self::Traffic(traffics) => {
                let arguments: Vec<String> = traffics
                    .iter()
                    .map(|traffic| format!("--traffic {traffic}"))
                    .collect();
                write!(f, "other traffic; `{}` takes it up", arguments.join(" "))
            }
            Self::Excluded => f.write_str("excluded with `--exclude-set`"),
            Self::Overlaid(title, reason) => {
                write!(f, "left out by the overlay `{title}`: {reason}")
            }
            Self::NotNamed => f.write_str("not named with `--set`"),
            Self::Cloud(clouds) => write!(f, "for other clouds only: {}", quoted(clouds)),
        }
    }
}

/// Decides for each set of `catalogue` what `options` make of it, whether that makes sense or not.
#[must_use]
pub fn select_all<'a>(catalogue: &'a Catalogue, options: &Options) -> Selection<'a> {
    let sets = catalogue.sets.iter();
    Selection {
        sets: sets.map(|set| (set, verdict(set, options))).collect(),
    }
}

/// Decides for each set of `catalogue` whether `options` want it.
///
/// # Errors
/// When a set that `--set` names would be left out all the same.
pub fn select<'a>(catalogue: &'a Catalogue, options: &Options) -> Result<Selection<'a>> {
    let selection = select_all(catalogue, options);
    let contradictions = selection
        .sets
        .iter()
        .filter(|(set, _)| options.sets.contains(&set.key))
        .filter_map(|(set, verdict)| {
            let why = match verdict {
                Verdict::Selected(_) | Verdict::NotSelected(Unwanted::NotNamed) => return None,
                Verdict::NotSelected(Unwanted::TrustedSites) => {
                    "it is a browser setting, with no packets to allow".to_owned()
                }
                Verdict::NotSelected(Unwanted::Traffic(_)) => {
                    format!("its traffic is `{0}`; add `--traffic {0}`", set.traffic)
                }
                Verdict::NotSelected(Unwanted::Excluded) => {
                    "`--exclude-set` names it too; drop one of the two".to_owned()
                }
                Verdict::NotSelected(Unwanted::Overlaid(title, _)) => {
                    format!("the overlay `{title}` leaves it out; drop one of the two")
                }
                Verdict::NotSelected(Unwanted::Cloud(clouds)) => {
                    format!(
                        "it is for {} only; add `--cloud {}`",
                        quoted(clouds),
                        clouds[0]
                    )
                }
            };
            Some(Error::InvalidValue {
                option: "--set",
                value: set.key.to_string(),
                why,
            })
        })
        .collect();
    Errors::unless_none(contradictions, selection)
}

fn verdict(set: &EndpointSet, options: &Options) -> Verdict {
    let clouds = clouds(set);
    let wanted: Vec<Cloud> = options
        .clouds
        .iter()
        .copied()
        .filter(|cloud| clouds.contains(cloud))
        .collect();
    if let Some(exclusion) = options.overlaid.exclusion(&set.key) {
        let title = exclusion.place.overlay.clone();
        Verdict::NotSelected(Unwanted::Overlaid(title, exclusion.reason.clone()))
    } else if !options.sets.is_empty() && !options.sets.contains(&set.key) {
        Verdict::NotSelected(Unwanted::NotNamed)
    } else if options.exclude_sets.contains(&set.key) {
        Verdict::NotSelected(Unwanted::Excluded)
    } else if set.traffic == Traffic::TrustedSites {
        Verdict::NotSelected(Unwanted::TrustedSites)
    } else if !options.traffics.contains(&set.traffic) {
        // An option given again replaces what was given before.
        let mut traffics = options.traffics.clone();
        traffics.push(set.traffic);
        traffics.sort_unstable();
        Verdict::NotSelected(Unwanted::Traffic(traffics))
    } else if wanted.is_empty() {
        Verdict::NotSelected(Unwanted::Cloud(clouds))
    } else {
        Verdict::Selected(wanted)
    }
}

/// The clouds that any fact of `set` is for, in their usual order.
#[must_use]
pub fn clouds(set: &EndpointSet) -> Vec<Cloud> {
    let flows = set.flows.iter().flat_map(|flow| &flow.remotes);
    let named = flows
        .flat_map(|remote| &remote.clouds.value)
        .chain(set.sites.iter().flat_map(|sites| &sites.clouds.value));
    let mut clouds: Vec<Cloud> = named.copied().collect();
    clouds.sort_unstable();
    clouds.dedup();
    clouds
}
