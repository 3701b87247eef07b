//! What the web service publishes and nobody has read.

use std::collections::BTreeSet;

use crate::catalogue::{Catalogue, Cloud, Endpoints, Flow, Origin};
use crate::error::Error;
use crate::options::{InPlace, Options};

/// Addresses in place of host names are those of the web service's answer, which has to be read once,
/// or to stand in a catalogue.
pub fn addresses(catalogue: &Catalogue, options: &Options) -> Vec<Error> {
    let mut errors = Vec::new();
    for (choice, exception) in options.all_hosts() {
        if choice.in_place != InPlace::WebService {
            continue;
        }
        let sets = catalogue.sets.iter().filter(|set| set.key == choice.set);
        let flows = sets.flat_map(|set| &set.flows);
        let clouds: BTreeSet<Cloud> = flows
            .filter(|flow| choice.flow.is_none() || flow.id == choice.flow)
            .flat_map(host_clouds)
            .collect();
        for cloud in options.clouds.iter().filter(|cloud| clouds.contains(cloud)) {
            if has_addresses(catalogue, *cloud) {
                continue;
            }
            let why = format!(
                "it needs what the web service publishes; add `--web-service {cloud}=FILE`"
            );
            errors.push(match exception {
                Some(exception) => exception.place.refuse(why),
                None => Error::InvalidValue {
                    option: "--hosts",
                    value: choice.word(),
                    why,
                },
            });
        }
    }
    errors
}

/// Whether the web service's answer for `cloud` was read, or what it publishes stands in a catalogue.
fn has_addresses(catalogue: &Catalogue, cloud: Cloud) -> bool {
    let mut ranges = catalogue.ranges.iter();
    let is_renewal = |origin| origin == Origin::Renewal;
    let mut published = catalogue.published.iter();
    ranges.any(|range| range.cloud == cloud && is_renewal(range.source.origin))
        || published.any(|host| host.cloud == cloud && host.networks.is_some())
}

/// The clouds in which a flow has host names.
fn host_clouds(flow: &Flow) -> impl Iterator<Item = Cloud> {
    flow.remotes
        .iter()
        .filter(|remote| matches!(remote.endpoints.value, Endpoints::Hosts(_)))
        .flat_map(|remote| remote.clouds.value.iter().copied())
}
