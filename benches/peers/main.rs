//! The same work done by the program and by what people use today, in one run, as one table of ratios.
//!
//! `cargo bench --bench peers -- PART… [NETWORKS]`: the parts are letters, `a`, `b`, `d`, `e` and `f`, or `all`; NETWORKS is the size of the
//! largest catalogue, 1000000 if it isn't given. `just bench-peers` makes the Python environment first. What is missing on
//! a machine is said in its line.

mod by_hand;
#[path = "../../src/cli/table.rs"]
mod columns;
mod editions;
mod errand;
mod folder;
mod growth;
mod large;
mod plans;
mod small;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod tools;

use std::process::{Command, ExitCode};

use table::Part;
use tools::Python;

const ALL: &str = "all";
const NETWORKS: u32 = 1_000_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(code) = errand::run(&arguments) {
        return code;
    }
    // `cargo test` runs benchmarks, too, to see whether they start.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let networks = arguments.iter().find_map(|argument| argument.parse().ok());
    let networks = networks.unwrap_or(NETWORKS);
    let is_named = |name: &str| arguments.iter().any(|argument| argument == name);
    let is_wanted = |(name, _): &&(&str, Run)| is_named(name) || is_named(ALL);
    let chosen: Vec<&(&str, Run)> = PARTS.iter().filter(is_wanted).collect();
    if chosen.is_empty() {
        // A bare `cargo bench` is not kept waiting for what takes many minutes.
        println!(
            "peers: name parts, `a`, `b`, `d`, `e` and `f`, or `all`, which takes many minutes"
        );
        return ExitCode::SUCCESS;
    }
    let python = Python::find();
    let with = With {
        python: python.as_ref(),
        networks,
    };
    let mut parts = Vec::new();
    for (name, run) in chosen {
        eprintln!("part {name} …");
        parts.extend(run(&with));
    }
    println!("{}\n", tools::versions(python.as_ref()));
    print!("{}", table::text(&parts));
    println!("{NOTES}");
    ExitCode::SUCCESS
}

/// What a run has to work with.
struct With<'a> {
    python: Option<&'a Python>,
    /// The size of the largest catalogue.
    networks: u32,
}

type Run = fn(&With<'_>) -> Vec<Part>;

const PARTS: [(&str, Run); 5] = [
    ("a", small::run),
    ("b", large::run),
    ("d", editions::run),
    ("e", plans::run),
    ("f", growth::run),
];

const NOTES: &str = "
Whole processes, in turn; the median of each figure. CPU is user and system time of all threads. Ratios are to the first
line of a part; aims are about wall time, but where they say otherwise. generate.py writes the rows only, which are equal to
the program's: no gaps, no READMEs, no modules, no lock and no proof. aclgen writes filters for Juniper, since aerleon has
none for Terraform, of the rows that list networks.";

/// The program.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perimeter365"));
    command.args(arguments);
    command
}
