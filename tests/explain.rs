//! `perimeter365 explain`: who needs an address or a name, who says so, and where it is open.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use perimeter365::catalogue::{Catalogue, Cloud, Endpoints};
use perimeter365::explain::answer::{Answer, Concern};
use perimeter365::explain::explain;
use perimeter365::explain::question::Question;
use perimeter365::options::{Options, Words, flow_text};
use perimeter365::source::embedded;
use perimeter365::verify::opening::{Remote, Wanted};
use perimeter365::verify::wanted::wanted;
use serde_json::Value;
use support::{Desk, Run};

const TARGETS: [&str; 5] = [
    "aws-network-firewall",
    "aws-security-group",
    "azure-firewall",
    "azure-nsg",
    "generic-firewall",
];

fn ask(arguments: &str) -> Run {
    Desk::new().run(&format!("explain {arguments}"))
}

fn json(desk: &Desk, arguments: &str, code: i32) -> Value {
    let run = desk
        .run(&format!("explain {arguments} --format json"))
        .ends(code);
    serde_json::from_str(&run.stdout).expect("it is JSON")
}

/// Article rows of what concerns it.
fn rows_of(answer: &Value) -> Vec<u64> {
    let concerns = answer["concerns"].as_array().expect("a list");
    let rows = concerns
        .iter()
        .filter_map(|concern| concern["row"].as_u64());
    rows.collect()
}

#[track_caller]
fn tells(run: Run, code: i32, texts: &[&str]) {
    let run = run.ends(code);
    for text in texts {
        assert!(
            run.stdout.contains(text),
            "`{text}` is not in:\n{}",
            run.stdout
        );
    }
}

#[test]
fn an_address_is_told_with_its_row_cloud_basis_and_source() {
    tells(
        ask("13.78.204.0"),
        0,
        &[
            "13.78.204.0 is needed by 1 flow",
            "graph-change-notifications (row 23): Graph change notifications",
            "inbound tcp 443 from 13.78.204.0/32",
            "webhook_receiver: Hosts that receive change notifications",
            "stated in [1]: direction, protocol, port, addresses, clouds",
            "open     by default",
            "edition 2025-01-08\n      https://learn.microsoft.com/",
        ],
    );
    tells(
        ask("20.140.232.5"),
        0,
        &[
            "clouds   usgov-gcchigh usgov-dod",
            "a run is for `worldwide`, unless told otherwise",
            "`--cloud usgov-gcchigh --cloud usgov-dod`",
        ],
    );
    tells(
        ask("20.140.232.5 --cloud usgov-dod"),
        0,
        &["clouds   usgov-dod\n"],
    );
    tells(
        ask("20.140.232.5 --cloud china"),
        2,
        &["nothing in the catalogue needs"],
    );
    tells(ask("::ffff:13.78.204.0"), 0, &["is taken as `13.78.204.0`"]);
}

#[test]
fn a_network_is_held_whole_or_in_part() {
    tells(
        ask("20.20.33.5/20"),
        0,
        &["host bits", "from 20.20.32.0/19\n"],
    );
    tells(
        ask("20.20.0.0/15"),
        0,
        &["from 20.20.32.0/19, a part of it"],
    );
    tells(
        ask("52.243.157.104/31"),
        0,
        &["from 52.243.157.104/32, 52.243.157.105/32\n"],
    );
}

#[test]
fn a_named_range_concerns_every_row_that_names_it() {
    let desk = Desk::new();
    let answer = json(&desk, "40.92.1.2", 0);
    assert_eq!(rows_of(&answer), [6, 7, 8]);
    for concern in answer["concerns"].as_array().unwrap() {
        assert_eq!(concern["range"]["name"], "exchange_online");
        assert_eq!(concern["range"]["source"]["edition"], "2025-12");
    }
    tells(
        desk.run("explain 40.92.1.2"),
        0,
        &[
            "from 40.92.0.0/15, in the range exchange_online [1]",
            "referenced in [3]: range",
            "said nowhere, only inferred: protocol tcp, port 443, remote `exchange_online`",
            "to open  `--infer hybrid-coexistence`",
        ],
    );
}

