//! The embedded catalogue against the documents that its facts were read from, in both
//! directions: what a document says is in the catalogue, and what the catalogue says that a
//! document says stands there.
//!
//! The article is read here once more, by a reader of its own that shares nothing with the
//! program: rows and cells, then the words of each cell.

mod reference;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::IpAddr;
use std::path::Path;

use ipnet::IpNet;
use perimeter365::catalogue::{
    Basis, Catalogue, Cloud, EndpointSet, Endpoints, Fact, Flow, Kind, NamedRange, Remote, Sites,
    Traffic,
};
use perimeter365::generate::{Request, generate};
use perimeter365::options::Words;
use perimeter365::source::embedded;
use perimeter365::target::TARGETS;
use reference::reference;
use serde_json::Value;

/// Row 23.
const GRAPH: &str = "graph-change-notifications";

/// Directions, protocols, ports, endpoints with their clouds and ports, and the basis of each.
#[test]
fn stated_and_implied_facts_are_those_of_the_article_cell_by_cell() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let article = article(&reference, &catalogue);
    let mut defects = Vec::new();
    for (row, set) in article.iter().zip(&catalogue.sets) {
        defects.extend(differences(
            &place(set),
            ("the article", &article_facts(row)),
            ("the catalogue", &catalogue_facts(set)),
        ));
        defects.extend(unnoted_paths(row, set));
    }
    assert_none(&defects);
}

#[test]
fn row_10_has_its_sources_in_the_purpose_cell_and_their_clouds_by_top_level_domain() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let article = article(&reference, &catalogue);
    let set = set(&catalogue, "autodetect");
    let row = article.iter().find(|row| row.number == row_of(set));
    let purpose = &row.expect("the set's row").cells[PURPOSE];
    assert_none(&differences(
        &place(set),
        ("the purpose cell", &endpoints_in(10, purpose)),
        ("the catalogue", &endpoints_where(set, STATED)),
    ));

    for remote in remotes(set) {
        for endpoint in endpoint_names(&remote.endpoints.value) {
            let clouds = match endpoint.rsplit_once('.') {
                Some((_, "com")) => PUBLIC.to_vec(),
                Some((_, "us")) => US_GOVERNMENT.to_vec(),
                // The addresses stand beside both names.
                _ => [PUBLIC, US_GOVERNMENT].concat(),
            };
            assert_eq!(
                remote.clouds.value, clouds,
                "row 10: the clouds of `{endpoint}`"
            );
        }
    }
}

#[test]
fn row_23_has_as_many_networks_in_each_cloud_as_the_article_lists() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let article = graph_networks(&article(&reference, &catalogue));
    let counts = [
        (Cloud::Worldwide, (94, 12)),
        (Cloud::UsgovGcchigh, (18, 1)),
        (Cloud::UsgovDod, (18, 1)),
        (Cloud::China, (13, 1)),
    ];
    for (cloud, expected) in counts {
        let carried = stated_networks(set(&catalogue, GRAPH), cloud);
        assert_eq!(families(&article[&cloud]), expected, "article, {cloud}");
        assert_eq!(families(&carried), expected, "row 23, catalogue, {cloud}");
    }
    assert!(
        article[&Cloud::Worldwide].contains("13.78.204.0/32"),
        "row 23: `13.78.204.0` has no prefix length, so it is one host"
    );
}

/// The addresses once more, after everything that the program does with them.
#[test]
fn row_23_is_written_for_every_cloud_and_target_as_the_article_lists_it() {
    let Some(reference) = reference() else { return };
    let article = graph_networks(&article(&reference, &catalogue()));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let request = Request {
        out: folder.path().to_owned(),
        words: Words {
            cloud: Some(Cloud::ALL.iter().map(ToString::to_string).collect()),
            ..Words::default()
        },
        ..Request::default()
    };
    generate(&request).expect("rows for all clouds");

    assert_eq!(article.len(), Cloud::ALL.len(), "clouds of row 23");
    let mut defects = Vec::new();
    for (cloud, listed) in &article {
        for target in TARGETS {
            let traffic = Traffic::InboundHybridServer;
            let file = format!("{cloud}/{traffic}/{}/main.tf", target.name);
            let families = target.expresses.networks;
            let sayable =
                |network: &&String| families.contains(&Kind::Ipv6) || !network.contains(':');
            let listed = &listed.iter().filter(sayable).cloned().collect();
            let written = written_networks(&read(folder.path(), &file), GRAPH);
            defects.extend(differences(
                &format!("row 23, {file}"),
                ("the article", listed),
                ("the file", &written),
            ));
        }
    }
    assert_none(&defects);
}

#[test]
fn every_referenced_document_is_one_that_the_row_links_to() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let article = article(&reference, &catalogue);
    let mut defects = Vec::new();
    for (row, set) in article.iter().zip(&catalogue.sets) {
        for basis in bases(set) {
            if let Basis::Referenced { url } = basis
                && !row.links.contains(url)
            {
                defects.push(format!("{}: the row has no link to `{url}`", place(set)));
            }
        }
    }
    assert_none(&defects);
}

