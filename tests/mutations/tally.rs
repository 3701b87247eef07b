//! What came of the mutations of each kind.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

#[derive(Default)]
pub struct Tally {
    caught: BTreeMap<&'static str, usize>,
    accepted: BTreeMap<&'static str, usize>,
    failures: Vec<String>,
    /// How many were tried on the program itself, too.
    pub run: usize,
}

impl Tally {
    /// One that changes the meaning was told.
    pub fn catch(&mut self, kind: &'static str) {
        *self.caught.entry(kind).or_default() += 1;
    }

    /// One that doesn't was let pass.
    pub fn accept(&mut self, kind: &'static str) {
        *self.accepted.entry(kind).or_default() += 1;
    }

    /// One was judged wrongly.
    pub fn fail(&mut self, why: String) {
        self.failures.push(why);
    }

    /// Prints the counts, and holds that nothing failed and that enough of each kind was tried.
    pub fn holds(&self, caught: usize, accepted: usize, kinds: impl Iterator<Item = &'static str>) {
        let total = |counts: &BTreeMap<_, usize>| counts.values().sum::<usize>();
        let totals = (total(&self.caught), total(&self.accepted));
        // Not `eprintln!`, whose output the test harness keeps to itself.
        let _ = writeln!(
            std::io::stderr(),
            "{} mutations that change the meaning caught, {} harmless ones accepted, {} failed{}\n{}",
            totals.0,
            totals.1,
            self.failures.len(),
            match self.run {
                0 => String::new(),
                run => format!("; exit codes of {run} checked"),
            },
            self.by_kind()
        );
        assert!(
            self.failures.is_empty(),
            "{} mutations were judged wrongly:\n\n{}",
            self.failures.len(),
            self.failures.join("\n")
        );
        assert!(
            totals.0 >= caught && totals.1 >= accepted,
            "too few were tried"
        );
        for kind in kinds {
            assert!(
                self.caught.contains_key(kind) || self.accepted.contains_key(kind),
                "`{kind}` was never tried"
            );
        }
    }

    fn by_kind(&self) -> String {
        let mut text = String::new();
        for (title, counts) in [("caught", &self.caught), ("accepted", &self.accepted)] {
            for (kind, count) in counts {
                let _ = writeln!(text, "  {title} {count:4}  {kind}");
            }
        }
        text
    }
}
