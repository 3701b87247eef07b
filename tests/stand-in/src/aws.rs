//! What aws refuses before anything is done, and what the EC2 API refuses afterwards.
//!
//! Our reading of the documents, not AWS.

mod network_firewall;
mod suricata;

use ipnet::{Ipv4Net, Ipv6Net};

use crate::cloud::Objects;
use crate::inline;
use crate::plan::Plan;
use crate::refusal::Refusal;
use crate::value::Value;

const GROUP: &str = "aws_security_group";
const INGRESS: &str = "aws_vpc_security_group_ingress_rule";
const EGRESS: &str = "aws_vpc_security_group_egress_rule";
const INTERFACE: &str = "aws_network_interface";
const ATTACHMENT: &str = "aws_network_interface_sg_attachment";
const VPC: &str = "aws_vpc";

/// Of a rule: exactly one, and it never turns into another kind.
const REMOTES: [&str; 4] = [
    "cidr_ipv4",
    "cidr_ipv6",
    "prefix_list_id",
    "referenced_security_group_id",
];

/// Of each group, direction and address family; an account may have another quota.
const RULES: usize = 60;
const RULES_VARIABLE: &str = "PERIMETER365_STAND_IN_AWS_RULES";

const GROUPS_PER_INTERFACE: usize = 5;

const ACCOUNT: &str = "123456789012";

/// What the provider refuses. Unknown values are looked at when they are known.
pub fn check(kind: &str, config: &Value) -> Vec<Refusal> {
    match kind {
        GROUP => check_group(config),
        INGRESS | EGRESS => check_rule(config),
        network_firewall::GROUP | network_firewall::POLICY => network_firewall::check(kind, config),
        _ => Vec::new(),
    }
}

fn check_group(config: &Value) -> Vec<Refusal> {
    let instead = "aws_vpc_security_group_ingress_rule and aws_vpc_security_group_egress_rule";
    let mut refusals: Vec<Refusal> = ["ingress", "egress"]
        .into_iter()
        .filter_map(|rules| inline::check(config, rules, instead))
        .collect();
    // What Terraform appends to a prefix is 26 characters long.
    for (attribute, most) in [
        ("name", 255),
        ("name_prefix", 255 - 26),
        ("description", 255),
    ] {
        let Some(text) = config.text(attribute) else {
            continue;
        };
        if text.len() > most {
            refusals.push(Refusal::of(
                attribute,
                format!(
                    "expected length of {attribute} to be in the range (0 - {most}), got {text}"
                ),
            ));
        }
        if attribute != "description" && text.starts_with("sg-") {
            refusals.push(Refusal::of(
                attribute,
                format!("invalid value for {attribute} (cannot begin with sg-): {text}"),
            ));
        }
    }
    if config.text("name").is_some() && config.text("name_prefix").is_some() {
        refusals.push(Refusal::of("name", "\"name\": conflicts with name_prefix"));
    }
    refusals
}

fn check_rule(config: &Value) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let given = REMOTES
        .iter()
        .filter(|name| !config.get(name).is_null() && !config.get(name).is_unknown())
        .count();
    let may_be_given = REMOTES.iter().any(|name| config.get(name).is_unknown());
    if given > 1 || (given == 0 && !may_be_given) {
        refusals.push(Refusal::of(
            REMOTES[0],
            format!(
                "exactly one of these attributes must be configured: [{}]",
                REMOTES.join(",")
            ),
        ));
    }
    if let Some(text) = config.text("cidr_ipv4")
        && !is_canonical(
            text.parse::<Ipv4Net>().ok().map(|network| network.trunc()),
            text,
        )
    {
        refusals.push(Refusal::of(
            "cidr_ipv4",
            format!("{text:?} is not a valid IPv4 CIDR: it must be a network, without host bits"),
        ));
    }
    if let Some(text) = config.text("cidr_ipv6")
        && !is_canonical(
            text.parse::<Ipv6Net>().ok().map(|network| network.trunc()),
            text,
        )
    {
        refusals.push(Refusal::of(
            "cidr_ipv6",
            format!("{text:?} is not a valid IPv6 CIDR: it must be a network, without host bits, in its short form"),
        ));
    }
    for port in ["from_port", "to_port"] {
        if let Value::Number(number) = config.get(port)
            && !number
                .as_i64()
                .is_some_and(|number| (-1..=65535).contains(&number))
        {
            refusals.push(Refusal::of(
                port,
                format!("attribute {port} value must be between -1 and 65535, got: {number}"),
            ));
        }
    }
    refusals
}

