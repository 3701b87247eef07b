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
  description = "The rows to open, by row key, as perimeter365 generates them. Each has exactly one of networks, hosts and range. Its priority is its place among the rules."
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
    hosts       = optional(list(string))
    range       = optional(string)
  }))
  nullable = false

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
      for row in values(var.rules) : row.direction == "inbound" || row.direction == "outbound"
    ])
    error_message = "direction must be inbound or outbound: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.direction)}"
      if !(row.direction == "inbound" || row.direction == "outbound")
    ])}."
  }

  # It is a place in the list alone, so Azure never sees it.
  validation {
    condition = alltrue([
      for row in values(var.rules) : try(row.priority >= 0 && row.priority <= 999999999 && floor(row.priority) == row.priority, false)
    ])
    error_message = "priority must be a whole number from 0 to 999999999: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.priority)}"
      if !try(row.priority >= 0 && row.priority <= 999999999 && floor(row.priority) == row.priority, false)
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

  # https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits
  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [for port in coalesce(row.ports, []) : !can(regex("^0+(-|$)", port))]
    ]))
    error_message = "Azure Firewall takes ports from 1: ${join(", ", flatten([
      for key, row in var.rules : [
        for port in coalesce(row.ports, []) : "`${key}` has ${jsonencode(port)}" if can(regex("^0+(-|$)", port))
      ]
    ]))}. Begin at 1."
  }

  validation {
    condition = alltrue([
      for row in values(var.rules) : row.kind == "ipv4" || row.kind == "fqdn"
    ])
    error_message = "kind must be ipv4 or fqdn, since Azure Firewall has no IPv6 rules: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.kind)}"
      if !(row.kind == "ipv4" || row.kind == "fqdn")
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

  validation {
    condition = alltrue([
      for row in values(var.rules) : row.hosts == null || row.direction == "outbound"
    ])
    error_message = "A row of hosts must be outbound, since Azure Firewall knows no source by its name: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${jsonencode(row.direction)}" if !(row.hosts == null || row.direction == "outbound")
    ])}. Open it by networks."
  }

  # https://learn.microsoft.com/azure/firewall/firewall-faq, on wildcards in target FQDNs.
  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [for host in coalesce(row.hosts, []) : can(regex("^[*]?[^*]*$", host))]
    ]))
    error_message = "Azure Firewall takes `*` only as the first sign of a host: ${join(", ", flatten([
      for key, row in var.rules : [
        for host in coalesce(row.hosts, []) : "`${key}` has ${jsonencode(host)}" if !can(regex("^[*]?[^*]*$", host))
      ]
    ]))}. Name the hosts one by one, or leave them out."
  }

  # https://learn.microsoft.com/azure/firewall/fqdn-filtering-network-rules
  validation {
    condition = alltrue(flatten([
      for row in values(var.rules) : [for host in coalesce(row.hosts, []) : !strcontains(host, "*")]
      if !try(row.protocol == "tcp" && length(setsubtract([for port in row.ports : join("-", distinct(split("-", port)))], ["80", "443"])) == 0, false)
    ]))
    error_message = "A host with `*` takes an application rule, which is for the TCP ports 80 and 443 alone: ${join(", ", flatten([
      for key, row in var.rules : [
        for host in coalesce(row.hosts, []) : "`${key}` has ${jsonencode(host)} on ${row.protocol} ${jsonencode(row.ports)}" if strcontains(host, "*")
      ] if !try(row.protocol == "tcp" && length(setsubtract([for port in row.ports : join("-", distinct(split("-", port)))], ["80", "443"])) == 0, false)
    ]))}. Name the hosts one by one, or leave them out."
  }

  # https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits
  validation {
    condition = alltrue([for row in values(var.rules) : length(coalesce(row.networks, [])) <= 5000])
    error_message = "A row's networks become an IP group, which takes 5000: ${join(", ", [
      for key, row in var.rules : "`${key}` has ${length(coalesce(row.networks, []))}" if length(coalesce(row.networks, [])) > 5000
    ])}. Divide them between rows."
  }
}

variable "firewall_policy_id" {
  description = "Id of the existing firewall policy that takes the rules. It may be unknown until apply. Another one replaces the rule collection group."
  type        = string
  nullable    = false
}