#[test]
fn keys_traffics_roles_clouds_and_retirements_are_those_of_the_table_of_facts() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let table = table(&read(&reference, FACTS));
    assert_eq!(table.len(), 25, "rows of the table of facts");
    assert_same_rows("the facts", table.iter().map(|(row, _)| *row), &catalogue);
    let mut defects = Vec::new();
    for ((_, cells), set) in table.iter().zip(&catalogue.sets) {
        defects.extend(differences(
            &place(set),
            ("the table of facts", &table_facts(cells)),
            ("the catalogue", &set_facts(set, cells[CLOUDS] == PER_CELL)),
        ));
    }
    assert_none(&defects);
}

/// Ports of every basis, and the endpoints that the article doesn't hold: those of documents that
/// it links to, and our own readings.
#[test]
fn ports_and_other_endpoints_are_those_of_the_facts_row_by_row() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let facts = read(&reference, FACTS);
    let mut defects = Vec::new();
    for set in &catalogue.sets {
        let paragraph = paragraph(&facts, row_of(set));
        // Our own readings come last.
        let (said, inferred) = paragraph.split_once("Inferred").unwrap_or((&paragraph, ""));
        let mut compare = |facts: BTreeSet<String>, carried: BTreeSet<String>| {
            let facts = ("the facts", &facts);
            defects.extend(differences(&place(set), facts, ("the catalogue", &carried)));
        };
        for (text, wanted) in [(said, SAID), (inferred, INFERRED)] {
            let ports = set.flows.iter().flat_map(|flow| ports(flow, wanted));
            compare(ports_in(row_of(set), text), ports.collect());
        }
        // Without this word, what is said are the article's own endpoints.
        if said.contains("Referenced") {
            compare(pairs_in(row_of(set), said), pairs_where(set, REFERENCED));
        }
        compare(pairs_in(row_of(set), inferred), pairs_where(set, INFERRED));
        defects.extend(protocols_apart(set));
    }
    assert_none(&defects);
}

#[test]
fn named_ranges_are_those_of_the_facts() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let facts = read(&reference, FACTS);
    let listed = facts.lines().filter_map(range_row).flatten().collect();
    let carried = catalogue.sets.iter().flat_map(range_facts).collect();
    assert_none(&differences(
        "named ranges",
        ("the facts", &listed),
        ("the catalogue", &carried),
    ));
}

#[test]
fn exchange_online_is_what_the_web_service_lists_for_exchange() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let counts = [
        (Cloud::Worldwide, (16, 18)),
        (Cloud::UsgovGcchigh, (10, 7)),
        (Cloud::UsgovDod, (6, 6)),
        (Cloud::China, (20, 13)),
    ];
    assert_eq!(catalogue.ranges.len(), counts.len(), "embedded ranges");
    let mut defects = Vec::new();
    for (cloud, expected) in counts {
        let range = exchange_online(&catalogue, cloud);
        let listed = service_ips(&reference, range, |entry| {
            entry["serviceArea"] == "Exchange"
        });
        let carried = texts(&range.networks);
        let place = format!("exchange_online of {cloud}");
        defects.extend(differences(
            &place,
            ("the web service", &listed),
            ("the catalogue", &carried),
        ));
        let found = families(&carried);
        if found != expected {
            defects.push(format!("{place}: {found:?} networks, not {expected:?}"));
        }
    }
    assert_none(&defects);
}

#[test]
fn row_23_s_ranges_are_those_of_the_web_service_s_entries_for_them() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let ids = [
        (Cloud::Worldwide, 56),
        (Cloud::UsgovGcchigh, 13),
        (Cloud::UsgovDod, 13),
        (Cloud::China, 17),
    ];
    let mut defects = Vec::new();
    for (cloud, id) in ids {
        let range = exchange_online(&catalogue, cloud);
        let listed = service_ips(&reference, range, |entry| entry["id"] == id);
        let mut carried = stated_networks(set(&catalogue, GRAPH), cloud);
        carried.retain(|network| !network.ends_with("/32"));
        defects.extend(differences(
            &format!("row 23, {cloud}"),
            (&format!("the web service's entry {id}"), &listed),
            ("the catalogue", &carried),
        ));
    }
    assert_none(&defects);
}

#[test]
fn the_swedish_page_has_the_same_rows_and_endpoints() {
    let Some(reference) = reference() else { return };
    let catalogue = catalogue();
    let page = read(&reference, "data/article/sv-SE-learn-page.txt");
    let rows = page_rows(&page);
    let numbers = rows.iter().map(|(row, _)| *row);
    assert_same_rows("the Swedish page", numbers, &catalogue);
    let mut defects = Vec::new();
    for ((row, text), set) in rows.iter().zip(&catalogue.sets) {
        if !LOST_IN_SWEDISH.contains(row) {
            defects.extend(differences(
                &place(set),
                ("the Swedish page", &endpoints_in(*row, text)),
                ("the catalogue", &endpoints_where(set, STATED)),
            ));
        }
    }
    assert_none(&defects);
}

// Where words don't mean what they say.

/// Phrases that a reader of words would misread: a row, what it says, and what that means.
type Phrases = &'static [(u16, &'static str, &'static str)];

