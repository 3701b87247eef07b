//! What a plan ends of what rules made: a group that was refreshed before it still lists that.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Made};
use crate::catalogue::Direction;
use crate::verify::plan::instance::Instance;
use crate::verify::plan::json::Json;
use crate::verify::plan::read;
use crate::verify::plan::reading::{Reader, Reading};
use crate::verify::plan::security_group::fields::{networks, ports};
use crate::verify::plan::values::Attributes;

/// What rules of `instance` made that the plan destroys or changes.
pub fn leaving(instance: &Instance<'_>, groups: &BTreeMap<String, Group>) -> BTreeSet<Made> {
    let mut all = BTreeSet::new();
    for changed in &instance.leaving {
        let direction = match &*changed.r#type {
            "aws_vpc_security_group_ingress_rule" => Direction::Inbound,
            "aws_vpc_security_group_egress_rule" => Direction::Outbound,
            _ => continue,
        };
        let Some(Ok(before)) = changed.change.before.map(Json::read) else {
            continue;
        };
        all.extend(made(&before, direction, groups).into_iter().flatten());
    }
    all
}

/// `None`: nothing that can be read, and is in a group of the module.
fn made(
    before: &Json,
    direction: Direction,
    groups: &BTreeMap<String, Group>,
) -> Option<Vec<Made>> {
    // What can't be read of what goes is no matter of what will be.
    let mut scratch = Reading::default();
    let mut reader = Reader {
        address: String::new(),
        name: None,
        reading: &mut scratch,
    };
    let mut attributes = Attributes::of(before);
    let id = attributes.take("security_group_id");
    let (key, _) = groups
        .iter()
        .find(|(_, group)| group.id.is_some() && group.id.as_deref() == id.text())?;
    let protocol = attributes.take("ip_protocol");
    let protocols = reader.word(&protocol, "ip_protocol", read::protocols)?;
    let port = ports(&mut reader, &mut attributes, protocol.text() == Some("-1"))?;
    let networks = networks(&mut reader, &mut attributes)?;
    let pairs = protocols
        .iter()
        .flat_map(|protocol| networks.iter().map(move |network| (*protocol, *network)));
    Some(
        pairs
            .map(|(protocol, network)| (key.clone(), direction, protocol, port, network))
            .collect(),
    )
}
