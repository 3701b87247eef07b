variable "firewall_policy_id" {
  description = "Id of the existing firewall policy that takes the rules."
  type        = string
  nullable    = false
}

variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role; a role that is missing here and in local_ip_group_ids gets no rules."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.local_addresses), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(keys(var.local_addresses), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "local_ip_group_ids" {
  description = "Ids of existing IP groups that hold your hosts, by role, instead of their addresses."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.local_ip_group_ids), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(keys(var.local_ip_group_ids), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "resource_group_name" {
  description = "The resource group of the IP groups that are made for Microsoft's networks."
  type        = string
  default     = null
}

variable "location" {
  description = "The Azure region of the IP groups that are made. They move to another one only together with name_prefix or resource_group_name."
  type        = string
  default     = null
}

variable "priority" {
  description = "Priority from which the rule collection groups go up in tens, one for each cloud and traffic, to 110 more."
  type        = number
  default     = 1000
  nullable    = false
}

variable "name_prefix" {
  description = "What each name starts with; the cloud and the row's key or the traffic follow. Another prefix replaces the rule collection groups, and closes what they open until the new ones stand."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "tags" {
  description = "Tags of the IP groups that are made."
  type        = map(string)
  default     = {}
  nullable    = false
}
