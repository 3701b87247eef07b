//! Who needs an address or a name, why, who says so, and where it is open.
//!
//! ```text
//! what is asked ─┬→ facts, under options → concerns ─┬→ answer → text, JSON
//! a folder ──────┴→ its facts, options and rows ─────┘
//! ```

pub mod answer;
mod because;
mod concern;
mod folder;
mod met;
mod names;
pub mod question;
mod state;
pub mod text;
pub mod touch;
mod words;

use crate::catalogue::{Catalogue, Cloud, HostPattern};
use crate::options::Options;
use crate::verify::opening::Found;
use answer::Answer;
use concern::Facts;
use question::{Question, Subject};

/// What stands in a generated folder.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'a> {
    /// As it was named.
    pub path: &'a str,
    pub found: &'a [Found],
    /// The formats of text that it has, which can't be read back.
    pub texts: &'a [String],
}

/// Answers `question` from the facts of `catalogue` for `clouds`, as a run opens them that is given `options`; and from what
/// stands in `folder`, which remembers them, if one is named.
#[must_use]
pub fn explain(
    (catalogue, options): (&Catalogue, &Options),
    folder: Option<Folder<'_>>,
    clouds: &[Cloud],
    question: &Question,
) -> Answer {
    let facts = Facts {
        catalogue,
        options,
        question,
        clouds,
        is_folder: folder.is_some(),
    };
    let answer = answer(facts);
    Answer {
        folder: folder.map(|folder| facts.rows(folder, &answer.concerns)),
        ..answer
    }
}

fn answer(facts: Facts<'_>) -> Answer {
    let (concerns, elsewhere) = facts.concerns();
    let is_needed = !concerns.is_empty() || !elsewhere.is_empty();
    let below = below(facts).filter(|_| !is_needed);
    Answer {
        asked: facts.question.subject.clone(),
        port: facts.question.service,
        remark: facts.question.remark.clone(),
        clouds: facts.clouds.to_vec(),
        folder: None,
        concerns,
        elsewhere,
        own_ranges: facts.own_ranges(),
        below,
        published: facts.published(),
        service_tags: facts.service_tags(),
    }
}

/// The names below the one that is asked, if something needs any: no wildcard stands for its own parent.
fn below(facts: Facts<'_>) -> Option<HostPattern> {
    let Subject::Host(host) = &facts.question.subject else {
        return None;
    };
    let below = HostPattern::parse(&format!("*.{host}")).ok()?;
    let question = Question {
        subject: Subject::Host(below.clone()),
        ..facts.question.clone()
    };
    let facts = Facts {
        question: &question,
        ..facts
    };
    let (concerns, _) = facts.concerns();
    (!concerns.is_empty()).then_some(below)
}
