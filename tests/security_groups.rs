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
    desk.generate(&format!("{SETS} --aws-rules-per-group 90"))
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
    let run = Desk::new()
        .generate("--target aws-security-group --port federation-sts.sign-in=80,443 --port graph-change-notifications=80,443 --aws-rules-per-group 1")
        .ends(1);
    assert!(
        run.stderr
            .contains("aws-security-group, worldwide/inbound-hybrid-server/webhook_receiver")
            && run.stderr.contains("`13.78.204.0/32`")
            && run.stderr.contains("https://docs.aws.amazon.com/"),
        "{}",
        run.stderr
    );
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
    assert_eq!(run.stderr, "");
    assert!(!desk.read(MAIN).contains("emptied_groups"));
    let lock = desk.read("m365/perimeter365.lock");
    assert!(!lock.contains("webhook_receiver/1\""), "{lock}");
    desk.generate("--check").ends(0);
}

#[test]
fn more_ports_move_no_more_than_they_must_and_it_is_said() {
    let desk = Desk::new();
    desk.generate(SETS).ends(0);
    let [first, second] = shares(&desk);
    let run = desk
        .generate("--port graph-change-notifications=443,8443")
        .ends(0);
    assert!(
        run.stderr.contains("34 networks of `worldwide/inbound-hybrid-server/webhook_receiver` move to another security group"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains(
            "gets another security group, `3`, `4`: it opens nothing until it is attached"
        ),
        "{}",
        run.stderr
    );
    let [still_first, now_second] = shares(&desk);
    assert_eq!((still_first.len(), now_second.len()), (30, 30));
    assert!(still_first.is_subset(&first) && now_second.is_subset(&second));
    assert_eq!(networks(&desk, &format!("{GRAPH}.3")).len(), 30);
    assert_eq!(networks(&desk, &format!("{GRAPH}.4")).len(), 4);
    assert_eq!(desk.generate("").ends(0).stderr, "");
}

#[test]
fn a_role_with_more_groups_than_an_interface_takes_is_told() {
    let run = Desk::new()
        .generate(&format!("{SETS} --aws-rules-per-group 15"))
        .ends(0);
    assert!(
        run.stderr.contains(
            "`webhook_receiver` has 7 security groups in all, and a network interface takes 5"
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
    let members = |text: &str| text.split("[members]").nth(1).map(str::to_owned);
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
        "/webhook_receiver/inbound/13.78.204.0/32\" = 1",
        "/webhook_receiver/inbound/13.78.204.0/32\" = 2",
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
            && run
                .stderr
                .contains("delete the line of the two that came later"),
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
