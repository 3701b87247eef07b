//! The network rules that aren't of our modules, whoever makes them: what else is open.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::instance::Item;
use super::json::Json;
use super::{read, shown};
use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6, is_every};
use crate::catalogue::{Direction, Kind};
use crate::verify::addresses::Addresses;

/// A network rule that isn't of our modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The resource's address.
    pub address: String,
    /// Its type: `aws_security_group`.
    pub kind: String,
    /// `None`: it can't be told.
    pub direction: Option<Direction>,
    /// Whether it lets every address in or out.
    pub open_to_anywhere: bool,
    /// In short: `allow tcp 22 from 0.0.0.0/0`.
    pub what: String,
}

/// What the types of network rules have in their names, at whatever vendor.
const WORDS: [&str; 19] = [
    "firewall",
    "security_group",
    "security_rule",
    "security_list",
    "security_policy",
    "gateway_policy",
    "secgroup",
    "network_acl",
    "_acl_rule",
    "network_policy",
    "policy_rule",
    "access_rule",
    "access_list",
    "access_in_rules",
    "access_out_rules",
    "nat_rule",
    "ingress_rule",
    "egress_rule",
    "network_rule",
];

/// The rules of a resource, if it is of a type that has any. `own` are names of rules of ours, which groups list again.
#[must_use]
pub fn others(item: &Item<'_>, own: &[String]) -> Vec<Other> {
    let resource = item.resource;
    let kind = resource.r#type.to_lowercase();
    if resource.mode != "managed" || !WORDS.iter().any(|word| kind.contains(word)) {
        return Vec::new();
    }
    let value = match item.value() {
        Ok(value) => value,
        Err(why) => {
            return vec![Other {
                address: shown(&resource.address),
                kind: resource.r#type.escape_debug().to_string(),
                direction: None,
                open_to_anywhere: false,
                what: format!("unreadable: {why}"),
            }];
        }
    };
    let mut collector = Collector {
        address: shown(&resource.address),
        kind: resource.r#type.escape_debug().to_string(),
        own,
        others: Vec::new(),
    };
    let context = Context {
        direction: direction_of(&kind),
        ..Context::default()
    };
    collector.walk(&value, &context);
    collector.others
}

/// Those open to anywhere first, then by address.
pub fn sort(others: &mut [Other]) {
    others.sort_by(|one, other| {
        let key = |other: &Other| {
            (
                !other.open_to_anywhere,
                other.address.clone(),
                other.what.clone(),
            )
        };
        key(one).cmp(&key(other))
    });
}

/// What the objects around a rule say of it.
#[derive(Debug, Clone, Default)]
struct Context {
    direction: Option<Direction>,
    denies: bool,
    service: Vec<String>,
}

struct Collector<'a> {
    address: String,
    kind: String,
    own: &'a [String],
    others: Vec<Other>,
}

