//! `perimeter365 verify`: whether a folder, or a plan of Terraform's, opens exactly what is wanted.

use std::path::Path;

use super::arguments::{Format, VerifyArguments};
use super::{End, Output};
use crate::error::Result;
use crate::harmless;
use crate::verify::proof::Verdict;
use crate::verify::{json, text, verify, verify_plan};

pub fn run(arguments: &VerifyArguments) -> Result<Output> {
    let folder = arguments.folder.as_deref();
    let (subject, verified) = match (&arguments.plan, folder) {
        (Some(plan), _) => (plan.as_path(), verify_plan(plan, folder)?),
        // Without a plan, clap asks for a folder.
        (None, folder) => {
            let folder = folder.unwrap_or(Path::new("."));
            (folder, verify(folder)?)
        }
    };
    let data = match arguments.format {
        Format::Text => text::text(&harmless::path(subject), &verified),
        Format::Json => json::text(&verified),
    };
    Ok(Output {
        data,
        end: match verified.proof.verdict() {
            Verdict::Equal => End::Fine,
            Verdict::Unequal => End::Findings,
            Verdict::CannotTell => End::Failure,
        },
        warnings: verified.warnings,
        ..Output::default()
    })
}
