//! A module of ours as it stands in a plan or state: one of the instances of a call.

use super::calls::OurCall;
use super::document::{Changed, Index, Resource};
use super::json::Json;
use crate::verify::opening::Firewall;

/// One of our modules with its resources.
#[derive(Debug)]
pub struct Instance<'a> {
    /// `module.network["a"].module.rules`.
    pub address: String,
    pub firewall: Firewall,
    /// How it is called; a state doesn't tell.
    pub call: Option<&'a OurCall<'a>>,
    /// In the order of the document.
    pub items: Vec<Item<'a>>,
    /// What the plan makes of resources that there are: destroys them, or changes them.
    pub leaving: Vec<&'a Changed<'a>>,
}

/// A resource, and what the plan does to it.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    pub resource: &'a Resource<'a>,
    pub changed: Option<&'a Changed<'a>>,
}

impl<'a> Instance<'a> {
    /// Its resources of a type and name.
    pub fn of<'s>(&'s self, r#type: &'s str, name: &'s str) -> impl Iterator<Item = Item<'a>> + 's {
        self.items
            .iter()
            .filter(move |item| item.is(r#type, name))
            .copied()
    }
}

impl<'a> Item<'a> {
    /// Whether Terraform manages it under that type and name.
    #[must_use]
    pub fn is(&self, r#type: &str, name: &str) -> bool {
        let resource = self.resource;
        resource.mode == "managed" && resource.r#type == r#type && resource.name == name
    }

    #[must_use]
    pub fn address(&self) -> &'a str {
        &self.resource.address
    }

    /// What `for_each` calls it.
    #[must_use]
    pub fn key(&self) -> Option<&'a str> {
        match &self.resource.index {
            Some(Index::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// Its attributes, with what is unknown until apply.
    ///
    /// # Errors
    /// When it has none that can be read.
    pub fn value(&self) -> Result<Json, String> {
        let Some(values) = self.resource.values else {
            return Err("it has no attributes".to_owned());
        };
        let value = Json::read(values)?;
        if value.object().is_none() {
            return Err("its attributes are no object".to_owned());
        }
        let marks = self
            .changed
            .and_then(|changed| changed.change.after_unknown);
        match marks {
            Some(marks) => {
                let marks = Json::read(marks)?;
                if value.is_known_to(&marks) {
                    return Err("what is there of it is said to be unknown, too".to_owned());
                }
                Ok(value.with_unknown(&marks))
            }
            None => Ok(value),
        }
    }
}