#[test]
fn a_name_is_concerned_by_what_covers_it() {
    let answer = json(&Desk::new(), "Login.Windows.Net.", 0);
    let remotes: Vec<&Value> = answer["concerns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|concern| &concern["remote"]["value"][0])
        .collect();
    assert_eq!(
        remotes,
        ["login.windows.net", "login.windows.net", "*.windows.net"]
    );
    assert_eq!(answer["published"][0]["entry"], 56);
    assert_eq!(answer["service_tags"][0]["tag"], "AzureActiveDirectory");
    tells(
        ask("windows.net"),
        2,
        &[
            "nothing in the catalogue needs windows.net\n  names below it are needed: ask for '*.windows.net'\n",
        ],
    );
    tells(
        ask("*.windows.net"),
        0,
        &["to *.windows.net\n", "to login.windows.net, a part of it"],
    );
}

#[test]
fn what_is_closed_says_every_reason_and_what_opens_it() {
    tells(
        ask("web.microsoftstream.com"),
        0,
        &[
            "`user` traffic is left out, unless asked for",
            "the service ended on 2024-04-15",
            "--traffic user --include-retired stream`",
        ],
    );
    tells(
        ask("x.um.outlook.com"),
        0,
        &["`--infer um-sbc-integration --include-retired um-sbc-integration`"],
    );
    tells(
        ask("contoso.com.outlookmobile.com"),
        0,
        &[
            "only you know what stands for `<email_domain>`",
            "`\"values\": {\"email_domain\": [\"contoso.com\"]}` in an overlay fills it in",
        ],
    );
    tells(
        ask("contoso.sharepoint.com"),
        0,
        &[
            "contoso.sharepoint.com is named by 1 browser setting",
            "a browser setting, with no packets to allow",
            "only you know what stands for `<tenant>`",
        ],
    );
}

#[test]
fn only_flows_with_the_port_count() {
    tells(
        ask("13.78.204.0 tcp/443"),
        0,
        &["on tcp 443 is needed by 1 flow"],
    );
    tells(
        ask("13.78.204.0 tcp/8080"),
        2,
        &[
            "13.78.204.0 is needed, but not on tcp 8080",
            "on other ports\n  graph-change-notifications (row 23): inbound tcp 443",
        ],
    );
    tells(ask("13.78.204.0 udp/443"), 2, &["but not on udp 443"]);
    tells(ask("52.112.0.1 udp/50100-50200"), 0, &["media-udp"]);
    tells(
        ask("secure.aadcdn.microsoftonline-p.com 443"),
        0,
        &[
            "is needed by 2 flows\n",
            "on other ports, or on none\n  trusted-sites-identity",
        ],
    );
}

#[test]
fn nothing_is_an_answer() {
    tells(
        ask("8.8.8.8"),
        2,
        &[
            "nothing in the catalogue needs 8.8.8.8",
            "ranges that only you know may hold it",
            "federation_clients: federation-sts.client-tls, federation-sts.sign-in",
        ],
    );
    tells(
        ask("www.example.com"),
        2,
        &["nothing in the catalogue needs www.example.com\n"],
    );
}

#[test]
fn every_problem_of_the_arguments_is_told_at_once() {
    ask("https://login.windows.net:8443/x 443/tcp --cloud mars").refuses(&[
        "ask for `login.windows.net 8443`",
        "write `tcp/443`",
        "`--cloud` does not know `mars`",
    ]);
    let desk = Desk::new();
    desk.write("other/x", "");
    desk.run("explain aka.ms --in nowhere")
        .refuses(&["there is no such folder"]);
    desk.run("explain aka.ms --in other")
        .refuses(&["was written by perimeter365"]);
}

/// The places of each row that opens it: key, target, file, line.
fn places(answer: &Value) -> Vec<(String, String, String, u64)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut places = Vec::new();
    for row in answer["folder"]["open"].as_array().expect("a list") {
        for place in row["places"].as_array().expect("a list") {
            for line in place["lines"].as_array().expect("a list") {
                places.push((
                    text(&row["key"]),
                    text(&place["target"]),
                    text(&place["file"]),
                    line.as_u64().expect("a number"),
                ));
            }
        }
    }
    places
}

