//! What users see of `perimeter365 verify`: exit codes, what is said, and of what.

mod support;

use std::fs;

use serde_json::Value;
use support::Desk;

const MAIN: &str = "m365/worldwide/inbound-hybrid-server/azure-nsg/main.tf";

/// A small folder: one set with networks, one with a range of the user's.
fn small() -> Desk {
    let desk = Desk::new();
    desk.generate("--target azure-nsg --set autodetect --set federation-sts --root")
        .ends(0);
    desk
}

/// Changes a file of the folder.
fn edit(desk: &Desk, path: &str, from: &str, to: &str) {
    let before = desk.read(path);
    assert!(before.contains(from), "`{from}` is not in {path}");
    desk.write(path, &before.replacen(from, to, 1));
}

/// What `verify` says of the folder, as JSON.
fn proof(desk: &Desk, code: i32) -> Value {
    let run = desk.run("verify m365 --format json").ends(code);
    serde_json::from_str(&run.stdout).expect("it is JSON")
}

/// File and reason of each obstacle.
fn obstacles(proof: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let obstacles = proof["obstacles"].as_array().expect("a list").iter();
    obstacles
        .map(|obstacle| (text(&obstacle["file"]), text(&obstacle["why"])))
        .collect()
}

#[track_caller]
fn has(proof: &Value, file: &str, why: &str) {
    let obstacles = obstacles(proof);
    let is_it = |(found, said): &(String, String)| found == file && said.contains(why);
    assert!(
        obstacles.iter().any(is_it),
        "`{file}`: `{why}` is not among {obstacles:#?}"
    );
}

#[test]
fn an_equal_folder_is_said_to_be_and_what_no_proof_covers_is_named() {
    let run = small().run("verify m365").ends(0);
    assert_eq!(run.stderr, "");
    assert_eq!(
        run.stdout,
        "m365: equal: 5 rows in 2 folders open exactly what is wanted

Wanted is what these ask for:
  - Other endpoints not included in the Microsoft 365 IP Address and URL web service, 2025-01-08
  - the options --target azure-nsg --set autodetect --set federation-sts --root

Outside the proof:
  - which of your hosts have the roles `exchange_server`, `sts_proxy`: you say so when Terraform applies
  - the networks of the range `federation_clients`: you give them when Terraform applies
"
    );
}

#[test]
fn surplus_and_deficit_are_told_with_row_line_set_role_and_place() {
    let desk = small();
    edit(&desk, MAIN, "52.125.128.0/20", "52.125.128.0/19");
    edit(&desk, MAIN, "        \"52.127.96.0/23\",\n", "");
    let run = desk.run("verify m365").ends(2);
    assert!(
        run.stdout.starts_with(
            "m365: unequal: 1 surplus, 1 deficit, of 5 rows in 2 folders

surplus: worldwide/inbound-hybrid-server/azure-nsg/main.tf:24, row `autodetect.exchange_server.ipv4`
  open, and not wanted: inbound tcp 443 from
    52.125.144.0/20 (line 34)
  set `autodetect`, article row 10, role `exchange_server`, worldwide/inbound-hybrid-server/azure-nsg

deficit: worldwide/inbound-hybrid-server/azure-nsg/main.tf:24, row `autodetect.exchange_server.ipv4`
  wanted, and not open: inbound tcp 443 from
    52.127.96.0/23
  set `autodetect`, article row 10, role `exchange_server`, worldwide/inbound-hybrid-server/azure-nsg
"
        ),
        "{}",
        run.stdout
    );
}

