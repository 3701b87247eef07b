//! A generated `main.tf` taken apart, line by line: so that a mutation can change it without any of the program's own
//! readers and writers.

use std::ops::RangeInclusive;

#[derive(Clone, PartialEq, Debug)]
pub struct MainTf {
    /// All lines up to `rules = {`.
    pub head: Vec<String>,
    pub rows: Vec<Row>,
    /// All lines from the `}` of `rules`.
    pub tail: Vec<String>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    pub key: String,
    pub fields: Vec<Field>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    pub name: String,
    pub value: Value,
}

/// A value, each literal as it is spelt.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    Plain(String),
    /// A list on one line.
    List(Vec<String>),
    /// A list with a line an item.
    Lines(Vec<String>),
}

/// Which lines are whose, from 1.
pub struct Rendered {
    pub text: String,
    /// Of each row, in their order.
    pub spans: Vec<(String, RangeInclusive<usize>)>,
}

impl MainTf {
    /// `None`: `text` has no rows.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut head = Vec::new();
        for line in lines.by_ref() {
            head.push(line.to_owned());
            if line == "  rules = {" {
                break;
            }
        }
        let mut rows = Vec::new();
        let mut tail = Vec::new();
        while let Some(line) = lines.next() {
            let key = line
                .strip_prefix("    \"")
                .and_then(|rest| rest.strip_suffix("\" = {"));
            if let Some(key) = key {
                rows.push(row(key, &mut lines));
            } else {
                tail.push(line.to_owned());
            }
        }
        (!rows.is_empty()).then_some(Self { head, rows, tail })
    }

    pub fn render(&self) -> Rendered {
        let mut lines = self.head.clone();
        let mut spans = Vec::new();
        for row in &self.rows {
            let first = lines.len() + 1;
            lines.push(format!("    \"{}\" = {{", row.key));
            lines.extend(row.lines());
            lines.push("    }".to_owned());
            spans.push((row.key.clone(), first..=lines.len()));
        }
        lines.extend(self.tail.iter().cloned());
        let mut text = lines.join("\n");
        text.push('\n');
        Rendered { text, spans }
    }
}

impl Row {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.name == name)
    }

    /// The text between the quotes of the field `name`.
    pub fn text(&self, name: &str) -> Option<&str> {
        unquoted(self.field(name)?.value.plain()?)
    }

    pub fn set(&mut self, name: &str, spelt: impl Into<String>) {
        if let Some(field) = self.field_mut(name) {
            field.value = Value::Plain(spelt.into());
        }
    }

    /// The items of the list `name`.
    pub fn list_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        match &mut self.field_mut(name)?.value {
            Value::Plain(_) => None,
            Value::List(items) | Value::Lines(items) => Some(items),
        }
    }

    pub fn list(&self, name: &str) -> Option<&[String]> {
        self.field(name)?.value.items()
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for group in self
            .fields
            .chunk_by(|a, b| a.value.is_short() && b.value.is_short())
        {
            let width = group.iter().map(|field| field.name.len()).max();
            let width = width.unwrap_or_default();
            for Field { name, value } in group {
                match value {
                    Value::Plain(spelt) => lines.push(format!("      {name:width$} = {spelt}")),
                    Value::List(items) => {
                        lines.push(format!("      {name:width$} = [{}]", items.join(", ")));
                    }
                    Value::Lines(items) => {
                        lines.push(format!("      {name} = ["));
                        lines.extend(items.iter().map(|item| format!("        {item},")));
                        lines.push("      ]".to_owned());
                    }
                }
            }
        }
        lines
    }
}

impl Value {
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Plain(spelt) => Some(spelt),
            _ => None,
        }
    }

    pub fn items(&self) -> Option<&[String]> {
        match self {
            Self::Plain(_) => None,
            Self::List(items) | Self::Lines(items) => Some(items),
        }
    }

    fn is_short(&self) -> bool {
        !matches!(self, Self::Lines(_))
    }
}

pub fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

pub fn unquoted(spelt: &str) -> Option<&str> {
    spelt.strip_prefix('"')?.strip_suffix('"')
}

/// What the rows of one permit have in common, where security groups share them out: the key without group and slot.
pub fn permit(key: &str) -> &str {
    let without = |key: &'_ str, is_number: fn(&str) -> bool| -> usize {
        match key.rsplit_once('.') {
            Some((start, end)) if is_number(end) => start.len(),
            _ => key.len(),
        }
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let slot = |text: &str| text.starts_with("slot");
    let key = &key[..without(key, slot)];
    &key[..without(key, digits)]
}

fn row<'t>(key: &str, lines: &mut impl Iterator<Item = &'t str>) -> Row {
    let mut fields = Vec::new();
    while let Some(line) = lines.next().filter(|line| *line != "    }") {
        let (name, spelt) = line.split_once('=').expect("a field has a value");
        let (name, spelt) = (name.trim().to_owned(), spelt.trim());
        let inner = spelt
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let value = match inner {
            _ if spelt == "[" => Value::Lines(
                lines
                    .by_ref()
                    .take_while(|line| *line != "      ]")
                    .map(|line| line.trim().trim_end_matches(',').to_owned())
                    .collect(),
            ),
            Some(items) => Value::List(items.split(", ").map(str::to_owned).collect()),
            None => Value::Plain(spelt.to_owned()),
        };
        fields.push(Field { name, value });
    }
    Row {
        key: key.to_owned(),
        fields,
    }
}
