//! `.terraform/modules/modules.json`: where Terraform has taken the modules of a root from. It reads them there until the next
//! `init`, whatever the configuration says.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Module>,
}

#[derive(Deserialize)]
struct Module {
    /// The names of the calls that lead to it, joined by dots; empty: the root.
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Source", default)]
    source: String,
    /// Seen from the root's folder.
    #[serde(rename = "Dir")]
    dir: String,
}

/// The calls of local modules that are not read from where their source says, or why that can't be told.
///
/// # Errors
/// When `text` is no such file.
pub fn astray(text: &str) -> Result<Vec<String>, String> {
    let manifest: Manifest = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let folder = |key: &str| {
        let mut modules = manifest.modules.iter();
        modules
            .find(|module| module.key == key)
            .map(|module| plain(Path::new(&module.dir)))
    };
    let astray = manifest.modules.iter().filter(|module| {
        let is_local = module.source.starts_with("./") || module.source.starts_with("../");
        let caller = module.key.rsplit_once('.').map_or("", |(caller, _)| caller);
        let meant = folder(caller).map(|folder| plain(&folder.join(&module.source)));
        let is_root = module.key.is_empty() && plain(Path::new(&module.dir)) == PathBuf::new();
        let is_meant = is_local && meant.as_ref() == Some(&plain(Path::new(&module.dir)));
        // What comes from elsewhere lies outside of the proof, and is said to.
        !(is_root || is_meant || !(module.key.is_empty() || is_local))
    });
    Ok(astray.map(|module| module.key.clone()).collect())
}

/// A path without `.`, and without `..` behind a folder.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) =>
            {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_read_from_where_their_source_says() {
        let manifest = |dir: &str| {
            format!(
                r#"{{"Modules":[{{"Key":"","Source":"","Dir":"."}},
                {{"Key":"a","Source":"../../worldwide/x/azure-nsg","Dir":"../../worldwide/x/azure-nsg"}},
                {{"Key":"a.rules","Source":"../../../modules/azure-nsg","Dir":"{dir}"}},
                {{"Key":"far","Source":"git::https://example.com/x","Dir":".terraform/modules/far"}}]}}"#
            )
        };
        assert_eq!(
            astray(&manifest("../../modules/azure-nsg")).unwrap(),
            Vec::<String>::new()
        );
        assert_eq!(
            astray(&manifest("../../modules/.evil")).unwrap(),
            ["a.rules"]
        );
        assert!(astray("{").is_err());
        let root = r#"{"Modules":[{"Key":"","Source":"","Dir":"../other"}]}"#;
        assert_eq!(astray(root).unwrap(), [""]);
    }
}
