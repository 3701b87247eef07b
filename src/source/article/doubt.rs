//! Why an endpoint that is fine by itself may be a piece of another one, where it stands.

use std::ops::Range;

use ipnet::IpNet;

use super::endpoint::{Token, Value};
use super::read::{Read, is_like_host};
use super::run::{is_run, start_of_run, trim, without_port};
use super::spans::Spans;

impl Read<'_> {
    /// Refuses what is fine by itself, and not where it stands. In running text a name is no loss.
    pub fn checked(&self, token: Token, services: &Spans) -> Option<Token> {
        let Token::Endpoint { value, .. } = &token else {
            return Some(token);
        };
        let is_address = matches!(value, Value::Network(_));
        let doubt = match value {
            Value::Network(IpNet::V4(_)) => None,
            Value::Network(IpNet::V6(_)) => self.glued_before(),
            Value::Host(_) => self.glued_before().or_else(|| self.torn()),
        };
        let doubt = doubt.or_else(|| self.hidden_character());
        if let Some(why) = doubt {
            return (is_address || self.reading.holds_facts).then(|| self.flaw(why));
        }
        if !is_address {
            return Some(token);
        }
        if matches!(value, Value::Network(IpNet::V6(_))) && self.groups_before() {
            return Some(self.flaw("what stands before it, behind a colon, may be its first part"));
        }
        if let Some(number) = self.number_before(services) {
            return Some(self.flaw(format!(
                "`{}` stands before it, apart: it may be its first digits",
                &self.text[number]
            )));
        }
        if let Some(number) = self.number_behind(services) {
            return Some(Token::Flaw {
                span: self.span.start..number.end,
                why: format!(
                    "`{}` behind an address, apart from it: it may be its last digits",
                    &self.text[number]
                ),
            });
        }
        Some(if self.dash_follows() {
            self.flaw(DASH)
        } else {
            token
        })
    }

    /// Letters that could be its first ones.
    fn glued_before(&self) -> Option<&'static str> {
        const GLUED: &str =
            "letters of another alphabet stand right beside it, so it may be half a name";
        let first = self.text[self.span.start..].chars().next()?;
        let before = self.text[..self.span.start].chars().next_back();
        let behind = self.text[self.span.end..].chars().next();
        let is_glued = |c: Option<char>| c.is_some_and(is_lookalike);
        ((first.is_ascii_alphanumeric() && is_glued(before)) || is_glued(behind)).then_some(GLUED)
    }

    /// A blank that may stand within the name: `login.micro softonline.com`, `autodiscover- s.outlook.com`.
    fn torn(&self) -> Option<&'static str> {
        const TORN: &str = "what stands before it, behind a blank, may be its first part";
        let before = &self.text[..self.span.start];
        let blank = before.trim_end();
        if blank.len() == before.len() {
            return None;
        }
        let start = start_of_run(self.text, blank.len());
        let word = blank[start..].trim_start_matches('\\');
        let word = word.rsplit("://").next().unwrap_or(word);
        let own = &self.text[self.span.clone()];
        let joined = format!("{word}{}", without_port(own).0).to_lowercase();
        if !word.is_empty() && self.reading.known.contains(&joined) {
            return Some(TORN);
        }
        let is_half = word.contains('.')
            && !word.ends_with(['.', ':'])
            && word.split('.').all(|label| label.len() > 1)
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
            && word.bytes().any(|b| b.is_ascii_lowercase())
            && !is_like_host(word);
        let ends_with_dash = word.len() > 1
            && word.ends_with('-')
            && word
                .bytes()
                .rev()
                .nth(1)
                .is_some_and(|b| b.is_ascii_alphanumeric());
        (is_half || ends_with_dash).then_some(TORN)
    }

    /// A character that nobody sees, between two that belong together.
    fn hidden_character(&self) -> Option<&'static str> {
        const HIDDEN: &str = "a character that nobody sees stands in it or beside it";
        let is_inside = |hidden: Option<char>, beyond: Option<char>| {
            hidden.is_some_and(is_hidden) && beyond.is_some_and(is_run)
        };
        let mut before = self.text[..self.span.start].chars().rev();
        let mut behind = self.text[self.span.end..].chars();
        let found =
            is_inside(before.next(), before.next()) || is_inside(behind.next(), behind.next());
        found.then_some(HIDDEN)
    }

    /// A bare number behind the address, that is no port of a service: `52.243.148.1 9`, `…1,9`, `… /19`.
    fn number_behind(&self, services: &Spans) -> Option<Range<usize>> {
        let after = &self.text[self.span.end..];
        let (offset, digit) = after
            .char_indices()
            .take(FAR)
            .find(|(_, c)| c.is_alphanumeric())?;
        if offset == 0 && digit.is_ascii() {
            return None;
        }
        let start = self.span.end + offset;
        if digit.is_numeric() && !digit.is_ascii() {
            return Some(start..start + digit.len_utf8());
        }
        let length = self.text[start..]
            .find(|c: char| !is_run(c))
            .unwrap_or(self.text.len() - start);
        let word = trim(&self.text[start..start + length]);
        self.bare_number(start..start + word.len(), services)
    }

    /// The same in front of it: `5 2.112.0.0/14`.
    fn number_before(&self, services: &Spans) -> Option<Range<usize>> {
        let before = &self.text[..self.span.start];
        let mut chars = before.char_indices().rev().take(FAR);
        let (last, digit) = chars.find(|(_, c)| c.is_alphanumeric())?;
        let end = last + digit.len_utf8();
        if digit.is_numeric() && !digit.is_ascii() {
            return Some(last..end);
        }
        let start = start_of_run(self.text, end);
        self.bare_number(start..end, services)
            .filter(|number| number.start >= self.after)
    }

    fn bare_number(&self, span: Range<usize>, services: &Spans) -> Option<Range<usize>> {
        let word = &self.text[span.clone()];
        let is_number = (1..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
        (is_number && !services.hold(&span)).then_some(span)
    }

    /// `2603: 1016:1400::/48`: what stands before it looks like its first groups.
    fn groups_before(&self) -> bool {
        let before = self.text[..self.span.start]
            .trim_end_matches(|c: char| !c.is_alphanumeric() && c != ':');
        let start = start_of_run(self.text, before.len());
        let word = &before[start..];
        word.ends_with(':')
            && word.bytes().any(|b| b.is_ascii_digit())
            && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
    }

    /// `52.243. 148.19`
    pub fn number_follows_dot(&self) -> bool {
        let after = &self.text[self.span.end..];
        after.strip_prefix('.').is_some_and(|after| {
            after.starts_with([' ', '\u{a0}'])
                && after.trim_start().starts_with(|c: char| c.is_ascii_digit())
        })
    }

    /// ` - 52.1.1.1`
    fn dash_follows(&self) -> bool {
        let after = self.text[self.span.end..].trim_start_matches([' ', '\u{a0}']);
        let mut chars = after.chars();
        chars.next().is_some_and(is_dash)
            && chars
                .as_str()
                .trim_start_matches([' ', '\u{a0}'])
                .starts_with(|c: char| c.is_ascii_digit())
    }
}

/// As far as characters may stand between the parts of one address. Unit: characters.
const FAR: usize = 6;

/// Why no dash may stand beside an address.
pub const DASH: &str = "a dash beside an address: it may be the rest of a separator, and addresses are never given as ranges here";

/// Whether `c` is a dash of any kind.
pub fn is_dash(c: char) -> bool {
    "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}~".contains(c)
}

/// Letters that look like Latin ones, or are: what stands beside a name there is part of it. Chinese,
/// Japanese, Korean, Arabic and others are written right beside it, and mean nothing.
fn is_lookalike(c: char) -> bool {
    c.is_alphabetic()
        && !c.is_ascii()
        && matches!(c, '\u{aa}'..='\u{58f}' | '\u{1c80}'..='\u{1fff}' | '\u{2c60}'..='\u{2dff}' | '\u{a640}'..='\u{a7ff}' | '\u{ff00}'..='\u{ff5e}')
}

/// Characters without width, such as soft hyphens and marks of direction. Around tokens they are usual.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
