//! Parts of resources, changed: ports, protocols, directions, names, and the customer's side.

use super::dice::Dice;
use super::facet::{Facet, directions, hosts, locals, ports, protocols};
use super::mutant::{Kind, Make};
use super::resource::Resource;

pub const KINDS: &[Kind] = &[
    part("another port", ports, |d, list| {
        replaced(d, list, &["22", "444", "3389", "1024-2047"])
    }),
    part("every port", ports, |d, list| {
        replaced(d, list, &["*", "0-65535", "1-65535"])
    }),
    part("a port widened to a range", ports, |d, list| {
        let index = d.below(list.len());
        let (first, last) = ends(&list[index])?;
        list[index] = if d.flip() {
            format!("{}-{last}", first.checked_sub(1)?)
        } else {
            format!("{first}-{}", last.checked_add(1)?)
        };
        Some(())
    }),
    part("a range of ports in two", ports, |_, list| {
        let at = list.iter().position(|port| port.contains('-'))?;
        let (first, last) = ends(&list[at])?;
        let middle = first + (last - first) / 2;
        let halves = [
            format!("{first}-{middle}"),
            format!("{}-{last}", middle + 1),
        ];
        list.splice(at..=at, halves);
        Some(())
    }),
    part("a port that isn't one", ports, |d, list| {
        replaced(d, list, &["", "https", "443,80", "65536", "443-80", "-1"])
    }),
    part("a port added", ports, |_, list| {
        list.push("3389".to_owned());
        Some(())
    }),
    part("a port dropped", ports, |d, list| {
        let index = d.below(list.len());
        (list.len() > 1).then(|| list.remove(index)).map(drop)
    }),
    part("all ports dropped", ports, |_, list| {
        list.clear();
        Some(())
    }),
    part("ports in another order", ports, |_, list| {
        list.reverse();
        Some(())
    }),
    part("another protocol", protocols, |d, list| {
        let own = list[0].to_lowercase();
        let others = ["Udp", "Tcp", "*", "Any", "-1", "Icmp", "Esp", ""];
        let others: Vec<&str> = others
            .into_iter()
            .filter(|other| other.to_lowercase() != own)
            .collect();
        replaced(d, list, &others)
    }),
    part("a protocol added", protocols, |_, list| {
        list.push("UDP".to_owned());
        (list[0].to_lowercase() != "udp").then_some(())
    }),
    part("another direction", directions, |d, list| {
        let other = match list[0].as_str() {
            "Inbound" => "Outbound",
            "Outbound" => "Inbound",
            "inbound" => "outbound",
            _ => "inbound",
        };
        replaced(d, list, &[other, other, other, "Both", ""])
    }),
    part("a host name widened", hosts, |d, list| {
        let index = d.below(list.len());
        let name = list[index].trim_start_matches("*.").to_owned();
        let (_, parent) = name.split_once('.')?;
        list[index] = if name == list[index] && d.flip() {
            format!("*.{name}")
        } else {
            format!("*.{parent}")
        };
        Some(())
    }),
    part("another host name", hosts, |d, list| {
        let others = [
            "*",
            "example.com",
            "*.com",
            "0.0.0.0/0",
            "",
            "https://example.com",
        ];
        replaced(d, list, &others)
    }),
    part("a host name added", hosts, |d, list| {
        list.insert(d.below(list.len() + 1), "example.com".to_owned());
        Some(())
    }),
    part("a host name dropped", hosts, |d, list| {
        let index = d.below(list.len());
        (list.len() > 1).then(|| list.remove(index)).map(drop)
    }),
    part("host names in another order", hosts, |_, list| {
        list.reverse();
        Some(())
    }),
    part("a host name stated twice", hosts, |d, list| {
        let name = d.pick(list)?.clone();
        list.push(name);
        Some(())
    }),
    part("anywhere on your side", locals, |d, list| {
        replaced(
            d,
            list,
            &["0.0.0.0/0", "::/0", "*", "Internet", "VirtualNetwork"],
        )
    }),
    part("nothing on your side", locals, |_, list| {
        list.clear();
        Some(())
    }),
];

const fn part(
    name: &'static str,
    part: fn(&Resource) -> Vec<Facet>,
    change: fn(&mut Dice, &mut Vec<String>) -> Option<()>,
) -> Kind {
    Kind {
        name,
        make: Make::Part(part, change),
    }
}

fn replaced(dice: &mut Dice, list: &mut [String], others: &[&str]) -> Option<()> {
    let index = dice.below(list.len());
    (*dice.pick(others)?).clone_into(&mut list[index]);
    Some(())
}

fn ends(ports: &str) -> Option<(u16, u16)> {
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    Some((first.parse().ok()?, last.parse().ok()?))
}
