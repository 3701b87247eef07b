//! What a run says about itself: the same facts for the folder's README, the terminal and
//! machines. Nothing that is wanted goes without a word here.

pub mod overlays;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalogue::{
    Basis, Catalogue, Cloud, Direction, EndpointSet, FlowId, HostPattern, Kind, Origin, PortRange,
    Protocol, RangeName, Retired, Role, SetKey, Traffic,
};
use crate::error::quoted;
use crate::express::Expressed;
use crate::gap::{Gap, Remark};
use crate::options::{Options, Words};
use crate::permit::{Permit, PermitBasis, PermitRemote, Rung};
use crate::plan::{Folder, Plan};
use crate::resolve::Resolution;
use crate::select::{Selection, Verdict};
use overlays::OverlayReport;

#[derive(Debug, Serialize)]
pub struct Report {
    pub clouds: Vec<Cloud>,
    pub targets: Vec<TargetReport>,
    pub sets: Vec<SetReport>,
    /// Sets that end as rows, gaps, both, or not selected with a reason.
    pub accounted: usize,
    pub open: Vec<OpenReport>,
    /// The security groups, where a target has them.
    pub groups: Vec<GroupReport>,
    pub gaps: Vec<Gap>,
    pub remarks: Vec<Remark>,
    /// The customer's kinds of host that any row or gap is for.
    pub roles: Vec<RoleReport>,
    /// Named ranges that only the user knows.
    pub ranges: Vec<RangeReport>,
    pub sources: Vec<SourceReport>,
    /// What overlays decide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overlays: Vec<OverlayReport>,
    /// The remembered options, as they would stand on a command line.
    pub options: Vec<String>,
}

impl Report {
    /// The sets that are left out, with the reason; many with one reason stand together.
    #[must_use]
    pub fn not_selected(&self) -> Vec<(Vec<&SetReport>, &str)> {
        /// More than these, and a list of them tells nothing.
        const MANY: usize = 8;
        let mut groups: Vec<(Vec<&SetReport>, &str)> = Vec::new();
        for set in &self.sets {
            let Some(why) = set.not_selected.as_deref() else {
                continue;
            };
            let same = self
                .sets
                .iter()
                .filter(|other| other.not_selected.as_deref() == Some(why));
            let group = groups.iter_mut().find(|(_, known)| *known == why);
            match group {
                Some((sets, _)) if same.count() > MANY => sets.push(set),
                _ => groups.push((vec![set], why)),
            }
        }
        groups
    }
}

#[derive(Debug, Serialize)]
pub struct TargetReport {
    pub name: String,
    pub title: String,
    /// Entries in `rules` maps; of a format of text, the permits that it renders.
    pub rows: usize,
    pub is_format: bool,
    /// Whether it is a template of the user's own, who answers for what it writes.
    pub is_own: bool,
}

/// One security group, and how many rules it holds.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GroupReport {
    pub role: Role,
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub group: u16,
    /// By direction and address family, as its quota counts; empty for one that holds none.
    pub rules: Vec<LoadReport>,
    /// The named ranges of the user's that it is for.
    pub ranges: BTreeSet<RangeName>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LoadReport {
    pub direction: Direction,
    pub kind: Kind,
    pub count: usize,
}

#[derive(Debug, Serialize)]
pub struct SetReport {
    pub key: SetKey,
    pub row: Option<u16>,
    pub title: String,
    pub traffic: Traffic,
    pub targets: Vec<CountReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_selected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<Retired>,
    pub notes: Vec<String>,
    #[serde(skip)]
    pub origin: Origin,
}

impl SetReport {
    /// Whether the set ended somewhere.
    #[must_use]
    pub fn is_accounted(&self) -> bool {
        self.not_selected.is_some() || self.targets.iter().all(|count| count.rows + count.gaps > 0)
    }
}

/// What a set comes to for one target.
#[derive(Debug, Serialize)]
pub struct CountReport {
    pub target: String,
    pub rows: usize,
    /// Those of the catalogue count for each target.
    pub gaps: usize,
}

