//! Rows as HCL, and rows read back from it: one pair for all targets.

use ::hcl::Number;
use ::hcl::edit::Ident;
use ::hcl::edit::expr::{Expression, Object};
use ::hcl::edit::structure::Body;

use crate::catalogue::ServiceTag;
use crate::catalogue::network;
use crate::catalogue::{
    Direction, HostPattern, Kind, PortRange, Protocol, RangeName, Role, SetKey,
};
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
/// Where it is no HCL, with the line.
pub fn parse(text: &str) -> Result<Body, String> {
    text.parse().map_err(|error: hcl::edit::parser::Error| {
        format!("line {}: {}", error.location().line(), error.message())
    })
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

/// Reads the rows of a generated `main.tf`.
///
/// # Errors
/// Everything that is not as [`rows_to_hcl`] writes it: a missing or unknown field, an expression
/// where a literal belongs, a value that doesn't parse.
pub fn hcl_to_rows(body: &Body) -> Result<Rows, Vec<String>> {
    let block = body
        .get_blocks("module")
        .find(|block| block.has_exact_labels(&[MODULE]));
    let rules = block.and_then(|block| block.body.get_attribute(ATTRIBUTE));
    let Some(Expression::Object(object)) = rules.map(|attribute| &attribute.value) else {
        return Err(vec![format!(
            "it has no `{ATTRIBUTE}` map in a block `module \"{MODULE}\"`"
        )]);
    };
    let mut rows = Rows::new();
    let mut defects = Vec::new();
    for (key, value) in object {
        let Some(name) = key.as_expr().and_then(Expression::as_str) else {
            defects.push("a row's key is not a quoted string".to_owned());
            continue;
        };
        match row_from_hcl(value.expr()) {
            Ok(row) if rows.contains_key(name) => {
                drop(row);
                defects.push(format!("the row `{name}` stands twice"));
            }
            Ok(row) => {
                rows.insert(name.to_owned(), row);
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

fn row_from_hcl(value: &Expression) -> Result<Row, String> {
    let object = value.as_object().ok_or("it is not an object")?;
    let mut fields = Fields::read(object)?;
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
struct Fields<'a>(Vec<(&'a str, &'a Expression)>);

impl<'a> Fields<'a> {
    fn read(object: &'a Object) -> Result<Self, String> {
        let mut fields: Vec<(&str, &Expression)> = Vec::with_capacity(object.len());
        for (key, value) in object {
            let name = key
                .as_ident()
                .map(Ident::as_str)
                .ok_or("a field's name is not a plain word")?;
            if fields.iter().any(|(other, _)| *other == name) {
                return Err(format!("the field `{name}` stands twice"));
            }
            fields.push((name, value.expr()));
        }
        Ok(Self(fields))
    }

    fn optional(&mut self, name: &str) -> Option<&'a Expression> {
        let index = self.0.iter().position(|(other, _)| *other == name)?;
        Some(self.0.swap_remove(index).1)
    }

    fn required(&mut self, name: &str) -> Result<&'a Expression, String> {
        self.optional(name)
            .ok_or_else(|| format!("it has no field `{name}`"))
    }

    fn parse<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        let text = literal(name, self.required(name)?)?;
        parse(text).map_err(|why| format!("`{name}`: {why}"))
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
        whole_number(value)
            .map(Some)
            .ok_or_else(|| format!("`{name}` is not a whole number"))
    }

    fn slots(&mut self) -> Result<Vec<u16>, String> {
        let Some(value) = self.optional("slots") else {
            return Ok(Vec::new());
        };
        value
            .as_array()
            .filter(|array| !array.is_empty())
            .and_then(|array| array.iter().map(whole_number).collect())
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
            let name = RangeName::parse(literal("range", value)?);
            found.push(PermitRemote::Range(
                name.map_err(|why| format!("`range`: {why}"))?,
            ));
        }
        if let Some(value) = self.optional("service_tag") {
            let tag = ServiceTag::parse(literal("service_tag", value)?);
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
            if value.as_bool() != Some(true) {
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
            Some((name, _)) => Err(format!("the field `{name}` is not known")),
        }
    }
}

/// A number that a row or a list of groups holds.
pub fn whole_number(value: &Expression) -> Option<u16> {
    value
        .as_number()
        .and_then(Number::as_u64)
        .and_then(|number| u16::try_from(number).ok())
}

fn literal<'a>(name: &str, value: &'a Expression) -> Result<&'a str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("`{name}` is not a literal string"))
}

fn items<T>(
    name: &str,
    value: &Expression,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let array = value
        .as_array()
        .ok_or_else(|| format!("`{name}` is not a list"))?;
    if array.is_empty() {
        return Err(format!("`{name}` is empty"));
    }
    array
        .iter()
        .map(|item| parse(literal(name, item)?).map_err(|why| format!("`{name}`: {why}")))
        .collect()
}
