//! A rule of Suricata's, read as strictly as our module writes it.

use crate::catalogue::{Direction, HostPattern, PortRange, Protocol};

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The row's key.
    pub row: &'a str,
    /// Its own number.
    pub sid: &'a str,
    pub direction: Direction,
    pub of: Of,
    pub part: Part,
    pub port: PortRange,
    /// The names of the sets of addresses on the customer's side.
    pub local: Vec<&'a str>,
    /// That on Microsoft's side; `None`: any.
    pub remote: Option<&'a str>,
}

/// What a rule looks at.
#[derive(Debug, PartialEq, Eq)]
pub enum Of {
    /// Each packet.
    Packets(Protocol),
    /// The name that a client asks for: of TLS, or of HTTP where that is set.
    Host(HostPattern, bool),
}

/// Which packets of a connection a rule lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Opens,
    Replies,
}

/// Reads `pass tcp $A any -> $B 443 (flow:to_server; msg:"a.b.ipv4"; sid:1; rev:1;)`.
///
/// # Errors
/// When our module would not write that line.
pub fn line(text: &str) -> Result<Line<'_>, &'static str> {
    const FORM: &str = "it is not of the form that our module writes";
    let (head, options) = text.split_once(" (").ok_or(FORM)?;
    let options = options.strip_suffix(";)").ok_or(FORM)?;
    let words: Vec<&str> = head.split(' ').collect();
    let [
        action,
        protocol,
        source,
        source_port,
        arrow,
        destination,
        destination_port,
    ] = words[..]
    else {
        return Err(FORM);
    };
    if (action, arrow) != ("pass", "->") {
        return Err("our module writes `pass` and `->` alone");
    }
    let (options, numbers) = options.rsplit_once("; sid:").ok_or(FORM)?;
    let sid = numbers.strip_suffix("; rev:1").ok_or(FORM)?;
    if sid.is_empty() || !sid.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FORM);
    }
    let (options, row) = options.rsplit_once("msg:\"").ok_or(FORM)?;
    let row = row.strip_suffix('"').ok_or(FORM)?;
    let is_key =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    if row.is_empty() || !row.bytes().all(is_key) {
        return Err("its `msg` is no row's key");
    }
    let (of, half) = match protocol {
        "tcp" | "udp" => {
            let protocol = Protocol::parse(protocol).ok_or(FORM)?;
            let half = match options {
                "flow:to_server; " => Part::Opens,
                "flow:to_client; " => Part::Replies,
                _ => return Err("its options are not those that our module writes"),
            };
            (Of::Packets(protocol), half)
        }
        "tls" | "http" => {
            let host = host(options, protocol == "http")
                .ok_or("its options are not those that our module writes for a name")?;
            (Of::Host(host, protocol == "http"), Part::Opens)
        }
        _ => return Err("our module writes no rule of that protocol"),
    };
    let (client, server, port) = match (half, source_port, destination_port) {
        (Part::Opens, "any", port) => (source, destination, port),
        (Part::Replies, port, "any") => (destination, source, port),
        _ => return Err("its ports are not on the server's side alone"),
    };
    let port = self::port(port).ok_or("its port is none that our module writes")?;
    if let Of::Host(_, is_http) = of
        && is_http != (port == PortRange::HTTP)
    {
        return Err(
            "our module looks for the names of HTTP on port 80, and elsewhere for those of TLS",
        );
    }
    let (direction, local, remote) = if is_local(client) {
        (Direction::Outbound, client, server)
    } else {
        (Direction::Inbound, server, client)
    };
    let local = sides(local).ok_or("your side is no set of addresses")?;
    let remote = match (remote, &of) {
        ("any", Of::Host(..)) => None,
        (remote, Of::Packets(_)) => Some(
            remote
                .strip_prefix('$')
                .ok_or("Microsoft's side is no set of addresses")?,
        ),
        _ => return Err("Microsoft's side of a name is not `any`"),
    };
    if local.len() > 1 && matches!(of, Of::Packets(_)) {
        return Err("your side is more than one set of addresses");
    }
    Ok(Line {
        row,
        sid,
        direction,
        of,
        part: half,
        port,
        local,
        remote,
    })
}

/// The customer's sides are the roles'.
fn is_local(side: &str) -> bool {
    side.starts_with("$ROLE_") || side.starts_with("[$ROLE_")
}

/// `$A`, or `[$A,$B]`.
fn sides(text: &str) -> Option<Vec<&str>> {
    let list = match text.strip_prefix('[') {
        Some(list) => list.strip_suffix(']').filter(|list| list.contains(','))?,
        None => text,
    };
    let names: Option<Vec<&str>> = list.split(',').map(|name| name.strip_prefix('$')).collect();
    names.filter(|names| names.len() <= 2)
}

/// `443`, or `50000:59999`.
fn port(text: &str) -> Option<PortRange> {
    if text.contains('-') {
        return None;
    }
    PortRange::parse(&text.replacen(':', "-", 1)).ok()
}

