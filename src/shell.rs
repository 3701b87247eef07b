//! Words as a shell reads them, for commands that a user may copy.

use std::borrow::Cow;

use crate::harmless::visible;

/// `text` as one word of a POSIX shell, on one line: what misleads is written out, and no shell would find it.
pub fn word(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=:@,+%~".contains(c);
    if !text.is_empty() && !text.starts_with('~') && text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", visible(text).replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn only_what_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(word("m365/worldwide=a.json"), "m365/worldwide=a.json");
        assert_eq!(word(""), "''");
        assert_eq!(word("my folder"), "'my folder'");
        assert_eq!(word("$(x)"), "'$(x)'");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!(word("~root"), "'~root'");
        assert_eq!(word("a\n\u{202e}b"), r"'a\n\u{202e}b'");
    }
}
