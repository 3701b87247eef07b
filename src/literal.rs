//! HCL that says nothing but literals, read strictly: whatever Terraform would have to evaluate is refused, at its line.
//!
//! It reads what the program writes, in time and memory that its length takes, and shares no line with what writes it:
//! what one escapes wrongly, the other would read wrongly, too.

mod read;

use std::borrow::Cow;

pub use read::read;

/// The attributes and blocks of a file, or of a block.
#[derive(Debug, Default)]
pub struct Body<'t> {
    pub attributes: Vec<Entry<'t>>,
    pub blocks: Vec<Block<'t>>,
}

#[derive(Debug)]
pub struct Block<'t> {
    pub kind: &'t str,
    pub labels: Vec<Cow<'t, str>>,
    pub body: Body<'t>,
    /// From 1, as all lines.
    pub line: u32,
}

/// A name and its value: an attribute, or an entry of an object.
#[derive(Debug)]
pub struct Entry<'t> {
    pub name: Cow<'t, str>,
    pub value: Node<'t>,
    pub line: u32,
}

/// A value, where it begins.
#[derive(Debug)]
pub struct Node<'t> {
    pub value: Value<'t>,
    pub line: u32,
}

#[derive(Debug, PartialEq)]
pub enum Value<'t> {
    Text(Cow<'t, str>),
    /// As it is spelt.
    Number(&'t str),
    Bool(bool),
    Null,
    List(Vec<Node<'t>>),
    Object(Vec<Entry<'t>>),
    /// A reference: `var.tags`.
    Path(Cow<'t, str>),
}

/// Where a value begins says nothing of it, nor does the order of an object's entries.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Entry<'_> {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.value) == (&other.name, &other.value)
    }
}

/// Why a file can't be read, or what of it must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    pub line: u32,
    pub why: String,
}

impl<'t> Body<'t> {
    /// The value of the attribute `name`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Entry<'t>> {
        self.attributes.iter().find(|entry| entry.name == name)
    }
}

impl<'t> Node<'t> {
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number from 0 to 65535.
    #[must_use]
    pub fn number(&self) -> Option<u16> {
        match self.value {
            Value::Number(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().ok()
            }
            _ => None,
        }
    }

    #[must_use]
    pub fn list(&self) -> Option<&[Node<'t>]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    #[must_use]
    pub fn object(&self) -> Option<&[Entry<'t>]> {
        match &self.value {
            Value::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The reference that it is: `var.tags`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match &self.value {
            Value::Path(path) => Some(path),
            _ => None,
        }
    }
}
