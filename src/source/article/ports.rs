//! Protocols and ports in a cell, by the words `TCP` and `UDP` and the numbers beside them: the words
//! around them are in any language.

use std::ops::Range;

use crate::catalogue::{PortRange, Protocol};

/// A protocol that a cell names, with the ports beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub protocol: Protocol,
    /// Empty: it stands alone.
    pub ports: Vec<PortRange>,
    /// Where in the cell's text it stands, ports included.
    pub span: Range<usize>,
}

/// Numbers that are no ports, where ports belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPort {
    pub span: Range<usize>,
    pub why: String,
}

/// Most characters between a protocol and its ports: ` 端口 `, ` środowiska STS klienta (serwer …) | `.
const LONGEST_GAP: usize = 100;

/// Behind more than these, 2010 is no port but the year of a product.
const LONGEST_GAP_BEFORE_YEAR: usize = 12;

/// The same for ports that stand before it: ` numaralı `.
const LONGEST_GAP_BEFORE: usize = 24;

/// What a character takes at most. Unit: bytes.
const LONGEST_CHARACTER: usize = 4;

/// Longest word that joins two ports: `&`, `and`, `oder`, `及び`. Unit: characters.
const LONGEST_JOINER: usize = 5;

/// Reads the services that `text` names.
#[must_use]
pub fn services(text: &str) -> (Vec<Service>, Vec<BadPort>) {
    let protocols = protocols(text);
    let lists = lists(text, &protocols);
    let mut taken = vec![false; lists.len()];
    let mut found: Vec<(usize, Option<usize>)> = Vec::new();
    for (index, (_, word)) in protocols.iter().enumerate() {
        let next = protocols
            .get(index + 1)
            .map_or(text.len(), |(_, next)| next.start);
        let first_behind = lists.partition_point(|list| list.span.start < word.end);
        let behind = lists.iter().enumerate().skip(first_behind);
        let mut behind = behind.take_while(|(_, list)| {
            list.span.start < next && list.span.start - word.end <= LONGEST_GAP * LONGEST_CHARACTER
        });
        let behind = behind.find_map(|(at, list)| {
            let gap = text.get(word.end..list.span.start)?;
            let is_year = list.is_year(text) && gap.chars().count() > LONGEST_GAP_BEFORE_YEAR;
            (is_gap(gap, LONGEST_GAP) && !is_year).then_some((gap.len(), at))
        });
        let before = lists.iter().enumerate().take(first_behind).rev();
        let mut before = before.take_while(|(_, list)| {
            word.start.saturating_sub(list.span.end) <= LONGEST_GAP_BEFORE * LONGEST_CHARACTER
        });
        let before = before.find_map(|(at, list)| {
            let gap = text.get(list.span.end..word.start).filter(|_| !taken[at])?;
            is_gap(gap, LONGEST_GAP_BEFORE).then_some((gap.len(), at))
        });
        // Either order occurs; the nearer numbers are meant.
        let nearest = match (behind, before) {
            (Some(behind), Some(before)) if before.0 < behind.0 => Some(before.1),
            (Some((_, at)), _) | (None, Some((_, at))) => Some(at),
            (None, None) => None,
        };
        if let Some(at) = nearest {
            taken[at] = true;
        }
        found.push((index, nearest));
    }
    // `TCP/UDP 443`: a protocol right before another has that one's ports.
    for at in (1..found.len()).rev() {
        let (left, right) = (&protocols[found[at - 1].0].1, &protocols[found[at].0].1);
        if found[at - 1].1.is_none() && matches!(&text[left.end..right.start], "/" | " / " | ", ") {
            found[at - 1].1 = found[at].1;
        }
    }
    let mut bad = Vec::new();
    let mut services = Vec::new();
    for (index, list) in found {
        let (protocol, word) = &protocols[index];
        let mut span = word.clone();
        let mut ports = Vec::new();
        if let Some(list) = list.map(|at| &lists[at]) {
            span = span.start.min(list.span.start)..span.end.max(list.span.end);
            for entry in &list.entries {
                match &entry.ports {
                    Ok(range) => ports.push(*range),
                    Err(why) => bad.push(BadPort {
                        span: entry.span.clone(),
                        why: why.clone(),
                    }),
                }
            }
        }
        services.push(Service {
            protocol: *protocol,
            ports,
            span,
        });
    }
    (services, bad)
}

