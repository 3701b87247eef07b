//! What a mutation is, and what must be said of it.

use std::ops::RangeInclusive;

use super::base::Base;
use super::dice::Dice;
use super::main_tf::MainTf;
use super::network_lists;

/// A kind of mutation.
pub struct Kind {
    pub name: &'static str,
    pub make: Make,
}

/// How mutations of a kind are made; `None`: there is nothing there to change so.
#[derive(Clone, Copy)]
pub enum Make {
    /// Changes rows and returns the keys of those that it touched. The oracle tells what that means.
    Rows(fn(&mut Dice, &mut MainTf) -> Option<Vec<String>>),
    /// Changes the networks of a row. The oracle tells what that means.
    Networks(network_lists::Change),
    /// Writes the same file otherwise.
    Text(Meaning, fn(&mut Dice, &MainTf) -> Option<Written>),
    /// Writes one of the `calls.tf` otherwise.
    Calls(Meaning, fn(&mut Dice, &str) -> Option<String>),
    /// Changes whatever it likes of a folder.
    Folder(Meaning, fn(&mut Dice, &Base) -> Option<Change>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Terraform would do the same.
    Same,
    /// Terraform would do something else, or nothing.
    Other,
    /// It can't be told from the text what Terraform would do, or need not be.
    Untold,
}

/// A `main.tf` in other words.
#[derive(Default)]
pub struct Written {
    pub text: String,
    /// Those that were changed; empty: none in particular.
    pub lines: Vec<RangeInclusive<usize>>,
    /// The rows that were changed; empty: none in particular.
    pub keys: Vec<String>,
}

impl Written {
    pub fn of(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// What is to be done to a folder.
#[derive(Debug, Default)]
pub struct Change {
    pub edits: Vec<Edit>,
    pub spots: Vec<Spot>,
}

#[derive(Debug)]
pub enum Edit {
    Write(String, String),
    Remove(String),
    /// A symbolic link, and what it leads to.
    Link(String, String),
}

/// A place of which a verdict must say something.
#[derive(Debug)]
pub struct Spot {
    pub file: String,
    /// Any of them; empty: the file is enough.
    pub lines: Vec<RangeInclusive<usize>>,
    /// The keys of the rows that were touched; empty: none in particular.
    pub keys: Vec<String>,
}

impl Change {
    /// Writes `text` to `file`, which must be named.
    pub fn write(file: impl Into<String>, text: impl Into<String>) -> Self {
        let file = file.into();
        Self {
            edits: vec![Edit::Write(file.clone(), text.into())],
            spots: vec![Spot::file(file)],
        }
    }

    pub fn remove(file: impl Into<String>) -> Self {
        let file = file.into();
        Self {
            edits: vec![Edit::Remove(file.clone())],
            spots: vec![Spot::file(file)],
        }
    }
}

impl Spot {
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            lines: Vec::new(),
            keys: Vec::new(),
        }
    }
}
