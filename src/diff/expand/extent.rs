//! How much of a source is compared: all of it, or what a folder's options ask for.

use std::collections::BTreeSet;
use std::fmt;

use crate::catalogue::{Cloud, EndpointSet, SetKey, Traffic};
use crate::error::quoted;
use crate::options::{ALL, DEFAULT_CLOUDS, DEFAULT_TRAFFICS, Scope, Words};
use crate::select::clouds;

/// Which clouds, traffics and sets are compared, and what is let in beyond what is open by default.
#[derive(Debug, Clone)]
pub struct Extent {
    clouds: Vec<Cloud>,
    traffics: Vec<Traffic>,
    /// Keys as the folder has them, which the other side may not know. Empty: all of them.
    sets: BTreeSet<String>,
    exclude_sets: BTreeSet<String>,
    pub(super) infer: Scope,
    pub(super) include_retired: Scope,
}

impl Default for Extent {
    fn default() -> Self {
        Self {
            clouds: Cloud::ALL.to_vec(),
            traffics: Traffic::ALL.to_vec(),
            sets: BTreeSet::new(),
            exclude_sets: BTreeSet::new(),
            infer: Scope::None,
            include_retired: Scope::None,
        }
    }
}

impl Extent {
    /// What the options `words` of a folder ask for.
    #[must_use]
    pub fn of(words: &Words) -> Self {
        let list = |words: &Option<Vec<String>>| words.iter().flatten().cloned().collect();
        let clouds = words.cloud.iter().flatten();
        let traffics = words.traffic.iter().flatten();
        Self {
            clouds: match words.cloud {
                Some(_) => clouds.filter_map(|word| Cloud::parse(word)).collect(),
                None => DEFAULT_CLOUDS.to_vec(),
            },
            traffics: match words.traffic {
                Some(_) => traffics.filter_map(|word| Traffic::parse(word)).collect(),
                None => DEFAULT_TRAFFICS.to_vec(),
            },
            sets: list(&words.set),
            exclude_sets: list(&words.exclude_set),
            infer: scope(words.infer.as_deref()),
            include_retired: scope(words.include_retired.as_deref()),
        }
    }

    /// Whether anything of `set` is compared.
    #[must_use]
    pub fn takes(&self, set: &EndpointSet) -> bool {
        let key = set.key.as_str();
        (self.sets.is_empty() || self.sets.contains(key))
            && !self.exclude_sets.contains(key)
            && self.traffics.contains(&set.traffic)
            && clouds(set).into_iter().any(|cloud| self.has(cloud))
    }

    /// Whether `cloud` is compared.
    #[must_use]
    pub fn has(&self, cloud: Cloud) -> bool {
        self.clouds.contains(&cloud)
    }
}

fn scope(words: Option<&[String]>) -> Scope {
    let Some(words) = words else {
        return Scope::None;
    };
    if words.iter().any(|word| word == ALL) {
        return Scope::All;
    }
    let keys = words.iter().filter_map(|word| SetKey::parse(word).ok());
    Scope::Only(keys.collect())
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sets = |sets: &BTreeSet<String>| quoted(&sets.iter().collect::<Vec<_>>());
        write!(f, "clouds {}", quoted(&self.clouds))?;
        write!(f, "; traffic {}", quoted(&self.traffics))?;
        if !self.sets.is_empty() {
            write!(f, "; only the sets {}", sets(&self.sets))?;
        }
        if !self.exclude_sets.is_empty() {
            write!(f, "; without {}", sets(&self.exclude_sets))?;
        }
        for (scope, what) in [
            (&self.infer, "inferred facts"),
            (&self.include_retired, "services that have ended"),
        ] {
            match scope {
                Scope::None => {}
                Scope::All => write!(f, "; {what} let in")?,
                Scope::Only(keys) => {
                    let keys: Vec<&SetKey> = keys.iter().collect();
                    write!(f, "; {what} let in for {}", quoted(&keys))?;
                }
            }
        }
        Ok(())
    }
}
