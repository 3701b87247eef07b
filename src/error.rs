//! What can go wrong, as data; the text stands in one `Display`.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::catalogue::Cloud;
use crate::harmless::message;

/// Every problem of one stage: a run reports them all, not only the first.
#[derive(Debug)]
pub struct Errors(Vec<Error>);

/// The result of a stage.
pub type Result<T> = std::result::Result<T, Errors>;

impl Errors {
    /// `value` if nothing went wrong, else all that did.
    ///
    /// # Errors
    /// `problems`, unless there are none.
    pub fn unless_none<T>(problems: Vec<Error>, value: T) -> Result<T> {
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(Self(problems))
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Error> {
        self.0.iter()
    }

    /// The problems themselves, to be reported together with others.
    #[must_use]
    pub fn into_vec(self) -> Vec<Error> {
        self.0
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl From<Vec<Error>> for Errors {
    fn from(errors: Vec<Error>) -> Self {
        Self(errors)
    }
}

/// One problem: what, where, the offending value, what mends it.
#[derive(Debug)]
pub enum Error {
    /// An option's value is none of those that exist.
    UnknownValue {
        option: &'static str,
        value: String,
        known: Vec<String>,
    },
    /// An option's value is not of the right form, or not right here.
    InvalidValue {
        option: &'static str,
        value: String,
        why: String,
    },
    /// A catalogue or a facts file holds something that must not pass.
    Catalogue {
        document: String,
        place: String,
        why: String,
    },
    /// A file is not what it should be.
    Malformed {
        path: PathBuf,
        why: String,
        mend: String,
    },
    /// A token of an article that can't be what it should be.
    Token {
        path: PathBuf,
        /// From 1, both.
        line: usize,
        row: u16,
        token: String,
        why: String,
    },
    /// A template can't be parsed or rendered.
    Template {
        path: PathBuf,
        /// From 1, both.
        line: usize,
        column: usize,
        why: String,
    },
    /// A renewed range would lose too much to be believed.
    RangeShrinks {
        range: String,
        cloud: Cloud,
        file: PathBuf,
        why: String,
    },
    /// New facts would take too much of a set away, or widen it.
    Valve {
        set: String,
        cloud: Cloud,
        why: String,
    },
    /// More than a target takes.
    Limit {
        place: String,
        rule: String,
        found: usize,
        limit: usize,
        source: &'static str,
        mend: String,
    },
    /// A file that the program did not write stands where it would write.
    NotOurs { path: PathBuf },
    /// Not a problem of its own: where options come from that nobody gave this time.
    Remembered { path: PathBuf, arguments: String },
    /// A symbolic link would lead out of the output folder.
    Link { path: PathBuf },
    /// The program contradicts itself; nothing was written.
    Bug { what: String },
    /// The operating system refused.
    Io {
        action: &'static str,
        path: PathBuf,
        error: io::Error,
    },
}

/// As much of a token as tells which one it is. Unit: characters.
const LONGEST_TOKEN: usize = 200;

impl Error {
    /// What is wrong at a line of a text.
    fn fmt_place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token {
                path,
                line,
                row,
                token,
                why,
            } => write!(
                f,
                "`{}`, line {line}, row {row}: `{}`: {why}",
                path.display(),
                token
                    .chars()
                    .take(LONGEST_TOKEN)
                    .collect::<String>()
                    .escape_debug()
            ),
            Self::Template {
                path,
                line,
                column,
                why,
            } => write!(
                f,
                "`{}`, line {line}, column {column}: {why}",
                path.display()
            ),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    /// One line, whatever stands in a value, a path or a file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&message(&Said(self).to_string()))
    }
}

/// What a problem says, with other people's texts as they are.
struct Said<'a>(&'a Error);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt_said(f)
    }
}

impl Error {
    fn fmt_said(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownValue {
                option,
                value,
                known,
            } => {
                write!(f, "`{option}` does not know `{}`", value.escape_debug())?;
                match nearest(value, known) {
                    Some(near) => write!(f, "; did you mean `{near}`?"),
                    None if known.len() > 8 => {
                        f.write_str("; `perimeter365 list` shows what there is")
                    }
                    None => write!(f, "; it takes {}", quoted(known)),
                }
            }
            Self::InvalidValue { option, value, why } if value.is_empty() => {
                write!(f, "`{option}`: {why}")
            }
            Self::InvalidValue { option, value, why } => {
                write!(f, "`{option} {}`: {why}", value.escape_debug())
            }
            Self::Catalogue {
                document,
                place,
                why,
            } => write!(f, "{document}: `{}`: {why}", place.escape_debug()),
            Self::Malformed { path, why, mend } => {
                write!(f, "`{}`: {why}; {mend}", path.display())
            }
            Self::Token { .. } | Self::Template { .. } => self.fmt_place(f),
            Self::RangeShrinks {
                range,
                cloud,
                file,
                why,
            } => write!(
                f,
                "`{}` would renew the range `{range}` of `{cloud}` with {why}; if that is right, add `--accept {range}`",
                file.display()
            ),
            Self::Valve { set, cloud, why } => write!(
                f,
                "`{set}` of {cloud} {why}; if that is right, add `--accept {set}`"
            ),
            Self::Limit {
                place,
                rule,
                found,
                limit,
                source,
                mend,
            } => write!(
                f,
                "{place}: {found} {rule}, and the limit is {limit} ({source}); {mend}"
            ),
            Self::NotOurs { path } => write!(
                f,
                "`{}` was not written by perimeter365 and stands where it would write; move it away, or choose another `--out`; if it is an old output that lost its first line, delete it",
                path.display()
            ),
            Self::Remembered { path, arguments } => write!(
                f,
                "`{}` remembers `{arguments}`; an option given again replaces what it remembers",
                path.display()
            ),
            Self::Link { path } => write!(
                f,
                "`{}` is a symbolic link, and perimeter365 writes only below `--out`; replace it with what it leads to, or remove it",
                path.display()
            ),
            Self::Bug { what } => write!(
                f,
                "this is a bug in perimeter365: {what}; please report it with the command that you ran"
            ),
            Self::Io {
                action,
                path,
                error,
            } => write!(f, "cannot {action} `{}`: {error}", path.display()),
        }
    }
}

/// As many problems of one file as anybody mends in one go; more would only fill memory and screen.
pub const MOST: usize = 1000;

/// Texts in backticks, joined by commas.
pub fn quoted<T: fmt::Display>(texts: &[T]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(", ")
}

/// `1 set`, `2 sets`.
#[must_use]
pub fn plural(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

/// The known word that `value` was probably meant to be.
#[must_use]
pub fn nearest<'a>(value: &str, known: &'a [String]) -> Option<&'a String> {
    /// Below this similarity (0 to 1) a suggestion confuses more than it helps.
    const SIMILAR: f64 = 0.75;
    known
        .iter()
        .map(|word| (strsim::jaro_winkler(value, word), word))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
