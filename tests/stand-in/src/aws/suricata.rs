//! A rule of Suricata, as far as it takes to refuse what Suricata and Network Firewall refuse.
//!
//! From Suricata's user guide (<https://docs.suricata.io/en/suricata-7.0.10/rules/>), tried with `suricata -T` of 7.0.10,
//! and from <https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-limitations-caveats.html>.

const ACTIONS: [&str; 4] = ["pass", "drop", "reject", "alert"];

/// Some of what a rule can be of: enough for the modules, and for what stands beside them.
const PROTOCOLS: [&str; 9] = [
    "ip", "tcp", "udp", "icmp", "http", "tls", "dns", "ssh", "smtp",
];

/// Not taken by Network Firewall.
const UNSUPPORTED: [&str; 7] = [
    "dataset",
    "datarep",
    "iprep",
    "lua",
    "threshold",
    "detection_filter",
    "filestore",
];

/// Those that say something of the content before them.
const OF_CONTENT: [&str; 6] = [
    "startswith",
    "endswith",
    "nocase",
    "depth",
    "offset",
    "distance",
];

pub struct Rule<'a> {
    /// Source, its port, destination, its port.
    sides: [&'a str; 4],
    options: Vec<(&'a str, &'a str)>,
    pub sid: u32,
}

impl<'a> Rule<'a> {
    /// # Errors
    ///
    /// The reason why it is none.
    pub fn parse(line: &'a str) -> Result<Self, String> {
        let (head, rest) = line.split_once('(').ok_or("it has no options")?;
        let body = rest
            .strip_suffix(')')
            .ok_or("its options have no end")?
            .trim_end();
        let words: Vec<&str> = head.split_whitespace().collect();
        let [action, protocol, source, from, arrow, destination, to] = words[..] else {
            return Err(
                "it must be: action, protocol, source, port, direction, destination, port".into(),
            );
        };
        if !ACTIONS.contains(&action) {
            return Err(format!("unknown action {action}"));
        }
        if !PROTOCOLS.contains(&protocol) {
            return Err(format!("unknown protocol {protocol}"));
        }
        if !matches!(arrow, "->" | "<>") {
            return Err(format!("unknown direction {arrow}"));
        }
        for port in [from, to] {
            check_port(port)?;
        }
        let options = options(body)?;
        check_buffers(&options)?;
        let mut sids = options.iter().filter(|(name, _)| *name == "sid");
        let (Some((_, sid)), None) = (sids.next(), sids.next()) else {
            return Err("it must have one sid".into());
        };
        let sid = sid
            .parse()
            .ok()
            .filter(|sid| *sid > 0)
            .ok_or_else(|| format!("invalid sid {sid}"))?;
        Ok(Self {
            sides: [source, from, destination, to],
            options,
            sid,
        })
    }

    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|(name, _)| *name == option)
    }

    /// The names of the variables in its addresses and ports.
    pub fn variables(&self) -> impl Iterator<Item = &'a str> {
        self.sides
            .into_iter()
            .flat_map(|side| side.trim_matches(['[', ']']).split(','))
            .filter_map(|part| part.trim_start_matches('!').strip_prefix('$'))
    }
}

/// `any`, a variable, a port, or a range such as `5228:5230`.
fn check_port(text: &str) -> Result<(), String> {
    if text == "any" || text.starts_with('$') {
        return Ok(());
    }
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) if first <= last => Ok(()),
        _ => Err(format!("invalid port {text}")),
    }
}

/// Each option with its value, without quotes.
fn options(body: &str) -> Result<Vec<(&str, &str)>, String> {
    let mut options = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let mut is_quoted = false;
        let end = rest
            .find(|one| {
                is_quoted ^= one == '"';
                one == ';' && !is_quoted
            })
            .ok_or("an option has no end")?;
        let (name, value) = rest[..end].split_once(':').unwrap_or((&rest[..end], ""));
        options.push((name.trim(), value.trim().trim_matches('"')));
        rest = rest[end + 1..].trim_start();
    }
    Ok(options)
}

fn check_buffers(options: &[(&str, &str)]) -> Result<(), String> {
    let mut buffer = "";
    let mut has_content = false;
    for (name, value) in options {
        if UNSUPPORTED.contains(name) {
            return Err(format!("{name} is not supported"));
        }
        if matches!(*name, "tls.sni" | "http.host") {
            buffer = name;
            has_content = false;
        }
        if *name == "content" {
            has_content = true;
            if buffer == "http.host" && value.chars().any(|one| one.is_ascii_uppercase()) {
                return Err(format!(
                    "http.host is lower-case, and {value} never matches"
                ));
            }
        }
        if OF_CONTENT.contains(name) && !has_content {
            return Err(format!("{name} needs a preceding content option"));
        }
        if *name == "nocase" && buffer == "http.host" {
            return Err("http.host takes no nocase: it is lower-case already".into());
        }
    }
    Ok(())
}
