//! The default folder: by the program, by a script of jinja2 and netaddr, by aerleon; and what `terraform fmt` takes over it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ipnet::IpNet;

use crate::support::measure::{Contender, Cost, in_turn, run as run_once};
use crate::table::{Line, Part};
use crate::{With, errand, folder, program, tools};

const AIM: Duration = Duration::from_millis(10);

pub fn run(with: &With<'_>) -> Vec<Part> {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let at = |name: &str| desk.path().join(name);
    let (fresh, kept) = (at("fresh"), at("kept"));
    let (script, filters) = (at("script"), at("filters"));
    let generate = |out: &Path| {
        let mut command = program(&["generate", "--root", "--out"]);
        command.arg(out);
        command
    };
    let mut contenders = vec![
        Contender::new("generate --root, a new folder", || generate(&fresh))
            .after(|| folder::remove(&fresh)),
        Contender::new("generate --root, nothing changed", || generate(&kept)),
        Contender::new("verify", || {
            let mut command = program(&["verify"]);
            command.arg(&kept);
            command
        }),
    ];
    let mut missing = Vec::new();
    run_once(&mut generate(&kept)).expect("the defaults can be written");
    match prepare_script(with, &kept, &script) {
        Ok(()) => contenders.push(
            Contender::new("generate.py, the same rows", || scripted(with, &script))
                .after(|| folder::remove(&script)),
        ),
        Err(why) => missing.push(Line::noted("generate.py, the same rows", why)),
    }
    match prepare_filters(with, &kept, &filters) {
        Ok(()) => contenders.push(
            Contender::new("aclgen, the same networks", || aclgen(with, &filters))
                .after(|| empty(&filters.join("out"))),
        ),
        Err(why) => missing.push(Line::noted("aclgen, the same networks", why)),
    }
    if tools::terraform().is_some() {
        contenders.push(Contender::new("terraform fmt -check over it", || {
            let mut command = Command::new("terraform");
            command.args(["fmt", "-check", "-recursive"]);
            command.arg(&kept).env("CHECKPOINT_DISABLE", "1");
            command
        }));
    } else {
        missing.push(Line::noted("terraform fmt", "terraform is not there"));
    }
    let costs = in_turn(&contenders);
    let mut lines: Vec<Line> = contenders
        .iter()
        .zip(&costs)
        .map(|(contender, cost)| line(contender.name, cost, &costs[0]))
        .collect();
    lines.extend(missing);
    vec![Part {
        title: "(a, c) the default folder".to_owned(),
        lines,
    }]
}

fn line(name: &str, cost: &Result<Cost, String>, base: &Result<Cost, String>) -> Line {
    let line = Line::new(name, cost);
    match name.split([' ', ',']).next() {
        Some("generate") => line.below(AIM),
        Some("verify") => line.against(base).less_than(2.0),
        Some("generate.py") => line.against(base).at_least(20.0),
        Some("terraform") => line.against(base).at_least(4.0),
        _ => line.against(base),
    }
}

/// The program's own facts.
fn facts() -> Vec<OsString> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalogue");
    let files = ["article.json", "ranges.json"].iter();
    files
        .flat_map(|name| ["--catalogue".into(), folder.join(name).into_os_string()])
        .collect()
}

fn scripted(with: &With<'_>, out: &Path) -> Command {
    let python = with.python.expect("it was asked for before");
    let mut command = python.script("generate.py");
    command.args(facts()).arg("--out").arg(out);
    command
}

/// The script does the same, or is not timed.
fn prepare_script(with: &With<'_>, ours: &Path, theirs: &Path) -> Result<(), String> {
    with.python.ok_or(NO_PYTHON)?;
    run_once(&mut scripted(with, theirs))?;
    errand::are_equal(ours, theirs)
}

pub const NO_PYTHON: &str = "no Python with jinja2 and netaddr: `just bench-peers` makes one";

fn aclgen(with: &With<'_>, desk: &Path) -> Command {
    let aclgen = with.python.and_then(tools::Python::aclgen);
    let mut command = aclgen.expect("it was asked for before");
    command.current_dir(desk);
    command.args([
        "--base_directory",
        "policies",
        "--definitions_directory",
        "def",
    ]);
    command.args(["--output_directory", "out"]);
    command
}

/// Writes the policy, and finds that `aclgen` writes as many networks as the rows have.
fn prepare_filters(with: &With<'_>, ours: &Path, desk: &Path) -> Result<(), String> {
    let python = with.python.ok_or(NO_PYTHON)?;
    python.aclgen().ok_or("aerleon is not there")?;
    let mut policy = python.script("policy.py");
    run_once(policy.args(facts()).arg("--out").arg(desk))?;
    empty(&desk.join("out"));
    run_once(&mut aclgen(with, desk))?;
    let found = networks_in(folder::files(&desk.join("out")), ";");
    let rows = folder::rows(ours).into_iter();
    let rows = rows.filter(|file| file.to_string_lossy().contains("azure-nsg"));
    let wanted = networks_in(rows.map(|file| ours.join(file)).collect(), ",");
    if found == wanted {
        Ok(())
    } else {
        Err(format!(
            "it writes {found} networks, and the rows have {wanted}"
        ))
    }
}

/// The lines that are a network with `end` behind it.
fn networks_in(files: Vec<PathBuf>, end: &str) -> usize {
    let is_network = |line: &&str| {
        let line = line.trim().strip_suffix(end).unwrap_or_default();
        line.trim_matches('"').parse::<IpNet>().is_ok()
    };
    let texts = files
        .into_iter()
        .filter_map(|file| fs::read_to_string(file).ok());
    texts
        .map(|text| text.lines().filter(is_network).count())
        .sum()
}

fn empty(folder: &Path) {
    folder::remove(folder);
    fs::create_dir_all(folder).expect("folders can be made");
}
