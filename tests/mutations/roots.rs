//! `root/*/calls.tf`, which calls the folders of a target.

use super::base::Base;
use super::dice::Dice;
use super::kind::{Change, Kind, Make, Meaning};

pub const KINDS: &[Kind] = &[
    kind("a call dropped", Meaning::Other, |d, text| {
        let (start, end) = block(d, text)?;
        Some(format!("{}{}", &text[..start], &text[end..]))
    }),
    kind("a call doubled", Meaning::Other, |d, text| {
        let (start, end) = block(d, text)?;
        Some(format!("{text}\n{}", &text[start..end]))
    }),
    kind(
        "a call doubled under another name",
        Meaning::Other,
        |d, text| {
            let (start, end) = block(d, text)?;
            let other = text[start..end].replacen("\" {", "_2\" {", 1);
            Some(format!("{text}\n{other}"))
        },
    ),
    kind("a line of a call changed", Meaning::Other, |d, text| {
        line(
            d,
            text,
            |line| line.contains(" = ") && !line.contains('{'),
            |dice, line| {
                let (name, spelt) = line.split_once(" = ")?;
                Some(match dice.below(6) {
                    0 => String::new(),
                    1 => format!("{line}\n{line}"),
                    2 => format!("# {line}"),
                    3 => format!("{name} = null"),
                    4 => format!("{name} = ({spelt})"),
                    _ => format!("{name}x = {spelt}"),
                })
            },
        )
    }),
    kind("another folder called", Meaning::Other, |d, text| {
        line(
            d,
            text,
            |line| line.contains("source = "),
            |dice, line| {
                let others = [
                    "../../china/user/azure-nsg\"",
                    "./x\"",
                    "../../modules/azure-nsg\"",
                    "git::https://example.com/x\"",
                ];
                Some(format!(
                    "{} = \"{}",
                    line.split_once(" = ")?.0,
                    dice.pick(&others)?
                ))
            },
        )
    }),
    kind(
        "an argument for all calls added",
        Meaning::Other,
        |d, text| {
            let (start, end) = block(d, text)?;
            let others = [
                "  count = 0",
                "  for_each = toset([\"a\"])",
                "  providers = {}",
                "  depends_on = []",
                "  extra = 1",
                "  provider {\n  }",
            ];
            let body =
                text[start..end].replacen(" {\n", &format!(" {{\n{}\n", d.pick(&others)?), 1);
            Some(format!("{}{body}{}", &text[..start], &text[end..]))
        },
    ),
    kind(
        "roles or ranges of a call changed",
        Meaning::Other,
        |d, text| {
            line(
                d,
                text,
                |line| line.contains("roles  = [") || line.contains("ranges = ["),
                |dice, line| {
                    let (name, spelt) = line.split_once(" = ")?;
                    let others = [
                        "[\"everyone\"]",
                        "[\"sts\", \"everyone\"]",
                        "null",
                        "var.roles",
                        "keys(var.roles)",
                        "{}",
                    ];
                    let added = spelt
                        .replacen('[', "[\"everyone\", ", 1)
                        .replace(", ]", "]");
                    let other = if dice.flip() {
                        (*dice.pick(&others)?).to_owned()
                    } else {
                        added
                    };
                    Some(format!("{name} = {other}"))
                },
            )
        },
    ),
    kind("a result changed", Meaning::Other, |d, text| {
        line(
            d,
            text,
            |line| line.contains(" = module."),
            |dice, line| {
                Some(match dice.below(3) {
                    0 => String::new(),
                    1 => format!("{line}_2"),
                    _ => line.replace("module.", "var."),
                })
            },
        )
    }),
    kind("a block beside the calls", Meaning::Other, |d, text| {
        let others = [
            "resource \"terraform_data\" \"x\" {\n}",
            "locals {\n  named_ranges = {}\n}",
            "module \"x\" {\n  source = \"./x\"\n}",
            "provider \"aws\" {\n}",
            "x = 1",
            "terraform {\n}",
        ];
        let other = *d.pick(&others)?;
        Some(format!("{text}\n{other}\n"))
    }),
    kind(
        "a local value beside the calls'",
        Meaning::Other,
        |_, text| Some(text.replacen("  calls = {", "  allow_any = {}\n  calls = {", 1)),
    ),
    kind("calls laid out otherwise", Meaning::Same, |d, text| {
        Some(match d.below(5) {
            0 => text.replace('\n', "\r\n"),
            1 => text.replace("  ", "\t"),
            2 => text.replace('\n', " # x\n"),
            3 => text.replace('\n', "\n\n"),
            _ => text.split_once('\n')?.1.replace(" = [", " : ["),
        })
    }),
    kind("calls in another order", Meaning::Same, |d, text| {
        let (start, end) = block(d, text)?;
        Some(format!(
            "{}\n{}{}",
            &text[start..end],
            &text[..start],
            &text[end..]
        ))
    }),
    kind(
        "roles of a call in another order",
        Meaning::Same,
        |d, text| {
            line(
                d,
                text,
                |line| line.contains("= [\""),
                |dice, line| {
                    let (name, list) = line.split_once(" = [")?;
                    let mut items: Vec<&str> = list.strip_suffix(']')?.split(", ").collect();
                    dice.shuffle(&mut items);
                    Some(format!("{name} = [{}]", items.join(", ")))
                },
            )
        },
    ),
];

/// Each kind changes the text of one `calls.tf`.
const fn kind(
    name: &'static str,
    meaning: Meaning,
    change: fn(&mut Dice, &str) -> Option<String>,
) -> Kind {
    Kind {
        name,
        make: Make::Calls(meaning, change),
    }
}

/// The `calls.tf` that `change` makes of one in `base`.
pub fn changed(
    dice: &mut Dice,
    base: &Base,
    change: fn(&mut Dice, &str) -> Option<String>,
) -> Option<Change> {
    let calls: Vec<&String> = base
        .files
        .keys()
        .filter(|path| path.ends_with("/calls.tf"))
        .collect();
    let path = *dice.pick(&calls)?;
    let before = &base.files[path];
    let after = change(dice, before)?;
    (after != *before).then(|| Change::write(path, after))
}

/// Where one of the calls begins and ends.
fn block(dice: &mut Dice, text: &str) -> Option<(usize, usize)> {
    let starts: Vec<usize> = text.match_indices("module \"").map(|(at, _)| at).collect();
    let start = *dice.pick(&starts)?;
    let end = start + text[start..].find("\n}\n")? + 3;
    Some((start, end))
}

fn line(
    dice: &mut Dice,
    text: &str,
    fits: impl Fn(&str) -> bool,
    change: impl Fn(&mut Dice, &str) -> Option<String>,
) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let indexes: Vec<usize> = (0..lines.len())
        .filter(|index| fits(&lines[*index]))
        .collect();
    let index = *dice.pick(&indexes)?;
    lines[index] = change(dice, &lines[index])?;
    Some(lines.join("\n") + "\n")
}
