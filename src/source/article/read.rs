//! One word, read as an address, a URL or a host name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use ipnet::IpNet;

use super::doubt::{DASH, is_dash};
use super::endpoint::{Token, Value};
use super::run::{Run, without_port};
use super::scan::Reading;
use crate::catalogue::network;
use crate::catalogue::{HostPattern, PortRange};
use crate::source::web_service;

/// One run, to be read.
pub struct Read<'a> {
    pub text: &'a str,
    pub reading: Reading<'a>,
    pub span: Range<usize>,
    /// Where the token before it ends.
    pub after: usize,
}

impl Read<'_> {
    /// The run is no good.
    pub fn flaw(&self, why: impl Into<String>) -> Token {
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

    /// What the run says, if it is an endpoint or may have been one.
    pub fn token(&self, run: &Run) -> Option<Token> {
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
}

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
pub fn is_like_host(name: &str) -> bool {
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
