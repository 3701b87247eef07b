//! The hand-written modules: documented, and passed through whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use hcl::edit::Decorate;
use hcl::edit::expr::Expression;
use hcl::edit::structure::{Block, Body, Structure};
use perimeter365::target::{DEFAULT_NAME_PREFIX, From, TARGETS, Target};

fn module(target: &Target, file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("modules/{}/{file}", target.name))
}

fn parse(text: &str) -> Body {
    text.parse().expect("HCL parses")
}

fn body(target: &Target, file: &str) -> Body {
    parse(&fs::read_to_string(module(target, file)).expect("modules are complete"))
}

fn label(block: &Block, index: usize) -> String {
    block.labels[index].as_str().to_owned()
}

fn names(body: &Body, kind: &str) -> BTreeSet<String> {
    body.get_blocks(kind).map(|block| label(block, 0)).collect()
}

fn text(block: &Block, attribute: &str) -> Option<String> {
    block
        .body
        .get_attribute(attribute)
        .map(|attribute| match &attribute.value {
            Expression::String(text) => text.to_string(),
            other => other.to_string().trim().to_owned(),
        })
}

/// The tables of a README, as terraform-docs lays them out between its markers.
fn documentation(target: &Target) -> String {
    let mut text = String::from(
        "## Inputs\n\n| Name | Description | Type | Default | Required |\n|---|---|---|---|:---:|\n",
    );
    for block in body(target, "variables.tf").get_blocks("variable") {
        let default = one_line(block, "default");
        let required = if default.is_some() { "no" } else { "yes" };
        text.push_str(&table_row(&[
            label(block, 0),
            description(target, block),
            format!("`{}`", one_line(block, "type").unwrap_or_default()),
            default.map_or_else(String::new, |value| format!("`{value}`")),
            required.to_owned(),
        ]));
    }
    text.push_str("\n## Outputs\n\n| Name | Description |\n|---|---|\n");
    for block in body(target, "outputs.tf").get_blocks("output") {
        text.push_str(&table_row(&[label(block, 0), description(target, block)]));
    }
    text
}

fn table_row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn description(target: &Target, block: &Block) -> String {
    let text = text(block, "description").unwrap_or_default();
    let name = label(block, 0);
    assert!(
        !text.is_empty(),
        "{} {name} has no description",
        target.name
    );
    assert!(
        !text.contains(['|', '\n']),
        "{} {name} would break its table",
        target.name
    );
    text
}

/// An attribute's expression in one line; of objects, only that they are.
fn one_line(block: &Block, attribute: &str) -> Option<String> {
    let value = &block.body.get_attribute(attribute)?.value;
    let text = value.to_string().trim().to_owned();
    Some(match text.split_once("object({") {
        Some((before, _)) => format!("{before}object{}", ")".repeat(before.matches('(').count())),
        None => text,
    })
}

const BEGIN: &str = "<!-- BEGIN_TF_DOCS -->\n";
const END: &str = "<!-- END_TF_DOCS -->";

/// `PERIMETER365_ACCEPT=1` renews the tables after a module has changed.
#[test]
fn every_input_and_output_stands_in_the_readme_with_its_description() {
    for target in TARGETS {
        let path = module(target, "README.md");
        let readme = fs::read_to_string(&path).unwrap();
        let (before, rest) = readme
            .split_once(BEGIN)
            .expect("the README has a beginning of its tables");
        let (_, after) = rest
            .split_once(END)
            .expect("the README has an end of its tables");
        let wanted = format!("{before}{BEGIN}{}{END}{after}", documentation(target));
        if std::env::var_os("PERIMETER365_ACCEPT").is_some() {
            fs::write(&path, &wanted).unwrap();
        }
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            wanted,
            "{}",
            path.display()
        );
    }
}

#[test]
fn versions_have_a_minimum_and_no_upper_bound() {
    for target in TARGETS {
        let versions = fs::read_to_string(module(target, "versions.tf")).unwrap();
        assert!(
            versions.contains("required_version = \">= "),
            "{}",
            target.name
        );
        assert!(
            !versions.contains("~>") && !versions.contains('<'),
            "{}",
            target.name
        );
    }
}

#[test]
fn the_name_prefix_that_limits_count_with_is_the_modules_default() {
    for target in TARGETS {
        let variables = body(target, "variables.tf");
        let prefix = variables
            .get_blocks("variable")
            .find(|block| block.has_exact_labels(&["name_prefix"]))
            .and_then(|block| text(block, "default"));
        assert_eq!(
            prefix.as_deref(),
            Some(DEFAULT_NAME_PREFIX),
            "{}",
            target.name
        );
    }
}

/// The variables that a generated folder sets itself.
const OWN: [&str; 5] = [
    "cloud",
    "traffic",
    "rules",
    "emptied_groups",
    "rules_per_group",
];

