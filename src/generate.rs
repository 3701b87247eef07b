//! The steps of `perimeter365 generate`, from facts to a folder, in their order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hcl::edit::structure::Body;

use crate::catalogue::{Catalogue, Cloud, EndpointSet, Endpoints, NamedRange, Origin, Traffic};
use crate::error::{Error, Errors, Result};
use crate::lock::{self, Lock};
use crate::options::{Options, Words};
use crate::plan::plan;
use crate::render::rows::hcl_to_rows;
use crate::render::{self, header};
use crate::report::{Report, report};
use crate::resolve::{Remark, resolve};
use crate::select::{Selection, Verdict, select};
use crate::source::web_service::{self, EXCHANGE_ONLINE};
use crate::source::{embedded, facts};
use crate::target::{AZURE_PRIORITIES, TARGETS};
use crate::write::{self, Difference};

/// What one run is asked to do.
#[derive(Debug, Default)]
pub struct Request {
    pub out: PathBuf,
    /// The options that the folder remembers.
    pub words: Words,
    /// `CLOUD=FILE`: the web service's answers that renew named ranges.
    pub web_service: Vec<String>,
    /// The ranges whose renewal is taken even though it loses much.
    pub accept: Vec<String>,
    /// Forget the remembered options and the facts that came from files.
    pub reset: bool,
    /// Only compare, write nothing.
    pub check: bool,
}

/// What one run did, or would do.
#[derive(Debug)]
pub struct Run {
    pub report: Report,
    pub difference: Difference,
    /// What the user should hear beside the report.
    pub warnings: Vec<String>,
    pub root: bool,
}

/// Generates the folder, or compares it with what would be generated.
///
/// # Errors
/// Every problem of the first step that has any; nothing is written then, unless writing itself
/// fails.
pub fn generate(request: &Request) -> Result<Run> {
    let mut catalogue = embedded::read()?;
    let memory = recall(request)?;
    let mut warnings = memory.warnings;
    let words = request
        .words
        .clone()
        .or(memory.lock.options.clone())
        .sorted();

    renew(&mut catalogue, memory.facts.as_ref());
    let mut errors = Vec::new();
    let options = Options::parse(&words, &catalogue)
        .map_err(|found| errors.extend(found.into_vec()))
        .ok();
    let clouds = options.as_ref().map(|options| options.clouds.as_slice());
    let remarks = renew_from_files(&mut catalogue, memory.facts.as_ref(), request, clouds)
        .map_err(|found| errors.extend(found.into_vec()))
        .unwrap_or_default();
    let Some(options) = options.filter(|_| errors.is_empty()) else {
        return Err(errors.into());
    };

    let selection = select(&catalogue, &options)?;
    warnings.extend(idle_ports(&selection, &options));
    let mut resolution = resolve(&catalogue, &selection, &options)?;
    resolution.remarks.extend(remarks);
    let mut lock = memory.lock;
    let plan = plan(&resolution, &options, &mut lock)?;
    let report = report(&catalogue, &selection, &resolution, &plan, &options, &words);
    if report.accounted != report.sets.len() {
        return Err(unaccounted(&report).into());
    }

    lock.options = words;
    let mut files = render::render(&plan, &options, &report);
    files.insert(
        facts::FILE.to_owned(),
        render::facts::file(&used_facts(&catalogue, &selection, &options)),
    );
    files.insert(lock::FILE.to_owned(), lock.to_text(&header::comment()));

    let difference = write::compare(&request.out, &files)?;
    if !request.check {
        if memory.rebuilt && !difference.left_over.is_empty() {
            warnings.push(format!(
                "left alone, since the lost lock may have had options for them: {}; give the options anew, or run again to remove them",
                crate::error::quoted(&difference.left_over)
            ));
        }
        write::apply(&request.out, &files, &difference, memory.rebuilt)?;
    }
    Ok(Run {
        report,
        difference,
        warnings,
        root: options.root,
    })
}

/// What the folder knows from earlier runs.
struct Memory {
    lock: Lock,
    facts: Option<Catalogue>,
    /// The lock was lost, and its numbers come from the rows.
    rebuilt: bool,
    warnings: Vec<String>,
}

