//! The table that a run ends with.

use std::fmt;
use std::time::Duration;

use crate::columns::{Align, Table};
use crate::support::measure::Cost;

/// One line: what something took, against what its part is measured by, and whether that is what it should be.
#[derive(Debug, Default)]
pub struct Line {
    pub what: String,
    pub cost: Option<Cost>,
    /// Times what the part's first line took.
    pub ratio: Option<Ratio>,
    /// What else there is to say, as how much was written, or why nothing could be measured.
    pub note: String,
    pub aims: Vec<Aim>,
}

#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    pub wall: f64,
    pub cpu: f64,
}

/// What a figure should be, and what it is.
#[derive(Debug)]
pub struct Aim {
    wanted: String,
    found: String,
    is_met: bool,
}

impl Line {
    /// What a contender took, or why that isn't known.
    pub fn new(what: impl Into<String>, cost: &Result<Cost, String>) -> Self {
        Self {
            what: what.into(),
            cost: cost.as_ref().ok().copied(),
            note: cost.as_ref().err().cloned().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Where there is nothing to measure, or something else than time.
    pub fn noted(what: impl Into<String>, note: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            note: note.into(),
            ..Self::default()
        }
    }

    pub fn against(mut self, base: &Result<Cost, String>) -> Self {
        if let (Some(cost), Ok(base)) = (&self.cost, base) {
            self.ratio = Some(Ratio {
                wall: cost.wall.as_secs_f64() / base.wall.as_secs_f64(),
                cpu: cost.cpu.as_secs_f64() / base.cpu.as_secs_f64(),
            });
        }
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        if self.cost.is_some() {
            self.note = note.into();
        }
        self
    }

    /// Where it was measured: an aim, whose figure `of` gives.
    pub fn aim(mut self, of: impl FnOnce(&Self, &Cost) -> Option<Aim>) -> Self {
        if let Some(cost) = self.cost {
            self.aims.extend(of(&self, &cost));
        }
        self
    }

    /// The wall time of the line below `limit`.
    pub fn below(self, limit: Duration) -> Self {
        self.aim(|_, cost| {
            Some(Aim::below(
                cost.wall.as_secs_f64() * 1e3,
                limit.as_secs_f64() * 1e3,
                "ms",
            ))
        })
    }

    /// The ratio of wall times below `limit`.
    pub fn less_than(self, limit: f64) -> Self {
        self.aim(|line, _| Some(Aim::below(line.ratio?.wall, limit, "×")))
    }

    /// The ratio of wall times at least `limit`.
    pub fn at_least(self, limit: f64) -> Self {
        self.aim(|line, _| Some(Aim::at_least(line.ratio?.wall, limit, "×")))
    }
}

impl Aim {
    pub fn below(found: f64, limit: f64, unit: &str) -> Self {
        Self {
            wanted: format!("< {limit} {unit}"),
            found: figure(found),
            is_met: found < limit,
        }
    }

    pub fn at_least(found: f64, limit: f64, unit: &str) -> Self {
        Self {
            wanted: format!("≥ {limit} {unit}"),
            found: figure(found),
            is_met: found >= limit,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_met { "met" } else { "missed" };
        write!(f, "{}: {verdict}, {}", self.wanted, self.found)
    }
}

/// One part of a run: its title, and its lines.
#[derive(Debug)]
pub struct Part {
    pub title: String,
    pub lines: Vec<Line>,
}

/// All parts, in one table.
pub fn text(parts: &[Part]) -> String {
    let mut table = Table::new([
        ("", Align::Left),
        ("wall", Align::Right),
        ("CPU", Align::Right),
        ("memory", Align::Right),
        ("× wall", Align::Right),
        ("× CPU", Align::Right),
        ("aim", Align::Left),
        ("", Align::Left),
    ]);
    for part in parts {
        table.line(vec![part.title.clone()]);
        for line in &part.lines {
            table.line(cells(line));
        }
    }
    table.to_text()
}

fn cells(line: &Line) -> Vec<String> {
    let of_cost = |show: fn(&Cost) -> String| line.cost.as_ref().map(show).unwrap_or_default();
    let of_ratio = |show: fn(&Ratio) -> f64| {
        let ratio = line.ratio.as_ref();
        ratio.map(|ratio| figure(show(ratio))).unwrap_or_default()
    };
    let aims: Vec<String> = line.aims.iter().map(ToString::to_string).collect();
    vec![
        format!("  {}", line.what),
        of_cost(|cost| time(cost.wall)),
        of_cost(|cost| time(cost.cpu)),
        of_cost(|cost| size(cost.peak)),
        of_ratio(|ratio| ratio.wall),
        of_ratio(|ratio| ratio.cpu),
        aims.join("; "),
        short(&line.note),
    ]
}

/// As much as a line has room for.
fn short(text: &str) -> String {
    const ROOM: usize = 100;
    match text.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub fn time(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 1e4 {
        format!("{} ms", figure(ms))
    } else {
        format!("{} s", figure(ms / 1e3))
    }
}

#[allow(clippy::cast_precision_loss)] // three digits of it are shown
pub fn size(bytes: u64) -> String {
    format!("{} MiB", figure(bytes as f64 / f64::from(1 << 20)))
}

/// Three digits, more before the point.
pub fn figure(number: f64) -> String {
    match number {
        n if n >= 100.0 => format!("{n:.0}"),
        n if n >= 10.0 => format!("{n:.1}"),
        n => format!("{n:.2}"),
    }
}
