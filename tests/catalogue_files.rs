//! `--catalogue`: catalogues from files stand in place of the embedded endpoint sets, and the folder
//! needs the files no more.

mod support;

use support::{Desk, rows};

const USER: &str = "m365/worldwide/user/generic-firewall/main.tf";
const INBOUND: &str = "m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf";
const FACTS: &str = "m365/perimeter365.facts.json";
const LOCK: &str = "m365/perimeter365.lock";

/// A catalogue of one set of user traffic for each of `keys`, none of them real.
fn catalogue(title: &str, keys: &[&str], more: &str) -> String {
    let sets: Vec<String> = keys
        .iter()
        .map(|key| {
            format!(
                r#"{{"key": "{key}", "title": "What {key} needs", "traffic": "user", "flows": [{{
                    "direction": {{"value": "outbound", "basis": "stated"}},
                    "roles": ["kiosk"],
                    "protocol": {{"value": "tcp", "basis": "stated"}},
                    "ports": {{"value": ["443"], "basis": "stated"}},
                    "remotes": [{{
                        "clouds": {{"value": ["worldwide"], "basis": "stated"}},
                        "networks": {{"value": ["192.0.2.0/24"], "basis": "stated"}}
                    }}, {{
                        "clouds": {{"value": ["worldwide"], "basis": "stated"}},
                        "hosts": {{"value": ["{key}.example.com"], "basis": "stated"}}
                    }}]
                }}]}}"#
            )
        })
        .collect();
    format!(
        r#"{{"schema": 1,
            "source": {{"title": "{title}", "language": "en", "edition": "1", "url": "https://example.com/{title}"}},
            "roles": {{"kiosk": "Kiosks in the lobby"}},
            "sets": [{}]{more}}}"#,
        sets.join(", ")
    )
}

/// The one line of the lock that remembers catalogues.
fn remembered(desk: &Desk) -> String {
    let lock = desk.read(LOCK);
    let start = lock.find("catalogue = [");
    let start = start.unwrap_or_else(|| panic!("no catalogue in {lock}"));
    let rest = &lock[start..];
    rest[..=rest.find(']').expect("a list ends")].to_owned()
}

#[test]
fn a_file_stands_in_place_of_the_embedded_sets_and_is_needed_once() {
    let desk = Desk::new();
    desk.write("a.json", &catalogue("A", &["portal", "unused"], ""));
    desk.generate("--catalogue a.json --traffic user --exclude-set unused")
        .ends(0);
    let readme = desk.read("m365/README.md");
    assert!(rows(&desk.read(USER)).contains_key("portal.kiosk.ipv4"));
    for text in [
        "2 of 2 endpoint sets accounted for",
        "| `kiosk` | Kiosks in the lobby |",
        "[A](https://example.com/A), en, edition 1 (file): 2 endpoint sets",
    ] {
        assert!(readme.contains(text), "`{text}` is not in {readme}");
    }
    for text in ["article's", "Stream"] {
        assert!(!readme.contains(text), "`{text}` is in {readme}");
    }
    assert!(remembered(&desk).contains("\"sha256:"));
    let facts = desk.read(FACTS);
    assert!(facts.contains("\"unused\""), "the whole document is kept");
    assert!(
        !facts.contains("a.json") && !desk.read(LOCK).contains("a.json"),
        "no path is remembered"
    );

    std::fs::remove_file(desk.file("a.json")).unwrap();
    let before = desk.files("m365");
    desk.generate("--check").ends(0);
    assert_eq!(desk.generate("").ends(0).stderr, "");
    assert_eq!(desk.files("m365"), before);
    // The digest names what the folder keeps.
    let digest = remembered(&desk).split('"').nth(1).unwrap().to_owned();
    desk.generate(&format!("--catalogue {digest}")).ends(0);
    desk.generate(&format!("--catalogue {digest} --check"))
        .ends(0);
    assert_eq!(desk.files("m365"), before);
}

