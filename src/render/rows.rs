//! Rows as HCL, and rows read back from it: one pair for all targets.

use crate::catalogue::ServiceTag;
use crate::catalogue::network;
use crate::catalogue::{
    Direction, HostPattern, Kind, PortRange, Protocol, RangeName, Role, SetKey,
};
use crate::literal::{self, Body, Defect, Entry, Node};
use crate::permit::PermitRemote;
use crate::plan::{Row, Rows};
use crate::render::hcl::{Key, Value, numbers, texts};

/// The label of the `module` block that holds the rows.
pub const MODULE: &str = "rules";

/// The attribute of that block that holds the rows.
pub const ATTRIBUTE: &str = "rules";

/// The field of a row that opens to every address of its kind: said by a word, since no list of
/// networks may hold one that does.
const ANYWHERE: &str = "anywhere";

/// Reads the text of a file that has rows.
///
/// # Errors
/// Where it is not made of literals, and everything that stands twice, each with its line.
pub fn parse(text: &str) -> Result<Body<'_>, Vec<String>> {
    let said = |Defect { line, why }| format!("line {line}: {why}");
    match literal::read(text) {
        Ok((body, defects)) if defects.is_empty() => Ok(body),
        Ok((_, defects)) => Err(defects.into_iter().map(said).collect()),
        Err(defect) => Err(vec![said(defect)]),
    }
}

/// The value of `name` in the block that holds the rows.
#[must_use]
pub fn argument<'b, 't>(body: &'b Body<'t>, name: &str) -> Option<&'b Node<'t>> {
    let mut blocks = body.blocks.iter();
    let block = blocks.find(|block| block.kind == "module" && block.labels == [MODULE])?;
    Some(&block.body.attribute(name)?.value)
}

/// The value of the `rules` attribute: one entry a row, sorted by key.
#[must_use]
pub fn rows_to_hcl(rows: &Rows) -> Value<'_> {
    let rows = rows.iter();
    Value::Object(
        rows.map(|(key, row)| (Key::Text(key), row_to_hcl(row)))
            .collect(),
    )
}

fn row_to_hcl(row: &Row) -> Value<'_> {
    let number = |number: u16| Value::Number(number.into());
    let slots = (!row.slots.is_empty()).then(|| numbers(&row.slots));
    let fields = [
        ("set", Some(row.set.as_str().into())),
        ("description", Some(row.description.as_str().into())),
        ("direction", Some(row.direction.as_str().into())),
        ("priority", row.priority.map(number)),
        ("group", row.group.map(number)),
        ("role", Some(row.role.as_str().into())),
        ("protocol", Some(row.protocol.as_str().into())),
        (
            "ports",
            Some(texts(row.ports.iter().map(ToString::to_string))),
        ),
        ("slots", slots),
        ("kind", Some(row.kind.as_str().into())),
        remote_to_hcl(&row.remote),
    ];
    let fields = fields.into_iter();
    Value::Object(
        fields
            .filter_map(|(name, value)| Some((Key::Word(name.into()), value?)))
            .collect(),
    )
}

fn remote_to_hcl(remote: &PermitRemote) -> (&'static str, Option<Value<'_>>) {
    let (name, value) = match remote {
        remote if remote.is_anywhere() => (ANYWHERE, Value::Bool(true)),
        PermitRemote::Networks(networks) => ("networks", Value::Lines(networks)),
        PermitRemote::Hosts(hosts) => ("hosts", Value::Lines(hosts)),
        PermitRemote::Range(name) => ("range", name.as_str().into()),
        PermitRemote::ServiceTag(tag) => ("service_tag", tag.to_string().into()),
    };
    (name, Some(value))
}

/// Reads the rows of a generated `main.tf` that [`parse`] took.
///
/// # Errors
/// Everything that is not as [`rows_to_hcl`] writes it: a missing or unknown field, a reference
/// where a value belongs, a value that doesn't parse.
pub fn hcl_to_rows(body: &Body<'_>) -> Result<Rows, Vec<String>> {
    let Some(entries) = argument(body, ATTRIBUTE).and_then(Node::object) else {
        return Err(vec![format!(
            "it has no `{ATTRIBUTE}` map in a block `module \"{MODULE}\"`"
        )]);
    };
    let mut rows = Rows::new();
    let mut defects = Vec::new();
    for Entry { name, value, .. } in entries {
        match row_from_hcl(value) {
            Ok(row) => {
                rows.insert(name.to_string(), row);
            }
            Err(why) => defects.push(format!("row `{name}`: {why}")),
        }
    }
    if defects.is_empty() {
        Ok(rows)
    } else {
        Err(defects)
    }
}

