//! The rule group of an AWS Network Firewall: rules as text, and the lists of addresses that they name.

use std::collections::{BTreeMap, BTreeSet};

use super::instance::Instance;
use super::json::Json;
use super::read;
use super::reading::{self, Reader, Reading, Seen, Side};
use super::suricata::{Line, Of, Part, line};
use super::values::Attributes;
use crate::catalogue::{Kind, Protocol};

/// What the group has beside its rules.
const HARMLESS: [&str; 12] = [
    "arn",
    "capacity",
    "description",
    "encryption_configuration",
    "id",
    "name",
    "region",
    "tags",
    "tags_all",
    "timeouts",
    "update_token",
    "name_prefix",
];

/// Reads the rules of `instance`.
#[must_use]
pub fn read(instance: &Instance<'_>) -> Reading {
    let mut reading = Reading::default();
    for item in instance.of("aws_networkfirewall_rule_group", "rules") {
        let mut reader = Reader::new(&item, &mut reading);
        let Some(mut attributes) = reader.attributes(&item) else {
            continue;
        };
        reader.holds(&mut attributes, "type", "STATEFUL");
        let group = attributes.take("rule_group");
        reader.nothing_left(&attributes, &HARMLESS);
        if let Some(mut group) = one(&mut reader, &group, "rule_group") {
            rules(&mut reader, &mut group);
            reader.nothing_left(&group, &[]);
        }
    }
    reading
}

/// The only block of a kind.
fn one(reader: &mut Reader<'_>, value: &Json, name: &str) -> Option<Attributes> {
    match value {
        Json::Unknown => reader.undecided(&format!("`{name}`")),
        Json::List(list) if list.len() == 1 => return Some(Attributes::of(&list[0])),
        other => reader.refuse(format!("`{name}` is `{other}`, and not one block")),
    }
    None
}

/// Lists of addresses by name.
type Sets = BTreeMap<String, Json>;

fn rules(reader: &mut Reader<'_>, group: &mut Attributes) {
    let variables = group.take("rule_variables");
    let source = group.take("rules_source");
    let options = group.take("stateful_rule_options");
    if let Some(mut options) = one(reader, &options, "stateful_rule_options") {
        match options.take("rule_order") {
            // The user's choice, as the policy has it.
            Json::Text(order)
                if ["STRICT_ORDER", "DEFAULT_ACTION_ORDER"].contains(&order.as_str()) => {}
            Json::Unknown => {}
            other => reader.refuse(format!("`rule_order` is `{other}`")),
        }
        reader.nothing_left(&options, &[]);
    }
    let sets = sets(reader, &variables);
    let Some(mut source) = one(reader, &source, "rules_source") else {
        return;
    };
    let text = source.take("rules_string");
    reader.nothing_left(&source, &[]);
    let text = match text {
        Json::Text(text) => text,
        Json::Unknown => return reader.undecided("`rules_string`"),
        other => return reader.refuse(format!("`rules_string` is `{other}`")),
    };
    let mut halves = Halves::default();
    let mut sids = BTreeSet::new();
    for rule in text.split_terminator('\n') {
        reader.name = None;
        match line(rule) {
            Ok(line) => {
                reader.name = Some(line.row.to_owned());
                if !sids.insert(line.sid) {
                    reader.refuse(format!("two rules have the `sid` {}", line.sid));
                }
                seen(reader, &line, &sets, &mut halves);
            }
            Err(why) => {
                let rule: String = rule.chars().take(200).collect();
                reader.refuse(format!("the rule `{}`: {why}", rule.escape_debug()));
            }
        }
    }
    reader.name = None;
    reader.reading.seen.extend(halves.joined());
}

fn sets(reader: &mut Reader<'_>, variables: &Json) -> Sets {
    let mut sets = Sets::new();
    // Rules of host names alone, whose hosts are given, still have sets; no rule has none.
    let Some(mut variables) = one(reader, variables, "rule_variables") else {
        return sets;
    };
    let list = variables.take("ip_sets");
    reader.nothing_left(&variables, &[]);
    if list == Json::Unknown {
        reader.undecided("`ip_sets`");
    }
    for set in list.list().unwrap_or_default() {
        let mut attributes = Attributes::of(set);
        let key = attributes.take("key");
        let definition = match attributes.take("ip_set") {
            Json::List(list) if list.len() == 1 => Attributes::of(&list[0]).take("definition"),
            Json::Unknown => Json::Unknown,
            other => {
                reader.refuse(format!("`ip_set` of `{key}` is `{other}`"));
                continue;
            }
        };
        reader.nothing_left(&attributes, &[]);
        match key.text() {
            Some(name) if sets.contains_key(name) => {
                reader.refuse(format!("two sets have the name `{key}`"));
            }
            Some(name) => {
                sets.insert(name.to_owned(), definition);
            }
            None => reader.refuse(format!("a set has the name `{key}`")),
        }
    }
    sets
}

