//! What azurerm refuses before anything is done, and what Azure's API refuses afterwards.
//!
//! Our reading of the documents, not Azure. Codes marked `code unverified` are invented: the refusal is documented,
//! what the API calls it is not known to us.

mod firewall;

use ipnet::IpNet;

use crate::cloud::Objects;
use crate::inline;
use crate::refusal::Refusal;
use crate::value::Value;

const SECURITY_GROUP: &str = "azurerm_network_security_group";
const SECURITY_RULE: &str = "azurerm_network_security_rule";
const SUBNET_ASSOCIATION: &str = "azurerm_subnet_network_security_group_association";
const INTERFACE_ASSOCIATION: &str = "azurerm_network_interface_security_group_association";

const RULES_PER_GROUP: usize = 1000;

/// Of each side: sources and destinations are counted apart.
const ADDRESSES_PER_GROUP: usize = 4000;

/// Of each side of a rule; the provider knows it, too.
const APPLICATION_GROUPS_PER_RULE: usize = 10;

/// What the provider refuses. Unknown values are looked at when they are known.
pub fn check(kind: &str, config: &Value) -> Vec<Refusal> {
    match kind {
        SECURITY_GROUP => inline::check(config, "security_rule", "azurerm_network_security_rule")
            .into_iter()
            .collect(),
        SECURITY_RULE => check_rule(config),
        _ => firewall::check(kind, config),
    }
}

fn check_rule(config: &Value) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (attribute, choices) in [
        ("protocol", &["*", "Tcp", "Udp", "Icmp", "Ah", "Esp"][..]),
        ("access", &["Allow", "Deny"]),
        ("direction", &["Inbound", "Outbound"]),
    ] {
        if let Some(text) = config.text(attribute)
            && !choices.contains(&text)
        {
            refusals.push(Refusal::of(
                attribute,
                format!("expected {attribute} to be one of {choices:?}, got {text}"),
            ));
        }
    }
    // Bytes, as the provider counts.
    if let Some(text) = config.text("description")
        && text.len() > 140
    {
        refusals.push(Refusal::of(
            "description",
            format!("expected length of description to be in the range (0 - 140), got {text}"),
        ));
    }
    if let Value::Number(number) = config.get("priority")
        && !number
            .as_i64()
            .is_some_and(|priority| (100..=4096).contains(&priority))
    {
        refusals.push(Refusal::of(
            "priority",
            format!(
                "expected priority to be a whole number in the range (100 - 4096), got {number}"
            ),
        ));
    }
    if let Some(text) = config.text("name")
        && text.contains(['/', '\\', '?', '%'])
    {
        refusals.push(Refusal::of(
            "name",
            format!("expected name not to contain any of `/\\?%`, got {text}"),
        ));
    }
    for side in ["source", "destination"] {
        refusals.extend(exactly_one(
            config,
            &[
                format!("{side}_address_prefix"),
                format!("{side}_address_prefixes"),
                format!("{side}_application_security_group_ids"),
            ],
        ));
        refusals.extend(exactly_one(
            config,
            &[format!("{side}_port_range"), format!("{side}_port_ranges")],
        ));
        let groups = format!("{side}_application_security_group_ids");
        if config.texts(&groups).len() > APPLICATION_GROUPS_PER_RULE {
            refusals.push(Refusal::of(
                &groups,
                format!("too many list items: attribute {groups} supports {APPLICATION_GROUPS_PER_RULE} item maximum"),
            ));
        }
    }
    refusals
}

/// An empty list counts as given, and a value that is unknown may yet turn out to be null.
fn exactly_one(config: &Value, attributes: &[String]) -> Option<Refusal> {
    let given: Vec<_> = attributes
        .iter()
        .filter(|name| !config.get(name).is_null() && !config.get(name).is_unknown())
        .map(String::as_str)
        .collect();
    let may_be_given = attributes.iter().any(|name| config.get(name).is_unknown());
    let all = attributes.join(",");
    match given.as_slice() {
        [] if !may_be_given => Some(Refusal::of(
            &attributes[0],
            format!("one of `{all}` must be specified"),
        )),
        [first, _, ..] => Some(Refusal::of(
            first,
            format!(
                "only one of `{all}` can be specified, but `{}` were specified",
                given.join(",")
            ),
        )),
        _ => None,
    }
}

