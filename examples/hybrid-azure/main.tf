# Hybrid Exchange and AD FS behind one network security group: the rules from Microsoft's datacentres
# to these hosts, and those from the hosts to Microsoft.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 3.0"
    }
  }
}

provider "azurerm" {
  features {}
}

variable "resource_group_name" {
  description = "The resource group of the network security group."
  type        = string
}

variable "location" {
  description = "The Azure region of the network security group."
  type        = string
}

variable "deny_internet" {
  description = "Whether everything that no rule allows is kept from the internet."
  type        = bool
  default     = false
}

resource "azurerm_network_security_group" "hybrid" {
  name                = "hybrid"
  resource_group_name = var.resource_group_name
  location            = var.location
}

locals {
  # One group for both directions: a subnet takes only one.
  network_security_group = {
    name                = azurerm_network_security_group.hybrid.name
    resource_group_name = azurerm_network_security_group.hybrid.resource_group_name
  }

  exchange = ["10.20.1.10", "10.20.1.11"]
}

module "inbound" {
  source = "./m365/usgov-gcchigh/inbound-hybrid-server/azure-nsg"

  network_security_group = local.network_security_group

  local_addresses = {
    exchange_server = local.exchange
    ews_mrs_proxy   = ["10.20.1.20"]
    sts             = ["10.20.2.0/28"]
    sts_proxy       = ["10.20.3.10", "10.20.3.11"]
  }

  # Federated users sign in from anywhere, so this says so, by name.
  named_ranges = {
    federation_clients    = ["0.0.0.0/0"]
    entra_connect_servers = ["10.20.4.5/32"]
  }
  allow_any = ["federation_clients"]
}

module "outbound" {
  source = "./m365/usgov-gcchigh/outbound-server-only/azure-nsg"

  network_security_group = local.network_security_group

  local_addresses = {
    exchange_server = local.exchange
  }
}

# An NSG lets everything out by default: without a rule like this one, the outbound rules restrict
# nothing. Before it is switched on, the servers also need what Microsoft's web service lists (Exchange
# Online, sign-in and so on) and DNS: hybrid Exchange stops without them.
resource "azurerm_network_security_rule" "deny_internet" {
  count = var.deny_internet ? 1 : 0

  network_security_group_name = azurerm_network_security_group.hybrid.name
  resource_group_name         = azurerm_network_security_group.hybrid.resource_group_name

  name                       = "deny-internet"
  description                = "Nothing else leaves for the internet"
  priority                   = 4096
  direction                  = "Outbound"
  access                     = "Deny"
  protocol                   = "*"
  source_port_range          = "*"
  destination_port_range     = "*"
  source_address_prefix      = "*"
  destination_address_prefix = "Internet"
}

output "rules_left_out" {
  description = "The rows that got no rule, and why."
  value       = merge(module.inbound.rules_left_out, module.outbound.rules_left_out)
}
