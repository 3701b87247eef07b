//! The rules that a network security group lists itself, once it was refreshed: those of other resources, and its own.

use std::collections::{BTreeMap, BTreeSet};

use super::json::Json;

/// The field that holds them.
pub const FIELD: &str = "security_rule";

/// The rules that `group`, the values of a network security group, lists.
pub fn rules(group: &Json) -> impl Iterator<Item = &BTreeMap<String, Json>> {
    let list = group.object().and_then(|group| group.get(FIELD));
    let rules = list.and_then(Json::list).unwrap_or_default().iter();
    rules.filter_map(Json::object)
}

/// Whether `rule` says what one of `resources` does, the values of rules that are resources of their own.
#[must_use]
pub fn is_one_of(rule: &BTreeMap<String, Json>, resources: &[Json]) -> bool {
    resources.iter().filter_map(Json::object).any(|resource| {
        let mut fields = rule.iter();
        fields.all(|(name, value)| plain(Some(value)) == plain(resource.get(name)))
    })
}

/// A value as a set of words: Azure sorts lists, and has no difference between nothing and an empty text.
fn plain(value: Option<&Json>) -> BTreeSet<String> {
    match value {
        None | Some(Json::Null) => BTreeSet::new(),
        Some(Json::Text(text)) if text.is_empty() => BTreeSet::new(),
        Some(Json::Text(text)) => BTreeSet::from([text.to_lowercase()]),
        Some(Json::List(items)) => items.iter().flat_map(|item| plain(Some(item))).collect(),
        Some(other) => BTreeSet::from([other.to_string()]),
    }
}
