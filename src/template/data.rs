//! What a template is given: the permits of one cloud and traffic, as plain data.
//!
//! `perimeter365 schema permits` prints the JSON schema of [`Sheet`].

use std::collections::BTreeSet;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalogue::{Basis, Cloud, Kind, Traffic};
use crate::permit::{Permit, PermitRemote};
use crate::render::header::HEADER;

/// The permits of one cloud and traffic. A template is rendered once for each.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "permits")]
pub struct Sheet {
    /// What the first line of each output has to hold; `{{header}}` in a template.
    pub header: &'static str,
    /// `worldwide`, `usgov-gcchigh`, `usgov-dod` or `china`.
    pub cloud: String,
    /// `inbound-hybrid-server`, `outbound-server-only` or `user`.
    pub traffic: String,
    /// The customer's kinds of host that permits are for, sorted.
    pub roles: Vec<String>,
    /// Those among them that need addresses of a family, sorted by role and family.
    pub role_families: Vec<RoleFamily>,
    /// The named ranges that only the customer knows, sorted by name and family.
    pub ranges: Vec<RangeData>,
    /// Every distinct IPv4 network of the permits, sorted: for formats that name addresses first.
    pub ipv4: Vec<String>,
    /// Every distinct IPv6 network, sorted.
    pub ipv6: Vec<String>,
    /// Every distinct host name and pattern, sorted.
    pub hosts: Vec<String>,
    /// In the order of their source.
    pub permits: Vec<PermitData>,
}

/// A role, and a family of addresses that some permit needs for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RoleFamily {
    pub role: String,
    /// `ipv4` or `ipv6`.
    pub kind: String,
}

/// A named range that the customer supplies, in one family.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct RangeData {
    pub name: String,
    /// `ipv4` or `ipv6`.
    pub kind: String,
}

/// One thing to allow: from or to the hosts of one role, by addresses of one family, by host names, or
/// by a range that the customer supplies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PermitData {
    /// What it is known by, whatever else there is: `graph-change-notifications.webhook_receiver.ipv4`.
    pub key: String,
    /// The endpoint set: `graph-change-notifications`.
    pub set: String,
    /// The row in the article's table, if it stands there.
    pub row: Option<u16>,
    /// Which of the set's flows, where it has several.
    pub flow: Option<String>,
    /// What it is for, in a few words.
    pub description: String,
    /// `inbound`: Microsoft connects to the role's hosts; `outbound`: they connect.
    pub direction: String,
    /// The customer's kind of host.
    pub role: String,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// The ports of the side that is connected to, sorted; never empty.
    pub ports: Vec<PortData>,
    /// `ipv4`, `ipv6` or `fqdn`.
    pub kind: String,
    /// Microsoft's side as CIDRs without host bits, sorted; empty for `fqdn` and for a range.
    pub networks: Vec<String>,
    /// Microsoft's side as host names, sorted; empty unless the kind is `fqdn`. A `*` stands for one or
    /// more characters; at the beginning it may stand for several labels.
    pub hosts: Vec<String>,
    /// Microsoft's side as a range that the customer supplies.
    pub range: Option<String>,
    /// Whether `networks` is every address, by the user's choice.
    pub anywhere: bool,
    /// What stands here in place of host names, by the user's choice: `web-service` or `any`.
    pub in_place_of_hosts: Option<String>,
    /// Who says the ports: `stated`, `implied`, `referenced`, `inferred` or `given` (the user).
    pub ports_basis: String,
    /// Who says Microsoft's side; `unstated` where the user supplies it.
    pub remote_basis: String,
    /// The documents that the facts were taken from, beside the article.
    pub urls: Vec<String>,
}

/// One port, or a range of them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PortData {
    /// 1 to 65535.
    pub first: u16,
    /// The same as `first` for a single port.
    pub last: u16,
    /// `443`, or `50000-59999`.
    pub text: String,
    /// Whether it is a range.
    pub is_range: bool,
}

