//! The real `terraform`, without network and without the user's own settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use super::skip;

/// A `terraform` that can be run.
pub struct Terraform {
    /// Its CLI configuration: says where the stand-in providers are.
    configuration: PathBuf,
}

/// What a plan or an apply counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub add: usize,
    pub change: usize,
    pub destroy: usize,
}

impl Terraform {
    /// Terraform with nothing but its built-in provider. Where it isn't there, the test `what` says
    /// that it is skipped; with `PERIMETER365_REQUIRE_ALL` set, as in CI, it fails instead.
    pub fn alone(what: &str) -> Option<Self> {
        let found = Command::new("terraform")
            .arg("version")
            .output()
            .is_ok_and(|output| output.status.success());
        if !found {
            skip(what, "`terraform` is not on the PATH");
            return None;
        }
        Some(Self {
            configuration: PathBuf::from(if cfg!(windows) { "NUL" } else { "/dev/null" }),
        })
    }

    /// Terraform with the stand-ins for the azurerm and aws providers, which are built for it first
    /// (`tests/stand-in/README.md` says what they check and what not).
    pub fn with_stand_ins(what: &str) -> Option<Self> {
        static CONFIGURATION: LazyLock<PathBuf> = LazyLock::new(build_stand_ins);
        Self::alone(what)?;
        Some(Self {
            configuration: CONFIGURATION.clone(),
        })
    }

    /// `terraform` to be run in `folder`. What the stand-ins have made is in `cloud.json` there.
    pub fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new("terraform");
        command
            .args(arguments)
            .current_dir(folder)
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_CLI_CONFIG_FILE", &self.configuration)
            .env("TF_DISABLE_PLUGIN_TLS", "1")
            .env("TF_IN_AUTOMATION", "1")
            // Writes take effect in any order, as at a cloud: what depends on luck shows.
            .env("PERIMETER365_STAND_IN_JITTER", "10")
            .env("PERIMETER365_STAND_IN_CLOUD", folder.join("cloud.json"))
            .env_remove("TF_DATA_DIR");
        command
    }

    /// Runs `terraform` in `folder`.
    pub fn run(&self, folder: &Path, arguments: &[&str]) -> Output {
        self.command(folder, arguments)
            .output()
            .expect("terraform starts")
    }

    /// Runs `terraform` and returns what it printed.
    #[track_caller]
    pub fn succeeds(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.run(folder, arguments);
        assert!(
            output.status.success(),
            "terraform {} in {}:\n{}",
            arguments.join(" "),
            folder.display(),
            said(&output)
        );
        said(&output)
    }

    /// Runs `terraform`, expects it to fail, and returns its errors as running text.
    #[track_caller]
    pub fn refuses(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.run(folder, arguments);
        assert!(
            !output.status.success(),
            "terraform {} lets it in:\n{}",
            arguments.join(" "),
            said(&output)
        );
        let lines = String::from_utf8_lossy(&output.stderr).replace('│', " ");
        lines.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Plans and applies. Returns what the plan counted, and what was printed.
    #[track_caller]
    pub fn applies(&self, folder: &Path) -> (Counts, String) {
        let said = self.succeeds(folder, &["apply", "-no-color", "-auto-approve"]);
        (counts(&said), said)
    }

    /// Finds that nothing is left to do.
    #[track_caller]
    pub fn has_nothing_to_do(&self, folder: &Path) {
        self.succeeds(folder, &["plan", "-no-color", "-detailed-exitcode"]);
    }

    /// Runs a module's own tests, and returns how many runs passed.
    #[track_caller]
    pub fn tests(&self, module: &Path) -> usize {
        self.succeeds(module, &["init", "-no-color"]);
        let output = self.succeeds(module, &["test", "-no-color"]);
        output
            .lines()
            .find_map(|line| line.strip_prefix("Success! "))
            .and_then(|rest| rest.split_once(" passed, 0 failed"))
            .and_then(|(count, _)| count.parse().ok())
            .unwrap_or_else(|| panic!("no count in\n{output}"))
    }
}

fn counts(said: &str) -> Counts {
    let Some(line) = said.lines().find_map(|line| line.strip_prefix("Plan: ")) else {
        assert!(
            said.contains("No changes.") || said.contains("Changes to Outputs"),
            "{said}"
        );
        return Counts {
            add: 0,
            change: 0,
            destroy: 0,
        };
    };
    let count = |what: &str| {
        line.split(", ")
            .find_map(|part| part.trim_end_matches('.').strip_suffix(what))
            .and_then(|number| number.trim().parse().ok())
            .unwrap_or_else(|| panic!("no count of `{what}` in `{line}`"))
    };
    Counts {
        add: count(" to add"),
        change: count(" to change"),
        destroy: count(" to destroy"),
    }
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Builds the stand-ins, lays them out as a mirror of the registry, and returns the configuration
/// that leads Terraform there.
fn build_stand_ins() -> PathBuf {
    const PROVIDERS: [(&str, &str); 2] = [("azurerm", "5.2.0"), ("aws", "6.0.0")];
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stand-in");
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stand-in/Cargo.toml");
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--release",
            "--locked",
            "--quiet",
            "--manifest-path",
        ])
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target)
        .output()
        .expect("cargo starts");
    assert!(built.status.success(), "{}", said(&built));
    let binary = format!(
        "release/terraform-provider-stand-in{}",
        std::env::consts::EXE_SUFFIX
    );
    let mirror = target.join("mirror");
    let platform = platform();
    for (name, version) in PROVIDERS {
        let place = mirror.join(format!(
            "registry.terraform.io/hashicorp/{name}/{version}/{platform}/terraform-provider-{name}_v{version}{}",
            std::env::consts::EXE_SUFFIX
        ));
        replace(&place, |new| {
            fs::copy(target.join(&binary), new).map(|_| ())
        });
    }
    let configuration = target.join("terraform.rc");
    let text = format!(
        "provider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
        mirror.to_string_lossy()
    );
    replace(&configuration, |new| fs::write(new, text));
    configuration
}

/// Puts a file in its place at once: another process of tests may be using the one before.
fn replace(place: &Path, make: impl FnOnce(&Path) -> std::io::Result<()>) {
    let folder = place.parent().expect("a file has a folder");
    fs::create_dir_all(folder).expect("folders can be made");
    let new = place.with_extension(std::process::id().to_string());
    make(&new).expect("files can be written");
    fs::rename(&new, place).expect("files can be replaced");
}

/// As Terraform names it: `linux_amd64`.
fn platform() -> String {
    let output = Command::new("terraform")
        .args(["version", "-json"])
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .expect("terraform starts");
    let version: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("`terraform version -json` prints JSON");
    version["platform"]
        .as_str()
        .expect("it names the platform")
        .to_owned()
}
