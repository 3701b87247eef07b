//! How what is asked meets networks, or names and patterns.

use ipnet::IpNet;
use serde::Serialize;

use super::names;
use crate::catalogue::HostPattern;

/// How much of what is asked something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    Whole,
    Part,
}

/// Those of a list that meet what is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch<'a, T> {
    /// Each with its place in the list; never empty.
    pub met: Vec<(usize, &'a T)>,
    /// What they hold of it together.
    pub extent: Extent,
}

impl<'a> Touch<'a, IpNet> {
    /// The networks that share addresses with `asked`.
    #[must_use]
    pub fn of_networks(asked: &IpNet, networks: &'a [IpNet]) -> Option<Self> {
        let share = |network: &IpNet| network.contains(asked) || asked.contains(network);
        let met: Vec<(usize, &IpNet)> = networks
            .iter()
            .enumerate()
            .filter(|(_, network)| share(network))
            .collect();
        let all: Vec<IpNet> = met.iter().map(|(_, network)| **network).collect();
        let joined = IpNet::aggregate(&all);
        let is_whole = joined.iter().any(|network| network.contains(asked));
        (!met.is_empty()).then_some(Self {
            met,
            extent: if is_whole {
                Extent::Whole
            } else {
                Extent::Part
            },
        })
    }
}

impl<'a> Touch<'a, HostPattern> {
    /// The patterns that stand for all of `asked`; or else those that share names with it.
    #[must_use]
    pub fn of_hosts(asked: &HostPattern, hosts: &'a [HostPattern]) -> Option<Self> {
        let met = hosts.iter().enumerate();
        let met = met.filter_map(|host| Some((host, names::extent(asked, host.1)?)));
        let met: Vec<((usize, &HostPattern), Extent)> = met.collect();
        let extent = met.iter().map(|(_, extent)| *extent).min()?;
        let met = met.into_iter().filter(|(_, own)| *own == extent);
        Some(Self {
            met: met.map(|(host, _)| host).collect(),
            extent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_hold_what_is_asked_alone_together_or_in_part() {
        let nets = |texts: &[&str]| -> Vec<IpNet> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        for (asked, listed, found) in [
            (
                "10.0.0.1/32",
                &["10.0.0.0/24", "10.0.1.0/24"][..],
                Some((1, Extent::Whole)),
            ),
            (
                "10.0.0.0/23",
                &["10.0.0.0/24", "10.0.1.0/24"],
                Some((2, Extent::Whole)),
            ),
            (
                "10.0.0.0/22",
                &["10.0.0.0/24", "10.0.1.0/24"],
                Some((2, Extent::Part)),
            ),
            ("10.0.2.0/24", &["10.0.0.0/24", "10.0.1.0/24"], None),
            (
                "0.0.0.0/0",
                &["10.0.0.0/24", "2603::/32"],
                Some((1, Extent::Part)),
            ),
            ("10.0.0.1/32", &["0.0.0.0/0"], Some((1, Extent::Whole))),
        ] {
            let listed = nets(listed);
            let touch = Touch::of_networks(&asked.parse().unwrap(), &listed);
            assert_eq!(
                touch.map(|touch| (touch.met.len(), touch.extent)),
                found,
                "{asked}"
            );
        }
    }
}
