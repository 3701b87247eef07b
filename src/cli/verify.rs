//! `perimeter365 verify`: whether a folder opens exactly what is wanted.

use super::arguments::{Format, VerifyArguments};
use super::{End, Output};
use crate::asked::Grounds;
use crate::error::Result;
use crate::verify::proof::{Proof, Verdict};
use crate::verify::{self, json, text};

pub fn run(arguments: &VerifyArguments) -> Result<Output> {
    let (proof, asked) = verify::verify(&arguments.folder)?;
    let grounds = asked.grounds();
    let data = match arguments.format {
        Format::Text => text::text(&arguments.folder.display().to_string(), &proof, &grounds),
        Format::Json => printed(&proof, &grounds),
    };
    Ok(Output {
        data,
        warnings: asked.warnings,
        end: end(&proof),
        ..Output::default()
    })
}

fn printed(proof: &Proof, grounds: &Grounds) -> String {
    let mut text =
        serde_json::to_string_pretty(&json::value(proof, grounds)).expect("values are always JSON");
    text.push('\n');
    text
}

const fn end(proof: &Proof) -> End {
    match proof.verdict() {
        Verdict::Equal => End::Fine,
        Verdict::Unequal => End::Findings,
        Verdict::CannotTell => End::Failure,
    }
}