fn is_canonical(network: Option<impl ToString>, text: &str) -> bool {
    network.is_some_and(|network| network.to_string() == text)
}

/// What a plan says beyond the contract.
pub fn plan(kind: &str, settings: &Value, prior: &Value, plan: &mut Plan) {
    if plan.state.get("region").is_unknown() {
        plan.state.set("region", region(settings, &Value::Null));
    }
    if matches!(kind, network_firewall::GROUP | network_firewall::POLICY) {
        network_firewall::plan(kind, prior, plan);
    }
    if !matches!(kind, INGRESS | EGRESS) || prior.is_null() || plan.state.is_null() {
        return;
    }
    let remote = |state: &Value| REMOTES.into_iter().find(|name| !state.get(name).is_null());
    let (old, new) = (remote(prior), remote(&plan.state));
    if old != new {
        plan.replaced_by
            .extend([old, new].into_iter().flatten().map(str::to_owned));
    }
}

fn region<'a>(settings: &'a Value, state: &'a Value) -> &'a str {
    state
        .text("region")
        .or_else(|| settings.text("region"))
        .unwrap_or("us-east-1")
}

/// Creates or, where there is a prior state, updates.
pub fn put(
    objects: &mut Objects,
    settings: &Value,
    kind: &str,
    prior: &Value,
    mut state: Value,
) -> Result<Value, Refusal> {
    if !prior.is_null() && objects.lacks(prior.text("id").unwrap_or_default()) {
        return Err(not_found(kind, prior.text("id").unwrap_or_default()));
    }
    match kind {
        GROUP => put_group(objects, &mut state)?,
        INGRESS | EGRESS => check_permission(objects, kind, &state)?,
        INTERFACE => check_interface(objects, &state)?,
        ATTACHMENT => return attach(objects, state),
        network_firewall::GROUP | network_firewall::POLICY => {
            let region = region(settings, &state).to_owned();
            return network_firewall::put(objects, kind, &region, ACCOUNT, state);
        }
        _ => {}
    }
    if !prior.is_null() {
        return Ok(state);
    }

    let (prefix, path) = match kind {
        GROUP => ("sg", "security-group"),
        INTERFACE => ("eni", "network-interface"),
        VPC => ("vpc", "vpc"),
        _ => ("sgr", "security-group-rule"),
    };
    let id = format!("{prefix}-{}", objects.next_name());
    let region = region(settings, &state).to_owned();
    let arn = format!("arn:aws:ec2:{region}:{ACCOUNT}:{path}/{id}");
    for (attribute, value) in [
        ("arn", arn),
        ("owner_id", ACCOUNT.to_owned()),
        ("region", region),
        ("security_group_rule_id", id.clone()),
        ("id", id),
    ] {
        if state.get(attribute).is_unknown() {
            state.set(attribute, value);
        }
    }
    if kind == VPC {
        for (attribute, prefix) in [
            ("default_network_acl_id", "acl"),
            ("default_route_table_id", "rtb"),
            ("default_security_group_id", "sg"),
            ("dhcp_options_id", "dopt"),
            ("main_route_table_id", "rtb"),
        ] {
            state.set(attribute, format!("{prefix}-{}", objects.next_name()));
        }
    }
    Ok(state)
}

