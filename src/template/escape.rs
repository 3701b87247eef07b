//! Facts in places where only a fact may stand: nothing in one can end its place.

use std::cell::Cell;
use std::fmt::Write;

use serde_json::Value;

thread_local! {
    static WHOLE: Cell<bool> = const { Cell::new(false) };
}

/// Forgets what earlier renderings of this thread wrote.
pub fn begin() {
    WHOLE.set(false);
}

/// Whether a list or an object was written as a whole since then: an escape function can't refuse, and
/// knows them only by how Handlebars writes them.
pub fn saw_a_whole_list() -> bool {
    WHOLE.get()
}

/// [`plain`], for what stands between two braces.
pub fn escape(text: &str) -> String {
    let is_list = text.contains(", ") || text.contains(['/', '[']);
    if text == "[object]" || text.starts_with('[') && text.ends_with(']') && is_list {
        WHOLE.set(true);
    }
    plain(text)
}

/// `text` with everything but letters, digits, blanks and the signs that addresses and names are made
/// of as `_`. That is safe in every line-based format: no quote, no end of line, no sign that starts a
/// comment, a variable or a command.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " ._:/,()*-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// `text` as a word: letters, digits and `_`, with a letter or `_` first.
#[must_use]
pub fn word(text: &str) -> String {
    let word: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        word
    } else {
        format!("_{word}")
    }
}

/// Whether `c` ends a line for some reader, or shows what follows in another order than it stands in.
#[must_use]
pub fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` with a blank for each character that misleads.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if misleads(c) { ' ' } else { c })
        .collect()
}

/// `value` as JSON on one line, with what misleads as `\u…`.
#[must_use]
pub fn json(value: &Value) -> String {
    let mut json = String::new();
    for c in value.to_string().chars() {
        if misleads(c) {
            let _ = write!(json, "\\u{:04x}", u32::from(c));
        } else {
            json.push(c);
        }
    }
    json
}

/// `text` as a CSV cell, always in quotes. A spreadsheet runs a cell that begins with one of these
/// signs, so they are preceded by an apostrophe.
#[must_use]
pub fn csv(text: &str) -> String {
    let one_line = one_line(text);
    let guard = if one_line.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", one_line.replace('"', "\"\""))
}

/// `text` as one word of a POSIX shell, on one line.
#[must_use]
pub fn shell(text: &str) -> String {
    let one_line = one_line(text);
    format!("'{}'", one_line.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\"b'c`d$(e)${f}%{g}{{h}}\n\r\u{202e}\u{2028};|&<>\\!?#=+@é";

    #[test]
    fn nothing_leaves_its_place() {
        let text = plain(HOSTILE);
        assert!(
            text.chars()
                .all(|c| c.is_ascii_alphanumeric() || " ._:/,()*-".contains(c))
        );
        assert_eq!(
            plain("2603:1017::/48, *.x.com (443)"),
            "2603:1017::/48, *.x.com (443)"
        );
        assert!(
            word(HOSTILE)
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_')
        );
        assert_eq!(word("1st-set.flow"), "_1st_set_flow");
        assert_eq!(csv("=1+\"1\"\n2"), "\"'=1+\"\"1\"\" 2\"");
        assert_eq!(shell("it's\n$(x)"), r"'it'\''s $(x)'");
        for text in [csv(HOSTILE), shell(HOSTILE), json(&HOSTILE.into())] {
            assert!(!text.chars().any(misleads), "{text:?}");
        }
        let back: Value = serde_json::from_str(&json(&HOSTILE.into())).unwrap();
        assert_eq!(back, HOSTILE);
    }
}