const IN_THE_ARTICLE: Phrases = &[
    // This is about newer clients, and names no port; the row opens what the older ones need.
    (12, "uses UDP ports", ""),
    // The template stands in two pieces.
    (
        17,
        r"'.sharepoint.com' FQDNs with '\<tenant\>'",
        "<tenant>.sharepoint.com",
    ),
    // Every destination is Microsoft's and needs a user's token: the row can't mean inbound.
    (21, "Inbound server traffic", ""),
];

const IN_THE_FACTS: Phrases = &[
    (
        14,
        "from row 13's ranges, TCP 5061, TCP 443, UDP 3478, TCP and UDP 50000-59999",
        "TCP 443, 5061, 50000-59999 and 13.107.64.0/18 52.112.0.0/14, \
         UDP 3478, 50000-59999 and 13.107.64.0/18 52.112.0.0/14",
    ),
    // Ports come before their endpoints elsewhere.
    (
        19,
        "`*.servicebus.windows.net` on TCP 5671 (older agents) and 443",
        "TCP 443, 5671 to *.servicebus.windows.net",
    ),
    (
        25,
        "`alt1-mtalk.google.com` … `alt8-mtalk.google.com`",
        "alt1-mtalk.google.com alt2-mtalk.google.com alt3-mtalk.google.com alt4-mtalk.google.com \
         alt5-mtalk.google.com alt6-mtalk.google.com alt7-mtalk.google.com alt8-mtalk.google.com",
    ),
    // The wider choice, which isn't taken.
    (25, "(or all of `17.0.0.0/8`: take the narrower)", ""),
];

/// Rows without a word for their direction: row 12 has its clients in the type cell, and for row
/// 21 see [`IN_THE_ARTICLE`].
const OUTBOUND_BY_MEANING: &[u16] = &[12, 21];

/// Row 23 has its port after the addresses of all clouds, for each of them. Elsewhere a port
/// belongs to the cloud that it stands under; in row 9, to the name that stands before any cloud.
const ONE_PORT_FOR_ALL_CLOUDS: u16 = 23;

/// What the article calls the clouds.
const CLOUD_NAMES: &[(&str, &[Cloud])] = &[
    ("21 ViaNet in China", CHINA),
    ("GCC High, DoD", US_GOVERNMENT),
    ("Microsoft 365 Worldwide", PUBLIC),
    ("Microsoft Cloud China", CHINA),
    ("Microsoft Cloud for US Government", US_GOVERNMENT),
    ("Public Cloud", PUBLIC),
    ("Worldwide Commercial & GCC", PUBLIC),
];
const PUBLIC: &[Cloud] = &[Cloud::Worldwide];
const US_GOVERNMENT: &[Cloud] = &[Cloud::UsgovGcchigh, Cloud::UsgovDod];
const CHINA: &[Cloud] = &[Cloud::China];

/// Rows whose code spans the Swedish page lost, and row 17, whose template it translated.
const LOST_IN_SWEDISH: &[u16] = &[9, 10, 15, 17];

/// Words with a dot that are no host names: "for example" in Swedish.
const ABBREVIATIONS: &[&str] = &["t.ex"];

// Rows and cells.

/// A row of the article, its cells without links, tags and emphasis.
struct Row {
    number: u16,
    cells: Vec<String>,
    links: BTreeSet<String>,
}

const PURPOSE: usize = 0;
const DESTINATION: usize = 1;
const TYPE: usize = 2;

/// The article in the language and edition that the catalogue says it is from.
fn article(reference: &Path, catalogue: &Catalogue) -> Vec<Row> {
    let source = &catalogue.sets[0].source;
    let file = format!("data/article/{}-{}.md", source.language, source.edition);
    let rows: Vec<Row> = table(&read(reference, &file))
        .into_iter()
        .map(|(number, cells)| article_row(number, &cells))
        .collect();
    assert_same_rows("the article", rows.iter().map(|row| row.number), catalogue);
    rows
}

fn article_row(number: u16, cells: &[String]) -> Row {
    assert_eq!(cells.len(), 3, "row {number}: purpose, destination, type");
    let mut links = BTreeSet::new();
    let cells = rephrase(number, &cells.join("|"), IN_THE_ARTICLE)
        .split('|')
        .map(|cell| plain(&without_links(cell, &mut links)))
        .collect();
    Row {
        number,
        cells,
        links,
    }
}

/// The rows of Markdown tables that start with a number, and their other cells.
fn table(markdown: &str) -> Vec<(u16, Vec<String>)> {
    let row = |line: &str| {
        let cells = line.trim().strip_prefix('|')?.strip_suffix('|')?;
        // An escaped pipe is punctuation within a cell.
        let cells = cells.replace(r"\|", ",");
        let mut cells = cells.split('|').map(|cell| cell.trim().to_owned());
        Some((cells.next()?.parse().ok()?, cells.collect()))
    };
    markdown.lines().filter_map(row).collect()
}

fn rephrase(row: u16, text: &str, phrases: Phrases) -> String {
    let mut text = text.to_owned();
    for (_, phrase, meaning) in phrases.iter().filter(|(number, ..)| *number == row) {
        assert!(text.contains(phrase), "row {row} doesn't say `{phrase}`");
        text = text.replace(phrase, meaning);
    }
    text
}

