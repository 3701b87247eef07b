//! `perimeter365 import article`.

use std::fmt::Write;
use std::path::Path;

use super::{against, json, read, write};
use crate::catalogue::Catalogue;
use crate::catalogue::document::Document;
use crate::cli::arguments::ArticleArguments;
use crate::cli::{End, Output};
use crate::diff::{account, compare};
use crate::error::{Error, Errors, Result, plural};
use crate::harmless;
use crate::render::header;
use crate::shell;
use crate::source::article::{self, Article};
use crate::source::catalogues::CatalogueFile;
use crate::source::digest::sha256;
use crate::source::embedded;

pub fn run(arguments: &ArticleArguments) -> Result<Output> {
    let known = embedded::read()?;
    let mut errors = Vec::new();
    let imported = import(arguments, &known).map_err(|found| errors.extend(found.into_vec()));
    let against = against(&arguments.against).map_err(|found| errors.extend(found.into_vec()));
    let (Ok((name, article)), Ok(mut against)) = (imported, against) else {
        return Err(errors.into());
    };
    let document = Document::of(&article.catalogue, &article.source);
    let text = json(&document);
    let digest = sha256(text.as_bytes());
    // What is written has to be what `generate --catalogue` takes.
    let mut facts = CatalogueFile::new(&name, document, digest)?.facts;
    facts.complete_ranges(&known);
    against.complete_ranges(&known);
    let diff = compare(&against, &facts);
    let findings = diff.lacks().next().is_some();
    let warnings = warnings(&name, &article);
    let mut report = summary(&article);
    let account = account(&diff);
    let against = &arguments.against;
    let _ = if account.is_empty() {
        writeln!(report, "It lacks and adds nothing against `{against}`.")
    } else {
        write!(report, "Against `{against}`, it\n{account}")
    };
    let (data, talk) = match &arguments.out {
        None => (text, report),
        Some(out) => {
            write(out, &text)?;
            (written(out, &report), String::new())
        }
    };
    Ok(Output {
        data,
        warnings,
        talk,
        end: End::of(findings),
    })
}

/// Reads the edition, and refuses one that must not pass.
fn import(arguments: &ArticleArguments, known: &Catalogue) -> Result<(String, Article)> {
    let (path, bytes) = read(&arguments.file)?;
    let malformed = |why: String| {
        Error::Malformed {
        path: path.clone(),
        why,
        mend: "it should be the article as Markdown, as the page that a browser saves, or as the text of that page".to_owned(),
    }
    };
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        Errors::from(malformed(format!("line {line}: it is no text in UTF-8")))
    })?;
    if header::is_ours(&path.display().to_string(), text) {
        return Err(malformed("perimeter365 wrote it itself".to_owned()).into());
    }
    article::measure(text).map_err(|why| Errors::from(malformed(why)))?;
    let article = article::read(text, known).ok_or_else(|| {
        Errors::from(malformed(
            "it has no table with a row that is known".to_owned(),
        ))
    })?;
    Errors::unless_none(refusals(&path, &article, arguments.strict), ())?;
    Ok((path.display().to_string(), article))
}

/// Every token that must not pass; with `strict`, those that were mended, too.
fn refusals(path: &Path, article: &Article, strict: bool) -> Vec<Error> {
    let flaws = article.flaws.iter().map(|flaw| Error::Token {
        path: path.to_owned(),
        line: flaw.line,
        row: flaw.row,
        token: flaw.token.clone(),
        why: flaw.why.clone(),
    });
    let mends = article.mends.iter().filter(|_| strict);
    let mends = mends.map(|mend| Error::Token {
        path: path.to_owned(),
        line: mend.line,
        row: mend.row,
        token: mend.before.clone(),
        why: format!(
            "it would be read as `{}`, and `--strict` takes nothing that has to be mended",
            mend.after
        ),
    });
    let mut errors: Vec<Error> = flaws.chain(mends).collect();
    if !errors.is_empty() {
        errors.push(Error::Malformed {
            path: path.to_owned(),
            why: format!(
                "{} must not pass, and nothing is written",
                plural(errors.len(), "token")
            ),
            mend: "take another edition, or correct them in a copy by the English one".to_owned(),
        });
    }
    errors
}

/// What was mended, and what else a reader should know.
fn warnings(name: &str, article: &Article) -> Vec<String> {
    let mends = article.mends.iter().map(|mend| {
        format!(
            "`{name}`, line {}, row {}: `{}` is read as `{}`",
            mend.line,
            mend.row,
            mend.before.escape_debug(),
            mend.after
        )
    });
    let fresh = article.fresh.iter().map(|key| {
        format!("`{name}`: `{key}` is a row that matches no known set; read it, and give it a title, roles and clouds")
    });
    let notes = article.notes.iter().map(|note| format!("`{name}`: {note}"));
    mends.chain(notes).chain(fresh).collect()
}

fn summary(article: &Article) -> String {
    let source = &article.source;
    format!(
        "{} endpoint sets, language {}, edition {}\n",
        article.catalogue.sets.len(),
        source.language,
        source.edition
    )
}

fn written(out: &Path, report: &str) -> String {
    format!(
        "{}: {report}\nNext: perimeter365 generate --out DIR --catalogue {}\n",
        harmless::path(out),
        shell::word(&out.to_string_lossy())
    )
}
