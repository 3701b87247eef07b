//! Text as a quoted string of HCL, whatever stands in it.

use hcl::edit::Spanned;
use hcl::edit::expr::Expression;
use hcl::edit::template::{Element, StringTemplate};

/// `text` as a literal: no `${` or `%{` in it begins anything.
///
/// `hcl-edit` 0.10 escapes those marks pair by pair of characters, and so passes over the mark in
/// `${a}%${b}`: Terraform would evaluate `b`. A text of several literals, none of which has two signs of a
/// mark in a row, is escaped whole.
#[must_use]
pub fn text(text: &str) -> Expression {
    let is_sign = |c: char| matches!(c, '$' | '%');
    let mut literals: Vec<String> = vec![String::new()];
    let mut last = None;
    for c in text.chars() {
        if is_sign(c) && last.is_some_and(is_sign) {
            literals.push(String::new());
        }
        if let Some(literal) = literals.last_mut() {
            literal.push(c);
        }
        last = Some(c);
    }
    if literals.len() == 1 {
        return text.into();
    }
    let elements = literals
        .into_iter()
        .map(|literal| Element::Literal(Spanned::new(literal)));
    Expression::StringTemplate(StringTemplate::from(elements.collect::<Vec<Element>>()))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn marks_are_escaped_wherever_they_stand() {
        for (given, written) in [
            ("plain", "\"plain\""),
            ("${a}", "\"$${a}\""),
            ("100% $5", "\"100% $5\""),
            ("${a}%${b}", "\"$${a}%$${b}\""),
            ("%{a}$%{b}", "\"%%{a}$%%{b}\""),
            ("$${a}", "\"$$${a}\""),
            ("%%%${\"x\"}\n", "\"%%%$${\\\"x\\\"}\\n\""),
        ] {
            assert_eq!(text(given).to_string(), written, "{given}");
        }
    }
}
