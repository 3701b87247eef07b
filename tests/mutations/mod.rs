//! Mutations of generated folders: what kinds there are, and how one is made.

pub mod base;
mod calls;
mod cidr;
pub mod dice;
mod expressions;
mod folders;
mod intervals;
pub mod kind;
mod layout;
mod main_tf;
mod network_lists;
mod networks;
mod oracle;
mod remotes;
mod roots;
mod services;
pub mod tally;
mod terraform;
mod whole_rows;

use base::Base;
use dice::Dice;
use kind::{Change, Edit, Kind, Make, Meaning, Spot, Written};
use main_tf::{MainTf, permit};

/// Every kind of mutation.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    [
        networks::KINDS.as_slice(),
        remotes::KINDS,
        services::KINDS,
        whole_rows::KINDS,
        expressions::KINDS,
        calls::KINDS,
        roots::KINDS,
        folders::KINDS,
        layout::KINDS,
    ]
    .into_iter()
    .flatten()
}

/// A mutation of `kind`, and what it means; `None`: chance found nothing to change so.
pub fn mutant(dice: &mut Dice, base: &Base, kind: &Kind) -> Option<(Change, Meaning)> {
    match kind.make {
        Make::Rows(change) => {
            let (file, main) = main(dice, base)?;
            let mut mutant = main.clone();
            let keys = change(dice, &mut mutant)?;
            Some(judged(file, main, &mutant, keys))
        }
        Make::Networks(change) => {
            let (file, main) = main(dice, base)?;
            let mut mutant = main.clone();
            let keys = networks::changed(dice, &mut mutant, change)?;
            Some(judged(file, main, &mutant, keys))
        }
        Make::Text(meaning, write) => {
            let (file, main) = main(dice, base)?;
            let Written { text, lines, keys } = write(dice, main)?;
            let mut change = Change::write(file, text);
            change.spots[0].lines = lines;
            change.spots[0].keys = keys;
            Some((change, meaning))
        }
        Make::Calls(meaning, change) => Some((roots::changed(dice, base, change)?, meaning)),
        Make::Folder(meaning, change) => Some((change(dice, base)?, meaning)),
    }
}

/// What it means to have the rows of `mutant` in the place of those of `main`.
fn judged(file: &str, main: &MainTf, mutant: &MainTf, keys: Vec<String>) -> (Change, Meaning) {
    let meaning = if oracle::same(main, mutant) {
        Meaning::Same
    } else {
        Meaning::Other
    };
    (rows_changed(file, mutant, keys), meaning)
}

fn main<'b>(dice: &mut Dice, base: &'b Base) -> Option<(&'b str, &'b MainTf)> {
    let mains: Vec<(&String, &MainTf)> = base.mains.iter().collect();
    let (file, main) = *dice.pick(&mains)?;
    Some((file, main))
}

/// Rows of one permit stand in for each other, where security groups share them out.
fn rows_changed(file: &str, mutant: &MainTf, keys: Vec<String>) -> Change {
    let rendered = mutant.render();
    let spans = rendered.spans.into_iter();
    let is_touched = |key: &str| keys.iter().any(|touched| permit(touched) == permit(key));
    let lines = spans
        .filter(|(key, _)| is_touched(key))
        .map(|(_, span)| span);
    Change {
        edits: vec![Edit::Write(file.to_owned(), rendered.text)],
        spots: vec![Spot {
            file: file.to_owned(),
            lines: lines.collect(),
            keys,
        }],
    }
}

#[test]
fn rows_are_taken_apart_and_put_together_again() {
    let base = Base::generated("--target azure-nsg --target aws-security-group", &[]);
    assert!(!base.mains.is_empty());
    for (path, main) in &base.mains {
        assert_eq!(main.render().text, base.files[path], "{path}");
    }
}
