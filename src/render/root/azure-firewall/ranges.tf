locals {
  known_roles  = sort(distinct(flatten([for call in values(local.calls) : call.roles])))
  known_ranges = sort(distinct(flatten([for call in values(local.calls) : call.ranges])))

  # Each call gets its own part of what is keyed by range: it refuses the rest by name.
  named_ranges = {
    for name, call in local.calls : name => {
      for range, networks in var.named_ranges : range => networks if contains(call.ranges, range)
    }
  }
  allow_any = {
    for name, call in local.calls : name => setintersection(var.allow_any, call.ranges)
  }
}

variable "named_ranges" {
  description = "IPv4 CIDRs of the named ranges that only you know, such as federation_clients; a range that is missing opens nothing."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.named_ranges), local.known_ranges)) == 0
    error_message = "No rule names ${join(", ", setsubtract(keys(var.named_ranges), local.known_ranges))}; the ranges here are ${join(", ", local.known_ranges)}."
  }
}

variable "allow_any" {
  description = "Named ranges that may hold 0.0.0.0/0."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.allow_any, local.known_ranges)) == 0
    error_message = "No rule names ${join(", ", setsubtract(var.allow_any, local.known_ranges))}; the ranges here are ${join(", ", local.known_ranges)}."
  }
}
