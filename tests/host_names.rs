//! Host names: every one that is wanted is a pattern that says exactly it, or a gap; and what stands in
//! their place where a target filters by address only, if the user says so.

mod reference;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use perimeter365::catalogue::{Cloud, Direction, HostPattern, PortRange, Protocol, Traffic};
use perimeter365::express::{Expressed, express};
use perimeter365::gap::NameLimit;
use perimeter365::options::{Options, Words};
use perimeter365::permit::{Form, Permit, PermitRemote};
use perimeter365::recipient::divide;
use perimeter365::resolve::{Resolution, resolve};
use perimeter365::select::select;
use perimeter365::source::embedded;
use perimeter365::target::{TARGETS, Target};
use perimeter365::template::FORMATS;
use serde_json::Value;
use support::{Desk, rows};

const NSG: &str = "m365/worldwide/outbound-server-only/azure-nsg/main.tf";
const AWS: &str = "m365/worldwide/outbound-server-only/aws-security-group/main.tf";

fn host(text: &str) -> HostPattern {
    HostPattern::parse(text).unwrap()
}

fn port(text: &str) -> PortRange {
    PortRange::parse(text).unwrap()
}

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).unwrap()
}

/// Everything that the article wants, in every cloud, and what each target and format says of it.
fn everything() -> (Resolution, Vec<Expressed>) {
    let all = |words: &[&str]| Some(words.iter().map(ToString::to_string).collect());
    let catalogue = embedded::read().unwrap();
    let words = Words {
        cloud: all(&Cloud::ALL
            .iter()
            .map(|cloud| cloud.as_str())
            .collect::<Vec<_>>()),
        traffic: all(&["inbound-hybrid-server", "outbound-server-only", "user"]),
        infer: all(&["all"]),
        include_retired: all(&["all"]),
        ..Words::default()
    };
    let options = Options::parse(&words, &catalogue).unwrap();
    let selection = select(&catalogue, &options).unwrap();
    let resolution = resolve(&catalogue, &selection, &options).unwrap();
    let targets = TARGETS.iter().map(Target::recipient);
    let formats = FORMATS
        .iter()
        .map(|format| perimeter365::recipient::Recipient {
            name: format.name,
            title: format.title,
            is_format: true,
            is_own: false,
            expresses: &format.expresses,
        });
    let recipients: Vec<_> = targets.chain(formats).collect();
    let expressed = express(&resolution, &catalogue, &options, &recipients);
    (resolution, expressed)
}

/// What permits of host names open, name by name and port by port.
type Opening = (
    Cloud,
    Traffic,
    String,
    Direction,
    String,
    Protocol,
    PortRange,
    HostPattern,
);

fn openings<'a>(permits: impl IntoIterator<Item = &'a Permit>) -> BTreeSet<Opening> {
    let mut openings = BTreeSet::new();
    for permit in permits {
        let PermitRemote::Hosts(hosts) = &permit.remote else {
            continue;
        };
        for host in hosts {
            for port in &permit.ports {
                let fresh = openings.insert((
                    permit.cloud,
                    permit.traffic,
                    format!("{}.{:?}", permit.set, permit.flow),
                    permit.direction,
                    permit.role.to_string(),
                    permit.protocol,
                    *port,
                    host.clone(),
                ));
                assert!(fresh, "{} says {host} twice", permit.key());
            }
        }
    }
    openings
}

