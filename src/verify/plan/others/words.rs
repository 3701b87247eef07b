//! How vendors name what network rules are made of.

use std::collections::BTreeMap;

use crate::catalogue::Direction;
use crate::verify::plan::json::Json;

/// What the types of network rules have in their names, at whatever vendor.
pub const WORDS: [&str; 23] = [
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
    "authorization_rule",
    "web_acl",
    "access_control_list",
    "security_group_lite",
];

/// Whether resources of a type often have no rules of their own, which stand in others.
pub fn holds_no_rules(kind: &str) -> bool {
    const TYPES: [&str; 12] = [
        "azurerm_network_security_group",
        "azurerm_application_security_group",
        "azurerm_firewall",
        "azurerm_firewall_policy",
        "aws_security_group",
        "aws_default_security_group",
        "aws_network_acl",
        "aws_networkfirewall_firewall",
        "google_compute_firewall_policy",
        "google_compute_network_firewall_policy",
        "openstack_networking_secgroup_v2",
        "alicloud_security_group",
    ];
    let ends = ["association", "attachment", "logging_configuration"];
    TYPES.contains(&kind) || ends.iter().any(|end| kind.ends_with(end))
}

/// Whether a word of a rule means that nothing is let through.
pub fn denies(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "deny", "denied", "drop", "drops", "reject", "block", "blocked", "discard", "none",
    ];
    let text = text.to_lowercase();
    let text = text.strip_prefix("aws:").unwrap_or(&text);
    WORDS.contains(&text) || text.starts_with("drop_") || text.starts_with("deny(")
}

/// The direction that a word means.
pub fn direction_of(text: &str) -> Option<Direction> {
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
pub fn is_side(name: &str) -> bool {
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
pub fn service(object: &BTreeMap<String, Json>) -> Vec<String> {
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
pub fn concerns(name: &str, direction: Option<Direction>) -> bool {
    let name = name.to_lowercase();
    let is_source = name.contains("source") || name.contains("src");
    let is_destination = name.contains("dest") || name.contains("dst");
    match direction {
        Some(Direction::Inbound) => !is_destination,
        Some(Direction::Outbound) => !is_source,
        None => true,
    }
}
