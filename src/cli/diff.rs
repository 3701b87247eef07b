//! `perimeter365 diff`: what differs in meaning.

use super::arguments::{DiffArguments, DiffFormat};
use super::{End, Output};
use crate::diff::json::json;
use crate::diff::markdown::markdown;
use crate::diff::side::compare_named;
use crate::diff::text::text;
use crate::error::Result;

pub fn run(arguments: &DiffArguments) -> Result<Output> {
    let comparison = compare_named(&arguments.old, &arguments.new)?;
    let data = match arguments.format {
        DiffFormat::Text => text(&comparison),
        DiffFormat::Json => json(&comparison),
        DiffFormat::Markdown => markdown(&comparison),
    };
    Ok(Output {
        data,
        warnings: Vec::new(),
        end: End::of(arguments.detailed_exitcode && !comparison.diff.is_empty()),
        ..Output::default()
    })
}
