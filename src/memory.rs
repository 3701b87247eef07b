//! What an output folder knows from earlier runs: its lock, and the facts that came from files.

use std::path::Path;

use crate::catalogue::{Cloud, Traffic};
use crate::error::{Error, Errors, Result};
use crate::lock::{self, Hosts, Lock, Member, Service};
use crate::options::Words;
use crate::permit::PermitRemote;
use crate::plan::Row;
use crate::render::child::{emptied_groups, rules_per_group};
use crate::render::header;
use crate::render::rows::{hcl_to_rows, parse};
use crate::source::facts::{self, Known};
use crate::target::{AWS_RULES_PER_GROUP, AZURE_PRIORITIES, TARGETS, Target};

/// What the folder knows from earlier runs.
#[derive(Debug)]
pub struct Memory {
    pub lock: Lock,
    pub facts: Option<Known>,
    /// The options and facts that the folder was written with, whatever is to be forgotten of them.
    pub before: Option<(Words, Known)>,
    /// The templates that the folder may have texts of.
    pub templates: Vec<String>,
    pub warnings: Vec<String>,
}

/// Reads what is in `out`; with `reset`, without its options and the facts that came from files.
///
/// # Errors
/// When `out` is no folder, or what it remembers is damaged.
pub fn recall(out: &Path, reset: bool) -> Result<Memory> {
    let mut errors = Vec::new();
    if out.is_symlink() && !out.exists() {
        return Err(Error::Link {
            path: out.to_owned(),
        }
        .into());
    }
    if out.exists() && !out.is_dir() {
        return Err(Error::NotOurs {
            path: out.to_owned(),
        }
        .into());
    }
    let lock = Lock::read(out, &AZURE_PRIORITIES)
        .map_err(|found| errors.extend(found.into_vec()))
        .unwrap_or_default();
    let read = facts::read(out);
    let facts = match read {
        Ok(facts) => facts,
        // What is to be forgotten may be damaged.
        Err(_) if reset => None,
        Err(found) => {
            errors.extend(found.into_vec());
            None
        }
    };
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let mut warnings = Vec::new();
    let mut lock = if let Some(lock) = lock {
        if facts.is_none() && !reset {
            warnings.push(format!(
                "`{}` is gone, so that nothing can be refused that new facts take away; restore it from version control, or read what changes",
                out.join(facts::FILE).display()
            ));
        }
        complete(lock, out)?
    } else {
        let mut lock = rebuild(out, &|_| true)?;
        // Rows without numbers leave the lock empty, and are still somebody's.
        lock.rebuilt = !lock.is_empty() || out.join(facts::FILE).exists();
        if lock.rebuilt {
            warnings.push(format!(
                "`{}` is gone; its numbers are rebuilt from the rows, but its options are lost: restore it from version control, or give them anew before anything is applied",
                out.join(lock::FILE).display()
            ));
        }
        lock
    };
    let before = facts.clone().filter(|_| !lock.rebuilt);
    let before = before.map(|facts| (lock.options.clone(), facts));
    let templates = lock.options.template.clone().unwrap_or_default();
    if reset {
        lock.options = Words::default();
    }
    Ok(Memory {
        templates,
        lock,
        facts: facts.filter(|_| !reset),
        before,
        warnings,
    })
}

/// Reads what a lost lock held from the rows.
fn rebuild(out: &Path, wanted: &dyn Fn(&Target) -> bool) -> Result<Lock> {
    let mut lock = Lock::default();
    let mut errors = Vec::new();
    for cloud in Cloud::ALL {
        for traffic in Traffic::ALL {
            for target in TARGETS.iter().filter(|target| wanted(target)) {
                let path = out.join(format!("{cloud}/{traffic}/{}/main.tf", target.name));
                let Ok(text) = crate::file::text(&path) else {
                    continue;
                };
                if header::is_ours("main.tf", &text)
                    && let Err(whys) = recover(&text, *cloud, *traffic, &mut lock)
                {
                    errors.extend(whys.into_iter().map(|why| Error::Malformed {
                        path: path.clone(),
                        why,
                        mend: "the lock, or a table of it, is gone and can't be rebuilt from these rows; restore one of the two from version control".to_owned(),
                    }));
                }
            }
        }
    }
    errors.extend(lock.defects().into_iter().map(|why| Error::Malformed {
        path: out.join(lock::FILE),
        why: format!("it, or a table of it, is gone, and the rows contradict each other: {why}"),
        mend: "restore it or the rows from version control".to_owned(),
    }));
    Errors::unless_none(errors, lock)
}