/// Keeps the text of `[text](target)`, and moves the target to `links`.
fn without_links(cell: &str, links: &mut BTreeSet<String>) -> String {
    let mut pieces = cell.split("](");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (target, rest) = piece.split_once(')').expect("the end of a link");
        links.insert(absolute(target));
        text.push_str(rest);
    }
    text.replace('[', "")
}

fn absolute(target: &str) -> String {
    const SITE: &str = "https://learn.microsoft.com";
    if target.starts_with("https://") {
        target.to_owned()
    } else if target.starts_with('/') {
        format!("{SITE}{target}")
    } else {
        // A page in the article's own folder.
        let page = target.trim_end_matches(".md");
        format!("{SITE}/microsoft-365/enterprise/{page}")
    }
}

/// Tags are blanks, and so are the marks of code and emphasis.
fn plain(cell: &str) -> String {
    let marks = ["<br>", "<BR>", "<p>", "`", "**"];
    marks
        .iter()
        .fold(cell.to_owned(), |text, mark| text.replace(mark, " "))
}

impl Row {
    fn text(&self) -> String {
        self.cells.join(" | ")
    }

    /// The row's text, cut before each cloud's name. What comes before the first has no cloud.
    fn by_cloud(&self) -> Vec<(&'static [Cloud], String)> {
        let text = self.text();
        let mut starts: Vec<(usize, &'static [Cloud])> = vec![(0, &[])];
        for (name, clouds) in CLOUD_NAMES {
            starts.extend(text.match_indices(name).map(|(start, _)| (start, *clouds)));
        }
        starts.sort_unstable();
        let ends = starts.iter().skip(1).map(|(start, _)| *start);
        starts
            .iter()
            .zip(ends.chain([text.len()]))
            .map(|((start, clouds), end)| (*clouds, text[*start..end].to_owned()))
            .collect()
    }

    /// Directions, or that it isn't traffic at all.
    fn kinds(&self) -> Vec<&'static str> {
        let cell = self.cells[TYPE].to_lowercase();
        let mut kinds = vec!["inbound", "outbound", TRUSTED_SITES];
        kinds.retain(|kind| cell.contains(kind));
        if self.cells[DESTINATION].contains("Bidirectional") {
            kinds = vec!["inbound", "outbound"];
        }
        kinds
    }
}

const TRUSTED_SITES: &str = "trusted sites";

/// The rows of a rendered page: each starts with its number and a pipe, and runs over lines.
fn page_rows(page: &str) -> Vec<(u16, String)> {
    let mut rows: Vec<(u16, String)> = Vec::new();
    for line in page.lines() {
        let (first, rest) = line.split_once(" | ").unwrap_or(("", line));
        match (first.parse(), rows.last_mut()) {
            (Ok(number), _) => rows.push((number, rest.to_owned())),
            (Err(_), Some((_, text))) => text.extend([" ", line]),
            (Err(_), None) => {}
        }
    }
    rows
}

const FACTS: &str = "facts/catalogue.md";

/// What the facts say of one row in prose; rows 15 to 18 share a paragraph.
fn paragraph(facts: &str, row: u16) -> String {
    let first = if (15..=18).contains(&row) { 15 } else { row };
    let text = facts
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{first}. ")))
        .unwrap_or_else(|| panic!("row {row}: the facts have no paragraph"));
    rephrase(row, text, IN_THE_FACTS)
}

// Words.

/// What a word names on Microsoft's side.
struct Named {
    /// A network or a host name.
    endpoint: String,
    /// Its own port, stated (`:80`) or implied (`https://`).
    port: Option<(Basis, String)>,
    /// The word, where it goes on after the host: a firewall can't see that.
    url: Option<String>,
}

fn named(row: u16, text: &str) -> impl Iterator<Item = Named> {
    words(text).filter_map(move |word| read_word(row, word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    const BEFORE: &[char] = &['(', '\'', '"', '`'];
    const AFTER: &[char] = &[',', ';', ':', '.', ')', '\'', '"', '`'];
    text.split_whitespace()
        .map(|word| word.trim_start_matches(BEFORE).trim_end_matches(AFTER))
}

fn read_word(row: u16, word: &str) -> Option<Named> {
    // An autolink stands in angle brackets; a template has some of its own.
    let autolink = word.strip_prefix('<').and_then(|w| w.strip_suffix('>'));
    let word = autolink.unwrap_or(word);
    if let Some(endpoint) = network(word) {
        return Some(Named {
            endpoint,
            port: None,
            url: None,
        });
    }
    let numeric = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(['.', ':']);
    assert!(!numeric, "row {row}: `{word}` is no address");

    let (scheme, rest) = word.split_once("://").unwrap_or(("", word));
    assert!(
        ["", "https"].contains(&scheme),
        "row {row}: `{word}` has a scheme that the test doesn't know"
    );
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some((Basis::Stated, format!("tcp {port}")))),
        None if scheme.is_empty() => (authority, None),
        None => (authority, Some((Basis::Implied, "tcp 443".to_owned()))),
    };
    is_host(host).then(|| Named {
        endpoint: host.to_lowercase(),
        port,
        url: (!path.is_empty()).then(|| word.to_owned()),
    })
}

