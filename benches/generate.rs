//! How long each step of the default `generate --root` takes. `benches/peers` measures the whole process.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
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
use perimeter365::write::{apply, compare};

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

    criterion.bench_function("select", |bencher| {
        bencher.iter(|| black_box(select(&catalogue, &options)));
    });
    criterion.bench_function("resolve", |bencher| {
        bencher.iter(|| black_box(resolve(&catalogue, &selection, &options)));
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
    let files = render(&planned, &options, &said, &[]);
    let out = folder.path().join("written");
    criterion.bench_function("write: a new folder", |bencher| {
        let clear = || drop(std::fs::remove_dir_all(&out));
        let written = |()| {
            let difference = compare(&out, &files, &[])?;
            apply(&out, &files, difference, false)
        };
        bencher.iter_batched(clear, written, BatchSize::PerIteration);
    });
    criterion.bench_function("write: nothing changed", |bencher| {
        bencher.iter(|| black_box(compare(&out, &files, &[])));
    });
    let request = Request {
        out: folder.path().join("m365"),
        words,
        ..Request::default()
    };
    criterion.bench_function("end to end, nothing changed", |bencher| {
        bencher.iter(|| black_box(generate(&request)));
    });
}

criterion_group!(benches, steps);
criterion_main!(benches);
