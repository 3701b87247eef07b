//! Folders that the program wrote, on which mutations are tried.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use perimeter365::verify;
use perimeter365::verify::proof::{Proof, Verdict};

use super::kind::{Change, Edit};
use super::main_tf::MainTf;
use crate::support::{self, Desk};

/// A generated folder, in memory and on disk.
pub struct Base {
    pub name: String,
    /// The files of the folder, by their path in it.
    pub files: BTreeMap<String, String>,
    /// Those that have rows.
    pub mains: BTreeMap<String, MainTf>,
    desk: Desk,
}

impl Base {
    /// What `arguments` generate, beside the files of `inputs`.
    pub fn generated(arguments: &str, inputs: &[(&str, &str)]) -> Self {
        let desk = Desk::new();
        for (path, text) in inputs {
            desk.write(path, text);
        }
        desk.generate(arguments).ends(0);
        Self::of(arguments, desk)
    }

    /// A folder of this repository.
    pub fn copied(folder: &str) -> Self {
        let desk = Desk::new();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        support::copy(&from, &desk.file("m365"));
        Self::of(folder, desk)
    }

    fn of(name: &str, desk: Desk) -> Self {
        let files = desk.files("m365");
        let mains = files
            .iter()
            .filter(|(path, _)| path.ends_with("/main.tf") && path.matches('/').count() == 3)
            .filter_map(|(path, text)| Some((path.clone(), MainTf::parse(text)?)))
            .collect();
        Self {
            name: name.to_owned(),
            files,
            mains,
            desk,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.desk.file("m365")
    }

    /// What the program says of the folder, run for itself.
    pub fn run(&self) -> i32 {
        self.desk.run("verify m365").code
    }

    /// Calls `look` while `change` holds.
    pub fn with<T>(&self, change: &Change, look: impl FnOnce() -> T) -> T {
        for edit in &change.edits {
            match edit {
                Edit::Write(path, text) => self.desk.write(&format!("m365/{path}"), text),
                Edit::Remove(path) => {
                    fs::remove_file(self.path().join(path)).expect("it was there");
                }
                Edit::Link(path, to) => {
                    let _ = fs::remove_file(self.path().join(path));
                    std::os::unix::fs::symlink(to, self.path().join(path))
                        .expect("links can be made");
                }
            }
        }
        let seen = look();
        for edit in change.edits.iter().rev() {
            let (Edit::Write(path, _) | Edit::Remove(path) | Edit::Link(path, _)) = edit;
            let _ = fs::remove_file(self.path().join(path));
            match self.files.get(path) {
                Some(text) => self.desk.write(&format!("m365/{path}"), text),
                None => self.tidy(path),
            }
        }
        seen
    }

    /// Removes the folders that only held `path`.
    fn tidy(&self, path: &str) {
        let mut folders = Path::new(path).ancestors().skip(1);
        while let Some(folder) = folders.next().filter(|folder| *folder != Path::new("")) {
            if fs::remove_dir(self.path().join(folder)).is_err() {
                break;
            }
        }
    }

    pub fn verdict(&self) -> Said {
        Said::of(&self.path())
    }
}

/// What is said of a folder.
#[derive(Debug)]
pub struct Said {
    pub verdict: Verdict,
    pub reports: Vec<Report>,
}

/// One finding, obstacle or error.
#[derive(Debug)]
pub struct Report {
    pub file: String,
    pub lines: Vec<usize>,
    pub key: Option<String>,
    pub what: String,
}

impl Said {
    fn of(path: &Path) -> Self {
        let proof = match verify::verify(path) {
            Ok(verified) => verified.proof,
            Err(errors) => {
                return Self {
                    verdict: Verdict::CannotTell,
                    reports: errors
                        .iter()
                        .map(|error| Report {
                            // An error has the file in its text.
                            file: String::new(),
                            lines: Vec::new(),
                            key: None,
                            what: error.to_string(),
                        })
                        .collect(),
                };
            }
        };
        Self {
            verdict: proof.verdict(),
            reports: reports(&proof),
        }
    }
}

fn reports(proof: &Proof) -> Vec<Report> {
    let line = |line: Option<u32>| line.map(|line| usize::try_from(line).expect("a line number"));
    let obstacles = proof.obstacles.iter().map(|obstacle| Report {
        file: obstacle.site.file.clone(),
        lines: line(obstacle.site.line).into_iter().collect(),
        key: obstacle.name.clone(),
        what: obstacle.why.clone(),
    });
    let findings = proof.findings.iter().map(|finding| Report {
        file: finding.site.file.clone(),
        lines: line(finding.site.line)
            .into_iter()
            .chain(finding.remotes.iter().filter_map(|part| line(part.line)))
            .collect(),
        key: Some(
            finding
                .name
                .clone()
                .unwrap_or_else(|| finding.way.key.clone()),
        ),
        what: verify::text::found(finding),
    });
    obstacles.chain(findings).collect()
}