/// A single address is a network of one.
fn network(word: &str) -> Option<String> {
    let single = |_| word.parse::<IpAddr>().map(IpNet::from);
    let network = word.parse::<IpNet>().or_else(single).ok()?;
    Some(network.to_string())
}

fn is_host(word: &str) -> bool {
    let top = word.rsplit_once('.').map_or("", |(_, top)| top);
    top.len() > 1 && top.bytes().all(|b| b.is_ascii_alphabetic()) && !ABBREVIATIONS.contains(&word)
}

fn endpoints_in(row: u16, text: &str) -> BTreeSet<String> {
    named(row, text).map(|named| named.endpoint).collect()
}

fn ports_in(row: u16, text: &str) -> BTreeSet<String> {
    let own = named(row, text).filter_map(|named| named.port);
    own.map(|(_, port)| port).chain(spoken(text).1).collect()
}

/// Each endpoint with the ports before it: `TCP 443 to login.windows.net`.
fn pairs_in(row: u16, text: &str) -> BTreeSet<String> {
    let text = text.replace("TCP", "\nTCP").replace("UDP", "\nUDP");
    text.lines()
        .flat_map(|run| paired(&spoken(run).1, &endpoints_in(row, run)))
        .collect()
}

/// The protocols that words name, and the ports after each: `TCP ports 50,000-59,999; 5061`.
fn spoken(text: &str) -> (BTreeSet<&'static str>, BTreeSet<String>) {
    let mut protocols = BTreeSet::new();
    let mut ports = BTreeSet::new();
    let mut protocol = None;
    for word in words(text) {
        // The comma between thousands.
        let number = word.replace(',', "");
        match word {
            "TCP" => protocol = Some("tcp"),
            "UDP" => protocol = Some("udp"),
            "port" | "ports" | "&" | "and" | "or" => {}
            _ if number.split('-').all(|end| end.parse::<u16>().is_ok()) => {
                ports.extend(protocol.map(|protocol| format!("{protocol} {number}")));
            }
            _ => protocol = None,
        }
        protocols.extend(protocol);
    }
    (protocols, ports)
}

// Facts as lines of text, so that those of two sides are compared as sets.

fn article_facts(row: &Row) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let mut kinds = row.kinds();
    facts.extend(kinds.iter().map(|kind| fact(kind, &Basis::Stated)));
    if OUTBOUND_BY_MEANING.contains(&row.number) {
        kinds.push("outbound");
        facts.insert(fact("outbound", &Basis::Implied));
    }
    let (protocols, all_ports) = spoken(&row.text());
    facts.extend(protocols.iter().map(|name| fact(name, &Basis::Stated)));
    for port in &all_ports {
        facts.insert(port_fact(port, &Basis::Stated, &Basis::Stated));
    }
    for (clouds, text) in row.by_cloud() {
        if !clouds.is_empty() {
            facts.insert(fact(&joined(clouds), &Basis::Stated));
        }
        let shared = if row.number == ONE_PORT_FOR_ALL_CLOUDS {
            all_ports.clone()
        } else {
            spoken(&text).1
        };
        for named in named(row.number, &text) {
            let mut ports = shared.clone();
            if let Some((basis, port)) = named.port {
                // No word names the protocol: HTTPS, and a port behind a host name, mean TCP.
                facts.insert(fact("tcp", &Basis::Implied));
                facts.insert(port_fact(&port, &basis, &Basis::Implied));
                ports = BTreeSet::from([port]);
            }
            let endpoint = endpoint_fact(&named.endpoint, &Basis::Stated, clouds);
            facts.extend(connections(&kinds, &endpoint, &ports));
        }
    }
    facts
}

fn catalogue_facts(set: &EndpointSet) -> BTreeSet<String> {
    let flows = set.flows.iter().flat_map(flow_facts);
    flows
        .chain(set.sites.iter().flat_map(sites_facts))
        .collect()
}

fn flow_facts(flow: &Flow) -> Vec<String> {
    let direction = &flow.direction;
    let mut facts = vec![fact(direction.value.as_str(), &direction.basis)];
    let ports = ports(flow, IN_CELLS);
    if let Some(protocol) = &flow.protocol {
        if IN_CELLS(&protocol.basis) {
            facts.push(fact(protocol.value.as_str(), &protocol.basis));
        }
        if let Some(Fact { basis, .. }) = &flow.ports {
            let ports = ports.iter();
            facts.extend(ports.map(|port| port_fact(port, basis, &protocol.basis)));
        }
    }
    for Remote { clouds, endpoints } in &flow.remotes {
        facts.extend(clouds_fact(clouds));
        if IN_CELLS(&endpoints.basis) {
            for endpoint in endpoint_names(&endpoints.value) {
                let endpoint = endpoint_fact(&endpoint, &endpoints.basis, by_name(clouds));
                facts.extend(connections(&[direction.value.as_str()], &endpoint, &ports));
            }
        }
    }
    facts
}

