//! Whole processes: how long they take, and how much memory.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// As many rounds as fit into this, within the limits below.
const PATIENCE: Duration = Duration::from_secs(20);
const FEWEST: usize = 3;
const MOST: usize = 31;

/// Past this, what there is has to do.
const END: Duration = Duration::from_secs(300);

/// What one process took; of several, the median of each.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From its start to its end.
    pub wall: Duration,
    /// User and system, of all its threads.
    pub cpu: Duration,
    /// The most memory that it had at a time, in bytes; no less than this bench itself had.
    pub peak: u64,
}

/// Something that does the work, and what has to be done before each time.
pub struct Contender<'a> {
    pub name: &'a str,
    pub prepare: Box<dyn Fn() + 'a>,
    pub command: Box<dyn Fn() -> Command + 'a>,
}

impl<'a> Contender<'a> {
    pub fn new(name: &'a str, command: impl Fn() -> Command + 'a) -> Self {
        Self {
            name,
            prepare: Box::new(|| ()),
            command: Box::new(command),
        }
    }

    /// Does `prepare` before each time; that is not measured.
    pub fn after(self, prepare: impl Fn() + 'a) -> Self {
        Self {
            prepare: Box::new(prepare),
            ..self
        }
    }
}

/// Runs all in turn, again and again, so that a machine that slows down slows all, and gives the medians. Who fails is
/// not run again.
pub fn in_turn(contenders: &[Contender<'_>]) -> Vec<Result<Cost, String>> {
    let mut costs: Vec<Result<Vec<Cost>, String>> = contenders.iter().map(|_| Ok(vec![])).collect();
    let started = Instant::now();
    for round in 0..MOST {
        let patience = if round < FEWEST { END } else { PATIENCE };
        if round > 0 && started.elapsed() > patience {
            break;
        }
        for (contender, all) in contenders.iter().zip(&mut costs) {
            let Ok(costs) = all else { continue };
            (contender.prepare)();
            match run(&mut (contender.command)()) {
                Ok(cost) => costs.push(cost),
                Err(why) => *all = Err(why),
            }
        }
    }
    costs
        .into_iter()
        .map(|all| all.map(|costs| median(&costs)))
        .collect()
}

/// Runs one process to its end. Exit code 2 is a finding, and no failure.
///
/// # Errors
/// When it doesn't start, or fails: with the last thing that it said.
pub fn run(command: &mut Command) -> Result<Cost, String> {
    let program = Path::new(command.get_program()).file_name();
    let program = program.unwrap_or_default().to_string_lossy().into_owned();
    let failed = |why: &dyn std::fmt::Display| format!("{program}: {why}");
    let mut said = tempfile::tempfile().map_err(|error| failed(&error))?;
    let errors = said.try_clone().map_err(|error| failed(&error))?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(errors);
    let started = Instant::now();
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let ended = child.wait4().map_err(|error| failed(&error))?;
    let wall = started.elapsed();
    if !matches!(ended.status.code(), Some(0 | 2)) {
        return Err(failed(
            &last_line(&mut said).unwrap_or_else(|| ended.status.to_string()),
        ));
    }
    Ok(Cost {
        wall,
        cpu: ended.rusage.utime + ended.rusage.stime,
        peak: ended.rusage.maxrss,
    })
}

fn last_line(said: &mut File) -> Option<String> {
    let mut text = String::new();
    said.rewind().ok()?;
    said.read_to_string(&mut text).ok()?;
    let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(line.trim().to_owned())
}

fn median(costs: &[Cost]) -> Cost {
    Cost {
        wall: middle(costs.iter().map(|cost| cost.wall)),
        cpu: middle(costs.iter().map(|cost| cost.cpu)),
        peak: middle(costs.iter().map(|cost| cost.peak)),
    }
}

fn middle<T: Ord>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    values.swap_remove(middle)
}
