//! Some thousand ways in which a generated folder may be changed, each tried on `perimeter365 verify`: whatever changes
//! what Terraform would apply must be told, and where; whatever doesn't must be let pass.
//!
//! Chance has a fixed seed. What rows open is worked out by an oracle of the test's own, `mutations/oracle.rs`.
#![cfg(unix)] // for symbolic links

#[path = "mutations/mod.rs"]
mod mutations;
mod support;

use std::fmt::Write as _;
use std::sync::Mutex;

use perimeter365::verify::proof::Verdict;

use mutations::base::{Base, Said};
use mutations::dice::Dice;
use mutations::kind::{Change, Edit, Kind, Meaning, Spot};
use mutations::tally::Tally;
use mutations::{kinds, mutant};

/// How often chance is asked for a mutation of a kind on a base, which may have nothing to change so.
const TRIES: usize = 8;

/// One in so many is tried on the program itself, too, for its exit code.
const RUN: usize = 40;

const EVERY_TARGET: &str = "--root";
const EVERY_CLOUD: &str = "--cloud worldwide --cloud usgov-gcchigh --cloud usgov-dod --cloud china --target azure-nsg --target generic-firewall";
const OVERLAID: &str = "--target azure-firewall --target aws-security-group --set autodetect --set entra-connect-sso --set graph-change-notifications --set visitor-badges --overlay overlay.json";
const ANYWHERE: &str = "--target azure-nsg --target aws-security-group --traffic outbound-server-only --hosts entra-connect-sync=any --root";
const PUBLISHED: &str = "--target azure-nsg --target aws-security-group --hosts support-recovery-assistant=web-service --web-service worldwide=a.json --accept exchange_online";
const TAGGED: &str = "--target azure-nsg --traffic outbound-server-only --hosts entra-connect-sync.sync=service-tag:AzureActiveDirectory --root";
const JOINED: &str = "--aggregate --target generic-firewall --target azure-firewall";
const GROUPED: &str = "--target aws-security-group --aws-rules-per-group 20 --root";
const USERS: &str = "--traffic user --traffic inbound-hybrid-server --target aws-network-firewall --infer --include-retired --root";
const SOURCED: &str =
    "--target azure-nsg --module-source git::https://example.com/modules.git//{target}?ref=v1";

/// What the web service might answer.
const ANSWER: &str = r#"[
    {"id": 1, "serviceArea": "Exchange", "urls": ["outlook.office365.com"], "ips": ["40.92.0.0/15", "2603:1006::/40"], "tcpPorts": "80,443", "udpPorts": "443"},
    {"id": 56, "serviceArea": "Common", "urls": ["login.windows.net", "login.microsoftonline.com"], "ips": ["20.190.128.0/18"], "tcpPorts": "80, 443"}
]"#;

fn bases() -> Vec<Base> {
    let overlay = include_str!("../examples/with-an-overlay/overlay.json");
    let mut bases = vec![
        Base::generated(OVERLAID, &[("overlay.json", overlay)]),
        Base::generated(PUBLISHED, &[("a.json", ANSWER)]),
    ];
    for arguments in [
        EVERY_TARGET,
        EVERY_CLOUD,
        ANYWHERE,
        TAGGED,
        JOINED,
        GROUPED,
        USERS,
        SOURCED,
    ] {
        bases.push(Base::generated(arguments, &[]));
    }
    for example in [
        "adfs-and-webhooks-aws",
        "azure-firewall",
        "hybrid-azure",
        "one-organisation",
    ] {
        bases.push(Base::copied(&format!("examples/{example}/m365")));
    }
    bases
}

#[test]
fn whatever_changes_the_meaning_is_told_and_nothing_else() {
    let bases = bases();
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for (number, base) in bases.iter().enumerate() {
            let tally = &tally;
            scope.spawn(move || tried(number, base, tally));
        }
    });
    let tally = tally.into_inner().expect("no thread panicked");
    tally.holds(500, 100, kinds().map(|kind| kind.name));
}

