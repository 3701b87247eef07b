//! `--overlay`: what a team decides on top of the catalogue, and how it is told.

mod support;

use proptest::prelude::*;
use support::{Desk, rows};

const INBOUND: &str = "m365/worldwide/inbound-hybrid-server/generic-firewall/main.tf";
const OUTBOUND: &str = "m365/worldwide/outbound-server-only/generic-firewall/main.tf";
const AZURE_INBOUND: &str = "m365/worldwide/inbound-hybrid-server/azure-nsg/main.tf";
const AZURE_OUTBOUND: &str = "m365/worldwide/outbound-server-only/azure-nsg/main.tf";
const FACTS: &str = "m365/perimeter365.facts.json";
const LOCK: &str = "m365/perimeter365.lock";

/// An overlay with `fields` in it.
fn overlay(fields: &str) -> String {
    format!(r#"{{"schema": 1, "title": "Contoso's network", {fields}}}"#)
}

/// A set of one's own.
fn set(key: &str, role: &str) -> String {
    format!(
        r#"{{"key": "{key}", "title": "Badges for visitors", "traffic": "outbound-server-only", "flows": [{{
            "direction": {{"value": "outbound", "basis": "stated"}},
            "roles": ["{role}"],
            "protocol": {{"value": "tcp", "basis": "stated"}},
            "ports": {{"value": ["443"], "basis": "stated"}},
            "remotes": [{{
                "clouds": {{"value": ["worldwide"], "basis": "stated"}},
                "networks": {{"value": ["203.0.113.0/24"], "basis": "stated"}}
            }}]
        }}]}}"#
    )
}

fn exception(subject: &str, grant: &str, expires: &str) -> String {
    format!(
        r#"{{{subject}, "grant": "{grant}", "reason": "checked | by *us*", "expires": "{expires}"}}"#
    )
}

/// A folder that was generated with one overlay.
fn generated(fields: &str, arguments: &str) -> Desk {
    let desk = Desk::new();
    desk.write("o.json", &overlay(fields));
    desk.generate(&format!("--overlay o.json {arguments}"))
        .ends(0);
    desk
}

#[test]
fn an_overlay_is_needed_once_and_taken_back() {
    let fields = format!(
        r#""roles": {{"badge_printer": "Printers for badges"}}, "sets": [{}]"#,
        set("badge-service", "badge_printer")
    );
    let desk = generated(&fields, "--target generic-firewall");
    assert!(rows(&desk.read(OUTBOUND)).contains_key("badge-service.badge_printer.ipv4"));
    let readme = desk.read("m365/README.md");
    for text in [
        "26 of 26 endpoint sets accounted for",
        "## What your overlays decide",
        "### Contoso's network",
        "| `badge-service` | Badges for visitors | outbound-server-only |",
        "| `badge_printer` | Printers for badges |",
        "**given by you**: clouds, direction, protocol, ports, remote",
        "This is not all that Microsoft 365 needs",
    ] {
        assert!(readme.contains(text), "`{text}` is not in {readme}");
    }
    std::fs::remove_file(desk.file("o.json")).unwrap();
    let before = desk.files("m365");
    desk.generate("--check").ends(0);
    desk.generate("").ends(0);
    assert_eq!(desk.files("m365"), before);
    assert!(
        !desk.read(LOCK).contains("o.json") && desk.read(LOCK).contains("overlay = [\"sha256:")
    );

    let plain = Desk::new();
    plain.generate("--target generic-firewall").ends(0);
    for back in ["--overlay none", "--reset --target generic-firewall"] {
        desk.write("o.json", &overlay(&fields));
        desk.generate("--overlay o.json").ends(0);
        desk.generate(back).ends(0);
        for file in ["m365/README.md", FACTS, OUTBOUND] {
            assert_eq!(desk.read(file), plain.read(file), "{back}: {file}");
        }
    }
}

#[test]
fn sets_are_left_out_with_a_reason() {
    let desk = generated(
        r#""exclude": [{"set": "mailbox-migration", "reason": "nothing | is *moved* here; där är allt klart"}]"#,
        "--target generic-firewall",
    );
    assert!(!desk.read(INBOUND).contains("mailbox-migration"));
    let readme = desk.read("m365/README.md");
    let why = r"nothing \| is \*moved\* here; där är allt klart";
    for text in [
        format!("| `mailbox-migration` | 6 | left out by the overlay `Contoso's network`: {why} |"),
        format!("| `mailbox-migration` | {why} |"),
    ] {
        assert!(readme.contains(&text), "`{text}` is not in {readme}");
    }
    desk.generate("--set mailbox-migration").refuses(&[
        "`--set mailbox-migration`: the overlay `Contoso's network` leaves it out; drop one of the two",
    ]);
}

