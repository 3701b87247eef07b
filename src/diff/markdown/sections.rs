//! What opens, what closes and what else differs, with the endpoints.

use std::fmt::Write;

use super::{Detail, cut};
use crate::diff::outline::{Item, Outline, amount};
use crate::diff::words::{self, impacts};
use crate::diff::{Diff, Element, SetDiff};
use crate::error::plural;
use crate::render::markdown::{cell, line};

/// Longer lists are folded, or shortened.
const LONG: usize = 10;

/// The sections that have something in them.
pub fn sections(diff: &Diff, outline: &Outline<'_>, detail: Detail) -> String {
    let mut text = String::new();
    effects(&mut text, "Opens", &outline.opens, outline, detail);
    effects(&mut text, "Closes", &outline.closes, outline, detail);
    let mut others: Vec<String> = outline
        .others
        .iter()
        .map(|item| other(item, outline, detail))
        .collect();
    others.extend(
        outline
            .facts
            .iter()
            .map(|(set, facts)| fact(set, facts, outline, detail)),
    );
    others.extend(diff.moves.iter().map(|moved| {
        format!(
            "moved from {} to {}, {}: {}\n",
            codes(&moved.from, detail),
            codes(&moved.to, detail),
            words::clouds(&moved.clouds),
            elements(&moved.elements.iter().collect::<Vec<_>>(), detail)
        )
    }));
    if !outline.rows.is_empty() {
        let rows = shortened(&outline.rows, detail, "; ");
        others.push(format!("{rows} (`OtherNonPriorityChanges`)\n"));
    }
    if !others.is_empty() {
        let count = others.len();
        let list = format!("- {}", others.join("- "));
        let title = "Other changes";
        if count > LONG {
            let _ = write!(
                text,
                "### {title}\n\n{}",
                folded(&plural(count, "change"), &list)
            );
        } else {
            let _ = write!(text, "### {title}\n\n{list}\n");
        }
    }
    text
}

/// A table of what opens or closes, and under it the lists that are too long for a cell.
fn effects(
    text: &mut String,
    title: &str,
    items: &[Item<'_>],
    outline: &Outline<'_>,
    detail: Detail,
) {
    if items.is_empty() {
        return;
    }
    let mut table = format!(
        "| Set | Row | Service | Cloud | For | {title} | Impact |\n|---|---|---|---|---|---|---|\n"
    );
    let mut lists = String::new();
    for item in items {
        let all = all(item);
        let is_long = detail == Detail::Full && all.len() > LONG;
        let what = if is_long {
            let list: Vec<String> = all.iter().map(ToString::to_string).collect();
            let what = words::family(&all);
            let summary = format!(
                "<code>{}</code>, {}, {}: {what}",
                item.set.key,
                words::service(item.change),
                words::clouds(&item.clouds)
            );
            lists.push_str(&folded(
                &summary,
                &format!("```text\n{}\n```\n", list.join("\n")),
            ));
            format!("{what}, listed below")
        } else {
            elements(&all, detail)
        };
        let why = match item.why.as_str() {
            "" => String::new(),
            why => format!(" ({why})"),
        };
        let _ = writeln!(
            table,
            "{}",
            line(&[
                format!("`{}`{}", item.set.key, words::fate(item.set)),
                outline.place(item.set),
                words::service(item.change),
                words::clouds(&item.clouds),
                codes(&item.change.roles, detail),
                format!("{what}{}{}", words::origin(item), cell(&why)),
                impacts(&item.set.impacts).join(", "),
            ])
        );
    }
    // What opens is never out of sight.
    if title == "Closes" && items.len() > LONG {
        let table = folded(&plural(items.len(), "change"), &table);
        let _ = write!(text, "### {title}\n\n{table}");
    } else {
        let _ = write!(text, "### {title}\n\n{table}\n");
    }
    text.push_str(&lists);
}

fn other(item: &Item<'_>, outline: &Outline<'_>, detail: Detail) -> String {
    let change = item.change;
    let signed = [("+", &item.added), ("-", &item.removed)];
    let lists: Vec<String> = signed
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(sign, list)| format!("{sign} {}", shortened_list(list)))
        .collect();
    format!(
        "{}: {}, {}, for {}: {}{}, {}: {}\n",
        name(item.set, outline),
        words::service(change),
        words::clouds(&item.clouds),
        codes(&change.roles, detail),
        amount(item),
        words::origin(item),
        item.why,
        if detail == Detail::Full {
            let all = |list: &[&Element]| list.len() <= LONG;
            if all(&item.added) && all(&item.removed) {
                lists.join("; ")
            } else {
                let list: Vec<String> = signed
                    .into_iter()
                    .flat_map(|(sign, list)| list.iter().map(move |e| format!("{sign} `{e}`")))
                    .collect();
                format!(
                    "<details><summary>all of them</summary>{}</details>",
                    list.join("<br>")
                )
            }
        } else {
            lists.join("; ")
        }
    )
}

fn fact(set: &SetDiff, facts: &[String], outline: &Outline<'_>, detail: Detail) -> String {
    let facts: Vec<String> = facts.iter().map(|fact| cut(fact, detail)).collect();
    format!("{}: {}\n", name(set, outline), facts.join("; "))
}

/// A set with where it stands and what its change means.
fn name(set: &SetDiff, outline: &Outline<'_>) -> String {
    let place = match outline.place(set).as_str() {
        "" => String::new(),
        place => format!(" (row {place})"),
    };
    let impacts: Vec<String> = impacts(&set.impacts)
        .iter()
        .map(|word| format!("`{word}`"))
        .collect();
    format!(
        "`{}`{}{place} {}",
        set.key,
        words::fate(set),
        impacts.join(", ")
    )
}

/// What an item is about; an item of a section of its own has only one of both.
fn all<'a>(item: &Item<'a>) -> Vec<&'a Element> {
    item.added.iter().chain(&item.removed).copied().collect()
}

fn elements(all: &[&Element], detail: Detail) -> String {
    if detail == Detail::Full {
        let texts: Vec<String> = all.iter().map(|element| named(element)).collect();
        return texts.join(", ");
    }
    shortened_list(all)
}

fn shortened_list(all: &[&Element]) -> String {
    let mut texts: Vec<String> = all
        .iter()
        .take(LONG)
        .map(|element| named(element))
        .collect();
    if all.len() > LONG {
        texts.push(format!("and {} more", all.len() - LONG));
    }
    texts.join(", ")
}

/// An element that stands out where it is everything.
fn named(element: &Element) -> String {
    match element {
        Element::Anywhere(_) => format!("**{element}**"),
        Element::Tag(tag) => format!("service tag `{tag}`"),
        Element::Range(name) => format!("your range `{name}`"),
        element => format!("`{element}`"),
    }
}

fn codes<T: ToString>(values: &[T], detail: Detail) -> String {
    let values: Vec<String> = values
        .iter()
        .map(|value| format!("`{}`", value.to_string()))
        .collect();
    shortened(&values, detail, ", ")
}

fn shortened(values: &[String], detail: Detail, separator: &str) -> String {
    if detail == Detail::Full || values.len() <= LONG {
        return values.join(separator);
    }
    let shown = values[..LONG].join(separator);
    format!("{shown} and {} more", values.len() - LONG)
}

/// `body` behind `summary`, which a reader opens.
fn folded(summary: &str, body: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{body}\n</details>\n\n")
}
