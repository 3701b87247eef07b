//! What is no edition of the article by its mere size, told before anything is made of it.

/// Many times the marks of cells in any edition's page: rows are held against each other. Unit: pipes, lines with tabs
/// and tags of tables.
const MOST_MARKS: usize = 30_000;

/// Longer than any tag; attributes are held against each other. Unit: bytes.
const LONGEST_TAG: usize = 256 << 10;

/// Says why `text` can't be an edition, if its size tells.
///
/// # Errors
/// When it has more marks of cells, or a longer tag, than can be gone through in seconds.
pub fn measure(text: &str) -> Result<(), String> {
    let pipes = text.bytes().filter(|byte| *byte == b'|').count();
    let tabbed = text.lines().filter(|line| line.trim().contains('\t'));
    let pairs = text.as_bytes().windows(2);
    let tags = pairs.filter(|pair| pair[0] == b'<' && pair[1].eq_ignore_ascii_case(&b't'));
    if pipes + tabbed.count() + tags.count() > MOST_MARKS {
        return Err(format!(
            "it has more than {MOST_MARKS} marks of tables' cells"
        ));
    }
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let length = rest[start..].find('>').unwrap_or(rest.len() - start);
        if length > LONGEST_TAG {
            return Err(format!("it has a tag of more than {LONGEST_TAG} bytes"));
        }
        rest = &rest[start + length..];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::measure;

    #[test]
    fn what_no_page_has_is_told_at_once() {
        for hostile in [
            "|a\n".repeat(40_000),
            "a\tb\n".repeat(40_000),
            "<tr><td>".repeat(20_000),
            format!("<td {}>", "a ".repeat(200_000)),
            format!("a < b {}", "c".repeat(300_000)),
        ] {
            assert!(measure(&hostile).is_err(), "{}", &hostile[..20]);
        }
        let page = format!("<html>{}</html>", "<tr><td>x</td></tr>\n".repeat(1000));
        assert_eq!(measure(&page), Ok(()));
    }
}
