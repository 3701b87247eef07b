# The Exchange hybrid servers, in Azure.

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

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/azure-nsg"

  resource_group_name = var.resource_group_name
  location            = var.location

  local_addresses = {
    ews_mrs_proxy = ["10.20.1.20"]
  }
}

output "network_security_group_id" {
  description = "The group to associate with the subnet of the EWS/MRS proxy."
  value       = module.inbound.network_security_group_id
}