/// The module's variables as a generated folder has them: less those that it sets, and less their
/// checks, which the module makes.
fn passed_variables(mut body: Body) -> Body {
    let mut index = 0;
    while index < body.len() {
        let own = body
            .get(index)
            .and_then(Structure::as_block)
            .is_some_and(|block| OWN.contains(&label(block, 0).as_str()));
        if own {
            body.remove(index);
        } else {
            index += 1;
        }
    }
    for (index, block) in body.blocks_mut().enumerate() {
        block.body.remove_blocks("validation");
        block
            .decor_mut()
            .set_prefix(if index == 0 { "" } else { "\n" });
    }
    body
}

/// The module's outputs as a generated folder has them: handed on as they are.
fn passed_outputs(body: &Body) -> String {
    let outputs: Vec<String> = body
        .get_blocks("output")
        .map(|block| {
            let name = label(block, 0);
            let description = block.body.get_attribute("description").expect("outputs are described");
            format!(
                "output \"{name}\" {{\n  description = {}\n  value       = module.rules.{name}\n}}\n",
                description.value.to_string().trim()
            )
        })
        .collect();
    outputs.join("\n")
}

/// `PERIMETER365_ACCEPT=1` renews them after a module has changed.
#[test]
fn a_generated_folder_passes_on_all_of_the_modules_interface() {
    for target in TARGETS {
        let variables = passed_variables(body(target, "variables.tf"));
        let outputs = passed_outputs(&body(target, "outputs.tf"));
        for (name, wanted) in [
            ("variables.tf", variables.to_string()),
            ("outputs.tf", outputs),
        ] {
            let path = format!("src/render/child/{}/{name}", target.name);
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
            if std::env::var_os("PERIMETER365_ACCEPT").is_some() {
                fs::write(&path, &wanted).unwrap();
            }
            assert_eq!(
                fs::read_to_string(&path).unwrap(),
                wanted,
                "{}",
                path.display()
            );
        }
        let names: Vec<String> = variables
            .get_blocks("variable")
            .map(|block| label(block, 0))
            .collect();
        assert_eq!(target.child.variables, names, "{}", target.name);
    }
}

#[test]
fn a_root_module_gives_what_its_calls_take() {
    for target in TARGETS {
        let variables = body(target, "variables.tf");
        let taken = names(&variables, "variable");
        let root: String = target.root.files.iter().map(|file| file.text).collect();
        let root = parse(&root);
        let locals: BTreeSet<String> = root
            .get_blocks("locals")
            .flat_map(|block| block.body.attributes())
            .map(|attribute| attribute.key.to_string().trim().to_owned())
            .collect();
        for argument in target.root.arguments {
            let name = argument.name.to_owned();
            assert!(taken.contains(&name), "{} takes no {name}", target.name);
            match argument.from {
                From::Variable => {
                    assert!(names(&root, "variable").contains(&name), "{name}");
                }
                From::Local | From::Share => assert!(locals.contains(&name), "{name}"),
            }
            // What a root module offers under the same name has the same type and default.
            let find = |body: &Body| {
                body.get_blocks("variable")
                    .find(|block| block.has_exact_labels(&[name.as_str()]))
                    .map(|block| (text(block, "type"), text(block, "default")))
            };
            if let Some(offered) = find(&root) {
                assert_eq!(Some(offered), find(&variables), "{} {name}", target.name);
            }
        }
    }
}

/// Terraform has no way to share checks between modules. What two of them ask alike, they ask in the
/// same words: whoever mends one finds the others here.
#[test]
fn what_modules_ask_alike_is_the_same() {
    let mut checks: BTreeMap<(String, String), (&str, String)> = BTreeMap::new();
    let mut compared = 0;
    for target in TARGETS {
        for variable in body(target, "variables.tf").get_blocks("variable") {
            for validation in variable.body.get_blocks("validation") {
                let written = validation.body.to_string();
                let (_, message) = written
                    .split_once("error_message = \"")
                    .expect("a check has a message");
                let opening = message.split(['`', '$']).next().unwrap_or_default();
                // What a name may be is for each target to say.
                if opening.is_empty() || label(variable, 0) == "name_prefix" {
                    continue;
                }
                // `roles` is asked for in one module and may be left out in another: not alike.
                let default = text(variable, "default").unwrap_or_default();
                let check = (
                    format!("{} {default}", label(variable, 0)),
                    opening.to_owned(),
                );
                match checks.get(&check) {
                    Some((other, known)) => {
                        assert_eq!(*known, written, "{check:?} of {other} and {}", target.name);
                        compared += 1;
                    }
                    None => {
                        checks.insert(check, (target.name, written));
                    }
                }
            }
        }
    }
    assert!(compared >= 40, "{compared}");
}
