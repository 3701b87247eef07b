//! Markdown, line by line.

use std::fmt::Display;

use crate::render::markdown::line;

/// The text of a README, or of a part of one.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// A line.
    pub fn say(&mut self, text: impl Display) {
        self.0.push_str(&text.to_string());
        self.0.push('\n');
    }

    /// A line behind an empty one.
    pub fn paragraph(&mut self, text: impl Display) {
        self.0.push('\n');
        self.say(text);
    }

    /// A table behind an empty line.
    pub fn table(&mut self, titles: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let titles: Vec<String> = titles.iter().map(ToString::to_string).collect();
        self.paragraph(line(&titles));
        self.say(format!("|{}", "---|".repeat(titles.len())));
        for row in rows {
            self.say(line(&row));
        }
    }

    pub fn into_text(self) -> String {
        self.0
    }
}
