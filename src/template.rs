//! Rules as text, for firewalls that Terraform doesn't write: permits go through a template, one of
//! ours or of the user's own.

pub mod data;
mod escape;
mod formats;
mod helpers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use handlebars::template::{Template as Parsed, TemplateElement};
use handlebars::{Handlebars, RenderError, RenderErrorReason, TemplateError};

use crate::catalogue::{Cloud, Traffic};
use crate::error::{Error, Errors, Result};
use crate::express::Expressed;
use crate::options::NONE;
use crate::recipient::{Expresses, Recipient};
use crate::render::header::{self, HEADER};
use crate::target::TARGETS;
pub use formats::FORMATS;

/// A format that is part of the program.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line, and its folder's.
    pub name: &'static str,
    /// As it stands in a sentence.
    pub title: &'static str,
    pub expresses: Expresses,
    output: Output,
    text: &'static str,
    /// How its files are put to use: Markdown.
    pub usage: &'static str,
}

/// What a template is rendered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    /// Once for each cloud and traffic, into a file of this name.
    Whole(&'static str),
    /// Once for each permit, into a file that is called after its key, with this ending.
    EachPermit(&'static str),
}

/// A template to render.
#[derive(Debug)]
pub struct Template {
    /// What it is known by: a format's name, or a file's without `.hbs`.
    pub name: String,
    pub title: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Ours(&'static Format),
    /// The user's own: its text, and where it was read.
    Own {
        text: String,
        path: PathBuf,
    },
}

/// Where a folder keeps the user's templates.
pub const FOLDER: &str = "templates";

/// What the file of a template ends with.
const ENDING: &str = ".hbs";

/// A template of one's own says for itself what it makes of each permit.
static OWN: Expresses = Expresses {
    networks: &[crate::catalogue::Kind::Ipv4, crate::catalogue::Kind::Ipv6],
    hosts: &[crate::recipient::EVERY_NAME],
    service_tags: false,
    ranges: true,
};

const OPTION: &str = "--template";

/// Reads the templates that `words` name: formats of ours, files that end in `.hbs`, and those of
/// earlier runs, which are in the folder `out`.
///
/// # Errors
/// Every unknown name, file that can't be read, and template that can't be parsed.
pub fn read(words: Option<&[String]>, out: &Path) -> Result<Vec<Template>> {
    let mut templates: BTreeMap<String, Template> = BTreeMap::new();
    let mut errors = Vec::new();
    for word in words.into_iter().flatten() {
        match read_one(word, out) {
            Ok(template) if templates.contains_key(&template.name) => {
                errors.push(invalid(
                    word,
                    format!("there are two templates `{}`", template.name),
                ));
            }
            Ok(template) => {
                templates.insert(template.name.clone(), template);
            }
            Err(found) => errors.extend(found.into_vec()),
        }
    }
    Errors::unless_none(errors, templates.into_values().collect())
}

fn invalid(value: &str, why: impl Into<String>) -> Error {
    Error::InvalidValue {
        option: OPTION,
        value: value.to_owned(),
        why: why.into(),
    }
}

fn read_one(word: &str, out: &Path) -> Result<Template> {
    if let Some(format) = FORMATS.iter().find(|format| format.name == word) {
        return Ok(Template {
            name: format.name.to_owned(),
            title: format.title.to_owned(),
            kind: Kind::Ours(format),
        });
    }
    let kept = out.join(FOLDER).join(format!("{word}{ENDING}"));
    let path = if word.ends_with(ENDING) {
        PathBuf::from(word)
    } else if is_name(word) && kept.is_file() {
        kept
    } else {
        return Err(Error::UnknownValue {
            option: OPTION,
            value: word.to_owned(),
            known: FORMATS
                .iter()
                .map(|format| format.name.to_owned())
                .chain(["FILE.hbs".to_owned()])
                .collect(),
        }
        .into());
    };
    let file = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let name = file.strip_suffix(ENDING).unwrap_or_default().to_owned();
    let taken = TARGETS.iter().map(|target| target.name);
    let mut taken = taken
        .chain(FORMATS.iter().map(|format| format.name))
        .chain([NONE]);
    if !is_name(&name) {
        return Err(invalid(
            word,
            "a template's file is called `NAME.hbs`, with a name of lower-case letters, digits, `-`, `_` and `.`, 40 characters at most, as in `fortigate.conf.hbs`",
        )
        .into());
    }
    if taken.any(|known| known == name) {
        return Err(invalid(word, format!("`{name}` is a name of ours; rename the file")).into());
    }
    let text = std::fs::read_to_string(&path).map_err(|error| Error::Io {
        action: "read",
        path: path.clone(),
        error,
    })?;
    let text = text
        .strip_prefix(&kept_header())
        .unwrap_or(&text)
        .to_owned();
    let parsed = Parsed::compile(&text).map_err(|error| broken(&path, &error))?;
    let raw = raw_output(&parsed);
    if !raw.is_empty() {
        let errors: Vec<Error> = raw
            .into_iter()
            .map(|(line, column)| Error::Template {
                path: path.clone(),
                line,
                column,
                why: "`{{{…}}}` writes a fact as it is, and it could break out of its place; use `{{…}}`, or a helper that escapes for your format: json, csv, shell".to_owned(),
            })
            .collect();
        return Err(errors.into());
    }
    Ok(Template {
        title: format!("your template `{name}`"),
        name,
        kind: Kind::Own { text, path },
    })
}

/// What stands above a template that the folder keeps.
fn kept_header() -> String {
    format!("{{{{!-- {HEADER} --}}}}\n")
}

/// Lower-case words that are a file's name everywhere.
fn is_name(text: &str) -> bool {
    const LONGEST: usize = 40;
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && !text.contains("..")
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
}

/// Where a template writes without escaping.
fn raw_output(template: &Parsed) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (element, place) in template.elements.iter().zip(&template.mapping) {
        match element {
            TemplateElement::HtmlExpression(_) => found.push((place.0, place.1)),
            TemplateElement::HelperBlock(helper) => {
                let inner = [&helper.template, &helper.inverse];
                found.extend(inner.into_iter().flatten().flat_map(raw_output));
            }
            TemplateElement::DecoratorBlock(decorator)
            | TemplateElement::PartialBlock(decorator) => {
                found.extend(decorator.template.iter().flat_map(raw_output));
            }
            _ => {}
        }
    }
    found
}

fn broken(path: &Path, error: &TemplateError) -> Error {
    let (line, column) = error.pos().unwrap_or((1, 1));
    Error::Template {
        path: path.to_owned(),
        line,
        column,
        why: error.reason().to_string(),
    }
}

/// Whether a run might have written `file` into the folder `name` of a cloud and traffic.
#[must_use]
pub fn might_write(name: &str, file: &str) -> bool {
    match FORMATS.iter().find(|format| format.name == name) {
        Some(format) => match format.output {
            Output::Whole(only) => file == only,
            Output::EachPermit(ending) => file
                .strip_suffix(ending)
                .is_some_and(|key| key.ends_with('.')),
        },
        None => is_name(name) && file == own_file(name),
    }
}

/// Whether a run might have kept `file` in the folder of templates.
#[must_use]
pub fn might_keep(file: &str) -> bool {
    file.strip_suffix(ENDING).is_some_and(is_name)
}

/// What the text of one's own template is called: as the template, if that has an ending.
fn own_file(name: &str) -> String {
    if name.contains('.') {
        name.to_owned()
    } else {
        format!("{name}.txt")
    }
}

impl Template {
    /// Who takes the permits for it.
    #[must_use]
    pub fn recipient(&self) -> Recipient<'_> {
        Recipient {
            name: &self.name,
            title: &self.title,
            is_format: true,
            expresses: match &self.kind {
                Kind::Ours(format) => &format.expresses,
                Kind::Own { .. } => &OWN,
            },
        }
    }

    /// How its files are put to use, if it is one of ours: Markdown.
    #[must_use]
    pub fn usage(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::Ours(format) => Some(format.usage),
            Kind::Own { .. } => None,
        }
    }

    /// The copy of it that the folder keeps, with its path there: one's own only.
    #[must_use]
    pub fn kept(&self) -> Option<(String, String)> {
        match &self.kind {
            Kind::Ours(_) => None,
            Kind::Own { text, .. } => Some((
                format!("{FOLDER}/{}{ENDING}", self.name),
                format!("{}{text}", kept_header()),
            )),
        }
    }

    /// The texts that it makes of `expressed`, by their path in the output folder.
    ///
    /// # Errors
    /// The first error of each rendering, with the template's line, and every text that doesn't say in
    /// its first line that it is generated.
    pub fn render(
        &self,
        expressed: &Expressed,
        clouds: &[Cloud],
        traffics: &[Traffic],
    ) -> Result<BTreeMap<String, String>> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        engine.register_escape_fn(escape::plain);
        helpers::register(&mut engine);
        let mut errors = Vec::new();
        let mut files = BTreeMap::new();
        if let Err(error) = engine.register_template_string(&self.name, self.text()) {
            return Err(broken(&self.path(), &error).into());
        }
        for cloud in clouds {
            for traffic in traffics {
                let sheets = self.sheets(expressed, *cloud, *traffic);
                for (file, sheet) in sheets {
                    match self.text_of(&engine, &file, &sheet) {
                        Ok(text) => {
                            let path = format!("{cloud}/{traffic}/{}/{file}", self.name);
                            files.insert(path, text);
                        }
                        Err(error) => errors.push(error),
                    }
                }
            }
        }
        // What is wrong with a template is mostly wrong everywhere.
        errors.dedup_by_key(|error| error.to_string());
        Errors::unless_none(errors, files)
    }

    fn sheets(
        &self,
        expressed: &Expressed,
        cloud: Cloud,
        traffic: Traffic,
    ) -> Vec<(String, data::Sheet)> {
        let here: Vec<_> = expressed
            .permits
            .iter()
            .filter(|permit| (permit.cloud, permit.traffic) == (cloud, traffic))
            .collect();
        match self.output() {
            Output::Whole(_) if here.is_empty() => Vec::new(),
            Output::Whole(file) => {
                let file = match &self.kind {
                    Kind::Ours(_) => file.to_owned(),
                    Kind::Own { .. } => own_file(&self.name),
                };
                vec![(file, data::Sheet::of(cloud, traffic, &here))]
            }
            Output::EachPermit(ending) => here
                .into_iter()
                .map(|permit| {
                    let file = format!("{}.{ending}", permit.key());
                    (file, data::Sheet::of(cloud, traffic, &[permit]))
                })
                .collect(),
        }
    }

    fn text_of(
        &self,
        engine: &Handlebars<'_>,
        file: &str,
        sheet: &data::Sheet,
    ) -> std::result::Result<String, Error> {
        let text = engine
            .render(&self.name, sheet)
            .map_err(|error| self.failed(&error))?;
        if header::is_ours(file, &text) {
            return Ok(text);
        }
        Err(Error::Template {
            path: self.path(),
            line: 1,
            column: 1,
            why: format!(
                "the first line of `{file}` doesn't say that it is generated, and perimeter365 knows its own files by that; begin the template with a comment of its format that holds `{{{{header}}}}` (in JSON, with the field `generated_by`)"
            ),
        })
    }

    fn failed(&self, error: &RenderError) -> Error {
        let why = match error.reason() {
            RenderErrorReason::MissingVariable(Some(name)) => {
                format!(
                    "there is no `{name}` here; `perimeter365 schema permits` says what there is"
                )
            }
            RenderErrorReason::HelperNotFound(name) => {
                format!("there is no helper `{name}`, but {}", helpers::names())
            }
            reason => reason.to_string(),
        };
        Error::Template {
            path: self.path(),
            line: error.line_no.unwrap_or(1),
            column: error.column_no.unwrap_or(1),
            why,
        }
    }

    fn output(&self) -> Output {
        match &self.kind {
            Kind::Ours(format) => format.output,
            Kind::Own { .. } => Output::Whole(""),
        }
    }

    fn text(&self) -> &str {
        match &self.kind {
            Kind::Ours(format) => format.text,
            Kind::Own { text, .. } => text,
        }
    }

    fn path(&self) -> PathBuf {
        match &self.kind {
            Kind::Ours(format) => PathBuf::from(format.name),
            Kind::Own { path, .. } => path.clone(),
        }
    }
}
