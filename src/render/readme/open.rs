//! What is open, a permit a line.

use super::article_row;
use super::page::Page;
use crate::catalogue::Basis;
use crate::catalogue::ports::joined;
use crate::render::markdown::cell;
use crate::report::{BasisReport, OpenReport, Report};

const TITLES: [&str; 9] = [
    "Key",
    "Row",
    "For",
    "Direction",
    "Your hosts",
    "Service",
    "Microsoft's side",
    "Basis",
    "Targets",
];

pub fn part(page: &mut Page, report: &Report, is_proven: bool) {
    page.paragraph("## What is open");
    if report.open.is_empty() {
        page.paragraph("Nothing.");
        return;
    }
    let proof = if is_proven {
        " `perimeter365 verify` proves that the files of this folder open what stands here, and nothing else."
    } else {
        ""
    };
    page.paragraph(format!("One line for each permit, as each target has it; the `rules` maps and texts in the folders hold every network and host name. \"Row\" is the row of Microsoft's article. \"Basis\" says who says each fact: the row itself (stated), its plain meaning (implied), a document that it links to (referenced), our own reading (inferred), or you.{proof}"));
    let is_together = |a: &OpenReport, b: &OpenReport| (a.cloud, a.traffic) == (b.cloud, b.traffic);
    for section in report.open.chunk_by(is_together) {
        page.paragraph(format!("### {}, {}", section[0].cloud, section[0].traffic));
        page.table(&TITLES, section.iter().map(row));
    }
}

fn row(open: &OpenReport) -> Vec<String> {
    vec![
        format!("`{}`", open.key),
        article_row(open.row),
        cell(&open.description),
        open.direction.to_string(),
        format!("`{}`", open.role),
        format!("{} {}", open.protocol, joined(&open.ports, ", ")),
        remote(open),
        basis(&open.basis),
        open.targets.join(", "),
    ]
}

fn remote(open: &OpenReport) -> String {
    match (open.anywhere, open.in_place_of_hosts) {
        (true, _) => "**anywhere**, in place of host names".to_owned(),
        (false, Some(_)) => format!("{}, in place of host names", cell(&open.remote)),
        (false, None) => cell(&open.remote),
    }
}

/// Facts by who says them: `stated: protocol, ports; implied: clouds`.
fn basis(basis: &BasisReport) -> String {
    let facts = [
        ("clouds", basis.clouds),
        ("direction", basis.direction),
        ("protocol", basis.protocol),
        ("ports", basis.ports),
        ("remote", basis.remote),
    ];
    let mut parts: Vec<String> = Vec::new();
    for kind in Basis::WORDS {
        let names: Vec<&str> = facts
            .iter()
            .filter(|(_, basis)| *basis == kind)
            .map(|(name, _)| *name)
            .collect();
        if names.is_empty() {
            continue;
        }
        let kind = match kind {
            "referenced" => {
                let links: Vec<String> = basis
                    .urls
                    .iter()
                    .map(|url| format!("[referenced]({url})"))
                    .collect();
                links.join(", ")
            }
            "inferred" => "**inferred**".to_owned(),
            "given" => "**given by you**".to_owned(),
            "unstated" => "yours to supply".to_owned(),
            kind => kind.to_owned(),
        };
        parts.push(format!("{kind}: {}", names.join(", ")));
    }
    parts.join("; ")
}
