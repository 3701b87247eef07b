//! AWS security groups: which group a network is in, and that it stays there.

mod support;

use std::collections::BTreeSet;

use support::{Desk, rows};

const MAIN: &str = "m365/worldwide/inbound-hybrid-server/aws-security-group/main.tf";
const GRAPH: &str = "graph-change-notifications.webhook_receiver.ipv4";

/// Row 23, and the sets of the AD FS proxies, whose remotes are the user's ranges.
const SETS: &str =
    "--target aws-security-group --set graph-change-notifications --set federation-sts";

fn networks(desk: &Desk, key: &str) -> BTreeSet<String> {
    rows(&desk.read(MAIN))
        .get(key)
        .map_or("", String::as_str)
        .lines()
        .filter(|line| line.starts_with('"'))
        .map(str::to_owned)
        .collect()
}

/// The networks in row 23's first and second group.
fn shares(desk: &Desk) -> [BTreeSet<String>; 2] {
    [GRAPH, &format!("{GRAPH}.2")].map(|key| networks(desk, key))
}

#[test]
fn a_quota_increase_is_for_networks_that_come() {
    let desk = Desk::new();
    desk.generate(
        "--target aws-security-group --set graph-change-notifications --aws-rules-per-group 90",
    )
    .ends(0);
    let [first, second] = shares(&desk);
    assert_eq!((first.len(), second.len()), (90, 4));
    assert!(desk.read(MAIN).contains("\n  rules_per_group = 90\n"));
    for lower_or_higher in ["--aws-rules-per-group 60", "", "--aws-rules-per-group 200"] {
        let run = desk.generate(lower_or_higher).ends(0);
        assert_eq!(shares(&desk), [first.clone(), second.clone()]);
        assert_eq!(run.stderr, "");
    }
    assert!(desk.read(MAIN).contains("\n  rules_per_group = 200\n"));
    desk.generate("--aws-rules-per-group 60").ends(0);
    assert!(
        desk.read(MAIN).contains("\n  rules_per_group = 90\n"),
        "the fullest group still has to pass"
    );
    assert!(!desk.read("m365/perimeter365.lock").contains("aws-rules"));
    desk.generate("--check").ends(0);
}

