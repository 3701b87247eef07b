//! `perimeter365 explain`: who needs an address or a name, and where it is open.

use super::arguments::{ExplainArguments, Format};
use super::{End, Output};
use crate::asked::{Asked, asked};
use crate::catalogue::{Catalogue, Cloud};
use crate::error::{Errors, Result};
use crate::explain::answer::Answer;
use crate::explain::question::Question;
use crate::explain::text::text;
use crate::explain::{Folder, explain};
use crate::harmless;
use crate::options::{Filter, Options, Words};
use crate::source::embedded;
use crate::verify::files;
use crate::verify::folder::read;
use crate::verify::opening::Found;
use crate::verify::proof::Obstacle;
use crate::write::Guard;

pub fn run(arguments: &ExplainArguments) -> Result<Output> {
    let mut errors = Vec::new();
    let question = Question::parse(&arguments.subject, arguments.port.as_deref());
    let question = question.map_err(|found| errors.extend(found.into_vec()));
    let facts = facts(arguments).map_err(|found| errors.extend(found.into_vec()));
    let (Ok(question), Ok(facts)) = (question, facts) else {
        return Err(Errors::from(errors));
    };
    let Facts {
        catalogue,
        options,
        clouds,
        rows,
        warnings,
    } = facts;
    let asked = (&catalogue, &options);
    let folder = rows.as_ref().map(|rows| Folder {
        path: &rows.path,
        found: &rows.found,
        texts: &rows.texts,
    });
    let answer = explain(asked, folder, &clouds, &question);
    Ok(Output {
        data: match arguments.format {
            Format::Text => text(&answer),
            Format::Json => json(&answer),
        },
        warnings,
        end: End::of(!answer.is_found()),
        ..Output::default()
    })
}

/// What is asked, and under which options.
struct Facts {
    catalogue: Catalogue,
    options: Options,
    clouds: Vec<Cloud>,
    rows: Option<Rows>,
    warnings: Vec<String>,
}

/// What stands in a folder.
struct Rows {
    path: String,
    found: Vec<Found>,
    texts: Vec<String>,
}

fn facts(arguments: &ExplainArguments) -> Result<Facts> {
    let words = Words {
        cloud: arguments.cloud.clone(),
        ..Words::default()
    };
    let Some(folder) = &arguments.folder else {
        let catalogue = embedded::read()?;
        return Ok(Facts {
            options: Options::parse(&Words::default(), &catalogue)?,
            clouds: Filter::parse(&words, &catalogue)?.clouds,
            catalogue,
            rows: None,
            warnings: Vec::new(),
        });
    };
    let _guard = Guard::to_read(folder);
    let Asked {
        catalogue,
        options,
        words: remembered,
        mut warnings,
    } = asked(folder)?;
    let (files, unreadable) = read(folder);
    let (found, obstacles) = files::read(&files, &catalogue, &options);
    let path = harmless::path(folder);
    let path = path.trim_end_matches('/').to_owned();
    let untold = unreadable.iter().chain(&obstacles);
    warnings.extend(untold.map(
        |Obstacle {
             site, why, mend, ..
         }| {
            format!("`{path}/{site}`: {why}, and so what is open may be another thing; {mend}")
        },
    ));
    Ok(Facts {
        clouds: Filter::parse(&words, &catalogue)?.clouds,
        catalogue,
        options,
        rows: Some(Rows {
            path,
            found,
            texts: remembered.template.unwrap_or_default(),
        }),
        warnings,
    })
}

fn json(answer: &Answer) -> String {
    harmless::json(answer)
}
