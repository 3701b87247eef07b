//! Words of a text that addresses, names and URLs are made of.

use std::ops::Range;

use super::scan::Reading;
use crate::catalogue::HostPattern;

/// A word of the characters that addresses, names and URLs are made of.
#[derive(Debug, Clone)]
pub struct Run {
    /// What it says, escapes and ends of sentences taken off.
    pub word: String,
    pub span: Range<usize>,
    /// Whether blanks, stars or dots were taken out to make it a name.
    pub mended: bool,
}

/// Whether addresses, names and URLs are made of `c`.
pub fn is_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".-_*:/<>\\%?=#+~@$^{}".contains(c)
}

/// The next run of `text` from an offset on.
pub fn next_run(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text[from..].find(is_run)?;
    // `Cloud:52.159.23.209`: a word, a colon, and something else.
    let word = text[start..]
        .find(|c: char| !(c.is_ascii_alphabetic() || c == '-'))
        .map_or(text.len(), |end| start + end);
    let colon = &text[word..];
    if word > start
        && colon.starts_with(':')
        && !colon.starts_with("://")
        && !colon.starts_with("::")
    {
        return Some(start..word + 1);
    }
    let body = start + placeholder(&text[start..]);
    let length = text[body..]
        .find(|c: char| !is_run(c))
        .unwrap_or(text.len() - body);
    Some(start..body + length)
}

/// The length of `<…>` at the beginning of `text` where a dot follows: in it stands any word of any
/// language.
fn placeholder(text: &str) -> usize {
    /// Longest of them. Unit: bytes.
    const LONGEST: usize = 80;
    let end = text
        .strip_prefix('<')
        .and_then(|rest| rest.find(['<', '>', '\n']).map(|end| end + 1))
        .filter(|end| *end <= LONGEST && text[*end..].starts_with(">."));
    end.map_or(0, |end| end + 1)
}

/// Where the run begins that ends at `end`.
pub fn start_of_run(text: &str, end: usize) -> usize {
    let before = &text[..end];
    before.rfind(|c: char| !is_run(c)).map_or(0, |at| {
        at + before[at..].chars().next().map_or(1, char::len_utf8)
    })
}

/// Joins what must have been one wildcard: `*. x.y`, `\* .x.y`, `\**.x.y`, `\*x.y`; and what is one known name
/// with a blank in it.
pub fn merged(text: &str, span: Range<usize>, reading: Reading<'_>) -> Run {
    let raw = &text[span.clone()];
    let plain = trim(raw);
    let stars = plain.chars().take_while(|c| *c == '*').count();
    let rest = &plain[stars..];
    let next = || {
        let after = &text[span.end..];
        let blanks = after.len() - after.trim_start_matches([' ', '\u{a0}']).len();
        (blanks > 0)
            .then(|| next_run(text, span.end + blanks))
            .flatten()
            .filter(|next| next.start == span.end + blanks)
    };
    let is_name = |name: &str| HostPattern::parse(name).is_ok();
    if stars > 0 {
        // A wildcard whose name stands apart.
        if rest.is_empty() || rest == "." {
            if let Some(next) = next() {
                let name = trim(&text[next.clone()]).to_lowercase();
                let bare = name.trim_start_matches('.');
                let wildcard = format!("*.{bare}");
                let (host, _) = without_port(&wildcard);
                let has_dot = rest == "." || name.starts_with('.');
                if is_name(host) && (has_dot || reading.known.contains(host)) {
                    return Run {
                        word: wildcard,
                        span: span.start..trimmed_end(text, &next),
                        mended: true,
                    };
                }
            }
        } else {
            let bare = rest.trim_start_matches('.');
            let wildcard = format!("*.{bare}");
            let is_whole = stars == 1 && rest.starts_with('.') && !rest.starts_with("..");
            let (host, _) = without_port(&wildcard);
            let host = host.to_lowercase();
            let host = host.split('/').next().unwrap_or_default();
            // `\*known.x.y/path/`: translations move the star of a path to its beginning.
            let name = host.trim_start_matches("*.");
            if !is_whole && !reading.known.contains(host) && reading.known.contains(name) {
                return Run {
                    mended: true,
                    span: span.start..trimmed_end(text, &span),
                    word: bare.to_owned(),
                };
            }
            if is_name(host) {
                return Run {
                    mended: !is_whole,
                    span: span.start..trimmed_end(text, &span),
                    word: wildcard,
                };
            }
        }
    } else if let Some(next) = next() {
        // `login. microsoftonline.com`
        let name = trim(&text[next.clone()]).to_lowercase();
        let whole = if raw.ends_with('.') {
            format!("{}.{}", plain.to_lowercase(), name.trim_start_matches('.'))
        } else {
            format!("{}{name}", plain.to_lowercase())
        };
        if (raw.ends_with('.') || name.starts_with('.'))
            && reading.known.contains(without_port(&whole).0)
        {
            return Run {
                word: whole,
                span: span.start..trimmed_end(text, &next),
                mended: true,
            };
        }
    }
    Run {
        word: plain.to_owned(),
        span: span.start..trimmed_end(text, &span),
        mended: false,
    }
}

/// Without escapes, the angles of an autolink, and the end of a sentence.
pub fn trim(raw: &str) -> &str {
    let start = raw.trim_start_matches(['\\', ':']);
    let start = start
        .strip_prefix('<')
        .filter(|rest| rest.contains("://"))
        .unwrap_or(start);
    &start[..kept(start)]
}

/// The length of `raw` without the end of a sentence; `2603:1017::` ends in what belongs to it.
fn kept(raw: &str) -> usize {
    let kept = raw.trim_end_matches(['.', ':', '\\', '?', '>']).len();
    if raw[kept..].starts_with("::") {
        kept + 2
    } else {
        kept
    }
}

fn trimmed_end(text: &str, span: &Range<usize>) -> usize {
    span.start + kept(&text[span.clone()])
}

/// A name and what stands behind its colon.
pub fn without_port(name: &str) -> (&str, Option<&str>) {
    match name.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (name, None),
    }
}
