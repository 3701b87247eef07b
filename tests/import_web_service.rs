//! `import web-service`: the web service's answer becomes a catalogue, or is refused with every reason.

mod reference;
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use ipnet::IpNet;
use perimeter365::catalogue::document::{Document, SetText};
use perimeter365::catalogue::{Cloud, network};
use perimeter365::source::web_service::import;
use proptest::prelude::*;
use reference::reference;
use support::{Desk, rows};

/// An answer with what answers have had over the years; none of it is real.
const ANSWER: &str = r#"[
    {"id": 9, "serviceArea": "Exchange", "serviceAreaDisplayName": "Mail", "urls": ["B.example.com", "a.example.com", "a.example.com", "autodiscover.*.example.com"],
     "ips": ["203.0.113.128/25", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "198.51.100.0/24"],
     "tcpPorts": "443,80", "udpPorts": "443", "expressRoute": true, "category": "Optimize", "required": true, "notes": "A sentence."},
    {"id": 2, "serviceArea": "SharePoint", "urls": ["*-files.example.com", " *cdn.example.net "], "ips": "", "tcpPorts": "143, 587, 993, 995", "udpPorts": "", "category": "Default", "required": false, "expressRoute": false},
    {"id": 163, "serviceArea": "MEM", "urls": "", "ips": ["", "192.0.2.0/24"], "udpPorts": "123", "added": "later"},
    {"id": 17, "serviceArea": "Common", "urls": ["c.example.com"], "ips": null},
    {"id": 18, "serviceArea": "Common", "tcpPorts": "443"}
]"#;

fn document(desk: &Desk, path: &str) -> Document {
    serde_json::from_str(&desk.read(path)).expect("it is a catalogue")
}

fn set<'a>(document: &'a Document, key: &str) -> &'a SetText {
    let found = document.sets.iter().find(|set| set.key == key);
    found.unwrap_or_else(|| panic!("no `{key}`"))
}

#[test]
fn each_entry_becomes_a_set() {
    let desk = Desk::new();
    desk.write("answer.json", &format!("\u{feff}{ANSWER}"));
    let run = desk
        .run("import web-service answer.json --cloud china --out c.json --service-version 2024010100")
        // Its range is not China's.
        .ends(2);
    assert!(
        run.stdout
            .starts_with("c.json: 4 endpoint sets, 3 host names")
    );
    for text in [
        "warning: entry 18: it names neither hosts nor addresses\n",
        "warning: entry 9: `203.0.113.128/25` is inside `203.0.113.0/24` and is not repeated\n",
        "`exchange_online` of china, against `embedded`: only 0 of the 33 prefixes",
    ] {
        assert!(
            run.stderr.contains(text),
            "`{text}` is not in {}",
            run.stderr
        );
    }
    let document = document(&desk, "c.json");
    assert_eq!(document.source.edition, "2024010100");
    let keys: Vec<&str> = document.sets.iter().map(|set| set.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "sharepoint-2-china",
            "exchange-9-china",
            "common-17-china",
            "mem-163-china"
        ]
    );

    let mail = set(&document, "exchange-9-china");
    assert_eq!(
        (mail.title.as_str(), mail.traffic.as_str()),
        ("Mail, entry 9", "user")
    );
    assert!(mail.notes.is_empty(), "sentences don't carry over");
    let entry = mail.entry.as_ref().unwrap();
    assert_eq!((entry.id, entry.area.as_str()), (9, "Exchange"));
    assert_eq!(entry.category.as_deref(), Some("Optimize"));
    assert_eq!(
        (entry.required, entry.express_route),
        (Some(true), Some(true))
    );
    let ids: Vec<_> = mail.flows.iter().map(|flow| flow.id.as_deref()).collect();
    assert_eq!(ids, [Some("tcp"), Some("udp")]);
    assert_eq!(mail.flows[0].ports.as_ref().unwrap().value, ["80", "443"]);
    let networks = ["198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"];
    for flow in &mail.flows {
        assert_eq!(flow.roles, ["user_client"]);
        let [by_address, by_name] = flow.remotes.as_slice() else {
            panic!("{:?}", flow.remotes);
        };
        assert_eq!(by_address.networks.as_ref().unwrap().value, networks);
        assert_eq!(
            by_name.hosts.as_ref().unwrap().value,
            [
                "a.example.com",
                "autodiscover.*.example.com",
                "b.example.com"
            ]
        );
        assert_eq!(by_name.clouds.value, ["china"]);
    }
    assert_eq!(document.ranges.len(), 1);
    assert_eq!(document.ranges[0].networks, networks);
    let published: Vec<&str> = document.published.iter().map(|p| p.host.as_str()).collect();
    assert_eq!(
        published,
        [
            "a.example.com",
            "autodiscover.*.example.com",
            "b.example.com"
        ]
    );

    // The flow has its name even where it is alone.
    assert_eq!(
        set(&document, "mem-163-china").flows[0].id.as_deref(),
        Some("udp")
    );
    let files = &set(&document, "sharepoint-2-china").flows[0];
    assert_eq!(files.id.as_deref(), Some("tcp"));
    assert_eq!(
        files.remotes[0].hosts.as_ref().unwrap().value,
        ["*-files.example.com", "*cdn.example.net"]
    );
    let portless = &set(&document, "common-17-china").flows[0];
    assert!(portless.protocol.is_none() && portless.ports.is_none());
}

