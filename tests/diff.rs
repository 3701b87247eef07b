//! `diff`, as its user sees it.

mod support;

use perimeter365::catalogue::document::Document;
use serde_json::{Value, json};
use support::{Desk, Run};

const ARTICLE: &str = include_str!("../src/catalogue/article.json");

/// The article's catalogue as JSON to change, with its ranges beside it.
fn article() -> Value {
    let mut article: Value = serde_json::from_str(ARTICLE).expect("it is JSON");
    let ranges: Value =
        serde_json::from_str(include_str!("../src/catalogue/ranges.json")).expect("it is JSON");
    article["ranges"] = ranges["ranges"].clone();
    article
}

fn set<'a>(catalogue: &'a mut Value, key: &str) -> &'a mut Value {
    let sets = catalogue["sets"].as_array_mut().expect("it has sets");
    sets.iter_mut()
        .find(|set| set["key"] == key)
        .expect("the set is there")
}

fn list(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().expect("it is a list")
}

/// Row 23's worldwide networks.
fn networks(catalogue: &mut Value) -> &mut Vec<Value> {
    let graph = set(catalogue, "graph-change-notifications");
    list(&mut graph["flows"][0]["remotes"][0]["networks"]["value"])
}

/// What differs after `change`, in `format`.
#[track_caller]
fn changed(change: impl Fn(&mut Value), format: &str) -> String {
    let desk = Desk::new();
    let mut catalogue = article();
    desk.write("old.json", &catalogue.to_string());
    change(&mut catalogue);
    desk.write("new.json", &catalogue.to_string());
    let run = desk.run(&format!(
        "diff old.json new.json --detailed-exitcode --format {format}"
    ));
    assert_eq!(run.stderr, "");
    run.ends(2).stdout
}

#[track_caller]
fn shows(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

fn parsed(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).expect("`--format json` prints JSON")
}

// ---- what is said of one change ----

#[test]
fn a_network_more_and_one_less_are_one_line_each() {
    let change = |catalogue: &mut Value| {
        let networks = networks(catalogue);
        networks.retain(|network| network != "13.78.204.0/32");
        networks.insert(0, json!("9.9.9.0/24"));
    };
    shows(
        &changed(change, "text"),
        &[
            "Opens inbound from 1 network (tcp/443), in `graph-change-notifications`.\nCloses inbound from 1 network (tcp/443), in `graph-change-notifications`.\n",
            "Opens:\n  graph-change-notifications (row 23) AddedIp, RemovedIp\n    inbound tcp/443, worldwide, for webhook_receiver: +1 network\n      + 9.9.9.0/24\n",
            "      - 13.78.204.0/32\n",
        ],
    );
    let markdown = changed(change, "markdown");
    assert!(
        markdown.starts_with(
            "**Opens inbound from 1 network (tcp/443), in `graph-change-notifications`.**\n"
        ),
        "{markdown}"
    );
    shows(
        &markdown,
        &[
            "| `graph-change-notifications` | 23 | inbound tcp/443 | worldwide | `webhook_receiver` | `9.9.9.0/24` | AddedIp, RemovedIp |",
        ],
    );
    let json: Value = serde_json::from_str(&changed(change, "json")).expect("it is JSON");
    assert_eq!(json["access"], "both");
    let set = &json["sets"][0];
    assert_eq!(set["impacts"], json!(["AddedIp", "RemovedIp"]));
    assert_eq!(set["new"], json!({"row": 23, "edition": "2025-01-08"}));
    assert_eq!(
        set["changes"],
        json!([{
            "direction": "inbound", "protocol": "tcp", "ports": ["443"], "clouds": ["worldwide"],
            "roles": ["webhook_receiver"], "standing": "open",
            "added": ["9.9.9.0/24"], "removed": ["13.78.204.0/32"],
        }])
    );
}

#[test]
fn a_network_or_host_that_others_held_opens_nothing() {
    let inside = |catalogue: &mut Value| {
        let networks = networks(catalogue);
        let at = networks
            .iter()
            .position(|network| network == "20.20.32.0/19");
        // One of its halves stands in its place.
        networks[at.expect("it is there")] = json!("20.20.32.0/20");
        let health = &mut set(catalogue, "entra-connect-sync")["flows"][1];
        list(&mut health["remotes"][0]["hosts"]["value"]).push(json!("x.servicebus.windows.net"));
    };
    shows(
        &changed(inside, "text"),
        &[
            "Opens nothing.\nCloses inbound from 1 network (tcp/443)",
            "outbound tcp/443, 5671, worldwide, for entra_connect_server: +1 host name (open already, inside what was there)",
            "AddedUrl",
        ],
    );
}

