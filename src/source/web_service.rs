//! The web service's answer for one instance: named ranges are renewed from it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ipnet::IpNet;
use serde::Deserialize;

use crate::catalogue::network::{self, Dropped};
use crate::catalogue::{
    Cloud, HostPattern, Kind, NamedRange, Origin, PortRange, Published, RangeName, Source,
};
use crate::error::{Error, Errors, Result};
use crate::source::digest::sha256;

/// The range that the web service's Exchange entries make up.
pub const EXCHANGE_ONLINE: &str = "exchange_online";

/// Where the web service answers.
pub const URL: &str = "https://endpoints.office.com";

/// The `serviceArea` of those entries.
const EXCHANGE_AREA: &str = "Exchange";

/// Shorter prefixes than these are taken for damage. The shortest of the snapshots of 2025-12 are /13 and
/// /35.
const SHORTEST_IPV4: u8 = 8;
const SHORTEST_IPV6: u8 = 20;

/// A renewed range may lack this share of its predecessor's networks, per family; more is taken
/// for a damaged answer. Unit: percent.
const TOLERATED_LOSS: usize = 20;

/// What a file renews.
#[derive(Debug)]
pub struct Renewed {
    pub range: NamedRange,
    /// Networks that several entries list, or that lie inside another entry's.
    pub dropped: Vec<Dropped>,
    /// What it says of host names, sorted.
    pub published: Vec<Published>,
}

/// One entry; fields that nothing here needs are not read.
#[derive(Deserialize)]
struct Entry {
    id: u32,
    #[serde(rename = "serviceArea")]
    area: String,
    #[serde(default)]
    urls: Vec<String>,
    #[serde(default)]
    ips: Vec<String>,
    /// As `80,443` or `143, 587`.
    #[serde(default, rename = "tcpPorts")]
    tcp: String,
    #[serde(default, rename = "udpPorts")]
    udp: String,
}

/// Reads `exchange_online` of `cloud`, and the addresses of those among `hosts` that it publishes any
/// for, from the answer to `/endpoints/{instance}` in `path`.
///
/// # Errors
/// When the file can't be read or is no such answer, and for every address that is not canonical.
pub fn read(path: &Path, cloud: Cloud, hosts: &BTreeSet<&HostPattern>) -> Result<Renewed> {
    let bytes = std::fs::read(path).map_err(|error| Error::Io {
        action: "read",
        path: path.to_owned(),
        error,
    })?;
    let malformed = |why: String| Error::Malformed {
        path: path.to_owned(),
        why,
        mend: "it should be the JSON that `https://endpoints.office.com/endpoints/…` answers"
            .to_owned(),
    };
    // Saved by a browser or by PowerShell, the answer may start with a byte order mark.
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let entries: Vec<Entry> = serde_json::from_slice(json).map_err(|error| {
        Errors::from(malformed(format!(
            "line {}, column {}: {error}",
            error.line(),
            error.column()
        )))
    })?;
    let mut networks: Vec<IpNet> = Vec::new();
    let mut errors = Vec::new();
    let mut ids = BTreeSet::new();
    for entry in &entries {
        if !ids.insert(entry.id) {
            errors.push(malformed(format!("two entries have the id {}", entry.id)));
        }
    }
    for entry in entries.iter().filter(|entry| entry.area == EXCHANGE_AREA) {
        // Absent facts are sometimes empty strings.
        for text in entry.ips.iter().filter(|text| !text.is_empty()) {
            match published(text) {
                Ok(network) => networks.push(network),
                Err(why) => errors.push(malformed(format!("entry {}: {why}", entry.id))),
            }
        }
    }
    let (networks, dropped) = network::normalise(networks);
    let dropped = dropped
        .into_iter()
        .filter(|dropped| dropped.network != dropped.inside)
        .collect();
    let source = Arc::new(Source {
        title: format!("Microsoft 365 IP Address and URL web service, {cloud}"),
        language: "en".to_owned(),
        edition: "as supplied".to_owned(),
        url: URL.to_owned(),
        origin: Origin::Renewal,
        digest: sha256(&bytes),
    });
    let published = publications(&entries, cloud, hosts, &source)
        .map_err(|whys| errors.extend(whys.into_iter().map(malformed)))
        .unwrap_or_default();
    let range = NamedRange {
        name: RangeName::parse(EXCHANGE_ONLINE).expect("the constant is a valid name"),
        cloud,
        networks,
        source,
    };
    let renewed = Renewed {
        range,
        dropped,
        published,
    };
    Errors::unless_none(errors, renewed)
}

