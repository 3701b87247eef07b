variable "region" {
  description = "The AWS region; null takes what the environment says."
  type        = string
  default     = null
}

variable "vpc_id" {
  description = "Id of the VPC of the groups."
  type        = string
  nullable    = false
}

variable "roles" {
  description = "The roles to make groups for, since a group belongs to hosts: those that you attach it to."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(setsubtract(var.roles, local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(var.roles, local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "named_ranges" {
  description = "IPv4 CIDRs of the named ranges that only you know, such as federation_clients; a range that is missing opens nothing over IPv4."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.named_ranges), local.known_ranges)) == 0
    error_message = "No rule names ${join(", ", setsubtract(keys(var.named_ranges), local.known_ranges))}; the ranges here are ${join(", ", local.known_ranges)}."
  }
}

variable "named_ranges_ipv6" {
  description = "IPv6 CIDRs of the named ranges that only you know; a range that is missing opens nothing over IPv6."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.named_ranges_ipv6), local.known_ranges)) == 0
    error_message = "No rule names ${join(", ", setsubtract(keys(var.named_ranges_ipv6), local.known_ranges))}; the ranges here are ${join(", ", local.known_ranges)}."
  }
}

variable "allow_any" {
  description = "Named ranges that may hold 0.0.0.0/0 or ::/0."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.allow_any, local.known_ranges)) == 0
    error_message = "No rule names ${join(", ", setsubtract(var.allow_any, local.known_ranges))}; the ranges here are ${join(", ", local.known_ranges)}."
  }
}

variable "name_prefix" {
  description = "What each group's name starts with; the cloud, the traffic, the role and the group's number follow."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "tags" {
  description = "Tags of the groups."
  type        = map(string)
  default     = {}
  nullable    = false
}
