//! Azure Firewall: policies, their rules, and IP groups.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::{invalid_name, is_name, is_tag};
use crate::cloud::Objects;
use crate::refusal::Refusal;
use crate::value::Value;

pub const POLICY: &str = "azurerm_firewall_policy";
pub const RULES: &str = "azurerm_firewall_policy_rule_collection_group";
pub const IP_GROUP: &str = "azurerm_ip_group";

const NETWORK: &str = "network_rule_collection";
const APPLICATION: &str = "application_rule_collection";
const NAT: &str = "nat_rule_collection";

const PRIORITIES: RangeInclusive<i64> = 100..=65000;

// https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits
const ADDRESSES_PER_IP_GROUP: usize = 5000;
/// Of a firewall, which the stand-in doesn't have: of its policy.
const IP_GROUPS: usize = 200;
/// Of sources and destinations in network rules, where an IP group is one address; likewise of the policy.
const PAIRS: usize = 20_000;

/// What the provider refuses. Unknown values are looked at when they are known.
pub fn check(kind: &str, config: &Value) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse = |attribute: &str, text: String| refusals.push(Refusal::of(attribute, text));
    match kind {
        POLICY => {
            check_name(config, &mut refuse);
            for (attribute, choices) in [
                ("sku", &["Standard", "Premium", "Basic"][..]),
                ("threat_intelligence_mode", &["Alert", "Deny", "Off"]),
            ] {
                check_choice(attribute, config.text(attribute), choices, &mut refuse);
            }
        }
        RULES => {
            check_name(config, &mut refuse);
            if let Some(id) = config.text("firewall_policy_id")
                && !is_policy_id(id)
            {
                refuse(
                    "firewall_policy_id",
                    format!("parsing {id:?} as a FirewallPolicy ID"),
                );
            }
            check_priority("priority", config, &mut refuse);
            for kind in [NETWORK, APPLICATION, NAT] {
                for collection in blocks(config, kind) {
                    check_collection(kind, collection, &mut |text| refuse(kind, text));
                }
            }
        }
        IP_GROUP if config.texts("cidrs").contains(&"") => {
            refuse("cidrs", "expected cidrs to hold no empty string".to_owned());
        }
        _ => {}
    }
    refusals
}

fn check_name(config: &Value, refuse: &mut impl FnMut(&str, String)) {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if let Some(name) = config.text("name")
        && !(name.len() > 1
            && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && name.ends_with(is_word)
            && name
                .chars()
                .all(|letter| is_word(letter) || matches!(letter, '.' | '-')))
    {
        refuse(
            "name",
            format!(
                "the name must begin with a letter or number, end with a letter, number or underscore, and hold only those, periods and hyphens, got {name:?}"
            ),
        );
    }
}

fn check_choice(
    attribute: &str,
    given: Option<&str>,
    choices: &[&str],
    refuse: &mut impl FnMut(&str, String),
) {
    if let Some(text) = given
        && !choices.contains(&text)
    {
        refuse(
            attribute,
            format!("expected {attribute} to be one of {choices:?}, got {text}"),
        );
    }
}

fn check_priority(attribute: &str, block: &Value, refuse: &mut impl FnMut(&str, String)) {
    if let Value::Number(number) = block.get("priority")
        && !number
            .as_i64()
            .is_some_and(|priority| PRIORITIES.contains(&priority))
    {
        refuse(
            attribute,
            format!(
                "expected priority to be a whole number in the range (100 - 65000), got {number}"
            ),
        );
    }
}

fn check_collection(kind: &str, collection: &Value, refuse: &mut impl FnMut(String)) {
    check_priority("priority", collection, &mut |_, text| refuse(text));
    let actions: &[&str] = if kind == NAT {
        &["Dnat"]
    } else {
        &["Allow", "Deny"]
    };
    check_choice(
        "action",
        collection.text("action"),
        actions,
        &mut |_, text| refuse(text),
    );
    if collection.text("name") == Some("") {
        refuse("expected name of a rule collection not to be an empty string".to_owned());
    }
    for rule in blocks(collection, "rule") {
        check_rule(kind, rule, refuse);
    }
}

