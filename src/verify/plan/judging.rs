//! The steps of a judgement: which modules are ours, what each opens, and what else is there.

mod instances;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::calls::{OurCall, calls};
use super::contradictions::unplanned;
use super::document::{Changed, Document, Module, Resource};
use super::instance::{Instance, Item};
use super::json::Json;
use super::others::{others, sort};
use super::outside::Outside;
use super::reading::CHANGED;
use super::recognise::{by_shape, place};
use super::{Judge, Judgement, address, obstacle, rows};
use crate::error::quoted;
use crate::verify::opening::{Firewall, Place};

/// Judges a document that is called `name`.
#[must_use]
pub fn judge(document: &Document<'_>, name: &str, by: &Judge<'_>) -> Judgement {
    let calls = document
        .configuration
        .as_ref()
        .map(|configuration| calls(configuration, document.variables.as_ref()));
    let is_plan = document.values.is_none();
    let mut judging = Judging {
        by,
        calls: calls.as_deref(),
        changes: changes(document),
        is_plan,
        seen: HashSet::new(),
        judgement: Judgement::default(),
        outside: Outside::default(),
        places: BTreeSet::new(),
    };
    judging.whole(document, name);
    let values = document
        .values
        .as_ref()
        .or(document.planned_values.as_ref());
    let mut modules = Vec::new();
    if let Some(root) = values.and_then(|values| values.root_module.as_ref()) {
        flatten(root, &mut modules);
    }
    judging.modules(&modules);
    judging.finish(document, name)
}

fn changes<'a>(document: &'a Document<'a>) -> HashMap<&'a str, &'a Changed<'a>> {
    let changes = document.resource_changes.iter().flatten();
    changes
        .filter(|changed| changed.deposed.is_none())
        .map(|changed| (&*changed.address, changed))
        .collect()
}

fn flatten<'a>(module: &'a Module<'a>, modules: &mut Vec<&'a Module<'a>>) {
    modules.push(module);
    for child in &module.child_modules {
        flatten(child, modules);
    }
}

struct Judging<'a> {
    by: &'a Judge<'a>,
    calls: Option<&'a [OurCall<'a>]>,
    changes: HashMap<&'a str, &'a Changed<'a>>,
    is_plan: bool,
    /// Addresses of all resources that there will be.
    seen: HashSet<&'a str>,
    judgement: Judgement,
    outside: Outside,
    places: BTreeSet<Place>,
}

impl<'a> Judging<'a> {
    /// What keeps a plan as a whole from saying what will be.
    fn whole(&mut self, document: &Document<'_>, name: &str) {
        let mut whys = Vec::new();
        if document.errored == Some(true) {
            whys.push((
                "the plan ended with an error",
                "mend the error, and plan again",
            ));
        }
        if document.complete == Some(false) && document.errored != Some(true) {
            whys.push((
                "the plan is not complete",
                "plan again without `-target`, or apply and plan again",
            ));
        }
        if document.values.is_some() && document.planned_values.is_some() {
            whys.push((
                "it is a plan and a state at once",
                "give one of them, as Terraform writes it",
            ));
        }
        if self.is_plan && document.planned_values.is_none() {
            whys.push((
                "it has no `planned_values`",
                "plan again, and show that plan",
            ));
        }
        if self.is_plan && document.resource_changes.is_none() {
            whys.push((
                "it has no `resource_changes`, as a plan of `-refresh-only`, and says nothing of what will be",
                "plan again without `-refresh-only`, or give the state",
            ));
        }
        if self.is_plan && document.configuration.is_none() {
            whys.push((
                "it has no `configuration`",
                "plan again, and show that plan",
            ));
        }
        for (why, mend) in whys {
            let obstacle = obstacle(name, None, why, mend);
            self.judgement.proof.obstacles.push(obstacle);
        }
        let mut addresses = HashSet::new();
        for changed in document.resource_changes.iter().flatten() {
            if changed.deposed.is_none() && !addresses.insert(&*changed.address) {
                self.note(&changed.address, "`resource_changes` has it twice");
            }
        }
    }

    fn note(&mut self, address: &str, why: &str) {
        let obstacle = obstacle(address, None, why, CHANGED);
        self.judgement.proof.obstacles.push(obstacle);
    }

    fn modules(&mut self, modules: &[&'a Module<'a>]) {
        let mut instances: BTreeMap<&str, Instance<'a>> = BTreeMap::new();
        let mut rest: Vec<&'a Module<'a>> = Vec::new();
        for module in modules {
            for resource in &module.resources {
                if !self.seen.insert(&resource.address) && resource.deposed_key.is_none() {
                    self.note(&resource.address, "it stands twice among the resources");
                }
            }
            let call = self.call_of(module);
            let shape = by_shape(&module.resources);
            let firewall = match (self.calls, call) {
                (_, Some(call)) => Some(call.firewall),
                (None, None) => shape,
                (Some(_), None) => {
                    if shape.is_some() {
                        self.note(
                            &module.address,
                            "it has resources like ours, and the configuration has no module of ours there",
                        );
                    }
                    None
                }
            };
            let Some(firewall) = firewall else {
                rest.push(module);
                continue;
            };
            let items = module.resources.iter().map(|resource| self.item(resource));
            let items: Vec<Item<'a>> = items.collect();
            let instance = instances
                .entry(&module.address)
                .or_insert_with(|| Instance {
                    address: module.address.clone(),
                    firewall,
                    call,
                    items: Vec::new(),
                    leaving: self.leaving(&module.address),
                });
            instance.items.extend(items);
        }
        for instance in instances.values() {
            self.instance(instance);
        }
        self.calls_of(&instances);
        let own = instances.values();
        let own = own.filter(|instance| instance.firewall == Firewall::AzureNsg);
        let own: Vec<Json> = own.flat_map(instances::rules).collect();
        for module in rest {
            for resource in &module.resources {
                let others = others(&self.item(resource), &own);
                self.judgement.others.extend(others);
            }
        }
    }

