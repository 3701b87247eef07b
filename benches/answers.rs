//! How long answers take: what differs, and who needs an address or a name.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use perimeter365::catalogue::Cloud;
use perimeter365::diff::compare;
use perimeter365::diff::side::compare_named;
use perimeter365::diff::text::text;
use perimeter365::explain::question::Question;
use perimeter365::explain::{Folder, explain};
use perimeter365::generate::{Request, generate};
use perimeter365::options::{Options, Words};
use perimeter365::source::{article, embedded};
use perimeter365::verify::{files, folder};

#[path = "../tests/edition/mod.rs"]
mod edition;

use edition::{Edition, GRAPH};

fn differences(criterion: &mut Criterion) {
    let known = embedded::read().expect("the embedded catalogue is valid");
    let edition = Edition::current().with(GRAPH, "20.20.32.0/19", "20.20.64.0/19");
    let new = article::read(&edition.markdown(), &known);
    let new = new.expect("it has the table").catalogue;
    assert!(!compare(&known, &new).is_empty());
    criterion.bench_function("diff: two catalogues", |bencher| {
        bencher.iter(|| black_box(compare(&known, &new)));
    });
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let file = desk.path().join("edition.md");
    std::fs::write(&file, edition.markdown()).expect("files can be written");
    let file = file.display().to_string();
    assert!(compare_named("embedded", &file).is_ok());
    criterion.bench_function("diff: an edition, read and told", |bencher| {
        bencher.iter(|| {
            let comparison = compare_named("embedded", &file).expect("both are sources");
            black_box(text(&comparison))
        });
    });
}

fn explanations(criterion: &mut Criterion) {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let request = Request {
        out: desk.path().join("m365"),
        ..Request::default()
    };
    generate(&request).expect("the defaults can be written");
    let catalogue = embedded::read().expect("the embedded catalogue is valid");
    let options = Options::parse(&Words::default(), &catalogue).expect("the defaults are valid");
    let (texts, _) = folder::read(&request.out);
    let (found, _) = files::read(&texts, &catalogue, &options);
    let rows = Folder {
        path: "m365",
        found: &found,
        texts: &[],
    };
    for (what, subject) in [("an address", "20.20.32.7"), ("a name", "login.live.com")] {
        let question = Question::parse(subject, None).expect("it is one");
        let answer = |rows| explain((&catalogue, &options), rows, &[Cloud::Worldwide], &question);
        assert!(answer(None).is_found());
        criterion.bench_function(&format!("explain: {what}"), |bencher| {
            bencher.iter(|| black_box(answer(None)));
        });
        criterion.bench_function(&format!("explain: {what}, in a folder"), |bencher| {
            bencher.iter(|| black_box(answer(Some(rows))));
        });
    }
}

criterion_group!(benches, differences, explanations);
criterion_main!(benches);