fn tried(number: usize, base: &Base, tally: &Mutex<Tally>) {
    assert_eq!(base.verdict().verdict, Verdict::Equal, "{}", base.name);
    for (kind_number, kind) in kinds().enumerate() {
        let mut dice = Dice::new((number * 1000 + kind_number) as u64);
        let Some((change, meaning)) = (0..TRIES).find_map(|_| mutant(&mut dice, base, kind)) else {
            continue;
        };
        let is_run = dice.below(RUN) == 0;
        let (said, code) = base.with(&change, || (base.verdict(), is_run.then(|| base.run())));
        let mut tally = tally.lock().expect("no thread panicked");
        tally.run += usize::from(is_run);
        match judged(&said, code, &change, meaning) {
            Some(why) => tally.fail(told(base, kind, &change, &said, &why)),
            None if meaning == Meaning::Same => tally.accept(kind.name),
            None => tally.catch(kind.name),
        }
    }
    assert_eq!(
        base.verdict().verdict,
        Verdict::Equal,
        "{} is as it was",
        base.name
    );
}

/// What is wrong with what was said, if anything is.
fn judged(said: &Said, code: Option<i32>, change: &Change, meaning: Meaning) -> Option<String> {
    let is_right = match meaning {
        Meaning::Same => said.verdict == Verdict::Equal,
        Meaning::Other => said.verdict != Verdict::Equal,
        Meaning::Untold => said.verdict == Verdict::CannotTell,
    };
    if !is_right {
        return Some(format!("{meaning:?} was taken for {:?}", said.verdict));
    }
    let wanted = match said.verdict {
        Verdict::Equal => 0,
        Verdict::Unequal => 2,
        Verdict::CannotTell => 1,
    };
    if code.is_some_and(|code| code != wanted) {
        return Some(format!(
            "the program ended with {code:?} and not with {wanted}"
        ));
    }
    if meaning == Meaning::Same {
        return None;
    }
    if said.reports.is_empty() {
        return Some("nothing is said of it".to_owned());
    }
    let missed = change.spots.iter().find(|spot| !is_told(said, spot))?;
    Some(format!("nothing is said of {missed:?}"))
}

/// Whether something is said of `spot`: its file, one of its lines, one of its rows.
fn is_told(said: &Said, spot: &Spot) -> bool {
    let here = || {
        said.reports
            .iter()
            .filter(|report| report.file == spot.file || report.what.contains(&spot.file))
    };
    let on_line = |line: &usize| spot.lines.iter().any(|lines| lines.contains(line));
    let of_row = |key: &String| {
        spot.keys
            .iter()
            .any(|touched| touched.starts_with(key.as_str()))
    };
    let lines = spot.lines.is_empty() || here().any(|report| report.lines.iter().any(on_line));
    let keys = spot.keys.is_empty() || here().any(|report| report.key.as_ref().is_none_or(of_row));
    here().next().is_some() && lines && keys
}

/// A failure with all that tells what it was about.
fn told(base: &Base, kind: &Kind, change: &Change, said: &Said, why: &str) -> String {
    let mut text = format!("{}, on `{}`: {why}\n", kind.name, base.name);
    for edit in &change.edits {
        match edit {
            Edit::Write(path, after) => {
                let before = base.files.get(path).map_or("", String::as_str);
                let _ = write!(text, "--- {path}\n{}", difference(before, after));
            }
            other => {
                let _ = writeln!(text, "{other:?}");
            }
        }
    }
    for report in &said.reports {
        let _ = writeln!(text, "  said: {report:?}");
    }
    text
}

/// The lines between what both begin and end with.
fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.split('\n').collect(), after.split('\n').collect());
    let start = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| a == b)
        .count();
    let rest = before.len().min(after.len()) - start;
    let ends = before.iter().rev().zip(after.iter().rev()).take(rest);
    let end = ends.take_while(|(a, b)| a == b).count();
    let mut text = format!("@@ line {}\n", start + 1);
    for (sign, lines) in [
        ("-", &before[start..before.len() - end]),
        ("+", &after[start..after.len() - end]),
    ] {
        for line in lines.iter().take(40) {
            let _ = writeln!(text, "{sign}{}", line.escape_debug());
        }
    }
    text
}
