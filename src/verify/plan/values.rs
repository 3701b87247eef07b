//! The attributes of a resource, each taken once: what is left is what no one asked about.

use std::collections::BTreeMap;

use super::json::Json;

/// Attributes that weren't taken yet.
#[derive(Debug, Clone, Default)]
pub struct Attributes(BTreeMap<String, Json>);

impl Attributes {
    /// The attributes of `value`; none where it is no object.
    #[must_use]
    pub fn of(value: &Json) -> Self {
        Self(value.object().cloned().unwrap_or_default())
    }

    /// What the attribute is; `Null`, where there is none.
    #[must_use]
    pub fn take(&mut self, name: &str) -> Json {
        self.0.remove(name).unwrap_or(Json::Null)
    }

    /// What is left and says something, but for what is `harmless`.
    pub fn rest<'a>(&'a self, harmless: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a Json)> {
        self.0
            .iter()
            .filter(|(name, value)| !value.is_empty() && !harmless.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value))
    }
}
