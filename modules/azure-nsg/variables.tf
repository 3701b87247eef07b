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
  description = "The rows to open, by row key, as perimeter365 generates them. Each has exactly one of networks, range, service_tag and anywhere, which opens it to every address of its kind."
  type = map(object({
    set         = string
    description = string
    direction   = string
    priority    = number
    role        = string
    protocol    = string
    ports       = list(string)
    kind        = string
    networks    = optional(list(string))
    range       = optional(string)
    service_tag = optional(string)
    anywhere    = optional(bool)
  }))
  nullable = false

  validation {
    condition     = length(var.rules) <= 1000
    error_message = "There are ${length(var.rules)} rules, and a network security group takes 1000: divide them between groups."
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

  # Azure counts bytes. urlencode writes each byte as one character or as %XX.
  validation {
    condition = alltrue([
      for row in values(var.rules) : try(length(replace(urlencode(row.description), "/%../", "x")) <= 140, false)
    ])
    error_message = "description must be at most 140 bytes: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${try(length(replace(urlencode(row.description), "/%../", "x")), "none")}"
      if !try(length(replace(urlencode(row.description), "/%../", "x")) <= 140, false)
    ])}. Shorten it."
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
      for row in values(var.rules) : try(row.priority >= 100 && row.priority <= 4096 && floor(row.priority) == row.priority, false)
    ])
    error_message = "priority must be a whole number from 100 to 4096: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.priority)}"
      if !try(row.priority >= 100 && row.priority <= 4096 && floor(row.priority) == row.priority, false)
    ])}."
  }

  validation {
    condition = alltrue([
      for keys in values({ for key, row in var.rules : format("%v %v", row.direction, row.priority) => key... }) : length(keys) == 1
    ])
    error_message = "priority must be unique in its direction: ${join("; ", [
      for place, keys in { for key, row in var.rules : format("%v %v", row.direction, row.priority) => key... } :
      "${place} is given to `${join("`, `", keys)}`" if length(keys) > 1
    ])}. Give all but one a free priority."
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
      for row in values(var.rules) : row.kind == "ipv4" || row.kind == "ipv6"
    ])
    error_message = "kind must be ipv4 or ipv6, since a network security group knows no host names: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.kind)}"
      if !(row.kind == "ipv4" || row.kind == "ipv6")
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) :
      length([for remote in [row.networks, row.range, row.service_tag, row.anywhere] : remote if remote != null]) == 1 &&
      try(length(row.networks), length(row.range), length(row.service_tag), row.anywhere ? 1 : 0, 0) > 0
    ])
    error_message = "Exactly one of networks, range, service_tag and anywhere must be set, and not empty or false: `${join("`, `", [
      for key, row in var.rules : key
      if !(
        length([for remote in [row.networks, row.range, row.service_tag, row.anywhere] : remote if remote != null]) == 1 &&
        try(length(row.networks), length(row.range), length(row.service_tag), row.anywhere ? 1 : 0, 0) > 0
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

  # Azure takes one family in a rule, and says so only at apply.
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

  # `*`, a CIDR and the tag Internet would open a row to everyone by the back door.
  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [
        for tag in row.service_tag[*] : can(regex("^[A-Za-z][0-9A-Za-z.]*$", tag)) && lower(tag) != "internet"
      ]
    ]))
    error_message = "service_tag must be the name of a service tag, and not Internet: ${join(", ", flatten([
      for key, row in var.rules : [
        for tag in row.service_tag[*] : "`${key}` has ${jsonencode(tag)}"
        if !(can(regex("^[A-Za-z][0-9A-Za-z.]*$", tag)) && lower(tag) != "internet")
      ]
    ]))}."
  }
}

variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role: the local side of the ipv4 rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition = length(setsubtract(keys(var.local_addresses), values(var.rules)[*].role)) == 0
    error_message = "local_addresses: no rule has the role `${
      join("`, `", setsubtract(keys(var.local_addresses), values(var.rules)[*].role))
    }`. The roles are: ${join(", ", sort(distinct(values(var.rules)[*].role)))}."
  }

  validation {
    condition = length([for role, addresses in var.local_addresses : role if length(coalesce(addresses, [])) == 0]) == 0
    error_message = "local_addresses: the list is empty for `${join("`, `", [
      for role, addresses in var.local_addresses : role if length(coalesce(addresses, [])) == 0
    ])}`. Give an address, or leave the role out."
  }

  validation {
    condition = length(flatten([
      for role, addresses in var.local_addresses : [
        for address in coalesce(addresses, []) : role
        if !(try(cidrsubnet(address, 0, 0) == address, cidrsubnet("${address}/32", 0, 0) == "${address}/32", false) && can(regex("^[0-9./]+$", address)))
      ]
    ])) == 0
    error_message = "local_addresses must be IPv4 addresses, or IPv4 CIDRs without host bits, as Terraform writes them: ${join(", ", flatten([
      for role, addresses in var.local_addresses : [
        for address in coalesce(addresses, []) : "`${role}` has ${jsonencode(address)}"
        if !(try(cidrsubnet(address, 0, 0) == address, cidrsubnet("${address}/32", 0, 0) == "${address}/32", false) && can(regex("^[0-9./]+$", address)))
      ]
    ]))}."
  }

  validation {
    condition = length([
      for role, addresses in var.local_addresses : role if contains(coalesce(addresses, []), "0.0.0.0/0")
    ]) == 0
    error_message = "local_addresses: `${join("`, `", [
      for role, addresses in var.local_addresses : role if contains(coalesce(addresses, []), "0.0.0.0/0")
    ])}` has 0.0.0.0/0. Give the addresses of the role's own hosts."
  }
}

variable "local_addresses_ipv6" {
  description = "IPv6 addresses or CIDRs of your hosts, by role: the local side of the ipv6 rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition = length(setsubtract(keys(var.local_addresses_ipv6), values(var.rules)[*].role)) == 0
    error_message = "local_addresses_ipv6: no rule has the role `${
      join("`, `", setsubtract(keys(var.local_addresses_ipv6), values(var.rules)[*].role))
    }`. The roles are: ${join(", ", sort(distinct(values(var.rules)[*].role)))}."
  }

  validation {
    condition = length([for role, addresses in var.local_addresses_ipv6 : role if length(coalesce(addresses, [])) == 0]) == 0
    error_message = "local_addresses_ipv6: the list is empty for `${join("`, `", [
      for role, addresses in var.local_addresses_ipv6 : role if length(coalesce(addresses, [])) == 0
    ])}`. Give an address, or leave the role out."
  }

  validation {
    condition = length(flatten([
      for role, addresses in var.local_addresses_ipv6 : [
        for address in coalesce(addresses, []) : role
        if !(try(cidrsubnet(address, 0, 0) == address, cidrsubnet("${address}/128", 0, 0) == "${address}/128", false) && can(regex(":", address)))
      ]
    ])) == 0
    error_message = "local_addresses_ipv6 must be IPv6 addresses, or IPv6 CIDRs without host bits, as Terraform writes them: ${join(", ", flatten([
      for role, addresses in var.local_addresses_ipv6 : [
        for address in coalesce(addresses, []) : "`${role}` has ${jsonencode(address)}"
        if !(try(cidrsubnet(address, 0, 0) == address, cidrsubnet("${address}/128", 0, 0) == "${address}/128", false) && can(regex(":", address)))
      ]
    ]))}."
  }

  validation {
    condition = length([
      for role, addresses in var.local_addresses_ipv6 : role if contains(coalesce(addresses, []), "::/0")
    ]) == 0
    error_message = "local_addresses_ipv6: `${join("`, `", [
      for role, addresses in var.local_addresses_ipv6 : role if contains(coalesce(addresses, []), "::/0")
    ])}` has ::/0. Give the addresses of the role's own hosts."
  }
}

variable "application_security_group_ids" {
  description = "Ids of the application security groups of your hosts, by role: the local side of the role's rules of both families, in place of addresses. The ids may be unknown until apply, the roles not."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition = length(setsubtract(keys(var.application_security_group_ids), values(var.rules)[*].role)) == 0
    error_message = "application_security_group_ids: no rule has the role `${
      join("`, `", setsubtract(keys(var.application_security_group_ids), values(var.rules)[*].role))
    }`. The roles are: ${join(", ", sort(distinct(values(var.rules)[*].role)))}."
  }

  validation {
    condition = length(setintersection(
      keys(var.application_security_group_ids), concat(keys(var.local_addresses), keys(var.local_addresses_ipv6))
    )) == 0
    error_message = "`${join("`, `", setintersection(
      keys(var.application_security_group_ids), concat(keys(var.local_addresses), keys(var.local_addresses_ipv6))
    ))}` has both application_security_group_ids and local addresses. Give one of them, since a rule takes one."
  }

  # 10 is Azure's limit for each side of a rule.
  validation {
    condition = length([
      for role, ids in var.application_security_group_ids : role if !contains(range(1, 11), length(coalesce(ids, [])))
    ]) == 0
    error_message = "application_security_group_ids takes 1 to 10 ids for a role: ${join(", ", [
      for role, ids in var.application_security_group_ids : "`${role}` has ${length(coalesce(ids, []))}"
      if !contains(range(1, 11), length(coalesce(ids, [])))
    ])}. Join groups, or leave the role out."
  }
}

variable "named_ranges" {
  description = "IPv4 CIDRs of the named ranges, by range: the remote side of the ipv4 rules that name a range. The CIDRs may be unknown until apply, the names not. A rule whose range is not given is left out."
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
  description = "IPv6 CIDRs of the named ranges, by range: the remote side of the ipv6 rules that name a range. The CIDRs may be unknown until apply, the names not. A rule whose range is not given is left out."
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

variable "priority_offset" {
  description = "Added to the priority of every rule, to move them past rules of your own. It may be negative."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = floor(var.priority_offset) == var.priority_offset
    error_message = "priority_offset is ${var.priority_offset}: it must be a whole number."
  }

  validation {
    condition = alltrue([
      for rule in local.rules : rule.priority + var.priority_offset >= 100 && rule.priority + var.priority_offset <= 4096
    ])
    error_message = "priority_offset takes a priority out of 100 to 4096: ${join(", ", [
      for key, rule in local.rules : "`${key}` gets ${rule.priority + var.priority_offset}"
      if !(rule.priority + var.priority_offset >= 100 && rule.priority + var.priority_offset <= 4096)
    ])}."
  }
}

variable "name_prefix" {
  description = "Begins every name. A rule's name is the prefix, the cloud, a dot and the row key, 80 characters at most."
  type        = string
  default     = "m365-"
  nullable    = false

  validation {
    condition = alltrue([
      for key in keys(local.rules) : can(regex("^\\w([\\w.-]{0,78}\\w)?$", "${var.name_prefix}${var.cloud}.${key}"))
    ])
    error_message = "A rule's name must be at most 80 letters, digits, `_`, `.` and `-`, and begin and end with a letter, a digit or `_`: ${join(", ", [
      for key in keys(local.rules) : "`${var.name_prefix}${var.cloud}.${key}` has ${length("${var.name_prefix}${var.cloud}.${key}")}"
      if !can(regex("^\\w([\\w.-]{0,78}\\w)?$", "${var.name_prefix}${var.cloud}.${key}"))
    ])}. Choose another name_prefix, or a shorter one."
  }
}

variable "network_security_group" {
  description = "The existing network security group that takes the rules. Without it the module creates one."
  type = object({
    name                = string
    resource_group_name = string
  })
  default = null
}

variable "network_security_group_name" {
  description = "Name of the group to create. Without it the name is the prefix, the cloud, a hyphen and the traffic."
  type        = string
  default     = null

  validation {
    condition = var.network_security_group != null || can(regex(
      "^[0-9A-Za-z]([\\w.-]{0,78}\\w)?$", coalesce(var.network_security_group_name, "${var.name_prefix}${var.cloud}-${var.traffic}")
    ))
    error_message = "The group's name would be `${
      coalesce(var.network_security_group_name, "${var.name_prefix}${var.cloud}-${var.traffic}")
    }`: it must be at most 80 letters, digits, `_`, `.` and `-`, begin with a letter or a digit and not end with `.` or `-`. Set network_security_group_name or name_prefix."
  }
}

variable "resource_group_name" {
  description = "Resource group of the group to create. Required without network_security_group."
  type        = string
  default     = null

  validation {
    condition     = var.network_security_group != null || var.resource_group_name != null
    error_message = "resource_group_name is required to create a network security group. Set it, or name an existing group in network_security_group."
  }
}

variable "location" {
  description = "Azure region of the group to create. Required without network_security_group."
  type        = string
  default     = null

  validation {
    condition     = var.network_security_group != null || var.location != null
    error_message = "location is required to create a network security group. Set it, or name an existing group in network_security_group."
  }
}

variable "tags" {
  description = "Tags of the group to create. Rules have none."
  type        = map(string)
  default     = {}
  nullable    = false
}
