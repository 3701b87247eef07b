//! Whole rows, moved about.

use super::dice::Dice;
use super::kind::{Kind, Make};
use super::main_tf::MainTf;

pub const KINDS: &[Kind] = &[
    rows("a row deleted", |d, m| {
        let row = m.rows.remove(d.below(m.rows.len()));
        Some(vec![row.key])
    }),
    rows("all rows deleted", |_, m| {
        let rows = std::mem::take(&mut m.rows);
        Some(rows.into_iter().map(|row| row.key).collect())
    }),
    rows("a row copied under another key", |d, m| {
        let mut row = m.rows[d.below(m.rows.len())].clone();
        row.key = format!(
            "{}{}",
            row.key,
            d.pick(&[".2", "x", ".ipv4", " ", ".slot1.2"])?
        );
        let key = row.key.clone();
        m.rows.insert(d.below(m.rows.len() + 1), row);
        Some(vec![key])
    }),
    rows("a row stated twice", |d, m| {
        let row = m.rows[d.below(m.rows.len())].clone();
        let key = row.key.clone();
        m.rows.insert(d.below(m.rows.len() + 1), row);
        Some(vec![key])
    }),
    rows("a row renamed", |d, m| {
        let index = d.below(m.rows.len());
        let before = m.rows[index].key.clone();
        let after = match d.below(4) {
            0 => before.replacen('.', "-", 1),
            1 => before.to_uppercase(),
            2 => format!("{before}.9"),
            _ => format!("{before} "),
        };
        m.rows[index].key.clone_from(&after);
        Some(vec![before, after])
    }),
    rows("keys of two rows swapped", |d, m| {
        let (a, b) = (d.below(m.rows.len()), d.below(m.rows.len()));
        let keys = [m.rows[a].key.clone(), m.rows[b].key.clone()];
        m.rows[a].key.clone_from(&keys[1]);
        m.rows[b].key.clone_from(&keys[0]);
        Some(keys.to_vec())
    }),
    rows("remotes of two rows swapped", |d, m| {
        let (a, b) = (d.below(m.rows.len()), d.below(m.rows.len()));
        let last = |main: &MainTf, row: usize| main.rows[row].fields.last().cloned();
        let (ours, theirs) = (last(m, a)?, last(m, b)?);
        *m.rows[a].fields.last_mut()? = theirs;
        *m.rows[b].fields.last_mut()? = ours;
        Some(vec![m.rows[a].key.clone(), m.rows[b].key.clone()])
    }),
    rows("a network moved to another row", |d, m| {
        let having: Vec<usize> = (0..m.rows.len())
            .filter(|index| {
                m.rows[*index]
                    .list("networks")
                    .is_some_and(|list| list.len() > 1)
            })
            .collect();
        let (from, to) = (*d.pick(&having)?, *d.pick(&having)?);
        let index = d.below(m.rows[from].list("networks")?.len());
        let network = m.rows[from].list_mut("networks")?.remove(index);
        m.rows[to].list_mut("networks")?.push(network);
        Some(vec![m.rows[from].key.clone(), m.rows[to].key.clone()])
    }),
    rows("rows in another order", |d, m| {
        d.shuffle(&mut m.rows);
        Some(Vec::new())
    }),
];

const fn rows(name: &'static str, make: fn(&mut Dice, &mut MainTf) -> Option<Vec<String>>) -> Kind {
    Kind {
        name,
        make: Make::Rows(make),
    }
}
