//! From rows to the text of every file in the output folder.

mod calls;
pub mod child;
pub mod facts;
pub mod hcl;
pub mod header;
pub mod markdown;
mod readme;
pub mod rows;

use std::collections::BTreeMap;

use crate::error::{Errors, Result};
use crate::express::Expressed;
use crate::options::Options;
use crate::plan::{Folder, Plan};
use crate::report::Report;
use crate::template::Template;

/// The text of every file, by its path in the output folder, with `/` between folders.
pub type Files = BTreeMap<String, String>;

/// Where vendored modules stand.
const MODULES: &str = "modules";

/// What Terraform leaves in a root module and Git should not hold.
const GITIGNORE: &str = include_str!("render/root/gitignore");

/// Renders every file but the lock and the facts.
#[must_use]
pub fn render(plan: &Plan, options: &Options, report: &Report, templates: &[Template]) -> Files {
    let mut files = terraform(plan, options);
    let readme = readme::file(report, plan, options, templates);
    files.insert("README.md".to_owned(), readme);
    files
}

/// What templates make of the permits, and the user's own templates.
///
/// # Errors
/// Every template that can't be rendered.
pub fn texts(templates: &[Template], expressed: &[Expressed], options: &Options) -> Result<Files> {
    let mut files = Files::new();
    let mut errors = Vec::new();
    for template in templates {
        files.extend(template.kept());
        for own in expressed.iter().filter(|own| own.name == template.name) {
            match template.render(own, &options.clouds, &options.traffics) {
                Ok(texts) => files.extend(texts),
                Err(found) => errors.extend(found.into_vec()),
            }
        }
    }
    Errors::unless_none(errors, files)
}

/// Everything that Terraform reads.
fn terraform(plan: &Plan, options: &Options) -> Files {
    let mut files = Files::new();
    for target in &options.targets {
        for folder in plan.folders_of(target) {
            let source = options.module_source.as_ref().map_or_else(
                || format!("../../../{MODULES}/{}", target.name),
                |source| source.replace("{target}", target.name),
            );
            for (name, text) in child::files(folder, &source) {
                files.insert(format!("{}/{name}", folder.path()), text);
            }
        }
        if options.module_source.is_none() {
            for file in target.module {
                files.insert(
                    format!("{MODULES}/{}/{}", target.name, file.name),
                    header::put(file.name, file.text),
                );
            }
        }
        if options.root {
            let root = format!("root/{}", target.root.folder);
            for file in target.root.files {
                files.insert(
                    format!("{root}/{}", file.name),
                    header::put(file.name, file.text),
                );
            }
            files.insert(
                format!("{root}/.gitignore"),
                header::put(".gitignore", GITIGNORE),
            );
            let folders: Vec<&Folder> = plan.folders_of(target).collect();
            files.insert(format!("{root}/calls.tf"), calls::file(&folders, target));
        }
    }
    files
}
