//! The steps of `perimeter365 generate`, from facts to a folder, in their order.

mod unread;
mod used;
mod warnings;

use std::path::{Path, PathBuf};

use crate::catalogue::{Catalogue, Cloud, Traffic};
use crate::changes::{self, Change, changes};
use crate::error::{Error, Errors, Result, quoted};
use crate::express::{Expressed, express};
use crate::lock;
use crate::memory::{Memory, recall};
use crate::options::{ALL, NONE, Options, Words};
use crate::overlay::Day;
use crate::plan::plan;
use crate::recipient::Recipient;
use crate::render::{self, header};
use crate::report::overlays::ExceptionReport;
use crate::report::{Report, Steps, report};
use crate::resolve::resolve;
use crate::select::select;
use crate::source::catalogues::EMBEDDED;
use crate::source::facts::{self, Known};
use crate::source::gather::{self, Gathered, Wish, gather};
use crate::source::{embedded, renew};
use crate::template::{self, Template};
use crate::valve;
use crate::verify::{self, proof::Verdict, wanted::wanted};
use crate::write::{self, Difference, Guard, Written};

/// What one run is asked to do.
#[derive(Debug, Default)]
pub struct Request {
    pub out: PathBuf,
    /// The options that the folder remembers.
    pub words: Words,
    /// `CLOUD=FILE`: the web service's answers that renew named ranges.
    pub web_service: Vec<String>,
    /// The sets and ranges that may lose much, or widen a wildcard, by new facts.
    pub accept: Vec<String>,
    /// Forget the remembered options and the facts that came from files.
    pub reset: bool,
    /// Forget the security groups that have no rules any more.
    pub prune_groups: bool,
    /// Only compare, write nothing.
    pub check: bool,
    /// The day by which exceptions have expired or not; `None`: the system's, in UTC.
    pub today: Option<String>,
}

/// What one run did, or would do.
#[derive(Debug)]
pub struct Run {
    pub report: Report,
    pub outcome: Outcome,
    /// What the rows of the folder open and close that they did not before.
    pub changes: Vec<Change>,
    /// What the user should hear beside the report.
    pub warnings: Vec<String>,
    /// The exceptions of overlays that have expired. Nothing that is written depends on them.
    pub expired: Vec<ExceptionReport>,
    pub root: bool,
}

/// How the run ended for the files.
#[derive(Debug)]
pub enum Outcome {
    Checked(Difference),
    Written(Written),
}

/// Generates the folder from the embedded facts, or compares it with what would be generated.
///
/// # Errors
/// Every problem of the first step that has any; nothing is written then, unless writing itself
/// fails.
pub fn generate(request: &Request) -> Result<Run> {
    run(request, embedded::read)
}

/// Generates the folder from the facts of `catalogue`, or compares it.
///
/// # Errors
/// As [`generate`].
pub fn generate_from(catalogue: Catalogue, request: &Request) -> Result<Run> {
    run(request, || Ok(catalogue))
}

