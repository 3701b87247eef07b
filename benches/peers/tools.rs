//! What others work with, as far as it is on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python with the packages of `requirements.txt`, where there is one.
pub struct Python {
    program: PathBuf,
}

impl Python {
    /// That of `just bench-peers`, else the system's.
    pub fn find() -> Option<Self> {
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/bin/python");
        [ours, PathBuf::from("python3")]
            .into_iter()
            .map(|program| Self { program })
            .find(|python| {
                python.version_of("netaddr").is_some() && python.version_of("jinja2").is_some()
            })
    }

    /// One of the scripts beside this file.
    pub fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("benches/peers")
                .join(name),
        );
        // No compiled copies in the source tree: the packages' own are made when they are installed.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// Aerleon's program, which stands beside Python.
    pub fn aclgen(&self) -> Option<Command> {
        self.version_of("aerleon")?;
        Some(Command::new(self.program.with_file_name("aclgen")))
    }

    pub fn version(&self) -> Option<String> {
        first_line(
            Command::new(&self.program)
                .args(["-c", "import platform; print(platform.python_version())"]),
        )
    }

    pub fn version_of(&self, package: &str) -> Option<String> {
        let code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))";
        first_line(Command::new(&self.program).args(["-c", code, package]))
    }
}

/// Whether `terraform` can be run, and which.
pub fn terraform() -> Option<String> {
    let mut command = Command::new("terraform");
    command.arg("version").env("CHECKPOINT_DISABLE", "1");
    let line = first_line(&mut command)?;
    Some(line.trim_start_matches("Terraform v").to_owned())
}

/// What machine and which versions, in one line.
pub fn versions(python: Option<&Python>) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let of = |name: &str, version: Option<String>| match version {
        Some(version) => format!("{name} {version}"),
        None => format!("no {name}"),
    };
    let package = |name: &str| of(name, python.and_then(|python| python.version_of(name)));
    [
        format!("{cores} cores, {}", std::env::consts::ARCH),
        of("python", python.and_then(Python::version)),
        package("jinja2"),
        package("netaddr"),
        package("aerleon"),
        of("terraform", terraform()),
    ]
    .join("; ")
}

fn first_line(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(str::to_owned)
}
