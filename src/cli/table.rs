//! Columns of text, aligned.

use std::fmt::Write;

/// How a column's cells stand.
#[derive(Clone, Copy)]
pub enum Align {
    Left,
    Right,
}

/// Lines of cells under a heading.
pub struct Table {
    columns: Vec<(String, Align)>,
    lines: Vec<Vec<String>>,
}

impl Table {
    pub fn new(columns: impl IntoIterator<Item = (impl Into<String>, Align)>) -> Self {
        Self {
            columns: columns
                .into_iter()
                .map(|(title, align)| (title.into(), align))
                .collect(),
            lines: Vec::new(),
        }
    }

    pub fn line(&mut self, cells: Vec<String>) {
        self.lines.push(cells);
    }

    /// The table with its heading, each line ended.
    pub fn to_text(&self) -> String {
        let heading: Vec<String> = self
            .columns
            .iter()
            .map(|(title, _)| title.clone())
            .collect();
        let lines: Vec<&Vec<String>> = std::iter::once(&heading).chain(&self.lines).collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                let cells = lines.iter().filter_map(|line| line.get(column));
                cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for line in lines {
            let mut row = String::new();
            for ((cell, width), (_, align)) in line.iter().zip(&widths).zip(&self.columns) {
                let padded = match align {
                    Align::Left => format!("{cell:<width$}"),
                    Align::Right => format!("{cell:>width$}"),
                };
                let _ = write!(row, "  {padded}");
            }
            text.push_str(row.trim_end());
            text.push('\n');
        }
        text
    }
}
