//! Gives built HCL the layout of `terraform fmt`, which neither `hcl-rs` nor `hcl-edit` does:
//! two blanks a level, and `=` aligned over neighbouring lines that hold a whole value each.
//!
//! A builder marks what layout can't know: [`spaced`] asks for an empty line before a structure,
//! and an array with a trailing comma is laid out with one item a line.

use hcl::edit::Decorate;
use hcl::edit::expr::{Array, Expression, Object, ObjectKey, ObjectValueTerminator};
use hcl::edit::structure::{Body, Structure};

/// Asks for an empty line before `structure`, comment included.
pub fn spaced(structure: impl Into<Structure>) -> Structure {
    prefixed("\n", structure.into())
}

/// Asks for `comment` (without its `#`) on the line above `structure`.
pub fn commented(comment: &str, structure: impl Into<Structure>) -> Structure {
    prefixed(&format!("# {comment}\n"), structure.into())
}

fn prefixed(text: &str, mut structure: Structure) -> Structure {
    let decor = structure.decor_mut();
    let rest = decor.prefix().map(|prefix| prefix.to_string());
    decor.set_prefix(format!("{text}{}", rest.unwrap_or_default()));
    structure
}

/// Lays out a body that was built, not parsed.
pub fn lay_out(body: &mut Body) {
    lay_out_body(body, 0);
}

fn indentation(level: usize) -> String {
    "  ".repeat(level)
}

fn lay_out_body(body: &mut Body, level: usize) {
    let mut run = Run::default();
    for index in 0..body.len() {
        let Some(structure) = body.get_mut(index) else {
            continue;
        };
        let prefix = prefix(structure, level);
        if prefix.contains('\n') {
            run.finish(|index, width| pad_attribute(body, index, width));
        }
        let Some(structure) = body.get_mut(index) else {
            continue;
        };
        structure.decor_mut().set_prefix(prefix);
        match structure {
            Structure::Attribute(attribute) => {
                let whole = lay_out_value(&mut attribute.value, level);
                let width = attribute.key.chars().count();
                if whole {
                    run.push(index, width);
                } else {
                    run.finish(|index, width| pad_attribute(body, index, width));
                }
            }
            Structure::Block(block) => {
                lay_out_body(&mut block.body, level + 1);
                block.body.decor_mut().set_suffix(indentation(level));
                run.finish(|index, width| pad_attribute(body, index, width));
            }
        }
    }
    run.finish(|index, width| pad_attribute(body, index, width));
}

/// The empty lines and comments that the builder asked for, indented.
fn prefix(structure: &Structure, level: usize) -> String {
    let indentation = indentation(level);
    let asked = structure
        .decor()
        .prefix()
        .map(|prefix| prefix.to_string())
        .unwrap_or_default();
    let mut text = String::new();
    for line in asked.lines() {
        if !line.is_empty() {
            text.push_str(&indentation);
            text.push_str(line);
        }
        text.push('\n');
    }
    text.push_str(&indentation);
    text
}

fn pad_attribute(body: &mut Body, index: usize, padding: usize) {
    if let Some(Structure::Attribute(attribute)) = body.get_mut(index) {
        attribute.key.decor_mut().set_suffix(" ".repeat(padding));
    }
}

/// Lays out a value that starts on a line of `level`. Returns whether it ends on the same line.
fn lay_out_value(value: &mut Expression, level: usize) -> bool {
    match value {
        Expression::Object(object) if !object.is_empty() => {
            lay_out_object(object, level);
            false
        }
        Expression::Array(array) if array.trailing_comma() => {
            lay_out_array(array, level);
            false
        }
        _ => true,
    }
}

fn lay_out_object(object: &mut Object, level: usize) {
    let inner = indentation(level + 1);
    let mut paddings = vec![1; object.len()];
    let mut run = Run::default();
    for (index, (mut key, value)) in object.iter_mut().enumerate() {
        let line_start = if index == 0 {
            format!("\n{inner}")
        } else {
            inner.clone()
        };
        key.decor_mut().set_prefix(line_start);
        let width = key_width(key.get());
        value.set_terminator(ObjectValueTerminator::Newline);
        if lay_out_value(value.expr_mut(), level + 1) {
            run.push(index, width);
        } else {
            run.finish(|index, padding| paddings[index] = padding);
        }
    }
    run.finish(|index, padding| paddings[index] = padding);
    for ((mut key, _), padding) in object.iter_mut().zip(paddings) {
        key.decor_mut().set_suffix(" ".repeat(padding));
    }
    object.set_trailing(indentation(level));
}

fn key_width(key: &ObjectKey) -> usize {
    match key {
        ObjectKey::Ident(ident) => ident.chars().count(),
        ObjectKey::Expression(expression) => {
            let mut bare = expression.clone();
            bare.decor_mut().clear();
            bare.to_string().chars().count()
        }
    }
}

fn lay_out_array(array: &mut Array, level: usize) {
    let inner = format!("\n{}", indentation(level + 1));
    for item in array.iter_mut() {
        item.decor_mut().set_prefix(inner.as_str());
        lay_out_value(item, level + 1);
    }
    array.set_trailing(format!("\n{}", indentation(level)));
}

/// Neighbouring lines whose `=` stand in one column.
#[derive(Default)]
struct Run(Vec<(usize, usize)>);

impl Run {
    fn push(&mut self, index: usize, width: usize) {
        self.0.push((index, width));
    }

    /// Says for each line how many blanks stand before its `=`.
    fn finish(&mut self, mut pad: impl FnMut(usize, usize)) {
        let widest = self.0.iter().map(|(_, width)| *width).max().unwrap_or(0);
        for (index, width) in self.0.drain(..) {
            pad(index, widest - width + 1);
        }
    }
}
