//! The network rules that aren't of our modules, whoever makes them: what else is open.

mod remotes;
mod words;

use std::collections::BTreeMap;

use super::inline;
use super::instance::Item;
use super::json::Json;
use super::shown;
use crate::catalogue::Direction;
use remotes::Remotes;
use words::{WORDS, concerns, denies, direction_of, holds_no_rules, is_side, service};

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

/// The rules of a resource, if it is of a type that has any. `own` are rules of ours, which groups list again.
#[must_use]
pub fn others(item: &Item<'_>, own: &[Json]) -> Vec<Other> {
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
    if collector.others.is_empty() && !holds_no_rules(&kind) {
        collector.others.push(Other {
            address: collector.address.clone(),
            kind: collector.kind.clone(),
            direction: None,
            open_to_anywhere: false,
            what: "no rule in it that is understood here".to_owned(),
        });
    }
    collector.others
}

/// Those open to anywhere first, then by address.
pub fn sort(others: &mut [Other]) {
    others.sort_by(|one, other| {
        let key = |other: &Other| {
            (
                !other.open_to_anywhere,
                !other.what.contains("unknown until apply"),
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
    own: &'a [Json],
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
        if inline::is_one_of(object, self.own) {
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
            remotes.add_everything();
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