/// The name that exactly these options match: the one whose options they are.
fn host(options: &str, is_http: bool) -> Option<HostPattern> {
    let contents: Vec<&str> = options
        .split("content:\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .collect();
    let mut candidates = Vec::new();
    match contents[..] {
        [content] => candidates.extend([content.to_owned(), format!("*{content}")]),
        [first, last] => candidates.push(format!("{first}*{last}")),
        _ => {}
    }
    // What stands between several wildcards is only in the expression.
    if let Some(pattern) = pattern(options) {
        candidates.push(pattern);
    }
    candidates.into_iter().find_map(|candidate| {
        let host = HostPattern::parse(&candidate).ok()?;
        (expected(host.as_str(), is_http) == options).then_some(host)
    })
}

/// The name that the regular expression in `options` was made of.
fn pattern(options: &str) -> Option<String> {
    let (_, rest) = options.split_once("pcre:\"/^")?;
    let (pattern, _) = rest.split_once("$/")?;
    let pattern = pattern.replace("[^.]+", "*").replace("\\.", ".");
    let start = pattern
        .strip_prefix(".+")
        .or_else(|| pattern.strip_prefix(".*"));
    Some(start.map_or_else(|| pattern.clone(), |rest| format!("*{rest}")))
}

/// The options that our module writes for a name.
fn expected(host: &str, is_http: bool) -> String {
    // Suricata makes a host of HTTP lower-case.
    let (buffer, is_nocase) = if is_http {
        ("http.host;", false)
    } else {
        ("tls.sni;", true)
    };
    let fixed: Vec<&str> = host.split('*').collect();
    let (first, last) = (fixed[0], fixed[fixed.len() - 1]);
    let is_suffix = fixed.len() == 2 && first.is_empty();
    let is_below = host.starts_with("*.");
    let nocase = is_nocase.then(|| "nocase;".to_owned());
    let mut options = vec![buffer.to_owned()];
    if fixed.len() == 1 {
        options.push(format!("content:\"{host}\"; startswith; endswith;"));
    } else {
        if !first.is_empty() {
            options.push(format!("content:\"{first}\"; startswith;"));
            options.extend(nocase.clone());
        }
        options.push(format!("content:\"{last}\"; endswith;"));
    }
    options.extend(nocase);
    if is_suffix && is_below {
        options.push(format!("bsize:>{};", last.len()));
    }
    if fixed.len() > 1 && !is_suffix {
        let start = match (host.starts_with('*'), is_below) {
            (true, true) => ".+",
            (true, false) => ".*",
            _ => "",
        };
        let rest = host.strip_prefix('*').unwrap_or(host);
        let rest = rest.replace('.', "\\.").replace('*', "[^.]+");
        let insensitive = if is_nocase { "i" } else { "" };
        options.push(format!("pcre:\"/^{start}{rest}$/{insensitive}\";"));
    }
    options.push("flow:to_server,established; ".to_owned());
    options.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(options: &str) -> String {
        format!("pass tls $ROLE_A any -> any 443 ({options} msg:\"set.a.fqdn\"; sid:7; rev:1;)")
    }

    #[test]
    fn a_name_is_read_back_from_what_matches_it_and_nothing_else() {
        for host in [
            "login.windows.net",
            "*.windows.net",
            "*cdn.onenote.net",
            "autodiscover.*.onmicrosoft.com",
            "*.a.*.onmicrosoft.com",
            "a.*.b.*.onmicrosoft.com",
        ] {
            for is_http in [false, true] {
                let options = expected(host, is_http);
                let found = self::host(&options, is_http).map(|host| host.to_string());
                assert_eq!(found.as_deref(), Some(host), "{options}");
                assert_eq!(self::host(&options, !is_http), None);
                assert_eq!(
                    self::host(&options.replace("endswith; ", ""), is_http),
                    None
                );
            }
        }
    }

    #[test]
    fn whatever_our_module_does_not_write_is_refused() {
        let good = "tls.sni; content:\".windows.net\"; endswith; nocase; bsize:>12; flow:to_server,established;";
        assert!(line(&tls(good)).is_ok());
        for bad in [
            tls(&good.replace("bsize:>12; ", "")),
            tls(&good.replace(",established", "")),
            tls(&format!("{good} noalert;")),
            tls(good).replace("pass", "alert"),
            tls(good).replace("-> any", "-> $ROW_X"),
            tls(good).replace("->", "<>"),
            tls(good).replace("$ROLE_A any", "any any"),
            tls(good).replace("any 443", "any any"),
            tls(good).replace("any 443", "any !443"),
            tls(good).replace("set.a.fqdn", "set\\\";a"),
            format!("{} pass ip any any -> any any (sid:1; rev:1;)", tls(good)),
            "pass tcp any any -> $ROLE_A 443 (flow:to_server; msg:\"a.b.ipv4\"; sid:1; rev:1;)"
                .to_owned(),
            "pass tcp $ROW_A any <> $ROLE_A 443 (flow:to_server; msg:\"a.b.ipv4\"; sid:1; rev:1;)"
                .to_owned(),
            String::new(),
            "#".to_owned(),
        ] {
            assert!(line(&bad).is_err(), "{bad}");
        }
    }
}
