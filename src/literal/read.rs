//! From text to bodies.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Block, Body, Defect, Entry, Node, Value};
use crate::error::MOST;

/// Deeper than anything that the program writes, and no strain on the stack.
const DEEPEST: u32 = 32;

/// Reads `text`. What stands twice in an object is read twice, and said.
///
/// # Errors
/// The first thing that is no literal, reference, attribute or block.
pub fn read(text: &str) -> Result<(Body<'_>, Vec<Defect>), Defect> {
    if let Some(at) = text.find("\n<<<<<<<") {
        let lines = text[..=at].matches('\n').count();
        return Err(Defect {
            line: u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1),
            why: "an unfinished merge".to_owned(),
        });
    }
    let mut reader = Reader {
        text: text.strip_prefix('\u{feff}').unwrap_or(text),
        at: 0,
        line: 1,
        depth: 0,
        defects: Vec::new(),
    };
    let body = reader.body(true)?;
    Ok((body, reader.defects))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    depth: u32,
    defects: Vec<Defect>,
}

type Read<T> = Result<T, Defect>;

impl<'t> Reader<'t> {
    /// Up to the end of the text, or to the `}` of a block.
    fn body(&mut self, is_file: bool) -> Read<Body<'t>> {
        self.enter()?;
        let mut body = Body::default();
        loop {
            self.skip_lines()?;
            match self.peek() {
                None if is_file => break,
                None => return Err(self.defect("the file ends within a block")),
                Some(b'}') if !is_file => break,
                Some(_) => {}
            }
            let line = self.line;
            let name = self.word()?;
            self.skip_blanks()?;
            if self.peek() == Some(b'=') && !self.text[self.at..].starts_with("==") {
                self.at += 1;
                self.skip_blanks()?;
                let value = self.value()?;
                self.end_of_line()?;
                body.attributes.push(Entry {
                    name: Cow::Borrowed(name),
                    value,
                    line,
                });
            } else {
                body.blocks.push(self.block(name, line)?);
                self.end_of_line()?;
            }
        }
        self.twice(&body.attributes, "the attribute");
        self.depth -= 1;
        Ok(body)
    }

    fn block(&mut self, kind: &'t str, line: u32) -> Read<Block<'t>> {
        let mut labels = Vec::new();
        loop {
            self.skip_blanks()?;
            match self.peek() {
                Some(b'{') => break,
                Some(b'"') => labels.push(self.quoted()?),
                Some(byte) if starts_word(byte) => labels.push(Cow::Borrowed(self.word()?)),
                _ => return Err(self.unexpected("an attribute or a block")),
            }
        }
        self.at += 1;
        let body = self.body(false)?;
        self.at += 1;
        Ok(Block {
            kind,
            labels,
            body,
            line,
        })
    }

    fn value(&mut self) -> Read<Node<'t>> {
        let (start, line) = (self.at, self.line);
        let value = match self.peek() {
            Some(b'"') => Value::Text(self.quoted()?),
            Some(b'[') => self.list()?,
            Some(b'{') => self.object()?,
            Some(byte) if byte.is_ascii_digit() => {
                let rest = &self.text[self.at..];
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
                let digits = &rest[..end.unwrap_or(rest.len())];
                if !is_number(digits) {
                    return Err(self.expression());
                }
                self.at += digits.len();
                Value::Number(digits)
            }
            Some(byte) if starts_word(byte) => match self.word()? {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                first => Value::Path(self.path(first)?),
            },
            _ => return Err(self.expression()),
        };
        // Whatever goes on is an operator, a call or an index.
        self.skip_blanks()?;
        match self.peek() {
            None | Some(b'\n' | b'\r' | b',' | b']' | b'}' | b'#') => Ok(Node { value, line }),
            Some(b'/') if self.text[self.at..].starts_with("//") => Ok(Node { value, line }),
            Some(_) => {
                (self.at, self.line) = (start, line);
                Err(self.expression())
            }
        }
    }

    fn path(&mut self, first: &'t str) -> Read<Cow<'t, str>> {
        let start = self.at - first.len();
        while self.peek() == Some(b'.') {
            self.at += 1;
            if !self.peek().is_some_and(starts_word) {
                return Err(self.expression());
            }
            self.word()?;
        }
        Ok(Cow::Borrowed(&self.text[start..self.at]))
    }

    fn list(&mut self) -> Read<Value<'t>> {
        self.enter()?;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_lines()?;
            if self.peek() == Some(b']') {
                break;
            }
            items.push(self.value()?);
            self.skip_lines()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                Some(b'"') => return Err(self.unexpected("a comma")),
                _ => return Err(self.expression()),
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(Value::List(items))
    }

    fn object(&mut self) -> Read<Value<'t>> {
        self.enter()?;
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.skip_lines()?;
            let line = self.line;
            let name = match self.peek() {
                Some(b'}') => break,
                Some(b'"') => self.quoted()?,
                Some(byte) if starts_word(byte) => Cow::Borrowed(self.word()?),
                _ => return Err(self.unexpected("a name")),
            };
            self.skip_blanks()?;
            let is_assigned = matches!(self.peek(), Some(b'=' | b':'));
            if !is_assigned || self.text[self.at..].starts_with("==") {
                return Err(self.expression());
            }
            self.at += 1;
            self.skip_blanks()?;
            let value = self.value()?;
            entries.push(Entry { name, value, line });
            let before = self.line;
            self.skip_lines()?;
            match self.peek() {
                Some(b',') if self.line == before => self.at += 1,
                Some(b'}') => break,
                Some(_) if self.line > before => {}
                _ => return Err(self.unexpected("a comma, a new line or `}`")),
            }
        }
        self.at += 1;
        self.depth -= 1;
        self.twice(&entries, "the key");
        Ok(Value::Object(entries))
    }

    /// Terraform takes the last of two. As many are told as anybody mends.
    fn twice(&mut self, entries: &[Entry<'t>], what: &str) {
        let mut names: HashSet<&str> = HashSet::with_capacity(entries.len());
        for entry in entries {
            if !names.insert(&entry.name) && self.defects.len() < MOST {
                self.defects.push(Defect {
                    line: entry.line,
                    why: format!("{what} `{}` stands twice", entry.name.escape_debug()),
                });
            }
        }
    }

    fn word(&mut self) -> Read<&'t str> {
        let rest = &self.text[self.at..];
        if !rest.bytes().next().is_some_and(starts_word) {
            return Err(self.unexpected("a name"));
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        Ok(word)
    }

    /// A string in quotes, without anything that Terraform would put in it.
    fn quoted(&mut self) -> Read<Cow<'t, str>> {
        self.at += 1;
        let rest = &self.text[self.at..];
        let special = rest.find(['"', '\\', '$', '%', '\n', '\r']);
        if let Some(end) = special
            && rest.as_bytes()[end] == b'"'
        {
            self.at += end + 1;
            return Ok(Cow::Borrowed(&rest[..end]));
        }
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            if let Some(sign) = ["$${", "%%{"]
                .into_iter()
                .find(|sign| rest.starts_with(sign))
            {
                text.push_str(&sign[1..]);
                self.at += sign.len();
                continue;
            }
            if rest.starts_with("${") || rest.starts_with("%{") {
                return Err(self.expression());
            }
            let Some(c) = rest.chars().next() else {
                return Err(self.defect("the file ends within a string"));
            };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(Cow::Owned(text)),
                '\\' => text.push(self.escaped()?),
                '\n' | '\r' => return Err(self.defect("a string goes over a line's end")),
                c => text.push(c),
            }
        }
    }

    /// What stands behind a `\`.
    fn escaped(&mut self) -> Read<char> {
        let rest = &self.text[self.at..];
        let sign = rest.chars().next();
        self.at += sign.map_or(0, char::len_utf8);
        let digits = match sign {
            Some('n') => return Ok('\n'),
            Some('r') => return Ok('\r'),
            Some('t') => return Ok('\t'),
            Some(c @ ('"' | '\\')) => return Ok(c),
            Some('u') => rest.get(1..5),
            Some('U') => rest.get(1..9),
            _ => None,
        };
        let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += digits.map_or(0, str::len);
        number
            .and_then(char::from_u32)
            .ok_or_else(|| self.defect("a `\\` in a string begins nothing that is known"))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over blanks and comments that end on the same line or within themselves.
    fn skip_blanks(&mut self) -> Read<()> {
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with([' ', '\t']) {
                self.at += 1;
            } else if let Some(inside) = rest.strip_prefix("/*") {
                // The `*` that begins a comment doesn't end it: `/*/` is only its beginning.
                let Some(length) = inside.find("*/") else {
                    return Err(self.defect("the file ends within a comment"));
                };
                self.count_lines(2 + length + 2);
            } else {
                return Ok(());
            }
        }
    }

    /// Passes over blanks, comments and ends of lines.
    fn skip_lines(&mut self) -> Read<()> {
        loop {
            self.skip_blanks()?;
            let rest = &self.text[self.at..];
            let length = if rest.starts_with('\n') {
                1
            } else if rest.starts_with("\r\n") {
                2
            } else if rest.starts_with('#') || rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else {
                return Ok(());
            };
            self.count_lines(length);
        }
    }

    fn count_lines(&mut self, length: usize) {
        let passed = &self.text.as_bytes()[self.at..self.at + length];
        for byte in passed {
            self.line += u32::from(*byte == b'\n');
        }
        self.at += length;
    }

    /// An attribute or a block ends with its line, or with the block that it stands in.
    fn end_of_line(&mut self) -> Read<()> {
        self.skip_blanks()?;
        let rest = &self.text[self.at..];
        let ends = rest.is_empty() || rest.starts_with(['\n', '#', '}']);
        if ends || rest.starts_with("\r\n") || rest.starts_with("//") {
            return Ok(());
        }
        Err(self.expression())
    }

    fn enter(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.defect("it is nested too deeply"));
        }
        Ok(())
    }

    fn expression(&self) -> Defect {
        self.defect("an expression stands where a literal belongs")
    }

    fn unexpected(&self, wanted: &str) -> Defect {
        self.defect(&format!("{wanted} should stand here"))
    }

    fn defect(&self, why: &str) -> Defect {
        /// As much as points at the place.
        const SHOWN: usize = 24;
        let rest = self.text[self.at.min(self.text.len())..].lines().next();
        let shown: String = rest.unwrap_or_default().chars().take(SHOWN).collect();
        let at = match shown.trim() {
            "" => String::new(),
            shown => format!(
                ", at `{}`",
                shown.escape_debug().to_string().replace("\\\"", "\"")
            ),
        };
        Defect {
            line: self.line,
            why: format!("{why}{at}"),
        }
    }
}

/// Whether it is a number and nothing more: `1.b` is the field of one.
fn is_number(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    [whole, fraction, exponent].into_iter().all(is_digits)
}

const fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}
