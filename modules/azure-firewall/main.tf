locals {
  # What each row lacks to become a rule. It hangs on keys alone: the addresses may be unknown until apply.
  lacking = {
    for key, row in var.rules : key => concat(
      [
        for role in setsubtract([row.role], concat(keys(var.local_addresses), keys(var.local_ip_group_ids))) :
        "neither local_addresses nor local_ip_group_ids has the role `${role}`"
      ],
      [for range in setsubtract(row.range[*], keys(var.named_ranges)) : "named_ranges lacks the range `${range}`"],
    )
  }

  rules_left_out = { for key, lacks in local.lacking : key => join("; ", lacks) if length(lacks) > 0 }

  # 443-443 is 443, which the provider wants to see.
  rows = {
    for key, row in var.rules : key => merge(row, { ports = distinct([for port in row.ports : join("-", distinct(split("-", port)))]) })
    if length(local.lacking[key]) == 0
  }

  # The provider takes rules as a list: a new one, whose priority perimeter365 makes the highest, comes last and moves none.
  # A map's values come in the order of its keys.
  order = values({ for key, row in local.rows : format("%09d %s %s", row.priority, row.direction, key) => key })

  # Azure reads host names in the traffic on these ports alone; elsewhere it opens to the addresses that they resolve to.
  application_keys = [
    for key in local.order : key
    if local.rows[key].kind == "fqdn" && local.rows[key].protocol == "tcp" && length(setsubtract(local.rows[key].ports, ["80", "443"])) == 0
  ]
  network_keys = [for key in local.order : key if !contains(local.application_keys, key)]

  rule_names = { for key in keys(local.rows) : key => "${var.name_prefix}${var.cloud}.${key}" }

  ip_group_names = { for key, name in local.rule_names : key => name if local.rows[key].networks != null }

  # Each cloud and traffic has a place of its own: their groups share a policy, and must not share a priority in it.
  place = index(
    [
      for pair in setproduct(
        ["worldwide", "usgov-gcchigh", "usgov-dod", "china"], ["inbound-hybrid-server", "outbound-server-only", "user"]
      ) : join(" ", pair)
    ],
    "${var.cloud} ${var.traffic}",
  )

  rules = {
    for key, row in local.rows : key => {
      name = local.rule_names[key]
      # The provider takes no empty one.
      description = row.description == "" ? null : row.description
      protocol    = row.protocol
      ports       = row.ports

      (row.direction == "inbound" ? "source" : "destination") = {
        addresses = row.range == null ? null : [
          # Sorted, since the provider takes lists, and their order says nothing.
          for network in sort(var.named_ranges[row.range]) : network == "0.0.0.0/0" ? "*" : network
        ]
        ip_groups = row.networks == null ? null : [azurerm_ip_group.networks[key].id]
        fqdns     = row.hosts == null ? null : sort(row.hosts)
      }
      (row.direction == "inbound" ? "destination" : "source") = {
        addresses = contains(keys(var.local_ip_group_ids), row.role) ? null : sort(var.local_addresses[row.role])
        ip_groups = contains(keys(var.local_ip_group_ids), row.role) ? sort(var.local_ip_group_ids[row.role]) : null
        fqdns     = null
      }
    }
  }
}

# The networks of a row, which the rule names as a whole: one that comes or goes is one line of a plan, and Azure counts a
# group as one address.
resource "azurerm_ip_group" "networks" {
  for_each = local.ip_group_names

  name                = each.value
  resource_group_name = var.resource_group_name
  location            = var.location
  cidrs               = local.rows[each.key].networks
  tags                = var.tags

  lifecycle {
    # Azure keeps a group that a rule names, and Terraform would destroy it before it changes the rule.
    create_before_destroy = true
  }
}

