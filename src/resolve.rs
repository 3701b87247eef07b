//! From facts to permits: what is to be opened, said without regard to any target, and the gaps
//! that the catalogue itself leaves.

use std::fmt;

use ipnet::IpNet;

use crate::catalogue::network::{self, Dropped};
use crate::catalogue::ports::joined;
use crate::catalogue::{
    Basis, Catalogue, Cloud, Direction, EndpointSet, Endpoints, Fact, Flow, HostPattern, Kind,
    Origin, PortRange, Protocol, Remote, Role, SetKey,
};
use crate::error::{Error, Errors, Result};
use crate::gap::{Gap, Reason, Remark, wanted};
use crate::options::{Options, PortChoice, flow_text};
use crate::overlay::Place;
use crate::permit::{Form, Permit, PermitBasis, PermitRemote};
use crate::select::{Selection, Verdict};

/// What the selected facts come to.
#[derive(Debug, Default)]
pub struct Resolution {
    /// In the order cloud, traffic, catalogue: the order in which priorities are first given.
    pub permits: Vec<Permit>,
    pub gaps: Vec<Gap>,
    /// What a reader should know about how the permits came about.
    pub remarks: Vec<Remark>,
}

/// Turns the selected facts into permits and gaps.
///
/// # Errors
/// A `--port` without protocol, for a flow whose protocol is only inferred.
pub fn resolve(
    catalogue: &Catalogue,
    selection: &Selection<'_>,
    options: &Options,
) -> Result<Resolution> {
    let mut resolver = Resolver {
        catalogue,
        options,
        resolution: Resolution::default(),
        errors: Vec::new(),
    };
    for cloud in &options.clouds {
        for traffic in &options.traffics {
            for (set, verdict) in &selection.sets {
                let wanted = matches!(verdict, Verdict::Selected(clouds) if clouds.contains(cloud));
                if wanted && set.traffic == *traffic {
                    resolver.set(set, *cloud);
                }
            }
        }
    }
    resolver
        .errors
        .dedup_by(|a, b| a.to_string() == b.to_string());
    Errors::unless_none(resolver.errors, resolver.resolution)
}

struct Resolver<'a> {
    catalogue: &'a Catalogue,
    options: &'a Options,
    resolution: Resolution,
    errors: Vec<Error>,
}

/// Protocol and ports of a flow, once they are known.
struct Service {
    protocol: Fact<Protocol>,
    ports: Fact<Vec<PortRange>>,
}

impl Service {
    fn parts(&self) -> (Protocol, &[PortRange]) {
        (self.protocol.value, &self.ports.value)
    }
}

