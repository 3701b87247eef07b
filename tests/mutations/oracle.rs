//! What rows open, worked out in the plainest way.

use std::collections::{BTreeMap, BTreeSet};

use super::intervals::{Interval, cover_the_same, network, ports};
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
        for spelt in row.list("networks").unwrap_or_default() {
            opens.addresses.push(network(unquoted(spelt)?, is_ipv4)?);
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
