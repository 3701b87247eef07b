//! What aws refuses of Network Firewall before anything is done, and what its API refuses afterwards.
//!
//! Names, patterns and lengths: <https://docs.aws.amazon.com/network-firewall/latest/APIReference/>. Figures:
//! <https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html>. What the provider asks:
//! `internal/service/networkfirewall/` of its source.

use std::net::IpAddr;

use ipnet::IpNet;

use super::suricata::Rule;
use crate::cloud::Objects;
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::value::Value;

pub const GROUP: &str = "aws_networkfirewall_rule_group";
pub const POLICY: &str = "aws_networkfirewall_firewall_policy";

const STRICT: &str = "STRICT_ORDER";
const BY_ACTION: &str = "DEFAULT_ACTION_ORDER";

/// Of a rule group, and of all that one policy refers to.
const CAPACITY: i64 = 30_000;
const RULES_STRING: usize = 2_000_000;
/// With the values of its variables.
const RULE: usize = 8_192;
const GROUPS_PER_POLICY: usize = 20;
const PRIORITIES: std::ops::RangeInclusive<i64> = 1..=65_535;

/// That they aren't taken together was told, not read in a document.
const DEFAULTS: [&str; 6] = [
    "aws:drop_established",
    "aws:alert_established",
    "aws:drop_established_app_layer",
    "aws:alert_established_app_layer",
    "aws:drop_established_app_layer_to_server",
    "aws:alert_established_app_layer_to_server",
];

/// What the provider refuses.
pub fn check(kind: &str, config: &Value) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut word = |place: &str, name: &str, given: Option<&str>, taken: &[&str]| {
        if let Some(given) = given.filter(|given| !taken.contains(given)) {
            refusals.push(Refusal::of(
                place,
                format!(
                    "expected {name} to be one of [{}], got {given}",
                    taken.join(" ")
                ),
            ));
        }
    };
    let (place, options) = outline(kind);
    let block = only(config, place);
    word(
        place,
        "rule_order",
        only(block, options).text("rule_order"),
        &[BY_ACTION, STRICT],
    );
    if kind == POLICY {
        for reference in items(block, "stateful_rule_group_reference") {
            if let Some(arn) = reference
                .text("resource_arn")
                .filter(|arn| !arn.starts_with("arn:"))
            {
                refusals.push(Refusal::of(
                    place,
                    format!("({arn}) is an invalid ARN: arn: invalid prefix"),
                ));
            }
        }
        return refusals;
    }
    word(
        "type",
        "type",
        config.text("type"),
        &["STATEFUL", "STATELESS"],
    );
    if config.text("type") == Some("STATELESS") {
        refusals.push(Refusal::of("type", "the stand-in keeps no stateless rules"));
    }
    for sets in ["ip_sets", "port_sets"] {
        for set in items(only(block, "rule_variables"), sets) {
            let Some(key) = set.text("key") else { continue };
            if !(1..=32).contains(&key.len()) {
                refusals.push(Refusal::of(
                    place,
                    format!("expected length of key to be in the range (1 - 32), got {key}"),
                ));
            }
            if !key.starts_with(|first: char| first.is_ascii_alphabetic()) {
                refusals.push(Refusal::of(
                    place,
                    format!("invalid value for key (must begin with alphabetic character): {key}"),
                ));
            }
            if !key
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || one == '_')
            {
                refusals.push(Refusal::of(
                    place,
                    format!("invalid value for key (must contain only alphanumeric and underscore characters): {key}"),
                ));
            }
        }
    }
    refusals
}

/// The order of a group or policy can't be changed; the one that is left out is the default.
pub fn plan(kind: &str, prior: &Value, plan: &mut Plan) {
    if prior.is_null() || plan.state.is_null() {
        return;
    }
    if order(kind, prior) != order(kind, &plan.state) {
        plan.replaced_by.push(outline(kind).0.to_owned());
    }
}

/// The block that holds everything of a type, and the one in it that holds the order.
fn outline(kind: &str) -> (&'static str, &'static str) {
    match kind {
        GROUP => ("rule_group", "stateful_rule_options"),
        _ => ("firewall_policy", "stateful_engine_options"),
    }
}

fn order<'a>(kind: &str, state: &'a Value) -> &'a str {
    let (block, options) = outline(kind);
    only(only(state, block), options)
        .text("rule_order")
        .unwrap_or(BY_ACTION)
}

/// The blocks of a name.
fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    match value.get(name) {
        Value::List(items) => items,
        _ => &[],
    }
}

/// The block of a name that stands once.
fn only<'a>(value: &'a Value, name: &str) -> &'a Value {
    items(value, name).first().unwrap_or(&Value::Null)
}

