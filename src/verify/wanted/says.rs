//! What each firewall's rules can say, as the modules make them. Stated here a second time and in other words, since a
//! mistake in the table that rows are written by would else prove itself.

use super::choices::Service;
use crate::catalogue::{Direction, HostPattern, Kind, PortRange, Protocol};
use crate::verify::opening::Firewall;

/// Host names in one row: its key's last word, its ports, and the names.
pub struct Words {
    pub word: &'static str,
    pub ports: Vec<PortRange>,
    pub hosts: Vec<HostPattern>,
}

pub const fn filters_by_name(firewall: Firewall) -> bool {
    match firewall {
        Firewall::AzureNsg | Firewall::AwsSecurityGroup => false,
        Firewall::AzureFirewall | Firewall::AwsNetworkFirewall | Firewall::Generic => true,
    }
}

pub const fn filters_family(firewall: Firewall, kind: Kind) -> bool {
    !(matches!(firewall, Firewall::AzureFirewall) && matches!(kind, Kind::Ipv6))
}

/// The rows in which `firewall` says `hosts`; what it can't say is in none.
pub fn names(
    firewall: Firewall,
    direction: Direction,
    service: &Service,
    hosts: &[&HostPattern],
) -> Vec<Words> {
    let tcp = service.protocol == Protocol::Tcp;
    let outbound = direction == Direction::Outbound;
    let ports = |is_said: &dyn Fn(&PortRange) -> bool| -> Vec<PortRange> {
        service
            .ports
            .iter()
            .copied()
            .filter(|port| is_said(port))
            .collect()
    };
    let names = |is_said: &dyn Fn(&str) -> bool| -> Vec<HostPattern> {
        let said = hosts.iter().filter(|host| is_said(host.as_str()));
        said.map(|host| (*host).clone()).collect()
    };
    let words = |word, ports: Vec<PortRange>, hosts: Vec<HostPattern>| Words { word, ports, hosts };
    let all = |_: &str| true;
    let rows = match firewall {
        Firewall::Generic => vec![words("fqdn", service.ports.clone(), names(&all))],
        Firewall::AwsNetworkFirewall if outbound && tcp => {
            // HTTP is read on port 80 alone, TLS on any port but that.
            let readable = |port: &PortRange| {
                let (first, last) = (port.first(), port.last());
                (first, last) == (80, 80) || last < 80 || first > 80
            };
            vec![words("fqdn", ports(&readable), names(&all))]
        }
        Firewall::AzureFirewall if outbound => {
            let is_web = |port: &PortRange| {
                tcp && matches!((port.first(), port.last()), (80, 80) | (443, 443))
            };
            let leading = |host: &str| !host.get(1..).unwrap_or_default().contains('*');
            let plain = |host: &str| !host.contains('*');
            vec![
                words("fqdn", ports(&is_web), names(&leading)),
                words("lookup", ports(&|port| !is_web(port)), names(&plain)),
            ]
        }
        _ => Vec::new(),
    };
    let is_there = |words: &Words| !words.ports.is_empty() && !words.hosts.is_empty();
    rows.into_iter().filter(is_there).collect()
}
