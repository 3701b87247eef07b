//! Names that are no names: ways out of the folder, devices, and nothing at all, wherever a document, an argument or
//! a lock gives a name that a file or a folder might be called after.

mod hostile;
mod support;

use hostile::is_harmless_to_a_terminal;
use support::{Desk, files};

const NAMES: [&str; 22] = [
    "",
    ".",
    "..",
    "../x",
    "../../etc/cron.d/x",
    "/etc/cron.d/x",
    "a/../../x",
    "a/b",
    "a\\b",
    "..\\x",
    "C:\\x",
    "CON",
    "con",
    "nul",
    "nul.txt",
    "aux",
    "com1",
    "lpt9.old",
    "~",
    "-rf",
    "a.",
    "a b",
];

/// A catalogue in which `field` is `name`.
fn catalogue(field: &str, name: &str) -> String {
    let of = |this: &str, other: &str| {
        let name = if this == field { name } else { other };
        serde_json::to_string(name).expect("a text is JSON")
    };
    format!(
        r#"{{"schema": 1, "source": {{"title": "T", "language": "en", "edition": "1", "url": "https://example.com"}},
        "roles": {{{role}: "Servers"}},
        "sets": [{{"key": {key}, "title": "T", "traffic": "inbound-hybrid-server", "flows": [
            {{"id": {flow}, "direction": {{"value": "inbound", "basis": "stated"}}, "roles": [{role}],
              "protocol": {{"value": "tcp", "basis": "stated"}}, "ports": {{"value": ["443"], "basis": "stated"}},
              "remotes": [{{"clouds": {{"value": ["worldwide"], "basis": "stated"}}, "range": {{"value": {range}, "basis": "unstated"}}}}]}}]}}]}}"#,
        role = of("role", "server"),
        key = of("key", "first"),
        flow = of("flow", "a"),
        range = of("range", "somewhere"),
    )
}

/// Nothing is in `desk` but what a test put there itself.
#[track_caller]
fn holds_only(desk: &Desk, names: &[&str]) {
    let found: Vec<String> = files(desk.path()).into_keys().collect();
    let strange = found
        .iter()
        .find(|path| !names.iter().any(|name| path.starts_with(name)));
    assert_eq!(strange, None);
}

#[test]
fn a_documents_names_are_no_ways_and_no_devices() {
    let long = "a".repeat(61);
    for name in NAMES.into_iter().chain([long.as_str()]) {
        for field in ["key", "flow", "role", "range"] {
            // Only sets give files their names.
            if field != "key" && ["con", "nul", "aux", "com1"].contains(&name) {
                continue;
            }
            let desk = Desk::new();
            desk.write("x/c.json", &catalogue(field, name));
            let run = desk
                .run("generate --out x/m365 --catalogue x/c.json --template edl")
                .ends(1);
            is_harmless_to_a_terminal(name, &run);
            holds_only(&desk, &["x/c.json"]);
        }
    }
}

#[test]
fn a_template_is_called_as_a_file_may_be_everywhere() {
    let long = "a".repeat(41);
    for name in [
        "con",
        "nul.txt",
        "aux",
        "com1",
        "..",
        ".a",
        "a.",
        "a b",
        "A",
        "-a",
        long.as_str(),
    ] {
        let desk = Desk::new();
        desk.write(&format!("t/{name}.hbs"), "# {{header}}\n");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_perimeter365"))
            .args(["generate", "--out", "m365", "--template"])
            .arg(format!("t/{name}.hbs"))
            .current_dir(desk.path())
            .output()
            .expect("it starts");
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(!desk.file("m365").exists(), "{name}");
    }
}

#[test]
fn a_lock_names_nothing_outside_the_folder() {
    let desk = Desk::new();
    desk.write("secret.hbs", "# {{header}}\nsecret\n");
    desk.generate("--set federation-sts").ends(0);
    let lock = desk.read("m365/perimeter365.lock");
    for (index, name) in NAMES
        .into_iter()
        .chain(["../secret", "../../secret"])
        .enumerate()
    {
        let text = serde_json::to_string(name).expect("a text is JSON");
        for option in [
            "template",
            "target",
            "set",
            "cloud",
            "traffic",
            "catalogue",
            "overlay",
            "hosts",
            "port",
        ] {
            if index % 3 != option.len() % 3 && !name.contains("..") {
                continue;
            }
            let (before, after) = lock
                .split_once("[options]\n")
                .expect("the lock has options");
            let own = format!("{option} = ");
            let others = after.lines().filter(|line| !line.starts_with(&own));
            let after = others.collect::<Vec<_>>().join(
                "
",
            );
            desk.write(
                "m365/perimeter365.lock",
                &format!("{before}[options]\n{option} = [{text}]\n{after}"),
            );
            let run = desk.generate("").ends(1);
            is_harmless_to_a_terminal(name, &run);
        }
        let line = format!("{text} = 4000\n");
        let with = lock.replacen(
            "[priorities.inbound]\n",
            &format!("[priorities.inbound]\n{line}"),
            1,
        );
        assert_ne!(with, lock, "the lock has priorities");
        desk.write("m365/perimeter365.lock", &with);
        let run = desk.generate("");
        is_harmless_to_a_terminal(name, &run);
        holds_only(&desk, &["m365/", "secret.hbs"]);
    }
    desk.write("m365/perimeter365.lock", &lock);
    desk.generate("--check").ends(0);
}
