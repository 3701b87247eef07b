locals {
  host_addresses  = { ipv4 = var.local_addresses, ipv6 = var.local_addresses_ipv6 }
  range_addresses = { ipv4 = var.named_ranges, ipv6 = var.named_ranges_ipv6, fqdn = {} }

  # A rule of a host name holds for both families: the name says nothing of the address.
  families = { ipv4 = ["ipv4"], ipv6 = ["ipv6"], fqdn = ["ipv4", "ipv6"] }
  lacking_role = {
    ipv4 = "local_addresses lacks"
    ipv6 = "local_addresses_ipv6 lacks"
    fqdn = "neither local_addresses nor local_addresses_ipv6 has"
  }

  # What each row lacks to become rules. It hangs on keys alone: the addresses may be unknown until apply.
  lacking = {
    for key, row in var.rules : key => concat(
      [
        for role in setsubtract([row.role], flatten([for family in local.families[row.kind] : keys(local.host_addresses[family])])) :
        "${local.lacking_role[row.kind]} the role `${role}`"
      ],
      [
        for range in setsubtract(row.range[*], keys(local.range_addresses[row.kind])) :
        "${row.kind == "ipv4" ? "named_ranges" : "named_ranges_ipv6"} lacks the range `${range}`"
      ],
    )
  }

  rules_left_out = { for key, lacks in local.lacking : key => join("; ", lacks) if length(lacks) > 0 }

  rows = {
    for key, row in var.rules : key => merge(row, {
      # 443-443 is 443: what is equal must be one rule.
      ports = distinct([for port in row.ports : join("-", distinct(split("-", port)))])

      # The lists of addresses on its two sides, by the keys of local.lists.
      local  = [for family in local.families[row.kind] : "role ${row.role} ${family}" if contains(keys(local.host_addresses[family]), row.role)]
      remote = row.kind == "fqdn" ? [] : [row.range == null ? "row ${key}" : "range ${row.range} ${row.kind}"]

      # One rule each. Of a rule with a port, Suricata lets `pass` hold for the packets that match and not for their connection,
      # unless it has looked into that, as for names (tried with 7.0.10). So replies have a rule of their own: some default
      # actions drop them, such as aws:drop_strict. `<>` instead would let the hosts connect to any port.
      parts = row.kind == "fqdn" ? row.hosts : tolist(["opens", "replies"])
    }) if length(local.lacking[key]) == 0
  }

  # Every list of addresses that rules name, with its name before it is made to fit.
  lists = merge(flatten([
    for family, suffix in { ipv4 = "", ipv6 = "_6" } : [
      { for role, addresses in local.host_addresses[family] : "role ${role} ${family}" => { title = "ROLE_${role}${suffix}", addresses = addresses } },
      { for range, networks in local.range_addresses[family] : "range ${range} ${family}" => { title = "RANGE_${range}${suffix}", addresses = networks } },
      { for key, row in var.rules : "row ${key}" => { title = "ROW_${key}", addresses = row.networks } if row.kind == family && row.networks != null },
    ]
  ])...)
  used = toset(flatten([for row in values(local.rows) : concat(row.local, row.remote)]))

  # An IP set's key is at most 32 letters, digits and `_`:
  # https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_RuleVariables.html
  # What is cut off stands in the key as a hash.
  set_names = {
    for list in local.used : list => length(local.lists[list].title) <= 32
    ? replace(upper(local.lists[list].title), "/[^0-9A-Z]/", "_")
    : "${substr(replace(upper(local.lists[list].title), "/[^0-9A-Z]/", "_"), 0, 23)}_${upper(substr(sha1(local.lists[list].title), 0, 8))}"
  }
  named   = { for list, name in local.set_names : name => list... }
  ip_sets = { for name, lists in local.named : name => local.lists[lists[0]].addresses }

  # Each host's name as Suricata looks for it, and no wider. A `*` at the beginning stands for any characters, elsewhere for
  # those of one label. The minimal size keeps `.x.com` itself out of `*.x.com`. `endswith` is the name's true end, which `$` is not:
  # that lets a line feed follow.
  names = {
    for host in toset(flatten([for row in values(local.rows) : coalesce(row.hosts, [])])) : host => {
      fixed = split("*", host)
      # A `*` at the beginning, and no other one.
      is_suffix = startswith(host, "*") && length(split("*", host)) == 2
      pattern = join("", [
        startswith(host, "*") ? (startswith(host, "*.") ? ".+" : ".*") : "",
        replace(replace(trimprefix(host, "*"), ".", "\\."), "*", "[^.]+"),
      ])
    }
  }
  matches = {
    for buffer in ["tls.sni", "http.host"] : buffer => {
      for host, name in local.names : host => join(" ", concat(
        ["${buffer};"],
        length(name.fixed) == 1 ? ["content:\"${host}\"; startswith; endswith;"] : concat(
          name.fixed[0] == "" ? [] : ["content:\"${name.fixed[0]}\"; startswith;${buffer == "tls.sni" ? " nocase;" : ""}"],
          ["content:\"${reverse(name.fixed)[0]}\"; endswith;"],
        ),
        # Suricata makes a host of HTTP lower-case, and refuses `nocase` there.
        buffer == "tls.sni" ? ["nocase;"] : [],
        name.is_suffix && startswith(host, "*.") ? ["bsize:>${length(name.fixed[1])};"] : [],
        length(name.fixed) == 1 || name.is_suffix ? [] : ["pcre:\"/^${name.pattern}$/${buffer == "tls.sni" ? "i" : ""}\";"],
      ))
    }
  }

  # All rules by row, port and part, in that order: one that comes or goes changes no other. Hence a sid of its content too. It
  # must be unique in the group: https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-policy-v2-sid-uniqueness.html
  rules = {
    for rule in flatten([
      for key, row in local.rows : [
        for port in row.ports : [
          for part in row.parts : {
            place    = format("%s %05d-%05d %s", key, tonumber(split("-", port)[0]), tonumber(reverse(split("-", port))[0]), part)
            row      = key
            protocol = row.kind != "fqdn" ? row.protocol : port == "80" ? "http" : "tls"
            port     = replace(port, "-", ":")
            part     = part
            sid      = parseint(substr(sha1("${key} ${port} ${part}"), 0, 7), 16) + 1
          }
        ]
      ]
    ]) : rule.place => rule
  }

  # `$NAME`, or a list of them.
  sides = {
    for key, row in local.rows : key => {
      for side in ["local", "remote"] : side => length(row[side]) == 1
      ? format("$%s", local.set_names[row[side][0]])
      : length(row[side]) == 0 ? "any" : "[${join(",", [for list in row[side] : format("$%s", local.set_names[list])])}]"
    }
  }

  lines = {
    for place, rule in local.rules : place => format(
      "pass %s %s %s -> %s %s (%s msg:\"%s\"; sid:%d; rev:1;)",
      rule.protocol,
      local.sides[rule.row][(local.rows[rule.row].direction == "inbound") == (rule.part == "replies") ? "local" : "remote"],
      rule.part == "replies" ? rule.port : "any",
      local.sides[rule.row][(local.rows[rule.row].direction == "inbound") == (rule.part == "replies") ? "remote" : "local"],
      rule.part == "replies" ? "any" : rule.port,
      local.rows[rule.row].kind != "fqdn" ? "flow:${rule.part == "replies" ? "to_client" : "to_server"};"
      : "${local.matches[rule.protocol == "http" ? "http.host" : "tls.sni"][rule.part]} flow:to_server,established;",
      rule.row,
      rule.sid,
    )
  }

  rules_string = join("", [for line in local.lines : "${line}\n"])
}