fn recall(request: &Request) -> Result<Memory> {
    let out = &request.out;
    let mut errors = Vec::new();
    if out.exists() && !out.is_dir() {
        return Err(Error::NotOurs { path: out.clone() }.into());
    }
    let lock = Lock::read(out, &AZURE_PRIORITIES)
        .map_err(|found| errors.extend(found.into_vec()))
        .unwrap_or_default();
    let facts = if request.reset {
        None
    } else {
        facts::read(out)
            .map_err(|found| errors.extend(found.into_vec()))
            .unwrap_or_default()
    };
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let mut warnings = Vec::new();
    let (mut lock, rebuilt) = if let Some(lock) = lock {
        (lock, false)
    } else {
        let lock = rebuild(out)?;
        let rebuilt = !lock.is_empty();
        if rebuilt {
            warnings.push(format!(
                "`{}` is gone; its priorities are rebuilt from the rows, but its options are lost: give them anew",
                out.join(lock::FILE).display()
            ));
        }
        (lock, rebuilt)
    };
    if request.reset {
        lock.options = Words::default();
    }
    Ok(Memory {
        lock,
        facts,
        rebuilt,
        warnings,
    })
}

/// Reads the priorities of a lost lock from the rows that have them.
fn rebuild(out: &Path) -> Result<Lock> {
    let mut lock = Lock::default();
    let mut errors = Vec::new();
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            for target in TARGETS.iter().filter(|t| t.limits.priorities.is_some()) {
                let path = out.join(format!("{cloud}/{traffic}/{}/main.tf", target.name));
                let Ok(text) = std::fs::read_to_string(&path) else {
                    continue;
                };
                if header::is_ours("main.tf", &text)
                    && let Err(whys) = recover(&text, *cloud, &mut lock)
                {
                    errors.extend(whys.into_iter().map(|why| Error::Malformed {
                        path: path.clone(),
                        why,
                        mend: "the lock is gone and can't be rebuilt from these rows; restore one of the two from version control".to_owned(),
                    }));
                }
            }
        }
    }
    Errors::unless_none(errors, lock)
}

fn recover(text: &str, cloud: Cloud, lock: &mut Lock) -> std::result::Result<(), Vec<String>> {
    let body: Body = text.parse().map_err(|error| vec![format!("{error}")])?;
    let rows = hcl_to_rows(&body)?;
    let mut defects = Vec::new();
    for (key, row) in rows {
        let Some(priority) = row.priority else {
            continue;
        };
        let entry = lock::entry(cloud, &key);
        if !AZURE_PRIORITIES.contains(&priority) {
            defects.push(format!("row `{key}`: priority {priority} is no priority"));
        } else if let Some(other) = lock.owner(row.direction, priority) {
            defects.push(format!(
                "`{other}` and `{entry}` both have {} priority {priority}",
                row.direction
            ));
        } else {
            lock.record(row.direction, entry, priority);
        }
    }
    if defects.is_empty() {
        Ok(())
    } else {
        Err(defects)
    }
}

/// Facts that came from files in earlier runs take the place of the embedded ones.
fn renew(catalogue: &mut Catalogue, facts: Option<&Catalogue>) {
    for range in facts.into_iter().flat_map(|facts| &facts.ranges) {
        if range.source.origin == Origin::File {
            replace_range(catalogue, range.clone());
        }
    }
}

