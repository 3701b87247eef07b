//! Sets of addresses of one family, as intervals.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::catalogue::Kind;

/// First and last address, as numbers.
type Interval = (u128, u128);

/// Sorted, apart from each other, and never neighbours: so equal sets have equal intervals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses(Vec<Interval>);

impl Addresses {
    /// The addresses of `networks`, which are all of one family.
    #[must_use]
    pub fn of<'a>(networks: impl IntoIterator<Item = &'a IpNet>) -> Self {
        let mut intervals: Vec<Interval> = networks.into_iter().map(interval).collect();
        if !intervals.is_sorted() {
            intervals.sort_unstable();
        }
        let mut joined: Vec<Interval> = Vec::with_capacity(intervals.len());
        for (first, last) in intervals {
            match joined.last_mut() {
                // No address is the one before `first` where that is the lowest there is.
                Some(before) if first == 0 || first - 1 <= before.1 => {
                    before.1 = before.1.max(last);
                }
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all addresses of `network`, which is of the same family, are in the set.
    #[must_use]
    pub fn holds(&self, network: &IpNet) -> bool {
        let (first, last) = interval(network);
        let after = self.0.partition_point(|own| own.0 <= first);
        after > 0 && last <= self.0[after - 1].1
    }

    /// The addresses that are in this set and not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        let lowest = self.0.first().map_or(0, |(first, _)| *first);
        let from = other.0.partition_point(|(_, last)| *last < lowest);
        let mut others = other.0[from..].iter().peekable();
        for &(first, last) in &self.0 {
            let mut from = Some(first);
            while let Some(&&(other_first, other_last)) = others.peek() {
                let Some(start) = from else { break };
                if other_last < start {
                    others.next();
                } else if other_first > last {
                    break;
                } else {
                    if other_first > start {
                        rest.push((start, other_first - 1));
                    }
                    // What is left begins behind the other interval, if that ends before this one.
                    from = (other_last < last).then(|| other_last + 1);
                    if from.is_some() {
                        others.next();
                    }
                }
            }
            if let Some(start) = from {
                rest.push((start, last));
            }
        }
        Self(rest)
    }

    /// The fewest ranges that say the set.
    pub fn each(&self) -> impl Iterator<Item = Range> {
        self.0.iter().map(|interval| Range(*interval))
    }
}

/// Addresses that follow each other.
#[derive(Debug, Clone, Copy)]
pub struct Range(Interval);

impl Range {
    /// The lowest of them.
    #[must_use]
    pub fn first(self, kind: Kind) -> IpAddr {
        address(self.0.0, kind)
    }

    /// As a network where it is one: `10.0.0.0/8`, `10.0.0.1-10.0.0.9`.
    #[must_use]
    pub fn text(self, kind: Kind) -> String {
        text(self.0, kind)
    }
}

fn interval(network: &IpNet) -> Interval {
    match network {
        IpNet::V4(network) => (
            u128::from(network.network().to_bits()),
            u128::from(network.broadcast().to_bits()),
        ),
        IpNet::V6(network) => (network.network().to_bits(), network.broadcast().to_bits()),
    }
}

fn text((first, last): Interval, kind: Kind) -> String {
    let bits = if kind == Kind::Ipv4 { 32 } else { 128 };
    let differing = 128 - (first ^ last).leading_zeros();
    let ends = |number: u128, ones: bool| {
        let trailing = if ones {
            number.trailing_ones()
        } else {
            number.trailing_zeros()
        };
        trailing >= differing
    };
    // The bits in which both ends differ are none of the first's, and all of the last's.
    if differing <= bits && ends(first, false) && ends(last, true) {
        return format!("{}/{}", address(first, kind), bits - differing);
    }
    format!("{}-{}", address(first, kind), address(last, kind))
}

fn address(number: u128, kind: Kind) -> IpAddr {
    match u32::try_from(number) {
        Ok(number) if kind == Kind::Ipv4 => IpAddr::V4(Ipv4Addr::from_bits(number)),
        _ => IpAddr::V6(Ipv6Addr::from_bits(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(texts: &[&str]) -> Addresses {
        let networks: Vec<IpNet> = texts.iter().map(|text| text.parse().unwrap()).collect();
        Addresses::of(&networks)
    }

    fn ranges(addresses: &Addresses, kind: Kind) -> Vec<String> {
        addresses.each().map(|range| range.text(kind)).collect()
    }

    #[test]
    fn what_is_left_is_said_in_the_fewest_ranges() {
        let left =
            |all: &[&str], other: &[&str]| ranges(&set(all).without(&set(other)), Kind::Ipv4);
        assert_eq!(left(&["10.0.0.0/24"], &["10.0.0.0/25"]), ["10.0.0.128/25"]);
        assert_eq!(
            left(&["10.0.0.0/24"], &["10.0.0.7/32"]),
            ["10.0.0.0-10.0.0.6", "10.0.0.8-10.0.0.255"]
        );
        assert_eq!(left(&["10.0.0.0/32", "10.0.0.1/32"], &[]), ["10.0.0.0/31"]);
        assert_eq!(
            left(&["10.0.0.1/32", "10.0.0.2/32"], &[]),
            ["10.0.0.1-10.0.0.2"]
        );
        assert_eq!(left(&["0.0.0.0/0"], &[]), ["0.0.0.0/0"]);
        assert_eq!(left(&["0.0.0.0/0"], &["0.0.0.0/1"]), ["128.0.0.0/1"]);
        assert_eq!(left(&["10.0.0.0/8"], &["0.0.0.0/0"]), Vec::<String>::new());
        assert_eq!(
            ranges(&set(&["::/0"]).without(&set(&["::/1"])), Kind::Ipv6),
            ["8000::/1"]
        );
        assert_eq!(
            ranges(&set(&["::/0"]).without(&set(&["8000::/1"])), Kind::Ipv6),
            ["::/1"]
        );
    }

    #[test]
    fn neighbours_and_what_they_join_to_are_equal() {
        assert_eq!(
            set(&["10.0.0.0/25", "10.0.0.128/25"]),
            set(&["10.0.0.0/24"])
        );
        assert_eq!(set(&["10.0.0.0/24", "10.0.0.9/32"]), set(&["10.0.0.0/24"]));
        assert_eq!(set(&["0.0.0.0/1", "128.0.0.0/1"]), set(&["0.0.0.0/0"]));
    }
}