fn check_rule(kind: &str, rule: &Value, refuse: &mut impl FnMut(String)) {
    let name = rule.text("name").unwrap_or_default().to_owned();
    let mut refuse = |text: String| refuse(format!("rule {name:?}: {text}"));
    for attribute in ["name", "description", "translated_fqdn"] {
        if rule.text(attribute) == Some("") {
            refuse(format!("expected {attribute} not to be an empty string"));
        }
    }
    for attribute in [
        "source_ip_groups",
        "destination_ip_groups",
        "destination_fqdns",
        "destination_urls",
        "destination_fqdn_tags",
        "web_categories",
    ] {
        if rule.texts(attribute).contains(&"") {
            refuse(format!("expected {attribute} to hold no empty string"));
        }
    }
    // Where a network rule leads may be a service tag, too.
    let mut addresses = rule.texts("source_addresses");
    if kind == APPLICATION {
        addresses.extend(rule.texts("destination_addresses"));
    } else if rule.texts("destination_addresses").contains(&"") {
        refuse("expected destination_addresses to hold no empty string".to_owned());
    }
    if let Some(address) = addresses.into_iter().find(|text| family(text).is_none()) {
        refuse(format!(
            "expected an IP address, a range, a CIDR or `*`, got {address:?}"
        ));
    }
    let protocols: &[&str] = match kind {
        NETWORK => &["Any", "TCP", "UDP", "ICMP"],
        _ => &["TCP", "UDP"],
    };
    for protocol in rule.texts("protocols") {
        check_choice("protocols", Some(protocol), protocols, &mut |_, text| {
            refuse(text);
        });
    }
    for protocol in blocks(rule, "protocols") {
        check_choice(
            "type",
            protocol.text("type"),
            &["Http", "Https", "Mssql"],
            &mut |_, text| refuse(text),
        );
        check_port("port", protocol, 0..=64000, &mut refuse);
    }
    let ports = rule.texts("destination_ports");
    let last = if kind == NAT { 64000 } else { 65535 };
    if let Some(port) = ports
        .iter()
        .find(|port| !(is_port_range(port, last) || kind == NETWORK && **port == "*"))
    {
        refuse(format!(
            "expected a port from 1 to {last} or a range that goes up, got {port:?}"
        ));
    }
    if kind == NAT {
        if ports.len() > 1 {
            refuse(
                "too many list items: attribute destination_ports supports 1 item maximum"
                    .to_owned(),
            );
        }
        check_port("translated_port", rule, 1..=65535, &mut refuse);
        if let Some(address) = rule.text("destination_address")
            && address.parse::<IpAddr>().is_err()
            && address.parse::<IpNet>().is_err()
        {
            refuse(format!(
                "expected destination_address to be an IP address or a CIDR, got {address:?}"
            ));
        }
        if let Some(address) = rule.text("translated_address")
            && address.parse::<IpAddr>().is_err()
        {
            refuse(format!(
                "expected translated_address to be an IP address, got {address:?}"
            ));
        }
    }
}

fn check_port(
    attribute: &str,
    block: &Value,
    ports: RangeInclusive<i64>,
    refuse: &mut impl FnMut(String),
) {
    if let Value::Number(number) = block.get(attribute)
        && !number.as_i64().is_some_and(|port| ports.contains(&port))
    {
        refuse(format!(
            "expected {attribute} to be in the range ({ports:?}), got {number}"
        ));
    }
}

/// A range of one port, 443-443, is none to the provider.
fn is_port_range(text: &str, last: u16) -> bool {
    let port = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u16>().ok())
            .flatten()
            .filter(|port| (1..=last).contains(port))
    };
    match text.split_once('-') {
        Some((first, last)) => {
            matches!((port(first), port(last)), (Some(first), Some(last)) if first < last)
        }
        None => port(text).is_some(),
    }
}

