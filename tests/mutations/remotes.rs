//! What rows have in place of networks: host names, ranges, service tags, anywhere.

use super::dice::Dice;
use super::kind::{Kind, Make};
use super::main_tf::{Field, MainTf, Row, Value, quoted, unquoted};

pub const KINDS: &[Kind] = &[
    rows("a host name widened to a wildcard", |d, m| {
        host(d, m, |dice, host| {
            let (_, parent) = host.split_once('.')?;
            let forms = [
                format!("*.{host}"),
                format!("*.{parent}"),
                format!("*{host}"),
            ];
            let fits = |form: &&String| *form != host;
            dice.pick(&forms.iter().filter(fits).collect::<Vec<_>>())
                .map(ToString::to_string)
        })
    }),
    rows("a label of a host name dropped", |d, m| {
        host(d, m, |_, host| {
            host.split_once('.').map(|(_, rest)| rest.to_owned())
        })
    }),
    rows("a host name changed", |d, m| {
        host(d, m, |dice, host| {
            let letters: Vec<usize> = host
                .char_indices()
                .filter(|(_, c)| c.is_ascii_lowercase())
                .map(|(index, _)| index)
                .collect();
            let index = *dice.pick(&letters)?;
            let other = if &host[index..=index] == "x" {
                "y"
            } else {
                "x"
            };
            Some(format!("{}{other}{}", &host[..index], &host[index + 1..]))
        })
    }),
    rows("a host name spelt loosely", |d, m| {
        host(d, m, |dice, host| {
            Some(match dice.below(5) {
                0 => format!("{host}."),
                1 => host.to_uppercase(),
                2 => format!("https://{host}"),
                3 => format!(" {host}"),
                _ => format!("{host}:443"),
            })
        })
    }),
    rows("a host name dropped", |d, m| {
        hosts(d, m, |dice, hosts| {
            let index = dice.below(hosts.len());
            (hosts.len() > 1).then(|| hosts.remove(index)).map(drop)
        })
    }),
    rows("a host name added", |d, m| {
        hosts(d, m, |dice, hosts| {
            let added = ["*", "elsewhere.example.com", "*.com", "198.51.100.7"];
            hosts.push(quoted(dice.pick(&added)?));
            Some(())
        })
    }),
    rows("all host names dropped", |d, m| {
        hosts(d, m, |_, hosts| {
            hosts.clear();
            Some(())
        })
    }),
    rows("a host name stated twice", |d, m| {
        hosts(d, m, |dice, hosts| {
            hosts.push(dice.pick(hosts)?.clone());
            Some(())
        })
    }),
    rows("host names in another order", |d, m| {
        hosts(d, m, |dice, hosts| {
            dice.shuffle(hosts);
            Some(())
        })
    }),
    rows("another range", |d, m| {
        field(d, m, "range", |dice, field| {
            let others = ["exchange_online", "elsewhere", "", "Federation_Clients"];
            field.value = Value::Plain(quoted(dice.pick(&others)?));
            Some(())
        })
    }),
    rows("another service tag", |d, m| {
        field(d, m, "service_tag", |dice, field| {
            let others = [
                "Internet",
                "Storage",
                "*",
                "AzureActiveDirectory.WestEurope",
                "azureactivedirectory",
            ];
            field.value = Value::Plain(quoted(dice.pick(&others)?));
            Some(())
        })
    }),
    rows("another kind beside a service tag", |d, m| {
        let index = pick(d, m, |row| row.field("service_tag").is_some())?;
        m.rows[index].set("kind", quoted(d.pick(&["ipv6", "fqdn"])?));
        Some(vec![m.rows[index].key.clone()])
    }),
    rows("anywhere that isn't so", |d, m| {
        field(d, m, "anywhere", |dice, field| {
            let others = ["false", "\"true\"", "1", "null", "[true]"];
            field.value = Value::Plain((*dice.pick(&others)?).to_owned());
            Some(())
        })
    }),
    rows("anywhere in place of another remote", |d, m| {
        remote(d, m, |_, field| {
            let is_other = field.name != "anywhere";
            field.name = "anywhere".to_string();
            field.value = Value::Plain("true".to_owned());
            is_other.then_some(())
        })
    }),
    rows("a service tag in place of another remote", |d, m| {
        remote(d, m, |_, field| {
            field.name = "service_tag".to_string();
            field.value = Value::Plain(quoted("Storage"));
            Some(())
        })
    }),
    rows("a range in place of another remote", |d, m| {
        remote(d, m, |_, field| {
            let is_other = field.name != "range";
            field.name = "range".to_string();
            field.value = Value::Plain(quoted("federation_clients"));
            is_other.then_some(())
        })
    }),
    rows("no remote", |d, m| {
        let index = d.below(m.rows.len());
        m.rows[index].fields.retain(|field| !is_remote(&field.name));
        Some(vec![m.rows[index].key.clone()])
    }),
    rows("a second remote", |d, m| {
        let index = d.below(m.rows.len());
        let (name, spelt) = *d.pick(&[
            ("anywhere", "true"),
            ("range", "\"federation_clients\""),
            ("service_tag", "\"Storage\""),
            ("networks", "[\"192.0.2.0/24\"]"),
            ("hosts", "[\"example.com\"]"),
        ])?;
        m.rows[index].fields.push(Field {
            name: name.to_owned(),
            value: Value::Plain(spelt.to_owned()),
        });
        Some(vec![m.rows[index].key.clone()])
    }),
];

