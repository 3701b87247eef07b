//! What a proof says nothing about, in words.

use std::collections::BTreeSet;

use super::opening::{Remote, Wanted};
use crate::error::quoted;
use crate::options::Options;

/// What lies outside the proof of a folder that should open `wanted`.
#[must_use]
pub fn outside(wanted: &[Wanted], options: &Options) -> Vec<String> {
    let remotes = || wanted.iter().map(|wanted| &wanted.opening.remote);
    let roles: BTreeSet<_> = wanted
        .iter()
        .map(|wanted| &wanted.opening.way.role)
        .collect();
    let ranges: BTreeSet<_> = remotes()
        .filter_map(|remote| match remote {
            Remote::Range(name, _) => Some(name),
            _ => None,
        })
        .collect();
    let tags: BTreeSet<_> = remotes()
        .filter_map(|remote| match remote {
            Remote::Tag(tag) => Some(tag),
            _ => None,
        })
        .collect();
    let mut outside = Vec::new();
    if !roles.is_empty() {
        outside.push(format!(
            "which of your hosts have the {}: you say so when Terraform applies",
            listed("role", roles)
        ));
    }
    if !ranges.is_empty() {
        outside.push(format!(
            "the networks of the {}: you give them when Terraform applies",
            listed("range", ranges)
        ));
    }
    if !tags.is_empty() {
        outside.push(format!(
            "the addresses of the {}: Azure knows them",
            listed("service tag", tags)
        ));
    }
    if let Some(source) = &options.module_source {
        outside.push(format!(
            "the modules, which Terraform takes from `{}`: compare them with `modules/` of this program",
            source.escape_debug()
        ));
    }
    outside
}

fn listed<T: std::fmt::Display>(noun: &str, names: BTreeSet<T>) -> String {
    let plural = if names.len() == 1 { "" } else { "s" };
    format!(
        "{noun}{plural} {}",
        quoted(&names.into_iter().collect::<Vec<T>>())
    )
}
