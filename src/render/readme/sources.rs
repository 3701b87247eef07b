//! Where the facts come from.

use super::page::Page;
use crate::render::markdown::cell;
use crate::report::Report;

pub fn part(page: &mut Page, report: &Report) {
    page.paragraph("## Where the facts come from");
    page.say("");
    for source in &report.sources {
        page.say(format!(
            "- [{}]({}), {}, edition {} ({}): {}",
            cell(&source.title),
            source.url,
            cell(&source.language),
            cell(&source.edition),
            source.origin,
            source.holds
        ));
        page.say(format!("  `{}`", source.digest));
    }
    if report.options.is_empty() {
        page.paragraph("This folder has no options of its own.");
    } else {
        page.paragraph(format!(
            "Options of this folder: `{}`.",
            report.options.join(" ")
        ));
    }
}
