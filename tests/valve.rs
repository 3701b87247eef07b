//! The valve of `generate`: what new facts would take away of a folder, or open by a wider wildcard, needs a word.

mod edition;
mod support;

use edition::{Edition, GRAPH, PROXY, WIZARD};
use perimeter365::catalogue::Cloud;
use support::Desk;

/// A folder written from an edition of the article.
fn written(edition: &Edition) -> Desk {
    let desk = Desk::new();
    edited(&desk, edition);
    desk.generate("--catalogue new.json --infer").ends(0);
    desk
}

/// Another edition, as a catalogue.
fn edited(desk: &Desk, edition: &Edition) {
    desk.write("page.md", &edition.markdown());
    std::fs::remove_file(desk.file("new.json")).ok();
    let run = desk.run("import article page.md --out new.json");
    assert!([0, 2].contains(&run.code), "{}", run.stderr);
}

/// What `generate` says of another edition; nothing is written where it is refused.
#[track_caller]
fn refused(desk: &Desk, edition: &Edition, text: &str) {
    edited(desk, edition);
    let before = desk.files("m365");
    desk.generate("--catalogue new.json").refuses(&[text]);
    assert_eq!(desk.files("m365"), before, "a refused run writes nothing");
    let check = desk.generate("--catalogue new.json --check").ends(2);
    assert!(
        check.stderr.contains("generating will be refused"),
        "{}",
        check.stderr
    );
}

#[test]
fn a_set_that_shrinks_by_over_a_fifth_needs_a_word() {
    let desk = written(&Edition::current());
    // 94 addresses: 18 fewer are 19 %, 19 fewer 20.2 %.
    let lose = |count: usize| {
        let mut edition = Edition::current();
        let cell = &mut edition.rows[GRAPH][edition::DESTINATION];
        for _ in 0..count {
            let start = cell
                .find("13.78.204.0, ")
                .unwrap_or_else(|| cell.find("<br>").unwrap() + 4);
            let end = start + cell[start..].find(", ").unwrap() + 2;
            cell.replace_range(start..end, "");
        }
        edition
    };
    refused(
        &desk,
        &lose(19),
        "`graph-change-notifications` of worldwide loses 19 of 94 (20 %) of what it opens over IPv4, and over 20 % is refused; if that is right, add `--accept graph-change-notifications`",
    );
    edited(&desk, &lose(18));
    desk.generate("--catalogue new.json").ends(0);
    edited(&desk, &lose(60));
    desk.generate("--catalogue new.json --accept mailbox-migration")
        .refuses(&["`graph-change-notifications` of worldwide loses"]);
    desk.generate("--catalogue new.json --accept graph-change-notifications")
        .ends(0);
    desk.generate("--check").ends(0);
}

/// A family of addresses that goes altogether, and few entries that hold most addresses.
#[test]
fn what_counts_is_each_family_and_its_addresses() {
    let desk = written(&Edition::current());
    let networks = edition::networks(
        &edition::set("graph-change-notifications"),
        Cloud::Worldwide,
    );
    let v6: Vec<&str> = networks
        .iter()
        .map(String::as_str)
        .filter(|text| text.contains(':'))
        .collect();
    let all = format!(", {}", v6.join(", "));
    refused(
        &desk,
        &Edition::current().with(GRAPH, &all, ""),
        "loses 12 of 12 (100 %) of what it opens over IPv6",
    );
    let narrow = Edition::current()
        .with(GRAPH, "20.190.128.0/18", "20.190.128.0/32")
        .with(GRAPH, "40.126.0.0/18", "40.126.0.0/32");
    refused(
        &desk,
        &narrow,
        "loses 2 of 94 (2 %), with 66 % of the addresses, of what it opens over IPv4",
    );
}

#[test]
fn a_network_that_widens_much_needs_a_word() {
    let desk = written(&Edition::current());
    let edition = |new: &str| {
        let mut edition = Edition::current();
        let cell = &mut edition.rows[9][1];
        *cell = cell.replace("52.125.128.0/20", new);
        edition
    };
    refused(
        &desk,
        &edition("52.0.0.0/8"),
        "`autodetect` of worldwide opens the network `52.0.0.0/8`, which is wider than `52.125.128.0/20`",
    );
    edited(&desk, &edition("52.125.0.0/16"));
    desk.generate("--catalogue new.json").ends(0);
}

#[test]
fn a_flow_that_loses_all_needs_a_word() {
    let desk = written(&Edition::current());
    refused(
        &desk,
        &Edition::current().with(WIZARD, "domains.live.com on TCP ports 80 & 443, for", "For"),
        "`hybrid-configuration-wizard` of worldwide loses all of its flow `exchange-2010`",
    );
    refused(
        &desk,
        &Edition::current().with(GRAPH, "TCP port 443", ""),
        "`graph-change-notifications` of worldwide loses all that it opens",
    );
    refused(
        &desk,
        &Edition::current().without(PROXY),
        "`hybrid-entra-authentication` of worldwide loses all that it opens",
    );
}

