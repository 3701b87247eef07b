//! What renews a named range, and the addresses of host names.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ipnet::IpNet;

use super::entries::{self, Entry};
use super::{EXCHANGE_ONLINE, URL, title};
use crate::catalogue::network::{self, Dropped};
use crate::catalogue::{Cloud, HostPattern, NamedRange, Origin, Published, RangeName, Source};
use crate::error::{Errors, Result};
use crate::file;
use crate::source::digest::sha256;

/// What a file renews.
#[derive(Debug)]
pub struct Renewed {
    pub range: NamedRange,
    /// Networks that several entries list, or that lie inside another entry's.
    pub dropped: Vec<Dropped>,
    /// What it says of host names, sorted.
    pub published: Vec<Published>,
}

/// Reads `exchange_online` of `cloud`, and the addresses of those among `hosts` that it publishes any
/// for, from the answer to `/endpoints/{instance}` in `path`.
///
/// # Errors
/// When the file can't be read or is no such answer, and for every address that is not canonical.
pub fn read(path: &Path, cloud: Cloud, hosts: &BTreeSet<&HostPattern>) -> Result<Renewed> {
    let bytes = file::document(path).map_err(|error| file::unread(path, error))?;
    renewal(path, &bytes, cloud, hosts)
}

/// The same of `bytes`, which errors call `path`.
///
/// # Errors
/// When they are no such answer, and for every address that is not canonical.
pub fn renewal(
    path: &Path,
    bytes: &[u8],
    cloud: Cloud,
    hosts: &BTreeSet<&HostPattern>,
) -> Result<Renewed> {
    let (entries, mut whys) = entries::read(path, bytes)?;
    let source = Arc::new(Source {
        title: title(cloud),
        language: "en".to_owned(),
        edition: "as supplied".to_owned(),
        url: URL.to_owned(),
        origin: Origin::Renewal,
        digest: sha256(bytes),
    });
    let mut networks: Vec<IpNet> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_exchange()) {
        match entry.networks() {
            Ok(found) => networks.extend(found),
            Err(found) => whys.extend(found),
        }
    }
    let (networks, dropped) = network::normalise(networks);
    let dropped = dropped
        .into_iter()
        .filter(|dropped| dropped.network != dropped.inside)
        .collect();
    let published = publications(&entries, cloud, hosts, &source)
        .map_err(|found| {
            // Exchange's addresses are read for its range, too: said once is enough.
            let new: Vec<String> = found
                .into_iter()
                .filter(|why| !whys.contains(why))
                .collect();
            whys.extend(new);
        })
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
    let errors = whys.into_iter().map(|why| entries::corrupt(path, why));
    Errors::unless_none(errors.collect(), renewed)
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
    let mut whys = Vec::new();
    for entry in entries {
        let wanted: Vec<HostPattern> = entry
            .known_hosts()
            .filter(|host| hosts.contains(host))
            .collect();
        if wanted.is_empty() || entry.ips.is_empty() {
            continue;
        }
        let networks = entry.networks().map_err(|found| whys.extend(found));
        let ports = entry.ports().map_err(|found| whys.extend(found));
        let (Ok(networks), Ok((tcp, udp))) = (networks, ports) else {
            continue;
        };
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
    whys.dedup();
    if whys.is_empty() { Ok(all) } else { Err(whys) }
}
