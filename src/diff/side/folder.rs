//! A folder that perimeter365 generated: its rows, and the facts and options that it remembers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Form, Side, sources};
use crate::catalogue::{Catalogue, Cloud, Origin, SetKey, Source, Traffic};
use crate::diff::expand::{Expansion, Extent, TargetRows, of_rows};
use crate::error::{Error, Errors, Result};
use crate::file;
use crate::lock::{self, Lock};
use crate::options::Words;
use crate::render::header;
use crate::render::rows::{hcl_to_rows, parse};
use crate::source::digest::sha256;
use crate::source::facts::{self, Known};
use crate::target::{AZURE_PRIORITIES, TARGETS};

/// What stands in a generated folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    rows: Vec<TargetRows>,
    /// Of the files that hold the rows.
    rows_digest: String,
    facts: Option<Catalogue>,
    /// The sets that its overlays leave out.
    excluded: Vec<SetKey>,
    facts_digest: String,
    /// `None`: its lock is gone, and so are its options.
    words: Option<Words>,
    /// The formats of text that it has.
    pub formats: Vec<String>,
}

/// Reads the folder `path`.
///
/// # Errors
/// When nothing in it is ours, and for every file of ours that is damaged.
pub fn read(path: &Path) -> Result<Folder> {
    let mut errors = Vec::new();
    let lock = Lock::read(path, &AZURE_PRIORITIES)
        .map_err(|found| errors.extend(found.into_vec()))
        .unwrap_or_default();
    let known = facts::read(path)
        .map_err(|found| errors.extend(found.into_vec()))
        .unwrap_or_default();
    let excluded = known.iter().flat_map(|known| &known.overlays);
    let excluded = excluded.flat_map(|overlay| &overlay.document.exclude);
    let excluded = excluded
        .filter_map(|text| SetKey::parse(&text.set).ok())
        .collect();
    let facts = known.map(Known::all);
    let mut rows = Vec::new();
    let mut files = String::new();
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            for target in TARGETS {
                let name = format!("{cloud}/{traffic}/{}/main.tf", target.name);
                match read_rows(&path.join(&name)) {
                    Ok(None) => {}
                    Ok(Some((read, text))) => {
                        files.push_str(&text);
                        rows.push(TargetRows {
                            cloud: *cloud,
                            traffic: *traffic,
                            rows: read,
                        });
                    }
                    Err(found) => errors.extend(found.into_vec()),
                }
            }
        }
    }
    if errors.is_empty() && lock.is_none() && facts.is_none() && rows.is_empty() {
        errors.push(Error::Malformed {
            path: path.to_owned(),
            why: "nothing in this folder was written by perimeter365".to_owned(),
            mend: "name the folder that `generate --out` wrote".to_owned(),
        });
    }
    let words = lock.map(|lock| lock.options);
    let facts_file = file::read(&path.join(facts::FILE)).unwrap_or_default();
    Errors::unless_none(
        errors,
        Folder {
            path: path.to_owned(),
            rows,
            rows_digest: sha256(files.as_bytes()),
            facts,
            excluded,
            facts_digest: sha256(&facts_file),
            formats: words
                .as_ref()
                .and_then(|words| words.template.clone())
                .unwrap_or_default(),
            words,
        },
    )
}

/// The rows of one file and its text. `None`: there is no such file of ours.
fn read_rows(path: &Path) -> Result<Option<(crate::plan::Rows, String)>> {
    let Some(text) = file::text_if_there(path)? else {
        return Ok(None);
    };
    if !header::is_ours("main.tf", &text) {
        return Ok(None);
    }
    let damaged = |why: String| Error::Malformed {
        path: path.to_owned(),
        why,
        mend: "restore it from version control, or generate again".to_owned(),
    };
    let rows = parse(&text).and_then(|body| hcl_to_rows(&body));
    let rows =
        rows.map_err(|whys| Errors::from(whys.into_iter().map(damaged).collect::<Vec<_>>()))?;
    Ok(Some((rows, text)))
}

impl Folder {
    /// Whether what it opens can be read back.
    pub fn has_rows(&self) -> bool {
        !self.rows.is_empty()
    }

    /// The folder by what its rows open.
    pub fn by_rows(&self) -> (Side, Expansion) {
        let nothing = Catalogue::default();
        let facts = self.facts.as_ref().unwrap_or(&nothing);
        let unknown = Arc::new(Source {
            title: "unknown".to_owned(),
            language: String::new(),
            edition: "unknown".to_owned(),
            url: String::new(),
            origin: Origin::File,
            digest: String::new(),
        });
        let side = Side {
            form: Form::Rows,
            digest: Some(self.rows_digest.clone()),
            sources: sources(&facts.sources),
        };
        (side, of_rows(&self.rows, facts, &unknown))
    }

    /// The folder by the facts that it was written from.
    ///
    /// # Errors
    /// When it has none.
    pub fn by_facts(&self, extent: &Extent) -> Result<(Side, Expansion)> {
        let Some(facts) = &self.facts else {
            return Err(self.lost(facts::FILE, "the facts that it was written from"));
        };
        let side = Side {
            form: Form::Facts,
            digest: Some(self.facts_digest.clone()),
            sources: sources(&facts.sources),
        };
        Ok((side, Expansion::within(facts, extent)))
    }

    /// What its options ask for.
    ///
    /// # Errors
    /// When they are lost.
    pub fn extent(&self) -> Result<Extent> {
        let words = self.words.as_ref();
        words
            .map(|words| Extent::of(words).without(self.excluded.iter().cloned()))
            .ok_or_else(|| self.lost(lock::FILE, "its options"))
    }

    /// What it opens that its facts don't show.
    pub fn own_choices(&self) -> Option<String> {
        let words = self.words.as_ref()?;
        let chosen = [
            ("`--port`", &words.port),
            ("`--hosts`", &words.hosts),
            ("`--overlay`", &words.overlay),
        ];
        let chosen: Vec<&str> = chosen
            .into_iter()
            .filter_map(|(option, words)| words.as_ref().map(|_| option))
            .collect();
        (!chosen.is_empty()).then(|| {
            format!(
                "what a folder opens by {} is its own choice and no fact; compare two folders with rows to see it",
                chosen.join(", ")
            )
        })
    }

    fn lost(&self, file: &str, what: &str) -> Errors {
        Error::Malformed {
            path: self.path.join(file),
            why: format!("it is gone, and nothing else has {what}"),
            mend:
                "restore it from version control; two folders with rows can be compared without it"
                    .to_owned(),
        }
        .into()
    }
}
