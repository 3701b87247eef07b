//! The folder that a plan was made from.

use std::path::{Path, PathBuf};

use crate::lock;

/// The generated folder that the file `plan` stands in, as `m365/root/azure/plan.json` stands in `m365`.
#[must_use]
pub fn folder_around(plan: &Path) -> Option<PathBuf> {
    let plan = std::path::absolute(plan).ok()?;
    let mut folders = plan.ancestors().skip(1);
    folders
        .find(|folder| folder.join(lock::FILE).is_file())
        .map(Path::to_owned)
}