impl Sheet {
    /// The data of `permits`.
    #[must_use]
    pub fn of(cloud: Cloud, traffic: Traffic, permits: &[&Permit]) -> Self {
        let mut families: BTreeSet<RoleFamily> = BTreeSet::new();
        let mut ranges: BTreeSet<RangeData> = BTreeSet::new();
        let mut networks: BTreeSet<IpNet> = BTreeSet::new();
        let mut hosts: BTreeSet<String> = BTreeSet::new();
        for permit in permits {
            let kinds = match &permit.remote {
                // Names have addresses of both.
                PermitRemote::Hosts(_) => vec!["ipv4".to_owned(), "ipv6".to_owned()],
                _ => vec![permit.kind.to_string()],
            };
            families.extend(kinds.into_iter().map(|kind| RoleFamily {
                role: permit.role.to_string(),
                kind,
            }));
            match &permit.remote {
                PermitRemote::Networks(own) => networks.extend(own),
                PermitRemote::Hosts(own) => hosts.extend(own.iter().map(ToString::to_string)),
                PermitRemote::Range(name) => {
                    ranges.insert(RangeData {
                        name: name.to_string(),
                        kind: permit.kind.to_string(),
                    });
                }
                // No format takes one.
                PermitRemote::ServiceTag(_) => {}
            }
        }
        let (ipv4, ipv6): (Vec<IpNet>, Vec<IpNet>) = networks
            .into_iter()
            .partition(|network| Kind::of(network) == Kind::Ipv4);
        let texts = |networks: Vec<IpNet>| networks.iter().map(ToString::to_string).collect();
        let roles: BTreeSet<String> = permits
            .iter()
            .map(|permit| permit.role.to_string())
            .collect();
        Self {
            header: HEADER,
            cloud: cloud.to_string(),
            traffic: traffic.to_string(),
            roles: roles.into_iter().collect(),
            role_families: families.into_iter().collect(),
            ranges: ranges.into_iter().collect(),
            ipv4: texts(ipv4),
            ipv6: texts(ipv6),
            hosts: hosts.into_iter().collect(),
            permits: permits.iter().copied().map(Into::into).collect(),
        }
    }
}

impl From<&Permit> for PermitData {
    fn from(permit: &Permit) -> Self {
        let basis = &permit.basis;
        let all = [
            &basis.clouds,
            &basis.direction,
            &basis.protocol,
            &basis.ports,
            &basis.remote,
        ];
        let urls: BTreeSet<&String> = all
            .into_iter()
            .filter_map(|basis| match basis {
                Basis::Referenced { url } => Some(url),
                _ => None,
            })
            .collect();
        let mut networks: Vec<IpNet> = Vec::new();
        let mut hosts = Vec::new();
        let mut range = None;
        match &permit.remote {
            PermitRemote::Networks(all) => networks.clone_from(all),
            PermitRemote::Hosts(all) => hosts = all.iter().map(ToString::to_string).collect(),
            PermitRemote::Range(name) => range = Some(name.to_string()),
            // No format takes one.
            PermitRemote::ServiceTag(_) => {}
        }
        Self {
            key: permit.key(),
            set: permit.set.to_string(),
            row: permit.row,
            flow: permit.flow.as_ref().map(ToString::to_string),
            description: permit.description.clone(),
            direction: permit.direction.to_string(),
            role: permit.role.to_string(),
            protocol: permit.protocol.to_string(),
            ports: permit
                .ports
                .iter()
                .map(|port| PortData {
                    first: port.first(),
                    last: port.last(),
                    text: port.to_string(),
                    is_range: !port.is_single(),
                })
                .collect(),
            kind: permit.kind.to_string(),
            networks: networks.iter().map(ToString::to_string).collect(),
            hosts,
            range,
            anywhere: permit.remote.is_anywhere(),
            in_place_of_hosts: permit.form.in_place().map(|rung| rung.as_str().to_owned()),
            ports_basis: basis.ports.as_str().to_owned(),
            remote_basis: basis.remote.as_str().to_owned(),
            urls: urls.into_iter().cloned().collect(),
        }
    }
}

/// The JSON schema of what a template is given.
#[must_use]
pub fn schema() -> String {
    crate::schema::text::<Sheet>()
}
