use std::process::ExitCode;

fn main() -> ExitCode {
    perimeter365::cli::run(std::env::args_os())
}
