//! What Terraform would have to evaluate, where a literal belongs; and what comments take out.

use super::dice::Dice;
use super::kind::{Kind, Make, Meaning, Written};
use super::main_tf::{MainTf, permit};

pub const KINDS: &[Kind] = &[
    untold("an expression in place of a string", |d, m| {
        line(
            d,
            m,
            |line| line.contains(" = \""),
            |dice, line| {
                let (name, spelt) = line.split_once(" = ")?;
                Some(vec![format!("{name} = {}", evaluated(dice, spelt)?)])
            },
        )
    }),
    untold("an expression in place of a number", |d, m| {
        line(d, m, ends_in_digit, |dice, line| {
            let (name, spelt) = line.split_once(" = ")?;
            let forms = [
                format!("{spelt} + 0"),
                format!("-(-{spelt})"),
                format!("({spelt})"),
                format!("tonumber({spelt})"),
                format!("true ? {spelt} : 0"),
                format!("{spelt}.0"),
                format!("{spelt}e0"),
                "var.priority".to_owned(),
            ];
            Some(vec![format!("{name} = {}", dice.pick(&forms)?)])
        })
    }),
    untold("an expression in place of an item", |d, m| {
        line(d, m, is_item, |dice, line| {
            let spelt = line.trim().trim_end_matches(',');
            Some(vec![format!("        {},", evaluated(dice, spelt)?)])
        })
    }),
    untold("an expression in place of a list", |d, m| {
        line(
            d,
            m,
            |line| line.contains("ports ") && line.contains('['),
            |dice, line| {
                let (name, spelt) = line.split_once(" = ")?;
                let forms = [
                    format!("[for port in {spelt} : port]"),
                    format!("concat({spelt}, [])"),
                    format!("{spelt}[*]"),
                    format!("tolist({spelt})"),
                    format!("({spelt})"),
                    format!("[{spelt}[0]]"),
                    "local.ports".to_owned(),
                    "var.ports".to_owned(),
                    "null".to_owned(),
                    "[for p in range(443, 444) : tostring(p)]".to_owned(),
                ];
                Some(vec![format!("{name} = {}", dice.pick(&forms)?)])
            },
        )
    }),
    untold("an expression in place of a row's key", |d, m| {
        line(d, m, is_key, |dice, line| {
            let spelt = line.trim().strip_suffix(" = {")?;
            let inner = spelt.trim_matches('"');
            let forms = [
                format!("    ({spelt}) = {{"),
                format!("    \"${{{spelt}}}\" = {{"),
                "    (var.key) = {".to_owned(),
                format!("    \"{inner}%{{ if false }}%{{ endif }}\" = {{"),
                format!("    {inner} = {{"),
            ];
            Some(vec![dice.pick(&forms)?.clone()])
        })
    }),
    untold("an expression in place of a row", |d, m| {
        line(d, m, is_key, |dice, line| {
            let key = line.trim().strip_suffix(" = {")?;
            let forms = [
                "merge({}, {",
                "{ for k, v in {",
                "var.rows[0]",
                "({",
                "x({",
                "<<EOT",
            ];
            Some(vec![format!("    {key} = {}", dice.pick(&forms)?)])
        })
    }),
    untold("an expression in place of the rows", |d, m| {
        let mut lines: Vec<String> = m.render().text.lines().map(str::to_owned).collect();
        let at = m.head.len() - 1;
        lines[at] = (*d.pick(&[
            "  rules = merge({",
            "  rules = { for k, v in {",
            "  rules = ({",
            "  rules = local.x {",
        ])?)
        .to_string();
        Some(Written::of(lines.join(
            "
",
        )))
    }),
    other("a field commented out", |d, m| {
        line(
            d,
            m,
            |line| {
                line.starts_with("      ")
                    && line.contains(" = ")
                    && !line.ends_with('[')
                    && !line.contains("description")
            },
            |dice, line| Some(vec![commented(dice, line)?]),
        )
    }),
    other("an item commented out", |d, m| {
        line(d, m, is_item, |dice, line| {
            Some(vec![commented(dice, line)?])
        })
    }),
    other("a row commented out", |d, m| {
        let rendered = m.render();
        let (key, span) = d.pick(&rendered.spans)?.clone();
        let mut lines: Vec<String> = rendered.text.lines().map(str::to_owned).collect();
        match d.below(3) {
            0 => {
                lines[*span.start() - 1].insert_str(0, "/* ");
                lines[*span.end() - 1].push_str(" */");
            }
            form => {
                for index in span.clone() {
                    lines[index - 1].insert_str(0, ["#", "//"][form - 1]);
                }
            }
        }
        Some(Written {
            keys: vec![key],
            ..Written::of(lines.join("\n"))
        })
    }),
    other("a row between two beginnings of a comment", |d, m| {
        let rendered = m.render();
        let (key, span) = d.pick(&rendered.spans)?.clone();
        let mut lines: Vec<String> = rendered.text.lines().map(str::to_owned).collect();
        lines[*span.start() - 1].insert_str(0, "/*/ ");
        lines[*span.end() - 1].push_str(" /*/");
        Some(Written {
            keys: vec![key],
            ..Written::of(lines.join("\n"))
        })
    }),
    other("an item that only seems commented out", |d, m| {
        line(d, m, is_item, |dice, line| {
            let added = [
                "\"198.51.100.0/24\"",
                "\"2001:db8::/32\"",
                "\"x.example.com\"",
            ];
            let added = dice.pick(&added)?;
            Some(vec![line.to_owned(), format!("/*/ # */ {added},")])
        })
    }),
    other("a comment that is never closed", |d, m| {
        line(
            d,
            m,
            |line| line.contains(" = "),
            |_, line| Some(vec![format!("/* {line}")]),
        )
    }),
    other("a sign out of place", |d, m| {
        line(
            d,
            m,
            |line| line.contains(" = ") || is_item(line),
            |dice, line| {
                let signs = [
                    "\"", "{", "}", "[", "]", "=", "\\", "$", "\u{200b}", "\u{202e}", "\0",
                    "\u{a0}", "<<EOT", "`", "'", "!", ";",
                ];
                let sign = dice.pick(&signs)?;
                let start = line.len() - line.trim_start().len();
                Some(vec![format!("{}{sign}{}", &line[..start], &line[start..])])
            },
        )
    }),
];

