//! What a plan says of any resource, from the contract alone.

use crate::contract::Resource;
use crate::value::Value;

pub struct Plan {
    pub state: Value,
    /// The attributes whose change replaces the resource.
    pub replaced_by: Vec<String>,
}

/// `proposed` is Terraform's own merge of `prior` and `config`; for a resource to create, `prior` is null.
pub fn plan(resource: &Resource, prior: &Value, proposed: Value, config: &Value) -> Plan {
    let mut state = proposed;
    for (name, attribute) in &resource.block.attributes {
        if !config.get(name).is_null() {
            continue;
        }
        if let Some(default) = &attribute.default {
            state.set(name, default.clone());
        } else if attribute.computed && prior.is_null() {
            state.set(name, Value::Unknown);
        }
    }
    plan_all_tags(resource, prior, &mut state);
    let replaced_by = if prior.is_null() {
        Vec::new()
    } else {
        resource
            .block
            .attributes
            .iter()
            .filter(|(name, attribute)| attribute.replaces && prior.get(name) != state.get(name))
            .map(|(name, _)| name.clone())
            .collect()
    };
    Plan { state, replaced_by }
}

/// `tags_all` of aws, which follows `tags`: the stand-in has no tags of the provider to add.
fn plan_all_tags(resource: &Resource, prior: &Value, state: &mut Value) {
    if !resource.block.attributes.contains_key("tags_all") {
        return;
    }
    let tags = state.get("tags").clone();
    if tags.is_null() {
        if !prior.get("tags").is_null() {
            state.set("tags_all", Value::Object([].into()));
        }
    } else if prior.get("tags") != &tags {
        state.set(
            "tags_all",
            if tags.is_known() {
                tags
            } else {
                Value::Unknown
            },
        );
    }
}

/// What the cloud leaves open of a resource's computed attributes is empty or null, never unknown.
pub fn settle(resource: &Resource, state: &mut Value) {
    for (name, attribute) in &resource.block.attributes {
        if state.get(name).is_unknown() {
            let empty = match attribute.r#type.get(0).and_then(|kind| kind.as_str()) {
                Some("map") => Value::Object([].into()),
                Some(_) => Value::List(Vec::new()),
                None => Value::Null,
            };
            state.set(name, empty);
        }
    }
}
