//! What rows can be written for: each target's limits, its module, and how it is put to use.
//!
//! A target is data. To add one: an entry here, its module under `modules/`, one example.

use std::ops::RangeInclusive;

use crate::catalogue::Kind;

/// Something that rows are written for.
#[derive(Debug)]
pub struct Target {
    /// Its name on the command line, its folder's, and its module's.
    pub name: &'static str,
    /// As it stands in a sentence.
    pub title: &'static str,
    /// The kinds of remote that it can express; others become gaps.
    pub kinds: &'static [Kind],
    pub limits: Limits,
    /// Where rules are held by security groups: what those take.
    pub groups: Option<Groups>,
    /// Whether its rules are one for each port and remote, known by both: then another port in
    /// one's place needs a slot that stays.
    pub slots: bool,
    /// The files of its module, vendored next to the rows.
    pub module: &'static [File],
    pub child: Child,
    pub root: Root,
}

/// What a target's API refuses beyond.
#[derive(Debug)]
pub struct Limits {
    /// The priorities that rules take; `None`: rules have none.
    pub priorities: Option<Numbers>,
    /// Rules in one container.
    pub rules: Option<Limit>,
    /// Addresses and prefixes on one side of all rules in one container.
    pub addresses: Option<Limit>,
    /// Bytes of a rule's description.
    pub description: Option<Limit>,
    /// Characters of a rule's name.
    pub name: Option<Limit>,
}

/// What security groups take, and the document that says it.
#[derive(Debug)]
pub struct Groups {
    /// Rules in one group, per direction and address family, unless the quota was raised.
    pub rules: u16,
    /// Groups on one network interface, unless the quota was raised.
    pub per_interface: usize,
    pub source: &'static str,
}

/// A figure, and the document that says it.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub most: usize,
    pub source: &'static str,
}

/// The numbers that rules take, each once, and the document that says it.
#[derive(Debug)]
pub struct Numbers {
    pub range: RangeInclusive<u16>,
    pub source: &'static str,
}

/// A file that is part of the program.
#[derive(Debug)]
pub struct File {
    pub name: &'static str,
    pub text: &'static str,
}

/// What the folder of one cloud and traffic passes on of the module's interface. It follows from
/// the module, and a test keeps the two together: deriving it takes longer than all else in a run.
#[derive(Debug)]
pub struct Child {
    /// All the module's variables but those that the folder sets, in the module's order.
    pub variables: &'static [&'static str],
    pub files: &'static [File],
}

/// A root module that is ready for `terraform apply`; what is generated into it are the calls.
#[derive(Debug)]
pub struct Root {
    /// Its folder below `root/`.
    pub folder: &'static str,
    pub files: &'static [File],
    /// What each call is given.
    pub arguments: &'static [Argument],
    /// How the folder of one cloud and traffic is called from a root module of the user's own;
    /// a template of `call`, `source` and `role`.
    pub snippet: &'static str,
}

/// An argument of a call in a root module.
#[derive(Debug)]
pub struct Argument {
    pub name: &'static str,
    pub from: From,
}

/// Where the root module has an argument's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// In the variable of that name.
    Variable,
    /// In the local value of that name.
    Local,
    /// In the local value of that name, under the call's own: variables keyed by role or range
    /// are shared out, because a call refuses roles and ranges that it has no rules for.
    Share,
}

/// What a rule's name starts with unless `name_prefix` says otherwise, as in the modules.
pub const DEFAULT_NAME_PREFIX: &str = "m365-";

const AZURE_LIMITS: &str = "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#networking-limits";
const AZURE_NAMES: &str = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork";
const AZURE_RULES: &str =
    "https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/create-or-update";

const AWS_QUOTAS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups";

/// What a security group takes unless AWS raised the quota (the quotas' page of the VPC guide).
pub const AWS_RULES_PER_GROUP: u16 = 60;

/// What `--aws-rules-per-group` can be: rules per group times groups per network interface
/// are at most 1000 (the quotas' page of the VPC guide), and an interface has one group at least.
pub const AWS_RULES: RangeInclusive<u16> = 1..=1000;

/// The priorities of Azure's rules, 100 to 4096 (the security rules' REST reference), unique per network
/// security group and direction.
pub const AZURE_PRIORITIES: RangeInclusive<u16> = 100..=4096;

/// Files by folder in the repository, each known by its name alone.
macro_rules! files {
    ($($folder:literal: $($name:literal),+);+ $(;)?) => {
        &[$($(File {
            name: $name,
            text: include_str!(concat!("../", $folder, "/", $name)),
        }),+),+]
    };
}

