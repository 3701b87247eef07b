//! The same rules as people write them without a generator: a resource for each network, or a group with its rules inside.
//! In Terraform's JSON, which plans alike.

use serde_json::{Map, Value, json};

/// A cloud whose groups are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    Azure,
    Aws,
}

/// How the rules are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A resource for each network.
    EachNetwork,
    /// Rules inside their group, a rule for each address family.
    Inline,
}

/// Of `networks` in groups of what a group takes: one document.
pub fn document(cloud: Cloud, way: Way, networks: &[String]) -> Value {
    match cloud {
        Cloud::Azure => azure(way, networks),
        Cloud::Aws => aws(way, networks),
    }
}

fn azure(way: Way, networks: &[String]) -> Value {
    let rule = |name: String, priority: usize, sources: &[&String]| {
        let (ipv4, hosts) = (
            !sources[0].contains(':'),
            ["10.0.1.0/28", "2001:db8:1::/64"],
        );
        json!({
            "name": name, "description": "Graph change notifications", "priority": priority, "direction": "Inbound",
            "access": "Allow", "protocol": "Tcp", "source_port_range": "*", "source_port_ranges": null,
            "source_address_prefix": null, "source_address_prefixes": sources,
            "source_application_security_group_ids": null, "destination_port_range": "443",
            "destination_port_ranges": null, "destination_address_prefix": hosts[usize::from(!ipv4)],
            "destination_address_prefixes": null, "destination_application_security_group_ids": null,
        })
    };
    let mut group =
        json!({"name": "m365", "resource_group_name": "network", "location": "westeurope"});
    let mut rules = Map::new();
    match way {
        Way::Inline => {
            let families = families(networks).into_iter().enumerate();
            let families = families.map(|(index, family)| {
                rule(format!("webhooks-{index}"), 100 + 10 * index, &family)
            });
            group["security_rule"] = families.collect();
        }
        Way::EachNetwork => {
            for (index, network) in networks.iter().enumerate() {
                let mut rule = rule(format!("webhooks-{index}"), 100 + index, &[network]);
                rule["source_address_prefix"] = json!(network);
                rule["source_address_prefixes"] = Value::Null;
                rule["network_security_group_name"] =
                    json!("${azurerm_network_security_group.m365.name}");
                rule["resource_group_name"] = json!("network");
                rules.insert(format!("webhooks_{index}"), rule);
            }
        }
    }
    let mut resources = json!({"azurerm_network_security_group": {"m365": group}});
    if !rules.is_empty() {
        resources["azurerm_network_security_rule"] = Value::Object(rules);
    }
    json!({"provider": {"azurerm": {"features": {}}}, "resource": resources})
}

fn aws(way: Way, networks: &[String]) -> Value {
    /// Rules that a group takes for each family.
    const ROOM: usize = 60;
    let mut groups = Map::new();
    let mut rules = Map::new();
    for family in families(networks) {
        for (number, share) in family.chunks(ROOM).enumerate() {
            let name = format!("m365_{number}");
            let group = groups.entry(name.clone()).or_insert_with(|| {
                json!({"name": format!("m365-{number}"), "description": "Graph change notifications", "vpc_id": "vpc-0123456789abcdef0"})
            });
            let is_ipv4 = !share[0].contains(':');
            if way == Way::Inline {
                let (ipv4, ipv6) = if is_ipv4 {
                    (json!(share), json!([]))
                } else {
                    (json!([]), json!(share))
                };
                let rule = json!({
                    "description": "Graph change notifications", "protocol": "tcp", "from_port": 443, "to_port": 443,
                    "cidr_blocks": ipv4, "ipv6_cidr_blocks": ipv6, "prefix_list_ids": [], "security_groups": [], "self": false,
                });
                match group["ingress"].as_array_mut() {
                    Some(rules) => rules.push(rule),
                    None => group["ingress"] = json!([rule]),
                }
                continue;
            }
            for network in share {
                let field = if is_ipv4 { "cidr_ipv4" } else { "cidr_ipv6" };
                let rule = json!({
                    "security_group_id": format!("${{aws_security_group.{name}.id}}"),
                    "description": "Graph change notifications", "ip_protocol": "tcp", "from_port": 443, "to_port": 443,
                    field: network,
                });
                rules.insert(format!("webhooks_{}", rules.len()), rule);
            }
        }
    }
    let mut resources = json!({"aws_security_group": groups});
    if !rules.is_empty() {
        resources["aws_vpc_security_group_ingress_rule"] = Value::Object(rules);
    }
    json!({"provider": {"aws": {"region": "eu-central-1"}}, "resource": resources})
}

/// IPv4 and IPv6 apart.
fn families(networks: &[String]) -> Vec<Vec<&String>> {
    let (ipv6, ipv4): (Vec<&String>, Vec<&String>) =
        networks.iter().partition(|network| network.contains(':'));
    let families = [ipv4, ipv6].into_iter();
    families.filter(|family| !family.is_empty()).collect()
}
