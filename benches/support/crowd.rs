//! Catalogues of any size, the same at every run.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;

use serde_json::json;

/// The networks of a set; a catalogue has as many sets as it takes.
pub const NETWORKS_PER_SET: u32 = 1_000;

/// Of ten networks of a set, so many are IPv6.
const IPV6: u32 = 2;

const SEED: u64 = 365;

/// Writes a catalogue of `networks` networks, each set with one flow, as Microsoft's Graph change notifications have it.
/// No two networks overlap, and none are neighbours that could be joined. With `changed`, one of them is another.
///
/// # Errors
/// When the file can't be written.
pub fn write(file: &Path, networks: u32, changed: bool) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    let mut crowd = Crowd::new();
    // Set by set, so that no more than one is in memory.
    let source = json!({
        "title": "Networks made up for a benchmark", "language": "en", "edition": "2025-01-01",
        "url": "https://example.com/networks",
    });
    let roles = json!({"webhook_receiver": "Hosts that receive change notifications"});
    write!(
        out,
        "{{\"schema\": 1, \"source\": {source}, \"roles\": {roles}, \"sets\": ["
    )?;
    let sets = networks.div_ceil(NETWORKS_PER_SET);
    for number in 0..sets {
        let count = NETWORKS_PER_SET.min(networks - number * NETWORKS_PER_SET);
        let mut texts = crowd.networks(count);
        if changed && number == sets / 2 {
            // Behind all others, as the last of its family.
            let last = count - ipv6_of(count) - 1;
            "198.51.100.7/32".clone_into(&mut texts[last as usize]);
        }
        let stated = |value: serde_json::Value| json!({"value": value, "basis": "stated"});
        let set = json!({
            "key": format!("service-{number:04}"), "title": format!("Change notifications of service {number}"),
            "traffic": "inbound-hybrid-server",
            "flows": [{
                "direction": stated(json!("inbound")), "roles": ["webhook_receiver"],
                "protocol": stated(json!("tcp")), "ports": stated(json!(["443"])),
                "remotes": [{"clouds": stated(json!(["worldwide"])), "networks": stated(json!(texts))}],
            }],
        });
        let comma = if number > 0 { "," } else { "" };
        write!(out, "{comma}\n{set}")?;
    }
    writeln!(out, "\n]}}")?;
    out.flush()
}

/// Networks one after the other, each some way behind the one before.
struct Crowd {
    dice: SplitMix64,
    ipv4: u32,
    ipv6: u128,
}

impl Crowd {
    fn new() -> Self {
        Self {
            dice: SplitMix64(SEED),
            ipv4: u32::from(Ipv4Addr::new(20, 0, 0, 0)),
            ipv6: u128::from(Ipv6Addr::new(0x2603, 0x1000, 0, 0, 0, 0, 0, 0)),
        }
    }

    /// IPv4 first, each family in order, as Microsoft lists them.
    fn networks(&mut self, count: u32) -> Vec<String> {
        let ipv6 = ipv6_of(count);
        let mut texts = Vec::new();
        for _ in ipv6..count {
            // At least two addresses on: the other half of no network is there.
            self.ipv4 += 2 + u32::try_from(self.dice.below(14)).unwrap_or(0);
            texts.push(format!("{}/32", Ipv4Addr::from(self.ipv4)));
        }
        for _ in 0..ipv6 {
            self.ipv6 += (2 + u128::from(self.dice.below(14))) << 80;
            texts.push(format!("{}/48", Ipv6Addr::from(self.ipv6)));
        }
        texts
    }
}

fn ipv6_of(count: u32) -> u32 {
    count * IPV6 / 10
}

/// Sebastiano Vigna's generator: a few lines, and as good as it takes here.
struct SplitMix64(u64);

impl SplitMix64 {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}
