# The same openings as filter rules of a MikroTik router, one resource each.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    routeros = {
      source  = "terraform-routeros/routeros"
      version = ">= 1.0"
    }
  }
}

variable "before" {
  description = "The id of the rule that drops the rest: the first match wins, so permits go before it."
  type        = string
}

locals {
  # Your hosts, by the role that the rows name.
  hosts = {
    ipv4 = {
      webhook_receiver = "10.30.1.0/29"
      skype_server     = "10.30.2.10"
    }
    ipv6 = {
      webhook_receiver = "fd00:30:1::/64"
    }
  }

  openings = merge(module.inbound.openings, module.outbound.openings)

  filters = {
    for kind, hosts in local.hosts : kind => {
      for key, opening in local.openings : key => opening
      if opening.kind == kind && contains(keys(hosts), opening.role)
    }
  }
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/generic-firewall"
}

module "outbound" {
  source = "../m365/worldwide/outbound-server-only/generic-firewall"
}

resource "routeros_ip_firewall_filter" "m365" {
  for_each = local.filters.ipv4

  chain        = "forward"
  action       = "accept"
  protocol     = each.value.protocol
  src_address  = each.value.direction == "inbound" ? each.value.remote : local.hosts.ipv4[each.value.role]
  dst_address  = each.value.direction == "inbound" ? local.hosts.ipv4[each.value.role] : each.value.remote
  dst_port     = each.value.port
  comment      = each.value.name
  place_before = var.before
}

resource "routeros_ipv6_firewall_filter" "m365" {
  for_each = local.filters.ipv6

  chain        = "forward"
  action       = "accept"
  protocol     = each.value.protocol
  src_address  = each.value.direction == "inbound" ? each.value.remote : local.hosts.ipv6[each.value.role]
  dst_address  = each.value.direction == "inbound" ? local.hosts.ipv6[each.value.role] : each.value.remote
  dst_port     = each.value.port
  comment      = each.value.name
  place_before = var.before
}

output "not_expressed" {
  description = "Openings that no filter rule stands for: host names, which this firewall does not match, and roles without an address above."
  value       = sort(setsubtract(keys(local.openings), concat(keys(local.filters.ipv4), keys(local.filters.ipv6))))
}