#[test]
fn programs_get_the_same_as_json() {
    let desk = small();
    edit(&desk, MAIN, "52.125.128.0/20", "52.125.128.0/19");
    edit(&desk, MAIN, "priority    = 100", "priority    = 101");
    let proof = proof(&desk, 1);
    assert_eq!(proof["verdict"], "cannot-tell");
    assert_eq!(proof["rows"], 5);
    assert_eq!(
        proof["places"],
        serde_json::json!([
            "worldwide/inbound-hybrid-server/azure-nsg",
            "worldwide/outbound-server-only/azure-nsg"
        ])
    );
    assert_eq!(
        proof["findings"],
        serde_json::json!([{
            "kind": "surplus",
            "file": "worldwide/inbound-hybrid-server/azure-nsg/main.tf",
            "line": 24,
            "row": "autodetect.exchange_server.ipv4",
            "set": "autodetect",
            "article_row": 10,
            "place": "worldwide/inbound-hybrid-server/azure-nsg",
            "direction": "inbound",
            "role": "exchange_server",
            "protocol": "tcp",
            "ports": ["443"],
            "remotes": [{"remote": "52.125.144.0/20", "line": 34}],
        }])
    );
    assert_eq!(
        proof["obstacles"],
        serde_json::json!([{
            "file": "worldwide/inbound-hybrid-server/azure-nsg/main.tf",
            "line": 42,
            "row": "federation-sts.client-tls.sts_proxy.ipv4",
            "why": "priority is 101, and the lock gives 100",
            "remedy": "undo the edit, or generate again",
        }])
    );
    assert_eq!(proof["outside"].as_array().map(Vec::len), Some(2));
}

#[test]
fn long_lists_are_cut_for_readers_and_whole_for_programs() {
    let desk = small();
    let many: Vec<String> = (0..40)
        .map(|number| format!("        \"198.51.{number}.0/32\",\n"))
        .collect();
    edit(
        &desk,
        MAIN,
        "        \"52.127.96.0/23\",\n",
        &format!("        \"52.127.96.0/23\",\n{}", many.concat()),
    );
    let run = desk.run("verify m365").ends(2);
    assert!(
        run.stdout
            .contains("    … and 28 more; `--format json` has them all\n"),
        "{}",
        run.stdout
    );
    assert_eq!(
        proof(&desk, 2)["findings"][0]["remotes"]
            .as_array()
            .map(Vec::len),
        Some(40)
    );
}

#[test]
fn every_obstacle_is_named_in_one_run() {
    let desk = small();
    let outbound = "worldwide/outbound-server-only/azure-nsg";
    let inbound = "worldwide/inbound-hybrid-server/azure-nsg";
    edit(&desk, MAIN, "priority    = 110", "priority    = 1100");
    edit(&desk, MAIN, "  source = ", "  count = 0\n  source = ");
    edit(&desk, MAIN, "= var.allow_any", "= [\"federation_clients\"]");
    edit(
        &desk,
        MAIN,
        "kind        = \"ipv4\"",
        "kinds       = \"ipv4\"",
    );
    desk.write(&format!("m365/{inbound}/main_override.tf"), "");
    desk.write(&format!("m365/{inbound}/#main.tf"), "");
    desk.write(
        &format!("m365/{outbound}/main.tf"),
        "module \"rules\" {\n  rules = merge({}, {})\n}\n",
    );
    fs::remove_file(desk.file(&format!("m365/{outbound}/versions.tf"))).unwrap();
    edit(
        &desk,
        "m365/modules/azure-nsg/main.tf",
        "\"Allow\"",
        "\"Deny\"",
    );
    edit(&desk, "m365/root/azure/calls.tf", "var.tags", "{}");
    desk.write("m365/root/azure/provider.tf", "");
    desk.write("m365/china/user/azure-nsg/old.tf", "");
    let proof = proof(&desk, 1);
    let main = format!("{inbound}/main.tf");
    has(&proof, &main, "priority is 1100, and the lock gives 110");
    has(&proof, &main, "the attribute `count` doesn't belong there");
    has(
        &proof,
        &main,
        "`allow_any` is not passed on as `var.allow_any`",
    );
    has(&proof, &main, "the module has no field `kinds`");
    has(&proof, &main, "the row has no field `kind`");
    for foreign in [
        &format!("{inbound}/main_override.tf"),
        &format!("{inbound}/#main.tf"),
        "root/azure/provider.tf",
        "china/user/azure-nsg/old.tf",
    ] {
        has(&proof, foreign, "the program did not write it");
    }
    let main = format!("{outbound}/main.tf");
    has(
        &proof,
        &main,
        "an expression stands where a literal belongs",
    );
    has(&proof, &format!("{outbound}/versions.tf"), "it is missing");
    has(
        &proof,
        "modules/azure-nsg/main.tf",
        "it is not what the program has there",
    );
    has(&proof, "root/azure/calls.tf", "`tags` is not `var.tags`");
    let text = desk.run("verify m365").ends(1).stdout;
    assert!(text.contains("can't tell, because of"), "{text}");
    assert!(text.contains("to mend it: "), "{text}");
}

