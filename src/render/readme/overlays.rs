//! What overlays decide, as lines of Markdown tables.

use serde::Serialize;

use super::{cell, line};
use crate::catalogue::Cloud;
use crate::catalogue::ports::joined;
use crate::options::flow_text;
use crate::report::Report;
use crate::report::overlays::{
    ExceptionReport, ExclusionReport, OverlayReport, OwnRangeReport, PortsReport,
};

/// One overlay.
#[derive(Serialize)]
pub struct View {
    title: String,
    digest: String,
    sets: Vec<String>,
    excluded: Vec<String>,
    exceptions: Vec<String>,
    stated: Vec<String>,
}

pub fn views(report: &Report) -> Vec<View> {
    let own = |overlay: &OverlayReport| View {
        title: cell(&overlay.title),
        digest: overlay.digest.clone(),
        sets: report
            .sets
            .iter()
            .filter(|set| overlay.sets.contains(&set.key))
            .map(|set| {
                line(&[
                    format!("`{}`", set.key),
                    cell(&set.title),
                    set.traffic.to_string(),
                ])
            })
            .collect(),
        excluded: overlay.excluded.iter().map(excluded).collect(),
        exceptions: overlay.exceptions.iter().map(exception).collect(),
        stated: stated(overlay, &report.clouds),
    };
    report.overlays.iter().map(own).collect()
}

fn excluded(exclusion: &ExclusionReport) -> String {
    line(&[format!("`{}`", exclusion.set), cell(&exclusion.reason)])
}

fn exception(exception: &ExceptionReport) -> String {
    line(&[
        format!("`{}`", flow_text(&exception.set, exception.flow.as_ref())),
        format!("`{}`", exception.grant),
        exception.expires.to_string(),
        cell(&exception.reason),
    ])
}

/// Ports, values, and ranges of the clouds that are generated.
fn stated(overlay: &OverlayReport, clouds: &[Cloud]) -> Vec<String> {
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
        (format!("`<{placeholder}>`"), crate::error::quoted(values))
    };
    let range = |range: &OwnRangeReport| {
        (
            format!("`{}` of {}", range.name, range.cloud),
            crate::error::quoted(&range.networks),
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
        .map(|(what, is)| line(&[what, is]))
        .collect()
}
