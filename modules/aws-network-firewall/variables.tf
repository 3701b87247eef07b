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
  description = "The rows to open, by row key, as perimeter365 generates them. Each has exactly one of networks, hosts and range."
  type = map(object({
    set         = string
    description = string
    direction   = string
    role        = string
    protocol    = string
    ports       = list(string)
    kind        = string
    networks    = optional(list(string))
    hosts       = optional(list(string))
    range       = optional(string)
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
      for row in values(var.rules) : try(contains(["ipv4", "ipv6", "fqdn"], row.kind), false)
    ])
    error_message = "kind must be ipv4, ipv6 or fqdn: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.kind)}"
      if !try(contains(["ipv4", "ipv6", "fqdn"], row.kind), false)
    ])}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) :
      length([for remote in [row.networks, row.hosts, row.range] : remote if remote != null]) == 1 &&
      try(length(row.networks), length(row.hosts), length(row.range), 0) > 0
    ])
    error_message = "Exactly one of networks, hosts and range must be set, and not empty: `${join("`, `", [
      for key, row in var.rules : key
      if !(
        length([for remote in [row.networks, row.hosts, row.range] : remote if remote != null]) == 1 &&
        try(length(row.networks), length(row.hosts), length(row.range), 0) > 0
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

  validation {
    condition = alltrue([
      for row in values(var.rules) : (row.kind == "fqdn") == (row.hosts != null)
    ])
    error_message = "kind must be fqdn for hosts, and only for them: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.kind)}" if(row.kind == "fqdn") != (row.hosts != null)
    ])}."
  }

  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [
        for host in coalesce(row.hosts, []) : can(regex("^[0-9a-z*_][0-9a-z*_-]*([.][0-9a-z*_-]+)*[.][0-9a-z-]+$", host))
      ]
    ]))
    error_message = "hosts must be lower-case host names, in which `*` stands for any letters: ${join(", ", flatten([
      for key, row in var.rules : [
        for host in coalesce(row.hosts, []) : "`${key}` has ${jsonencode(host)}"
        if !can(regex("^[0-9a-z*_][0-9a-z*_-]*([.][0-9a-z*_-]+)*[.][0-9a-z-]+$", host))
      ]
    ]))}."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : length(coalesce(row.hosts, [])) == length(toset(coalesce(row.hosts, [])))
    ])
    error_message = "hosts must not repeat a host: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.hosts)}"
      if length(coalesce(row.hosts, [])) != length(toset(coalesce(row.hosts, [])))
    ])}."
  }

  # A name is read from what a client says first: its TLS ClientHello, or its HTTP request.
  validation {
    condition = alltrue([
      for row in values(var.rules) : row.kind != "fqdn" || (row.direction == "outbound" && row.protocol == "tcp")
    ])
    error_message = "A row of hosts must be outbound and tcp, since their names are read from TLS and HTTP: ${join(", ", [
      for key, row in var.rules : "`${key}` is ${jsonencode(row.direction)} and ${jsonencode(row.protocol)}"
      if !(row.kind != "fqdn" || (row.direction == "outbound" && row.protocol == "tcp"))
    ])}. Give networks instead."
  }
}

variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role: the local side of the ipv4 and fqdn rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
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
  description = "IPv6 addresses or CIDRs of your hosts, by role: the local side of the ipv6 and fqdn rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
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

variable "rule_order" {
  description = "STRICT_ORDER or DEFAULT_ACTION_ORDER, as the firewall policy has it: AWS refuses a group of another order. Another order replaces the group."
  type        = string
  default     = "STRICT_ORDER"
  nullable    = false

  validation {
    condition     = contains(["STRICT_ORDER", "DEFAULT_ACTION_ORDER"], var.rule_order)
    error_message = "rule_order is `${var.rule_order}`: it must be STRICT_ORDER or DEFAULT_ACTION_ORDER, as in the firewall policy."
  }
}

variable "capacity" {
  description = "How many rules the group may ever hold: AWS reserves them in each firewall policy that uses it, 30000 in all. It is fixed when the group is made, so leave room. Another capacity replaces the group, which AWS takes only under another name_prefix."
  type        = number
  default     = 1000
  nullable    = false

  # https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html
  validation {
    condition     = var.capacity >= 1 && var.capacity <= 30000 && floor(var.capacity) == var.capacity
    error_message = "capacity is `${var.capacity}`: it must be a whole number from 1 to 30000."
  }
}

variable "name_prefix" {
  description = "Begins the group's name, which is the prefix, the cloud, a hyphen and the traffic, 128 characters at most. Another prefix makes a new group before the old one goes."
  type        = string
  default     = "m365-"
  nullable    = false

  # https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_CreateRuleGroup.html
  validation {
    condition     = can(regex("^[0-9A-Za-z-]{1,128}$", "${var.name_prefix}${var.cloud}-${var.traffic}"))
    error_message = "The group's name would be `${var.name_prefix}${var.cloud}-${var.traffic}`: it must be at most 128 letters, digits and `-`. Choose another name_prefix."
  }
}

variable "tags" {
  description = "Tags of the group."
  type        = map(string)
  default     = {}
  nullable    = false
}