pub fn put(
    objects: &mut Objects,
    kind: &str,
    region: &str,
    account: &str,
    mut state: Value,
) -> Result<Value, Refusal> {
    check_name(objects, kind, &state)?;
    if kind == GROUP {
        check_group(&state)?;
    } else {
        check_policy(objects, &state)?;
    }
    let path = if kind == GROUP {
        "stateful-rulegroup"
    } else {
        "firewall-policy"
    };
    let name = state.text("name").unwrap_or_default();
    let arn = format!("arn:aws:network-firewall:{region}:{account}:{path}/{name}");
    let token = format!("00000000-0000-0000-0000-{}", &objects.next_name()[..12]);
    for (attribute, value) in [
        ("id", arn.as_str()),
        ("arn", &arn),
        ("region", region),
        ("update_token", &token),
    ] {
        if state.get(attribute).is_unknown() {
            state.set(attribute, value);
        }
    }
    Ok(state)
}

/// The policies that a rule group is used by.
pub fn users(objects: &Objects, kind: &str, state: &Value) -> Vec<String> {
    let arn = state.text("arn").unwrap_or_default();
    if kind != GROUP {
        return Vec::new();
    }
    objects
        .of_kind(POLICY)
        .filter(|(_, policy)| {
            references(policy).any(|reference| reference.text("resource_arn") == Some(arn))
        })
        .map(|(policy, _)| policy.to_owned())
        .collect()
}

fn references(policy: &Value) -> impl Iterator<Item = &Value> {
    items(
        only(policy, "firewall_policy"),
        "stateful_rule_group_reference",
    )
    .iter()
}

fn invalid(text: impl std::fmt::Display) -> Refusal {
    Refusal::by_api("InvalidRequestException", text)
}

fn check_name(objects: &Objects, kind: &str, state: &Value) -> Result<(), Refusal> {
    let name = state.text("name").unwrap_or_default();
    if !(1..=128).contains(&name.len())
        || !name
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || one == '-')
    {
        return Err(invalid(format!(
            "parameter is invalid, parameter: [{name}], context: name"
        )));
    }
    if let Some(description) = state.text("description")
        && !(1..=512).contains(&description.chars().count())
    {
        return Err(invalid("parameter is invalid, context: description"));
    }
    let id = state.text("id");
    // Code unverified.
    match objects
        .of_kind(kind)
        .find(|(_, other)| other.text("id") != id && other.text("name") == Some(name))
    {
        Some(_) => Err(invalid("a resource with the specified name already exists")),
        None => Ok(()),
    }
}

fn check_group(state: &Value) -> Result<(), Refusal> {
    let capacity = state.whole("capacity").unwrap_or_default();
    if !(1..=CAPACITY).contains(&capacity) {
        return Err(Refusal::by_api(
            "LimitExceededException",
            format!("a stateful rule group has a capacity of 1 to {CAPACITY}, got {capacity}"),
        ));
    }
    let group = only(state, "rule_group");
    let string = only(group, "rules_source").text("rules_string");
    let ((Some(text), None) | (None, Some(text))) = (state.text("rules"), string) else {
        return Err(invalid("give either a rule group or rules"));
    };
    if text.len() > RULES_STRING {
        return Err(invalid(format!(
            "a rules string has at most {RULES_STRING} bytes, got {}",
            text.len()
        )));
    }
    let variables = variables(group)?;
    let is_strict = order(GROUP, state) == STRICT;
    let mut sids = std::collections::BTreeSet::new();
    let mut count = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        count += 1;
        let refuse = |reason: &str| {
            invalid(format!(
                "stateful rule is invalid, rule: {line}, reason: {reason}"
            ))
        };
        let rule = Rule::parse(line).map_err(|reason| refuse(&reason))?;
        if is_strict && rule.has("priority") {
            return Err(refuse("priority is not taken in strict order"));
        }
        if !sids.insert(rule.sid) {
            return Err(refuse(&format!("duplicate signature, sid {}", rule.sid)));
        }
        let mut length = line.len();
        for name in rule.variables() {
            match variables.iter().find(|(known, _)| *known == name) {
                Some((_, long)) => length += long,
                None if matches!(name, "HOME_NET" | "EXTERNAL_NET") => {}
                None => return Err(refuse(&format!("undefined variable ${name}"))),
            }
        }
        if length > RULE {
            return Err(refuse(&format!(
                "a rule has at most {RULE} characters with its variables, got {length}"
            )));
        }
    }
    if count == 0 {
        return Err(invalid("there is no rule"));
    }
    // Code unverified.
    if count > capacity {
        return Err(invalid(format!(
            "StatefulRules capacity exceeded: {count} of {capacity}"
        )));
    }
    Ok(())
}

