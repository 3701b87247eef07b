//! The rendered page: rows of its tables.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::table::{CellBuilder, Row, Tag};

/// Reads the rows of every table, table by table.
#[must_use]
pub fn tables(text: &str) -> Vec<Vec<Row>> {
    let sink = Sink(RefCell::default());
    let sink = tokenize(text, sink);
    let mut page = sink.0.into_inner();
    page.end_row();
    page.tables.retain(|rows| !rows.is_empty());
    page.tables
}

/// Feeds what stands in `html`, a fragment of Markdown on `line`, to `cell`.
pub fn fragment(html: &str, line: usize, cell: CellBuilder) -> CellBuilder {
    let sink = FragmentSink {
        line,
        cell: RefCell::new(cell),
    };
    tokenize(html, sink).cell.into_inner()
}

fn tokenize<S: TokenSink>(text: &str, sink: S) -> S {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(text));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink
}

/// A page as far as it is read. Ends of rows and cells may be left out in HTML, so beginnings count.
#[derive(Default)]
struct Page {
    tables: Vec<Vec<Row>>,
    row: Option<Row>,
    cell: Option<CellBuilder>,
}

impl Page {
    fn end_cell(&mut self) {
        if let (Some(cell), Some(row)) = (self.cell.take(), &mut self.row) {
            row.cells.push(cell.finish());
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(row) = self.row.take() {
            match self.tables.last_mut() {
                Some(rows) => rows.push(row),
                None => self.tables.push(vec![row]),
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>, line: usize) {
        match tag.name {
            "table" => {
                self.end_row();
                self.tables.push(Vec::new());
            }
            "tr" => {
                self.end_row();
                self.row = Some(Row {
                    line,
                    cells: Vec::new(),
                });
            }
            "td" | "th" => {
                self.end_cell();
                self.cell = self.row.is_some().then(CellBuilder::new);
            }
            _ => {
                if let Some(cell) = &mut self.cell {
                    cell.open(tag, line);
                }
            }
        }
    }

    fn close(&mut self, name: &str, line: usize) {
        match name {
            "table" | "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            _ => {
                if let Some(cell) = &mut self.cell {
                    cell.close(name, line);
                }
            }
        }
    }
}

struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => {
                if let Some(cell) = &mut page.cell {
                    cell.text(&text, line);
                }
            }
            Token::TagToken(tag) => {
                let name: &str = &tag.name;
                match tag.kind {
                    TagKind::StartTag => {
                        page.open(&seen(&tag), line);
                        match name {
                            "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                            "style" => return TokenSinkResult::RawData(RawKind::Rawtext),
                            _ => {}
                        }
                    }
                    TagKind::EndTag => page.close(name, line),
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

struct FragmentSink {
    line: usize,
    cell: RefCell<CellBuilder>,
}

impl TokenSink for FragmentSink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut cell = self.cell.borrow_mut();
        match token {
            Token::CharacterTokens(text) => cell.text(&text, self.line),
            Token::TagToken(tag) => match tag.kind {
                TagKind::StartTag => cell.open(&seen(&tag), self.line),
                TagKind::EndTag => cell.close(&tag.name, self.line),
            },
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn seen(tag: &html5ever::tokenizer::Tag) -> Tag<'_> {
    let attribute = |name: &str| {
        let found = tag.attrs.iter().find(|found| &*found.name.local == name);
        found.map(|found| &*found.value)
    };
    Tag {
        name: &tag.name,
        class: attribute("class").unwrap_or_default(),
        href: attribute("href"),
    }
}