#[test]
fn a_row_that_the_lock_does_not_know_is_told_for_what_it_opens() {
    let desk = small();
    let row = r#"    "mine.exchange_server.ipv4" = {
      set         = "mine"
      description = "Mine"
      direction   = "inbound"
      priority    = 4000
      role        = "exchange_server"
      protocol    = "tcp"
      ports       = ["1-65535"]
      kind        = "ipv4"
      anywhere    = true
    }
"#;
    edit(
        &desk,
        MAIN,
        "  rules = {\n",
        &format!("  rules = {{\n{row}"),
    );
    let proof = proof(&desk, 2);
    assert_eq!(proof["findings"][0]["kind"], "surplus");
    assert_eq!(proof["findings"][0]["row"], "mine.exchange_server.ipv4");
    assert_eq!(proof["findings"][0]["remotes"][0]["remote"], "0.0.0.0/0");
}

#[test]
fn what_can_not_be_read_is_not_called_missing() {
    let desk = small();
    edit(&desk, MAIN, "\"443\"", "443");
    let items = proof(&desk, 1);
    assert_eq!(obstacles(&items).len(), 1, "{items:#}");
    assert_eq!(items["findings"], serde_json::json!([]));
    edit(&desk, MAIN, "rules = {", "rules = <<<<<<< HEAD {");
    let file = proof(&desk, 1);
    assert_eq!(obstacles(&file).len(), 1, "{file:#}");
    assert_eq!(file["findings"], serde_json::json!([]));
}

#[test]
fn a_comment_is_not_ended_by_what_begins_it() {
    // To Terraform, all of the row is a comment.
    let desk = small();
    let row = "    \"autodetect.exchange_server.ipv4\" = {";
    edit(&desk, MAIN, row, &format!("/*/\n{row}"));
    edit(&desk, MAIN, "\n    }\n", "\n    }\n/*/\n");
    assert_eq!(proof(&desk, 2)["findings"][0]["kind"], "deficit");

    // And here the network is none.
    let desk = small();
    let network = "\"52.125.128.0/20\",";
    let hidden = format!("{network}\n/*/ # */ \"0.0.0.0/0\",");
    edit(&desk, MAIN, network, &hidden);
    let surplus = &proof(&desk, 2)["findings"][0];
    assert_eq!(surplus["kind"], "surplus");
    assert_eq!(surplus["remotes"][0]["line"], 35);
}

#[test]
fn what_is_written_twice_is_told_at_the_second_line() {
    let desk = small();
    edit(
        &desk,
        MAIN,
        "      role        =",
        "      role        = \"sts\"\n      role        =",
    );
    let run = desk.run("verify m365").ends(1);
    assert!(
        run.stdout
            .contains("main.tf:30\n  the key `role` stands twice\n"),
        "{}",
        run.stdout
    );
}

#[cfg(unix)]
#[test]
fn links_and_names_that_are_no_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let place = "worldwide/inbound-hybrid-server/azure-nsg";
    let desk = small();
    let name = OsStr::from_bytes(b"\xff.tf");
    fs::write(desk.file("m365").join(place).join(name), "").unwrap();
    has(
        &proof(&desk, 1),
        &format!("{place}/\u{fffd}.tf"),
        "its name is no text",
    );

    let desk = small();
    fs::rename(desk.file(MAIN), desk.file("kept")).unwrap();
    symlink(desk.file("kept"), desk.file(MAIN)).unwrap();
    has(
        &proof(&desk, 1),
        &format!("{place}/main.tf"),
        "it is no file",
    );

    let desk = small();
    fs::rename(desk.file("m365/worldwide"), desk.file("kept")).unwrap();
    symlink(desk.file("kept"), desk.file("m365/worldwide")).unwrap();
    let proof = proof(&desk, 1);
    has(&proof, "worldwide", "it is no folder");
    let links = obstacles(&proof)
        .iter()
        .filter(|(file, _)| file == "worldwide")
        .count();
    assert_eq!(links, 1, "it is in the way of many folders, and one thing");

    let desk = small();
    fs::write(desk.file(MAIN), b"\xff\n").unwrap();
    has(
        &self::proof(&desk, 1),
        &format!("{place}/main.tf"),
        "it can't be read",
    );
}

