//! Where the rows of a folder open what is asked.

use super::Folder;
use super::answer::{Concern, FolderAnswer, OpenPlace, OpenRow};
use super::because::Decided;
use super::concern::Facts;
use super::question::Subject;
use super::touch::{Extent, Touch};
use crate::catalogue::Kind;
use crate::catalogue::network::is_every;
use crate::options::flow_text;
use crate::verify::compare::compare;
use crate::verify::opening::{Found, Opening, Remote, Wanted};
use crate::verify::proof::Excess;
use crate::verify::wanted::wanted;

/// What a row makes of what is asked.
struct Meeting {
    remote: Vec<String>,
    /// Each remote's place among the row's; empty: it isn't about one of them.
    indices: Vec<usize>,
    extent: Extent,
    /// What it holds isn't known here.
    is_perhaps: bool,
}

impl Facts<'_> {
    /// Holds the rows of `folder` against what is asked; `concerns` are the flows that need it.
    pub fn rows(self, folder: Folder<'_>, concerns: &[Concern]) -> FolderAnswer {
        let mut answer = FolderAnswer {
            path: folder.path.to_owned(),
            texts: folder.texts.to_vec(),
            open: Vec::new(),
            perhaps: Vec::new(),
        };
        let wanted = wanted(self.catalogue, self.options);
        for found in folder.found {
            let Opening { way, ports, .. } = &found.opening;
            let asked = self.question.service;
            let is_on_port = asked.is_none_or(|asked| asked.meets(Some(way.protocol), Some(ports)));
            if !is_on_port || !self.clouds.contains(&way.place.cloud) {
                continue;
            }
            let Some(meeting) = self.meeting(&found.opening, concerns) else {
                continue;
            };
            let rows = if meeting.is_perhaps {
                &mut answer.perhaps
            } else {
                &mut answer.open
            };
            let is_wanted = self.is_wanted(found, &meeting, &wanted);
            self.add(rows, found, meeting, is_wanted);
        }
        let sort = |rows: &mut Vec<OpenRow>| {
            rows.sort_by(|a, b| {
                let key =
                    |row: &OpenRow| (row.cloud, row.traffic, row.key.clone(), row.remote.clone());
                key(a).cmp(&key(b))
            });
        };
        sort(&mut answer.open);
        sort(&mut answer.perhaps);
        answer
    }

    fn meeting(self, opening: &Opening, concerns: &[Concern]) -> Option<Meeting> {
        let perhaps = |what: String| Meeting {
            remote: vec![what],
            indices: Vec::new(),
            extent: Extent::Whole,
            is_perhaps: true,
        };
        let is_concerned = || {
            let flow = flow_of(opening);
            let mut own = concerns.iter();
            own.any(|concern| flow_text(&concern.set, concern.flow.as_ref()) == flow)
        };
        match (&opening.remote, &self.question.subject) {
            (Remote::Networks(networks), Subject::Host(_)) => {
                let mut every = networks.iter().enumerate();
                if let Some((index, every)) = every.find(|(_, network)| is_every(network)) {
                    return Some(Meeting {
                        remote: vec![format!("anywhere over {}", Kind::of(every).title())],
                        indices: vec![index],
                        extent: Extent::Whole,
                        is_perhaps: false,
                    });
                }
                (is_in_place(opening) && is_concerned())
                    .then(|| perhaps("addresses that the web service publishes".to_owned()))
            }
            (Remote::Networks(networks), Subject::Network(asked)) => {
                let touch = Touch::of_networks(asked, networks)?;
                let met = touch.met.iter();
                let text = |(_, network): &(usize, &ipnet::IpNet)| {
                    if is_every(network) {
                        format!("anywhere over {}", Kind::of(network).title())
                    } else {
                        network.to_string()
                    }
                };
                Some(Meeting {
                    remote: met.map(text).collect(),
                    indices: touch.met.iter().map(|(index, _)| *index).collect(),
                    extent: touch.extent,
                    is_perhaps: false,
                })
            }
            (Remote::Hosts(hosts), Subject::Host(asked)) => {
                let touch = Touch::of_hosts(asked, hosts)?;
                Some(Meeting {
                    remote: touch.met.iter().map(|(_, host)| host.to_string()).collect(),
                    indices: touch.met.iter().map(|(index, _)| *index).collect(),
                    extent: touch.extent,
                    is_perhaps: false,
                })
            }
            (Remote::Range(name, kind), Subject::Network(asked)) => {
                (*kind == Kind::of(asked)).then(|| perhaps(format!("the range {name}")))
            }
            (Remote::Tag(tag), Subject::Network(_)) => Some(perhaps(format!("service tag {tag}"))),
            (Remote::Tag(tag), Subject::Host(_)) => {
                is_concerned().then(|| perhaps(format!("service tag {tag}")))
            }
            (Remote::Hosts(_), Subject::Network(_)) | (Remote::Range(..), Subject::Host(_)) => None,
        }
    }

    /// Whether what `found` opens of what is asked is wanted.
    fn is_wanted(self, found: &Found, meeting: &Meeting, wanted: &[Wanted]) -> bool {
        let Opening { way, ports, remote } = &found.opening;
        let remote = match (remote, &self.question.subject) {
            (Remote::Networks(networks), Subject::Network(asked)) => {
                // Of two networks that meet, one holds the other.
                let met = meeting.indices.iter().map(|index| networks[*index]);
                let both = met.map(|network| {
                    if asked.contains(&network) {
                        network
                    } else {
                        *asked
                    }
                });
                Remote::Networks(both.collect())
            }
            (Remote::Hosts(hosts), _) => {
                let met = meeting.indices.iter();
                Remote::Hosts(met.map(|index| hosts[*index].clone()).collect())
            }
            (remote, _) => remote.clone(),
        };
        let clipped = Found {
            opening: Opening {
                way: way.clone(),
                ports: ports.clone(),
                remote,
            },
            lines: Vec::new(),
            ..found.clone()
        };
        let own = wanted.iter().filter(|wanted| wanted.opening.way == *way);
        let own: Vec<Wanted> = own.cloned().collect();
        let findings = compare(&own, &[clipped], &|_| found.site.clone());
        let mut findings = findings.iter();
        findings.all(|finding| finding.excess != Excess::Surplus)
    }

    /// Adds where a row stands to those of the same row for other targets.
    fn add(self, rows: &mut Vec<OpenRow>, found: &Found, meeting: Meeting, wanted: bool) {
        let Opening { way, ports, .. } = &found.opening;
        let own = meeting.indices.iter();
        let own: Vec<u32> = own
            .filter_map(|index| found.lines.get(*index).copied())
            .collect();
        let lines = if own.is_empty() {
            found.site.line.into_iter().collect()
        } else {
            own
        };
        let place = OpenPlace {
            target: way.place.firewall.name(),
            file: found.site.file.clone(),
            lines,
        };
        let same = |row: &&mut OpenRow| {
            row.key == way.key
                && (row.cloud, row.traffic) == (way.place.cloud, way.place.traffic)
                && (row.direction, &row.role, row.protocol)
                    == (way.direction, &way.role, way.protocol)
                && row.ports == *ports
                && row.remote == meeting.remote
                && row.wanted == wanted
        };
        if let Some(row) = rows.iter_mut().find(same) {
            row.places.push(place);
            row.places
                .sort_by(|a, b| (&a.file, &a.lines).cmp(&(&b.file, &b.lines)));
            return;
        }
        rows.push(OpenRow {
            key: way.key.clone(),
            cloud: way.place.cloud,
            traffic: way.place.traffic,
            direction: way.direction,
            role: way.role.clone(),
            protocol: way.protocol,
            ports: ports.clone(),
            remote: meeting.remote,
            extent: meeting.extent,
            wanted,
            because: self.because(&found.opening),
            places: vec![place],
        });
    }

    fn because(self, opening: &Opening) -> Vec<String> {
        let sets = self.catalogue.sets.iter();
        let mut sets = sets.filter(|set| set.key == opening.way.set);
        let Some(set) = sets.next() else {
            return Vec::new();
        };
        let name = flow_of(opening);
        let is_own = |flow: &&crate::catalogue::Flow| flow_text(&set.key, flow.id.as_ref()) == name;
        let decided = set.flows.iter().find(is_own).map(|flow| Decided {
            catalogue: self.catalogue,
            options: self.options,
            set,
            flow,
            cloud: opening.way.place.cloud,
            is_in_place: is_in_place(opening),
        });
        decided.map(Decided::decisions).unwrap_or_default()
    }
}

/// Set and flow of a row: its key without role and kind.
fn flow_of(opening: &Opening) -> &str {
    let way = &opening.way;
    let key = way.key.rsplit_once('.').map_or("", |(rest, _)| rest);
    let role = way.role.as_str();
    let flow = key.strip_suffix(role).unwrap_or(key);
    flow.strip_suffix('.').unwrap_or(flow)
}

/// Whether something stands in place of host names, as the end of the key says.
fn is_in_place(opening: &Opening) -> bool {
    let kind = opening.way.key.rsplit('.').next();
    matches!(kind, Some("fqdn4" | "fqdn6" | "tag"))
}
