//! Port numbers and ranges.

use std::fmt;

/// One port or a range of them, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: u16,
    last: u16,
}

impl PortRange {
    /// The port of HTTP.
    pub const HTTP: Self = Self {
        first: 80,
        last: 80,
    };

    /// The port of HTTPS.
    pub const HTTPS: Self = Self {
        first: 443,
        last: 443,
    };

    /// Reads `443` or `50000-59999`.
    ///
    /// # Errors
    /// When `text` is neither, a port is not from 1 to 65535, or a range runs backwards.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (port(first, text)?, port(last, text)?);
        if text.contains('-') && first >= last {
            return Err(format!(
                "the range `{text}` runs backwards or holds one port; write the lower port first"
            ));
        }
        Ok(Self { first, last })
    }

    /// The ports from `first` to `last`; `None`: they are none, or 0 is among them.
    #[must_use]
    pub const fn of(first: u16, last: u16) -> Option<Self> {
        if first == 0 || last < first {
            return None;
        }
        Some(Self { first, last })
    }

    #[must_use]
    pub const fn first(self) -> u16 {
        self.first
    }

    #[must_use]
    pub const fn last(self) -> u16 {
        self.last
    }

    /// Whether it is one port.
    #[must_use]
    pub const fn is_single(self) -> bool {
        self.first == self.last
    }

    /// Whether every port of `other` is one of these.
    #[must_use]
    pub const fn holds(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_single() {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// Ports as one text, with `separator` between them.
#[must_use]
pub fn joined(ports: &[PortRange], separator: &str) -> String {
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    ports.join(separator)
}

impl serde::Serialize for PortRange {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn port(digits: &str, text: &str) -> Result<u16, String> {
    let canonical = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| canonical).ok_or_else(|| {
        format!(
            "`{}` is not a port: write a number from 1 to 65535, or a range such as `50000-59999`",
            text.escape_debug()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_ranges_read_back_as_written() {
        for text in ["1", "443", "65535", "50000-59999", "1-65535"] {
            assert_eq!(PortRange::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_port_is_refused() {
        for text in [
            "", "0", "65536", "-1", "443-", "-443", "443-80", "443-443", "80,443", "0443", "+443",
            " 443", "https", "1-2-3", "*",
        ] {
            assert!(PortRange::parse(text).is_err(), "{text:?} was let in");
        }
    }
}
