//! The sets and flows that an overlay names, and texts of people's.

use crate::catalogue::{Catalogue, EndpointSet, FlowId};
use crate::error::{nearest, quoted};

/// The set that `key` names.
pub fn set<'a>(catalogue: &'a Catalogue, key: &str) -> Result<&'a EndpointSet, String> {
    let found = catalogue.sets.iter().find(|set| set.key.as_str() == key);
    found.ok_or_else(|| {
        let known: Vec<String> = catalogue
            .sets
            .iter()
            .map(|set| set.key.to_string())
            .collect();
        unknown("there is no set", key, &known)
    })
}

/// The flow of `set` that `id` names; nothing named means its only one.
pub fn flow(set: &EndpointSet, id: Option<&str>) -> Result<Option<FlowId>, String> {
    let ids: Vec<String> = set
        .flows
        .iter()
        .filter_map(|flow| Some(flow.id.as_ref()?.to_string()))
        .collect();
    match id {
        _ if set.flows.is_empty() => Err(format!(
            "`{}` has no flows, being a browser setting",
            set.key
        )),
        None if ids.is_empty() => Ok(None),
        None => Err(format!(
            "`{}` has several flows; name one as `flow`: {}",
            set.key,
            quoted(&ids)
        )),
        Some(_) if ids.is_empty() => Err(format!(
            "`{}` has one flow only, without a name; leave `flow` out",
            set.key
        )),
        Some(id) => {
            let mut flows = set.flows.iter().filter_map(|flow| flow.id.as_ref());
            let found = flows.find(|flow| flow.as_str() == id);
            found.map_or_else(
                || {
                    Err(format!(
                        "`{}`: {}",
                        set.key,
                        unknown("there is no flow", id, &ids)
                    ))
                },
                |flow| Ok(Some(flow.clone())),
            )
        }
    }
}

/// Says what `there_is_no` of `name`, with the one that was probably meant.
pub fn unknown(there_is_no: &str, name: &str, known: &[String]) -> String {
    /// More tell nothing.
    const MOST: usize = 8;
    let hint = match nearest(name, known) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() || known.len() > MOST => String::new(),
        None => format!("; there are {}", quoted(known)),
    };
    format!("{there_is_no} `{}`{hint}", name.escape_debug())
}

/// Texts that people write, in any language, but in one line that nothing turns round and that can't
/// end the quotes around it.
pub fn prose(text: &str) -> Result<String, String> {
    /// Bytes; enough for two sentences.
    const LONGEST: usize = 400;
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.len() > LONGEST {
        return Err(format!("from 1 to {LONGEST} bytes, not {}", trimmed.len()));
    }
    let bad = |c: char| c == '`' || crate::harmless::misleads(c);
    match trimmed.chars().find(|c| bad(*c)) {
        Some(found) => Err(format!(
            "`{}` can't stand in it: one line of plain text",
            found.escape_default()
        )),
        None => Ok(trimmed.to_owned()),
    }
}
