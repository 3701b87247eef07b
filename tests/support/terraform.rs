//! The real `terraform`, without network and without the user's own settings.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

/// Whether `terraform` is there. Where it isn't, the test `what` says that it is skipped; with
/// `PERIMETER365_REQUIRE_ALL` set, as in CI, it fails instead.
pub fn available(what: &str) -> bool {
    let found = Command::new("terraform")
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        let message = format!("skipped: {what}: `terraform` is not on the PATH");
        assert!(
            std::env::var_os("PERIMETER365_REQUIRE_ALL").is_none(),
            "{message}"
        );
        // Not `eprintln!`, whose output the test harness keeps to itself.
        let _ = writeln!(std::io::stderr(), "{message}");
    }
    found
}

/// Runs `terraform` with `arguments` in `folder`.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("terraform")
        .args(arguments)
        .current_dir(folder)
        .env("CHECKPOINT_DISABLE", "1")
        .env(
            "TF_CLI_CONFIG_FILE",
            if cfg!(windows) { "NUL" } else { "/dev/null" },
        )
        .env("TF_IN_AUTOMATION", "1")
        .env_remove("TF_DATA_DIR")
        .output()
        .expect("terraform starts")
}

/// Runs `terraform` and returns what it printed.
#[track_caller]
pub fn succeeds(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "terraform {} in {}:\n{}{}",
        arguments.join(" "),
        folder.display(),
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}
