//! A plan or a state, as `terraform show -json` writes it. What isn't needed is passed over, and what
//! is large is read only when its turn comes.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json::{Json, Unique};

/// A plan or a state.
#[derive(Debug, Deserialize)]
pub struct Document<'a> {
    pub format_version: Option<String>,
    /// Only state files as Terraform keeps them itself have it.
    pub version: Option<Json>,
    /// Of a state.
    #[serde(borrow)]
    pub values: Option<Values<'a>>,
    /// Of a plan, as all that follows.
    #[serde(borrow)]
    pub planned_values: Option<Values<'a>>,
    #[serde(borrow)]
    pub resource_changes: Option<Vec<Changed<'a>>>,
    #[serde(borrow)]
    pub configuration: Option<Configuration<'a>>,
    pub variables: Option<Unique<Variable>>,
    pub complete: Option<bool>,
    pub errored: Option<bool>,
}

/// The resources of a root module and all below.
#[derive(Debug, Deserialize)]
pub struct Values<'a> {
    #[serde(borrow)]
    pub root_module: Option<Module<'a>>,
}

/// A module that has resources.
#[derive(Debug, Deserialize)]
pub struct Module<'a> {
    /// The root has none.
    #[serde(default)]
    pub address: String,
    #[serde(default, borrow)]
    pub resources: Vec<Resource<'a>>,
    #[serde(default, borrow)]
    pub child_modules: Vec<Module<'a>>,
}

/// A resource as it is or will be.
#[derive(Debug, Deserialize)]
pub struct Resource<'a> {
    #[serde(borrow)]
    pub address: Cow<'a, str>,
    #[serde(borrow)]
    pub mode: Cow<'a, str>,
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    pub index: Option<Index>,
    pub provider_name: Option<String>,
    #[serde(borrow)]
    pub values: Option<&'a RawValue>,
    /// What `create_before_destroy` left over and no one destroyed yet; only in a state.
    pub deposed_key: Option<String>,
}

/// What tells the instances of a resource apart.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Index {
    Number(i64),
    Key(String),
}

/// What a plan does to a resource.
#[derive(Debug, Deserialize)]
pub struct Changed<'a> {
    #[serde(borrow)]
    pub address: Cow<'a, str>,
    #[serde(borrow)]
    pub r#type: Cow<'a, str>,
    /// The root has none.
    pub module_address: Option<String>,
    pub deposed: Option<String>,
    #[serde(borrow)]
    pub change: Change<'a>,
}

#[derive(Debug, Deserialize)]
pub struct Change<'a> {
    pub actions: Vec<String>,
    #[serde(borrow)]
    pub before: Option<&'a RawValue>,
    #[serde(borrow)]
    pub after: Option<&'a RawValue>,
    #[serde(borrow)]
    pub after_unknown: Option<&'a RawValue>,
}

/// The value that a variable of the root module has.
#[derive(Debug, Deserialize)]
pub struct Variable {
    pub value: Option<Json>,
}

/// What Terraform read of the configuration, without what it says by expressions.
#[derive(Debug, Deserialize)]
pub struct Configuration<'a> {
    #[serde(default, borrow)]
    pub root_module: Configured<'a>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Configured<'a> {
    #[serde(default, borrow)]
    pub resources: Vec<ConfiguredResource<'a>>,
    #[serde(
        default = "Unique::default",
        borrow,
        bound(deserialize = "Call<'a>: Deserialize<'de>")
    )]
    pub module_calls: Unique<Call<'a>>,
    #[serde(default)]
    pub variables: Unique<Declared>,
}

#[derive(Debug, Deserialize)]
pub struct ConfiguredResource<'a> {
    pub mode: String,
    pub r#type: String,
    pub name: String,
    #[serde(default, borrow)]
    pub expressions: Option<&'a RawValue>,
    pub provisioners: Option<Json>,
}

/// A call of a module, and the module.
#[derive(Debug, Deserialize)]
pub struct Call<'a> {
    #[serde(default)]
    pub expressions: Unique<&'a RawValue>,
    pub count_expression: Option<Json>,
    pub for_each_expression: Option<Json>,
    #[serde(default, borrow)]
    pub module: Configured<'a>,
}

/// A variable of a module.
#[derive(Debug, Deserialize)]
pub struct Declared {
    pub default: Option<Json>,
}

/// What a call gives to a variable.
#[derive(Debug, Deserialize)]
pub struct Given {
    pub constant_value: Option<Json>,
    #[serde(default)]
    pub references: Vec<String>,
}
