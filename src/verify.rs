//! Proves that what stands somewhere opens exactly what is wanted, or says what differs.
//!
//! ```text
//! catalogue, overlays, options → wanted ─┐
//!                                        ├→ compare → proof
//! rows of a folder, or a plan  → found ──┘
//! ```
//!
//! Nothing here shares a line with the steps that select, resolve, express, plan and render: what they
//! would get wrong would else be wrong in the proof, too.

pub mod addresses;
mod call;
pub mod compare;
pub mod files;
pub mod folder;
pub mod grounds;
mod home;
pub mod json;
mod manifest;
pub mod numbers;
pub mod opening;
mod outside;
pub mod plan;
pub mod proof;
mod root;
pub mod rows;
pub mod text;
pub mod wanted;

use std::path::Path;

use crate::asked::{asked, unasked};
use crate::error::{Errors, Result};
use crate::file;
use crate::lock;
use crate::write::Guard;
use grounds::Grounds;
use numbers::Numbers;
use plan::{Judge, Judgement, Other};
use proof::{Obstacle, Proof};
use wanted::wanted;

/// A proof, and what a reader needs to know beside it.
#[derive(Debug)]
pub struct Verified {
    pub proof: Proof,
    /// Of a plan: the network rules that aren't of our modules.
    pub others: Option<Vec<Other>>,
    pub grounds: Grounds,
    pub warnings: Vec<String>,
}

/// Proves that the folder `path` opens exactly what its facts and options ask for, or says what differs.
///
/// # Errors
/// When the program wrote nothing there, or what the folder remembers is damaged or lost.
pub fn verify(path: &Path) -> Result<Verified> {
    let _guard = Guard::to_read(path);
    let asked = asked(path)?;
    let (files, unreadable) = folder::read(path);
    let wanted = wanted(&asked.catalogue, &asked.options);
    let mut proof = files::prove(&files, &wanted, &asked.options);
    proof.obstacles.extend(unreadable);
    if proof.places.is_empty() {
        proof.obstacles.push(Obstacle::of(
            &path.display().to_string(),
            "it has nothing that Terraform reads, so there is nothing to prove",
            "texts are compared by `generate --check`",
        ));
    }
    proof.obstacles.sort_unstable();
    // A link above many folders is in the way of each.
    proof.obstacles.dedup();
    if let Some(templates) = &asked.words.template {
        proof.outside.push(format!(
            "the texts of {}: they can't be read back; `generate --check` compares them byte for byte",
            crate::error::quoted(templates)
        ));
    }
    Ok(Verified {
        proof,
        others: None,
        grounds: Grounds::of(&asked, &wanted),
        warnings: asked.warnings,
    })
}

/// Proves that a plan or a state of Terraform's, as `terraform show -json` writes it to the file `plan`, opens exactly what
/// the folder `path` was asked for. Without `path` that is the folder which the file stands in, or the only one beside it;
/// where there is none, what the default options ask for in every cloud and traffic.
///
/// # Errors
/// When the file can't be read or is no plan, or the folder can't be what was asked for.
pub fn verify_plan(plan: &Path, path: Option<&Path>) -> Result<Verified> {
    let own = home::folder_of(plan);
    let path = path.map(Path::to_owned).or(own);
    let asked = match &path {
        Some(path) => asked(path),
        None => unasked(),
    };
    let bytes = file::given(plan).map_err(|error| Errors::from(file::unread(plan, error)));
    let (mut asked, bytes) = match (asked, bytes) {
        (Ok(asked), Ok(bytes)) => (asked, bytes),
        (asked, bytes) => {
            let errors = [asked.err(), bytes.err()].into_iter().flatten();
            return Err(errors.flat_map(Errors::into_vec).collect::<Vec<_>>().into());
        }
    };
    let numbers = path.as_ref().and_then(|path| {
        let text = file::text(&path.join(lock::FILE)).ok()?;
        Numbers::read(&text).ok()
    });
    if path.is_none() {
        asked.warnings.push(format!(
            "`{}` stands in no folder that perimeter365 wrote: it is held against all that the embedded facts ask for by default, in every cloud and for all traffic; name the folder for what that asks for",
            plan.display()
        ));
    }
    let wanted = wanted(&asked.catalogue, &asked.options);
    let by = Judge {
        wanted: &wanted,
        numbers: numbers.as_ref(),
    };
    let Judgement { proof, others } = plan::judge(&plan.display().to_string(), &bytes, &by)?;
    Ok(Verified {
        proof,
        others: Some(others),
        grounds: Grounds::of(&asked, &wanted),
        warnings: asked.warnings,
    })
}
