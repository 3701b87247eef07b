//! The folder that a plan was made from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::asked::{folder_around, is_generated};

/// The generated folder that the file `plan` stands in, as `m365/root/azure/plan.json` stands in `m365`; or the only one
/// that stands beside it, as it does where a root module of the user's own calls `./m365`.
#[must_use]
pub fn folder_of(plan: &Path) -> Option<PathBuf> {
    let plan = std::path::absolute(plan).ok()?;
    folder_around(&plan).or_else(|| beside(&plan))
}

fn beside(plan: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(plan.parent()?).ok()?;
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders = folders.filter(|folder| is_generated(folder));
    let only = folders.next()?;
    folders.next().is_none().then_some(only)
}
