# Servers behind an Azure Firewall: what they need of Microsoft by name, and what Microsoft's datacentres reach
# through the firewall's public address.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 3.75"
    }
  }
}

provider "azurerm" {
  features {}
}

variable "resource_group_name" {
  description = "The resource group of the firewall policy and the IP groups."
  type        = string
}

variable "location" {
  description = "The Azure region of the firewall policy and the IP groups."
  type        = string
}

variable "public_ip_address" {
  description = "The firewall's public address that mailbox migration and Graph connect to."
  type        = string
}

# The firewall that has this policy (firewall_policy_id of azurerm_firewall) is the next hop of the servers' subnets.
resource "azurerm_firewall_policy" "hub" {
  name                = "hub"
  resource_group_name = var.resource_group_name
  location            = var.location

  # Rules that name hosts on other ports than 80 and 443 need it. The servers ask the firewall for names.
  dns {
    proxy_enabled = true
  }
}

# A team may keep the addresses of its hosts in an IP group and share it between rules.
resource "azurerm_ip_group" "windows" {
  name                = "windows-servers"
  resource_group_name = var.resource_group_name
  location            = var.location
  cidrs               = ["10.30.0.0/22"]
}

locals {
  ews_mrs_proxy    = "10.30.1.20"
  webhook_receiver = "10.30.3.4"
}

module "outbound" {
  source = "./m365/worldwide/outbound-server-only/azure-firewall"

  firewall_policy_id  = azurerm_firewall_policy.hub.id
  resource_group_name = var.resource_group_name
  location            = var.location

  local_addresses = {
    exchange_server      = ["10.30.1.10", "10.30.1.11"]
    entra_connect_server = ["10.30.2.4"]
    skype_server         = ["10.30.2.16/28"]
    mobile_device        = ["10.40.0.0/16"]
  }

  local_ip_group_ids = {
    windows_host = [azurerm_ip_group.windows.id]
  }
}

module "inbound" {
  source = "./m365/worldwide/inbound-hybrid-server/azure-firewall"

  firewall_policy_id  = azurerm_firewall_policy.hub.id
  resource_group_name = var.resource_group_name
  location            = var.location

  local_addresses = {
    ews_mrs_proxy    = [local.ews_mrs_proxy]
    webhook_receiver = [local.webhook_receiver]
  }
}

# What comes in through the public address takes a DNAT rule, which says where it goes: Microsoft's networks stand in the
# IP groups of the module above.
resource "azurerm_firewall_policy_rule_collection_group" "published" {
  name               = "published"
  firewall_policy_id = azurerm_firewall_policy.hub.id
  priority           = 900

  nat_rule_collection {
    name     = "published"
    priority = 100
    action   = "Dnat"

    rule {
      name                = "mailbox-migration"
      protocols           = ["TCP"]
      source_ip_groups    = [module.inbound.ip_group_ids["mailbox-migration.ews_mrs_proxy.ipv4"]]
      destination_address = var.public_ip_address
      destination_ports   = ["443"]
      translated_address  = local.ews_mrs_proxy
      translated_port     = 443
    }

    # One public address has one server on a port, so this one stands on another: the subscription names it.
    rule {
      name                = "graph-change-notifications"
      protocols           = ["TCP"]
      source_ip_groups    = [module.inbound.ip_group_ids["graph-change-notifications.webhook_receiver.ipv4"]]
      destination_address = var.public_ip_address
      destination_ports   = ["8443"]
      translated_address  = local.webhook_receiver
      translated_port     = 443
    }
  }
}

output "rules_left_out" {
  description = "The rows that got no rule, and why."
  value       = merge(module.inbound.rules_left_out, module.outbound.rules_left_out)
}
