//! The contract: `contract.toml`, what the stand-in says of the providers' types.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::value::Value;

/// Providers by their local name.
pub type Contract = BTreeMap<String, Provider>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The version as which it is served.
    pub version: String,
    /// The provider's own configuration.
    pub configuration: Block,
    pub resources: BTreeMap<String, Resource>,
}

#[derive(Debug, Deserialize)]
pub struct Resource {
    /// Version of the schema, which Terraform keeps in the state.
    #[serde(default)]
    pub version: i64,
    #[serde(flatten)]
    pub block: Block,
}

#[derive(Debug, Deserialize)]
pub struct Block {
    pub attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    pub blocks: BTreeMap<String, Nested>,
}

#[expect(clippy::struct_excessive_bools, reason = "the schema's flags")]
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// In Terraform's JSON: `"string"`, `["set", "string"]`.
    pub r#type: serde_json::Value,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub computed: bool,
    #[serde(default)]
    pub sensitive: bool,
    /// A change replaces the resource.
    #[serde(default)]
    pub replaces: bool,
    /// What the provider plans where nothing is configured.
    pub default: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub struct Nested {
    pub nesting: Nesting,
    #[serde(default)]
    pub min_items: i64,
    #[serde(default)]
    pub max_items: i64,
    #[serde(flatten)]
    pub block: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nesting {
    Single,
    List,
    Set,
}

/// Reads the contract.
///
/// # Panics
///
/// If it is malformed, which only a change of the file can bring about.
#[must_use]
pub fn contract() -> Contract {
    toml::from_str(include_str!("../contract.toml")).expect("the contract is well-formed")
}

impl Resource {
    /// Terraform holds a plan against the configuration, and lets only the older kind of provider, which most
    /// resources are of, put a default where nothing is configured.
    #[must_use]
    pub fn is_legacy(&self) -> bool {
        self.block
            .attributes
            .values()
            .any(|attribute| attribute.default.is_some() && !attribute.computed)
    }
}
