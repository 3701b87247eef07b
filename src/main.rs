#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::process::ExitCode;

fn main() -> ExitCode {
    perimeter365::cli::run(std::env::args_os())
}
