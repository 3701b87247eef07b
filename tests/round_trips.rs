//! What comes back as it went, whatever it is: facts and locks through their files, and what is asked for through all
//! of `generate` and the proof.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ipnet::IpNet;
use perimeter365::catalogue::document::Document;
use perimeter365::catalogue::network::normalise;
use perimeter365::catalogue::{Catalogue, Cloud, Direction, PortRange, Protocol, Role, Traffic};
use perimeter365::generate::{Request, generate};
use perimeter365::lock::{self, Hosts, Lock, Member, Service};
use perimeter365::options::Words;
use perimeter365::overlay::OverlayFile;
use perimeter365::source::catalogues::CatalogueFile;
use perimeter365::source::embedded;
use perimeter365::source::named::Named;
use perimeter365::target::AZURE_PRIORITIES;
use perimeter365::verify::proof::{Excess, Finding, Verdict};
use perimeter365::verify::verify;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Value, json};

static EMBEDDED: LazyLock<Catalogue> =
    LazyLock::new(|| embedded::read().expect("the embedded facts are valid"));

fn word() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,9}"
}

/// Whatever may stand in a title.
fn prose() -> impl Strategy<Value = String> {
    "[A-Za-z][A-Za-z0-9 \"'\\\\<>|${}%,.-]{0,30}[a-z]"
}

fn networks() -> impl Strategy<Value = Vec<String>> {
    let network = (0x1400_0000..0x3000_0000_u32, 9..=32_u8).prop_map(|(bits, length)| {
        let network = ipnet::Ipv4Net::new(bits.into(), length);
        IpNet::V4(network.expect("a length of IPv4").trunc())
    });
    btree_set(network, 1..8).prop_map(|networks| {
        let (kept, _) = normalise(networks.into_iter().collect());
        kept.iter().map(ToString::to_string).collect()
    })
}

fn basis() -> impl Strategy<Value = Value> {
    select(vec![
        json!("stated"),
        json!("implied"),
        json!("inferred"),
        json!({"referenced": "https://example.com/a"}),
    ])
}

fn flow() -> impl Strategy<Value = Value> {
    let clouds = subsequence(Cloud::ALL.to_vec(), 1..=Cloud::ALL.len());
    let ports = btree_set(1..=65535_u16, 1..4);
    (
        select(Direction::ALL),
        option::of(select(Protocol::ALL)),
        option::of(ports),
        (clouds, networks()),
        basis(),
    )
        .prop_map(|(direction, protocol, ports, (clouds, networks), basis)| {
            let fact = |value: Value| json!({"value": value, "basis": basis});
            let mut flow = json!({
                "direction": fact(json!(direction)),
                "roles": ["a_role"],
                "remotes": [{"clouds": fact(json!(clouds)), "networks": fact(json!(networks))}],
            });
            if let Some(protocol) = protocol {
                flow["protocol"] = fact(json!(protocol));
            }
            if let Some(ports) = ports {
                let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
                flow["ports"] = fact(json!(ports));
            }
            flow
        })
}

fn sets() -> impl Strategy<Value = Value> {
    let flows = btree_map(word(), flow(), 1..3);
    let set = (prose(), flows).prop_map(|(title, flows)| {
        let is_alone = flows.len() == 1;
        let flows: Vec<Value> = flows
            .into_iter()
            .map(|(id, mut flow)| {
                if !is_alone {
                    flow["id"] = json!(id);
                }
                flow
            })
            .collect();
        json!({"title": title, "traffic": "outbound-server-only", "flows": flows})
    });
    btree_map(word(), set, 1..4).prop_map(|sets| {
        let keyed = sets.into_iter().map(|(key, mut set)| {
            set["key"] = json!(format!("own-{key}"));
            set
        });
        Value::Array(keyed.collect())
    })
}

