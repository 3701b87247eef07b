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
    /// Those that the folder asks for, whether the other side knows them or not. `None`: all of them.
    sets: Option<BTreeSet<SetKey>>,
    exclude_sets: BTreeSet<SetKey>,
    pub(super) infer: Scope,
    pub(super) include_retired: Scope,
}

impl Default for Extent {
    fn default() -> Self {
        Self {
            clouds: Cloud::ALL.to_vec(),
            traffics: Traffic::ALL.to_vec(),
            sets: None,
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
            sets: words.set.as_deref().map(keys),
            exclude_sets: words.exclude_set.as_deref().map(keys).unwrap_or_default(),
            infer: scope(words.infer.as_deref()),
            include_retired: scope(words.include_retired.as_deref()),
        }
    }

    /// The same without the sets `excluded`, too.
    #[must_use]
    pub fn without(mut self, excluded: impl Iterator<Item = SetKey>) -> Self {
        self.exclude_sets.extend(excluded);
        self
    }

    /// Whether anything of `set` is compared.
    #[must_use]
    pub fn takes(&self, set: &EndpointSet) -> bool {
        let is_named = self
            .sets
            .as_ref()
            .is_none_or(|sets| sets.contains(&set.key));
        is_named
            && !self.exclude_sets.contains(&set.key)
            && self.traffics.contains(&set.traffic)
            && clouds(set).into_iter().any(|cloud| self.has(cloud))
    }

    /// Whether `cloud` is compared.
    #[must_use]
    pub fn has(&self, cloud: Cloud) -> bool {
        self.clouds.contains(&cloud)
    }
}

fn keys(words: &[String]) -> BTreeSet<SetKey> {
    let keys = words.iter().filter_map(|word| SetKey::parse(word).ok());
    keys.collect()
}

fn scope(words: Option<&[String]>) -> Scope {
    match words {
        None => Scope::None,
        Some(words) if words.iter().any(|word| word == ALL) => Scope::All,
        Some(words) => Scope::Only(keys(words)),
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |sets: &BTreeSet<SetKey>| quoted(&sets.iter().collect::<Vec<_>>());
        write!(f, "clouds {}", quoted(&self.clouds))?;
        write!(f, "; traffic {}", quoted(&self.traffics))?;
        if let Some(sets) = &self.sets {
            write!(f, "; only the sets {}", listed(sets))?;
        }
        if !self.exclude_sets.is_empty() {
            write!(f, "; without {}", listed(&self.exclude_sets))?;
        }
        for (scope, what) in [
            (&self.infer, "inferred facts"),
            (&self.include_retired, "services that have ended"),
        ] {
            match scope {
                Scope::None => {}
                Scope::All => write!(f, "; {what} let in")?,
                Scope::Only(keys) => write!(f, "; {what} let in for {}", listed(keys))?,
            }
        }
        Ok(())
    }
}
