//! What is met of a flow's remote.

use std::fmt::Display;

use ipnet::IpNet;

use super::question::Subject;
use super::touch::{Extent, Touch};
use crate::catalogue::{Catalogue, Cloud, Endpoints, HostPattern, Kind, NamedRange, Remote};

/// What is met of a remote, in some of its clouds.
pub struct Met<'a> {
    pub clouds: Vec<Cloud>,
    pub remote: Vec<String>,
    pub extent: Extent,
    /// Of what is asked.
    pub kind: Kind,
    /// The names among the remote's.
    pub hosts: Vec<&'a HostPattern>,
    pub range: Option<&'a NamedRange>,
}

impl<'a> Met<'a> {
    /// What `asked` meets of a remote in `clouds`; of a range, once for all of them in which the same is met.
    pub fn of(
        asked: &Subject,
        remote: &'a Remote,
        clouds: Vec<Cloud>,
        catalogue: &'a Catalogue,
    ) -> Vec<Self> {
        if clouds.is_empty() {
            return Vec::new();
        }
        match (&remote.endpoints.value, asked) {
            (Endpoints::Networks(networks), Subject::Network(asked)) => {
                let met = Self::of_networks(asked, networks, clouds, None);
                met.into_iter().collect()
            }
            (Endpoints::Hosts(hosts), Subject::Host(asked)) => {
                let touch = Touch::of_hosts(asked, hosts);
                let met = touch.map(|touch| Self::of_hosts(clouds, &touch));
                met.into_iter().collect()
            }
            (Endpoints::Range(name), Subject::Network(asked)) => {
                let ranges = clouds.into_iter();
                let ranges = ranges.filter_map(|cloud| catalogue.range(name, cloud));
                let mut all: Vec<Self> = Vec::new();
                for range in ranges {
                    let clouds = vec![range.cloud];
                    let Some(met) = Self::of_networks(asked, &range.networks, clouds, Some(range))
                    else {
                        continue;
                    };
                    match all.iter_mut().find(|other| other.is_like(&met)) {
                        Some(other) => other.clouds.push(range.cloud),
                        None => all.push(met),
                    }
                }
                all
            }
            (Endpoints::Networks(_) | Endpoints::Range(_), Subject::Host(_))
            | (Endpoints::Hosts(_), Subject::Network(_)) => Vec::new(),
        }
    }

    /// What is met of names.
    pub fn of_hosts(clouds: Vec<Cloud>, touch: &Touch<'a, HostPattern>) -> Self {
        Self {
            clouds,
            kind: Kind::Fqdn,
            hosts: touch.met.iter().map(|(_, host)| *host).collect(),
            extent: touch.extent,
            remote: texts(touch),
            range: None,
        }
    }

    fn of_networks(
        asked: &IpNet,
        networks: &[IpNet],
        clouds: Vec<Cloud>,
        range: Option<&'a NamedRange>,
    ) -> Option<Self> {
        let touch = Touch::of_networks(asked, networks)?;
        Some(Self {
            clouds,
            kind: Kind::of(asked),
            hosts: Vec::new(),
            extent: touch.extent,
            remote: texts(&touch),
            range,
        })
    }

    /// Whether another cloud's range says the same.
    fn is_like(&self, other: &Self) -> bool {
        let source = |met: &Self| met.range.map(|range| &range.source).cloned();
        self.remote == other.remote && source(self) == source(other)
    }
}

/// What is met, as texts.
pub fn texts<T: Display>(touch: &Touch<'_, T>) -> Vec<String> {
    let met = touch.met.iter();
    met.map(|(_, one)| one.to_string()).collect()
}
