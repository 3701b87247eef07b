//! The command line: the only place that prints and that knows exit codes.

mod arguments;
mod diff;
mod explain;
mod generate;
mod import;
mod list;
mod table;
mod verify;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::catalogue::document::Document;
use crate::error::{Errors, MOST};
use crate::harmless::{lines, message};
use crate::overlay;
use crate::schema;
use crate::template;
use arguments::{Arguments, Command, Schema};

/// Something is to be said: stale output under `--check`, say.
const FINDINGS: u8 = 2;

/// Runs the program with `arguments`, the program's own name first.
///
/// Exit codes: 0 fine, 1 an error (wrong arguments included), 2 findings.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; clap's own code for the others is 2.
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            // clap shows arguments as they are.
            let said = error.render().to_string();
            for line in said.split_inclusive('\n') {
                let _ = writeln!(io::stderr(), "{}", message(line.trim_end_matches('\n')));
            }
            return ExitCode::FAILURE;
        }
    };
    let result = match arguments.command {
        Command::Generate(arguments) => generate::run(*arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Schema(arguments) => Ok(Output {
            data: match arguments.of {
                Schema::Permits => template::data::schema(),
                Schema::Catalogue => schema::text::<Document>(),
                Schema::Overlay => schema::print(&overlay::document::schema()),
            },
            ..Output::default()
        }),
    };
    match result {
        Ok(output) => output.print(),
        Err(errors) => {
            print_errors(&errors);
            ExitCode::FAILURE
        }
    }
}

/// What a command has to say: data on standard output, talk on standard error.
#[derive(Default)]
struct Output {
    data: String,
    warnings: Vec<String>,
    /// Said behind the warnings, where standard output is for data that others read.
    talk: String,
    end: End,
}

/// How a command ends that was not stopped by an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum End {
    #[default]
    Fine,
    Findings,
    /// It has something to say, and could not do what it was asked.
    Failure,
}

impl End {
    const fn of(findings: bool) -> Self {
        if findings { Self::Findings } else { Self::Fine }
    }
}

impl Output {
    fn print(self) -> ExitCode {
        for warning in &self.warnings {
            let _ = writeln!(io::stderr(), "warning: {}", message(warning));
        }
        let _ = write!(io::stderr(), "{}", lines(&self.talk));
        // A reader that stops early (`| head`) is no failure of ours.
        if let Err(error) = io::stdout().write_all(lines(&self.data).as_bytes())
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            let _ = writeln!(io::stderr(), "error: cannot write the output: {error}");
            return ExitCode::FAILURE;
        }
        match self.end {
            End::Fine => ExitCode::SUCCESS,
            End::Findings => ExitCode::from(FINDINGS),
            End::Failure => ExitCode::FAILURE,
        }
    }
}

fn print_errors(errors: &Errors) {
    let mut stderr = io::stderr().lock();
    for error in errors.iter().take(MOST) {
        let _ = writeln!(stderr, "error: {error}");
    }
    let more = errors.iter().count().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(stderr, "error: there are {more} more; mend these first");
    }
}
