//! What stands in a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file below `folder`, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    files
}

/// The files of rows in the folder of an output, by their path in it.
pub fn rows(folder: &Path) -> Vec<PathBuf> {
    let all = files(&folder.join("worldwide")).into_iter();
    all.filter(|file| file.ends_with("main.tf"))
        .filter_map(|file| file.strip_prefix(folder).map(Path::to_path_buf).ok())
        .collect()
}

/// Bytes of all files below it.
pub fn size(folder: &Path) -> u64 {
    let files = files(folder);
    let sizes = files.iter().filter_map(|file| fs::metadata(file).ok());
    sizes.map(|metadata| metadata.len()).sum()
}

/// Takes it away, if it is there.
pub fn remove(folder: &Path) {
    // Whoever needs it gone finds out.
    let _ = fs::remove_dir_all(folder);
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
