//! What is on the other side of a rule, and whether it is anywhere.

use ipnet::IpNet;

use crate::catalogue::Kind;
use crate::catalogue::network::{EVERY_IPV4, EVERY_IPV6, is_every};
use crate::verify::addresses::Addresses;
use crate::verify::plan::json::Json;
use crate::verify::plan::read;

/// What is on the other side of a rule.
#[derive(Debug, Default)]
pub struct Remotes {
    texts: Vec<String>,
    networks: Vec<IpNet>,
    every: bool,
}

impl Remotes {
    /// Adds what a value names, at any depth.
    pub fn add(&mut self, value: &Json) {
        match value {
            Json::Unknown => self.texts.push("what is unknown until apply".to_owned()),
            Json::Text(text) => self.text(text),
            Json::List(list) => list.iter().for_each(|item| self.add(item)),
            Json::Object(object) => object.values().for_each(|value| self.add(value)),
            Json::Bool(true) => self.texts.push("itself".to_owned()),
            Json::Null | Json::Bool(false) | Json::Number(_) => {}
        }
    }

    /// Adds every address that there is.
    pub fn add_everything(&mut self) {
        self.every = true;
        self.texts.push("anywhere".to_owned());
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.texts.push(
            text.chars()
                .take(80)
                .collect::<String>()
                .escape_debug()
                .to_string(),
        );
        let text = text.trim();
        match read::networks(text) {
            Ok(networks) => self.networks.extend(networks),
            Err(_) => {
                self.every |= ["0.0.0.0-255.255.255.255", "any4", "any6", "0/0"].contains(&text);
            }
        }
    }

    /// Whether they are together every address of a family.
    pub fn is_everything(&self) -> bool {
        let family = |kind| {
            let own = self
                .networks
                .iter()
                .filter(move |network| Kind::of(network) == kind);
            Addresses::of(own)
        };
        let covers = |every: IpNet| {
            Addresses::of([&every])
                .without(&family(Kind::of(&every)))
                .is_empty()
        };
        // The first and the last address are how some firewalls write all between.
        let ends = ["0.0.0.0", "255.255.255.255"]
            .iter()
            .all(|end| self.texts.iter().any(|text| text == end));
        self.every
            || ends
            || self.networks.iter().any(is_every)
            || covers(EVERY_IPV4)
            || covers(EVERY_IPV6)
    }

    /// The first of them.
    pub fn shown(&self) -> String {
        const SHOWN: usize = 4;
        if self.texts.is_empty() {
            return "nothing that it names".to_owned();
        }
        let shown = self.texts[..self.texts.len().min(SHOWN)].join(", ");
        match self.texts.len().saturating_sub(SHOWN) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    }
}