#[test]
fn a_folder_tells_the_lines_that_open_it_for_every_target() {
    let desk = Desk::new();
    desk.generate("--infer network-connectivity-status").ends(0);
    for (asked, literal, targets) in [
        ("13.78.204.0", "\"13.78.204.0/32\",", &TARGETS[..]),
        ("40.126.1.1", "\"40.126.0.0/18\",", &TARGETS),
        (
            "2603:1017::9",
            "\"2603:1017::/48\",",
            &[
                "aws-network-firewall",
                "aws-security-group",
                "azure-nsg",
                "generic-firewall",
            ],
        ),
        (
            "domains.live.com",
            "\"domains.live.com\",",
            &["aws-network-firewall", "azure-firewall", "generic-firewall"],
        ),
        (
            "www.msftconnecttest.com",
            "\"www.msftconnecttest.com\",",
            &["aws-network-firewall", "azure-firewall", "generic-firewall"],
        ),
    ] {
        let answer = json(&desk, &format!("{asked} --in m365"), 0);
        let places = places(&answer);
        let told: BTreeSet<&str> = places
            .iter()
            .map(|(_, target, ..)| target.as_str())
            .collect();
        assert_eq!(told, targets.iter().copied().collect(), "{asked}");
        for (_, _, file, line) in &places {
            let text = desk.read(&format!("m365/{file}"));
            let found = text
                .lines()
                .nth(usize::try_from(*line).unwrap() - 1)
                .unwrap();
            assert_eq!(found.trim(), literal, "{file}:{line}");
        }
        let text = desk
            .run(&format!("explain {asked} --in m365"))
            .ends(0)
            .stdout;
        let (_, _, file, line) = &places[0];
        assert!(text.contains(&format!("  m365/{file}:{line}\n")), "{text}");
    }
    tells(
        desk.run("explain www.msftconnecttest.com --in m365"),
        0,
        &["by your decision: `--infer network-connectivity-status`"],
    );
    tells(
        desk.run("explain 13.78.204.0 8443 --in m365"),
        2,
        &[
            "no row in m365 opens 13.78.204.0 on port 8443",
            "on other ports\n",
        ],
    );
    tells(
        desk.run("explain web.microsoftstream.com --in m365"),
        2,
        &["no row in m365 opens", "the folder has no `user` traffic"],
    );
}

#[test]
fn what_opens_anywhere_or_by_tag_is_told_for_every_address() {
    let desk = Desk::new();
    desk.generate("--target azure-nsg --hosts support-recovery-assistant=any --hosts entra-connect-sync.health=service-tag:Storage")
        .ends(0);
    tells(
        desk.run("explain 8.8.8.8 --in m365"),
        0,
        &[
            "8.8.8.8 is open in m365, by 1 row",
            "outbound tcp 443 to anywhere over IPv4",
            "by your decision: `--hosts support-recovery-assistant=any`",
            "may be open: what these rows hold is not known here",
            "to service tag Storage",
            "from the range federation_clients",
        ],
    );
    let answer = json(&desk, "8.8.8.8 --in m365", 0);
    for (_, _, file, line) in places(&answer) {
        let text = desk.read(&format!("m365/{file}"));
        let found = text
            .lines()
            .nth(usize::try_from(line).unwrap() - 1)
            .unwrap();
        assert!(found.contains("anywhere"), "{file}:{line}: {found}");
    }
    tells(
        desk.run("explain login.live.com --in m365"),
        0,
        &[
            "to anywhere over IPv4",
            "to anywhere over IPv6",
            "wanted   by the options of m365\n  targets  azure-nsg by address only; `any` stands there in place of names",
        ],
    );
    tells(
        desk.run("explain aka.ms --in m365"),
        0,
        &[
            "none of the targets can say it",
            "azure-nsg by address only; `--hosts hybrid-configuration-wizard.setup=…` chooses",
        ],
    );
    tells(
        desk.run("explain login.windows.net --in m365 --cloud china"),
        2,
        &["no row in m365 opens"],
    );
}