fn is_policy_id(id: &str) -> bool {
    let parts: Vec<_> = id.split('/').collect();
    matches!(
        parts.as_slice(),
        ["", "subscriptions", subscription, "resourceGroups", group, "providers", "Microsoft.Network", "firewallPolicies", name]
            if [subscription, group, name].iter().all(|part| !part.is_empty())
    )
}

#[derive(PartialEq)]
enum Family {
    /// `*` is of both, and a rule of it is one of IPv4.
    Ipv4,
    Ipv6,
}

/// The family of an address, a CIDR, a range of IPv4 addresses, or `*`.
fn family(text: &str) -> Option<Family> {
    let of = |address: IpAddr| {
        if address.is_ipv4() {
            Family::Ipv4
        } else {
            Family::Ipv6
        }
    };
    if text == "*" {
        return Some(Family::Ipv4);
    }
    if let Some((first, last)) = text.split_once('-') {
        let (first, last) = (
            first.parse::<Ipv4Addr>().ok()?,
            last.parse::<Ipv4Addr>().ok()?,
        );
        return (first <= last).then_some(Family::Ipv4);
    }
    text.parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<IpNet>().ok().map(|network| network.addr()))
        .map(of)
}

/// Blocks of a name, less those that are unknown.
fn blocks<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    match value.get(name) {
        Value::List(items) => items
            .iter()
            .filter(|item| matches!(item, Value::Object(_)))
            .collect(),
        _ => Vec::new(),
    }
}

/// What the API refuses of a state to be.
pub fn put(objects: &Objects, kind: &str, state: &Value) -> Result<(), Refusal> {
    if matches!(kind, POLICY | RULES | IP_GROUP) {
        let name = state.text("name").unwrap_or_default();
        if !is_name(name) || name.starts_with('_') {
            return Err(invalid_name(name));
        }
    }
    match kind {
        POLICY => put_policy(objects, state),
        RULES => put_rules(objects, state),
        IP_GROUP => put_ip_group(state),
        _ => Ok(()),
    }
}

pub fn delete(objects: &mut Objects, kind: &str, id: &str) -> Result<(), Refusal> {
    match kind {
        IP_GROUP => {
            if let Some((user, _)) = objects
                .of_kind(RULES)
                .find(|(_, group)| ip_groups(group).contains(&id.to_lowercase()))
            {
                return Err(Refusal::by_api(
                    "IpGroupsHasFirewallPolicyReferences",
                    format!(
                        "the IP group {id} cannot be deleted since firewall policies use it: {user}"
                    ),
                ));
            }
        }
        // That they go with it is unverified.
        POLICY => {
            let groups: Vec<_> = groups_of(objects, id)
                .map(|(group, _)| group.to_owned())
                .collect();
            for group in groups {
                objects.remove(&group);
            }
        }
        _ => {}
    }
    Ok(())
}

fn groups_of<'a>(
    objects: &'a Objects,
    policy: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    objects.under(&format!("{policy}/ruleCollectionGroups/"))
}

fn put_policy(objects: &Objects, policy: &Value) -> Result<(), Refusal> {
    let groups = groups_of(objects, policy.text("id").unwrap_or_default());
    for (_, group) in groups {
        check_dns_proxy(policy, group)?;
    }
    Ok(())
}

fn put_ip_group(group: &Value) -> Result<(), Refusal> {
    let name = group.text("name").unwrap_or_default();
    let addresses = group.texts("cidrs");
    if addresses.len() > ADDRESSES_PER_IP_GROUP {
        return Err(Refusal::by_api(
            // Code unverified.
            "IpGroupsIpAddressesLimitExceeded",
            format!(
                "IP group {name} has {} addresses, and {ADDRESSES_PER_IP_GROUP} at most",
                addresses.len()
            ),
        ));
    }
    match addresses
        .into_iter()
        .find(|address| *address == "*" || family(address) != Some(Family::Ipv4))
    {
        Some(address) => Err(Refusal::by_api(
            // Code unverified.
            "IpGroupsInvalidIpAddress",
            format!(
                "IP group {name} takes IPv4 addresses, ranges and CIDRs. Value provided: {address}"
            ),
        )),
        None => Ok(()),
    }
}

