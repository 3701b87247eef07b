variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role: the local side of the ipv4 and fqdn rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "local_addresses_ipv6" {
  description = "IPv6 addresses or CIDRs of your hosts, by role: the local side of the ipv6 and fqdn rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
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

variable "rule_order" {
  description = "STRICT_ORDER or DEFAULT_ACTION_ORDER, as the firewall policy has it: AWS refuses a group of another order. Another order replaces the group."
  type        = string
  default     = "STRICT_ORDER"
  nullable    = false
}

variable "capacity" {
  description = "How many rules the group may ever hold: AWS reserves them in each firewall policy that uses it, 30000 in all. It is fixed when the group is made, so leave room. Another capacity replaces the group, which AWS takes only under another name_prefix."
  type        = number
  default     = 1000
  nullable    = false
}

variable "name_prefix" {
  description = "Begins the group's name, which is the prefix, the cloud, a hyphen and the traffic, 128 characters at most. Another prefix makes a new group before the old one goes."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "tags" {
  description = "Tags of the group."
  type        = map(string)
  default     = {}
  nullable    = false
}
