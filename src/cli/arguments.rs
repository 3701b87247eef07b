//! The arguments, as clap reads them.
//!
//! Names of clouds, sets and so on are read as plain words here and checked with everything else,
//! so that one run reports all that is wrong.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::options::{ALL, Words};
use crate::source::catalogues::EMBEDDED;

/// Turns what Microsoft 365 needs from a network into firewall rules that a team can trust.
#[derive(Debug, Parser)]
#[command(name = "perimeter365", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the catalogue as Terraform, or check that what is written is up to date.
    Generate(Box<GenerateArguments>),
    /// List the catalogue's endpoint sets.
    List(ListArguments),
    /// Make a catalogue of a document of Microsoft's.
    Import(ImportArguments),
    /// Say what differs in meaning between two sources of facts, or between what two folders open.
    Diff(DiffArguments),
    /// Prove that a generated folder opens exactly what is wanted, or say what differs.
    Verify(VerifyArguments),
    /// Say who needs an address or a name, why, who says so, and where it is open.
    Explain(ExplainArguments),
    /// Print the JSON schema of something that the program reads or gives.
    Schema(SchemaArguments),
}

#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// Of what: permits, which templates are given; a catalogue, as `--catalogue` reads it; or an
    /// overlay, as `--overlay` does
    #[arg(value_enum)]
    pub of: Schema,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// What a template is given
    Permits,
    /// Endpoint sets, and what is known of the names in them
    Catalogue,
    /// What a team decides on top of a catalogue
    Overlay,
}

#[derive(Debug, Args)]
pub struct ImportArguments {
    #[command(subcommand)]
    pub from: ImportFrom,
}

