//! How long facts take to come in: from each kind of source, and through an overlay; and rows from a folder's file.

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::net::Ipv4Addr;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use ipnet::Ipv4Net;
use perimeter365::catalogue::document::Document;
use perimeter365::catalogue::{Cloud, Direction, Kind, PortRange, Protocol, Role, SetKey};
use perimeter365::options::Words;
use perimeter365::permit::PermitRemote;
use perimeter365::plan::{Row, Rows};
use perimeter365::render::hcl::{attribute, block, file};
use perimeter365::render::rows::{hcl_to_rows, parse, rows_to_hcl};
use perimeter365::source::gather::{Wish, gather};
use perimeter365::source::web_service::import;
use perimeter365::source::{article, catalogues, embedded};
use support::crowd;

mod support;

#[path = "../tests/edition/mod.rs"]
mod edition;

/// The networks of the catalogue in a file, a hundred times those of the article.
const NETWORKS: u32 = 10_000;

fn catalogues(criterion: &mut Criterion) {
    let desk = tempfile::tempdir().expect("a temporary folder can be made");
    let file = desk.path().join("catalogue.json");
    crowd::write(&file, NETWORKS, false).expect("files can be written");
    let words = [file.display().to_string()];
    let read = || catalogues::read(Some(&words), false, &[], desk.path());
    assert!(read().is_ok());
    criterion.bench_function("source: the embedded catalogue", |bencher| {
        bencher.iter(|| black_box(embedded::read()));
    });
    criterion.bench_function("source: a catalogue of 10,000 networks", |bencher| {
        bencher.iter(|| black_box(read()));
    });
}

fn articles(criterion: &mut Criterion) {
    let known = embedded::read().expect("the embedded catalogue is valid");
    let edition = edition::Edition::current();
    for (form, text) in [("Markdown", edition.markdown()), ("HTML", edition.html())] {
        let import = || article::read(&text, &known).expect("it has the table");
        criterion.bench_function(&format!("source: the article in {form}"), |bencher| {
            bencher.iter(|| black_box(import()));
        });
        criterion.bench_function(&format!("import: the article in {form}"), |bencher| {
            bencher.iter(|| {
                let article = import();
                let document = Document::of(&article.catalogue, &article.source);
                black_box(serde_json::to_string_pretty(&document))
            });
        });
    }
}

fn web_service(criterion: &mut Criterion) {
    let answer = answer();
    let import = || {
        import(
            Path::new("answer.json"),
            answer.as_bytes(),
            Cloud::Worldwide,
            "2026-01",
        )
    };
    assert!(import().is_ok());
    criterion.bench_function("source: an answer of 100 entries", |bencher| {
        bencher.iter(|| black_box(import()));
    });
}

/// An answer of the web service, about as long as real ones.
fn answer() -> String {
    let mut text = "[".to_owned();
    for id in 1..=100 {
        let comma = if id > 1 { "," } else { "" };
        let _ = write!(
            text,
            r#"{comma}{{"id": {id}, "serviceArea": "Exchange", "urls": ["mail{id}.example.com", "*.files{id}.example.com"],
                "ips": ["20.{id}.0.0/24", "20.{id}.2.0/24", "2603:{id}::/48"], "tcpPorts": "80,443", "udpPorts": "443",
                "expressRoute": true, "category": "Optimize", "required": true}}"#
        );
    }
    text + "]"
}

fn overlays(criterion: &mut Criterion) {
    let known = embedded::read().expect("the embedded catalogue is valid");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/with-an-overlay");
    let overlay = examples.join("overlay.json");
    assert!(fs::exists(&overlay).is_ok_and(|is_there| is_there));
    let given = Words {
        overlay: Some(vec![overlay.display().to_string()]),
        ..Words::default()
    };
    let gathered = || {
        let wish = Wish {
            out: Path::new("m365"),
            given: &given,
            remembered: &Words::default(),
            kept: None,
            known: None,
        };
        gather(&known, wish)
    };
    assert!(gathered().is_ok());
    criterion.bench_function("overlay: read and applied", |bencher| {
        bencher.iter(|| black_box(gathered()));
    });
}

fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rows read back");
    group.sample_size(10);
    for count in [10_000, 100_000] {
        let rows = numbered(count);
        let body = vec![attribute("rules", rows_to_hcl(&rows))];
        let text = file(&[block("module", Some("rules".into()), body)]);
        let read = || parse(&text).and_then(|body| hcl_to_rows(&body));
        assert_eq!(read(), Ok(rows));
        group.bench_function(count.to_string(), |bencher| {
            bencher.iter(|| black_box(read()));
        });
    }
}

/// So many rows, each with a network of its own.
fn numbered(count: u32) -> Rows {
    let row = |number: u32| Row {
        set: SetKey::parse(&format!("set-{number}")).expect("a name"),
        description: format!("Change notifications of service {number}"),
        direction: Direction::Inbound,
        priority: None,
        group: None,
        role: Role::parse("webhook_receiver").expect("a name"),
        protocol: Protocol::Tcp,
        ports: vec![PortRange::parse("443").expect("a port")],
        slots: vec![1],
        kind: Kind::Ipv4,
        remote: PermitRemote::Networks(vec![
            Ipv4Net::new_assert(Ipv4Addr::from_bits((20 << 24) + number), 32).into(),
        ]),
    };
    let key = |number: u32| format!("set-{number}.webhook_receiver.ipv4");
    (0..count)
        .map(|number| (key(number), row(number)))
        .collect()
}

criterion_group!(benches, catalogues, articles, web_service, overlays, rows);
criterion_main!(benches);