#[test]
fn keys_are_shown_so_that_they_cannot_hide_or_forge_anything() {
    let desk = small();
    let key = "\"autodetect.exchange_server.ipv4\"";
    edit(
        &desk,
        MAIN,
        key,
        "\"\\u202e\\nequal: all is well\\u001b[2J\"",
    );
    let run = desk.run("verify m365").ends(2);
    assert!(
        !run.stdout.contains(['\u{202e}', '\u{1b}']),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("\nequal:"), "{}", run.stdout);
    assert!(
        run.stdout.contains("row `\\u{202e}\\nequal: all is well"),
        "{}",
        run.stdout
    );
}

#[test]
fn modules_from_elsewhere_are_named_and_their_source_is_held() {
    let desk = Desk::new();
    let source = "git::https://example.com/modules.git//{target}?ref=v1";
    desk.generate(&format!(
        "--target azure-nsg --set autodetect --module-source {source}"
    ))
    .ends(0);
    let run = desk.run("verify m365").ends(0);
    assert!(
        run.stdout.contains(&format!("  - the modules, which Terraform takes from `{source}`: compare them with `modules/` of this program\n")),
        "{}",
        run.stdout
    );
    edit(&desk, MAIN, "ref=v1", "ref=v2");
    has(
        &proof(&desk, 1),
        "worldwide/inbound-hybrid-server/azure-nsg/main.tf",
        "`source` is not `git::https://example.com/modules.git//azure-nsg?ref=v1`",
    );
}

#[test]
fn service_tags_are_named_and_hold_for_one_side_alone() {
    let desk = Desk::new();
    desk.generate("--target azure-nsg --traffic outbound-server-only --hosts entra-connect-sync.sync=service-tag:AzureActiveDirectory")
        .ends(0);
    let run = desk.run("verify m365").ends(0);
    let told = "  - the addresses of the service tag `AzureActiveDirectory`: Azure knows them\n";
    assert!(run.stdout.contains(told), "{}", run.stdout);
    // The module takes other addresses of the hosts' own by it.
    let main = "worldwide/outbound-server-only/azure-nsg/main.tf";
    let tag = "\n      service_tag";
    edit(
        &desk,
        &format!("m365/{main}"),
        &format!("\"ipv4\"{tag}"),
        &format!("\"ipv6\"{tag}"),
    );
    has(
        &proof(&desk, 1),
        main,
        "`service_tag` means nothing beside the kind `ipv6`",
    );
}

#[test]
fn texts_are_outside_the_proof() {
    let desk = Desk::new();
    desk.generate("--target none --set autodetect --template edl")
        .ends(0);
    let run = desk.run("verify m365").ends(1);
    for said in [
        "m365: can't tell, because of 1 obstacle",
        "it has nothing that Terraform reads, so there is nothing to prove",
        "the texts of `edl`: they can't be read back; `generate --check` compares them byte for byte",
    ] {
        assert!(run.stdout.contains(said), "{}", run.stdout);
    }
}

#[test]
fn nothing_is_proved_without_what_the_folder_remembers() {
    let desk = small();
    desk.run("verify nowhere")
        .refuses(&["`nowhere`: there is no such folder"]);
    desk.run(&format!("verify {MAIN}")).refuses(&["main.tf"]);
    fs::create_dir(desk.file("empty")).unwrap();
    desk.run("verify empty")
        .refuses(&["nothing in this folder was written by perimeter365"]);

    let lock = desk.read("m365/perimeter365.lock");
    desk.write("m365/perimeter365.lock", &format!("{lock}<<<<<<< HEAD\n"));
    desk.run("verify m365").refuses(&["perimeter365.lock"]);
    fs::remove_file(desk.file("m365/perimeter365.lock")).unwrap();
    desk.run("verify m365")
        .refuses(&["`m365/perimeter365.lock`: it is gone", "version control"]);
    desk.write("m365/perimeter365.lock", &lock);

    fs::remove_file(desk.file("m365/perimeter365.facts.json")).unwrap();
    let run = desk.run("verify m365").ends(0);
    assert!(
        run.stderr.contains("perimeter365.facts.json` is gone"),
        "{}",
        run.stderr
    );
    desk.write("m365/perimeter365.facts.json", "{");
    desk.run("verify m365")
        .refuses(&["perimeter365.facts.json"]);
}