/// Creates or, where there is a prior state, updates.
pub fn put(
    objects: &mut Objects,
    settings: &Value,
    kind: &str,
    prior: &Value,
    mut state: Value,
) -> Result<Value, Refusal> {
    if prior.is_null() {
        let id = id(settings, kind, &state);
        if objects.get(&id).is_some() {
            return Err(Refusal::by_api(
                &format!("a resource with the ID {id:?} already exists"),
                format!(
                    "to be managed via Terraform this resource needs to be imported into the State. See the documentation of {kind:?}"
                ),
            ));
        }
        state.set("id", id);
    } else if objects.lacks(state.text("id").unwrap_or_default()) {
        return Err(not_found(state.text("id").unwrap_or_default()));
    }
    match kind {
        SECURITY_RULE => put_rule(objects, &state)?,
        SUBNET_ASSOCIATION | INTERFACE_ASSOCIATION => {
            let group = state.text("network_security_group_id").unwrap_or_default();
            if objects.lacks(group) {
                return Err(Refusal::by_api(
                    "InvalidResourceReference",
                    format!(
                        "resource {group} referenced by {} was not found",
                        state.text("id").unwrap_or_default()
                    ),
                ));
            }
        }
        SECURITY_GROUP | "azurerm_application_security_group" => {
            let name = state.text("name").unwrap_or_default();
            if !is_name(name) || name.starts_with('_') {
                return Err(invalid_name(name));
            }
        }
        _ => firewall::put(objects, kind, &state)?,
    }
    Ok(state)
}

pub fn delete(objects: &mut Objects, kind: &str, state: &Value) -> Result<(), Refusal> {
    let id = state.text("id").unwrap_or_default();
    match kind {
        SECURITY_GROUP => {
            let users: Vec<_> = [SUBNET_ASSOCIATION, INTERFACE_ASSOCIATION]
                .into_iter()
                .flat_map(|kind| objects.of_kind(kind))
                .filter(|(_, association)| {
                    association
                        .text("network_security_group_id")
                        .is_some_and(|group| group.eq_ignore_ascii_case(id))
                })
                .map(|(user, _)| user.to_owned())
                .collect();
            if !users.is_empty() {
                return Err(Refusal::by_api(
                    "InUseNetworkSecurityGroupCannotBeDeleted",
                    format!(
                        "network security group {id} is in use by: {}",
                        users.join(", ")
                    ),
                ));
            }
            let rules: Vec<_> = rules_of(objects, id)
                .map(|(rule, _)| rule.to_owned())
                .collect();
            for rule in rules {
                objects.remove(&rule);
            }
        }
        "azurerm_resource_group" => {
            if let Some((inner, _)) = objects.under(&format!("{id}/")).next() {
                return Err(Refusal::by_api(
                    "deleting Resource Group",
                    format!("the Resource Group still contains Resources: {inner}"),
                ));
            }
        }
        _ => firewall::delete(objects, kind, id)?,
    }
    Ok(())
}

fn id(settings: &Value, kind: &str, state: &Value) -> String {
    let text = |name| state.text(name).unwrap_or_default();
    let subscription = settings
        .text("subscription_id")
        .unwrap_or("00000000-0000-0000-0000-000000000000");
    let group = |name| format!("/subscriptions/{subscription}/resourceGroups/{name}");
    let network = format!(
        "{}/providers/Microsoft.Network",
        group(text("resource_group_name"))
    );
    match kind {
        "azurerm_resource_group" => group(text("name")),
        SECURITY_GROUP => format!("{network}/networkSecurityGroups/{}", text("name")),
        SECURITY_RULE => format!(
            "{network}/networkSecurityGroups/{}/securityRules/{}",
            text("network_security_group_name"),
            text("name")
        ),
        "azurerm_application_security_group" => {
            format!("{network}/applicationSecurityGroups/{}", text("name"))
        }
        firewall::POLICY => format!("{network}/firewallPolicies/{}", text("name")),
        firewall::RULES => format!(
            "{}/ruleCollectionGroups/{}",
            text("firewall_policy_id"),
            text("name")
        ),
        firewall::IP_GROUP => format!("{network}/ipGroups/{}", text("name")),
        // Associations have no name of their own. A subnet has one group, an interface too, but the provider
        // names the latter by both ends.
        SUBNET_ASSOCIATION => text("subnet_id").to_owned(),
        _ => format!(
            "{}|{}",
            text("network_interface_id"),
            text("network_security_group_id")
        ),
    }
}