/// Never a wider pattern, never a name that is dropped: what a target opens by name is among what is
/// wanted, in the same spelling, and each of the rest stands in a gap of that target.
#[test]
fn every_wanted_name_is_opened_as_it_is_stated_or_is_a_gap() {
    let (resolution, expressed) = everything();
    let wanted = openings(&resolution.permits);
    assert!(wanted.len() > 200, "{}", wanted.len());
    for expressed in &expressed {
        let opened = openings(&expressed.permits);
        assert!(opened.is_subset(&wanted), "{}", expressed.name);
        for (cloud, _, _, direction, role, protocol, port, host) in wanted.difference(&opened) {
            let is_told = expressed.gaps.iter().any(|gap| {
                let ports = gap.what.split(&format!("{direction} {protocol} ")).nth(1);
                let ports = ports
                    .and_then(|rest| rest.split(" to ").next())
                    .unwrap_or_default();
                let ports = ports.split(" from ").next().unwrap_or_default();
                gap.cloud == *cloud
                    && gap.target.as_deref() == Some(&expressed.name)
                    && gap.roles.iter().any(|known| known.as_str() == role)
                    && gap.what.contains(&format!("`{host}`"))
                    && ports.split(", ").any(|text| text == port.to_string())
            });
            assert!(is_told, "{}: {host} {port} is lost", expressed.name);
        }
    }
    let opened = |name: &str| {
        let own = expressed.iter().find(|own| own.name == name).unwrap();
        openings(&own.permits).len()
    };
    for name in ["generic-firewall", "edl"] {
        assert_eq!(opened(name), wanted.len(), "{name} takes every name");
    }
    for name in ["azure-nsg", "aws-security-group", "nftables"] {
        assert_eq!(opened(name), 0, "{name} takes none");
    }
}

/// What an Azure Firewall's and AWS Network Firewall's rules can say, against documented forms: the
/// patterns of Microsoft's web service are harder than those of the article.
#[test]
fn each_form_of_a_name_goes_where_it_can_be_said() {
    let hosts = [
        "a.x.com",
        "*.x.com",
        "*cdn.onenote.net",
        "autodiscover.*.onmicrosoft.com",
    ]
    .map(host);
    let said = |name: &str, direction, protocol, port_text: &str| {
        let shares = divide(
            target(name).expresses.hosts,
            direction,
            protocol,
            &[port(port_text)],
            &hosts,
        );
        let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for share in shares {
            let form = match share.verdict {
                Ok(rules) => format!("{:?}", rules.form),
                Err(limit) => format!("{limit:?}"),
            };
            let names = share.hosts.iter().map(ToString::to_string);
            said.entry(form).or_default().extend(names);
        }
        said
    };
    let all = || hosts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let of = |entries: &[(&str, &[&str])]| -> BTreeMap<String, Vec<String>> {
        let entries = entries.iter();
        entries
            .map(|(form, names)| {
                (
                    (*form).to_owned(),
                    names.iter().map(ToString::to_string).collect(),
                )
            })
            .collect()
    };
    let (out, tcp) = (Direction::Outbound, Protocol::Tcp);
    let stated = format!("{:?}", Form::Stated);
    assert_eq!(
        said("azure-firewall", out, tcp, "443"),
        of(&[
            (&stated, &["a.x.com", "*.x.com", "*cdn.onenote.net"]),
            (
                &format!("{:?}", NameLimit::Wildcard(true)),
                &["autodiscover.*.onmicrosoft.com"]
            ),
        ])
    );
    // No HTTP: only names that can be looked up.
    for (protocol, port) in [(tcp, "5671"), (tcp, "80-81"), (Protocol::Udp, "443")] {
        assert_eq!(
            said("azure-firewall", out, protocol, port),
            of(&[
                (&format!("{:?}", Form::LookedUp), &["a.x.com"]),
                (
                    &format!("{:?}", NameLimit::Wildcard(false)),
                    &[
                        "*.x.com",
                        "*cdn.onenote.net",
                        "autodiscover.*.onmicrosoft.com"
                    ]
                ),
            ])
        );
    }
    for port in ["80", "443", "5671", "5228-5230"] {
        let whole = BTreeMap::from([(stated.clone(), all())]);
        assert_eq!(said("aws-network-firewall", out, tcp, port), whole);
    }
    let service = BTreeMap::from([(format!("{:?}", NameLimit::Service), all())]);
    assert_eq!(
        said("aws-network-firewall", out, Protocol::Udp, "443"),
        service
    );
    // A source has no name that a firewall could see.
    for name in ["azure-firewall", "aws-network-firewall"] {
        let source = BTreeMap::from([(format!("{:?}", NameLimit::Source), all())]);
        assert_eq!(said(name, Direction::Inbound, tcp, "443"), source);
    }
}