#[test]
fn what_is_remembered_is_taken_back_or_forgotten() {
    let untouched = Desk::new();
    untouched.generate("").ends(0);
    let embedded = untouched.files("m365");
    let desk = Desk::new();
    desk.write("a.json", &catalogue("A", &["portal"], ""));
    for back in ["--catalogue embedded", "--reset"] {
        desk.generate("--catalogue a.json --target generic-firewall --traffic user")
            .ends(0);
        assert!(!desk.file(INBOUND).exists());
        desk.generate(&format!(
            "{back} --traffic inbound-hybrid-server --traffic outbound-server-only"
        ))
        .ends(0);
        assert!(desk.read(INBOUND).contains("mailbox-migration"), "{back}");
        assert!(!desk.read(FACTS).contains("portal"), "{back}");
        assert!(!desk.read(LOCK).contains("catalogue"), "{back}");
    }
    assert_eq!(
        desk.read(FACTS),
        embedded["perimeter365.facts.json"],
        "as if it had never been"
    );
}

#[test]
fn several_go_together_with_the_embedded_one_in_their_order() {
    let desk = Desk::new();
    desk.write("a.json", &catalogue("A", &["portal"], ""));
    desk.write("b.json", &catalogue("B", &["till"], ""));
    desk.generate("--catalogue b.json --catalogue embedded --catalogue a.json --traffic user")
        .ends(0);
    let json = desk
        .generate("--check --format json")
        .ends(0)
        .stdout
        .replace(' ', "");
    let place = |key: &str| {
        let key = format!("\"key\":\"{key}\"");
        json.find(&key).unwrap_or_else(|| panic!("no {key}"))
    };
    assert!(place("till") < place("pst-import"));
    assert!(place("teams-mobile-push") < place("portal"));
    assert!(remembered(&desk).contains("\"embedded\""));
    let readme = desk.read("m365/README.md");
    assert!(readme.contains("27 of 27 endpoint sets accounted for"));
    assert!(readme.contains("row 21"), "the article's sets are there");
}