/// What the entries publish for names that stand in them exactly as in `hosts`: a pattern that covers a
/// name says nothing of that name's own addresses.
fn publications(
    entries: &[Entry],
    cloud: Cloud,
    hosts: &BTreeSet<&HostPattern>,
    source: &Arc<Source>,
) -> std::result::Result<Vec<Published>, Vec<String>> {
    let mut all = Vec::new();
    let mut errors = Vec::new();
    for entry in entries {
        let wanted: Vec<HostPattern> = entry
            .urls
            .iter()
            .filter_map(|url| HostPattern::parse(&url.trim().to_lowercase()).ok())
            .filter(|host| hosts.contains(host))
            .collect();
        let ips: Vec<&String> = entry.ips.iter().filter(|text| !text.is_empty()).collect();
        if wanted.is_empty() || ips.is_empty() {
            continue;
        }
        let mut networks = Vec::new();
        for text in ips {
            match published(text) {
                Ok(network) => networks.push(network),
                Err(why) => errors.push(format!("entry {}: {why}", entry.id)),
            }
        }
        let mut ports = |text: &str| {
            ports(text).unwrap_or_else(|why| {
                errors.push(format!("entry {}: {why}", entry.id));
                Vec::new()
            })
        };
        let (tcp, udp) = (ports(&entry.tcp), ports(&entry.udp));
        let networks = network::normalise(networks).0;
        all.extend(wanted.into_iter().map(|host| Published {
            cloud,
            host,
            entry: entry.id,
            tcp: tcp.clone(),
            udp: udp.clone(),
            networks: Some(networks.clone()),
            source: Arc::clone(source),
        }));
    }
    all.sort_by(|a, b| (&a.host, a.entry).cmp(&(&b.host, b.entry)));
    // An entry may list a name twice.
    all.dedup();
    // Exchange's addresses are read for its range, too: said once is enough.
    errors.sort_unstable();
    errors.dedup();
    if errors.is_empty() {
        Ok(all)
    } else {
        Err(errors)
    }
}

fn ports(text: &str) -> std::result::Result<Vec<PortRange>, String> {
    let texts = text
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let mut all = texts
        .map(PortRange::parse)
        .collect::<std::result::Result<Vec<_>, _>>()?;
    all.sort_unstable();
    let mut ports: Vec<PortRange> = Vec::with_capacity(all.len());
    for port in all {
        match ports.last() {
            Some(last) if last.holds(port) => {}
            Some(last) if last.overlaps(port) => {
                return Err(format!("the ports `{last}` and `{port}` overlap"));
            }
            _ => ports.push(port),
        }
    }
    Ok(ports)
}

/// A network that Microsoft can have published.
fn published(text: &str) -> std::result::Result<IpNet, String> {
    plausible(network::parse(text)?)
}

/// `network`, if Microsoft can have published it.
///
/// # Errors
/// When it is too wide to be believed, or for private or special use.
pub fn plausible(network: IpNet) -> std::result::Result<IpNet, String> {
    let shortest = match network {
        IpNet::V4(_) => SHORTEST_IPV4,
        IpNet::V6(_) => SHORTEST_IPV6,
    };
    if network.prefix_len() < shortest {
        return Err(format!(
            "`{network}` is far wider than any network that Microsoft publishes; nothing shorter than /{shortest} is taken"
        ));
    }
    match doubtful(&network) {
        None => Ok(network),
        Some(why) => Err(why),
    }
}

/// Why Microsoft can't have published `network`, if it can't.
#[must_use]
pub fn doubtful(network: &IpNet) -> Option<String> {
    let special = network::special_use(network)?;
    Some(format!(
        "`{network}` can't be Microsoft's: it meets `{special}`, which is for private or special use"
    ))
}

/// Why `new` should not be believed as the successor of `old`, if it shouldn't.
#[must_use]
pub fn suspicious(old: Option<&NamedRange>, new: &NamedRange) -> Option<String> {
    if new.networks.is_empty() {
        return Some("no prefix at all, for it has no Exchange entry with addresses".to_owned());
    }
    lost(&old?.networks, &new.networks)
}

/// Says what `after` lacks of `before`, where that is too much to be believed.
#[must_use]
pub fn lost(before: &[IpNet], after: &[IpNet]) -> Option<String> {
    let count = |networks: &[IpNet], kind| {
        let networks = networks.iter();
        networks.filter(|network| Kind::of(network) == kind).count()
    };
    let losses: Vec<String> = [Kind::Ipv4, Kind::Ipv6]
        .into_iter()
        .filter_map(|kind| {
            let (before, after) = (count(before, kind), count(after, kind));
            let fewer = after * 100 < before * (100 - TOLERATED_LOSS);
            fewer.then(|| format!("{after} {kind} prefixes instead of {before}"))
        })
        .collect();
    if losses.is_empty() {
        return None;
    }
    Some(format!(
        "{}, over {TOLERATED_LOSS} % fewer",
        losses.join(" and ")
    ))
}

/// What makes `new` look like another cloud's range than `old`, if something does: the count alone
/// would not tell.
#[must_use]
pub fn unfamiliar(old: Option<&NamedRange>, new: &NamedRange) -> Option<String> {
    let old = old?;
    let held = network::aggregate(&new.networks);
    let kept = old
        .networks
        .iter()
        .filter(|network| held.iter().any(|other| other.contains(*network)))
        .count();
    let all = old.networks.len();
    (kept * 100 < all * (100 - TOLERATED_LOSS)).then(|| {
        format!("only {kept} of the {all} prefixes that it renews are still in it; is it the right cloud's?")
    })
}
