//! Addresses and host names within text, each read whole or refused.

use std::fmt;
use std::ops::Range;

use ipnet::IpNet;

use super::read::Read;
use super::run::{merged, next_run};
use super::scan::Reading;
use super::spans::Spans;
use crate::catalogue::{Endpoints, HostPattern, PortRange};

/// Something that a firewall could be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Network(IpNet),
    Host(HostPattern),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::Host(host) => host.fmt(f),
        }
    }
}

/// The values that `endpoints` lists.
#[must_use]
pub fn values(endpoints: &Endpoints) -> Vec<Value> {
    match endpoints {
        Endpoints::Networks(networks) => networks.iter().copied().map(Value::Network).collect(),
        Endpoints::Hosts(hosts) => hosts.iter().cloned().map(Value::Host).collect(),
        Endpoints::Range(_) => Vec::new(),
    }
}

/// A token of a cell that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Endpoint {
        value: Value,
        port: Option<PortRange>,
        scheme: Option<PortRange>,
        span: Range<usize>,
        /// Whether it stood there otherwise.
        mended: bool,
    },
    Flaw {
        span: Range<usize>,
        why: String,
    },
}

impl Token {
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Endpoint { span, .. } | Self::Flaw { span, .. } => span.clone(),
        }
    }
}

/// Finds every endpoint of `text`, and every token that may have been one, in their order. What belongs
/// to services, and is nothing but a port, is passed over.
#[must_use]
pub fn tokens(text: &str, reading: Reading<'_>, services: &Spans) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(run) = next_run(text, at) {
        at = run.end;
        let run = merged(text, run, reading);
        at = at.max(run.span.end);
        if services.hold(&run.span) {
            continue;
        }
        let read = Read {
            text,
            reading,
            span: run.span.clone(),
            after: tokens.last().map_or(0, |token| token.span().end),
        };
        let token = read.token(&run);
        if let Some(token) = token.and_then(|token| read.checked(token, services)) {
            at = at.max(token.span().end);
            tokens.push(token);
        }
    }
    tokens
}
