provider "azurerm" {
  features {}
}

resource "azurerm_network_security_group" "m365" {
  count = var.network_security_group == null ? 1 : 0

  name                = var.network_security_group_name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
}

locals {
  # A subnet or interface takes one network security group, so every call writes into the same.
  network_security_group = (
    var.network_security_group != null
    ? var.network_security_group
    : {
      name                = azurerm_network_security_group.m365[0].name
      resource_group_name = azurerm_network_security_group.m365[0].resource_group_name
    }
  )

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
  application_security_group_ids = {
    for name, call in local.calls : name => {
      for role, ids in var.application_security_group_ids : role => ids if contains(call.roles, role)
    }
  }
}
