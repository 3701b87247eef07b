//! What is not open, and why.

use super::article_row;
use super::page::Page;
use crate::gap::Gap;
use crate::render::markdown::cell;
use crate::report::{Report, SetReport};

const TITLES: [&str; 8] = [
    "Set",
    "Row",
    "Cloud",
    "Target",
    "Your hosts",
    "What stays closed",
    "Why",
    "Remedy",
];

pub fn part(page: &mut Page, report: &Report) {
    page.paragraph("## What is not open, and why");
    if report.gaps.is_empty() {
        page.paragraph("No gaps.");
    } else {
        page.paragraph("Gaps are wanted but can't be expressed, or nobody states them. They are never filled by guessing.");
        page.table(&TITLES, report.gaps.iter().map(gap));
    }
    let not_selected = report.not_selected();
    if !not_selected.is_empty() {
        page.paragraph("### Not selected");
        let rows = not_selected.into_iter().map(self::not_selected);
        page.table(&["Set", "Row", "Why"], rows);
    }
}

fn gap(gap: &Gap) -> Vec<String> {
    let roles: Vec<String> = gap.roles.iter().map(|role| format!("`{role}`")).collect();
    let flow = gap
        .flow
        .as_ref()
        .map_or_else(String::new, |flow| format!(".{flow}"));
    vec![
        format!("`{}{flow}`", gap.set),
        article_row(gap.row),
        gap.cloud.to_string(),
        gap.target.clone().unwrap_or_else(|| "all".to_owned()),
        roles.join(", "),
        cell(&gap.what),
        cell(&gap.why.to_string()),
        cell(&gap.remedy),
    ]
}

fn not_selected((sets, why): (Vec<&SetReport>, &str)) -> Vec<String> {
    let keys: Vec<String> = sets.iter().map(|set| format!("`{}`", set.key)).collect();
    let rows: Vec<String> = sets.iter().map(|set| article_row(set.row)).collect();
    vec![keys.join(", "), rows.join(", "), cell(why)]
}
