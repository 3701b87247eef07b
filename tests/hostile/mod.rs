//! Texts that could do harm somewhere, and what must hold of everything that the program lets out.
#![allow(dead_code)] // each test file uses its own part

use std::path::Path;

use hcl::edit::structure::Body;
use perimeter365::harmless::misleads;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

use crate::support::{Desk, Run, files};

/// Printable ASCII, and short enough for a title.
pub const MARKUP: [&str; 2] = [
    r#"${a}%{b}$${c}%%{d}%${e} "q" 'r' \ \u202e {{x}} {{{y}}} <<EOT"#,
    "*/ --> <script>x</script> ![i](u) [l](https://evil.example) | ` # // $(id)",
];

/// Ends of lines, and what steers a terminal.
pub const CONTROLS: &str =
    "a\n}\r\nEOT\n| x | `\n# b\t\0\u{1b}[31m\u{1b}]0;t\u{7}\u{8}\u{7f}\u{9b}1m\u{85}";

/// What can't be seen, or turns round what follows.
pub const UNSEEN: [char; 26] = [
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{200e}',
    '\u{200f}',
    '\u{61c}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{2028}',
    '\u{2029}',
    '\u{feff}',
    '\u{2060}',
    '\u{ad}',
    '\u{3164}',
    '\u{115f}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e007f}',
    '\u{fff9}',
];

/// Longer than anything that anybody means, and far longer than that. Unit: bytes.
const LONG: [usize; 2] = [1 << 16, 1 << 20];

/// Every hostile text; `turn` chooses which unseen sign stands alone, and how long a long text is: the longest takes
/// its time, and has its turn with every eighth.
pub fn texts(turn: usize) -> Vec<String> {
    let unseen: String = UNSEEN.iter().collect();
    let alone = UNSEEN[turn % UNSEEN.len()];
    let mut texts: Vec<String> = MARKUP.map(str::to_owned).to_vec();
    texts.push(CONTROLS.to_owned());
    texts.push(format!("a{unseen}b"));
    texts.push(format!("Some{alone}thing"));
    texts.push("a".repeat(LONG[usize::from(turn.is_multiple_of(8))]));
    texts
}

/// The way to every string in `value`, and to every name of a map's entry that isn't a field: where the value
/// at the way is an object whose names are free, `true`.
pub fn strings(value: &Value) -> Vec<String> {
    let mut ways = Vec::new();
    walk(value, "", &mut ways);
    ways
}

fn walk(value: &Value, way: &str, ways: &mut Vec<String>) {
    match value {
        Value::String(_) => ways.push(way.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{way}/{index}"), ways);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(field, &format!("{way}/{name}"), ways);
            }
        }
        _ => {}
    }
}

/// Every name of a field or an entry in `value`.
pub fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(names).collect(),
        Value::Object(fields) => {
            let below = fields.values().flat_map(names);
            fields.keys().cloned().chain(below).collect()
        }
        _ => Vec::new(),
    }
}

/// `value` with `text` at `way`.
pub fn with(value: &Value, way: &str, text: &str) -> Value {
    let mut value = value.clone();
    *value.pointer_mut(way).expect("the way was found in it") = text.into();
    value
}

/// `value` with `text` as the name of each entry of the map at `way`, one after the other.
pub fn with_names(value: &Value, way: &str, text: &str) -> Vec<Value> {
    let map = value.pointer(way).and_then(Value::as_object);
    let map = map.unwrap_or_else(|| panic!("{way} is no map"));
    map.keys()
        .map(|name| {
            let mut value = value.clone();
            let map = value.pointer_mut(way).and_then(Value::as_object_mut);
            let map = map.expect("it is one");
            let entry = map.remove(name).expect("it has it");
            map.insert(text.to_owned(), entry);
            value
        })
        .collect()
}

/// What a terminal gets does nothing to it, and comes to an end.
#[track_caller]
pub fn is_harmless_to_a_terminal(what: &str, run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        shows_itself(what, text);
    }
    for line in run.stderr.lines() {
        is_short(what, line);
    }
    assert!(!run.stderr.contains("panicked"), "{what}: {}", run.stderr);
    assert!((0..=2).contains(&run.code), "{what}: {}", run.code);
}

/// An error on one line that somebody reads.
#[track_caller]
pub fn is_short(what: &str, line: &str) {
    let length = line.chars().count();
    assert!(length < 3_000, "{what}: {length} characters in one line");
}

