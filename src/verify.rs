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
pub mod compare;
pub mod opening;
pub mod proof;
