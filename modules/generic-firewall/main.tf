locals {
  range_networks = { ipv4 = var.named_ranges, ipv6 = var.named_ranges_ipv6, fqdn = {} }

  # What each row lacks to have openings.
  lacking = {
    for key, row in var.rules : key => concat(
      [for role in var.roles == null ? [] : setsubtract([row.role], var.roles) : "roles does not name `${role}`"],
      [
        for range in setsubtract(row.range[*], keys(local.range_networks[row.kind])) :
        "${row.kind == "ipv4" ? "named_ranges" : "named_ranges_ipv6"} lacks the range `${range}`"
      ],
    )
  }

  rules_left_out = { for key, lacks in local.lacking : key => join("; ", lacks) if length(lacks) > 0 }

  rules = {
    for key, row in var.rules : key => merge(row, {
      # 443-443 is 443: what is equal must have one key.
      ports   = [for port in row.ports : join("-", distinct(split("-", port)))]
      remotes = concat(coalesce(row.networks, []), coalesce(row.hosts, []), row.range == null ? [] : local.range_networks[row.kind][row.range])
    }) if length(local.lacking[key]) == 0
  }

  # Rows by the opening that they share. The key is the opening's content: a position would move with each insertion.
  # A slot stands for the port in it, so that another port there is an update.
  sharers = {
    for sharer in flatten([
      for key, rule in local.rules : [
        for index, port in rule.ports : [
          for remote in rule.remotes : {
            opening = "${rule.direction} ${rule.role} ${rule.protocol}${rule.slots == null ? "/${port}" : "#${rule.slots[index]}"} ${remote}"
            rule    = key
            port    = port
            remote  = remote
          }
        ]
      ]
    ]) : sharer.opening => sharer...
  }

  # From variables alone, so that a plan shows them whole. A map, since an object of thousands bloats the state by its type.
  openings = tomap({
    for key, sharers in local.sharers : key => {
      name        = replace("${var.name_prefix}${var.cloud}.${key}", "/[^0-9A-Za-z_.-]/", "_")
      cloud       = var.cloud
      traffic     = var.traffic
      direction   = local.rules[sharers[0].rule].direction
      role        = local.rules[sharers[0].rule].role
      protocol    = local.rules[sharers[0].rule].protocol
      port        = sharers[0].port
      from_port   = tonumber(split("-", sharers[0].port)[0])
      to_port     = tonumber(reverse(split("-", sharers[0].port))[0])
      kind        = local.rules[sharers[0].rule].kind
      remote      = sharers[0].remote
      sets        = sort(distinct([for sharer in sharers : local.rules[sharer.rule].set]))
      rules       = sort(distinct(sharers[*].rule))
      description = join("; ", sort(distinct([for sharer in sharers : local.rules[sharer.rule].description])))
      tags        = var.tags
    }
  })

  names = { for key, opening in local.openings : opening.name => key... }

  # One line of a plan an opening, without the sets that need it: one that comes or goes would change it.
  # Terraform evaluates for_each for every instance: hence a local, which it evaluates once.
  lines = {
    for key, opening in local.openings : key => join(" ", [
      opening.direction, "${opening.protocol}/${opening.port}",
      "from", opening.direction == "inbound" ? opening.remote : opening.role,
      "to", opening.direction == "inbound" ? opening.role : opening.remote,
    ])
  }

  # Networks of rules and ranges, by where they stand.
  networks = merge(
    { for key, row in var.rules : "rules `${key}`" => coalesce(row.networks, []) },
    { for range, networks in var.named_ranges : "named_ranges `${range}`" => networks },
    { for range, networks in var.named_ranges_ipv6 : "named_ranges_ipv6 `${range}`" => networks },
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

# Nothing reads it back: its output would be unknown until apply.
resource "terraform_data" "opening" {
  for_each = local.lines

  input = each.value
}