fn rules_of<'a>(
    objects: &'a Objects,
    group: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    objects.under(&format!("{group}/securityRules/"))
}

fn not_found(id: &str) -> Refusal {
    Refusal::by_api(
        "ResourceNotFound",
        format!("the resource {id} was not found"),
    )
}

fn invalid_name(name: &str) -> Refusal {
    Refusal::by_api(
        "InvalidResourceName",
        format!(
            "resource name {name} is invalid: at most 80 word characters, `.` and `-`, beginning with a word character and ending with one or `_`"
        ),
    )
}

fn is_name(name: &str) -> bool {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.len() <= 80
        && name.starts_with(is_word)
        && name.ends_with(is_word)
        && name
            .chars()
            .all(|character| is_word(character) || matches!(character, '.' | '-'))
}

fn put_rule(objects: &Objects, rule: &Value) -> Result<(), Refusal> {
    let id = rule.text("id").unwrap_or_default();
    let name = rule.text("name").unwrap_or_default();
    let group = id
        .rsplit_once("/securityRules/")
        .map_or(id, |(group, _)| group);
    if objects.lacks(group) {
        return Err(not_found(group));
    }
    if !is_name(name) {
        return Err(invalid_name(name));
    }
    check_ports(rule)?;
    let sources = addresses(rule, "source")?;
    let destinations = addresses(rule, "destination")?;
    let is_ipv4 = |network: &IpNet| network.addr().is_ipv4();
    let mut all = sources.iter().chain(&destinations);
    if let Some(first) = all.next()
        && all.any(|other| is_ipv4(other) != is_ipv4(first))
    {
        return Err(Refusal::by_api(
            "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies",
            format!(
                "rule {name} contains IP addresses or prefixes that belong to different address families"
            ),
        ));
    }

    let others: Vec<_> = rules_of(objects, group)
        .filter(|(other, _)| !other.eq_ignore_ascii_case(id))
        .map(|(_, rule)| rule)
        .collect();
    if others.len() >= RULES_PER_GROUP {
        return Err(Refusal::by_api(
            "SecurityRuleCountLimitReached",
            format!("a security group cannot have more than {RULES_PER_GROUP} security rules"),
        ));
    }
    for (side, own) in [
        ("source", sources.len()),
        ("destination", destinations.len()),
    ] {
        let count = own
            + others
                .iter()
                .map(|other| count_addresses(other, side))
                .sum::<usize>();
        if count > ADDRESSES_PER_GROUP {
            return Err(Refusal::by_api(
                // Code unverified.
                "SecurityRuleAddressPrefixCountLimitReached",
                format!(
                    "a security group cannot have more than {ADDRESSES_PER_GROUP} {side} addresses, and rule {name} makes them {count}"
                ),
            ));
        }
    }
    let place = |rule: &Value| {
        (
            rule.whole("priority"),
            rule.text("direction").map(str::to_owned),
        )
    };
    if let Some(other) = others.iter().find(|other| place(other) == place(rule)) {
        return Err(Refusal::by_api(
            "SecurityRuleConflict",
            format!(
                "security rule {name} conflicts with rule {}: rules cannot have the same priority and direction",
                other.text("name").unwrap_or_default()
            ),
        ));
    }
    Ok(())
}