const fn rows(name: &'static str, make: fn(&mut Dice, &mut MainTf) -> Option<Vec<String>>) -> Kind {
    Kind {
        name,
        make: Make::Rows(make),
    }
}

fn is_remote(name: &str) -> bool {
    ["networks", "hosts", "range", "service_tag", "anywhere"].contains(&name)
}

fn pick(dice: &mut Dice, main: &MainTf, fits: impl Fn(&Row) -> bool) -> Option<usize> {
    let indexes: Vec<usize> = (0..main.rows.len())
        .filter(|index| fits(&main.rows[*index]))
        .collect();
    dice.pick(&indexes).copied()
}

fn field(
    dice: &mut Dice,
    main: &mut MainTf,
    name: &str,
    change: impl Fn(&mut Dice, &mut Field) -> Option<()>,
) -> Option<Vec<String>> {
    let index = pick(dice, main, |row| row.field(name).is_some())?;
    let row = &mut main.rows[index];
    let field = row.field_mut(name)?;
    let before = field.value.clone();
    change(dice, field)?;
    (field.value != before).then(|| vec![row.key.clone()])
}

fn remote(
    dice: &mut Dice,
    main: &mut MainTf,
    change: impl Fn(&mut Dice, &mut Field) -> Option<()>,
) -> Option<Vec<String>> {
    let row = dice.below(main.rows.len());
    let row = &mut main.rows[row];
    let field = row.fields.iter_mut().find(|field| is_remote(&field.name))?;
    change(dice, field)?;
    Some(vec![row.key.clone()])
}

fn hosts(
    dice: &mut Dice,
    main: &mut MainTf,
    change: impl Fn(&mut Dice, &mut Vec<String>) -> Option<()>,
) -> Option<Vec<String>> {
    let index = pick(dice, main, |row| row.field("hosts").is_some())?;
    let row = &mut main.rows[index];
    change(dice, row.list_mut("hosts")?)?;
    Some(vec![row.key.clone()])
}

fn host(
    dice: &mut Dice,
    main: &mut MainTf,
    change: impl Fn(&mut Dice, &str) -> Option<String>,
) -> Option<Vec<String>> {
    hosts(dice, main, |dice, hosts| {
        let index = dice.below(hosts.len());
        hosts[index] = quoted(&change(dice, unquoted(&hosts[index])?)?);
        Some(())
    })
}
