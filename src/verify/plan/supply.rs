//! What a user gives to a module: which roles have hosts, and what ranges hold.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::calls::{Argument, OurCall};
use super::json::Json;
use super::read;
use super::reading;
use crate::catalogue::{Kind, RangeName};
use crate::verify::opening::{Firewall, Way};

/// What is given, as far as a plan tells it.
#[derive(Debug)]
pub struct Supply<'a> {
    firewall: Firewall,
    call: Option<&'a OurCall<'a>>,
    maps: BTreeMap<&'static str, Option<BTreeMap<String, Json>>>,
    roles: Option<Given>,
}

#[derive(Debug)]
enum Given {
    All,
    Only(BTreeSet<String>),
}

/// Whether something is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Given,
    Missing,
    /// The plan doesn't tell.
    Untold,
}

/// What a range holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    Networks(Vec<IpNet>),
    Missing,
    Untold,
}

impl<'a> Supply<'a> {
    /// What `call` gives to a module; a state has no calls, and tells nothing.
    #[must_use]
    pub fn of(firewall: Firewall, call: Option<&'a OurCall<'a>>) -> Self {
        let names = [
            "local_addresses",
            "local_addresses_ipv6",
            "application_security_group_ids",
            "local_ip_group_ids",
            "named_ranges",
            "named_ranges_ipv6",
        ];
        let told = call.filter(|call| call.passes_on("roles"));
        // Of what may be computed, something is told at best: where networks are keys among others, that is better
        // than nothing.
        let has_keys = matches!(firewall, Firewall::AwsSecurityGroup | Firewall::Generic);
        let is_told = |call: &OurCall<'_>, name: &str| {
            call.passes_on(name) || (has_keys && name.starts_with("named_ranges"))
        };
        let map = |name| match call.filter(|call| is_told(call, name))?.argument(name) {
            Argument::Known(Json::Object(map)) => Some(map),
            Argument::Known(Json::Null) => Some(BTreeMap::new()),
            _ => None,
        };
        let roles = told.and_then(|call| match call.argument("roles") {
            Argument::Known(Json::Null) => Some(Given::All),
            Argument::Known(Json::List(list)) => {
                let texts: Option<BTreeSet<String>> = list
                    .iter()
                    .map(|role| role.text().map(str::to_owned))
                    .collect();
                texts.map(Given::Only)
            }
            _ => None,
        });
        Self {
            firewall,
            call,
            maps: names.into_iter().map(|name| (name, map(name))).collect(),
            roles,
        }
    }

    /// Whether anything is told at all.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        self.call.is_some()
    }

    /// Whether hosts are given for a row.
    #[must_use]
    pub fn role(&self, way: &Way) -> Presence {
        let role = way.role.as_str();
        if let Some(names) = local_arguments(self.firewall, reading::kind(&way.key)) {
            let mut presence = Presence::Missing;
            for name in names {
                match self.map(name) {
                    Some(map) if map.contains_key(role) => return Presence::Given,
                    Some(_) => {}
                    None => presence = Presence::Untold,
                }
            }
            return presence;
        }
        match &self.roles {
            None => Presence::Untold,
            Some(Given::All) => Presence::Given,
            Some(Given::Only(roles)) if roles.contains(role) => Presence::Given,
            Some(Given::Only(_)) => Presence::Missing,
        }
    }

    /// What a range holds over `kind`.
    #[must_use]
    pub fn range(&self, range: &RangeName, kind: Kind) -> Holds {
        let name = if kind == Kind::Ipv6 {
            "named_ranges_ipv6"
        } else {
            "named_ranges"
        };
        let Some(map) = self.map(name) else {
            return Holds::Untold;
        };
        match map.get(range.as_str()) {
            None => Holds::Missing,
            Some(list) => match read::list(list, read::networks) {
                Ok(Some(networks)) if !networks.is_empty() => Holds::Networks(networks),
                _ => Holds::Untold,
            },
        }
    }

    /// What an argument gives to a role, in order.
    #[must_use]
    pub fn local(&self, argument: &str, role: &str) -> Option<Vec<String>> {
        let given = read::list(self.map(argument)?.get(role)?, |text| {
            Ok(vec![text.to_owned()])
        });
        let mut given = given.ok()??;
        given.sort_unstable();
        given.dedup();
        Some(given)
    }

    fn map(&self, name: &str) -> Option<&BTreeMap<String, Json>> {
        self.maps.get(name)?.as_ref()
    }
}

/// Where a module looks for the hosts of a row; `None`: it takes roles alone.
fn local_arguments(firewall: Firewall, kind: Option<Kind>) -> Option<&'static [&'static str]> {
    match (firewall, kind) {
        (Firewall::AzureNsg, Some(Kind::Ipv6)) => {
            Some(&["local_addresses_ipv6", "application_security_group_ids"])
        }
        (Firewall::AzureNsg, _) => Some(&["local_addresses", "application_security_group_ids"]),
        (Firewall::AzureFirewall, _) => Some(&["local_addresses", "local_ip_group_ids"]),
        (Firewall::AwsNetworkFirewall, Some(Kind::Ipv4)) => Some(&["local_addresses"]),
        (Firewall::AwsNetworkFirewall, Some(Kind::Ipv6)) => Some(&["local_addresses_ipv6"]),
        (Firewall::AwsNetworkFirewall, _) => Some(&["local_addresses", "local_addresses_ipv6"]),
        (Firewall::AwsSecurityGroup | Firewall::Generic, _) => None,
    }
}