/// Where the words `TCP` and `UDP` stand.
fn protocols(text: &str) -> Vec<(Protocol, Range<usize>)> {
    let bytes = text.as_bytes();
    let is_inside = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphanumeric);
    (0..bytes.len().saturating_sub(2))
        .filter(|start| !is_inside(start.checked_sub(1).and_then(|at| bytes.get(at))))
        .filter(|start| !is_inside(bytes.get(start + 3)))
        .filter_map(|start| {
            let word = &bytes[start..start + 3];
            let protocol = if word.eq_ignore_ascii_case(b"tcp") {
                Protocol::Tcp
            } else if word.eq_ignore_ascii_case(b"udp") {
                Protocol::Udp
            } else {
                return None;
            };
            Some((protocol, start..start + 3))
        })
        .collect()
}

/// Numbers that stand together, as `80 & 443` or `50,000-59,999; 5061`.
struct List {
    entries: Vec<Entry>,
    span: Range<usize>,
}

impl List {
    /// Whether its first number is a year of this century.
    fn is_year(&self, text: &str) -> bool {
        let first = self.entries.first().map(|entry| &text[entry.span.clone()]);
        first.is_some_and(|first| first.len() == 4 && first.starts_with("20"))
    }
}

struct Entry {
    ports: Result<PortRange, String>,
    span: Range<usize>,
}

fn lists(text: &str, protocols: &[(Protocol, Range<usize>)]) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some(entry) = entry_at(text, at, protocols) else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        at = entry.span.end;
        match lists.last_mut() {
            Some(list) if is_joiner(&text[list.span.end..entry.span.start]) => {
                list.span.end = entry.span.end;
                list.entries.push(entry);
            }
            _ => lists.push(List {
                span: entry.span.clone(),
                entries: vec![entry],
            }),
        }
    }
    lists
}

/// Whether `between`, a protocol and its ports, there are at most a few words.
fn is_gap(between: &str, longest: usize) -> bool {
    between.chars().count() <= longest
        && !between.contains(|c: char| c == '\n' || c == '.' || c.is_ascii_digit())
}

fn is_joiner(between: &str) -> bool {
    let words: Vec<&str> = between
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect();
    let is_short = |word: &&str| word.chars().count() <= LONGEST_JOINER;
    let is_protocol = |word: &&str| ["tcp", "udp"].contains(&word.to_lowercase().as_str());
    let is_open = |c: char| "()[]\n:.".contains(c);
    words.len() <= 1
        && words.iter().all(is_short)
        && !words.iter().any(is_protocol)
        && !between.contains(is_open)
}

/// A port or a range that begins exactly at `start`.
fn entry_at(text: &str, start: usize, protocols: &[(Protocol, Range<usize>)]) -> Option<Entry> {
    if !may_begin(text, start, protocols) {
        return None;
    }
    let (first, end) = number_at(text, start)?;
    let after_dash = dash_at(text, end).and_then(|at| number_at(text, at));
    let (last, end) = after_dash.unwrap_or((first, end));
    if !may_end(text, end, protocols) {
        return None;
    }
    let ports = if after_dash.is_some() {
        PortRange::parse(&format!("{first}-{last}"))
    } else {
        PortRange::parse(&first.to_string())
    };
    Some(Entry {
        ports,
        span: start..end,
    })
}

/// Not within a word, a name or an address; `TCP/443` and `TCP-443` are fine.
fn may_begin(text: &str, start: usize, protocols: &[(Protocol, Range<usize>)]) -> bool {
    let Some(before) = text[..start].chars().next_back() else {
        return true;
    };
    let is_protocols = || {
        let end = start - before.len_utf8();
        let ends = |(_, word): &(Protocol, Range<usize>)| word.end.cmp(&end);
        protocols.binary_search_by(ends).is_ok()
    };
    match before {
        '/' | '-' | ':' => is_protocols(),
        _ => !before.is_ascii_alphanumeric() && !"._*".contains(before),
    }
}

fn may_end(text: &str, end: usize, protocols: &[(Protocol, Range<usize>)]) -> bool {
    let mut rest = text[end..].chars();
    let (after, then) = (rest.next(), rest.next());
    let goes_on = then.is_some_and(|c| c.is_ascii_alphanumeric());
    match after {
        None => true,
        Some('/') => {
            let starts = |(_, word): &(Protocol, Range<usize>)| word.start.cmp(&(end + 1));
            !goes_on || protocols.binary_search_by(starts).is_ok()
        }
        Some('.' | ':') => !goes_on && then != Some(':'),
        Some('_' | '*') => false,
        Some(c) => !c.is_ascii_alphanumeric(),
    }
}

