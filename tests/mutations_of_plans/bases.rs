//! The roots whose plans and states are mutated.

use std::sync::LazyLock;

use serde_json::Value;

use super::base::{Base, Facts};
use super::resource::resources;
use crate::support::Desk;
use crate::support::plans::{Made, remove};
use crate::support::roots::{AWS, AWS_NETWORK_FIREWALL, AZURE, AZURE_FIREWALL, GENERIC};
use crate::support::terraform::Terraform;

/// Service tags, and names that are open to anywhere.
static TAGGED: LazyLock<Option<Made>> = LazyLock::new(|| {
    let hosts = r#"
        resource_group_name = "network"
        location = "westeurope"
        local_addresses = { entra_connect_server = ["10.0.2.4"], mobile_device = ["10.0.4.0/24"] }
        local_addresses_ipv6 = { entra_connect_server = ["2001:db8::4"] }
    "#;
    let terraform = Terraform::with_stand_ins("mutations of plans")?;
    Some(Made::of(
        &terraform,
        "--root --target azure-nsg --set entra-connect-sync --set teams-mobile-push --hosts entra-connect-sync.sync=service-tag:AzureActiveDirectory --hosts entra-connect-sync.health=any --hosts teams-mobile-push=any",
        &[("m365/root/azure/terraform.tfvars", hosts)],
        "m365/root/azure",
    ))
});

/// Several groups for a role.
static GROUPED: LazyLock<Option<Made>> = LazyLock::new(|| {
    let hosts = r#"
        region = "eu-central-1"
        vpc_id = "vpc-0123456789abcdef0"
        roles  = ["webhook_receiver", "ews_mrs_proxy", "mobile_device"]
    "#;
    let terraform = Terraform::with_stand_ins("mutations of plans")?;
    Some(Made::of(
        &terraform,
        "--root --target aws-security-group --aws-rules-per-group 20",
        &[("m365/root/aws/terraform.tfvars", hosts)],
        "m365/root/aws",
    ))
});

/// Several IP groups.
static IP_GROUPS: LazyLock<Option<Made>> = LazyLock::new(|| {
    let hosts = r#"
        firewall_policy_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/firewallPolicies/hub"
        resource_group_name = "hub"
        location = "westeurope"
        local_addresses = { webhook_receiver = ["10.0.1.0/28"], exchange_server = ["10.0.5.4"], ews_mrs_proxy = ["10.0.6.4"], mobile_device = ["10.0.4.0/24"] }
    "#;
    let terraform = Terraform::with_stand_ins("mutations of plans")?;
    Some(Made::of(
        &terraform,
        "--root --target azure-firewall",
        &[("m365/root/azure-firewall/terraform.tfvars", hosts)],
        "m365/root/azure-firewall",
    ))
});

/// Names with something in their midst that stands for any label, which only a regular expression matches.
static NAMED: LazyLock<Option<Made>> = LazyLock::new(|| {
    let overlay = r#"{
        "schema": 1,
        "title": "Names",
        "roles": { "badge_printer": "Printers for visitors' badges" },
        "sets": [{
            "key": "visitor-badges",
            "title": "Badges for visitors",
            "traffic": "outbound-server-only",
            "flows": [{
                "direction": { "value": "outbound", "basis": "stated" },
                "roles": ["badge_printer"],
                "protocol": { "value": "tcp", "basis": "stated" },
                "ports": { "value": ["80", "443"], "basis": "stated" },
                "remotes": [{
                    "clouds": { "value": ["worldwide"], "basis": "stated" },
                    "hosts": { "value": ["*.print.*.contoso.com", "badges.*.contoso.com"], "basis": "stated" }
                }]
            }]
        }]
    }"#;
    let hosts = r#"
        region = "eu-central-1"
        local_addresses = { badge_printer = ["10.0.8.0/28"] }
        capacity = 1000
    "#;
    let terraform = Terraform::with_stand_ins("mutations of plans")?;
    let desk = Desk::new();
    desk.write("overlay.json", overlay);
    let overlay = desk.file("overlay.json");
    Some(Made::of(
        &terraform,
        &format!(
            "--root --target aws-network-firewall --set visitor-badges --overlay {}",
            overlay.display()
        ),
        &[("m365/root/aws-network-firewall/terraform.tfvars", hosts)],
        "m365/root/aws-network-firewall",
    ))
});

