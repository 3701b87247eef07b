//! What a plan says twice and not the same, about our resources; and what it leaves undone.

use std::collections::BTreeMap;

use super::document::{Changed, Resource};
use super::json::Json;
use super::obstacle;
use super::reading::CHANGED;
use crate::verify::proof::Obstacle;

/// Holds what a plan says of a resource of ours against what it says that it does to it.
#[must_use]
pub fn contradiction(resource: &Resource<'_>, changed: Option<&Changed<'_>>) -> Vec<Obstacle> {
    let address = &resource.address;
    let note = |why: &str| vec![obstacle(address, None, why, AGAIN)];
    let Some(changed) = changed else {
        return note("`planned_values` has it, and `resource_changes` has not");
    };
    if changed.r#type != resource.r#type {
        return note("`resource_changes` has a resource of another type there");
    }
    let actions: Vec<&str> = changed.change.actions.iter().map(String::as_str).collect();
    if actions.contains(&"forget") {
        return vec![let_go(changed)];
    }
    if !matches!(
        actions[..],
        ["no-op" | "create" | "update"] | ["delete", "create"] | ["create", "delete"]
    ) {
        let actions = actions.join(", ").escape_debug().to_string();
        return note(&format!(
            "`planned_values` has it, and the plan does `{actions}` to it"
        ));
    }
    match (resource.values, changed.change.after) {
        (Some(planned), Some(after)) if planned.get() == after.get() => Vec::new(),
        (Some(planned), Some(after)) => match (Json::read(planned), Json::read(after)) {
            (Ok(planned), Ok(after)) => differences(&planned, &after)
                .into_iter()
                .flat_map(|name| {
                    note(&format!(
                        "`{}` is not the same in `planned_values` and in `resource_changes`",
                        name.escape_debug()
                    ))
                })
                .collect(),
            (Err(why), _) | (_, Err(why)) => note(&why),
        },
        _ => note("`planned_values` or `resource_changes` says nothing of what it will be"),
    }
}

/// Resources of ours that a plan changes into something, and doesn't plan; or that it lets go of.
#[must_use]
pub fn unplanned(changed: &Changed<'_>) -> Option<Obstacle> {
    let actions: Vec<&str> = changed.change.actions.iter().map(String::as_str).collect();
    if actions.contains(&"forget") {
        return Some(let_go(changed));
    }
    let stays = actions.iter().any(|action| *action != "delete");
    let why = match &changed.deposed {
        None => "`resource_changes` has it, and `planned_values` has not",
        Some(_) => "an earlier object of it stays, and what it opened stays open",
    };
    stays.then(|| obstacle(&changed.address, None, why, AGAIN))
}

fn let_go(changed: &Changed<'_>) -> Obstacle {
    obstacle(
        &changed.address,
        None,
        "Terraform lets go of it, and what it opened stays open",
        "destroy it instead: without a `removed` block, or with `destroy = true` in it",
    )
}

/// What `create_before_destroy` left over in a state still opens what it opened.
#[must_use]
pub fn leftover(resource: &Resource<'_>) -> Option<Obstacle> {
    resource.deposed_key.as_ref()?;
    Some(obstacle(
        &resource.address,
        None,
        "an earlier object of it still exists, and what it opened is open",
        "apply again, until it is destroyed",
    ))
}

const AGAIN: &str = "plan again, and look at what Terraform itself writes";

fn differences(planned: &Json, after: &Json) -> Vec<String> {
    let empty = BTreeMap::new();
    let (planned, after) = (
        planned.object().unwrap_or(&empty),
        after.object().unwrap_or(&empty),
    );
    let names = planned
        .keys()
        .chain(after.keys().filter(|name| !planned.contains_key(*name)));
    let mut differing: Vec<String> = names
        .filter(|name| planned.get(*name) != after.get(*name))
        .cloned()
        .collect();
    differing.sort_unstable();
    if differing.is_empty() && (planned.is_empty() || after.is_empty()) {
        differing.push("values".to_owned());
    }
    differing
}

/// Resources in an instance that our module doesn't have.
#[must_use]
pub fn stranger(resource: &Resource<'_>) -> Obstacle {
    obstacle(
        &resource.address,
        None,
        "our module has no such resource",
        CHANGED,
    )
}