impl Resolver<'_> {
    fn set(&mut self, set: &EndpointSet, cloud: Cloud) {
        if let Some(retired) = &set.retired
            && !self.options.includes_retired(&set.key)
        {
            let mut roles: Vec<Role> = set
                .flows
                .iter()
                .flat_map(|flow| flow.roles.clone())
                .collect();
            roles.sort_unstable();
            roles.dedup();
            self.resolution.gaps.push(Gap {
                cloud,
                traffic: set.traffic,
                set: set.key.clone(),
                row: set.row,
                flow: None,
                roles,
                target: None,
                what: format!("{}, all of it", set.title),
                why: Reason::Retired(retired.clone()),
                remedy: {
                    let mut arguments = vec![
                        self.options
                            .include_retired
                            .arguments_with("--include-retired", &set.key),
                    ];
                    if set.has_inferred_facts() && !self.options.infers(&set.key, None) {
                        arguments.push(self.options.infer.arguments_with("--infer", &set.key));
                    }
                    format!(
                        "nothing to do; if you still depend on it, `{}` opens it",
                        arguments.join(" ")
                    )
                },
            });
            return;
        }
        let first = self.resolution.permits.len();
        for flow in &set.flows {
            for remote in &flow.remotes {
                if remote.clouds.value.contains(&cloud) {
                    self.flow(set, flow, remote, cloud);
                }
            }
        }
        self.remark_covered_hosts(first);
    }

    fn flow(&mut self, set: &EndpointSet, flow: &Flow, remote: &Remote, cloud: Cloud) {
        let Some(service) = self.service(set, flow, remote, cloud) else {
            return;
        };
        let permit = |role: &Role, kind, remote_of_kind, basis| Permit {
            cloud,
            traffic: set.traffic,
            set: set.key.clone(),
            row: set.row,
            flow: flow.id.clone(),
            description: flow.title.as_ref().unwrap_or(&set.title).clone(),
            direction: flow.direction.value,
            role: role.clone(),
            protocol: service.protocol.value,
            ports: service.ports.value.clone(),
            kind,
            remote: remote_of_kind,
            form: Form::Stated,
            basis,
        };
        let basis = PermitBasis {
            clouds: remote.clouds.basis.clone(),
            direction: flow.direction.basis.clone(),
            protocol: service.protocol.basis.clone(),
            ports: service.ports.basis.clone(),
            remote: remote.endpoints.basis.clone(),
            range: None,
        };
        match &remote.endpoints.value {
            Endpoints::Networks(networks) => {
                for (kind, networks) in self.networks(set, cloud, networks) {
                    for role in &flow.roles {
                        let remote = PermitRemote::Networks(networks.clone());
                        self.push(permit(role, kind, remote, basis.clone()));
                    }
                }
            }
            Endpoints::Hosts(hosts) => {
                self.remark_filled(set, cloud, hosts);
                let (templates, hosts): (Vec<_>, Vec<_>) = hosts
                    .iter()
                    .cloned()
                    .partition(|host| host.placeholder().is_some());
                for template in templates {
                    self.template(set, flow, &service, cloud, &template);
                }
                if !hosts.is_empty() {
                    for role in &flow.roles {
                        let remote = PermitRemote::Hosts(hosts.clone());
                        self.push(permit(role, Kind::Fqdn, remote, basis.clone()));
                    }
                }
            }
            Endpoints::Range(name) => match self.catalogue.range(name, cloud) {
                Some(range) if range.networks.is_empty() => self.gap(
                    set,
                    flow,
                    cloud,
                    wanted(
                        flow.direction.value,
                        Some(service.parts()),
                        &format!("`{name}`"),
                    ),
                    Reason::EmptyRange(name.clone()),
                    "renew it with `--web-service CLOUD=FILE`".to_owned(),
                ),
                Some(range) => {
                    let is_given = range.source.origin == Origin::Overlay;
                    for (kind, networks) in self.networks(set, cloud, &range.networks) {
                        for role in &flow.roles {
                            let basis = PermitBasis {
                                range: Some(name.clone()),
                                remote: if is_given {
                                    Basis::Given
                                } else {
                                    basis.remote.clone()
                                },
                                ..basis.clone()
                            };
                            let remote = PermitRemote::Networks(networks.clone());
                            self.push(permit(role, kind, remote, basis));
                        }
                    }
                }
                None => {
                    for role in &flow.roles {
                        for kind in [Kind::Ipv4, Kind::Ipv6] {
                            let remote = PermitRemote::Range(name.clone());
                            self.push(permit(role, kind, remote, basis.clone()));
                        }
                    }
                }
            },
        }
    }

    fn push(&mut self, permit: Permit) {
        self.resolution.permits.push(permit);
    }

    /// Protocol and ports, or the gap that their absence leaves.
    fn service(
        &mut self,
        set: &EndpointSet,
        flow: &Flow,
        remote: &Remote,
        cloud: Cloud,
    ) -> Option<Service> {
        let infer = self.options.infers(&set.key, flow.id.as_ref());
        let choice = self.options.port_choice(&set.key, flow.id.as_ref());
        let service = match (choice, &flow.protocol, &flow.ports) {
            (Some((choice, place)), ..) => self.chosen(flow, choice, place, infer)?,
            (None, Some(protocol), Some(ports)) => Service {
                protocol: protocol.clone(),
                ports: ports.clone(),
            },
            (None, ..) => {
                self.gap(
                    set,
                    flow,
                    cloud,
                    wanted(
                        flow.direction.value,
                        None,
                        &remote_text(&remote.endpoints.value),
                    ),
                    Reason::Unstated("port"),
                    format!(
                        "name it: `--port {}=tcp/PORT`",
                        flow_text(&set.key, flow.id.as_ref())
                    ),
                );
                return None;
            }
        };
        let inferred = inferred_facts(flow, remote, &service);
        if infer || inferred.is_empty() {
            return Some(service);
        }
        self.gap(
            set,
            flow,
            cloud,
            wanted(
                flow.direction.value,
                Some(service.parts()),
                &remote_text(&remote.endpoints.value),
            ),
            Reason::Inferred(inferred),
            format!(
                "check it against your own systems; `{}` then lets it in",
                self.options.infer.arguments_with("--infer", &set.key)
            ),
        );
        None
    }

    /// Protocol and ports as the user chose them, or an overlay at `place`.
    fn chosen(
        &mut self,
        flow: &Flow,
        choice: &PortChoice,
        place: Option<&Place>,
        infer: bool,
    ) -> Option<Service> {
        let known = flow
            .protocol
            .clone()
            .filter(|protocol| infer || protocol.basis != Basis::Inferred);
        let given = choice.protocol.map(|value| Fact {
            value,
            basis: Basis::Given,
        });
        let Some(protocol) = given.or(known) else {
            self.errors.push(match place {
                Some(place) => place.refuse(format!(
                    "no source states the protocol of `{choice}`; add `protocol`"
                )),
                None => Error::InvalidValue {
                    option: "--port",
                    value: choice.to_string(),
                    why: format!(
                        "no source states the protocol; write `{choice}=tcp/…` or `{choice}=udp/…`"
                    ),
                },
            });
            return None;
        };
        Some(Service {
            protocol,
            ports: Fact {
                value: choice.ports.clone(),
                basis: Basis::Given,
            },
        })
    }

    /// The networks of each family as a row has them, and remarks on what was taken out.
    fn networks(
        &mut self,
        set: &EndpointSet,
        cloud: Cloud,
        networks: &[IpNet],
    ) -> Vec<(Kind, Vec<IpNet>)> {
        let (kept, dropped) = network::normalise(networks.to_vec());
        for dropped in &dropped {
            self.remark(set.key.clone(), cloud, dropped_text(dropped));
        }
        let networks = if self.options.aggregate {
            let joined = network::aggregate(&kept);
            if joined.len() < kept.len() {
                let text = format!(
                    "{} networks joined into {} (`--aggregate`); when Microsoft drops one of a joined pair, the change will show as an opening beside the removal",
                    kept.len(),
                    joined.len()
                );
                self.remark(set.key.clone(), cloud, text);
            }
            joined
        } else {
            kept
        };
        [Kind::Ipv4, Kind::Ipv6]
            .into_iter()
            .map(|kind| {
                let family = networks.iter().copied();
                (
                    kind,
                    family.filter(|network| Kind::of(network) == kind).collect(),
                )
            })
            .filter(|(_, family): &(Kind, Vec<IpNet>)| !family.is_empty())
            .collect()
    }

    fn template(
        &mut self,
        set: &EndpointSet,
        flow: &Flow,
        service: &Service,
        cloud: Cloud,
        template: &HostPattern,
    ) {
        let placeholder = template.placeholder().unwrap_or_default().to_owned();
        let remedy = match flow.direction.value {
            Direction::Inbound => {
                "fill it in yourself; few firewalls can admit a source by name, and where the row states addresses too, those are open"
            }
            Direction::Outbound => {
                "fill it in yourself, and allow that name in a proxy or a firewall that filters by name"
            }
        };
        self.gap(
            set,
            flow,
            cloud,
            wanted(
                flow.direction.value,
                Some(service.parts()),
                &format!("`{template}`"),
            ),
            Reason::Template(placeholder),
            remedy.to_owned(),
        );
    }

    /// Names that an overlay's values made are said.
    fn remark_filled(&mut self, set: &EndpointSet, cloud: Cloud, hosts: &[HostPattern]) {
        let filled = self.options.overlaid.filled.iter();
        let own = filled.filter(|filled| filled.set == set.key);
        let here = own.filter(|filled| filled.hosts.iter().all(|host| hosts.contains(host)));
        for filled in here {
            let text = format!(
                "{} in place of `{}`, with the values of your overlay",
                crate::error::quoted(&filled.hosts),
                filled.template
            );
            self.remark(set.key.clone(), cloud, text);
        }
    }

    fn gap(
        &mut self,
        set: &EndpointSet,
        flow: &Flow,
        cloud: Cloud,
        what: String,
        why: Reason,
        remedy: String,
    ) {
        self.resolution.gaps.push(Gap {
            cloud,
            traffic: set.traffic,
            set: set.key.clone(),
            row: set.row,
            flow: flow.id.clone(),
            roles: flow.roles.clone(),
            target: None,
            what,
            why,
            remedy,
        });
    }

    fn remark(&mut self, set: SetKey, cloud: Cloud, text: String) {
        let remark = Remark { cloud, set, text };
        if !self.resolution.remarks.contains(&remark) {
            self.resolution.remarks.push(remark);
        }
    }

    /// Hosts that a wildcard of the same set covers are kept as stated, and said.
    fn remark_covered_hosts(&mut self, first: usize) {
        let mut remarks = Vec::new();
        let permits = &self.resolution.permits[first..];
        for inner in permits {
            for outer in permits {
                let (PermitRemote::Hosts(hosts), PermitRemote::Hosts(patterns)) =
                    (&inner.remote, &outer.remote)
                else {
                    continue;
                };
                let same_way = inner.direction == outer.direction
                    && inner.role == outer.role
                    && inner.protocol == outer.protocol
                    && inner.ports.iter().all(|port| outer.ports.contains(port));
                if !same_way {
                    continue;
                }
                for host in hosts {
                    let pattern = patterns
                        .iter()
                        .find(|pattern| *pattern != host && pattern.covers(host));
                    if let Some(pattern) = pattern {
                        remarks.push((
                            inner.set.clone(),
                            inner.cloud,
                            format!("`{host}` is covered by `{pattern}`; both are kept as their source lists them"),
                        ));
                    }
                }
            }
        }
        for (set, cloud, text) in remarks {
            self.remark(set, cloud, text);
        }
    }
}