fn row_from_hcl(value: &Node<'_>) -> Result<Row, String> {
    let entries = value.object().ok_or("it is not an object")?;
    let mut fields = Fields(entries.iter().collect());
    let kind = fields.word("kind", Kind::parse)?;
    let row = Row {
        set: fields.parse("set", SetKey::parse)?,
        description: fields.parse("description", |text| Ok(text.to_owned()))?,
        direction: fields.word("direction", Direction::parse)?,
        priority: fields.number("priority")?,
        group: fields.number("group")?,
        role: fields.parse("role", Role::parse)?,
        protocol: fields.word("protocol", Protocol::parse)?,
        ports: fields.list("ports", PortRange::parse)?,
        slots: fields.slots()?,
        kind,
        remote: fields.remote(kind)?,
    };
    fields.none_left()?;
    if !row.slots.is_empty() && row.slots.len() != row.ports.len() {
        return Err("`slots` needs one number a port".to_owned());
    }
    Ok(row)
}

/// The attributes of a row that were not taken yet.
struct Fields<'b, 't>(Vec<&'b Entry<'t>>);

impl<'b, 't> Fields<'b, 't> {
    fn optional(&mut self, name: &str) -> Option<&'b Node<'t>> {
        let index = self.0.iter().position(|field| field.name == name)?;
        Some(&self.0.swap_remove(index).value)
    }

    fn required(&mut self, name: &str) -> Result<&'b Node<'t>, String> {
        self.optional(name)
            .ok_or_else(|| format!("it has no field `{name}`"))
    }

    fn parse<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        parse(text(name, self.required(name)?)?).map_err(|why| format!("`{name}`: {why}"))
    }

    fn word<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        self.parse(name, |text| {
            parse(text).ok_or_else(|| format!("`{}` is not known", text.escape_debug()))
        })
    }

    fn list<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let value = self.required(name)?;
        items(name, value, parse)
    }

    fn number(&mut self, name: &str) -> Result<Option<u16>, String> {
        let Some(value) = self.optional(name) else {
            return Ok(None);
        };
        value
            .number()
            .map(Some)
            .ok_or_else(|| format!("`{name}` is not a whole number"))
    }

    fn slots(&mut self) -> Result<Vec<u16>, String> {
        let Some(value) = self.optional("slots") else {
            return Ok(Vec::new());
        };
        value
            .list()
            .filter(|items| !items.is_empty())
            .and_then(|items| items.iter().map(Node::number).collect())
            .ok_or_else(|| "`slots` is not a list of whole numbers".to_owned())
    }

    fn remote(&mut self, kind: Kind) -> Result<PermitRemote, String> {
        let mut found: Vec<PermitRemote> = Vec::new();
        if let Some(value) = self.optional("networks") {
            let networks = items("networks", value, network::parse)?;
            found.push(PermitRemote::Networks(networks));
        }
        if let Some(value) = self.optional("hosts") {
            found.push(PermitRemote::Hosts(items(
                "hosts",
                value,
                HostPattern::parse,
            )?));
        }
        if let Some(value) = self.optional("range") {
            let name = RangeName::parse(text("range", value)?);
            found.push(PermitRemote::Range(
                name.map_err(|why| format!("`range`: {why}"))?,
            ));
        }
        if let Some(value) = self.optional("service_tag") {
            let tag = ServiceTag::parse(text("service_tag", value)?);
            found.push(PermitRemote::ServiceTag(
                tag.map_err(|why| format!("`service_tag`: {why}"))?,
            ));
        }
        if let Some(value) = self.optional(ANYWHERE) {
            let every = match kind {
                Kind::Ipv4 => network::EVERY_IPV4,
                Kind::Ipv6 => network::EVERY_IPV6,
                Kind::Fqdn => return Err(format!("`{ANYWHERE}` goes with `ipv4` or `ipv6`")),
            };
            if value.value != literal::Value::Bool(true) {
                return Err(format!("`{ANYWHERE}` is not `true`"));
            }
            found.push(PermitRemote::Networks(vec![every]));
        }
        match (found.pop(), found.is_empty()) {
            (Some(remote), true) => Ok(remote),
            _ => Err("it needs exactly one of `networks`, `hosts`, `range`, `service_tag` and `anywhere`".to_owned()),
        }
    }

    fn none_left(&self) -> Result<(), String> {
        match self.0.first() {
            None => Ok(()),
            Some(field) => Err(format!("the field `{}` is not known", field.name)),
        }
    }
}

fn text<'b>(name: &str, value: &'b Node<'_>) -> Result<&'b str, String> {
    value
        .text()
        .ok_or_else(|| format!("`{name}` is not a literal string"))
}

fn items<T>(
    name: &str,
    value: &Node<'_>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let items = value
        .list()
        .ok_or_else(|| format!("`{name}` is not a list"))?;
    if items.is_empty() {
        return Err(format!("`{name}` is empty"));
    }
    items
        .iter()
        .map(|item| parse(text(name, item)?).map_err(|why| format!("`{name}`: {why}")))
        .collect()
}
