//! What only the user knows: hosts and ranges.

use super::page::Page;
use crate::error::quoted;
use crate::render::markdown::cell;
use crate::report::Report;

pub fn part(page: &mut Page, report: &Report) {
    if !report.roles.is_empty() {
        page.paragraph("### Your hosts");
        let roles = report.roles.iter();
        page.table(
            &["Role", "Meaning"],
            roles.map(|role| vec![format!("`{}`", role.role), cell(&role.meaning)]),
        );
    }
    if !report.ranges.is_empty() {
        page.paragraph("### Ranges that only you know");
        page.paragraph("Nobody publishes these sources. Supply them at apply time in `named_ranges` and `named_ranges_ipv6`; a range without addresses opens nothing.");
        let ranges = report.ranges.iter();
        page.table(
            &["Range", "Needed by"],
            ranges.map(|range| {
                let sets: Vec<String> = range.sets.iter().map(ToString::to_string).collect();
                vec![format!("`{}`", range.name), quoted(&sets)]
            }),
        );
    }
}
