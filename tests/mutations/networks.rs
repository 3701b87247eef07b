//! Networks of rows, changed.

use super::cidr::Cidr;
use super::dice::Dice;
use super::kind::{Kind, Make};
use super::main_tf::{MainTf, Value, quoted};

pub const KINDS: &[Kind] = &[
    rows("a network widened", |d, m| {
        one(d, m, |_, cidr| cidr.wider())
    }),
    rows("a network narrowed", |d, m| {
        one(d, m, |dice, cidr| {
            let half = if dice.flip() { cidr.size() / 2 } else { 0 };
            cidr.at(half, cidr.length + 1)
        })
    }),
    rows("a network moved", |d, m| {
        one(d, m, |_, cidr| cidr.at(cidr.size(), cidr.length))
    }),
    rows("host bits in a network", |d, m| {
        one(d, m, |_, cidr| {
            cidr.at(1, cidr.length).filter(|cidr| cidr.size() > 1)
        })
    }),
    rows("a network dropped", |d, m| {
        list(d, m, |dice, networks, _| {
            let index = dice.below(networks.len());
            (networks.len() > 1)
                .then(|| networks.remove(index))
                .map(drop)
        })
    }),
    rows("all networks dropped", |d, m| {
        list(d, m, |_, networks, _| {
            networks.clear();
            Some(())
        })
    }),
    rows("a network added", |d, m| {
        list(d, m, |dice, networks, is_ipv4| {
            let (high, low) = (dice.below(200) + 1, dice.below(256));
            let added = if is_ipv4 {
                format!("\"{high}.{low}.0.0/24\"")
            } else {
                format!("\"2a0{:x}:{low:x}::/32\"", high % 16)
            };
            networks.insert(dice.below(networks.len() + 1), added);
            Some(())
        })
    }),
    rows("a network of the other family", |d, m| {
        list(d, m, |dice, networks, is_ipv4| {
            let other = if is_ipv4 {
                "2001:db8::/32"
            } else {
                "192.0.2.0/24"
            };
            let index = dice.below(networks.len());
            if dice.flip() {
                networks[index] = quoted(other);
            } else {
                networks.insert(index, quoted(other));
            }
            Some(())
        })
    }),
    rows("everywhere in place of a network", |d, m| {
        list(d, m, |dice, networks, _| {
            let index = dice.below(networks.len());
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
            networks[index] = quoted(dice.pick(&everywhere)?);
            Some(())
        })
    }),
    rows("a network spelt loosely", |d, m| {
        list(d, m, |dice, networks, is_ipv4| {
            let index = dice.below(networks.len());
            let network = networks[index].clone();
            networks[index] = match dice.below(5) {
                0 => network.replace('/', "/0"),
                1 => network.replace('/', " /"),
                2 => network.replacen('"', "\" ", 1),
                3 => network.split('/').next()?.to_owned() + "\"",
                _ if is_ipv4 => network.replacen('"', "\"::ffff:", 1),
                _ => network.replace("::/", ":0::/").to_uppercase(),
            };
            (networks[index] != network).then_some(())
        })
    }),
    rows("a network put in two halves", |d, m| {
        list(d, m, |dice, networks, _| {
            let index = dice.below(networks.len());
            let cidr = Cidr::parse(&networks[index])?;
            let halves = [0, cidr.size() / 2].map(|half| cidr.at(half, cidr.length + 1));
            networks.splice(
                index..=index,
                [halves[0]?.to_string(), halves[1]?.to_string()],
            );
            Some(())
        })
    }),
    rows("two neighbours joined", |d, m| {
        list(d, m, |_, networks, _| {
            let joined = networks.windows(2).enumerate().find_map(|(index, pair)| {
                let wider = [&pair[0], &pair[1]].map(|spelt| Cidr::parse(spelt)?.wider());
                let (a, b) = (wider[0]?.to_string(), wider[1]?.to_string());
                (a == b && pair[0] != pair[1]).then_some((index, a))
            });
            let (index, wider) = joined?;
            networks.splice(index..=index + 1, [wider]);
            Some(())
        })
    }),
    rows("a network stated twice", |d, m| {
        list(d, m, |dice, networks, _| {
            let network = dice.pick(networks)?.clone();
            networks.insert(dice.below(networks.len() + 1), network);
            Some(())
        })
    }),
    rows("a network within another added", |d, m| {
        list(d, m, |dice, networks, _| {
            let cidr = Cidr::parse(dice.pick(networks)?)?;
            networks.push(cidr.at(0, cidr.length + 1)?.to_string());
            Some(())
        })
    }),
    rows("networks in another order", |d, m| {
        list(d, m, |dice, networks, _| {
            dice.shuffle(networks);
            Some(())
        })
    }),
    rows("anywhere in place of networks", |d, m| {
        let row = d.pick(&with_networks(m)).copied()?;
        let field = m.rows[row].field_mut("networks")?;
        field.name = "anywhere".to_string();
        field.value = Value::Plain("true".to_owned());
        Some(vec![m.rows[row].key.clone()])
    }),
];

const fn rows(name: &'static str, make: fn(&mut Dice, &mut MainTf) -> Option<Vec<String>>) -> Kind {
    Kind {
        name,
        make: Make::Rows(make),
    }
}

fn with_networks(main: &MainTf) -> Vec<usize> {
    let indexes = 0..main.rows.len();
    indexes
        .filter(|index| main.rows[*index].field("networks").is_some())
        .collect()
}

/// Changes the networks of a row; the third argument says whether they are of IPv4.
fn list(
    dice: &mut Dice,
    main: &mut MainTf,
    change: impl Fn(&mut Dice, &mut Vec<String>, bool) -> Option<()>,
) -> Option<Vec<String>> {
    let mut indexes = with_networks(main);
    dice.shuffle(&mut indexes);
    indexes.into_iter().find_map(|index| {
        let row = &mut main.rows[index];
        let is_ipv4 = row.text("kind") == Some("ipv4");
        change(dice, row.list_mut("networks")?, is_ipv4)?;
        Some(vec![row.key.clone()])
    })
}

/// Puts another network in place of one.
fn one(
    dice: &mut Dice,
    main: &mut MainTf,
    change: impl Fn(&mut Dice, Cidr) -> Option<Cidr>,
) -> Option<Vec<String>> {
    list(dice, main, |dice, networks, _| {
        let index = dice.below(networks.len());
        networks[index] = change(dice, Cidr::parse(&networks[index])?)?.to_string();
        Some(())
    })
}