fn check_ports(rule: &Value) -> Result<(), Refusal> {
    for side in ["source", "destination"] {
        let single = rule
            .text(&format!("{side}_port_range"))
            .filter(|port| !port.is_empty());
        let many = rule.texts(&format!("{side}_port_ranges"));
        if single.is_none() && many.is_empty() {
            return Err(missing(rule, &format!("{side} port ranges")));
        }
        // That `*` stands only in the singular is unverified.
        let bad = single
            .filter(|port| *port != "*" && !is_port_range(port))
            .or_else(|| many.into_iter().find(|port| !is_port_range(port)));
        if let Some(port) = bad {
            return Err(Refusal::by_api(
                "SecurityRuleInvalidPortRange",
                format!(
                    "value provided: {port}. It should be an integer or a range with `-`, from 0 to 65535"
                ),
            ));
        }
    }
    Ok(())
}

fn is_port_range(text: &str) -> bool {
    let port = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u16>().ok())
            .flatten()
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    matches!((port(first), port(last)), (Some(first), Some(last)) if first <= last)
}

/// The networks of one side, checked; none for a service tag, `*` or application security groups.
fn addresses(rule: &Value, side: &str) -> Result<Vec<IpNet>, Refusal> {
    let singular = format!("{side}_address_prefix");
    let single = rule.text(&singular).filter(|prefix| !prefix.is_empty());
    let many = rule.texts(&format!("{side}_address_prefixes"));
    let groups = rule.texts(&format!("{side}_application_security_group_ids"));
    if single.is_none() && many.is_empty() && groups.is_empty() {
        return Err(missing(rule, &format!("{side} addresses")));
    }
    if let Some(tag) = many.iter().find(|prefix| is_tag(prefix)) {
        return Err(Refusal::by_api(
            "SecurityRuleParameterContainsUnsupportedValue",
            format!(
                "{side} addresses cannot specify `*` or service tags in a list. Unsupported value used: {tag}"
            ),
        ));
    }
    let mut networks = Vec::new();
    for prefix in many
        .into_iter()
        .chain(single.filter(|prefix| !is_tag(prefix)))
    {
        let network = network(prefix).ok_or_else(|| {
            Refusal::by_api(
                "SecurityRuleInvalidAddressPrefix",
                format!("security rule has an invalid address prefix. Value provided: {prefix}"),
            )
        })?;
        networks.push(network);
    }
    // Networks lie within one another or apart, so each that lies in one is sorted behind it.
    networks.sort();
    for pair in networks.windows(2) {
        if pair[0].contains(&pair[1]) {
            return Err(Refusal::by_api(
                "OverlappingSubnetsNotPermittedInSecurityRule",
                format!(
                    "{side} addresses contain overlapping subnets: {} and {}",
                    pair[0], pair[1]
                ),
            ));
        }
    }
    Ok(networks)
}

fn missing(rule: &Value, what: &str) -> Refusal {
    Refusal::by_api(
        "SecurityRuleParametersMissing",
        format!(
            "security rule {} must specify {what}",
            rule.text("name").unwrap_or_default()
        ),
    )
}

fn count_addresses(rule: &Value, side: &str) -> usize {
    let single = rule
        .text(&format!("{side}_address_prefix"))
        .and_then(network);
    rule.texts(&format!("{side}_address_prefixes")).len() + usize::from(single.is_some())
}

/// A network without host bits, or an address as a network of one.
fn network(text: &str) -> Option<IpNet> {
    if let Ok(address) = text.parse::<std::net::IpAddr>() {
        return Some(address.into());
    }
    text.parse::<IpNet>()
        .ok()
        .filter(|network| network.trunc() == *network)
}

/// By form alone, such as `AzureCloud.WestEurope`: Azure knows its tags, the stand-in does not. A capital letter
/// tells them from host names, which Azure does not take.
fn is_tag(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric());
    let (service, region) = text.split_once('.').unwrap_or((text, "region"));
    text == "*"
        || (service.starts_with(|letter: char| letter.is_ascii_uppercase())
            && is_word(service)
            && is_word(region))
}