fn put_rules(objects: &Objects, group: &Value) -> Result<(), Refusal> {
    let id = group.text("id").unwrap_or_default();
    for (kind, rule) in rules(group) {
        put_rule(kind, rule)?;
    }
    // A policy of someone else's need not be in the cloud.
    let policy = group.text("firewall_policy_id").unwrap_or_default();
    if let Some(policy) = objects.get(policy) {
        check_dns_proxy(policy, group)?;
    }
    if let Some(missing) = ip_groups(group).into_iter().find(|id| objects.lacks(id)) {
        return Err(Refusal::by_api(
            "InvalidResourceReference",
            format!("resource {missing} referenced by {id} was not found"),
        ));
    }

    let mut all: Vec<_> = groups_of(objects, policy)
        .filter(|(other, _)| !other.eq_ignore_ascii_case(id))
        .map(|(_, group)| group)
        .collect();
    all.push(group);
    let named = all
        .iter()
        .flat_map(|group| ip_groups(group))
        .collect::<BTreeSet<_>>()
        .len();
    if named > IP_GROUPS {
        return Err(Refusal::by_api(
            // Code unverified.
            "FirewallPolicyIpGroupsLimitExceeded",
            format!(
                "a firewall cannot have more than {IP_GROUPS} IP groups, and {id} makes them {named}"
            ),
        ));
    }
    let pairs = all.iter().map(|group| pairs(group)).sum::<usize>();
    if pairs > PAIRS {
        return Err(Refusal::by_api(
            // Code unverified.
            "FirewallPolicyNetworkRulesLimitExceeded",
            format!(
                "a firewall cannot have more than {PAIRS} pairs of source and destination in network rules, and {id} makes them {pairs}"
            ),
        ));
    }
    Ok(())
}

fn put_rule(kind: &str, rule: &Value) -> Result<(), Refusal> {
    let name = rule.text("name").unwrap_or_default();
    let invalid =
        |code: &str, text: String| Err(Refusal::by_api(code, format!("rule {name}: {text}")));
    let has_any = |attributes: &[&str]| {
        attributes
            .iter()
            .any(|attribute| !rule.texts(attribute).is_empty())
    };
    // Codes unverified, here and below.
    let missing = |what: &str| {
        invalid(
            "FirewallPolicyRuleParametersMissing",
            format!("must have one of {what} specified"),
        )
    };
    if !has_any(&["source_addresses", "source_ip_groups"]) {
        return missing("sourceAddresses or sourceIpGroups");
    }
    let mut addresses = rule.texts("source_addresses");
    let destinations = rule.texts("destination_addresses");
    addresses.extend(
        destinations
            .iter()
            .filter(|text| kind != NETWORK || !is_tag(text)),
    );
    addresses.extend(rule.text("destination_address"));
    addresses.extend(rule.text("translated_address"));
    if let Some(address) = addresses
        .iter()
        .find(|address| family(address) != Some(Family::Ipv4))
    {
        return invalid(
            "FirewallPolicyRuleInvalidIpAddressOrRangeFormat",
            format!("takes IPv4 alone. Value provided: {address}"),
        );
    }
    let hosts = rule.texts("destination_fqdns");
    match kind {
        NETWORK => {
            if !has_any(&[
                "destination_addresses",
                "destination_ip_groups",
                "destination_fqdns",
            ]) {
                return missing("destinationAddresses, destinationIpGroups or destinationFqdns");
            }
            if !has_any(&["destination_ports"]) {
                return missing("destinationPorts");
            }
            // https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules
            if let Some(host) = hosts.iter().find(|host| host.contains('*')) {
                return invalid(
                    "FirewallPolicyRuleInvalidFqdn",
                    format!("no wildcards in a network rule. Value provided: {host}"),
                );
            }
        }
        APPLICATION => {
            if !has_any(&[
                "destination_fqdns",
                "destination_urls",
                "destination_fqdn_tags",
                "web_categories",
            ]) {
                return missing("targetFqdns, targetUrls, fqdnTags or webCategories");
            }
            if blocks(rule, "protocols").is_empty() {
                return missing("protocols");
            }
            // https://learn.microsoft.com/azure/firewall/firewall-faq
            if let Some(host) = hosts
                .iter()
                .find(|host| host.strip_prefix('*').unwrap_or(host).contains('*'))
            {
                return invalid(
                    "FirewallPolicyRuleInvalidFqdn",
                    format!("wildcards work left-most alone. Value provided: {host}"),
                );
            }
        }
        // The provider's own, when it writes.
        _ if rule.text("translated_address").is_some()
            == rule.text("translated_fqdn").is_some() =>
        {
            return invalid(
                "expanding NAT rule collection",
                "should specify either `translated_address` or `translated_fqdn`".to_owned(),
            );
        }
        _ => {}
    }
    Ok(())
}

