//! Rules as text: the formats that are part of the program, and templates of the user's own.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use perimeter365::catalogue::Catalogue;
use perimeter365::generate::{Request, generate_from};
use perimeter365::options::Words;
use perimeter365::source::embedded;
use serde_json::Value;
use support::Desk;

const EVERYTHING: &str = "--target none --traffic inbound-hybrid-server --traffic outbound-server-only --traffic user --cloud worldwide --cloud usgov-gcchigh --cloud usgov-dod --cloud china --infer --include-retired";

const TO_ANYWHERE: &str = "--hosts support-recovery-assistant=any --hosts teams-mobile-push=any --hosts entra-connect-sync=any";

fn report(desk: &Desk, arguments: &str) -> Value {
    let run = desk.generate(&format!("{arguments} --format json")).ends(0);
    serde_json::from_str(&run.stdout).expect("`--format json` prints JSON")
}

/// The keys of what `format` has, by cloud and traffic.
fn keys(report: &Value, format: &str) -> Vec<(String, String)> {
    let open = report["open"]
        .as_array()
        .expect("it lists what is open")
        .iter();
    open.filter(|open| {
        open["targets"]
            .as_array()
            .unwrap()
            .iter()
            .any(|name| name == format)
    })
    .map(|open| {
        let text = |field: &str| open[field].as_str().unwrap().to_owned();
        (
            format!("{}/{}", text("cloud"), text("traffic")),
            text("key"),
        )
    })
    .collect()
}

/// Whether `nft` takes `text`. `None`: it isn't there, or may not look at the kernel.
fn nft_takes(text: &str) -> Option<Result<(), String>> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let run = |program: &str, before: &[&str]| {
        let mut command = Command::new(program);
        command.args(before).args(["-c", "-f"]).arg(file.path());
        command.output().ok()
    };
    // Even a check asks the kernel, which takes rights: those of a user namespace will do.
    let attempts = [run("nft", &[]), run("unshare", &["-rn", "nft"])];
    let mut refused = None;
    for output in attempts.into_iter().flatten() {
        if output.status.success() {
            return Some(Ok(()));
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_barred = [
            "not permitted",
            "Permission denied",
            "No such file",
            "not found",
        ]
        .iter()
        .any(|why| said.contains(why));
        if !is_barred {
            refused = Some(Err(said));
        }
    }
    refused
}

#[test]
fn nft_takes_every_rule_of_every_cloud_and_traffic() {
    let probe = "table inet probe { chain c { tcp dport { 443 } accept comment \"x\"; }; }\n";
    match nft_takes(probe) {
        Some(Ok(())) => {}
        Some(Err(said)) => panic!("{said}"),
        None => {
            support::told("the nftables format", "`nft` is not there, or may not run");
            return;
        }
    }
    assert!(
        nft_takes("table inet x { chain c { tcp dport accept } }\n")
            .is_some_and(|said| said.is_err()),
        "the check can fail"
    );
    let desk = Desk::new();
    let report = report(
        &desk,
        &format!("{EVERYTHING} --template nftables {TO_ANYWHERE}"),
    );
    let mut checked = 0;
    let mut rules = 0;
    for (path, text) in desk.files("m365") {
        if path.ends_with("/rules.nft") {
            if let Some(Err(said)) = nft_takes(&text) {
                panic!("{path}:\n{said}");
            }
            // And with addresses in the sets that are the user's.
            let elements: String = text
                .lines()
                .filter_map(|line| line.strip_prefix("#   nft "))
                .filter(|line| line.starts_with("add element"))
                .map(|line| {
                    let value = if line.contains("_ipv6 ") {
                        "2001:db8::/64"
                    } else {
                        "10.0.0.0/28"
                    };
                    line.replace('\'', "").replace("ADDRESSES", value) + "\n"
                })
                .collect();
            assert!(
                !elements.is_empty() || !text.contains("accept comment"),
                "{path} names the user's sets"
            );
            if let Some(Err(said)) = nft_takes(&format!("{text}{elements}")) {
                panic!("{path} with elements:\n{said}");
            }
            checked += 1;
            rules += text
                .lines()
                .filter(|line| line.contains(" accept comment "))
                .count();
        }
    }
    assert_eq!(checked, 12, "a file for each cloud and traffic");
    assert_eq!(
        rules,
        keys(&report, "nftables").len(),
        "a rule for each permit"
    );
}

