//! What some elements hold already, found in the time that sorting takes.

use std::collections::HashSet;

use ipnet::IpNet;

use super::Element;
use crate::catalogue::network::{self, aggregate, normalise};
use crate::catalogue::{HostPattern, Kind};

/// Elements, ready to be asked what they hold.
#[derive(Debug, Default)]
pub struct Held<'a> {
    anywhere: HashSet<Kind>,
    /// The fewest that hold the same addresses, sorted.
    networks: Vec<IpNet>,
    hosts: HashSet<&'a str>,
    names: HashSet<&'a Element>,
}

impl<'a> Held<'a> {
    #[must_use]
    pub fn of(elements: impl IntoIterator<Item = &'a Element>) -> Self {
        let mut held = Self::default();
        let mut networks = Vec::new();
        for element in elements {
            match element {
                Element::Anywhere(kind) => {
                    held.anywhere.insert(*kind);
                }
                Element::Network(network) => networks.push(*network),
                Element::Host(host) => {
                    held.hosts.insert(host.as_str());
                }
                Element::Tag(_) | Element::Range(_) => {
                    held.names.insert(element);
                }
            }
        }
        // Sorted and disjoint even where nothing is joined, because that would hold everything.
        held.networks = aggregate(&normalise(networks).0);
        held
    }

    /// Whether everything that `element` opens is open by these already.
    #[must_use]
    pub fn holds(&self, element: &Element) -> bool {
        match element {
            Element::Anywhere(kind) => self.anywhere.contains(kind),
            Element::Tag(_) | Element::Range(_) => self.names.contains(element),
            Element::Network(network) => {
                self.anywhere.contains(&Kind::of(network)) || self.holds_network(network)
            }
            Element::Host(host) => self.holds_host(host),
        }
    }

    /// How many of the addresses of `element` these hold that don't hold all of it.
    #[must_use]
    pub fn addresses_within(&self, element: &Element) -> u128 {
        let Element::Network(network) = element else {
            return 0;
        };
        let from = self.networks.partition_point(|other| other < network);
        let within = self.networks[from..].iter();
        let within = within.take_while(|other| network.contains(*other));
        within.map(network::size).fold(0, u128::saturating_add)
    }

    fn holds_network(&self, network: &IpNet) -> bool {
        // A network sorts before all that it contains.
        let after = self.networks.partition_point(|other| other <= network);
        let last = self.networks[..after].last();
        last.is_some_and(|other| other.contains(network))
    }

    /// As [`HostPattern::covers`] says of each one, without asking each one.
    fn holds_host(&self, host: &HostPattern) -> bool {
        let text = host.as_str();
        let covers = |at: usize| {
            let suffix = &text[at..];
            !suffix.contains('*') && self.hosts.contains(format!("*{suffix}").as_str())
        };
        let mut dots = text.match_indices('.').map(|(at, _)| at);
        self.hosts.contains(text) || dots.any(|at| at > 0 && covers(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn host() -> impl Strategy<Value = HostPattern> {
        "(\\*\\.|\\*|[ab]\\.|a\\*\\.)?([ab]\\.){0,2}(x|<y>)\\.com"
            .prop_filter_map("no host", |text| HostPattern::parse(&text).ok())
    }

    fn network() -> impl Strategy<Value = IpNet> {
        (0..64u32, 24..=32u8).prop_map(|(address, length)| {
            let net = ipnet::Ipv4Net::new((0x0a00_0000 + address).into(), length).unwrap();
            IpNet::V4(net.trunc())
        })
    }

    proptest! {
        #[test]
        fn a_host_is_held_where_a_pattern_covers_it(patterns in vec(host(), 0..6), other in host()) {
            let elements: Vec<Element> = patterns.iter().cloned().map(Element::Host).collect();
            let naive = patterns.iter().any(|pattern| pattern.covers(&other));
            prop_assert_eq!(Held::of(&elements).holds(&Element::Host(other)), naive);
        }

        #[test]
        fn a_network_is_held_where_all_its_addresses_are(networks in vec(network(), 0..12), other in network()) {
            let elements: Vec<Element> = networks.iter().copied().map(Element::Network).collect();
            let IpNet::V4(v4) = other else { unreachable!("they are IPv4") };
            let mut addresses = u32::from(v4.network())..=u32::from(v4.broadcast());
            let naive = addresses.all(|address| {
                let address = std::net::IpAddr::V4(address.into());
                networks.iter().any(|network| network.contains(&address))
            });
            prop_assert_eq!(Held::of(&elements).holds(&Element::Network(other)), naive);
        }
    }

    #[test]
    fn anywhere_holds_the_networks_of_its_family_only() {
        let held = [Element::Anywhere(Kind::Ipv4)];
        let held = Held::of(&held);
        let net = |text: &str| Element::Network(text.parse().unwrap());
        assert!(held.holds(&net("10.0.0.0/8")) && !held.holds(&net("2603:1000::/24")));
        assert!(!held.holds(&Element::Anywhere(Kind::Ipv6)));
    }
}
