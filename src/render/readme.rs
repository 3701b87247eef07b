//! `DIR/README.md`: what is open, why, for whom, who says so, and what is not.

mod overlays;

use handlebars::{Context, Handlebars, no_escape};
use serde::Serialize;
use serde_json::{Value, json};

use crate::catalogue::ports::joined;
use crate::catalogue::{Basis, Cloud, Origin, Traffic};
use crate::gap::{Gap, Remark};
use crate::options::Options;
use crate::permit::PermitRemote;
use crate::plan::{Plan, Row};
use crate::render::calls;
use crate::render::header;
use crate::render::markdown::{cell, line};
use crate::report::{
    BasisReport, GroupReport, OpenReport, RangeReport, Report, RoleReport, SetReport, SourceReport,
    TargetReport,
};
use crate::template::Template;

/// The parts of the text, in their order. Parsing a template takes time that grows with the square
/// of its length, so one for the whole would take as long as all else in a run.
const PARTS: [&str; 10] = [
    include_str!("readme/summary.hbs"),
    include_str!("readme/caveats.hbs"),
    include_str!("readme/open.hbs"),
    include_str!("readme/groups.hbs"),
    include_str!("readme/yours.hbs"),
    include_str!("readme/gaps.hbs"),
    include_str!("readme/overlays.hbs"),
    include_str!("readme/notes.hbs"),
    include_str!("readme/use.hbs"),
    include_str!("readme/sources.hbs"),
];

/// The article's row that is typed as what it is not.
const STREAM: &str = "stream";

/// What the template shows; nothing that it doesn't, since handlebars copies all of it.
#[derive(Serialize)]
struct View<'a> {
    targets: &'a [TargetReport],
    roles: Vec<RoleReport>,
    ranges: &'a [RangeReport],
    remarks: &'a [Remark],
    sources: Vec<SourceReport>,
    options: String,
    accounted: usize,
    sets: usize,
    clouds: String,
    sections: Vec<Section>,
    gaps: Vec<String>,
    not_selected: Vec<String>,
    notes: Vec<Value>,
    uses: Vec<Use>,
    groups: Vec<String>,
    texts: Vec<Text>,
    anywhere: Vec<String>,
    caveats: Vec<&'static str>,
    root: bool,
    user_traffic: bool,
    article: Article,
    overlays: Vec<overlays::View>,
}

/// What of the embedded article is there.
#[derive(Serialize)]
struct Article {
    /// No other set is.
    is_all: bool,
    /// No other set is, but some of overlays.
    is_base: bool,
    has_stream: bool,
}

/// One cloud's one traffic: lines of a Markdown table.
#[derive(Serialize)]
struct Section {
    cloud: Cloud,
    traffic: Traffic,
    rows: Vec<String>,
}

/// How one target is put to use.
#[derive(Serialize)]
struct Use {
    title: &'static str,
    root: &'static str,
    needs: &'static str,
    snippet: String,
}

/// How one format of text is put to use.
#[derive(Serialize)]
struct Text {
    title: String,
    place: String,
    usage: &'static str,
}

/// A role whose meaning, which a file may give, is no markup.
fn plain_role(role: &RoleReport) -> RoleReport {
    RoleReport {
        meaning: cell(&role.meaning),
        ..role.clone()
    }
}

/// A source of which nothing that a file may say is markup.
fn plain_source(source: &SourceReport) -> SourceReport {
    SourceReport {
        title: cell(&source.title),
        language: cell(&source.language),
        edition: cell(&source.edition),
        ..source.clone()
    }
}

pub fn file(report: &Report, plan: &Plan, options: &Options, templates: &[Template]) -> String {
    let view = View {
        targets: &report.targets,
        roles: report.roles.iter().map(plain_role).collect(),
        ranges: &report.ranges,
        remarks: &report.remarks,
        sources: report.sources.iter().map(plain_source).collect(),
        options: report.options.join(" "),
        accounted: report.accounted,
        sets: report.sets.len(),
        root: options.root,
        clouds: crate::error::quoted(&report.clouds),
        sections: sections(report),
        gaps: report.gaps.iter().map(gap).collect(),
        not_selected: report
            .not_selected()
            .into_iter()
            .map(not_selected)
            .collect(),
        notes: report.sets.iter().filter_map(notes).collect(),
        uses: uses(plan, options),
        groups: report.groups.iter().map(group).collect(),
        texts: texts(templates),
        anywhere: anywhere(report, options),
        caveats: options
            .targets
            .iter()
            .flat_map(|target| target.caveats)
            .chain(templates.iter().flat_map(Template::caveats))
            .copied()
            .collect(),
        user_traffic: options.traffics.contains(&Traffic::User),
        article: article(report),
        overlays: overlays::views(report),
    };
    let handlebars = handlebars();
    let context = Context::wraps(&view).expect("the view is words and numbers, always JSON");
    let text: String = PARTS
        .iter()
        .map(|part| {
            handlebars
                .render_template_with_context(part, &context)
                .expect("the templates are part of the program, and tests render them")
        })
        .collect();
    header::put("README.md", &text)
}

fn handlebars() -> Handlebars<'static> {
    let mut handlebars = Handlebars::new();
    // Cells are escaped for Markdown, where they are made; HTML's escapes would show.
    handlebars.register_escape_fn(no_escape);
    handlebars.set_strict_mode(true);
    handlebars
}