#[test]
fn ports_are_stated_and_the_command_line_goes_before() {
    let desk = generated(
        r#""ports": [{"set": "graph-change-notifications", "ports": ["9443", "8443"]},
            {"set": "hybrid-coexistence", "protocol": "tcp", "ports": ["4443"]}]"#,
        "--target generic-firewall",
    );
    let row = |key: &str| rows(&desk.read(INBOUND))[key].clone();
    assert!(
        row("graph-change-notifications.webhook_receiver.ipv4").contains(r#"= ["8443", "9443"]"#)
    );
    let run = desk
        .generate("--port graph-change-notifications=10443")
        .ends(0);
    assert!(row("graph-change-notifications.webhook_receiver.ipv4").contains("10443"));
    assert!(
        run.stderr.contains("the ports of `graph-change-notifications` in the overlay `Contoso's network` have no effect: `--port` goes before it"),
        "{}",
        run.stderr
    );
    desk.generate("--port none").ends(0);
    assert!(row("graph-change-notifications.webhook_receiver.ipv4").contains("9443"));

    desk.write(
        "o.json",
        &overlay(r#""ports": [{"set": "hybrid-coexistence", "ports": ["4443"]}]"#),
    );
    desk.generate("--overlay o.json").refuses(&[
        "o.json: `ports[0]`: no source states the protocol of `hybrid-coexistence`; add `protocol`",
    ]);
}

#[test]
fn values_make_one_name_each_and_are_remarked() {
    let desk = generated(
        r#""values": {"email_domain": ["fabrikam.com", "contoso.com"]}"#,
        "--target generic-firewall --cloud worldwide --cloud usgov-dod",
    );
    let main = rows(&desk.read(INBOUND))["autodetect.exchange_server.fqdn"].clone();
    for host in [
        "contoso.com.outlookmobile.com",
        "fabrikam.com.outlookmobile.com",
    ] {
        assert!(main.contains(host), "{main}");
    }
    let readme = desk.read("m365/README.md");
    for text in [
        "- `autodetect`, worldwide: `contoso.com.outlookmobile.com`, `fabrikam.com.outlookmobile.com` in place of `<email_domain>.outlookmobile.com`, with the values of your overlay",
        "- `autodetect`, usgov-dod: `contoso.com.outlookmobile.us`",
        "| `<email_domain>` | `contoso.com`, `fabrikam.com` |",
    ] {
        assert!(readme.contains(text), "`{text}` is not in {readme}");
    }
    assert!(!readme.contains("only you know what stands for"));
    let facts = desk.read(FACTS);
    assert!(
        facts.contains("\"<email_domain>.outlookmobile.com\""),
        "facts are kept as they are stated"
    );
    // What was a template can be opened like any name now.
    desk.generate("--target azure-nsg --hosts autodetect=any")
        .ends(0);
    desk.generate("--check").ends(0);
}

#[test]
fn ranges_that_only_the_team_knows_hold_its_networks() {
    let desk = generated(
        r#""ranges": [{"name": "entra_connect_servers", "clouds": ["worldwide"], "networks": ["10.1.0.0/28", "10.1.0.0/30", "2001:db8::/64"]}]"#,
        "--target generic-firewall --cloud worldwide --cloud china",
    );
    let worldwide = rows(&desk.read(INBOUND));
    let row = &worldwide["entra-connect-sso.web.sts.ipv4"];
    assert!(
        row.contains("\"10.1.0.0/28\"") && !row.contains("range "),
        "{row}"
    );
    assert!(worldwide["entra-connect-sso.web.sts.ipv6"].contains("2001:db8::/64"));
    let china = rows(&desk.read(&INBOUND.replace("worldwide", "china")));
    assert!(china["entra-connect-sso.web.sts.ipv4"].contains("entra_connect_servers"));
    let readme = desk.read("m365/README.md");
    for text in [
        "`10.1.0.0/30` is inside `10.1.0.0/28` and is not repeated",
        "| `entra_connect_servers` of worldwide | `10.1.0.0/28`, `10.1.0.0/30`, `2001:db8::/64` |",
        "**given by you**: remote",
    ] {
        assert!(readme.contains(text), "`{text}` is not in {readme}");
    }
}

#[test]
fn exceptions_let_in_what_the_options_of_their_names_do() {
    let exceptions = [
        exception(r#""set": "hybrid-coexistence""#, "infer", "2027-06-30"),
        exception(r#""set": "mfa-server""#, "include-retired", "2027-06-30"),
        exception(
            r#""set": "cloud-pstn-hybrid""#,
            "include-retired",
            "2027-06-30",
        ),
        exception(
            r#""set": "cloud-pstn-hybrid", "flow": "signalling""#,
            "infer",
            "2027-06-30",
        ),
        exception(
            r#""set": "support-recovery-assistant""#,
            "any",
            "2027-06-30",
        ),
        exception(
            r#""set": "entra-connect-sync", "flow": "health""#,
            "service-tag:Storage",
            "2027-06-30",
        ),
    ];
    let desk = generated(
        &format!(r#""exceptions": [{}]"#, exceptions.join(", ")),
        "--target azure-nsg",
    );
    let (inbound, outbound) = (
        rows(&desk.read(AZURE_INBOUND)),
        rows(&desk.read(AZURE_OUTBOUND)),
    );
    for key in [
        "hybrid-coexistence.exchange_server.ipv4",
        "cloud-pstn-hybrid.signalling.skype_edge.ipv4",
    ] {
        assert!(inbound.contains_key(key), "{key}");
    }
    assert!(!inbound.contains_key("cloud-pstn-hybrid.media-udp.skype_edge.ipv4"));
    for key in [
        "mfa-server.mfa_server.ipv4",
        "support-recovery-assistant.support_assistant_host.fqdn4",
        "entra-connect-sync.health.entra_connect_server.tag",
    ] {
        assert!(outbound.contains_key(key), "{key}");
    }
    assert!(!outbound.contains_key("entra-connect-sync.sync.entra_connect_server.tag"));
    let same = Desk::new();
    same.generate("--target azure-nsg --infer hybrid-coexistence --include-retired mfa-server --include-retired cloud-pstn-hybrid --hosts support-recovery-assistant=any --hosts entra-connect-sync.health=service-tag:Storage")
        .ends(0);
    assert_eq!(desk.read(AZURE_OUTBOUND), same.read(AZURE_OUTBOUND));

    // What is said names the overlay, and what would be added stands alone.
    let readme = desk.read("m365/README.md");
    for text in [
        "**Open to anywhere**, because an exception of the overlay `Contoso's network` grants it until 2027-06-30: `support-recovery-assistant.support_assistant_host.fqdn4`",
        r"| `entra-connect-sync.health` | `service-tag:Storage` | 2027-06-30 | checked \| by \*us\* |",
        "`--infer cloud-pstn-hybrid` then lets it in",
        "or: `--hosts entra-connect-sync.sync=any` opens",
    ] {
        assert!(readme.contains(text), "`{text}` is not in {readme}");
    }
    assert!(!readme.contains("because you asked for it with `--hosts`"));
    let run = desk.generate("--format json").ends(0);
    assert!(
        run.stderr.contains("`support-recovery-assistant` is open outbound to anywhere on tcp/443, because of an exception of the overlay `Contoso's network` until 2027-06-30"),
        "{}",
        run.stderr
    );
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let told = &json["overlays"][0];
    assert_eq!(told["title"], "Contoso's network");
    assert_eq!(told["exceptions"][3]["flow"], "signalling");
    assert_eq!(told["exceptions"][3]["expires"], "2027-06-30");
    assert_eq!(told["exceptions"][3]["reason"], "checked | by *us*");

    // The command line goes before, for the same names.
    desk.generate("--hosts entra-connect-sync.health=any")
        .ends(0);
    assert!(!desk.read(AZURE_OUTBOUND).contains("service_tag"));
}

#[test]
fn what_an_overlay_decides_without_effect_is_told() {
    let exceptions = [
        exception(r#""set": "autodetect""#, "infer", "2027-06-30"),
        exception(r#""set": "autodetect""#, "include-retired", "2027-06-30"),
        exception(r#""set": "stream""#, "include-retired", "2027-06-30"),
        exception(
            r#""set": "support-recovery-assistant""#,
            "any",
            "2027-06-30",
        ),
    ];
    let desk = Desk::new();
    let exceptions = exceptions.join(", ");
    desk.write(
        "o.json",
        &overlay(&format!(r#""exceptions": [{exceptions}]"#)),
    );
    let run = desk
        .generate("--overlay o.json --target generic-firewall")
        .ends(0);
    for (subject, why) in [
        ("`infer` for `autodetect`", "no fact of the set is inferred"),
        (
            "`include-retired` for `autodetect`",
            "the service has not ended",
        ),
        ("`include-retired` for `stream`", "the set is not selected"),
        (
            "`any` for `support-recovery-assistant`",
            "no target or template filters by address only",
        ),
    ] {
        let told = format!(
            "the exception {subject} of the overlay `Contoso's network` has no effect: {why}"
        );
        assert!(run.stderr.contains(&told), "{told}\n{}", run.stderr);
    }
}

#[test]
fn addresses_in_place_of_names_have_to_be_read_for_overlays_too() {
    let desk = Desk::new();
    let grant = exception(
        r#""set": "support-recovery-assistant""#,
        "web-service",
        "2027-06-30",
    );
    desk.write("o.json", &overlay(&format!(r#""exceptions": [{grant}]"#)));
    desk.generate("--overlay o.json").refuses(&[
        "o.json: `exceptions[0]`: it needs what the web service publishes; add `--web-service worldwide=FILE`",
    ]);
    desk.write(
        "answer.json",
        r#"[{"id": 1, "serviceArea": "Exchange", "urls": ["outlook.office365.com"], "ips": ["198.51.100.0/24"], "tcpPorts": "80,443"}]"#,
    );
    desk.generate("--overlay o.json --web-service worldwide=answer.json --accept exchange_online")
        .ends(0);
    let main = rows(&desk.read(AZURE_OUTBOUND));
    assert!(
        main["support-recovery-assistant.support_assistant_host.fqdn4"].contains("198.51.100.0/24")
    );
    let readme = desk.read("m365/README.md");
    assert!(
        readme
            .contains("in place of what the overlay `Contoso's network` grants, for every target"),
        "{readme}"
    );
}

#[test]
fn an_expired_exception_is_a_finding_and_changes_nothing_that_is_written() {
    let grant = exception(r#""set": "hybrid-coexistence""#, "infer", "2026-06-30");
    let fields = format!(r#""exceptions": [{grant}]"#);
    let desk = generated(&fields, "");
    desk.generate("--check --today 2026-06-30").ends(0);
    let run = desk.generate("--check --today 2026-07-01").ends(2);
    for text in [
        "m365 is up to date.\n",
        "Expired: the exception `infer` for `hybrid-coexistence` of the overlay `Contoso's network` expired after 2026-06-30 (checked | by *us*) and is still open",
    ] {
        assert!(
            run.stdout.contains(text),
            "`{text}` is not in {}",
            run.stdout
        );
    }
    let run = desk
        .generate("--check --today 2026-07-01 --format json")
        .ends(2);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["expired"][0]["set"], "hybrid-coexistence");
    let run = desk
        .generate("--check --today 2026-06-30 --format json")
        .ends(0);
    assert!(!run.stdout.contains("\"expired\""));

    // Without `--today`, the system's day counts; long ago is always past.
    desk.write(
        "o.json",
        &overlay(&fields.replace("2026-06-30", "2001-01-01")),
    );
    let run = desk.generate("--overlay o.json").ends(0);
    assert!(
        run.stderr.contains("expired after 2001-01-01"),
        "{}",
        run.stderr
    );
    assert!(
        desk.read(INBOUND)
            .contains("hybrid-coexistence.exchange_server.ipv4")
    );
    desk.generate("--check").ends(2);
    desk.generate("--check --today 2001-01-01").ends(0);

    desk.generate("--check --today soon")
        .refuses(&["`--today soon`: `soon` is no day such as `2027-06-30`"]);
    desk.generate("--today 2026-01-01").refuses(&["--check"]);
}

#[test]
fn all_that_is_wrong_is_told_in_one_run() {
    let desk = Desk::new();
    desk.write(
        "shape.json",
        r#"{"schema": 1, "titel": "T", "sets": [{"key": "mine", "row": 3, "title": "T", "traffic": "user"}],
            "exceptions": [{"set": "stream", "grants": "infer", "reason": "r", "expires": 2027}]}"#,
    );
    desk.write(
        "names.json",
        &overlay(
            r#""roles": {"sts": "Something else", "Bad": "T"},
            "exclude": [{"set": "strem", "reason": "r"}, {"set": "stream", "reason": " "}, {"set": "pst-import", "reason": "a `b`"}],
            "ports": [{"set": "federation-sts", "ports": ["443"]}, {"set": "federation-sts", "flow": "signin", "ports": ["443"]},
                {"set": "mailbox-migration", "flow": "x", "protocol": "sctp", "ports": ["x", "443", "400-500"]}, {"set": "stream", "ports": []}],
            "values": {"emaildomain": ["contoso.com"], "tenant": ["Contoso", "*", "a..b", "a b", "<tenant>"], "email_domain": []},
            "ranges": [{"name": "exchange_online", "networks": ["192.0.2.0/24"]}, {"name": "entra_connect_server", "networks": ["192.0.2.0/24"]},
                {"name": "federation_clients", "clouds": ["wordwide"], "networks": ["0.0.0.0/0", "192.0.2.1/24"]}],
            "exceptions": [{"set": "stream", "grant": "inferr", "reason": "r", "expires": "2027-02-29"},
                {"set": "stream", "flow": "x", "grant": "infer", "reason": "r", "expires": "2027-02-28"},
                {"set": "federation-sts", "flow": "sign-in", "grant": "include-retired", "reason": "r", "expires": "2027-02-28"},
                {"set": "federation-sts", "grant": "any", "reason": "r", "expires": "2027-02-28"},
                {"set": "trusted-sites-teams", "flow": "x", "grant": "service-tag:Internet", "reason": "r", "expires": "2027-02-28"}]"#,
        ),
    );
    desk.generate("--overlay shape.json --overlay absent.json")
        .refuses(&[
            "shape.json: `titel`: there is no such field; did you mean `title`?",
            "shape.json: `the whole`: `title` is missing",
            "shape.json: `mine.row`: there is no such field; there are",
            "shape.json: `exceptions[0].grants`: there is no such field; did you mean `grant`?",
            "shape.json: `exceptions[0]`: `grant` is missing",
            "shape.json: `exceptions[0].expires`: it is a number, not a text",
            "cannot read `absent.json`",
        ]);
    desk.generate("--overlay names.json").refuses(&[
        "names.json: `roles.sts`: the role is there already, for: AD FS servers inside the network",
        "names.json: `roles.Bad`: `Bad` is not a name",
        "`exclude[0]`: there is no set `strem`; did you mean `stream`?",
        "`exclude[1]`: from 1 to 400 bytes, not 0",
        "`exclude[2]`: ``` can't stand in it",
        "`ports[0]`: `federation-sts` has several flows; name one as `flow`: `client-tls`, `sign-in`",
        "`ports[1]`: `federation-sts`: there is no flow `signin`; did you mean `sign-in`?",
        "`ports[2]`: `mailbox-migration` has one flow only, without a name; leave `flow` out",
        "`ports[2]`: `sctp` is neither `tcp` nor `udp`",
        "`ports[2]`: `x` is not a port",
        "`ports[2]`: `400-500` and `443` overlap",
        "`ports[3]`: an empty list says nothing",
        "`values.emaildomain`: no host name has the placeholder `emaildomain`; did you mean `email_domain`?",
        "`values.tenant`: `Contoso` is not a part of a host name",
        "`values.tenant`: `*` is not a part of a host name",
        "`values.tenant`: `a..b` is not a part of a host name",
        "`values.tenant`: `a b` is not a part of a host name",
        "`values.tenant`: `<tenant>` is not a part of a host name",
        "`values.email_domain`: an empty list says nothing",
        "`ranges[0]`: `exchange_online` is published; a catalogue or `--web-service` gives it",
        "`ranges[1]`: no set names a range `entra_connect_server`; did you mean `entra_connect_servers`?",
        "`ranges[2]`: there is no cloud `wordwide`; did you mean `worldwide`?",
        "`ranges[2]`: `0.0.0.0/0` is every address there is",
        "`ranges[2]`: `192.0.2.1/24` has host bits",
        "`exceptions[0].grant`: `inferr` is nothing to grant",
        "did you mean `infer`?",
        "`exceptions[0].expires`: `2027-02-29` is no day",
        "`exceptions[1].flow`: `stream` has one flow only",
        "`exceptions[2].grant`: the service of `federation-sts` ended as a whole; leave `flow` out",
        "`exceptions[3].grant`: no host names to allow are stated there",
        "`exceptions[4].flow`: `trusted-sites-teams` has no flows, being a browser setting",
        "`exceptions[4].grant`: `Internet` stands for a place",
    ]);
    assert!(desk.files("m365").is_empty());
}

#[test]
fn overlays_apply_in_order_and_do_not_contradict_each_other() {
    let desk = Desk::new();
    let roles = r#""roles": {"badge_printer": "Printers for badges"}"#;
    let badges = set("badge-service", "badge_printer");
    desk.write(
        "company.json",
        &overlay(&format!(
            r#"{roles}, "sets": [{badges}], "values": {{"tenant": ["contoso"]}}"#
        )),
    );
    let grant = exception(r#""set": "badge-service""#, "infer", "2027-06-30");
    desk.write(
        "site.json",
        &overlay(&format!(
            r#""ports": [{{"set": "badge-service", "ports": ["8443"]}}], "exceptions": [{grant}]"#
        )),
    );
    let run = desk
        .generate("--overlay company.json --overlay site.json --target generic-firewall")
        .ends(0);
    assert!(rows(&desk.read(OUTBOUND))["badge-service.badge_printer.ipv4"].contains("8443"));
    assert!(
        run.stderr.contains("the exception `infer` for `badge-service` of the overlay `Contoso's network` has no effect: no fact of the set is inferred"),
        "{}",
        run.stderr
    );
    let places: Vec<usize> = desk
        .read(LOCK)
        .match_indices("sha256:")
        .map(|(place, _)| place)
        .collect();
    assert_eq!(places.len(), 2);
    desk.generate("--check").ends(0);

    desk.write(
        "other.json",
        &overlay(&format!(
            r#""sets": [{}, {}], "exclude": [{{"set": "badge-service", "reason": "r"}}, {{"set": "own-set", "reason": "r"}}],
            "values": {{"tenant": ["fabrikam"]}}, "ports": [{{"set": "badge-service", "ports": ["443"]}}], "exceptions": [{grant}]"#,
            set("pst-import", "badge_printer"),
            set("own-set", "badge_printer"),
        )),
    );
    desk.generate("--overlay company.json --overlay site.json --overlay other.json").refuses(&[
        "other.json: `pst-import`: there is such a set already; to have your own in its place, `exclude` it and give yours another key",
        "other.json: `values.tenant`: this placeholder stands in `company.json` (`values.tenant`) too; keep one of the two",
        "other.json: `ports[0]`: `badge-service` stands in `site.json` (`ports[0]`) too",
        "other.json: `exceptions[0]`: such an exception for `badge-service` stands in `site.json` (`exceptions[0]`) too",
        "site.json: `ports[0]`: `other.json` (`exclude[0]`) leaves `badge-service` out; drop one of the two",
        "site.json: `exceptions[0]`: `other.json` (`exclude[0]`) leaves `badge-service` out",
        "other.json: `own-set`: `other.json` (`exclude[1]`) leaves `own-set` out",
    ]);
    // One overlay may leave out what another one adds.
    desk.write(
        "less.json",
        &overlay(r#""exclude": [{"set": "badge-service", "reason": "not at this site"}]"#),
    );
    desk.generate("--overlay company.json --overlay less.json")
        .ends(0);
    assert!(!desk.read(OUTBOUND).contains("badge-service"));
}

#[test]
fn a_set_that_is_wrong_does_not_make_what_is_said_of_it_unknown() {
    let desk = Desk::new();
    desk.write(
        "o.json",
        &overlay(&format!(
            r#""sets": [{}], "ports": [{{"set": "badge-service", "ports": ["1"]}}], "exclude": [{{"set": "nothing", "reason": "r"}}]"#,
            set("badge-service", "exchange_serve")
        )),
    );
    let run = desk.generate("--overlay o.json").ends(1);
    for text in [
        "o.json: `badge-service.flows[0].roles`: the role `exchange_serve` is not among the document's `roles`; did you mean `exchange_server`?",
        "`exclude[0]`: there is no set `nothing`",
    ] {
        assert!(
            run.stderr.contains(text),
            "`{text}` is not in {}",
            run.stderr
        );
    }
    assert!(
        !run.stderr.contains("no set `badge-service`"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_a_folder_keeps_is_not_edited_by_hand_nor_lost_in_silence() {
    let desk = generated(
        r#""exclude": [{"set": "mailbox-migration", "reason": "nothing is moved"}]"#,
        "--target generic-firewall",
    );
    let facts = desk.read(FACTS);
    desk.write(
        FACTS,
        &facts.replace("nothing is moved", "everything is moved"),
    );
    desk.generate("").refuses(&[
        "what it keeps of the overlay `sha256:",
        "was edited by hand",
    ]);
    desk.write(FACTS, &facts);
    std::fs::remove_file(desk.file(LOCK)).unwrap();
    desk.generate("--target generic-firewall").refuses(&[
        "keeps the overlay `sha256:",
        "`--overlay` with a digest, a file or `none`",
    ]);
    desk.generate("--target generic-firewall --overlay none")
        .ends(0);
    assert!(desk.read(INBOUND).contains("mailbox-migration"));
}

#[test]
fn texts_tell_what_an_overlay_opens_and_closes() {
    let desk = Desk::new();
    desk.write(
        "o.json",
        &overlay(r#""exclude": [{"set": "graph-change-notifications", "reason": "r"}]"#),
    );
    desk.generate("--target none --template nftables").ends(0);
    let key = "worldwide/inbound-hybrid-server graph-change-notifications.webhook_receiver.ipv4";
    for (overlay, sign, verb) in [("o.json", '-', "closes"), ("none", '+', "opens")] {
        let run = desk.generate(&format!("--overlay {overlay}")).ends(0);
        let told = format!("{sign} {key}; {verb} ");
        assert!(run.stdout.contains(&told), "{told}\n{}", run.stdout);
    }
}

#[test]
fn an_overlay_goes_with_a_catalogue_of_ones_own_and_a_renewal() {
    let desk = Desk::new();
    desk.write(
        "answer.json",
        r#"[{"id": 9, "serviceArea": "Exchange", "urls": ["mail.example.com"], "ips": ["198.51.100.0/24"], "tcpPorts": "443"}]"#,
    );
    desk.run("import web-service answer.json --cloud worldwide --out mail.json")
        .ends(2);
    let grant = exception(r#""set": "exchange-9""#, "web-service", "2027-06-30");
    desk.write("o.json", &overlay(&format!(r#""exceptions": [{grant}]"#)));
    desk.generate("--catalogue mail.json --overlay o.json --traffic user --target azure-nsg")
        .ends(0);
    let main = desk.read("m365/worldwide/user/azure-nsg/main.tf");
    assert!(rows(&main).contains_key("exchange-9.tcp.user_client.fqdn4"));
    std::fs::remove_file(desk.file("mail.json")).unwrap();
    std::fs::remove_file(desk.file("o.json")).unwrap();
    desk.generate("--check --today 2027-06-30").ends(0);
    // The overlay names what is there no more.
    desk.generate("--catalogue embedded")
        .refuses(&["there is no set `exchange-9`"]);
}

#[test]
fn the_schema_is_published_without_what_only_catalogues_have() {
    let run = Desk::new().run("schema overlay").ends(0);
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(schema["title"], "overlay");
    let set = &schema["$defs"]["set"]["properties"];
    assert!(set["key"].is_object() && set["row"].is_null() && set["entry"].is_null());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn the_day_decides_only_whether_there_is_a_finding(
        expires in (2020..2030u16, 1..=12u8, 1..=28u8),
        today in (2020..2030u16, 1..=12u8, 1..=28u8),
    ) {
        let text = |(year, month, day): (u16, u8, u8)| format!("{year}-{month:02}-{day:02}");
        let grant = exception(r#""set": "hybrid-coexistence""#, "infer", &text(expires));
        let desk = generated(&format!(r#""exceptions": [{grant}]"#), "--target generic-firewall");
        let run = desk.generate(&format!("--check --today {}", text(today)));
        prop_assert!(run.stdout.starts_with("m365 is up to date.\n"), "{}", run.stdout);
        prop_assert_eq!(run.code, if expires < today { 2 } else { 0 });
    }
}
