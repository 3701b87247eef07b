//! Ports, addresses and protocols as firewalls spell them: leniently, for what they would open.

use std::net::IpAddr;

use ipnet::IpNet;

use super::json::Json;
use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6};
use crate::catalogue::{PortRange, Protocol};

/// What can be read of a list: `None` where a part of it is unknown until apply.
pub type Read<T> = Result<Option<Vec<T>>, String>;

/// Words that stand for every address. In lower case.
pub const ANYWHERE: [&str; 4] = ["*", "any", "all", "internet"];

/// Reads each item of a list, which may be absent.
///
/// # Errors
/// When it is no list, or an item isn't readable.
pub fn list<T>(value: &Json, read: impl Fn(&str) -> Result<Vec<T>, String>) -> Read<T> {
    let items = match value {
        Json::Null => return Ok(Some(Vec::new())),
        Json::Unknown => return Ok(None),
        Json::List(items) => items,
        other => return Err(format!("`{other}` is no list")),
    };
    if items.contains(&Json::Unknown) {
        return Ok(None);
    }
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        let text = item.text().ok_or_else(|| format!("`{item}` is no text"))?;
        all.extend(read(text)?);
    }
    Ok(Some(all))
}

/// The networks that an address, a CIDR or a word for anywhere stands for.
///
/// # Errors
/// When it is neither.
pub fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    if ANYWHERE.contains(&text.to_ascii_lowercase().as_str()) {
        return Ok(vec![EVERY_IPV4, EVERY_IPV6]);
    }
    let network = text.parse::<IpNet>().map(|network| network.trunc());
    // No cloud takes a length of `/024`.
    let is_padded = text
        .rsplit_once('/')
        .is_some_and(|(_, length)| length.len() > 1 && length.starts_with('0'));
    let network = network.or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    match network {
        Ok(network) if !is_padded => Ok(vec![network]),
        _ => Err(format!("`{}` is no address", text.escape_debug())),
    }
}

/// The ports of `443`, `50000-59999`, `0-65535` or `*`.
///
/// # Errors
/// When it is none of them.
pub fn ports(text: &str) -> Result<Vec<PortRange>, String> {
    let (first, last) = match text.split_once('-') {
        _ if text == "*" => ("1", "65535"),
        Some(ends) => ends,
        None => (text, text),
    };
    let ends = first.parse::<u16>().ok().zip(last.parse::<u16>().ok());
    let ports = ends.and_then(|(first, last)| PortRange::of(first.max(1), last));
    match ports {
        Some(ports) => Ok(vec![ports]),
        None => Err(format!("`{}` are no ports", text.escape_debug())),
    }
}

/// The protocols of `Tcp`, `udp`, `6`, `*`: those of them that rows can have.
///
/// # Errors
/// When it is another one.
pub fn protocols(text: &str) -> Result<Vec<Protocol>, String> {
    match text.to_ascii_lowercase().as_str() {
        "tcp" | "6" => Ok(vec![Protocol::Tcp]),
        "udp" | "17" => Ok(vec![Protocol::Udp]),
        "*" | "any" | "-1" | "all" => Ok(vec![Protocol::Tcp, Protocol::Udp]),
        _ => Err(format!(
            "the protocol `{}` is in no row",
            text.escape_debug()
        )),
    }
}
