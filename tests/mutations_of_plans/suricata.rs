//! The rules and sets of an AWS Network Firewall, changed in every part.

use serde_json::{Value, json};

use super::dice::Dice;
use super::mutant::{Kind, Make};
use super::resource::Resource;

const RULES: &str = "/rule_group/0/rules_source/0/rules_string";
const SETS: &str = "/rule_group/0/rule_variables/0/ip_sets";

pub const KINDS: &[Kind] = &[
    values("a Suricata rule's side", |d, r, v| {
        line(d, r, v, |dice, line| {
            let sides: Vec<&str> = line
                .split(' ')
                .filter(|word| word.starts_with('$'))
                .collect();
            let side = (*dice.pick(&sides)?).to_owned();
            let others = [
                "any",
                "$HOME_NET",
                "$EXTERNAL_NET",
                "!$ROLE_X",
                "[10.0.0.0/8]",
            ];
            Some(line.replacen(&side, dice.pick(&others)?, 1))
        })
    }),
    values("a Suricata rule's sides swapped", |d, r, v| {
        line(d, r, v, |_, line| {
            let mut words: Vec<&str> = line.split(' ').collect();
            words.swap(2, 5);
            Some(words.join(" "))
        })
    }),
    values("another set on a Suricata rule's side", |d, r, v| {
        let sets: Vec<String> = sets(v)?;
        line(d, r, v, |dice, line| {
            let own = line.split(' ').find(|word| word.starts_with("$ROW_"))?;
            let other = format!("${}", dice.pick(&sets)?);
            Some(line.replacen(own, &other, 1))
        })
    }),
    values("a Suricata rule's port", |d, r, v| {
        line(d, r, v, |dice, line| {
            let mut words: Vec<&str> = line.split(' ').collect();
            let at = if words[6] == "any" { 3 } else { 6 };
            words[at] = *dice.pick(&[
                "any",
                "22",
                "!443",
                "1:65535",
                "[443,22]",
                "443:",
                "$HTTP_PORTS",
            ])?;
            Some(words.join(" "))
        })
    }),
    values("a Suricata rule's other port", |d, r, v| {
        line(d, r, v, |_, line| {
            let mut words: Vec<&str> = line.split(' ').collect();
            let at = if words[6] == "any" { 6 } else { 3 };
            words[at] = "443";
            Some(words.join(" "))
        })
    }),
    values("a Suricata rule's flow", |d, r, v| {
        line(d, r, v, |dice, line| {
            Some(match dice.below(4) {
                0 => line.replacen("flow:to_server", "flow:to_client", 1),
                1 => line.replacen("flow:to_client", "flow:to_server", 1),
                2 => line.replacen("flow:to_server; ", "", 1),
                _ => line.replacen(",established", "", 1),
            })
        })
    }),
    values("a Suricata rule's content", |d, r, v| {
        line(d, r, v, |dice, line| {
            let (_, rest) = line.split_once("content:\"")?;
            let content = rest.split('"').next()?;
            let (_, parent) = content.trim_start_matches('.').split_once('.')?;
            let other = match dice.below(3) {
                0 => format!(".{parent}"),
                1 => "example.com".to_owned(),
                _ => format!("{content}|3b|"),
            };
            Some(line.replacen(content, &other, 1))
        })
    }),
    values("a Suricata rule's keywords of a name", |d, r, v| {
        line(d, r, v, |dice, line| {
            let keywords = [
                "endswith; ",
                "startswith; ",
                "nocase; ",
                "tls.sni; ",
                "http.host; ",
            ];
            Some(line.replacen(dice.pick(&keywords)?, "", 1))
        })
    }),
    values("a Suricata rule's bsize", |d, r, v| {
        line(d, r, v, |dice, line| {
            let (start, rest) = line.split_once("bsize:>")?;
            let (number, end) = rest.split_once("; ")?;
            let number: usize = number.parse().ok()?;
            Some(match dice.below(3) {
                0 => format!("{start}bsize:>{}; {end}", number - 1),
                1 => format!("{start}bsize:<{number}; {end}"),
                _ => format!("{start}{end}"),
            })
        })
    }),
    values("a Suricata rule's pcre", |d, r, v| {
        line(d, r, v, |dice, line| {
            let (start, rest) = line.split_once("pcre:\"/^")?;
            let (pattern, end) = rest.split_once("$/")?;
            Some(match dice.below(4) {
                0 => format!("{start}pcre:\"/{pattern}$/{end}"),
                1 => format!("{start}pcre:\"/^{pattern}/{end}"),
                2 => format!(
                    "{start}pcre:\"/^{}$/{end}",
                    pattern.replacen("[^.]+", ".*", 1)
                ),
                _ => format!("{start}pcre:\"/^{}$/{end}", pattern.replacen("\\.", ".", 1)),
            })
        })
    }),
    values("a Suricata rule's message", |d, r, v| {
        line(d, r, v, |dice, line| {
            let (start, rest) = line.split_once("msg:\"")?;
            let (key, end) = rest.split_once('"')?;
            let other = match dice.below(3) {
                0 => key.replacen(".ipv", ".x.ipv", 1),
                1 => "any.thing.ipv4".to_owned(),
                _ => String::new(),
            };
            Some(format!("{start}msg:\"{other}\"{end}"))
        })
    }),
    values("a Suricata rule's action", |d, r, v| {
        line(d, r, v, |dice, line| {
            Some(line.replacen(
                "pass",
                dice.pick(&["drop", "alert", "reject", "# pass"])?,
                1,
            ))
        })
    }),
    values("a Suricata rule's protocol", |d, r, v| {
        line(d, r, v, |dice, line| {
            let mut words: Vec<&str> = line.split(' ').collect();
            words[1] = *dice.pick(&["tcp", "udp", "ip", "icmp", "tls", "http", "quic"])?;
            Some(words.join(" "))
        })
    }),
    values("a Suricata rule both ways", |d, r, v| {
        line(d, r, v, |dice, line| {
            Some(line.replacen("->", dice.pick(&["<>", "<-", "=>"])?, 1))
        })
    }),
    values("a Suricata rule's option added", |d, r, v| {
        line(d, r, v, |dice, line| {
            let more = [
                "noalert; ",
                "bypass; ",
                "threshold:type limit; ",
                "priority:1; ",
            ];
            Some(line.replacen("msg:", &format!("{}msg:", dice.pick(&more)?), 1))
        })
    }),
    values("a Suricata rule dropped", |d, r, v| {
        lines(r, v, |lines| {
            (lines.len() > 1)
                .then(|| lines.remove(d.below(lines.len())))
                .map(drop)
        })
    }),
    values("a Suricata rule doubled", |d, r, v| {
        lines(r, v, |lines| {
            let line = d.pick(lines)?.clone();
            lines.insert(d.below(lines.len() + 1), line);
            Some(())
        })
    }),
    values("a Suricata rule's number taken by another", |d, r, v| {
        lines(r, v, |lines| {
            let (a, b) = (d.below(lines.len()), d.below(lines.len()));
            let sid = |line: &str| Some(line.split_once("sid:")?.1.to_owned());
            let (own, other) = (sid(&lines[a])?, sid(&lines[b])?);
            (a != b).then(|| lines[a] = lines[a].replace(&own, &other))
        })
    }),
    values("a Suricata rule added", |d, r, v| {
        lines(r, v, |lines| {
            let more = [
                "pass ip any any -> any any (sid:1; rev:1;)",
                "pass tcp any any -> any 22 (flow:to_server; msg:\"a.b.ipv4\"; sid:1; rev:1;)",
                "drop ip any any -> any any (msg:\"x\"; sid:1; rev:1;)",
                "include /etc/rules",
                "",
                " ",
            ];
            lines.insert(d.below(lines.len() + 1), (*d.pick(&more)?).to_owned());
            Some(())
        })
    }),
    values("Suricata rules in another order", |d, r, v| {
        lines(r, v, |lines| {
            d.shuffle(lines);
            Some(())
        })
    }),
    values("a set of addresses renamed", |d, r, v| {
        one_set(d, r, v, |_, list, index| {
            list[index]["key"] = "ROW_X".into();
            Some(())
        })
    }),
    values("a set of addresses dropped", |d, r, v| {
        one_set(d, r, v, |_, list, index| {
            list.remove(index);
            Some(())
        })
    }),
    values("a set of addresses defined twice", |d, r, v| {
        one_set(d, r, v, |_, list, index| {
            let mut copy = list[index].clone();
            copy["ip_set"][0]["definition"] = json!(["0.0.0.0/0"]);
            list.push(copy);
            Some(())
        })
    }),
    values("a set of addresses taken by another", |d, r, v| {
        one_set(d, r, v, |dice, list, index| {
            let definition = |set: &Value| set["ip_set"][0]["definition"].clone();
            let own = definition(&list[index]);
            let others: Vec<Value> = list.iter().map(definition).collect();
            let other = dice.pick(&others)?.clone();
            // What only the user knows is whatever stands there.
            if !list[index]["key"].as_str()?.starts_with("ROW_") || other == own {
                return None;
            }
            list[index]["ip_set"][0]["definition"] = other;
            Some(())
        })
    }),
    values("sets of addresses in another order", |d, r, v| {
        one_set(d, r, v, |dice, list, _| {
            dice.shuffle(list);
            Some(())
        })
    }),
];

