//! What this bench does in a process of its own: a process that it starts counts for at least as much memory as the
//! bench has ever had, so it must never have much.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::folder;
use crate::support::{crowd, rows};

const CROWD: &str = "write-crowd";
const EQUAL: &str = "are-equal";

/// Writes a catalogue of `networks` networks; with `changed`, one of them is another.
pub fn crowd(file: &Path, networks: u32, changed: bool) -> Result<(), String> {
    let mut command = errand(CROWD)?;
    command.arg(file).arg(networks.to_string());
    command.arg(changed.to_string());
    send(command)
}

/// Whether the rows in two folders are the same, keys, networks, ports and all.
pub fn are_equal(ours: &Path, theirs: &Path) -> Result<(), String> {
    let mut command = errand(EQUAL)?;
    command.arg(ours).arg(theirs);
    send(command)
}

/// Does the errand that `arguments` name, if they name one.
pub fn run(arguments: &[String]) -> Option<ExitCode> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [CROWD, file, networks, changed] => {
            let networks = networks.parse().expect("it is a number");
            crowd::write(Path::new(file), networks, changed == "true").map_err(|e| e.to_string())
        }
        [EQUAL, ours, theirs] => compare(Path::new(ours), Path::new(theirs)),
        _ => return None,
    };
    Some(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    })
}

fn compare(ours: &Path, theirs: &Path) -> Result<(), String> {
    let (files, others) = (folder::rows(ours), folder::rows(theirs));
    if files != others || files.is_empty() {
        return Err(format!("its files are others: {others:?}, not {files:?}"));
    }
    for file in files {
        let (ours, theirs) = (
            rows::read(&ours.join(&file))?,
            rows::read(&theirs.join(&file))?,
        );
        let keys = ours.keys().chain(theirs.keys());
        if let Some(key) = keys
            .into_iter()
            .find(|key| ours.get(*key) != theirs.get(*key))
        {
            return Err(format!("its row `{key}` in {} is another", file.display()));
        }
    }
    Ok(())
}

fn errand(name: &str) -> Result<Command, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(this);
    command.arg(name);
    Ok(command)
}

fn send(mut command: Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
