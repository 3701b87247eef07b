//! The examples are what the program writes today, byte for byte.
//!
//! `PERIMETER365_ACCEPT=1` rewrites them; read the diff before you commit it.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use support::Desk;

fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(examples())
        .expect("there are examples")
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn each_example_is_what_its_arguments_generate_and_up_to_date() {
    let accept = std::env::var_os("PERIMETER365_ACCEPT").is_some();
    assert!(names().len() >= 2);
    for name in names() {
        let folder = examples().join(&name);
        let arguments =
            fs::read_to_string(folder.join("arguments")).expect("an example has arguments");
        let desk = Desk::new();
        // What the arguments name stands beside them.
        for (path, text) in support::files(&folder) {
            if !path.contains('/') {
                desk.write(&path, &text);
            }
        }
        desk.generate(&arguments.replace('\n', " ")).ends(0);
        let wanted = desk.files("m365");
        let golden = folder.join("m365");
        if accept {
            let _ = fs::remove_dir_all(&golden);
            for (path, text) in &wanted {
                let path = golden.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        let found = support::files(&golden);
        let paths = |files: &std::collections::BTreeMap<String, String>| {
            files.keys().cloned().collect::<BTreeSet<_>>()
        };
        assert_eq!(
            paths(&found),
            paths(&wanted),
            "the files of examples/{name}"
        );
        for (path, text) in &wanted {
            assert!(
                found[path] == *text,
                "examples/{name}/m365/{path} is out of date; `PERIMETER365_ACCEPT=1 cargo test --test examples` renews it"
            );
        }
        // What is there is also what a pipeline would find up to date.
        for (path, text) in found {
            desk.write(&format!("m365/{path}"), &text);
        }
        // On a day on which no example's exception has expired.
        desk.generate("--check --today 2026-01-01").ends(0);
    }
}