/// A root of the user's own, which calls a module for each of something, with a range that is computed.
static OWN: LazyLock<Option<Made>> = LazyLock::new(|| {
    let root = r#"
provider "azurerm" {
  features {}
}

module "sites" {
  source   = "./site"
  for_each = { "a.b" = ["10.0.0.4"], "c]\"d" = ["10.0.0.5"] }
  hosts    = each.value
}
"#;
    let site = r#"
variable "hosts" {
  type = list(string)
}

module "inbound" {
  source = "../../m365/worldwide/inbound-hybrid-server/azure-nsg"

  resource_group_name         = "network"
  location                    = "westeurope"
  network_security_group_name = "group-${var.hosts[0]}"
  priority_offset             = 500
  name_prefix                 = "worldwide."
  local_addresses             = { sts_proxy = var.hosts, webhook_receiver = [for host in var.hosts : host] }
  named_ranges                = { federation_clients = [terraform_data.range.output] }
}

resource "terraform_data" "range" {
  input = "203.0.113.0/24"
}
"#;
    let terraform = Terraform::with_stand_ins("mutations of plans")?;
    Some(Made::of(
        &terraform,
        "--target azure-nsg --set federation-sts --set graph-change-notifications",
        &[("team/main.tf", root), ("team/site/main.tf", site)],
        "team",
    ))
});

type Root = (
    &'static str,
    &'static LazyLock<Option<Made>>,
    &'static [&'static str],
);

const ROOTS: [Root; 10] = [
    (
        "azure-nsg",
        &AZURE,
        &["10.0.1.0/28", "10.0.2.10", "10.0.2.0/28", "2001:db8:1::/64"],
    ),
    (
        "azure-firewall",
        &AZURE_FIREWALL,
        &["10.0.1.0/28", "10.0.2.4", "10.0.3.4"],
    ),
    ("aws-security-group", &AWS, &[]),
    (
        "aws-network-firewall",
        &AWS_NETWORK_FIREWALL,
        &["10.0.1.0/28", "10.0.2.4", "10.0.3.4", "2001:db8:1::/64"],
    ),
    ("generic-firewall", &GENERIC, &[]),
    (
        "tags and anywhere",
        &TAGGED,
        &["10.0.2.4", "10.0.4.0/24", "2001:db8::4"],
    ),
    ("several groups", &GROUPED, &[]),
    (
        "several IP groups",
        &IP_GROUPS,
        &["10.0.1.0/28", "10.0.5.4", "10.0.6.4", "10.0.4.0/24"],
    ),
    ("names with wildcards", &NAMED, &["10.0.8.0/28"]),
    ("a root of one's own", &OWN, &["10.0.0.4"]),
];

/// The first plan, the plan that has nothing to do, and the state of each root; none without Terraform.
pub fn bases() -> Vec<Vec<Base>> {
    std::thread::scope(|scope| {
        let threads = ROOTS.map(|root| scope.spawn(move || of_root(root)));
        threads
            .into_iter()
            .filter_map(|thread| thread.join().expect("it is planned and applied"))
            .collect()
    })
}

fn of_root((name, made, locals): Root) -> Option<Vec<Base>> {
    let made = made.as_ref()?;
    let facts = Facts::of(&made.folder);
    let mut state = made.state.clone();
    without_range(&mut state);
    let documents = [
        ("first plan", made.plan.clone()),
        ("plan without changes", made.noop.clone()),
        ("state", state),
    ];
    let base = |(what, document): (&str, Value)| {
        Base::of(format!("{what} of {name}"), document, locals, facts.clone())
    };
    Some(documents.map(base).into())
}

/// Takes the openings of a range out of a state, where nothing tells that they are.
fn without_range(state: &mut Value) {
    for resource in resources(state) {
        if resource
            .key
            .is_some_and(|key| key.ends_with(" 203.0.113.0/24"))
        {
            remove(state, &resource.address);
        }
    }
}
