//! What firewalls that filter by name would match, against what is wanted: read from the resources that
//! Terraform makes, rule by rule.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use perimeter365::catalogue::{Endpoints, HostPattern};
use perimeter365::generate::{Request, generate_from};
use perimeter365::options::Words;
use perimeter365::permit::PermitRemote;
use perimeter365::plan::Rows;
use perimeter365::render::rows::{hcl_to_rows, parse};
use perimeter365::source::embedded;
use serde_json::Value;
use support::Desk;
use support::terraform::Terraform;

/// Patterns of Microsoft's web service that are harder than those of the article.
const HARD: [&str; 6] = [
    "*-files.sharepoint.com",
    "*.x.com",
    "*cdn.onenote.net",
    "a.x.com",
    "autodiscover.*.onmicrosoft.com",
    "pre*.x.com",
];

/// Everything of `target` over all clouds, the hard patterns in row 2, planned and applied: the rows by
/// folder, and the objects in the cloud.
fn applied(
    terraform: &Terraform,
    target: &str,
    values: impl Fn(&[String]) -> String,
) -> (Vec<Rows>, Vec<(String, Value)>) {
    let word = |words: &[&str]| Some(words.iter().map(ToString::to_string).collect());
    let mut catalogue = embedded::read().unwrap();
    for set in &mut catalogue.sets {
        if set.key.as_str() == "support-recovery-assistant"
            && let Endpoints::Hosts(hosts) = &mut set.flows[0].remotes[0].endpoints.value
        {
            hosts.extend(HARD.map(|host| HostPattern::parse(host).unwrap()));
            hosts.sort_unstable();
        }
    }
    let desk = Desk::new();
    let request = Request {
        out: desk.file("m365"),
        words: Words {
            cloud: word(&["worldwide", "china"]),
            infer: word(&["all"]),
            root: Some(true),
            target: word(&[target]),
            traffic: word(&["outbound-server-only", "user"]),
            include_retired: word(&["all"]),
            ..Words::default()
        },
        ..Request::default()
    };
    generate_from(catalogue, &request).expect("hard patterns are facts");
    let rows: Vec<Rows> = desk
        .files("m365")
        .into_iter()
        .filter(|(path, _)| {
            path.ends_with(&format!("{target}/main.tf"))
                && !path.starts_with("root/")
                && !path.starts_with("modules/")
        })
        .map(|(_, text)| hcl_to_rows(&parse(&text).unwrap()).unwrap())
        .collect();
    let roles: BTreeSet<String> = rows
        .iter()
        .flat_map(Rows::values)
        .map(|row| row.role.to_string())
        .collect();
    let roles: Vec<String> = roles.into_iter().collect();
    desk.write(
        &format!("m365/root/{target}/terraform.tfvars"),
        &values(&roles),
    );
    let root = desk.file(&format!("m365/root/{target}"));
    terraform.succeeds(&root, &["init", "-no-color"]);
    terraform.applies(&root);
    let cloud: Value =
        serde_json::from_str(&desk.read(&format!("m365/root/{target}/cloud.json"))).unwrap();
    let objects = cloud["objects"].as_object().expect("the cloud has objects");
    let objects = objects
        .values()
        .map(|object| {
            (
                object["kind"].as_str().unwrap().to_owned(),
                object["state"].clone(),
            )
        })
        .collect();
    (rows, objects)
}

fn addresses(roles: &[String]) -> String {
    let entries = roles.iter().enumerate();
    let entries: Vec<String> = entries
        .map(|(index, role)| format!("  {role} = [\"10.1.{index}.0/28\"]\n"))
        .collect();
    format!("local_addresses = {{\n{}}}\n", entries.concat())
}

/// What is wanted of names, by row: the names and the ports.
fn wanted(rows: &[Rows]) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let mut wanted: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for (key, row) in rows.iter().flatten() {
        if let PermitRemote::Hosts(hosts) = &row.remote {
            let entry = wanted.entry(key.clone()).or_default();
            entry.0.extend(hosts.iter().map(ToString::to_string));
            entry.1.extend(row.ports.iter().map(ToString::to_string));
        }
    }
    wanted
}

