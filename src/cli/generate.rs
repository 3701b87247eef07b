//! `perimeter365 generate`: how a run reads.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use super::arguments::{Format, GenerateArguments};
use super::table::{Align, Table};
use super::{End, Output};
use crate::catalogue::Traffic;
use crate::changes::{Change, ChangeKind};
use crate::error::{Result, quoted};
use crate::generate::{Outcome, Request, Run, generate};
use crate::harmless;
use crate::options::flow_text;
use crate::report::overlays::ExceptionReport;
use crate::report::{Report, SetReport};
use crate::shell;
use crate::target::TARGETS;
use crate::write::{Difference, Written};

pub fn run(arguments: GenerateArguments) -> Result<Output> {
    let words = arguments.words();
    let request = Request {
        out: arguments.out,
        words,
        web_service: arguments.web_service,
        accept: arguments.accept,
        reset: arguments.reset,
        prune_groups: arguments.prune_groups,
        check: arguments.check,
        today: arguments.today,
    };
    let run = generate(&request)?;
    let data = match arguments.format {
        Format::Json => json(&request, &run),
        Format::Text => text(&request, &run),
    };
    let mut warnings = run.warnings;
    let findings = match run.outcome {
        Outcome::Checked(difference) => !difference.is_none() || !run.expired.is_empty(),
        Outcome::Written(written) => {
            warnings.extend(run.expired.iter().map(expired));
            warnings.extend(unattended(&request.out, &written));
            false
        }
    };
    Ok(Output {
        data,
        warnings,
        end: End::of(findings),
        ..Output::default()
    })
}

/// The same for machines.
#[derive(Serialize)]
struct Json<'a> {
    out: String,
    /// With `--check`: how the folder differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<&'a Difference>,
    /// Without it: what was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a Written>,
    changes: &'a [Change],
    warnings: &'a [String],
    /// The exceptions of overlays that have expired.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    expired: &'a [ExceptionReport],
    #[serde(flatten)]
    report: &'a Report,
}

fn json(request: &Request, run: &Run) -> String {
    let (difference, files) = match &run.outcome {
        Outcome::Checked(difference) => (Some(difference), None),
        Outcome::Written(written) => (None, Some(written)),
    };
    let json = Json {
        out: request.out.display().to_string(),
        difference,
        files,
        changes: &run.changes,
        warnings: &run.warnings,
        expired: &run.expired,
        report: &run.report,
    };
    harmless::json(&json)
}

fn text(request: &Request, run: &Run) -> String {
    match &run.outcome {
        Outcome::Checked(difference) => {
            let mut text = check(request, difference);
            text.push_str(&changes(run, "Renewing it changes"));
            for exception in &run.expired {
                let _ = write!(text, "\nExpired: {}.\n", expired(exception));
            }
            text
        }
        Outcome::Written(files) => {
            let mut text = written(&request.out, files);
            text.push_str(&changes(run, "Changed"));
            text.push_str(&sets(&run.report));
            text.push_str(&accounts(&run.report));
            text.push_str(&next(&request.out, run));
            text
        }
    }
}

/// What opens and what closes, a row a line; long lists are counted, never cut silently.
fn changes(run: &Run, heading: &str) -> String {
    /// As many lines as fit on a screen.
    const MOST: usize = 20;
    let changes = &run.changes;
    if changes.is_empty() {
        return String::new();
    }
    // Where not all targets change alike, which do is said.
    let targets: BTreeSet<&String> = changes.iter().flat_map(|change| &change.targets).collect();
    let mut text = format!("\n{heading}:\n");
    for change in changes.iter().take(MOST) {
        let difference = &change.difference;
        let sign = match difference.kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        let _ = write!(text, "  {sign} {} {}", change.place, change.key);
        for (verb, what) in [("opens", &difference.opens), ("closes", &difference.closes)] {
            if !what.is_empty() {
                let _ = write!(text, "; {verb} {}", first(what));
            }
        }
        for becomes in &difference.becomes {
            let _ = write!(text, "; {becomes}");
        }
        let is_everywhere = targets
            .iter()
            .all(|target| change.targets.contains(*target));
        if !is_everywhere {
            let names: Vec<&str> = change.targets.iter().map(String::as_str).collect();
            let _ = write!(text, " ({})", names.join(", "));
        }
        text.push('\n');
    }
    if let Some(more) = changes.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(text, "  and {more} more rows; `--format json` lists all");
    }
    text
}

/// What has to be decided anew of an exception.
fn expired(exception: &ExceptionReport) -> String {
    format!(
        "the exception `{}` for `{}` of the overlay `{}` expired after {} ({}) and is still open; renew its date there, or take it out",
        exception.grant,
        flow_text(&exception.set, exception.flow.as_ref()),
        exception.overlay,
        exception.expires,
        exception.reason
    )
}

fn first(texts: &[String]) -> String {
    /// As many as one line still holds.
    const MOST: usize = 4;
    let shown = texts.iter().take(MOST).cloned().collect::<Vec<_>>();
    match texts.len().checked_sub(MOST).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", shown.join(", ")),
        None => shown.join(", "),
    }
}

