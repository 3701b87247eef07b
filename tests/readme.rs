//! What the README shows is what the program does.

mod support;

use support::Desk;

fn readme() -> &'static str {
    include_str!("../README.md")
}

/// The fenced blocks that a comment of `kind` announces, each with the comment's text.
fn blocks(kind: &str) -> Vec<(String, String)> {
    let opening = format!("<!-- {kind}: ");
    readme()
        .split(&opening)
        .skip(1)
        .map(|part| {
            let (what, rest) = part.split_once(" -->").expect("the comment ends");
            let (_, rest) = rest.split_once("```").expect("a block follows");
            let (_, rest) = rest.split_once('\n').expect("the block has a language");
            let (block, _) = rest.split_once("```").expect("the block ends");
            (what.to_owned(), block.to_owned())
        })
        .collect()
}

/// Each part of `block` between lines of `…` stands in `text`, in order.
#[track_caller]
fn shows(text: &str, block: &str) {
    let mut rest = text;
    for part in block.split("…\n").filter(|part| !part.trim().is_empty()) {
        let Some(at) = rest.find(part) else {
            panic!("the README shows\n{part}\nwhich is not in\n{rest}");
        };
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn the_shown_output_is_real() {
    let shown = blocks("output");
    assert_eq!(shown.len(), 1);
    for (arguments, block) in shown {
        shows(&Desk::new().run(&arguments).ends(0).stdout, &block);
    }
}

#[test]
fn the_shown_excerpt_is_real() {
    let desk = Desk::new();
    desk.generate("--root").ends(0);
    let shown = blocks("excerpt");
    assert_eq!(shown.len(), 1);
    for (path, block) in shown {
        shows(&desk.read(&path), &block);
    }
}

#[test]
fn every_option_stands_in_the_readme() {
    let help = Desk::new().run("generate --help").ends(0).stdout;
    let options: Vec<&str> = help
        .split_whitespace()
        .filter(|word| word.starts_with("--"))
        .map(|word| word.trim_end_matches(|c: char| !c.is_ascii_lowercase()))
        .map(|word| word.split(['=', '[']).next().unwrap_or(word))
        .filter(|word| !["--help", "--out"].contains(word))
        .collect();
    assert!(options.len() > 12, "{options:?}");
    for option in options {
        assert!(
            readme().contains(&format!("`{option}")),
            "{option} is not in the README"
        );
    }
}

#[test]
fn the_shown_azure_values_fit_the_root_module() {
    let desk = Desk::new();
    desk.generate("--root").ends(0);
    let (_, rest) = readme()
        .split_once("<<'END'\n")
        .expect("the README shows a tfvars file");
    let (tfvars, _) = rest.split_once("\nEND").expect("it ends");
    let values: hcl::Body = hcl::parse(tfvars).expect("it is HCL");
    let variables = desk.read("m365/root/azure/variables.tf");
    let calls = desk.read("m365/root/azure/calls.tf");
    for attribute in values.attributes() {
        let name = format!("variable \"{}\"", attribute.key());
        assert!(variables.contains(&name), "{name}");
    }
    for name in ["webhook_receiver", "sts_proxy", "federation_clients"] {
        assert!(
            tfvars.contains(name) && calls.contains(&format!("\"{name}\"")),
            "{name}"
        );
    }
}