const fn untold(name: &'static str, make: fn(&mut Dice, &MainTf) -> Option<Written>) -> Kind {
    Kind {
        name,
        make: Make::Text(Meaning::Untold, make),
    }
}

const fn other(name: &'static str, make: fn(&mut Dice, &MainTf) -> Option<Written>) -> Kind {
    Kind {
        name,
        make: Make::Text(Meaning::Other, make),
    }
}

/// Puts other lines in place of one of those that fit, among the rows.
fn line(
    dice: &mut Dice,
    main: &MainTf,
    fits: impl Fn(&str) -> bool,
    change: impl Fn(&mut Dice, &str) -> Option<Vec<String>>,
) -> Option<Written> {
    let rendered = main.render();
    let mut lines: Vec<String> = rendered.text.lines().map(str::to_owned).collect();
    let (first, last) = (main.head.len(), lines.len() - main.tail.len());
    let indexes: Vec<usize> = (first..last).filter(|index| fits(&lines[*index])).collect();
    let index = *dice.pick(&indexes)?;
    let line = lines[index].clone();
    let changed = change(dice, &line)?;
    lines.splice(index..=index, changed);
    let mut spans = rendered.spans.iter();
    let (key, _) = spans.find(|(_, span)| span.contains(&(index + 1)))?;
    // Rows of one permit stand in for each other.
    let spans = rendered.spans.iter();
    let touched = spans.filter(|(other, _)| permit(other) == permit(key));
    Some(Written {
        lines: touched.map(|(_, span)| span.clone()).collect(),
        ..Written::of(lines.join("\n") + "\n")
    })
}

fn is_item(line: &str) -> bool {
    line.starts_with("        \"")
}

fn is_key(line: &str) -> bool {
    line.starts_with("    \"")
}

fn ends_in_digit(line: &str) -> bool {
    line.contains(" = ") && line.ends_with(|c: char| c.is_ascii_digit())
}

/// Something that comes to the string `spelt`, or may.
fn evaluated(dice: &mut Dice, spelt: &str) -> Option<String> {
    let inner = spelt.trim_matches('"');
    let forms = [
        format!("lower({spelt})"),
        format!("({spelt})"),
        format!("true ? {spelt} : \"\""),
        format!("[{spelt}][0]"),
        format!("[{spelt}]..."),
        format!("\"${{{spelt}}}\""),
        format!("\"{inner}%{{ if false }}x%{{ endif }}\""),
        format!("\"{inner}${{\"\"}}\""),
        format!("<<EOT\n{inner}\nEOT"),
        format!("trimspace(<<-EOT\n  {inner}\n  EOT\n)"),
        format!("{{ x = {spelt} }}.x"),
        "local.x".to_owned(),
        "var.x".to_owned(),
        "each.value".to_owned(),
        "data.http.x.response_body".to_owned(),
        format!("provider::x::f({spelt})"),
        format!("{spelt} == \"\" ? \"\" : {spelt}"),
        inner.to_owned(),
        format!("'{inner}'"),
    ];
    dice.pick(&forms).cloned()
}

fn commented(dice: &mut Dice, line: &str) -> Option<String> {
    let forms = [
        format!("# {line}"),
        format!("// {line}"),
        format!("/* {line} */"),
    ];
    dice.pick(&forms).cloned()
}
