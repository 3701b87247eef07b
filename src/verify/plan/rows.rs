//! The rows that the configuration of a plan gives to a module.

use std::borrow::Cow;

use super::Judge;
use super::calls::OurCall;
use super::json::Json;
use super::obstacle;
use super::reading::CHANGED;
use crate::literal::{Entry, Node, Value};
use crate::verify::compare::compare;
use crate::verify::opening::{Place, Site, Wanted, Way};
use crate::verify::proof::{Finding, Obstacle};
use crate::verify::rows::{Desk, read};

/// What differs between rows, and what of them can't be told.
pub type Difference = (Vec<Finding>, Vec<Obstacle>);

/// What differs between the rows of a call and those that are wanted; `None`: they aren't literal.
///
/// # Errors
/// When they can't be read.
pub fn rows(
    call: &OurCall<'_>,
    place: Place,
    judge: &Judge<'_>,
) -> Result<Option<Difference>, Obstacle> {
    let file = call.address();
    let refuse = |why: String| obstacle(&file, None, why, CHANGED);
    let constant = call
        .constant("rules")
        .map_err(|why| refuse(format!("`rules`: {why}")))?;
    let Some(constant) = constant else {
        return Ok(None);
    };
    let Some(object) = constant.object() else {
        return Err(refuse(format!("`rules` is `{constant}`")));
    };
    let entries: Vec<Entry<'_>> = object.iter().map(entry).collect();
    let desk = Desk {
        place,
        file: &file,
        numbers: judge.numbers,
    };
    let rows = read(desk, &entries);
    let wanted: Vec<Wanted> = judge
        .wanted
        .iter()
        .filter(|wanted| wanted.opening.way.place == place)
        .cloned()
        .collect();
    let home = |_: &Way| Site {
        file: file.clone(),
        line: None,
    };
    Ok(Some((compare(&wanted, &rows.found, &home), rows.obstacles)))
}

fn entry<'a>((name, value): (&'a String, &'a Json)) -> Entry<'a> {
    Entry {
        name: Cow::Borrowed(name),
        value: node(value),
        line: 0,
    }
}

fn node(value: &Json) -> Node<'_> {
    let value = match value {
        // No expression that is constant has it.
        Json::Unknown | Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number),
        Json::Text(text) => Value::Text(Cow::Borrowed(text)),
        Json::List(list) => Value::List(list.iter().map(node).collect()),
        Json::Object(object) => Value::Object(object.iter().map(entry).collect()),
    };
    Node { value, line: 0 }
}
