//! Where facts come from: the binary itself, or a file.

pub mod article;
pub mod catalogues;
pub mod digest;
pub mod embedded;
pub mod facts;
pub mod gather;
pub mod named;
pub mod renew;
pub mod web_service;
