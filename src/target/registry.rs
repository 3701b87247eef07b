//! Every target.

use super::{
    AWS_RULES_PER_GROUP, AZURE_PRIORITIES, Argument, Child, File, From, Groups, Limit, Limits,
    Numbers, Quota, Root, Target,
};
use crate::catalogue::{Direction, Kind};
use crate::permit::Form;
use crate::recipient::{EVERY_NAME, Expresses, HostRules, Services, Wildcards};

const AZURE_LIMITS: &str = "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#networking-limits";
const AZURE_NAMES: &str = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork";
const AZURE_RULES: &str =
    "https://learn.microsoft.com/rest/api/virtualnetwork/security-rules/create-or-update";

const AZURE_FIREWALL_LIMITS: &str = "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits";
const AZURE_FIREWALL_NAMES: &str =
    "https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules";
const AZURE_FIREWALL_WILDCARDS: &str = "https://learn.microsoft.com/azure/firewall/firewall-faq";

const AWS_FIREWALL_QUOTAS: &str =
    "https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html";
const AWS_SURICATA: &str =
    "https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html";

const AWS_QUOTAS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups";

/// Files by folder in the repository, each known by its name alone.
macro_rules! files {
    ($($folder:literal: $($name:literal),+);+ $(;)?) => {
        &[$($(File {
            name: $name,
            text: include_str!(concat!("../../", $folder, "/", $name)),
        }),+),+]
    };
}

macro_rules! arguments {
    ($($from:ident $name:literal),+ $(,)?) => {
        &[$(Argument { name: $name, from: From::$from }),+]
    };
}

