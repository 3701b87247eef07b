//! Rules that stand inside their group.

use crate::refusal::Refusal;
use crate::value::Value;

/// Names what lets them in. They are then kept as they are given, and nothing of them is checked: that shows what their
/// plans look like, and not what a cloud would take.
const KEPT: &str = "PERIMETER365_STAND_IN_INLINE";

/// Refuses the rules in an attribute of a group, since `instead` is what the stand-in checks.
pub fn check(config: &Value, attribute: &str, instead: &str) -> Option<Refusal> {
    let rules = config.get(attribute);
    let is_kept = std::env::var_os(KEPT).is_some_and(|value| !value.is_empty());
    (!rules.is_null() && rules.is_known() && !is_kept).then(|| {
        Refusal::of(
            attribute,
            format!("the stand-in keeps no inline rules: use {instead}"),
        )
    })
}