fn texts(value: &Value) -> BTreeSet<String> {
    let list = value.as_array().into_iter().flatten();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

#[test]
fn azure_firewall_gets_each_name_and_port_as_it_is_wanted() {
    let Some(terraform) = Terraform::with_stand_ins("names in Azure Firewall's rules") else {
        return;
    };
    let (rows, objects) = applied(&terraform, "azure-firewall", |roles| {
        format!(
            "firewall_policy_id = \"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/hub\"\nresource_group_name = \"hub\"\nlocation = \"westeurope\"\n{}",
            addresses(roles)
        )
    });
    let wanted = wanted(&rows);
    let mut found: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    let groups = objects
        .iter()
        .filter(|(kind, _)| kind.ends_with("rule_collection_group"));
    for (_, group) in groups {
        for collection in ["application_rule_collection", "network_rule_collection"] {
            let collections = group[collection].as_array().into_iter().flatten();
            for rule in collections.flat_map(|collection| collection["rule"].as_array().unwrap()) {
                let hosts = texts(&rule["destination_fqdns"]);
                if hosts.is_empty() {
                    continue;
                }
                let name = rule["name"].as_str().unwrap();
                let (_, key) = name.split_once('.').expect("prefix and cloud come first");
                let entry = found.entry(key.to_owned()).or_default();
                entry.0.extend(hosts);
                if collection.starts_with("network") {
                    assert!(
                        rule["destination_fqdns"]
                            .as_array()
                            .unwrap()
                            .iter()
                            .all(|host| !host.as_str().unwrap().contains('*'))
                    );
                    entry.1.extend(texts(&rule["destination_ports"]));
                }
                for protocol in rule["protocols"].as_array().into_iter().flatten() {
                    if let Some(port) = protocol["port"].as_u64() {
                        let kind = if port == 80 { "Http" } else { "Https" };
                        assert_eq!(protocol["type"], kind, "{name}");
                        entry.1.insert(port.to_string());
                    }
                }
            }
        }
    }
    assert!(found.len() > 8, "{found:?}");
    assert_eq!(found, wanted);
    let all: BTreeSet<&String> = found.values().flat_map(|(hosts, _)| hosts).collect();
    for (host, is_said) in HARD.iter().zip([true, true, true, true, false, false]) {
        assert_eq!(all.contains(&(*host).to_owned()), is_said, "{host}");
    }
}

/// What one Suricata rule looks for: its conditions on the name, as far as ours have them.
#[derive(Debug, Default)]
struct Look {
    starts: Vec<String>,
    ends: Vec<String>,
    longer_than: usize,
    pattern: Option<Vec<Piece>>,
}

/// A part of a regular expression of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// `.+`, `.*`
    Anything {
        least: usize,
    },
    /// `[^.]+`
    Label,
}

impl Look {
    /// Reads the options of a rule; what it doesn't know is refused, so that nothing goes unread.
    fn read(options: &str) -> Self {
        let mut look = Self::default();
        let mut content: Option<(String, bool, bool)> = None;
        let flush = |content: &mut Option<(String, bool, bool)>, look: &mut Self| {
            if let Some((text, starts, ends)) = content.take() {
                assert!(starts || ends, "`{text}` may stand anywhere");
                if starts {
                    look.starts.push(text.clone());
                }
                if ends {
                    look.ends.push(text);
                }
            }
        };
        for option in options
            .split("; ")
            .map(|option| option.trim_end_matches(';'))
        {
            let (name, value) = option.split_once(':').unwrap_or((option, ""));
            let value = value.trim_matches('"');
            match name {
                "content" => {
                    flush(&mut content, &mut look);
                    content = Some((value.to_owned(), false, false));
                }
                "startswith" => content.as_mut().unwrap().1 = true,
                "endswith" => content.as_mut().unwrap().2 = true,
                "bsize" => look.longer_than = value.trim_start_matches('>').parse().unwrap(),
                "pcre" => look.pattern = Some(pieces(value)),
                "tls.sni" | "http.host" | "nocase" | "flow" | "msg" | "sid" | "rev" => {}
                name => panic!("`{name}` is not known to this test"),
            }
        }
        flush(&mut content, &mut look);
        look
    }

    fn matches(&self, name: &str) -> bool {
        self.starts.iter().all(|start| name.starts_with(start))
            && self.ends.iter().all(|end| name.ends_with(end))
            && name.len() > self.longer_than
            && self
                .pattern
                .as_ref()
                .is_none_or(|pieces| fits(pieces, name))
    }
}

fn pieces(pcre: &str) -> Vec<Piece> {
    let inner = pcre
        .trim_start_matches('/')
        .trim_end_matches('i')
        .trim_end_matches('/');
    let inner = inner
        .strip_prefix('^')
        .and_then(|inner| inner.strip_suffix('$'));
    let mut rest = inner.expect("a pattern is bound at both ends");
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, length) = if rest.starts_with("[^.]+") {
            (Piece::Label, 5)
        } else if rest.starts_with(".+") {
            (Piece::Anything { least: 1 }, 2)
        } else if rest.starts_with(".*") {
            (Piece::Anything { least: 0 }, 2)
        } else if rest.starts_with("\\.") {
            (Piece::Text(".".to_owned()), 2)
        } else {
            let c = &rest[..1];
            assert!(
                c.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "{pcre}"
            );
            (Piece::Text(c.to_owned()), 1)
        };
        pieces.push(piece);
        rest = &rest[length..];
    }
    pieces
}

