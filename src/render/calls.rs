//! `root/*/calls.tf`: one call for each cloud and traffic. The rest of a root module is written by
//! hand, in `src/render/root/`.

use std::collections::BTreeSet;

use hcl::edit::expr::{Array, Expression, Object, ObjectKey, ObjectValue};
use hcl::edit::structure::{Block, Body};
use hcl::edit::{Decorated, Ident};

use crate::catalogue::Role;
use crate::permit::PermitRemote;
use crate::plan::{Folder, Row};
use crate::render::child::{attribute, path};
use crate::render::header;
use crate::render::layout::{commented, lay_out, spaced};
use crate::render::rows::strings;
use crate::target::{From, Target};

pub fn file(folders: &[&Folder], target: &Target) -> String {
    let mut calls = Object::new();
    let mut results = Object::new();
    for folder in folders {
        let call = name(folder);
        calls.insert(key(&call), ObjectValue::new(takes(folder)));
        results.insert(key(&call), ObjectValue::new(path(&["module", &call])));
    }
    let locals = Block::builder(Ident::new("locals"))
        .structure(commented(
            "The roles, and the named ranges of yours, that each call below has rows for.",
            attribute("calls", calls),
        ))
        .structure(spaced(attribute("results", results)));
    let mut body = Body::builder().block(locals).build();
    for folder in folders {
        body.push(spaced(call(folder, target)));
    }
    lay_out(&mut body);
    header::put("calls.tf", &body.to_string())
}

/// What a call is named: `worldwide_inbound_hybrid_server`.
pub fn name(folder: &Folder) -> String {
    format!("{}_{}", folder.cloud, folder.traffic).replace('-', "_")
}

fn call(folder: &Folder, target: &Target) -> Block {
    let name = name(folder);
    let mut block = Block::builder(Ident::new("module"))
        .label(name.as_str())
        .attribute(attribute("source", format!("../../{}", folder.path())));
    for (index, argument) in target.root.arguments.iter().enumerate() {
        let value = match argument.from {
            From::Variable => path(&["var", argument.name]),
            From::Local => path(&["local", argument.name]),
            From::Share => path(&["local", argument.name, &name]),
        };
        let attribute = attribute(argument.name, value);
        block = if index == 0 {
            block.structure(spaced(attribute))
        } else {
            block.attribute(attribute)
        };
    }
    block.build()
}

fn takes(folder: &Folder) -> Object {
    let roles: BTreeSet<&str> = folder.roles().map(Role::as_str).collect();
    let ranges: BTreeSet<&str> = folder.rows.values().filter_map(range).collect();
    let list = |names: BTreeSet<&str>| -> Array { strings(&names.into_iter().collect::<Vec<_>>()) };
    let mut object = Object::new();
    object.insert(
        key("roles"),
        ObjectValue::new(Expression::from(list(roles))),
    );
    object.insert(
        key("ranges"),
        ObjectValue::new(Expression::from(list(ranges))),
    );
    object
}

fn range(row: &Row) -> Option<&str> {
    match &row.remote {
        PermitRemote::Range(name) => Some(name.as_str()),
        PermitRemote::Networks(_) | PermitRemote::Hosts(_) | PermitRemote::ServiceTag(_) => None,
    }
}

fn key(name: &str) -> ObjectKey {
    ObjectKey::Ident(Decorated::new(Ident::new(name)))
}