resource "azurerm_firewall_policy_rule_collection_group" "rules" {
  count = length(local.rows) > 0 ? 1 : 0

  name               = "${var.name_prefix}${var.cloud}-${var.traffic}"
  firewall_policy_id = var.firewall_policy_id
  priority           = var.priority + 10 * local.place

  dynamic "network_rule_collection" {
    for_each = length(local.network_keys) > 0 ? ["network"] : []

    content {
      name     = network_rule_collection.value
      priority = 100
      action   = "Allow"

      dynamic "rule" {
        for_each = local.network_keys

        content {
          name                  = local.rules[rule.value].name
          description           = local.rules[rule.value].description
          protocols             = [upper(local.rules[rule.value].protocol)]
          source_addresses      = local.rules[rule.value].source.addresses
          source_ip_groups      = local.rules[rule.value].source.ip_groups
          destination_addresses = local.rules[rule.value].destination.addresses
          destination_ip_groups = local.rules[rule.value].destination.ip_groups
          destination_fqdns     = local.rules[rule.value].destination.fqdns
          destination_ports     = local.rules[rule.value].ports
        }
      }
    }
  }

  # Azure looks at network rules first, whatever the numbers say.
  dynamic "application_rule_collection" {
    for_each = length(local.application_keys) > 0 ? ["application"] : []

    content {
      name     = application_rule_collection.value
      priority = 200
      action   = "Allow"

      dynamic "rule" {
        for_each = local.application_keys

        content {
          name              = local.rules[rule.value].name
          description       = local.rules[rule.value].description
          source_addresses  = local.rules[rule.value].source.addresses
          source_ip_groups  = local.rules[rule.value].source.ip_groups
          destination_fqdns = local.rules[rule.value].destination.fqdns

          dynamic "protocols" {
            for_each = [for protocol in [["Http", "80"], ["Https", "443"]] : protocol if contains(local.rules[rule.value].ports, protocol[1])]

            content {
              type = protocols.value[0]
              port = protocols.value[1]
            }
          }
        }
      }
    }
  }

  # What no variable alone can answer for. Of addresses that are unknown until apply, it is asked before the group is written.
  lifecycle {
    precondition {
      condition     = length(local.overlaps) == 0
      error_message = "A list must hold no network twice, nor one inside another: ${join(", ", local.overlaps)}. Remove what it holds or repeats."
    }

    # https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits
    precondition {
      condition     = local.ip_group_count <= 200
      error_message = "The rules name ${local.ip_group_count} IP groups, and a firewall takes 200. Give local_addresses in place of local_ip_group_ids, or divide the roles between firewalls."
    }

    # The same page: of each rule, sources times destinations, where an IP group counts as one. That a host name counts as
    # one too is our reading.
    precondition {
      condition     = local.pair_count <= 20000
      error_message = "The network rules have ${local.pair_count} pairs of source and destination, and a firewall takes 20000: ${join(", ", [for key, count in local.pairs : "`${key}` has ${count}" if count > 1])}. Give local_ip_group_ids in place of local addresses, or join networks of named_ranges."
    }
  }
}

locals {
  ip_group_count = length(local.ip_group_names) + length(distinct(flatten([
    for row in local.rows : lookup(var.local_ip_group_ids, row.role, [])
  ])))

  pairs = {
    for key in local.network_keys : key => (
      sum([for list in values(local.rules[key].source) : length(coalesce(list, []))]) *
      sum([for list in values(local.rules[key].destination) : length(coalesce(list, []))])
    )
  }
  pair_count = sum(concat([0], values(local.pairs)))

  # Azure is not known to refuse overlaps. But what is taken out of such a list would stay open without a word.
  networks = merge(
    { for key, row in var.rules : "rules `${key}`" => coalesce(row.networks, []) },
    { for range, networks in var.named_ranges : "named_ranges `${range}`" => networks },
    { for role, addresses in var.local_addresses : "local_addresses `${role}`" => [
      for address in addresses : strcontains(address, "/") ? address : "${address}/32"
    ] },
  )

  # A network overlaps if another one of its list has it among its own shorter prefixes. Comparing all pairs, or
  # calling `contains` or `can` on a long list for each network, takes minutes for some thousand; an index doesn't.
  lengths = {
    for owner, networks in local.networks : owner => distinct([for network in networks : split("/", network)[1]])
  }
  prefixes = {
    for owner, networks in local.networks : owner => {
      for prefix in flatten([
        for network in networks : [
          for length in local.lengths[owner] : cidrsubnet("${split("/", network)[0]}/${length}", 0, 0)
          if tonumber(length) <= tonumber(split("/", network)[1])
        ]
      ]) : prefix => prefix...
    }
  }
  overlaps = flatten([
    for owner, networks in local.networks : [
      for network in networks : "${network} of ${owner}" if length(local.prefixes[owner][network]) > 1
    ]
  ])
}
