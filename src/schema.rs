//! JSON held against the schema of what it should be: all that is wrong with its shape, in one go.
//!
//! `serde` stops at the first field that it doesn't know; a person who writes a file wants all of
//! them, each with the name that was probably meant.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use schemars::Schema;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::error::{Error, Errors, MOST, Result, nearest, quoted};
use crate::harmless;

/// Something that the schema doesn't allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The way to it: `sets[3].flows[0].ports`. An item that has a `key` is called by it:
    /// `exchange-9.flows[0].ports`.
    pub place: String,
    pub why: String,
}

/// Reads `text` as the JSON of a `T`, which its `schema` may narrow; `document` is what errors call it.
///
/// # Errors
/// When `text` is no JSON, and for every unknown field, absent field and value of another type; of a text of more than
/// 4 MiB that `serde` refuses, for the first.
pub fn read<T: DeserializeOwned>(document: &str, text: &str, schema: &Schema) -> Result<T> {
    /// What is wrong with a longer text is not told whole: lists of nothing take fifty times their length as values.
    const TOLD_WHOLE: usize = 4 << 20;
    let broken = |error| broken(document, error);
    if text.len() > TOLD_WHOLE {
        serde_json::from_str::<T>(text).map_err(broken)?;
    }
    let value: Value = serde_json::from_str(text).map_err(broken)?;
    let flaws = flaws(&value, schema);
    if !flaws.is_empty() {
        let errors = flaws
            .into_iter()
            .map(|flaw| refuse(document, flaw.place, flaw.why));
        return Err(errors.collect::<Vec<Error>>().into());
    }
    drop(value);
    // From the text, where fields that stand twice still show. `serde` alone takes lists for objects.
    serde_json::from_str(text).map_err(broken)
}

#[expect(clippy::needless_pass_by_value, reason = "it is for `map_err`")]
fn broken(document: &str, error: serde_json::Error) -> Errors {
    let place = format!("line {}, column {}", error.line(), error.column());
    refuse(document, place, error.to_string()).into()
}

fn refuse(document: &str, place: String, why: String) -> Error {
    Error::Catalogue {
        document: document.to_owned(),
        place,
        why,
    }
}

/// Reads a map in which nothing stands twice, where `serde` would take the last of two.
///
/// # Errors
/// When it is no map of such values, or something stands twice in it.
pub fn unique<'de, D, V>(deserializer: D) -> std::result::Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    struct Unique<V>(PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for Unique<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(
            self,
            mut entries: A,
        ) -> std::result::Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some(name) = entries.next_key::<String>()? {
                if map.contains_key(&name) {
                    let name = name.escape_debug();
                    return Err(A::Error::custom(format!("`{name}` stands twice")));
                }
                map.insert(name, entries.next_value()?);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Unique(PhantomData))
}

/// Everything in `value` that `schema` doesn't allow, in the order in which it stands there.
#[must_use]
pub fn flaws(value: &Value, schema: &Schema) -> Vec<Flaw> {
    let mut walker = Walker {
        root: schema.as_value(),
        flaws: Vec::new(),
    };
    walker.walk(value, schema.as_value(), &Place::Whole);
    walker.flaws
}

/// The schema of a `T`, as text.
#[must_use]
pub fn text<T: JsonSchema>() -> String {
    print(&schemars::schema_for!(T))
}

/// A schema as text.
#[must_use]
pub fn print(schema: &Schema) -> String {
    harmless::json(schema)
}

/// Where a value stands. Made into text only for what is wrong: a document has a million places.
enum Place<'a> {
    Whole,
    /// An item that is called by its key.
    Key(&'a str),
    Field(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("the whole"),
            Self::Key(name) | Self::Field(Self::Whole, name) => f.write_str(name),
            Self::Field(of, name) => write!(f, "{of}.{name}"),
            Self::Item(Self::Whole, index) => write!(f, "[{index}]"),
            Self::Item(of, index) => write!(f, "{of}[{index}]"),
        }
    }
}

