//! Editions of the article, in every form and with every quirk that real ones have: what is read of them is what
//! they say.

mod edition;
mod reference;

use std::collections::BTreeMap;

use edition::{DESTINATION, Edition, GRAPH, PROXY, SKYPE, WIZARD};
use perimeter365::catalogue::document::SetText;
use perimeter365::catalogue::{Catalogue, Cloud, EndpointSet, Endpoints, Traffic};
use perimeter365::source::article::{Article, read};
use perimeter365::source::embedded;
use proptest::prelude::*;
use reference::reference;

fn known() -> Catalogue {
    embedded::read().expect("the embedded catalogue is valid")
}

#[track_caller]
fn article(text: &str) -> Article {
    read(text, &known()).expect("an edition of the article")
}

/// The sets by key, as they stand in a file.
fn sets(catalogue: &Catalogue) -> BTreeMap<String, SetText> {
    let sets = catalogue.sets.iter();
    sets.map(|set| (set.key.to_string(), set.into())).collect()
}

/// Holds what is read of `text` against the embedded facts.
#[track_caller]
fn assert_current(text: &str) {
    let article = article(text);
    assert_eq!(article.flaws, [], "flaws");
    assert_eq!(article.fresh, [], "new sets");
    let (read, known) = (sets(&article.catalogue), sets(&known()));
    for (key, set) in &known {
        assert_eq!(read.get(key), Some(set), "{key}");
    }
    assert_eq!(read.len(), known.len());
}

fn set<'a>(article: &'a Article, key: &str) -> &'a EndpointSet {
    let mut sets = article.catalogue.sets.iter();
    sets.find(|set| set.key.as_str() == key)
        .unwrap_or_else(|| panic!("{key} is there"))
}

