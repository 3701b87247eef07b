//! What a catalogue must not hold, and that each defect is told with its place and reason.

use perimeter365::catalogue::Origin;
use perimeter365::source::embedded::{self, read_document};
use serde_json::{Value, json};

/// A small valid catalogue, for tests to spoil.
fn valid() -> Value {
    let stated = |value: Value| json!({ "value": value, "basis": "stated" });
    json!({
        "schema": 1,
        "source": { "title": "A test", "language": "en", "edition": "1", "url": "https://example.com" },
        "roles": { "client": "Clients", "server": "Servers" },
        "sets": [
            {
                "key": "first", "row": 1, "title": "First", "traffic": "inbound-hybrid-server",
                "flows": [{
                    "direction": stated(json!("inbound")),
                    "roles": ["client", "server"],
                    "protocol": stated(json!("tcp")),
                    "ports": stated(json!(["80", "443", "50000-59999"])),
                    "remotes": [
                        { "clouds": stated(json!(["worldwide"])), "networks": stated(json!(["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32"])) },
                        { "clouds": stated(json!(["china"])), "range": { "value": "somewhere", "basis": "unstated" } },
                        { "clouds": stated(json!(["worldwide"])), "hosts": stated(json!(["*.example.com", "<tenant>.example.com", "example.com"])) },
                    ],
                }],
            },
            {
                "key": "second", "row": 2, "title": "Second", "traffic": "user", "retired": "2020",
                "flows": [
                    { "id": "a", "direction": stated(json!("outbound")), "roles": ["client"], "remotes": [
                        { "clouds": stated(json!(["worldwide"])), "hosts": { "value": ["a.example.com"], "basis": { "referenced": "https://example.com/a" } } } ] },
                    { "id": "b", "title": "The other", "direction": stated(json!("outbound")), "roles": ["client"], "remotes": [
                        { "clouds": stated(json!(["worldwide"])), "hosts": stated(json!(["b.example.com"])) } ] },
                ],
            },
            {
                "key": "third", "row": 3, "title": "Third", "traffic": "trusted-sites",
                "sites": { "roles": ["client"], "clouds": stated(json!(["worldwide"])) },
            },
        ],
        "ranges": [
            { "name": "known", "cloud": "worldwide", "networks": ["192.0.2.0/24"] },
            { "name": "known", "cloud": "china", "networks": ["192.0.2.0/24"] },
        ],
    })
}

fn defects(document: &Value) -> Vec<String> {
    match read_document("test.json", &document.to_string(), Origin::File) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

/// Puts `value` at `pointer` of a valid catalogue and asserts the only complaint.
#[track_caller]
fn refused(pointer: &str, value: Value, place: &str, why: &str) {
    let mut document = valid();
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value;
    } else {
        let (parent, field) = pointer.rsplit_once('/').expect("a pointer has a slash");
        document.pointer_mut(parent).expect("the parent exists")[field] = value;
    }
    let defects = defects(&document);
    let expected = format!("test.json: `{place}`: ");
    assert!(
        defects
            .iter()
            .any(|defect| defect.starts_with(&expected) && defect.contains(why)),
        "expected `{expected}…{why}…` among\n{}",
        defects.join("\n")
    );
}

#[test]
fn the_embedded_catalogue_and_the_test_catalogue_are_valid() {
    assert_eq!(defects(&valid()), Vec::<String>::new());
    let catalogue = embedded::read().expect("the embedded catalogue is valid");
    assert_eq!(catalogue.sets.len(), 25);
    let rows: Vec<Option<u16>> = catalogue.sets.iter().map(|set| set.row).collect();
    assert_eq!(rows, (1..=25).map(Some).collect::<Vec<_>>());
    assert_eq!(catalogue.ranges.len(), 4);
}

#[test]
fn duplicates_are_refused() {
    refused(
        "/sets/1/key",
        json!("first"),
        "first",
        "this key stands twice",
    );
    refused("/sets/1/row", json!(1), "second", "row 1 comes after row 1");
    refused(
        "/sets/0/flows/0/remotes/0/networks/value",
        json!(["10.0.0.0/8", "10.0.0.0/8"]),
        "first.flows[0].remotes[0].networks",
        "`10.0.0.0/8` stands twice",
    );
    refused(
        "/sets/0/flows/0/remotes/2/hosts/value",
        json!(["a.example.com", "a.example.com"]),
        "first.flows[0].remotes[2].hosts",
        "`a.example.com` stands twice",
    );
    refused(
        "/sets/0/flows/0/ports/value",
        json!(["443", "443"]),
        "first.flows[0].ports",
        "`443` stands twice",
    );
    refused(
        "/sets/0/flows/0/roles",
        json!(["client", "client"]),
        "first.flows[0].roles",
        "`client` stands twice",
    );
    refused(
        "/sets/1/flows/1/id",
        json!("a"),
        "second",
        "the flow id `a` stands twice",
    );
    refused(
        "/sets/0/flows/0/remotes/1/clouds/value",
        json!(["worldwide"]),
        "first.flows[0].remotes",
        "`worldwide` has networks twice in one flow",
    );
    refused(
        "/ranges/1/cloud",
        json!("worldwide"),
        "ranges[1]",
        "`known` of `worldwide` stands twice",
    );
}