#[test]
fn what_overlays_decide_is_told() {
    let desk = Desk::new();
    desk.write(
        "o.json",
        r#"{"schema": 1, "title": "Contoso's network",
            "roles": {"badge_printer": "Printers for badges"},
            "sets": [{"key": "badge-service", "title": "Badges", "traffic": "outbound-server-only", "flows": [{
                "direction": {"value": "outbound", "basis": "stated"},
                "roles": ["badge_printer"],
                "protocol": {"value": "tcp", "basis": "stated"},
                "ports": {"value": ["443"], "basis": "stated"},
                "remotes": [{"clouds": {"value": ["worldwide"], "basis": "stated"},
                             "networks": {"value": ["203.0.113.0/24"], "basis": "stated"}}]}]}],
            "exclude": [{"set": "graph-change-notifications", "reason": "nobody subscribes"}],
            "values": {"email_domain": ["contoso.com"]},
            "ranges": [{"name": "federation_clients", "networks": ["198.51.100.0/24"]}],
            "exceptions": [{"set": "hybrid-coexistence", "grant": "infer", "reason": "checked", "expires": "2027-06-30"},
                           {"set": "um-sbc-integration", "grant": "include-retired", "reason": "one branch left", "expires": "2027-03-31"},
                           {"set": "um-sbc-integration", "flow": "outbound", "grant": "infer", "reason": "tried", "expires": "2027-03-31"}]}"#,
    );
    desk.generate("--overlay o.json --target generic-firewall")
        .ends(0);
    for (asked, code, texts) in [
        (
            "203.0.113.9",
            0,
            &[
                "badge-service: Badges",
                "given by you",
                "by your decision: the overlay `Contoso's network` adds the set",
            ][..],
        ),
        (
            "13.78.204.0",
            2,
            &[
                "left out by the overlay `Contoso's network`: nobody subscribes",
                "take the exclusion out of the overlay",
            ],
        ),
        (
            "contoso.com.outlookmobile.com",
            0,
            &["fills in `<email_domain>.outlookmobile.com`"],
        ),
        (
            "198.51.100.7",
            0,
            &[
                "in the range federation_clients",
                "gives the range `federation_clients`",
            ],
        ),
        (
            "40.92.1.2",
            0,
            &["grants `infer` until 2027-06-30: checked"],
        ),
        (
            "x.um.outlook.com",
            0,
            &[
                "is open in m365, by 1 row",
                "grants `include-retired` until 2027-03-31: one branch left",
                "grants `infer` until 2027-03-31: tried",
                "`--infer um-sbc-integration`",
            ],
        ),
    ] {
        tells(desk.run(&format!("explain {asked} --in m365")), code, texts);
    }
}

#[test]
fn addresses_in_place_of_names_are_told_from_both_sides() {
    let desk = Desk::new();
    desk.write(
        "answer.json",
        r#"[{"id": 56, "serviceArea": "Common", "urls": ["login.microsoftonline.com", "login.windows.net"],
            "ips": ["20.190.128.0/18"], "tcpPorts": "80,443", "category": "Allow", "required": true},
           {"id": 1, "serviceArea": "Exchange", "urls": ["outlook.office365.com"],
            "ips": ["40.96.0.0/13"], "tcpPorts": "80,443", "category": "Optimize", "required": true}]"#,
    );
    desk.generate(
        "--target azure-nsg --set support-recovery-assistant --hosts support-recovery-assistant=web-service --web-service worldwide=answer.json --accept exchange_online",
    )
    .ends(0);
    tells(
        desk.run("explain 20.190.130.1 --in m365"),
        0,
        &[
            "support-recovery-assistant.support_assistant_host.fqdn4 (worldwide): outbound tcp 443 to 20.190.128.0/18",
            "by your decision: `--hosts support-recovery-assistant=web-service`",
            "entry 56, worldwide: login.windows.net on tcp 80, 443, at 20.190.128.0/18",
        ],
    );
    tells(
        desk.run("explain login.windows.net --in m365"),
        2,
        &["may be open", "to addresses that the web service publishes"],
    );
}

