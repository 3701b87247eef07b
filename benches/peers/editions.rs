//! Editions of the article, imported and compared with what the program knows: one of our own writing, and the real
//! ones where they are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::measure::{Contender, in_turn};
use crate::table::{Line, Part};
use crate::{With, folder, program};

#[path = "../../tests/edition/mod.rs"]
mod edition;

const AIM: Duration = Duration::from_millis(10);

pub fn run(_: &With<'_>) -> Vec<Part> {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let ours = desk.path().join("our-own-edition.md");
    let text = edition::Edition::current().markdown();
    fs::write(&ours, text).expect("files can be written");
    let mut files = vec![ours];
    files.extend(real());
    let mut contenders = Vec::new();
    let mut names = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        for words in [&["import", "article"][..], &["diff", "embedded"]] {
            names.push(format!("{} {name}", words.join(" ")));
            contenders.push(Contender::new("", move || {
                let mut command = program(words);
                command.arg(file);
                command
            }));
        }
    }
    let costs = in_turn(&contenders);
    let lines = names.iter().zip(&costs);
    vec![Part {
        title: "(d) editions of the article".to_owned(),
        lines: lines
            .map(|(name, cost)| Line::new(name, cost).below(AIM))
            .collect(),
    }]
}

/// Microsoft's own, which are not part of this repository.
fn real() -> Vec<PathBuf> {
    let reference = std::env::var_os("PERIMETER365_REFERENCE");
    reference.map_or_else(Vec::new, |reference| {
        folder::files(&Path::new(&reference).join("data/article"))
    })
}
