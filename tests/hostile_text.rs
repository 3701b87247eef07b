//! Hostile texts in every field of every document that the program reads: each is refused, or comes out as
//! nothing but text.
//!
//! Fields are found by walking through a document that has all of its schema's, so that a new field is covered
//! without anybody's remembering it.

mod hostile;
mod support;

use std::collections::BTreeMap;
use std::path::Path;

use hostile::{
    UNSEEN, is_harmless_folder, is_harmless_to_a_terminal, is_short, says_no_harm_of_the_facts,
    says_no_harm_of_the_folder, shows_itself, strings, texts, with, with_names,
};
use perimeter365::catalogue::document::Document;
use perimeter365::catalogue::{Catalogue, Cloud};
use perimeter365::error::Errors;
use perimeter365::generate::{Request, generate_from};
use perimeter365::options::Words;
use perimeter365::source::catalogues::CatalogueFile;
use perimeter365::source::named::Named;
use perimeter365::source::web_service::import;
use perimeter365::{overlay, schema};
use serde_json::{Value, json};
use support::terraform::Terraform;
use support::{Desk, Run};

/// A catalogue with every field that one can have.
fn catalogue() -> Value {
    let stated = |value: Value| json!({ "value": value, "basis": "stated" });
    json!({
        "schema": 1,
        "source": { "title": "A test", "language": "en", "edition": "1", "url": "https://example.com" },
        "roles": { "client": "Clients", "server": "Servers" },
        "sets": [
            {
                "key": "first", "row": 1, "title": "First", "traffic": "inbound-hybrid-server", "notes": ["A note."],
                "flows": [
                    { "id": "a", "title": "One", "direction": stated(json!("inbound")), "roles": ["client", "server"],
                      "protocol": stated(json!("tcp")), "ports": { "value": ["80", "443"], "basis": { "referenced": "https://example.com/a" } },
                      "remotes": [{ "clouds": stated(json!(["worldwide"])), "networks": stated(json!(["192.0.2.0/24", "2001:db8::/32"])) }] },
                    { "id": "b", "title": "Two", "direction": stated(json!("inbound")), "roles": ["server"],
                      "protocol": stated(json!("tcp")), "ports": stated(json!(["25"])),
                      "remotes": [{ "clouds": stated(json!(["worldwide"])), "range": { "value": "somewhere", "basis": "unstated" } }] },
                ],
            },
            {
                "key": "second", "title": "Second", "traffic": "outbound-server-only", "retired": "2020",
                "entry": { "id": 7, "area": "Common", "category": "Default", "required": true, "express_route": false },
                "flows": [{ "direction": stated(json!("outbound")), "roles": ["client"], "protocol": stated(json!("tcp")), "ports": stated(json!(["443"])),
                    "remotes": [{ "clouds": stated(json!(["worldwide"])), "hosts": stated(json!(["<tenant>.example.com", "a.example.com"])) }] }],
            },
            {
                "key": "third", "title": "Third", "traffic": "trusted-sites",
                "sites": { "roles": ["client"], "clouds": stated(json!(["worldwide"])), "hosts": stated(json!(["b.example.com"])) },
            },
        ],
        "ranges": [{ "name": "known", "cloud": "worldwide", "networks": ["198.51.100.0/24"] }],
        "published": [{ "cloud": "worldwide", "host": "a.example.com", "entry": 7, "tcp": ["443"], "udp": ["443"], "networks": ["203.0.113.0/24"] }],
        "service_tags": [{ "host": "a.example.com", "tag": "AzureActiveDirectory" }],
    })
}

