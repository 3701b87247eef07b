//! The same rows, written otherwise.

use super::dice::Dice;
use super::kind::{Kind, Make, Meaning, Written};
use super::main_tf::{Field, MainTf, Row, Value, unquoted};

pub const KINDS: &[Kind] = &[
    same("blank lines", |d, m| {
        each_line(d, m, |dice, line| {
            if dice.flip() {
                format!("{line}\n\n")
            } else {
                line
            }
        })
    }),
    same("tabs", |d, m| {
        each_line(d, m, |_, line| line.replace("  ", "\t"))
    }),
    same("no indentation", |d, m| {
        each_line(d, m, |_, line| line.trim().to_owned())
    }),
    same("blanks at the end of lines", |d, m| {
        each_line(d, m, |_, line| line + " \t ")
    }),
    same("lines that end as on Windows", |d, m| {
        each_line(d, m, |_, line| line + "\r")
    }),
    same("a byte order mark", |_, m| {
        written(format!("\u{feff}{}", m.render().text))
    }),
    same("no end of the last line", |_, m| {
        written(m.render().text.trim_end().to_owned())
    }),
    same("no first comment", |_, m| {
        let text = m.render().text;
        written(text.split_once('\n')?.1.to_owned())
    }),
    same("comments behind lines", |d, m| {
        each_line(d, m, |dice, line| match dice.below(4) {
            0 => format!("{line} # networks = [\"0.0.0.0/0\"]"),
            1 => format!("{line} // }}"),
            2 => format!("{line} /* \" */"),
            _ => line,
        })
    }),
    same("comments between lines", |d, m| {
        each_line(d, m, |dice, line| match dice.below(4) {
            0 => format!("# }}\n{line}"),
            1 => format!("/* a\n \"b\" = {{\n ** / */\n{line}"),
            2 => format!("//\n{line}"),
            _ => line,
        })
    }),
    same("comments before values", |d, m| {
        each_line(d, m, |dice, line| {
            if dice.flip() {
                line.replacen(" = ", " /* = */ = /* ${x} */ ", 1)
            } else {
                line
            }
        })
    }),
    same("arguments in another order", |d, m| {
        let mut m = m.clone();
        let is_argument = |line: &String| {
            line.starts_with("  ") && line.contains(" = ") && !line.ends_with(['{', '['])
        };
        let mut arguments: Vec<String> = m
            .head
            .iter()
            .filter(|line| is_argument(line))
            .cloned()
            .collect();
        d.shuffle(&mut arguments);
        let mut arguments = arguments.into_iter();
        for line in m.head.iter_mut().filter(|line| is_argument(line)) {
            *line = arguments.next()?;
        }
        written(m.render().text)
    }),
    same("arguments behind the rows", |_, m| {
        let mut m = m.clone();
        let at = m
            .head
            .iter()
            .position(|line| line.starts_with("  source"))?;
        let line = m.head.remove(at);
        m.tail.insert(1, line);
        written(m.render().text)
    }),
    same("rows in another form", |d, m| {
        let rows: Vec<String> = m.rows.iter().map(|row| loose(d, row)).collect();
        let (head, tail) = (m.head.join("\n"), m.tail.join("\n"));
        written(format!("{head}\n{}\n{tail}\n", rows.join("\n")))
    }),
    same("all rows on one line", |d, m| {
        let rows: Vec<String> = m.rows.iter().map(|row| one_line(d, row)).collect();
        let (head, tail) = (m.head.join("\n"), m.tail.join("\n"));
        let comma = if d.flip() { "," } else { "" };
        let tail = tail.trim_start();
        written(format!("{head}{}{comma} {tail}\n", rows.join(", ")))
    }),
    same("letters escaped", |d, m| {
        let mut m = m.clone();
        for row in &mut m.rows {
            for field in &mut row.fields {
                match &mut field.value {
                    Value::Plain(spelt) => *spelt = escaped(d, spelt),
                    Value::List(items) | Value::Lines(items) => {
                        for item in items {
                            *item = escaped(d, item);
                        }
                    }
                }
            }
            let key = escaped(d, &format!("\"{}\"", row.key));
            row.key = unquoted(&key)?.to_string();
        }
        written(m.render().text)
    }),
    same("a remote of null", |d, m| {
        let mut m = m.clone();
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        let name = if row.field("range").is_none() {
            "range"
        } else {
            "networks"
        };
        row.fields.push(Field {
            name: name.to_owned(),
            value: Value::Plain("null".to_owned()),
        });
        written(m.render().text)
    }),
    same("a number with noughts before it", |d, m| {
        let mut m = m.clone();
        let index = d.below(m.rows.len());
        let row = &mut m.rows[index];
        let name = ["priority", "group"]
            .into_iter()
            .find(|name| row.field(name).is_some())?;
        let number = row.field(name)?.value.plain()?.to_owned();
        row.set(name, format!("0{number}"));
        written(m.render().text)
    }),
];

