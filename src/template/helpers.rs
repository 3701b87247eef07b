//! What a template can do with the permits, beside Handlebars' own `each`, `if`, `eq`, `and`, `lookup`
//! and so on.
//!
//! | Helper | Gives |
//! |---|---|
//! | `by_family LIST KIND` | the permits, role families or ranges of a kind: `ipv4`, `ipv6`, `fqdn` |
//! | `by_role LIST ROLE` | the permits of a role |
//! | `by_direction LIST DIRECTION` | the permits of a direction |
//! | `chunk LIST N` | the list in lists of at most N |
//! | `join LIST TEXT` | the elements, with TEXT between them; of ports, their text |
//! | `address CIDR` | its address: `20.20.32.0` |
//! | `length CIDR` | its prefix length: `19` |
//! | `netmask CIDR` | of IPv4: `255.255.224.0` |
//! | `wildcard CIDR` | the netmask turned round: `0.0.31.255` |
//! | `is_host CIDR` | whether it is a single address |
//! | `concat TEXT …` | all of them, one after the other |
//! | `word TEXT` | letters, digits and `_` only |
//! | `shorten TEXT N` | at most N characters, 10 or more: a longer text is cut, and ends in `-` and eight digits made of all of it |
//! | `json VALUE` | the value as JSON, on one line |
//! | `csv TEXT` | a CSV cell, in quotes |
//! | `shell TEXT` | one word of a POSIX shell |
//!
//! What stands between two braces is escaped, whatever helper it comes from, so that only letters,
//! digits, blanks and ` ._:/,()*-` remain; `json`, `csv` and `shell` escape for their own format instead.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson, RenderContext,
    RenderError, RenderErrorReason, ScopedJson,
};
use ipnet::IpNet;
use serde_json::Value;

use super::escape;
use crate::error::quoted;
use crate::source::digest::sha256;

/// A helper that gives a value, which is then escaped.
struct Gives {
    name: &'static str,
    give: fn(&[&Value]) -> Result<Value, String>,
}

/// A helper that writes, escaped for a format of its own.
struct Writes {
    name: &'static str,
    write: fn(&Value) -> String,
}

const GIVING: [Gives; 13] = [
    Gives {
        name: "by_family",
        give: |p| filter(p, "kind"),
    },
    Gives {
        name: "by_role",
        give: |p| filter(p, "role"),
    },
    Gives {
        name: "by_direction",
        give: |p| filter(p, "direction"),
    },
    Gives {
        name: "chunk",
        give: chunk,
    },
    Gives {
        name: "join",
        give: join,
    },
    Gives {
        name: "address",
        give: |p| Ok(network(p)?.addr().to_string().into()),
    },
    Gives {
        name: "length",
        give: |p| Ok(network(p)?.prefix_len().into()),
    },
    Gives {
        name: "netmask",
        give: |p| mask(p, |network| network.netmask().to_string()),
    },
    Gives {
        name: "wildcard",
        give: |p| mask(p, |network| network.hostmask().to_string()),
    },
    Gives {
        name: "is_host",
        give: |p| {
            network(p).map(|network| (network.prefix_len() == network.max_prefix_len()).into())
        },
    },
    Gives {
        name: "concat",
        give: |params| {
            Ok(params
                .iter()
                .map(|value| shown(value))
                .collect::<String>()
                .into())
        },
    },
    Gives {
        name: "word",
        give: |p| Ok(escape::word(text(p, 0)?).into()),
    },
    Gives {
        name: "shorten",
        give: shorten,
    },
];

const WRITING: [Writes; 3] = [
    Writes {
        name: "json",
        write: escape::json,
    },
    Writes {
        name: "csv",
        write: |value| escape::csv(&shown(value)),
    },
    Writes {
        name: "shell",
        write: |value| escape::shell(&shown(value)),
    },
];

/// Adds them to `engine`.
pub fn register(engine: &mut Handlebars<'_>) {
    for helper in GIVING {
        engine.register_helper(helper.name, Box::new(helper));
    }
    for helper in WRITING {
        engine.register_helper(helper.name, Box::new(helper));
    }
}

/// Their names, as they stand in a sentence.
pub fn names() -> String {
    let giving = GIVING.iter().map(|helper| helper.name);
    let names: Vec<&str> = giving
        .chain(WRITING.iter().map(|helper| helper.name))
        .collect();
    quoted(&names)
}

