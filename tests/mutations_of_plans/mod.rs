//! Mutations of plans and states: what kinds there are, and what they are tried on.

mod attributes;
pub mod base;
mod bases;
#[path = "../mutations/cidr.rs"]
mod cidr;
mod configuration;
#[path = "../mutations/dice.rs"]
pub mod dice;
mod facet;
mod harmless;
#[path = "../mutations/intervals.rs"]
mod intervals;
pub mod mutant;
#[path = "../mutations/network_lists.rs"]
mod network_lists;
mod oracle;
mod parts;
mod resource;
mod suricata;
#[path = "../mutations/tally.rs"]
pub mod tally;
mod whole;

use std::sync::LazyLock;

pub use bases::bases;
use mutant::{Kind, Make};

/// Every kind of mutation.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    static NETWORKS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
        let lists = network_lists::CHANGES.iter();
        lists
            .map(|(name, change)| Kind {
                name,
                make: Make::Networks(*change),
            })
            .collect()
    });
    [
        NETWORKS.as_slice(),
        parts::KINDS,
        attributes::KINDS,
        suricata::KINDS,
        whole::KINDS,
        configuration::KINDS.as_slice(),
        harmless::KINDS,
    ]
    .into_iter()
    .flatten()
}
