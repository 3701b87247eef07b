locals {
  everywhere     = { ipv4 = "0.0.0.0/0", ipv6 = "::/0" }
  range_networks = { ipv4 = var.named_ranges, ipv6 = var.named_ranges_ipv6 }

  # What each row lacks to have openings.
  lacking = {
    for key, row in var.rules : key => concat(
      [for role in setsubtract([row.role], var.roles) : "roles does not name `${role}`"],
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
      ports    = [for port in row.ports : join("-", distinct(split("-", port)))]
      networks = row.anywhere == true ? [local.everywhere[row.kind]] : row.range == null ? row.networks : local.range_networks[row.kind][row.range]
    }) if length(local.lacking[key]) == 0
  }

  # Each role's numbers of groups, in order: those for ranges that are not given too, so that a host with a role always has
  # a group. AWS gives an interface without any the default one of the VPC. By text, since the order of a set of numbers isn't promised.
  numbers = {
    for role in var.roles : role => [
      for numbers in values({
        for number in concat(
          [for row in values(var.rules) : row.group if row.role == role],
          lookup(var.emptied_groups, role, []),
        ) : format("%09d", number) => number...
      }) : numbers[0]
    ]
  }

  groups = merge([
    for role, numbers in local.numbers : { for number in numbers : "${role}-${number}" => { role = role, number = number } }
  ]...)

  names = { for key in keys(local.groups) : key => "${var.name_prefix}${var.cloud}-${var.traffic}-${key}" }

  # Of roles and not of sets: a set that comes or goes must change no rule, and a new description replaces a group.
  descriptions = { for role in var.roles : role => "Microsoft 365 ${var.cloud}, ${var.traffic}: ${role}" }

  # Rows by the opening that they share, since AWS takes a rule once in a group. The key is the opening's content: a
  # position would move with each insertion. A slot stands for the port in it, so that another port there is an update.
  sharers = {
    for sharer in flatten([
      for key, rule in local.rules : [
        for index, port in rule.ports : [
          for network in rule.networks : {
            opening = "${rule.direction} ${rule.role}-${rule.group} ${rule.protocol}${rule.slots == null ? "/${port}" : "#${rule.slots[index]}"} ${network}"
            rule    = key
            port    = port
            network = network
          }
        ]
      ]
    ]) : sharer.opening => sharer...
  }

  openings = {
    for key, sharers in local.sharers : key => {
      direction = local.rules[sharers[0].rule].direction
      role      = local.rules[sharers[0].rule].role
      group     = "${local.rules[sharers[0].rule].role}-${local.rules[sharers[0].rule].group}"
      protocol  = local.rules[sharers[0].rule].protocol
      port      = sharers[0].port
      kind      = local.rules[sharers[0].rule].kind
      network   = sharers[0].network
      sets      = join(", ", sort(distinct([for sharer in sharers : local.rules[sharer.rule].set])))
    }
  }

  # Keys alone: Terraform evaluates for_each for every instance. The openings themselves stay an object: of a map, each
  # look-up takes its whole length.
  opened = {
    for direction in ["inbound", "outbound"] : direction => {
      for key, opening in local.openings : trimprefix(key, "${direction} ") => key if opening.direction == direction
    }
  }

  # AWS counts the rules of a group by direction and family.
  places = { for opening in local.openings : opening.group => "${opening.direction} ${opening.kind}"... }
  counts = {
    for group, places in local.places : group => {
      for place, same in { for place in places : place => place... } : place => length(same)
    }
  }

  # The named ranges that fill each group.
  group_ranges = { for rule in local.rules : "${rule.role}-${rule.group}" => rule.range... if rule.range != null }

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

# No inline rules: the provider then removes the rule that AWS gives every new group, all traffic out, and leaves the
# rules below alone.
resource "aws_security_group" "role" {
  for_each = local.groups

  name        = local.names[each.key]
  description = "${local.descriptions[each.value.role]}, group ${each.value.number}"
  vpc_id      = var.vpc_id
  tags        = var.tags

  lifecycle {
    # A group that leaves is destroyed only after what it was attached to has been updated: AWS keeps a group in use.
    create_before_destroy = true

    precondition {
      condition     = length(local.descriptions[each.value.role]) + length(", group ${each.value.number}") <= 255
      error_message = "The description of the group `${each.key}` would have more than 255 characters. Shorten the role."
    }

    precondition {
      condition = alltrue([for count in values(lookup(local.counts, each.key, {})) : count <= var.rules_per_group])
      error_message = "The group `${each.key}` gets ${join(" and ", [
        for place, count in lookup(local.counts, each.key, {}) : "${count} ${replace(place, "ipv", "IPv")}" if count > var.rules_per_group
        ])} rules, and rules_per_group is ${var.rules_per_group}. ${join("", [
        for ranges in [distinct(lookup(local.group_ranges, each.key, []))] : length(ranges) == 0
        ? "Divide the networks between groups"
        : "They come from the range `${join("`, `", ranges)}`: give fewer CIDRs, or join neighbours"
      ])}. Or have AWS raise the quota; then generate with `--aws-rules-per-group`, or set rules_per_group if you call this module yourself."
    }
  }
}

resource "aws_vpc_security_group_ingress_rule" "opening" {
  for_each = local.opened.inbound

  security_group_id = aws_security_group.role[local.openings[each.value].group].id
  description       = local.descriptions[local.openings[each.value].role]

  ip_protocol = local.openings[each.value].protocol
  from_port   = tonumber(split("-", local.openings[each.value].port)[0])
  to_port     = tonumber(reverse(split("-", local.openings[each.value].port))[0])
  cidr_ipv4   = local.openings[each.value].kind == "ipv4" ? local.openings[each.value].network : null
  cidr_ipv6   = local.openings[each.value].kind == "ipv6" ? local.openings[each.value].network : null
}

resource "aws_vpc_security_group_egress_rule" "opening" {
  for_each = local.opened.outbound

  security_group_id = aws_security_group.role[local.openings[each.value].group].id
  description       = local.descriptions[local.openings[each.value].role]

  ip_protocol = local.openings[each.value].protocol
  from_port   = tonumber(split("-", local.openings[each.value].port)[0])
  to_port     = tonumber(reverse(split("-", local.openings[each.value].port))[0])
  cidr_ipv4   = local.openings[each.value].kind == "ipv4" ? local.openings[each.value].network : null
  cidr_ipv6   = local.openings[each.value].kind == "ipv6" ? local.openings[each.value].network : null
}
