//! The page as plain text: cells go on over lines, and only the beginning of a row can be told.

use super::markdown;
use super::table::{Cell, Row};

/// The cells that every row of the article has.
const CELLS: usize = 4;

/// Longest label that a translation makes of a row's number. Unit: characters.
const LONGEST_LABEL: usize = 20;

/// Reads the rows of the text's table, if it has one: `N | … | … | … |`, or with tabs for pipes.
#[must_use]
pub fn tables(text: &str) -> Vec<Vec<Row>> {
    let forms = ['|', '\t'].map(|delimiter| rows(text, delimiter));
    forms.into_iter().filter(|rows| rows.len() > 1).collect()
}

fn rows(text: &str, delimiter: char) -> Vec<Row> {
    let mut rows: Vec<Lines> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end_matches([' ', '\r']);
        let number = rows.len() + 1;
        match rows.last_mut() {
            last if begins_row(line, delimiter, number, last.as_deref()) => {
                rows.push(Lines::new(index + 1, line, delimiter));
            }
            Some(last) if last.is_over => {}
            // Behind its last cell nothing of a row follows but the next row, or what stands below the table.
            Some(last) if last.is_complete(delimiter) && !line.contains(delimiter) => {
                last.is_over = true;
            }
            Some(last) => {
                last.text.push('\n');
                last.text.push_str(line);
                last.delimiters += line.matches(delimiter).count();
            }
            None => {}
        }
    }
    rows.iter().map(|lines| lines.row(delimiter)).collect()
}

/// Whether `line` begins row `number`, of which `last` is the one before.
fn begins_row(line: &str, delimiter: char, number: usize, last: Option<&Lines>) -> bool {
    let Some((label, rest)) = line.split_once(delimiter) else {
        return false;
    };
    let label = label.trim();
    if label.parse() == Ok(number) {
        return true;
    }
    // A translated number: one word, where the row before has ended.
    let is_word = !label.is_empty()
        && label.chars().count() <= LONGEST_LABEL
        && !label.contains(|c: char| c.is_whitespace() || "./*:".contains(c));
    let has_more = rest.contains(|c: char| !c.is_whitespace() && c != delimiter);
    is_word && has_more && delimiter == '|' && last.is_some_and(|last| last.is_complete(delimiter))
}

/// The lines of one row.
struct Lines {
    /// From 1.
    first: usize,
    text: String,
    /// How many of them stand in it.
    delimiters: usize,
    is_over: bool,
}

impl Lines {
    fn new(first: usize, line: &str, delimiter: char) -> Self {
        Self {
            first,
            text: line.to_owned(),
            delimiters: line.matches(delimiter).count(),
            is_over: false,
        }
    }

    /// Whether all cells are there, and the last one has ended. With tabs, only a line's end ends it.
    fn is_complete(&self, delimiter: char) -> bool {
        match delimiter {
            '\t' => self.delimiters + 1 >= CELLS,
            _ => self.delimiters >= CELLS && self.text.ends_with(delimiter),
        }
    }

    fn row(&self, delimiter: char) -> Row {
        let text = self.text.strip_suffix(delimiter).unwrap_or(&self.text);
        let mut line = self.first;
        let cells = text.split(delimiter).map(|source| {
            let cell = cell(source, line);
            line += source.matches('\n').count();
            cell
        });
        Row {
            line: self.first,
            cells: cells.collect(),
        }
    }
}

/// A cell that begins on `line`. Some texts keep marks of Markdown.
fn cell(source: &str, line: usize) -> Cell {
    let is_marked = ["](", "<br", "<BR", "<p>"]
        .iter()
        .any(|mark| source.contains(mark));
    if is_marked {
        markdown::cell(&source.replace('\n', "<br>"), line)
    } else {
        Cell::plain(source, line)
    }
}
