//! The entries of an answer, as they stand there, and what each of them says.

use std::collections::BTreeSet;
use std::path::Path;

use ipnet::IpNet;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::catalogue::{HostPattern, PortRange, network};
use crate::error::{Error, Errors, MOST, Result};

/// The `serviceArea` of Exchange's entries.
const EXCHANGE_AREA: &str = "Exchange";

/// One entry: plain texts, trimmed. Absent facts are sometimes empty ones, and are absent here.
#[derive(Debug)]
pub struct Entry {
    pub id: u32,
    pub area: String,
    pub display_name: String,
    pub urls: Vec<String>,
    pub ips: Vec<String>,
    /// As `80,443` or `143, 587`.
    pub tcp: String,
    pub udp: String,
    pub category: String,
    pub required: Option<bool>,
    pub express_route: Option<bool>,
}

/// Reads the entries of an answer; `path` is what errors call it. Returns what is wrong with those that
/// are none, too, so that it is told together with what is wrong in the others.
///
/// # Errors
/// When `bytes` are no such answer.
pub fn read(path: &Path, bytes: &[u8]) -> Result<(Vec<Entry>, Vec<String>)> {
    let malformed = |why| malformed(path, why);
    // Saved by a browser or by PowerShell, the answer may start with a byte order mark.
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(json).map_err(|error| {
        let hint = match json.trim_ascii_start().first() {
            Some(b'<') => " (it is a web page, or RSS)",
            None => " (it is empty)",
            _ => "",
        };
        let place = format!("line {}, column {}", error.line(), error.column());
        Errors::from(malformed(format!("{place}: {error}{hint}")))
    })?;
    once(json).map_err(|why| Errors::from(malformed(why)))?;
    if let Some(what) = another_answer(&value) {
        return Err(malformed(format!("it is {what}")).into());
    }
    let Value::Array(items) = value else {
        return Err(malformed("it is no list of entries".to_owned()).into());
    };
    let mut whys = Vec::new();
    let mut ids = BTreeSet::new();
    let mut entries = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if whys.len() >= MOST {
            whys.push("more of it is wrong".to_owned());
            break;
        }
        match entry(item) {
            Ok(entry) => {
                if !ids.insert(entry.id) {
                    whys.push(format!("two entries have the id {}", entry.id));
                }
                entries.push(entry);
            }
            Err(found) => {
                let id = item.get("id").filter(|id| id.is_u64());
                let name = id.map_or_else(
                    || format!("entry number {} of the list", index + 1),
                    |id| format!("entry {id}"),
                );
                whys.extend(found.into_iter().map(|why| format!("{name}: {why}")));
            }
        }
    }
    Ok((entries, whys))
}

/// Refuses an entry that says something twice: of two lists, nobody knows which one a reader takes.
fn once(json: &[u8]) -> std::result::Result<(), String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)] // only that each stands there once matters
    struct Fields {
        id: Option<IgnoredAny>,
        service_area: Option<IgnoredAny>,
        urls: Option<IgnoredAny>,
        ips: Option<IgnoredAny>,
        tcp_ports: Option<IgnoredAny>,
        udp_ports: Option<IgnoredAny>,
        category: Option<IgnoredAny>,
        required: Option<IgnoredAny>,
        express_route: Option<IgnoredAny>,
    }
    match serde_json::from_slice::<Vec<Fields>>(json) {
        Err(error) if error.to_string().contains("duplicate field") => {
            Err(format!("line {}: {error}", error.line()))
        }
        // What else is wrong is told where it is read.
        _ => Ok(()),
    }
}

/// Says what an answer is that is no good.
pub fn malformed(path: &Path, why: String) -> Error {
    Error::Malformed {
        path: path.to_owned(),
        why,
        mend: "it should be the JSON that `https://endpoints.office.com/endpoints/…` answers"
            .to_owned(),
    }
}

/// Says what is wrong within an answer.
pub fn corrupt(path: &Path, why: String) -> Error {
    Error::Malformed {
        path: path.to_owned(),
        why,
        mend: "fetch the answer anew".to_owned(),
    }
}

impl Entry {
    /// Whether its addresses are among those of `exchange_online`.
    pub fn is_exchange(&self) -> bool {
        self.area == EXCHANGE_AREA
    }

    /// Its addresses, in their order.
    ///
    /// # Errors
    /// Every one that can't be, with the entry's id.
    pub fn networks(&self) -> std::result::Result<Vec<IpNet>, Vec<String>> {
        self.all(&self.ips, network_of_microsofts)
    }

    /// Its host names and patterns, sorted, each once.
    ///
    /// # Errors
    /// Every one that is none, with the entry's id.
    pub fn hosts(&self) -> std::result::Result<Vec<HostPattern>, Vec<String>> {
        let mut hosts = self.all(&self.urls, host)?;
        hosts.sort_unstable();
        hosts.dedup();
        Ok(hosts)
    }

    /// Its host names that are some; the others are nobody's.
    pub fn known_hosts(&self) -> impl Iterator<Item = HostPattern> {
        self.urls.iter().filter_map(|text| host(text).ok())
    }

