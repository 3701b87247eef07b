//! Why something is not taken, by the provider or by its cloud.

use crate::protocol::{AttributePath, Diagnostic, Severity};

#[derive(Debug)]
pub struct Refusal {
    text: String,
    attribute: Option<String>,
}

impl Refusal {
    /// A provider's: of one attribute, before anything is done.
    pub fn of(attribute: &str, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            attribute: Some(attribute.to_owned()),
        }
    }

    /// A cloud's: begins with the code that its API answers.
    pub fn by_api(code: &str, text: impl std::fmt::Display) -> Self {
        Self {
            text: format!("{code}: {text}"),
            attribute: None,
        }
    }
}

/// All in the summary, since Terraform wraps the lines of a detail.
impl From<Refusal> for Diagnostic {
    fn from(refusal: Refusal) -> Self {
        Self {
            severity: Severity::Error.into(),
            summary: refusal.text,
            detail: String::new(),
            attribute: refusal.attribute.as_deref().map(AttributePath::to),
        }
    }
}