fn sites_facts(sites: &Sites) -> Vec<String> {
    let mut facts = vec![fact(TRUSTED_SITES, &Basis::Stated)];
    facts.extend(clouds_fact(&sites.clouds));
    if let Some(hosts) = &sites.hosts {
        for host in texts(&hosts.value) {
            let host = endpoint_fact(&host, &hosts.basis, by_name(&sites.clouds));
            facts.extend(connections(&[TRUSTED_SITES], &host, &BTreeSet::new()));
        }
    }
    facts
}

fn fact(value: &str, basis: &Basis) -> String {
    format!("{value}, {}", basis.as_str())
}

fn port_fact(port: &str, basis: &Basis, protocol: &Basis) -> String {
    format!("{}, its protocol {}", fact(port, basis), protocol.as_str())
}

/// Clouds are implied where no cell names one; that needs no line.
fn clouds_fact(clouds: &Fact<Vec<Cloud>>) -> Option<String> {
    let named = clouds.basis != Basis::Implied;
    named.then(|| fact(&joined(&clouds.value), &clouds.basis))
}

fn by_name(clouds: &Fact<Vec<Cloud>>) -> &[Cloud] {
    if clouds.basis == Basis::Implied {
        &[]
    } else {
        &clouds.value
    }
}

fn endpoint_fact(endpoint: &str, basis: &Basis, clouds: &[Cloud]) -> String {
    let clouds = if clouds.is_empty() {
        "no cloud by name".to_owned()
    } else {
        joined(clouds)
    };
    format!("{}, in {clouds}", fact(endpoint, basis))
}

/// An endpoint with every kind of traffic and every port that it has.
fn connections(kinds: &[&str], endpoint: &str, ports: &BTreeSet<String>) -> Vec<String> {
    let none = BTreeSet::from(["no port".to_owned()]);
    let ports = if ports.is_empty() { &none } else { ports };
    let mut facts = Vec::new();
    for kind in kinds {
        for port in ports {
            facts.push(format!("{kind}: {endpoint}, on {port}"));
        }
    }
    facts
}

/// What a firewall can't see of a URL, a note has to say.
fn unnoted_paths(row: &Row, set: &EndpointSet) -> Vec<String> {
    named(row.number, &row.text())
        .filter_map(|named| named.url)
        .filter(|url| !set.notes.iter().any(|note| note.contains(url)))
        .map(|url| format!("{}: no note says `{url}`", place(set)))
        .collect()
}

/// The cells of the table of facts, after the row's number.
const KEY: usize = 0;
const TRAFFIC: usize = 1;
const ROLES: usize = 2;
const CLOUDS: usize = 3;
const RETIRED: usize = 4;

/// Then the clouds are compared with the article's cells, and not here.
const PER_CELL: &str = "per cell";

fn table_facts(cells: &[String]) -> BTreeSet<String> {
    // What follows a traffic is a remark.
    let traffic = cells[TRAFFIC].split(" (").next().unwrap_or_default();
    let clouds = match cells[CLOUDS].as_str() {
        "all" => joined(Cloud::ALL),
        clouds => clouds.to_owned(),
    };
    BTreeSet::from([
        format!("key {}", cells[KEY]),
        format!("traffic {traffic}"),
        format!("roles {}", cells[ROLES]),
        format!("clouds {clouds}"),
        format!("retired {}", cells[RETIRED]),
    ])
}

fn set_facts(set: &EndpointSet, per_cell: bool) -> BTreeSet<String> {
    let retired = set.retired.as_ref().map(ToString::to_string);
    let mut facts = BTreeSet::from([
        format!("key {}", set.key),
        format!("traffic {}", set.traffic),
        format!("retired {}", retired.unwrap_or_default()),
    ]);
    let sites = set.sites.iter();
    let roles = set.flows.iter().map(|flow| &flow.roles);
    let roles = roles.chain(sites.clone().map(|sites| &sites.roles));
    facts.extend(roles.map(|roles| format!("roles {}", joined(roles))));
    if per_cell {
        // A cell without a cloud's name means worldwide.
        let unnamed = remotes(set).filter(|remote| by_name(&remote.clouds).is_empty());
        let astray = unnamed.filter(|remote| remote.clouds.value != PUBLIC);
        facts.extend(astray.map(|remote| format!("clouds {}", joined(&remote.clouds.value))));
        facts.insert(format!("clouds {PER_CELL}"));
    } else {
        let sites = sites.map(|sites| joined(&sites.clouds.value));
        let clouds = set.flows.iter().flat_map(clouds_by_form).chain(sites);
        facts.extend(clouds.map(|clouds| format!("clouds {clouds}")));
    }
    facts
}