#[derive(Debug, Subcommand)]
pub enum ImportFrom {
    /// Make a catalogue of an edition of the article: Markdown, the page, or its text, in any language.
    Article(ArticleArguments),
    /// Make a catalogue of the web service's answer to `/endpoints/{instance}`.
    WebService(WebServiceArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
The catalogue is for `perimeter365 generate --catalogue FILE`. Keys, roles, and facts that stand in linked documents or \
nowhere are those of the embedded catalogue.

Exit codes: 0 done; 1 an error, a corrupted token among them, and nothing is written; 2 the catalogue is \
written, and lacks something that the one of `--against` has.")]
pub struct ArticleArguments {
    /// The edition: Markdown, HTML or plain text; `-` for standard input
    pub file: PathBuf,

    /// The file to write, or to replace if it is a catalogue (default: standard output)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Refuse what could be mended, too
    #[arg(long)]
    pub strict: bool,

    /// Tell what it lacks and adds that this catalogue has
    #[arg(long, value_name = "FILE", default_value = EMBEDDED)]
    pub against: String,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The catalogue is for `perimeter365 generate --catalogue FILE`.

Exit codes: 0 done; 1 an error, and nothing is written; 2 the catalogue is written, and something in \
it should be looked at.")]
pub struct WebServiceArguments {
    /// The answer, as JSON; `-` for standard input
    pub file: PathBuf,

    /// The cloud whose answer it is: worldwide, usgov-gcchigh, usgov-dod, china
    #[arg(long, value_name = "CLOUD")]
    pub cloud: String,

    /// The file to write, or to replace if it is a catalogue (default: standard output)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// The version of the data: ten digits, or a file with the answer to `/version`
    #[arg(long, value_name = "VERSION|FILE")]
    pub service_version: Option<String>,

    /// Tell what it lacks and adds that this catalogue has
    #[arg(long, value_name = "FILE", default_value = EMBEDDED)]
    pub against: String,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The folder remembers its options: the next run needs `--out` only, an option given again replaces \
what was remembered, and `--reset` forgets all of them.

Exit codes: 0 done, or up to date; 1 an error, and nothing is written unless writing \
itself fails; 2 with --check: the folder \
is not up to date, or an exception has expired.")]
pub struct GenerateArguments {
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Clouds: worldwide (default), usgov-gcchigh, usgov-dod, china
    #[arg(long, value_name = "CLOUD")]
    pub cloud: Option<Vec<String>>,

    /// Traffic: inbound-hybrid-server and outbound-server-only (default), user
    #[arg(long, value_name = "TRAFFIC")]
    pub traffic: Option<Vec<String>>,

    /// Take the endpoint sets of this catalogue, in place of the embedded one (`embedded` names that)
    #[arg(long, value_name = "FILE")]
    pub catalogue: Option<Vec<String>>,

    /// Targets: azure-nsg, azure-firewall, aws-security-group, aws-network-firewall,
    /// generic-firewall (default: all), or none
    #[arg(long, value_name = "TARGET")]
    pub target: Option<Vec<String>>,

    /// Take this endpoint set only
    #[arg(long, value_name = "SET")]
    pub set: Option<Vec<String>>,

    /// Leave this endpoint set out
    #[arg(long, value_name = "SET")]
    pub exclude_set: Option<Vec<String>>,

    /// Let facts in that no document states but that we infer, of one set or of all
    #[arg(long, value_name = "SET", num_args = 0..=1, default_missing_value = ALL)]
    pub infer: Option<Vec<String>>,

    /// Open what services need that have ended, of one set or of all
    #[arg(long, value_name = "SET", num_args = 0..=1, default_missing_value = ALL)]
    pub include_retired: Option<Vec<String>>,

    /// Use this port for a set's flow
    #[arg(long, value_name = "SET[.FLOW]=[tcp/|udp/]PORT")]
    pub port: Option<Vec<String>>,

    /// What stands in place of host names where a target filters by address only: web-service,
    /// service-tag:TAG (Azure) or any
    #[arg(long, value_name = "SET[.FLOW]=INSTEAD")]
    pub hosts: Option<Vec<String>>,

    /// Write the rules as text too: nftables, edl, cisco-asa, or by a template of your own
    /// (FILE.hbs)
    #[arg(long, value_name = "NAME|FILE")]
    pub template: Option<Vec<String>>,

    /// Take what this overlay decides: sets of your own, exclusions, ports, values, ranges and exceptions
    #[arg(long, value_name = "FILE")]
    pub overlay: Option<Vec<String>>,

    /// Join neighbouring networks into fewer, wider ones
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub aggregate: Option<bool>,

    /// Renew named ranges from the web service's answer for a cloud
    #[arg(long, value_name = "CLOUD=FILE")]
    pub web_service: Vec<String>,

    /// Take what new facts take away of this set, or widen; what a renewal takes away of a range; or
    /// all of it
    #[arg(long, value_name = "NAME")]
    pub accept: Vec<String>,

    /// Where Terraform finds the modules, with {target} for the target's name (default: copies
    /// beside the rows)
    #[arg(long, value_name = "SOURCE")]
    pub module_source: Option<String>,

    /// Write root modules too, ready for `terraform apply`
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub root: Option<bool>,

    /// Rules that an AWS security group takes per direction and address family (default: 60), after
    /// a quota increase; for networks that come, since those in a group stay
    #[arg(long, value_name = "N")]
    pub aws_rules_per_group: Option<u16>,

    /// Let AWS security groups go that have no rules any more; detach them before
    #[arg(long)]
    pub prune_groups: bool,

    /// Write nothing; name every file that is not up to date
    #[arg(long)]
    pub check: bool,

    /// The day by which exceptions of overlays have expired or not (default: today, in UTC)
    #[arg(long, value_name = "YYYY-MM-DD", requires = "check")]
    pub today: Option<String>,

    /// Forget the folder's options, and facts that came from files
    #[arg(long)]
    pub reset: bool,

    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl GenerateArguments {
    /// The options among the arguments that the folder remembers.
    pub fn words(&self) -> Words {
        Words {
            aggregate: self.aggregate,
            aws_rules_per_group: self.aws_rules_per_group,
            catalogue: self.catalogue.clone(),
            cloud: self.cloud.clone(),
            exclude_set: self.exclude_set.clone(),
            hosts: self.hosts.clone(),
            include_retired: self.include_retired.clone(),
            infer: self.infer.clone(),
            module_source: self.module_source.clone(),
            overlay: self.overlay.clone(),
            port: self.port.clone(),
            root: self.root,
            set: self.set.clone(),
            target: self.target.clone(),
            template: self.template.clone(),
            traffic: self.traffic.clone(),
        }
    }
}

#[derive(Debug, Args)]
pub struct ListArguments {
    /// Only sets for this cloud, with what they hold for it
    #[arg(long, value_name = "CLOUD")]
    pub cloud: Option<Vec<String>>,

    /// Only sets of this traffic: inbound-hybrid-server, outbound-server-only, user, trusted-sites
    #[arg(long, value_name = "TRAFFIC")]
    pub traffic: Option<Vec<String>>,

    /// Only this endpoint set
    #[arg(long, value_name = "SET")]
    pub set: Option<Vec<String>>,

    /// Leave this endpoint set out
    #[arg(long, value_name = "SET")]
    pub exclude_set: Option<Vec<String>>,

    /// How to list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl ListArguments {
    pub fn words(&self) -> Words {
        Words {
            cloud: self.cloud.clone(),
            exclude_set: self.exclude_set.clone(),
            set: self.set.clone(),
            traffic: self.traffic.clone(),
            ..Words::default()
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Two folders are compared by what their rows open, all targets together. A folder and anything else \
are compared by their facts, within the clouds, traffics and sets that the folder's options ask for.

Exit codes: 0 done; 1 an error; 2 with --detailed-exitcode: there are differences.")]
pub struct DiffArguments {
    /// What was: `embedded` for the catalogue of this program, a catalogue's file, an edition of the
    /// article, an answer of the web service, or a folder that perimeter365 generated
    #[arg(value_name = "OLD")]
    pub old: String,

    /// What is: likewise
    #[arg(value_name = "NEW")]
    pub new: String,

    /// Exit with 2 when there are differences
    #[arg(long)]
    pub detailed_exitcode: bool,

    /// How to report; markdown fits the comment of a pull request
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "\
What is wanted is derived anew from the facts, overlays and options that the folder remembers, and compared with what \
its files say. Whatever else Terraform would read there is refused by name.

With --plan, the resources that Terraform is about to make of our modules are compared in place of the files; network rules \
that aren't of our modules are listed. Without DIR, the plan is held against the folder that it stands in, or the only one beside it.

Exit codes: 0 equal; 2 unequal; 1 it can't be told, or an error.")]
pub struct VerifyArguments {
    /// The folder that `generate --out` wrote
    #[arg(value_name = "DIR", required_unless_present = "plan")]
    pub folder: Option<PathBuf>,

    /// What `terraform show -json` writes of a plan file or of the state
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,

    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Without --in, the facts are those of this program, as a run opens them that is given no options. With it they are \
the folder's, with its catalogues, overlays and options.

Exit codes: 0 something needs it, or with --in: a row opens it, or a part of it; 1 an error; 2 nothing does.")]
pub struct ExplainArguments {
    /// An address, a network, a host name, or names with a wildcard (`'*.contoso.com'`)
    #[arg(value_name = "ADDRESS|HOST")]
    pub subject: String,

    /// Only with this port: 443, 50000-59999, tcp/443, udp/3478
    #[arg(value_name = "PORT")]
    pub port: Option<String>,

    /// Say where it is open in this folder that perimeter365 generated
    #[arg(long = "in", value_name = "DIR")]
    pub folder: Option<PathBuf>,

    /// Only for this cloud: worldwide, usgov-gcchigh, usgov-dod, china
    #[arg(long, value_name = "CLOUD")]
    pub cloud: Option<Vec<String>>,

    /// How to answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}
