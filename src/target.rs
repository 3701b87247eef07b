//! What rows can be written for: what each target expresses, its limits, its module, and how it is
//! put to use.
//!
//! A target is data. To add one: an entry in the registry, its module under `modules/`, one example.

mod registry;

use std::ops::RangeInclusive;

use crate::recipient::{Expresses, Recipient};
pub use registry::TARGETS;

/// Something that rows are written for.
#[derive(Debug)]
pub struct Target {
    /// Its name on the command line, its folder's, and its module's.
    pub name: &'static str,
    /// As it stands in a sentence.
    pub title: &'static str,
    /// What it can say; the rest becomes gaps.
    pub expresses: Expresses,
    pub limits: Limits,
    /// What its module holds the rows to when Terraform plans, because it hangs on what the user supplies
    /// then.
    pub quotas: &'static [Quota],
    /// Where rules are held by security groups: what those take.
    pub groups: Option<Groups>,
    /// Whether its rules are one for each port and remote, known by both: then another port in
    /// one's place needs a slot that stays.
    pub slots: bool,
    /// What a reader of the output should know before relying on its rules: a sentence or two each.
    pub caveats: &'static [&'static str],
    /// The files of its module, vendored next to the rows.
    pub module: &'static [File],
    pub child: Child,
    pub root: Root,
}

impl Target {
    /// Who takes the permits for it.
    #[must_use]
    pub fn recipient(&'static self) -> Recipient<'static> {
        Recipient {
            name: self.name,
            title: self.title,
            is_format: false,
            is_own: false,
            expresses: &self.expresses,
        }
    }
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
    /// Networks of one row.
    pub networks: Option<Limit>,
    /// Characters of one row's networks, with two between each of them.
    pub characters: Option<Limit>,
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

/// A figure of a module's, and what it counts.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    /// In the plural, as it follows the number: `CIDRs in an IP group`.
    pub counts: &'static str,
    pub limit: Limit,
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
    /// The values that matter most there, as they follow `above all`.
    pub needs: &'static str,
    pub files: &'static [File],
    /// What each call is given.
    pub arguments: &'static [Argument],
    /// How the folder of one cloud and traffic is called from a root module of the user's own;
    /// `{{call}}`, `{{source}}` and `{{role}}` stand in it.
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

/// What a security group takes unless AWS raised the quota (the quotas' page of the VPC guide).
pub const AWS_RULES_PER_GROUP: u16 = 60;

/// What `--aws-rules-per-group` can be: rules per group times groups per network interface
/// are at most 1000 (the quotas' page of the VPC guide), and an interface has one group at least.
pub const AWS_RULES: RangeInclusive<u16> = 1..=1000;

/// The priorities of Azure's rules, 100 to 4096 (the security rules' REST reference), unique per network
/// security group and direction.
pub const AZURE_PRIORITIES: RangeInclusive<u16> = 100..=4096;
