//! JSON as it stands: nothing twice, and what Terraform can't know yet marked as such.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// Unknown until apply.
    Unknown,
    Null,
    Bool(bool),
    /// As JSON spells it, but for exponents.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Reads a part of a document.
    ///
    /// # Errors
    /// When a key stands twice, a number is too large, or it is nested too deeply.
    pub fn read(raw: &RawValue) -> Result<Self, String> {
        serde_json::from_str(raw.get()).map_err(|error| short(&error))
    }

    /// Whether something is marked as unknown that is there.
    #[must_use]
    pub fn is_known_to(&self, marks: &Self) -> bool {
        match (self, marks) {
            (Self::Null, _) => false,
            (_, Self::Bool(marked)) => *marked,
            (Self::Object(object), Self::Object(marks)) => object.iter().any(|(name, value)| {
                let marks = marks.get(name);
                marks.is_some_and(|marks| value.is_known_to(marks))
            }),
            (Self::List(list), Self::List(marks)) => {
                let mut pairs = list.iter().zip(marks);
                pairs.any(|(value, marks)| value.is_known_to(marks))
            }
            _ => false,
        }
    }

    /// The same with everything unknown that is marked in `marks`, as a plan's `after_unknown` does.
    #[must_use]
    pub fn with_unknown(self, marks: &Self) -> Self {
        match (self, marks) {
            (_, Self::Bool(true)) => Self::Unknown,
            (Self::Null, Self::Object(marks)) if !marks.is_empty() => {
                let object = Self::Object(BTreeMap::new());
                object.with_unknown(&Self::Object(marks.clone()))
            }
            (Self::Object(mut object), Self::Object(marks)) => {
                for (name, marks) in marks {
                    let value = object.remove(name).unwrap_or(Self::Null);
                    object.insert(name.clone(), value.with_unknown(marks));
                }
                Self::Object(object)
            }
            (Self::List(list), Self::List(marks)) => {
                let mut marks = marks.iter();
                let marked = list.into_iter().map(|item| match marks.next() {
                    Some(marks) => item.with_unknown(marks),
                    None => item,
                });
                Self::List(marked.collect())
            }
            (value, _) => value,
        }
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    #[must_use]
    pub const fn object(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether it says nothing: providers write what nobody set in several ways.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) => true,
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.iter().all(Self::is_empty),
            Self::Object(object) => object.values().all(Self::is_empty),
            Self::Unknown | Self::Bool(true) | Self::Number(_) => false,
        }
    }
}

/// As a reader is told: short, and without control characters.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 120;
        let text = match self {
            Self::Unknown => "unknown until apply".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.clone(),
            Self::Text(text) => text.clone(),
            Self::List(list) => {
                let items: Vec<String> = list.iter().take(8).map(ToString::to_string).collect();
                let more = if list.len() > items.len() {
                    ", …"
                } else {
                    ""
                };
                format!("[{}{more}]", items.join(", "))
            }
            Self::Object(object) => {
                let names: Vec<&str> = object.keys().take(8).map(String::as_str).collect();
                format!("an object of {}", names.join(", "))
            }
        };
        let cut: String = text.chars().take(LONGEST).collect();
        f.write_str(&super::shown(&cut))?;
        if cut.len() < text.len() {
            f.write_str("…")?;
        }
        Ok(())
    }
}

/// What is wrong with a part of a document; its line would be one of that part.
fn short(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    text.escape_debug().to_string()
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Json, A::Error> {
        unique(entries).map(Json::Object)
    }
}

/// A map that names nothing twice.
#[derive(Debug)]
pub struct Unique<V>(pub BTreeMap<String, V>);

impl<V> Default for Unique<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Unique<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UniqueVisitor<V>(std::marker::PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for UniqueVisitor<V> {
            type Value = Unique<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Unique<V>, A::Error> {
                unique(entries).map(Unique)
            }
        }
        deserializer.deserialize_map(UniqueVisitor(std::marker::PhantomData))
    }
}

fn unique<'de, A: MapAccess<'de>, V: Deserialize<'de>>(
    mut entries: A,
) -> Result<BTreeMap<String, V>, A::Error> {
    let mut map = BTreeMap::new();
    while let Some((name, value)) = entries.next_entry::<String, V>()? {
        if map.contains_key(&name) {
            let name = name.escape_debug();
            return Err(de::Error::custom(format!("the key `{name}` stands twice")));
        }
        map.insert(name, value);
    }
    Ok(map)
}
