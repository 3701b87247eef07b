//! The call of a module around the rows.

use super::dice::Dice;
use super::kind::{Kind, Make, Meaning, Written};
use super::main_tf::MainTf;

pub const KINDS: &[Kind] = &[
    kind("another source", |d, m| {
        argument(
            d,
            m,
            |name| name == "source",
            |dice, line| {
                let (start, source) = line.split_once(" = ")?;
                let inner = source.trim_matches('"');
                let others = [
                    format!("\"./{inner}\""),
                    format!("\"{inner}/\""),
                    format!("\"{inner}-2\""),
                    "\"../../../modules/generic\"".to_owned(),
                    "\"git::https://example.com/x.git\"".to_owned(),
                    "var.source".to_owned(),
                    format!("\"${{path.module}}/{inner}\""),
                ];
                Some(vec![format!("{start} = {}", dice.pick(&others)?)])
            },
        )
    }),
    kind("another cloud or traffic", |d, m| {
        argument(
            d,
            m,
            |name| name == "cloud" || name == "traffic",
            |dice, line| {
                let (start, before) = line.split_once(" = ")?;
                let others = [
                    "\"china\"",
                    "\"worldwide\"",
                    "\"user\"",
                    "\"Worldwide\"",
                    "null",
                    "var.cloud",
                ];
                let other = *dice.pick(&others)?;
                (other != before).then(|| vec![format!("{start} = {other}")])
            },
        )
    }),
    kind("an argument dropped", |d, m| {
        argument(d, m, |_| true, |_, _| Some(Vec::new()))
    }),
    kind("an argument doubled", |d, m| {
        argument(
            d,
            m,
            |_| true,
            |_, line| Some(vec![line.to_owned(), line.to_owned()]),
        )
    }),
    kind("an argument commented out", |d, m| {
        argument(d, m, |_| true, |_, line| Some(vec![format!("# {line}")]))
    }),
    kind("an argument misspelt", |d, m| {
        argument(
            d,
            m,
            |_| true,
            |_, line| {
                Some(vec![
                    line.replacen(" = ", "s = ", 1).replacen("s s", "ss", 1),
                ])
            },
        )
    }),
    kind("another value of an argument", |d, m| {
        argument(
            d,
            m,
            |name| !["source", "cloud", "traffic"].contains(&name),
            |dice, line| {
                let (start, spelt) = line.split_once(" = ")?;
                let others = [
                    "null".to_owned(),
                    "{}".to_owned(),
                    "[]".to_owned(),
                    "var.other".to_owned(),
                    format!("({spelt})"),
                    format!("{spelt}[\"x\"]"),
                    format!("merge({spelt}, {{}})"),
                    format!("{spelt}.x"),
                    "{ entra_connect_servers = [\"0.0.0.0/0\"] }".to_owned(),
                    "[\"federation_clients\"]".to_owned(),
                    "true".to_owned(),
                    "\"0.0.0.0/0\"".to_owned(),
                ];
                Some(vec![format!("{start} = {}", dice.pick(&others)?)])
            },
        )
    }),
    kind("an argument added", |d, m| {
        let others = [
            "  count = 0",
            "  count = 2",
            "  for_each = toset([\"a\", \"b\"])",
            "  providers = { azurerm = azurerm.other }",
            "  depends_on = [terraform_data.x]",
            "  version = \"1.0\"",
            "  rules_per_groups = 1000",
            "  emptied_groups = { sts = [9] }",
            "  extra = true",
            "  lifecycle {\n  }",
            "  providers {\n  }",
            "  \"source\" = \"x\"",
            "  dynamic \"rules\" {\n  }",
        ];
        insert(d, m, d_line(&others))
    }),
    kind("a second map of rows", |d, m| {
        insert(d, m, |_| Some("  rules = {}".to_owned()))
    }),
    kind("another block", |d, m| {
        let others = [
            "module \"more\" {\n  source = \"../../../modules/azure-nsg\"\n  rules = {}\n}",
            "module \"rules\" {\n  source = \"./x\"\n}",
            "resource \"azurerm_network_security_rule\" \"all\" {\n  access = \"Allow\"\n}",
            "locals {\n  x = 1\n}",
            "data \"http\" \"x\" {\n}",
            "import {\n}",
            "removed {\n}",
            "moved {\n}",
            "check \"x\" {\n}",
            "output \"x\" {\n  value = 1\n}",
            "terraform {\n}",
            "variable \"x\" {\n}",
            "provider \"aws\" {\n}",
            "x = 1",
            "ephemeral \"x\" \"y\" {\n}",
        ];
        let other = *d.pick(&others)?;
        let text = m.render().text;
        Some(Written::of(if d.flip() {
            format!("{text}\n{other}\n")
        } else {
            format!("{other}\n{text}")
        }))
    }),
    kind("another label or type of the block", |d, m| {
        let others = [
            "module \"rule\" {",
            "module \"rules\" \"x\" {",
            "module {",
            "resource \"rules\" {",
            "Module \"rules\" {",
            "module \"ru${\"\"}les\" {",
        ];
        let other = *d.pick(&others)?;
        let text = m.render().text.replacen("module \"rules\" {", other, 1);
        Some(Written::of(text))
    }),
    kind("rows that are no map", |d, m| {
        let mut m = m.clone();
        *m.head.last_mut()? = "  rules = [{".to_string();
        *m.tail.first_mut()? = "  }]".to_string();
        let text = m.render().text;
        Some(Written::of(if d.flip() {
            text.replace("rules = [{", "rules = jsonencode({")
                .replace("}]", "})")
        } else {
            text
        }))
    }),
    kind("the file cut off", |d, m| {
        let text = m.render().text;
        let end = d.below(text.trim_end().len() - 1) + 1;
        let end = (0..=end).rev().find(|end| text.is_char_boundary(*end))?;
        Some(Written::of(text[..end].to_owned()))
    }),
    kind("a mark of a merge that was never ended", |d, m| {
        let text = m.render().text;
        let mut lines: Vec<&str> = text.lines().collect();
        let at = d.below(lines.len());
        lines.insert(at, ["<<<<<<< HEAD", "=======", ">>>>>>> main"][d.below(3)]);
        Some(Written::of(lines.join("\n")))
    }),
];

