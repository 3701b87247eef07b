//! An overlay as it stands in a file: plain strings, nothing checked but the shape.
//!
//! ```json
//! {
//!   "schema": 1,
//!   "title": "Contoso's network",
//!   "roles": { "badge_printer": "Printers for visitors' badges" },
//!   "sets": [{ "key": "badge-service", "title": "…", "traffic": "outbound-server-only", "flows": ["…"] }],
//!   "exclude": [{ "set": "mfa-server", "reason": "switched off in 2023" }],
//!   "ports": [{ "set": "graph-change-notifications", "protocol": "tcp", "ports": ["8443"] }],
//!   "values": { "email_domain": ["contoso.com"] },
//!   "ranges": [{ "name": "entra_connect_servers", "clouds": ["worldwide"], "networks": ["10.1.0.0/28"] }],
//!   "exceptions": [{
//!     "set": "hybrid-coexistence", "grant": "infer",
//!     "reason": "checked against our own servers", "expires": "2027-06-30"
//!   }]
//! }
//! ```

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::catalogue::document::SetText;
use crate::error::{Error, Errors, Result};
use crate::file;
use crate::source::named::{self, Named};

/// The version of this format that the program reads.
pub const SCHEMA: u32 = 1;

/// What a team decides on top of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "overlay")]
pub struct Document {
    /// The version of this format: 1.
    pub schema: u32,
    /// What the overlay is called where its decisions are shown.
    pub title: String,
    /// Kinds of host of your own, by name: what each means, in a few words.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::schema::unique"
    )]
    pub roles: BTreeMap<String, String>,
    /// Endpoint sets of your own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<SetText>,
    /// Sets to leave out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<ExcludeText>,
    /// Ports of flows; what `--port` says goes before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortsText>,
    /// What stands for the placeholders in host names, such as `email_domain` or `tenant`: each value
    /// makes one name.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "crate::schema::unique"
    )]
    pub values: BTreeMap<String, Vec<String>>,
    /// Networks of ranges that only you know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<RangeText>,
    /// What is let in for a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ExceptionText>,
}

/// A set to leave out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "exclusion")]
pub struct ExcludeText {
    pub set: String,
    pub reason: String,
}

/// The ports of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ports")]
pub struct PortsText {
    pub set: String,
    /// Where the set has several flows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// `tcp` or `udp`, where no source states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// As `443` or `50000-59999`.
    pub ports: Vec<String>,
}

/// The networks of a range that only you know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "own_range")]
pub struct RangeText {
    /// As `entra_connect_servers`.
    pub name: String,
    /// Absent: all clouds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clouds: Option<Vec<String>>,
    pub networks: Vec<String>,
}

/// Something that is let in for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "exception")]
pub struct ExceptionText {
    pub set: String,
    /// Absent: all of the set's flows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// `infer`, `include-retired`, or what stands in place of host names: `web-service`,
    /// `service-tag:TAG` or `any`.
    pub grant: String,
    pub reason: String,
    /// The last day, as `2027-06-30`. What an exception opens stays open after it, and
    /// `generate --check` says so.
    pub expires: String,
}

/// The schema of an overlay: a set of one's own has no row in the article, and is no entry of the web
/// service.
#[must_use]
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(Document);
    if let Some(Value::Object(fields)) = schema.pointer_mut("/$defs/set/properties") {
        fields.remove("row");
        fields.remove("entry");
    }
    if let Some(Value::Object(definitions)) = schema.pointer_mut("/$defs") {
        definitions.remove("entry");
    }
    schema
}

/// An overlay's document, whole.
#[derive(Debug, Clone)]
pub struct OverlayFile {
    /// What errors call it: the path that was given, or its digest.
    pub name: String,
    /// Over the bytes that it was first read from.
    pub digest: String,
    pub document: Document,
}

impl Named for OverlayFile {
    const OPTION: &'static str = "--overlay";

    fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        file::is_document(bytes).map_err(|error| file::unread(name.as_ref(), error))?;
        let (document, digest) = named::document(name, bytes, |name, text| {
            crate::schema::read(name, text, &schema())
        })?;
        Errors::unless_none(too_many(name, &document), ())?;
        Ok(Self {
            name: name.to_owned(),
            digest,
            document,
        })
    }

    fn digest(&self) -> &str {
        &self.digest
    }
}

/// What is more than an overlay is for: its sets and values are held against each other.
fn too_many(name: &str, document: &Document) -> Vec<Error> {
    /// Many times the rows of the article.
    const MOST: usize = 1000;
    let values = document.values.iter();
    let values = values.map(|(name, texts)| (format!("values.{name}"), texts.len()));
    [("sets".to_owned(), document.sets.len())]
        .into_iter()
        .chain(values)
        .filter(|(_, count)| *count > MOST)
        .map(|(place, count)| Error::Catalogue {
            document: name.to_owned(),
            place,
            why: format!("it has {count} entries, and {MOST} are the most; a catalogue takes more"),
        })
        .collect()
}
