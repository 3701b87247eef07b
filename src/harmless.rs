//! Foreign text where people and programs read it: nothing in it acts, hides, or turns a line round.
//!
//! What a character may do is told by [`misleads`] alone; each medium has one function here that shows such
//! a character, and all that leaves the program goes through it.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

/// Whether `c` ends a line for some reader, steers a terminal, can't be seen, or shows what follows in
/// another order than it stands in.
///
/// These are Unicode's controls, its separators of lines and paragraphs, and what it calls
/// `Default_Ignorable_Code_Point`, but for the selectors that choose a form of the sign before them
/// (U+FE00 to U+FE0F), which texts in many languages have.
#[must_use]
pub fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` on one line, with what misleads written out: `\n`, `\u{202e}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, "", |shown, c| shown.extend(c.escape_default()))
}

/// The path on one line.
#[must_use]
pub fn path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// [`visible`] for a whole text, whose lines stay: what a terminal or a Markdown file gets.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    written_out(text, "\n", |shown, c| shown.extend(c.escape_default()))
}

/// [`visible`] for something that is said of other people's texts, whatever their length: the middle of a very
/// long one goes, since it begins with what is wrong and ends with what mends it.
#[must_use]
pub fn message(text: &str) -> Cow<'_, str> {
    /// More than the longest list that helps anybody. Unit: characters.
    const BEGINNING: usize = 2_000;
    const END: usize = 500;
    let text = visible(text);
    let left_out = text.chars().count().saturating_sub(BEGINNING + END);
    if left_out == 0 {
        return text;
    }
    let at = |index: usize| text.char_indices().nth(index).map_or(0, |(at, _)| at);
    let (beginning, end) = (&text[..at(BEGINNING)], &text[at(BEGINNING + left_out)..]);
    Cow::Owned(format!(
        "{beginning}… ({left_out} characters left out) …{end}"
    ))
}

/// `value` as JSON, one value a line, with what misleads as `\u202e`.
///
/// # Panics
/// When `value` is no JSON: a map with keys that are no texts, or a number that JSON doesn't have.
#[must_use]
pub fn json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("words, lists and numbers are JSON");
    text.push('\n');
    match json_line(&text, "\n") {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => text,
    }
}

/// Text of JSON, in which only a string can hold what misleads and isn't in `layout`.
#[must_use]
pub fn json_line<'a>(text: &'a str, layout: &str) -> Cow<'a, str> {
    written_out(text, layout, |shown, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(shown, "\\u{unit:04x}");
        }
    })
}

/// `text` with what misleads, but for what is in `kept`, as `write` has it.
fn written_out<'a>(text: &'a str, kept: &str, write: impl Fn(&mut String, char)) -> Cow<'a, str> {
    // Nearly every text is plain, and bytes are looked through in no time.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') || kept.as_bytes().contains(&byte);
    let misleads = |c: char| misleads(c) && !kept.contains(c);
    if text.bytes().all(is_plain) || !text.contains(misleads) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if misleads(c) {
            write(&mut shown, c);
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[31m\n\r\0\u{202e}\u{2028}\u{200d}\u{feff}\u{e0041}é";

    #[test]
    fn what_misleads_is_written_out_in_the_way_of_each_medium() {
        let shown = "a\\u{1b}[31m\\n\\r\\u{0}\\u{202e}\\u{2028}\\u{200d}\\u{feff}\\u{e0041}é";
        assert_eq!(visible(HOSTILE), shown);
        assert_eq!(message(HOSTILE), shown);
        assert_eq!(lines(HOSTILE), shown.replace("\\n", "\n"));
        let value: String = serde_json::from_str(&json(&HOSTILE)).unwrap();
        assert_eq!(value, HOSTILE);
        assert!(!json(&HOSTILE).trim_end().contains(misleads));
    }

    #[test]
    fn texts_that_people_write_stay_as_they_are() {
        for text in [
            "für Büros",
            "日本語",
            "عربي",
            "हिन्दी",
            "❤\u{fe0f}",
            "e\u{301}",
        ] {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn a_long_message_keeps_its_beginning_and_its_end() {
        let long = format!("`{}` is wrong; mend it", "é".repeat(1 << 20));
        let said = message(&long);
        assert!(said.chars().count() < 3_000, "{}", said.len());
        assert!(said.starts_with("`éé") && said.ends_with("` is wrong; mend it"));
        assert!(said.contains("characters left out"));
        let fits = "x".repeat(2_500);
        assert_eq!(message(&fits), fits);
    }
}
