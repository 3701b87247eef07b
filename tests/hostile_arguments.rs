//! Hostile texts as the value of every argument of every command: each is refused, or comes out as nothing but text.
//! The arguments are those that `--help` names.

mod hostile;
mod support;

use std::ffi::{OsStr, OsString};
use std::process::Command;

use hostile::{CONTROLS, MARKUP, UNSEEN, is_harmless_folder, is_harmless_to_a_terminal};
use support::{Desk, Run};

/// As long as an argument can be, nearly. Unit: bytes.
const LONG: usize = 100_000;

fn values() -> Vec<OsString> {
    let unseen: String = UNSEEN.iter().collect();
    let mut values: Vec<OsString> = vec![MARKUP.concat().into()];
    // No argument can hold a NUL.
    values.push(format!("{}{unseen}", CONTROLS.replace('\0', "")).into());
    values.push("a".repeat(LONG).into());
    #[cfg(unix)]
    values.push(std::os::unix::ffi::OsStringExt::from_vec(
        b"a\xff\x1b[31m".to_vec(),
    ));
    values
}

fn run(desk: &Desk, arguments: &[&OsStr]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_perimeter365"))
        .args(arguments)
        .current_dir(desk.path())
        .output()
        .expect("the program starts");
    Run {
        code: output.status.code().expect("it is not killed"),
        stdout: String::from_utf8(output.stdout).expect("it is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it is UTF-8"),
    }
}

/// The options of a command that take a value.
fn options(help: &str) -> Vec<String> {
    let lines = help.lines().map(str::trim_start);
    lines
        .filter_map(|line| line.strip_prefix("--")?.split_once([' ', '[', '=']))
        .filter(|(_, rest)| rest.trim_start().starts_with(['<', '[']) || rest.starts_with("--"))
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn no_argument_is_more_than_text() {
    let desk = Desk::new();
    desk.generate("--set federation-sts --target generic-firewall")
        .ends(0);
    desk.write("page", "nothing");
    let mut options_tried = 0;
    for (command, least) in [
        ("generate", "--out new"),
        ("list", ""),
        ("import article", "page"),
        ("import web-service", "page --cloud worldwide"),
        ("diff", "embedded embedded"),
        ("verify", "m365"),
        ("explain", "192.0.2.1"),
    ] {
        let command: Vec<&OsStr> = command.split(' ').map(OsStr::new).collect();
        let help = run(
            &desk,
            &[command.as_slice(), &[OsStr::new("--help")]].concat(),
        );
        let least: Vec<&OsStr> = least.split_whitespace().map(OsStr::new).collect();
        let options = options(&help.stdout);
        assert!(!options.is_empty(), "{}", help.stdout);
        for value in values() {
            for option in &options {
                options_tried += 1;
                let name = format!("--{option}");
                let mut given = OsString::from(format!("--{option}="));
                given.push(&value);
                let mut arguments = command.clone();
                // One that is given twice would be refused for that.
                let others = least.windows(2).any(|pair| pair[0] == OsStr::new(&name));
                if others {
                    let kept = least.iter().take_while(|word| **word != OsStr::new(&name));
                    arguments.extend(kept);
                } else {
                    arguments.extend(&least);
                }
                arguments.push(&given);
                let told = run(&desk, &arguments);
                is_harmless_to_a_terminal(&name, &told);
                for out in [OsStr::new("new"), value.as_os_str()] {
                    let out = desk.path().join(out);
                    if told.code == 0 && out.is_dir() {
                        is_harmless_folder(&name, &out);
                        std::fs::remove_dir_all(out).unwrap();
                    }
                }
            }
            for positions in 1..=2 {
                let mut arguments = command.clone();
                arguments.extend(std::iter::repeat_n(value.as_os_str(), positions));
                let told = run(&desk, &arguments);
                is_harmless_to_a_terminal(&format!("{command:?}"), &told);
                assert_eq!(told.code, 1, "{}{}", told.stdout, told.stderr);
            }
        }
    }
    assert!(options_tried > 80, "{options_tried}");
}

/// A folder may be called what it likes: what is said of it is one line, and what is written knows nothing of it.
#[cfg(unix)]
#[test]
fn a_folder_of_any_name_is_shown_as_it_can_be() {
    let desk = Desk::new();
    let name = "a\n\u{202e}b\u{1b}[31m";
    let out = OsStr::new(name);
    let words = |words: &'static str| -> Vec<&OsStr> {
        words
            .split(' ')
            .map(|word| if word == "X" { out } else { OsStr::new(word) })
            .collect()
    };
    for command in [
        "generate --out X --set federation-sts --root",
        "generate --out X --check --format json",
        "generate --out X --check --infer",
        "verify X",
        "verify X --format json",
        "explain 192.0.2.1 --in X",
        "diff embedded X",
        "diff embedded X --format markdown",
    ] {
        let told = run(&desk, &words(command));
        is_harmless_to_a_terminal(command, &told);
        assert_ne!(told.code, 1, "{command}: {}", told.stderr);
        assert!(
            !told
                .stdout
                .lines()
                .any(|line| line.starts_with("\\u{202e}b")),
            "{}",
            told.stdout
        );
    }
    is_harmless_folder(name, &desk.path().join(name));
}
