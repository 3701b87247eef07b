variable "cloud" {
  description = "The Microsoft 365 cloud of the rules: worldwide, usgov-gcchigh, usgov-dod or china."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["worldwide", "usgov-gcchigh", "usgov-dod", "china"], var.cloud)
    error_message = "cloud is `${var.cloud}`: it must be worldwide, usgov-gcchigh, usgov-dod or china."
  }
}

variable "traffic" {
  description = "The traffic of the rules: inbound-hybrid-server, outbound-server-only or user."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["inbound-hybrid-server", "outbound-server-only", "user"], var.traffic)
    error_message = "traffic is `${var.traffic}`: it must be inbound-hybrid-server, outbound-server-only or user."
  }
}

variable "rules" {
  description = "The rows to open, by row key, as perimeter365 generates them. Each has exactly one of networks, range and anywhere, which opens it to every address of its kind. Its slots, one for each port, stand for the ports in the keys of rules; without them the ports do."
  type = map(object({
    set         = string
    description = string
    direction   = string
    role        = string
    protocol    = string
    ports       = list(string)
    slots       = optional(list(number))
    group       = number
    kind        = string
    networks    = optional(list(string))
    range       = optional(string)
    anywhere    = optional(bool)
  }))
  nullable = false

  validation {
    condition = alltrue([for key in keys(var.rules) : can(regex("^[0-9A-Za-z][0-9A-Za-z_.-]*$", key))])
    error_message = "A row key must be a word of letters, digits, `_`, `-` and `.`: `${join("`, `", [
      for key in keys(var.rules) : key if !can(regex("^[0-9A-Za-z][0-9A-Za-z_.-]*$", key))
    ])}`."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : alltrue([
        for word in [row.set, row.role] : can(regex("^[0-9A-Za-z][0-9A-Za-z_.-]*$", word))
      ])
    ])
    error_message = "set and role must be words of letters, digits, `_`, `-` and `.`: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode([row.set, row.role])}"
      if !alltrue([for word in [row.set, row.role] : can(regex("^[0-9A-Za-z][0-9A-Za-z_.-]*$", word))])
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : can(regex("^[^[:cntrl:]]*$", row.description))
    ])
    error_message = "description must be one line: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.description)}"
      if !can(regex("^[^[:cntrl:]]*$", row.description))
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : row.direction == "inbound" || row.direction == "outbound"
    ])
    error_message = "direction must be inbound or outbound: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.direction)}"
      if !(row.direction == "inbound" || row.direction == "outbound")
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : row.protocol == "tcp" || row.protocol == "udp"
    ])
    error_message = "protocol must be tcp or udp: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.protocol)}"
      if !(row.protocol == "tcp" || row.protocol == "udp")
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : length(coalesce(row.ports, [])) > 0
    ])
    error_message = "ports must not be empty: `${join("`, `", [
      for key, row in var.rules : key if length(coalesce(row.ports, [])) == 0
    ])}`."
  }

  # "${port}-${port}" has the last port of a range, or the only port, at index 1.
  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [
        for port in coalesce(row.ports, []) : try(
          can(regex("^(0|[1-9][0-9]*)(-(0|[1-9][0-9]*))?$", port)) &&
          tonumber(split("-", port)[0]) <= tonumber(split("-", "${port}-${port}")[1]) &&
          tonumber(split("-", "${port}-${port}")[1]) <= 65535,
          false
        )
      ]
    ]))
    error_message = "A port must be a number, or a range such as 50000-59999, from 0 to 65535: ${join(", ", flatten([
      for key, row in var.rules : [
        for port in coalesce(row.ports, []) : "`${key}` has ${jsonencode(port)}"
        if !try(
          can(regex("^(0|[1-9][0-9]*)(-(0|[1-9][0-9]*))?$", port)) &&
          tonumber(split("-", port)[0]) <= tonumber(split("-", "${port}-${port}")[1]) &&
          tonumber(split("-", "${port}-${port}")[1]) <= 65535,
          false
        )
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : length(coalesce(row.ports, [])) == length(toset(coalesce(row.ports, [])))
    ])
    error_message = "ports must not repeat a port: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.ports)}"
      if length(coalesce(row.ports, [])) != length(toset(coalesce(row.ports, [])))
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : try(
        length(row.slots) == length(row.ports) && alltrue([for slot in row.slots : slot >= 0 && floor(slot) == slot]),
        row.slots == null
      )
    ])
    error_message = "slots must be whole numbers from 0, one for each port: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.slots)} for ${jsonencode(row.ports)}"
      if !try(
        length(row.slots) == length(row.ports) && alltrue([for slot in row.slots : slot >= 0 && floor(slot) == slot]),
        row.slots == null
      )
    ])}."
  }

  # Without it a slot of one row could stand for the port of another, and one opening have two keys.
  validation {
    condition = alltrue([
      for kinds in values({
        for row in values(var.rules) : format("%v %v %v", row.direction, row.role, row.protocol) => row.slots == null...
      }) : length(distinct(kinds)) == 1
    ])
    error_message = "The rows of one direction, role and protocol must all have slots, or none of them: ${join("; ", [
      for place, rows in {
        for key, row in var.rules : format("%v %v %v", row.direction, row.role, row.protocol) => { key = key, slots = row.slots != null }...
      } : "${place} has slots in `${join("`, `", [for row in rows : row.key if row.slots])}` and none in `${join("`, `", [for row in rows : row.key if !row.slots])}`"
      if length(distinct(rows[*].slots)) > 1
    ])}."
  }

  validation {
    condition = alltrue([
      for ports in values({
        for use in flatten([
          for row in values(var.rules) : [
            for index, slot in coalesce(row.slots, []) : {
              place = format("%v %v %v, slot %v", row.direction, row.role, row.protocol, slot)
              port  = try(join("-", distinct(split("-", row.ports[index]))), "")
            }
          ]
        ]) : use.place => use.port...
      }) : length(distinct(ports)) == 1
    ])
    error_message = "A slot must stand for one port in a direction, role and protocol: ${join("; ", [
      for place, uses in {
        for use in flatten([
          for key, row in var.rules : [
            for index, slot in coalesce(row.slots, []) : {
              place = format("%v %v %v, slot %v", row.direction, row.role, row.protocol, slot)
              port  = try(join("-", distinct(split("-", row.ports[index]))), "")
              rule  = key
            }
          ]
        ]) : use.place => use...
      } : "${place} is ${join(", ", [for use in uses : "${use.port} in `${use.rule}`"])}" if length(distinct(uses[*].port)) > 1
    ])}."
  }

  validation {
    condition = alltrue([
      for slots in values({
        for use in flatten([
          for row in values(var.rules) : [
            for index, slot in coalesce(row.slots, []) : {
              place = format("%v %v %v/%v", row.direction, row.role, row.protocol, try(join("-", distinct(split("-", row.ports[index]))), ""))
              slot  = slot
            }
          ]
        ]) : use.place => use.slot...
      }) : length(distinct(slots)) == 1
    ])
    error_message = "A port must have one slot in a direction, role and protocol: ${join("; ", [
      for place, uses in {
        for use in flatten([
          for key, row in var.rules : [
            for index, slot in coalesce(row.slots, []) : {
              place = format("%v %v %v/%v", row.direction, row.role, row.protocol, try(join("-", distinct(split("-", row.ports[index]))), ""))
              slot  = slot
              rule  = key
            }
          ]
        ]) : use.place => use...
      } : "${place} is ${join(", ", [for use in uses : format("slot %v in `%v`", use.slot, use.rule)])}" if length(distinct(uses[*].slot)) > 1
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : try(row.group >= 1 && floor(row.group) == row.group, false)
    ])
    error_message = "group must be a whole number from 1: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.group)}"
      if !try(row.group >= 1 && floor(row.group) == row.group, false)
    ])}."
  }

  # The user says how long a range is: it must not fill a group that perimeter365 has filled with networks up to the quota.
  validation {
    condition = alltrue([
      for ranges in values({
        for row in values(var.rules) : format("%v-%v", row.role, row.group) => row.range == null...
      }) : length(distinct(ranges)) == 1
    ])
    error_message = "A group must hold networks or named ranges, not both: ${join("; ", [
      for group, rows in {
        for key, row in var.rules : format("%v-%v", row.role, row.group) => { key = key, range = row.range != null }...
      } : "${group} has networks of `${join("`, `", [for row in rows : row.key if !row.range])}` and a range of `${join("`, `", [for row in rows : row.key if row.range])}`"
      if length(distinct(rows[*].range)) > 1
    ])}. Give the rows with a range a group of their own."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : row.kind == "ipv4" || row.kind == "ipv6"
    ])
    error_message = "kind must be ipv4 or ipv6, since a security group knows no host names: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.kind)}"
      if !(row.kind == "ipv4" || row.kind == "ipv6")
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) :
      length([for remote in [row.networks, row.range, row.anywhere] : remote if remote != null]) == 1 &&
      try(length(row.networks), length(row.range), row.anywhere ? 1 : 0, 0) > 0
    ])
    error_message = "Exactly one of networks, range and anywhere must be set, and not empty or false: `${join("`, `", [
      for key, row in var.rules : key
      if !(
        length([for remote in [row.networks, row.range, row.anywhere] : remote if remote != null]) == 1 &&
        try(length(row.networks), length(row.range), row.anywhere ? 1 : 0, 0) > 0
      )
    ])}`."
  }

  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [
        for network in coalesce(row.networks, []) : try(cidrsubnet(network, 0, 0) == network, false)
      ]
    ]))
    error_message = "networks must be CIDRs without host bits, as Terraform writes them: ${join(", ", flatten([
      for key, row in var.rules : [
        for network in coalesce(row.networks, []) : "`${key}` has ${jsonencode(network)}"
        if !try(cidrsubnet(network, 0, 0) == network, false)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [
        for network in coalesce(row.networks, []) : try(strcontains(network, ":") == (row.kind == "ipv6"), false)
      ]
    ]))
    error_message = "networks must be of the row's kind: ${join(", ", flatten([
      for key, row in var.rules : [
        for network in coalesce(row.networks, []) : "`${key}` has ${jsonencode(network)}"
        if !try(strcontains(network, ":") == (row.kind == "ipv6"), false)
      ]
    ]))}."
  }

  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [for network in coalesce(row.networks, []) : !try(endswith(network, "/0"), false)]
    ]))
    error_message = "networks must not hold the whole internet, which is for a named range that allow_any names: ${join(", ", flatten([
      for key, row in var.rules : [
        for network in coalesce(row.networks, []) : "`${key}` has ${jsonencode(network)}" if try(endswith(network, "/0"), false)
      ]
    ]))}."
  }
}

variable "emptied_groups" {
  description = "Numbers of the groups that have no rules any more, by role: they stay, since AWS can't destroy a group in use."
  type        = map(list(number))
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([for role in keys(var.emptied_groups) : can(regex("^[0-9A-Za-z][0-9A-Za-z_.-]*$", role))])
    error_message = "emptied_groups: a role must be a word of letters, digits, `_`, `-` and `.`: `${join("`, `", [
      for role in keys(var.emptied_groups) : role if !can(regex("^[0-9A-Za-z][0-9A-Za-z_.-]*$", role))
    ])}`."
  }

  validation {
    condition = length([for role, numbers in var.emptied_groups : role if length(coalesce(numbers, [])) == 0]) == 0
    error_message = "emptied_groups: the list is empty for `${join("`, `", [
      for role, numbers in var.emptied_groups : role if length(coalesce(numbers, [])) == 0
    ])}`. Give a number, or leave the role out."
  }

  validation {
    condition = alltrue(flatten([
      for numbers in values(var.emptied_groups) : [
        for number in coalesce(numbers, []) : try(number >= 1 && floor(number) == number, false)
      ]
    ]))
    error_message = "emptied_groups must be whole numbers from 1: ${join(", ", [
      for role, numbers in var.emptied_groups : "`${role}` has ${jsonencode(numbers)}"
      if !alltrue([for number in coalesce(numbers, []) : try(number >= 1 && floor(number) == number, false)])
    ])}."
  }
}

variable "rules_per_group" {
  description = "How many rules AWS lets a group have in a direction and address family. It is a quota of your account, and 60 unless AWS has raised it."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.rules_per_group >= 1 && var.rules_per_group <= 1000 && floor(var.rules_per_group) == var.rules_per_group
    error_message = "rules_per_group is ${var.rules_per_group}: it must be a whole number from 1 to 1000."
  }
}

variable "roles" {
  description = "The roles to make groups for. A role that is not named gets none."
  type        = set(string)
  nullable    = false

  validation {
    condition = length(setsubtract(var.roles, concat(values(var.rules)[*].role, keys(var.emptied_groups)))) == 0
    error_message = "roles: no rule has the role `${
      join("`, `", setsubtract(var.roles, concat(values(var.rules)[*].role, keys(var.emptied_groups))))
    }`. The roles are: ${join(", ", sort(distinct(concat(values(var.rules)[*].role, keys(var.emptied_groups)))))}."
  }
}

variable "vpc_id" {
  description = "Id of the VPC of the groups. It may be unknown until apply. Another one replaces the groups, and closes what they open until the new ones are attached."
  type        = string
  nullable    = false

  validation {
    # The provider takes an empty text for none given.
    condition     = var.vpc_id != ""
    error_message = "vpc_id is empty, and AWS would take the default VPC. Give the id of the VPC of your hosts."
  }
}

variable "named_ranges" {
  description = "IPv4 CIDRs of the named ranges, by range: the remote side of the ipv4 rules that name a range. The CIDRs must be known at plan, since they are part of keys. A rule whose range is not given is left out."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition = length(setsubtract(
      keys(var.named_ranges), [for row in values(var.rules) : row.range if row.range != null && row.kind == "ipv4"]
    )) == 0
    error_message = "named_ranges: no ipv4 rule names the range `${join("`, `", setsubtract(
      keys(var.named_ranges), [for row in values(var.rules) : row.range if row.range != null && row.kind == "ipv4"]
      ))}`. The ranges are: ${join(", ", sort(distinct(
        [for row in values(var.rules) : row.range if row.range != null && row.kind == "ipv4"]
    )))}."
  }

  validation {
    condition = length([for range, networks in var.named_ranges : range if length(coalesce(networks, [])) == 0]) == 0
    error_message = "named_ranges: the list is empty for `${join("`, `", [
      for range, networks in var.named_ranges : range if length(coalesce(networks, [])) == 0
    ])}`. Give a CIDR, or leave the range out."
  }

  validation {
    condition = length(flatten([
      for range, networks in var.named_ranges : [
        for network in coalesce(networks, []) : range
        if !(try(cidrsubnet(network, 0, 0) == network, false) && can(regex("^[0-9./]+$", network)))
      ]
    ])) == 0
    error_message = "named_ranges must be IPv4 CIDRs without host bits, as Terraform writes them: ${join(", ", flatten([
      for range, networks in var.named_ranges : [
        for network in coalesce(networks, []) : "`${range}` has ${jsonencode(network)}"
        if !(try(cidrsubnet(network, 0, 0) == network, false) && can(regex("^[0-9./]+$", network)))
      ]
    ]))}."
  }

  validation {
    condition = length([
      for range, networks in var.named_ranges : range
      if contains(coalesce(networks, []), "0.0.0.0/0") && !contains(var.allow_any, range)
    ]) == 0
    error_message = "named_ranges: `${join("`, `", [
      for range, networks in var.named_ranges : range
      if contains(coalesce(networks, []), "0.0.0.0/0") && !contains(var.allow_any, range)
    ])}` has 0.0.0.0/0, the whole internet. Name the range in allow_any if that is meant."
  }
}

variable "named_ranges_ipv6" {
  description = "IPv6 CIDRs of the named ranges, by range: the remote side of the ipv6 rules that name a range. The CIDRs must be known at plan, since they are part of keys. A rule whose range is not given is left out."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition = length(setsubtract(
      keys(var.named_ranges_ipv6), [for row in values(var.rules) : row.range if row.range != null && row.kind == "ipv6"]
    )) == 0
    error_message = "named_ranges_ipv6: no ipv6 rule names the range `${join("`, `", setsubtract(
      keys(var.named_ranges_ipv6), [for row in values(var.rules) : row.range if row.range != null && row.kind == "ipv6"]
      ))}`. The ranges are: ${join(", ", sort(distinct(
        [for row in values(var.rules) : row.range if row.range != null && row.kind == "ipv6"]
    )))}."
  }

  validation {
    condition = length([for range, networks in var.named_ranges_ipv6 : range if length(coalesce(networks, [])) == 0]) == 0
    error_message = "named_ranges_ipv6: the list is empty for `${join("`, `", [
      for range, networks in var.named_ranges_ipv6 : range if length(coalesce(networks, [])) == 0
    ])}`. Give a CIDR, or leave the range out."
  }

  validation {
    condition = length(flatten([
      for range, networks in var.named_ranges_ipv6 : [
        for network in coalesce(networks, []) : range
        if !(try(cidrsubnet(network, 0, 0) == network, false) && can(regex(":", network)))
      ]
    ])) == 0
    error_message = "named_ranges_ipv6 must be IPv6 CIDRs without host bits, as Terraform writes them: ${join(", ", flatten([
      for range, networks in var.named_ranges_ipv6 : [
        for network in coalesce(networks, []) : "`${range}` has ${jsonencode(network)}"
        if !(try(cidrsubnet(network, 0, 0) == network, false) && can(regex(":", network)))
      ]
    ]))}."
  }

  validation {
    condition = length([
      for range, networks in var.named_ranges_ipv6 : range
      if contains(coalesce(networks, []), "::/0") && !contains(var.allow_any, range)
    ]) == 0
    error_message = "named_ranges_ipv6: `${join("`, `", [
      for range, networks in var.named_ranges_ipv6 : range
      if contains(coalesce(networks, []), "::/0") && !contains(var.allow_any, range)
    ])}` has ::/0, the whole internet. Name the range in allow_any if that is meant."
  }
}

variable "allow_any" {
  description = "The named ranges that may hold 0.0.0.0/0 or ::/0, the whole internet."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition = length(setsubtract(var.allow_any, [for row in values(var.rules) : row.range if row.range != null])) == 0
    error_message = "allow_any: no rule names the range `${
      join("`, `", setsubtract(var.allow_any, [for row in values(var.rules) : row.range if row.range != null]))
    }`. The ranges are: ${join(", ", sort(distinct([for row in values(var.rules) : row.range if row.range != null])))}."
  }
}

variable "name_prefix" {
  description = "Begins every name. A group's name is the prefix, the cloud, the traffic, the role and the number, with hyphens between the last four, 255 characters at most. Another prefix replaces the groups, and closes what they open until the new ones are attached."
  type        = string
  default     = "m365-"
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-Za-z ._:/()#,@\\[\\]+=&;{}!$*-]*$", var.name_prefix)) && !startswith(var.name_prefix, "sg-")
    error_message = "name_prefix is `${var.name_prefix}`: it must be letters, digits, blanks and `._-:/()#,@[]+=&;{}!$*`, and not begin with `sg-`, which AWS keeps for ids."
  }

  validation {
    condition = alltrue([
      for group in keys(local.groups) : length("${var.name_prefix}${var.cloud}-${var.traffic}-${group}") <= 255
    ])
    error_message = "A group's name must be at most 255 characters: ${join(", ", [
      for group in keys(local.groups) :
      "`${var.name_prefix}${var.cloud}-${var.traffic}-${group}` has ${length("${var.name_prefix}${var.cloud}-${var.traffic}-${group}")}"
      if length("${var.name_prefix}${var.cloud}-${var.traffic}-${group}") > 255
    ])}. Choose a shorter name_prefix."
  }
}

variable "tags" {
  description = "Tags of the groups. Rules have none but the provider's default_tags."
  type        = map(string)
  default     = {}
  nullable    = false
}
