//! `perimeter365 verify`: whether a folder, or a plan of Terraform's, opens exactly what is wanted.

use std::path::Path;

use super::arguments::{Format, VerifyArguments};
use super::{End, Output};
use crate::asked::Asked;
use crate::error::Result;
use crate::verify::plan::Other;
use crate::verify::proof::{Proof, Verdict};
use crate::verify::{self, json, text};

pub fn run(arguments: &VerifyArguments) -> Result<Output> {
    let folder = arguments.folder.as_deref();
    if let Some(plan) = &arguments.plan {
        let (judgement, asked) = verify::verify_plan(plan, folder)?;
        let others = Some(judgement.others.as_slice());
        return Ok(output(
            arguments.format,
            plan,
            &judgement.proof,
            others,
            asked,
        ));
    }
    // Without a plan, clap asks for a folder.
    let folder = folder.unwrap_or(Path::new("."));
    let (proof, asked) = verify::verify(folder)?;
    Ok(output(arguments.format, folder, &proof, None, asked))
}

fn output(
    format: Format,
    subject: &Path,
    proof: &Proof,
    others: Option<&[Other]>,
    asked: Asked,
) -> Output {
    let grounds = asked.grounds();
    let data = match format {
        Format::Text => text::text(&subject.display().to_string(), proof, &grounds, others),
        Format::Json => {
            let value = json::value(proof, &grounds, others);
            let mut text = serde_json::to_string_pretty(&value).expect("values are always JSON");
            text.push('\n');
            text
        }
    };
    Output {
        data,
        warnings: asked.warnings,
        end: match proof.verdict() {
            Verdict::Equal => End::Fine,
            Verdict::Unequal => End::Findings,
            Verdict::CannotTell => End::Failure,
        },
        ..Output::default()
    }
}