#[test]
fn ports_of_both_kinds_become_two_rows_of_azure_firewall() {
    let desk = Desk::new();
    desk.generate("--target azure-firewall --set teams-mobile-push --set entra-connect-sync")
        .ends(0);
    let main = desk.read("m365/worldwide/outbound-server-only/azure-firewall/main.tf");
    let rows = rows(&main);
    let ports = |key: &str| {
        let row = rows.get(key).unwrap_or_else(|| panic!("no `{key}`"));
        row.lines()
            .find(|line| line.starts_with("ports"))
            .unwrap()
            .split('=')
            .next_back()
            .unwrap()
            .trim()
            .to_owned()
    };
    assert_eq!(
        ports("teams-mobile-push.fcm.mobile_device.fqdn"),
        "[\"443\"]"
    );
    assert_eq!(
        ports("teams-mobile-push.fcm.mobile_device.lookup"),
        "[\"5228\", \"5229\", \"5230\"]"
    );
    // AMQP is no HTTP, and its names are behind a wildcard.
    assert_eq!(
        ports("entra-connect-sync.health-service-bus.entra_connect_server.fqdn"),
        "[\"443\"]"
    );
    let readme = desk.read("m365/README.md");
    assert!(
        readme.contains("outbound tcp 5671 to `*.servicebus.windows.net`"),
        "{readme}"
    );
    assert!(
        readme.contains("`mtalk.google.com`") && readme.contains("looks up"),
        "{readme}"
    );
}

/// An answer of the web service for names of row 2, and what must not be taken from it.
const ANSWER: &str = r#"[
    {"id": 1, "serviceArea": "Exchange", "urls": ["outlook.office365.com"], "ips": ["40.92.0.0/15", "2603:1006::/40"], "tcpPorts": "80,443", "udpPorts": "443"},
    {"id": 2, "serviceArea": "Exchange", "urls": ["outlook.office365.com"], "ips": ["52.96.0.0/14"], "tcpPorts": "143, 587"},
    {"id": 46, "serviceArea": "Common", "urls": ["*.office.com", "*.outlook.com"], "ips": ["13.107.6.171/32"], "tcpPorts": "80,443"},
    {"id": 56, "serviceArea": "Common", "urls": ["login.windows.net", "login.microsoftonline.com", "elsewhere.com"], "ips": ["20.190.128.0/18"], "tcpPorts": "80, 443"},
    {"id": 59, "serviceArea": "Common", "urls": ["officecdn.microsoft.com"], "tcpPorts": "80,443"}
]"#;

const BY_ANSWER: &str = "--hosts support-recovery-assistant=web-service --web-service worldwide=a.json --accept exchange_online";

fn answered(arguments: &str) -> Desk {
    let desk = Desk::new();
    desk.write("a.json", ANSWER);
    desk.generate(&format!("{BY_ANSWER} {arguments}")).ends(0);
    desk
}