/// Whether `name` is one of them.
pub fn is_one(name: &str) -> bool {
    GIVING.iter().any(|helper| helper.name == name)
        || WRITING.iter().any(|helper| helper.name == name)
}

/// Of what one helper gives: texts that hold texts would double without end.
const MOST_BYTES: usize = 1 << 20;

fn failed(name: &str, why: &str) -> RenderError {
    RenderErrorReason::Other(format!("helper `{name}`: {why}")).into()
}

impl HelperDef for Gives {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let params: Vec<&Value> = helper.params().iter().map(PathAndJson::value).collect();
        match (self.give)(&params) {
            Ok(Value::String(text)) if text.len() > MOST_BYTES => Err(failed(
                self.name,
                &format!("its text is longer than {MOST_BYTES} bytes"),
            )),
            Ok(value) => Ok(ScopedJson::Derived(value)),
            Err(why) => Err(failed(self.name, &why)),
        }
    }
}

impl HelperDef for Writes {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        output: &mut dyn Output,
    ) -> HelperResult {
        let value = helper
            .param(0)
            .ok_or_else(|| failed(self.name, "it needs a value"))?;
        output.write(&(self.write)(value.value()))?;
        Ok(())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

fn list<'a>(params: &[&'a Value]) -> Result<&'a Vec<Value>, String> {
    params
        .first()
        .and_then(|value| value.as_array())
        .ok_or_else(|| "its first parameter has to be a list".to_owned())
}

fn text<'a>(params: &[&'a Value], index: usize) -> Result<&'a str, String> {
    params
        .get(index)
        .and_then(|value| value.as_str())
        .ok_or_else(|| format!("its parameter {} has to be a text", index + 1))
}

fn count(params: &[&Value], index: usize) -> Result<usize, String> {
    params
        .get(index)
        .and_then(|value| value.as_u64())
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("its parameter {} has to be a number from 1", index + 1))
}

fn filter(params: &[&Value], field: &str) -> Result<Value, String> {
    let wanted = text(params, 1)?;
    let known: &[&str] = match field {
        "kind" => &["ipv4", "ipv6", "fqdn"],
        "direction" => &["inbound", "outbound"],
        _ => &[],
    };
    if !known.is_empty() && !known.contains(&wanted) {
        return Err(format!(
            "`{}` is none of {}",
            wanted.escape_debug(),
            quoted(known)
        ));
    }
    let elements = list(params)?.iter();
    let found = elements.filter(|element| element[field] == wanted);
    Ok(found.cloned().collect())
}

fn chunk(params: &[&Value]) -> Result<Value, String> {
    let size = count(params, 1)?;
    let chunks = list(params)?.chunks(size);
    Ok(chunks.map(|chunk| Value::Array(chunk.to_vec())).collect())
}

fn join(params: &[&Value]) -> Result<Value, String> {
    let separator = text(params, 1)?;
    let texts: Vec<String> = list(params)?
        .iter()
        .map(|element| element.get("text").map_or_else(|| shown(element), shown))
        .collect();
    Ok(texts.join(separator).into())
}

fn network(params: &[&Value]) -> Result<IpNet, String> {
    let text = text(params, 0)?;
    text.parse()
        .map_err(|_| format!("`{}` is no CIDR", text.escape_debug()))
}

fn mask(params: &[&Value], mask: fn(&IpNet) -> String) -> Result<Value, String> {
    let network = network(params)?;
    match network {
        IpNet::V4(_) => Ok(mask(&network).into()),
        IpNet::V6(_) => Err(format!(
            "`{network}` is IPv6, which has prefix lengths only"
        )),
    }
}

/// Digits at the end of a shortened text, that make it another one than all that begin alike.
const DIGITS: usize = 8;

fn shorten(params: &[&Value]) -> Result<Value, String> {
    let (text, most) = (text(params, 0)?, count(params, 1)?);
    if text.chars().count() <= most {
        return Ok(text.into());
    }
    if most <= DIGITS + 1 {
        return Err(format!(
            "{most} characters leave no room for a text and {DIGITS} digits"
        ));
    }
    let start: String = text.chars().take(most - DIGITS - 1).collect();
    let digest = sha256(text.as_bytes());
    let digits = digest.trim_start_matches("sha256:");
    Ok(format!("{start}-{}", &digits[..DIGITS]).into())
}
