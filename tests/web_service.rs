//! `--web-service`: named ranges are renewed from the web service's answer, or the answer is refused.

mod support;

use support::{Desk, rows};

const INBOUND: &str = "m365/worldwide/inbound-hybrid-server/azure-nsg/main.tf";
const MIGRATION: &str = "mailbox-migration.ews_mrs_proxy.ipv4";

/// An answer with as many Exchange prefixes as the embedded range has, none of them real.
fn answer(ipv4: usize, ipv6: usize) -> String {
    let ips: Vec<String> = (0..ipv4)
        .map(|n| format!("\"192.0.2.{}/32\"", 2 * n))
        .chain((0..ipv6).map(|n| format!("\"2001:db8:{:x}::/48\"", 2 * n + 1)))
        .collect();
    format!(
        r#"[{{"id": 1, "serviceArea": "Exchange", "ips": [{}], "tcpPorts": "80,443"}},
            {{"id": 2, "serviceArea": "Exchange", "urls": ["outlook.office.com"], "ips": [""]}},
            {{"id": 3, "serviceArea": "SharePoint", "ips": ["198.51.100.0/24"]}},
            {{"id": 4, "serviceArea": "Common"}}]"#,
        ips.join(", ")
    )
}

#[test]
fn a_range_is_renewed_and_kept_without_the_file() {
    let desk = Desk::new();
    desk.write("a.json", &answer(16, 18));
    desk.generate("--web-service worldwide=a.json").ends(0);
    let migration = rows(&desk.read(INBOUND))[MIGRATION].clone();
    assert_eq!(migration.matches("192.0.2.").count(), 16, "{migration}");
    assert!(
        !migration.contains("198.51.100"),
        "other areas don't belong to the range"
    );
    assert!(desk.read("m365/README.md").contains(
        "web service, worldwide](https://endpoints.office.com), en, edition as supplied (file)"
    ));

    std::fs::remove_file(desk.file("a.json")).unwrap();
    desk.generate("--check").ends(0);
    let before = desk.files("m365");
    desk.generate("").ends(0);
    assert_eq!(desk.files("m365"), before);
    assert!(
        !desk.read("m365/perimeter365.facts.json").contains("a.json"),
        "no path is kept"
    );

    desk.generate("--reset")
        .refuses(&["`mailbox-migration` of worldwide loses all that it opens"]);
    desk.generate("--reset --accept exchange_online").ends(0);
    assert!(rows(&desk.read(INBOUND))[MIGRATION].contains("40.92.0.0/15"));
}