#[test]
fn the_quota_is_a_number_that_aws_gives() {
    for number in ["0", "1001"] {
        let run = Desk::new()
            .generate(&format!("--aws-rules-per-group {number}"))
            .ends(1);
        assert!(
            run.stderr.contains(&format!(
                "`--aws-rules-per-group {number}`: a security group takes 1 to 1000 rules"
            )),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn ranges_have_a_group_of_their_own() {
    let desk = Desk::new();
    // Row 8 brings networks to the proxies whose clients are a range.
    desk.generate("--target aws-security-group --set federation-sts --set hybrid-proxy-authentication --infer hybrid-proxy-authentication")
        .ends(0);
    let rows = rows(&desk.read(MAIN));
    for (key, row) in &rows {
        let number = if row.contains("range       = ") { 2 } else { 1 };
        assert!(
            row.contains(&format!("group       = {number}\n")),
            "{key}: {row}"
        );
        assert!(!key.ends_with(".2"), "{key}: a range is never divided");
    }
    assert!(rows.values().any(|row| row.contains("networks = [")));
    let readme = desk.read("m365/README.md");
    assert!(
        readme.contains("| `sts_proxy` | worldwide | inbound-hybrid-server | 2 | your range `federation_clients` |"),
        "{readme}"
    );
}

#[test]
fn an_emptied_group_stays_until_it_is_pruned() {
    let desk = Desk::new();
    desk.generate(SETS).ends(0);
    let run = desk.generate("--set federation-sts").ends(0);
    assert!(
        run.stderr.contains("`worldwide/inbound-hybrid-server/webhook_receiver` keeps security groups without rules, `1`, `2`")
            && run.stderr.contains("`--prune-groups`"),
        "{}",
        run.stderr
    );
    assert!(desk.read(MAIN).contains("webhook_receiver = [1, 2]"));
    let readme = desk.read("m365/README.md");
    assert!(
        readme.contains("| `webhook_receiver` | worldwide | inbound-hybrid-server | 2 | nothing any more; detach it,"),
        "{readme}"
    );
    // What comes back finds its groups.
    let run = desk
        .generate("--set graph-change-notifications --set federation-sts")
        .ends(0);
    assert_eq!(run.stderr, "");
    assert_eq!(shares(&desk).map(|share| share.len()), [60, 34]);
    desk.generate("--set federation-sts").ends(0);
    let run = desk.generate("--check --prune-groups").ends(2);
    assert!(
        run.stdout
            .contains("perimeter365 generate --out m365 --prune-groups"),
        "{}",
        run.stdout
    );
    let run = desk.generate("--prune-groups").ends(0);
    assert!(
        run.stderr.contains("lets security groups go, `1`, `2`"),
        "{}",
        run.stderr
    );
    assert!(!desk.read(MAIN).contains("emptied_groups"));
    let lock = desk.read("m365/perimeter365.lock");
    assert!(!lock.contains("webhook_receiver/1\""), "{lock}");
    desk.generate("--check").ends(0);
}

#[test]
fn a_further_port_moves_no_rule_and_the_groups_that_it_needs_are_told() {
    let desk = Desk::new();
    desk.generate(SETS).ends(0);
    let before = shares(&desk);
    let run = desk
        .generate("--port graph-change-notifications=443,8443")
        .ends(0);
    assert!(
        run.stderr.contains(
            "gets another security group, `3`, `4`: it opens nothing until it is attached"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(shares(&desk), before);
    let rows = rows(&desk.read(MAIN));
    let mut second = 0;
    for ending in [".2.slot2", ".3", ".4"] {
        let row = &rows[&format!("{GRAPH}{ending}")];
        assert!(
            row.contains("ports       = [\"8443\"]\nslots       = [2]\n"),
            "{row}"
        );
        second += networks(&desk, &format!("{GRAPH}{ending}")).len();
    }
    assert_eq!(second, 94);
    assert!(rows[GRAPH].contains("ports       = [\"443\"]"));
    let run = desk.generate("").ends(0);
    assert_eq!(
        (run.stderr.as_str(), run.stdout.contains("Changed")),
        ("", false)
    );
    // What is open is told without regard to groups.
    let run = desk
        .generate("--port graph-change-notifications=443")
        .ends(0);
    assert!(
        run.stdout
            .contains("graph-change-notifications.webhook_receiver.ipv4; closes tcp/8443\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_tried_and_taken_back_leaves_no_trace_in_the_groups() {
    let desk = Desk::new();
    desk.generate(
        "--target aws-security-group --set graph-change-notifications --aws-rules-per-group 30",
    )
    .ends(0);
    desk.generate("--aws-rules-per-group 60").ends(0);
    let before = shares(&desk);
    for tried in [
        "--exclude-set graph-change-notifications --set all",
        "--cloud china",
        "--traffic outbound-server-only --set all",
    ] {
        desk.generate(tried).ends(0);
        desk.generate("--set graph-change-notifications --exclude-set none --cloud worldwide --traffic inbound-hybrid-server").ends(0);
        assert_eq!(shares(&desk), before, "{tried}");
    }
}

/// A group of a cloud that is asked for no more can still be attached.
#[test]
fn the_groups_of_a_cloud_that_goes_stay_until_they_are_pruned() {
    let desk = Desk::new();
    desk.generate(&format!("{SETS} --root --cloud worldwide --cloud china"))
        .ends(0);
    let run = desk.generate("--cloud worldwide").ends(0);
    assert!(
        run.stderr.contains("`china/inbound-hybrid-server/webhook_receiver` keeps security groups without rules, `1`"),
        "{}",
        run.stderr
    );
    let china = "m365/china/inbound-hybrid-server/aws-security-group/main.tf";
    assert!(desk.read(china).contains("webhook_receiver = [1]"));
    assert!(
        desk.read("m365/root/aws/calls.tf")
            .contains("china_inbound")
    );
    desk.generate("--check").ends(0);
    let run = desk.generate("--prune-groups").ends(0);
    assert!(
        run.stderr.contains(
            "`china/inbound-hybrid-server/webhook_receiver` lets security groups go, `1`"
        ),
        "{}",
        run.stderr
    );
    assert!(
        !desk
            .files("m365")
            .keys()
            .any(|path| path.starts_with("china"))
    );
    let lock = desk.read("m365/perimeter365.lock");
    assert!(
        !lock.contains("china/inbound-hybrid-server/webhook_receiver/1\""),
        "{lock}"
    );
}

/// What an edited `main.tf` says twice is not for the program to choose from.
#[test]
fn a_lost_lock_is_not_rebuilt_from_rows_that_contradict_themselves() {
    for (from, to, message) in [
        (
            "slots       = [1]",
            "slots       = [0]",
            "0, and they start at 1",
        ),
        (
            "group       = 1",
            "group       = 0",
            "0, and they start at 1",
        ),
        ("group       = 2", "group       = 1", ""),
        ("slots       = [3]", "slots       = [2]", "both have slot 2"),
        (
            "        \"13.78.204.0/32\",\n",
            "        \"13.78.204.0/32\",\n        \"52.159.23.209/32\",\n",
            "is in groups",
        ),
    ] {
        let desk = Desk::new();
        let options =
            format!("{SETS} --port federation-sts.client-tls=49443 --set entra-connect-sso");
        desk.generate(&options).ends(0);
        let text = desk.read(MAIN);
        let edited = text.replace(from, to);
        assert_ne!(text, edited, "{from}");
        desk.write(MAIN, &edited);
        std::fs::remove_file(desk.file("m365/perimeter365.lock")).unwrap();
        let run = desk.generate(&options);
        if message.is_empty() {
            // 94 in a group of 60 make room.
            run.ends(0);
            assert_eq!(shares(&desk).map(|share| share.len()), [60, 34]);
        } else {
            let run = run.ends(1);
            assert!(run.stderr.contains(message), "{from}: {}", run.stderr);
        }
    }
}

/// AWS gives no more than 1000 rules to an interface, however they are shared out.
#[test]
fn many_rules_in_a_group_leave_room_for_few_groups() {
    let run = Desk::new()
        .generate("--target aws-security-group --set federation-sts --set hybrid-proxy-authentication --infer hybrid-proxy-authentication --aws-rules-per-group 501")
        .ends(0);
    assert!(
        run.stderr.contains("`sts_proxy` has 2 security groups in all clouds and traffics, and with 501 rules a group a network interface takes 1"),
        "{}",
        run.stderr
    );
}

/// What the rows have and the lock has not was lost, and giving it anew would move rules.
#[test]
fn a_lock_that_lost_a_table_is_refused() {
    let desk = Desk::new();
    desk.generate(SETS).ends(0);
    let lock = desk.read("m365/perimeter365.lock");
    let without = |table: &str| {
        let (before, rest) = lock
            .split_once(&format!("\n{table}\n"))
            .expect("it is there");
        let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
        format!("{before}\n{after}")
    };
    for (table, message) in [
        ("[slots]", "it has no slots, and the rows in this folder do"),
        ("[groups]", "has no line among the groups"),
        (
            "[members]",
            "it has no groups and members, and the rows in this folder do",
        ),
    ] {
        desk.write("m365/perimeter365.lock", &without(table));
        let run = desk.generate("").ends(1);
        assert!(run.stderr.contains(message), "{table}: {}", run.stderr);
    }
    desk.write("m365/perimeter365.lock", &lock);
    desk.generate("--check").ends(0);
}

#[test]
fn a_lost_lock_lets_go_of_no_group() {
    let desk = Desk::new();
    let options = format!("{SETS} --root");
    desk.generate(&format!("{options} --cloud worldwide --cloud china"))
        .ends(0);
    desk.generate("--cloud worldwide").ends(0);
    let before = desk.files("m365");
    std::fs::remove_file(desk.file("m365/perimeter365.lock")).unwrap();
    desk.generate(&options).ends(0);
    let after = desk.files("m365");
    for path in [
        "root/aws/calls.tf",
        "china/inbound-hybrid-server/aws-security-group/main.tf",
    ] {
        assert_eq!(before[path], after[path], "{path}");
    }
}

#[test]
fn a_role_that_vanishes_is_told_for_each_target() {
    let desk = Desk::new();
    desk.generate("--set graph-change-notifications --set federation-sts")
        .ends(0);
    let run = desk.generate("--set federation-sts").ends(0);
    for target in ["azure-nsg", "generic-firewall"] {
        let told = format!("`{target}` has no rule any more for `webhook_receiver`");
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
    assert!(
        !run.stderr.contains("`aws-security-group` has no rule"),
        "its groups stay"
    );
    let run = desk.generate("--prune-groups").ends(0);
    let told = "`aws-security-group` has no rule any more for `webhook_receiver`";
    assert!(run.stderr.contains(told), "{}", run.stderr);
}

#[test]
fn a_role_with_more_groups_than_an_interface_takes_is_told() {
    let run = Desk::new()
        .generate(&format!("{SETS} --aws-rules-per-group 15"))
        .ends(0);
    assert!(
        run.stderr.contains(
            "`webhook_receiver` has 7 security groups in all clouds and traffics, and with 15 rules a group a network interface takes 5"
        ),
        "{}",
        run.stderr
    );
}

/// The rows say all that the lock did.
#[test]
fn a_lost_lock_is_rebuilt_with_groups_and_slots() {
    let desk = Desk::new();
    let options = format!("{SETS} --port graph-change-notifications=8443");
    desk.generate(&format!("{SETS} --aws-rules-per-group 70"))
        .ends(0);
    desk.generate(&format!("{options} --aws-rules-per-group 60"))
        .ends(0);
    desk.generate("--set graph-change-notifications").ends(0);
    let before = desk.files("m365");
    std::fs::remove_file(desk.file("m365/perimeter365.lock")).unwrap();
    let run = desk
        .generate("--target aws-security-group --set graph-change-notifications --port graph-change-notifications=8443")
        .ends(0);
    assert!(
        run.stderr.contains("its numbers are rebuilt from the rows"),
        "{}",
        run.stderr
    );
    let after = desk.files("m365");
    for (path, text) in &before {
        // How far an emptied group was filled, and the ports that were open once, stand in the lock only.
        if path != "perimeter365.lock" {
            assert_eq!(after[path], *text, "{path}");
        }
    }
    let members = |text: &str| {
        let table = text
            .split("\n[members]\n")
            .nth(1)
            .expect("it has the table");
        table.split("\n[").next().map(str::to_owned)
    };
    assert_eq!(
        members(&after["perimeter365.lock"]),
        members(&before["perimeter365.lock"])
    );
}

#[test]
fn branches_that_filled_the_same_group_are_merged() {
    let desk = Desk::new();
    desk.generate(SETS).ends(0);
    let lock = desk.read("m365/perimeter365.lock");
    let merged = lock.replace(
        "/webhook_receiver/inbound/tcp#1/13.78.204.0/32\" = 1",
        "/webhook_receiver/inbound/tcp#1/13.78.204.0/32\" = 2",
    );
    assert_ne!(lock, merged);
    desk.write("m365/perimeter365.lock", &merged);
    desk.generate("").ends(0);
    assert!(
        shares(&desk)[1].contains("\"13.78.204.0/32\","),
        "as the lock says"
    );
    let clash = lock.replace("/sts_proxy/ranges\" = 1", "/webhook_receiver/ranges\" = 1");
    desk.write("m365/perimeter365.lock", &clash);
    let run = desk.generate("").ends(1);
    assert!(
        run.stderr
            .contains("are both in group 1, and ranges have one of their own")
            && run.stderr.contains("delete the line that came later"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_quota_without_security_groups_has_no_effect_and_that_is_said() {
    let run = Desk::new()
        .generate("--target azure-nsg --aws-rules-per-group 100")
        .ends(0);
    assert!(
        run.stderr.contains("`--aws-rules-per-group` has no effect"),
        "{}",
        run.stderr
    );
}