/// An overlay with every field that one can have, on top of [`catalogue`].
fn overlay() -> Value {
    let stated = |value: Value| json!({ "value": value, "basis": "stated" });
    json!({
        "schema": 1,
        "title": "Ours",
        "roles": { "printer": "Printers" },
        "sets": [
            { "key": "badges", "title": "Badges", "traffic": "outbound-server-only", "retired": "2021", "notes": ["Ours."],
              "flows": [
                { "id": "a", "title": "One", "direction": stated(json!("outbound")), "roles": ["client", "printer"],
                  "protocol": stated(json!("tcp")), "ports": { "value": ["443"], "basis": { "referenced": "https://example.com/b" } },
                  "remotes": [{ "clouds": stated(json!(["worldwide"])), "networks": stated(json!(["203.0.113.0/24"])) }] },
                { "id": "b", "title": "Two", "direction": stated(json!("outbound")), "roles": ["printer"],
                  "protocol": stated(json!("tcp")), "ports": stated(json!(["444"])),
                  "remotes": [{ "clouds": stated(json!(["worldwide"])), "range": { "value": "badge_hosts", "basis": "unstated" } }] },
                { "id": "c", "title": "Three", "direction": stated(json!("outbound")), "roles": ["printer"],
                  "protocol": stated(json!("tcp")), "ports": stated(json!(["445"])),
                  "remotes": [{ "clouds": stated(json!(["worldwide"])), "hosts": stated(json!(["c.example.com"])) }] },
              ] },
            { "key": "sites", "title": "Sites", "traffic": "trusted-sites",
              "sites": { "roles": ["client"], "clouds": stated(json!(["worldwide"])), "hosts": stated(json!(["d.example.com"])) } },
        ],
        "exclude": [{ "set": "third", "reason": "no browsers" }],
        "ports": [{ "set": "first", "flow": "a", "protocol": "tcp", "ports": ["8443"] }],
        "values": { "tenant": ["contoso"] },
        "ranges": [{ "name": "somewhere", "clouds": ["worldwide"], "networks": ["10.1.0.0/28"] }],
        "exceptions": [
            { "set": "badges", "grant": "include-retired", "reason": "until we move", "expires": "2099-12-31" },
            { "set": "badges", "flow": "c", "grant": "any", "reason": "until we know", "expires": "2099-12-31" },
        ],
    })
}

/// An answer with every field that one can have.
fn answer() -> Value {
    json!([
        { "id": 1, "serviceArea": "Exchange", "serviceAreaDisplayName": "Mail", "urls": ["a.example.com"], "ips": ["9.0.0.0/24", "2600::/32"],
          "tcpPorts": "80,443", "udpPorts": "443", "expressRoute": true, "category": "Optimize", "required": true, "notes": "A sentence." },
        { "id": 2, "serviceArea": "Common", "urls": ["b.example.com"], "ips": ["9.0.1.0/24"], "tcpPorts": "443", "category": "Default",
          "required": false, "expressRoute": false },
    ])
}

/// The document has all that its schema knows, so that walking through it misses no field.
fn is_all_of(document: &Value, schema: &str) {
    let schema: Value = serde_json::from_str(schema).expect("a schema is JSON");
    let names = hostile::names(document);
    let definitions = schema["$defs"].as_object().expect("it has definitions");
    for object in definitions.values().chain([&schema]) {
        for field in object["properties"].as_object().into_iter().flatten() {
            assert!(
                names.contains(field.0),
                "the test's document has no `{}`",
                field.0
            );
        }
    }
}

fn tell_no_harm(what: &str, errors: &Errors) {
    for error in errors.iter() {
        let said = error.to_string();
        shows_itself(what, &said);
        assert!(!said.contains('\n'), "{what}: {said}");
        is_short(what, &said);
    }
}

/// Puts every hostile text everywhere in `document`, and returns documents with those that `read` took: each with
/// one such text in as many fields as take it.
fn taken(
    document: &Value,
    maps: &[&str],
    read: impl Fn(&Value) -> Result<(), Errors>,
) -> Vec<Value> {
    read(document).expect("it can be read as it is");
    let mut taken: BTreeMap<usize, Value> = BTreeMap::new();
    for (turn, way) in strings(document).into_iter().enumerate() {
        for (index, text) in texts(turn).iter().enumerate() {
            if let Err(errors) = read(&with(document, &way, text)) {
                tell_no_harm(&way, &errors);
            } else {
                let all = taken.entry(index).or_insert_with(|| document.clone());
                *all = with(all, &way, text);
            }
        }
    }
    for way in maps {
        for text in texts(0) {
            for document in with_names(document, way, &text) {
                let read = read(&document);
                tell_no_harm(way, &read.expect_err("no name is hostile"));
            }
        }
    }
    taken.into_values().collect()
}

const ALL: &str = "--root --infer --include-retired --hosts second=web-service --template nftables --template edl --template cisco-asa";

