//! What every reader of perimeter365's promises of any bytes, for `cargo fuzz`.

pub mod memory;
pub mod readers;