#[test]
fn nftables_has_each_network_once_and_the_port_of_each_permit() {
    let desk = Desk::new();
    desk.generate("--target none --template nftables").ends(0);
    let text = desk.read("m365/worldwide/inbound-hybrid-server/nftables/rules.nft");
    for line in [
        "\t\tip saddr @m365_worldwide_graph_change_notifications_webhook_receiver_ipv4 ip daddr @m365_role_webhook_receiver_ipv4 tcp dport { 443 } accept comment \"graph-change-notifications.webhook_receiver.ipv4\"\n",
        "\t\tip6 saddr @m365_range_federation_clients_ipv6 ip6 daddr @m365_role_sts_proxy_ipv6 tcp dport { 49443 } accept comment \"federation-sts.client-tls.sts_proxy.ipv6\"\n",
        "\t\t# Row 23. Graph change notifications\n",
        "\t\t\t13.78.204.0/32,\n",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    assert_eq!(text.matches("13.78.204.0/32").count(), 1);
    let outbound = desk.read("m365/worldwide/outbound-server-only/nftables/rules.nft");
    assert!(
        outbound.contains("ip daddr @m365_worldwide_skype_hybrid_outbound_media_udp_skype_server_ipv4 ip saddr @m365_role_skype_server_ipv4 udp dport { 50000-59999 } accept"),
        "{outbound}"
    );
    // Names that it can't filter by are gaps of it, as of any target.
    assert!(desk.read("m365/README.md").contains("| nftables |"));
}

/// A list holds what its permit holds, and nothing else.
#[test]
fn each_list_holds_the_networks_or_names_of_its_permit() {
    let desk = Desk::new();
    let report = report(
        &desk,
        &format!(
            "{} --template edl",
            EVERYTHING.replace("none", "generic-firewall")
        ),
    );
    let keys = keys(&report, "edl");
    let mut seen = BTreeSet::new();
    for (place, key) in &keys {
        let text = desk.read(&format!("m365/{place}/edl/{key}.txt"));
        let mut lines = text.lines();
        assert_eq!(
            lines.next(),
            Some("# Code generated by perimeter365. DO NOT EDIT.")
        );
        assert!(lines.next().unwrap().starts_with("# row "), "{text}");
        let found: Vec<String> = lines.map(str::to_owned).collect();
        let main = desk.read(&format!("m365/{place}/generic-firewall/main.tf"));
        let wanted: Vec<String> = support::rows(&main)[key]
            .lines()
            .filter(|line| line.starts_with('"'))
            .map(|line| line.trim_matches(['"', ',']).to_owned())
            .collect();
        assert_eq!(found, wanted, "{key}");
        seen.insert(format!("{place}/edl/{key}.txt"));
    }
    let files = desk.files("m365").into_keys();
    let files: BTreeSet<String> = files.filter(|path| path.contains("/edl/")).collect();
    assert_eq!(files, seen);
    assert!(seen.len() > 50, "{}", seen.len());
    // Only the user knows what a range holds.
    let gaps = report["gaps"].as_array().unwrap().iter();
    let ranges = gaps.filter(|gap| gap["target"] == "edl" && gap["set"] == "federation-sts");
    assert_eq!(ranges.count(), 2 * 4);
}

#[test]
fn an_asa_gets_objects_groups_and_access_lists() {
    let desk = Desk::new();
    let report = report(&desk, &format!("{EVERYTHING} --template cisco-asa"));
    let mut groups = BTreeSet::new();
    let mut lines = 0;
    for (path, text) in desk
        .files("m365")
        .into_iter()
        .filter(|(path, _)| path.contains("cisco-asa/"))
    {
        let mut defined: BTreeSet<String> = BTreeSet::new();
        for line in text.lines() {
            assert!(line.is_ascii() && !line.contains('?'), "{path}: {line}");
            if let Some(name) = line.strip_prefix("object-group network ") {
                assert!(
                    name.len() <= 64,
                    "{path}: {name} is longer than the ASA takes"
                );
                assert!(
                    defined.insert(name.to_owned()),
                    "{path}: {name} is defined twice"
                );
                groups.insert(name.to_owned());
            } else if let Some(name) = line.strip_prefix("!   object-group network ") {
                defined.insert(name.to_owned());
            } else if line.starts_with("access-list") && line.contains(" extended ") {
                lines += 1;
                let words: Vec<&str> = line.split(' ').collect();
                for pair in words.windows(2).filter(|pair| pair[0] == "object-group") {
                    assert!(
                        defined.contains(pair[1]),
                        "{path}: {} is not defined",
                        pair[1]
                    );
                }
                assert_eq!(words[3], "permit");
            }
        }
    }
    let ports: usize = report["open"]
        .as_array()
        .unwrap()
        .iter()
        .map(|open| open["ports"].as_array().unwrap().len())
        .sum();
    assert_eq!(lines, ports, "a line for each port of each permit");
    let text = desk.read("m365/worldwide/outbound-server-only/cisco-asa/rules.txt");
    for line in [
        " network-object 52.112.0.0 255.252.0.0\n",
        "object network m365-host-mtalk.google.com\n fqdn mtalk.google.com\n",
        " network-object 2620:149:a44::/48\n",
        "access-list m365-worldwide-outbound-server-only-outbound extended permit udp object-group m365-role-skype_server object-group m365-worldwide-skype-hybrid-outbound.media-udp.skype_server.ipv4 range 50000 59999\n",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    let text = desk.read("m365/worldwide/inbound-hybrid-server/cisco-asa/rules.txt");
    for line in [
        " network-object host 13.78.204.0\n",
        " network-object 20.20.32.0 255.255.224.0\n",
        "access-list m365-worldwide-inbound-hybrid-server-inbound extended permit tcp object-group m365-range-federation_clients-ipv4 object-group m365-role-sts_proxy eq 443\n",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    desk.generate("--reset --target none --template cisco-asa --hosts teams-mobile-push=any")
        .ends(0);
    // It takes names, so nothing stands in their place.
    assert!(
        !desk
            .read("m365/worldwide/outbound-server-only/cisco-asa/rules.txt")
            .contains("any4")
    );
}

const FORTIGATE: &str = "# {{header}}
{{#each (by_family (by_direction permits \"inbound\") \"ipv4\")}}
{{#each networks}}
edit \"{{word (concat ../key \"-\" (address this))}}\"
  set subnet {{address this}} {{netmask this}} # wildcard {{wildcard this}} /{{length this}}
{{/each}}
{{/each}}
{{#each (chunk roles 2)}}
{{join this \", \"}}
{{/each}}
{{json (by_role permits \"webhook_receiver\")}}
";

#[test]
fn a_template_of_ones_own_is_rendered_and_kept_by_the_folder() {
    let desk = Desk::new();
    desk.write("mine/fortigate.conf.hbs", FORTIGATE);
    let own = "--target none --set graph-change-notifications --set federation-sts --cloud china";
    desk.generate(&format!("{own} --template mine/fortigate.conf.hbs"))
        .ends(0);
    let path = "m365/china/inbound-hybrid-server/fortigate.conf/fortigate.conf";
    let text = desk.read(path);
    assert!(
        text.starts_with("# Code generated by perimeter365. DO NOT EDIT.\nedit \"graph_change_notifications_webhook_receiver_ipv4_"),
        "{text}"
    );
    assert!(
        text.contains(" 255.255.255.255 # wildcard 0.0.0.0 /32\n"),
        "{text}"
    );
    let json = text.lines().last().unwrap();
    let permits: Value = serde_json::from_str(json).expect("it is JSON");
    assert_eq!(
        permits[0]["key"],
        "graph-change-notifications.webhook_receiver.ipv4"
    );
    assert_eq!(permits[0]["ports"][0]["text"], "443");

    // Without the file, from the copy in the folder.
    std::fs::remove_dir_all(desk.file("mine")).unwrap();
    let before = desk.files("m365");
    assert!(before.contains_key("templates/fortigate.conf.hbs"));
    assert!(
        !before["perimeter365.lock"].contains("mine"),
        "no path is kept"
    );
    desk.generate("--check").ends(0);
    desk.generate("").ends(0);
    assert_eq!(desk.files("m365"), before);

    // Another text in its place, then none.
    desk.write("fortigate.conf.hbs", "# {{header}}\n{{cloud}}\n");
    let run = desk
        .generate("--template fortigate.conf.hbs --check")
        .ends(2);
    assert!(
        run.stdout.contains("fortigate.conf/fortigate.conf: stale"),
        "{}",
        run.stdout
    );
    desk.generate("--template fortigate.conf.hbs").ends(0);
    assert_eq!(
        desk.read(path),
        "# Code generated by perimeter365. DO NOT EDIT.\nchina\n"
    );
    desk.generate("--template none --target generic-firewall")
        .ends(0);
    assert!(!desk.file(path).exists());
    // A template is somebody's work: what is kept of it stays.
    assert!(desk.file("m365/templates/fortigate.conf.hbs").exists());
    desk.generate("--check").ends(0);
    desk.generate("--template fortigate.conf").ends(0);
    assert_eq!(
        desk.read(path),
        "# Code generated by perimeter365. DO NOT EDIT.\nchina\n"
    );
}

#[test]
fn a_template_that_would_never_end_is_refused() {
    let desk = Desk::new();
    for (open, close) in [
        ("{{#if cloud}}", "{{/if}}"),
        ("{{ #if cloud}}", "{{/if}}"),
        ("{{#if cloud}}{{!-- {{/ --}}", "{{/if}}"),
        ("{{else if cloud}}", ""),
    ] {
        let deep = format!(
            "{{{{#if traffic}}}}{}{}{{{{/if}}}}",
            open.repeat(300),
            close.repeat(300)
        );
        desk.write("deep.hbs", &format!("# {{{{header}}}}\n{deep}\n"));
        desk.generate("--template deep.hbs")
            .refuses(&["`deep.hbs`, line 1", "more than 50 blocks"]);
    }
    let deepest = "{{#if cloud}}".repeat(4000) + "{{/if}}";
    desk.write("deepest.hbs", &format!("# {{{{header}}}}\n{deepest}\n"));
    desk.generate("--template deepest.hbs")
        .refuses(&["`deepest.hbs`"]);
    let mut doubling = String::new();
    for n in 0..40 {
        let _ = write!(doubling, "{{{{#with (concat a{n} a{n}) as |a{}|}}}}", n + 1);
    }
    desk.write(
        "doubling.hbs",
        &format!(
            "# {{{{header}}}}\n{{{{#with \"aaaaaaaa\" as |a0|}}}}{doubling}x{}\n",
            "{{/with}}".repeat(41)
        ),
    );
    desk.generate("--template doubling.hbs").refuses(&[
        "`doubling.hbs`",
        "helper `concat`: its text is longer than 1048576 bytes",
    ]);
    desk.write("long.hbs", &"x".repeat(2 << 20));
    desk.generate("--template long.hbs")
        .refuses(&["`long.hbs`", "at most 65536 bytes"]);
    let loops = |count, inner: &str| {
        "{{#each @root.permits}}".repeat(count) + inner + &"{{/each}}".repeat(count)
    };
    // It writes nothing, so that nothing but its work has no end.
    desk.write(
        "loops.hbs",
        &format!("# {{{{header}}}}\n{}\n", loops(12, "")),
    );
    desk.generate("--target none --template loops.hbs")
        .refuses(&["`loops.hbs`", "more than 4 `{{#each}}` stand in each other"]);
    let wide = loops(4, &"x".repeat(10_000));
    desk.write("wide.hbs", &format!("# {{{{header}}}}\n{wide}\n"));
    desk.generate("--target none --template wide.hbs")
        .refuses(&["`wide.hbs`", "longer than 67108864 bytes"]);
}

/// A lock that names a template finds it, whenever a run is interrupted; and one that is gone is told.
#[test]
fn a_kept_template_comes_before_the_lock_that_names_it() {
    let desk = Desk::new();
    desk.write("fw.conf.hbs", "# {{header}}\n{{cloud}}\n");
    desk.generate("--target none --template fw.conf.hbs")
        .ends(0);
    std::fs::remove_file(desk.file("m365/templates/fw.conf.hbs")).unwrap();
    std::fs::remove_file(desk.file("fw.conf.hbs")).unwrap();
    desk.generate("").refuses(&[
        "`m365/templates/fw.conf.hbs`: it is not there, and `perimeter365.lock` remembers the template `fw.conf`",
        "name its file again with `--template`",
    ]);
}

/// A ruleset that has lost its last rule has to empty the chain that is loaded.
#[test]
fn a_traffic_without_permits_has_an_empty_chain() {
    let desk = Desk::new();
    desk.generate("--target none --template nftables --set skype-hybrid-outbound")
        .ends(0);
    let text = desk.read("m365/worldwide/inbound-hybrid-server/nftables/rules.nft");
    assert!(
        text.contains("flush chain inet filter m365_worldwide_inbound_hybrid_server"),
        "{text}"
    );
    assert!(!text.contains("accept comment"), "{text}");
    if let Some(Err(said)) = nft_takes(&text) {
        panic!("{said}");
    }
}

/// What a template says that it doesn't take is a gap of it, and names can have something in their
/// place.
#[test]
fn a_template_of_ones_own_says_what_it_takes() {
    let desk = Desk::new();
    desk.write(
        "v4.hbs",
        "# {{header}}\n{{!-- takes: ipv4 --}}\n{{#each permits}}\n{{key}}\n{{/each}}\n",
    );
    desk.generate("--target none --template v4.hbs --set teams-mobile-push --set federation-sts")
        .ends(0);
    let path = "m365/worldwide/outbound-server-only/v4/v4.txt";
    assert!(
        desk.read(path)
            .ends_with("\nteams-mobile-push.apns.mobile_device.ipv4\n")
    );
    let readme = desk.read("m365/README.md");
    assert!(
        readme.contains("1 permits given to your template `v4`"),
        "{readme}"
    );
    for gap in [
        "your template `v4` doesn't filter IPv6",
        "your template `v4` filters by address",
        "only you know what the range holds",
    ] {
        assert!(readme.contains(gap), "no `{gap}` in\n{readme}");
    }
    desk.generate("--hosts teams-mobile-push=any").ends(0);
    assert!(
        desk.read(path)
            .ends_with("\nteams-mobile-push.fcm.mobile_device.fqdn4\n")
    );
}

#[test]
fn what_a_format_no_longer_has_is_removed_and_what_is_not_ours_stays() {
    let desk = Desk::new();
    desk.generate("--target none --template edl --template nftables")
        .ends(0);
    let list = "m365/worldwide/inbound-hybrid-server/edl/autodetect.exchange_server.ipv4.txt";
    let ours = desk.read(list);
    desk.write("m365/worldwide/inbound-hybrid-server/edl/mine.csv", &ours);
    desk.write(
        "m365/worldwide/inbound-hybrid-server/edl/mine.txt",
        "192.0.2.1\n",
    );
    for copy in [
        "edl/my-own-notes.txt",
        "edl/backup.graph.webhook.ipv4.txt",
        "backup/rules.nft",
        "notes/notes.txt",
    ] {
        desk.write(
            &format!("m365/worldwide/inbound-hybrid-server/{copy}"),
            &ours,
        );
    }
    let run = desk
        .generate("--exclude-set autodetect --template edl --check")
        .ends(2);
    assert!(
        run.stdout
            .contains("autodetect.exchange_server.ipv4.txt: left over"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("nftables/rules.nft: left over"),
        "{}",
        run.stdout
    );
    desk.generate("--exclude-set autodetect --template edl")
        .ends(0);
    assert!(!desk.file(list).exists());
    for kept in [
        "edl/mine.csv",
        "edl/mine.txt",
        "edl/my-own-notes.txt",
        "edl/backup.graph.webhook.ipv4.txt",
        "backup/rules.nft",
        "notes/notes.txt",
    ] {
        assert!(
            desk.file(&format!("m365/worldwide/inbound-hybrid-server/{kept}"))
                .exists(),
            "{kept}"
        );
    }
    // A list that isn't ours is never overwritten.
    desk.write(list, "192.0.2.1\n");
    desk.generate("--exclude-set none")
        .refuses(&["autodetect.exchange_server.ipv4.txt"]);
}

/// Templates with a fault each, by what it is.
const BROKEN: &[(&str, &str)] = &[
    ("unclosed", "# {{header}}\n{{#each permits}}\n"),
    ("helper", "# {{header}}\n\n{{nettmask cloud}}\n"),
    (
        "missing",
        "# {{header}}\n{{#each permits}}\n{{keyy}}\n{{/each}}\n",
    ),
    ("parameter", "# {{header}}\n{{netmask cloud}}\n"),
    (
        "family",
        "# {{header}}\n{{#each (by_family permits \"ipv6\")}}{{#each networks}}\n{{netmask this}}{{/each}}{{/each}}\n",
    ),
    (
        "raw",
        "# {{header}}\n{{#each permits}}\n {{{description}}}\n{{/each}}\n{{&cloud}}\n",
    ),
    ("headless", "{{cloud}}\n"),
    ("partial", "# {{header}}\n{{> elsewhere}}\n"),
    (
        "inline",
        "# {{header}}\n{{#*inline \"x\"}}{{> x}}{{/inline}}\n",
    ),
    (
        "chained",
        "# {{header}}\n{{#each permits}}{{#if range}}{{else if urls}}{{{key}}}{{/if}}{{/each}}\n",
    ),
    (
        "kind",
        "# {{header}}\n{{#each (by_family permits \"ipv5\")}}x{{/each}}\n",
    ),
    (
        "bare",
        "# {{header}}\n{{#each by_family permits \"ipv4\"}}x{{/each}}\n",
    ),
    (
        "whole",
        "# {{header}}\n{{#each permits}}{{ports}}{{/each}}\n",
    ),
    ("takes", "# {{header}}\n{{!-- takes: ipv4 hosts --}}\n"),
];

#[test]
fn errors_in_templates_name_file_line_and_helper_all_at_once() {
    let desk = Desk::new();
    for (name, text) in BROKEN {
        desk.write(&format!("{name}.hbs"), text);
    }
    for (name, said) in [
        ("unclosed", vec!["`unclosed.hbs`, line "]),
        (
            "helper",
            vec!["`helper.hbs`, line 3, column 1: there is no helper `nettmask`, but `by_family`"],
        ),
        (
            "missing",
            vec![
                "`missing.hbs`, line 3, column 1: there is no `keyy` here; `perimeter365 schema permits`",
            ],
        ),
        (
            "parameter",
            vec!["`parameter.hbs`, line 2, column 1: helper `netmask`: `worldwide` is no CIDR"],
        ),
        (
            "family",
            vec![
                "`family.hbs`, line 3, column 1: helper `netmask`: `2603:1006:",
                "is IPv6",
            ],
        ),
        (
            "raw",
            vec![
                "`raw.hbs`, line 3, column 2: `{{{…}}}` writes a fact as it is",
                "line 5, column 1",
            ],
        ),
        (
            "headless",
            vec![
                "`headless.hbs`, line 1, column 1: the first line of `headless.txt` doesn't say that it is generated",
            ],
        ),
        (
            "partial",
            vec!["`partial.hbs`, line 2", "there are no partials"],
        ),
        (
            "inline",
            vec![
                "`inline.hbs`, line 2",
                "there are no partials and no decorators",
            ],
        ),
        (
            "chained",
            vec!["`chained.hbs`", "`{{{…}}}` writes a fact as it is"],
        ),
        (
            "kind",
            vec![
                "`kind.hbs`, line 2",
                "helper `by_family`: `ipv5` is none of `ipv4`, `ipv6`, `fqdn`",
            ],
        ),
        (
            "bare",
            vec![
                "`bare.hbs`, line 2",
                "`by_family` is a helper, which stands in parentheses here: `(by_family …)`",
            ],
        ),
        (
            "whole",
            vec!["`whole.hbs`", "it writes a list or an object as a whole"],
        ),
        (
            "takes",
            vec![
                "`takes.hbs`",
                "it takes `hosts`, and what there is to take is `ipv4`, `ipv6`, `names`, `ranges`",
            ],
        ),
    ] {
        desk.generate(&format!("--template {name}.hbs"))
            .refuses(&said);
        assert!(!desk.file("m365").exists(), "{name}: nothing is written");
    }
    desk.generate("--template unclosed.hbs --template helper --template nftable --template gone.hbs --template raw.hbs")
        .refuses(&["`unclosed.hbs`", "`--template` does not know `helper`", "did you mean `nftables`", "gone.hbs", "`raw.hbs`"]);
}

#[test]
fn names_of_templates_are_files_and_nobody_elses() {
    let desk = Desk::new();
    for name in [
        "azure-nsg.hbs",
        "nftables.hbs",
        "none.hbs",
        "Upper.hbs",
        "a b.hbs",
        ".hbs",
        "x...hbs",
    ] {
        desk.write(name, "# {{header}}\n");
        let out = desk.file("m365");
        let arguments = [
            "generate",
            "--out",
            out.to_str().unwrap(),
            "--template",
            name,
        ];
        let output = Command::new(env!("CARGO_BIN_EXE_perimeter365"))
            .args(arguments)
            .current_dir(desk.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{name} was taken");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(&format!("`--template {name}`")), "{said}");
    }
    desk.write("one/rules.hbs", "# {{header}}\n");
    desk.write("two/rules.hbs", "# {{header}}\n");
    desk.generate("--template one/rules.hbs --template two/rules.hbs")
        .refuses(&["there are two templates `rules`"]);
    desk.generate("--target none")
        .refuses(&["nothing is left to write"]);
}

/// The documented schema, against what a template is really given.
#[test]
fn the_schema_describes_what_templates_are_given() {
    let desk = Desk::new();
    let schema: Value =
        serde_json::from_str(&desk.run("schema permits").ends(0).stdout).expect("a schema is JSON");
    desk.write(
        "all.json.hbs",
        "{\n  \"generated_by\": \"{{header}}\",\n  \"sheet\": {{json this}}\n}\n",
    );
    desk.generate(&format!(
        "{EVERYTHING} --template all.json.hbs {TO_ANYWHERE}"
    ))
    .ends(0);
    let mut checked = 0;
    for (path, text) in desk.files("m365") {
        if path.ends_with("/all.json") {
            let given: Value = serde_json::from_str(&text).expect("it is JSON");
            conforms(&schema, &schema, &given["sheet"], &path);
            checked += 1;
        }
    }
    assert_eq!(checked, 12, "a text for each cloud and traffic");
}

/// As much of JSON schema as ours uses; a word of another kind is refused, so that nothing goes
/// unchecked.
#[track_caller]
fn conforms(root: &Value, schema: &Value, value: &Value, place: &str) {
    let Some(words) = schema.as_object() else {
        panic!("{place}: {schema} is no schema");
    };
    for (word, rule) in words {
        match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" | "minimum" | "maximum" => {}
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                conforms(root, &root["$defs"][name], value, place);
            }
            "type" => {
                let kind = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "integer",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                };
                let is_kind = rule == kind
                    || rule
                        .as_array()
                        .is_some_and(|all| all.iter().any(|one| one == kind));
                assert!(is_kind, "{place}: {value} is no {rule}");
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    conforms(root, rule, item, &format!("{place}[{index}]"));
                }
            }
            "properties" => {
                let Some(value) = value.as_object() else {
                    continue;
                };
                for (name, inner) in value {
                    let known = rule
                        .get(name)
                        .unwrap_or_else(|| panic!("{place}.{name} is in no schema"));
                    assert!(
                        known["description"].is_string()
                            || known.get("$ref").is_some()
                            || !name.is_empty()
                    );
                    conforms(root, known, inner, &format!("{place}.{name}"));
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    assert!(
                        value.get(name.as_str().unwrap()).is_some(),
                        "{place} has no {name}"
                    );
                }
            }
            word => panic!("{place}: the schema says `{word}`, which this check doesn't know"),
        }
    }
}

/// Titles as no document should have them, past the door that refuses them.
fn hostile() -> Catalogue {
    const TITLES: [&str; 6] = [
        "\"; flush ruleset; add rule inet filter input accept; \"",
        "\n}\nflush ruleset\n#",
        "\r\naccess-list outside permit ip any any\n",
        "${x} %{y} {{z}} `id` $(id) ? ! # */ <!-- -->",
        "\u{202e}\u{2028}\u{0}\u{1b}[31m",
        "', '\"\\",
    ];
    let mut catalogue = embedded::read().expect("it is valid");
    for (index, set) in catalogue.sets.iter_mut().enumerate() {
        TITLES[index % TITLES.len()].clone_into(&mut set.title);
        for (number, flow) in set.flows.iter_mut().enumerate() {
            flow.title = Some(TITLES[(index + number) % TITLES.len()].to_owned());
        }
    }
    catalogue
}

fn written(catalogue: Catalogue, out: &Path, templates: &[String]) {
    let request = Request {
        out: out.to_owned(),
        words: Words {
            target: Some(vec!["none".to_owned()]),
            template: Some(templates.to_vec()),
            ..Words::default()
        },
        ..Request::default()
    };
    generate_from(catalogue, &request).expect("hostile facts are facts");
}

#[test]
fn no_fact_breaks_out_of_its_place() {
    let desk = Desk::new();
    desk.write(
        "own.hbs",
        "# {{header}}\n{{#each permits}}\nplain \"{{description}}\"\njson {{json description}}\ncsv {{csv description}}\nshell {{shell description}}\n{{/each}}\n",
    );
    let own = desk.file("own.hbs").display().to_string();
    let templates: Vec<String> = ["nftables", "edl", "cisco-asa"]
        .map(str::to_owned)
        .into_iter()
        .chain([own])
        .collect();
    written(hostile(), &desk.file("hostile"), &templates);
    written(embedded::read().unwrap(), &desk.file("benign"), &templates);
    let (hostile, benign) = (desk.files("hostile"), desk.files("benign"));
    let is_text = |path: &&String| {
        path.contains("/nftables/") || path.contains("/edl/") || path.contains("/cisco-asa/")
    };
    let texts: Vec<&String> = hostile.keys().filter(is_text).collect();
    assert_eq!(texts, benign.keys().filter(is_text).collect::<Vec<_>>());
    assert!(texts.len() > 10);
    for path in texts {
        let (bad, good): (Vec<&str>, Vec<&str>) = (
            hostile[path].split('\n').collect(),
            benign[path].split('\n').collect(),
        );
        assert_eq!(bad.len(), good.len(), "{path} has other lines");
        for (bad, good) in bad.iter().zip(&good) {
            let is_comment = good.trim_start().starts_with('#') || good.contains(" remark ");
            assert!(bad == good || is_comment, "{path}: {bad}");
            assert!(
                bad.bytes()
                    .all(|b| b == b'\t' || (b' '..=b'~').contains(&b)),
                "{path}: {bad}"
            );
            if bad != good && good.contains(" remark ") {
                let start = good.split(" remark ").next().unwrap();
                assert!(bad.starts_with(start), "{path}: {bad}");
            }
        }
        if path.ends_with("/rules.nft")
            && let Some(Err(said)) = nft_takes(&hostile[path])
        {
            panic!("{path}:\n{said}");
        }
    }
    let own = &hostile["worldwide/outbound-server-only/own/own.txt"];
    for line in own.lines().skip(1) {
        let (form, value) = line.split_once(' ').expect("a form and a value");
        match form {
            "plain" => assert!(
                !value.trim_matches('"').contains(['"', '\\', '$', '`', '{']),
                "{line}"
            ),
            "json" => assert!(serde_json::from_str::<String>(value).is_ok(), "{line}"),
            "csv" => {
                let inner = value
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'));
                assert!(!inner.unwrap().replace("\"\"", "").contains('"'), "{line}");
            }
            "shell" => {
                let script = format!("printf '%s\\n' {value}");
                let output = Command::new("sh").args(["-c", &script]).output().unwrap();
                assert!(output.status.success(), "{line}");
                assert_eq!(
                    String::from_utf8_lossy(&output.stdout).lines().count(),
                    1,
                    "{line}"
                );
            }
            form => panic!("a line begins with `{form}`: {line}"),
        }
    }
}

/// Texts can't be read back, so what they open and close is told from what they were made of.
#[test]
fn a_run_tells_what_texts_open_and_close() {
    let desk = Desk::new();
    let run = desk.generate("--target none --template nftables --template edl --set skype-hybrid-outbound --set teams-mobile-push");
    let run = run.ends(0);
    assert!(
        !run.stdout.contains("Changed"),
        "all of a new folder is new:\n{}",
        run.stdout
    );
    assert!(!desk.generate("").ends(0).stdout.contains("Changed"));
    let check = desk
        .generate("--hosts teams-mobile-push=any --check")
        .ends(2);
    let run = desk.generate("--hosts teams-mobile-push=any").ends(0);
    let line = "+ worldwide/outbound-server-only teams-mobile-push.fcm.mobile_device.fqdn4; opens anywhere over ipv4, tcp/443, tcp/5228, tcp/5229 and 1 more\n";
    for said in [&check.stdout, &run.stdout] {
        assert!(said.contains(line), "no `{line}` in\n{said}");
    }
    let run = desk
        .generate(
            "--port skype-hybrid-outbound.signalling=5062 --set skype-hybrid-outbound --hosts none",
        )
        .ends(0);
    for line in [
        "~ worldwide/outbound-server-only skype-hybrid-outbound.signalling.skype_server.ipv4; opens tcp/5062; closes tcp/5061\n",
        "- worldwide/outbound-server-only teams-mobile-push.fcm.mobile_device.fqdn; closes tcp/443, tcp/5228, tcp/5229, tcp/5230 and 13 more (edl)\n",
        "- worldwide/outbound-server-only teams-mobile-push.fcm.mobile_device.fqdn4; closes anywhere over ipv4, tcp/443, tcp/5228, tcp/5229 and 1 more (nftables)\n",
    ] {
        assert!(run.stdout.contains(line), "no `{line}` in\n{}", run.stdout);
    }
    let run = desk
        .generate("--template edl --reset --target none --set skype-hybrid-outbound")
        .ends(0);
    assert!(
        run.stdout.contains(
            "skype-hybrid-outbound.signalling.skype_server.ipv4; opens tcp/5061; closes tcp/5062"
        ),
        "{}",
        run.stdout
    );
}

/// Every helper stands in the README, by the program's own list of them.
#[test]
fn every_helper_stands_in_the_readme() {
    let desk = Desk::new();
    desk.write("x.hbs", "# {{header}}\n{{nonsense cloud}}\n");
    let run = desk.generate("--template x.hbs").ends(1);
    let (_, names) = run
        .stderr
        .split_once("no helper `nonsense`, but ")
        .expect("it lists what there is");
    let names: Vec<&str> = names.split('`').skip(1).step_by(2).collect();
    assert_eq!(names.len(), 16, "{names:?}");
    for name in names {
        let shown = include_str!("../README.md").contains(&format!("`{name} "));
        assert!(shown, "{name} is not in the README");
    }
}

/// Where a family isn't taken, what would stand there in place of names is a gap, too.
#[test]
fn what_stands_in_place_of_names_keeps_to_what_a_template_takes() {
    let desk = Desk::new();
    desk.write(
        "v4.hbs",
        "# {{header}}\n{{#if cloud}}{{!--\r\n takes:\tipv4\r\n--}}{{/if}}\n",
    );
    desk.generate(
        "--target none --template v4.hbs --set teams-mobile-push --hosts teams-mobile-push=any",
    )
    .ends(0);
    let readme = desk.read("m365/README.md");
    assert!(
        readme.contains("`mtalk4.google.com` over IPv6 | your template `v4` doesn't filter IPv6"),
        "{readme}"
    );
    desk.write("ranges.hbs", "# {{header}}\n{{!-- takes: ranges --}}\n");
    desk.generate("--template ranges.hbs").ends(0);
}

/// A folder that forgets its options still knows which texts it has written.
#[test]
fn a_reset_takes_texts_away_too() {
    let desk = Desk::new();
    desk.write(
        "foo.hbs",
        "# {{header}}\n{{#each permits}}{{key}}\n{{/each}}\n",
    );
    desk.generate("--target none --template foo.hbs --cloud worldwide --cloud china")
        .ends(0);
    desk.generate("--reset --target none --template foo.hbs")
        .ends(0);
    desk.generate("--check").ends(0);
    assert!(
        !desk
            .file("m365/china/inbound-hybrid-server/foo/foo.txt")
            .exists()
    );
    desk.generate("--reset --target azure-nsg").ends(0);
    assert!(
        !desk
            .file("m365/worldwide/inbound-hybrid-server/foo/foo.txt")
            .exists()
    );
}

/// Where what a text opens can't be told, that is told.
#[test]
fn texts_that_change_without_their_permits_are_told() {
    let desk = Desk::new();
    desk.generate("--target generic-firewall --set skype-hybrid-outbound")
        .ends(0);
    let run = desk.generate("--template nftables").ends(0);
    assert!(run.stdout.contains("+ worldwide/outbound-server-only skype-hybrid-outbound.signalling.skype_server.ipv4; opens"), "{}", run.stdout);
    let path = "m365/worldwide/outbound-server-only/nftables/rules.nft";
    desk.write(
        path,
        &desk.read(path).replace("13.107.64.0/18", "0.0.0.0/0"),
    );
    let run = desk.generate("--check").ends(2);
    assert!(
        run.stderr.contains("`worldwide/outbound-server-only/nftables/rules.nft` becomes another text for the same permits"),
        "{}",
        run.stderr
    );
    std::fs::remove_file(desk.file("m365/perimeter365.lock")).unwrap();
    let run = desk
        .generate("--target none --template nftables --set teams-mobile-push")
        .ends(0);
    assert!(
        run.stderr
            .contains("can't be told: nothing says what it was made of"),
        "{}",
        run.stderr
    );
}
