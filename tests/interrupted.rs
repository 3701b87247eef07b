//! A run that is killed while it writes: every file is the old or the new one, whole; `--check` names what is
//! unfinished, the next run mends it, and what is Terraform's or the team's stays as it is.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use support::{Desk, copy, files};

const OLD: &str = "--root --target azure-nsg --target aws-security-group --target generic-firewall --set federation-sts --set entra-connect-sync --set graph-change-notifications";
const NEW: &str = "--infer --include-retired --aggregate --cloud worldwide --cloud china --module-source ../../../../shared/{target}";

/// How many runs are killed.
const KILLS: usize = 100;

/// What isn't the program's in the folders that it writes into.
const THEIRS: [(&str, &str); 8] = [
    (
        "m365/root/azure/terraform.tfvars",
        "location = \"westeurope\"\n",
    ),
    ("m365/root/azure/terraform.tfstate", "{\"version\": 4}\n"),
    ("m365/root/azure/.terraform.lock.hcl", "provider \"x\" {}\n"),
    ("m365/root/azure/.terraform/modules/modules.json", "{}\n"),
    (
        "m365/root/aws/backend.tf",
        "terraform {\n  backend \"local\" {}\n}\n",
    ),
    (
        "m365/worldwide/inbound-hybrid-server/azure-nsg/.terraform/x",
        "x\n",
    ),
    (
        "m365/worldwide/inbound-hybrid-server/azure-nsg/prod.auto.tfvars",
        "roles = []\n",
    ),
    (
        "m365/modules/azure-nsg/.terraform.lock.hcl",
        "provider \"y\" {}\n",
    ),
];

/// Waits until `path` is there, or the run is over.
fn wait_for(path: &Path, run: &mut Child) {
    while !path.exists() && run.try_wait().expect("it can be waited for").is_none() {
        sleep(Duration::from_micros(50));
    }
}

type Files = BTreeMap<String, String>;

fn start(desk: &Desk) -> Child {
    Command::new(env!("CARGO_BIN_EXE_perimeter365"))
        .args(["generate", "--out", "m365"])
        .args(NEW.split(' '))
        .current_dir(desk.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn is_temporary(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_prefix(".perimeter365-")
        .and_then(|rest| rest.strip_suffix(".tmp"))
        .is_some()
}

/// Every file is one of `old` or `new`, whole; what both have is there; what is theirs is untouched.
#[track_caller]
fn is_whole(now: &Files, old: &Files, new: &Files) {
    for (path, text) in now.iter().filter(|(path, _)| !is_temporary(path)) {
        let mut known = [old.get(path), new.get(path)].into_iter().flatten();
        assert!(
            known.any(|known| known == text),
            "{path} is neither old nor new:\n{text}"
        );
    }
    for path in old.keys().filter(|path| new.contains_key(*path)) {
        assert!(now.contains_key(path), "{path} is gone");
    }
    for (path, text) in THEIRS {
        let path = path.strip_prefix("m365/").expect("it is in the folder");
        assert_eq!(now.get(path).map(String::as_str), Some(text), "{path}");
    }
}

/// Numbers that look random, from the same seed always the same.
struct Dice(u64);

impl Dice {
    /// A number from 0 up to 1.
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits are left")) / f64::from(u32::MAX)
    }
}

/// A folder as it was: made anew only where the last run has changed it.
fn restore(desk: &Desk, kept: &Desk, now: &Files, old: &Files) {
    if now != old {
        fs::remove_dir_all(desk.file("m365")).expect("it can be removed");
        copy(&kept.file("m365"), &desk.file("m365"));
    }
}

#[test]
fn whenever_a_run_is_killed_nothing_is_half_written() {
    let kept = Desk::new();
    kept.generate(OLD).ends(0);
    for (path, text) in THEIRS {
        kept.write(path, text);
    }
    let old = kept.files("m365");
    let desk = Desk::new();
    copy(&kept.file("m365"), &desk.file("m365"));

    start(&desk).wait().expect("it ends");
    let new = desk.files("m365");
    is_whole(&new, &old, &new);
    let changed = old
        .iter()
        .filter(|(path, text)| new.get(*path) != Some(text))
        .count();
    assert!(changed > 15, "{changed} of {} files change", old.len());
    // New files come first.
    let sign = new
        .keys()
        .find(|path| !old.contains_key(*path))
        .expect("some are new");
    let sign = desk.file("m365").join(sign);

    // How long a run takes, and how long it writes: the shortest of some, since a kill that comes late hits nothing.
    let (mut whole, mut writing) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        restore(&desk, &kept, &desk.files("m365"), &old);
        let begin = Instant::now();
        let mut child = start(&desk);
        wait_for(&sign, &mut child);
        let first = begin.elapsed();
        child.wait().expect("it ends");
        let end = begin.elapsed();
        whole = whole.min(end);
        writing = writing.min(end.saturating_sub(first));
    }
    let mut now = new.clone();

    let (mut before, mut during, mut after) = (0, 0, 0);
    let mut dice = Dice(365);
    for turn in 0..KILLS {
        restore(&desk, &kept, &now, &old);
        let mut child = start(&desk);
        // Over all of the run, and every second time over what it writes, whenever it begins to.
        if turn % 2 == 0 {
            sleep(whole.mul_f64(dice.roll()));
        } else {
            wait_for(&sign, &mut child);
            sleep(writing.mul_f64(dice.roll()));
        }
        child.kill().expect("it can be killed, or has ended");
        child.wait().expect("it has ended");
        now = desk.files("m365");
        is_whole(&now, &old, &new);
        if now == old {
            before += 1;
        } else if now == new {
            after += 1;
        } else {
            during += 1;
            let check = desk.generate(&format!("--check {NEW}")).ends(2);
            assert!(check.stdout.contains("Renew with: "), "{}", check.stdout);
            for path in now.keys().filter(|path| is_temporary(path)) {
                let line = format!("{path}: left over from an interrupted run");
                assert!(check.stdout.contains(&line), "{path}:\n{}", check.stdout);
            }
            // Either way leads on: what was asked for last, or what the lock remembers.
            let (arguments, end) = if turn % 4 < 2 {
                (NEW, &new)
            } else {
                ("", &old)
            };
            desk.generate(arguments).ends(0);
            now = desk.files("m365");
            assert_eq!(
                now.keys().collect::<Vec<_>>(),
                end.keys().collect::<Vec<_>>()
            );
            assert!(now == *end, "the next run mends all of it");
        }
    }
    // Not `eprintln!`, whose output the test harness keeps to itself.
    let _ = writeln!(
        std::io::stderr(),
        "{KILLS} kills: {before} before the first file was replaced, {during} among them, {after} after the last"
    );
    assert!(
        during >= KILLS / 5,
        "{during} kills hit while files were replaced"
    );
    assert!(before > 0, "{before} kills came early");
    assert_eq!(files(&kept.file("m365")), old);
}
