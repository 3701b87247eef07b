provider "aws" {
  region = var.region
}

locals {
  # Each call gets its own part of what is keyed by role: it refuses the rest by name.
  local_addresses = {
    for name, call in local.calls : name => {
      for role, addresses in var.local_addresses : role => addresses if contains(call.roles, role)
    }
  }
  local_addresses_ipv6 = {
    for name, call in local.calls : name => {
      for role, addresses in var.local_addresses_ipv6 : role => addresses if contains(call.roles, role)
    }
  }
}
