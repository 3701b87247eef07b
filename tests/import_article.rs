//! `perimeter365 import article`: what a team sees of an edition, and what becomes of it.

mod edition;
mod reference;
mod support;

use edition::{Edition, GRAPH, PROXY};
use reference::reference;
use serde_json::Value;
use support::{Desk, files};

fn desk(edition: &Edition) -> Desk {
    let desk = Desk::new();
    desk.write("page.md", &edition.markdown());
    desk
}

#[test]
fn a_sound_edition_becomes_a_catalogue_that_generates_the_same_rules() {
    let desk = desk(&Edition::current());
    let run = desk.run("import article page.md").ends(0);
    assert!(
        run.stderr
            .contains("25 endpoint sets, language en-US, edition 2026-02-03, sha256:"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("It lacks and adds nothing against `embedded`."),
        "{}",
        run.stderr
    );
    desk.write("catalogue.json", &run.stdout);
    desk.run("generate --out ours").ends(0);
    desk.run("generate --out theirs --catalogue catalogue.json")
        .ends(0);
    let (ours, theirs) = (desk.files("ours"), desk.files("theirs"));
    let rules = |path: &&String| path.ends_with("main.tf");
    assert_eq!(
        ours.keys().filter(rules).collect::<Vec<_>>(),
        theirs.keys().filter(rules).collect::<Vec<_>>()
    );
    for (path, text) in ours.iter().filter(|(path, _)| rules(path)) {
        assert_eq!(theirs.get(path), Some(text), "{path}");
    }
    // The folder keeps the facts: the page and the catalogue aren't needed again.
    std::fs::remove_file(desk.file("catalogue.json")).expect("it was written");
    desk.run("generate --check --out theirs").ends(0);
}

#[test]
fn it_is_read_from_standard_input_and_written_to_a_file() {
    let desk = desk(&Edition::current());
    let run = desk
        .run("import article page.md --out catalogue.json")
        .ends(0);
    assert!(
        run.stdout
            .contains("Next: perimeter365 generate --out DIR --catalogue catalogue.json"),
        "{}",
        run.stdout
    );
    let piped = desk
        .run_with_input("import article -", &Edition::current().html())
        .ends(0);
    let (of_page, of_html): (Value, Value) = (
        serde_json::from_str(&desk.read("catalogue.json")).expect("JSON"),
        serde_json::from_str(&piped.stdout).expect("JSON"),
    );
    assert_eq!(of_page["sets"], of_html["sets"]);
    // A catalogue is replaced, and nothing else.
    desk.run("import article page.md --out catalogue.json")
        .ends(0);
    desk.write("mine.txt", "mine");
    desk.run("import article page.md --out mine.txt").ends(1);
    assert_eq!(desk.read("mine.txt"), "mine");
}

#[test]
fn every_corrupted_token_is_named_and_nothing_is_written() {
    let edition = Edition::current()
        .with(GRAPH, "13.87.81.35, ", "13.87.81.3 5, ")
        .with(GRAPH, "13.87.81.133", "13.87.81.566")
        .with(PROXY, "`*.msappproxy.net`", ".msproxyapp.net");
    let desk = desk(&edition);
    let run = desk
        .run("import article page.md --out catalogue.json")
        .ends(1);
    for (row, token) in [
        (GRAPH, "13.87.81.3 5"),
        (GRAPH, "13.87.81.566"),
        (PROXY, ".msproxyapp.net"),
    ] {
        let place = format!(
            "`page.md`, line {}, row {}: `{token}`: ",
            Edition::line(row),
            row + 1
        );
        assert!(run.stderr.contains(&place), "{place}: {}", run.stderr);
    }
    assert!(
        run.stderr
            .contains("3 tokens must not pass, and nothing is written"),
        "{}",
        run.stderr
    );
    assert_eq!(files(desk.path()).len(), 1, "the page alone");
}

#[test]
fn what_is_mended_is_told_and_strictness_refuses_it() {
    let desk = desk(&Edition::current().with(PROXY, "`*.msappproxy.net`", "*. msappproxy.net"));
    let run = desk.run("import article page.md").ends(0);
    let told = format!(
        "warning: `page.md`, line {}, row 11: `*. msappproxy.net` is read as `*.msappproxy.net`",
        Edition::line(PROXY)
    );
    assert!(run.stderr.contains(&told), "{}", run.stderr);
    let strict = desk.run("import article page.md --strict").ends(1);
    assert_eq!(strict.stdout, "");
    assert!(
        strict
            .stderr
            .contains("`*. msappproxy.net`: it would be read as `*.msappproxy.net`"),
        "{}",
        strict.stderr
    );
}

#[test]
fn what_is_lost_and_what_is_new_are_findings_set_by_set() {
    let mut edition = Edition::current()
        .with(PROXY, "`*.msappproxy.net`", "msappproxy.net")
        .with(GRAPH, "13.87.81.35, ", "");
    edition.rows.push(vec![
        "26".to_owned(),
        "Places sensors".to_owned(),
        "sensors.places.example.com, TCP 8883".to_owned(),
        "Out of servers".to_owned(),
    ]);
    let desk = desk(&edition);
    let run = desk.run("import article page.md").ends(2);
    for told in [
        "lacks of `hybrid-entra-authentication` (row 11):\n    outbound tcp/443, worldwide: 1 host name: *.msappproxy.net\n",
        "lacks of `graph-change-notifications` (row 23):\n    inbound tcp/443, worldwide: 1 network: 13.87.81.35/32\n",
        "adds of `hybrid-entra-authentication` (row 11):\n    outbound tcp/443, worldwide: 1 host name: msappproxy.net\n",
        "adds of `places-sensors` (row 26), new:\n    outbound tcp/8883, worldwide: 1 host name: sensors.places.example.com\n",
        "`places-sensors` is a row that matches no known set",
    ] {
        assert!(
            run.stderr.contains(told),
            "{told}\nis not in\n{}",
            run.stderr
        );
    }
    // Held against itself it lacks nothing.
    desk.write("catalogue.json", &run.stdout);
    let run = desk
        .run("import article page.md --against catalogue.json")
        .ends(0);
    assert!(
        run.stderr
            .contains("It lacks and adds nothing against `catalogue.json`."),
        "{}",
        run.stderr
    );
}

/// What was our own reading opens by itself once the row says it.
#[test]
fn a_fact_that_is_stated_at_last_is_told() {
    let mut edition = Edition::current();
    edition.rows[PROXY][3] = "TCP port 443 out of servers".to_owned();
    let run = desk(&edition).run("import article page.md").ends(0);
    let told = "opens by default in `hybrid-entra-authentication` (row 11), since a source says now what was only inferred:\n    outbound tcp/443, worldwide: *.msappproxy.net\n";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[test]
fn what_is_no_edition_is_refused_with_what_it_should_be() {
    let desk = Desk::new();
    desk.write("page.md", "# A page\n");
    desk.run("import article page.md")
        .refuses(&["`page.md`: it has no table with a row that is known"]);
    desk.run("import article nowhere.md --against nowhere.json")
        .refuses(&["nowhere.md", "nowhere.json"]);
    std::fs::write(desk.file("page.md"), b"# A\n\xff\xfe").expect("a file");
    desk.run("import article page.md")
        .refuses(&["`page.md`: line 2: it is no text in UTF-8"]);
}

/// Every form is a side of a difference.
#[test]
fn the_forms_of_one_edition_do_not_differ() {
    let edition = Edition::current();
    let desk = desk(&edition);
    desk.write("page.html", &edition.html());
    desk.write("page.txt", &edition.text());
    for other in ["page.html", "page.txt", "embedded"] {
        let run = desk
            .run(&format!("diff page.md {other} --detailed-exitcode"))
            .ends(0);
        assert!(run.stdout.starts_with("No differences."), "{}", run.stdout);
    }
    desk.write(
        "less.md",
        &edition
            .with(GRAPH, "13.87.81.35, ", "13.87.81.3 5, ")
            .markdown(),
    );
    let run = desk.run("diff page.md less.md --detailed-exitcode").ends(2);
    assert!(
        run.stdout.contains("`13.87.81.3 5` is left out"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("- 13.87.81.35/32"), "{}", run.stdout);
}

/// The Swedish page lost what stands in code spans of rows 9, 10 and 15.
#[test]
fn the_swedish_page_lacks_what_it_lost() {
    let Some(reference) = reference() else { return };
    let page = reference.join("data/article/sv-SE-learn-page.txt");
    let desk = Desk::new();
    let run = desk
        .run(&format!("import article {}", page.display()))
        .ends(2);
    let lacking: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.trim_start().starts_with("lacks"))
        .collect();
    assert_eq!(
        lacking,
        [
            "  lacks of `hybrid-configuration-wizard` (row 9):",
            "  lacks of `autodetect` (row 10), all of it:",
            "  lacks of `trusted-sites-identity` (row 15):",
        ]
    );
    assert!(!run.stderr.contains("adds"), "{}", run.stderr);
}
