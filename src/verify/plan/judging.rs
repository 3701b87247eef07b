//! The steps of a judgement: which modules are ours, what each opens, and what else is there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::assess::assess;
use super::calls::{OurCall, calls, own_resources};
use super::contradictions::{contradiction, leftover, stranger, unplanned};
use super::document::{Changed, Document, Index, Module, Resource};
use super::instance::{Instance, Item};
use super::others::{others, sort};
use super::reading::CHANGED;
use super::recognise::{by_shape, place};
use super::values::Attributes;
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
        outside: BTreeSet::new(),
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
    outside: BTreeSet<String>,
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
        if document.complete == Some(false) {
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
                });
            instance.items.extend(items);
        }
        for instance in instances.values() {
            self.instance(instance);
        }
        self.calls_of(&instances);
        for module in rest {
            for resource in &module.resources {
                let others = others(&self.item(resource), &[]);
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
                };
                place = super::recognise::place(&instance, self.by.wanted);
                if call.is_repeated() {
                    self.outside.insert(format!(
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
                    self.outside.insert(format!(
                        "the rows that `{}` is given: they are no literals; what its resources open is compared all the same",
                        call.address()
                    ));
                }
                Some(Err(obstacle)) => self.judgement.proof.obstacles.push(obstacle),
                None => {}
            }
        }
    }

    /// What is in the module beside what belongs there.
    fn configured(&mut self, call: &OurCall<'_>) {
        let own = own_resources(call.firewall);
        for resource in &call.module.resources {
            let is_own = resource.mode == "managed"
                && own.contains(&(resource.r#type.as_str(), resource.name.as_str()));
            let name = format!("{}.{}", resource.r#type, resource.name);
            if !is_own {
                self.note(
                    &call.address(),
                    &format!("the module has `{}`, and ours has not", name.escape_debug()),
                );
            } else if resource.provisioners.is_some() {
                self.note(
                    &call.address(),
                    &format!(
                        "`{}` has a provisioner, which may do anything",
                        name.escape_debug()
                    ),
                );
            }
        }
        for name in call.module.module_calls.0.keys() {
            self.note(
                &call.address(),
                &format!("the module calls another one, `{}`", name.escape_debug()),
            );
        }
    }

    fn instance(&mut self, instance: &Instance<'a>) {
        self.judgement.proof.rows += instance.items.len();
        for item in &instance.items {
            self.check(instance, item);
        }
        let Some(place) = place(instance, self.by.wanted) else {
            self.note(
                &instance.address,
                "it can't be told of which cloud and traffic it is",
            );
            return;
        };
        self.places.insert(place);
        let assessment = assess(instance, place, self.by);
        self.judgement.proof.findings.extend(assessment.findings);
        self.judgement.proof.obstacles.extend(assessment.obstacles);
        self.outside.extend(assessment.outside);
        if instance.firewall == Firewall::AzureNsg {
            let (r#type, name) = own_resources(Firewall::AzureNsg)[1];
            let own: Vec<String> = names(instance);
            for item in instance.of(r#type, name) {
                self.judgement.others.extend(others(&item, &own));
            }
        }
    }

    /// What must hold of each resource of ours.
    fn check(&mut self, instance: &Instance<'_>, item: &Item<'_>) {
        let resource = item.resource;
        let own = own_resources(instance.firewall);
        if !own.iter().any(|(r#type, name)| item.is(r#type, name)) {
            let obstacle = stranger(resource);
            return self.judgement.proof.obstacles.push(obstacle);
        }
        if let Some(expected) = expected_address(&instance.address, resource)
            && expected != *resource.address
        {
            self.note(
                &resource.address,
                "its address is not that of its module, type, name and key",
            );
        }
        let provider = match instance.firewall {
            Firewall::AzureNsg | Firewall::AzureFirewall => "/azurerm",
            Firewall::AwsSecurityGroup | Firewall::AwsNetworkFirewall => "/aws",
            Firewall::Generic => "/terraform",
        };
        if let Some(name) = &resource.provider_name
            && !name.ends_with(provider)
        {
            self.note(
                &resource.address,
                &format!("its provider is `{}`", name.escape_debug()),
            );
        }
        let obstacles = &mut self.judgement.proof.obstacles;
        obstacles.extend(leftover(resource));
        if self.is_plan {
            obstacles.extend(contradiction(resource, item.changed));
        }
    }

    fn finish(mut self, document: &Document<'_>, name: &str) -> Judgement {
        // What is changed and not planned, in a module of ours.
        for changed in document.resource_changes.iter().flatten() {
            if !self.seen.contains(&*changed.address) && self.is_of_ours(changed) {
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
        let absent: Vec<&Place> = absent.difference(&self.places).collect();
        if !absent.is_empty() {
            self.outside
                .insert(format!("what isn't in it: {}", quoted(&absent)));
        }
        let Judgement { proof, others } = &mut self.judgement;
        proof.places = self.places.into_iter().collect();
        proof.findings.sort_unstable();
        proof.findings.dedup();
        proof.obstacles.sort_unstable();
        proof.obstacles.dedup();
        proof.outside = self.outside.into_iter().collect();
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

/// The names of the rules of an instance.
fn names(instance: &Instance<'_>) -> Vec<String> {
    let (r#type, name) = own_resources(instance.firewall)[0];
    let values = instance
        .of(r#type, name)
        .filter_map(|item| item.value().ok());
    values
        .filter_map(|value| Some(Attributes::of(&value).take("name").text()?.to_owned()))
        .collect()
}

/// The address that a resource must have, where its key needs no escapes.
fn expected_address(module: &str, resource: &Resource<'_>) -> Option<String> {
    let index = match &resource.index {
        None => String::new(),
        Some(Index::Number(number)) => format!("[{number}]"),
        Some(Index::Key(key)) => {
            let is_plain = key
                .chars()
                .all(|c| !c.is_control() && !"\"\\$%".contains(c));
            is_plain.then(|| format!("[\"{key}\"]"))?
        }
    };
    let dot = if module.is_empty() { "" } else { "." };
    Some(format!(
        "{module}{dot}{}.{}{index}",
        resource.r#type, resource.name
    ))
}