/// The facts that stand on inference alone, as a reader would name them.
fn inferred_facts(flow: &Flow, remote: &Remote, service: &Service) -> Vec<String> {
    let facts = [
        (&remote.clouds.basis, "clouds".to_owned()),
        (
            &flow.direction.basis,
            format!("direction {}", flow.direction.value),
        ),
        (
            &service.protocol.basis,
            format!("protocol {}", service.protocol.value),
        ),
        (
            &service.ports.basis,
            format!("port {}", joined(&service.ports.value, ", ")),
        ),
        (
            &remote.endpoints.basis,
            format!("remote {}", remote_text(&remote.endpoints.value)),
        ),
    ];
    facts
        .into_iter()
        .filter(|(basis, _)| **basis == Basis::Inferred)
        .map(|(_, text)| text)
        .collect()
}

/// Microsoft's side in a few words; long lists are counted.
#[must_use]
pub fn remote_text(endpoints: &Endpoints) -> String {
    match endpoints {
        Endpoints::Networks(networks) => few(networks, "networks"),
        Endpoints::Hosts(hosts) => few(hosts, "host names"),
        Endpoints::Range(name) => format!("`{name}`"),
    }
}

fn few<T: fmt::Display>(values: &[T], noun: &str) -> String {
    /// As many as a table's cell still holds.
    const FEW: usize = 16;
    if values.len() > FEW {
        return format!("{} {noun}", values.len());
    }
    crate::error::quoted(values)
}

fn dropped_text(dropped: &Dropped) -> String {
    if dropped.network == dropped.inside {
        format!("`{}` stood twice and is kept once", dropped.network)
    } else {
        format!(
            "`{}` is inside `{}` and is not repeated",
            dropped.network, dropped.inside
        )
    }
}
