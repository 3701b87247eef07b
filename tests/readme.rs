//! What the README shows is what the program does.

mod support;

use support::Desk;
use support::terraform::Terraform;

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
fn the_shown_values_are_taken_by_the_root_modules() {
    let Some(terraform) = Terraform::with_stand_ins("plans of the README's values") else {
        return;
    };
    let desk = Desk::new();
    desk.generate("--root").ends(0);
    let mut planned = 0;
    for part in readme().split("\ncd m365/root/").skip(1) {
        let (root, rest) = part.split_once('\n').expect("a folder's name is a line");
        let (_, rest) = rest.split_once("<<'END'\n").expect("values follow");
        let (values, _) = rest.split_once("\nEND\n").expect("they end");
        let folder = format!("m365/root/{root}");
        desk.write(&format!("{folder}/terraform.tfvars"), values);
        terraform.succeeds(&desk.file(&folder), &["init", "-no-color"]);
        let plan = terraform.succeeds(&desk.file(&folder), &["plan", "-no-color"]);
        assert!(
            plan.contains("Plan: ") && !plan.contains("Warning"),
            "{plan}"
        );
        planned += 1;
    }
    assert_eq!(planned, 3);
}
