//! `root/*/calls.tf`: one call for each cloud and traffic. The rest of a root module is written by
//! hand, in `src/render/root/`.

use std::collections::BTreeSet;

use crate::catalogue::Role;
use crate::permit::PermitRemote;
use crate::plan::{Folder, Row};
use crate::render::hcl::{self, Key, Structure, Value, attribute, block, texts};
use crate::render::header;
use crate::target::{From, Target};

pub fn file(folders: &[&Folder], target: &Target) -> String {
    let of_each = |value: fn(&Folder) -> Value<'_>| {
        let entries = folders.iter();
        Value::Object(
            entries
                .map(|folder| (Key::Word(name(folder).into()), value(folder)))
                .collect(),
        )
    };
    let calls = attribute("calls", of_each(takes));
    let results = of_each(|folder| Value::Path(format!("module.{}", name(folder))));
    let locals = vec![
        calls.commented(
            "The roles, and the named ranges of yours, that each call below has rows for.",
        ),
        attribute("results", results).spaced(),
    ];
    let calls = folders.iter().map(|folder| call(folder, target).spaced());
    let body: Vec<Structure<'_>> = [block("locals", None, locals)]
        .into_iter()
        .chain(calls)
        .collect();
    header::put("calls.tf", &hcl::file(&body))
}

/// What a call is named: `worldwide_inbound_hybrid_server`.
pub fn name(folder: &Folder) -> String {
    format!("{}_{}", folder.cloud, folder.traffic).replace('-', "_")
}

fn call<'a>(folder: &Folder, target: &'a Target) -> Structure<'a> {
    let call = name(folder);
    let source = attribute("source", format!("../../{}", folder.path()));
    let mut body = vec![source];
    for (index, argument) in target.root.arguments.iter().enumerate() {
        let name = argument.name;
        let path = match argument.from {
            From::Variable => format!("var.{name}"),
            From::Local => format!("local.{name}"),
            From::Share => format!("local.{name}.{call}"),
        };
        let argument = attribute(name, Value::Path(path));
        body.push(if index == 0 {
            argument.spaced()
        } else {
            argument
        });
    }
    block("module", Some(call.into()), body)
}

fn takes(folder: &Folder) -> Value<'_> {
    let roles: BTreeSet<&str> = folder.roles().map(Role::as_str).collect();
    let ranges: BTreeSet<&str> = folder.rows.values().filter_map(range).collect();
    Value::Object(vec![
        (Key::Word("roles".into()), texts(roles)),
        (Key::Word("ranges".into()), texts(ranges)),
    ])
}

fn range(row: &Row) -> Option<&str> {
    match &row.remote {
        PermitRemote::Range(name) => Some(name.as_str()),
        PermitRemote::Networks(_) | PermitRemote::Hosts(_) | PermitRemote::ServiceTag(_) => None,
    }
}