    /// Its TCP and UDP ports, sorted; empty where it says none.
    ///
    /// # Errors
    /// What is wrong with them, with the entry's id.
    pub fn ports(&self) -> std::result::Result<(Vec<PortRange>, Vec<PortRange>), Vec<String>> {
        let (tcp, udp) = (ports(&self.tcp), ports(&self.udp));
        match (tcp, udp) {
            (Ok(tcp), Ok(udp)) => Ok((tcp, udp)),
            (tcp, udp) => Err([tcp.err(), udp.err()]
                .into_iter()
                .flatten()
                .map(|why| self.told(&why))
                .collect()),
        }
    }

    pub fn told(&self, why: &str) -> String {
        format!("entry {}: {why}", self.id)
    }

    fn all<T>(
        &self,
        texts: &[String],
        parse: impl Fn(&str) -> std::result::Result<T, String>,
    ) -> std::result::Result<Vec<T>, Vec<String>> {
        let (mut values, mut whys) = (Vec::with_capacity(texts.len()), Vec::new());
        for text in texts {
            match parse(text) {
                Ok(value) => values.push(value),
                Err(why) => whys.push(self.told(&why)),
            }
        }
        if whys.is_empty() {
            Ok(values)
        } else {
            Err(whys)
        }
    }
}

/// What `value` is where it is another answer of the web service's, or a file of ours.
fn another_answer(value: &Value) -> Option<&'static str> {
    let first = match value {
        Value::Array(items) => items.first()?,
        other => other,
    };
    let has = |name| first.get(name).is_some();
    if has("disposition") || has("endpointSetId") {
        Some("the answer to `/changes`, which says only what has changed")
    } else if has("latest") {
        Some("the answer to `/version`; name it with `--service-version`")
    } else if has("schema") && has("source") {
        Some("a catalogue already; name it with `generate --catalogue`")
    } else {
        None
    }
}

fn entry(value: &Value) -> std::result::Result<Entry, Vec<String>> {
    let Value::Object(fields) = value else {
        return Err(vec!["it is no object".to_owned()]);
    };
    let mut whys = Vec::new();
    let id = fields.get("id").and_then(Value::as_u64);
    let id = id.and_then(|id| u32::try_from(id).ok());
    if id.is_none() {
        let found = fields.get("id").unwrap_or(&Value::Null);
        whys.push(format!("`id` is a number, not `{found}`"));
    }
    let mut text = |name: &str| {
        texts(fields, name, false, &mut whys)
            .pop()
            .unwrap_or_default()
    };
    let (area, display_name) = (text("serviceArea"), text("serviceAreaDisplayName"));
    let (tcp, udp, category) = (text("tcpPorts"), text("udpPorts"), text("category"));
    if area.is_empty() {
        whys.push("it has no `serviceArea`".to_owned());
    }
    let urls = texts(fields, "urls", true, &mut whys);
    let ips = texts(fields, "ips", true, &mut whys);
    let mut flag = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::Bool(flag)) => Some(*flag),
        Some(other) => {
            whys.push(format!("`{name}` is true or false, not `{other}`"));
            None
        }
    };
    let (required, express_route) = (flag("required"), flag("expressRoute"));
    match id {
        Some(id) if whys.is_empty() => Ok(Entry {
            id,
            area,
            display_name,
            urls,
            ips,
            tcp,
            udp,
            category,
            required,
            express_route,
        }),
        _ => Err(whys),
    }
}

/// The texts of a field that is one, or a list of them; empty ones are none.
fn texts(
    fields: &Map<String, Value>,
    name: &str,
    is_list: bool,
    whys: &mut Vec<String>,
) -> Vec<String> {
    let some = |text: &str| {
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let mut refuse = |wanted: &str, found: &Value| {
        whys.push(format!("`{name}` is {wanted}, not `{found}`"));
        None
    };
    match fields.get(name) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) if !is_list || text.trim().is_empty() => {
            some(text).into_iter().collect()
        }
        Some(Value::Array(items)) if is_list => items
            .iter()
            .filter_map(|item| match item {
                Value::String(text) => some(text),
                other => refuse("a list of texts", other),
            })
            .collect(),
        Some(other) => {
            refuse(if is_list { "a list of texts" } else { "a text" }, other);
            Vec::new()
        }
    }
}

fn host(text: &str) -> std::result::Result<HostPattern, String> {
    let host = HostPattern::parse(&text.to_lowercase())?;
    if host.placeholder().is_some() {
        return Err(format!("`{host}` is a template, and no host name"));
    }
    Ok(host)
}

fn ports(text: &str) -> std::result::Result<Vec<PortRange>, String> {
    let texts = text
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let mut all = texts
        .map(PortRange::parse)
        .collect::<std::result::Result<Vec<_>, _>>()?;
    all.sort_unstable();
    let mut ports: Vec<PortRange> = Vec::with_capacity(all.len());
    for port in all {
        match ports.last() {
            Some(last) if last.holds(port) => {}
            Some(last) if last.overlaps(port) => {
                return Err(format!("the ports `{last}` and `{port}` overlap"));
            }
            _ => ports.push(port),
        }
    }
    Ok(ports)
}

/// A network that Microsoft can have published.
fn network_of_microsofts(text: &str) -> std::result::Result<IpNet, String> {
    super::plausible(network::parse(text)?)
}