impl Collector<'_> {
    fn walk(&mut self, value: &Json, context: &Context) {
        match value {
            Json::List(list) => {
                for item in list {
                    self.walk(item, context);
                }
            }
            Json::Object(object) => self.object(object, context),
            _ => {}
        }
    }

    fn object(&mut self, object: &BTreeMap<String, Json>, around: &Context) {
        let name = object.get("name").and_then(Json::text);
        if name.is_some_and(|name| self.own.iter().any(|own| own == name)) {
            return;
        }
        let context = around.within(object);
        let fields = object
            .iter()
            .filter(|(name, value)| is_side(name) && !value.is_empty());
        let mut remotes = Remotes::default();
        let mut is_rule = false;
        for (name, value) in fields {
            is_rule = true;
            if concerns(name, context.direction) {
                remotes.add(value);
            }
        }
        if let Some(Json::Text(rules)) = object.get("rules_string") {
            self.lines(rules);
        }
        if is_rule {
            self.rule(&context, &remotes);
        } else if self.is_open_by_default(object) {
            remotes.every = true;
            remotes.texts.push("anywhere".to_owned());
            self.rule(&context, &remotes);
        }
        for (name, value) in object {
            // What is on a side of a rule was looked at with it.
            let is_block = matches!(value, Json::List(_) | Json::Object(_));
            if is_block && !(is_side(name) && is_rule) {
                let inner = Context {
                    direction: direction_of(&name.to_lowercase()).or(context.direction),
                    ..context.clone()
                };
                self.walk(value, &inner);
            }
        }
    }

    /// Whether what names no address is open to all of them, as at `OpenStack` and Google.
    fn is_open_by_default(&self, object: &BTreeMap<String, Json>) -> bool {
        let none = |names: &[&str]| {
            names
                .iter()
                .all(|name| object.get(*name).is_none_or(Json::is_empty))
        };
        if self.kind.starts_with("openstack_") && self.kind.contains("secgroup_rule") {
            return object.contains_key("direction") && none(&["remote_group_id"]);
        }
        self.kind == "google_compute_firewall"
            && object.contains_key("network")
            && none(&["source_tags", "source_service_accounts"])
    }

    fn rule(&mut self, context: &Context, remotes: &Remotes) {
        let is_open = !context.denies && remotes.is_everything();
        let verb = if context.denies { "deny" } else { "allow" };
        let service = if context.service.is_empty() {
            String::new()
        } else {
            format!(" {}", context.service.join(" "))
        };
        let preposition = match context.direction {
            Some(direction) => direction.preposition(),
            None => "between",
        };
        let what = format!("{verb}{service} {preposition} {}", remotes.shown());
        self.push(context.direction, is_open, what);
    }

    /// Rules of Suricata's.
    fn lines(&mut self, text: &str) {
        for line in text
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#') && !line.is_empty())
        {
            let head = line.split('(').next().unwrap_or_default();
            let words: Vec<&str> = head.split_whitespace().collect();
            let sides = [words.get(2), words.get(5)];
            let is_any = |side: Option<&&str>| {
                side.is_some_and(|side| {
                    ["any", "$EXTERNAL_NET"].contains(side) || *side == "0.0.0.0/0"
                })
            };
            let is_open = words.first() == Some(&"pass") && sides.into_iter().any(is_any);
            let what: String = head.trim().chars().take(120).collect();
            self.push(None, is_open, what.escape_debug().to_string());
        }
    }

    fn push(&mut self, direction: Option<Direction>, open_to_anywhere: bool, what: String) {
        self.others.push(Other {
            address: self.address.clone(),
            kind: self.kind.clone(),
            direction,
            open_to_anywhere,
            what,
        });
    }
}

impl Context {
    /// What is known within an object.
    fn within(&self, object: &BTreeMap<String, Json>) -> Self {
        let mut context = self.clone();
        let service = service(object);
        if !service.is_empty() {
            context.service = service;
        }
        for (name, value) in object {
            match (name.to_lowercase().as_str(), value) {
                ("direction" | "type", Json::Text(text)) => {
                    context.direction = direction_of(&text.to_lowercase()).or(context.direction);
                }
                ("egress", Json::Bool(egress)) => {
                    context.direction = Some(if *egress {
                        Direction::Outbound
                    } else {
                        Direction::Inbound
                    });
                }
                ("access" | "action" | "rule_action" | "policy", Json::Text(text)) => {
                    context.denies = denies(text);
                }
                ("actions", Json::List(actions)) => {
                    context.denies = actions.iter().filter_map(Json::text).any(denies);
                }
                // Google says so by the block.
                ("deny", deny) => context.denies |= !deny.is_empty(),
                _ => {}
            }
        }
        context
    }
}

fn denies(text: &str) -> bool {
    let text = text.to_lowercase();
    ["deny", "drop", "reject", "block", "discard"]
        .iter()
        .any(|word| text.contains(word))
}

fn direction_of(text: &str) -> Option<Direction> {
    match text {
        "in" => Some(Direction::Inbound),
        "out" => Some(Direction::Outbound),
        _ if text.contains("ingress") || text.contains("inbound") || text.contains("nat_rule") => {
            Some(Direction::Inbound)
        }
        _ if text.contains("egress") || text.contains("outbound") => Some(Direction::Outbound),
        _ => None,
    }
}