fn seen(reader: &mut Reader<'_>, line: &Line<'_>, sets: &Sets, halves: &mut Halves) {
    for name in &line.local {
        if !name.starts_with("ROLE_") {
            return reader.refuse(format!("`${}` is on your side", name.escape_debug()));
        }
        let Some(definition) = sets.get(*name) else {
            return reader.refuse(format!("`${}` is defined nowhere", name.escape_debug()));
        };
        // The name of a set says the family last; what is cut off it, the row's kind does.
        let is_ipv6 = match line.local.len() {
            1 => {
                reading::kind(line.row) == Some(Kind::Ipv6)
                    || (reading::kind(line.row).is_none() && name.ends_with("_6"))
            }
            _ => name == &line.local[1],
        };
        let attribute = if is_ipv6 {
            "local_addresses_ipv6"
        } else {
            "local_addresses"
        };
        reader.local(line.row, attribute, definition);
    }
    let remote = match (&line.of, line.remote) {
        (Of::Host(host, _), None) => Side::Hosts(vec![host.clone()]),
        (Of::Packets(_), Some(name)) if name.starts_with("ROLE_") => {
            return reader.refuse(format!("`${}` is on Microsoft's side", name.escape_debug()));
        }
        (Of::Packets(_), Some(name)) => {
            match sets.get(name).map(|set| read::list(set, read::networks)) {
                None => {
                    return reader.refuse(format!("`${}` is defined nowhere", name.escape_debug()));
                }
                Some(Ok(None)) => Side::Computed(format!("ip_sets `{name}`")),
                Some(Ok(Some(networks))) => Side::Networks(networks),
                Some(Err(why)) => return reader.refuse(format!("the set `{name}`: {why}")),
            }
        }
        _ => return reader.refuse("its remote side is neither a set nor a name"),
    };
    let seen = Seen {
        address: reader.address.clone(),
        name: line.row.to_owned(),
        row: Some(line.row.to_owned()),
        role: reading::role(line.row).to_owned(),
        direction: line.direction,
        protocol: match line.of {
            Of::Packets(protocol) => protocol,
            Of::Host(..) => Protocol::Tcp,
        },
        ports: vec![line.port],
        remote,
        is_half: false,
    };
    match line.of {
        Of::Host(..) => reader.reading.seen.push(seen),
        Of::Packets(_) => halves.add(line.part, seen),
    }
}

/// Rules that open only two by two: what goes there, and what comes back.
#[derive(Default)]
struct Halves {
    opens: Vec<Seen>,
    replies: Vec<Seen>,
}

impl Halves {
    fn add(&mut self, part: Part, seen: Seen) {
        match part {
            Part::Opens => self.opens.push(seen),
            Part::Replies => self.replies.push(seen),
        }
    }

    /// What both halves open. One alone lets packets through, and no connection.
    fn joined(self) -> Vec<Seen> {
        let same = |one: &Seen, other: &Seen| {
            (one.direction, one.protocol, &one.ports, &one.remote)
                == (other.direction, other.protocol, &other.ports, &other.remote)
        };
        let mut replies: BTreeMap<Option<String>, Vec<Seen>> = BTreeMap::new();
        for reply in self.replies {
            replies.entry(reply.row.clone()).or_default().push(reply);
        }
        let mut all = Vec::new();
        for open in self.opens {
            let of_row = replies.entry(open.row.clone()).or_default();
            let reply = of_row.iter().position(|reply| same(reply, &open));
            let is_half = reply.map(|index| of_row.swap_remove(index)).is_none();
            all.push(Seen { is_half, ..open });
        }
        let alone = replies.into_values().flatten();
        all.extend(alone.map(|reply| Seen {
            is_half: true,
            ..reply
        }));
        all
    }
}