fn run(request: &Request, facts: impl FnOnce() -> Result<Catalogue> + Send) -> Result<Run> {
    let today = today(request)?;
    let _guard = if request.check {
        Guard::to_read(&request.out)
    } else {
        Guard::to_write(&request.out)?
    };
    let (catalogue, memory) = at_once(facts, || recall(&request.out, request.reset));
    let (embedded, memory) = (catalogue?, memory?);
    let (wishes, mut warnings) = settle(&embedded, request, &memory)?;
    let Wishes {
        catalogue,
        files: kept,
        options,
        templates,
        words,
    } = wishes;
    warnings.extend(memory.warnings);

    let selection = select(&catalogue, &options)?;
    let recipients = recipients(&options, &templates);
    warnings.extend(warnings::idle_options(&selection, &options, &recipients));
    warnings.extend(warnings::idle_decisions(&selection, &options, &recipients));
    let resolution = resolve(&catalogue, &selection, &options)?;
    let mut lock = memory.lock;
    let expressed = express(&resolution, &catalogue, &options, &recipients);
    let plan = plan(&resolution, &expressed, &options, &mut lock)?;
    warnings.extend(plan.warnings.iter().cloned());
    let report = report(Steps {
        catalogue: &catalogue,
        selection: &selection,
        resolution: &resolution,
        expressed: &expressed,
        plan: &plan,
        options: &options,
        words: &words,
    });
    warnings.extend(warnings::opened_anywhere(&report, &options));
    let is_by_address = |recipient: &Recipient<'_>| recipient.expresses.is_address_only();
    if recipients.iter().any(is_by_address) {
        warnings.extend(warnings::idle_choices(&selection, &options, &expressed));
    }
    all_accounted(&report)?;
    let before = memory
        .before
        .as_ref()
        .and_then(|before| written_from(before, &embedded, &request.out));
    let known = memory.facts.as_ref().filter(|_| lock.rebuilt);
    let lost = known.and_then(|known| written_from(&unknown_words(known), &embedded, &request.out));
    if let Some(before) = before.as_ref().or(lost.as_ref()) {
        warnings.extend(pass_valve(request, before, &catalogue, &options)?);
    }

    lock.options = words;
    let mut files = render::render(&plan, &options, &report, &templates);
    files.extend(render::texts(&templates, &expressed, &options)?);
    let used = used::facts(&embedded, &catalogue, kept, &selection, &options);
    files.insert(facts::FILE.to_owned(), render::facts::file(&used));
    // What has a text by now would stand in the memory that the proof takes.
    drop((used, resolution));
    files.insert(lock::FILE.to_owned(), lock.to_text(&header::comment()));
    let differs = || write::compare(&request.out, &files, &memory.templates);
    // What this thread has let go of is of use to itself alone, and the proof takes more than the comparison.
    let is_proven = || is_what_was_wanted(&files, &catalogue, &options);
    let (difference, is_proven) = at_once(differs, is_proven);
    is_proven?;
    let difference = difference?;
    let mut changes = changes(&request.out, &plan, &difference, lock.rebuilt);
    let expired = options.overlaid.expired(today).map(Into::into).collect();
    if !memory.templates.is_empty() || !templates.is_empty() {
        let words = memory.before.as_ref().map(|(words, _)| words);
        let before = before.as_ref().zip(words);
        let before = before.and_then(|(before, words)| texts_before(before, words, &request.out));
        warnings.extend(add_texts(
            &mut changes,
            before.as_deref(),
            &expressed,
            (&difference, &templates),
        ));
    }
    warnings.extend(warnings::half_known(&changes));
    let outcome = if request.check {
        Outcome::Checked(difference)
    } else {
        Outcome::Written(write::apply(
            &request.out,
            &files,
            difference,
            lock.rebuilt,
        )?)
    };
    Ok(Run {
        report,
        outcome,
        changes: changes.rows,
        warnings,
        expired,
        root: options.root,
    })
}

/// What two steps come to that don't need each other, `b` on this thread.
fn at_once<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        let a = a
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (a, b)
    })
}

/// The day of the run.
fn today(request: &Request) -> Result<Day> {
    let Some(text) = &request.today else {
        return Ok(Day::today());
    };
    Day::parse(text).map_err(|why| {
        Errors::from(Error::InvalidValue {
            option: "--today",
            value: text.clone(),
            why,
        })
    })
}

/// What a run is to do, and with which facts.
struct Wishes {
    catalogue: Catalogue,
    files: gather::Files,
    options: Options,
    templates: Vec<Template>,
    /// The options as the folder remembers them.
    words: Words,
}