/// Refuses a lock that says nothing of what rows in the folder have: a table of it was lost.
fn complete(lock: Lock, out: &Path) -> Result<Lock> {
    if lock.knows_of_slots() && lock.knows_of_groups() {
        return Ok(lock);
    }
    let rows = rebuild(out, &|target| {
        (!lock.knows_of_slots() && target.slots)
            || (!lock.knows_of_groups() && target.groups.is_some())
    })?;
    let missing = [
        (!lock.knows_of_slots() && rows.knows_of_slots(), "slots"),
        (
            !lock.knows_of_groups() && rows.knows_of_groups(),
            "groups and members",
        ),
    ];
    let errors: Vec<Error> = missing
        .into_iter()
        .filter(|(is_missing, _)| *is_missing)
        .map(|(_, what)| Error::Malformed {
            path: out.join(lock::FILE),
            why: format!("it has no {what}, and the rows in this folder do"),
            mend: "restore it from version control, or delete it to have them rebuilt from the rows; then the options have to be given anew".to_owned(),
        })
        .collect();
    Errors::unless_none(errors, lock)
}

fn recover(
    text: &str,
    cloud: Cloud,
    traffic: Traffic,
    lock: &mut Lock,
) -> std::result::Result<(), Vec<String>> {
    let body = parse(text)?;
    let rows = hcl_to_rows(&body)?;
    let room = rules_per_group(&body)?.unwrap_or(AWS_RULES_PER_GROUP);
    let mut defects = Vec::new();
    for (key, row) in &rows {
        let hosts = Hosts {
            cloud,
            traffic,
            role: row.role.clone(),
        };
        if let Err(why) = recover_priority(key, row, cloud, lock) {
            defects.push(why);
        }
        defects.extend(recover_places(&hosts, row, room, lock));
    }
    for (role, groups) in emptied_groups(&body)? {
        let hosts = Hosts {
            cloud,
            traffic,
            role,
        };
        for group in groups {
            if group == 0 {
                defects.push(format!(
                    "`{}` has a group 0, and groups start at 1",
                    hosts.role
                ));
            }
            lock.groups.record_emptied(&hosts, group, room);
        }
    }
    if defects.is_empty() {
        Ok(())
    } else {
        Err(defects)
    }
}

fn recover_priority(
    key: &str,
    row: &Row,
    cloud: Cloud,
    lock: &mut Lock,
) -> std::result::Result<(), String> {
    let Some(priority) = row.priority else {
        return Ok(());
    };
    let entry = lock::entry(cloud, key);
    if !AZURE_PRIORITIES.contains(&priority) {
        return Err(format!("row `{key}`: priority {priority} is no priority"));
    }
    // Targets share the numbers: the same entry has the same one in each.
    match lock.priorities.owner(row.direction, priority) {
        Some(other) if other == entry => return Ok(()),
        Some(other) => {
            return Err(format!(
                "`{other}` and `{entry}` both have {} priority {priority}",
                row.direction
            ));
        }
        None => {}
    }
    if let Some(other) = lock.priorities.of(row.direction, &entry) {
        return Err(format!(
            "`{entry}` has the {} priorities {other} and {priority}",
            row.direction
        ));
    }
    lock.priorities.record(row.direction, entry, priority);
    Ok(())
}

/// The slots of a row's ports, and the group of its rules.
fn recover_places(hosts: &Hosts, row: &Row, room: u16, lock: &mut Lock) -> Vec<String> {
    let mut defects = Vec::new();
    if row.group == Some(0) || row.slots.contains(&0) {
        defects.push(format!(
            "`{}` has a group or slot 0, and they start at 1",
            hosts.role
        ));
    }
    for (port, slot) in row.ports.iter().zip(&row.slots) {
        let service = Service {
            hosts: hosts.clone(),
            direction: row.direction,
            protocol: row.protocol,
            port: *port,
        };
        defects.extend(lock.slots.record(&service, *slot).err());
    }
    let Some(group) = row.group else {
        return defects;
    };
    let members: Vec<Member> = match &row.remote {
        PermitRemote::Networks(networks) => {
            let rules = row.slots.iter().flat_map(|slot| {
                networks.iter().map(|network| Member::Rule {
                    direction: row.direction,
                    protocol: row.protocol,
                    slot: *slot,
                    network: *network,
                })
            });
            rules.collect()
        }
        PermitRemote::Range(_) => vec![Member::Ranges],
        PermitRemote::Hosts(_) | PermitRemote::ServiceTag(_) => Vec::new(),
    };
    for member in members {
        defects.extend(lock.groups.record(hosts, &member, group, room).err());
    }
    defects
}