#[test]
fn addresses_that_open_more_than_was_meant_are_refused() {
    let place = "first.flows[0].remotes[0].networks";
    let networks = "/sets/0/flows/0/remotes/0/networks/value";
    refused(
        networks,
        json!(["10.0.0.5/24"]),
        &format!("{place}[0]"),
        "host bits",
    );
    refused(
        networks,
        json!(["10.0.0.0/8", "10.1.0.0/16"]),
        place,
        "`10.1.0.0/16` is inside `10.0.0.0/8`",
    );
    refused(
        networks,
        json!(["42.159.180.566/32"]),
        &format!("{place}[0]"),
        "is not a network",
    );
    refused(
        networks,
        json!(["13.78.204.0"]),
        &format!("{place}[0]"),
        "no prefix length",
    );
    refused(
        networks,
        json!(["0.0.0.0/0"]),
        &format!("{place}[0]"),
        "every address there is",
    );
    refused(
        "/ranges/0/networks",
        json!(["192.0.2.1/24"]),
        "ranges[0].networks[0]",
        "host bits",
    );
    refused(
        "/sets/0/flows/0/remotes/2/hosts/value",
        json!(["*.com"]),
        "first.flows[0].remotes[2].hosts[0]",
        "every host of a top-level domain",
    );
}

#[test]
fn unsorted_entries_are_refused() {
    refused(
        "/sets/0/flows/0/remotes/0/networks/value",
        json!(["192.0.2.1/32", "10.0.0.0/8"]),
        "first.flows[0].remotes[0].networks",
        "unsorted: `10.0.0.0/8` comes after `192.0.2.1/32`",
    );
    refused(
        "/sets/0/flows/0/remotes/2/hosts/value",
        json!(["b.example.com", "a.example.com"]),
        "first.flows[0].remotes[2].hosts",
        "unsorted",
    );
    refused(
        "/sets/0/flows/0/ports/value",
        json!(["443", "80"]),
        "first.flows[0].ports",
        "unsorted",
    );
    refused(
        "/sets/0/flows/0/roles",
        json!(["server", "client"]),
        "first.flows[0].roles",
        "unsorted",
    );
    refused(
        "/sets/1/flows/0/id",
        json!("z"),
        "second",
        "flows are sorted by id",
    );
    refused("/sets/0/row", json!(9), "second", "row 2 comes after row 9");
    refused(
        "/ranges/0/cloud",
        json!("china"),
        "ranges[1]",
        "stands twice or unsorted",
    );
}

#[test]
fn what_cannot_be_told_apart_or_traced_is_refused() {
    refused(
        "/sets/1/flows/0/id",
        Value::Null,
        "second",
        "a set with several flows needs an id on each",
    );
    refused(
        "/sets/0/flows/0/roles",
        json!(["client", "stranger"]),
        "first.flows[0].roles",
        "the role `stranger` is not among",
    );
    refused(
        "/sets/1/flows/0/remotes/0/hosts/basis",
        json!({ "referenced": "" }),
        "second.flows[0].remotes[0].hosts",
        "carries the https URL",
    );
    refused(
        "/sets/1/flows/0/remotes/0/hosts/basis",
        json!({ "referenced": "https://x y" }),
        "second.flows[0].remotes[0].hosts",
        "carries the https URL",
    );
    refused(
        "/sets/0/title",
        json!(""),
        "first.title",
        "from 1 to 120 bytes",
    );
    refused(
        "/sets/0/title",
        json!("${oops}\n"),
        "first.title",
        "printable ASCII only",
    );
    refused(
        "/sets/0/traffic",
        json!("both"),
        "first.traffic",
        "`both` is none of",
    );
    refused(
        "/sets/2/traffic",
        json!("user"),
        "third",
        "network traffic has `flows`",
    );
    refused(
        "/sets/1/traffic",
        json!("trusted-sites"),
        "second",
        "trusted sites are browser settings",
    );
    refused(
        "/sets/0/flows/0/remotes/0/hosts",
        json!({ "value": ["a.example.com"], "basis": "stated" }),
        "first.flows[0].remotes[0]",
        "exactly one of",
    );
    refused(
        "/sets/1/retired",
        json!("soon"),
        "second.retired",
        "neither a year",
    );
    refused("/schema", json!(2), "schema", "`2` is not the version");
    refused(
        "/sets/0/key",
        json!("../first"),
        "../first",
        "is not a name such as",
    );
}

#[test]
fn a_referenced_fact_without_url_and_unknown_fields_are_no_catalogue() {
    for (pointer, value) in [
        ("/sets/1/flows/0/remotes/0/hosts/basis", json!("referenced")),
        ("/sets/0/flow", json!([])),
        ("/sets/0/flows/0/ports/source", json!("x")),
    ] {
        let mut document = valid();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[field] = value;
        let defects = defects(&document);
        assert_eq!(defects.len(), 1, "{defects:?}");
        assert!(defects[0].contains("line 1"), "{defects:?}");
    }
}

#[test]
fn all_defects_are_told_at_once() {
    let mut document = valid();
    document["sets"][0]["traffic"] = json!("x");
    document["sets"][0]["flows"][0]["ports"]["value"] = json!(["0", "70000"]);
    document["sets"][1]["key"] = json!("Second");
    document["ranges"][0]["networks"] = json!(["x", "y"]);
    assert_eq!(defects(&document).len(), 6, "{:#?}", defects(&document));
}
