//! Rows as they stand in a folder, whoever wrote them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use perimeter365::literal::{self, Node, Value};
use serde_json::Value as Json;

/// The rows of a `main.tf`, by key.
///
/// # Errors
/// When it can't be read, or is not one.
pub fn read(file: &Path) -> Result<BTreeMap<String, Json>, String> {
    let place = file.display();
    let text = fs::read_to_string(file).map_err(|error| format!("{place}: {error}"))?;
    let (body, defects) = literal::read(&text).map_err(|defect| format!("{place}: {defect:?}"))?;
    if !defects.is_empty() {
        return Err(format!("{place}: {defects:?}"));
    }
    let rules = body
        .blocks
        .iter()
        .find_map(|block| block.body.attribute("rules"));
    let rules = rules.and_then(|rules| rules.value.object());
    let rules = rules.ok_or_else(|| format!("{place}: it has no rules"))?;
    Ok(rules
        .iter()
        .map(|row| (row.name.to_string(), json_of(&row.value)))
        .collect())
}

/// A literal, as JSON.
pub fn json_of(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Text(text) => Json::from(text.as_ref()),
        Value::Number(_) => Json::from(node.number().expect("numbers are small")),
        Value::Bool(value) => Json::from(*value),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Object(entries) => {
            let entries = entries.iter();
            entries
                .map(|entry| (entry.name.to_string(), json_of(&entry.value)))
                .collect()
        }
        Value::Null | Value::Path(_) => Json::Null,
    }
}
