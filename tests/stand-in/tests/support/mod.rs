//! A folder in which the real `terraform` runs with the stand-in as its provider.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use terraform_provider_stand_in::contract::contract;

pub struct Desk {
    folder: TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

impl Desk {
    /// Initialized for one provider. `None` where `terraform` is missing: the test is skipped, and says so.
    pub fn new(provider: &str, main: &str) -> Option<Self> {
        let platform = platform()?;
        let desk = Self {
            folder: tempfile::tempdir().expect("a folder can be made"),
            variables: Vec::new(),
        };
        let version = &contract()[provider].version;
        let place =
            format!("mirror/registry.terraform.io/hashicorp/{provider}/{version}/{platform}");
        let binary = format!("{place}/terraform-provider-{provider}_v{version}");
        fs::create_dir_all(desk.file(&place)).expect("folders can be made");
        fs::copy(
            env!("CARGO_BIN_EXE_terraform-provider-stand-in"),
            desk.file(&binary),
        )
        .expect("the binary can be copied");
        let mirror = desk.file("mirror").display().to_string();
        desk.write(
            "terraform.rc",
            &format!("provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n"),
        );
        desk.write("main.tf", main);
        desk.succeeds(&["init", "-no-color"]);
        Some(desk)
    }

    pub fn set(&mut self, variable: &'static str, value: &'static str) {
        self.variables.push((variable, value));
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).expect("files can be written");
    }

    /// Replaces the configuration.
    pub fn main(&self, text: &str) {
        self.write("main.tf", text);
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new("terraform")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_CLI_CONFIG_FILE", self.file("terraform.rc"))
            .env("TF_DISABLE_PLUGIN_TLS", "1")
            .env("TF_IN_AUTOMATION", "1")
            .env_remove("TF_DATA_DIR")
            .env_remove("PERIMETER365_STAND_IN_AWS_RULES")
            .env_remove("PERIMETER365_STAND_IN_INLINE")
            .env_remove("PERIMETER365_STAND_IN_JITTER")
            .env("PERIMETER365_STAND_IN_CLOUD", self.file("cloud.json"))
            .envs(self.variables.iter().copied())
            .output()
            .expect("terraform starts")
    }

    #[track_caller]
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = said(&output);
        assert!(
            output.status.success(),
            "terraform {}:\n{said}",
            arguments.join(" ")
        );
        said
    }

    /// Applies, and finds that a second plan has nothing to do.
    #[track_caller]
    pub fn applies(&self, summary: &str) {
        let said = self.succeeds(&["apply", "-auto-approve", "-no-color"]);
        assert!(said.contains(summary), "no `{summary}` in:\n{said}");
        self.succeeds(&["plan", "-detailed-exitcode", "-no-color"]);
    }

    /// What a plan counts.
    #[track_caller]
    pub fn plans(&self, summary: &str) {
        let said = self.succeeds(&["plan", "-no-color"]);
        assert!(said.contains(summary), "no `{summary}` in:\n{said}");
    }

    /// The errors of a run, by the address of their resource.
    pub fn errors(&self, arguments: &[&str]) -> BTreeMap<String, String> {
        let output = self.run(arguments);
        let said = said(&output);
        assert!(
            !output.status.success(),
            "terraform {}:\n{said}",
            arguments.join(" ")
        );
        let mut errors = BTreeMap::new();
        for line in said.lines() {
            let Ok(line) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let diagnostic = &line["diagnostic"];
            if diagnostic["severity"] == "error" {
                let address = diagnostic["address"].as_str().unwrap_or_default();
                let all: &mut String = errors.entry(address.to_owned()).or_default();
                all.push_str(diagnostic["summary"].as_str().unwrap_or_default());
                all.push('\n');
            }
        }
        errors
    }

    /// Each of the resource's instances is refused, so and no other.
    #[track_caller]
    pub fn refuses(&self, arguments: &[&str], resource: &str, wanted: &[(&str, &str)]) {
        let mut errors = self.errors(arguments);
        for (key, text) in wanted {
            let address = format!("{resource}[{key:?}]");
            let said = errors.remove(&address).unwrap_or_default();
            assert!(
                said.contains(text),
                "{address}: no `{text}` in `{said}`; the others are {errors:#?}"
            );
        }
        assert!(errors.is_empty(), "more is refused: {errors:#?}");
    }

    /// One resource is refused so.
    #[track_caller]
    pub fn refuses_one(&self, arguments: &[&str], address: &str, text: &str) {
        let errors = self.errors(arguments);
        let said = errors.get(address).map(String::as_str).unwrap_or_default();
        assert!(said.contains(text), "{address}: no `{text}` in {errors:#?}");
    }

    /// Changes the cloud behind Terraform's back.
    pub fn change_cloud(&self, change: impl FnOnce(&mut serde_json::Map<String, Value>)) {
        let path = self.file("cloud.json");
        let text = fs::read(&path).expect("the cloud is there");
        let mut cloud: Value = serde_json::from_slice(&text).expect("the cloud is JSON");
        change(
            cloud["objects"]
                .as_object_mut()
                .expect("the cloud has objects"),
        );
        fs::write(path, cloud.to_string()).expect("the cloud can be written");
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// As Terraform calls this machine's kind; `None` without Terraform.
fn platform() -> Option<String> {
    let output = Command::new("terraform")
        .args(["version", "-json"])
        .env("CHECKPOINT_DISABLE", "1")
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        let why = "`terraform` is not on the PATH";
        assert!(
            std::env::var_os("PERIMETER365_REQUIRE_ALL").is_none(),
            "{why}"
        );
        // `eprintln!` would be captured.
        writeln!(std::io::stderr(), "skipped: {why}").expect("standard error is open");
        return None;
    };
    let version: Value = serde_json::from_slice(&output.stdout).expect("terraform prints JSON");
    version["platform"].as_str().map(str::to_owned)
}