#[test]
fn a_wildcard_that_widens_needs_a_word() {
    let desk = written(&Edition::current());
    refused(
        &desk,
        &Edition::current().with(WIZARD, "`*.store.core.windows.net`", "`*.core.windows.net`"),
        "`hybrid-configuration-wizard` of worldwide opens the wildcard `*.core.windows.net`, which is wider than `*.store.core.windows.net`",
    );
    refused(
        &desk,
        &Edition::current().with(
            WIZARD,
            "`tds.configure.office.com`",
            "`tds.configure.office.com`; `*.configure.office.com`",
        ),
        "opens the wildcard `*.configure.office.com`, which is wider than `asl.configure.office.com`",
    );
    desk.generate("--catalogue new.json --accept hybrid-configuration-wizard")
        .ends(0);
}

/// The options are the user's own: what they close is no loss, and what they never asked for can't be lost.
#[test]
fn only_facts_are_held_back() {
    let desk = written(&Edition::current());
    for options in [
        "--infer none",
        "--exclude-set graph-change-notifications",
        "--target generic-firewall",
        "--traffic user",
        "--set autodetect --traffic inbound-hybrid-server",
    ] {
        desk.generate(options).ends(0);
    }
    let desk = written(&Edition::current());
    edited(&desk, &Edition::current().without(20));
    // Row 21 is about users' traffic, which the folder has nothing of.
    desk.generate("--catalogue new.json").ends(0);
    desk.generate("--catalogue new.json --traffic user").ends(0);
}

#[test]
fn what_grows_passes_and_idle_words_are_told() {
    let desk = written(&Edition::current());
    edited(
        &desk,
        &Edition::current().with(GRAPH, "13.78.204.0, ", "13.78.204.0, 13.78.204.1, "),
    );
    let run = desk
        .generate("--catalogue new.json --accept autodetect")
        .ends(0);
    assert!(
        run.stderr
            .contains("`--accept autodetect`: nothing of it had to be accepted"),
        "{}",
        run.stderr
    );
    desk.generate("--accept autodetct")
        .refuses(&["`--accept` does not know `autodetct`; did you mean `autodetect`?"]);
}

/// As many addresses, but other ones: the count alone would not tell.
#[test]
fn an_answer_for_another_cloud_is_held_back() {
    let desk = Desk::new();
    let answer = |third: u8| {
        let ips: Vec<String> = (0..20)
            .map(|fourth| format!("\"198.51.{third}.{}/32\"", fourth * 2))
            .collect();
        format!(
            "[{{\"id\": 1, \"serviceArea\": \"Exchange\", \"ips\": [{}], \"tcpPorts\": \"443\"}}]",
            ips.join(", ")
        )
    };
    desk.write("own.json", &answer(1));
    desk.write("other.json", &answer(2));
    desk.generate("--web-service worldwide=own.json --accept exchange_online")
        .ends(0);
    desk.generate("--web-service worldwide=other.json")
        .refuses(&["`mailbox-migration` of worldwide loses all that it opens"]);
    desk.generate("--web-service worldwide=other.json --accept exchange_online")
        .ends(0);
}

#[test]
fn without_its_facts_a_folder_can_hold_nothing_back_and_says_so() {
    let desk = written(&Edition::current());
    desk.generate("--catalogue embedded --accept all").ends(0);
    std::fs::remove_file(desk.file("m365/perimeter365.facts.json")).expect("it was written");
    let run = desk.generate("").ends(0);
    assert!(
        run.stderr
            .contains("perimeter365.facts.json` is gone, so that nothing can be refused"),
        "{}",
        run.stderr
    );
}

/// A lock that is lost says nothing of the options; the facts are still there.
#[test]
fn a_lost_lock_holds_nothing_less_back() {
    let desk = written(&Edition::current());
    desk.generate("--catalogue embedded --accept all").ends(0);
    std::fs::remove_file(desk.file("m365/perimeter365.lock")).expect("it was written");
    let networks = edition::networks(
        &edition::set("graph-change-notifications"),
        Cloud::Worldwide,
    );
    let mut edition = Edition::current();
    let cell = &mut edition.rows[GRAPH][edition::DESTINATION];
    *cell = cell.replace(&networks[..80].join(", "), "13.78.204.0");
    edited(&desk, &edition);
    desk.generate("--catalogue new.json --infer")
        .refuses(&["`graph-change-notifications` of worldwide loses"]);
}

/// What a team gives a range by an overlay is its own decision.
#[test]
fn networks_of_your_own_for_a_range_are_no_loss() {
    let desk = written(&Edition::current());
    desk.write("overlay.json", r#"{"schema": 1, "title": "Ours", "ranges": [{"name": "entra_connect_servers", "networks": ["10.0.2.4/32"]}]}"#);
    desk.generate("--overlay overlay.json").ends(0);
    desk.generate("--overlay none").ends(0);
}
