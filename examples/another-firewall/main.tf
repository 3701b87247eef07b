# Any firewall: the openings as data, and as CSV for a change request.

terraform {
  required_version = ">= 1.9.0"
}

module "inbound" {
  source  = "./m365/worldwide/inbound-hybrid-server/generic-firewall"
  formats = ["csv"]
}

module "outbound" {
  source  = "./m365/worldwide/outbound-server-only/generic-firewall"
  formats = ["csv"]
}

output "csv" {
  description = "Every opening: `terraform output -json csv`."
  value = {
    inbound  = module.inbound.csv
    outbound = module.outbound.csv
  }
}
