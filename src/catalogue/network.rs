//! Networks as their source states them: canonical, sorted, none inside another.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Reads a CIDR in its canonical form, `20.20.32.0/19` or `2603:1017::/48`.
///
/// `ipnet` keeps host bits, and its aggregation drops them without a word, so that
/// `10.0.0.5/24` could open 256 addresses where one was meant: they are refused here, at the door.
///
/// # Errors
/// When `text` is no CIDR, has host bits, or is spelled otherwise than canonically.
pub fn parse(text: &str) -> Result<IpNet, String> {
    let shown = text.escape_debug();
    let network: IpNet = text.parse().map_err(|_| {
        if text.parse::<IpAddr>().is_ok() {
            format!("`{shown}` has no prefix length; a single address ends in /32 or /128")
        } else {
            format!("`{shown}` is not a network such as `20.20.32.0/19` or `2603:1017::/48`")
        }
    })?;
    let canonical = network.trunc();
    if canonical != network {
        return Err(format!(
            "`{shown}` has host bits; the network is `{canonical}`, the single address `{}/{}`",
            network.addr(),
            network.max_prefix_len()
        ));
    }
    if !is_written(&network, text) {
        return Err(format!("`{shown}` is written `{network}` canonically"));
    }
    if let IpNet::V6(v6) = network
        && v6.network().to_ipv4_mapped().is_some()
    {
        return Err(format!(
            "`{shown}` is an IPv4 address in IPv6 clothes, which firewalls read differently; write it as IPv4"
        ));
    }
    if network.prefix_len() == 0 {
        return Err(format!("`{shown}` is every address there is"));
    }
    Ok(network)
}

/// Adds `network` to `text`, as it is displayed. Lists hold a million of them, and `Display` takes several times as long.
pub fn push(text: &mut String, network: &IpNet) {
    match network {
        IpNet::V4(v4) => text.push_str(Written::of(*v4).text()),
        IpNet::V6(v6) => {
            write!(text, "{v6}").expect("a string takes all that is written");
        }
    }
}

/// Whether `text` is how `network` is displayed.
#[must_use]
pub fn is_written(network: &IpNet, text: &str) -> bool {
    match network {
        IpNet::V4(v4) => Written::of(*v4).text() == text,
        IpNet::V6(v6) => v6.to_string() == text,
    }
}

/// A network of IPv4 as text.
struct Written {
    /// As many as the longest takes, `255.255.255.255/32`.
    bytes: [u8; 18],
    length: usize,
}

impl Written {
    fn of(network: Ipv4Net) -> Self {
        let mut written = Self {
            bytes: [0; 18],
            length: 0,
        };
        for (index, number) in network.addr().octets().into_iter().enumerate() {
            if index > 0 {
                written.push(b'.');
            }
            written.number(number);
        }
        written.push(b'/');
        written.number(network.prefix_len());
        written
    }

    fn number(&mut self, number: u8) {
        if number >= 100 {
            self.push(b'0' + number / 100);
        }
        if number >= 10 {
            self.push(b'0' + number / 10 % 10);
        }
        self.push(b'0' + number % 10);
    }

    fn push(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).expect("digits, dots and a slash")
    }
}

/// Every address of a family. No source may state it; only the user's own word opens to it.
pub const EVERY_IPV4: IpNet = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0));
pub const EVERY_IPV6: IpNet = IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 0));

/// Whether `network` is every address of its family.
#[must_use]
pub fn is_every(network: &IpNet) -> bool {
    network.prefix_len() == 0
}

/// How many addresses `network` holds; of every IPv6 address there is, one fewer.
#[must_use]
pub fn size(network: &IpNet) -> u128 {
    let bits = network.max_prefix_len() - network.prefix_len();
    1_u128.checked_shl(bits.into()).unwrap_or(u128::MAX)
}

/// What [`normalise`] took out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    pub network: IpNet,
    /// The network that holds it; the same one, if it stood twice.
    pub inside: IpNet,
}