#[track_caller]
fn is_written(what: &str, desk: &Desk, arguments: &str) -> Run {
    let run = desk.generate(arguments);
    is_harmless_to_a_terminal(what, &run);
    assert_eq!(run.code, 0, "{what}: {}", run.stderr);
    is_harmless_folder(what, &desk.file("m365"));
    run
}

/// Terraform finds nothing to lay out otherwise, and nothing wrong.
fn terraform_takes(desk: &Desk) {
    let Some(terraform) = Terraform::alone("hostile texts in HCL") else {
        return;
    };
    terraform.succeeds(desk.path(), &["fmt", "-check", "-recursive", "m365"]);
    let root = desk.file("m365/root/generic");
    terraform.succeeds(&root, &["init", "-no-color"]);
    terraform.succeeds(&root, &["validate", "-no-color"]);
}

#[test]
fn no_text_of_a_catalogue_is_more_than_text() {
    let document = catalogue();
    is_all_of(&document, &schema::text::<Document>());
    let read =
        |value: &Value| CatalogueFile::read("c.json", value.to_string().as_bytes()).map(|_| ());
    let taken = taken(&document, &["/roles"], read);
    assert_eq!(
        taken.len(),
        2,
        "printable ASCII in titles, and nothing else"
    );
    for (index, document) in taken.iter().enumerate() {
        let desk = Desk::new();
        desk.write("c.json", &document.to_string());
        let what = format!("catalogue {index}");
        is_written(&what, &desk, &format!("--catalogue c.json {ALL}"));
        says_no_harm_of_the_folder(&what, &desk);
        says_no_harm_of_the_facts(&what, &desk, "c.json");
        terraform_takes(&desk);
    }
    // The same by the program itself: nothing is written.
    let desk = Desk::new();
    let broken = with(&document, "/sets/0/title", &texts(4)[3]);
    let broken = with(&broken, "/sets/1/key", &texts(0)[5]);
    desk.write("c.json", &broken.to_string());
    let run = desk.generate("--catalogue c.json").ends(1);
    is_harmless_to_a_terminal("a broken catalogue", &run);
    assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);
    assert!(!desk.file("m365").exists(), "nothing is written");
}

/// Reads an overlay on top of `facts`, in an empty folder that stays empty.
fn overlaid(desk: &Desk, facts: &Catalogue, value: &Value) -> Result<(), Errors> {
    desk.write("o.json", &value.to_string());
    let request = Request {
        out: desk.file("none"),
        words: Words {
            overlay: Some(vec![desk.file("o.json").display().to_string()]),
            target: Some(vec!["generic-firewall".to_owned()]),
            ..Words::default()
        },
        check: true,
        ..Request::default()
    };
    generate_from(facts.clone(), &request).map(|_| ())
}

#[test]
fn no_text_of_an_overlay_is_more_than_text() {
    let document = overlay();
    is_all_of(&document, &schema::print(&overlay::document::schema()));
    let desk = Desk::new();
    let facts = CatalogueFile::read("c.json", catalogue().to_string().as_bytes());
    let facts = facts.expect("it is one").facts;
    let read = |value: &Value| overlaid(&desk, &facts, value);
    let taken = taken(&document, &["/roles", "/values"], read);
    assert_eq!(taken.len(), 2, "{taken:?}");
    for (index, document) in taken.iter().enumerate() {
        let desk = Desk::new();
        desk.write("c.json", &catalogue().to_string());
        desk.write("o.json", &document.to_string());
        let what = format!("overlay {index}");
        is_written(
            &what,
            &desk,
            &format!("--catalogue c.json --overlay o.json {ALL}"),
        );
        says_no_harm_of_the_folder(&what, &desk);
        let expired = desk.generate("--check --today 2100-01-01").ends(2);
        is_harmless_to_a_terminal(&what, &expired);
    }
    // Prose may be in any language, and is refused for each sign that can't be seen.
    for sign in UNSEEN {
        for way in ["/title", "/exceptions/0/reason", "/exclude/0/reason"] {
            let document = with(&document, way, &format!("für{sign}Büros"));
            let errors = read(&document).expect_err("it can't be seen");
            tell_no_harm(way, &errors);
        }
    }
    read(&with(&document, "/title", "für Büros, 日本語, عربي")).expect("it can be seen");
}

