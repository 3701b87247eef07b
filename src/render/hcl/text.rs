//! Text as a quoted string, whatever stands in it.

use std::fmt::Write;

use crate::harmless::misleads;

/// Adds `content` to `text` as a literal: no `${` or `%{` in it begins anything, and nothing in it turns or hides what
/// stands around it.
pub fn push(text: &mut String, content: &str) {
    text.push('"');
    if content.bytes().all(is_plain) {
        text.push_str(content);
        text.push('"');
        return;
    }
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => text.extend([c, c]),
            c if misleads(c) => {
                let written = match u32::from(c) {
                    number @ ..=0xffff => write!(text, "\\u{number:04x}"),
                    number => write!(text, "\\U{number:08x}"),
                };
                written.expect("a string takes all that is written");
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

/// Whether a character stands for itself, whatever stands beside it.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'$' | b'%')
}

#[cfg(test)]
mod tests {
    use super::push;

    #[test]
    fn marks_are_escaped_wherever_they_stand() {
        for (given, written) in [
            ("plain", "\"plain\""),
            ("${a}", "\"$${a}\""),
            ("100% $5", "\"100% $5\""),
            ("${a}%${b}", "\"$${a}%$${b}\""),
            ("%{a}$%{b}", "\"%%{a}$%%{b}\""),
            ("$${a}", "\"$$${a}\""),
            ("%%%${\"x\"}\n", "\"%%%$${\\\"x\\\"}\\n\""),
            ("\u{0}\u{1b}\\", "\"\\u0000\\u001b\\\\\""),
            ("\u{202e}\u{e0041}é", "\"\\u202e\\U000e0041é\""),
        ] {
            let mut text = String::new();
            push(&mut text, given);
            assert_eq!(text, written, "{given}");
        }
    }
}
