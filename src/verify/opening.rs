//! What is compared: what a row should open, and what one found somewhere opens.

use std::fmt;

use ipnet::IpNet;

use crate::catalogue::{
    Cloud, Direction, HostPattern, Kind, PortRange, Protocol, RangeName, Role, ServiceTag, SetKey,
    Traffic,
};

/// A target, as the proof knows it: by what its module makes of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Firewall {
    AzureNsg,
    AzureFirewall,
    AwsSecurityGroup,
    AwsNetworkFirewall,
    Generic,
}

impl Firewall {
    pub const ALL: [Self; 5] = [
        Self::AzureNsg,
        Self::AzureFirewall,
        Self::AwsSecurityGroup,
        Self::AwsNetworkFirewall,
        Self::Generic,
    ];

    /// The target's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AzureNsg => "azure-nsg",
            Self::AzureFirewall => "azure-firewall",
            Self::AwsSecurityGroup => "aws-security-group",
            Self::AwsNetworkFirewall => "aws-network-firewall",
            Self::Generic => "generic-firewall",
        }
    }
}

impl fmt::Display for Firewall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The folder of one cloud, traffic and target: `worldwide/inbound-hybrid-server/azure-nsg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub firewall: Firewall,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.cloud, self.traffic, self.firewall)
    }
}

/// Everything that a row says but its ports and its remote: what is equal here is compared as sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub place: Place,
    /// What the row is called, without the number of the security group that holds a share of it:
    /// `set[.flow].role.kind`.
    pub key: String,
    pub set: SetKey,
    pub direction: Direction,
    pub role: Role,
    pub protocol: Protocol,
}

/// Ports and remotes on one way: each of the ports to or from each of the remotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub way: Way,
    pub ports: Vec<PortRange>,
    pub remote: Remote,
}

/// Microsoft's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remote {
    /// Of one family; every address of it is its network of prefix length 0.
    Networks(Vec<IpNet>),
    Hosts(Vec<HostPattern>),
    /// What the user says at apply time.
    Range(RangeName, Kind),
    /// What Azure says; IPv4 and IPv6 alike.
    Tag(ServiceTag),
}

/// An opening that the facts and the options ask for.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub opening: Opening,
    /// The article's row.
    pub row: Option<u16>,
}

/// An opening that stands somewhere.
#[derive(Debug, Clone)]
pub struct Found {
    pub opening: Opening,
    /// What it is called there: a row's key, or a resource's address.
    pub name: String,
    pub site: Site,
    /// The line of each network or host in the order of the remote's; empty where there are no lines.
    pub lines: Vec<u32>,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// A file's path in the folder, or a resource's address in a plan.
    pub file: String,
    /// From 1.
    pub line: Option<u32>,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => f.write_str(&self.file),
        }
    }
}
