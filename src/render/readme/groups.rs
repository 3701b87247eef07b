//! Which security group holds what.

use super::page::Page;
use crate::report::{GroupReport, Report};

pub fn part(page: &mut Page, report: &Report) {
    if report.groups.is_empty() {
        return;
    }
    page.paragraph("### Security groups");
    page.paragraph("AWS knows no hosts in a rule, so each role has groups of its own: attach all of a role's groups to its hosts (`security_group_ids`), and none to others. A network interface takes five groups unless AWS raises the quota; groups times rules in a group are at most 1000. In plans a rule is called after its group, port and network: `tcp#1` stands for the role's first port, whichever it is.");
    let titles = ["Role", "Cloud", "Traffic", "Group", "Rules"];
    page.table(&titles, report.groups.iter().map(row));
}

fn row(group: &GroupReport) -> Vec<String> {
    let mut holds: Vec<String> = group
        .rules
        .iter()
        .map(|load| {
            let kind = load.kind.title();
            format!("{} {} {kind}", load.count, load.direction)
        })
        .collect();
    let ranges = group.ranges.iter();
    holds.extend(ranges.map(|range| format!("your range `{range}`")));
    if holds.is_empty() {
        holds.push("nothing any more; detach it, then generate with `--prune-groups`".to_owned());
    }
    vec![
        format!("`{}`", group.role),
        group.cloud.to_string(),
        group.traffic.to_string(),
        group.group.to_string(),
        holds.join(", "),
    ]
}
