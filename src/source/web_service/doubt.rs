//! What should not be believed of an answer.

use ipnet::IpNet;

use crate::catalogue::{Kind, NamedRange, network};

/// A renewed range may lack this share of its predecessor's networks, per family; more is taken
/// for a damaged answer. Unit: percent.
const TOLERATED_LOSS: usize = 20;

/// Shorter prefixes than these are taken for damage. The shortest of the snapshots of 2025-12 are /13 and
/// /35.
const SHORTEST_IPV4: u8 = 8;
const SHORTEST_IPV6: u8 = 20;

/// `network`, if Microsoft can have published it.
///
/// # Errors
/// When it is too wide to be believed, or for private or special use.
pub fn plausible(network: IpNet) -> Result<IpNet, String> {
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
