//! Markdown that nothing in a text can break out of.

use crate::harmless::visible;

/// One line of a Markdown table.
#[must_use]
pub fn line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

/// A text as a cell of a Markdown table: nothing in it can end the cell or become markup, except
/// the backticks that this program puts around values. One that has no other opens nothing.
#[must_use]
pub fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut quoted = false;
    let is_paired = text.matches('`').count().is_multiple_of(2);
    for c in text.chars() {
        match c {
            '`' if !is_paired => safe.push_str("\\`"),
            '`' => {
                quoted = !quoted;
                safe.push(c);
            }
            '|' => safe.push_str("\\|"),
            '\n' | '\r' => safe.push(' '),
            '<' | '>' | '*' | '_' | '[' | ']' | '\\' if !quoted => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

/// A foreign text as code, on one line: no markup, no link and no mention of anybody comes of it.
#[must_use]
pub fn code(text: &str) -> String {
    let text = visible(text).replace('`', "'");
    // A code span of nothing but blanks, or of nothing, is none.
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    format!("`{text}`")
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn nothing_in_a_cell_is_markup_but_paired_backticks() {
        assert_eq!(cell("a|b <i>\n*"), "a\\|b \\<i\\> \\*");
        assert_eq!(cell("the set `a<b>`"), "the set `a<b>`");
        assert_eq!(cell("` <b>"), "\\` \\<b\\>");
    }
}
