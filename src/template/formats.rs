//! The formats that are part of the program.

use super::{Format, Output};
use crate::catalogue::{Direction, Kind};
use crate::permit::Form;
use crate::recipient::{EVERY_NAME, Expresses, HostRules, Services, Wildcards};

/// Every format, in the order in which they are listed.
pub static FORMATS: &[Format] = &[
    Format {
        name: "nftables",
        title: "nftables",
        expresses: Expresses {
            networks: &[Kind::Ipv4, Kind::Ipv6],
            hosts: &[],
            service_tags: false,
            ranges: true,
        },
        output: Output::Whole("rules.nft"),
        text: include_str!("formats/nftables.hbs"),
        caveats: &[
            "An nftables chain here accepts new connections only as it is jumped to: replies (`ct state established,related accept`) and what is dropped stand in a chain of your own.",
        ],
        usage: "`nft -f rules.nft` fills a chain of the table `inet filter` that is called after cloud and traffic, and can be run again after each change. Jump to it from a chain of your own, and fill the sets of your hosts and ranges: the file's head says how. A set that is empty lets nothing through.",
    },
    Format {
        name: "edl",
        title: "a list that firewalls poll",
        expresses: Expresses {
            networks: &[Kind::Ipv4, Kind::Ipv6],
            hosts: &[EVERY_NAME],
            service_tags: false,
            ranges: false,
        },
        output: Output::EachPermit("txt"),
        text: include_str!("formats/edl.hbs"),
        caveats: &[
            "A list says nothing of direction, hosts and ports: the rule that names it has to.",
        ],
        usage: "One list for each entry of the table \"What is open\", called after its key: networks or host names, one a line, after two lines of comment that begin with `#`. Serve the folder over HTTPS, and name a list in a rule with the direction, hosts, protocol and ports of its entry. Names stand as Microsoft states them: check how your firewall reads a `*`.",
    },
    Format {
        name: "cisco-asa",
        title: "a Cisco ASA",
        expresses: Expresses {
            networks: &[Kind::Ipv4, Kind::Ipv6],
            hosts: &[HostRules {
                form: Form::Stated,
                directions: Direction::ALL,
                services: Services::All,
                wildcards: Wildcards::Nowhere,
                remark: Some(
                    "are looked up by the firewall, and what else answers at their addresses is open too",
                ),
                plain_ports: &[],
                source: Some(
                    "https://www.cisco.com/c/en/us/td/docs/security/asa/asa920/configuration/firewall/asa-920-firewall-config/access-objects.html",
                ),
            }],
            service_tags: false,
            ranges: true,
        },
        output: Output::Whole("rules.txt"),
        text: include_str!("formats/cisco-asa.hbs"),
        caveats: &[
            "A Cisco ASA needs DNS servers of its own (`dns domain-lookup`) for objects with names, and a paste takes nothing away.",
        ],
        usage: "Object groups and an access list for each direction, to be pasted after the object groups of your hosts and ranges, whose names stand in the file's head. A paste adds: what a newer file no longer has is taken out by hand, with `no` before its line; Git shows which lines those are.",
    },
];
