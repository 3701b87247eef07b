//! Names that are keys of something: checked once, then passed around as types.

use std::fmt;

/// A closed list of words, each with the text it has in files and on the command line.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant,)+ }

        impl $name {
            /// Every word, in the order in which things are listed.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word itself.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The word that `text` is, if it is one.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use vocabulary;

/// A name of an open list, made of words joined by `$separator`.
macro_rules! name {
    ($(#[$meta:meta])* $name:ident, $separator:literal, $example:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// # Errors
            /// When `text` has anything but lower-case words and digits joined by single separators,
            /// does not start with a letter, or is longer than 60 bytes.
            pub fn parse(text: &str) -> Result<Self, String> {
                if is_name(text, $separator) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(format!(
                        "`{}` is not a name such as `{}`: lower-case letters and digits joined by `{}`, at most {MAX_NAME} characters",
                        text.escape_debug(), $example, $separator
                    ))
                }
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

/// Longest name, in bytes: two of them and a role still fit Azure's 80 characters in most cases,
/// and the target's own limit refuses the rest by name.
const MAX_NAME: usize = 60;

name!(
    /// What an endpoint set is known by, whatever row it stands in.
    SetKey, '-', "graph-change-notifications"
);
name!(
    /// What tells a set's flows apart.
    FlowId, '-', "media-udp"
);
name!(
    /// Which of the customer's hosts a flow concerns.
    Role, '_', "exchange_server"
);
name!(
    /// Networks under a name.
    RangeName, '_', "exchange_online"
);

/// Whether a file of this name is a device on Windows, whatever ends it.
#[must_use]
pub fn is_device(file: &str) -> bool {
    let stem = file
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let numbered = ["com", "lpt"]
        .iter()
        .find_map(|port| stem.strip_prefix(port));
    let is_port =
        numbered.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()));
    is_port || ["aux", "con", "nul", "prn"].contains(&stem.as_str())
}

fn is_name(text: &str, separator: char) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    text.len() <= MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split(separator).all(word)
}
