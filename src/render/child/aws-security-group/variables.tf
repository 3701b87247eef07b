variable "roles" {
  description = "The roles to make groups for. A role that is not named gets none."
  type        = set(string)
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the VPC of the groups. It may be unknown until apply. Another one replaces the groups, and closes what they open until the new ones are attached."
  type        = string
  nullable    = false
}

variable "named_ranges" {
  description = "IPv4 CIDRs of the named ranges, by range: the remote side of the ipv4 rules that name a range. The CIDRs must be known at plan, since they are part of keys. A rule whose range is not given is left out."
  type        = map(list(string))
  default     = {}
  nullable    = false
}

variable "named_ranges_ipv6" {
  description = "IPv6 CIDRs of the named ranges, by range: the remote side of the ipv6 rules that name a range. The CIDRs must be known at plan, since they are part of keys. A rule whose range is not given is left out."
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

variable "name_prefix" {
  description = "Begins every name. A group's name is the prefix, the cloud, the traffic, the role and the number, with hyphens between the last four, 255 characters at most. Another prefix replaces the groups, and closes what they open until the new ones are attached."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "tags" {
  description = "Tags of the groups. Rules have none but the provider's default_tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
