//! Plans and states of the real Terraform, on which mutations are tried.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use perimeter365::asked::asked;
use perimeter365::verify::numbers::Numbers;
use perimeter365::verify::opening::{Remote, Wanted};
use perimeter365::verify::plan::{Judge, judge};
use perimeter365::verify::proof::{Proof, Verdict};
use perimeter365::verify::wanted::wanted;
use serde_json::Value;

use super::resource::{Resource, resources};

/// A plan or a state, and what it is judged by.
pub struct Base {
    pub name: String,
    pub document: Value,
    pub is_state: bool,
    /// Those of our modules.
    pub resources: Vec<Resource>,
    /// The user's addresses, as they stand in the document.
    pub locals: Vec<&'static str>,
    facts: Arc<Facts>,
}

/// What a folder was asked for.
pub struct Facts {
    wanted: Vec<Wanted>,
    numbers: Numbers,
}

impl Facts {
    pub fn of(folder: &Path) -> Arc<Self> {
        let asked = asked(folder).expect("the folder remembers what it was asked for");
        let lock = fs::read_to_string(folder.join("perimeter365.lock")).expect("there is a lock");
        Arc::new(Self {
            wanted: wanted(&asked.catalogue, &asked.options),
            numbers: Numbers::read(&lock).expect("it is a lock"),
        })
    }
}

impl Base {
    pub fn of(name: String, document: Value, locals: &[&'static str], facts: Arc<Facts>) -> Self {
        let text = document.to_string();
        Self {
            name,
            is_state: document.get("values").is_some(),
            resources: resources(&document),
            locals: locals
                .iter()
                .copied()
                .filter(|local| text.contains(&format!("\"{local}\"")))
                .collect(),
            document,
            facts,
        }
    }

    /// What is said of `text`.
    pub fn judged(&self, text: &str) -> Said {
        let by = Judge {
            wanted: &self.facts.wanted,
            numbers: Some(&self.facts.numbers),
        };
        match judge("plan.json", text.as_bytes(), &by) {
            Ok(judgement) => Said::of(&judgement.proof),
            Err(errors) => Said {
                verdict: Verdict::CannotTell,
                reports: errors
                    .iter()
                    .map(|error| Report {
                        site: String::new(),
                        role: None,
                        what: error.to_string(),
                    })
                    .collect(),
            },
        }
    }

    /// Whether the document tells what the user gives to modules.
    pub fn tells(&self) -> bool {
        !self.is_state && self.document["variables"]["named_ranges"].is_object()
    }

    /// Whether only the user knows what a resource opens, and the document doesn't tell what it should.
    pub fn is_the_users(&self, resource: &Resource) -> bool {
        let key = resource.key.as_deref().unwrap_or_default();
        !self.tells()
            && self.facts.wanted.iter().any(|wanted| {
                wanted.opening.way.key == key && matches!(wanted.opening.remote, Remote::Range(..))
            })
    }
}

/// What is said of a document.
#[derive(Debug)]
pub struct Said {
    pub verdict: Verdict,
    pub reports: Vec<Report>,
}

/// One finding or obstacle.
#[derive(Debug)]
pub struct Report {
    pub site: String,
    /// Of the row that it is about, where it is about one.
    pub role: Option<String>,
    pub what: String,
}

impl Said {
    fn of(proof: &Proof) -> Self {
        let findings = proof.findings.iter().map(|finding| Report {
            site: finding.site.file.clone(),
            role: Some(finding.way.role.to_string()),
            what: format!(
                "{:?} {} {:?} {:?}",
                finding.excess, finding.way.key, finding.ports, finding.remotes
            ),
        });
        let obstacles = proof.obstacles.iter().map(|obstacle| Report {
            site: obstacle.site.file.clone(),
            role: obstacle
                .name
                .as_ref()
                .and_then(|name| name.rsplit('.').nth(1).map(str::to_owned)),
            what: obstacle.why.clone(),
        });
        Self {
            verdict: proof.verdict(),
            reports: obstacles.chain(findings).collect(),
        }
    }
}