#[test]
fn texts_of_a_folder_are_said_not_to_be_looked_into() {
    let desk = Desk::new();
    desk.generate("--target none --template nftables").ends(0);
    tells(
        desk.run("explain 13.78.204.0 --in m365"),
        2,
        &[
            "no row in m365 opens 13.78.204.0",
            "not looked into: the texts of `nftables`",
            "wanted   by the options of m365",
        ],
    );
}

#[test]
fn rows_that_were_changed_by_hand_are_told_as_they_stand() {
    let desk = Desk::new();
    desk.generate("--target generic-firewall").ends(0);
    let path = "m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf";
    let text = desk.read(path);
    desk.write(path, &text.replace("13.78.204.0/32", "192.0.2.0/24"));
    tells(
        desk.run("explain 192.0.2.7 --in m365"),
        0,
        &["from 192.0.2.0/24"],
    );
    tells(
        desk.run("explain 13.78.204.0 --in m365"),
        2,
        &["no row in m365 opens"],
    );
    desk.write(path, &text.replace("\"13.78.204.0/32\"", "var.x"));
    let run = desk.run("explain 13.87.81.35 --in m365").ends(2);
    assert!(run.stderr.contains(&format!("`{path}:")), "{}", run.stderr);
}

#[test]
fn an_imported_entry_is_told_as_such() {
    let desk = Desk::new();
    desk.write(
        "answer.json",
        r#"[{"id": 1, "serviceArea": "Exchange", "serviceAreaDisplayName": "Exchange Online", "urls": ["outlook.cloud.microsoft"],
            "ips": ["13.107.6.152/31"], "tcpPorts": "80,443", "expressRoute": true, "category": "Optimize", "required": true}]"#,
    );
    desk.run("import web-service answer.json --cloud worldwide --out c.json");
    desk.generate("--catalogue c.json --traffic user").ends(0);
    tells(
        desk.run("explain 13.107.6.153 443 --in m365"),
        0,
        &[
            "(entry 1 of Exchange, Optimize, required)",
            "by your decision: `--traffic user`",
        ],
    );
}

#[test]
fn json_has_the_same_answer() {
    let answer = json(&Desk::new(), "13.78.204.0 tcp/443", 0);
    assert_eq!(answer["asked"], "13.78.204.0");
    assert_eq!(answer["port"], "tcp 443");
    let concern = &answer["concerns"][0];
    assert_eq!(concern["set"], "graph-change-notifications");
    assert_eq!(concern["direction"]["value"], "inbound");
    assert_eq!(concern["ports"]["value"][0], "443");
    assert_eq!(concern["ports"]["basis"], "stated");
    assert_eq!(concern["extent"], "whole");
    assert_eq!(concern["state"]["open"], true);
    assert_eq!(
        concern["state"]["targets"].as_array().map(Vec::len),
        Some(5)
    );
    assert_eq!(concern["source"]["edition"], "2025-01-08");
}

/// What a run wants under the arguments that `explain` gives.
struct Runs<'a> {
    catalogue: &'a Catalogue,
    wanted: BTreeMap<String, Vec<Wanted>>,
}