/// Puts together what is asked for now and what the folder remembers. Also returns what the user
/// should hear of the files that were read.
fn settle(
    embedded: &Catalogue,
    request: &Request,
    memory: &Memory,
) -> Result<(Wishes, Vec<String>)> {
    let remembered = &memory.lock.options;
    if memory.lock.rebuilt {
        gather::nothing_is_lost(&request.out, &request.words, memory.facts.as_ref())?;
    }
    let before = memory.before.as_ref().map(|(_, known)| known);
    let gathered = gather(
        embedded,
        Wish {
            out: &request.out,
            given: &request.words,
            remembered,
            kept: before.or(memory.facts.as_ref()),
            known: memory.facts.as_ref(),
        },
    )?;
    let Gathered {
        mut catalogue,
        files,
        decisions,
        mut warnings,
    } = gathered;
    let words = request.words.clone().or(remembered.clone()).sorted();
    let mut errors = Vec::new();
    let options = Options::parse(&words, &catalogue)
        .map_err(|found| errors.extend(found.into_vec()))
        .ok();
    let options = options.map(|options| Options {
        overlaid: decisions,
        ..options
    });
    let renewal = renew::Renewal {
        files: &request.web_service,
        accepted: &request.accept,
        clouds: options.as_ref().map(|options| options.clouds.as_slice()),
        known: memory.facts.as_ref(),
    };
    let renewed = renew::from_files(&mut catalogue, &renewal)
        .map_err(|found| errors.extend(found.into_vec()));
    warnings.extend(renewed.unwrap_or_default());
    let kept = before.or(memory.facts.as_ref());
    let kept: Vec<&Catalogue> = kept.iter().flat_map(|known| known.catalogues()).collect();
    if let Err(found) = valve::check_accepted(&request.accept, &kept, &catalogue) {
        errors.extend(found.into_vec());
    }
    let templates = template::read(
        words.template.as_deref(),
        request.words.template.is_none(),
        &request.out,
    )
    .map_err(|found| errors.extend(found.into_vec()))
    .unwrap_or_default();
    if let Some(options) = &options {
        let by_address = |recipient: Recipient<'_>| recipient.expresses.is_address_only();
        let is_used = recipients(options, &templates).into_iter().any(by_address);
        if errors.is_empty() && is_used {
            errors.extend(unread::addresses(&catalogue, options));
        }
        if errors.is_empty() && options.targets.is_empty() && templates.is_empty() {
            errors.push(Error::InvalidValue {
                option: "--target",
                value: NONE.to_owned(),
                why: "nothing is left to write; choose a `--template`".to_owned(),
            });
        }
    }
    match options {
        Some(options) if errors.is_empty() => {
            let names = templates
                .iter()
                .map(|template| template.name.clone())
                .collect();
            let words = words.canonical(&options, files.words(names));
            let wishes = Wishes {
                templates,
                catalogue,
                files,
                options: Options {
                    prune_groups: request.prune_groups,
                    ..options
                },
                words,
            };
            Ok((wishes, warnings))
        }
        options => {
            // What is remembered matters to what is wrong with options, and to nothing else.
            let arguments = remembered.arguments();
            if options.is_none() && !arguments.is_empty() {
                errors.push(Error::Remembered {
                    path: request.out.join(lock::FILE),
                    arguments: arguments.join(" "),
                });
            }
            Err(errors.into())
        }
    }
}

/// Holds new facts against those that the folder was written from. Returns what the user should hear; under `--check`
/// that is what will be refused, too.
///
/// # Errors
/// What is refused.
fn pass_valve(
    request: &Request,
    before: &valve::Written,
    catalogue: &Catalogue,
    options: &Options,
) -> Result<Vec<String>> {
    let ruling = valve::ruling(before, catalogue, options, &request.accept);
    let idle = ruling.idle.iter();
    let mut warnings: Vec<String> = idle
        .map(|name| format!("`--accept {name}`: nothing of it had to be accepted"))
        .collect();
    if request.check {
        let refused = ruling.refused.iter();
        warnings.extend(refused.map(|refused| format!("generating will be refused: {refused}")));
    } else if !ruling.refused.is_empty() {
        return Err(ruling.refused.into());
    }
    Ok(warnings)
}

/// The facts and options that the folder was written from. `None` where that can't be told any more.
fn written_from(
    (words, known): &(Words, Known),
    embedded: &Catalogue,
    out: &Path,
) -> Option<valve::Written> {
    let gathered = gather::as_of(embedded, words, known, out)?;
    Some(valve::Written {
        options: Options {
            overlaid: gathered.decisions,
            ..Options::parse(words, &gathered.catalogue).ok()?
        },
        catalogue: gathered.catalogue,
    })
}

/// What a folder whose lock is lost may have asked for of all that it `known`: everything.
fn unknown_words(known: &Known) -> (Words, Known) {
    let all = || Some(vec![ALL.to_owned()]);
    let digests = known.catalogues.iter().map(|file| file.digest.clone());
    let embedded = (!known.catalogue.sets.is_empty()).then(|| EMBEDDED.to_owned());
    let catalogues: Vec<String> = digests.chain(embedded).collect();
    let overlays: Vec<String> = known
        .overlays
        .iter()
        .map(|file| file.digest.clone())
        .collect();
    let traffics = Traffic::ALL
        .iter()
        .filter(|traffic| **traffic != Traffic::TrustedSites);
    let sets = known.catalogues().flat_map(|catalogue| &catalogue.sets);
    let words = Words {
        catalogue: (!known.catalogues.is_empty()).then_some(catalogues),
        overlay: (!overlays.is_empty()).then_some(overlays),
        cloud: Some(Cloud::ALL.iter().map(ToString::to_string).collect()),
        traffic: Some(traffics.map(ToString::to_string).collect()),
        infer: all(),
        include_retired: all(),
        set: Some(sets.map(|set| set.key.to_string()).collect()),
        ..Words::default()
    };
    (words, known.clone())
}

