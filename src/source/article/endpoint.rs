//! Addresses and host names within text, each read whole or refused.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use ipnet::IpNet;

use super::ports::Service;
use super::scan::Reading;
use crate::catalogue::network;
use crate::catalogue::{Endpoints, HostPattern, PortRange};
use crate::source::web_service;

/// Something that a firewall could be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Network(IpNet),
    Host(HostPattern),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::Host(host) => host.fmt(f),
        }
    }
}

/// The values that `endpoints` lists.
#[must_use]
pub fn values(endpoints: &Endpoints) -> Vec<Value> {
    match endpoints {
        Endpoints::Networks(networks) => networks.iter().copied().map(Value::Network).collect(),
        Endpoints::Hosts(hosts) => hosts.iter().cloned().map(Value::Host).collect(),
        Endpoints::Range(_) => Vec::new(),
    }
}

/// A token of a cell that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Endpoint {
        value: Value,
        port: Option<PortRange>,
        scheme: Option<PortRange>,
        span: Range<usize>,
        /// Whether it stood there otherwise.
        mended: bool,
    },
    Flaw {
        span: Range<usize>,
        why: String,
    },
}

impl Token {
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Endpoint { span, .. } | Self::Flaw { span, .. } => span.clone(),
        }
    }
}

/// Finds every endpoint of `text`, and every token that may have been one, in their order. What belongs
/// to `services` is passed over.
#[must_use]
pub fn tokens(text: &str, reading: Reading<'_>, services: &[Service]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(run) = next_run(text, at) {
        at = run.end;
        let run = merged(text, run, reading);
        at = at.max(run.span.end);
        let is_port = services.iter().any(|service| {
            service.span.start <= run.span.start && run.span.end <= service.span.end
        });
        if is_port {
            continue;
        }
        let read = Read {
            text,
            reading,
            span: run.span.clone(),
            after: tokens.last().map_or(0, |token| token.span().end),
        };
        let token = read.token(&run);
        if let Some(token) = token.and_then(|token| read.checked(token, services)) {
            at = at.max(token.span().end);
            tokens.push(token);
        }
    }
    tokens
}

/// A word of the characters that addresses, names and URLs are made of.
#[derive(Debug, Clone)]
struct Run {
    /// What it says, escapes and ends of sentences taken off.
    word: String,
    span: Range<usize>,
    /// Whether blanks, stars or dots were taken out to make it a name.
    mended: bool,
}

fn is_run(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".-_*:/<>\\%?=#+~@$^{}".contains(c)
}

