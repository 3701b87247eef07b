//! The customer's side: the user's own word, and only that.

use std::collections::BTreeMap;

use super::{Assessor, by_key};
use crate::catalogue::Kind;
use crate::catalogue::network::is_every;
use crate::error::quoted;
use crate::verify::opening::{Firewall, Remote, Wanted};
use crate::verify::plan::expected::Expected;
use crate::verify::plan::reading::{self, CHANGED, Local};
use crate::verify::plan::supply::Supply;
use crate::verify::plan::{obstacle, read, shown};

impl Assessor<'_> {
    /// The customer's side: given, and not Microsoft's.
    pub(super) fn locals(&mut self, locals: &[Local], supply: &Supply<'_>, expected: &Expected) {
        let refs: Vec<&Wanted> = expected.wanted.iter().collect();
        let asked = by_key(&refs);
        let mut firsts: BTreeMap<(&str, &str), &Local> = BTreeMap::new();
        for local in locals {
            let kind = reading::kind(&local.row);
            let argument = match (local.attribute, self.place.firewall, kind) {
                ("local_addresses", Firewall::AzureNsg, Some(Kind::Ipv6)) => "local_addresses_ipv6",
                (attribute, _, _) => attribute,
            };
            let role = reading::role(&local.row);
            let Some(values) = &local.values else {
                let text = format!("which of your hosts are `{role}`: unknown until apply (yours)");
                self.assessment.outside.value(text, false);
                continue;
            };
            let given = shown(&quoted(values));
            let mut whys = Vec::new();
            if argument.starts_with("local_addresses") {
                let asked = asked.get(local.row.as_str()).map(|row| &row.opening.remote);
                whys.extend(not_local(
                    values,
                    argument,
                    asked.filter(|_| !supply.is_told()),
                ));
            }
            match supply.local(argument, role) {
                Some(other) if other != *values => whys.push(format!(
                    "your side is {given}, and `{argument}` gives {} to `{role}`",
                    shown(&quoted(&other))
                )),
                Some(_) => {}
                None => {
                    let first = firsts.entry((role, argument)).or_insert(local);
                    if first.values != local.values {
                        whys.push(format!(
                            "your side is {given}, and in `{}` another one",
                            first.row
                        ));
                    }
                }
            }
            for why in whys {
                self.assessment.obstacles.push(obstacle(
                    &local.address,
                    Some(&local.row),
                    why,
                    CHANGED,
                ));
            }
            let text = format!(
                "which of your hosts are `{role}`: {} (yours)",
                brief(values)
            );
            self.assessment.outside.value(text, false);
        }
    }
}

/// Why `values` can't be the customer's side: anywhere, another family, or Microsoft's own.
fn not_local(values: &[String], argument: &str, remote: Option<&Remote>) -> Vec<String> {
    let own_kind = if argument.ends_with("_ipv6") {
        Kind::Ipv6
    } else {
        Kind::Ipv4
    };
    let mut whys = Vec::new();
    for value in values {
        let shown = value.escape_debug();
        let networks = read::networks(value).unwrap_or_default();
        let [network] = networks[..] else {
            whys.push(format!("your side has `{shown}`, which is no address"));
            continue;
        };
        if is_every(&network) || Kind::of(&network) != own_kind {
            whys.push(format!(
                "your side has `{shown}`, which our module never takes there"
            ));
        }
        if let Some(Remote::Networks(theirs)) = remote
            && theirs
                .iter()
                .filter(|their| !is_every(their))
                .any(|their| their.contains(&network) || network.contains(their))
        {
            whys.push(format!("your side has `{shown}`, which is Microsoft's"));
        }
    }
    whys
}

fn brief(values: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = values
        .iter()
        .take(SHOWN)
        .map(|value| value.escape_debug().to_string())
        .collect();
    match values.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
