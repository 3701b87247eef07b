//! What rows say beside their remote: ports, protocol, direction, role, set, and the lock's numbers.

use super::dice::Dice;
use super::kind::{Kind, Make};
use super::main_tf::{Field, MainTf, Row, Value, quoted, unquoted};

pub const KINDS: &[Kind] = &[
    rows("a port changed", |d, m| {
        ports(d, m, |dice, ports| {
            let index = dice.below(ports.len());
            let others = [
                "\"80\"",
                "\"22\"",
                "\"442\"",
                "\"444\"",
                "\"8443\"",
                "\"1-1024\"",
            ];
            ports[index] = (*dice.pick(&others)?).to_string();
            Some(())
        })
    }),
    rows("a port widened to a range", |d, m| {
        ports(d, m, |dice, ports| {
            let index = dice.below(ports.len());
            let spelt = unquoted(&ports[index])?.to_owned();
            let (first, last) = spelt.split_once('-').unwrap_or((&spelt, &spelt));
            let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
            ports[index] = match dice.below(4) {
                0 => format!("\"{}-{last}\"", first.checked_sub(1)?),
                1 => format!("\"{first}-{}\"", last.checked_add(1)?),
                2 => "\"0-65535\"".to_owned(),
                _ => "\"1-65535\"".to_owned(),
            };
            Some(())
        })
    }),
    rows("a port that isn't one", |d, m| {
        ports(d, m, |dice, ports| {
            let index = dice.below(ports.len());
            let others = [
                "\"*\"",
                "\"\"",
                "\"0443\"",
                "\" 443\"",
                "\"https\"",
                "\"443,80\"",
                "\"65536\"",
                "\"443-80\"",
                "443",
                "null",
            ];
            ports[index] = (*dice.pick(&others)?).to_string();
            Some(())
        })
    }),
    rows("a port added", |d, m| {
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        row.list_mut("ports")?.push("\"3389\"".to_owned());
        if let Some(slots) = row.list_mut("slots") {
            slots.push("9".to_owned());
        }
        Some(vec![row.key.clone()])
    }),
    rows("a port dropped", |d, m| {
        let index = pick(d, m, |row| {
            row.list("ports").is_some_and(|ports| ports.len() > 1)
        })?;
        let row = &mut m.rows[index];
        let port = d.below(row.list("ports")?.len());
        row.list_mut("ports")?.remove(port);
        if let Some(slots) = row.list_mut("slots") {
            slots.remove(port);
        }
        Some(vec![row.key.clone()])
    }),
    rows("all ports dropped", |d, m| {
        ports(d, m, |_, ports| {
            ports.clear();
            Some(())
        })
    }),
    rows("ports in another order", |d, m| {
        let index = pick(d, m, |row| {
            row.list("ports").is_some_and(|ports| ports.len() > 1)
        })?;
        let row = &mut m.rows[index];
        row.list_mut("ports")?.reverse();
        if let Some(slots) = row.list_mut("slots") {
            slots.reverse();
        }
        Some(vec![row.key.clone()])
    }),
    rows("a range of ports in two", |d, m| {
        let index = pick(d, m, |row| {
            row.field("slots").is_none()
                && row
                    .list("ports")
                    .is_some_and(|ports| ports.iter().any(|port| port.contains('-')))
        })?;
        let row = &mut m.rows[index];
        let ports = row.list_mut("ports")?;
        let at = ports.iter().position(|port| port.contains('-'))?;
        let (first, last) = unquoted(&ports[at])?.split_once('-')?;
        let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
        let middle = first + (last - first) / 2;
        let halves = [
            format!("\"{first}-{middle}\""),
            format!("\"{}-{last}\"", middle + 1),
        ];
        ports.splice(at..=at, halves);
        Some(vec![row.key.clone()])
    }),
    rows("the other protocol", |d, m| {
        word(
            d,
            m,
            "protocol",
            &["tcp", "udp", "icmp", "*", "TCP", "-1", ""],
        )
    }),
    rows("the other direction", |d, m| {
        word(
            d,
            m,
            "direction",
            &["inbound", "outbound", "Inbound", "both", ""],
        )
    }),
    rows("another role", |d, m| {
        word(
            d,
            m,
            "role",
            &["exchange_server", "sts", "everyone", "sts-proxy", ""],
        )
    }),
    rows("another set", |d, m| {
        word(
            d,
            m,
            "set",
            &["autodetect", "federation-sts", "Autodetect", ""],
        )
    }),
    rows("another kind", |d, m| {
        word(d, m, "kind", &["ipv4", "ipv6", "fqdn", "any", ""])
    }),
    rows("another priority", |d, m| number(d, m, "priority")),
    rows("another group", |d, m| number(d, m, "group")),
    rows("another slot", |d, m| {
        let index = pick(d, m, |row| row.field("slots").is_some())?;
        let slots = m.rows[index].list_mut("slots")?;
        let slot = d.below(slots.len());
        let others = ["7", "0", "-1", "1.5", "\"1\"", "1 + 1"];
        slots[slot] = (*d.pick(&others)?).to_string();
        Some(vec![m.rows[index].key.clone()])
    }),
    rows("slots that are too many or too few", |d, m| {
        let index = pick(d, m, |row| row.field("slots").is_some())?;
        let slots = m.rows[index].list_mut("slots")?;
        if d.flip() {
            slots.pop();
        } else {
            slots.push("1".to_owned());
        }
        Some(vec![m.rows[index].key.clone()])
    }),
    rows("another description", |d, m| {
        let others = [
            "\"\"",
            "\"Denies all, honestly\"",
            "\"é\"",
            "\"a \\\"b\\\" $${c} %%{d}\"",
        ];
        let index = d.below(m.rows.len());
        m.rows[index].set("description", *d.pick(&others)?);
        Some(vec![m.rows[index].key.clone()])
    }),
    rows("a field of another target", |d, m| {
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        let (name, spelt) = *d.pick(&[
            ("access", "\"Allow\""),
            ("source_port_range", "\"*\""),
            ("enabled", "false"),
            ("Networks", "[\"0.0.0.0/0\"]"),
            ("port", "\"22\""),
        ])?;
        row.fields.insert(
            d.below(row.fields.len()),
            Field {
                name: name.to_owned(),
                value: Value::Plain(spelt.to_owned()),
            },
        );
        Some(vec![row.key.clone()])
    }),
    rows("a field misspelt", |d, m| {
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        let field = d.below(row.fields.len());
        row.fields[field].name.pop();
        Some(vec![row.key.clone()])
    }),
    rows("a field dropped", |d, m| {
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        let field = d.below(row.fields.len());
        row.fields.remove(field);
        Some(vec![row.key.clone()])
    }),
    rows("a field stated twice", |d, m| {
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        let field = row.fields[d.below(row.fields.len())].clone();
        row.fields.insert(d.below(row.fields.len() + 1), field);
        Some(vec![row.key.clone()])
    }),
    rows("a field's value taken by another", |d, m| {
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        let (a, b) = (d.below(row.fields.len()), d.below(row.fields.len()));
        let other = row.fields[b].value.clone();
        row.fields[a].value = other;
        Some(vec![row.key.clone()])
    }),
    rows("fields in another order", |d, m| {
        let index = d.below(m.rows.len());
        d.shuffle(&mut m.rows[index].fields);
        Some(vec![m.rows[index].key.clone()])
    }),
];

