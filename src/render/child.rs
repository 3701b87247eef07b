//! The folder of one cloud, traffic and target: a child module that calls the target's module
//! with the rows, and passes the rest of its interface through.

use hcl::edit::expr::{Expression, Traversal, TraversalOperator};
use hcl::edit::structure::{Attribute, Block, Body};
use hcl::edit::{Decorated, Ident};

use crate::plan::Folder;
use crate::render::header;
use crate::render::layout::{lay_out, spaced};
use crate::render::rows::{ATTRIBUTE, MODULE, rows_to_hcl};

/// The folder's files, by name.
pub fn files(folder: &Folder, source: &str) -> Vec<(&'static str, String)> {
    let interface = folder.target.child.files.iter();
    interface
        .map(|file| (file.name, header::put(file.name, file.text)))
        .chain([("main.tf", main(folder, source))])
        .collect()
}

fn main(folder: &Folder, source: &str) -> String {
    let mut module = Block::builder(Ident::new("module"))
        .label(MODULE)
        .attribute(attribute("source", source))
        .structure(spaced(attribute("cloud", folder.cloud.as_str())))
        .attribute(attribute("traffic", folder.traffic.as_str()));
    for (index, name) in folder.target.child.variables.iter().enumerate() {
        let passed = attribute(name, path(&["var", name]));
        module = if index == 0 {
            module.structure(spaced(passed))
        } else {
            module.attribute(passed)
        };
    }
    let module = module.structure(spaced(attribute(ATTRIBUTE, rows_to_hcl(&folder.rows))));
    let mut body = Body::builder().block(module).build();
    lay_out(&mut body);
    header::put("main.tf", &body.to_string())
}

/// `name = value`.
pub fn attribute(name: &str, value: impl Into<Expression>) -> Attribute {
    Attribute::new(Ident::new(name), value)
}

/// `first.second.third`.
pub fn path(names: &[&str]) -> Expression {
    let operators: Vec<Decorated<TraversalOperator>> = names[1..]
        .iter()
        .map(|name| {
            Decorated::new(TraversalOperator::GetAttr(Decorated::new(Ident::new(
                *name,
            ))))
        })
        .collect();
    let first = Expression::Variable(Decorated::new(Ident::new(names[0])));
    Traversal::new(first, operators).into()
}