const fn values(
    name: &'static str,
    change: fn(&mut Dice, &Resource, &mut Value) -> Option<()>,
) -> Kind {
    Kind {
        name,
        make: Make::Values(change),
    }
}

/// Changes a rule.
fn line(
    dice: &mut Dice,
    resource: &Resource,
    values: &mut Value,
    change: impl Fn(&mut Dice, &str) -> Option<String>,
) -> Option<()> {
    lines(resource, values, |lines| {
        // Whatever the first is about, some kinds need a name and others a set.
        let start = dice.below(lines.len());
        for offset in 0..lines.len() {
            let index = (start + offset) % lines.len();
            let Some(changed) = change(dice, &lines[index]) else {
                continue;
            };
            if changed != lines[index] {
                lines[index] = changed;
                return Some(());
            }
        }
        None
    })
}

fn lines(
    resource: &Resource,
    values: &mut Value,
    change: impl FnOnce(&mut Vec<String>) -> Option<()>,
) -> Option<()> {
    if resource.kind != "aws_networkfirewall_rule_group" {
        return None;
    }
    let text = values.pointer(RULES)?.as_str()?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines)?;
    *values.pointer_mut(RULES)? = (lines.join("\n") + "\n").into();
    Some(())
}

fn sets(values: &Value) -> Option<Vec<String>> {
    let list = values.pointer(SETS)?.as_array()?.iter();
    Some(
        list.filter_map(|set| Some(set["key"].as_str()?.to_owned()))
            .filter(|key| key.starts_with("ROW_"))
            .collect(),
    )
}

/// Changes the sets; the last argument is the index of one that a rule names.
fn one_set(
    dice: &mut Dice,
    resource: &Resource,
    values: &mut Value,
    change: impl Fn(&mut Dice, &mut Vec<Value>, usize) -> Option<()>,
) -> Option<()> {
    if resource.kind != "aws_networkfirewall_rule_group" {
        return None;
    }
    let rules = values.pointer(RULES)?.as_str()?.to_owned();
    let list = values.pointer_mut(SETS)?.as_array_mut()?;
    let named: Vec<usize> = (0..list.len())
        .filter(|index| {
            let key = list[*index]["key"].as_str().unwrap_or_default();
            ["]", " ", ","]
                .iter()
                .any(|end| rules.contains(&format!("${key}{end}")))
        })
        .collect();
    let index = *dice.pick(&named)?;
    change(dice, list, index)
}
