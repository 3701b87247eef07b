//! Host names for those who filter by address only: a gap, unless the user chose what stands in their
//! place.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6, aggregate, normalise};
use crate::catalogue::{Basis, HostPattern, Kind, ServiceTag};
use crate::error::quoted;
use crate::express::Speaker;
use crate::gap::{Reason, wanted};
use crate::options::{HostsChoice, InPlace};
use crate::permit::{Form, Permit, PermitBasis, PermitRemote, Rung};
use crate::recipient::divide;
use crate::target::{TARGETS, Target};

impl Speaker<'_> {
    /// Says `hosts` by what the user chose for their set.
    pub(super) fn climb(&mut self, permit: &Permit, hosts: &[HostPattern]) {
        let choice = self.options.hosts_choice(&permit.set, permit.flow.as_ref());
        match choice.map(|choice| &choice.in_place) {
            None => self.host_gap(permit, hosts, None),
            Some(InPlace::WebService) => self.by_published_addresses(permit, hosts),
            Some(InPlace::ServiceTag(tag)) => {
                if self.recipient.expresses.service_tags {
                    self.remark(
                        permit,
                        format!(
                            "in place of {}: Azure's service tag `{tag}`, by your choice; it holds more than these names, and nothing here knows whether it holds all of them",
                            quoted(hosts)
                        ),
                    );
                    let remote = PermitRemote::ServiceTag(tag.clone());
                    self.in_place(permit, Rung::ServiceTag, Kind::Ipv4, remote, Basis::Given);
                } else {
                    self.host_gap(permit, hosts, Some(Rung::ServiceTag));
                }
            }
            Some(InPlace::Any) => {
                for every in [EVERY_IPV4, EVERY_IPV6] {
                    let remote = PermitRemote::Networks(vec![every]);
                    self.in_place(permit, Rung::Any, Kind::of(&every), remote, Basis::Given);
                }
            }
        }
    }

    fn by_published_addresses(&mut self, permit: &Permit, hosts: &[HostPattern]) {
        let mut networks: Vec<IpNet> = Vec::new();
        let mut silent: Vec<HostPattern> = Vec::new();
        let mut told: Vec<HostPattern> = Vec::new();
        let mut url = String::new();
        let mut entries = BTreeSet::new();
        for host in hosts {
            let published: Vec<_> = self
                .catalogue
                .published_for(permit.cloud, host, permit.protocol, &permit.ports)
                .filter_map(|published| Some((published, published.networks.as_ref()?)))
                .collect();
            if published.is_empty() {
                silent.push(host.clone());
                continue;
            }
            told.push(host.clone());
            for (published, found) in published {
                networks.extend(found);
                entries.insert(published.entry);
                url.clone_from(&published.source.url);
            }
        }
        if !silent.is_empty() {
            self.host_gap(permit, &silent, Some(Rung::WebService));
        }
        let mut networks = normalise(networks).0;
        if self.options.aggregate {
            networks = aggregate(&networks);
        }
        if networks.is_empty() {
            return;
        }
        self.remark(
            permit,
            format!(
                "in place of {}: the addresses that the web service publishes for {} (entries {}), where other names may answer too",
                quoted(&told),
                if told.len() == 1 { "it" } else { "them" },
                quoted(&entries.into_iter().collect::<Vec<_>>())
            ),
        );
        for kind in [Kind::Ipv4, Kind::Ipv6] {
            let family: Vec<IpNet> = networks
                .iter()
                .copied()
                .filter(|network| Kind::of(network) == kind)
                .collect();
            if !family.is_empty() {
                let remote = PermitRemote::Networks(family);
                let basis = Basis::Referenced { url: url.clone() };
                self.in_place(permit, Rung::WebService, kind, remote, basis);
            }
        }
    }

    fn in_place(
        &mut self,
        permit: &Permit,
        rung: Rung,
        kind: Kind,
        remote: PermitRemote,
        basis: Basis,
    ) {
        if !self.recipient.expresses.networks.contains(&kind) {
            let PermitRemote::Hosts(hosts) = &permit.remote else {
                return;
            };
            self.family_gap(
                permit,
                kind,
                &format!("{} over {}", quoted(hosts), kind.title()),
            );
            return;
        }
        let preposition = permit.direction.preposition();
        let how = match (&rung, &remote) {
            (Rung::Any, _) => format!("{preposition} anywhere"),
            (_, PermitRemote::ServiceTag(_)) => "by service tag".to_owned(),
            _ => "by published address".to_owned(),
        };
        self.push(Permit {
            description: format!("{} ({how})", permit.description),
            kind,
            remote,
            form: Form::InPlace(rung),
            basis: PermitBasis {
                remote: basis,
                ..permit.basis.clone()
            },
            ..permit.clone()
        });
    }

    /// What stays closed, with what would open it. `chosen` is what the user chose already, and it
    /// doesn't do here.
    fn host_gap(&mut self, permit: &Permit, hosts: &[HostPattern], chosen: Option<Rung>) {
        let why = match chosen {
            Some(Rung::WebService) => Reason::Unpublished,
            _ => Reason::HostNames(self.recipient.title.to_owned()),
        };
        let known = |host: &&HostPattern| {
            let cloud = permit.cloud;
            let mut published =
                self.catalogue
                    .published_for(cloud, host, permit.protocol, &permit.ports);
            published.next().is_some()
        };
        let published: Vec<&HostPattern> = hosts.iter().filter(known).collect();
        let of = |some: &[&HostPattern]| {
            if some.len() == hosts.len() {
                String::new()
            } else {
                format!(" for {}", quoted(some))
            }
        };
        // An option given again replaces what was given before.
        let choose = |in_place: InPlace| {
            let choice = HostsChoice {
                set: permit.set.clone(),
                flow: permit.flow.clone(),
                in_place,
            };
            self.options.hosts_with(&choice)
        };
        let mut rungs: Vec<String> = Vec::new();
        if !published.is_empty() && chosen != Some(Rung::WebService) {
            rungs.push(format!(
                "`{}` with `--web-service {}=FILE` opens the addresses that Microsoft publishes{}",
                choose(InPlace::WebService),
                permit.cloud,
                of(&published)
            ));
        }
        // Only one thing stands in place of a flow's names: what is chosen already would go.
        let exception = self
            .options
            .hosts_exception(&permit.set, permit.flow.as_ref());
        let instead = match (chosen, exception) {
            (None, _) => String::new(),
            (Some(_), None) => ", in place of what is chosen now, for every target".to_owned(),
            (Some(_), Some((_, exception))) => format!(
                ", in place of what the overlay `{}` grants, for every target",
                exception.place.overlay
            ),
        };
        if self.recipient.expresses.service_tags {
            for (tag, tagged) in self.tags(hosts) {
                rungs.push(format!(
                    "`{}` opens Azure's addresses{}{instead}",
                    choose(InPlace::ServiceTag(tag.clone())),
                    of(&tagged)
                ));
            }
        }
        rungs.push(format!(
            "`{}` opens the port {} anywhere{instead}",
            choose(InPlace::Any),
            permit.direction.preposition()
        ));
        let able = able(permit, hosts);
        let able = if able.is_empty() {
            String::new()
        } else {
            format!(", as {} says them", quoted_or(&able))
        };
        self.gap(
            permit,
            wanted(
                permit.direction,
                Some((permit.protocol, &permit.ports)),
                &quoted(hosts),
            ),
            why,
            format!(
                "allow these names in a proxy or a firewall that filters by name{able}; or: {}",
                rungs.join("; ")
            ),
        );
    }

    /// The service tags that are known to hold some of `hosts`, each with those.
    fn tags<'b>(&self, hosts: &'b [HostPattern]) -> BTreeMap<&ServiceTag, Vec<&'b HostPattern>> {
        let mut tags: BTreeMap<&ServiceTag, Vec<&HostPattern>> = BTreeMap::new();
        for host in hosts {
            let known = self.catalogue.service_tags.iter();
            for (_, tag) in known.filter(|(known, _)| known == host) {
                tags.entry(tag).or_default().push(host);
            }
        }
        tags
    }
}

/// The targets that can say all of `hosts` as the permit wants them.
fn able(permit: &Permit, hosts: &[HostPattern]) -> Vec<&'static str> {
    let says = |target: &&Target| {
        let rules = target.expresses.hosts;
        let shares = divide(
            rules,
            permit.direction,
            permit.protocol,
            &permit.ports,
            hosts,
        );
        !rules.is_empty() && shares.iter().all(|share| share.verdict.is_ok())
    };
    TARGETS
        .iter()
        .filter(says)
        .map(|target| target.name)
        .collect()
}

/// `a`, `b` or `c`.
fn quoted_or(names: &[&str]) -> String {
    match names {
        [before @ .., last] if !before.is_empty() => format!("{} or `{last}`", quoted(before)),
        names => quoted(names),
    }
}
