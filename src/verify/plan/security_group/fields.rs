//! What a rule of a security group is made of.

use ipnet::IpNet;

use crate::catalogue::PortRange;
use crate::verify::plan::calls::OurCall;
use crate::verify::plan::instance::Item;
use crate::verify::plan::json::Json;
use crate::verify::plan::read;
use crate::verify::plan::reading::Reader;
use crate::verify::plan::values::Attributes;

/// The ports from `from_port` to `to_port`.
pub fn ports(
    reader: &mut Reader<'_>,
    attributes: &mut Attributes,
    is_all: bool,
) -> Option<PortRange> {
    let ends = ["from_port", "to_port"].map(|name| attributes.take(name));
    if ends.contains(&Json::Unknown) {
        reader.undecided("`from_port` or `to_port`");
        return None;
    }
    if is_all {
        return PortRange::of(1, u16::MAX);
    }
    let [first, last] = ends
        .clone()
        .map(|end| end.number().and_then(|end| u16::try_from(end).ok()));
    let ports = first
        .zip(last)
        .and_then(|(first, last)| PortRange::of(first.max(1), last));
    if ports.is_none() {
        let [first, last] = ends;
        reader.refuse(format!(
            "`from_port` is `{first}` and `to_port` is `{last}`"
        ));
    }
    ports
}

/// The network on the other side.
pub fn networks(reader: &mut Reader<'_>, attributes: &mut Attributes) -> Option<Vec<IpNet>> {
    let mut networks = Vec::new();
    let mut is_known = true;
    for name in ["cidr_ipv4", "cidr_ipv6"] {
        let value = attributes.take(name);
        if !value.is_empty() {
            let network = reader.word(&value, name, read::networks);
            is_known &= network.is_some();
            networks.extend(network.unwrap_or_default());
        }
    }
    if networks.is_empty() && is_known {
        reader.refuse("it has neither `cidr_ipv4` nor `cidr_ipv6`");
    }
    (is_known && !networks.is_empty()).then_some(networks)
}

/// Whether the module's own text takes a rule's group from those that it makes.
pub fn refers_to_group(call: &OurCall<'_>, item: &Item<'_>) -> bool {
    let own = call.module.resources.iter().find(|resource| {
        resource.r#type == item.resource.r#type && resource.name == item.resource.name
    });
    let expressions = own.and_then(|own| Json::read(own.expressions?).ok());
    let references = expressions.as_ref().and_then(|expressions| {
        expressions
            .object()?
            .get("security_group_id")?
            .object()?
            .get("references")?
            .list()
    });
    // Nothing else that it may take it from: local values are what the key is made of.
    references.is_some_and(|references| {
        let texts: Vec<&str> = references.iter().filter_map(Json::text).collect();
        texts.len() == references.len()
            && texts == ["aws_security_group.role", "local.openings", "each.value"]
    })
}
