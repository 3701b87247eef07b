//! The article's table as rows of cells, whatever the form that it came in.

/// One row: its cells as plain text, without markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins in the document, from 1.
    pub line: usize,
    pub cells: Vec<Cell>,
}

impl Row {
    /// Whether nothing stands in it: what a stray `|||||` comes to.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.trim().is_empty())
    }
}

/// The text of one cell. Breaks (`<br>`, `<p>`, a new line) are `\n`, other tags are blanks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Where its links lead.
    pub links: Vec<String>,
    /// From which offset on which line of the document; sorted.
    lines: Vec<(usize, usize)>,
}

impl Cell {
    /// A cell that has no markup and begins on `line`.
    #[must_use]
    pub fn plain(text: &str, line: usize) -> Self {
        let mut cell = CellBuilder::new();
        for (index, part) in text.split_inclusive('\n').enumerate() {
            cell.text(part, line + index);
        }
        cell.finish()
    }

    /// The line of the document, from 1, that the text at `offset` stands on.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> usize {
        let after = self.lines.partition_point(|(start, _)| *start <= offset);
        self.lines
            .get(after.saturating_sub(1))
            .map_or(1, |(_, line)| *line)
    }
}

/// Puts a cell together from text and tags, in the order of the document.
///
/// Editions in two languages hold each translated piece in a span, and the English it was translated from in a span of
/// class `sxs-lookup` behind or within that: English takes the translation's place.
#[derive(Debug)]
pub struct CellBuilder {
    spans: Vec<Span>,
    links: Vec<String>,
}

#[derive(Debug, Default)]
struct Span {
    is_english: bool,
    pieces: Vec<Piece>,
    /// Where in `pieces` the last translated piece begins, while nothing else stands behind it.
    translated: Option<usize>,
}

#[derive(Debug)]
struct Piece {
    text: String,
    line: usize,
}

impl CellBuilder {
    #[must_use]
    pub fn new() -> Self {
        Self {
            spans: vec![Span::default()],
            links: Vec::new(),
        }
    }

    pub fn text(&mut self, text: &str, line: usize) {
        if let Some(span) = self.spans.last_mut() {
            if !text.trim().is_empty() {
                span.translated = None;
            }
            span.pieces.push(Piece {
                text: text.to_owned(),
                line,
            });
        }
    }

    pub fn link(&mut self, target: &str) {
        self.links.push(target.to_owned());
    }

    /// A tag that begins here. What has no meaning for the text parts words, and nothing more.
    pub fn open(&mut self, tag: &Tag<'_>, line: usize) {
        match tag.name {
            "span" => self.spans.push(Span {
                is_english: tag
                    .class
                    .split_whitespace()
                    .any(|class| class == "sxs-lookup"),
                ..Span::default()
            }),
            "a" => {
                self.links.extend(tag.href.map(str::to_owned));
                self.text(" ", line);
            }
            _ if is_break(tag.name) => self.text("\n", line),
            _ => self.text(" ", line),
        }
    }

    /// A tag that ends here.
    pub fn close(&mut self, name: &str, line: usize) {
        match name {
            "span" => self.close_span(),
            _ if is_break(name) => self.text("\n", line),
            _ => self.text(" ", line),
        }
    }

    fn close_span(&mut self) {
        // The outermost one is the cell's own.
        if self.spans.len() < 2 {
            return;
        }
        let is_outermost = self.spans.len() == 2;
        let (Some(span), Some(outer)) = (self.spans.pop(), self.spans.last_mut()) else {
            return;
        };
        let says_something = span
            .pieces
            .iter()
            .any(|piece| !piece.text.trim().is_empty());
        if span.is_english && says_something {
            // Within a translated span, all before it is the translation; in the cell itself it need not be.
            let all = if is_outermost { outer.pieces.len() } else { 0 };
            let start = outer.translated.take().unwrap_or(all);
            outer.pieces.truncate(start);
        } else if !span.is_english {
            outer.translated = Some(outer.pieces.len());
        }
        outer.pieces.extend(span.pieces);
    }

    #[must_use]
    pub fn finish(mut self) -> Cell {
        while self.spans.len() > 1 {
            self.close_span();
        }
        let mut cell = Cell {
            links: self.links,
            ..Cell::default()
        };
        for piece in self.spans.pop().into_iter().flat_map(|span| span.pieces) {
            if cell
                .lines
                .last()
                .is_none_or(|(_, line)| *line != piece.line)
            {
                cell.lines.push((cell.text.len(), piece.line));
            }
            cell.text.push_str(&piece.text);
        }
        cell
    }
}

/// What of a tag matters.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    /// In lower case.
    pub name: &'a str,
    pub class: &'a str,
    pub href: Option<&'a str>,
}

/// Tags that stand between things said, not within one.
fn is_break(name: &str) -> bool {
    matches!(name, "br" | "p" | "div" | "li" | "ul" | "ol" | "tr" | "hr")
}
