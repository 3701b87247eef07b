//! Values as Terraform sends them: like JSON, but a value may also be unknown until apply.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::protocol::DynamicValue;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
    /// Never in the cloud.
    #[serde(skip)]
    Unknown,
}

impl Value {
    /// An attribute of an object; null if there is none.
    pub fn get(&self, name: &str) -> &Self {
        match self {
            Self::Object(attributes) => attributes.get(name).unwrap_or(&Self::Null),
            _ => &Self::Null,
        }
    }

    pub fn set(&mut self, name: &str, value: impl Into<Self>) {
        if let Self::Object(attributes) = self {
            attributes.insert(name.to_owned(), value.into());
        }
    }

    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// Known in all its parts.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::List(items) => items.iter().all(Self::is_known),
            Self::Object(attributes) => attributes.values().all(Self::is_known),
            _ => true,
        }
    }

    /// The text of an attribute, if it is a known one.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list or set, less those that are unknown.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Self::List(items) => items
                .iter()
                .filter_map(|item| match item {
                    Self::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// A number, if it is known and whole.
    pub fn whole(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What is not sent is null. So is what cannot be read, which Terraform never sends.
impl From<Option<DynamicValue>> for Value {
    fn from(sent: Option<DynamicValue>) -> Self {
        let bytes = sent.unwrap_or_default().msgpack;
        rmpv::decode::read_value(&mut bytes.as_slice()).map_or(Self::Null, Self::from)
    }
}

impl From<rmpv::Value> for Value {
    fn from(value: rmpv::Value) -> Self {
        match value {
            rmpv::Value::Boolean(truth) => Self::Bool(truth),
            rmpv::Value::Integer(number) => number
                .as_i64()
                .map_or(Self::Null, |number| Self::Number(number.into())),
            rmpv::Value::F32(number) => {
                Number::from_f64(number.into()).map_or(Self::Null, Self::Number)
            }
            rmpv::Value::F64(number) => Number::from_f64(number).map_or(Self::Null, Self::Number),
            rmpv::Value::String(text) => Self::Text(text.into_str().unwrap_or_default()),
            rmpv::Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            rmpv::Value::Map(entries) => Self::Object(
                entries
                    .into_iter()
                    .map(|(name, value)| {
                        (name.as_str().unwrap_or_default().to_owned(), value.into())
                    })
                    .collect(),
            ),
            // Every extension means unknown, with or without what is known of it.
            rmpv::Value::Ext(..) => Self::Unknown,
            rmpv::Value::Nil | rmpv::Value::Binary(_) => Self::Null,
        }
    }
}

impl From<Value> for rmpv::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(truth) => Self::Boolean(truth),
            Value::Number(number) => number.as_i64().map_or_else(
                || Self::F64(number.as_f64().unwrap_or_default()),
                Self::from,
            ),
            Value::Text(text) => Self::from(text),
            Value::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(attributes) => Self::Map(
                attributes
                    .into_iter()
                    .map(|(name, value)| (Self::from(name), value.into()))
                    .collect(),
            ),
            Value::Unknown => Self::Ext(0, vec![0]),
        }
    }
}

impl From<Value> for DynamicValue {
    fn from(value: Value) -> Self {
        let mut msgpack = Vec::new();
        rmpv::encode::write_value(&mut msgpack, &value.into()).expect("memory takes every value");
        Self {
            msgpack,
            json: Vec::new(),
        }
    }
}