#[test]
fn ports_and_roles_are_told_apart_from_addresses() {
    let change = |catalogue: &mut Value| {
        let skype = set(catalogue, "skype-hybrid-outbound");
        skype["flows"][2]["ports"]["value"] = json!(["5061", "5067"]);
        let stream = set(catalogue, "mailbox-migration");
        stream["flows"][0]["direction"]["value"] = json!("outbound");
    };
    let text = changed(change, "text");
    shows(
        &text,
        &[
            "skype-hybrid-outbound (row 13) OtherNonPriorityChanges\n    outbound tcp/5067, worldwide, for skype_server: +2 networks",
            "directions `inbound` becomes `outbound`",
            "outbound tcp/443, worldwide, for ews_mrs_proxy: +34 networks of the range `exchange_online`",
        ],
    );
    assert!(!text.contains("AddedIp"), "{text}");
}

#[test]
fn what_is_closed_by_default_is_shown_and_opens_nothing() {
    let change = |catalogue: &mut Value| {
        let winrm = &mut set(catalogue, "entra-connect-sso")["flows"][1];
        winrm["ports"]["value"] = json!(["5985", "5986"]);
        let mfa = &mut set(catalogue, "mfa-server")["flows"][0];
        list(&mut mfa["remotes"][0]["hosts"]["value"]).push(json!("zz.example.com"));
        let sites = &mut set(catalogue, "trusted-sites-identity")["sites"];
        list(&mut sites["hosts"]["value"]).push(json!("zz.example.com"));
    };
    shows(
        &changed(change, "text"),
        &[
            "Opens nothing.\nCloses nothing.\nOther changes in 3 sets.",
            "inbound tcp/5986, all clouds, for sts, sts_proxy: +1 range of yours (closed until let in with `--infer entra-connect-sso`)",
            "+1 host name (closed, the service has ended; `--include-retired mfa-server` opens it)",
            "browser setting, worldwide, for browser: +1 host name (nothing in a firewall)",
        ],
    );
}

#[test]
fn a_fact_that_is_stated_at_last_and_a_service_that_ends_are_access() {
    let change = |catalogue: &mut Value| {
        let flow = &mut set(catalogue, "hybrid-entra-authentication")["flows"][0];
        flow["ports"]["basis"] = json!("stated");
        set(catalogue, "graph-change-notifications")["retired"] = json!("2026-01-31");
    };
    shows(
        &changed(change, "text"),
        &[
            "Opens outbound to 1 host name (tcp/443), in `hybrid-entra-authentication`.",
            "+1 host name (a source says now what was only inferred)\n      + *.msappproxy.net",
            "Closes inbound from ",
            "-106 networks (the service has ended)",
            "the service has ended: `2026-01-31`",
        ],
    );
}

#[test]
fn a_renamed_set_is_one_set_and_opens_nothing() {
    let change = |catalogue: &mut Value| {
        set(catalogue, "support-recovery-assistant")["key"] = json!("sara");
    };
    shows(
        &changed(change, "text"),
        &[
            "Opens nothing.\nCloses nothing.\nOther changes in 1 set.",
            "sara (was `support-recovery-assistant`) (row 2) OtherNonPriorityChanges: another name",
        ],
    );
    // With other endpoints it is another set.
    let other = |catalogue: &mut Value| {
        let set = set(catalogue, "support-recovery-assistant");
        set["key"] = json!("sara");
        set["flows"][0]["remotes"][0]["hosts"]["value"] = json!(["zz.example.com"]);
    };
    shows(
        &changed(other, "text"),
        &[
            "sara (new) (row 2) AddedUrl",
            "support-recovery-assistant (gone) (row 2) RemovedUrl",
        ],
    );
}