#[test]
fn no_text_of_an_answer_is_more_than_text() {
    let document = answer();
    let read = |value: &Value| {
        let bytes = value.to_string();
        let imported = import(Path::new("a.json"), bytes.as_bytes(), Cloud::Worldwide, "1")?;
        CatalogueFile::new(
            "a.json",
            imported.document,
            format!("sha256:{}", "0".repeat(64)),
        )?;
        Ok(())
    };
    let taken = taken(&document, &[], read);
    for (index, document) in taken.iter().enumerate() {
        let desk = Desk::new();
        desk.write("a.json", &document.to_string());
        let what = format!("answer {index}");
        let imported = desk.run("import web-service a.json --cloud worldwide --out c.json");
        is_harmless_to_a_terminal(&what, &imported);
        shows_itself(&what, &desk.read("c.json"));
        is_written(
            &what,
            &desk,
            "--catalogue c.json --traffic user --target generic-firewall",
        );
        says_no_harm_of_the_facts(&what, &desk, "a.json");
        let renewed = desk
            .run("generate --out renewed --web-service worldwide=a.json --accept exchange_online");
        is_harmless_to_a_terminal(&what, &renewed);
        if renewed.code == 0 {
            is_harmless_folder(&what, &desk.file("renewed"));
        }
    }
    // Names of fields that nobody knows are passed over, or told.
    for text in texts(9) {
        let mut document = document.clone();
        document[0][text.as_str()] = text.as_str().into();
        if let Err(errors) = read(&document) {
            tell_no_harm("a field", &errors);
        }
    }
}

#[test]
fn no_sign_that_cannot_be_seen_gets_into_a_template_or_a_modules_source() {
    let desk = Desk::new();
    let facts = CatalogueFile::read("c.json", catalogue().to_string().as_bytes());
    let facts = facts.expect("it is one").facts;
    let run = |words: Words| {
        let request = Request {
            out: desk.file("none"),
            words,
            check: true,
            ..Request::default()
        };
        generate_from(facts.clone(), &request)
    };
    for sign in UNSEEN
        .into_iter()
        .chain(['\0', '\u{1b}', '\u{85}', '\u{7f}'])
    {
        desk.write("own.hbs", &format!("# {{{{header}}}}\n\tallow{sign}\r\n"));
        let errors = run(Words {
            template: Some(vec![desk.file("own.hbs").display().to_string()]),
            ..Words::default()
        });
        let errors = errors.expect_err("it can't be seen");
        tell_no_harm("a template", &errors);
        assert!(
            errors
                .iter()
                .all(|error| error.to_string().contains("line 2, column 7"))
        );
        let errors = run(Words {
            module_source: Some(format!("../m{sign}/{{target}}")),
            ..Words::default()
        });
        tell_no_harm("a source", &errors.expect_err("it can't be seen"));
    }
}

/// Past the door that refuses them: each medium is harmless by itself.
#[test]
fn what_would_get_past_the_door_is_still_no_more_than_text() {
    let facts = CatalogueFile::read("c.json", catalogue().to_string().as_bytes());
    let mut facts = facts.expect("it is one").facts;
    let all = texts(0)[..5].concat();
    for set in &mut facts.sets {
        set.title.clone_from(&all);
        set.notes.push(all.clone());
        for flow in &mut set.flows {
            flow.title = Some(all.clone());
        }
    }
    let desk = Desk::new();
    let request = Request {
        out: desk.file("m365"),
        words: Words {
            root: Some(true),
            // The others' limits would refuse titles of such a length.
            target: Some(vec!["generic-firewall".to_owned()]),
            infer: Some(vec!["all".to_owned()]),
            include_retired: Some(vec!["all".to_owned()]),
            template: Some(["nftables", "edl", "cisco-asa"].map(str::to_owned).to_vec()),
            ..Words::default()
        },
        ..Request::default()
    };
    generate_from(facts, &request).expect("hostile facts are facts");
    is_harmless_folder("past the door", &desk.file("m365"));
    assert!(
        desk.read("m365/README.md").contains(r"\u{202e}"),
        "it is shown"
    );
}
