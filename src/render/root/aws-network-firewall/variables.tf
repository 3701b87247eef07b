variable "region" {
  description = "The AWS region; null takes what the environment says."
  type        = string
  default     = null
}

variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role; a role that is missing here gets no IPv4 rules, and none for host names if it is missing in local_addresses_ipv6 too."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.local_addresses), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(keys(var.local_addresses), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "local_addresses_ipv6" {
  description = "IPv6 addresses or CIDRs of your hosts, by role; a role that is missing here gets no IPv6 rules, and none for host names if it is missing in local_addresses too."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.local_addresses_ipv6), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(keys(var.local_addresses_ipv6), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "rule_order" {
  description = "STRICT_ORDER or DEFAULT_ACTION_ORDER, as your firewall policy has it. Another order replaces the groups."
  type        = string
  default     = "STRICT_ORDER"
  nullable    = false
}

variable "capacity" {
  description = "How many rules each group may ever hold. It is fixed when the groups are made; another one needs another name_prefix with it."
  type        = number
  default     = 1000
  nullable    = false
}

variable "name_prefix" {
  description = "What each group's name starts with; the cloud and the traffic follow. Another prefix makes new groups before the old ones go."
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
