//! Host names, with the wildcards and templates that Microsoft publishes.

use std::fmt;

/// A host name, a name with wildcards (`*.contoso.com`, `*cdn.onenote.net`,
/// `autodiscover.*.onmicrosoft.com`), or a template that only the customer can fill
/// (`<email_domain>.outlookmobile.com`). Always lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern(String);

impl HostPattern {
    /// # Errors
    /// When `text` is not a host name: a URL, a path, a port, an address, or characters that no
    /// host name has.
    pub fn parse(text: &str) -> Result<Self, String> {
        match defect(text) {
            None => Ok(Self(text.to_owned())),
            Some(why) => Err(format!(
                "`{}` is not a host name: {why}",
                text.escape_debug()
            )),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name between `<` and `>`, where only the customer knows what stands there.
    #[must_use]
    pub fn placeholder(&self) -> Option<&str> {
        let start = self.0.find('<')?;
        let end = self.0.find('>')?;
        self.0.get(start + 1..end)
    }

    /// Whether every host that `other` names is also named by this pattern, as `*.windows.net`
    /// names `login.windows.net`. Only a leading `*.` is looked at; other wildcards cover nothing
    /// but themselves.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self == other
            || self
                .0
                .strip_prefix('*')
                .filter(|suffix| suffix.starts_with('.') && !suffix.contains('*'))
                .is_some_and(|suffix| other.0.len() > suffix.len() && other.0.ends_with(suffix))
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for HostPattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// RFC 1035: 253 characters in all, 63 a label.
const MAX_HOST: usize = 253;
const MAX_LABEL: usize = 63;

fn defect(text: &str) -> Option<&'static str> {
    let labels: Vec<&str> = text.split('.').collect();
    let top = labels.last().copied().unwrap_or_default();
    if text.len() > MAX_HOST {
        Some("longer than 253 characters")
    } else if text.contains("://") || text.contains('/') {
        Some("a firewall sees the host only, so leave scheme and path out")
    } else if text.contains(':') {
        Some("ports stand in their own field")
    } else if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Some("host names are written in lower case")
    } else if labels.len() < 2 {
        Some("it has no dot")
    } else if !top.starts_with(|c: char| c.is_ascii_lowercase()) || top.contains(['*', '<']) {
        Some("its last label is not a top-level domain")
    } else if !labels.iter().all(|label| is_label(label)) {
        Some("each label is made of letters, digits, `-`, `_`, one `*` or one `<placeholder>`")
    } else if labels[labels.len() - 2] == "*" {
        Some("it names every host of a top-level domain")
    } else {
        None
    }
}

fn is_label(label: &str) -> bool {
    let plain = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    };
    let placeholder = label
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    if let Some(name) = placeholder {
        return !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    }
    !label.is_empty()
        && label.len() <= MAX_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.matches('*').count() <= 1
        && label.split('*').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_and_templates_that_microsoft_publishes_are_hosts() {
        for text in [
            "outlook.office365.com",
            "*.um.outlook.com",
            "*cdn.onenote.net",
            "autodiscover.*.onmicrosoft.com",
            "*-files.sharepoint.com",
            "<email_domain>.outlookmobile.com",
            "alt1-mtalk.google.com",
            "az416426.vo.msecnd.net",
        ] {
            assert_eq!(HostPattern::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "localhost",
            "*",
            "*.com",
            "*.*.com",
            "https://a.b.com",
            "a.b.com/path",
            "a.b.com:443",
            "A.B.com",
            "10.0.0.1",
            "a..com",
            "-a.com",
            "a b.com",
            "a.com\n",
            "${x}.com",
            "<>.a.com",
            "<a>b.c.com",
            "a.**b.com",
            "ä.com",
        ] {
            assert!(HostPattern::parse(text).is_err(), "{text:?} was let in");
        }
    }

    #[test]
    fn a_leading_wildcard_covers_what_is_below_it_and_not_its_own_parent() {
        let host = |text| HostPattern::parse(text).unwrap();
        assert!(host("*.windows.net").covers(&host("login.windows.net")));
        assert!(host("*.windows.net").covers(&host("*.blob.core.windows.net")));
        assert!(!host("*.windows.net").covers(&host("windows.net")));
        assert!(!host("*.windows.net").covers(&host("badwindows.net")));
        assert!(!host("*cdn.onenote.net").covers(&host("acdn.onenote.net")));
    }
}
