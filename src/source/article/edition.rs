//! What tells an edition of the article from the others: its language, its date, its content.

/// What a document says of itself.
#[derive(Debug, PartialEq, Eq)]
pub struct Edition {
    /// A language tag such as `sv-SE`; `und` (undetermined) where the document says none.
    pub language: String,
    /// When it was written or translated, as `2025-01-08`, where it says so.
    pub date: Option<String>,
}

/// Reads the front matter of Markdown or the head of a page.
#[must_use]
pub fn edition(text: &str) -> Edition {
    let head: Vec<&str> = text.lines().take(HEAD).collect();
    let of = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| head.iter().find_map(|line| value(line, name)))
    };
    let language = of(&["ms.contentlocale", "html lang", "locale"]).filter(|tag| is_language(tag));
    // Nothing but English is published without a translation's marks.
    let is_original = language.is_none() && text.starts_with("---") && of(&["ms.date"]).is_some();
    Edition {
        language: language
            .or_else(|| is_original.then(|| "en-US".to_owned()))
            .unwrap_or_else(|| "und".to_owned()),
        date: of(&["ms.lasthandoff", "ms.date"]).and_then(|date| iso(&date)),
    }
}

/// As many lines as a page's head has at most.
const HEAD: usize = 400;

/// `name: value`, `name="value"`, or `name="…" content="value"`.
fn value(line: &str, name: &str) -> Option<String> {
    let lower = line.to_ascii_lowercase();
    let at = lower.find(name)? + name.len();
    let rest = line.get(at..)?;
    // Pages may have all of their head on one line.
    let rest = rest.split_once('>').map_or(rest, |(tag, _)| tag);
    let rest = match rest.split_once("content=") {
        Some((_, content)) => content,
        None => rest,
    };
    let rest = rest.trim_start_matches([':', '=', '"', '\'', ' ']);
    let end = rest
        .find(|c: char| c.is_whitespace() || "\"'>".contains(c))
        .unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].to_owned())
}

fn is_language(tag: &str) -> bool {
    (2..=12).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
}

/// `01/08/2025` and `2025-01-08` are the same day: months first, as Microsoft writes them.
fn iso(date: &str) -> Option<String> {
    let date = date.split('T').next().unwrap_or(date);
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = date.split(['/', '-']).filter(is_number).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => Some(format!("{year}-{month:0>2}-{day:0>2}")),
        [month, day, year] if year.len() == 4 => Some(format!("{year}-{month:0>2}-{day:0>2}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_and_date_are_read_where_they_stand() {
        for (text, language, date) in [
            (
                "---\nms.date: 01/08/2025\n---\n",
                "en-US",
                Some("2025-01-08"),
            ),
            (
                "---\nms.date: 04/29/2020\nms.contentlocale: tr-TR\nms.lasthandoff: 09/23/2020\n---\n",
                "tr-TR",
                Some("2020-09-23"),
            ),
            (
                "<html lang=\"sv-se\">\n<meta name=\"ms.date\" content=\"2025-01-08T00:00:00Z\" />\n",
                "sv-se",
                Some("2025-01-08"),
            ),
            (
                "<html lang=\"en-US\"><head><meta name=\"x\" content=\"y\"><meta name=\"ms.date\" content=\"2025-01-08\">",
                "en-US",
                Some("2025-01-08"),
            ),
            ("Andra slutpunkter", "und", None),
        ] {
            let read = edition(text);
            assert_eq!(read.language, language, "{text}");
            assert_eq!(read.date.as_deref(), date, "{text}");
        }
    }
}
