//! What is to be opened, said without regard to any target.

use ipnet::IpNet;

use crate::catalogue::{
    Basis, Cloud, Direction, FlowId, HostPattern, Kind, PortRange, Protocol, RangeName, Role,
    SetKey, Traffic,
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
    pub basis: PermitBasis,
}

/// Microsoft's side of a permit, all of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermitRemote {
    Networks(Vec<IpNet>),
    Hosts(Vec<HostPattern>),
    /// The user says at apply time what it holds.
    Range(RangeName),
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
    /// What the permit's row is called: set, flow, role, kind; nothing that depends on neighbours.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.flow {
            Some(flow) => format!("{}.{flow}.{}.{}", self.set, self.role, self.kind),
            None => format!("{}.{}.{}", self.set, self.role, self.kind),
        }
    }
}