/// One permit: what is open, why, for whom, and who says so.
#[derive(Debug, Serialize)]
pub struct OpenReport {
    pub cloud: Cloud,
    pub traffic: Traffic,
    pub key: String,
    pub set: SetKey,
    #[serde(skip)]
    pub flow: Option<FlowId>,
    pub row: Option<u16>,
    pub description: String,
    pub direction: Direction,
    pub role: Role,
    pub protocol: Protocol,
    pub ports: Vec<PortRange>,
    pub kind: Kind,
    /// In a few words; the rows hold every network and host.
    pub remote: String,
    /// How many networks or hosts; 0 where the user supplies them.
    pub count: usize,
    pub basis: BasisReport,
    /// What stands in place of host names here, by the user's choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_place_of_hosts: Option<&'static str>,
    /// Whether it opens to every address.
    pub anywhere: bool,
    /// The targets and formats that have it.
    pub targets: Vec<String>,
}

/// Who says each fact of a permit.
#[derive(Debug, Serialize)]
pub struct BasisReport {
    pub clouds: &'static str,
    pub direction: &'static str,
    pub protocol: &'static str,
    pub ports: &'static str,
    pub remote: &'static str,
    /// The documents that referenced facts stand in.
    pub urls: BTreeSet<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<RangeName>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RoleReport {
    pub role: Role,
    pub meaning: String,
}

#[derive(Debug, Serialize)]
pub struct RangeReport {
    pub name: RangeName,
    pub sets: BTreeSet<SetKey>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SourceReport {
    pub title: String,
    pub language: String,
    pub edition: String,
    pub url: String,
    pub digest: String,
    /// `embedded`, or `file`.
    pub origin: &'static str,
    /// Whether it is a document of endpoint sets or one of named ranges.
    pub holds: String,
}

/// What the steps of a run came to.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a> {
    pub catalogue: &'a Catalogue,
    pub selection: &'a Selection<'a>,
    pub resolution: &'a Resolution,
    pub expressed: &'a [Expressed],
    pub plan: &'a Plan,
    pub options: &'a Options,
    /// The options as the folder remembers them.
    pub words: &'a Words,
}

/// Gathers what a run has to say.
#[must_use]
pub fn report(steps: Steps<'_>) -> Report {
    let Steps {
        catalogue,
        selection,
        resolution,
        expressed,
        plan,
        options,
        words,
    } = steps;
    let own = expressed.iter().flat_map(|expressed| &expressed.gaps);
    let gaps: Vec<&Gap> = resolution.gaps.iter().chain(own).collect();
    let sets: Vec<SetReport> = selection
        .sets
        .iter()
        .map(|(set, verdict)| set_report(set, verdict, expressed, plan, &gaps))
        .collect();
    let roles: BTreeSet<&Role> = resolution
        .permits
        .iter()
        .map(|permit| &permit.role)
        .chain(gaps.iter().flat_map(|gap| &gap.roles))
        .collect();
    let mut remarks: Vec<Remark> = resolution.remarks.clone();
    for remark in expressed.iter().flat_map(|expressed| &expressed.remarks) {
        if !remarks.contains(remark) {
            remarks.push(remark.clone());
        }
    }
    Report {
        clouds: options.clouds.clone(),
        targets: expressed
            .iter()
            .map(|expressed| TargetReport {
                name: expressed.name.clone(),
                title: expressed.title.clone(),
                rows: rows(expressed, plan, |_| true),
                is_format: expressed.is_format,
                is_own: expressed.is_own,
            })
            .collect(),
        accounted: sets.iter().filter(|set| set.is_accounted()).count(),
        sets,
        open: open_reports(resolution, expressed),
        groups: plan.folders.iter().flat_map(group_reports).collect(),
        gaps: gaps.into_iter().cloned().collect(),
        remarks,
        roles: roles
            .into_iter()
            .map(|role| RoleReport {
                role: role.clone(),
                meaning: catalogue.roles.get(role).cloned().unwrap_or_default(),
            })
            .collect(),
        ranges: range_reports(&resolution.permits),
        sources: source_reports(catalogue, options),
        overlays: overlays::of(&options.overlaid),
        options: words.arguments(),
    }
}

/// How many rows a target has of the sets that are `wanted`; of a format, the permits that it renders.
fn rows(expressed: &Expressed, plan: &Plan, wanted: impl Fn(&SetKey) -> bool) -> usize {
    if expressed.is_format {
        let permits = expressed.permits.iter();
        return permits.filter(|permit| wanted(&permit.set)).count();
    }
    let folders = plan.folders.iter();
    folders
        .filter(|folder| folder.target.name == expressed.name)
        .flat_map(|folder| folder.rows.values())
        .filter(|row| wanted(&row.set))
        .count()
}

fn group_reports(folder: &Folder) -> Vec<GroupReport> {
    let Some(groups) = &folder.groups else {
        return Vec::new();
    };
    let report = |role: &Role, group| GroupReport {
        role: role.clone(),
        cloud: folder.cloud,
        traffic: folder.traffic,
        group,
        rules: Vec::new(),
        ranges: BTreeSet::new(),
    };
    let mut reports: BTreeMap<(&Role, u16), GroupReport> = BTreeMap::new();
    // Rows of one role share openings.
    let mut openings = BTreeSet::new();
    for row in folder.rows.values() {
        let Some(group) = row.group else { continue };
        let report = reports
            .entry((&row.role, group))
            .or_insert_with(|| report(&row.role, group));
        match &row.remote {
            PermitRemote::Range(name) => {
                report.ranges.insert(name.clone());
            }
            PermitRemote::Networks(networks) => {
                for network in networks {
                    for port in &row.ports {
                        openings.insert((
                            (&row.role, group),
                            (row.direction, row.kind),
                            (row.protocol, port, network),
                        ));
                    }
                }
            }
            PermitRemote::Hosts(_) | PermitRemote::ServiceTag(_) => {}
        }
    }
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for (group, place, _) in openings {
        *counts.entry((group, place)).or_default() += 1;
    }
    for ((group, (direction, kind)), count) in counts {
        if let Some(report) = reports.get_mut(&group) {
            report.rules.push(LoadReport {
                direction,
                kind,
                count,
            });
        }
    }
    for (role, numbers) in &groups.emptied {
        for number in numbers {
            reports.insert((role, *number), report(role, *number));
        }
    }
    reports.into_values().collect()
}

fn set_report(
    set: &EndpointSet,
    verdict: &Verdict,
    expressed: &[Expressed],
    plan: &Plan,
    gaps: &[&Gap],
) -> SetReport {
    let gaps = |name: &str| {
        gaps.iter()
            .filter(|gap| gap.set == set.key)
            .filter(|gap| gap.target.as_deref().is_none_or(|target| target == name))
            .count()
    };
    SetReport {
        key: set.key.clone(),
        row: set.row,
        title: set.title.clone(),
        traffic: set.traffic,
        targets: expressed
            .iter()
            .map(|expressed| CountReport {
                rows: rows(expressed, plan, |key| *key == set.key),
                gaps: gaps(&expressed.name),
                target: expressed.name.clone(),
            })
            .collect(),
        not_selected: match verdict {
            Verdict::Selected(_) => None,
            Verdict::NotSelected(why) => Some(why.to_string()),
        },
        retired: set.retired.clone(),
        notes: set.notes.clone(),
        origin: set.source.origin,
    }
}

/// What is open somewhere, in the order of the permits that it comes from: once for all who say the
/// same.
fn open_reports(resolution: &Resolution, expressed: &[Expressed]) -> Vec<OpenReport> {
    let mut reports = Vec::new();
    for permit in &resolution.permits {
        let mut said: Vec<(&Permit, Vec<String>)> = Vec::new();
        for expressed in expressed {
            for own in expressed.permits.iter().filter(|own| own.says(permit)) {
                match said.iter_mut().find(|(known, _)| *known == own) {
                    Some((_, names)) => names.push(expressed.name.clone()),
                    None => said.push((own, vec![expressed.name.clone()])),
                }
            }
        }
        reports.extend(said.into_iter().map(|(own, names)| open_report(own, names)));
    }
    reports
}

fn open_report(permit: &Permit, targets: Vec<String>) -> OpenReport {
    let (remote, count) = match &permit.remote {
        remote if remote.is_anywhere() => ("anywhere".to_owned(), 1),
        PermitRemote::Networks(networks) => {
            let from = permit.basis.range.as_ref();
            let from = from.map_or_else(String::new, |range| format!(" of `{range}`"));
            (
                format!("{}{from}", some(networks, "networks")),
                networks.len(),
            )
        }
        PermitRemote::Hosts(hosts) => (some(hosts, "host names"), hosts.len()),
        PermitRemote::Range(name) => (format!("your range `{name}`"), 0),
        PermitRemote::ServiceTag(tag) => (format!("Azure's service tag `{tag}`"), 0),
    };
    OpenReport {
        cloud: permit.cloud,
        traffic: permit.traffic,
        key: permit.key(),
        set: permit.set.clone(),
        flow: permit.flow.clone(),
        row: permit.row,
        description: permit.description.clone(),
        direction: permit.direction,
        role: permit.role.clone(),
        protocol: permit.protocol,
        ports: permit.ports.clone(),
        kind: permit.kind,
        remote,
        count,
        basis: basis_report(&permit.basis),
        in_place_of_hosts: permit.form.in_place().map(Rung::as_str),
        anywhere: permit.remote.is_anywhere(),
        targets,
    }
}

/// Up to two in full, more by number.
fn some<T: std::fmt::Display>(values: &[T], noun: &str) -> String {
    match values {
        [_] | [_, _] => quoted(values),
        _ => format!("{} {noun}", values.len()),
    }
}

fn basis_report(basis: &PermitBasis) -> BasisReport {
    let all = [
        &basis.clouds,
        &basis.direction,
        &basis.protocol,
        &basis.ports,
        &basis.remote,
    ];
    BasisReport {
        clouds: basis.clouds.as_str(),
        direction: basis.direction.as_str(),
        protocol: basis.protocol.as_str(),
        ports: basis.ports.as_str(),
        remote: basis.remote.as_str(),
        urls: all
            .into_iter()
            .filter_map(|basis| match basis {
                Basis::Referenced { url } => Some(url.clone()),
                _ => None,
            })
            .collect(),
        range: basis.range.clone(),
    }
}

fn range_reports(permits: &[Permit]) -> Vec<RangeReport> {
    let mut ranges: BTreeMap<&RangeName, BTreeSet<SetKey>> = BTreeMap::new();
    for permit in permits {
        if let PermitRemote::Range(name) = &permit.remote {
            ranges.entry(name).or_default().insert(permit.set.clone());
        }
    }
    ranges
        .into_iter()
        .map(|(name, sets)| RangeReport {
            name: name.clone(),
            sets,
        })
        .collect()
}

fn source_reports(catalogue: &Catalogue, options: &Options) -> Vec<SourceReport> {
    let mut reports = Vec::new();
    for source in &catalogue.sources {
        let same = |other: &std::sync::Arc<_>| std::sync::Arc::ptr_eq(other, source);
        let sets = catalogue
            .sets
            .iter()
            .filter(|set| same(&set.source))
            .count();
        let ranges: Vec<String> = catalogue
            .ranges
            .iter()
            .filter(|range| same(&range.source) && options.clouds.contains(&range.cloud))
            .map(|range| format!("`{}` of {}", range.name, range.cloud))
            .collect();
        let names: BTreeSet<&HostPattern> = catalogue
            .published
            .iter()
            .filter(|host| same(&host.source) && host.networks.is_some())
            .filter(|host| options.clouds.contains(&host.cloud))
            .map(|host| &host.host)
            .collect();
        let mut parts = ranges;
        if sets > 0 {
            parts.insert(0, format!("{sets} endpoint sets"));
        }
        if !names.is_empty() {
            parts.push(format!("addresses of {} host names", names.len()));
        }
        if parts.is_empty() {
            continue;
        }
        let holds = parts.join(", ");
        reports.push(SourceReport {
            title: source.title.clone(),
            language: source.language.clone(),
            edition: source.edition.clone(),
            url: source.url.clone(),
            digest: source.digest.clone(),
            origin: match source.origin {
                Origin::Embedded => "embedded",
                Origin::File | Origin::Renewal | Origin::Overlay => "file",
            },
            holds,
        });
    }
    reports
}