fn service() -> impl Strategy<Value = Service> {
    (
        select(Cloud::ALL),
        select(Traffic::ALL),
        word(),
        select(Direction::ALL),
        select(Protocol::ALL),
        1..=65535_u16,
    )
        .prop_map(
            |(cloud, traffic, role, direction, protocol, port)| Service {
                hosts: Hosts {
                    cloud,
                    traffic,
                    role: Role::parse(&role).expect("a name"),
                },
                direction,
                protocol,
                port: PortRange::of(port, port).expect("a port"),
            },
        )
}

/// Words for embedded sets, worldwide and perhaps elsewhere, and for any of three targets.
fn words() -> impl Strategy<Value = Words> {
    let keys: Vec<String> = EMBEDDED
        .sets
        .iter()
        .filter(|set| set.sites.is_none() && set.traffic != Traffic::User)
        .filter(|set| !set.key.as_str().ends_with("-china"))
        .map(|set| set.key.to_string())
        .collect();
    let targets = ["aws-security-group", "azure-nsg", "generic-firewall"];
    let targets = subsequence(targets.map(ToOwned::to_owned).to_vec(), 1..=2);
    (
        subsequence(keys, 1..6),
        targets,
        option::of(select(&Cloud::ALL[1..])),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(mut sets, target, cloud, infers, aggregate)| {
            // It has rows in every cloud, and lists of many networks.
            sets.push("graph-change-notifications".to_owned());
            let clouds = [Some(&Cloud::Worldwide), cloud.as_ref()];
            let clouds = clouds.into_iter().flatten().map(ToString::to_string);
            Words {
                set: Some(sets),
                target: Some(target),
                cloud: Some(clouds.collect()),
                infer: infers.then(|| vec!["all".to_owned()]),
                aggregate: aggregate.then_some(true),
                port: Some(vec!["graph-change-notifications=tcp/8443".to_owned()]),
                ..Words::default()
            }
        })
}

/// Every place in a `main.tf` below `folder` where two networks follow each other: file and number of the first line.
fn lists(folder: &Path) -> Vec<(PathBuf, usize)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it can be listed") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("main.tf")
                && !path.components().any(|part| part.as_os_str() == "modules")
            {
                let text = fs::read_to_string(&path).expect("it was written");
                let lines: Vec<&str> = text.lines().collect();
                let pairs = lines.windows(2).enumerate();
                let pairs =
                    pairs.filter(|(_, pair)| pair.iter().all(|line| network(line).is_some()));
                found.extend(pairs.map(|(index, _)| (path.clone(), index)));
            }
        }
    }
    found.sort();
    found
}

/// The network that stands alone on a line.
fn network(line: &str) -> Option<IpNet> {
    line.trim()
        .trim_end_matches(',')
        .trim_matches('"')
        .parse()
        .ok()
}

