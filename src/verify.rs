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
pub mod hcl;
pub mod json;
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

use crate::asked::{Asked, asked};
use crate::error::Result;
use crate::write::Guard;
use proof::Proof;

/// Proves that the folder `path` opens exactly what its facts and options ask for, or says what differs.
///
/// # Errors
/// When the program wrote nothing there, or what the folder remembers is damaged or lost.
pub fn verify(path: &Path) -> Result<(Proof, Asked)> {
    let _guard = Guard::to_read(path);
    let asked = asked(path)?;
    let (files, unreadable) = folder::read(path);
    let mut proof = files::prove(&files, &asked.catalogue, &asked.options);
    proof.obstacles.extend(unreadable);
    proof.obstacles.sort_unstable();
    if let Some(templates) = &asked.words.template {
        proof.outside.push(format!(
            "the texts of {}: they can't be read back; `generate --check` compares them byte for byte",
            crate::error::quoted(templates)
        ));
    }
    Ok((proof, asked))
}
