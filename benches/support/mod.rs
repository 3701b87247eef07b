//! What several benchmarks need.
#![allow(dead_code)] // each benchmark uses its own part

pub mod crowd;
pub mod measure;
pub mod rows;
