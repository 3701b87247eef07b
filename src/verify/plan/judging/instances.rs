//! One instance of a module of ours, and the module itself.

use super::Judging;
use crate::catalogue::{Cloud, Traffic};
use crate::verify::opening::Firewall;
use crate::verify::plan::assess::assess;
use crate::verify::plan::calls::{Argument, OurCall, own_resources};
use crate::verify::plan::contradictions::{contradiction, leftover, stranger};
use crate::verify::plan::document::{Index, Resource};
use crate::verify::plan::inline;
use crate::verify::plan::instance::{Instance, Item};
use crate::verify::plan::json::Json;
use crate::verify::plan::recognise::place;

impl<'a> Judging<'a> {
    /// Judges what is in the module beside what belongs there.
    pub(super) fn configured(&mut self, call: &OurCall<'_>) {
        for (variable, is_known) in [
            (
                "cloud",
                (|word| Cloud::parse(word).is_some()) as fn(&str) -> bool,
            ),
            ("traffic", |word| Traffic::parse(word).is_some()),
        ] {
            if let Argument::Known(value) = call.argument(variable)
                && !value.text().is_some_and(is_known)
            {
                self.note(
                    &call.address(),
                    &format!("`{variable}` is `{value}`, and no {variable} that we know"),
                );
            }
        }
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

    /// Judges an instance.
    pub(super) fn instance(&mut self, instance: &Instance<'a>) {
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
            self.inline(instance);
        }
    }

    /// Judges what the group of a module lists itself.
    fn inline(&mut self, instance: &Instance<'a>) {
        let (r#type, name) = own_resources(Firewall::AzureNsg)[1];
        let own = rules(instance);
        for item in instance.of(r#type, name) {
            let Ok(group) = item.value() else { continue };
            let strange = inline::rules(&group).filter(|rule| !inline::is_one_of(rule, &own));
            for rule in strange {
                let name = rule.get("name").and_then(Json::text).unwrap_or_default();
                self.note(
                    &item.resource.address,
                    &format!(
                        "it lists the rule `{}`, which no resource of the module makes",
                        name.escape_debug()
                    ),
                );
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
}

/// The rules of an instance, as a network security group lists them again.
pub(super) fn rules(instance: &Instance<'_>) -> Vec<Json> {
    let (r#type, name) = own_resources(Firewall::AzureNsg)[0];
    let items = instance.of(r#type, name);
    items.filter_map(|item| item.value().ok()).collect()
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
