//! Rules as text, for firewalls that Terraform doesn't write: permits go through a template, one of
//! ours or of the user's own.

pub mod data;
pub(crate) mod escape;
mod formats;
mod helpers;
mod read;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use handlebars::{Handlebars, RenderError, RenderErrorReason, TemplateError};

use crate::catalogue::{Cloud, Traffic, is_device};
use crate::error::{Error, Errors, Result};
use crate::express::Expressed;
use crate::recipient::{Expresses, Recipient};
use crate::render::header::{self, HEADER};
pub use formats::FORMATS;
pub use read::read;

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
    /// As of a target.
    pub caveats: &'static [&'static str],
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
    /// The user's own: its text, where it was read, and what it takes.
    Own {
        text: String,
        path: PathBuf,
        takes: Expresses,
    },
}

/// Where a folder keeps the user's templates.
pub const FOLDER: &str = "templates";

/// What the file of a template ends with.
const ENDING: &str = ".hbs";

/// What stands above a template that the folder keeps.
fn kept_header() -> String {
    format!("{{{{!-- {HEADER} --}}}}\n")
}

/// Lower-case words that are a file's name everywhere, on Windows too.
fn is_name(text: &str) -> bool {
    const LONGEST: usize = 40;
    text.len() <= LONGEST
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && !text.contains("..")
        && !is_device(text)
        && !text.ends_with(ENDING)
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b))
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

/// Whether a run might have written `text` as `file` into the folder `name` of a cloud and traffic.
#[must_use]
pub fn might_write(name: &str, file: &str, text: &str) -> bool {
    match FORMATS.iter().find(|format| format.name == name) {
        Some(format) => match format.output {
            Output::Whole(only) => file == only,
            Output::EachPermit(ending) => {
                let key = file
                    .strip_suffix(ending)
                    .and_then(|key| key.strip_suffix('.'));
                // The second line says which permit it is of: a copy has another name.
                let second = text.lines().nth(1).unwrap_or_default();
                key.is_some_and(|key| second.contains(&format!(" {key}: ")))
            }
        },
        None => is_name(name) && file == own_file(name),
    }
}

/// What the text of one's own template is called: as the template, if that has an ending.
fn own_file(name: &str) -> String {
    if name.contains('.') {
        name.to_owned()
    } else {
        format!("{name}.txt")
    }
}

/// What a text may have at most, in bytes: far beyond any, and short of what fills a disk.
const LONGEST: usize = 64 << 20;

/// A text that doesn't grow for ever.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::Error::other(format!(
                "the text is longer than {LONGEST} bytes"
            )));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
            is_own: self.is_own(),
            expresses: match &self.kind {
                Kind::Ours(format) => &format.expresses,
                Kind::Own { takes, .. } => takes,
            },
        }
    }

    /// Whether it is the user's own, who answers for what it writes.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self.kind, Kind::Own { .. })
    }

    /// What a reader of the output should know before relying on its texts.
    #[must_use]
    pub fn caveats(&self) -> &'static [&'static str] {
        match &self.kind {
            Kind::Ours(format) => format.caveats,
            Kind::Own { .. } => &[],
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
        engine.register_escape_fn(escape::escape);
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
        let whole = |file| vec![(file, data::Sheet::of(cloud, traffic, &here))];
        let output = match &self.kind {
            Kind::Ours(format) => format.output,
            Kind::Own { .. } => return whole(own_file(&self.name)),
        };
        match output {
            Output::Whole(file) => whole(file.to_owned()),
            Output::EachPermit(ending) => here
                .iter()
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
        escape::begin();
        let mut output = Bounded(Vec::new());
        engine
            .render_to_write(&self.name, sheet, &mut output)
            .map_err(|error| self.failed(&error))?;
        let text = String::from_utf8_lossy(&output.0).into_owned();
        if escape::saw_a_whole_list() {
            return Err(Error::Template {
                path: self.path(),
                line: 1,
                column: 1,
                why: "it writes a list or an object as a whole; go through it with `{{#each}}`, or write it with `join` or `json`".to_owned(),
            });
        }
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
            RenderErrorReason::MissingVariable(Some(name)) if helpers::is_one(name) => {
                format!("`{name}` is a helper, which stands in parentheses here: `({name} …)`")
            }
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