/// Every target, in the order in which they are listed.
pub static TARGETS: &[Target] = &[
    Target {
        name: "azure-nsg",
        title: "an Azure network security group",
        expresses: Expresses {
            networks: &[Kind::Ipv4, Kind::Ipv6],
            hosts: &[],
            service_tags: true,
            ranges: true,
        },
        quotas: &[],
        limits: Limits {
            priorities: Some(Numbers {
                range: AZURE_PRIORITIES,
                source: AZURE_RULES,
            }),
            rules: Some(Limit {
                most: 1000,
                source: AZURE_LIMITS,
            }),
            addresses: Some(Limit {
                most: 4000,
                source: AZURE_LIMITS,
            }),
            description: Some(Limit {
                most: 140,
                source: AZURE_RULES,
            }),
            name: Some(Limit {
                most: 80,
                source: AZURE_NAMES,
            }),
            networks: None,
            characters: None,
        },
        groups: None,
        slots: false,
        caveats: &[
            "An Azure network security group lets everything out by default (`AllowInternetOutBound`, priority 65001). Outbound rows restrict nothing until a rule of your own denies the rest.",
        ],
        module: files!("modules/azure-nsg": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "local_addresses",
                "local_addresses_ipv6",
                "application_security_group_ids",
                "named_ranges",
                "named_ranges_ipv6",
                "allow_any",
                "priority_offset",
                "name_prefix",
                "network_security_group",
                "network_security_group_name",
                "resource_group_name",
                "location",
                "tags",
            ],
            files: files!(
                "src/render/child/azure-nsg": "variables.tf", "outputs.tf";
                "modules/azure-nsg": "versions.tf";
            ),
        },
        root: Root {
            folder: "azure",
            needs: "your hosts by role (`local_addresses`)",
            files: files!(
                "src/render/root/azure": "main.tf", "variables.tf", "outputs.tf", "versions.tf";
                "src/render/root": "ranges.tf";
            ),
            arguments: arguments!(
                Local "network_security_group",
                Share "local_addresses",
                Share "local_addresses_ipv6",
                Share "application_security_group_ids",
                Share "named_ranges",
                Share "named_ranges_ipv6",
                Share "allow_any",
                Variable "name_prefix",
                Variable "priority_offset",
                Variable "tags",
            ),
            snippet: include_str!("../render/root/azure/snippet.hcl"),
        },
    },
    Target {
        name: "azure-firewall",
        title: "Azure Firewall",
        expresses: Expresses {
            networks: &[Kind::Ipv4],
            hosts: &[
                HostRules {
                    form: Form::Stated,
                    directions: &[Direction::Outbound],
                    services: Services::TcpPorts(&[80, 443]),
                    wildcards: Wildcards::Leading,
                    remark: None,
                    plain_ports: &[],
                    source: Some(AZURE_FIREWALL_WILDCARDS),
                },
                HostRules {
                    form: Form::LookedUp,
                    directions: &[Direction::Outbound],
                    services: Services::All,
                    wildcards: Wildcards::Nowhere,
                    remark: Some(
                        "are looked up by the firewall (its policy needs the DNS proxy), and what else answers at their addresses is open too",
                    ),
                    plain_ports: &[],
                    source: Some(AZURE_FIREWALL_NAMES),
                },
            ],
            service_tags: false,
            ranges: true,
        },
        quotas: &[
            Quota {
                counts: "networks in an IP group",
                limit: Limit {
                    most: 5000,
                    source: AZURE_FIREWALL_LIMITS,
                },
            },
            Quota {
                counts: "IP groups",
                limit: Limit {
                    most: 200,
                    source: AZURE_FIREWALL_LIMITS,
                },
            },
            Quota {
                counts: "pairs of source and destination in network rules",
                limit: Limit {
                    most: 20_000,
                    source: AZURE_FIREWALL_LIMITS,
                },
            },
        ],
        limits: Limits {
            // The order of the rules in their collections; Azure never sees the numbers.
            priorities: Some(Numbers {
                range: AZURE_PRIORITIES,
                source: AZURE_RULES,
            }),
            rules: None,
            addresses: None,
            description: None,
            name: Some(Limit {
                most: 80,
                source: AZURE_NAMES,
            }),
            networks: Some(Limit {
                most: 5000,
                source: AZURE_FIREWALL_LIMITS,
            }),
            characters: None,
        },
        groups: None,
        slots: false,
        caveats: &[
            "Azure Firewall reads a host name from HTTP on port 80 and from TLS (SNI) on port 443; on other ports it looks names up and opens their addresses, which takes the DNS proxy of its policy and hosts that ask the firewall for names. What comes in through its public address takes a DNAT rule of your own.",
        ],
        module: files!("modules/azure-firewall": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "firewall_policy_id",
                "local_addresses",
                "local_ip_group_ids",
                "named_ranges",
                "allow_any",
                "priority",
                "name_prefix",
                "resource_group_name",
                "location",
                "tags",
            ],
            files: files!(
                "src/render/child/azure-firewall": "variables.tf", "outputs.tf";
                "modules/azure-firewall": "versions.tf";
            ),
        },
        root: Root {
            folder: "azure-firewall",
            needs: "your `firewall_policy_id`, your hosts by role (`local_addresses`), and a `resource_group_name` and `location` for IP groups",
            files: files!(
                "src/render/root/azure-firewall": "main.tf", "variables.tf", "ranges.tf", "outputs.tf", "versions.tf";
            ),
            arguments: arguments!(
                Variable "firewall_policy_id",
                Share "local_addresses",
                Share "local_ip_group_ids",
                Share "named_ranges",
                Share "allow_any",
                Variable "priority",
                Variable "name_prefix",
                Variable "resource_group_name",
                Variable "location",
                Variable "tags",
            ),
            snippet: include_str!("../render/root/azure-firewall/snippet.hcl"),
        },
    },
    Target {
        name: "aws-security-group",
        title: "an AWS security group",
        expresses: Expresses {
            networks: &[Kind::Ipv4, Kind::Ipv6],
            hosts: &[],
            service_tags: false,
            ranges: true,
        },
        quotas: &[],
        limits: Limits {
            priorities: None,
            rules: None,
            addresses: None,
            description: None,
            name: None,
            networks: None,
            characters: None,
        },
        groups: Some(Groups {
            rules: AWS_RULES_PER_GROUP,
            per_interface: 5,
            source: AWS_QUOTAS,
        }),
        slots: true,
        caveats: &[
            "A new AWS security group lets nothing in or out but what its rules say, and the groups of a host add up: whatever else its hosts need (DNS, updates, your own clients) stands in groups of yours.",
        ],
        module: files!("modules/aws-security-group": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "roles",
                "vpc_id",
                "named_ranges",
                "named_ranges_ipv6",
                "allow_any",
                "name_prefix",
                "tags",
            ],
            files: files!(
                "src/render/child/aws-security-group": "variables.tf", "outputs.tf";
                "modules/aws-security-group": "versions.tf";
            ),
        },
        root: Root {
            folder: "aws",
            needs: "the `roles` that you have, and a `vpc_id`",
            files: files!(
                "src/render/root/aws": "main.tf", "variables.tf", "outputs.tf", "versions.tf";
                "src/render/root": "ranges.tf";
            ),
            arguments: arguments!(
                Share "roles",
                Variable "vpc_id",
                Share "named_ranges",
                Share "named_ranges_ipv6",
                Share "allow_any",
                Variable "name_prefix",
                Variable "tags",
            ),
            snippet: include_str!("../render/root/aws/snippet.hcl"),
        },
    },
    Target {
        name: "aws-network-firewall",
        title: "AWS Network Firewall",
        expresses: Expresses {
            networks: &[Kind::Ipv4, Kind::Ipv6],
            hosts: &[HostRules {
                form: Form::Stated,
                directions: &[Direction::Outbound],
                services: Services::HttpOrTls,
                wildcards: Wildcards::Anywhere,
                remark: Some(
                    "are read from TLS (SNI), so nothing that speaks otherwise there gets through",
                ),
                plain_ports: &[80, 443],
                source: Some(AWS_SURICATA),
            }],
            service_tags: false,
            ranges: true,
        },
        quotas: &[
            Quota {
                counts: "rules in a firewall policy",
                limit: Limit {
                    most: 30_000,
                    source: AWS_FIREWALL_QUOTAS,
                },
            },
            Quota {
                counts: "bytes of rules in a rule group",
                limit: Limit {
                    most: 2_000_000,
                    source: AWS_FIREWALL_QUOTAS,
                },
            },
            Quota {
                counts: "characters in a rule with its addresses",
                limit: Limit {
                    most: 8192,
                    source: AWS_FIREWALL_QUOTAS,
                },
            },
        ],
        limits: Limits {
            priorities: None,
            rules: None,
            addresses: None,
            description: None,
            name: None,
            networks: None,
            characters: Some(Limit {
                most: 8192,
                source: AWS_FIREWALL_QUOTAS,
            }),
        },
        groups: None,
        slots: false,
        caveats: &[
            "AWS Network Firewall reads a host name from HTTP on port 80 and from TLS (SNI) on every other port: clients that send none don't get through, and a client that asks for an allowed name reaches whatever address it has chosen. Its rules only pass; what restricts is the default action of your firewall policy.",
        ],
        module: files!("modules/aws-network-firewall": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "local_addresses",
                "local_addresses_ipv6",
                "named_ranges",
                "named_ranges_ipv6",
                "allow_any",
                "rule_order",
                "capacity",
                "name_prefix",
                "tags",
            ],
            files: files!(
                "src/render/child/aws-network-firewall": "variables.tf", "outputs.tf";
                "modules/aws-network-firewall": "versions.tf";
            ),
        },
        root: Root {
            folder: "aws-network-firewall",
            needs: "your hosts by role (`local_addresses`), and `capacity`, which can't be changed later",
            files: files!(
                "src/render/root/aws-network-firewall": "main.tf", "variables.tf", "outputs.tf", "versions.tf";
                "src/render/root": "ranges.tf";
            ),
            arguments: arguments!(
                Share "local_addresses",
                Share "local_addresses_ipv6",
                Share "named_ranges",
                Share "named_ranges_ipv6",
                Share "allow_any",
                Variable "rule_order",
                Variable "capacity",
                Variable "name_prefix",
                Variable "tags",
            ),
            snippet: include_str!("../render/root/aws-network-firewall/snippet.hcl"),
        },
    },
    Target {
        name: "generic-firewall",
        title: "any other firewall",
        expresses: Expresses {
            networks: &[Kind::Ipv4, Kind::Ipv6],
            hosts: &[EVERY_NAME],
            service_tags: false,
            ranges: true,
        },
        quotas: &[],
        limits: Limits {
            priorities: None,
            rules: None,
            addresses: None,
            description: None,
            name: None,
            networks: None,
            characters: None,
        },
        groups: None,
        slots: true,
        caveats: &[],
        module: files!("modules/generic-firewall": "main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"),
        child: Child {
            variables: &[
                "roles",
                "named_ranges",
                "named_ranges_ipv6",
                "allow_any",
                "formats",
                "name_prefix",
                "tags",
            ],
            files: files!(
                "src/render/child/generic-firewall": "variables.tf", "outputs.tf";
                "modules/generic-firewall": "versions.tf";
            ),
        },
        root: Root {
            folder: "generic",
            needs: "the `roles` that you have, if not all",
            files: files!(
                "src/render/root/generic": "main.tf", "variables.tf", "outputs.tf", "versions.tf";
                "src/render/root": "ranges.tf";
            ),
            arguments: arguments!(
                Share "roles",
                Share "named_ranges",
                Share "named_ranges_ipv6",
                Share "allow_any",
                Variable "name_prefix",
                Variable "tags",
                Variable "formats",
            ),
            snippet: include_str!("../render/root/generic/snippet.hcl"),
        },
    },
];
