//! What a mutation is, how one is made, and what must be said of it.

use serde_json::Value;

use super::base::{Base, Report, Said};
use super::dice::Dice;
use super::facet::{Facet, networks};
use super::network_lists;
use super::oracle;
use super::resource::Resource;

/// A kind of mutation.
pub struct Kind {
    pub name: &'static str,
    pub make: Make,
}

/// How mutations of a kind are made; `None`: there is nothing to change so.
#[derive(Clone, Copy)]
pub enum Make {
    /// Changes Microsoft's networks of a resource. The oracle tells what that means, as of all changes of attributes.
    Networks(network_lists::Change),
    /// Changes a part of a resource that the function names.
    Part(
        fn(&Resource) -> Vec<Facet>,
        fn(&mut Dice, &mut Vec<String>) -> Option<()>,
    ),
    /// Changes the attributes of a resource.
    Values(fn(&mut Dice, &Resource, &mut Value) -> Option<()>),
    /// Changes the networks of a row of the configuration.
    RowNetworks(network_lists::Change),
    /// Changes a row of the configuration; the oracle tells what that means, too.
    Row(fn(&mut Dice, &mut Value) -> Option<()>),
    /// Changes whatever it likes.
    Document(Meaning, fn(&mut Dice, &Base) -> Option<Mutant>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// What will be is the same.
    Same,
    /// What will be is something else.
    Other,
    /// The document contradicts itself.
    Untold,
}

/// A document in another form.
pub struct Mutant {
    pub text: String,
    pub spots: Vec<Spot>,
    /// What was done, for a reader of failures.
    pub what: String,
}

/// A place of which a verdict must say something.
#[derive(Debug, Clone)]
pub struct Spot {
    /// A resource's, or a module's.
    pub address: String,
    /// What is missing is missing in a module; the role that it is missing for.
    pub missing: Option<(String, Option<String>)>,
}

impl Spot {
    pub fn of(resource: &Resource) -> Self {
        Self {
            address: resource.address.clone(),
            missing: Some((resource.module.clone(), resource.role().map(str::to_owned))),
        }
    }

    pub fn at(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            missing: None,
        }
    }

    pub fn is_told(&self, said: &Said) -> bool {
        // What a row lacks is told where the rest of it stands, and of groups there what is in them.
        let is_missing = |report: &Report| {
            self.missing.as_ref().is_some_and(|(module, role)| {
                (report.site == *module && role.is_none())
                    || (report.site.starts_with(module) && role.is_some() && report.role == *role)
                    || report.what.contains("that of another rule here")
            })
        };
        said.reports.iter().any(|report| {
            report.site == self.address || report.what.contains(&self.address) || is_missing(report)
        })
    }
}

impl Mutant {
    pub fn new(document: &Value, spots: Vec<Spot>, what: impl Into<String>) -> Self {
        Self {
            text: document.to_string(),
            spots,
            what: what.into(),
        }
    }
}

/// In which of the places that have a resource its attributes are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Everywhere,
    Planned,
    Changed,
}

impl Scope {
    fn of(dice: &mut Dice, base: &Base) -> Self {
        match dice.below(6) {
            0 if !base.is_state => Self::Planned,
            1 if !base.is_state => Self::Changed,
            _ => Self::Everywhere,
        }
    }
}

/// A mutation of `kind`, and what it means.
pub fn mutant(dice: &mut Dice, base: &Base, kind: &Kind) -> Option<(Mutant, Meaning)> {
    match kind.make {
        Make::Networks(change) => attributes(dice, base, |dice, resource, values| {
            let facets = networks(resource);
            let facet = dice.pick(&facets)?;
            let mut list = facet.get(values)?;
            let is_ipv4 = !list[0].contains(':');
            change(dice, &mut list, is_ipv4)?;
            facet.set(values, &list)
        }),
        Make::Part(part, change) => attributes(dice, base, |dice, resource, values| {
            let facets = part(resource);
            let facets: Vec<&Facet> = facets
                .iter()
                .filter(|facet| facet.get(values).is_some())
                .collect();
            let facet = dice.pick(&facets)?;
            let mut list = facet.get(values)?;
            change(dice, &mut list)?;
            facet.set(values, &list)
        }),
        Make::Values(change) => attributes(dice, base, change),
        Make::RowNetworks(change) => row(dice, base, |dice, row| {
            let facet = Facet::list("/networks");
            let mut list = facet.get(row)?;
            let is_ipv4 = row["kind"] == "ipv4";
            change(dice, &mut list, is_ipv4)?;
            facet.set(row, &list)
        }),
        Make::Row(change) => row(dice, base, change),
        Make::Document(meaning, change) => Some((change(dice, base)?, meaning)),
    }
}

/// Changes the attributes of the first resource, by chance, that has something to change.
fn attributes(
    dice: &mut Dice,
    base: &Base,
    change: impl Fn(&mut Dice, &Resource, &mut Value) -> Option<()>,
) -> Option<(Mutant, Meaning)> {
    let mut all: Vec<&Resource> = base
        .resources
        .iter()
        .filter(|resource| resource.opens() && !base.is_the_users(resource))
        .collect();
    dice.shuffle(&mut all);
    all.into_iter().find_map(|resource| {
        let mut values = resource.values.clone();
        change(dice, resource, &mut values)?;
        if values == resource.values {
            return None;
        }
        let scope = Scope::of(dice, base);
        let meaning = match scope {
            Scope::Everywhere if oracle::same(resource, &values) => Meaning::Same,
            Scope::Everywhere => Meaning::Other,
            _ => Meaning::Untold,
        };
        let what = format!(
            "{scope:?}: {}\n- {}\n+ {values}",
            resource.address, resource.values
        );
        let mut document = base.document.clone();
        if scope != Scope::Changed {
            document.pointer_mut(&resource.pointer)?["values"] = values.clone();
        }
        if let Some(changed) = &resource.changed
            && scope != Scope::Planned
        {
            document.pointer_mut(changed)?["change"]["after"] = values;
        }
        Some((
            Mutant::new(&document, vec![Spot::of(resource)], what),
            meaning,
        ))
    })
}

/// Changes a row of a module's in the configuration.
fn row(
    dice: &mut Dice,
    base: &Base,
    change: impl Fn(&mut Dice, &mut Value) -> Option<()>,
) -> Option<(Mutant, Meaning)> {
    let mut all = super::configuration::rows(base);
    dice.shuffle(&mut all);
    all.into_iter().take(40).find_map(|(module, pointer)| {
        let before = base.document.pointer(&pointer)?;
        let mut after = before.clone();
        change(dice, &mut after)?;
        if after == *before {
            return None;
        }
        let meaning = if oracle::same_row(before, &after) {
            Meaning::Same
        } else {
            Meaning::Other
        };
        let what = format!("{pointer}\n- {before}\n+ {after}");
        let mut document = base.document.clone();
        *document.pointer_mut(&pointer)? = after;
        Some((
            Mutant::new(&document, vec![Spot::at(module)], what),
            meaning,
        ))
    })
}