/// All that findings of `excess` are about, and nothing else is found.
fn only(findings: &[Finding], excess: Excess, network: IpNet) {
    assert!(!findings.is_empty(), "nothing is said of {network}");
    for finding in findings {
        let remotes: Vec<&str> = finding
            .remotes
            .iter()
            .map(|part| part.text.as_str())
            .collect();
        assert_eq!(
            (finding.excess, remotes),
            (excess, vec![network.to_string().as_str()])
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_catalogue_that_is_written_and_read_is_the_same(sets in sets(), meaning in prose(), title in prose()) {
        let text = json!({
            "schema": 1,
            "source": {"title": title, "language": "en", "edition": "1", "url": "https://example.com"},
            "roles": {"a_role": meaning},
            "sets": sets,
        });
        let read = |text: String| CatalogueFile::read("a.json", text.as_bytes())
            .unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
        let file = read(text.to_string());
        let document = Document::of(&file.facts, &file.facts.sources[0]);
        let again = read(serde_json::to_string(&document).unwrap());
        prop_assert_eq!(&again.document, &file.document);
        let again = CatalogueFile::new("a.json", (*again.document).clone(), file.digest).unwrap();
        prop_assert_eq!(again.facts, file.facts);
    }

    #[test]
    fn an_overlay_that_is_written_and_read_is_the_same(sets in sets(), title in prose(), reason in prose(), networks in networks()) {
        let text = json!({
            "schema": 1, "title": title, "roles": {"a_role": reason}, "sets": sets,
            "exclude": [{"set": "mfa-server", "reason": reason}],
            "ranges": [{"name": "entra_connect_servers", "networks": networks}],
        });
        let read = |text: String| OverlayFile::read("o.json", text.as_bytes())
            .unwrap_or_else(|errors| panic!("{errors:?}\n{text}"));
        let file = read(text.to_string());
        let again = read(serde_json::to_string(&file.document).unwrap());
        prop_assert_eq!(again.document, file.document);
    }

    #[test]
    fn a_lock_that_is_written_and_read_is_the_same(
        words in words(),
        services in vec(service(), 0..12),
        rows in btree_set("[a-z.]{1,12}", 1..12),
        members in btree_set(any::<u32>(), 1..12),
    ) {
        let mut lock = Lock { options: words, ..Lock::default() };
        let rows: Vec<String> = rows.iter().map(|row| lock::entry(Cloud::China, row)).collect();
        lock.priorities.assign(Direction::Outbound, &rows, &AZURE_PRIORITIES).unwrap();
        lock.slots.assign(&services);
        let mut placed = Vec::new();
        if let Some(service) = services.first() {
            let rule = |bits: &u32| Member::Rule {
                direction: service.direction,
                protocol: service.protocol,
                slot: 1,
                network: IpNet::V4(ipnet::Ipv4Net::new((*bits).into(), 32).unwrap()),
            };
            let members: BTreeSet<Member> = members.iter().map(rule).collect();
            lock.groups.place(&service.hosts, &members, 5);
            placed.extend(members.into_iter().map(|member| (service.hosts.clone(), member)));
        }
        let text = lock.to_text("# header");
        let again = Lock::of(Path::new(lock::FILE), &text, &AZURE_PRIORITIES);
        let again = again.map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{text}")))?;
        prop_assert_eq!(again.to_text("# header"), text);
        prop_assert_eq!(&again.options, &lock.options);
        prop_assert_eq!(&again.priorities, &lock.priorities);
        prop_assert_eq!(&again.slots, &lock.slots);
        for (hosts, member) in placed {
            prop_assert!(lock.groups.of(&hosts, &member).is_some());
            prop_assert_eq!(again.groups.of(&hosts, &member), lock.groups.of(&hosts, &member));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 32, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn what_is_generated_is_proved_and_one_network_more_or_less_is_told(words in words(), which in any::<Index>()) {
        let desk = tempfile::tempdir().unwrap();
        let out = desk.path().join("m365");
        let request = Request { out: out.clone(), words: words.clone(), ..Request::default() };
        generate(&request).map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        prop_assert_eq!(verify(&out).unwrap().proof.verdict(), Verdict::Equal);
        // Once more, from what the folder remembers alone.
        let lock = Lock::read(&out, &AZURE_PRIORITIES).unwrap().unwrap();
        let text = fs::read(out.join(lock::FILE)).unwrap();
        generate(&Request { out: out.clone(), ..Request::default() }).unwrap();
        prop_assert_eq!(fs::read(out.join(lock::FILE)).unwrap(), text);
        prop_assert_eq!(lock.options.aggregate, words.aggregate);

        let lists = lists(&out);
        prop_assume!(!lists.is_empty());
        let (path, index) = which.get(&lists);
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let gone = network(lines[*index]).unwrap();
        let written = |lines: &[&str]| fs::write(path, lines.join("\n") + "\n").unwrap();
        written(&[&lines[..*index], &lines[index + 1..]].concat());
        only(&verify(&out).unwrap().proof.findings, Excess::Deficit, gone);
        let more = if gone.addr().is_ipv4() { "203.0.113.77/32" } else { "2001:db8::77/128" };
        let line = lines[*index].replace(&gone.to_string(), more);
        written(&[&lines[..*index], &[line.as_str()], &lines[*index..]].concat());
        only(&verify(&out).unwrap().proof.findings, Excess::Surplus, more.parse().unwrap());
    }
}
