//! The IP groups that hold the networks of rows.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::catalogue::network::EVERY_IPV4;
use crate::catalogue::{Cloud, Direction};
use crate::verify::plan::instance::Instance;
use crate::verify::plan::network_security_group::name;
use crate::verify::plan::read;
use crate::verify::plan::reading::{Reader, Reading};

/// What an IP group has beside its networks.
const HARMLESS_OF_NETWORKS: [&str; 8] = [
    "firewall_ids",
    "firewall_policy_ids",
    "id",
    "location",
    "name",
    "resource_group_name",
    "tags",
    "timeouts",
];

/// The networks of a row, by its key.
pub struct IpGroup {
    /// `None`: unknown until apply.
    pub id: Option<String>,
    pub networks: Option<Vec<IpNet>>,
}

/// The IP groups of `instance`.
pub fn ip_groups(
    instance: &Instance<'_>,
    cloud: Cloud,
    directions: &BTreeMap<&str, Direction>,
    reading: &mut Reading,
) -> BTreeMap<String, IpGroup> {
    let mut groups = BTreeMap::new();
    for item in instance.of("azurerm_ip_group", "networks") {
        let mut reader = Reader::new(&item, reading);
        let (Some(key), Some(mut attributes)) = (item.key(), reader.attributes(&item)) else {
            continue;
        };
        name(&mut reader, &attributes.take("name"), cloud, key);
        if !directions.contains_key(key) {
            reader.refuse("no row has its key");
        }
        let cidrs = attributes.take("cidrs");
        let networks = reader.known(&cidrs, "cidrs", networks);
        let id = attributes.take("id").text().map(str::to_owned);
        reader.nothing_left(&attributes, &HARMLESS_OF_NETWORKS);
        groups.insert(key.to_owned(), IpGroup { id, networks });
    }
    groups
}

/// An Azure Firewall filters IPv4 alone: its `*` is every address of that.
pub fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let networks = read::networks(text)?;
    Ok(match networks.as_slice() {
        [_, _] => vec![EVERY_IPV4],
        _ => networks,
    })
}
