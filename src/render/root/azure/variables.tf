variable "network_security_group" {
  description = "An existing network security group to write the rules into; null makes a new one."
  type = object({
    name                = string
    resource_group_name = string
  })
  default = null
}

variable "network_security_group_name" {
  description = "The name of the network security group that is made if there is no existing one."
  type        = string
  default     = "m365"
  nullable    = false
}

variable "resource_group_name" {
  description = "The resource group of the network security group that is made."
  type        = string
  default     = null

  validation {
    condition     = var.network_security_group != null || var.resource_group_name != null
    error_message = "Set resource_group_name and location for a new network security group, or network_security_group for an existing one."
  }
}

variable "location" {
  description = "The Azure region of the network security group that is made."
  type        = string
  default     = null

  validation {
    condition     = var.network_security_group != null || var.location != null
    error_message = "Set resource_group_name and location for a new network security group, or network_security_group for an existing one."
  }
}

variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role; a role that is missing here and in application_security_group_ids gets no IPv4 rules."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.local_addresses), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(keys(var.local_addresses), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "local_addresses_ipv6" {
  description = "IPv6 addresses or CIDRs of your hosts, by role; a role that is missing here and in application_security_group_ids gets no IPv6 rules."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.local_addresses_ipv6), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(keys(var.local_addresses_ipv6), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "application_security_group_ids" {
  description = "Ids of the application security groups that hold your hosts, by role, instead of their addresses."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.application_security_group_ids), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(keys(var.application_security_group_ids), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "name_prefix" {
  description = "What each rule's name starts with; the cloud and the row's key follow."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "priority_offset" {
  description = "Added to every rule's priority, to move all of them past rules of your own."
  type        = number
  default     = 0
  nullable    = false
}

variable "tags" {
  description = "Tags for the network security group that is made."
  type        = map(string)
  default     = {}
  nullable    = false
}