struct Walker<'a> {
    root: &'a Value,
    flaws: Vec<Flaw>,
}

impl<'a> Walker<'a> {
    fn refuse(&mut self, place: &Place<'_>, why: String) {
        let (place, why) = match self.flaws.len() {
            MOST.. => return,
            // The last that is told.
            count if count + 1 == MOST => (
                &Place::Whole,
                "it has more flaws; mend these first".to_owned(),
            ),
            _ => (place, why),
        };
        self.flaws.push(Flaw {
            place: place.to_string(),
            why,
        });
    }

    fn walk(&mut self, value: &Value, schema: &'a Value, place: &Place<'_>) {
        let schema = self.definition(schema);
        if let Some(alternatives) = alternatives(schema) {
            return self.any(value, alternatives, place);
        }
        if let Some(words) = words(schema) {
            if !matches!(value, Value::String(word) if words.contains(word)) {
                self.refuse(place, unknown_word(value, &words));
            }
            return;
        }
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|name| is_a(value, name)) {
            let wanted: Vec<&str> = types.iter().map(|name| described(name)).collect();
            let why = format!("it is {}, not {}", kind(value), wanted.join(" or "));
            return self.refuse(place, why);
        }
        match value {
            Value::Object(fields) => self.object(fields, schema, place),
            Value::Array(items) => {
                let Some(of) = schema.get("items") else {
                    return;
                };
                for (index, item) in items.iter().enumerate() {
                    let place = match item.get("key") {
                        Some(Value::String(key)) if !key.is_empty() => Place::Key(key),
                        _ => Place::Item(place, index),
                    };
                    self.walk(item, of, &place);
                }
            }
            Value::Number(number) => {
                let bound = |name| schema.get(name).and_then(Value::as_f64);
                let number = number.as_f64().unwrap_or(f64::NAN);
                if bound("minimum").is_some_and(|least| number < least)
                    || bound("maximum").is_some_and(|most| number > most)
                {
                    self.refuse(place, format!("`{value}` is out of its bounds"));
                }
            }
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }

    fn object(&mut self, fields: &Map<String, Value>, schema: &'a Value, place: &Place<'_>) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        for (name, value) in fields {
            let place = Place::Field(place, name);
            match (known.and_then(|known| known.get(name)), others) {
                (None, Some(Value::Bool(false))) => {
                    let names = known.into_iter().flat_map(Map::keys);
                    let names: Vec<String> = names.cloned().collect();
                    let hint = match nearest(name, &names) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("there are {}", quoted(&names)),
                    };
                    self.refuse(&place, format!("there is no such field; {hint}"));
                }
                (Some(schema), _) | (None, Some(schema)) => self.walk(value, schema, &place),
                (None, None) => {}
            }
        }
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|name| !fields.contains_key(*name)) {
            self.refuse(place, format!("`{name}` is missing"));
        }
    }

    /// What fits one of `alternatives` is fine; else what the likeliest one says of it stands.
    fn any(&mut self, value: &Value, alternatives: &'a [Value], place: &Place<'_>) {
        let mut likeliest: Option<(bool, Vec<Flaw>)> = None;
        for schema in alternatives {
            let mut inner = Walker {
                root: self.root,
                flaws: Vec::new(),
            };
            inner.walk(value, schema, place);
            if inner.flaws.is_empty() {
                return;
            }
            let schema = self.definition(schema);
            let types = types(schema);
            let is_alike = types.iter().any(|name| is_a(value, name));
            let is_better = likeliest
                .as_ref()
                .is_none_or(|(known, flaws)| (is_alike, flaws.len()) > (*known, inner.flaws.len()));
            if is_better {
                likeliest = Some((is_alike, inner.flaws));
            }
        }
        self.flaws
            .extend(likeliest.map(|(_, flaws)| flaws).unwrap_or_default());
    }

    /// The schema itself, where `schema` only names one.
    fn definition(&self, schema: &'a Value) -> &'a Value {
        let name = schema.get("$ref").and_then(Value::as_str);
        let pointer = name.and_then(|name| name.strip_prefix('#'));
        pointer
            .and_then(|pointer| self.root.pointer(pointer))
            .unwrap_or(schema)
    }
}