    fn item(&self, resource: &'a Resource<'a>) -> Item<'a> {
        Item {
            resource,
            changed: self.changes.get(&*resource.address).copied(),
        }
    }

    /// What won't be as it is in a module of ours.
    fn leaving(&self, module: &str) -> Vec<&'a Changed<'a>> {
        let changes = self.changes.values().copied();
        changes
            .filter(|changed| changed.module_address.as_deref() == Some(module))
            .filter(|changed| {
                let mut actions = changed.change.actions.iter();
                actions.any(|action| action == "delete" || action == "update")
            })
            .collect()
    }

    fn call_of(&self, module: &Module<'_>) -> Option<&'a OurCall<'a>> {
        let path = address::path(&module.address)?;
        self.calls?.iter().find(|call| call.path() == path)
    }

    /// Calls that have no resource, and what all calls say.
    fn calls_of(&mut self, instances: &BTreeMap<&str, Instance<'a>>) {
        for call in self.calls.unwrap_or_default() {
            let path = call.path();
            let mut own = instances
                .values()
                .filter(|instance| address::path(&instance.address).as_ref() == Some(&path));
            let mut place = own
                .next()
                .and_then(|instance| place(instance, self.by.wanted));
            if place.is_none() {
                let instance = Instance {
                    address: call.address(),
                    firewall: call.firewall,
                    call: Some(call),
                    items: Vec::new(),
                    leaving: Vec::new(),
                };
                place = super::recognise::place(&instance, self.by.wanted);
                if call.is_repeated() {
                    self.outside.remark(format!(
                        "`{}`: it has no resource here, and is called for each of something",
                        call.address()
                    ));
                } else {
                    self.instance(&instance);
                }
            }
            self.configured(call);
            match place.map(|place| rows::rows(call, place, self.by)) {
                Some(Ok(Some((findings, obstacles)))) => {
                    self.judgement.proof.findings.extend(findings);
                    self.judgement.proof.obstacles.extend(obstacles);
                }
                Some(Ok(None)) => {
                    self.outside.remark(format!(
                        "the rows that `{}` is given: they are no literals; what its resources open is compared all the same",
                        call.address()
                    ));
                }
                Some(Err(obstacle)) => self.judgement.proof.obstacles.push(obstacle),
                None => {}
            }
        }
    }

    fn finish(mut self, document: &Document<'_>, name: &str) -> Judgement {
        // What is changed and not planned, in a module of ours.
        for changed in document.resource_changes.iter().flatten() {
            let is_seen = changed.deposed.is_none() && self.seen.contains(&*changed.address);
            if !is_seen && self.is_of_ours(changed) {
                self.judgement.proof.obstacles.extend(unplanned(changed));
            }
        }
        if self.places.is_empty() && self.judgement.proof.obstacles.is_empty() {
            let obstacle = obstacle(
                name,
                None,
                "no module of ours is in it",
                "give a plan or state of a root module that calls the generated folder",
            );
            self.judgement.proof.obstacles.push(obstacle);
        }
        let absent: BTreeSet<Place> = self
            .by
            .wanted
            .iter()
            .map(|wanted| wanted.opening.way.place)
            .collect();
        // Of the targets that it has: what is made for others is applied elsewhere.
        let has_target =
            |place: &&Place| self.places.iter().any(|own| own.firewall == place.firewall);
        let absent: Vec<&Place> = absent.difference(&self.places).filter(has_target).collect();
        // Without a folder, nobody asked for all of them.
        if !absent.is_empty() && self.by.numbers.is_some() {
            self.outside
                .remark(format!("what isn't in it: {}", quoted(&absent)));
        }
        let Judgement { proof, others } = &mut self.judgement;
        proof.places = self.places.into_iter().collect();
        proof.findings.sort_unstable();
        proof.findings.dedup();
        proof.obstacles.sort_unstable();
        proof.obstacles.dedup();
        proof.outside = self.outside.into_texts();
        sort(others);
        self.judgement
    }

    fn is_of_ours(&self, changed: &Changed<'_>) -> bool {
        let module = changed.module_address.as_deref().unwrap_or_default();
        let Some(path) = address::path(module) else {
            return false;
        };
        self.calls
            .unwrap_or_default()
            .iter()
            .any(|call| call.path() == path)
    }
}