#[track_caller]
pub fn shows_itself(what: &str, text: &str) {
    let found = text.chars().find(|c| misleads(*c) && *c != '\n');
    assert_eq!(found, None, "{what}: {text}");
}

/// Every file of a folder is of its form, and nothing in it acts, hides, or is evaluated.
pub fn is_harmless_folder(what: &str, folder: &Path) {
    let files = files(folder);
    assert!(files.contains_key("README.md"), "{what}: no README.md");
    for (path, text) in &files {
        let what = format!("{what}: {path}");
        let name = Path::new(path).file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default();
        // The layout of nftables has tabs.
        let lines = text.split('\n').map(|line| line.trim_start_matches('\t'));
        shows_itself(&what, &lines.collect::<Vec<_>>().join("\n"));
        match Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str())
        {
            Some("tf") => is_harmless_hcl(&what, name, text),
            // The modules' own were written by hand.
            Some("md") if path == "README.md" => is_harmless_markdown(&what, text),
            Some("json") => {
                let parsed = serde_json::from_str::<Value>(text);
                assert!(parsed.is_ok(), "{what}: {parsed:?}");
            }
            Some("lock") => {
                let parsed = text.parse::<toml::Table>();
                assert!(parsed.is_ok(), "{what}: {parsed:?}");
            }
            // Text formats: what a fact may be there is less than what it is elsewhere.
            Some("txt" | "nft") => {
                assert!(text.is_ascii() && !text.contains("<script"), "{what}");
            }
            _ => {}
        }
    }
}

#[track_caller]
fn is_harmless_hcl(what: &str, name: &str, text: &str) {
    if let Err(error) = text.parse::<Body>() {
        panic!("{what}: {error}");
    }
    // The rest was written by hand.
    if ["main.tf", "calls.tf"].contains(&name)
        && text.contains("source")
        && !what.contains("modules/")
        && !what.contains("root/")
    {
        let literal = text.replace("$${", "").replace("%%{", "");
        assert!(
            !literal.contains("${") && !literal.contains("%{"),
            "{what}: {text}"
        );
    }
}

/// Nothing of HTML but our own first line, no picture, and no link that a text made.
#[track_caller]
pub fn is_harmless_markdown(what: &str, text: &str) {
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(
                    html.starts_with("<!-- Code generated by") || is_ours(&html),
                    "{what}: {html}"
                );
            }
            Event::Start(Tag::Image { dest_url, .. }) => panic!("{what}: a picture of {dest_url}"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(
                    !dest_url.contains("evil.example") && dest_url.as_ref() != "u",
                    "{what}: {dest_url}"
                );
            }
            _ => {}
        }
    }
}

/// What folds a list in a comment of a pull request.
fn is_ours(html: &str) -> bool {
    let words = ["<details>", "</details>", "<summary>", "</summary>", "<br>"];
    html.trim().is_empty() || words.iter().any(|word| html.trim_start().starts_with(word))
}

/// What each command says of the folder `m365` does no harm either.
pub fn says_no_harm_of_the_folder(what: &str, desk: &Desk) {
    for command in [
        "generate --check --out m365",
        "generate --check --out m365 --reset --format json",
        "verify m365",
        "verify m365 --format json",
        "explain 192.0.2.1 --in m365",
        "explain a.example.com --in m365 --format json",
        "diff embedded m365",
    ] {
        says_no_harm(what, desk, command);
    }
}

/// What is said of the facts in `file` does no harm either.
pub fn says_no_harm_of_the_facts(what: &str, desk: &Desk, file: &str) {
    for format in ["text", "json", "markdown"] {
        says_no_harm(
            what,
            desk,
            &format!("diff embedded {file} --format {format}"),
        );
    }
}

fn says_no_harm(what: &str, desk: &Desk, command: &str) {
    let run = desk.run(command);
    let what = format!("{what}: {command}");
    is_harmless_to_a_terminal(&what, &run);
    if command.ends_with("json") && run.code != 1 {
        let parsed = serde_json::from_str::<Value>(&run.stdout);
        assert!(parsed.is_ok(), "{what}: {parsed:?}");
    }
    if command.ends_with("markdown") {
        is_harmless_markdown(&what, &run.stdout);
    }
}
