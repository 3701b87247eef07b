//! Facts in places where only a fact may stand: nothing in one can end its place.

use std::cell::Cell;

use serde_json::Value;

use crate::harmless::{json_line, visible};

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

/// `value` as JSON on one line, with what misleads as `\u…`.
#[must_use]
pub fn json(value: &Value) -> String {
    json_line(&value.to_string(), "").into_owned()
}

/// `text` as a CSV cell, always in quotes. A spreadsheet runs a cell that begins with one of these
/// signs, so they are preceded by an apostrophe.
#[must_use]
pub fn csv(text: &str) -> String {
    let shown = visible(text);
    let guard = if shown.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", shown.replace('"', "\"\""))
}

/// `text` as one word of a POSIX shell, on one line.
#[must_use]
pub fn shell(text: &str) -> String {
    format!("'{}'", visible(text).replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harmless::misleads;

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
        assert_eq!(csv("=1+\"1\"\n2"), "\"'=1+\"\"1\"\"\\n2\"");
        assert_eq!(shell("it's\n$(x)"), r"'it'\''s\n$(x)'");
        for text in [csv(HOSTILE), shell(HOSTILE), json(&HOSTILE.into())] {
            assert!(!text.chars().any(misleads), "{text:?}");
        }
        let back: Value = serde_json::from_str(&json(&HOSTILE.into())).unwrap();
        assert_eq!(back, HOSTILE);
    }
}
