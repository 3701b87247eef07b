//! Microsoft's side of a row.

use ipnet::IpNet;

use super::Reader;
use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6, is_written};
use crate::catalogue::{HostPattern, Kind, RangeName, ServiceTag};
use crate::literal::{Entry, Value};
use crate::verify::opening::Remote;

impl Reader<'_> {
    pub(super) fn remote(
        &mut self,
        entries: &[Entry<'_>],
        kind: Kind,
    ) -> Option<(Remote, Vec<u32>)> {
        let is_remote = |entry: &&Entry<'_>| {
            REMOTES.contains(&&*entry.name) && entry.value.value != Value::Null
        };
        let remotes: Vec<&Entry<'_>> = entries.iter().filter(is_remote).collect();
        let [entry] = remotes.as_slice() else {
            // A misspelt one is told already.
            if remotes.is_empty() && !self.whys.is_empty() {
                return None;
            }
            self.refuse(self.line, format!("the row has {} of `networks`, `hosts`, `range`, `service_tag` and `anywhere`, and exactly one belongs there", remotes.len()));
            return None;
        };
        let (value, line) = (&entry.value, entry.value.line);
        let by_address = kind != Kind::Fqdn;
        let remote = match &*entry.name {
            "networks" if by_address => {
                let (networks, lines) =
                    self.items("networks", value, |text| network(text, kind))?;
                return Some((Remote::Networks(networks), lines));
            }
            "hosts" if !by_address => {
                let (hosts, lines) = self.items("hosts", value, HostPattern::parse)?;
                return Some((Remote::Hosts(hosts), lines));
            }
            "range" if by_address => {
                let name = value.text().and_then(|text| RangeName::parse(text).ok());
                name.map(|name| Remote::Range(name, kind))
            }
            // A tag holds both families, and the kind says which of the hosts' own addresses are meant: the generator
            // writes no other.
            "service_tag" if kind == Kind::Ipv4 => {
                let tag = value.text().and_then(|text| ServiceTag::parse(text).ok());
                tag.map(Remote::Tag)
            }
            "anywhere" if value.value == Value::Bool(true) => match kind {
                Kind::Ipv4 => Some(Remote::Networks(vec![EVERY_IPV4])),
                Kind::Ipv6 => Some(Remote::Networks(vec![EVERY_IPV6])),
                Kind::Fqdn => None,
            },
            _ => None,
        };
        if remote.is_none() {
            self.refuse(
                line,
                format!("`{}` means nothing beside the kind `{kind}`", entry.name),
            );
        }
        Some((remote?, vec![line]))
    }
}

fn network(text: &str, kind: Kind) -> Result<IpNet, String> {
    let shown = text.escape_debug();
    let network: IpNet = text.parse().map_err(|_| {
        format!("`{shown}` is no network such as `20.20.32.0/19` or `13.78.204.0/32`")
    })?;
    if network.trunc() != network {
        let (read, one) = (network.trunc(), network.addr());
        return Err(format!(
            "`{shown}` has host bits: firewalls would read `{read}`, or refuse it; the address alone is `{one}/{}`",
            network.max_prefix_len()
        ));
    }
    if !is_written(&network, text) {
        return Err(format!(
            "`{shown}` is not how a network is written, and firewalls may read it otherwise"
        ));
    }
    if Kind::of(&network) != kind {
        return Err(format!("`{shown}` is not of the kind `{kind}`"));
    }
    Ok(network)
}

const REMOTES: [&str; 5] = ["networks", "hosts", "range", "service_tag", "anywhere"];
