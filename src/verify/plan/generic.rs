//! The openings of the generic module, one resource each: its key and its line say the same.

use super::instance::{Instance, Item};
use super::json::Json;
use super::read;
use super::reading::{Reader, Reading, Seen, Side};
use crate::catalogue::{Direction, HostPattern, PortRange, Protocol, Role};
use crate::verify::numbers::Numbers;
use crate::verify::opening::Place;

const HARMLESS: [&str; 4] = ["id", "output", "triggers_replace", "timeouts"];

/// Reads the openings of `instance`.
#[must_use]
pub fn read(instance: &Instance<'_>, place: Place, numbers: Option<&Numbers>) -> Reading {
    let mut reading = Reading::default();
    for item in instance.of("terraform_data", "opening") {
        let mut reader = Reader::new(&item, &mut reading);
        let seen = opening(&mut reader, &item, place, numbers);
        reading.seen.extend(seen);
    }
    reading
}

/// What a line says: `inbound tcp/443 from 13.78.204.0/32 to webhook_receiver`.
struct Line<'a> {
    direction: Direction,
    protocol: Protocol,
    port: &'a str,
    role: &'a str,
    remote: &'a str,
}

fn line(text: &str) -> Option<Line<'_>> {
    let words: Vec<&str> = text.split(' ').collect();
    let [direction, service, "from", from, "to", to] = words[..] else {
        return None;
    };
    let direction = Direction::parse(direction)?;
    let (protocol, port) = service.split_once('/')?;
    let (role, remote) = match direction {
        Direction::Inbound => (to, from),
        Direction::Outbound => (from, to),
    };
    Some(Line {
        direction,
        protocol: Protocol::parse(protocol)?,
        port,
        role,
        remote,
    })
}

/// The role that the key of an opening names: `inbound webhook_receiver tcp#1 13.78.204.0/32`.
#[must_use]
pub fn role(key: &str) -> Option<&str> {
    let words: Vec<&str> = key.split(' ').collect();
    match words[..] {
        [direction, role, service, _] => {
            Direction::parse(direction)?;
            service.contains(['#', '/']).then_some(role)
        }
        _ => None,
    }
}

fn opening(
    reader: &mut Reader<'_>,
    item: &Item<'_>,
    place: Place,
    numbers: Option<&Numbers>,
) -> Option<Seen> {
    let key = item.key().unwrap_or_default();
    let mut attributes = reader.attributes(item)?;
    let input = match attributes.take("input") {
        Json::Text(input) => input,
        Json::Unknown => {
            reader.undecided("`input`");
            return None;
        }
        other => {
            reader.refuse(format!("`input` is `{other}`"));
            return None;
        }
    };
    let output = attributes.take("output");
    if output.text().is_some_and(|output| output != input) {
        reader.refuse(format!("`output` is `{output}`, and `input` is not"));
    }
    let triggers = attributes.take("triggers_replace");
    if !triggers.is_empty() {
        reader.refuse(format!(
            "`triggers_replace` is `{triggers}`, and our module never sets it"
        ));
    }
    reader.nothing_left(&attributes, &HARMLESS);
    let shown = input.escape_debug().to_string();
    let Some(line) = line(&input) else {
        reader.refuse(format!("`input` is `{shown}`, which says no opening"));
        return None;
    };
    let port = reader.word(&Json::Text(line.port.to_owned()), "input", port)?;
    let remote = reader.word(&Json::Text(line.remote.to_owned()), "input", remote)?;
    let words: Vec<&str> = key.split(' ').collect();
    let is_same = matches!(words[..], [direction, role, service, remote]
        if direction == line.direction.as_str() && role == line.role && remote == line.remote
            && has_service(service, &line, place, port, numbers));
    if !is_same {
        reader.refuse(format!("its key is not that of `{shown}`"));
    }
    Some(Seen {
        address: item.address().to_owned(),
        name: key.to_owned(),
        row: None,
        role: line.role.to_owned(),
        direction: line.direction,
        protocol: line.protocol,
        ports: vec![port],
        remote,
        is_half: false,
    })
}

/// Whether the service in a key is that of its line, `tcp/443`, or `tcp#1` by the lock.
fn has_service(
    service: &str,
    line: &Line<'_>,
    place: Place,
    port: PortRange,
    numbers: Option<&Numbers>,
) -> bool {
    let Some((protocol, slot)) = service.split_once('#') else {
        return service.split_once('/') == Some((line.protocol.as_str(), line.port));
    };
    let Ok(slot) = slot.parse::<u16>() else {
        return false;
    };
    let role = Role::parse(line.role).ok();
    let locked = numbers.zip(role).and_then(|(numbers, role)| {
        numbers.slot(place, &role, line.direction, line.protocol, port)
    });
    // What the lock doesn't know is in no row, and is found there.
    protocol == line.protocol.as_str() && locked.is_none_or(|locked| locked == slot)
}

fn port(text: &str) -> Result<PortRange, String> {
    let ports = read::ports(text)?;
    match ports.as_slice() {
        [port] if port.to_string() == text => Ok(*port),
        _ => Err(format!("`{}` is no port", text.escape_debug())),
    }
}

fn remote(text: &str) -> Result<Side, String> {
    match read::networks(text) {
        Ok(networks) => Ok(Side::Networks(networks)),
        Err(why) => match HostPattern::parse(text) {
            Ok(host) => Ok(Side::Hosts(vec![host])),
            Err(_) => Err(why),
        },
    }
}
