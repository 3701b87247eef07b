//! Markdown: pipe tables, a row a line.
//!
//! Rows are taken apart here rather than by the Markdown reader, which drops the cells that a row has
//! beyond its header; editions have such rows. What stands in a cell is its business.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::html;
use super::table::{Cell, CellBuilder, Row};

/// Reads the rows of every pipe table, table by table.
#[must_use]
pub fn tables(text: &str) -> Vec<Vec<Row>> {
    let mut tables = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let unfinished = lines.last_mut().filter(|row| !row.ends || row.pipes < 2);
        match unfinished {
            _ if line.starts_with('|') => lines.push(Line::new(index + 1, line)),
            // One edition has a row that goes on in the next line.
            Some(row) if !line.is_empty() && pipes(line) > 0 => row.go_on(line),
            _ => end(&mut lines, &mut tables),
        }
    }
    end(&mut lines, &mut tables);
    tables
}

/// The source of a row, as far as it is read. What is known of it is not counted anew with each line.
struct Line {
    /// From 1.
    number: usize,
    source: String,
    pipes: usize,
    /// Whether its last character is a pipe.
    ends: bool,
}

impl Line {
    fn new(number: usize, line: &str) -> Self {
        Self {
            number,
            source: line.to_owned(),
            pipes: pipes(line),
            ends: ends_with_pipe(line),
        }
    }

    fn go_on(&mut self, line: &str) {
        self.source.push_str("<br>");
        self.source.push_str(line);
        self.pipes += pipes(line);
        self.ends = ends_with_pipe(line);
    }
}

fn end(lines: &mut Vec<Line>, tables: &mut Vec<Vec<Row>>) {
    let rows: Vec<Row> = lines
        .drain(..)
        .filter(|line| !is_delimiter(&line.source))
        .map(|line| row(&line.source, line.number))
        .collect();
    if !rows.is_empty() {
        tables.push(rows);
    }
}

fn row(source: &str, line: usize) -> Row {
    let inner = source.strip_prefix('|').unwrap_or(source);
    let inner = if ends_with_pipe(inner) {
        &inner[..inner.len() - 1]
    } else {
        inner
    };
    Row {
        line,
        cells: split(inner).map(|source| cell(source, line)).collect(),
    }
}

/// The cells of a row; `\|` is a pipe within one.
pub fn split(row: &str) -> impl Iterator<Item = &str> {
    let ends = pipe_offsets(row).chain([row.len()]);
    let mut start = 0;
    ends.map(move |end| {
        let cell = &row[start..end];
        start = end + 1;
        cell
    })
}

fn pipe_offsets(row: &str) -> impl Iterator<Item = usize> {
    let mut escaped = false;
    row.bytes().enumerate().filter_map(move |(offset, byte)| {
        let is_pipe = byte == b'|' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_pipe.then_some(offset)
    })
}

fn pipes(row: &str) -> usize {
    pipe_offsets(row).count()
}

fn ends_with_pipe(row: &str) -> bool {
    !row.is_empty() && pipe_offsets(row).last() == Some(row.len() - 1)
}

fn is_delimiter(row: &str) -> bool {
    row.contains('-') && row.bytes().all(|byte| b"|:- \t".contains(&byte))
}

/// Reads what stands in one cell, on `line`.
#[must_use]
pub fn cell(source: &str, line: usize) -> Cell {
    /// In a table's cell nothing is a list, a heading or a quotation.
    const TABLE: &str = "|\n|-|\n|";
    let table = format!("|_{TABLE} {} |", source.trim());
    let offset = 2 + TABLE.len();
    let mut cell = CellBuilder::new();
    let mut head = true;
    for (event, range) in Parser::new_ext(&table, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::End(TagEnd::TableHead) => head = false,
            _ if head || range.start < offset => {}
            Event::Text(text) => cell.text(&text, line),
            // Code ends what stands before it, and is a thing of its own.
            Event::Code(text) => cell.text(&format!(" {text} "), line),
            Event::InlineHtml(tag) | Event::Html(tag) => cell = html::fragment(&tag, line, cell),
            Event::SoftBreak | Event::HardBreak => cell.text("\n", line),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                cell.link(&dest_url);
                cell.text(" ", line);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => cell.text(" ", line),
            Event::Start(Tag::Emphasis) => cell.text(&stars(&table, &range, 1).0, line),
            Event::End(TagEnd::Emphasis) => cell.text(&stars(&table, &range, 1).1, line),
            Event::Start(Tag::Strong) => cell.text(&stars(&table, &range, 2).0, line),
            Event::End(TagEnd::Strong) => cell.text(&stars(&table, &range, 2).1, line),
            _ => {}
        }
    }
    cell.finish()
}

/// What stood at the beginning and the end of what Markdown takes for emphasis, `width` characters each:
/// the stars of two wildcards (`*.a.com <br>*.b.com`) are no emphasis, and must not get lost.
fn stars(source: &str, range: &Range<usize>, width: usize) -> (String, String) {
    let inside = &source[range.start..range.end];
    let opens_wildcard = inside.as_bytes().get(width) == Some(&b'.');
    let closes_wildcard = source.as_bytes().get(range.end) == Some(&b'.');
    let is_star = inside.starts_with('*');
    if is_star && (opens_wildcard || closes_wildcard) {
        let stars = "*".repeat(width);
        (stars.clone(), stars)
    } else {
        (String::new(), String::new())
    }
}
