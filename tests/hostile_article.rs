//! Hostile texts in every cell of the article, in every form that it comes in: each is refused, or nothing of it
//! gets into the catalogue.

mod edition;
mod hostile;
mod support;

use edition::Edition;
use hostile::{is_harmless_to_a_terminal, says_no_harm_of_the_facts, shows_itself, texts};
use perimeter365::source::catalogues::CatalogueFile;
use perimeter365::source::named::Named;
use support::Desk;

/// The form's name, and the edition in it.
fn forms(edition: &Edition) -> [(&'static str, String); 3] {
    [
        ("page.md", edition.markdown()),
        ("page.html", edition.html()),
        ("page.txt", edition.text()),
    ]
}

/// What the program says of `text` does no harm, and what it makes of it is a catalogue or nothing.
fn is_refused_or_plain(what: &str, name: &str, text: &str) {
    let desk = Desk::new();
    desk.write(name, text);
    let run = desk.run(&format!("import article {name} --out c.json"));
    is_harmless_to_a_terminal(what, &run);
    if run.code == 1 {
        assert!(!desk.file("c.json").exists(), "{what}: nothing is written");
        return;
    }
    let catalogue = desk.read("c.json");
    assert!(catalogue.is_ascii(), "{what}");
    shows_itself(what, &catalogue);
    if let Err(errors) = CatalogueFile::read("c.json", catalogue.as_bytes()) {
        panic!("{what}: {errors:?}");
    }
    for sign in ["${", "<script", "evil", "EOT"] {
        assert!(!catalogue.contains(sign), "{what}: {sign}");
    }
}

#[test]
fn no_cell_of_the_article_is_more_than_a_cell() {
    let columns = Edition::current().rows[0].len();
    for (index, text) in texts(17).iter().enumerate() {
        // A page of many megabytes says no more than one of a few.
        let text = &text[..text.len().min(1 << 16)];
        for column in 0..columns {
            let mut edition = Edition::current();
            for (row, cells) in edition.rows.iter_mut().enumerate() {
                if text.len() < 1 << 10 || row % 8 == column {
                    cells[column] = format!("{} {text}", cells[column]);
                }
            }
            for (name, page) in forms(&edition) {
                is_refused_or_plain(
                    &format!("text {index}, column {column}, {name}"),
                    name,
                    &page,
                );
            }
        }
    }
}

#[test]
fn a_new_row_and_the_head_of_a_page_are_no_more_than_that() {
    for (index, text) in texts(3).iter().enumerate() {
        let text = &text[..text.len().min(1 << 16)];
        let mut edition = Edition::current();
        let mut row = edition.rows[0].clone();
        row[1] = text.to_owned();
        row[2] = format!("`new.example.com` {text}");
        edition.rows.push(row);
        for (name, page) in forms(&edition) {
            is_refused_or_plain(&format!("a row of text {index}, {name}"), name, &page);
        }
        let [(_, markdown), (_, html), _] = forms(&Edition::current());
        for head in [
            markdown.replace("02/03/2026", text),
            markdown.replace("ms.date:", &format!("ms.contentlocale: {text}\nms.date:")),
            markdown.replace("# Other needs", &format!("# {text}")),
            markdown.replace("|Row|", &format!("|{text}|")),
            html.replace("en-us", text),
            html.replace("2026-02-03", text),
            html.replace("2026-02-03", &format!("2026-{}-03", "1".repeat(500))),
        ] {
            is_refused_or_plain(&format!("a head of text {index}"), "page", &head);
        }
    }
}

#[test]
fn what_is_said_of_a_hostile_edition_does_no_harm() {
    for (index, text) in texts(8).iter().enumerate() {
        let text = &text[..text.len().min(1 << 16)];
        let mut edition = Edition::current();
        for cells in &mut edition.rows {
            cells[2] = format!("{} {text}", cells[2]);
        }
        let desk = Desk::new();
        desk.write("page.md", &edition.markdown());
        says_no_harm_of_the_facts(&format!("text {index}"), &desk, "page.md");
    }
}