/// A catalogue of one set, which opens `network`.
fn catalogue(network: &str) -> String {
    format!(
        r#"{{"schema": 1, "source": {{"title": "Ours", "language": "en", "edition": "1", "url": "https://example.com"}},
        "roles": {{"kiosk": "A kiosk"}},
        "sets": [{{"key": "portal", "title": "The portal", "traffic": "user", "flows": [{{
            "direction": {{"value": "outbound", "basis": "stated"}}, "roles": ["kiosk"],
            "protocol": {{"value": "tcp", "basis": "stated"}}, "ports": {{"value": ["443"], "basis": "stated"}},
            "remotes": [{{"clouds": {{"value": ["worldwide"], "basis": "stated"}},
                "networks": {{"value": ["{network}"], "basis": "stated"}}}}]}}]}}]}}"#
    )
}

#[test]
fn facts_that_came_from_a_file_are_what_is_wanted() {
    let desk = Desk::new();
    desk.write("a.json", &catalogue("192.0.2.0/24"));
    desk.generate("--catalogue a.json --traffic user --target azure-nsg")
        .ends(0);
    fs::remove_file(desk.file("a.json")).unwrap();
    desk.run("verify m365").ends(0);
    edit(
        &desk,
        "m365/perimeter365.facts.json",
        "192.0.2.0/24",
        "192.0.2.0/25",
    );
    desk.run("verify m365")
        .refuses(&["perimeter365.facts.json", "was edited by hand"]);
}

#[test]
fn a_folder_of_other_facts_is_held_against_those_of_the_program_and_that_is_said() {
    let desk = small();
    // As if an earlier version had written all of it.
    for path in [MAIN, "m365/perimeter365.facts.json"] {
        edit(&desk, path, "52.125.128.0/20", "52.125.128.0/21");
    }
    let run = desk.run("verify m365").ends(2);
    let told = "warning: `m365` was written from other facts than this program has, by another version of it, or somebody has edited them";
    assert!(run.stderr.contains(told), "{}", run.stderr);
    let missing = "wanted, and not open: inbound tcp 443 from\n    52.125.136.0/21\n";
    assert!(run.stdout.contains(missing), "{}", run.stdout);
}

#[test]
fn what_git_and_editors_do_to_files_changes_nothing() {
    let desk = small();
    for (path, text) in desk.files("m365") {
        let is_rows = path.matches('/').count() == 3 && path.ends_with("/main.tf");
        let mark = if is_rows { "\u{feff}" } else { "" };
        desk.write(
            &format!("m365/{path}"),
            &format!("{mark}{}", text.replace('\n', "\r\n")),
        );
    }
    desk.run("verify m365").ends(0);
}

#[test]
fn many_networks_that_nobody_wants_are_told_in_time() {
    let desk = small();
    let many: Vec<String> = (0..20_000_u32)
        .map(|number| {
            format!(
                "        \"11.{}.{}.{}/32\",\n",
                number >> 15,
                (number >> 7) & 255,
                (number << 1) & 255
            )
        })
        .collect();
    edit(
        &desk,
        MAIN,
        "        \"52.127.96.0/23\",\n",
        &format!("        \"52.127.96.0/23\",\n{}", many.concat()),
    );
    let proof = proof(&desk, 2);
    let remotes = proof["findings"][0]["remotes"].as_array().expect("a list");
    assert_eq!(remotes.len(), 20_000);
    assert_eq!(remotes[0]["line"], 36);
    assert_eq!(remotes[19_999]["line"], 36 + 19_999);
}