fn check(request: &Request, difference: &Difference) -> String {
    let out = harmless::path(&request.out);
    if difference.is_none() {
        return format!("{out} is up to date.\n");
    }
    let mut text = String::new();
    for (paths, what) in [
        (&difference.missing, "missing"),
        (&difference.stale, "stale"),
        (&difference.left_over, "left over"),
        (&difference.unfinished, "left over from an interrupted run"),
        (
            &difference.in_use,
            "left over, and Terraform works in it or in a folder that calls it",
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
    let ours = [
        &difference.missing,
        &difference.stale,
        &difference.left_over,
        &difference.unfinished,
    ]
    .iter()
    .map(|paths| paths.len())
    .sum::<usize>();
    if ours > 0 {
        let _ = writeln!(
            text,
            "\nRenew with: perimeter365 generate --out {}{}",
            shell::word(&request.out.to_string_lossy()),
            given(request)
        );
    }
    if !difference.foreign.is_empty() {
        text.push_str("\nMove configuration of your own out of the generated folders.\n");
    }
    if !difference.in_use.is_empty() {
        text.push_str(
            "\nTo be rid of what is applied from folders that are left over, generate with the earlier options, run\n`terraform destroy`, remove Terraform's files and yours, then generate without them.\n",
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
    if request.prune_groups {
        arguments.push("--prune-groups".to_owned());
    }
    if request.reset {
        arguments.push("--reset".to_owned());
    }
    arguments.insert(0, String::new());
    arguments.join(" ")
}

fn written(out: &Path, files: &Written) -> String {
    let count = match files.written.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let mut parts = vec![format!("{count} written")];
    if files.unchanged > 0 {
        parts.push(format!("{} unchanged", files.unchanged));
    }
    if !files.removed.is_empty() {
        parts.push(format!("{} removed", files.removed.len()));
    }
    format!("{}: {}\n", harmless::path(out), parts.join(", "))
}

/// What the run found in the folder and left as it is.
fn unattended(out: &Path, files: &Written) -> Vec<String> {
    let mut warnings: Vec<String> = files
        .foreign
        .iter()
        .map(|path| {
            format!(
                "`{}` was not written by perimeter365 and changes what applies; it is left as it is",
                out.join(path).display()
            )
        })
        .collect();
    if !files.in_use.is_empty() {
        let folders: Vec<String> = files
            .in_use
            .iter()
            .map(|path| out.join(path).display().to_string())
            .collect();
        warnings.push(format!(
            "left over, but Terraform works there or needs it: {}; to be rid of what is applied, generate with the earlier options, run `terraform destroy`, remove Terraform's files and yours, then generate without them",
            quoted(&folders)
        ));
    }
    if !files.kept.is_empty() {
        warnings.push(format!(
            "{} files of other clouds, traffics or targets are left alone, because the lost lock may have asked for them; give the options anew, or generate again to remove them",
            files.kept.len()
        ));
    }
    warnings
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
            columns.push((target.name.clone(), Align::Right));
        }
        let mut table = Table::new(columns);
        for set in sets {
            let mut cells = vec![
                set.row.map_or_else(String::new, |row| row.to_string()),
                set.key.to_string(),
            ];
            for count in &set.targets {
                cells.push(format!("{}/{}", count.rows, count.gaps));
            }
            table.line(cells);
        }
        if text.is_empty() {
            text.push_str("\nEntries and gaps of each set, for each target:\n");
        }
        let _ = write!(text, "\n{}", table.to_text());
    }
    let not_selected = report.not_selected();
    if !not_selected.is_empty() {
        let mut table = Table::new([
            ("row", Align::Right),
            ("not selected", Align::Left),
            ("why", Align::Left),
        ]);
        for (sets, why) in not_selected {
            let (row, name) = match sets.as_slice() {
                [set] => (set.row.map(|row| row.to_string()), set.key.to_string()),
                sets => (None, format!("{} sets", sets.len())),
            };
            table.line(vec![row.unwrap_or_default(), name, why.to_owned()]);
        }
        let _ = write!(text, "\n{}", table.to_text());
    }
    text
}

fn accounts(report: &Report) -> String {
    let (mut rows, mut both, mut gaps, mut out) = (0, 0, 0, 0);
    for set in &report.sets {
        let has_rows = set.targets.iter().any(|count| count.rows > 0);
        let has_gaps = set.targets.iter().any(|count| count.gaps > 0);
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
    let out = out.to_string_lossy();
    let out = shell::word(&out);
    let mut steps = vec![format!(
        "read {out}/README.md: what is open, why, and for each gap its remedy"
    )];
    if run.report.targets.iter().all(|target| target.rows == 0) {
        // Nothing to apply.
    } else if run.root {
        for target in run.report.targets.iter().filter(|target| !target.is_format) {
            let folder = TARGETS
                .iter()
                .find(|known| known.name == target.name)
                .map_or("", |known| known.root.folder);
            steps.push(format!(
                "for {}: put your values into {out}/root/{folder}/terraform.tfvars, then terraform init and apply there",
                target.title
            ));
        }
    } else if run.report.targets.iter().any(|target| !target.is_format) {
        steps.push(format!(
            "call the folders from your root module as {out}/README.md shows, or add `--root` for complete root modules"
        ));
    }
    steps.push(format!(
        "commit {out}, with its lock; `perimeter365 generate --check --out {out}` tells when it is out of date"
    ));
    let mut text = "\nNext:\n".to_owned();
    for (index, step) in steps.iter().enumerate() {
        let _ = writeln!(text, "  {}. {step}", index + 1);
    }
    text
}