resource "aws_networkfirewall_rule_group" "rules" {
  count = length(local.rows) > 0 ? 1 : 0

  name        = "${var.name_prefix}${var.cloud}-${var.traffic}"
  description = "Microsoft 365 ${var.cloud}, ${var.traffic}"
  type        = "STATEFUL"
  capacity    = var.capacity
  tags        = var.tags

  rule_group {
    rule_variables {
      dynamic "ip_sets" {
        for_each = local.ip_sets

        content {
          key = ip_sets.key

          ip_set {
            definition = ip_sets.value
          }
        }
      }
    }

    rules_source {
      rules_string = local.rules_string
    }

    stateful_rule_options {
      rule_order = var.rule_order
    }
  }

  lifecycle {
    # A group that leaves is destroyed only after the policies that use it have been updated: AWS keeps a group in use.
    create_before_destroy = true

    # AWS counts a rule as one, and asks for no more than there are:
    # https://docs.aws.amazon.com/network-firewall/latest/developerguide/nwfw-rule-group-capacity.html
    precondition {
      condition     = length(local.rules) <= var.capacity
      error_message = "There are ${length(local.rules)} rules, and capacity is ${var.capacity}. Give at least ${length(local.rules)}, with some room to grow. AWS can't change the capacity of a group: where there is one already, give another name_prefix with it, for a new group that takes its place."
    }

    # https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html, like the length of a rule.
    precondition {
      condition     = length(local.rules_string) <= 2000000
      error_message = "The rules are ${length(local.rules_string)} bytes long, and a group takes 2000000. Divide the rows between groups."
    }

    # What the variables of a rule hold counts too. Unverified is how AWS counts what stands between the addresses.
    precondition {
      condition = alltrue([
        for place, line in local.lines : length(line) + sum(local.list_lengths[local.rules[place].row]) <= 8192
      ])
      error_message = "A rule takes 8192 characters with all addresses in it: ${join(", ", distinct([
        for place, line in local.lines : "`${local.rules[place].row}` has ${length(line) + sum(local.list_lengths[local.rules[place].row])}"
        if length(line) + sum(local.list_lengths[local.rules[place].row]) > 8192
      ]))}. Join neighbouring networks, of the row, of its range or of its role."
    }

    precondition {
      condition = alltrue([for lists in local.named : length(lists) == 1])
      error_message = "Two lists of addresses would have one name: ${join("; ", [
        for name, lists in local.named : "`${name}` for ${join(" and ", [for list in lists : "`${local.lists[list].title}`"])}" if length(lists) > 1
      ])}. Rename a role, a range or a row."
    }

    precondition {
      condition = alltrue([for places in local.sids : length(places) == 1])
      error_message = "Two rules would have one sid: ${join("; ", [
        for sid, places in local.sids : "${sid} for `${join("` and `", places)}`" if length(places) > 1
      ])}. Leave one of them out."
    }
  }
}

# What AWS would refuse only at apply, and no variable alone can answer for.
locals {
  sids = { for place, rule in local.rules : tostring(rule.sid) => place... }

  # By row: the characters of the lists that its rules name, as `[a, b]`.
  list_lengths = {
    for key, row in local.rows : key => [
      for list in concat(row.local, row.remote) : length(join(", ", local.lists[list].addresses)) + 2
    ]
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