/// What a set states, as one text each.
fn stated(set: &EndpointSet) -> Vec<String> {
    let remotes = set.flows.iter().flat_map(|flow| &flow.remotes);
    let mut texts: Vec<String> = remotes
        .flat_map(|remote| match &remote.endpoints.value {
            Endpoints::Networks(networks) => networks.iter().map(ToString::to_string).collect(),
            Endpoints::Hosts(hosts) => hosts.iter().map(ToString::to_string).collect(),
            Endpoints::Range(_) => Vec::new(),
        })
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

#[test]
fn all_forms_hold_the_same_facts() {
    let edition = Edition::current();
    assert_current(&edition.markdown());
    assert_current(&edition.html());
    assert_current(&edition.text());
    assert_current(&edition.tabs());
}

#[test]
fn the_end_of_lines_and_a_mark_at_the_beginning_mean_nothing() {
    let markdown = Edition::current().markdown();
    assert_current(&markdown.replace('\n', "\r\n"));
    assert_current(&format!("\u{feff}{markdown}"));
    assert_current(&Edition::current().html().replace('\n', "\r\n"));
}

#[test]
fn labels_and_headings_may_say_anything() {
    let mut edition = Edition::current();
    for (row, label) in [
        (0, "1"),
        (1, "3"),
        (2, "driefasig"),
        (19, "1280"),
        (20, "amp;3D"),
        (22, "最高"),
    ] {
        edition.rows[row][0] = label.to_owned();
    }
    assert_current(&edition.markdown());
    assert_current(&edition.html());
    let renamed = edition.markdown().replace(
        "|Row|Purpose|Destination|Type|",
        "|Строка|Назначение|Назначение|Тип|",
    );
    assert_current(&renamed);
    // The real heading as the first row, below an empty one.
    let bold = Edition::current().markdown().replace(
        "|Row|Purpose|Destination|Type|\n|---|---|---|---|",
        "|||||\n|:-----|:-----|:-----|:-----|\n| **Row** | **Purpose** | **Destination** | **Type** |",
    );
    let article = article(&bold);
    assert_eq!(sets(&article.catalogue), sets(&known()));
}

#[test]
fn rows_may_have_more_cells_or_fewer_and_go_on_in_the_next_line() {
    let mut edition = Edition::current();
    // 2020: what the purpose is stands in two cells.
    edition.rows[GRAPH].insert(2, "Developers may subscribe.".to_owned());
    assert_current(&edition.markdown());
    let text = Edition::current().markdown();
    let broken = text.replace("**Yammer**  <br> In the", "**Yammer**  <br>\nIn the");
    assert_ne!(broken, text);
    assert_current(&broken);
    assert_current(&text.replace("\n\n## See too", "\n|||||\n|\n\n## See too"));
    // Cells of rows without a destination slip to the left.
    let page = Edition::current().text();
    let slipped = page.replace(
        " |  | Sites that are trusted |",
        " |\nSites that are trusted | |",
    );
    assert_ne!(slipped, page);
    assert_current(&slipped);
}

#[test]
fn of_two_languages_english_is_read() {
    let mut edition = Edition::current();
    for row in &mut edition.rows {
        for cell in row.iter_mut().skip(1).filter(|cell| !cell.is_empty()) {
            let parts: Vec<String> = cell
                .split(" <br> ")
                .map(|part| {
                    format!(
                        "<span data-ttu-id=\"1\">10.0.0.1 nonsense.example.com TCP 9</span><span class=\"sxs-lookup\"><span data-stu-id=\"1\">{part}</span></span>"
                    )
                })
                .collect();
            *cell = parts.join(" <br> ");
        }
    }
    assert_current(&edition.markdown());
    let nested = edition.markdown().replace(
        "</span><span class=\"sxs-lookup\">",
        "<span class=\"sxs-lookup\">",
    );
    assert_current(
        &nested
            .replace("</span></span>|", "</span></span></span>|")
            .replace("</span></span> <br>", "</span></span></span> <br>"),
    );
}

#[test]
fn tags_links_and_code_are_no_part_of_a_name() {
    let with = |old: &str, new: &str| Edition::current().with(1, old, new).markdown();
    assert_current(&with(
        "`https://login.live.com`",
        "https<span>://</span>login.live.com",
    ));
    assert_current(&with(
        "`https://login.live.com`",
        "<https://login.live.com>",
    ));
    assert_current(&with(
        "`https://login.live.com` <br> ",
        "```https://login.live.com```<BR>",
    ));
    assert_current(&with(
        "`https://login.live.com`",
        "[https://login.live.com](https://login.live.com)",
    ));
    // Stars of wildcards are no emphasis.
    let mut edition = Edition::current();
    edition.rows[19][DESTINATION] = edition.rows[19][DESTINATION].replace('`', "");
    assert_current(&edition.markdown());
    edition.rows[20][DESTINATION] = edition.rows[20][DESTINATION]
        .replace('`', "")
        .replace('*', "\\*");
    assert_current(&edition.markdown());
}

#[test]
fn separators_of_all_languages_part_addresses() {
    for separator in [
        "; ", "、", "，", "； ", "؛ ", "، ", " ", ",", " <br> ", "\u{a0}",
    ] {
        let mut edition = Edition::current();
        edition.rows[GRAPH][DESTINATION] =
            edition.rows[GRAPH][DESTINATION].replace(", ", separator);
        assert_current(&edition.markdown());
        assert_current(&edition.html());
        assert_current(&edition.text());
    }
}

#[test]
fn endings_that_languages_put_behind_an_address_are_no_part_of_it() {
    for ending in ["に開く", "에 열림", "'e açılır", "-re", " 开放"] {
        assert_current(
            &Edition::current()
                .with(11, "52.112.0.0/14", &format!("52.112.0.0/14{ending}"))
                .markdown(),
        );
    }
    let upper = Edition::current().with(
        1,
        "api.diagnostics.office.com",
        "API.Diagnostics.Office.com",
    );
    assert_current(&upper.markdown());
}

#[test]
fn ports_are_read_in_every_spelling() {
    for (row, old, new) in [
        (SKYPE, "UDP ports 50,000-59,999", "UDP-portar 50 000–59 999"),
        (
            SKYPE,
            "UDP ports 50,000-59,999",
            "UDP-poorten 50.000-59.999",
        ),
        (SKYPE, "UDP ports 50,000-59,999", "50.000 ~ 59.999 UDP"),
        (
            SKYPE,
            "UDP ports 50,000-59,999 <br> TCP",
            "UDP 50000-59999 TCP",
        ),
        (2, "TCP ports 80 & 443", "puertos TCP 80 y 443"),
        (
            2,
            "TCP ports 80 & 443",
            "80 & 443 numaralı TCP bağlantı noktaları",
        ),
        (
            WIZARD,
            "domains.live.com on TCP ports 80 & 443",
            "TCP 端口 80 及 443 上的 domains.live.com",
        ),
        (
            11,
            "TCP port 443 opens to 52.112.0.0/14",
            "Порт 443 TCP открыт для 52.112.0.0/14",
        ),
        (
            3,
            "TCP 443 or TCP 49443 w/ClientTLS",
            "TCP-порты 443 или 49443",
        ),
        (5, "TCP port 443", "443/TCP"),
    ] {
        assert_current(&Edition::current().with(row, old, new).markdown());
    }
}

#[test]
fn labels_of_clouds_are_known_by_what_stands_behind_them() {
    let labels = |public: &str, government: &str, china: &str| {
        Edition::current()
            .with(GRAPH, "Public Cloud:", public)
            .with(GRAPH, "Cloud for the US Government: ", government)
            .with(GRAPH, "Cloud of 21Vianet:", china)
            .markdown()
    };
    assert_current(&labels(
        "Nuage public :",
        "Nuage du gouvernement : ",
        "Nuage chinois :",
    ));
    assert_current(&labels("公共云：", "美国政府云：", "世纪互联："));
    assert_current(&labels("", "Gobierno: ", "Nube de allí "));
    // The closed cloud stood third; what is behind its label is nobody's.
    let four = Edition::current().with(
        GRAPH,
        "Cloud of 21Vianet:",
        "Nube alemana: 51.4.231.136, 51.5.243.223 <br> Nube de allí:",
    );
    assert_current(&four.markdown());
    assert!(article(&four.markdown()).notes[0].contains("2 endpoints of `Nube alemana`"));
}

/// One and the same wildcard in the ways that translations spoil it.
#[test]
fn broken_wildcards_are_mended_and_told() {
    for broken in [
        "*. msappproxy.net",
        "\\* .msappproxy.net",
        "\\**.msappproxy.net",
        "\\*msappproxy.net",
        "\\* msappproxy.net",
        ".msappproxy.net",
    ] {
        let text = Edition::current()
            .with(PROXY, "`*.msappproxy.net`", broken)
            .markdown();
        assert_current(&text);
        let article = article(&text);
        let [mend] = article.mends.as_slice() else {
            panic!("one mend for {broken}: {:?}", article.mends);
        };
        assert_eq!(
            (mend.line, mend.row),
            (Edition::line(PROXY), 11),
            "{broken}"
        );
        assert_eq!(mend.after, "*.msappproxy.net");
    }
    for (row, old, broken, token) in [
        (
            WIZARD,
            "`shcwreleaseprod.blob.core.windows.net/shcw/*`",
            "\\*shcwreleaseprod.blob.core.windows.net/shcw/;",
            "shcwreleaseprod.blob.core.windows.net",
        ),
        (
            WIZARD,
            "`tds.configure.office.com`",
            "tds. configure.office.com",
            "tds.configure.office.com",
        ),
        (
            1,
            "`https://login.live.com`",
            "login .live.com <br> https://login.live.com",
            "login.live.com",
        ),
    ] {
        let text = Edition::current().with(row, old, broken).markdown();
        assert_current(&text);
        assert_eq!(article(&text).mends[0].after, token);
    }
}

/// What could be read as a stranger's address: the row (from 0), what stands there, what is made of it, and how the
/// token begins that is refused.
#[rustfmt::skip]
const CORRUPTED: &[(usize, &str, &str, &str)] = &[
    (GRAPH, "13.87.81.35", "13.87.81.566", "13.87.81.566"),
    (GRAPH, "13.87.81.35", "13.87.81.2155", "13.87.81.2155"),
    (GRAPH, "13.87.81.35", "13.87.81", "13.87.81"),
    (GRAPH, "13.87.81.35", "13.87.81.35.1", "13.87.81.35.1"),
    (GRAPH, "13.87.81.35", "13.87.081.35", "13.87.081.35"),
    (GRAPH, "13.87.81.35", "13.87.81.3 5", "13.87.81.3 5"),
    (GRAPH, "13.87.81.35", "13.87.81.3\u{a0}5", "13.87.81.3\u{a0}5"),
    (GRAPH, "13.87.81.35", "13.87.81.3\u{200b}5", "13.87.81.3"),
    (GRAPH, "13.87.81.35", "13.87. 81.35", "13.87"),
    (GRAPH, "13.87.81.35", "13.87 .81.35", ".81.35"),
    (GRAPH, "13.87.81.35", "13.87.81.3,5", "13.87.81.3,5"),
    (GRAPH, "13.87.81.35", "13.87.81.3\u{ff15}", "13.87.81.3\u{ff15}"),
    (GRAPH, "Public Cloud:<br>13.78.204.0", "Public Cloud:<br>1 3.78.204.0", "3.78.204.0"),
    (11, "52.112.0.0/14", "5 2.112.0.0/14", "2.112.0.0/14"),
    (GRAPH, "2603:1017::/48", "2603: 1017::/48", "1017::/48"),
    (GRAPH, "2603:1017::/48", "2603 :1017::/48", ":1017::/48"),
    (GRAPH, "2603:1017::/48", "1017::/48", "1017::/48"),
    (1, "`https://login.live.com`", "`https://login.live.c om`", "https://login.live.c"),
    (GRAPH, "13.87.81.35", "13.87.81.35-", "13.87.81.35-"),
    (GRAPH, "13.87.81.35", "13.87.81.35and", "13.87.81.35and"),
    (GRAPH, "13.87.81.35, 13.87.81.123", "13.87.81.35-13.87.81.123", "13.87.81.35-13.87.81.123"),
    (GRAPH, "13.87.81.35, 13.87.81.123", "13.87.81.35 – 13.87.81.123", "13.87.81.35"),
    (GRAPH, "20.20.32.0/19", "20.20.32.0/1 9", "20.20.32.0/1"),
    (GRAPH, "20.20.32.0/19", "20.20.32.0 /19", "20.20.32.0 /19"),
    (GRAPH, "20.20.32.0/19", "20.20.32.0/ 19", "20.20.32.0/"),
    (GRAPH, "20.20.32.0/19", "20.20.32.O/19", "20.20.32.O/19"),
    (GRAPH, "20.20.32.0/19", "20.20.32.x", "20.20.32.x"),
    (GRAPH, "20.20.32.0/19", "::ffff:20.20.32.0/115", "::ffff:20.20.32.0/115"),
    (PROXY, "`*.msappproxy.net`", "`*.net`", "*.net"),
    (1, "`https://login.live.com`", "`*.com`", "*.com"),
    (GRAPH, "20.20.32.0/19", "20.20.32.0/91", "20.20.32.0/91"),
    (GRAPH, "20.20.32.0/19", "20.20.32.1/19", "20.20.32.1/19"),
    (GRAPH, "20.20.32.0/19", "10.20.32.0/19", "10.20.32.0/19"),
    (GRAPH, "2603:1017::/48", "2603:1017:::/48", "2603:1017:::/48"),
    (GRAPH, "2603:1017::/48", "2603:1017:/48", "2603:1017:/48"),
    (GRAPH, "2603:1017::/48", "2603:1017/48", "2603:1017/48"),
    (GRAPH, "2603:1017::/48", "2603:1017::", "2603:1017::"),
    (GRAPH, "2603:1017::/48", "2603:1017::/4 8", "2603:1017::/4"),
    (SKYPE, "UDP ports 50,000-59,999", "UDP ports 50,000-59", "50,000-59"),
    (SKYPE, "5061", "506100", "506100"),
    (PROXY, "`*.msappproxy.net`", ".msproxyapp.net", ".msproxyapp.net"),
    (WIZARD, "`tds.configure.office.com`", "tds.conf igure.office.com", "igure.office.com"),
    (WIZARD, "`tds.configure.office.com`", "tds.conf\u{456}gure.office.com", "gure.office.com"),
    (WIZARD, "`tds.configure.office.com`", "tds.con\u{ad}figure.office.com", "figure.office.com"),
    (WIZARD, "`tds.configure.office.com`", "tds-.office.com", "tds-.office.com"),
];

#[test]
fn corrupted_tokens_are_refused_with_line_row_and_token() {
    for (row, old, new, token) in CORRUPTED {
        let edition = Edition::current().with(*row, old, new);
        for text in [edition.markdown(), edition.html(), edition.text()] {
            let article = article(&text);
            let flaw = article.flaws.first();
            let flaw = flaw.unwrap_or_else(|| panic!("`{new}` was let in"));
            assert_eq!(usize::from(flaw.row), row + 1, "{new}: {flaw:?}");
            assert!(flaw.token.starts_with(token), "{new}: {flaw:?}");
            let line = text.lines().nth(flaw.line - 1).unwrap_or_default();
            assert!(line.contains(&flaw.token), "{new}: {flaw:?}: {line}");
        }
    }
}

/// Behind a label whose first address is corrupted, the others are still that cloud's.
#[test]
fn a_corrupted_address_takes_no_label_with_it() {
    let china = edition::networks(&edition::set("graph-change-notifications"), Cloud::China);
    let text = Edition::current()
        .with(GRAPH, &china[0], "40.72.70.566")
        .markdown();
    let read = article(&text);
    assert_eq!(read.flaws.len(), 1, "{:?}", read.flaws);
    let networks = edition::networks(set(&read, "graph-change-notifications"), Cloud::China);
    assert_eq!(networks, china[1..]);
}

#[test]
fn an_address_of_another_cloud_is_refused() {
    let china = edition::networks(&known().sets[GRAPH], Cloud::China);
    let text = Edition::current()
        .with(
            GRAPH,
            "Public Cloud:<br>",
            &format!("Public Cloud:<br>{}, ", china[0]),
        )
        .markdown();
    let flaws = article(&text).flaws;
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    assert!(
        flaws[0].why.contains("`worldwide`") && flaws[0].why.contains("`china`"),
        "{flaws:?}"
    );
    // A label that got lost makes one cloud's addresses another's.
    let text = Edition::current()
        .with(GRAPH, "Cloud of 21Vianet:", "")
        .markdown();
    assert!(!article(&text).flaws.is_empty());
}

#[test]
fn what_parses_and_is_something_else_stays_visible() {
    let read = |edition: Edition| article(&edition.markdown());
    let lost = read(Edition::current().with(PROXY, "`*.msappproxy.net`", "msappproxy.net"));
    assert_eq!(
        stated(set(&lost, "hybrid-entra-authentication")),
        ["msappproxy.net"]
    );
    let typo = read(Edition::current().with(23, "msftconnecttest", "mstfconnecttest"));
    assert_eq!(
        stated(set(&typo, "network-connectivity-status")),
        ["www.mstfconnecttest.com"]
    );
    let fewer = read(Edition::current().with(WIZARD, "`asl.configure.office.com`; ", ""));
    assert!(
        !stated(set(&fewer, "hybrid-configuration-wizard"))
            .contains(&"asl.configure.office.com".to_owned())
    );
}

#[test]
fn ports_that_a_row_says_no_more_are_gone_and_new_ones_come() {
    let read = |edition: Edition| article(&edition.markdown());
    let ports = |article: &Article, key: &str| -> Vec<String> {
        let flows = set(article, key).flows.iter();
        flows
            .map(|flow| {
                let ports = flow.ports.iter().flat_map(|ports| &ports.value);
                let ports: Vec<String> = ports.map(ToString::to_string).collect();
                ports.join(",")
            })
            .collect()
    };
    let none = read(Edition::current().with(GRAPH, "TCP port 443", ""));
    assert_eq!(ports(&none, "graph-change-notifications"), [""]);
    let more = read(Edition::current().with(GRAPH, "TCP port 443", "TCP ports 443 and 8443"));
    assert_eq!(ports(&more, "graph-change-notifications"), ["443,8443"]);
    let other = read(Edition::current().with(GRAPH, "TCP port 443", "TCP port 8443"));
    assert_eq!(ports(&other, "graph-change-notifications"), ["8443"]);
    // What was our own reading is the row's word now.
    let said =
        read(Edition::current().with(6, "Your Exchange server", "Your Exchange server, TCP 443"));
    let flow = &set(&said, "hybrid-coexistence").flows[0];
    assert_eq!(
        flow.ports.as_ref().map(|ports| ports.basis.as_str()),
        Some("stated")
    );
    let udp = read(Edition::current().with(GRAPH, "TCP port 443", "TCP port 443, UDP port 3478"));
    assert_eq!(ports(&udp, "graph-change-notifications"), ["443", "3478"]);
}

/// A port beside one name is that name's own.
#[test]
fn a_port_beside_one_endpoint_is_for_no_other() {
    let edition =
        Edition::current().with(1, "https://login.live.com", "https://login.live.com:8443");
    let read = article(&edition.markdown());
    let flows = &set(&read, "support-recovery-assistant").flows;
    let all: Vec<(String, usize)> = flows
        .iter()
        .map(|flow| {
            let ports = flow.ports.as_ref().expect("ports");
            (ports.value[0].to_string(), flow.hosts().count())
        })
        .collect();
    assert_eq!(all, [("443".to_owned(), 15), ("8443".to_owned(), 1)]);
}

#[test]
fn rows_that_move_or_go_are_known_by_what_they_say() {
    let mut edition = Edition::current();
    let graph = edition.rows.remove(GRAPH);
    edition.rows.insert(0, graph);
    let moved = article(&edition.markdown());
    assert_eq!(set(&moved, "graph-change-notifications").row, Some(1));
    assert_eq!(set(&moved, "pst-import").row, Some(2));
    assert_eq!(moved.catalogue.sets.len(), 25);
    let fewer = article(&Edition::current().without(PROXY).without(6).markdown());
    assert_eq!(fewer.catalogue.sets.len(), 23);
    assert_eq!(set(&fewer, "hybrid-proxy-authentication").row, Some(7));
    assert_eq!(fewer.flaws, []);
}

#[test]
fn a_new_row_is_a_new_set_that_opens_nothing_by_itself_unless_its_kind_is_known() {
    let row = |kind: &str| {
        let mut edition = Edition::current();
        edition.rows.push(vec![
            "26".to_owned(),
            "**Places sensors** report".to_owned(),
            "`sensors.places.example.com`, 203.0.113.7 <br> TCP port 8883".to_owned(),
            kind.to_owned(),
        ]);
        article(&edition.markdown())
    };
    let new = row("Something else");
    assert_eq!(
        new.fresh
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["places-sensors-report"]
    );
    let own = set(&new, "places-sensors-report");
    assert_eq!(own.row, Some(26));
    assert!(own.has_inferred_facts());
    assert_eq!(
        stated(own),
        ["203.0.113.7/32", "sensors.places.example.com"]
    );
    // Above all others it is no heading.
    let mut edition = Edition::current();
    let row_26 = ["new", "Sensors", "sensors.example.com", "x"].map(str::to_owned);
    edition.rows.insert(0, row_26.to_vec());
    let first = article(&edition.markdown());
    assert_eq!(set(&first, "sensors").row, Some(1));
    assert_eq!(set(&first, "pst-import").row, Some(2));
    // Row 21 is typed so too, and is carried as something else: nothing is learnt from it.
    let known = row("Into servers");
    let own = set(&known, "places-sensors-report");
    assert_eq!(
        (own.traffic, own.has_inferred_facts()),
        (Traffic::InboundHybridServer, false)
    );
    let known = row("Out of servers");
    let own = set(&known, "places-sensors-report");
    assert_eq!(
        (own.traffic, own.has_inferred_facts()),
        (Traffic::OutboundServerOnly, false)
    );
    assert_eq!(
        own.flows[0]
            .ports
            .as_ref()
            .map(|ports| ports.value[0].to_string()),
        Some("8883".to_owned())
    );
}

/// Until 2019 row 2 was another one, with its endpoints among the words of its purpose.
#[test]
fn a_row_that_is_about_something_else_keeps_its_endpoints() {
    let mut edition = Edition::current();
    edition.rows[1][1] = "**[Support assistant](https://diagnostics.office.com/#/)** asks your STS. From:<br> ```basic-eus.example.net (203.0.113.99)```".to_owned();
    edition.rows[1][DESTINATION] = "Your STS".to_owned();
    edition.rows[1][3] = "Into servers".to_owned();
    let read = article(&edition.markdown());
    assert_eq!(read.flaws, []);
    let own = set(&read, "support-assistant-asks-your");
    assert_eq!(stated(own), ["203.0.113.99/32", "basic-eus.example.net"]);
    assert_eq!(own.flows[0].ports, None, "nobody says");
}

#[test]
fn what_is_no_edition_is_none() {
    for text in [
        "",
        "# A page\n\nWithout a table.\n",
        "|a|b|\n|-|-|\n|1|2|\n",
        "[]",
        "<html><table><tr><td>x</td></tr></table></html>",
    ] {
        assert!(read(text, &known()).is_none(), "{text}");
    }
}

/// What a real edition comes to against the embedded facts.
struct Real {
    file: &'static str,
    flaws: usize,
    mends: usize,
    /// The sets that it has no row of.
    missing: &'static [&'static str],
    /// The sets that differ, with how much they lack and add; not of those that are refused.
    changed: &'static [&'static str],
}