fn next_run(text: &str, from: usize) -> Option<Range<usize>> {
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

/// Joins what must have been one wildcard: `*. x.y`, `\* .x.y`, `\**.x.y`, `\*x.y`; and what is one known name
/// with a blank in it.
fn merged(text: &str, span: Range<usize>, reading: Reading<'_>) -> Run {
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
fn trim(raw: &str) -> &str {
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

fn without_port(name: &str) -> (&str, Option<&str>) {
    match name.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (name, None),
    }
}

/// One run, to be read.
struct Read<'a> {
    text: &'a str,
    reading: Reading<'a>,
    span: Range<usize>,
    /// Where the token before it ends.
    after: usize,
}

impl Read<'_> {
    fn flaw(&self, why: impl Into<String>) -> Token {
        Token::Flaw {
            span: self.span.clone(),
            why: why.into(),
        }
    }

    fn endpoint(&self, value: Value) -> Token {
        Token::Endpoint {
            value,
            port: None,
            scheme: None,
            span: self.span.clone(),
            mended: false,
        }
    }

    fn token(&self, run: &Run) -> Option<Token> {
        let word = run.word.as_str();
        if let Some(at) = word.find("://") {
            return self.url(word, at);
        }
        if is_like_ipv6(word) {
            return Some(self.ipv6(word));
        }
        let may_be_address = word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let address = may_be_address.then(|| self.ipv4(word)).flatten();
        address.or_else(|| self.host(run))
    }

    /// `None`: it is no address at all, nor a piece of one.
    fn ipv4(&self, word: &str) -> Option<Token> {
        let length = word
            .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '/'))
            .unwrap_or(word.len());
        let (numbers, rest) = word.split_at(length);
        let (address, mask) = match numbers.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (numbers, None),
        };
        let groups: Vec<&str> = address.split('.').collect();
        let is_whole = groups.iter().all(|group| !group.is_empty());
        if groups.len() < 3 || (groups.len() == 3 && mask.is_none() && !self.reading.holds_facts) {
            let is_torn = groups.len() == 2 && (!is_whole || self.number_follows_dot());
            return (is_torn && self.reading.holds_facts && rest.is_empty())
                .then(|| self.flaw("it looks like a piece of an address"));
        }
        let is_name = is_like_host(word.split(['/', ':']).next().unwrap_or_default());
        // A name with numbers in front; or, in a sentence, the number of a version.
        if !is_whole && (is_name || !self.reading.holds_facts) {
            return None;
        }
        let checked = address_of(&groups)
            .and_then(|address| {
                self.behind_address(rest, mask.is_some())
                    .map(|port| (address, port))
            })
            .and_then(|(address, port)| Ok((network_of(address.into(), mask)?, port)));
        Some(match checked {
            Ok((network, port)) => Token::Endpoint {
                value: Value::Network(network),
                port,
                scheme: None,
                span: self.span.clone(),
                mended: false,
            },
            Err(why) => self.flaw(why),
        })
    }

    /// The port behind an address, where there is one; most else may not stand there.
    fn behind_address(&self, rest: &str, has_mask: bool) -> Result<Option<PortRange>, String> {
        let next = self.text[self.span.end..].chars().next();
        let (first, after) = match rest.chars().next() {
            None if next.is_some_and(is_dash) => return Err(DASH.to_owned()),
            None => return Ok(None),
            Some(first) => (first, &rest[first.len_utf8()..]),
        };
        let is_word = !after.is_empty() && after.bytes().all(|b| b.is_ascii_alphabetic());
        match first {
            // An ending of the language, such as `52.112.0.0/14-re`.
            '-' | ':' if has_mask && is_word => Ok(None),
            '-' => Err(DASH.to_owned()),
            ':' => PortRange::parse(after).map(Some),
            _ => Err(format!("`{rest}` stands right behind an address")),
        }
    }

    fn ipv6(&self, word: &str) -> Token {
        let (address, mask) = match word.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (word, None),
        };
        let raw = &self.text[self.span.clone()];
        if raw.starts_with(':') && !raw.starts_with("::") {
            return self.flaw("it begins with a colon, so its first part may be lost");
        }
        let Ok(parsed) = address.parse::<Ipv6Addr>() else {
            return self.flaw("it is no IPv6 address");
        };
        if parsed.to_string() != address.to_lowercase() {
            return self.flaw(format!(
                "an IPv6 address is written `{parsed}`, so a digit may be lost"
            ));
        }
        if mask.is_none() && parsed.segments()[4..].iter().all(|segment| *segment == 0) {
            return self.flaw("an IPv6 network without its prefix length");
        }
        match network_of(parsed.into(), mask) {
            Ok(network) => self.endpoint(Value::Network(network)),
            Err(why) => self.flaw(why),
        }
    }

    fn url(&self, word: &str, at: usize) -> Option<Token> {
        let start = word[..at]
            .rfind(|c: char| !c.is_ascii_alphabetic())
            .map_or(0, |before| before + 1);
        let scheme = match word[start..at].to_ascii_lowercase().as_str() {
            "https" => PortRange::HTTPS,
            "http" => PortRange::HTTP,
            _ => return None,
        };
        let rest = &word[at + 3..];
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (host, port) = without_port(authority);
        let host = host.to_lowercase();
        if authority.is_empty() {
            return None;
        }
        // A document that the cell refers to, not an endpoint.
        if path.len() > 1 && !self.reading.known.contains(&host) {
            return None;
        }
        let port = match port.map(PortRange::parse) {
            Some(Ok(port)) => Some(port),
            Some(Err(why)) => return Some(self.flaw(why)),
            None => None,
        };
        if !is_like_host(&host) {
            let why = "it ends in no top-level domain that is known here";
            return self.reading.holds_facts.then(|| self.flaw(why));
        }
        Some(match HostPattern::parse(&host) {
            Ok(host) => Token::Endpoint {
                value: Value::Host(host),
                port,
                scheme: Some(scheme),
                span: self.span.clone(),
                mended: false,
            },
            Err(why) => self.flaw(why),
        })
    }

    fn host(&self, run: &Run) -> Option<Token> {
        let word = run.word.to_lowercase();
        let (name, path) = match word.split_once('/') {
            Some((name, path)) => (name, Some(path)),
            None => (word.as_str(), None),
        };
        let (name, port) = without_port(name);
        if let Some(token) = self.template(name) {
            return Some(token);
        }
        if !is_like_host(name) {
            // `*.com` would be all of it.
            let is_wildcard = name.starts_with("*.") && self.reading.holds_facts;
            return is_wildcard.then(|| self.flaw("it is no wildcard of any host name"));
        }
        if let Some(bare) = name.strip_prefix('.') {
            if !self.reading.holds_facts {
                return None;
            }
            let wildcard = format!("*.{bare}");
            if self.reading.known.contains(&wildcard) {
                return Some(Token::Endpoint {
                    value: Value::Host(HostPattern::parse(&wildcard).ok()?),
                    port: port.and_then(|port| PortRange::parse(port).ok()),
                    scheme: None,
                    span: self.span.clone(),
                    mended: true,
                });
            }
            return Some(self.flaw(
                "a name that begins with a dot: it may have lost its wildcard, or its first part",
            ));
        }
        // What stands in a sentence as a document's address is no endpoint; what is known is.
        if path.is_some_and(|path| path.contains('.')) && !self.reading.known.contains(name) {
            return None;
        }
        let port = match port {
            None | Some("") => None,
            Some(port) => match PortRange::parse(port) {
                Ok(port) => Some(port),
                Err(why) => return Some(self.flaw(why)),
            },
        };
        Some(match HostPattern::parse(name) {
            Ok(host) => Token::Endpoint {
                value: Value::Host(host),
                port,
                scheme: None,
                span: self.span.clone(),
                mended: run.mended,
            },
            Err(_) if !self.reading.holds_facts => return None,
            Err(why) => self.flaw(why),
        })
    }

    /// A name that only the customer can complete, under the placeholder that it is known by.
    fn template(&self, name: &str) -> Option<Token> {
        let (_, suffix) = name.strip_prefix('<')?.split_once('>')?;
        let known = self.reading.known.iter().find(|known| {
            known.starts_with('<') && known.split_once('>').is_some_and(|(_, own)| own == suffix)
        });
        let name = known.map_or(name, String::as_str);
        Some(match HostPattern::parse(name) {
            Ok(host) => self.endpoint(Value::Host(host)),
            Err(why) => self.flaw(why),
        })
    }

    /// Refuses what is fine by itself, and not where it stands. In running text a name is no loss.
    fn checked(&self, token: Token, services: &[Service]) -> Option<Token> {
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
        let start = blank.rfind(|c: char| !is_run(c)).map_or(0, |at| {
            at + blank[at..].chars().next().map_or(1, char::len_utf8)
        });
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
    fn number_behind(&self, services: &[Service]) -> Option<Range<usize>> {
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
    fn number_before(&self, services: &[Service]) -> Option<Range<usize>> {
        let before = &self.text[..self.span.start];
        let mut chars = before.char_indices().rev().take(FAR);
        let (last, digit) = chars.find(|(_, c)| c.is_alphanumeric())?;
        let end = last + digit.len_utf8();
        if digit.is_numeric() && !digit.is_ascii() {
            return Some(last..end);
        }
        let start = before[..end].rfind(|c: char| !is_run(c)).map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
        self.bare_number(start..end, services)
            .filter(|number| number.start >= self.after)
    }

    fn bare_number(&self, span: Range<usize>, services: &[Service]) -> Option<Range<usize>> {
        let word = &self.text[span.clone()];
        let is_number = (1..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
        let is_ports = services
            .iter()
            .any(|service| service.span.start <= span.start && span.end <= service.span.end);
        (is_number && !is_ports).then_some(span)
    }

    /// `2603: 1016:1400::/48`: what stands before it looks like its first groups.
    fn groups_before(&self) -> bool {
        let before = self.text[..self.span.start]
            .trim_end_matches(|c: char| !c.is_alphanumeric() && c != ':');
        let start = before.rfind(|c: char| !is_run(c)).map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
        let word = &before[start..];
        word.ends_with(':')
            && word.bytes().any(|b| b.is_ascii_digit())
            && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
    }

    /// `52.243. 148.19`
    fn number_follows_dot(&self) -> bool {
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

const DASH: &str = "a dash beside an address: it may be the rest of a separator, and addresses are never given as ranges here";

/// The address of four groups of digits.
fn address_of(groups: &[&str]) -> Result<Ipv4Addr, String> {
    let whole: Vec<&&str> = groups.iter().filter(|group| !group.is_empty()).collect();
    if whole.len() != 4 || groups.len() != 4 {
        return Err(format!(
            "an IPv4 address has four numbers, and here are {}",
            whole.len()
        ));
    }
    for group in groups {
        if group.len() > 3 || group.parse::<u16>().is_ok_and(|number| number > 255) {
            return Err(format!(
                "`{group}` is no part of an IPv4 address, which has numbers from 0 to 255"
            ));
        }
        if group.len() > 1 && group.starts_with('0') {
            return Err(format!(
                "`{group}` may be an octal number; an address is written without leading zeros"
            ));
        }
    }
    groups
        .join(".")
        .parse()
        .map_err(|_| "it is no IPv4 address".to_owned())
}

/// The network of an address and what stands behind its slash; without one it is a single host.
fn network_of(address: IpAddr, mask: Option<&str>) -> Result<IpNet, String> {
    let longest: u8 = if address.is_ipv4() { 32 } else { 128 };
    let length = match mask {
        None => longest,
        Some(mask) => mask
            .parse()
            .ok()
            .filter(|length| (1..=longest).contains(length) && length.to_string() == mask)
            .ok_or_else(|| format!("`/{mask}` is no prefix length; it is from 1 to {longest}"))?,
    };
    web_service::plausible(network::parse(&format!("{address}/{length}"))?)
}

fn is_dash(c: char) -> bool {
    "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}~".contains(c)
}

/// Two colons or more among hexadecimal digits, or one and a prefix length; and more than a time has.
fn is_like_ipv6(word: &str) -> bool {
    let (address, mask) = word.split_once('/').unwrap_or((word, ""));
    let is_hex = address
        .bytes()
        .all(|b| b.is_ascii_hexdigit() || b":.".contains(&b));
    let colons = address.matches(':').count();
    let is_group = |group: &str| group.len() > 2 || group.bytes().any(|b| !b.is_ascii_digit());
    is_hex
        && (colons >= 2 || (colons == 1 && mask.starts_with(|c: char| c.is_ascii_digit())))
        && (address.contains("::") || address.split(':').any(is_group))
}

/// Whether `name` has the form of a host name in running text: `e.g` and `z.B` have not.
fn is_like_host(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let top = labels.last().copied().unwrap_or_default();
    let before = labels.iter().rev().nth(1).copied().unwrap_or_default();
    labels.len() > 1
        && is_top_level(top)
        && (labels.len() > 2 || before.len() > 1)
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-_*<>".contains(c))
}

/// The top-level domains of Microsoft's names, and those of countries (as IANA has them). Glued sentences (`sync.See`) end
/// otherwise.
fn is_top_level(label: &str) -> bool {
    const GENERIC: [&str; 16] = [
        "app",
        "azure",
        "biz",
        "cloud",
        "com",
        "dev",
        "edu",
        "gov",
        "info",
        "int",
        "microsoft",
        "mil",
        "net",
        "office",
        "org",
        "windows",
    ];
    const COUNTRIES: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi \
        bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm \
        do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy \
        hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb \
        lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc \
        ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb \
        sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt \
        tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";
    let is_country = || COUNTRIES.split(' ').any(|country| country == label);
    GENERIC.contains(&label) || (label.len() == 2 && is_country())
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
