//! `perimeter365 generate`: how a run reads.

use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use super::Output;
use super::arguments::{Format, GenerateArguments};
use super::table::{Align, Table};
use crate::catalogue::Traffic;
use crate::error::Result;
use crate::generate::{Request, Run, generate};
use crate::report::{Report, SetReport};
use crate::shell;
use crate::target::TARGETS;
use crate::write::Difference;

pub fn run(arguments: GenerateArguments) -> Result<Output> {
    let words = arguments.words();
    let request = Request {
        out: arguments.out,
        words,
        web_service: arguments.web_service,
        accept: arguments.accept,
        reset: arguments.reset,
        check: arguments.check,
    };
    let mut run = generate(&request)?;
    let data = match arguments.format {
        Format::Json => json(&request, &run),
        Format::Text => text(&request, &run),
    };
    let mut warnings = std::mem::take(&mut run.warnings);
    if !request.check {
        warnings.extend(unattended(&request.out, &run.difference));
    }
    Ok(Output {
        data,
        warnings,
        findings: request.check && !run.difference.is_none(),
    })
}

/// The same for machines.
#[derive(Serialize)]
struct Json<'a> {
    out: String,
    check: bool,
    up_to_date: bool,
    files: &'a Difference,
    warnings: &'a [String],
    #[serde(flatten)]
    report: &'a Report,
}

fn json(request: &Request, run: &Run) -> String {
    let json = Json {
        out: request.out.display().to_string(),
        check: request.check,
        up_to_date: run.difference.is_none(),
        files: &run.difference,
        warnings: &run.warnings,
        report: &run.report,
    };
    let mut text =
        serde_json::to_string_pretty(&json).expect("reports are words and numbers, always JSON");
    text.push('\n');
    text
}

fn text(request: &Request, run: &Run) -> String {
    let mut text = String::new();
    if request.check {
        text.push_str(&check(request, &run.difference));
    } else {
        text.push_str(&written(&request.out, &run.difference));
        text.push_str(&sets(&run.report));
        text.push_str(&accounts(&run.report));
        text.push_str(&next(&request.out, run));
    }
    text
}

fn check(request: &Request, difference: &Difference) -> String {
    let out = request.out.display().to_string();
    if difference.is_none() {
        return format!("{out} is up to date.\n");
    }
    let mut text = String::new();
    for (paths, what) in [
        (&difference.missing, "missing"),
        (&difference.stale, "stale"),
        (&difference.left_over, "left over"),
        (
            &difference.in_use,
            "left over, with Terraform's own files in it",
        ),
        (
            &difference.foreign,
            "not written by perimeter365, and changes what applies",
        ),
    ] {
        for path in paths {
            let _ = writeln!(text, "{out}/{path}: {what}");
        }
    }
    let ours = difference.missing.len() + difference.stale.len() + difference.left_over.len();
    if ours > 0 {
        let _ = writeln!(
            text,
            "\nRenew with: perimeter365 generate --out {}{}",
            shell::word(&out),
            given(request)
        );
    }
    if !difference.foreign.is_empty() {
        text.push_str("\nMove configuration of your own out of the generated folders.\n");
    }
    if !difference.in_use.is_empty() {
        text.push_str(
            "\nDestroy what is applied from a folder that is left over, then delete it.\n",
        );
    }
    text
}

/// The arguments that the command under check had beside `--out` and `--check`.
fn given(request: &Request) -> String {
    let mut arguments = request.words.arguments();
    arguments.extend(
        request
            .web_service
            .iter()
            .map(|word| format!("--web-service {}", shell::word(word))),
    );
    arguments.extend(request.accept.iter().map(|name| format!("--accept {name}")));
    if request.reset {
        arguments.push("--reset".to_owned());
    }
    arguments.insert(0, String::new());
    arguments.join(" ")
}

