//! Azure's names for the addresses of its services.

use std::fmt;

/// The name of a group of addresses that Azure keeps, such as `AzureActiveDirectory` or
/// `Storage.WestEurope`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceTag(String);

/// Tags that say where traffic comes from or goes to, not which service it belongs to
/// (<https://learn.microsoft.com/azure/virtual-network/service-tags-overview>).
const NO_SERVICES: [&str; 3] = ["AzureLoadBalancer", "Internet", "VirtualNetwork"];

impl ServiceTag {
    /// # Errors
    /// When `text` is no word that Azure could have as a tag, or one that names no service.
    pub fn parse(text: &str) -> Result<Self, String> {
        let word = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let parts: Vec<&str> = text.split('.').collect();
        let shown = text.escape_debug();
        if parts.len() > 2 || text.len() > MAX_TAG || !parts.into_iter().all(word) {
            return Err(format!(
                "`{shown}` is not a service tag such as `AzureActiveDirectory` or `Storage.WestEurope`"
            ));
        }
        let service = text.split('.').next().unwrap_or_default();
        if NO_SERVICES
            .iter()
            .any(|tag| tag.eq_ignore_ascii_case(service))
        {
            return Err(format!(
                "`{shown}` stands for a place and for no service; `any` opens to anywhere, and says so"
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Longer than any tag of Azure's, and short enough for a table's cell.
const MAX_TAG: usize = 80;

impl fmt::Display for ServiceTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
