variable "roles" {
  description = "The roles that take part. Without it all do."
  type        = set(string)
  default     = null
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

variable "formats" {
  description = "The texts to write as outputs, of csv and json. Each shows as a whole in a plan when one opening changes."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "name_prefix" {
  description = "Begins every name. An opening's name is the prefix, the cloud, a dot and its key, with _ for every character but letters, digits, _, . and -."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "tags" {
  description = "Tags that every opening in the outputs carries."
  type        = map(string)
  default     = {}
  nullable    = false
}
