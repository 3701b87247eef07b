variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role: the local side of the ipv4 rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "local_addresses_ipv6" {
  description = "IPv6 addresses or CIDRs of your hosts, by role: the local side of the ipv6 rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "application_security_group_ids" {
  description = "Ids of the application security groups of your hosts, by role: the local side of the role's rules of both families, in place of addresses. The ids may be unknown until apply, the roles not."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "named_ranges" {
  description = "IPv4 CIDRs of the named ranges, by range: the remote side of the ipv4 rules that name a range. The CIDRs may be unknown until apply, the names not. A rule whose range is not given is left out."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "named_ranges_ipv6" {
  description = "IPv6 CIDRs of the named ranges, by range: the remote side of the ipv6 rules that name a range. The CIDRs may be unknown until apply, the names not. A rule whose range is not given is left out."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "allow_any" {
  description = "The named ranges that may hold 0.0.0.0/0 or ::/0, the whole internet."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "priority_offset" {
  description = "Added to the priority of every rule, to move them past rules of your own. It may be negative."
  type        = number
  default     = 0
  nullable    = false
}

variable "name_prefix" {
  description = "Begins every name. A rule's name is the prefix, the cloud, a dot and the row key, 80 characters at most."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "network_security_group" {
  description = "The existing network security group that takes the rules. Without it the module creates one."
  type = object({
    name                = string
    resource_group_name = string
  })
  default = null
}

variable "network_security_group_name" {
  description = "Name of the group to create. Without it the name is the prefix, the cloud, a hyphen and the traffic."
  type        = string
  default     = null
}

variable "resource_group_name" {
  description = "Resource group of the group to create. Required without network_security_group."
  type        = string
  default     = null
}

variable "location" {
  description = "Azure region of the group to create. Required without network_security_group."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the group to create. Rules have none."
  type        = map(string)
  default     = {}
  nullable    = false
}