/// Names of IP and port sets, and how long they are where they stand.
fn variables(group: &Value) -> Result<Vec<(&str, usize)>, Refusal> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    for (sets, set) in [("ip_sets", "ip_set"), ("port_sets", "port_set")] {
        for variable in items(only(group, "rule_variables"), sets) {
            let key = variable.text("key").unwrap_or_default();
            let definition = only(variable, set).texts("definition");
            if definition.is_empty() {
                return Err(invalid(format!("the definition of {key} is empty")));
            }
            if let Some(wrong) = definition
                .iter()
                .find(|text| sets == "ip_sets" && !is_addresses(text))
            {
                return Err(invalid(format!(
                    "{wrong} of {key} is neither an address nor a CIDR"
                )));
            }
            if found.iter().any(|(known, _)| *known == key) {
                return Err(invalid(format!("{key} is defined twice")));
            }
            found.push((key, definition.join(", ").len() + 2));
        }
    }
    Ok(found)
}

fn is_addresses(text: &str) -> bool {
    let text = text.strip_prefix('!').unwrap_or(text);
    text == "any"
        || text.starts_with('$')
        || text.parse::<IpAddr>().is_ok()
        || text
            .parse::<IpNet>()
            .is_ok_and(|network| network.trunc() == network)
}

fn check_policy(objects: &Objects, state: &Value) -> Result<(), Refusal> {
    let policy = only(state, "firewall_policy");
    let is_strict = order(POLICY, state) == STRICT;
    for name in [
        "stateless_default_actions",
        "stateless_fragment_default_actions",
    ] {
        let actions = policy.texts(name);
        if actions.len() != 1
            || !matches!(actions[0], "aws:pass" | "aws:drop" | "aws:forward_to_sfe")
        {
            return Err(invalid(format!(
                "one standard action must be given, and the stand-in keeps no others: {name} is {}",
                actions.join(", ")
            )));
        }
    }
    check_defaults(&policy.texts("stateful_default_actions"), is_strict)?;

    let mut priorities = Vec::new();
    let mut capacity = 0;
    for reference in references(state) {
        let arn = reference.text("resource_arn").unwrap_or_default();
        let Some(group) = objects.get(arn) else {
            if objects.lacks(arn) {
                return Err(invalid(format!("resource ARN {arn} is of no rule group")));
            }
            continue;
        };
        if order(GROUP, group) != order(POLICY, state) {
            return Err(invalid(format!(
                "the rule order of {arn} is not the policy's: {}",
                order(GROUP, group)
            )));
        }
        capacity += group.whole("capacity").unwrap_or_default();
        let priority = reference.whole("priority");
        match priority {
            Some(given) if !is_strict => {
                return Err(invalid(format!(
                    "priority cannot be provided, parameter: [{given}]"
                )));
            }
            Some(given) if !PRIORITIES.contains(&given) || priorities.contains(&given) => {
                return Err(invalid(format!(
                    "priority must be from {} to {} and unique, parameter: [{given}]",
                    PRIORITIES.start(),
                    PRIORITIES.end()
                )));
            }
            Some(given) => priorities.push(given),
            None if is_strict => {
                return Err(invalid(format!("priority must be provided for {arn}")));
            }
            None => {}
        }
    }
    if references(state).count() > GROUPS_PER_POLICY || capacity > CAPACITY {
        return Err(Refusal::by_api(
            "LimitExceededException",
            format!(
                "a policy takes {GROUPS_PER_POLICY} stateful rule groups and a capacity of {CAPACITY}, got {} and {capacity}",
                references(state).count()
            ),
        ));
    }
    Ok(())
}

fn check_defaults(actions: &[&str], is_strict: bool) -> Result<(), Refusal> {
    if !actions.is_empty() && !is_strict {
        return Err(invalid(
            "StatefulDefaultActions are for the strict order only",
        ));
    }
    if let Some(unknown) = actions.iter().find(|action| {
        !DEFAULTS.contains(action) && !matches!(**action, "aws:drop_strict" | "aws:alert_strict")
    }) {
        return Err(invalid(format!(
            "parameter is invalid, parameter: [{unknown}], context: StatefulDefaultActions"
        )));
    }
    // The established ones, those of the application layer, and these to the server.
    let families: std::collections::BTreeSet<usize> = actions
        .iter()
        .filter_map(|action| DEFAULTS.iter().position(|known| known == action))
        .map(|place| place / 2)
        .collect();
    if families.len() > 1 {
        return Err(invalid("StatefulDefaultActions cannot exist together"));
    }
    Ok(())
}
