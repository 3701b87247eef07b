//! A catalogue of a size that Microsoft's never had: by the program, by the script, and by a plain copy of the output.

use std::path::Path;
use std::process::Command;

use crate::small::NO_PYTHON;
use crate::support::measure::{Contender, in_turn, run as run_once};
use crate::table::{Aim, Line, Part, size};
use crate::{With, errand, folder, program};

#[allow(clippy::cast_precision_loss)] // three digits of them are shown
pub fn run(with: &With<'_>) -> Vec<Part> {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let at = |name: &str| desk.path().join(name);
    let (catalogue, out, script, copy) =
        (at("catalogue.json"), at("out"), at("script"), at("copy"));
    let title = format!(
        "(b, c) {} sets, {} networks, one target",
        with.networks
            .div_ceil(crate::support::crowd::NETWORKS_PER_SET),
        with.networks
    );
    let generated = errand::crowd(&catalogue, with.networks, false)
        .and_then(|()| run_once(&mut generate(&catalogue, &out)));
    if let Err(why) = generated {
        let lines = vec![Line::noted("generate", why)];
        return vec![Part { title, lines }];
    }
    let written = folder::size(&out);
    let mut contenders = vec![
        Contender::new("generate, a new folder", || generate(&catalogue, &out))
            .after(|| folder::remove(&out)),
        Contender::new("generate, nothing changed", || generate(&catalogue, &out)),
        Contender::new("verify", || verify(&out)),
        Contender::new("cp -r of the output", || {
            let mut command = Command::new("cp");
            command.arg("-r").arg(&out).arg(&copy);
            command
        })
        .after(|| folder::remove(&copy)),
    ];
    let scripted = || {
        let mut command = with
            .python
            .expect("it was asked for before")
            .script("generate.py");
        command.args(["--target", "generic-firewall", "--catalogue"]);
        command.arg(&catalogue).arg("--out").arg(&script);
        command
    };
    let is_same = with.python.ok_or(NO_PYTHON.to_owned()).and_then(|_| {
        run_once(&mut scripted())?;
        errand::are_equal(&out, &script)
    });
    if is_same.is_ok() {
        let contender = Contender::new("generate.py, the same rows", scripted);
        contenders.push(contender.after(|| folder::remove(&script)));
    }
    let costs = in_turn(&contenders);
    let named = contenders
        .iter()
        .map(|contender| contender.name)
        .zip(&costs);
    let mut lines: Vec<Line> = named
        .map(|(name, cost)| {
            let line = Line::new(name, cost).against(&costs[0]);
            match name {
                "generate, a new folder" => {
                    line.note(format!("{} written", size(written)))
                        .aim(|_, cost| {
                            let times = cost.peak as f64 / written as f64;
                            Some(Aim::below(times, 4.0, "× the output in memory"))
                        })
                }
                "verify" => line.less_than(2.0),
                "generate.py, the same rows" => line.at_least(50.0),
                _ => line,
            }
        })
        .collect();
    if let Err(why) = is_same {
        lines.push(Line::noted("generate.py, the same rows", why));
    }
    vec![Part { title, lines }]
}

pub fn generate(catalogue: &Path, out: &Path) -> Command {
    let mut command = program(&["generate", "--target", "generic-firewall", "--catalogue"]);
    command.arg(catalogue).arg("--out").arg(out);
    command
}

pub fn verify(out: &Path) -> Command {
    let mut command = program(&["verify"]);
    command.arg(out);
    command
}