#[test]
fn the_catalogue_is_ready_to_generate_from() {
    let desk = Desk::new();
    desk.write("answer.json", ANSWER);
    for (cloud, out) in [("worldwide", "w.json"), ("china", "c.json")] {
        desk.run(&format!(
            "import web-service answer.json --cloud {cloud} --out {out}"
        ))
        .ends(2);
    }
    assert_eq!(document(&desk, "w.json").source.edition, "as supplied");
    desk.generate("--catalogue w.json --catalogue c.json --catalogue embedded --cloud worldwide --cloud china --traffic user --target azure-nsg --hosts exchange-9=web-service")
        .ends(0);
    let rows = rows(&desk.read("m365/worldwide/user/azure-nsg/main.tf"));
    assert!(rows["exchange-9.tcp.user_client.ipv4"].contains("198.51.100.0/24"));
    assert!(rows["exchange-9.udp.user_client.fqdn4"].contains("203.0.113.0/24"));
    let readme = desk.read("m365/README.md");
    assert!(
        readme.contains("name it: `--port common-17-china.unstated=tcp/PORT`"),
        "{readme}"
    );
    desk.generate("--check").ends(0);
}

#[test]
fn the_order_of_entries_changes_no_byte() {
    let desk = Desk::new();
    let mut entries: Vec<serde_json::Value> = serde_json::from_str(ANSWER).unwrap();
    entries.reverse();
    desk.write("a.json", ANSWER);
    desk.write("b.json", &serde_json::to_string(&entries).unwrap());
    let [a, b] = ["a.json", "b.json"].map(|file| {
        desk.run(&format!("import web-service {file} --cloud worldwide"))
            .ends(2)
            .stdout
    });
    assert_eq!(a, b);
}

#[test]
fn all_that_is_corrupt_is_refused_with_its_entry_and_nothing_is_written() {
    let desk = Desk::new();
    desk.write(
        "bad.json",
        r#"[
        {"id": 1, "serviceArea": "Exchange", "ips": ["10.0.0.5/24", "300.0.0.0/8", "10.0.0.0/8", "0.0.0.0/0"],
         "urls": ["https://a.example.com", "a..com", "*.com", "<tenant>.example.com"], "tcpPorts": "443,x", "udpPorts": "70000"},
        {"id": 2, "serviceArea": "Two words", "urls": ["a.example.com"], "category": "Best"},
        {"id": 3, "serviceArea": "Common", "urls": [1], "required": "yes", "tcpPorts": 443},
        {"id": 2, "serviceArea": "Common"},
        {"id": "4", "serviceArea": "Common"},
        {"id": 5},
        7
    ]"#,
    );
    desk.run("import web-service bad.json --cloud worldwide --out out.json --service-version absent --against gone.json")
        .refuses(&[
            "entry 1: `10.0.0.5/24` has host bits",
            "entry 1: `300.0.0.0/8` is not a network",
            "entry 1: `10.0.0.0/8` can't be Microsoft's",
            "entry 1: `0.0.0.0/0` is every address there is",
            "entry 1: `https://a.example.com` is not a host name",
            "entry 1: `a..com` is not a host name",
            "entry 1: `*.com` is not a host name",
            "entry 1: `<tenant>.example.com` is a template",
            "entry 1: `x` is not a port",
            "entry 1: `70000` is not a port",
            "entry 2: `Two words` is not a service area",
            "entry 2: `Best` is none of the categories `Optimize`, `Allow`, `Default`",
            "entry 3: `urls` is a list of texts, not `1`",
            "entry 3: `required` is true or false, not `\"yes\"`",
            "entry 3: `tcpPorts` is a text, not `443`",
            "two entries have the id 2",
            "entry number 5 of the list: `id` is a number, not `\"4\"`",
            "entry 5: it has no `serviceArea`",
            "entry number 7 of the list: it is no object",
            "cannot read `absent`",
            "cannot read `gone.json`",
        ]);
    assert!(!desk.file("out.json").exists());
}

