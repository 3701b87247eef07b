provider "aws" {
  region = var.region
}

locals {
  known_roles  = sort(distinct(flatten([for call in values(local.calls) : call.roles])))
  known_ranges = sort(distinct(flatten([for call in values(local.calls) : call.ranges])))

  # Each call gets its own part of what is keyed by role or by range: it refuses the rest by name.
  roles = {
    for name, call in local.calls : name => setintersection(var.roles, call.roles)
  }
  named_ranges = {
    for name, call in local.calls : name => {
      for range, networks in var.named_ranges : range => networks if contains(call.ranges, range)
    }
  }
  named_ranges_ipv6 = {
    for name, call in local.calls : name => {
      for range, networks in var.named_ranges_ipv6 : range => networks if contains(call.ranges, range)
    }
  }
  allow_any = {
    for name, call in local.calls : name => setintersection(var.allow_any, call.ranges)
  }
}