const fn rows(name: &'static str, make: fn(&mut Dice, &mut MainTf) -> Option<Vec<String>>) -> Kind {
    Kind {
        name,
        make: Make::Rows(make),
    }
}

fn pick(dice: &mut Dice, main: &MainTf, fits: impl Fn(&Row) -> bool) -> Option<usize> {
    let indexes: Vec<usize> = (0..main.rows.len())
        .filter(|index| fits(&main.rows[*index]))
        .collect();
    dice.pick(&indexes).copied()
}

fn ports(
    dice: &mut Dice,
    main: &mut MainTf,
    change: impl Fn(&mut Dice, &mut Vec<String>) -> Option<()>,
) -> Option<Vec<String>> {
    let index = dice.below(main.rows.len());
    let row = &mut main.rows[index];
    change(dice, row.list_mut("ports")?)?;
    Some(vec![row.key.clone()])
}

fn word(dice: &mut Dice, main: &mut MainTf, name: &str, others: &[&str]) -> Option<Vec<String>> {
    let index = dice.below(main.rows.len());
    let row = &mut main.rows[index];
    row.set(name, quoted(dice.pick(others)?));
    Some(vec![row.key.clone()])
}

fn number(dice: &mut Dice, main: &mut MainTf, name: &str) -> Option<Vec<String>> {
    let index = pick(dice, main, |row| row.field(name).is_some())?;
    let row = &mut main.rows[index];
    let spelt = row.field(name)?.value.plain()?;
    let number: u32 = spelt.parse().ok()?;
    let other = match dice.below(4) {
        0 => (number + 1).to_string(),
        1 => (number + 10).to_string(),
        2 => format!("{number}.5"),
        _ => format!("-{number}"),
    };
    row.set(name, other);
    Some(vec![row.key.clone()])
}