/// A line of the facts' table of named ranges: the name, who gives it, and the rows that use it,
/// in parentheses those that do so by our own reading.
fn range_row(line: &str) -> Option<Vec<String>> {
    let (name, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
    let (giver, rows) = rest.split_once(" | ")?;
    let user = giver.starts_with("the user");
    let basis = if user { "unstated" } else { "referenced" };
    let (rows, inferred) = rows.split_once('(').unwrap_or((rows, ""));
    let mut facts = Vec::new();
    for (text, basis) in [(rows, basis), (inferred, "inferred")] {
        let rows = words(text).filter_map(|word| word.parse().ok());
        facts.extend(rows.map(|row| range_fact(row, name, basis)));
    }
    Some(facts)
}

fn range_facts(set: &EndpointSet) -> Vec<String> {
    remotes(set)
        .filter_map(|Remote { endpoints, .. }| match &endpoints.value {
            Endpoints::Range(name) => Some(range_fact(
                row_of(set),
                name.as_str(),
                endpoints.basis.as_str(),
            )),
            _ => None,
        })
        .collect()
}

fn range_fact(row: u16, name: &str, basis: &str) -> String {
    format!("row {row}: {name}, {basis}")
}

/// The clouds in which a flow has hosts, and those in which it has networks or a range: several
/// remotes may share them, as in row 10.
fn clouds_by_form(flow: &Flow) -> Vec<String> {
    let mut forms: BTreeMap<bool, BTreeSet<Cloud>> = BTreeMap::new();
    for remote in &flow.remotes {
        let hosts = matches!(remote.endpoints.value, Endpoints::Hosts(_));
        forms.entry(hosts).or_default().extend(&remote.clouds.value);
    }
    forms
        .values()
        .map(|clouds| joined(&clouds.iter().collect::<Vec<_>>()))
        .collect()
}

// The catalogue.

fn catalogue() -> Catalogue {
    embedded::read().expect("the embedded catalogue")
}

fn set<'a>(catalogue: &'a Catalogue, key: &str) -> &'a EndpointSet {
    let mut sets = catalogue.sets.iter();
    sets.find(|set| set.key.as_str() == key)
        .unwrap_or_else(|| panic!("the catalogue has no `{key}`"))
}

fn row_of(set: &EndpointSet) -> u16 {
    set.row
        .unwrap_or_else(|| panic!("`{}` has no row", set.key))
}

fn remotes(set: &EndpointSet) -> impl Iterator<Item = &Remote> {
    set.flows.iter().flat_map(|flow| &flow.remotes)
}

fn place(set: &EndpointSet) -> String {
    format!("row {} ({})", row_of(set), set.key)
}

/// Picks facts by their basis.
type Wanted = fn(&Basis) -> bool;

const STATED: Wanted = |basis| *basis == Basis::Stated;
const IN_CELLS: Wanted = |basis| matches!(basis, Basis::Stated | Basis::Implied);
const REFERENCED: Wanted = |basis| matches!(basis, Basis::Referenced { .. });
const SAID: Wanted = |basis| IN_CELLS(basis) || REFERENCED(basis);
const INFERRED: Wanted = |basis| *basis == Basis::Inferred;

/// A flow's ports with its protocol, if their basis is one that `wanted` names.
fn ports(flow: &Flow, wanted: Wanted) -> BTreeSet<String> {
    let protocol = flow.protocol.as_ref().map_or("", |p| p.value.as_str());
    let ports = flow.ports.iter().filter(|ports| wanted(&ports.basis));
    ports
        .flat_map(|ports| &ports.value)
        .map(|port| format!("{protocol} {port}"))
        .collect()
}

fn endpoint_names(endpoints: &Endpoints) -> BTreeSet<String> {
    match endpoints {
        Endpoints::Networks(networks) => texts(networks),
        Endpoints::Hosts(hosts) => texts(hosts),
        Endpoints::Range(range) => BTreeSet::from([format!("range {range}")]),
    }
}

/// Networks and hosts with the ports of their flow.
fn pairs_where(set: &EndpointSet, wanted: Wanted) -> BTreeSet<String> {
    let mut pairs = BTreeSet::new();
    for flow in &set.flows {
        for Remote { endpoints, .. } in &flow.remotes {
            let range = matches!(endpoints.value, Endpoints::Range(_));
            if wanted(&endpoints.basis) && !range {
                pairs.extend(paired(
                    &ports(flow, |_| true),
                    &endpoint_names(&endpoints.value),
                ));
            }
        }
    }
    pairs
}

fn paired(ports: &BTreeSet<String>, endpoints: &BTreeSet<String>) -> Vec<String> {
    let pairs = |port| endpoints.iter().map(move |e| format!("{e} on {port}"));
    ports.iter().flat_map(pairs).collect()
}

/// Who says a port says its protocol, but in row 11, which has no port, and in row 20, which has
/// only the port.
fn protocols_apart(set: &EndpointSet) -> Vec<String> {
    let apart = |flow: &&Flow| match (&flow.protocol, &flow.ports) {
        (Some(protocol), Some(ports)) => protocol.basis != ports.basis,
        (protocol, ports) => protocol.is_some() || ports.is_some(),
    };
    let flows = set.flows.iter().filter(apart);
    flows
        .filter(|_| ![11, 20].contains(&row_of(set)))
        .map(|flow| {
            let id = flow.id.as_ref().map_or("", |id| id.as_str());
            format!(
                "{}: flow `{id}` has its protocol from elsewhere than its ports",
                place(set)
            )
        })
        .collect()
}