const fn same(name: &'static str, make: fn(&mut Dice, &MainTf) -> Option<Written>) -> Kind {
    Kind {
        name,
        make: Make::Text(Meaning::Same, make),
    }
}

#[allow(clippy::unnecessary_wraps)] // as all that make something
fn written(text: String) -> Option<Written> {
    Some(Written::of(text))
}

fn each_line(
    dice: &mut Dice,
    main: &MainTf,
    change: impl Fn(&mut Dice, String) -> String,
) -> Option<Written> {
    let text = main.render().text;
    let lines: Vec<String> = text
        .lines()
        .map(|line| change(dice, line.to_owned()))
        .collect();
    written(lines.join("\n") + "\n")
}

/// Some of the letters and digits of a string as `\u0031`.
fn escaped(dice: &mut Dice, spelt: &str) -> String {
    let Some(inner) = unquoted(spelt).filter(|inner| !inner.contains('\\')) else {
        return spelt.to_owned();
    };
    let letters = inner.chars().map(|c| match dice.below(6) {
        0 => format!("\\u{:04x}", u32::from(c)),
        1 => format!("\\U{:08X}", u32::from(c)),
        _ => c.to_string(),
    });
    format!("\"{}\"", letters.collect::<String>())
}

fn sign(dice: &mut Dice) -> &'static str {
    ["=", " = ", ":", " : ", "\t=\t", "= "][dice.below(6)]
}

fn name(dice: &mut Dice, name: &str) -> String {
    if dice.flip() {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}

fn value(dice: &mut Dice, value: &Value) -> String {
    match value {
        Value::Plain(spelt) => spelt.clone(),
        Value::List(items) | Value::Lines(items) => {
            let separators = [",", ", ", " ,\n\n", ",\t# x\n", "/**/,/* , */"];
            let separator = separators[dice.below(separators.len())];
            let end = ["", ",", "\n", ",\n", " // ]\n"][dice.below(5)];
            format!("[{}{end}]", items.join(separator))
        }
    }
}

/// Fields apart by commas, by ends of lines, or by both.
fn loose(dice: &mut Dice, row: &Row) -> String {
    let mut text = format!("\"{}\"{}{{", row.key, sign(dice));
    for field in &row.fields {
        text.push_str(["", "\n", " ", "/* { */", "# {\n"][dice.below(5)]);
        text.push_str(&name(dice, &field.name));
        text.push_str(sign(dice));
        text.push_str(&value(dice, &field.value));
        text.push_str([",", "\n", ",\n", " , # x\n", "// x\n"][dice.below(5)]);
    }
    text + "}" + ["", ","][dice.below(2)]
}

fn one_line(dice: &mut Dice, row: &Row) -> String {
    let fields: Vec<String> = row
        .fields
        .iter()
        .map(|field| {
            let spelt = match &field.value {
                Value::Plain(spelt) => spelt.clone(),
                Value::List(items) | Value::Lines(items) => format!("[{}]", items.join(",")),
            };
            format!("{}{}{spelt}", name(dice, &field.name), sign(dice))
        })
        .collect();
    format!("\"{}\"{}{{{}}}", row.key, sign(dice), fields.join(","))
}
