provider "azurerm" {
  features {}
}

locals {
  # Each call gets its own part of what is keyed by role: it refuses the rest by name.
  local_addresses = {
    for name, call in local.calls : name => {
      for role, addresses in var.local_addresses : role => addresses if contains(call.roles, role)
    }
  }
  local_ip_group_ids = {
    for name, call in local.calls : name => {
      for role, ids in var.local_ip_group_ids : role => ids if contains(call.roles, role)
    }
  }
}
