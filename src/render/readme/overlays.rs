//! What overlays decide.

use super::page::Page;
use crate::catalogue::Cloud;
use crate::catalogue::ports::joined;
use crate::error::quoted;
use crate::options::flow_text;
use crate::render::markdown::cell;
use crate::report::overlays::{
    ExceptionReport, ExclusionReport, OverlayReport, OwnRangeReport, PortsReport,
};
use crate::report::{Report, SetReport};

pub fn part(page: &mut Page, report: &Report) {
    if report.overlays.is_empty() {
        return;
    }
    page.paragraph("## What your overlays decide");
    page.paragraph("The last day of an exception changes no rule: what it opens stays open until the overlay changes. From the day after, `perimeter365 generate --check` names it, and ends with exit code 2.");
    for overlay in &report.overlays {
        page.paragraph(format!("### {}", cell(&overlay.title)));
        page.paragraph(format!("`{}`", overlay.digest));
        let sets = report.sets.iter();
        let own = sets.filter(|set| overlay.sets.contains(&set.key)).map(set);
        for (titles, rows) in [
            (
                ["Exception for", "Grants", "Until", "Reason"].as_slice(),
                overlay.exceptions.iter().map(exception).collect(),
            ),
            (
                &["Left out", "Reason"],
                overlay.excluded.iter().map(excluded).collect(),
            ),
            (&["Set of your own", "For", "Traffic"], own.collect()),
            (&["Stated by you", "As"], stated(overlay, &report.clouds)),
        ] {
            let rows: Vec<Vec<String>> = rows;
            if !rows.is_empty() {
                page.table(titles, rows);
            }
        }
    }
}

fn set(set: &SetReport) -> Vec<String> {
    vec![
        format!("`{}`", set.key),
        cell(&set.title),
        set.traffic.to_string(),
    ]
}

fn excluded(exclusion: &ExclusionReport) -> Vec<String> {
    vec![format!("`{}`", exclusion.set), cell(&exclusion.reason)]
}

fn exception(exception: &ExceptionReport) -> Vec<String> {
    vec![
        format!("`{}`", flow_text(&exception.set, exception.flow.as_ref())),
        format!("`{}`", exception.grant),
        exception.expires.to_string(),
        cell(&exception.reason),
    ]
}

/// Ports, values, and ranges of the clouds that are generated.
fn stated(overlay: &OverlayReport, clouds: &[Cloud]) -> Vec<Vec<String>> {
    let port = |ports: &PortsReport| {
        let protocol = ports.protocol.map(|protocol| format!("{protocol} "));
        (
            format!("`{}`", flow_text(&ports.set, ports.flow.as_ref())),
            format!(
                "{}{}",
                protocol.unwrap_or_default(),
                joined(&ports.ports, ", ")
            ),
        )
    };
    let value = |(placeholder, values): (&String, &Vec<String>)| {
        (format!("`<{placeholder}>`"), quoted(values))
    };
    let range = |range: &OwnRangeReport| {
        (
            format!("`{}` of {}", range.name, range.cloud),
            quoted(&range.networks),
        )
    };
    let ports = overlay.ports.iter().map(port);
    let values = overlay.values.iter().map(value);
    let here = overlay
        .ranges
        .iter()
        .filter(|range| clouds.contains(&range.cloud));
    let ranges = here.map(range);
    ports
        .chain(values)
        .chain(ranges)
        .map(|(what, is)| vec![what, is])
        .collect()
}