#[test]
fn embedded_ranges_stay_where_no_file_gives_its_own() {
    let desk = Desk::new();
    let set = |ranges: &str| {
        catalogue("A", &["portal"], ranges).replace(
            r#""networks": {"value": ["192.0.2.0/24"]"#,
            r#""range": {"value": "exchange_online""#,
        )
    };
    desk.write("a.json", &set(""));
    desk.generate("--catalogue a.json --traffic user").ends(0);
    assert!(desk.read(USER).contains("40.92.0.0/15"));
    desk.write(
        "b.json",
        &set(r#", "ranges": [{"name": "exchange_online", "cloud": "worldwide", "networks": ["198.51.100.0/24"]}]"#),
    );
    desk.generate("--catalogue b.json --accept exchange_online")
        .ends(0);
    let main = desk.read(USER);
    assert!(main.contains("198.51.100.0/24") && !main.contains("40.92.0.0/15"));
    desk.generate("--check").ends(0);
}

#[test]
fn a_key_in_two_of_them_names_both() {
    let desk = Desk::new();
    desk.write("a.json", &catalogue("A", &["portal", "till"], ""));
    let range = r#", "ranges": [{"name": "exchange_online", "cloud": "china", "networks": ["192.0.2.0/24"]}]"#;
    desk.write(
        "b.json",
        &catalogue("B", &["portal", "stream", "till"], range),
    );
    desk.write(
        "c.json",
        &catalogue("C", &["other"], &range.replace("192.0.2", "192.0.3")),
    );
    desk.generate("--catalogue a.json --catalogue b.json --catalogue embedded --catalogue c.json")
        .refuses(&[
            "`--catalogue b.json`: `portal`, `till` stand in `a.json` too, and a key names one set",
            "`--catalogue embedded`: `stream` stands in `b.json` too",
            "`--catalogue c.json`: the range `exchange_online` of china is another one in `b.json`",
        ]);
    // The same document twice is one.
    desk.write("again.json", &catalogue("A", &["portal", "till"], ""));
    desk.generate("--catalogue a.json --catalogue again.json --traffic user")
        .ends(0);
}

#[test]
fn all_that_is_wrong_with_all_files_is_told_in_one_run() {
    let desk = Desk::new();
    desk.write("page.json", "<html>");
    desk.write(
        "shape.json",
        &catalogue("S", &["portal"], "")
            .replace("\"title\": \"What", "\"titel\": \"What")
            .replace("\"basis\": \"stated\"", "\"base\": \"stated\"")
            .replace("\"edition\": \"1\"", "\"edition\": 1"),
    );
    desk.write(
        "facts.json",
        &catalogue("F", &["portal"], "")
            .replace("192.0.2.0/24", "192.0.2.1/24")
            .replace("[\"kiosk\"]", "[\"kiosc\"]"),
    );
    desk.generate(
        "--catalogue page.json --catalogue absent.json --catalogue shape.json --catalogue facts.json",
    )
    .refuses(&[
        "page.json: `line 1`: it is no JSON",
        "cannot read `absent.json`",
        "shape.json: `portal.titel`: there is no such field; did you mean `title`?",
        "shape.json: `portal`: `title` is missing",
        "shape.json: `portal.flows[0].direction.base`: there is no such field; did you mean `basis`?",
        "shape.json: `source.edition`: it is a number, not a text",
        "facts.json: `portal.flows[0].remotes[0].networks[0]`: `192.0.2.1/24` has host bits",
        "the role `kiosc` is not among the document's `roles`; did you mean `kiosk`?",
    ]);
    desk.generate(&format!("--catalogue sha256:{}", "0".repeat(64)))
        .refuses(&["a digest names what the folder keeps, and it keeps none"]);
    desk.write("none.json", &catalogue("N", &[], ""));
    desk.generate("--catalogue none.json")
        .refuses(&["there is no endpoint set in it; add `--catalogue embedded`"]);
    assert!(desk.files("m365").is_empty());
}

#[test]
fn what_a_folder_keeps_is_not_edited_by_hand_nor_lost_in_silence() {
    let desk = Desk::new();
    desk.write("a.json", &catalogue("A", &["portal"], ""));
    desk.generate("--catalogue a.json --traffic user").ends(0);
    let (facts, lock) = (desk.read(FACTS), desk.read(LOCK));
    desk.write(FACTS, &facts.replace("192.0.2.0/24", "192.0.2.0/23"));
    desk.generate("").refuses(&[
        "perimeter365.facts.json",
        "what it keeps of the catalogue `sha256:",
        "was edited by hand",
    ]);
    let embedded = Desk::new();
    embedded.generate("").ends(0);
    desk.write(FACTS, &embedded.read(FACTS));
    desk.generate("").refuses(&[
        "it doesn't keep `sha256:",
        "which `perimeter365.lock` remembers of `--catalogue`",
        "name the file again with `--catalogue`",
    ]);
    desk.generate("--catalogue a.json").ends(0);
    assert_eq!((desk.read(FACTS), desk.read(LOCK)), (facts, lock));

    std::fs::remove_file(desk.file(LOCK)).unwrap();
    desk.generate("--traffic user").refuses(&[
        "it is gone, and `perimeter365.facts.json` keeps the catalogue `sha256:",
        "`--catalogue` with a digest, a file or `embedded`",
    ]);
    let run = desk.generate("--traffic user --catalogue a.json").ends(0);
    assert!(run.stderr.contains("is gone"), "{}", run.stderr);
}

/// An answer of the web service's with one Exchange entry.
const ANSWER: &str = r#"[{"id": 1, "serviceArea": "Exchange", "urls": ["portal.example.com"], "ips": ["203.0.113.0/24"], "tcpPorts": "443"}]"#;

#[test]
fn an_answer_of_the_web_service_renews_on_top_until_a_new_catalogue_says_otherwise() {
    let desk = Desk::new();
    let own = |third: u8| {
        let range = format!(
            r#", "ranges": [{{"name": "exchange_online", "cloud": "worldwide", "networks": ["198.51.{third}.0/24"]}}]"#
        );
        catalogue("A", &["portal"], &range)
    };
    desk.write("a.json", &own(100));
    desk.write("answer.json", ANSWER);
    desk.generate("--catalogue a.json --catalogue embedded --web-service worldwide=answer.json")
        .ends(0);
    assert!(desk.read(INBOUND).contains("203.0.113.0/24"));
    desk.generate("").ends(0);
    desk.generate("--catalogue a.json --catalogue embedded")
        .ends(0);
    assert!(
        desk.read(INBOUND).contains("203.0.113.0/24"),
        "the same catalogue again is nothing new"
    );
    desk.write("b.json", &own(101));
    let run = desk
        .generate("--catalogue b.json --catalogue embedded --accept exchange_online")
        .ends(0);
    assert!(
        run.stderr
            .contains("what `--web-service` renewed earlier is forgotten"),
        "{}",
        run.stderr
    );
    let main = desk.read(INBOUND);
    assert!(main.contains("198.51.101.0/24") && !main.contains("203.0.113.0/24"));
    desk.generate("--check").ends(0);
}

#[test]
fn what_a_catalogue_publishes_stands_in_place_of_its_host_names() {
    let desk = Desk::new();
    let published = r#", "published": [{"cloud": "worldwide", "host": "portal.example.com", "entry": 1,
        "tcp": ["443"], "networks": ["203.0.113.0/24"]}]"#;
    desk.write("a.json", &catalogue("A", &["portal"], published));
    desk.generate(
        "--catalogue a.json --traffic user --target azure-nsg --hosts portal=web-service",
    )
    .ends(0);
    let main = desk.read("m365/worldwide/user/azure-nsg/main.tf");
    assert!(rows(&main)["portal.kiosk.fqdn4"].contains("203.0.113.0/24"));
    desk.generate("--check").ends(0);
}