const fn kind(name: &'static str, make: fn(&mut Dice, &MainTf) -> Option<Written>) -> Kind {
    Kind {
        name,
        make: Make::Text(Meaning::Other, make),
    }
}

/// Changes the line of one of the arguments whose name fits.
fn argument(
    dice: &mut Dice,
    main: &MainTf,
    fits: impl Fn(&str) -> bool,
    change: impl Fn(&mut Dice, &str) -> Option<Vec<String>>,
) -> Option<Written> {
    let is_meant = |line: &String| {
        let name = line
            .strip_prefix("  ")
            .and_then(|line| line.split_once(" = "));
        name.is_some_and(|(name, value)| {
            fits(name.trim()) && !name.starts_with(' ') && value != "{"
        })
    };
    let lines: Vec<usize> = (0..main.head.len())
        .filter(|index| is_meant(&main.head[*index]))
        .collect();
    let index = *dice.pick(&lines)?;
    let changed = change(dice, &main.head[index])?;
    let mut main = main.clone();
    main.head.splice(index..=index, changed);
    Some(Written::of(main.render().text))
}

fn insert(
    dice: &mut Dice,
    main: &MainTf,
    line: impl Fn(&mut Dice) -> Option<String>,
) -> Option<Written> {
    let mut main = main.clone();
    let at = main
        .head
        .iter()
        .position(|line| line.starts_with("module "))?;
    main.head.insert(at + 1, line(dice)?);
    Some(Written::of(main.render().text))
}

fn d_line<'a>(others: &'a [&'a str]) -> impl Fn(&mut Dice) -> Option<String> + 'a {
    |dice| dice.pick(others).map(ToString::to_string)
}
