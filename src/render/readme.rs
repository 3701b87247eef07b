//! `DIR/README.md`: what is open, why, for whom, who says so, and what is not.

mod caveats;
mod gaps;
mod groups;
mod notes;
mod open;
mod overlays;
mod page;
mod reach;
mod sources;
mod summary;
mod usage;
mod yours;

use crate::harmless::lines;
use crate::options::Options;
use crate::plan::Plan;
use crate::render::header;
use crate::report::Report;
use crate::template::Template;
use page::Page;

pub fn file(report: &Report, plan: &Plan, options: &Options, templates: &[Template]) -> String {
    let calls = usage::calls(plan, options);
    let mut page = Page::default();
    summary::part(&mut page, report);
    caveats::part(&mut page, report, options, templates);
    open::part(&mut page, report, !calls.is_empty());
    groups::part(&mut page, report);
    yours::part(&mut page, report);
    gaps::part(&mut page, report);
    overlays::part(&mut page, report);
    notes::part(&mut page, report);
    usage::part(&mut page, &calls, options.root, templates);
    sources::part(&mut page, report);
    header::put("README.md", &lines(&page.into_text()))
}

fn article_row(row: Option<u16>) -> String {
    row.map_or_else(String::new, |row| row.to_string())
}
