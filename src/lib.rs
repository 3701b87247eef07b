//! What Microsoft 365 needs from a network, as firewall rules that a team can trust.
//!
//! Data flows one way, and each module is one step of it:
//!
//! ```text
//! source → select → resolve → express → plan → render → write
//! ```
//!
//! * [`catalogue`]: the facts and their types; depends on nothing else.
//! * [`source`]: reads a catalogue or a named range, from the binary or from a file.
//! * [`overlay`]: what a team decides on top of it.
//! * [`select`]: which endpoint sets, clouds and traffics a run is about.
//! * [`resolve`]: facts become target-neutral permits, or gaps.
//! * [`express`](mod@express): what each [`recipient`], a target or a format of text, can say of the
//!   permits; the rest are gaps.
//! * [`plan`]: permits become rows within a target's limits; [`lock`] keeps what must never move.
//! * [`render`]: rows become files; [`rows`](render::rows) read back are the same rows.
//! * [`literal`]: reads the HCL of generated files, strictly.
//! * [`write`](mod@write): files meet the folder, or are only compared with it.
//!
//! [`verify`](mod@verify) proves, by a way of its own, that files or a plan of Terraform's open exactly what is wanted;
//! [`generate`] writes nothing else. [`asked`](mod@asked) is what a folder was asked for.
//!
//! [`explain`](mod@explain) says who needs an address or a name, and where it is open.
//! [`diff`] says what differs in meaning between two sources of facts, or between what two folders open.
//! [`generate`] runs the steps in that order; only [`cli`] prints, and what leaves the program goes through
//! [`harmless`].

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod asked;
pub mod catalogue;
pub mod changes;
pub mod cli;
pub mod diff;
pub mod error;
pub mod explain;
pub mod express;
mod file;
pub mod gap;
pub mod generate;
pub mod harmless;
pub mod list;
pub mod literal;
pub mod lock;
pub mod memory;
pub mod options;
pub mod overlay;
pub mod permit;
pub mod plan;
pub mod recipient;
pub mod render;
pub mod report;
pub mod resolve;
pub mod schema;
pub mod select;
mod shell;
pub mod source;
pub mod target;
pub mod template;
pub mod valve;
pub mod verify;
pub mod write;
