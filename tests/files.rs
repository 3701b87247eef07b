//! What users name as a file and is none, or none that ends: an error that says so, and never a run that doesn't end. What
//! comes out of a pipe is as good as a file.

mod support;

use std::fs::File;
use std::process::Command;

use support::Desk;

/// Every option and argument that takes a file.
const TAKES: [&str; 8] = [
    "generate --out m365 --catalogue",
    "generate --out m365 --overlay",
    "generate --out m365 --web-service worldwide=",
    "import article",
    "import web-service --cloud worldwide",
    "diff embedded",
    "verify --plan",
    "import article --against embedded",
];

fn refused(desk: &Desk, command: &str, file: &str, why: &str) {
    let arguments = if command.ends_with('=') {
        format!("{command}{file}")
    } else {
        format!("{command} {file}")
    };
    let said = desk.run(&arguments).ends(1).stderr;
    assert!(
        said.contains(file) && said.contains(why),
        "{arguments}: {said}"
    );
}

#[test]
#[cfg(unix)]
fn what_has_no_end_is_refused_by_every_command() {
    let desk = Desk::new();
    pipe(&desk, "pipe.hbs");
    std::fs::create_dir(desk.file("folder")).expect("folders can be made");
    for command in TAKES {
        refused(
            &desk,
            command,
            "/dev/zero",
            "MiB, and no file that is meant here is",
        );
        // `diff` takes folders.
        if !command.starts_with("diff") {
            refused(&desk, command, "folder", "it is a folder");
        }
    }
    refused(
        &desk,
        "generate --out m365 --template",
        "pipe.hbs",
        "a template is a file of at most",
    );
}

fn pipe(desk: &Desk, name: &str) {
    let made = Command::new("mkfifo").arg(desk.file(name)).status();
    assert!(made.expect("mkfifo is there").success());
}

#[test]
#[cfg(unix)]
fn a_pipe_in_the_folder_is_refused_and_one_on_the_command_line_is_read() {
    let desk = Desk::new();
    desk.run("generate --out m365").ends(0);
    let plan = std::thread::scope(|scope| {
        pipe(&desk, "plan");
        scope.spawn(|| std::fs::write(desk.file("plan"), "{}"));
        desk.run("verify --plan plan").ends(1).stderr
    });
    assert!(plan.contains("`plan`") && !plan.contains("pipe"), "{plan}");
    for kept in ["perimeter365.lock", "perimeter365.facts.json"] {
        std::fs::remove_file(desk.file("m365").join(kept)).expect("it was written");
        pipe(&desk, &format!("m365/{kept}"));
        let said = desk.run("generate --out m365").ends(1).stderr;
        assert!(
            said.contains(kept) && said.contains("it is a pipe"),
            "{said}"
        );
        std::fs::remove_file(desk.file("m365").join(kept)).expect("it was made");
        desk.run("generate --out m365 --reset").ends(0);
    }
}

#[test]
fn a_document_that_is_too_long_is_refused_before_it_is_read() {
    let desk = Desk::new();
    let file = File::create(desk.file("long.json")).expect("files can be made");
    file.set_len((4 << 20) + 1).expect("it can have holes");
    for command in TAKES {
        let longer = ["--catalogue", "--plan", "diff"];
        if !longer.iter().any(|longer| command.contains(longer)) {
            refused(&desk, command, "long.json", "longer than 4 MiB");
        }
    }
    file.set_len((256 << 20) + 1).expect("it can have holes");
    for command in TAKES
        .into_iter()
        .filter(|command| command.contains("--plan"))
    {
        refused(&desk, command, "long.json", "longer than 256 MiB");
    }
}

#[test]
fn no_error_moves_the_cursor() {
    let desk = Desk::new();
    desk.write("a.json", "{\"\\u001b[2J\\u202e\": 1}");
    let said = desk
        .run("generate --out m365 --catalogue a.json")
        .ends(1)
        .stderr;
    assert!(
        said.contains(r"`\u{1b}[2J\u{202e}`: there is no such field"),
        "{said:?}"
    );
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
}

#[test]
fn what_would_take_minutes_is_refused_in_no_time() {
    let desk = Desk::new();
    let head = "|Row|Purpose|Destination|Type|\n|---|---|---|---|\n";
    for (file, text, why) in [
        (
            "rows.md",
            format!("{head}{}", "|a|*.x.com|\n".repeat(300_000)),
            "30000 marks of tables' cells",
        ),
        (
            "lines.txt",
            format!("1 | a | b | c |\n2 | a\n{}", "x|y\n".repeat(300_000)),
            "30000 marks of tables' cells",
        ),
        (
            "tag.html",
            format!("<table><td {}>", "a1 ".repeat(300_000)),
            "a tag of more than 262144 bytes",
        ),
        (
            "cell.md",
            format!(
                "{head}|1|Graph|{} |x|\n|2|Support|api.diagnostics.office.com apibasic.diagnostics.office.com|y|\n",
                "graph 52.1.1.1, 52.1.1 ".repeat(12_000)
            ),
            "longer than 262144 bytes",
        ),
    ] {
        desk.write(file, &text);
        let said = desk.run(&format!("import article {file}")).ends(1).stderr;
        assert!(said.contains(file) && said.contains(why), "{file}: {said}");
    }
    let values = vec!["a.example.com"; 2_000];
    let overlay = serde_json::json!({
        "schema": 1, "title": "Many", "values": {"email_domain": values},
    });
    desk.write("many.json", &overlay.to_string());
    refused(
        &desk,
        "generate --out m365 --overlay",
        "many.json",
        "`values.email_domain`: it has 2000 entries, and 1000 are the most",
    );
    let calls = format!("# {{{{header}}}}\n{{{{json {}", "(concat ".repeat(6_000));
    desk.write("calls.hbs", &format!("{calls}1{}}}}}", ")".repeat(6_000)));
    refused(
        &desk,
        "generate --out m365 --target none --template",
        "calls.hbs",
        "line 2, column 408: more than 50 calls stand in each other",
    );
}