fn article(report: &Report) -> Article {
    let sets = report.sets.iter();
    let mut embedded = sets.clone().filter(|set| set.origin == Origin::Embedded);
    let own = sets.filter(|set| set.origin == Origin::Overlay);
    let count = embedded.clone().count();
    Article {
        is_all: count == report.sets.len(),
        is_base: count + own.count() == report.sets.len(),
        has_stream: embedded.any(|set| set.key.as_str() == STREAM),
    }
}

fn sections(report: &Report) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for open in &report.open {
        let row = open_row(open);
        match sections.last_mut() {
            Some(last) if (last.cloud, last.traffic) == (open.cloud, open.traffic) => {
                last.rows.push(row);
            }
            _ => sections.push(Section {
                cloud: open.cloud,
                traffic: open.traffic,
                rows: vec![row],
            }),
        }
    }
    sections
}

fn open_row(open: &OpenReport) -> String {
    line(&[
        format!("`{}`", open.key),
        article_row(open.row),
        cell(&open.description),
        open.direction.to_string(),
        format!("`{}`", open.role),
        format!("{} {}", open.protocol, joined(&open.ports, ", ")),
        remote(open),
        basis(&open.basis),
        open.targets.join(", "),
    ])
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

fn group(group: &GroupReport) -> String {
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
    line(&[
        format!("`{}`", group.role),
        group.cloud.to_string(),
        group.traffic.to_string(),
        group.group.to_string(),
        holds.join(", "),
    ])
}

fn gap(gap: &Gap) -> String {
    let roles: Vec<String> = gap.roles.iter().map(|role| format!("`{role}`")).collect();
    let flow = gap
        .flow
        .as_ref()
        .map_or_else(String::new, |flow| format!(".{flow}"));
    line(&[
        format!("`{}{flow}`", gap.set),
        article_row(gap.row),
        gap.cloud.to_string(),
        gap.target.clone().unwrap_or_else(|| "all".to_owned()),
        roles.join(", "),
        cell(&gap.what),
        cell(&gap.why.to_string()),
        cell(&gap.remedy),
    ])
}

fn not_selected((sets, why): (Vec<&SetReport>, &str)) -> String {
    let keys: Vec<String> = sets.iter().map(|set| format!("`{}`", set.key)).collect();
    let rows: Vec<String> = sets.iter().map(|set| article_row(set.row)).collect();
    line(&[keys.join(", "), rows.join(", "), cell(why)])
}

/// What a reviewer should know of the sets that were taken up.
fn notes(set: &SetReport) -> Option<Value> {
    if set.not_selected.is_some() || set.notes.is_empty() && set.retired.is_none() {
        return None;
    }
    let ended = set
        .retired
        .iter()
        .map(|retired| format!("The service ended {}.", retired.phrase()));
    let notes: Vec<String> = ended
        .chain(set.notes.iter().map(|note| cell(note)))
        .collect();
    Some(json!({
        "key": set.key,
        "row": article_row(set.row),
        "notes": notes,
    }))
}

fn uses(plan: &Plan, options: &Options) -> Vec<Use> {
    let handlebars = handlebars();
    options
        .targets
        .iter()
        .filter_map(|target| {
            // The first that has something serves as the example, whatever else comes or goes.
            let folder = plan
                .folders_of(target)
                .find(|folder| !folder.rows.is_empty())?;
            // A role with networks of Microsoft's is opened without anything further.
            let has_networks = |row: &&Row| !matches!(row.remote, PermitRemote::Range(_));
            let rows = folder.rows.values();
            let row = rows.clone().find(has_networks).or(rows.clone().next())?;
            let data = json!({
                "call": calls::name(folder),
                "source": format!("./m365/{}", folder.path()),
                "role": row.role,
            });
            let snippet = handlebars
                .render_template(target.root.snippet, &data)
                .expect("the snippets are part of the program, and tests render them");
            Some(Use {
                title: target.title,
                root: target.root.folder,
                needs: target.root.needs,
                snippet,
            })
        })
        .collect()
}

fn texts(templates: &[Template]) -> Vec<Text> {
    templates
        .iter()
        .map(|template| Text {
            title: template.title.clone(),
            place: format!("<cloud>/<traffic>/{}", template.name),
            usage: template.usage().unwrap_or(
                "what your template makes of each cloud and traffic; whether it writes all of its permits is yours to check. This folder keeps a copy of it in `templates/`; to change it, name the file again with `--template`.",
            ),
        })
        .collect()
}

/// What the user asked to open to every address: keys with their services.
fn anywhere(report: &Report, options: &Options) -> Vec<String> {
    let open = report.open.iter().filter(|open| open.anywhere);
    open.map(|open| {
        let because = options
            .hosts_exception(&open.set, open.flow.as_ref())
            .map_or_else(
                || "because you asked for it with `--hosts`".to_owned(),
                |(_, exception)| {
                    format!(
                        "because an exception of the overlay `{}` grants it until {}",
                        exception.place.overlay, exception.expires
                    )
                },
            );
        format!(
            "{because}: `{}`, {} {} ({})",
            open.key,
            open.protocol,
            joined(&open.ports, ", "),
            open.cloud
        )
    })
    .collect()
}

fn article_row(row: Option<u16>) -> String {
    row.map_or_else(String::new, |row| row.to_string())
}