/// Whether an attribute names addresses, or what stands for some.
fn is_side(name: &str) -> bool {
    const SIDES: [&str; 16] = [
        "cidr",
        "address",
        "source",
        "destination",
        "src",
        "dest",
        "dst",
        "prefix",
        "ip_range",
        "ranges",
        "remote_ip",
        "start_ip",
        "end_ip",
        "ip_block",
        "subnet",
        "ip_group",
    ];
    const OTHERS: [&str; 19] = [
        "resource",
        "rules_source",
        "port",
        "protocol",
        "type",
        "translated",
        "mac_",
        "family",
        "version",
        "zone",
        "user",
        "description",
        "name",
        "region",
        "device",
        "subnet_id",
        "ip_sets",
        "negate",
        "subnetwork",
    ];
    let name = name.to_lowercase();
    let is_exactly = [
        "ipv4",
        "ipv6",
        "self",
        "security_groups",
        "referenced_security_group_id",
    ];
    is_exactly.contains(&name.as_str())
        || (SIDES.iter().any(|side| name.contains(side))
            && !OTHERS.iter().any(|other| name.contains(other)))
}

/// Protocols and ports, as far as an object tells them.
fn service(object: &BTreeMap<String, Json>) -> Vec<String> {
    let with = |word: &str| {
        let fields = object.iter().filter(|(name, _)| {
            let name = name.to_lowercase();
            name.contains(word) && !name.contains("source_port") && !name.contains("translated")
        });
        let mut texts = Vec::new();
        for (_, value) in fields {
            plain(value, &mut texts);
        }
        texts.dedup();
        texts
    };
    let ports = match (object.get("from_port"), object.get("to_port")) {
        (Some(Json::Number(first)), Some(Json::Number(last))) if first != last => {
            vec![format!("{first}-{last}")]
        }
        _ => with("port"),
    };
    [with("protocol"), ports].concat()
}

/// The words and numbers of a value.
fn plain(value: &Json, texts: &mut Vec<String>) {
    match value {
        Json::Text(_) | Json::Number(_) if !value.is_empty() => texts.push(value.to_string()),
        Json::List(list) => list.iter().for_each(|item| plain(item, texts)),
        _ => {}
    }
}

/// Whether an attribute is on the other side of a rule, as its direction has it.
fn concerns(name: &str, direction: Option<Direction>) -> bool {
    let name = name.to_lowercase();
    let is_source = name.contains("source") || name.contains("src");
    let is_destination = name.contains("dest") || name.contains("dst");
    match direction {
        Some(Direction::Inbound) => !is_destination,
        Some(Direction::Outbound) => !is_source,
        None => true,
    }
}

/// What is on the other side of a rule.
#[derive(Debug, Default)]
struct Remotes {
    texts: Vec<String>,
    networks: Vec<IpNet>,
    every: bool,
}

impl Remotes {
    fn add(&mut self, value: &Json) {
        match value {
            Json::Unknown => self.texts.push("what is unknown until apply".to_owned()),
            Json::Text(text) => self.text(text),
            Json::List(list) => list.iter().for_each(|item| self.add(item)),
            Json::Object(object) => object.values().for_each(|value| self.add(value)),
            Json::Bool(true) => self.texts.push("itself".to_owned()),
            Json::Null | Json::Bool(false) | Json::Number(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.texts.push(
            text.chars()
                .take(80)
                .collect::<String>()
                .escape_debug()
                .to_string(),
        );
        let text = text.trim();
        match read::networks(text) {
            Ok(networks) => self.networks.extend(networks),
            Err(_) => {
                self.every |= ["0.0.0.0-255.255.255.255", "any4", "any6", "0/0"].contains(&text);
            }
        }
    }

    fn is_everything(&self) -> bool {
        let family = |kind| {
            let own = self
                .networks
                .iter()
                .filter(move |network| Kind::of(network) == kind);
            Addresses::of(own)
        };
        let covers = |every: IpNet| {
            Addresses::of([&every])
                .without(&family(Kind::of(&every)))
                .is_empty()
        };
        // The first and the last address are how some firewalls write all between.
        let ends = ["0.0.0.0", "255.255.255.255"]
            .iter()
            .all(|end| self.texts.iter().any(|text| text == end));
        self.every
            || ends
            || self.networks.iter().any(is_every)
            || covers(EVERY_IPV4)
            || covers(EVERY_IPV6)
    }

    fn shown(&self) -> String {
        const SHOWN: usize = 4;
        if self.texts.is_empty() {
            return "nothing that it names".to_owned();
        }
        let shown = self.texts[..self.texts.len().min(SHOWN)].join(", ");
        match self.texts.len().saturating_sub(SHOWN) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }
}