pub fn delete(objects: &mut Objects, kind: &str, state: &Value) -> Result<(), Refusal> {
    let id = state.text("id").unwrap_or_default();
    if !network_firewall::users(objects, kind, state).is_empty() {
        return Err(Refusal::by_api(
            "InvalidOperationException",
            "unable to delete the object because it is still in use",
        ));
    }
    let users: Vec<String> = match kind {
        GROUP => {
            let interfaces = objects
                .of_kind(INTERFACE)
                .filter(|(_, interface)| interface.texts("security_groups").contains(&id));
            let rules = [INGRESS, EGRESS]
                .into_iter()
                .flat_map(|kind| objects.of_kind(kind))
                .filter(|(_, rule)| {
                    referenced(rule) == Some(id) && rule.text("security_group_id") != Some(id)
                });
            interfaces
                .chain(rules)
                .map(|(user, _)| user.to_owned())
                .collect()
        }
        VPC => objects
            .of_kind(GROUP)
            .filter(|(_, group)| group.text("vpc_id") == Some(id))
            .map(|(user, _)| user.to_owned())
            .collect(),
        _ => Vec::new(),
    };
    if !users.is_empty() {
        return Err(Refusal::by_api(
            "DependencyViolation",
            format!("resource {id} has a dependent object: {}", users.join(", ")),
        ));
    }
    match kind {
        GROUP => {
            let rules: Vec<_> = [INGRESS, EGRESS]
                .into_iter()
                .flat_map(|kind| rules_of(objects, kind, id))
                .map(|(rule, _)| rule.to_owned())
                .collect();
            for rule in rules {
                objects.remove(&rule);
            }
        }
        ATTACHMENT => {
            let group = state.text("security_group_id").unwrap_or_default();
            let interface = state.text("network_interface_id").unwrap_or_default();
            set_groups(objects, interface, |groups| {
                groups.retain(|other| other != group);
            });
        }
        _ => {}
    }
    Ok(())
}

fn not_found(kind: &str, id: &str) -> Refusal {
    match kind {
        GROUP => Refusal::by_api(
            "InvalidGroup.NotFound",
            format!("the security group '{id}' does not exist"),
        ),
        INTERFACE => Refusal::by_api(
            "InvalidNetworkInterfaceID.NotFound",
            format!("the networkInterface ID '{id}' does not exist"),
        ),
        INGRESS | EGRESS => Refusal::by_api(
            "InvalidSecurityGroupRuleId.NotFound",
            format!("the security group rule ID '{id}' does not exist"),
        ),
        VPC => Refusal::by_api(
            "InvalidVpcID.NotFound",
            format!("the vpc ID '{id}' does not exist"),
        ),
        network_firewall::GROUP | network_firewall::POLICY => Refusal::by_api(
            "ResourceNotFoundException",
            format!("unable to find the resource '{id}'"),
        ),
        _ => Refusal::by_api("InvalidParameterValue", format!("'{id}' does not exist")),
    }
}

fn invalid(text: impl std::fmt::Display) -> Refusal {
    Refusal::by_api("InvalidParameterValue", text)
}

/// Letters, digits, blanks and `._-:/()#,@[]+=&;{}!$*`, at most 255 and at least one.
fn is_plain(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text.chars().all(|character| {
            character.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(character)
        })
}