impl Runs<'_> {
    /// The targets that open `asked` for a concern in one cloud.
    fn targets(
        &mut self,
        arguments: &str,
        concern: &Concern,
        cloud: Cloud,
        asked: &str,
    ) -> BTreeSet<String> {
        let catalogue = self.catalogue;
        let wanted = self.wanted.entry(arguments.to_owned()).or_insert_with(|| {
            let options = Options::parse(&words(arguments), catalogue).expect("they are arguments");
            wanted(catalogue, &options)
        });
        let flow = flow_text(&concern.set, concern.flow.as_ref());
        let opens = |remote: &Remote| match remote {
            Remote::Networks(networks) => {
                networks.iter().any(|network| network.to_string() == asked)
            }
            Remote::Hosts(hosts) => hosts.iter().any(|host| host.as_str() == asked),
            Remote::Range(..) | Remote::Tag(_) => false,
        };
        let own = wanted
            .iter()
            .map(|wanted| &wanted.opening)
            .filter(|opening| {
                let way = &opening.way;
                way.place.cloud == cloud
                    && way.key.starts_with(&format!("{flow}.{}.", way.role))
                    && opens(&opening.remote)
            });
        own.map(|opening| opening.way.place.firewall.to_string())
            .collect()
    }
}

fn words(arguments: &str) -> Words {
    let mut words = Words::default();
    let mut parts = arguments.split_whitespace();
    while let Some(flag) = parts.next() {
        let list = match flag {
            "--cloud" => &mut words.cloud,
            "--traffic" => &mut words.traffic,
            "--infer" => &mut words.infer,
            "--include-retired" => &mut words.include_retired,
            other => panic!("`{other}` opens nothing of the embedded facts"),
        };
        list.get_or_insert_default()
            .push(parts.next().expect("a value").to_owned());
    }
    words
}

fn answer(catalogue: &Catalogue, options: &Options, asked: &str) -> Answer {
    let question = Question::parse(asked, None).expect("what the facts name can be asked");
    explain((catalogue, options), None, Cloud::ALL, &question)
}

#[test]
fn what_is_said_to_be_open_or_to_open_with_arguments_is_what_a_run_wants() {
    let catalogue = embedded::read().unwrap();
    let options = Options::parse(&Words::default(), &catalogue).unwrap();
    let remotes = catalogue
        .sets
        .iter()
        .flat_map(|set| &set.flows)
        .flat_map(|flow| &flow.remotes);
    let mut asked: BTreeSet<String> = remotes
        .flat_map(|remote| match &remote.endpoints.value {
            Endpoints::Networks(networks) => networks.iter().map(ToString::to_string).collect(),
            Endpoints::Hosts(hosts) => hosts.iter().map(ToString::to_string).collect(),
            Endpoints::Range(_) => Vec::new(),
        })
        .collect();
    asked.extend(
        catalogue
            .ranges
            .iter()
            .filter_map(|range| range.networks.first().map(ToString::to_string)),
    );
    assert!(asked.len() > 200);
    let mut runs = Runs {
        catalogue: &catalogue,
        wanted: BTreeMap::new(),
    };
    let mut compared = 0;
    for asked in &asked {
        let answer = answer(&catalogue, &options, asked);
        assert!(answer.is_found(), "{asked}");
        // A wildcard may hold what the row names too: that row is told by another name.
        let own = |concern: &&Concern| {
            concern.direction.is_some() && concern.remote.value.contains(asked)
        };
        for concern in answer.concerns.iter().filter(own) {
            let state = &concern.state;
            let able: BTreeSet<String> = [&state.targets, &state.targets_in_part]
                .into_iter()
                .flatten()
                .map(ToString::to_string)
                .collect();
            for cloud in &concern.clouds.value {
                let is_open = state.open && !state.unasked_clouds.contains(cloud);
                let expected = if is_open {
                    able.clone()
                } else {
                    BTreeSet::new()
                };
                let found = runs.targets("", concern, *cloud, asked);
                assert_eq!(found, expected, "{asked}, {}, {cloud}", concern.set);
                if let (Some(arguments), None) = (&state.opened_with, &state.remedy) {
                    let found = runs.targets(arguments, concern, *cloud, asked);
                    let is_asked = arguments.contains("--cloud") || *cloud == Cloud::Worldwide;
                    assert!(
                        !is_asked || found == able,
                        "{asked}, {}, {cloud}: `{arguments}`",
                        concern.set
                    );
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "{compared}");
}
