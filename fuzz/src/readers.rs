//! What every reader promises of any bytes: it takes them, and what it took comes back as it was, or it says why not,
//! in words that can be shown. It never panics.
//!
//! Here is nothing but that, so that the program's own tests can hold the seeds to it, too.

use std::path::Path;
use std::sync::OnceLock;

use hcl::edit::expr::{Expression, ObjectKey};
use hcl::edit::structure::{BlockLabel, Body, Structure};
use perimeter365::asked::{Asked, unasked};
use perimeter365::catalogue::document::Document;
use perimeter365::catalogue::{Catalogue, Cloud, EndpointSet};
use perimeter365::error::{Error, Errors};
use perimeter365::express::express;
use perimeter365::literal as strict;
use perimeter365::lock::Lock;
use perimeter365::overlay::{self, OverlayFile};
use perimeter365::render::hcl::{attribute, block, file};
use perimeter365::render::rows::{hcl_to_rows, parse, rows_to_hcl};
use perimeter365::resolve::{Resolution, resolve};
use perimeter365::select::select;
use perimeter365::source::catalogues::CatalogueFile;
use perimeter365::source::named::Named;
use perimeter365::source::{article as edition, facts as kept, web_service as service};
use perimeter365::target::AZURE_PRIORITIES;
use perimeter365::template::Template;
use perimeter365::verify::grounds::Grounds;
use perimeter365::verify::numbers::Numbers;
use perimeter365::verify::opening::Wanted;
use perimeter365::verify::plan::{Judge, judge};
use perimeter365::verify::wanted::wanted;
use perimeter365::verify::{Verified, json, text as prose};