#[test]
fn what_is_gone_from_one_set_and_come_in_another_has_moved() {
    let change = |catalogue: &mut Value| {
        networks(catalogue).retain(|network| network != "20.20.32.0/19");
        let autodetect = &mut set(catalogue, "autodetect")["flows"][0]["remotes"][0];
        list(&mut autodetect["networks"]["value"]).insert(0, json!("20.20.32.0/19"));
        // Gone nowhere from the other clouds of that set: there, it has only come.
        autodetect["clouds"]["value"] = json!(["worldwide"]);
    };
    let json: Value = serde_json::from_str(&changed(change, "json")).expect("it is JSON");
    assert_eq!(
        json["moves"],
        json!([{
            "from": ["graph-change-notifications"], "to": ["autodetect"],
            "clouds": ["worldwide"], "elements": ["20.20.32.0/19"],
        }])
    );
    let impacts: Vec<&Value> = json["sets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|set| &set["impacts"])
        .collect();
    assert_eq!(
        impacts,
        [
            &json!(["RemovedIp", "MovedIpOrUrl"]),
            &json!(["MovedIpOrUrl"])
        ]
    );
    shows(
        &changed(change, "markdown"),
        &["- moved from `graph-change-notifications` to `autodetect`, worldwide: `20.20.32.0/19`"],
    );
}

#[test]
fn rows_that_only_move_are_one_line() {
    let change = |catalogue: &mut Value| {
        let sets = list(&mut catalogue["sets"]);
        sets.retain(|set| set["key"] != "skype-screen-sharing");
        for set in sets {
            let row = set["row"].as_u64().expect("it has a row");
            set["row"] = json!(if row > 12 { row - 1 } else { row });
        }
        catalogue["source"]["edition"] = json!("2026-01-01");
    };
    shows(
        &changed(change, "text"),
        &["Article rows (OtherNonPriorityChanges):\n  rows 13 to 25 are 12 to 24 now\n"],
    );
    shows(
        &changed(change, "markdown"),
        &[
            "- rows 13 to 25 are 12 to 24 now (`OtherNonPriorityChanges`)",
            "Rows are those of edition `2026-01-01`; what is gone, and what was, of `2025-01-08`.",
            "edition `2025-01-08` (`sha256:",
        ],
    );
    let json: Value = serde_json::from_str(&changed(change, "json")).expect("it is JSON");
    let sets = json["sets"].as_array().expect("it has sets");
    assert_eq!(sets.len(), 14);
    assert_eq!(
        (&sets[13]["old"]["row"], &sets[13]["new"]["row"]),
        (&json!(25), &json!(24))
    );
}

#[test]
fn titles_can_break_no_format() {
    let change = |catalogue: &mut Value| {
        set(catalogue, "stream")["title"] = json!("`<script>` | @team [x](y) **");
    };
    shows(
        &changed(change, "markdown"),
        &["title `Microsoft Stream` becomes `'<script>' | @team [x](y) **`"],
    );
}

#[test]
fn long_lists_are_folded_and_never_cut_silently() {
    let change = |catalogue: &mut Value| {
        let networks = networks(catalogue);
        let more = (0..30).map(|number| json!(format!("9.9.{}.0/24", number * 2)));
        networks.splice(0..0, more);
    };
    let markdown = changed(change, "markdown");
    shows(
        &markdown,
        &[
            "| 30 networks, listed below |",
            "<details><summary><code>graph-change-notifications</code>, inbound tcp/443, worldwide: 30 networks</summary>\n\n```text\n9.9.0.0/24\n",
            "\n9.9.58.0/24\n```\n",
        ],
    );
    shows(&changed(change, "text"), &["9.9.6.0/24 and 26 more\n"]);
}

// ---- what OLD and NEW name ----

#[test]
fn nothing_differs_between_the_program_and_itself() {
    let desk = Desk::new();
    let run = desk
        .run("diff embedded embedded --detailed-exitcode")
        .ends(0);
    assert!(
        run.stdout.starts_with("No differences.\n"),
        "{}",
        run.stdout
    );
    shows(
        &run.stdout,
        &[
            "old: the embedded catalogue: Other endpoints",
            "edition 2025-01-08 (sha256:",
        ],
    );
    let mut catalogue = article();
    catalogue["source"]["title"] = json!("a copy");
    desk.write("copy.json", &catalogue.to_string());
    let run = desk
        .run("diff embedded copy.json --detailed-exitcode --format json")
        .ends(0);
    assert_eq!(parsed(&run)["sets"], json!([]));
}

#[test]
fn without_the_option_differences_are_no_finding() {
    let desk = Desk::new();
    let mut catalogue = article();
    list(&mut catalogue["sets"]).truncate(3);
    desk.write("new.json", &catalogue.to_string());
    desk.run("diff embedded new.json").ends(0);
}

#[test]
fn what_names_nothing_is_told_for_both_sides_at_once() {
    let desk = Desk::new();
    desk.write("web.json", "[{\"id\": 1}]");
    desk.write(
        "page.md",
        "# Endpoints that the Microsoft 365 web service lacks\n",
    );
    desk.write("other.txt", "hello");
    desk.write("broken.json", "{ \"schema\": 1, \"sets\": [ }");
    desk.write("folder/readme.txt", "hello");
    desk.run("diff embeded nowhere.json").refuses(&[
        "`OLD` does not know `embeded`; did you mean `embedded`?",
        "`NEW nowhere.json`: there is no such file or folder",
    ]);
    desk.run("diff web.json page.md").refuses(&[
        "`web.json`: entry 1: it has no `serviceArea`",
        "`page.md`: it is no JSON, and has no table with a row of the article",
    ]);
    desk.run("diff other.txt broken.json").refuses(&[
        "`other.txt`: it is no JSON, and has no table",
        "broken.json: `line 1, column 26`",
    ]);
    desk.run("diff folder embedded")
        .refuses(&["`folder`: nothing in this folder was written by perimeter365"]);
}

#[test]
fn every_defect_of_a_catalogue_is_told() {
    let desk = Desk::new();
    let mut catalogue = article();
    networks(&mut catalogue)[0] = json!("10.0.0.5/24");
    set(&mut catalogue, "stream")["traffic"] = json!("users");
    desk.write("bad.json", &catalogue.to_string());
    desk.run("diff embedded bad.json")
        .refuses(&["has host bits", "`stream.traffic`"]);
}

#[test]
fn a_folder_stands_for_its_facts_within_its_options() {
    let desk = Desk::new();
    desk.generate("--cloud china --exclude-set entra-connect-sso --target generic-firewall")
        .ends(0);
    let run = desk.run("diff m365 embedded --detailed-exitcode").ends(0);
    shows(
        &run.stdout,
        &[
            "No differences.",
            "note: compared within the folder's options: clouds `china`; traffic `inbound-hybrid-server`, `outbound-server-only`; without `entra-connect-sso`\n",
            "old: the facts of a folder (sha256:",
        ],
    );
    // What the folder doesn't ask for is no difference; what it does is one.
    let mut catalogue = article();
    networks(&mut catalogue).insert(0, json!("9.9.9.0/24"));
    desk.write("new.json", &catalogue.to_string());
    desk.run("diff m365 new.json --detailed-exitcode").ends(0);
    desk.generate("--cloud worldwide").ends(0);
    let run = desk.run("diff m365 new.json --detailed-exitcode").ends(2);
    shows(&run.stdout, &["+ 9.9.9.0/24"]);
}

#[test]
fn what_a_folder_lets_in_is_open_in_it() {
    let desk = Desk::new();
    let mut catalogue = article();
    set(&mut catalogue, "network-connectivity-status")["flows"][0]["ports"]["value"] =
        json!(["80", "443"]);
    desk.write("new.json", &catalogue.to_string());
    desk.generate("").ends(0);
    shows(
        &desk.run("diff m365 new.json").ends(0).stdout,
        &["Opens nothing."],
    );
    desk.generate("--infer network-connectivity-status").ends(0);
    shows(
        &desk.run("diff m365 new.json").ends(0).stdout,
        &[
            "Opens outbound to 1 host name (tcp/443)",
            "inferred facts let in for `network-connectivity-status`",
        ],
    );
}

#[test]
fn two_folders_are_compared_by_what_their_rows_open() {
    let desk = Desk::new();
    desk.run("generate --out old --set hybrid-entra-authentication --set autodetect --infer")
        .ends(0);
    desk.run("generate --out new --set hybrid-entra-authentication --set autodetect --infer --hosts hybrid-entra-authentication=any").ends(0);
    let run = desk.run("diff old new --detailed-exitcode").ends(2);
    shows(
        &run.stdout,
        &[
            "Opens outbound to anywhere over IPv4 and IPv6 (tcp/443), in `hybrid-entra-authentication`.",
            "hybrid-entra-authentication (row 11) AddedIp",
            "+anywhere over IPv4 and IPv6 in place of host names",
            "old: the rows of a folder (sha256:",
        ],
    );
    let markdown = desk.run("diff old new --format markdown").ends(0).stdout;
    shows(
        &markdown,
        &["| **anywhere over IPv4**, **anywhere over IPv6** in place of host names |"],
    );
    let json = parsed(&desk.run("diff old new --format json").ends(0));
    assert_eq!(
        json["sets"][0]["changes"][0]["added"],
        json!(["anywhere:ipv4", "anywhere:ipv6"])
    );
    // From anywhere, names in a target that filters by name open nothing more; but they do the other way.
    let run = desk.run("diff new old").ends(0);
    shows(
        &run.stdout,
        &["Opens nothing.\nCloses outbound to anywhere"],
    );
}

#[test]
fn a_service_tag_and_a_range_of_ones_own_stay_names() {
    let desk = Desk::new();
    desk.run("generate --out old --set entra-connect-sync --target azure-nsg")
        .ends(0);
    desk.run("generate --out new --set entra-connect-sync --set federation-sts --target azure-nsg --hosts entra-connect-sync.sync=service-tag:AzureActiveDirectory").ends(0);
    shows(
        &desk.run("diff old new").ends(0).stdout,
        &[
            "Opens inbound from 1 range of yours (tcp/443, tcp/49443); outbound to 1 service tag (tcp/443)",
            "+ service tag AzureActiveDirectory",
            "+ your range federation_clients",
        ],
    );
}

#[test]
fn targets_that_say_the_same_in_other_rows_open_the_same() {
    let desk = Desk::new();
    desk.run("generate --out old --set graph-change-notifications --target azure-nsg")
        .ends(0);
    desk.run("generate --out new --set graph-change-notifications --target aws-security-group")
        .ends(0);
    let run = desk.run("diff old new --detailed-exitcode").ends(0);
    assert!(run.stdout.starts_with("No differences."), "{}", run.stdout);
}

#[test]
fn folders_without_rows_are_compared_by_their_facts_and_that_is_said() {
    let desk = Desk::new();
    desk.run(
        "generate --out old --target none --template nftables --set graph-change-notifications",
    )
    .ends(0);
    desk.run("generate --out new --target none --template nftables --set skype-hybrid-outbound")
        .ends(0);
    let run = desk.run("diff old new").ends(0);
    shows(
        &run.stdout,
        &[
            "graph-change-notifications (gone)",
            "skype-hybrid-outbound (new)",
            "note: a folder has no rows, and texts can't be read back: both stand for their facts",
        ],
    );
    // With rows on both sides, texts are left out, and that is said too.
    desk.run("generate --out old --target generic-firewall")
        .ends(0);
    desk.run("generate --out new --target generic-firewall")
        .ends(0);
    shows(
        &desk.run("diff old new").ends(0).stdout,
        &["note: formats of text are left out"],
    );
}

#[test]
fn damaged_rows_are_named() {
    let desk = Desk::new();
    desk.generate("--target generic-firewall").ends(0);
    let path = "m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf";
    let text = desk
        .read(path)
        .replace("direction   = \"inbound\"", "direction   = \"sideways\"");
    desk.write(path, &text);
    desk.run("diff m365 embedded")
        .refuses(&["main.tf`: row `", "`sideways` is not known"]);
}

#[test]
fn what_stands_twice_in_rows_is_told_at_its_line() {
    let desk = Desk::new();
    desk.generate("--target generic-firewall").ends(0);
    let path = "m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf";
    let text = desk.read(path);
    let (head, rows) = text.split_once("  rules = {\n").expect("it has rows");
    let end = rows.find("\n    }\n").expect("it has one at least") + "\n    }\n".len();
    let (row, rest) = rows.split_at(end);
    let protocol = row.lines().find(|line| line.contains(" protocol "));
    let protocol = protocol.expect("every row has one");
    let again = row.replace(protocol, &format!("{protocol}\n{protocol}"));
    let damaged = format!("{head}  rules = {{\n{row}{again}{rest}");
    desk.write(path, &damaged);
    let nth = |start: &str, index: usize| {
        let lines = damaged.lines().zip(1..);
        let mut lines = lines.filter(|(line, _)| line.starts_with(start));
        lines.nth(index).expect("it was written so").1
    };
    let key = row.split('"').nth(1).expect("a key is quoted");
    desk.run("diff m365 embedded").refuses(&[
        &format!("line {}: the key `{key}` stands twice", nth("    \"", 1)),
        &format!("line {}: the key `protocol` stands twice", nth(protocol, 2)),
    ]);
}

#[test]
fn rows_that_have_to_be_worked_out_are_refused_at_their_line() {
    let desk = Desk::new();
    desk.generate("--target generic-firewall").ends(0);
    let path = "m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf";
    let text = desk.read(path);
    let (head, rest) = text.split_once("= \"tcp\"").expect("it opens TCP");
    desk.write(path, &format!("{head}= lower(\"TCP\"){rest}"));
    let line = head.lines().count();
    desk.run("diff m365 embedded").refuses(&[&format!(
        "main.tf`: line {line}: an expression stands where a literal belongs, at `lower(\"TCP\")`"
    )]);
}

#[test]
fn a_written_document_is_read_as_one() {
    // The schema that `diff` takes is the one that catalogues are written in.
    let document: Document = serde_json::from_str(ARTICLE).expect("it is a catalogue");
    let desk = Desk::new();
    let text = serde_json::to_string(&document).expect("it is JSON");
    desk.write("old.json", &format!("\u{feff}{text}"));
    desk.run("diff old.json old.json --detailed-exitcode")
        .ends(0);
}
