//! Who takes permits, and what it can say: plain data of targets and formats of text.

use crate::catalogue::{Direction, HostPattern, Kind, PortRange, Protocol};
use crate::gap::NameLimit;
use crate::permit::Form;

/// Who takes permits, and what it can say.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// Its name on the command line.
    pub name: &'a str,
    /// As it stands in a sentence.
    pub title: &'a str,
    /// Whether it is a format of text, and no target of Terraform's.
    pub is_format: bool,
    /// Whether it is a template of the user's own.
    pub is_own: bool,
    pub expresses: &'a Expresses,
}

/// What rules of some kind can say.
#[derive(Debug)]
pub struct Expresses {
    /// The families of networks.
    pub networks: &'static [Kind],
    /// Its rules for host names; empty: it filters by address only. The first that take a protocol
    /// and port have it.
    pub hosts: &'static [HostRules],
    /// Whether it knows Azure's service tags.
    pub service_tags: bool,
    /// Whether it takes named ranges that only the user knows.
    pub ranges: bool,
}

impl Expresses {
    /// Whether it filters by address only.
    #[must_use]
    pub const fn is_address_only(&self) -> bool {
        self.hosts.is_empty()
    }
}

/// One kind of rule for host names.
#[derive(Debug)]
pub struct HostRules {
    /// The form of permits that become such rules.
    pub form: Form,
    pub directions: &'static [Direction],
    pub services: Services,
    pub wildcards: Wildcards,
    /// What a reader of the output should know of names in such rules, as it follows them.
    pub remark: Option<&'static str>,
    /// The ports that the remark is not about.
    pub plain_ports: &'static [u16],
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
    plain_ports: &[],
    source: None,
};

/// The protocols and ports that rules for host names take.
#[derive(Debug, Clone, Copy)]
pub enum Services {
    All,
    /// TCP on any port, where HTTP is read on port 80 and TLS on every other one: a range that holds port 80
    /// can't be read either way.
    HttpOrTls,
    /// TCP on these ports.
    TcpPorts(&'static [u16]),
}

impl Services {
    fn take(self, protocol: Protocol, port: PortRange) -> bool {
        match self {
            Self::All => true,
            Self::HttpOrTls => {
                let holds_http = port.holds(PortRange::HTTP);
                protocol == Protocol::Tcp && (!holds_http || port == PortRange::HTTP)
            }
            Self::TcpPorts(ports) => {
                protocol == Protocol::Tcp && port.is_single() && ports.contains(&port.first())
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
