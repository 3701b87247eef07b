//! What a reviewer should know of the sets that were taken up.

use super::page::Page;
use crate::render::markdown::cell;
use crate::report::{Report, SetReport};

pub fn part(page: &mut Page, report: &Report) {
    let noted: Vec<(&SetReport, Vec<String>)> = report
        .sets
        .iter()
        .map(|set| (set, notes(set)))
        .filter(|(_, notes)| !notes.is_empty())
        .collect();
    if !noted.is_empty() {
        page.paragraph("## Notes on the sets");
    }
    for (set, notes) in noted {
        let row = set.row.map(|row| format!(" (row {row})"));
        page.paragraph(format!("`{}`{}", set.key, row.unwrap_or_default()));
        for note in notes {
            page.say(format!("- {note}"));
        }
    }
    if !report.remarks.is_empty() {
        page.paragraph("## What was normalised, or kept knowingly");
        page.say("");
        for remark in &report.remarks {
            page.say(format!(
                "- `{}`, {}: {}",
                remark.set, remark.cloud, remark.text
            ));
        }
    }
}

fn notes(set: &SetReport) -> Vec<String> {
    if set.not_selected.is_some() {
        return Vec::new();
    }
    let ended = set
        .retired
        .iter()
        .map(|retired| format!("The service ended {}.", retired.phrase()));
    ended
        .chain(set.notes.iter().map(|note| cell(note)))
        .collect()
}
