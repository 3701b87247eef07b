//! The generated root of each target, planned and applied once, and what tests hold of them.

use std::sync::LazyLock;

use perimeter365::verify::proof::{Proof, Verdict};
use serde_json::Value;

use super::plans::{Made, findings, obstacles};
use super::terraform::Terraform;

const NETWORKS: &str = r#"
named_ranges = { federation_clients = ["203.0.113.0/24"] }
"#;

/// The generated root of a target, with hosts of several roles.
fn root(target: &str, root: &str, variables: &str) -> Option<Made> {
    let terraform = Terraform::with_stand_ins("plans of the generated roots")?;
    let variables = format!("{variables}\n{NETWORKS}");
    let path = format!("m365/root/{root}/terraform.tfvars");
    Some(Made::of(
        &terraform,
        &format!("--root --target {target}"),
        &[(&path, &variables)],
        &format!("m365/root/{root}"),
    ))
}

pub static AZURE: LazyLock<Option<Made>> = LazyLock::new(|| {
    let hosts = r#"
        resource_group_name = "network"
        location = "westeurope"
        local_addresses = { webhook_receiver = ["10.0.1.0/28"], sts_proxy = ["10.0.2.10"], skype_server = ["10.0.2.0/28"] }
        local_addresses_ipv6 = { webhook_receiver = ["2001:db8:1::/64"] }
    "#;
    root("azure-nsg", "azure", hosts)
});

pub static AZURE_FIREWALL: LazyLock<Option<Made>> = LazyLock::new(|| {
    let hosts = r#"
        firewall_policy_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/hub"
        resource_group_name = "hub"
        location = "westeurope"
        local_addresses = { webhook_receiver = ["10.0.1.0/28"], entra_connect_server = ["10.0.2.4"], sts_proxy = ["10.0.3.4"] }
    "#;
    root("azure-firewall", "azure-firewall", hosts)
});

pub static AWS: LazyLock<Option<Made>> = LazyLock::new(|| {
    let hosts = r#"
        region = "eu-central-1"
        vpc_id = "vpc-0123456789abcdef0"
        roles = ["webhook_receiver", "sts_proxy"]
    "#;
    root("aws-security-group", "aws", hosts)
});

pub static AWS_NETWORK_FIREWALL: LazyLock<Option<Made>> = LazyLock::new(|| {
    let hosts = r#"
        region = "eu-central-1"
        local_addresses = { webhook_receiver = ["10.0.1.0/28"], entra_connect_server = ["10.0.2.4"], sts_proxy = ["10.0.3.4"] }
        local_addresses_ipv6 = { webhook_receiver = ["2001:db8:1::/64"] }
        capacity = 1000
    "#;
    root("aws-network-firewall", "aws-network-firewall", hosts)
});

pub static GENERIC: LazyLock<Option<Made>> =
    LazyLock::new(|| root("generic-firewall", "generic", ""));

pub const ALL: [&LazyLock<Option<Made>>; 5] = [
    &AZURE,
    &AZURE_FIREWALL,
    &AWS,
    &AWS_NETWORK_FIREWALL,
    &GENERIC,
];

/// The proof is one.
#[track_caller]
pub fn is_equal(proof: &Proof) {
    assert_eq!(
        proof.verdict(),
        Verdict::Equal,
        "{:#?}\n{:#?}",
        findings(proof),
        obstacles(proof)
    );
    assert!(!proof.places.is_empty());
}

/// The falsified document is no proof, and what is found names `texts`.
#[track_caller]
pub fn finds(made: &Made, document: &Value, texts: &[&str]) {
    let proof = made.judged(document).proof;
    assert_ne!(proof.verdict(), Verdict::Equal, "{texts:?}");
    let all = [findings(&proof), obstacles(&proof)].concat().join("\n");
    for text in texts {
        assert!(all.contains(text), "no `{text}` in\n{all}");
    }
}
