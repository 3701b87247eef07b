//! What rows exceed of a target's limits.

use super::{Folder, Row, folders_of};
use crate::catalogue::Direction;
use crate::error::Error;
use crate::lock;
use crate::options::Options;
use crate::permit::PermitRemote;
use crate::target::{DEFAULT_NAME_PREFIX, Limit, Target};

/// What each row's own fields exceed.
pub fn row_errors(folder: &Folder) -> Vec<Error> {
    let limits = &folder.target.limits;
    let mut errors = Vec::new();
    let mut check = |limit: Option<Limit>, key: &str, rule: &str, found: usize, mend: &str| {
        if let Some(limit) = limit.filter(|limit| found > limit.most) {
            errors.push(Error::Limit {
                place: format!("{}, row `{key}`", folder.path()),
                rule: rule.to_owned(),
                found,
                limit: limit.most,
                source: limit.source,
                mend: mend.to_owned(),
            });
        }
    };
    for (key, row) in &folder.rows {
        let name = DEFAULT_NAME_PREFIX.len() + lock::entry(folder.cloud, key).len();
        check(
            limits.description,
            key,
            "bytes of description",
            row.description.len(),
            "shorten the title in the catalogue",
        );
        check(
            limits.name,
            key,
            "characters of name",
            name,
            "shorten the keys in the catalogue",
        );
        let PermitRemote::Networks(networks) = &row.remote else {
            continue;
        };
        let join = "leave the set out with `--exclude-set`, or join neighbours with `--aggregate`";
        check(limits.networks, key, "networks", networks.len(), join);
        if limits.characters.is_some() {
            let characters = networks.iter().map(|network| network.to_string().len() + 2);
            check(
                limits.characters,
                key,
                "characters of networks",
                characters.sum(),
                join,
            );
        }
    }
    errors
}

/// What the rows exceed together. Each folder fills at least one container; with `--root`, all of
/// a target's folders share one.
pub fn container_errors(folders: &[Folder], options: &Options) -> Vec<Error> {
    let mut errors = Vec::new();
    for target in &options.targets {
        let own: Vec<&Folder> = folders_of(folders, target).collect();
        let containers: Vec<(String, Vec<&Folder>)> = if options.root {
            vec![(format!("root/{}", target.root.folder), own)]
        } else {
            own.into_iter()
                .map(|folder| (folder.path(), vec![folder]))
                .collect()
        };
        for (place, folders) in containers {
            let rows: Vec<&Row> = folders
                .iter()
                .flat_map(|folder| folder.rows.values())
                .collect();
            errors.extend(count_errors(target, &place, &rows));
        }
    }
    errors
}

fn count_errors(target: &Target, place: &str, rows: &[&Row]) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut check = |limit: Option<Limit>, rule: String, found: usize| {
        if let Some(limit) = limit.filter(|limit| found > limit.most) {
            errors.push(Error::Limit {
                place: place.to_owned(),
                rule,
                found,
                limit: limit.most,
                source: limit.source,
                mend: "leave sets out with `--exclude-set`, write some to another `--out`, or join neighbours with `--aggregate`".to_owned(),
            });
        }
    };
    check(target.limits.rules, "rules".to_owned(), rows.len());
    for direction in Direction::ALL {
        let networks = rows
            .iter()
            .filter(|row| row.direction == *direction)
            .map(|row| match &row.remote {
                PermitRemote::Networks(networks) => networks.len(),
                PermitRemote::Hosts(_) | PermitRemote::Range(_) | PermitRemote::ServiceTag(_) => 0,
            })
            .sum();
        check(
            target.limits.addresses,
            format!("{direction} remote addresses"),
            networks,
        );
    }
    errors
}
