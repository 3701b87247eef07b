//! Ports and addresses as intervals, compared in the plainest way: by asking of each where anything begins or ends whether
//! it is within.

use std::net::{Ipv4Addr, Ipv6Addr};

/// First and last, both included.
pub type Interval = (u128, u128);

/// Ports as rows spell them.
pub fn ports(port: &str) -> Option<Interval> {
    let (first, last) = port.split_once('-').unwrap_or((port, port));
    let number = |digits: &str| -> Option<u16> {
        let number: u16 = digits.parse().ok()?;
        (number.to_string() == digits).then_some(number)
    };
    Some((u128::from(number(first)?), u128::from(number(last)?)))
}

/// The addresses of a network without host bits.
pub fn network(network: &str, is_ipv4: bool) -> Option<Interval> {
    let (address, length) = network.split_once('/')?;
    let (bits, first, canonical): (u32, u128, String) = if is_ipv4 {
        let address: Ipv4Addr = address.parse().ok()?;
        (32, u128::from(address.to_bits()), address.to_string())
    } else {
        let address: Ipv6Addr = address.parse().ok()?;
        (128, address.to_bits(), address.to_string())
    };
    let prefix: u32 = length.parse().ok()?;
    if canonical != address || prefix.to_string() != length {
        return None;
    }
    let rest = bits
        .checked_sub(prefix)
        .map(|rest| 1_u128.checked_shl(rest).map_or(u128::MAX, |size| size - 1))?;
    (first & rest == 0).then_some((first, first | rest))
}

/// Whether whatever is in one is in the other: nothing changes but where an interval begins, or has ended.
pub fn cover_the_same(a: &[Interval], b: &[Interval]) -> bool {
    let holds = |intervals: &[Interval], point: u128| {
        intervals
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&point))
    };
    let points = a
        .iter()
        .chain(b)
        .flat_map(|(first, last)| [Some(*first), last.checked_add(1)]);
    points
        .flatten()
        .all(|point| holds(a, point) == holds(b, point))
}
