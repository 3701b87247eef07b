variable "firewall_policy_id" {
  description = "Id of the existing firewall policy that takes the rules. It may be unknown until apply. Another one replaces the rule collection group."
  type        = string
  nullable    = false
}

variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role: the local side of the role's rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "local_ip_group_ids" {
  description = "Ids of existing IP groups of your hosts, by role: the local side of the role's rules, in place of addresses. The ids may be unknown until apply, the roles not."
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

variable "allow_any" {
  description = "The named ranges that may hold 0.0.0.0/0, the whole internet."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "priority" {
  description = "Priority of the rule collection group, from which those of the clouds and traffics go up in tens: worldwide inbound-hybrid-server gets this one, worldwide outbound-server-only 10 more, china user 110 more. A change moves the whole group."
  type        = number
  default     = 1000
  nullable    = false
}

variable "name_prefix" {
  description = "Begins every name. The name of a rule and of its IP group is the prefix, the cloud, a dot and the row key, 80 characters at most; that of the rule collection group is the prefix, the cloud, a hyphen and the traffic. Another prefix replaces the group, and closes what it opens until the new one stands."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "resource_group_name" {
  description = "Resource group of the IP groups. Required if a row with networks gets a rule."
  type        = string
  default     = null
}

variable "location" {
  description = "Azure region of the IP groups. Required if a row with networks gets a rule. An IP group moves to another region only together with name_prefix or resource_group_name, since the new one comes before the old one goes."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the IP groups. A rule collection group has none."
  type        = map(string)
  default     = {}
  nullable    = false
}
