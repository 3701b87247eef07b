//! Lists of networks, changed.

use super::cidr::Cidr;
use super::dice::Dice;

/// Changes a list, which has networks of IPv4 or else of IPv6; `None`: there is nothing in it to change so.
pub type Change = fn(&mut Dice, &mut Vec<String>, bool) -> Option<()>;

pub const CHANGES: &[(&str, Change)] = &[
    ("a network widened", |d, list, _| {
        one(d, list, |_, cidr| cidr.wider())
    }),
    ("a network narrowed", |d, list, _| {
        one(d, list, |dice, cidr| {
            let half = if dice.flip() { cidr.size() / 2 } else { 0 };
            cidr.at(half, cidr.length + 1)
        })
    }),
    ("a network moved", |d, list, _| {
        one(d, list, |_, cidr| cidr.at(cidr.size(), cidr.length))
    }),
    ("host bits in a network", |d, list, _| {
        one(d, list, |_, cidr| {
            cidr.at(1, cidr.length).filter(|cidr| cidr.size() > 1)
        })
    }),
    ("a network dropped", |d, list, _| {
        let index = d.below(list.len());
        (list.len() > 1).then(|| list.remove(index)).map(drop)
    }),
    ("all networks dropped", |_, list, _| {
        list.clear();
        Some(())
    }),
    ("a network added", |d, list, is_ipv4| {
        let (high, low) = (d.below(200) + 1, d.below(256));
        let added = if is_ipv4 {
            format!("{high}.{low}.0.0/24")
        } else {
            format!("2a0{:x}:{low:x}::/32", high % 16)
        };
        list.insert(d.below(list.len() + 1), added);
        Some(())
    }),
    ("a network of the other family", |d, list, is_ipv4| {
        let other = if is_ipv4 {
            "2001:db8::/32"
        } else {
            "192.0.2.0/24"
        };
        let index = d.below(list.len());
        if d.flip() {
            other.clone_into(&mut list[index]);
        } else {
            list.insert(index, other.to_owned());
        }
        Some(())
    }),
    ("everywhere in place of a network", |d, list, _| {
        let index = d.below(list.len());
        let everywhere = [
            "0.0.0.0/0",
            "::/0",
            "*",
            "Internet",
            "any",
            "0.0.0.0/1",
            "::/1",
            "",
        ];
        (*d.pick(&everywhere)?).clone_into(&mut list[index]);
        Some(())
    }),
    ("a network spelt loosely", |d, list, is_ipv4| {
        let index = d.below(list.len());
        let network = list[index].clone();
        list[index] = match d.below(5) {
            0 => network.replace('/', "/0"),
            1 => network.replace('/', " /"),
            2 => format!(" {network}"),
            3 => network.split('/').next()?.to_owned(),
            _ if is_ipv4 => format!("::ffff:{network}"),
            _ => network.replace("::/", ":0::/").to_uppercase(),
        };
        (list[index] != network).then_some(())
    }),
    ("a network put in two halves", |d, list, _| {
        let index = d.below(list.len());
        let cidr = Cidr::parse(&list[index])?;
        let halves = [0, cidr.size() / 2].map(|half| cidr.at(half, cidr.length + 1));
        list.splice(
            index..=index,
            [halves[0]?.to_string(), halves[1]?.to_string()],
        );
        Some(())
    }),
    ("two neighbours joined", |_, list, _| {
        let joined = list.windows(2).enumerate().find_map(|(index, pair)| {
            let wider = [&pair[0], &pair[1]].map(|text| Cidr::parse(text)?.wider());
            let (a, b) = (wider[0]?.to_string(), wider[1]?.to_string());
            (a == b && pair[0] != pair[1]).then_some((index, a))
        });
        let (index, wider) = joined?;
        list.splice(index..=index + 1, [wider]);
        Some(())
    }),
    ("a network stated twice", |d, list, _| {
        let network = d.pick(list)?.clone();
        list.insert(d.below(list.len() + 1), network);
        Some(())
    }),
    ("a network within another added", |d, list, _| {
        let cidr = Cidr::parse(d.pick(list)?)?;
        list.push(cidr.at(0, cidr.length + 1)?.to_string());
        Some(())
    }),
    ("networks in another order", |d, list, _| {
        d.shuffle(list);
        Some(())
    }),
];

/// Puts another network in place of one.
fn one(
    dice: &mut Dice,
    list: &mut [String],
    change: impl Fn(&mut Dice, Cidr) -> Option<Cidr>,
) -> Option<()> {
    let index = dice.below(list.len());
    list[index] = change(dice, Cidr::parse(&list[index])?)?.to_string();
    Some(())
}
