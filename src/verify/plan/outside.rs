//! What the proof of a plan says nothing about: what users supply, and what they don't.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Kind;
use crate::verify::opening::Place;

/// What is outside, in words, as far as it has been met.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// Values of the user's that are every address there is.
    everything: BTreeSet<String>,
    values: BTreeSet<String>,
    remarks: BTreeSet<String>,
    /// What nothing is given for, and over which families: `None` where those don't matter.
    absent: BTreeMap<Place, BTreeMap<String, BTreeSet<Option<Kind>>>>,
}

impl Outside {
    /// Says what stands for a role or a range.
    pub fn value(&mut self, text: String, is_everything: bool) {
        if is_everything {
            self.everything
                .insert(format!("OPEN TO ANYWHERE by your own value: {text}"));
        } else {
            self.values.insert(text);
        }
    }

    /// Says that nothing is given for `what`.
    pub fn absent(&mut self, place: Place, what: String, over: Option<Kind>) {
        let places = self.absent.entry(place).or_default();
        places.entry(what).or_default().insert(over);
    }

    pub fn remark(&mut self, text: String) {
        self.remarks.insert(text);
    }

    pub fn extend(&mut self, other: Self) {
        self.everything.extend(other.everything);
        self.values.extend(other.values);
        self.remarks.extend(other.remarks);
        for (place, whats) in other.absent {
            for (what, over) in whats {
                self.absent
                    .entry(place)
                    .or_default()
                    .entry(what)
                    .or_default()
                    .extend(over);
            }
        }
    }

    /// All of it, what matters most first.
    #[must_use]
    pub fn into_texts(self) -> Vec<String> {
        let absent = self.absent.into_iter().map(|(place, whats)| {
            let whats: Vec<String> = whats
                .into_iter()
                .map(|(what, over)| families(&what, &over))
                .collect();
            format!(
                "what opens nothing in {place}, because you give nothing for it: {}",
                whats.join(", ")
            )
        });
        let texts = self
            .everything
            .into_iter()
            .chain(self.values)
            .chain(self.remarks);
        texts.chain(absent).collect()
    }
}

fn families(what: &str, over: &BTreeSet<Option<Kind>>) -> String {
    let kinds: Vec<&str> = over.iter().flatten().map(|kind| kind.title()).collect();
    if kinds.is_empty() {
        return what.to_owned();
    }
    format!("{what} over {}", kinds.join(" and "))
}