#[rustfmt::skip]
const REAL: &[Real] = &[
    Real { file: "en-US-2025-01-08.md", flaws: 0, mends: 0, missing: &[], changed: &[] },
    Real {
        file: "en-US-2023.md", flaws: 0, mends: 0, missing: &[],
        changed: &["graph-change-notifications -25+0", "network-connectivity-status -0+1"],
    },
    Real {
        file: "sv-SE-learn-page.txt", flaws: 0, mends: 0, missing: &["autodetect"],
        changed: &["hybrid-configuration-wizard -2+0"],
    },
    Real {
        file: "sv-SE-2021-03-10.md", flaws: 0, mends: 0,
        missing: &["network-connectivity-status", "teams-mobile-push"],
        changed: &["autodetect -2+3", "graph-change-notifications -103+35", "support-recovery-assistant -1+1"],
    },
    Real {
        file: "nl-NL-2020-09-01.md", flaws: 0, mends: 11,
        missing: &["network-connectivity-status", "teams-mobile-push"],
        changed: &["autodetect -2+3", "graph-change-notifications -139+23", "hybrid-configuration-wizard -2+1", "support-recovery-assistant -1+1"],
    },
    Real {
        file: "en-US-2019-11-18.md", flaws: 0, mends: 0,
        missing: &["entra-connect-sync-china", "graph-change-notifications", "hybrid-entra-authentication", "network-connectivity-status", "teams-mobile-push"],
        changed: &["autodetect -2+3", "hybrid-configuration-wizard -2+1", "support-recovery-assistant -1+1"],
    },
    Real {
        file: "de-DE-2020-09-23.md", flaws: 24, mends: 4,
        missing: &["network-connectivity-status", "teams-mobile-push"], changed: &[],
    },
    Real {
        file: "zh-CN-2021-12-03.md", flaws: 1, mends: 2,
        missing: &["network-connectivity-status", "teams-mobile-push"], changed: &[],
    },
];

