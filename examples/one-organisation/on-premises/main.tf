# Everything that stays in the data centre, as a list for whoever runs the firewall there.

terraform {
  required_version = ">= 1.9.0"
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/generic-firewall"

  roles = ["sts_proxy"]
  named_ranges = {
    federation_clients = ["203.0.113.0/24"]
  }
  formats = ["csv"]
}

module "outbound" {
  source = "../m365/worldwide/outbound-server-only/generic-firewall"

  formats = ["csv"]
}

output "csv" {
  description = "Every opening: `terraform output -json csv`."
  value = {
    inbound  = module.inbound.csv
    outbound = module.outbound.csv
  }
}