macro_rules! arguments {
    ($($from:ident $name:literal),+ $(,)?) => {
        &[$(Argument { name: $name, from: From::$from }),+]
    };
}

/// Every target, in the order in which they are listed.
pub static TARGETS: &[Target] = &[
    Target {
        name: "azure-nsg",
        title: "an Azure network security group",
        kinds: &[Kind::Ipv4, Kind::Ipv6],
        limits: Limits {
            priorities: Some(Numbers {
                range: AZURE_PRIORITIES,
                source: AZURE_RULES,
            }),
            rules: Some(Limit {
                most: 1000,
                source: AZURE_LIMITS,
            }),
            addresses: Some(Limit {
                most: 4000,
                source: AZURE_LIMITS,
            }),
            description: Some(Limit {
                most: 140,
                source: AZURE_RULES,
            }),
            name: Some(Limit {
                most: 80,
                source: AZURE_NAMES,
            }),
        },
        groups: None,
        slots: false,
        module: files!("modules/azure-nsg": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "local_addresses",
                "local_addresses_ipv6",
                "application_security_group_ids",
                "named_ranges",
                "named_ranges_ipv6",
                "allow_any",
                "priority_offset",
                "name_prefix",
                "network_security_group",
                "network_security_group_name",
                "resource_group_name",
                "location",
                "tags",
            ],
            files: files!(
                "src/render/child/azure-nsg": "variables.tf", "outputs.tf";
                "modules/azure-nsg": "versions.tf";
            ),
        },
        root: Root {
            folder: "azure",
            files: files!(
                "src/render/root/azure": "main.tf", "variables.tf", "outputs.tf", "versions.tf";
                "src/render/root": "ranges.tf";
            ),
            arguments: arguments!(
                Local "network_security_group",
                Share "local_addresses",
                Share "local_addresses_ipv6",
                Share "application_security_group_ids",
                Share "named_ranges",
                Share "named_ranges_ipv6",
                Share "allow_any",
                Variable "name_prefix",
                Variable "priority_offset",
                Variable "tags",
            ),
            snippet: include_str!("render/root/azure/snippet.hbs"),
        },
    },
    Target {
        name: "aws-security-group",
        title: "an AWS security group",
        kinds: &[Kind::Ipv4, Kind::Ipv6],
        limits: Limits {
            priorities: None,
            rules: None,
            addresses: None,
            description: None,
            name: None,
        },
        groups: Some(Groups {
            rules: AWS_RULES_PER_GROUP,
            per_interface: 5,
            source: AWS_QUOTAS,
        }),
        slots: true,
        module: files!("modules/aws-security-group": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "roles",
                "vpc_id",
                "named_ranges",
                "named_ranges_ipv6",
                "allow_any",
                "name_prefix",
                "tags",
            ],
            files: files!(
                "src/render/child/aws-security-group": "variables.tf", "outputs.tf";
                "modules/aws-security-group": "versions.tf";
            ),
        },
        root: Root {
            folder: "aws",
            files: files!(
                "src/render/root/aws": "main.tf", "variables.tf", "outputs.tf", "versions.tf";
                "src/render/root": "ranges.tf";
            ),
            arguments: arguments!(
                Share "roles",
                Variable "vpc_id",
                Share "named_ranges",
                Share "named_ranges_ipv6",
                Share "allow_any",
                Variable "name_prefix",
                Variable "tags",
            ),
            snippet: include_str!("render/root/aws/snippet.hbs"),
        },
    },
    Target {
        name: "generic-firewall",
        title: "any other firewall",
        kinds: &[Kind::Ipv4, Kind::Ipv6, Kind::Fqdn],
        limits: Limits {
            priorities: None,
            rules: None,
            addresses: None,
            description: None,
            name: None,
        },
        groups: None,
        slots: true,
        module: files!("modules/generic-firewall": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "roles",
                "named_ranges",
                "named_ranges_ipv6",
                "allow_any",
                "formats",
                "name_prefix",
                "tags",
            ],
            files: files!(
                "src/render/child/generic-firewall": "variables.tf", "outputs.tf";
                "modules/generic-firewall": "versions.tf";
            ),
        },
        root: Root {
            folder: "generic",
            files: files!(
                "src/render/root/generic": "main.tf", "variables.tf", "outputs.tf", "versions.tf";
                "src/render/root": "ranges.tf";
            ),
            arguments: arguments!(
                Share "roles",
                Share "named_ranges",
                Share "named_ranges_ipv6",
                Share "allow_any",
                Variable "name_prefix",
                Variable "tags",
                Variable "formats",
            ),
            snippet: include_str!("render/root/generic/snippet.hbs"),
        },
    },
];