#[test]
fn real_editions_say_what_they_say() {
    let Some(reference) = reference() else { return };
    let known = known();
    for real in REAL {
        let file = real.file;
        let text = std::fs::read_to_string(reference.join("data/article").join(file));
        let article = article(&text.expect("an edition"));
        assert_eq!(
            article.flaws.len(),
            real.flaws,
            "{file}: {:?}",
            article.flaws
        );
        assert_eq!(
            article.mends.len(),
            real.mends,
            "{file}: {:?}",
            article.mends
        );
        let is_there = |key: &str| {
            let mut sets = article.catalogue.sets.iter();
            sets.any(|set| set.key.as_str() == key)
        };
        let keys = known.sets.iter().map(|set| set.key.as_str());
        let mut missing: Vec<&str> = keys.filter(|key| !is_there(key)).collect();
        missing.sort_unstable();
        assert_eq!(missing, real.missing, "{file}");
        if real.flaws > 0 {
            continue;
        }
        let mut changed: Vec<String> = Vec::new();
        for old in &known.sets {
            let key = old.key.as_str();
            if !is_there(key) {
                continue;
            }
            let (was, is) = (stated(old), stated(set(&article, key)));
            let lost = was.iter().filter(|text| !is.contains(text)).count();
            let come = is.iter().filter(|text| !was.contains(text)).count();
            if lost + come > 0 {
                changed.push(format!("{key} -{lost}+{come}"));
            }
        }
        changed.sort();
        assert_eq!(changed, real.changed, "{file}");
    }
}

