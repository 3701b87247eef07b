//! The seeds of the fuzzing, what it once found among them, through the readers that they are for: what holds there, holds
//! here, without `cargo fuzz`.

#[path = "../fuzz/src/readers.rs"]
mod readers;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use readers::READERS;

fn fuzz(place: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(place)
}

fn listed(folder: &Path) -> BTreeSet<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| entry.expect("it can be listed").path())
        .collect()
}

#[test]
fn no_seed_breaks_what_its_reader_promises() {
    readers::prepare();
    for (name, read) in READERS {
        let seeds = listed(&fuzz("seeds").join(name));
        assert!(!seeds.is_empty(), "`{name}` has no seed");
        for seed in seeds {
            // Shown where it panics.
            println!("{}", seed.display());
            read(&fs::read(&seed).expect("it can be read"));
        }
    }
}

#[test]
fn nor_does_what_is_left_of_a_seed_that_is_cut_off() {
    /// As many pieces of each seed.
    const PIECES: usize = 16;
    for (name, read) in READERS {
        for seed in listed(&fuzz("seeds").join(name)) {
            println!("{}", seed.display());
            let bytes = fs::read(&seed).expect("it can be read");
            for piece in 0..PIECES {
                read(&bytes[..bytes.len() * piece / PIECES]);
            }
        }
    }
}

#[test]
fn every_reader_is_fuzzed() {
    let names = |place: &str| -> BTreeSet<String> {
        let name = |path: &PathBuf| {
            path.file_stem()
                .map(|name| name.to_string_lossy().into_owned())
        };
        listed(&fuzz(place)).iter().filter_map(name).collect()
    };
    let readers: BTreeSet<String> = READERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("fuzz_targets"), readers);
    assert_eq!(names("seeds"), readers);
}