/// Reads `--web-service` files, and takes their ranges if they can be believed.
fn renew_from_files(
    catalogue: &mut Catalogue,
    facts: Option<&Catalogue>,
    request: &Request,
    clouds: Option<&[Cloud]>,
) -> Result<Vec<Remark>> {
    const OPTION: &str = "--web-service";
    let mut errors = Vec::new();
    let mut remarks = Vec::new();
    for accepted in request
        .accept
        .iter()
        .filter(|name| *name != EXCHANGE_ONLINE)
    {
        errors.push(Error::UnknownValue {
            option: "--accept",
            value: accepted.clone(),
            known: vec![EXCHANGE_ONLINE.to_owned()],
        });
    }
    let mut seen: Vec<Cloud> = Vec::new();
    for word in &request.web_service {
        let invalid = |why: &str| Error::InvalidValue {
            option: OPTION,
            value: word.clone(),
            why: why.to_owned(),
        };
        let Some((cloud, file)) = word.split_once('=').filter(|(_, file)| !file.is_empty()) else {
            errors.push(invalid(
                "the form is `CLOUD=FILE`, as in `worldwide=endpoints.json`",
            ));
            continue;
        };
        let Some(cloud) = Cloud::parse(cloud) else {
            errors.push(Error::UnknownValue {
                option: OPTION,
                value: cloud.to_owned(),
                known: Cloud::ALL.iter().map(ToString::to_string).collect(),
            });
            continue;
        };
        if seen.contains(&cloud) {
            errors.push(invalid("this cloud is given twice"));
            continue;
        }
        seen.push(cloud);
        if clouds.is_some_and(|clouds| !clouds.contains(&cloud)) {
            errors.push(invalid(&format!(
                "its cloud is not among those generated; add `--cloud {cloud}`"
            )));
            continue;
        }
        let path = Path::new(file);
        let renewed = match web_service::read(path, cloud) {
            Ok(renewed) => renewed,
            Err(found) => {
                errors.extend(found.into_vec());
                continue;
            }
        };
        let name = &renewed.range.name;
        let old = facts
            .and_then(|facts| facts.range(name, cloud))
            .or_else(|| catalogue.range(name, cloud));
        if let Some(why) = web_service::suspicious(old, &renewed.range)
            && !request
                .accept
                .iter()
                .any(|accepted| accepted == name.as_str())
        {
            errors.push(Error::RangeShrinks {
                range: name.to_string(),
                cloud,
                file: path.to_owned(),
                why,
            });
            continue;
        }
        let users = catalogue
            .sets
            .iter()
            .filter(|set| uses(set, &renewed.range));
        for set in users {
            remarks.extend(renewed.dropped.iter().map(|dropped| Remark {
                cloud,
                set: set.key.clone(),
                text: format!(
                    "`{}` of `{name}` is inside `{}` and is not repeated",
                    dropped.network, dropped.inside
                ),
            }));
        }
        replace_range(catalogue, renewed.range);
    }
    Errors::unless_none(errors, remarks)
}

fn replace_range(catalogue: &mut Catalogue, range: NamedRange) {
    if !catalogue
        .sources
        .iter()
        .any(|source| Arc::ptr_eq(source, &range.source))
    {
        catalogue.sources.push(Arc::clone(&range.source));
    }
    let same = |other: &NamedRange| other.name == range.name && other.cloud == range.cloud;
    match catalogue.ranges.iter_mut().find(|other| same(other)) {
        Some(old) => *old = range,
        None => catalogue.ranges.push(range),
    }
}

fn uses(set: &EndpointSet, range: &NamedRange) -> bool {
    set.flows.iter().flat_map(|flow| &flow.remotes).any(
        |remote| matches!(&remote.endpoints.value, Endpoints::Range(name) if *name == range.name),
    )
}

/// Chosen ports of sets that are not selected do nothing, which a user should know.
fn idle_ports(selection: &Selection<'_>, options: &Options) -> Vec<String> {
    options
        .ports
        .iter()
        .filter(|choice| {
            selection.sets.iter().any(|(set, verdict)| {
                set.key == choice.set && matches!(verdict, Verdict::NotSelected(_))
            })
        })
        .map(|choice| format!("`--port {choice}=…` has no effect: the set is not selected"))
        .collect()
}

/// The facts that the folder depends on, and those that came from files and are nowhere else.
fn used_facts(catalogue: &Catalogue, selection: &Selection<'_>, options: &Options) -> facts::Facts {
    let sets: Vec<&EndpointSet> = selection
        .sets
        .iter()
        .filter(|(_, verdict)| matches!(verdict, Verdict::Selected(_)))
        .map(|(set, _)| *set)
        .collect();
    let ranges: Vec<&NamedRange> = catalogue
        .ranges
        .iter()
        .filter(|range| {
            let used =
                options.clouds.contains(&range.cloud) && sets.iter().any(|set| uses(set, range));
            used || range.source.origin == Origin::File
        })
        .collect();
    facts::of(catalogue, &sets, &ranges, header::HEADER)
}

fn unaccounted(report: &Report) -> Error {
    let sets: Vec<String> = report
        .sets
        .iter()
        .filter(|set| !set.is_accounted())
        .map(|set| set.key.to_string())
        .collect();
    Error::Bug {
        what: format!("these sets ended nowhere: {}", crate::error::quoted(&sets)),
    }
}