#[test]
fn the_embedded_catalogue_is_the_english_edition_of_2025() {
    let Some(reference) = reference() else { return };
    let text = std::fs::read_to_string(reference.join("data/article/en-US-2025-01-08.md"))
        .expect("the edition");
    assert_current(&text);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A character that goes, comes or changes in the destinations of a row is seen: as a flaw, a mend, or in what
    /// the edition says; or it changed nothing that is a fact.
    #[test]
    fn no_damage_admits_an_address_in_silence(row in prop::sample::select(vec![GRAPH, SKYPE, WIZARD, 11, 19]), at in 0.0..1.0_f64, kind in 0..3, with in prop::sample::select(vec![' ', '.', '-', '1', '9', '/', ':', ',', 'x', '*'])) {
        let mut edition = Edition::current();
        let cell = &mut edition.rows[row][DESTINATION];
        let chars: Vec<char> = cell.chars().collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = ((chars.len() - 1) as f64 * at) as usize;
        let mut damaged: Vec<char> = chars.clone();
        match kind {
            0 => { damaged.remove(at); }
            1 => damaged.insert(at, with),
            _ => damaged[at] = with,
        }
        *cell = damaged.iter().collect();
        let article = article(&edition.markdown());
        let known = known();
        // Whatever is admitted stands in the text as a token of its own.
        for set in &article.catalogue.sets {
            let old = known.sets.iter().find(|old| old.key == set.key).map(stated).unwrap_or_default();
            for new in stated(set).iter().filter(|new| !old.contains(new)) {
                let text = new.strip_suffix("/32").or(new.strip_suffix("/128")).unwrap_or(new);
                let bare = text.trim_start_matches("*.");
                let own = &edition.rows[row][DESTINATION].to_lowercase();
                let is_whole = own.match_indices(bare).any(|(at, _)| {
                    let before = own[..at].chars().next_back();
                    let after = own[at + bare.len()..].chars().next();
                    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
                    !is_part(before.filter(|c| *c != '.' || !new.starts_with("*."))) && !is_part(after.filter(|c| *c != '.'))
                });
                prop_assert!(is_whole, "{new} in {own}");
            }
        }
    }
}
