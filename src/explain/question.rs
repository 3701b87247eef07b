//! What is asked: an address, a network or a name, and perhaps a port.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use serde::{Serialize, Serializer};

use crate::catalogue::{HostPattern, PortRange, Protocol};
use crate::error::{Error, Errors, Result};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub subject: Subject,
    /// `None`: any port.
    pub service: Option<Service>,
    /// How the words were taken, where that isn't plain.
    pub remark: Option<String>,
}

/// An address or a network without host bits, or a name or pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Network(IpNet),
    Host(HostPattern),
}

/// A port or a range of them; without a protocol, of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    pub protocol: Option<Protocol>,
    pub ports: PortRange,
}

const SUBJECT: &str = "ADDRESS|HOST";
const PORT: &str = "PORT";

/// An IPv4 address in IPv6 clothes stands behind as many bits.
const MAPPED: u8 = 96;

impl Question {
    /// Reads `13.78.204.0`, `2603:1017::/48`, `login.windows.net` or `*.windows.net`; and `443`,
    /// `50000-59999`, `tcp/443` or `udp/3478`.
    ///
    /// # Errors
    /// Both texts if they are nothing of that kind, each with what to ask for instead.
    pub fn parse(subject: &str, port: Option<&str>) -> Result<Self> {
        let mut errors = Vec::new();
        let refuse = |option, value: &str, why| Error::InvalidValue {
            option,
            value: value.to_owned(),
            why,
        };
        let read = read_subject(subject);
        let read = read.map_err(|why| errors.push(refuse(SUBJECT, subject, why)));
        let service = port.map(|text| {
            let service = Service::parse(text);
            service.map_err(|why| errors.push(refuse(PORT, text, why)))
        });
        match (read, service.transpose()) {
            (Ok((subject, remark)), Ok(service)) => Ok(Self {
                subject,
                service,
                remark,
            }),
            _ => Err(Errors::from(errors)),
        }
    }
}

impl Service {
    fn parse(text: &str) -> std::result::Result<Self, String> {
        let (protocol, ports) = match text.split_once('/') {
            None => (None, text),
            Some((protocol, ports)) => (Some(protocol), ports),
        };
        if let Some(word) = protocol
            && Protocol::parse(word).is_none()
        {
            return Err(match Protocol::parse(ports) {
                Some(protocol) => format!("write `{protocol}/{word}`"),
                None => format!("`{}` is neither `tcp` nor `udp`", word.escape_debug()),
            });
        }
        Ok(Self {
            protocol: protocol.and_then(Protocol::parse),
            ports: PortRange::parse(ports)
                .map_err(|why| format!("{why}, or with its protocol, `tcp/443`"))?,
        })
    }

    /// Whether any of it is among `ports` of `protocol`; what nobody states may be any.
    #[must_use]
    pub fn meets(self, protocol: Option<Protocol>, ports: Option<&[PortRange]>) -> bool {
        let same = |asked: Protocol| protocol.is_none_or(|known| known == asked);
        self.protocol.is_none_or(same)
            && ports.is_none_or(|ports| ports.iter().any(|port| port.overlaps(self.ports)))
    }
}

/// As it would be asked again.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) if network.prefix_len() == network.max_prefix_len() => {
                write!(f, "{}", network.addr())
            }
            Self::Network(network) => write!(f, "{network}"),
            Self::Host(host) => write!(f, "{host}"),
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// As in a sentence: `tcp 443`, `port 443`.
impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.protocol {
            Some(protocol) => write!(f, "{protocol} {}", self.ports),
            None => write!(f, "port {}", self.ports),
        }
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

type Read = (Subject, Option<String>);

fn read_subject(text: &str) -> std::result::Result<Read, String> {
    if let Some(read) = read_network(text)? {
        return Ok(read);
    }
    if let Some(instead) = place_of(text) {
        return Err(format!(
            "a firewall sees address or name and port only; ask for `{instead}`"
        ));
    }
    if text.matches(':').count() > 1 {
        return Err("it is no IPv6 address, as `2603:1017::1` or `2603:1017::/48` are".to_owned());
    }
    read_host(text).map(|host| (Subject::Host(host), None))
}

/// `None`: it isn't meant to be an address.
fn read_network(text: &str) -> std::result::Result<Option<Read>, String> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    if let Some((address, zone)) = address.split_once('%')
        && address.parse::<Ipv6Addr>().is_ok()
    {
        let zone = zone.escape_debug();
        return Err(format!(
            "`%{zone}` is an interface of one host; ask for `{address}`"
        ));
    }
    let Ok(address) = address.parse::<IpAddr>() else {
        let is_meant =
            !address.is_empty() && address.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        return if is_meant {
            Err(
                "it is no IPv4 address, which is four numbers from 0 to 255 without leading zeros"
                    .to_owned(),
            )
        } else {
            Ok(None)
        };
    };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        None => bits,
        Some(text) => {
            let is_number = text.bytes().all(|b| b.is_ascii_digit());
            let length = text
                .parse()
                .ok()
                .filter(|length| is_number && *length <= bits);
            length.ok_or_else(|| {
                format!(
                    "`{}` is no prefix length from 0 to {bits}",
                    text.escape_debug()
                )
            })?
        }
    };
    let mapped = match address {
        IpAddr::V6(address) if length >= MAPPED => address.to_ipv4_mapped(),
        _ => None,
    };
    let (address, length) = match mapped {
        Some(address) => (IpAddr::V4(address), length - MAPPED),
        None => (address, length),
    };
    let stated = IpNet::new_assert(address, length);
    let subject = Subject::Network(stated.trunc());
    let remark = if mapped.is_some() {
        Some(format!(
            "`{text}` is IPv4 in IPv6 clothes, and is taken as `{subject}`"
        ))
    } else if stated.trunc() != stated {
        Some(format!(
            "`{text}` has host bits, and is taken as the network `{subject}`"
        ))
    } else {
        None
    };
    Ok(Some((subject, remark)))
}

