//! Values take the place of the placeholders in host names.

use std::collections::{BTreeMap, BTreeSet};

use super::{Filled, Value};
use crate::catalogue::{Catalogue, EndpointSet, Endpoints, HostPattern, SetKey};

/// The placeholders that any host name of `catalogue` has.
pub fn placeholders(catalogue: &Catalogue) -> BTreeSet<String> {
    let flows = catalogue.sets.iter().flat_map(EndpointSet::hosts);
    let sites = catalogue.sets.iter().filter_map(|set| set.sites.as_ref());
    let sites = sites.filter_map(|sites| sites.hosts.as_ref());
    let hosts = flows.chain(sites.flat_map(|fact| &fact.value));
    hosts
        .filter_map(HostPattern::placeholder)
        .map(ToOwned::to_owned)
        .collect()
}

/// Checks a value: a host name, or a label of one.
pub fn check(value: &str) -> Result<(), String> {
    let is_plain = value
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b));
    let host = HostPattern::parse(&format!("{value}.example.com"));
    if is_plain && host.is_ok() {
        return Ok(());
    }
    Err(format!(
        "`{}` is not a part of a host name: labels of lower-case letters, digits, `-` and `_`, joined by dots",
        value.escape_debug()
    ))
}

/// Puts `values` into every host name of `catalogue`; each value makes one name.
///
/// # Errors
/// Every name that becomes none: its placeholder, and why.
pub fn fill(
    catalogue: &mut Catalogue,
    values: &[Value],
) -> Result<Vec<Filled>, Vec<(String, String)>> {
    let values: BTreeMap<&str, &[String]> = values
        .iter()
        .map(|value| (value.placeholder.as_str(), value.values.as_slice()))
        .collect();
    let (mut filled, mut whys) = (Vec::new(), Vec::new());
    for set in &mut catalogue.sets {
        let remotes = set.flows.iter_mut().flat_map(|flow| &mut flow.remotes);
        let flows = remotes.filter_map(|remote| match &mut remote.endpoints.value {
            Endpoints::Hosts(hosts) => Some(hosts),
            Endpoints::Networks(_) | Endpoints::Range(_) => None,
        });
        let sites = set
            .sites
            .iter_mut()
            .filter_map(|sites| sites.hosts.as_mut());
        for hosts in flows.chain(sites.map(|fact| &mut fact.value)) {
            match list(&set.key, hosts, &values, &mut filled) {
                Ok(()) => {}
                Err(found) => whys.extend(found),
            }
        }
    }
    if whys.is_empty() {
        Ok(filled)
    } else {
        Err(whys)
    }
}

fn list(
    set: &SetKey,
    hosts: &mut Vec<HostPattern>,
    values: &BTreeMap<&str, &[String]>,
    filled: &mut Vec<Filled>,
) -> Result<(), Vec<(String, String)>> {
    let mut whys = Vec::new();
    let mut all = BTreeSet::new();
    for host in hosts.drain(..) {
        match names(&host, values) {
            Ok(names) => {
                if names != [host.clone()] {
                    filled.push(Filled {
                        set: set.clone(),
                        template: host,
                        hosts: names.clone(),
                    });
                }
                all.extend(names);
            }
            Err((placeholder, why)) => whys.push((placeholder, format!("`{set}`: {why}"))),
        }
    }
    hosts.extend(all);
    if whys.is_empty() { Ok(()) } else { Err(whys) }
}

/// What a template comes to; itself, if nothing stands for a placeholder of its.
fn names(
    host: &HostPattern,
    values: &BTreeMap<&str, &[String]>,
) -> Result<Vec<HostPattern>, (String, String)> {
    let known = host
        .placeholder()
        .and_then(|name| Some((name, values.get(name)?)));
    let Some((name, values_of)) = known else {
        return Ok(vec![host.clone()]);
    };
    let mut hosts = Vec::new();
    for value in *values_of {
        let text = host.as_str().replacen(&format!("<{name}>"), value, 1);
        let host = HostPattern::parse(&text).map_err(|why| (name.to_owned(), why))?;
        // Another placeholder may be left.
        hosts.extend(names(&host, values)?);
    }
    hosts.sort_unstable();
    hosts.dedup();
    Ok(hosts)
}
