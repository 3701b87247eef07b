//! HCL that the program makes, in the layout of `terraform fmt`: two blanks a level, and `=` in one column over
//! neighbouring lines that hold a whole value each.
//!
//! [`literal`](crate::literal) reads what is written here. `hcl-rs` does neither: it knows nothing of that layout, takes
//! some 200 bytes for each network of a list, passes over the second mark in `${a}%${b}`, which Terraform would evaluate,
//! and searches all of an object for each entry that it reads.

mod text;

use std::borrow::Cow;
use std::fmt::{self, Display, Write};

use ipnet::IpNet;

use crate::catalogue::{HostPattern, network};

/// What stands on the right of `=`.
pub enum Value<'a> {
    Text(Cow<'a, str>),
    Number(u64),
    Bool(bool),
    /// A reference, as `var.cloud`.
    Path(String),
    /// A list on one line.
    List(Vec<Value<'a>>),
    /// A list of texts with one a line, so that one added item is one added line.
    Lines(&'a dyn Items),
    Object(Vec<(Key<'a>, Value<'a>)>),
}

/// How an object's entry is called.
pub enum Key<'a> {
    /// Bare; only for words that are identifiers.
    Word(Cow<'a, str>),
    /// Quoted.
    Text(&'a str),
}

/// What has a text for each line of a list. None of them is copied before it is written.
pub trait Items {
    fn each(&self, take: &mut dyn FnMut(&str));
}

impl Items for Vec<IpNet> {
    fn each(&self, take: &mut dyn FnMut(&str)) {
        let mut text = String::new();
        for network in self {
            text.clear();
            network::push(&mut text, network);
            take(&text);
        }
    }
}

impl Items for Vec<HostPattern> {
    fn each(&self, take: &mut dyn FnMut(&str)) {
        for host in self {
            take(&host.to_string());
        }
    }
}

/// An attribute or a block of a body.
pub struct Structure<'a> {
    is_spaced: bool,
    comment: Option<&'static str>,
    content: Content<'a>,
}

enum Content<'a> {
    Attribute(&'a str, Value<'a>),
    Block {
        kind: &'static str,
        label: Option<Cow<'a, str>>,
        body: Vec<Structure<'a>>,
    },
}

impl Structure<'_> {
    /// With an empty line before it, and before its comment.
    #[must_use]
    pub fn spaced(self) -> Self {
        Self {
            is_spaced: true,
            ..self
        }
    }

    /// With `comment` (without its `#`) on the line above.
    #[must_use]
    pub fn commented(self, comment: &'static str) -> Self {
        Self {
            comment: Some(comment),
            ..self
        }
    }

    /// How wide its name is, where `=` may stand in one column with that of its neighbours.
    fn width(&self) -> Option<usize> {
        match &self.content {
            Content::Attribute(name, value) if value.is_one_line() => Some(name.chars().count()),
            _ => None,
        }
    }
}

/// `name = value`.
#[must_use]
pub fn attribute<'a>(name: &'a str, value: impl Into<Value<'a>>) -> Structure<'a> {
    let content = Content::Attribute(name, value.into());
    Structure {
        is_spaced: false,
        comment: None,
        content,
    }
}

/// `kind { … }`, or `kind "label" { … }`.
#[must_use]
pub fn block<'a>(
    kind: &'static str,
    label: Option<Cow<'a, str>>,
    body: Vec<Structure<'a>>,
) -> Structure<'a> {
    Structure {
        is_spaced: false,
        comment: None,
        content: Content::Block { kind, label, body },
    }
}

/// A list of texts on one line.
pub fn texts<'a>(items: impl IntoIterator<Item = impl Into<Cow<'a, str>>>) -> Value<'a> {
    Value::List(
        items
            .into_iter()
            .map(|item| Value::Text(item.into()))
            .collect(),
    )
}

/// A list of numbers on one line.
#[must_use]
pub fn numbers(items: &[u16]) -> Value<'static> {
    let items = items.iter().map(|number| Value::Number((*number).into()));
    Value::List(items.collect())
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl Value<'_> {
    fn is_one_line(&self) -> bool {
        match self {
            Self::Object(entries) => entries.is_empty(),
            Self::Lines(_) => false,
            _ => true,
        }
    }
}

/// The text of a file.
#[must_use]
pub fn file(body: &[Structure<'_>]) -> String {
    written(|writer| writer.body(body, 0))
}

impl Display for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&written(|writer| writer.value(self, 0)))
    }
}