fn put_group(objects: &mut Objects, state: &mut Value) -> Result<(), Refusal> {
    if state.get("name").is_unknown() {
        let prefix = state.text("name_prefix").unwrap_or("terraform-");
        let name = format!("{prefix}{:0>26}", objects.next_name());
        state.set("name", name);
    }
    if state.get("name_prefix").is_unknown() {
        state.set("name_prefix", "");
    }
    if state.get("vpc_id").is_unknown() {
        // The account's default network, which is never in the cloud.
        state.set("vpc_id", "vpc-00000000000000000");
    }
    let name = state.text("name").unwrap_or_default();
    let vpc = state.text("vpc_id").unwrap_or_default();
    if !is_plain(name) {
        return Err(invalid(format!(
            "value ({name}) for parameter GroupName is invalid"
        )));
    }
    let description = state.text("description").unwrap_or_default();
    if !is_plain(description) {
        return Err(invalid(format!(
            "value ({description}) for parameter GroupDescription is invalid"
        )));
    }
    if !vpc.starts_with("vpc-") {
        return Err(not_found(VPC, vpc));
    }
    let id = state.text("id");
    let twin = objects.of_kind(GROUP).any(|(other, group)| {
        Some(other) != id && group.text("name") == Some(name) && group.text("vpc_id") == Some(vpc)
    });
    if twin {
        return Err(Refusal::by_api(
            "InvalidGroup.Duplicate",
            format!("the security group '{name}' already exists for VPC '{vpc}'"),
        ));
    }
    Ok(())
}

fn rules_of<'a>(
    objects: &'a Objects,
    kind: &'a str,
    group: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    objects
        .of_kind(kind)
        .filter(move |(_, rule)| rule.text("security_group_id") == Some(group))
}

/// The group that a rule names as its remote, without the account it may be of.
fn referenced(rule: &Value) -> Option<&str> {
    let group = rule.text("referenced_security_group_id")?;
    Some(group.rsplit_once('/').map_or(group, |(_, group)| group))
}

fn check_permission(objects: &Objects, kind: &str, rule: &Value) -> Result<(), Refusal> {
    let group = rule.text("security_group_id").unwrap_or_default();
    let is_foreign = rule
        .text("referenced_security_group_id")
        .is_some_and(|group| group.contains('/'));
    for named in [Some(group), referenced(rule).filter(|_| !is_foreign)]
        .into_iter()
        .flatten()
    {
        if objects.lacks(named) {
            return Err(not_found(GROUP, named));
        }
    }
    if let Some(text) = rule.text("description")
        && !is_plain(text)
    {
        return Err(invalid(format!(
            "invalid rule description: 1 to 255 characters from a-zA-Z0-9. _-:/()#,@[]+=&;{{}}!$*, got {text:?}"
        )));
    }
    let permission = Permission::of(rule)?;
    let id = rule.text("id");
    let others: Vec<_> = rules_of(objects, kind, group)
        .filter(|(other, _)| Some(*other) != id)
        .map(|(_, rule)| rule)
        .collect();
    if others
        .iter()
        .any(|other| Permission::of(other).is_ok_and(|other| other == permission))
    {
        return Err(Refusal::by_api(
            "InvalidPermission.Duplicate",
            format!("the specified rule \"{permission}\" already exists"),
        ));
    }
    let most = std::env::var(RULES_VARIABLE)
        .ok()
        .and_then(|most| most.parse().ok())
        .unwrap_or(RULES);
    for other_family in ["cidr_ipv6", "cidr_ipv4"] {
        // A list or a group as the remote counts in both families.
        let counts = |rule: &Value| rule.get(other_family).is_null();
        if counts(rule) && others.iter().filter(|other| counts(other)).count() >= most {
            return Err(Refusal::by_api(
                "RulesPerSecurityGroupLimitExceeded",
                format!(
                    "the maximum number of rules per security group has been reached: {group} has {most}"
                ),
            ));
        }
    }
    Ok(())
}

/// What makes one rule the same as another, whatever its description.
#[derive(PartialEq)]
struct Permission {
    protocol: String,
    ports: Option<(i64, i64)>,
    remote: String,
}

impl std::fmt::Display for Permission {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "peer: {}, {}",
            self.remote,
            self.protocol.to_uppercase()
        )?;
        if let Some((from, to)) = self.ports {
            write!(out, ", from port: {from}, to port: {to}")?;
        }
        write!(out, ", ALLOW")
    }
}

