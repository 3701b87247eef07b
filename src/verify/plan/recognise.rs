//! Which modules of a plan or state are ours, and of which place.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::calls::{Argument, OurCall, own_resources};
use super::document::{Index, Resource};
use super::instance::Instance;
use super::json::Json;
use super::values::Attributes;
use super::{address, generic, reading, security_group};
use crate::catalogue::{Cloud, Traffic};
use crate::verify::opening::{Firewall, Place, Remote, Wanted};

/// The target whose module has made these resources, by what they are called: all that a state tells.
#[must_use]
pub fn by_shape(resources: &[Resource<'_>]) -> Option<Firewall> {
    Firewall::ALL.into_iter().find(|firewall| {
        resources
            .iter()
            .any(|resource| is_shaped(*firewall, resource))
    })
}

fn is_shaped(firewall: Firewall, resource: &Resource<'_>) -> bool {
    let is_own = own_resources(firewall)
        .iter()
        .any(|own| *own == (&*resource.r#type, &*resource.name));
    if !is_own || resource.mode != "managed" {
        return false;
    }
    let key = match &resource.index {
        Some(Index::Key(key)) => key.as_str(),
        _ => "",
    };
    match (firewall, &*resource.r#type) {
        (Firewall::AzureNsg, "azurerm_network_security_group") => false,
        (Firewall::AzureNsg, _) | (Firewall::AzureFirewall, "azurerm_ip_group") => {
            key.split('.').count() > 2 && reading::kind(key).is_some()
        }
        (Firewall::AwsSecurityGroup, "aws_security_group") => key
            .rsplit_once('-')
            .is_some_and(|(_, number)| number.parse::<u16>().is_ok()),
        (Firewall::AwsSecurityGroup, _) => security_group::role(key).is_some(),
        (Firewall::Generic, _) => generic::role(key).is_some(),
        (Firewall::AzureFirewall | Firewall::AwsNetworkFirewall, _) => {
            resource.index == Some(Index::Number(0))
                && (says_ours(resource) || is_called_as_ours(resource))
        }
    }
}

/// Whether it stands where the generated folders call our modules, whatever it says of itself.
fn is_called_as_ours(resource: &Resource<'_>) -> bool {
    let module = resource
        .address
        .rsplit_once(&format!(".{}.", resource.r#type));
    module.is_some_and(|(module, _)| module.ends_with(".module.rules"))
}

/// Whether a rule group has a name or description as our modules give it.
fn says_ours(resource: &Resource<'_>) -> bool {
    let Some(Ok(value)) = resource.values.map(Json::read) else {
        return false;
    };
    places().any(|(cloud, traffic)| names(&value, cloud, traffic))
}

fn places() -> impl Iterator<Item = (Cloud, Traffic)> {
    Cloud::ALL
        .iter()
        .flat_map(|cloud| Traffic::ALL.iter().map(move |traffic| (*cloud, *traffic)))
}

/// The cloud and the traffic of an instance: what its call says, else what its resources fit best.
#[must_use]
pub fn place(instance: &Instance<'_>, wanted: &[Wanted]) -> Option<Place> {
    let firewall = instance.firewall;
    if let Some(place) = instance.call.and_then(|call| told(call, firewall)) {
        return Some(place);
    }
    let path = address::path(&instance.address).unwrap_or_default();
    let mut scores: BTreeMap<Place, usize> = BTreeMap::new();
    let rows = Rows::of(wanted, firewall);
    for item in &instance.items {
        let Ok(value) = item.value() else { continue };
        let key = item.key().unwrap_or_default();
        for (cloud, traffic) in places() {
            let place = Place {
                cloud,
                traffic,
                firewall,
            };
            let fit = if names(&value, cloud, traffic) {
                2
            } else {
                rows.fit(place, key, &value)
            };
            if fit > 0 {
                *scores.entry(place).or_default() += fit;
            }
        }
    }
    // Roots that the program wrote name their calls after the place.
    let is_named = |place: &Place| {
        let name = format!("{}_{}", place.cloud, place.traffic).replace('-', "_");
        path.contains(&name.as_str())
    };
    let best = scores.values().copied().max()?;
    let mut candidates = scores
        .into_iter()
        .filter(|(_, score)| *score == best)
        .map(|(place, _)| place);
    let all: Vec<Place> = candidates.by_ref().collect();
    match all.as_slice() {
        [only] => Some(*only),
        several => several.iter().find(|place| is_named(place)).copied(),
    }
}

fn told(call: &OurCall<'_>, firewall: Firewall) -> Option<Place> {
    let word = |name| match call.argument(name) {
        Argument::Known(Json::Text(word)) => Some(word),
        _ => None,
    };
    Some(Place {
        cloud: Cloud::parse(&word("cloud")?)?,
        traffic: Traffic::parse(&word("traffic")?)?,
        firewall,
    })
}

/// Whether a name or description is that of a place.
fn names(value: &Json, cloud: Cloud, traffic: Traffic) -> bool {
    let mut attributes = Attributes::of(value);
    let (name, description) = (attributes.take("name"), attributes.take("description"));
    let says = format!("Microsoft 365 {cloud}, {traffic}");
    let ends = format!("{cloud}-{traffic}");
    description.text().is_some_and(|text| {
        text.strip_prefix(&says)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }) || name.text().is_some_and(|text| text.ends_with(&ends))
}

/// The rows of a target, to be recognised by what is made of them.
struct Rows<'a>(Vec<&'a Wanted>);

impl<'a> Rows<'a> {
    fn of(wanted: &'a [Wanted], firewall: Firewall) -> Self {
        let own = wanted
            .iter()
            .filter(|wanted| wanted.opening.way.place.firewall == firewall);
        Self(own.collect())
    }

    /// How well a resource fits a place: not at all, possibly, or by what it opens.
    fn fit(&self, place: Place, key: &str, value: &Json) -> usize {
        let rows = self
            .0
            .iter()
            .filter(|wanted| wanted.opening.way.place == place);
        let best = match place.firewall {
            Firewall::AzureNsg | Firewall::AzureFirewall => {
                let name = Attributes::of(value).take("name");
                let end = format!("{}.{key}", place.cloud);
                let is_named = name.text().is_some_and(|name| name.ends_with(&end));
                rows.filter(|wanted| is_named && wanted.opening.way.key == key)
                    .map(|_| 2)
                    .max()
            }
            Firewall::Generic => {
                let words: Vec<&str> = key.split(' ').collect();
                let [direction, role, .., remote] = words[..] else {
                    return 0;
                };
                rows.filter(|wanted| {
                    let way = &wanted.opening.way;
                    (way.direction.as_str(), way.role.as_str()) == (direction, role)
                })
                .map(|wanted| mentions(wanted, remote))
                .max()
            }
            _ => None,
        };
        best.unwrap_or_default()
    }
}

fn mentions(wanted: &Wanted, remote: &str) -> usize {
    let does = match &wanted.opening.remote {
        Remote::Networks(networks) => remote
            .parse()
            .is_ok_and(|network: IpNet| networks.contains(&network)),
        Remote::Hosts(hosts) => hosts.iter().any(|host| host.as_str() == remote),
        // Only the user knows.
        Remote::Range(..) => return 1,
        Remote::Tag(_) => false,
    };
    if does { 2 } else { 0 }
}