fn written(out: &Path, difference: &Difference) -> String {
    let files = |count: usize| match count {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let mut parts = vec![format!(
        "{} written",
        files(difference.missing.len() + difference.stale.len())
    )];
    if difference.unchanged > 0 {
        parts.push(format!("{} unchanged", difference.unchanged));
    }
    if !difference.left_over.is_empty() {
        parts.push(format!("{} removed", difference.left_over.len()));
    }
    format!("{}: {}\n", out.display(), parts.join(", "))
}

/// What the run found in the folder and left as it is.
fn unattended(out: &Path, difference: &Difference) -> Vec<String> {
    let foreign = difference.foreign.iter().map(|path| {
        format!(
            "`{}` was not written by perimeter365 and changes what applies; it is left as it is",
            out.join(path).display()
        )
    });
    let in_use = difference.in_use.iter().map(|path| {
        format!(
            "`{}` is left over, but Terraform keeps files there; destroy what is applied from it, then delete it",
            out.join(path).display()
        )
    });
    foreign.chain(in_use).collect()
}

/// The sets that are taken up, by traffic, with rows and gaps for each target.
fn sets(report: &Report) -> String {
    let mut text = String::new();
    for traffic in Traffic::ALL {
        let sets: Vec<&SetReport> = report
            .sets
            .iter()
            .filter(|set| set.traffic == *traffic && set.not_selected.is_none())
            .collect();
        if sets.is_empty() {
            continue;
        }
        let mut columns = vec![
            ("row".to_owned(), Align::Right),
            (traffic.to_string(), Align::Left),
        ];
        for target in &report.targets {
            columns.push((format!("{}: rows", target.name), Align::Right));
            columns.push(("gaps".to_owned(), Align::Right));
        }
        let mut table = Table::new(columns);
        for set in sets {
            let mut cells = vec![
                set.row.map_or_else(String::new, |row| row.to_string()),
                set.key.to_string(),
            ];
            for (rows, gaps) in set.rows.iter().zip(&set.gaps) {
                cells.push(rows.to_string());
                cells.push(gaps.to_string());
            }
            table.line(cells);
        }
        let _ = write!(text, "\n{}", table.to_text());
    }
    let mut table = Table::new([
        ("row", Align::Right),
        ("not selected", Align::Left),
        ("why", Align::Left),
    ]);
    let mut any = false;
    for set in &report.sets {
        if let Some(why) = &set.not_selected {
            any = true;
            let row = set.row.map_or_else(String::new, |row| row.to_string());
            table.line(vec![row, set.key.to_string(), why.clone()]);
        }
    }
    if any {
        let _ = write!(text, "\n{}", table.to_text());
    }
    text
}

fn accounts(report: &Report) -> String {
    let (mut rows, mut both, mut gaps, mut out) = (0, 0, 0, 0);
    for set in &report.sets {
        let has_rows = set.rows.iter().any(|rows| *rows > 0);
        let has_gaps = set.gaps.iter().any(|gaps| *gaps > 0);
        match (set.not_selected.is_some(), has_rows, has_gaps) {
            (true, ..) => out += 1,
            (false, true, false) => rows += 1,
            (false, true, true) => both += 1,
            (false, false, _) => gaps += 1,
        }
    }
    format!(
        "\n{} of {} sets accounted for: {rows} with rows, {both} with rows and gaps, {gaps} with gaps only, {out} not selected.\n",
        report.accounted,
        report.sets.len(),
    )
}

fn next(out: &Path, run: &Run) -> String {
    let out = out.display().to_string();
    let out = shell::word(&out);
    let mut steps = vec![format!(
        "read {out}/README.md: what is open, why, and for each gap its remedy"
    )];
    if run.root {
        for target in &run.report.targets {
            let folder = TARGETS
                .iter()
                .find(|known| known.name == target.name)
                .map_or("", |known| known.root.folder);
            steps.push(format!(
                "for {}: cd {out}/root/{folder} && terraform init && terraform apply",
                target.title
            ));
        }
    } else {
        steps.push(format!(
            "call the folders from your root module as {out}/README.md shows, or add `--root` for complete ones"
        ));
    }
    steps.push(format!(
        "commit {out}, with its lock; `perimeter365 generate --check --out {out}` keeps it honest"
    ));
    let mut text = "\nNext:\n".to_owned();
    for (index, step) in steps.iter().enumerate() {
        let _ = writeln!(text, "  {}. {step}", index + 1);
    }
    text
}