#[test]
fn the_order_of_entries_changes_no_byte() {
    let networks = "\"9.0.0.0/24\", \"9.0.1.0/24\"";
    let entry = |ips: &str| {
        let id = ips.len();
        format!(r#"{{"id": {id}, "serviceArea": "Exchange", "ips": [{ips}]}}"#)
    };
    let mut outputs = Vec::new();
    for text in [
        format!("[{}, {}]", entry(networks), entry("\"2001:db8::/32\"")),
        format!(
            "[{}, {}]",
            entry("\"2001:db8::/32\""),
            entry("\"9.0.1.0/24\", \"9.0.0.0/24\", \"9.0.0.0/24\"")
        ),
    ] {
        let desk = Desk::new();
        desk.write("a.json", &text);
        desk.generate("--web-service worldwide=a.json --accept exchange_online")
            .ends(0);
        outputs.push(desk.read(INBOUND));
    }
    assert_eq!(outputs[0], outputs[1]);
}

#[test]
fn an_answer_that_loses_much_is_refused_unless_it_is_accepted() {
    let desk = Desk::new();
    desk.write("few4.json", &answer(12, 18));
    desk.write("few6.json", &answer(16, 14));
    desk.write("enough.json", &answer(13, 15));
    desk.write(
        "none.json",
        r#"[{"id": 3, "serviceArea": "SharePoint", "ips": ["198.51.100.0/24"]}]"#,
    );
    desk.generate("--web-service worldwide=few4.json")
        .refuses(&[
            "12 ipv4 prefixes instead of 16",
            "`--accept exchange_online`",
        ]);
    desk.generate("--web-service worldwide=few6.json")
        .refuses(&["14 ipv6 prefixes instead of 18"]);
    desk.generate("--web-service worldwide=none.json")
        .refuses(&["no prefix at all", "none.json"]);
    assert!(desk.files("m365").is_empty());
    desk.generate("--web-service worldwide=enough.json").ends(0);
    // From now on the folder's own range is what counts: 13 and 15.
    desk.generate("--web-service worldwide=few4.json").ends(0);
    desk.generate("--web-service worldwide=none.json")
        .refuses(&["no prefix at all"]);
    desk.generate("--web-service worldwide=none.json --accept exchange_online")
        .ends(0);
    assert!(!desk.read(INBOUND).contains("mailbox-migration"));
    assert!(
        desk.read("m365/README.md")
            .contains("the range `exchange_online` holds no address")
    );
}

#[test]
fn a_network_inside_another_entrys_is_not_repeated_and_said() {
    let desk = Desk::new();
    let text = answer(16, 18).replacen(
        "\"192.0.2.0/32\"",
        "\"192.0.2.0/32\", \"9.0.0.0/8\", \"9.1.0.0/16\"",
        1,
    );
    desk.write("a.json", &text);
    let run = desk.generate("--web-service worldwide=a.json").ends(0);
    assert!(!desk.read(INBOUND).contains("9.1.0.0/16"));
    assert!(
        run.stderr
            .contains("`a.json`: `9.1.0.0/16` is inside `9.0.0.0/8`"),
        "{}",
        run.stderr
    );
    desk.generate("--check").ends(0);
}

#[test]
fn a_range_can_be_renewed_to_nothing_and_back() {
    let desk = Desk::new();
    desk.write("none.json", "[]");
    desk.write("good.json", &answer(16, 18));
    desk.generate("--web-service worldwide=none.json --accept exchange_online")
        .ends(0);
    desk.generate("").ends(0);
    desk.generate("--check").ends(0);
    desk.generate("--web-service worldwide=good.json").ends(0);
    assert!(rows(&desk.read(INBOUND)).contains_key(MIGRATION));
}

#[test]
fn addresses_that_cannot_be_microsofts_are_refused() {
    let desk = Desk::new();
    let ips = [
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.169.254/32",
        "224.0.0.0/4",
        "fe80::/10",
        "0.0.0.0/3",
        "8000::/1",
        "::ffff:1.2.3.0/120",
    ];
    let text = answer(16, 18).replacen(
        "\"192.0.2.0/32\"",
        &format!("\"192.0.2.0/32\", \"{}\"", ips.join("\", \"")),
        1,
    );
    desk.write("a.json", &text);
    let run = desk.generate("--web-service worldwide=a.json").ends(1);
    for ip in ips {
        assert!(
            run.stderr.contains(&format!("entry 1: `{ip}` ")),
            "{ip} is not refused:\n{}",
            run.stderr
        );
    }
}

#[test]
fn a_range_that_is_wholly_replaced_is_told() {
    let desk = Desk::new();
    desk.write("a.json", &answer(16, 18));
    let run = desk.generate("--web-service worldwide=a.json").ends(0);
    assert!(
        run.stderr
            .contains("`a.json`: only 0 of the 34 prefixes that it renews are still in it"),
        "{}",
        run.stderr
    );
    assert_eq!(
        desk.generate("--web-service worldwide=a.json")
            .ends(0)
            .stderr,
        ""
    );
}

#[test]
fn facts_of_a_folder_are_not_to_be_forged() {
    let desk = Desk::new();
    desk.write("good.json", &answer(16, 18));
    desk.generate("--web-service worldwide=good.json").ends(0);
    let path = "m365/perimeter365.facts.json";
    let facts = desk.read(path);
    let title = "Microsoft 365 IP Address and URL web service, worldwide";
    for (from, to, why) in [
        (title, "Nothing\\n\\n# is open", "printable ASCII only"),
        (
            "https://endpoints.office.com",
            "https://evil.example",
            "is not where such files come from",
        ),
        ("\"digest\": \"sha256:", "\"digest\": \"`", "is no digest"),
        (
            "\"name\": \"exchange_online\"",
            "\"name\": \"federation_clients\"",
            "no file can give the range `federation_clients`",
        ),
        ("192.0.2.0/32", "192.0.2.0/23", "inside"),
        ("192.0.2.0/32", "10.0.0.0/8", "can't be Microsoft's"),
        (
            "  \"documents\"",
            "<<<<<<< HEAD\n  \"documents\"",
            "unfinished merge",
        ),
    ] {
        desk.write(path, &facts.replace(from, to));
        desk.generate("").refuses(&["perimeter365.facts.json", why]);
    }
}

#[test]
fn every_bad_address_of_every_file_is_told() {
    let desk = Desk::new();
    desk.write("bad.json", r#"[{"id": 7, "serviceArea": "Exchange", "ips": ["10.0.0.5/24", "300.0.0.0/8", "10.0.0.1"]}]"#);
    desk.write("page.json", "<html>");
    desk.generate("--cloud worldwide --cloud china --cloud usgov-dod --web-service worldwide=bad.json --web-service china=page.json --web-service usgov-dod=absent.json --web-service usgov-gcchigh=bad.json --web-service nothing")
        .refuses(&[
            "entry 7: `10.0.0.5/24` has host bits; the network is `10.0.0.0/24`",
            "entry 7: `300.0.0.0/8` is not a network",
            "entry 7: `10.0.0.1` has no prefix length",
            "`page.json`: line 1, column 1",
            "cannot read `absent.json`",
            "its cloud is not among those generated; add `--cloud usgov-gcchigh`",
            "`--web-service nothing`: the form is `CLOUD=FILE`",
        ]);
}
