//! What is read of the resources of an instance, whatever its target.

use ipnet::IpNet;

use super::instance::Item;
use super::json::Json;
use super::obstacle;
use super::read;
use super::values::Attributes;
use crate::catalogue::{Direction, HostPattern, Kind, PortRange, Protocol, ServiceTag};
use crate::verify::proof::Obstacle;

/// What mends something that our modules never make.
pub const CHANGED: &str = "our module makes no such thing: find out who changed it, generate the folder again, and plan again";

/// What mends something that only an apply brings to light.
pub const UNKNOWN: &str = "apply, and verify the state then";

/// What the resources of an instance open.
#[derive(Debug, Default)]
pub struct Reading {
    pub seen: Vec<Seen>,
    pub locals: Vec<Local>,
    pub obstacles: Vec<Obstacle>,
}

/// What a resource, or a part of one, opens.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The resource's address.
    pub address: String,
    /// What it is called there.
    pub name: String,
    /// The row that it says it is made of, where it is made of one.
    pub row: Option<String>,
    /// The role that it says it is for; where there is a row, that says it.
    pub role: String,
    pub direction: Direction,
    pub protocol: Protocol,
    pub ports: Vec<PortRange>,
    pub remote: Side,
    /// Whether it lets packets through and no connection.
    pub is_half: bool,
}

/// Microsoft's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    Networks(Vec<IpNet>),
    Hosts(Vec<HostPattern>),
    Tag(ServiceTag),
    /// Unknown until apply; the attribute.
    Computed(String),
}

/// The customer's side of what a row opens.
#[derive(Debug, Clone)]
pub struct Local {
    pub address: String,
    pub row: String,
    /// The attribute and its values.
    pub attribute: &'static str,
    /// In order; `None`: unknown until apply.
    pub values: Option<Vec<String>>,
}

/// Reads one resource, and notes what is wrong with it.
#[derive(Debug)]
pub struct Reader<'r> {
    pub address: String,
    pub name: Option<String>,
    pub reading: &'r mut Reading,
}

impl<'r> Reader<'r> {
    #[must_use]
    pub fn new(item: &Item<'_>, reading: &'r mut Reading) -> Self {
        Self {
            address: item.address().to_owned(),
            name: item.key().map(str::to_owned),
            reading,
        }
    }

    /// Notes what is wrong, with what mends what our modules never make.
    pub fn refuse(&mut self, why: impl Into<String>) {
        self.note(why.into(), CHANGED);
    }

    /// Notes that something can't be told before apply.
    pub fn undecided(&mut self, what: &str) {
        self.note(format!("{what} is unknown until apply"), UNKNOWN);
    }

    fn note(&mut self, why: String, mend: &str) {
        let name = self.name.as_deref();
        let obstacle = obstacle(&self.address, name, why, mend);
        self.reading.obstacles.push(obstacle);
    }

    /// The resource's attributes.
    pub fn attributes(&mut self, item: &Item<'_>) -> Option<Attributes> {
        match item.value() {
            Ok(value) => Some(Attributes::of(&value)),
            Err(why) => {
                self.refuse(why);
                None
            }
        }
    }

    /// Holds that an attribute is what our module sets; what is unknown is noted as such.
    pub fn holds(&mut self, attributes: &mut Attributes, name: &str, expected: &str) {
        match attributes.take(name) {
            Json::Text(text) if text == expected => {}
            Json::Unknown => self.undecided(&format!("`{name}`")),
            other => self.refuse(format!("`{name}` is `{other}`, and not `{expected}`")),
        }
    }

    /// Holds that nothing is left that says something.
    pub fn nothing_left(&mut self, attributes: &Attributes, harmless: &[&str]) {
        let left: Vec<String> = attributes
            .rest(harmless)
            .map(|(name, value)| format!("`{}` is `{value}`", name.escape_debug()))
            .collect();
        for left in left {
            self.refuse(format!("{left}, and our module never sets it"));
        }
    }

    /// One word, such as a direction.
    pub fn word<T>(
        &mut self,
        value: &Json,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let read = match value {
            Json::Unknown => {
                self.undecided(&format!("`{name}`"));
                return None;
            }
            Json::Text(text) => read(text),
            other => Err(format!("`{other}` is no word")),
        };
        read.map_err(|why| self.refuse(format!("`{name}`: {why}")))
            .ok()
    }

    /// A list with something in it that must be known.
    pub fn known<T>(
        &mut self,
        value: &Json,
        name: &str,
        read: impl Fn(&str) -> Result<Vec<T>, String>,
    ) -> Option<Vec<T>> {
        match read::list(value, read) {
            Ok(Some(list)) if list.is_empty() => self.refuse(format!("`{name}` is empty")),
            Ok(Some(list)) => return Some(list),
            Ok(None) => self.undecided(&format!("`{name}`")),
            Err(why) => self.refuse(format!("`{name}`: {why}")),
        }
        None
    }

    /// The customer's side: texts that the user gave.
    pub fn local(&mut self, row: &str, attribute: &'static str, value: &Json) {
        let values = read::list(value, |text| Ok(vec![text.to_owned()]));
        match values {
            Ok(values) => {
                let values = values.map(|mut values| {
                    values.sort_unstable();
                    values
                });
                self.reading.locals.push(Local {
                    address: self.address.clone(),
                    row: row.to_owned(),
                    attribute,
                    values,
                });
            }
            Err(why) => self.refuse(format!("`{attribute}`: {why}")),
        }
    }
}

/// The role in a row's key.
#[must_use]
pub fn role(key: &str) -> &str {
    key.rsplit('.').nth(1).unwrap_or_default()
}

/// The family of what a row with that key opens; `None`: a row of names, for both families.
#[must_use]
pub fn kind(key: &str) -> Option<Kind> {
    match key.rsplit('.').next() {
        Some("ipv4" | "fqdn4" | "tag") => Some(Kind::Ipv4),
        Some("ipv6" | "fqdn6") => Some(Kind::Ipv6),
        _ => None,
    }
}

/// Reads `Inbound`, `outbound`.
///
/// # Errors
/// When it is neither.
pub fn direction(text: &str) -> Result<Direction, String> {
    Direction::parse(&text.to_ascii_lowercase())
        .ok_or_else(|| format!("`{}` is no direction", text.escape_debug()))
}