/// A number with or without a mark between its thousands: `50,000`, `50.000`, `50 000`, `50000`.
fn number_at(text: &str, start: usize) -> Option<(u64, usize)> {
    let digits = |at: usize| {
        let rest = text.get(at..)?;
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        (count > 0).then(|| (&rest[..count], at + count))
    };
    let (head, end) = digits(start)?;
    let plain = head.parse().unwrap_or(u64::MAX);
    let mark = text[end..]
        .chars()
        .next()
        .filter(|c| ",.'\u{2019} \u{a0}\u{202f}\u{2009}".contains(*c));
    let joined = mark
        .filter(|_| head.len() <= 3 && !head.starts_with('0'))
        .and_then(|mark| digits(end + mark.len_utf8()))
        .filter(|(tail, _)| tail.len() == 3)
        .and_then(|(tail, end)| Some((format!("{head}{tail}").parse().ok()?, end)))
        // `80 443` are two ports, since there is none of 80443.
        .filter(|(number, _)| u16::try_from(*number).is_ok());
    Some(joined.unwrap_or((plain, end)))
}

/// Behind the dash of a range, with or without blanks around it.
fn dash_at(text: &str, end: usize) -> Option<usize> {
    let rest = &text[end..];
    let dash = rest.trim_start_matches([' ', '\u{a0}']);
    let first = dash.chars().next().filter(|c| {
        "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}~\u{301c}\u{ff5e}".contains(*c)
    })?;
    let number = dash[first.len_utf8()..].trim_start_matches([' ', '\u{a0}']);
    Some(text.len() - number.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let (services, bad) = services(text);
        assert_eq!(bad, [], "{text}");
        let text = |service: Service| {
            let ports: Vec<String> = service.ports.iter().map(ToString::to_string).collect();
            format!("{} {}", service.protocol, ports.join(","))
        };
        services.into_iter().map(text).collect()
    }

    #[test]
    fn ports_are_read_in_any_language() {
        for (text, expected) in [
            ("Customer STS | TCP ports 80 & 443", vec!["tcp 80,443"]),
            (
                "TCP-Ports 80 und 443, nur für den Exchange 2010 SP3",
                vec!["tcp 80,443"],
            ),
            (
                "TCP 端口 80 和 443 上的 domains.live.com，仅用于 Exchange 2010 SP3",
                vec!["tcp 80,443"],
            ),
            ("puertos TCP 80 y 443", vec!["tcp 80,443"]),
            ("TCP ポート 80 および 443", vec!["tcp 80,443"]),
            ("TCP 포트 80 및 443의 domains.live.com", vec!["tcp 80,443"]),
            (
                "Ports TCP 443 or TCP 49443 w/ClientTLS",
                vec!["tcp 443", "tcp 49443"],
            ),
            (
                "poorten tcp 443 of tcp 49443 w/met clienttls",
                vec!["tcp 443", "tcp 49443"],
            ),
            ("UDP ports 50,000-59,999", vec!["udp 50000-59999"]),
            (
                "UDP-portar 50 000\u{2013}59 999 TCP-portar 50 000-59 999; 5061",
                vec!["udp 50000-59999", "tcp 50000-59999,5061"],
            ),
            (
                "TCP-poorten 50.000-59.999; 5061",
                vec!["tcp 50000-59999,5061"],
            ),
            ("TCP 端口 50,000~59,999、5061", vec!["tcp 50000-59999,5061"]),
            (
                "443 numaralı TCP bağlantı noktası 52.112.0.0/14'e açılır",
                vec!["tcp 443"],
            ),
            (
                "50.000-59.999 UDP bağlantı noktası\n50.000-59.999; 5061 TCP",
                vec!["udp 50000-59999", "tcp 50000-59999,5061"],
            ),
            ("443/TCP", vec!["tcp 443"]),
            ("TCP/443", vec!["tcp 443"]),
            ("TCP/UDP 443", vec!["tcp 443", "udp 443"]),
            ("TCP outbound server-only traffic", vec!["tcp "]),
            ("TCP-port 443 öppnas på 52.112.0.0/14", vec!["tcp 443"]),
            (
                "52.130.18.32/27, 2406:e500:5500::/48 TCP-port 443 Obs!",
                vec!["tcp 443"],
            ),
            ("منفذ TCP رقم 443", vec!["tcp 443"]),
            ("Exchange 2010 SP3 için gerekli", vec![]),
            (
                "80 & 443 TCP, only for the Exchange 2010 SP3 wizard",
                vec!["tcp 80,443"],
            ),
            (
                "Porty TCP środowiska sts klienta (serwer usług AD FS i serwer proxy usług AD FS) | 80 & 443",
                vec!["tcp 80,443"],
            ),
            (
                "80 & 443 numaralı TCP bağlantı noktalarında domains.live.com",
                vec!["tcp 80,443"],
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_port_is_told() {
        for text in ["TCP port 70000", "TCP ports 443-80", "UDP 50.000-59"] {
            assert!(!services(text).1.is_empty(), "{text}");
        }
    }
}