fn alternatives(schema: &Value) -> Option<&[Value]> {
    let any = schema.get("anyOf").or_else(|| schema.get("oneOf"))?;
    any.as_array().map(Vec::as_slice)
}

/// The words of which a text is one, if the schema says so.
fn words(schema: &Value) -> Option<Vec<String>> {
    let one = schema.get("const").into_iter();
    let several = schema.get("enum").and_then(Value::as_array);
    let words: Vec<String> = one
        .chain(several.into_iter().flatten())
        .filter_map(Value::as_str)
        .map(ToOwned::to_owned)
        .collect();
    (!words.is_empty()).then_some(words)
}

fn unknown_word(value: &Value, words: &[String]) -> String {
    let Value::String(word) = value else {
        return format!(
            "it is {}, and should be one of {}",
            kind(value),
            quoted(words)
        );
    };
    let hint = nearest(word, words).map(|near| format!("; did you mean `{near}`?"));
    format!(
        "`{}` is none of {}{}",
        word.escape_debug(),
        quoted(words),
        hint.unwrap_or_default()
    )
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn described(name: &str) -> &'static str {
    match name {
        "null" => "null",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        _ => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::document::Document;

    /// A catalogue's flaws, as `place: why`.
    fn told(text: &str) -> Vec<String> {
        let value = serde_json::from_str(text).expect("the test's text is JSON");
        flaws(&value, &schemars::schema_for!(Document))
            .into_iter()
            .map(|flaw| format!("{}: {}", flaw.place, flaw.why))
            .collect()
    }

    #[test]
    fn every_flaw_of_every_depth_is_told_with_the_name_that_was_meant() {
        let text = r#"{
            "schema": "1", "sauce": {}, "roles": {"a": 1},
            "source": {"title": "T", "language": "en", "edition": "1", "url": "https://a.b", "uri": ""},
            "sets": [
                {"key": "my-set", "row": 70000, "title": "T", "traffic": "user", "flow": [], "flows": [{
                    "direction": {"value": "outbound", "basis": "statd"},
                    "roles": "a",
                    "ports": {"value": [443], "basis": {"refrenced": "https://a.b"}},
                    "remotes": [{"clouds": {"value": ["worldwide"], "basis": "stated"}, "network": {}}]
                }]},
                {"key": ""}
            ]
        }"#;
        assert_eq!(
            told(text),
            [
                "roles.a: it is a number, not a text",
                "sauce: there is no such field; did you mean `source`?",
                "schema: it is a text, not a whole number",
                "my-set.flow: there is no such field; did you mean `flows`?",
                "my-set.flows[0].direction.basis: `statd` is none of `stated`, `implied`, `inferred`, `unstated`; did you mean `stated`?",
                "my-set.flows[0].ports.basis.refrenced: there is no such field; did you mean `referenced`?",
                "my-set.flows[0].ports.basis: `referenced` is missing",
                "my-set.flows[0].ports.value[0]: it is a number, not a text",
                "my-set.flows[0].remotes[0].network: there is no such field; did you mean `networks`?",
                "my-set.flows[0].roles: it is a text, not a list",
                "my-set.row: `70000` is out of its bounds",
                "sets[1]: `title` is missing",
                "sets[1]: `traffic` is missing",
                "source.uri: there is no such field; did you mean `url`?",
            ]
        );
        assert_eq!(told("[]"), ["the whole: it is a list, not an object"]);
    }

    #[test]
    fn what_is_embedded_has_no_flaw() {
        for text in [
            include_str!("catalogue/article.json"),
            include_str!("catalogue/ranges.json"),
            include_str!("catalogue/tags.json"),
        ] {
            assert_eq!(told(text), [] as [&str; 0]);
        }
    }
}
