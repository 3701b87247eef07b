locals {
  everywhere = { ipv4 = "0.0.0.0/0", ipv6 = "::/0" }

  host_addresses  = { ipv4 = var.local_addresses, ipv6 = var.local_addresses_ipv6 }
  range_addresses = { ipv4 = var.named_ranges, ipv6 = var.named_ranges_ipv6 }

  # What each row lacks to become a rule. It hangs on keys alone: the addresses may be unknown until apply.
  lacking = {
    for key, row in var.rules : key => concat(
      [
        for role in setsubtract([row.role], concat(keys(var.application_security_group_ids), keys(local.host_addresses[row.kind]))) :
        "neither ${row.kind == "ipv4" ? "local_addresses" : "local_addresses_ipv6"} nor application_security_group_ids has the role `${role}`"
      ],
      [
        for range in setsubtract(row.range[*], keys(local.range_addresses[row.kind])) :
        "${row.kind == "ipv4" ? "named_ranges" : "named_ranges_ipv6"} lacks the range `${range}`"
      ],
    )
  }

  rules_left_out = { for key, lacks in local.lacking : key => join("; ", lacks) if length(lacks) > 0 }

  # Each side of a rule is one of a prefix, prefixes and application security groups: the provider refuses two.
  rules = {
    for key, row in var.rules : key => {
      description = row.description
      direction   = row.direction
      priority    = row.priority
      protocol    = row.protocol
      ports       = row.ports
      role        = row.role

      # Azure takes a service tag only in the singular.
      (row.direction == "inbound" ? "source" : "destination") = {
        prefix   = row.service_tag
        prefixes = row.anywhere == true ? [local.everywhere[row.kind]] : row.range == null ? row.networks : local.range_addresses[row.kind][row.range]
        groups   = null
      }
      (row.direction == "inbound" ? "destination" : "source") = {
        prefix   = null
        prefixes = contains(keys(var.application_security_group_ids), row.role) ? null : local.host_addresses[row.kind][row.role]
        groups   = contains(keys(var.application_security_group_ids), row.role) ? var.application_security_group_ids[row.role] : null
      }
    } if length(local.lacking[key]) == 0
  }

  rule_names = { for key in keys(local.rules) : key => "${var.name_prefix}${var.cloud}.${key}" }

  network_security_group = var.network_security_group != null ? var.network_security_group : {
    name                = azurerm_network_security_group.created[0].name
    resource_group_name = azurerm_network_security_group.created[0].resource_group_name
  }
}

# No inline rules: the provider would remove the rules below, and those of your own.
resource "azurerm_network_security_group" "created" {
  count = var.network_security_group == null ? 1 : 0

  name                = coalesce(var.network_security_group_name, "${var.name_prefix}${var.cloud}-${var.traffic}")
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
}

# Keyed by name and not by whole rule, since Terraform evaluates for_each anew for every instance.
resource "azurerm_network_security_rule" "rule" {
  for_each = local.rule_names

  network_security_group_name = local.network_security_group.name
  resource_group_name         = local.network_security_group.resource_group_name

  name        = each.value
  description = local.rules[each.key].description
  priority    = local.rules[each.key].priority + var.priority_offset
  direction   = title(local.rules[each.key].direction)
  access      = "Allow"
  protocol    = title(local.rules[each.key].protocol)

  source_port_range                     = "*"
  source_address_prefix                 = local.rules[each.key].source.prefix
  source_address_prefixes               = local.rules[each.key].source.prefixes
  source_application_security_group_ids = local.rules[each.key].source.groups

  # The plural even for one port, so that a second port is a one-line change.
  destination_port_ranges                    = local.rules[each.key].ports
  destination_address_prefix                 = local.rules[each.key].destination.prefix
  destination_address_prefixes               = local.rules[each.key].destination.prefixes
  destination_application_security_group_ids = local.rules[each.key].destination.groups
}

# What Azure would refuse only at apply, and no variable alone can answer for: outputs.tf asks it before.
locals {
  # Azure counts the addresses of a group by side.
  address_count = {
    for side in ["source", "destination"] :
    side => sum(concat([0], [for rule in local.rules : length(coalesce(rule[side].prefixes, []))]))
  }

  networks = {
    rules = { for key, row in var.rules : "rules `${key}`" => coalesce(row.networks, []) }
    ranges = merge(
      { for range, networks in var.named_ranges : "named_ranges `${range}`" => networks },
      { for range, networks in var.named_ranges_ipv6 : "named_ranges_ipv6 `${range}`" => networks },
    )
    hosts = merge(
      { for role, addresses in var.local_addresses : "local_addresses `${role}`" => [
        for address in addresses : strcontains(address, "/") ? address : "${address}/32"
      ] },
      { for role, addresses in var.local_addresses_ipv6 : "local_addresses_ipv6 `${role}`" => [
        for address in addresses : strcontains(address, "/") ? address : "${address}/128"
      ] },
    )
  }

  # A network overlaps if another one of its list has it among its own shorter prefixes. Comparing all pairs, or
  # calling `contains` or `can` on a long list for each network, takes minutes for some thousand; an index doesn't.
  lengths = {
    for group, lists in local.networks : group => {
      for owner, networks in lists : owner => distinct([for network in networks : split("/", network)[1]])
    }
  }
  prefixes = {
    for group, lists in local.networks : group => {
      for owner, networks in lists : owner => {
        for prefix in flatten([
          for network in networks : [
            for length in local.lengths[group][owner] : cidrsubnet("${split("/", network)[0]}/${length}", 0, 0)
            if tonumber(length) <= tonumber(split("/", network)[1])
          ]
        ]) : prefix => prefix...
      }
    }
  }
  overlaps = {
    for group, lists in local.networks : group => flatten([
      for owner, networks in lists : [
        for network in networks : "${network} of ${owner}" if length(local.prefixes[group][owner][network]) > 1
      ]
    ])
  }
}