#[test]
fn published_addresses_stand_in_for_exactly_the_names_that_have_some() {
    let desk = answered("");
    for main in [NSG, AWS] {
        let rows = rows(&desk.read(main));
        let row = |family| {
            let key = format!("support-recovery-assistant.support_assistant_host.fqdn{family}");
            let lines = rows[&key].lines();
            lines
                .filter(|line| line.starts_with('"'))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        // Not those of other ports, nor of patterns that cover the names.
        assert_eq!(
            row(4),
            ["\"20.190.128.0/18\",", "\"40.92.0.0/15\","],
            "{main}"
        );
        assert_eq!(row(6), ["\"2603:1006::/40\","], "{main}");
    }
    let report: Value =
        serde_json::from_str(&desk.generate("--format json").ends(0).stdout).unwrap();
    let gap = report["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|gap| gap["set"] == "support-recovery-assistant" && gap["target"] == "azure-nsg")
        .expect("most names have no addresses");
    let what = gap["what"].as_str().unwrap();
    assert!(what.contains("`officecdn.microsoft.com`") && what.contains("`login.live.com`"));
    for told in [
        "outlook.office365.com",
        "login.windows.net",
        "login.microsoftonline.com",
    ] {
        assert!(!what.contains(&format!("`{told}`")), "{what}");
    }
    // Those that filter by name have the names, not the addresses.
    let generic = desk.read("m365/worldwide/outbound-server-only/generic-firewall/main.tf");
    assert!(!generic.contains("fqdn4"), "{generic}");
    assert!(desk.read("m365/README.md").contains(
        "the addresses that the web service publishes for them (entries `1`, `56`), where other names may answer too"
    ));
}

#[test]
fn published_addresses_are_kept_in_the_folder() {
    let desk = answered("");
    std::fs::remove_file(desk.file("a.json")).unwrap();
    let before = desk.files("m365");
    desk.generate("--check").ends(0);
    desk.generate("").ends(0);
    assert_eq!(desk.files("m365"), before);
    desk.generate("--hosts none").ends(0);
    assert!(!desk.read(NSG).contains("fqdn4"));
    // The answer is still known, so that another set can have its addresses from it.
    desk.generate("--hosts entra-connect-sync=web-service")
        .ends(0);
    assert!(
        rows(&desk.read(NSG))["entra-connect-sync.health.entra_connect_server.fqdn4"]
            .contains("20.190.128.0/18")
    );
}

#[test]
fn published_addresses_need_a_file_for_each_cloud_with_such_names() {
    let desk = Desk::new();
    desk.generate("--hosts support-recovery-assistant=web-service --cloud worldwide --cloud china")
        .refuses(&[
            "`--hosts support-recovery-assistant=web-service`: it needs",
            "add `--web-service worldwide=FILE`",
        ]);
    assert!(!desk.file("m365").exists());
}

#[test]
fn an_address_that_cannot_be_microsofts_is_refused_among_published_ones_too() {
    let desk = Desk::new();
    desk.write("a.json", &ANSWER.replace("20.190.128.0/18", "10.0.0.0/8"));
    desk.generate(BY_ANSWER)
        .refuses(&["entry 56", "10.0.0.0/8"]);
    desk.write("a.json", &ANSWER.replace("\"80, 443\"", "\"80, https\""));
    desk.generate(BY_ANSWER).refuses(&["entry 56", "https"]);
}

#[test]
fn a_service_tag_is_one_row_in_the_singular_on_azure_and_a_gap_elsewhere() {
    let desk = Desk::new();
    desk.generate("--hosts support-recovery-assistant=service-tag:AzureActiveDirectory")
        .ends(0);
    let nsg = rows(&desk.read(NSG));
    let own: Vec<&String> = nsg
        .keys()
        .filter(|key| key.starts_with("support-recovery"))
        .collect();
    assert_eq!(
        own,
        ["support-recovery-assistant.support_assistant_host.tag"]
    );
    let row = &nsg[own[0]];
    assert!(
        row.contains("service_tag = \"AzureActiveDirectory\""),
        "{row}"
    );
    assert!(row.contains("kind        = \"ipv4\""), "{row}");
    assert!(row.contains("(by service tag)"), "{row}");
    assert!(!desk.read(AWS).contains("support-recovery"));
    let readme = desk.read("m365/README.md");
    assert!(readme.contains("Azure's service tag `AzureActiveDirectory`, in place of host names"));
    desk.generate("--check").ends(0);
}

#[test]
fn a_choice_for_one_flow_leaves_the_others_to_their_set() {
    let desk = Desk::new();
    desk.generate("--hosts entra-connect-sync.health-service-bus=service-tag:ServiceBus")
        .ends(0);
    let own = |desk: &Desk| {
        let keys = rows(&desk.read(NSG)).into_keys();
        keys.filter(|key| key.starts_with("entra-connect-sync"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        own(&desk),
        ["entra-connect-sync.health-service-bus.entra_connect_server.tag"]
    );
    assert!(desk.read("m365/README.md").contains(
        "in place of `*.servicebus.windows.net`: Azure's service tag `ServiceBus`, by your choice; it holds more than these names"
    ));
    desk.generate("--hosts entra-connect-sync.health-service-bus=service-tag:ServiceBus --hosts entra-connect-sync=any")
        .ends(0);
    let keys = own(&desk);
    assert_eq!(keys.len(), 1 + 3 * 2, "{keys:?}");
    assert!(
        !keys
            .iter()
            .any(|key| key.contains("service-bus") && key.ends_with("fqdn4"))
    );
    desk.generate("--check").ends(0);
}

#[test]
fn anywhere_is_said_in_the_row_the_report_and_every_run() {
    let desk = Desk::new();
    let run = desk
        .generate("--hosts network-connectivity-status=any --infer network-connectivity-status");
    let run = run.ends(0);
    let warning = "`network-connectivity-status` is open outbound to anywhere on tcp/80, because of `--hosts`";
    assert!(run.stderr.contains(warning), "{}", run.stderr);
    for main in [NSG, AWS] {
        let rows = rows(&desk.read(main));
        for (family, kind) in [(4, "ipv4"), (6, "ipv6")] {
            let row = &rows[&format!("network-connectivity-status.windows_host.fqdn{family}")];
            assert!(row.contains("anywhere    = true"), "{row}");
            assert!(row.contains(&format!("kind        = \"{kind}\"")), "{row}");
            assert!(row.contains("(to anywhere)"), "{row}");
        }
    }
    let readme = desk.read("m365/README.md");
    assert!(readme.contains("**Open to anywhere**, because you asked for it with `--hosts`"));
    assert!(readme.contains("**anywhere**, in place of host names"));
    let again = desk.generate("--format json").ends(0);
    assert!(again.stderr.contains(warning), "{}", again.stderr);
    let report: Value = serde_json::from_str(&again.stdout).unwrap();
    let open = report["open"].as_array().unwrap();
    let anywhere: Vec<&Value> = open
        .iter()
        .filter(|open| open["anywhere"] == true)
        .collect();
    assert_eq!(anywhere.len(), 2);
    assert_eq!(anywhere[0]["in_place_of_hosts"], "any");
    assert!(desk.generate("--check").ends(0).stderr.contains(warning));
    let run = desk.generate("--hosts none").ends(0);
    assert!(
        run.stdout.contains("closes anywhere over ipv4, tcp/80"),
        "{}",
        run.stdout
    );
    assert!(!desk.read(NSG).contains("anywhere"));
}

#[test]
fn a_gap_names_the_rungs_that_would_work_for_it() {
    let desk = Desk::new();
    let run = desk
        .generate("--format json --cloud worldwide --cloud china")
        .ends(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let remedy = |set: &str, target: &str| {
        let gaps = report["gaps"].as_array().unwrap().iter();
        gaps.filter(|gap| gap["set"] == set && gap["target"] == target)
            .map(|gap| gap["remedy"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join("\n")
    };
    let assistant = remedy("support-recovery-assistant", "azure-nsg");
    for part in [
        "`--hosts support-recovery-assistant=web-service` with `--web-service worldwide=FILE` opens the addresses that Microsoft publishes for `login.microsoftonline.com`, `login.windows.net`, `outlook.office365.com`",
        "`--hosts support-recovery-assistant=service-tag:AzureActiveDirectory` opens Azure's addresses for `login.microsoftonline.com`, `login.windows.net`;",
        "`--hosts support-recovery-assistant=any`",
        "as `azure-firewall`, `aws-network-firewall` or `generic-firewall` says them",
    ] {
        assert!(assistant.contains(part), "no `{part}` in {assistant}");
    }
    assert!(!remedy("support-recovery-assistant", "aws-security-group").contains("service-tag"));
    // Nothing is published for these.
    assert!(!remedy("hybrid-configuration-wizard", "azure-nsg").contains("web-service"));
    assert!(!remedy("teams-mobile-push", "azure-nsg").contains("web-service"));
    // No tag is known to hold them either.
    assert!(!remedy("hybrid-configuration-wizard", "azure-nsg").contains("service-tag"));
    let sync = remedy("entra-connect-sync", "azure-nsg");
    assert!(
        sync.contains("`--hosts entra-connect-sync.health=service-tag:Storage` opens Azure's addresses for `*.blob.core.windows.net`;"),
        "{sync}"
    );
    // Azure Firewall can't say all of these.
    assert!(
        sync.contains("as `aws-network-firewall` or `generic-firewall` says them"),
        "{sync}"
    );
    // Azure's tag for its Service Bus holds one tier of it only.
    assert!(!sync.contains("service-tag:ServiceBus"), "{sync}");
    let china = remedy("entra-connect-sync-china", "azure-nsg");
    assert!(
        china.contains("--web-service china=FILE") && china.contains("for `*.chinacloudapi.cn`"),
        "{china}"
    );
}

/// A remedy is a command: what is chosen already stands in it, since an option given again replaces.
#[test]
fn a_remedy_keeps_what_was_chosen_before() {
    let desk = answered("");
    let run = desk.generate("--format json").ends(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let remedy = |set: &str| {
        let mut gaps = report["gaps"].as_array().unwrap().iter();
        let gap = gaps
            .find(|gap| gap["set"] == set && gap["target"] == "azure-nsg")
            .unwrap();
        gap["remedy"].as_str().unwrap().to_owned()
    };
    assert!(
        remedy("teams-mobile-push").contains(
            "`--hosts support-recovery-assistant=web-service --hosts teams-mobile-push.fcm=any` opens the port to anywhere"
        ),
        "{}",
        remedy("teams-mobile-push")
    );
    let rest = remedy("support-recovery-assistant");
    assert!(
        rest.contains("`--hosts support-recovery-assistant=any` opens the port to anywhere, in place of what is chosen now, for every target"),
        "{rest}"
    );
}

#[test]
fn what_opens_widest_is_told_first() {
    let desk = Desk::new();
    desk.generate("").ends(0);
    let run = desk.generate(
        "--hosts teams-mobile-push=any --hosts entra-connect-sync.health=service-tag:Storage",
    );
    let run = run.ends(0);
    for line in [
        "teams-mobile-push.fcm.mobile_device.fqdn4; opens anywhere over ipv4, tcp/443,",
        "entra-connect-sync.health.entra_connect_server.tag; opens service tag Storage, tcp/443 (azure-nsg)",
    ] {
        assert!(run.stdout.contains(line), "no `{line}` in\n{}", run.stdout);
    }
    assert!(
        run.stderr.contains("`teams-mobile-push` is open outbound to anywhere on tcp/443, tcp/5228, tcp/5229, tcp/5230,"),
        "{}",
        run.stderr
    );
}

#[test]
fn choices_that_make_no_sense_are_refused_together() {
    Desk::new()
        .generate("--hosts nonsense=any --hosts mailbox-migration=any --hosts stream=dns --hosts stream --hosts pst-import=service-tag:Internet --hosts pst-import=service-tag:a/b --hosts mfa-server=any --hosts mfa-server=web-service --hosts entra-connect-sync.nonsense=any --hosts autodetect=any --hosts hybrid-configuration-wizard.gov=any")
        .refuses(&[
            "`--hosts` does not know `nonsense`",
            "`mailbox-migration` states no host names",
            "`--hosts stream=dns`: the form is `SET[.FLOW]=web-service`, `SET[.FLOW]=service-tag:TAG` or `SET[.FLOW]=any`",
            "`Internet` stands for a place",
            "`a/b` is not a service tag",
            "`mfa-server` is given twice",
            "it has no flow `nonsense`, but `health`",
            "`autodetect` states no host names to allow",
        ]);
}

#[test]
fn a_choice_that_changes_nothing_is_told() {
    let desk = Desk::new();
    desk.write("a.json", ANSWER);
    let run = desk
        .generate("--hosts support-recovery-assistant=any --target generic-firewall")
        .ends(0);
    assert!(
        run.stderr
            .contains("`--hosts` has no effect: no target or template filters by address only"),
        "{}",
        run.stderr
    );
    let run = desk.generate("--reset --target azure-nsg --hosts teams-mobile-push=web-service --web-service worldwide=a.json --accept exchange_online");
    let run = run.ends(0);
    assert!(
        run.stderr
            .contains("`--hosts teams-mobile-push=web-service` opens nothing"),
        "{}",
        run.stderr
    );
    let run = desk.generate("--reset --target azure-nsg --hosts teams-mobile-push=any --hosts teams-mobile-push.fcm=any --hosts pst-import=any");
    let run = run.ends(0);
    for told in [
        "`--hosts teams-mobile-push=any` opens nothing",
        "`--hosts pst-import` has no effect",
    ] {
        assert!(run.stderr.contains(told), "no `{told}` in\n{}", run.stderr);
    }
    assert!(
        !run.stderr
            .contains("`--hosts teams-mobile-push.fcm=any` opens nothing")
    );
    let run = desk.generate("--reset --hosts stream=any").ends(0);
    assert!(
        run.stderr
            .contains("`--hosts stream` has no effect: the set is not selected"),
        "{}",
        run.stderr
    );
}

/// The real answer, against what it says itself: each address of the row is of an entry that lists
/// one of the set's names and the port.
#[test]
fn the_real_answer_gives_what_it_publishes() {
    let Some(reference) = reference::reference() else {
        return;
    };
    let file = reference.join("data/web-service/worldwide-2025-12.json");
    let desk = Desk::new();
    desk.generate(&format!(
        "--hosts support-recovery-assistant=web-service --web-service worldwide={}",
        file.display()
    ))
    .ends(0);
    let entries: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let names = [
        "outlook.office365.com",
        "login.microsoftonline.com",
        "login.windows.net",
    ];
    let mut wanted = BTreeSet::new();
    for entry in &entries {
        let lists = |name: &str| {
            entry["urls"]
                .as_array()
                .is_some_and(|urls| urls.iter().any(|url| url == name))
        };
        let https = entry["tcpPorts"]
            .as_str()
            .is_some_and(|ports| ports.split(',').any(|port| port.trim() == "443"));
        if https && names.iter().any(|name| lists(name)) {
            let ips = entry["ips"].as_array().unwrap().iter();
            wanted.extend(ips.map(|ip| ip.as_str().unwrap().to_owned()));
        }
    }
    let nsg = rows(&desk.read(NSG));
    let mut found = BTreeSet::new();
    for family in [4, 6] {
        let row = &nsg[&format!("support-recovery-assistant.support_assistant_host.fqdn{family}")];
        let lines = row.lines().filter(|line| line.starts_with('"'));
        found.extend(lines.map(|line| line.trim_matches(['"', ',']).to_owned()));
    }
    assert!(found.len() > 30, "{found:?}");
    // The answer repeats no network inside another one for these names.
    assert_eq!(found, wanted);
}

/// The names that remedies offer published addresses for, against the answers that they were taken from.
#[test]
fn the_names_with_published_addresses_are_those_of_the_answers() {
    let Some(reference) = reference::reference() else {
        return;
    };
    let catalogue = embedded::read().unwrap();
    let stated: BTreeSet<&str> = catalogue
        .sets
        .iter()
        .flat_map(perimeter365::catalogue::EndpointSet::hosts)
        .map(HostPattern::as_str)
        .collect();
    let mut wanted = BTreeSet::new();
    for (cloud, file) in [
        ("worldwide", "worldwide"),
        ("usgov-gcchigh", "usgov_gcchigh"),
        ("usgov-dod", "usgov_dod"),
        ("china", "china"),
    ] {
        let path = reference.join(format!("data/web-service/{file}-2025-12.json"));
        let entries: Vec<Value> =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for entry in &entries {
            let ports = |field: &str| {
                let ports = entry[field].as_str().unwrap_or_default().split(',');
                let ports = ports.map(|port| port.trim().to_owned());
                ports
                    .filter(|port| !port.is_empty())
                    .collect::<BTreeSet<_>>()
            };
            let urls = entry["urls"].as_array().into_iter().flatten();
            for url in urls
                .filter_map(Value::as_str)
                .filter(|url| stated.contains(url))
            {
                if entry["ips"].as_array().is_some_and(|ips| !ips.is_empty()) {
                    let entry = entry["id"].to_string();
                    wanted.insert((
                        cloud.to_owned(),
                        url.to_owned(),
                        entry,
                        ports("tcpPorts"),
                        ports("udpPorts"),
                    ));
                }
            }
        }
    }
    let texts = |ports: &[PortRange]| {
        ports
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    let found: BTreeSet<_> = catalogue
        .published
        .iter()
        .map(|published| {
            assert!(
                published.networks.is_none(),
                "addresses come from the user's own file"
            );
            (
                published.cloud.to_string(),
                published.host.to_string(),
                published.entry.to_string(),
                texts(&published.tcp),
                texts(&published.udp),
            )
        })
        .collect();
    assert!(!found.is_empty());
    assert_eq!(found, wanted);
}

#[test]
fn an_answer_that_loses_most_addresses_of_names_is_refused() {
    let desk = answered("--target azure-nsg");
    let poor = ANSWER.replace(
        "\"urls\": [\"outlook.office365.com\"], \"ips\"",
        "\"urls\": [], \"ips\"",
    );
    desk.write("a.json", &poor);
    desk.generate("--web-service worldwide=a.json").refuses(&[
        "`host_names`",
        "1 ipv4 prefixes instead of 3",
        "`--accept host_names`",
    ]);
    desk.generate("--web-service worldwide=a.json --accept host_names")
        .ends(0);
    assert!(!desk.read(NSG).contains("40.92.0.0/15"));

    // What is wrong with an answer is said in one run.
    desk.write("none.json", "[]");
    desk.generate("--web-service worldwide=none.json")
        .refuses(&["`--accept host_names`", "`--accept exchange_online`"]);
}

#[test]
fn an_answer_that_contradicts_itself_or_is_far_too_wide_is_refused() {
    let desk = Desk::new();
    desk.write("a.json", &ANSWER.replace("\"id\": 2,", "\"id\": 1,"));
    desk.generate(BY_ANSWER)
        .refuses(&["two entries have the id 1"]);
    desk.write(
        "a.json",
        &ANSWER.replace("\"80, 443\"", "\"80, 443, 440-450\""),
    );
    desk.generate(BY_ANSWER).ends(0);
    desk.generate("--check").ends(0);
    desk.write(
        "a.json",
        &ANSWER.replace("\"80, 443\"", "\"80, 443-445, 444-450\""),
    );
    desk.generate(BY_ANSWER)
        .refuses(&["entry 56", "`443-445` and `444-450` overlap"]);
    desk.write("a.json", &ANSWER.replace("20.190.128.0/18", "20.0.0.0/6"));
    desk.generate(BY_ANSWER)
        .refuses(&["entry 56", "`20.0.0.0/6` is far wider"]);
}

#[test]
fn networks_in_place_of_names_are_joined_like_others() {
    let desk = Desk::new();
    desk.write(
        "a.json",
        &ANSWER.replace(
            "\"20.190.128.0/18\"",
            "\"20.190.128.0/19\", \"20.190.160.0/19\"",
        ),
    );
    desk.generate(&format!("{BY_ANSWER} --aggregate")).ends(0);
    assert!(desk.read(NSG).contains("\"20.190.128.0/18\""));
}

#[test]
fn facts_that_no_file_gave_open_nothing() {
    let desk = answered("");
    let facts = desk.read("m365/perimeter365.facts.json");
    let own = "\"origin\": \"embedded\",\n      \"facts\": {\n        \"schema\": 1,";
    assert!(facts.contains(own), "{facts}");
    let forged = format!(
        "{own}\n        \"published\": [{{\"cloud\": \"worldwide\", \"host\": \"login.windows.net\", \"entry\": 99, \"tcp\": [\"443\"], \"networks\": [\"20.0.0.0/8\"]}}],"
    );
    desk.write(
        "m365/perimeter365.facts.json",
        &facts.replacen(own, &forged, 1),
    );
    desk.generate("")
        .refuses(&["only a file says what is published for host names"]);
}

/// AWS Network Firewall reads HTTP on port 80 and TLS elsewhere, so a range with port 80 can't be read.
#[test]
fn a_range_that_holds_port_80_is_a_gap_where_names_are_read() {
    let desk = Desk::new();
    let set = "--infer network-connectivity-status --set network-connectivity-status --target aws-network-firewall";
    desk.generate(&format!(
        "{set} --port network-connectivity-status=80,8080-8081"
    ))
    .ends(0);
    let main = desk.read("m365/worldwide/outbound-server-only/aws-network-firewall/main.tf");
    assert!(main.contains("\"80\", \"8080-8081\""), "{main}");
    assert!(desk.read("m365/README.md").contains(
        "`aws-network-firewall`, tcp 8080-8081: `www.msftconnecttest.com` are read from TLS (SNI)"
    ));
    desk.generate("--port network-connectivity-status=79-81")
        .ends(0);
    let readme = desk.read("m365/README.md");
    assert!(
        readme.contains("AWS Network Firewall can't read a host name from this service"),
        "{readme}"
    );
}