#[test]
fn what_is_another_answer_is_named() {
    let desk = Desk::new();
    for (text, why) in [
        ("[]", "it holds no entry"),
        (
            "",
            "line 1, column 0: EOF while parsing a value at line 1 column 0 (it is empty)",
        ),
        ("<!DOCTYPE html>", "(it is a web page, or RSS)"),
        ("instance,latest", "line 1, column 1"),
        ("{}", "it is no list of entries"),
        (
            r#"{"instance": "China", "latest": "2024010100"}"#,
            "the answer to `/version`; name it with `--service-version`",
        ),
        (
            r#"[{"instance": "China", "latest": "2024010100"}]"#,
            "the answer to `/version`",
        ),
        (
            r#"[{"id": 1, "endpointSetId": 2, "disposition": "Change"}]"#,
            "the answer to `/changes`",
        ),
        (r#"{"schema": 1, "source": {}}"#, "a catalogue already"),
    ] {
        desk.write("a.json", text);
        desk.run("import web-service a.json --cloud china")
            .refuses(&["`a.json`: ", why]);
    }
    desk.run("import web-service absent.json --cloud mars")
        .refuses(&["`--cloud` does not know `mars`"]);
}

#[test]
fn the_version_is_that_of_the_cloud() {
    let desk = Desk::new();
    desk.write("answer.json", ANSWER);
    desk.write(
        "version.json",
        r#"[{"instance": "Worldwide", "latest": "2025010100"}, {"instance": "China", "latest": "2024010100"}]"#,
    );
    desk.write(
        "other.json",
        r#"{"instance": "USGovDoD", "latest": "2024010100"}"#,
    );
    let run = desk
        .run("import web-service answer.json --cloud china --service-version version.json")
        .ends(2);
    assert!(run.stdout.contains("\"edition\": \"2024010100\""));
    desk.run("import web-service answer.json --cloud china --service-version other.json")
        .refuses(&[
            "`--service-version other.json`: it is the version of `USGovDoD`, not of `china`",
        ]);
}

#[test]
fn only_a_catalogue_is_replaced() {
    let desk = Desk::new();
    desk.write("answer.json", ANSWER);
    desk.write("notes.txt", "mine");
    for name in ["notes.txt", "."] {
        desk.run(&format!(
            "import web-service answer.json --cloud china --out {name}"
        ))
        .refuses(&["--out", "something else stands there"]);
    }
    assert_eq!(desk.read("notes.txt"), "mine");
    let import = "import web-service answer.json --cloud china --out c.json";
    desk.run(import).ends(2);
    let before = desk.read("c.json");
    desk.run(&format!("{import} --service-version 2024010100"))
        .ends(2);
    assert_ne!(desk.read("c.json"), before);
}

#[test]
fn an_answer_from_standard_input_is_held_against_a_catalogue_of_ones_own() {
    let desk = Desk::new();
    desk.write("answer.json", ANSWER);
    desk.run("import web-service answer.json --cloud china --out old.json")
        .ends(2);
    let mut child = Command::new(env!("CARGO_BIN_EXE_perimeter365"))
        .args("import web-service - --cloud china --against old.json".split(' '))
        .current_dir(desk.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().unwrap();
    input.write_all(ANSWER.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "nothing is lacking");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        desk.read("old.json")
    );
}

#[test]
fn real_answers_of_all_clouds_go_together() {
    let Some(folder) = reference() else { return };
    let desk = Desk::new();
    let mut catalogues = String::new();
    for (cloud, file) in [
        ("worldwide", "worldwide-2025-12.json"),
        ("usgov-gcchigh", "usgov_gcchigh-2025-12.json"),
        ("usgov-dod", "usgov_dod-2025-12.json"),
        ("china", "china-2025-12.json"),
    ] {
        let answer = folder.join("data/web-service").join(file);
        let run = desk
            .run(&format!(
                "import web-service {} --cloud {cloud} --out {cloud}.json",
                answer.display()
            ))
            .ends(0);
        assert_eq!(run.stderr, "", "{cloud}");
        let text = std::fs::read_to_string(&answer).unwrap();
        let entries: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let document = document(&desk, &format!("{cloud}.json"));
        assert_eq!(document.sets.len(), entries.len(), "{cloud}");
        for (entry, set) in entries.iter().zip(&document.sets) {
            holds_all_of(entry, set);
        }
        let _ = write!(catalogues, " --catalogue {cloud}.json --cloud {cloud}");
    }
    desk.generate(&format!(
        "{catalogues} --catalogue embedded --traffic user --target generic-firewall"
    ))
    .ends(0);
    desk.generate("--check").ends(0);
}

/// Whether `set` has every name and address of `entry`, and nothing else.
#[track_caller]
fn holds_all_of(entry: &serde_json::Value, set: &SetText) {
    let texts = |name: &str| -> BTreeSet<String> {
        let list = entry[name].as_array().cloned().unwrap_or_default();
        list.iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    for flow in &set.flows {
        let remotes = flow.remotes.iter();
        let networks = remotes
            .clone()
            .filter_map(|remote| remote.networks.as_ref());
        let networks: BTreeSet<String> = networks.flat_map(|fact| fact.value.clone()).collect();
        assert_eq!(networks, texts("ips"), "{}", set.key);
        let hosts = remotes.filter_map(|remote| remote.hosts.as_ref());
        let hosts: BTreeSet<String> = hosts.flat_map(|fact| fact.value.clone()).collect();
        assert_eq!(hosts, texts("urls"), "{}", set.key);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn whatever_the_addresses_all_of_them_and_no_others_are_in_the_sets(
        entries in prop::collection::btree_map(
            1..200u32,
            (prop::collection::vec((20u8..28, 0..=255u8, 0..=255u8, 16..=32u8), 1..12), any::<bool>()),
            1..6,
        )
    ) {
        let mut items = Vec::new();
        let mut wanted: Vec<Vec<IpNet>> = Vec::new();
        for (id, (networks, is_exchange)) in &entries {
            let networks: Vec<IpNet> = networks
                .iter()
                .map(|(a, b, c, length)| format!("{a}.{b}.{c}.0/{length}").parse::<IpNet>().unwrap().trunc())
                .collect();
            let texts: Vec<String> = networks.iter().map(|network| format!("\"{network}\"")).collect();
            let area = if *is_exchange { "Exchange" } else { "Common" };
            items.push(format!(
                r#"{{"id": {id}, "serviceArea": "{area}", "ips": [{}], "udpPorts": "443"}}"#,
                texts.join(", ")
            ));
            wanted.push(networks);
        }
        let text = format!("[{}]", items.join(", "));
        let import = import(Path::new("a"), text.as_bytes(), Cloud::Worldwide, "1").unwrap();
        let parse = |texts: &[String]| -> Vec<IpNet> {
            texts.iter().map(|text| network::parse(text).unwrap()).collect()
        };
        for (set, wanted) in import.document.sets.iter().zip(&wanted) {
            let found = parse(&set.flows[0].remotes[0].networks.as_ref().unwrap().value);
            prop_assert_eq!(found, network::normalise(wanted.clone()).0);
        }
        let exchange = entries.values().zip(&wanted).filter(|((_, is_exchange), _)| *is_exchange);
        let exchange: Vec<IpNet> = exchange.flat_map(|(_, networks)| networks.clone()).collect();
        let range = import.document.ranges.first().map_or_else(Vec::new, |range| parse(&range.networks));
        prop_assert_eq!(range, network::normalise(exchange).0);
    }
}