/// What to ask for in place of a URL, a path or a host with its port: `login.windows.net 8443`.
fn place_of(text: &str) -> Option<String> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, text),
    };
    let place = rest.split(['/', '?', '#']).next()?;
    let place = place.rsplit('@').next()?;
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        (host, rest.strip_prefix(':'))
    } else if place.matches(':').count() == 1 {
        let (host, port) = place.split_once(':')?;
        (host, Some(port))
    } else {
        (place, None)
    };
    let usual = match scheme.as_deref() {
        Some("https" | "wss") => Some("443"),
        Some("http" | "ws") => Some("80"),
        _ => None,
    };
    let port = port.filter(|port| !port.is_empty()).or(usual);
    let port = port.filter(|port| PortRange::parse(port).is_ok());
    let is_host = host.parse::<IpAddr>().is_ok() || read_host(host).is_ok();
    (is_host && host != text).then(|| match port {
        Some(port) => format!("{host} {port}"),
        None => host.to_owned(),
    })
}

fn read_host(text: &str) -> std::result::Result<HostPattern, String> {
    if !text.is_ascii() {
        return Err(
            "firewalls see international names in punycode; ask for that, as in `xn--bcher-kva.example`"
                .to_owned(),
        );
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    HostPattern::parse(&name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn subject(text: &str) -> String {
        let question = Question::parse(text, None);
        question.map_or_else(
            |errors| panic!("{text}: {errors:?}"),
            |question| question.subject.to_string(),
        )
    }

    fn refused(text: &str, port: Option<&str>) -> String {
        let errors = Question::parse(text, port).expect_err(text);
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        texts.join("\n")
    }

    #[test]
    fn every_spelling_of_an_address_or_name_is_taken() {
        for (text, taken) in [
            ("13.78.204.0", "13.78.204.0"),
            ("13.78.204.0/32", "13.78.204.0"),
            ("20.20.33.5/19", "20.20.32.0/19"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::ffff:13.78.204.0", "13.78.204.0"),
            ("::FFFF:d4e:cc00", "13.78.204.0"),
            ("::ffff:20.20.33.5/115", "20.20.32.0/19"),
            ("2603:1017:0:0:0:0:0:1", "2603:1017::1"),
            ("2603:1017:0::/48", "2603:1017::/48"),
            ("::/0", "::/0"),
            ("Login.Windows.NET.", "login.windows.net"),
            ("*cdn.onenote.net", "*cdn.onenote.net"),
            ("<tenant>.sharepoint.com", "<tenant>.sharepoint.com"),
        ] {
            assert_eq!(subject(text), taken, "{text}");
        }
    }

    #[test]
    fn what_was_taken_otherwise_is_said() {
        let remark = |text| Question::parse(text, None).unwrap().remark;
        assert!(remark("20.20.33.5/19").unwrap().contains("host bits"));
        assert!(
            remark("::ffff:13.78.204.0")
                .unwrap()
                .contains("`13.78.204.0`")
        );
        assert_eq!(remark("20.20.32.0/19"), None);
        assert_eq!(remark("2603:1017:0:0:0:0:0:1"), None);
    }

    #[test]
    fn what_is_refused_says_what_to_ask_for() {
        for (text, what) in [
            (
                "https://login.windows.net:8443/path",
                "`login.windows.net 8443`",
            ),
            ("https://u:p@login.windows.net/", "`login.windows.net 443`"),
            ("http://[2603:1017::1]/x", "`2603:1017::1 80`"),
            ("login.windows.net:443", "`login.windows.net 443`"),
            ("13.78.204.0:443", "`13.78.204.0 443`"),
            ("[2603:1017::1]", "`2603:1017::1`"),
            ("aka.ms/hybridwizard", "`aka.ms`"),
            ("fe80::1%eth0", "`fe80::1`"),
            ("bücher.example", "punycode"),
            ("010.0.0.1", "leading zeros"),
            ("10.0.0.0/33", "`33` is no prefix length from 0 to 32"),
            ("10.0.0.0/", "prefix length"),
            ("2603:1017::g", "no IPv6 address"),
            ("localhost", "no dot"),
            ("", "not a host name"),
            ("*", "not a host name"),
        ] {
            let error = refused(text, None);
            assert!(error.contains(what), "{text}: {error}");
        }
    }

    #[test]
    fn ports_may_name_their_protocol_and_every_problem_is_told() {
        let service = |text| {
            Question::parse("aka.ms", Some(text))
                .unwrap()
                .service
                .unwrap()
        };
        assert_eq!(service("443").to_string(), "port 443");
        assert_eq!(service("udp/50000-59999").to_string(), "udp 50000-59999");
        for (text, what) in [
            ("443/tcp", "write `tcp/443`"),
            ("sctp/443", "neither `tcp` nor `udp`"),
            ("https", "not a port"),
            ("", "not a port"),
        ] {
            let error = refused("https://aka.ms", Some(text));
            assert!(
                error.contains(what) && error.contains("`aka.ms 443`"),
                "{error}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_asked_is_taken_or_refused_and_what_is_taken_reads_back(
            text in "[a-z0-9:./*<>\\[\\]@%?#é-]{0,24}|(\\PC){0,12}",
            port in "[a-z0-9/-]{0,8}",
        ) {
            if let Ok(question) = Question::parse(&text, None) {
                let again = Question::parse(&question.subject.to_string(), None);
                prop_assert_eq!(again.ok().map(|again| again.subject), Some(question.subject));
            }
            let _ = Question::parse("aka.ms", Some(&port));
        }
    }
}
