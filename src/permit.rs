//! What is to be opened, said without regard to any target.

use ipnet::IpNet;

use crate::catalogue::network::is_every;
use crate::catalogue::{
    Basis, Cloud, Direction, FlowId, HostPattern, Kind, PortRange, Protocol, RangeName, Role,
    ServiceTag, SetKey, Traffic,
};

/// One set's flow for one role and one kind of remote. Verification proves these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub set: SetKey,
    pub row: Option<u16>,
    pub flow: Option<FlowId>,
    pub description: String,
    pub direction: Direction,
    pub role: Role,
    pub protocol: Protocol,
    pub ports: Vec<PortRange>,
    pub kind: Kind,
    pub remote: PermitRemote,
    pub form: Form,
    pub basis: PermitBasis,
}

/// Microsoft's side of a permit, all of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermitRemote {
    Networks(Vec<IpNet>),
    Hosts(Vec<HostPattern>),
    /// The user says at apply time what it holds.
    Range(RangeName),
    /// Azure knows what it holds.
    ServiceTag(ServiceTag),
}

impl PermitRemote {
    /// Whether it is every address of its family.
    #[must_use]
    pub fn is_anywhere(&self) -> bool {
        matches!(self, Self::Networks(networks) if networks.iter().any(is_every))
    }
}

/// How a permit says what its source states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// As it stands there.
    Stated,
    /// Host names, where a target has them in rules of their own kind, which look up their addresses.
    LookedUp,
    /// Something else in place of host names, by the user's choice.
    InPlace(Rung),
}

impl Form {
    /// What stands in place of host names, if something does.
    #[must_use]
    pub const fn in_place(self) -> Option<Rung> {
        match self {
            Self::InPlace(rung) => Some(rung),
            Self::Stated | Self::LookedUp => None,
        }
    }
}

/// What can stand in place of host names where a target filters by address only, the narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// The addresses that Microsoft's web service publishes for exactly those names.
    WebService,
    /// A service tag of Azure's.
    ServiceTag,
    /// Every address.
    Any,
}

impl Rung {
    /// As it stands in `--hosts`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WebService => "web-service",
            Self::ServiceTag => "service-tag",
            Self::Any => "any",
        }
    }
}

/// Who says each fact of a permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermitBasis {
    pub clouds: Basis,
    pub direction: Basis,
    pub protocol: Basis,
    pub ports: Basis,
    pub remote: Basis,
    /// The named range that the networks come from.
    pub range: Option<RangeName>,
}

impl Permit {
    /// What the permit's row is called: set, flow, role, kind, and what makes it another row than
    /// that of the same flow's host names; nothing that depends on neighbours.
    #[must_use]
    pub fn key(&self) -> String {
        let flow = self.flow.as_ref();
        let flow = flow.map_or_else(String::new, |flow| format!(".{flow}"));
        let kind = match self.form {
            Form::Stated => self.kind.to_string(),
            // Short, because Azure takes 80 characters of a name.
            Form::LookedUp => "lookup".to_owned(),
            Form::InPlace(Rung::ServiceTag) => "tag".to_owned(),
            Form::InPlace(Rung::WebService | Rung::Any) => {
                let family = if self.kind == Kind::Ipv4 { 4 } else { 6 };
                format!("{}{family}", Kind::Fqdn)
            }
        };
        format!("{}{flow}.{}.{kind}", self.set, self.role)
    }

    /// Whether this is how some recipient says `stated`, or a part of it.
    #[must_use]
    pub fn says(&self, stated: &Self) -> bool {
        let kind = match self.form {
            Form::Stated => self.kind,
            Form::LookedUp | Form::InPlace(_) => Kind::Fqdn,
        };
        kind == stated.kind
            && (self.cloud, self.traffic) == (stated.cloud, stated.traffic)
            && (&self.set, &self.flow, &self.role) == (&stated.set, &stated.flow, &stated.role)
    }
}