fn endpoints_where(set: &EndpointSet, wanted: Wanted) -> BTreeSet<String> {
    remotes(set)
        .map(|remote| &remote.endpoints)
        .filter(|endpoints| wanted(&endpoints.basis))
        .flat_map(|endpoints| endpoint_names(&endpoints.value))
        .collect()
}

fn stated_networks(set: &EndpointSet, cloud: Cloud) -> BTreeSet<String> {
    remotes(set)
        .filter(|remote| remote.clouds.value.contains(&cloud))
        .filter(|remote| STATED(&remote.endpoints.basis))
        .flat_map(|remote| endpoint_names(&remote.endpoints.value))
        .collect()
}

fn bases(set: &EndpointSet) -> Vec<&Basis> {
    let mut bases = Vec::new();
    for flow in &set.flows {
        bases.push(&flow.direction.basis);
        bases.extend(flow.protocol.iter().map(|fact| &fact.basis));
        bases.extend(flow.ports.iter().map(|fact| &fact.basis));
        for remote in &flow.remotes {
            bases.extend([&remote.clouds.basis, &remote.endpoints.basis]);
        }
    }
    if let Some(sites) = &set.sites {
        bases.push(&sites.clouds.basis);
        bases.extend(sites.hosts.iter().map(|fact| &fact.basis));
    }
    bases
}

fn exchange_online(catalogue: &Catalogue, cloud: Cloud) -> &NamedRange {
    let mut ranges = catalogue.ranges.iter();
    ranges
        .find(|range| range.name.as_str() == "exchange_online" && range.cloud == cloud)
        .unwrap_or_else(|| panic!("`exchange_online` has no networks in {cloud}"))
}

// The other documents, and what is generated.

/// The networks of row 23 in each cloud, as the article lists them.
fn graph_networks(article: &[Row]) -> BTreeMap<Cloud, BTreeSet<String>> {
    let row = article.iter().find(|row| row.number == 23);
    let mut networks: BTreeMap<Cloud, BTreeSet<String>> = BTreeMap::new();
    for (clouds, text) in row.expect("row 23 in the article").by_cloud() {
        for cloud in clouds {
            let listed = networks.entry(*cloud).or_default();
            listed.extend(endpoints_in(23, &text));
        }
    }
    networks
}

/// The `ips` of the wanted entries in the web service's answer that `range` was read from.
fn service_ips(
    reference: &Path,
    range: &NamedRange,
    wanted: impl Fn(&Value) -> bool,
) -> BTreeSet<String> {
    let instance = range.cloud.as_str().replace('-', "_");
    let file = format!("data/web-service/{instance}-{}.json", range.source.edition);
    let answer: Value = serde_json::from_str(&read(reference, &file))
        .unwrap_or_else(|error| panic!("{file}: {error}"));
    let entries = answer.as_array().into_iter().flatten();
    entries
        .filter(|entry| wanted(entry))
        .filter_map(|entry| entry["ips"].as_array())
        .flatten()
        .filter_map(|ip| Some(ip.as_str()?.to_owned()))
        .collect()
}

/// The `networks` of every rule of `set` in a `main.tf`, found by the text alone.
fn written_networks(main_tf: &str, set: &str) -> BTreeSet<String> {
    let mut networks = BTreeSet::new();
    let (mut in_set, mut in_networks) = (false, false);
    for line in main_tf.lines().map(str::trim) {
        if line.ends_with("= {") {
            in_set = line.starts_with(&format!("\"{set}."));
        } else if line.starts_with("networks") && line.ends_with('[') {
            in_networks = in_set;
        } else if line.starts_with(']') {
            in_networks = false;
        } else if in_networks {
            networks.insert(line.trim_matches(['"', ',']).to_owned());
        }
    }
    networks
}

// Comparing.

fn assert_same_rows(document: &str, numbers: impl Iterator<Item = u16>, catalogue: &Catalogue) {
    let carried: Vec<u16> = catalogue.sets.iter().map(row_of).collect();
    let numbers: Vec<u16> = numbers.collect();
    assert_eq!(numbers, carried, "the rows of {document} and the catalogue");
}

/// What only one of two sides has, which each have a name.
fn differences(
    place: &str,
    left: (&str, &BTreeSet<String>),
    right: (&str, &BTreeSet<String>),
) -> Vec<String> {
    let only = |(one, facts): (&str, &BTreeSet<String>), (other, others): (_, &BTreeSet<_>)| {
        facts
            .difference(others)
            .map(|fact| format!("{place}: {one} has `{fact}`, {other} doesn't"))
            .collect::<Vec<_>>()
    };
    [only(left, right), only(right, left)].concat()
}

#[track_caller]
fn assert_none(defects: &[String]) {
    assert!(defects.is_empty(), "\n{}", defects.join("\n"));
}

/// How many IPv4 and IPv6 networks these are.
fn families(networks: &BTreeSet<String>) -> (usize, usize) {
    let v6 = networks.iter().filter(|network| network.contains(':'));
    let v6 = v6.count();
    (networks.len() - v6, v6)
}

fn texts<T: ToString>(values: &[T]) -> BTreeSet<String> {
    values.iter().map(ToString::to_string).collect()
}

fn joined<T: ToString>(values: &[T]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

fn read(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
