//! Some thousand ways in which a plan or a state of Terraform's may be changed, each tried on `perimeter365 verify --plan`:
//! whatever changes what will be open must be told, and where; whatever doesn't must be let pass.
//!
//! Chance has a fixed seed. Whether other attributes come to the same is worked out by an oracle of the test's own,
//! `mutations_of_plans/oracle.rs`.

#[path = "mutations_of_plans/mod.rs"]
mod mutations_of_plans;
mod support;

use std::fmt::Write as _;
use std::sync::Mutex;

use perimeter365::verify::proof::Verdict;

use mutations_of_plans::base::{Base, Said};
use mutations_of_plans::dice::Dice;
use mutations_of_plans::mutant::{Kind, Meaning, Mutant, mutant};
use mutations_of_plans::tally::Tally;
use mutations_of_plans::{bases, kinds};

/// How often chance is asked for a mutation of a kind on a base, which may have nothing to change so.
const TRIES: usize = 8;

#[test]
fn whatever_changes_what_will_be_open_is_told_and_nothing_else() {
    let bases = bases();
    if bases.is_empty() {
        return;
    }
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for (number, base) in bases.iter().flatten().enumerate() {
            let tally = &tally;
            scope.spawn(move || tried(number, base, tally));
        }
    });
    let tally = tally.into_inner().expect("no thread panicked");
    tally.holds(500, 200, kinds().map(|kind| kind.name));
}

fn tried(number: usize, base: &Base, tally: &Mutex<Tally>) {
    let said = base.judged(&base.document.to_string());
    assert_eq!(said.verdict, Verdict::Equal, "{}: {said:?}", base.name);
    for (kind_number, kind) in kinds().enumerate() {
        let mut dice = Dice::new((number * 1000 + kind_number) as u64);
        let Some((mutant, meaning)) = (0..TRIES).find_map(|_| mutant(&mut dice, base, kind)) else {
            continue;
        };
        let said = base.judged(&mutant.text);
        let mut tally = tally.lock().expect("no thread panicked");
        match judged(&said, &mutant, meaning) {
            Some(why) => tally.fail(told(base, kind, &mutant, &said, &why)),
            None if meaning == Meaning::Same => tally.accept(kind.name),
            None => tally.catch(kind.name),
        }
    }
}

/// What is wrong with what was said, if anything is.
fn judged(said: &Said, mutant: &Mutant, meaning: Meaning) -> Option<String> {
    let is_right = match meaning {
        Meaning::Same => said.verdict == Verdict::Equal,
        Meaning::Other => said.verdict != Verdict::Equal,
        Meaning::Untold => said.verdict == Verdict::CannotTell,
    };
    if !is_right {
        return Some(format!("{meaning:?} was taken for {:?}", said.verdict));
    }
    if meaning == Meaning::Same {
        return None;
    }
    let missed = mutant.spots.iter().find(|spot| !spot.is_told(said))?;
    Some(format!("nothing is said of {missed:?}"))
}

/// A failure with all that tells what it was about.
fn told(base: &Base, kind: &Kind, mutant: &Mutant, said: &Said, why: &str) -> String {
    let mut text = format!("{}, on the {}: {why}\n", kind.name, base.name);
    let _ = writeln!(text, "{}", mutant.what);
    for report in said.reports.iter().take(10) {
        let _ = writeln!(text, "  said: {report:?}");
    }
    text
}