/// A reader by the name of its seeds.
pub type Reader = (&'static str, fn(&[u8]));

/// All of them.
pub const READERS: [Reader; 13] = [
    ("article_html", article),
    ("article_markdown", article),
    ("article_text", article),
    ("catalogue", catalogue),
    ("facts", facts),
    ("hcl", hcl),
    ("lock", lock),
    ("overlay", overlay),
    ("plan", plan),
    ("rows", rows),
    ("template", template),
    ("version", version),
    ("web_service", web_service),
];

/// An edition of the article, in whichever form: what is read of it is a catalogue.
pub fn article(bytes: &[u8]) {
    let text = text(bytes).filter(|text| edition::measure(text).is_ok());
    let Some(article) = text.and_then(|text| edition::read(text, &embedded().catalogue)) else {
        return;
    };
    for flaw in &article.flaws {
        is_said(&Error::Token {
            path: "article".into(),
            line: flaw.line,
            row: flaw.row,
            token: flaw.token.clone(),
            why: flaw.why.clone(),
        });
    }
    if article.flaws.is_empty() {
        let document = Document::of(&article.catalogue, &article.source);
        let digest = article.source.digest.clone();
        if let Some(file) = accepted(CatalogueFile::new("article", document, digest)) {
            comes_back(&file);
        }
    }
}

/// An answer of the web service: what is imported of it is a catalogue.
pub fn web_service(bytes: &[u8]) {
    let path = Path::new("answer.json");
    for cloud in [Cloud::Worldwide, Cloud::China] {
        let Some(import) = accepted(service::import(path, bytes, cloud, "2025010100")) else {
            continue;
        };
        let digest = digest();
        if let Some(file) = accepted(CatalogueFile::new("answer", import.document, digest)) {
            comes_back(&file);
        }
    }
    let known = &embedded().catalogue;
    let hosts = known.sets.iter().flat_map(EndpointSet::hosts);
    let renewed = service::renewal(path, bytes, Cloud::Worldwide, &hosts.collect());
    if let Some(renewed) = accepted(renewed) {
        let networks = &renewed.range.networks;
        assert!(networks.is_sorted(), "{networks:?}");
    }
}

/// The web service's answer to `/version`.
pub fn version(bytes: &[u8]) {
    match service::version(&String::from_utf8_lossy(bytes), Cloud::China) {
        Ok(version) => assert!(service::is_version(&version), "{version}"),
        Err(why) => is_said(&Error::InvalidValue {
            option: "--service-version",
            value: "version".to_owned(),
            why,
        }),
    }
}

/// A catalogue.
pub fn catalogue(bytes: &[u8]) {
    if let Some(file) = accepted(CatalogueFile::read("catalogue.json", bytes)) {
        comes_back(&file);
    }
}

/// An overlay, and what it decides on top of the embedded facts.
pub fn overlay(bytes: &[u8]) {
    let Some(file) = accepted(OverlayFile::read("overlay.json", bytes)) else {
        return;
    };
    let json = serde_json::to_vec(&file.document).expect("it is JSON");
    let again = OverlayFile::read("overlay.json", &json).expect("it came from an overlay");
    assert_eq!(again.document, file.document);
    accepted(overlay::apply(embedded().catalogue.clone(), &[file]));
}

/// The facts that a folder keeps.
pub fn facts(bytes: &[u8]) {
    let path = Path::new("perimeter365.facts.json");
    let Some(known) = text(bytes).and_then(|text| accepted(kept::parse(path, text))) else {
        return;
    };
    known.catalogues.iter().for_each(comes_back);
}

/// A lock, and what the proof reads of it.
pub fn lock(bytes: &[u8]) {
    const HEADER: &str = "# header";
    let path = Path::new("perimeter365.lock");
    let numbers = AZURE_PRIORITIES;
    let Some(text) = text(bytes) else { return };
    let Some(lock) = accepted(Lock::of(path, text, &numbers)) else {
        return;
    };
    let written = lock.to_text(HEADER);
    let again = Lock::of(path, &written, &numbers).expect("it is what a lock wrote");
    assert_eq!(again, lock);
    assert_eq!(again.to_text(HEADER), written);
    Numbers::read(text).expect("a lock has its numbers");
}

/// HCL of literals: as `hcl-rs` does, where both can.
pub fn hcl(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    match strict::read(text) {
        Err(defect) => {
            is_shown(&defect.why);
            assert!(defect.line > 0 && !defect.why.is_empty());
        }
        Ok((body, defects)) => {
            for defect in &defects {
                is_shown(&defect.why);
            }
            if let Ok(theirs) = text.parse::<Body>()
                && !is_misread(text)
                && defects.is_empty()
            {
                assert!(is_same_body(&body, &theirs), "{body:#?}\n{theirs:#?}");
            }
        }
    }
}

/// The rows in a folder's files, as every command but `verify` reads them.
pub fn rows(bytes: &[u8]) {
    let body = match text(bytes).map(parse) {
        None => return,
        Some(Err(whys)) => return whys.iter().for_each(|why| is_shown(why)),
        Some(Ok(body)) => body,
    };
    if let Ok(rows) = hcl_to_rows(&body) {
        let module = vec![attribute("rules", rows_to_hcl(&rows))];
        let written = file(&[block("module", Some("rules".into()), module)]);
        let read = parse(&written).and_then(|body| hcl_to_rows(&body));
        assert_eq!(read, Ok(rows));
    }
}

/// A plan or a state of Terraform's, and what is judged of it.
pub fn plan(bytes: &[u8]) {
    let (asked, wanted) = (embedded(), all_wanted());
    let numbers = Numbers::default();
    for numbers in [None, Some(&numbers)] {
        let judge_by = Judge { wanted, numbers };
        let Some(judgement) = accepted(judge("plan.json", bytes, &judge_by)) else {
            return;
        };
        let verified = Verified {
            proof: judgement.proof,
            others: Some(judgement.others),
            grounds: Grounds::of(asked, wanted),
            warnings: Vec::new(),
        };
        for line in prose::text("plan.json", &verified).lines() {
            is_shown(line);
        }
        assert!(!json::text(&verified).is_empty());
    }
}

/// A template of the user's own, read and rendered.
pub fn template(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Some(template) = accepted(Template::own("own", Path::new("own.hbs"), text)) else {
        return;
    };
    let asked = embedded();
    let recipients = [template.recipient()];
    for expressed in express(permits(), &asked.catalogue, &asked.options, &recipients) {
        let (clouds, traffics) = (&asked.options.clouds, &asked.options.traffics);
        accepted(template.render(&expressed, &clouds[..1], traffics));
    }
}

/// Makes what all readers need, once.
pub fn prepare() {
    all_wanted();
    permits();
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn digest() -> String {
    format!("sha256:{}", "0".repeat(64))
}

/// The embedded facts, and what the default options ask for.
fn embedded() -> &'static Asked {
    static ASKED: OnceLock<Asked> = OnceLock::new();
    ASKED.get_or_init(|| unasked().expect("the embedded facts are valid"))
}

fn all_wanted() -> &'static [Wanted] {
    static WANTED: OnceLock<Vec<Wanted>> = OnceLock::new();
    WANTED.get_or_init(|| wanted(&embedded().catalogue, &embedded().options))
}

