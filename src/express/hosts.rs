//! Host names for those who filter by name, each in rules that say exactly what it says.

use crate::catalogue::{Direction, HostPattern, PortRange, Protocol};
use crate::error::quoted;
use crate::express::Speaker;
use crate::gap::{NameLimit, Reason, wanted};
use crate::permit::{Form, Permit, PermitRemote};

/// One kind of rule for host names.
#[derive(Debug)]
pub struct HostRules {
    /// The form of permits that become such rules.
    pub form: Form,
    pub directions: &'static [Direction],
    pub services: Services,
    pub wildcards: Wildcards,
    /// What such a rule opens beyond the name, as it follows the names: for the reader of the output.
    pub remark: Option<&'static str>,
    /// The document that says so.
    pub source: Option<&'static str>,
}

/// Whatever takes every name as it is stated.
pub const EVERY_NAME: HostRules = HostRules {
    form: Form::Stated,
    directions: Direction::ALL,
    services: Services::All,
    wildcards: Wildcards::Anywhere,
    remark: None,
    source: None,
};

/// The protocols and ports that rules for host names take.
#[derive(Debug, Clone, Copy)]
pub enum Services {
    All,
    /// TCP on any port.
    Tcp,
    /// TCP on these ports.
    TcpPorts(&'static [u16]),
}

impl Services {
    fn take(self, protocol: Protocol, port: PortRange) -> bool {
        match self {
            Self::All => true,
            Self::Tcp => protocol == Protocol::Tcp,
            Self::TcpPorts(ports) => {
                protocol == Protocol::Tcp
                    && port.first() == port.last()
                    && ports.contains(&port.first())
            }
        }
    }
}

/// Where rules for host names take a `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wildcards {
    Anywhere,
    /// At the beginning of a name only.
    Leading,
    Nowhere,
}

impl Wildcards {
    /// Whether `host` can be said.
    #[must_use]
    pub fn take(self, host: &HostPattern) -> bool {
        let text = host.as_str();
        match self {
            Self::Anywhere => true,
            Self::Leading => !text.trim_start_matches('*').contains('*') && !text.starts_with("**"),
            Self::Nowhere => !text.contains('*'),
        }
    }
}

/// Names of one service, as some rules say them, or as none can.
#[derive(Debug)]
pub struct Share<'a> {
    pub ports: Vec<PortRange>,
    pub hosts: Vec<HostPattern>,
    pub verdict: std::result::Result<&'a HostRules, NameLimit>,
}

/// Shares out names and ports: each port goes to the first rules that take it, and those say what they
/// can of the names.
#[must_use]
pub fn divide<'a>(
    rules: &'a [HostRules],
    direction: Direction,
    protocol: Protocol,
    ports: &[PortRange],
    hosts: &[HostPattern],
) -> Vec<Share<'a>> {
    let mut shares = Vec::new();
    let mut left = ports.to_vec();
    let facing = |rules: &&HostRules| rules.directions.contains(&direction);
    for rules in rules.iter().filter(facing) {
        let (taken, rest): (Vec<PortRange>, Vec<PortRange>) = left
            .iter()
            .partition(|port| rules.services.take(protocol, **port));
        left = rest;
        if taken.is_empty() {
            continue;
        }
        let (said, unsaid): (Vec<HostPattern>, Vec<HostPattern>) = hosts
            .iter()
            .cloned()
            .partition(|host| rules.wildcards.take(host));
        let limit = NameLimit::Wildcard(rules.wildcards == Wildcards::Leading);
        for (hosts, verdict) in [(said, Ok(rules)), (unsaid, Err(limit))] {
            if !hosts.is_empty() {
                shares.push(Share {
                    ports: taken.clone(),
                    hosts,
                    verdict,
                });
            }
        }
    }
    if !left.is_empty() {
        let limit = if rules.iter().any(|rules| facing(&rules)) {
            NameLimit::Service
        } else {
            NameLimit::Source
        };
        shares.push(Share {
            ports: left,
            hosts: hosts.to_vec(),
            verdict: Err(limit),
        });
    }
    shares
}

impl Speaker<'_> {
    /// Says names in the rules that take them; what none can say is a gap.
    pub(super) fn name(&mut self, permit: &Permit, hosts: &[HostPattern]) {
        let rules = self.recipient.expresses.hosts;
        for share in divide(
            rules,
            permit.direction,
            permit.protocol,
            &permit.ports,
            hosts,
        ) {
            let Share {
                ports,
                hosts,
                verdict,
            } = share;
            match verdict {
                Err(limit) => self.name_gap(permit, &ports, &hosts, limit),
                Ok(rules) => {
                    if let Some(remark) = rules.remark {
                        let names = quoted(&hosts);
                        let name = self.recipient.name;
                        self.remark(permit, format!("`{name}`: {names} {remark}"));
                    }
                    self.push(Permit {
                        ports,
                        remote: PermitRemote::Hosts(hosts),
                        form: rules.form,
                        ..permit.clone()
                    });
                }
            }
        }
    }

    fn name_gap(
        &mut self,
        permit: &Permit,
        ports: &[PortRange],
        hosts: &[HostPattern],
        limit: NameLimit,
    ) {
        let remedy = match limit {
            NameLimit::Source => {
                "admit the source by its addresses in a rule of your own, if you know them"
            }
            NameLimit::Wildcard(_) | NameLimit::Service => {
                "write the names that your hosts really use into a rule of your own, or let a proxy filter by name"
            }
        };
        self.gap(
            permit,
            wanted(
                permit.direction,
                Some((permit.protocol, ports)),
                &quoted(hosts),
            ),
            Reason::Names(self.recipient.title.to_owned(), limit),
            remedy.to_owned(),
        );
    }
}
