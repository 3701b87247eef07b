//! Networks of rows, changed.

use std::sync::LazyLock;

use super::dice::Dice;
use super::kind::{Kind, Make};
use super::main_tf::{MainTf, Value, quoted, unquoted};
use super::network_lists::{CHANGES, Change};

pub static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let lists = CHANGES.iter().map(|(name, change)| Kind {
        name,
        make: Make::Networks(*change),
    });
    let anywhere = Kind {
        name: "anywhere in place of networks",
        make: Make::Rows(anywhere),
    };
    lists.chain([anywhere]).collect()
});

fn anywhere(dice: &mut Dice, main: &mut MainTf) -> Option<Vec<String>> {
    let row = dice.pick(&with_networks(main)).copied()?;
    let field = main.rows[row].field_mut("networks")?;
    field.name = "anywhere".to_string();
    field.value = Value::Plain("true".to_owned());
    Some(vec![main.rows[row].key.clone()])
}

fn with_networks(main: &MainTf) -> Vec<usize> {
    let indexes = 0..main.rows.len();
    indexes
        .filter(|index| main.rows[*index].field("networks").is_some())
        .collect()
}

/// Changes the networks of a row, and returns the row's key.
pub fn changed(dice: &mut Dice, main: &mut MainTf, change: Change) -> Option<Vec<String>> {
    let mut indexes = with_networks(main);
    dice.shuffle(&mut indexes);
    indexes.into_iter().find_map(|index| {
        let row = &mut main.rows[index];
        let is_ipv4 = row.text("kind") == Some("ipv4");
        let spelt = row.list_mut("networks")?;
        let mut networks: Vec<String> = spelt
            .iter()
            .map(|spelt| unquoted(spelt).map(str::to_owned))
            .collect::<Option<_>>()?;
        change(dice, &mut networks, is_ipv4)?;
        *spelt = networks.iter().map(|network| quoted(network)).collect();
        Some(vec![row.key.clone()])
    })
}
