//! Stands in for the azurerm and aws providers: their schemas, what they refuse, and what their clouds refuse.

pub mod contract;
pub mod provider;
pub mod rpc;

mod aws;
mod azure;
mod cloud;
mod inline;
mod plan;
mod protocol;
mod refusal;
mod schema;
mod value;
