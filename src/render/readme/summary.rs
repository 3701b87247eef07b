//! What there is, in figures.

use super::page::Page;
use super::reach;
use crate::error::quoted;
use crate::report::{Report, TargetReport};

pub fn part(page: &mut Page, report: &Report) {
    page.say("# Microsoft 365: what your network has to let through");
    let targets = report.targets.len();
    for (index, target) in report.targets.iter().enumerate() {
        let end = if index + 1 == targets { '.' } else { ',' };
        let text = format!("{}{end}", entries(target));
        if index == 0 {
            page.paragraph(text);
        } else {
            page.say(text);
        }
    }
    if targets == 0 {
        page.say("");
    }
    let sets = report.sets.len();
    let all = if reach::is_whole_article(report) {
        format!("the article's {sets} rows")
    } else {
        format!("{sets} endpoint sets")
    };
    page.say(format!(
        "{} of {all} accounted for. Cloud: {}.",
        report.accounted,
        quoted(&report.clouds)
    ));
}

fn entries(target: &TargetReport) -> String {
    let what = match target {
        TargetReport { is_own: true, .. } => "permits given to",
        TargetReport {
            is_format: true, ..
        } => "permits as text for",
        _ => "entries in the `rules` maps for",
    };
    format!(
        "{} {what} {} (`{}`)",
        target.rows, target.title, target.name
    )
}
