//! Where the documents are that facts were read from: Microsoft's article, answers of the web
//! service, and the table of facts. They are not part of this repository.

use std::io::Write;
use std::panic::Location;
use std::path::PathBuf;

/// Names the folder that holds the documents.
const REFERENCE: &str = "PERIMETER365_REFERENCE";

/// Where it is set, as in continuous integration, nothing may be skipped.
const REQUIRE_ALL: &str = "PERIMETER365_REQUIRE_ALL";

/// The folder that holds the documents. `None`: the calling test is skipped, and standard error
/// says so.
///
/// # Panics
/// When the folder is not there, or when it is not named but nothing may be skipped.
#[track_caller]
pub fn reference() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os(REFERENCE).filter(|folder| !folder.is_empty()) else {
        skip(&test_name());
        return None;
    };
    let folder = PathBuf::from(folder);
    assert!(
        folder.is_dir(),
        "{REFERENCE} names `{}`, which is no folder",
        folder.display()
    );
    Some(folder)
}

fn skip(test: &str) {
    let why = format!(
        "{test} compares with documents that are not part of this repository; \
         set {REFERENCE} to the folder that holds them (`facts/`, `data/`) to run it"
    );
    assert!(
        std::env::var_os(REQUIRE_ALL).is_none(),
        "{REQUIRE_ALL} is set, but {why}"
    );
    // `eprintln!` would be captured, and a skipped test would look like any that passes. Written
    // at once, the line stays whole among those of other tests.
    let line = format!("skipped: {why}\n");
    let written = std::io::stderr().write_all(line.as_bytes());
    written.expect("standard error is open");
}

/// The thread bears the test's name, unless all tests share one.
#[track_caller]
fn test_name() -> String {
    let thread = std::thread::current();
    match thread.name() {
        Some(name) if name != "main" => format!("`{name}`"),
        _ => format!("the test at {}", Location::caller()),
    }
}
