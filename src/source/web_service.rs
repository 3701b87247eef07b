//! The web service's answer to `/endpoints/{instance}`: what renews named ranges, and what becomes a
//! catalogue.

mod doubt;
mod entries;
mod import;
mod renewal;
mod version;

pub use doubt::{doubtful, lost, plausible, suspicious, unfamiliar};
pub use import::{Import, import};
pub use renewal::{Renewed, read, renewal};
pub use version::{is_version, version};

use crate::catalogue::Cloud;

/// The range that the web service's Exchange entries make up.
pub const EXCHANGE_ONLINE: &str = "exchange_online";

/// Where the web service answers.
pub const URL: &str = "https://endpoints.office.com";

/// What a document is called that comes from it.
fn title(cloud: Cloud) -> String {
    format!("Microsoft 365 IP Address and URL web service, {cloud}")
}