fn permits() -> &'static Resolution {
    static PERMITS: OnceLock<Resolution> = OnceLock::new();
    PERMITS.get_or_init(|| {
        let Asked {
            catalogue, options, ..
        } = embedded();
        let selection = select(catalogue, options).expect("they are the default options");
        resolve(catalogue, &selection, options).expect("they are the default options")
    })
}

/// What was taken; else every word of why not can be shown.
fn accepted<T>(read: Result<T, Errors>) -> Option<T> {
    read.map_err(|errors| {
        assert!(errors.iter().next().is_some(), "nothing says why");
        errors.iter().for_each(is_said);
    })
    .ok()
}

/// Longer than what mends a mistake has to be. Unit: bytes.
const LONGEST: usize = 16 << 10;

fn is_said(error: &Error) {
    let said = error.to_string();
    is_shown(&said);
    assert!(!said.trim().is_empty() && said.len() <= LONGEST, "{said}");
}

/// Nothing in it ends a line, moves a terminal's cursor, or shows what follows in another order.
fn is_shown(text: &str) {
    let misleads = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(misleads), "{text:?}");
}

/// What was read is the same, once it is written and read again.
fn comes_back(file: &CatalogueFile) {
    let Some(source) = file.facts.sources.first() else {
        panic!("no source is named");
    };
    let document = Document::of(&file.facts, source);
    let json = serde_json::to_string(&document).expect("it is JSON");
    let again = CatalogueFile::read(&file.name, json.as_bytes())
        .unwrap_or_else(|errors| panic!("{errors:?}\n{json}"));
    assert_eq!(*again.document, document);
    let again = CatalogueFile::new(&file.name, document, file.digest.clone());
    let again: Catalogue = again.expect("it was read a moment ago").facts;
    assert_eq!(again, file.facts);
}

/// `hcl-edit` 0.10 loses signs when it reads these.
fn is_misread(text: &str) -> bool {
    ["$$", "%%", "$%", "%$"]
        .iter()
        .any(|signs| text.contains(signs))
}

fn is_same_body(ours: &strict::Body<'_>, theirs: &Body) -> bool {
    let (mut attributes, mut blocks) = (ours.attributes.iter(), ours.blocks.iter());
    let all = theirs.iter().all(|structure| match structure {
        Structure::Attribute(theirs) => attributes.next().is_some_and(|ours| {
            ours.name == theirs.key.as_str() && is_same(&ours.value, &theirs.value)
        }),
        Structure::Block(theirs) => blocks.next().is_some_and(|ours| {
            let labels = theirs.labels.iter().map(BlockLabel::as_str);
            ours.kind == theirs.ident.as_str()
                && labels.eq(ours.labels.iter().map(AsRef::as_ref))
                && is_same_body(&ours.body, &theirs.body)
        }),
    });
    all && attributes.next().is_none() && blocks.next().is_none()
}

/// Whether both readers make the same of a value. What is no literal is compared by its kind only.
fn is_same(ours: &strict::Node<'_>, theirs: &Expression) -> bool {
    match (&ours.value, theirs) {
        (strict::Value::Text(text), Expression::String(theirs)) => text == theirs.as_str(),
        (strict::Value::Number(digits), Expression::Number(theirs)) => {
            digits.parse().ok() == theirs.as_f64()
        }
        (strict::Value::Bool(ours), Expression::Bool(theirs)) => ours == theirs.value(),
        (strict::Value::Null, Expression::Null(_))
        | (strict::Value::Path(_), Expression::Variable(_) | Expression::Traversal(_)) => true,
        (strict::Value::List(ours), Expression::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs.iter())
                    .all(|(ours, theirs)| is_same(ours, theirs))
        }
        (strict::Value::Object(ours), Expression::Object(theirs)) => {
            let is_key = |ours: &str, theirs: &ObjectKey| match theirs {
                ObjectKey::Ident(ident) => ident.as_str() == ours,
                ObjectKey::Expression(key) => key.as_str().is_none_or(|theirs| theirs == ours),
            };
            ours.len() == theirs.len()
                && ours.iter().zip(theirs.iter()).all(|(ours, (key, value))| {
                    is_key(&ours.name, key) && is_same(&ours.value, value.expr())
                })
        }
        _ => false,
    }
}