/// What the folder's texts were made of: its options, over the facts that it was written from. `None` where
/// that can't be told any more.
fn texts_before(before: &valve::Written, words: &Words, out: &Path) -> Option<Vec<Expressed>> {
    let valve::Written { catalogue, options } = before;
    let templates = template::read(words.template.as_deref(), true, out).ok()?;
    let selection = select(catalogue, options).ok()?;
    let resolution = resolve(catalogue, &selection, options).ok()?;
    let recipients: Vec<Recipient<'_>> = templates.iter().map(Template::recipient).collect();
    Some(express(&resolution, catalogue, options, &recipients))
}

/// Adds what texts open and close, and returns what can't be told of them.
fn add_texts(
    changes: &mut changes::Changes,
    before: Option<&[Expressed]>,
    after: &[Expressed],
    (difference, templates): (&Difference, &[Template]),
) -> Vec<String> {
    if let Some(before) = before {
        changes::add_texts(&mut changes.rows, before, after);
    }
    warnings::untold_texts(&changes.rows, difference, templates, before.is_some())
}

/// Who takes the permits: the targets, then the templates.
fn recipients<'a>(options: &Options, templates: &'a [Template]) -> Vec<Recipient<'a>> {
    let targets = options.targets.iter().map(|target| target.recipient());
    targets
        .chain(templates.iter().map(Template::recipient))
        .collect()
}

/// Nothing is written that doesn't open exactly what is wanted.
fn is_what_was_wanted(
    files: &render::Files,
    catalogue: &Catalogue,
    options: &Options,
) -> Result<()> {
    let proof = verify::files::prove(files, &wanted(catalogue, options), options);
    if proof.verdict() == Verdict::Equal {
        return Ok(());
    }
    Err(Error::Bug {
        what: format!(
            "what it would write is not what is wanted, and so nothing is written: {}",
            verify::text::brief(&proof)
        ),
    }
    .into())
}

/// Nothing goes without a word.
fn all_accounted(report: &Report) -> Result<()> {
    if report.accounted == report.sets.len() {
        return Ok(());
    }
    let sets: Vec<String> = report
        .sets
        .iter()
        .filter(|set| !set.is_accounted())
        .map(|set| set.key.to_string())
        .collect();
    Err(Error::Bug {
        what: format!("these sets ended nowhere: {}", quoted(&sets)),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps that go wrong can't be asked for; files that they would come to can.
    #[test]
    fn what_opens_too_little_or_too_much_is_a_bug_and_no_file() {
        let catalogue = embedded::read().unwrap();
        let words = |set: &str| Words {
            set: Some(vec![set.to_owned()]),
            target: Some(vec!["generic-firewall".to_owned()]),
            ..Words::default()
        };
        let options = |set| Options::parse(&words(set), &catalogue).unwrap();
        let desk = tempfile::tempdir().unwrap();
        let request = Request {
            out: desk.path().join("m365"),
            words: words("federation-sts"),
            ..Request::default()
        };
        generate(&request).unwrap();
        let (files, _) = verify::folder::read(&request.out);
        is_what_was_wanted(&files, &catalogue, &options("federation-sts")).unwrap();
        let errors = is_what_was_wanted(&files, &catalogue, &options("autodetect")).unwrap_err();
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let [said] = said.as_slice() else {
            panic!("{said:?}")
        };
        for part in [
            "bug",
            "report",
            "nothing is written",
            "`federation-sts.sign-in.sts_proxy.ipv4` opens too much: inbound tcp 443",
            "`autodetect.exchange_server.ipv4` opens too little: inbound tcp 443",
        ] {
            assert!(said.contains(part), "`{part}` is not in {said}");
        }
    }
}
