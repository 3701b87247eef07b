//! What rows open, worked out in the plainest way: by asking of each address and port where anything begins or ends
//! whether it is open.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use super::main_tf::{MainTf, Row, unquoted};

/// Whether `a` and `b` have rows of the same keys that open the same.
pub fn same(a: &MainTf, b: &MainTf) -> bool {
    let keyed = |main: &MainTf| -> BTreeMap<String, Row> {
        let rows = main.rows.iter();
        rows.map(|row| (row.key.clone(), row.clone())).collect()
    };
    let (ours, theirs) = (keyed(a), keyed(b));
    a.rows.len() == b.rows.len()
        && ours.len() == b.rows.len()
        && ours.iter().all(|(key, row)| {
            theirs
                .get(key)
                .is_some_and(|other| row == other || opens_the_same(row, other))
        })
}

fn opens_the_same(a: &Row, b: &Row) -> bool {
    match (Opens::of(a), Opens::of(b)) {
        (Some(a), Some(b)) => {
            a.words == b.words
                && a.slots == b.slots
                && a.names == b.names
                && cover_the_same(&a.ports, &b.ports)
                && cover_the_same(&a.addresses, &b.addresses)
        }
        _ => false,
    }
}

/// First and last, both included.
type Interval = (u128, u128);

struct Opens {
    words: BTreeMap<String, String>,
    slots: BTreeSet<(String, String)>,
    ports: Vec<Interval>,
    addresses: Vec<Interval>,
    names: BTreeSet<String>,
}

const REMOTES: [&str; 5] = ["networks", "hosts", "range", "service_tag", "anywhere"];
const LISTS: [&str; 4] = ["ports", "slots", "networks", "hosts"];
const WORDS: [&str; 7] = [
    "set",
    "direction",
    "role",
    "protocol",
    "kind",
    "priority",
    "group",
];

impl Opens {
    /// `None`: it is no row that means anything.
    fn of(row: &Row) -> Option<Self> {
        let mut opens = Self {
            words: BTreeMap::new(),
            slots: BTreeSet::new(),
            ports: Vec::new(),
            addresses: Vec::new(),
            names: BTreeSet::new(),
        };
        let names: BTreeSet<&str> = row.fields.iter().map(|field| field.name.as_str()).collect();
        let known = |name: &&str| {
            WORDS.contains(name)
                || LISTS.contains(name)
                || REMOTES.contains(name)
                || *name == "description"
        };
        let remotes = names.iter().filter(|name| REMOTES.contains(name)).count();
        if names.len() != row.fields.len() || !names.iter().all(known) || remotes != 1 {
            return None;
        }
        for name in [
            "set",
            "description",
            "direction",
            "role",
            "protocol",
            "kind",
            "ports",
        ] {
            row.field(name)?;
        }
        row.text("description")?;
        let is_ipv4 = row.text("kind")? == "ipv4";
        for field in &row.fields {
            let name = field.name.as_str();
            if WORDS.contains(&name) {
                opens
                    .words
                    .insert(name.to_owned(), field.value.plain()?.to_owned());
            }
        }
        for port in row.list("ports")? {
            opens.ports.push(ports(unquoted(port)?)?);
        }
        if let Some(slots) = row.list("slots") {
            if slots.len() != row.list("ports")?.len() {
                return None;
            }
            opens.slots = row
                .list("ports")?
                .iter()
                .cloned()
                .zip(slots.iter().cloned())
                .collect();
        }
        for network in row.list("networks").unwrap_or_default() {
            opens.addresses.push(interval(unquoted(network)?, is_ipv4)?);
        }
        for host in row.list("hosts").unwrap_or_default() {
            opens.names.insert(host.clone());
        }
        for name in ["range", "service_tag", "anywhere"] {
            if let Some(field) = row.field(name) {
                opens
                    .names
                    .insert(format!("{name} {}", field.value.plain()?));
            }
        }
        Some(opens)
    }
}

fn ports(port: &str) -> Option<Interval> {
    let (first, last) = port.split_once('-').unwrap_or((port, port));
    let number = |digits: &str| -> Option<u16> {
        let number: u16 = digits.parse().ok()?;
        (number.to_string() == digits).then_some(number)
    };
    Some((u128::from(number(first)?), u128::from(number(last)?)))
}

/// The addresses of a network without host bits.
fn interval(network: &str, is_ipv4: bool) -> Option<Interval> {
    let (address, length) = network.split_once('/')?;
    let (bits, first, canonical): (u32, u128, String) = if is_ipv4 {
        let address: Ipv4Addr = address.parse().ok()?;
        (32, u128::from(address.to_bits()), address.to_string())
    } else {
        let address: Ipv6Addr = address.parse().ok()?;
        (128, address.to_bits(), address.to_string())
    };
    let prefix: u32 = length.parse().ok()?;
    if canonical != address || prefix.to_string() != length {
        return None;
    }
    let rest = bits
        .checked_sub(prefix)
        .map(|rest| 1_u128.checked_shl(rest).map_or(u128::MAX, |size| size - 1))?;
    (first & rest == 0).then_some((first, first | rest))
}

/// Whether whatever is in one is in the other: nothing changes but where an interval begins, or has ended.
fn cover_the_same(a: &[Interval], b: &[Interval]) -> bool {
    let holds = |intervals: &[Interval], point: u128| {
        intervals
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&point))
    };
    let points = a
        .iter()
        .chain(b)
        .flat_map(|(first, last)| [Some(*first), last.checked_add(1)]);
    points
        .flatten()
        .all(|point| holds(a, point) == holds(b, point))
}