impl Permission {
    fn of(rule: &Value) -> Result<Self, Refusal> {
        let given = rule.text("ip_protocol").unwrap_or_default().to_lowercase();
        let protocol = match given.as_str() {
            "1" => "icmp",
            "6" => "tcp",
            "17" => "udp",
            "58" => "icmpv6",
            "all" => "-1",
            other => other,
        };
        let is_known = matches!(protocol, "-1" | "icmp" | "icmpv6" | "tcp" | "udp")
            || protocol.parse::<u8>().is_ok();
        if !is_known {
            return Err(invalid(format!(
                "invalid value '{given}' for IP protocol. Unknown protocol"
            )));
        }
        let ports = match (protocol, rule.whole("from_port"), rule.whole("to_port")) {
            ("tcp" | "udp", Some(from), Some(to)) if (0..=to).contains(&from) => Some((from, to)),
            ("tcp" | "udp", Some(from), Some(to)) => {
                return Err(invalid(format!("invalid TCP/UDP port range ({from}:{to})")));
            }
            ("tcp" | "udp", _, _) => {
                return Err(invalid("must specify both from and to ports with TCP/UDP"));
            }
            ("icmp" | "icmpv6", from, to) => Some((from.unwrap_or(-1), to.unwrap_or(-1))),
            // The API looks at ports of no other protocol.
            _ => None,
        };
        let remote = REMOTES
            .iter()
            .find_map(|name| rule.text(name))
            .unwrap_or_default();
        Ok(Self {
            protocol: protocol.to_owned(),
            ports,
            remote: remote.to_owned(),
        })
    }
}

fn check_interface(objects: &Objects, state: &Value) -> Result<(), Refusal> {
    let subnet = state.text("subnet_id").unwrap_or_default();
    if !subnet.starts_with("subnet-") {
        return Err(Refusal::by_api(
            "InvalidSubnetID.NotFound",
            format!("the subnet ID '{subnet}' does not exist"),
        ));
    }
    let groups = state.texts("security_groups");
    if groups.len() > GROUPS_PER_INTERFACE {
        return Err(crowded());
    }
    match groups.into_iter().find(|group| objects.lacks(group)) {
        Some(group) => Err(not_found(GROUP, group)),
        None => Ok(()),
    }
}

fn crowded() -> Refusal {
    Refusal::by_api(
        "SecurityGroupsPerInterfaceLimitExceeded",
        format!(
            "the maximum number of security groups per interface has been reached: {GROUPS_PER_INTERFACE}"
        ),
    )
}

fn attach(objects: &mut Objects, mut state: Value) -> Result<Value, Refusal> {
    let group = state
        .text("security_group_id")
        .unwrap_or_default()
        .to_owned();
    let interface = state
        .text("network_interface_id")
        .unwrap_or_default()
        .to_owned();
    if objects.lacks(&group) {
        return Err(not_found(GROUP, &group));
    }
    if objects.lacks(&interface) {
        return Err(not_found(INTERFACE, &interface));
    }
    let groups = objects
        .get(&interface)
        .map_or(0, |interface| interface.texts("security_groups").len());
    if groups >= GROUPS_PER_INTERFACE {
        return Err(crowded());
    }
    state.set("id", format!("{group}_{interface}"));
    set_groups(objects, &interface, |groups| groups.push(group));
    Ok(state)
}

fn set_groups(objects: &mut Objects, interface: &str, change: impl FnOnce(&mut Vec<String>)) {
    let Some(mut state) = objects.get(interface).cloned() else {
        return;
    };
    let mut groups: Vec<_> = state
        .texts("security_groups")
        .into_iter()
        .map(str::to_owned)
        .collect();
    change(&mut groups);
    state.set(
        "security_groups",
        Value::List(groups.into_iter().map(Value::Text).collect()),
    );
    objects.keep(INTERFACE, &state);
}
