//! Templates as they are asked for: formats of ours, files of the user's, and what a folder keeps of those.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use handlebars::template::{HelperTemplate, Parameter, Template as Parsed, TemplateElement};

use super::{ENDING, FOLDER, FORMATS, Kind, Template, broken, is_name, kept_header};
use crate::catalogue::Kind as Family;
use crate::error::{Error, Errors, Result, quoted};
use crate::file;
use crate::harmless::misleads;
use crate::lock;
use crate::options::NONE;
use crate::recipient::{EVERY_NAME, Expresses};
use crate::target::TARGETS;

const OPTION: &str = "--template";

/// The comment by which a template of one's own says what it takes begins with this.
const TAKES: &str = "takes:";

/// What such a comment can name: what it leaves out is a gap.
const TAKEN: [&str; 4] = ["ipv4", "ipv6", "names", "ranges"];

/// Reads the templates that `words` name: formats of ours, those that the folder `out` keeps, and, unless
/// the words are `remembered`, files that end in `.hbs`.
///
/// # Errors
/// Every unknown name, file that can't be read, and template that can't be parsed.
pub fn read(words: Option<&[String]>, remembered: bool, out: &Path) -> Result<Vec<Template>> {
    let mut templates: BTreeMap<String, Template> = BTreeMap::new();
    let mut errors = Vec::new();
    if words.is_some_and(<[String]>::is_empty) {
        errors.push(invalid(
            "",
            "it is there and names nothing; name one, or leave it out",
        ));
    }
    for word in words.into_iter().flatten() {
        match read_one(word, remembered, out) {
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

fn read_one(word: &str, remembered: bool, out: &Path) -> Result<Template> {
    if let Some(format) = FORMATS.iter().find(|format| format.name == word) {
        return Ok(Template {
            name: format.name.to_owned(),
            title: format.title.to_owned(),
            kind: Kind::Ours(format),
        });
    }
    let kept = out.join(FOLDER).join(format!("{word}{ENDING}"));
    let path = if word.ends_with(ENDING) && !remembered {
        PathBuf::from(word)
    } else if is_name(word) && kept.is_file() {
        kept
    } else if remembered {
        return Err(Error::Malformed {
            path: kept,
            why: format!(
                "it is not there, and `{}` remembers the template `{}`",
                lock::FILE,
                word.escape_debug()
            ),
            mend: "restore it from version control, or name its file again with `--template`"
                .to_owned(),
        }
        .into());
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
    let ours = TARGETS.iter().map(|target| target.name);
    let mut ours = ours
        .chain(FORMATS.iter().map(|format| format.name))
        .chain([NONE, FOLDER]);
    if !is_name(&name) {
        return Err(invalid(
            word,
            "a template's file is called `NAME.hbs`, with a name of lower-case letters, digits, `-`, `_` and `.`, 40 characters at most, as in `fortigate.conf.hbs`; no device of Windows such as `nul`",
        )
        .into());
    }
    if ours.any(|known| known == name) {
        return Err(invalid(word, format!("`{name}` is a name of ours; rename the file")).into());
    }
    Template::own(&name, &path, &read_file(&path)?)
}

impl Template {
    /// The user's own template that `text` is; errors call it `path`.
    ///
    /// # Errors
    /// When it can't be parsed, or does what no template of rules may do.
    pub fn own(name: &str, path: &Path, text: &str) -> Result<Self> {
        shows_what_it_is(path, text)?;
        let text = text.strip_prefix(&kept_header()).unwrap_or(text).to_owned();
        let parsed = parse(path, &text)?;
        let takes = what_it_takes(&parsed).map_err(|why| Error::Template {
            path: path.to_owned(),
            line: 1,
            column: 1,
            why,
        })?;
        Ok(Self {
            name: name.to_owned(),
            title: format!("your template `{name}`"),
            kind: Kind::Own {
                text,
                path: path.to_owned(),
                takes,
            },
        })
    }
}

/// More than any list of rules needs, and little enough for the parser.
const MOST_BYTES: u64 = 1 << 16;

/// Nobody reads deeper, and the stack ends somewhere.
const DEEPEST: usize = 50;

fn read_file(path: &Path) -> Result<String> {
    let failed = |error| file::unread(path, error);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err(Error::Malformed {
            path: path.to_owned(),
            why: format!("a template is a file of at most {MOST_BYTES} bytes"),
            mend: "name such a file".to_owned(),
        }
        .into());
    }
    Ok(file::text(path).map_err(failed)?)
}

/// Refuses what a reviewer of the template would not see, or would see in another order.
fn shows_what_it_is(path: &Path, text: &str) -> Result<()> {
    let mut errors = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let found = line.chars().position(|c| misleads(c) && c != '\t');
        errors.extend(found.map(|at| Error::Template {
            path: path.to_owned(),
            line: index + 1,
            column: at + 1,
            why: "a character that can't be seen, or that turns round what follows, stands here; take it out".to_owned(),
        }));
    }
    Errors::unless_none(errors, ())
}

/// As many lists gone through within each other take seconds over all permits, and one more minutes.
const MOST_LOOPS: usize = 4;

/// A stack that the deepest text of [`MOST_BYTES`] doesn't fill; what isn't used of it costs nothing.
const STACK: usize = 512 << 20;

fn parse(path: &Path, text: &str) -> Result<Parsed> {
    std::thread::scope(|scope| {
        let parse = || {
            if let Some(at) = too_deep(text) {
                return Err(nested(path, text, at).into());
            }
            let parsed = Parsed::compile(text).map_err(|error| broken(path, &error))?;
            let refused = |why| Error::Template {
                path: path.to_owned(),
                line: 1,
                column: 1,
                why,
            };
            if depth(&parsed, &|_| true) > DEEPEST {
                let why = format!(
                    "more than {DEEPEST} blocks stand in each other, each `{{{{else if}}}}` among them"
                );
                return Err(refused(why).into());
            }
            if depth(&parsed, &is_loop) > MOST_LOOPS {
                let why = format!(
                    "more than {MOST_LOOPS} `{{{{#each}}}}` stand in each other, which might take for ever; choose what each goes through by `by_family`, `by_role` or `lookup`"
                );
                return Err(refused(why).into());
            }
            let mut errors = Vec::new();
            refuse(&parsed, path, &mut errors);
            Errors::unless_none(errors, parsed)
        };
        let thread = std::thread::Builder::new().stack_size(STACK);
        let parsed = thread
            .spawn_scoped(scope, parse)
            .map_err(|error| Error::Io {
                action: "read",
                path: path.to_owned(),
                error,
            })?;
        parsed
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Where more than [`DEEPEST`] calls stand in each other within one `{{…}}`: the parser would end with the stack.
fn too_deep(text: &str) -> Option<usize> {
    // Outside of `{{…}}` it is mere text.
    let (mut deep, mut is_inside) = (0_usize, false);
    for (at, pair) in text.as_bytes().windows(2).enumerate() {
        match pair {
            b"{{" | b"}}" => (deep, is_inside) = (0, pair == b"{{"),
            [b'(', _] if is_inside => deep += 1,
            [b')', _] => deep = deep.saturating_sub(1),
            _ => {}
        }
        if deep > DEEPEST {
            return Some(at);
        }
    }
    None
}

fn nested(path: &Path, text: &str, at: usize) -> Error {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    Error::Template {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[start..].chars().count() + 1,
        why: format!("more than {DEEPEST} calls stand in each other"),
    }
}

/// How many blocks that count stand in each other at most.
fn depth(template: &Parsed, counts: &dyn Fn(&HelperTemplate) -> bool) -> usize {
    let blocks = template
        .elements
        .iter()
        .filter_map(|element| match element {
            TemplateElement::HelperBlock(helper) => {
                let inner = [&helper.template, &helper.inverse];
                let inner = inner.into_iter().flatten();
                let inner = inner.map(|inner| depth(inner, counts)).max();
                Some(usize::from(counts(helper)) + inner.unwrap_or(0))
            }
            _ => None,
        });
    blocks.max().unwrap_or(0)
}

fn is_loop(block: &HelperTemplate) -> bool {
    matches!(&block.name, Parameter::Name(name) if name == "each")
}

/// Collects what no template of rules may do: write a fact as it is, and call itself.
fn refuse(template: &Parsed, path: &Path, errors: &mut Vec<Error>) {
    for (index, element) in template.elements.iter().enumerate() {
        // Some elements of an `{{else if}}` have no place.
        let (line, column) = template
            .mapping
            .get(index)
            .map_or((1, 1), |place| (place.0, place.1));
        let mut refused = |why: &str| {
            errors.push(Error::Template {
                path: path.to_owned(),
                line,
                column,
                why: why.to_owned(),
            });
        };
        match element {
            TemplateElement::HtmlExpression(_) => refused(
                "`{{{…}}}` writes a fact as it is, and it could break out of its place; use `{{…}}`, or a helper that escapes for your format: json, csv, shell",
            ),
            TemplateElement::DecoratorExpression(_)
            | TemplateElement::DecoratorBlock(_)
            | TemplateElement::PartialExpression(_)
            | TemplateElement::PartialBlock(_) => {
                refused("there are no partials and no decorators; write out what they would hold");
            }
            TemplateElement::HelperBlock(helper) => {
                for inner in [&helper.template, &helper.inverse].into_iter().flatten() {
                    refuse(inner, path, errors);
                }
            }
            TemplateElement::RawString(_)
            | TemplateElement::Expression(_)
            | TemplateElement::Comment(_) => {}
            _ => refused("this kind of expression is not known here"),
        }
    }
}

/// What a template says that it takes, in a comment such as `{{!-- takes: ipv4 names --}}`; everything, if
/// it says nothing.
fn what_it_takes(parsed: &Parsed) -> std::result::Result<Expresses, String> {
    let mut words: Vec<String> = Vec::new();
    for comment in comments(parsed) {
        let text = comment.trim_matches(|c: char| c == '-' || c.is_whitespace());
        let Some(named) = text.strip_prefix(TAKES) else {
            if text.to_lowercase().starts_with("takes") || text.to_lowercase().contains(TAKES) {
                return Err(format!(
                    "a comment that says what the template takes stands alone and begins with `{TAKES}`, as in `{{{{!-- takes: ipv4 names --}}}}`"
                ));
            }
            continue;
        };
        let named: Vec<String> = named.split_whitespace().map(str::to_owned).collect();
        if named.is_empty() {
            return Err(format!(
                "it takes nothing; what there is to take is {}",
                quoted(&TAKEN)
            ));
        }
        words.extend(named);
    }
    if let Some(word) = words.iter().find(|word| !TAKEN.contains(&word.as_str())) {
        return Err(format!(
            "it takes `{}`, and what there is to take is {}",
            word.escape_debug(),
            quoted(&TAKEN)
        ));
    }
    let is_taken = |word: &str| words.is_empty() || words.iter().any(|known| known == word);
    Ok(Expresses {
        networks: match (is_taken("ipv4"), is_taken("ipv6")) {
            (true, true) => &[Family::Ipv4, Family::Ipv6],
            (true, false) => &[Family::Ipv4],
            (false, true) => &[Family::Ipv6],
            (false, false) => &[],
        },
        hosts: if is_taken("names") {
            &[EVERY_NAME]
        } else {
            &[]
        },
        service_tags: false,
        ranges: is_taken("ranges"),
    })
}

/// Every comment, wherever it stands.
fn comments(template: &Parsed) -> Vec<&str> {
    let mut found = Vec::new();
    for element in &template.elements {
        match element {
            TemplateElement::Comment(text) => found.push(text.as_str()),
            TemplateElement::HelperBlock(helper) => {
                let inner = [&helper.template, &helper.inverse];
                found.extend(inner.into_iter().flatten().flat_map(comments));
            }
            _ => {}
        }
    }
    found
}