/// Sorts `networks` (IPv4 first, then by address) and takes out duplicates and networks inside
/// another one. Neighbours stay as they are: joining them would show a removal as an opening.
#[must_use]
pub fn normalise(mut networks: Vec<IpNet>) -> (Vec<IpNet>, Vec<Dropped>) {
    // A network sorts before all that it contains, so one look back is enough.
    networks.sort_unstable();
    let mut kept: Vec<IpNet> = Vec::with_capacity(networks.len());
    let mut dropped = Vec::new();
    for network in networks {
        match kept.last() {
            Some(last) if last.contains(&network) => dropped.push(Dropped {
                network,
                inside: *last,
            }),
            _ => kept.push(network),
        }
    }
    (kept, dropped)
}

/// Joins neighbours into the fewest networks that hold the same addresses; but never into one that
/// holds every address, which targets refuse.
#[must_use]
pub fn aggregate(networks: &[IpNet]) -> Vec<IpNet> {
    let mut joined = IpNet::aggregate(&networks.to_vec());
    joined.sort_unstable();
    if joined.iter().any(|network| network.prefix_len() == 0) {
        return normalise(networks.to_vec()).0;
    }
    joined
}

/// Networks that no one can own on the internet: RFC 6890's private, loopback, link-local,
/// multicast and reserved ones. Those for documentation are harmless, and not among them.
const NOT_GLOBAL: [&str; 14] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // All but 2000::/3, out of which addresses are given.
    "::/3",
    "4000::/2",
    "8000::/1",
];

/// The network of private or otherwise special use that `network` meets, if it meets one.
#[must_use]
pub fn special_use(network: &IpNet) -> Option<IpNet> {
    static PARSED: LazyLock<Vec<IpNet>> =
        LazyLock::new(|| NOT_GLOBAL.iter().flat_map(|text| text.parse()).collect());
    let meets = |special: &&IpNet| special.contains(network) || network.contains(*special);
    PARSED.iter().find(meets).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_written_as_it_is_displayed() {
        for text in [
            "0.0.0.0/0",
            "9.10.99.100/32",
            "255.200.0.109/9",
            "2603:1017::/48",
            "::/128",
        ] {
            let network: IpNet = text.parse().unwrap();
            let mut written = String::from("x");
            push(&mut written, &network);
            assert_eq!(written, format!("x{network}"));
            assert!(is_written(&network, text));
            assert!(!is_written(&network, &written));
        }
    }

    fn nets(texts: &[&str]) -> Vec<IpNet> {
        texts.iter().map(|text| parse(text).unwrap()).collect()
    }

    #[test]
    fn host_bits_and_loose_spellings_are_refused_with_what_was_meant() {
        let error = parse("10.0.0.5/24").unwrap_err();
        assert!(
            error.contains("10.0.0.0/24") && error.contains("10.0.0.5/32"),
            "{error}"
        );
        for text in [
            "10.0.0.1",
            "10.0.0.0/33",
            "2603:1017:0::/48",
            "2603:1017::/48 ",
            "0.0.0.0/0",
            "::/0",
            "::ffff:1.2.3.0/120",
            "42.159.180.566/32",
        ] {
            assert!(parse(text).is_err(), "{text:?} was let in");
        }
    }

    #[test]
    fn ipv4_comes_first_and_networks_inside_another_go() {
        let (kept, dropped) = normalise(nets(&[
            "2603:1017::/48",
            "10.1.0.0/16",
            "10.0.0.0/8",
            "9.0.0.0/8",
            "9.0.0.0/8",
            "10.255.255.255/32",
            "11.0.0.0/32",
        ]));
        assert_eq!(
            kept,
            nets(&["9.0.0.0/8", "10.0.0.0/8", "11.0.0.0/32", "2603:1017::/48"])
        );
        let inside: Vec<String> = dropped
            .iter()
            .map(|d| format!("{} in {}", d.network, d.inside))
            .collect();
        assert_eq!(
            inside,
            [
                "9.0.0.0/8 in 9.0.0.0/8",
                "10.1.0.0/16 in 10.0.0.0/8",
                "10.255.255.255/32 in 10.0.0.0/8"
            ]
        );
    }

    #[test]
    fn neighbours_are_joined_only_on_request() {
        let pair = nets(&["52.243.157.104/32", "52.243.157.105/32"]);
        assert_eq!(normalise(pair.clone()).0, pair);
        assert_eq!(aggregate(&pair), nets(&["52.243.157.104/31"]));
        let halves = nets(&["0.0.0.0/1", "128.0.0.0/1"]);
        assert_eq!(aggregate(&halves), halves, "never into everything");
    }
}