fn fits(pieces: &[Piece], name: &str) -> bool {
    match pieces.split_first() {
        None => name.is_empty(),
        Some((Piece::Text(text), rest)) => name
            .strip_prefix(text.as_str())
            .is_some_and(|name| fits(rest, name)),
        Some((Piece::Anything { least }, rest)) => {
            (*least..=name.len()).any(|taken| fits(rest, &name[taken..]))
        }
        Some((Piece::Label, rest)) => (1..=name.len())
            .take_while(|taken| !name[..*taken].contains('.'))
            .any(|taken| fits(rest, &name[taken..])),
    }
}

/// What Microsoft's patterns mean, said once more and apart: a `*` before a dot at the beginning is one or
/// more labels, one before other characters anything, and elsewhere one or more characters of a label.
fn means(pattern: &str, name: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix('*')
        && !rest.contains('*')
    {
        let least = usize::from(rest.starts_with('.'));
        return name
            .strip_suffix(rest)
            .is_some_and(|before| before.len() >= least);
    }
    let (pattern, name): (Vec<&str>, Vec<&str>) =
        (pattern.split('.').collect(), name.split('.').collect());
    pattern.len() == name.len()
        && pattern
            .iter()
            .zip(&name)
            .all(|(pattern, label)| match pattern.split_once('*') {
                None => pattern == label,
                Some((start, end)) => {
                    label.len() > start.len() + end.len()
                        && label.starts_with(start)
                        && label.ends_with(end)
                }
            })
}

/// Names that the pattern means, and names that are nearly such.
fn names_around(pattern: &str) -> Vec<String> {
    let bare = pattern.trim_start_matches('*').trim_start_matches('.');
    let mut names = Vec::new();
    for filling in ["", "a", "a.b", "evil", "-", "x.com"] {
        names.push(pattern.replace('*', filling));
        names.push(format!("{filling}{bare}"));
        names.push(format!("{filling}.{bare}"));
        names.push(format!("{bare}{filling}"));
        names.push(format!("{bare}.{filling}"));
    }
    names.push(bare.replacen('.', "-", 1));
    names.push(bare.replacen('.', "", 1));
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn aws_network_firewall_matches_what_is_wanted_and_nothing_else() {
    let Some(terraform) = Terraform::with_stand_ins("names in AWS Network Firewall's rules") else {
        return;
    };
    let (rows, objects) = applied(&terraform, "aws-network-firewall", |roles| {
        format!("region = \"eu-central-1\"\n{}", addresses(roles))
    });
    // By row and port: what its rules look for.
    let mut found: BTreeMap<(String, String), Vec<Look>> = BTreeMap::new();
    let groups = objects
        .iter()
        .filter(|(kind, _)| kind.ends_with("rule_group"));
    for (_, group) in groups {
        let rules = group["rule_group"][0]["rules_source"][0]["rules_string"]
            .as_str()
            .unwrap();
        for rule in rules.lines() {
            let (head, options) = rule.split_once(" (").expect("a rule has options");
            let options = options.strip_suffix(")").expect("they end");
            let words: Vec<&str> = head.split(' ').collect();
            let ["pass", protocol, source, "any", "->", target, port] = words[..] else {
                assert!(
                    head.starts_with("pass tcp ") || head.starts_with("pass udp "),
                    "{rule}"
                );
                continue;
            };
            if !["http", "tls"].contains(&protocol) {
                continue;
            }
            assert!(source.starts_with('$') && target == "any", "{rule}");
            let buffer = if protocol == "http" {
                "http.host;"
            } else {
                "tls.sni;"
            };
            assert!(
                options.starts_with(buffer) && options.contains("flow:to_server,established;"),
                "{rule}"
            );
            assert_eq!(protocol == "http", port == "80", "{rule}");
            let key = options
                .split("msg:\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            let place = (key.unwrap().to_owned(), port.replace(':', "-"));
            found.entry(place).or_default().push(Look::read(options));
        }
    }
    let mut compared = 0;
    let wanted = wanted(&rows);
    let places: BTreeSet<(String, String)> = wanted
        .iter()
        .flat_map(|(key, (_, ports))| ports.iter().map(|port| (key.clone(), port.clone())))
        .collect();
    assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), places);
    for ((key, port), looks) in &found {
        let hosts = &wanted[key].0;
        let names: BTreeSet<String> = hosts.iter().flat_map(|host| names_around(host)).collect();
        for name in &names {
            let is_wanted = hosts.iter().any(|pattern| means(pattern, name));
            let is_let_in = looks.iter().any(|look| look.matches(name));
            assert_eq!(is_let_in, is_wanted, "{name} on {port} of {key}");
            compared += 1;
        }
    }
    assert!(compared > 2000, "{compared}");
    let (hosts, _) = &wanted["support-recovery-assistant.support_assistant_host.fqdn"];
    assert!(
        HARD.iter().all(|host| hosts.contains(*host)),
        "all of them can be said"
    );
}