variable "local_addresses" {
  description = "IPv4 addresses or CIDRs of your hosts, by role: the local side of the role's rules. The addresses may be unknown until apply, the roles not. A role that is in no map gets no rule."
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

variable "local_ip_group_ids" {
  description = "Ids of existing IP groups of your hosts, by role: the local side of the role's rules, in place of addresses. The ids may be unknown until apply, the roles not."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition = length(setsubtract(keys(var.local_ip_group_ids), values(var.rules)[*].role)) == 0
    error_message = "local_ip_group_ids: no rule has the role `${
      join("`, `", setsubtract(keys(var.local_ip_group_ids), values(var.rules)[*].role))
    }`. The roles are: ${join(", ", sort(distinct(values(var.rules)[*].role)))}."
  }

  validation {
    condition = length(setintersection(keys(var.local_ip_group_ids), keys(var.local_addresses))) == 0
    error_message = "`${join("`, `", setintersection(
      keys(var.local_ip_group_ids), keys(var.local_addresses)
    ))}` has both local_ip_group_ids and local_addresses. Give one of them."
  }

  validation {
    condition = length([for role, ids in var.local_ip_group_ids : role if length(coalesce(ids, [])) == 0]) == 0
    error_message = "local_ip_group_ids: the list is empty for `${join("`, `", [
      for role, ids in var.local_ip_group_ids : role if length(coalesce(ids, [])) == 0
    ])}`. Give an id, or leave the role out."
  }

  validation {
    condition = length(flatten([
      for role, ids in var.local_ip_group_ids : [
        for id in coalesce(ids, []) : role
        if !can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft[.]Network/ipGroups/[^/]+$", id))
      ]
    ])) == 0
    error_message = "local_ip_group_ids must be ids of IP groups, such as /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/ipGroups/…: ${join(", ", flatten([
      for role, ids in var.local_ip_group_ids : [
        for id in coalesce(ids, []) : "`${role}` has ${jsonencode(id)}"
        if !can(regex("(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft[.]Network/ipGroups/[^/]+$", id))
      ]
    ]))}."
  }

  validation {
    condition = length([for role, ids in var.local_ip_group_ids : role if length(distinct(coalesce(ids, []))) < length(coalesce(ids, []))]) == 0
    error_message = "local_ip_group_ids: an id stands twice for `${join("`, `", [
      for role, ids in var.local_ip_group_ids : role if length(distinct(coalesce(ids, []))) < length(coalesce(ids, []))
    ])}`. Remove one."
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

variable "allow_any" {
  description = "The named ranges that may hold 0.0.0.0/0, the whole internet."
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

variable "priority" {
  description = "Priority of the rule collection group, from which those of the clouds and traffics go up in tens: worldwide inbound-hybrid-server gets this one, worldwide outbound-server-only 10 more, china user 110 more. A change moves the whole group."
  type        = number
  default     = 1000
  nullable    = false

  validation {
    condition     = floor(var.priority) == var.priority
    error_message = "priority is ${var.priority}: it must be a whole number."
  }

  validation {
    condition     = var.priority + 10 * local.place >= 100 && var.priority + 10 * local.place <= 65000
    error_message = "The rule collection group of `${var.cloud} ${var.traffic}` would get the priority ${var.priority + 10 * local.place}, ${10 * local.place} more than priority: it must be from 100 to 65000."
  }
}

variable "name_prefix" {
  description = "Begins every name. The name of a rule and of its IP group is the prefix, the cloud, a dot and the row key, 80 characters at most; that of the rule collection group is the prefix, the cloud, a hyphen and the traffic. Another prefix replaces the group, and closes what it opens until the new one stands."
  type        = string
  default     = "m365-"
  nullable    = false

  # https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork, which has IP groups
  # not by name, but the same for almost all there. What the name of a rule may be is unverified: at least this.
  validation {
    condition = alltrue([
      for key in keys(local.rows) : can(regex("^[0-9A-Za-z]([\\w.-]{0,78}\\w)?$", "${var.name_prefix}${var.cloud}.${key}"))
    ])
    error_message = "A rule's name must be at most 80 letters, digits, `_`, `.` and `-`, begin with a letter or a digit and not end with `.` or `-`: ${join(", ", [
      for key in keys(local.rows) : "`${var.name_prefix}${var.cloud}.${key}` has ${length("${var.name_prefix}${var.cloud}.${key}")}"
      if !can(regex("^[0-9A-Za-z]([\\w.-]{0,78}\\w)?$", "${var.name_prefix}${var.cloud}.${key}"))
    ])}. Choose another name_prefix, or a shorter one."
  }

  validation {
    condition     = can(regex("^[0-9A-Za-z]([\\w.-]{0,78}\\w)$", "${var.name_prefix}${var.cloud}-${var.traffic}"))
    error_message = "The rule collection group's name would be `${var.name_prefix}${var.cloud}-${var.traffic}`: it must be at most 80 letters, digits, `_`, `.` and `-`, and begin with a letter or a digit. Choose another name_prefix, or a shorter one."
  }
}

variable "resource_group_name" {
  description = "Resource group of the IP groups. Required if a row with networks gets a rule."
  type        = string
  default     = null

  validation {
    condition     = var.resource_group_name != null || length(local.ip_group_names) == 0
    error_message = "resource_group_name is required for the IP groups of `${join("`, `", keys(local.ip_group_names))}`. Set it, or leave their roles out."
  }
}

variable "location" {
  description = "Azure region of the IP groups. Required if a row with networks gets a rule. An IP group moves to another region only together with name_prefix or resource_group_name, since the new one comes before the old one goes."
  type        = string
  default     = null

  validation {
    condition     = var.location != null || length(local.ip_group_names) == 0
    error_message = "location is required for the IP groups of `${join("`, `", keys(local.ip_group_names))}`. Set it, or leave their roles out."
  }
}

variable "tags" {
  description = "Tags of the IP groups. A rule collection group has none."
  type        = map(string)
  default     = {}
  nullable    = false
}
