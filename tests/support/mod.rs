//! What several tests need: the program in an empty folder, and what it wrote.
#![allow(dead_code)] // each test file uses its own part

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub mod plans;
pub mod roots;
pub mod terraform;

/// An empty folder to run the program in; it goes when the test ends.
pub struct Desk(TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.file(path);
        fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    /// Runs the program here with `arguments`, split at blanks.
    pub fn run(&self, arguments: &str) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_perimeter365"))
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .output()
            .expect("the program starts");
        Run::of(&output)
    }

    /// The same with `input` on standard input.
    pub fn run_with_input(&self, arguments: &str, input: &str) -> Run {
        self.write("input", input);
        let input = fs::File::open(self.file("input")).expect("it was written a moment ago");
        let output = Command::new(env!("CARGO_BIN_EXE_perimeter365"))
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .stdin(input)
            .output()
            .expect("the program starts");
        Run::of(&output)
    }

    /// Runs `generate --out m365` with further `arguments`.
    pub fn generate(&self, arguments: &str) -> Run {
        self.run(&format!("generate --out m365 {arguments}"))
    }

    /// Every file below `folder`, by its path in it.
    pub fn files(&self, folder: &str) -> BTreeMap<String, String> {
        files(&self.file(folder))
    }
}

/// Every file below `folder`, by its path in it.
pub fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files);
    files
}

/// Copies every file below `from` to below `to`.
pub fn copy(from: &Path, to: &Path) {
    for (path, text) in files(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }
}

/// How a run ended, and what it said.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        Self {
            code: output.status.code().expect("the program is not killed"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// The run failed, wrote nothing to standard output, and named each of `texts`.
    #[track_caller]
    pub fn refuses(self, texts: &[&str]) {
        let run = self.ends(1);
        assert_eq!(run.stdout, "", "errors are no data");
        for text in texts {
            assert!(
                run.stderr.contains(text),
                "`{text}` is not in:\n{}",
                run.stderr
            );
        }
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let entry = entry.expect("folders can be listed");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let text = fs::read_to_string(entry.path()).expect("files are text");
            files.insert(name, text);
        }
    }
}

/// The entries of a `rules` map in a generated `main.tf`, each with its lines.
pub fn rows(main_tf: &str) -> BTreeMap<String, String> {
    let mut rows = BTreeMap::new();
    let mut current: Option<(String, String)> = None;
    for line in main_tf.lines() {
        if let Some(key) = line
            .strip_prefix("    \"")
            .and_then(|rest| rest.strip_suffix("\" = {"))
        {
            current = Some((key.to_owned(), String::new()));
        } else if line == "    }" {
            rows.extend(current.take());
        } else if let Some((_, text)) = &mut current {
            text.push_str(line.trim());
            text.push('\n');
        }
    }
    rows
}

/// Says that the test `what` is skipped, which nothing makes a failure.
pub fn told(what: &str, why: &str) {
    // Not `eprintln!`, whose output the test harness keeps to itself.
    let _ = writeln!(std::io::stderr(), "skipped: {what}: {why}");
}

/// Says that the test `what` is skipped; with `PERIMETER365_REQUIRE_ALL` set, as in CI, it fails instead.
pub fn skip(what: &str, why: &str) {
    assert!(
        std::env::var_os("PERIMETER365_REQUIRE_ALL").is_none(),
        "skipped: {what}: {why}"
    );
    told(what, why);
}
