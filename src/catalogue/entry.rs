//! What the web service says of an entry beside its endpoints.

use super::names;

/// An entry of the web service, as an endpoint set comes from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The entry's `id`, which is permanent in its cloud.
    pub id: u32,
    pub area: ServiceArea,
    /// `None`: it isn't said, here as below.
    pub category: Option<Category>,
    /// Whether Microsoft requires it for a basic use of the service.
    pub required: Option<bool>,
    /// Whether it is routed over `ExpressRoute` with Microsoft 365 prefixes.
    pub express_route: Option<bool>,
}

names::vocabulary! {
    /// How Microsoft wants traffic to be treated, the most direct first.
    Category {
        Optimize = "Optimize",
        Allow = "Allow",
        Default = "Default",
    }
}

/// A part of Microsoft 365 as the web service names it: `Exchange`, `SharePoint`, `Skype`, `Common` or
/// `MEM`; others may come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceArea(String);

impl ServiceArea {
    /// # Errors
    /// When `text` is not one word of at most 20 ASCII letters and digits that starts with a letter.
    pub fn parse(text: &str) -> Result<Self, String> {
        /// Longer than any, and short enough to be a part of a key.
        const LONGEST: usize = 20;
        let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if is_word && text.len() <= LONGEST {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "`{}` is not a service area such as `Exchange`",
                text.escape_debug()
            ))
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ServiceArea {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
