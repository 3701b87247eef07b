//! How a folder is put to use.

use super::page::Page;
use crate::options::Options;
use crate::permit::PermitRemote;
use crate::plan::Plan;
use crate::render::calls;
use crate::source::article::UNASSIGNED;
use crate::target::Target;
use crate::template::Template;

const OWN_TEMPLATE: &str = "what your template makes of each cloud and traffic; whether it writes all of its permits is yours to check. This folder keeps a copy of it in `templates/`; to change it, name the file again with `--template`.";

/// A target, and how one of its folders is called.
pub type Call = (&'static Target, String);

/// Those of the targets that have any rule.
pub fn calls(plan: &Plan, options: &Options) -> Vec<Call> {
    let targets = options.targets.iter();
    targets
        .filter_map(|target| Some((*target, call(plan, target)?)))
        .collect()
}

pub fn part(page: &mut Page, calls: &[Call], is_root: bool, templates: &[Template]) {
    page.paragraph("## How to use it");
    if is_root {
        page.paragraph("Each folder below `root/` is ready to apply. Put your values into a `terraform.tfvars` there, which is yours and never touched; its `variables.tf` and `ranges.tf` say what there is, above all");
        for (target, _) in calls {
            page.paragraph(format!("- for {}: {}", target.title, target.root.needs));
            page.paragraph(format!(
                "      cd root/{} && terraform init && terraform apply",
                target.root.folder
            ));
        }
        page.paragraph("Or call the folders from a root module of your own, here with this folder at `./m365`:");
    } else if !calls.is_empty() {
        page.paragraph("Call the folders from a root module of your own, here with this folder at `./m365` (`--root` writes complete root modules):");
    }
    for (target, call) in calls {
        page.paragraph(format!("For {}:", target.title));
        page.paragraph(format!("```hcl\n{call}```"));
    }
    for template in templates {
        page.paragraph(format!(
            "For {}, in `<cloud>/<traffic>/{}`: {}",
            template.title,
            template.name,
            template.usage().unwrap_or(OWN_TEMPLATE)
        ));
    }
}

/// How a folder of `target` is called. The first that has something serves as the example, whatever else comes or goes.
fn call(plan: &Plan, target: &Target) -> Option<String> {
    let folder = plan
        .folders_of(target)
        .find(|folder| !folder.rows.is_empty())?;
    // A role with networks of Microsoft's is opened without anything further, and nobody has hosts without a role.
    let row = folder.rows.values().min_by_key(|row| {
        let is_range = matches!(row.remote, PermitRemote::Range(_));
        (row.role.as_str() == UNASSIGNED, is_range)
    })?;
    let snippet = target.root.snippet;
    let snippet = snippet.replace("{{call}}", &calls::name(folder));
    let snippet = snippet.replace("{{source}}", &format!("./m365/{}", folder.path()));
    Some(snippet.replace("{{role}}", row.role.as_str()))
}
