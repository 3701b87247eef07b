//! Overlays, one after the other, on top of a catalogue.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::{OverlayFile, SCHEMA};
use super::{Decisions, Place, Value, fill, names};
use crate::catalogue::check;
use crate::catalogue::{Catalogue, Origin, Role, Source};
use crate::error::{Error, Errors, Result};

/// Applies `files` in their order to `catalogue`: the catalogue with their sets, values and ranges in
/// it, and what they decide of others.
///
/// # Errors
/// Everything in them that must not pass, names nothing, or contradicts something else in them.
pub fn apply(catalogue: Catalogue, files: &[OverlayFile]) -> Result<(Catalogue, Decisions)> {
    let mut applier = Applier {
        catalogue,
        decisions: Decisions::default(),
        broken: BTreeSet::new(),
        errors: Vec::new(),
    };
    // Each step is for all files: a decision may be about what a later overlay adds.
    for file in files {
        applier.add(file);
    }
    for file in files {
        applier.values(file);
    }
    applier.fill();
    for file in files {
        applier.decide(file);
    }
    applier.contradictions();
    applier.name_ranges();
    let Applier {
        catalogue,
        decisions,
        errors,
        ..
    } = applier;
    Errors::unless_none(errors, (catalogue, decisions))
}

/// The overlays so far, and all that is wrong with them.
pub(super) struct Applier {
    pub(super) catalogue: Catalogue,
    pub(super) decisions: Decisions,
    /// The keys of sets that could not be added: what else is said of them can't be judged.
    pub(super) broken: BTreeSet<String>,
    pub(super) errors: Vec<Error>,
}

/// A place in an overlay.
pub(super) fn place(file: &OverlayFile, way: impl Into<String>) -> Place {
    Place {
        overlay: file.document.title.trim().to_owned(),
        digest: file.digest.clone(),
        document: file.name.clone(),
        way: way.into(),
    }
}

/// The source of what an overlay states itself.
pub(super) fn source(place: &Place) -> Arc<Source> {
    Arc::new(Source {
        title: place.overlay.clone(),
        language: String::new(),
        edition: String::new(),
        url: String::new(),
        origin: Origin::Overlay,
        digest: place.digest.clone(),
    })
}

impl Applier {
    pub(super) fn refuse(&mut self, place: &Place, why: impl Into<String>) {
        self.errors.push(place.refuse(why.into()));
    }

    /// Takes what was parsed, or says at `place` why it can't be.
    pub(super) fn accept<T>(
        &mut self,
        place: &Place,
        parsed: std::result::Result<T, String>,
    ) -> Option<T> {
        parsed.map_err(|why| self.refuse(place, why)).ok()
    }

    /// One thing is decided once, whatever is decided.
    pub(super) fn is_new(&mut self, place: &Place, what: &str, other: Option<&Place>) -> bool {
        if let Some(other) = other {
            let why = format!(
                "{what} stands in `{}` (`{}`) too; keep one of the two",
                other.document, other.way
            );
            self.refuse(place, why);
        }
        other.is_none()
    }

    /// Adds roles and sets.
    fn add(&mut self, file: &OverlayFile) {
        let document = &file.document;
        if document.schema != SCHEMA {
            self.refuse(
                &place(file, "schema"),
                format!(
                    "`{}` is not the version that this program reads, `{SCHEMA}`",
                    document.schema
                ),
            );
        }
        self.accept(&place(file, "title"), names::prose(&document.title));
        self.decisions
            .overlays
            .push((document.title.trim().to_owned(), file.digest.clone()));
        for (name, meaning) in &document.roles {
            let place = place(file, format!("roles.{name}"));
            let role = self.accept(&place, Role::parse(name));
            let meaning = self.accept(&place, check::title(meaning));
            let (Some(role), Some(meaning)) = (role, meaning) else {
                continue;
            };
            match self.catalogue.roles.get(&role) {
                Some(known) if *known != meaning => {
                    let why = format!("the role is there already, for: {known}");
                    self.refuse(&place, why);
                }
                _ => {
                    self.catalogue.roles.insert(role, meaning);
                }
            }
        }
        self.add_sets(file);
    }

    fn values(&mut self, file: &OverlayFile) {
        let known: Vec<String> = fill::placeholders(&self.catalogue).into_iter().collect();
        for (name, texts) in &file.document.values {
            let place = place(file, format!("values.{name}"));
            if !known.contains(name) {
                if self.broken.is_empty() {
                    let why = names::unknown("no host name has the placeholder", name, &known);
                    self.refuse(&place, why);
                }
                continue;
            }
            let before = self.errors.len();
            for text in texts {
                self.accept(&place, fill::check(text));
            }
            let mut values = texts.clone();
            values.sort_unstable();
            values.dedup();
            if values.is_empty() {
                self.refuse(&place, "an empty list says nothing; leave the field out");
            } else if values.len() < texts.len() {
                self.refuse(&place, "a value stands twice");
            }
            let mut others = self.decisions.values.iter();
            let other = others.find(|other| other.placeholder == *name);
            let other = other.map(|other| other.place.clone());
            let is_new = self.is_new(&place, "this placeholder", other.as_ref());
            if is_new && self.errors.len() == before {
                self.decisions.values.push(Value {
                    placeholder: name.clone(),
                    values,
                    place,
                });
            }
        }
    }

    fn fill(&mut self) {
        match fill::fill(&mut self.catalogue, &self.decisions.values) {
            Ok(filled) => self.decisions.filled = filled,
            Err(whys) => {
                for (placeholder, why) in whys {
                    let values = self.decisions.values.iter();
                    let mut own = values.filter(|value| value.placeholder == placeholder);
                    self.errors
                        .extend(own.next().map(|value| value.place.refuse(why)));
                }
            }
        }
    }

    fn name_ranges(&mut self) {
        let ranges = self.decisions.ranges.iter();
        self.catalogue
            .ranges
            .extend(ranges.map(|(range, _)| range.clone()));
    }
}