fn written(write: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::default();
    write(&mut writer);
    // It grew by doubling, and is kept until it is written.
    writer.text.shrink_to_fit();
    writer.text
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn body(&mut self, body: &[Structure<'_>], level: usize) {
        let lines = body.iter().map(|structure| {
            let begins = structure.is_spaced || structure.comment.is_some();
            (begins, structure.width())
        });
        for (structure, column) in body.iter().zip(columns(lines)) {
            if structure.is_spaced {
                self.text.push('\n');
            }
            if let Some(comment) = structure.comment {
                self.indent(level);
                self.push(&["# ", comment, "\n"]);
            }
            self.indent(level);
            match &structure.content {
                Content::Attribute(name, value) => {
                    self.assign(|writer| writer.text.push_str(name), column);
                    self.value(value, level);
                }
                Content::Block { kind, label, body } => {
                    self.push(&[kind, " "]);
                    if let Some(label) = label {
                        text::push(&mut self.text, label);
                        self.text.push(' ');
                    }
                    self.text.push_str("{\n");
                    self.body(body, level + 1);
                    self.indent(level);
                    self.text.push('}');
                }
            }
            self.text.push('\n');
        }
    }

    fn value(&mut self, value: &Value<'_>, level: usize) {
        match value {
            Value::Text(text) => text::push(&mut self.text, text),
            Value::Number(number) => self.display(number),
            Value::Bool(is) => self.display(is),
            Value::Path(path) => self.text.push_str(path),
            Value::List(items) => self.list(items, level),
            Value::Lines(items) => self.lines(*items, level),
            Value::Object(entries) => self.object(entries, level),
        }
    }

    fn list(&mut self, items: &[Value<'_>], level: usize) {
        self.text.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.value(item, level);
        }
        self.text.push(']');
    }

    fn lines(&mut self, items: &dyn Items, level: usize) {
        self.text.push_str("[\n");
        items.each(&mut |item| {
            self.indent(level + 1);
            text::push(&mut self.text, item);
            self.text.push_str(",\n");
        });
        self.indent(level);
        self.text.push(']');
    }

    fn object(&mut self, entries: &[(Key<'_>, Value<'_>)], level: usize) {
        if entries.is_empty() {
            self.text.push_str("{}");
            return;
        }
        let lines = entries
            .iter()
            .map(|(key, value)| (false, value.is_one_line().then(|| key.width())));
        self.text.push_str("{\n");
        for ((key, value), column) in entries.iter().zip(columns(lines)) {
            self.indent(level + 1);
            self.assign(|writer| key.write(&mut writer.text), column);
            self.value(value, level + 1);
            self.text.push('\n');
        }
        self.indent(level);
        self.text.push('}');
    }

    /// A name, and `=` at least `column` characters behind its beginning.
    fn assign(&mut self, name: impl FnOnce(&mut Self), column: usize) {
        let start = self.text.len();
        name(self);
        let width = self.text[start..].chars().count();
        for _ in width..column.max(width + 1) {
            self.text.push(' ');
        }
        self.text.push_str("= ");
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
    }

    fn push(&mut self, texts: &[&str]) {
        for text in texts {
            self.text.push_str(text);
        }
    }

    fn display(&mut self, value: &dyn Display) {
        write!(self.text, "{value}").expect("a string takes all that is written");
    }
}

impl Key<'_> {
    fn write(&self, text: &mut String) {
        match self {
            Self::Word(word) => text.push_str(word),
            Self::Text(key) => text::push(text, key),
        }
    }

    fn width(&self) -> usize {
        let mut text = String::new();
        self.write(&mut text);
        text.chars().count()
    }
}

/// In which column `=` stands on each of these lines: whether it begins something new, and how wide its name is, where
/// it holds a whole value.
fn columns(lines: impl Iterator<Item = (bool, Option<usize>)>) -> Vec<usize> {
    let mut columns: Vec<usize> = Vec::new();
    let mut first = 0;
    for (index, (begins, width)) in lines.enumerate() {
        if begins {
            first = index;
        }
        let Some(width) = width else {
            columns.push(0);
            first = index + 1;
            continue;
        };
        let before = columns[first..].first().copied().unwrap_or(0);
        let column = before.max(width + 1);
        if column > before {
            columns[first..].fill(column);
        }
        columns.push(column);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_signs_stand_in_one_column_until_something_begins_or_takes_several_lines() {
        let networks = ["10.0.0.0/8", "192.0.2.0/24"].map(|text| network::parse(text).unwrap());
        let networks = networks.to_vec();
        let entries = vec![
            (Key::Word("set".into()), "a".into()),
            (Key::Text("${b}"), Value::Number(5)),
            (Key::Word("networks".into()), Value::Lines(&networks)),
            (Key::Word("c".into()), Value::Bool(true)),
        ];
        let body = vec![
            attribute("source", "../x"),
            attribute("cloud", "\"\n").spaced(),
            attribute("traffic", Value::Path("var.traffic".to_owned())),
            attribute("rules", Value::Object(entries)).commented("What is open."),
            attribute("none", Value::Object(Vec::new())),
        ];
        let written = file(&[block("module", Some("rules".into()), body)]);
        let expected = r#"module "rules" {
  source = "../x"

  cloud   = "\"\n"
  traffic = var.traffic
  # What is open.
  rules = {
    set     = "a"
    "$${b}" = 5
    networks = [
      "10.0.0.0/8",
      "192.0.2.0/24",
    ]
    c = true
  }
  none = {}
}
"#;
        assert_eq!(written, expected);
    }
}