#[test]
fn texts_tell_what_another_catalogue_opens_and_closes() {
    let desk = Desk::new();
    desk.write("a.json", &catalogue("A", &["portal", "till"], ""));
    desk.write(
        "b.json",
        &catalogue("B", &["portal"], "").replace("192.0.2.0/24", "198.51.100.0/24"),
    );
    desk.generate("--catalogue a.json --traffic user --target none --template nftables")
        .ends(0);
    let run = desk.generate("--catalogue b.json --accept all").ends(0);
    for text in [
        "~ worldwide/user portal.kiosk.ipv4; opens 198.51.100.0/24; closes 192.0.2.0/24",
        "- worldwide/user till.kiosk.ipv4; closes",
    ] {
        assert!(
            run.stdout.contains(text),
            "`{text}` is not in {}",
            run.stdout
        );
    }
    // Back to what nobody has at hand any more but the digest.
    let run = desk
        .generate("--catalogue embedded --traffic inbound-hybrid-server")
        .ends(0);
    assert!(
        run.stdout
            .contains("- worldwide/user portal.kiosk.ipv4; closes"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_schema_is_published() {
    let run = Desk::new().run("schema catalogue").ends(0);
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(schema["title"], "catalogue");
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn a_newer_edition_of_the_embedded_catalogue_can_be_a_file() {
    let article = include_str!("../src/catalogue/article.json");
    let (desk, embedded) = (Desk::new(), Desk::new());
    desk.write("article.json", article);
    desk.generate("--catalogue article.json").ends(0);
    embedded.generate("").ends(0);
    let mut files = desk.files("m365");
    let mut others = embedded.files("m365");
    for own in ["README.md", "perimeter365.lock", "perimeter365.facts.json"] {
        assert_ne!(files.remove(own), others.remove(own), "{own}");
    }
    assert_eq!(files, others, "the same facts are the same rules");
}

#[test]
fn a_list_is_no_object_and_nothing_stands_twice_however_long_the_file_is() {
    let desk = Desk::new();
    let whole = catalogue("A", &["portal"], "");
    let fact = r#"{"value": "outbound", "basis": "stated"}"#;
    let listed = whole.replace(fact, r#"["outbound", "stated"]"#);
    let mapped = whole.replace(fact, r#"{"value": "outbound", "basis": {"stated": null}}"#);
    let role = r#""kiosk": "Kiosks in the lobby""#;
    let doubled = whole.replace(role, &format!("{role}, {role}"));
    for (text, said) in [
        (
            listed,
            "`portal.flows[0].direction`: it is a list, not an object",
        ),
        (mapped, "`portal.flows[0].direction.basis"),
        (doubled, "`kiosk` stands twice"),
    ] {
        for filling in [0, 5 << 20] {
            desk.write("a.json", &format!("{}{text}", " ".repeat(filling)));
            let errors = desk.generate("--catalogue a.json").ends(1).stderr;
            assert!(errors.contains(said), "{errors}");
        }
    }
}