/// <https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules>
fn check_dns_proxy(policy: &Value, group: &Value) -> Result<(), Refusal> {
    let is_on = blocks(policy, "dns")
        .iter()
        .any(|dns| *dns.get("proxy_enabled") == Value::Bool(true));
    match rules(group)
        .find(|(kind, rule)| *kind == NETWORK && !rule.texts("destination_fqdns").is_empty())
    {
        Some((_, rule)) if !is_on => Err(Refusal::by_api(
            // Code unverified.
            "FirewallPolicyNetworkRuleRequiresDnsProxy",
            format!(
                "DNS proxy must be enabled to use destination FQDNs in network rules. See rule {}",
                rule.text("name").unwrap_or_default()
            ),
        )),
        _ => Ok(()),
    }
}

/// All rules of a group, each with the kind of its collection.
fn rules(group: &Value) -> impl Iterator<Item = (&'static str, &Value)> {
    [NETWORK, APPLICATION, NAT]
        .into_iter()
        .flat_map(move |kind| {
            blocks(group, kind)
                .into_iter()
                .flat_map(|collection| blocks(collection, "rule"))
                .map(move |rule| (kind, rule))
        })
}

/// The IP groups that a group's rules name, in lower case.
fn ip_groups(group: &Value) -> BTreeSet<String> {
    rules(group)
        .flat_map(|(_, rule)| {
            let mut ids = rule.texts("source_ip_groups");
            ids.extend(rule.texts("destination_ip_groups"));
            ids
        })
        .map(str::to_lowercase)
        .collect()
}

fn pairs(group: &Value) -> usize {
    let count = |rule: &Value, lists: &[&str]| -> usize {
        lists
            .iter()
            .map(|list| rule.texts(list).into_iter().collect::<BTreeSet<_>>().len())
            .sum()
    };
    rules(group)
        .filter(|(kind, _)| *kind == NETWORK)
        .map(|(_, rule)| {
            count(rule, &["source_addresses", "source_ip_groups"])
                * count(
                    rule,
                    &[
                        "destination_addresses",
                        "destination_ip_groups",
                        "destination_fqdns",
                    ],
                )
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Here, since Terraform itself takes a minute for a set of so many.
    #[test]
    fn an_ip_group_takes_5000_addresses() {
        let group = |count: u16| {
            let address = |index: u16| {
                let [high, low] = index.to_be_bytes();
                Value::from(format!("10.0.{high}.{low}"))
            };
            let mut group = Value::Object([].into());
            group.set("cidrs", Value::List((0..count).map(address).collect()));
            put_ip_group(&group)
        };
        assert!(group(5000).is_ok());
        assert!(group(5001).is_err());
    }
}
