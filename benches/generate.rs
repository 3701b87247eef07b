//! How long the default `generate --root` takes: each step, the whole process, and `terraform fmt`
//! over what it writes, for comparison. Aims: under 10 ms, and a quarter of `terraform fmt`.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use perimeter365::express::express;
use perimeter365::generate::{Request, generate};
use perimeter365::lock::Lock;
use perimeter365::options::{Options, Words};
use perimeter365::plan::plan;
use perimeter365::recipient::Recipient;
use perimeter365::render::render;
use perimeter365::report::{Steps, report};
use perimeter365::resolve::resolve;
use perimeter365::select::select;
use perimeter365::source::embedded;

fn words() -> Words {
    Words {
        root: Some(true),
        ..Words::default()
    }
}

fn steps(criterion: &mut Criterion) {
    let words = words();
    let catalogue = embedded::read().expect("the embedded catalogue is valid");
    let options = Options::parse(&words, &catalogue).expect("the default options are valid");
    let selection = select(&catalogue, &options).expect("nothing contradicts");
    let resolution = resolve(&catalogue, &selection, &options).expect("nothing is ambiguous");
    let recipients: Vec<Recipient<'_>> = options
        .targets
        .iter()
        .map(|target| target.recipient())
        .collect();
    let expressed = express(&resolution, &catalogue, &options, &recipients);
    let planned =
        plan(&resolution, &expressed, &options, &mut Lock::default()).expect("it fits the limits");
    let said = report(Steps {
        catalogue: &catalogue,
        selection: &selection,
        resolution: &resolution,
        expressed: &expressed,
        plan: &planned,
        options: &options,
        words: &words,
    });

    criterion.bench_function("source: read the embedded catalogue", |bencher| {
        bencher.iter(|| black_box(embedded::read()));
    });
    criterion.bench_function("select, resolve", |bencher| {
        bencher.iter(|| {
            let selection = select(&catalogue, &options).expect("nothing contradicts");
            black_box(resolve(&catalogue, &selection, &options))
        });
    });
    criterion.bench_function("express", |bencher| {
        bencher.iter(|| black_box(express(&resolution, &catalogue, &options, &recipients)));
    });
    criterion.bench_function("plan", |bencher| {
        bencher.iter(|| {
            black_box(plan(
                &resolution,
                &expressed,
                &options,
                &mut Lock::default(),
            ))
        });
    });
    criterion.bench_function("render", |bencher| {
        bencher.iter(|| black_box(render(&planned, &options, &said, &[])));
    });
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let request = Request {
        out: folder.path().join("m365"),
        words,
        ..Request::default()
    };
    criterion.bench_function("all steps, nothing to write", |bencher| {
        bencher.iter(|| black_box(generate(&request)));
    });
}

/// Whole processes, in turn, so that a machine that slows down slows both.
fn processes(_: &mut Criterion) {
    const RUNS: usize = 31;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let out = folder.path().join("m365");
    let mut fresh = Vec::new();
    let mut again = Vec::new();
    let mut fmt = Vec::new();
    for _ in 0..RUNS {
        let _ = std::fs::remove_dir_all(&out);
        fresh.push(time(&mut program(&out)));
        again.push(time(&mut program(&out)));
        let mut command = Command::new("terraform");
        command
            .args(["fmt", "-check", "-recursive"])
            .arg(&out)
            .env("CHECKPOINT_DISABLE", "1");
        fmt.extend(time(&mut command));
    }
    let median = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    };
    let fresh = median(fresh.into_iter().flatten().collect());
    let again = median(again.into_iter().flatten().collect());
    let fmt = median(fmt);
    println!("\nwhole process, median of {RUNS} runs");
    for (what, time) in [
        ("generate --root into an empty folder", fresh),
        ("generate --root, nothing changed", again),
        ("terraform fmt -check over the output", fmt),
    ] {
        match time {
            Some(time) => println!("  {what:<40} {:>8.2} ms", time.as_secs_f64() * 1e3),
            None => println!("  {what:<40} not measured: the command is missing"),
        }
    }
    if let (Some(fresh), Some(fmt)) = (fresh, fmt) {
        let ratio = fresh.as_secs_f64() / fmt.as_secs_f64();
        println!("  generate / terraform fmt                 {ratio:>8.3}    (aim: under 0.25)");
    }
}

fn program(out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_perimeter365"));
    command.args(["generate", "--root", "--out"]).arg(out);
    command
}

fn time(command: &mut Command) -> Option<Duration> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    command.status().ok()?;
    Some(start.elapsed())
}

criterion_group!(benches, steps, processes);
criterion_main!(benches);
