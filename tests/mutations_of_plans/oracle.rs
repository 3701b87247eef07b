//! Whether other attributes, or another row, come to the same: networks and ports as intervals, lists of which the order
//! means nothing in order, and without what only people read.

use serde_json::Value;

use super::facet::{Facet, networks, ports};
use super::intervals::{self, Interval, cover_the_same};
use super::resource::Resource;

/// Whether a resource with `after` is the same to its cloud.
pub fn same(resource: &Resource, after: &Value) -> bool {
    let mut own = resource.clone();
    let mut after = after.clone();
    for values in [&mut own.values, &mut after] {
        order_sets(values);
    }
    let mut before = own.values.clone();
    // The text of an opening is its key, too.
    if resource.kind != "terraform_data" {
        let networks = networks(&own)
            .into_iter()
            .map(|facet| (facet, READ_ADDRESS));
        let ports = ports(&own).into_iter().map(|facet| (facet, READ_PORTS));
        for (facet, read) in networks.chain(ports) {
            if !settle(&facet, &mut before, &mut after, read) {
                return false;
            }
        }
    }
    plain(&mut before);
    plain(&mut after);
    before == after
}

type Read = fn(&str) -> Option<Interval>;
const READ_ADDRESS: Read = address;
const READ_PORTS: Read = intervals::ports;

/// The order of sets of addresses means nothing, and facets count them.
fn order_sets(values: &mut Value) {
    let sets = values.pointer_mut("/rule_group/0/rule_variables/0/ip_sets");
    if let Some(sets) = sets.and_then(Value::as_array_mut) {
        sets.sort_by_key(|set| set["key"].to_string());
    }
}

/// Whether a row of the configuration is the same to its module.
pub fn same_row(before: &Value, after: &Value) -> bool {
    let (mut before, mut after) = (before.clone(), after.clone());
    let is_ipv4 = before["kind"] == "ipv4";
    if !settle(&Facet::list("/networks"), &mut before, &mut after, |text| {
        intervals::network(text, is_ipv4)
    }) {
        return false;
    }
    if before.get("slots").is_none()
        && !settle(&Facet::list("/ports"), &mut before, &mut after, |text| {
            intervals::ports(text)
        })
    {
        return false;
    }
    for row in [&mut before, &mut after] {
        if row["description"].is_string() {
            row["description"] = Value::Null;
        }
        if let Some(hosts) = row.get_mut("hosts").and_then(Value::as_array_mut) {
            hosts.sort_by_key(ToString::to_string);
            hosts.dedup();
        }
    }
    before == after
}

/// Takes out what covers the same; `false`: it doesn't.
fn settle(
    facet: &Facet,
    before: &mut Value,
    after: &mut Value,
    read: impl Fn(&str) -> Option<Interval>,
) -> bool {
    let (Some(ours), Some(theirs)) = (facet.get(before), facet.get(after)) else {
        return facet.get(before).is_none() == facet.get(after).is_none();
    };
    if ours == theirs {
        return true;
    }
    let all = |texts: &[String]| {
        texts
            .iter()
            .map(|text| read(text))
            .collect::<Option<Vec<_>>>()
    };
    let (Some(ours), Some(theirs)) = (all(&ours), all(&theirs)) else {
        return false;
    };
    if !cover_the_same(&ours, &theirs) {
        return false;
    }
    let settled = facet.get(before).expect("it was read");
    facet.set(after, &settled).is_some()
}

/// An address or a network, as clouds take it: of the IPv4 ones beside those of IPv6, and without its host bits.
fn address(text: &str) -> Option<Interval> {
    let (start, length) = match text.split_once('/') {
        Some((start, length)) => (start, Some(length)),
        None => (text, None),
    };
    let start: std::net::IpAddr = start.parse().ok()?;
    let (bits, base, own) = match start {
        // No IPv6 address in use is as low as that.
        std::net::IpAddr::V4(start) => (32, 0, u128::from(start.to_bits())),
        std::net::IpAddr::V6(start) => (128, 1 << 40, start.to_bits()),
    };
    let length: u32 = match length {
        Some(length) if length.parse::<u32>().ok()?.to_string() == length => length.parse().ok()?,
        Some(_) => return None,
        None => bits,
    };
    let size = 1_u128.checked_shl(bits.checked_sub(length)?);
    let rest = size.map_or(u128::MAX, |size| size - 1);
    let first = own & !rest;
    Some((first.max(base), (first | rest).max(base)))
}

/// Without what only people read, and with lists in order.
fn plain(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for name in ["description", "tags", "tags_all"] {
                object.remove(name);
            }
            object.values_mut().for_each(plain);
        }
        Value::Array(list) => {
            list.iter_mut().for_each(plain);
            list.sort_by_key(ToString::to_string);
            if list.iter().all(Value::is_string) {
                list.dedup();
            }
        }
        // The order of rules that all let something through means nothing, either.
        Value::String(text) if text.contains("sid:") && text.contains('\n') => {
            let mut lines: Vec<&str> = text.split('\n').collect();
            lines.sort_unstable();
            *text = lines.join("\n");
        }
        _ => {}
    }
}
