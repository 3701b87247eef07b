# Each run gives one bad input and expects its refusal.

mock_provider "aws" {}

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"

  # No input of the module: the runs take it and spoil it.
  row = {
    set         = "a-set"
    description = "A set"
    direction   = "inbound"
    role        = "server"
    protocol    = "tcp"
    ports       = ["443"]
    kind        = "ipv4"
    networks    = ["192.0.2.0/24"]
  }

  rules = {
    "a-set.server.ipv4" = {
      set = "a-set", description = "A set", direction = "inbound", role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "both"
    }
    "a-set.server.ipv6" = {
      set = "a-set", description = "A set", direction = "inbound", role = "server", protocol = "tcp", ports = ["443"], kind = "ipv6", range = "both"
    }
    "b-set.server.ipv4" = {
      set = "b-set", description = "B set", direction = "inbound", role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "only_ipv4"
    }
  }
}

# What the bad rows are made of is fine: what is refused is what was changed.
run "nothing_bad" {
  command = plan

  variables {
    local_addresses      = { server = ["10.0.1.0/28", "10.0.1.16"] }
    local_addresses_ipv6 = { server = ["2001:db8::/64", "2001:db8:1::1"] }
    named_ranges         = { both = ["0.0.0.0/0"], only_ipv4 = ["198.51.100.0/24"] }
    named_ranges_ipv6    = { both = ["::/0"] }
    allow_any            = ["both"]
    capacity             = 10
    # The rest of the name has 31.
    name_prefix = join("", [for index in range(97) : "a"])
    rules = merge(var.rules, {
      "c-set.server.fqdn" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", hosts = ["h5793.example"] })
      "c-set.server.ipv4" = merge(var.row, { networks = [for index in range(450) : cidrsubnet("10.0.0.0/8", 16, index)] })
    })
  }

  assert {
    condition     = output.capacity_used == 9 && length(aws_networkfirewall_rule_group.rules[0].name) == 128
    error_message = output.rules
  }
}

run "a_cloud_that_does_not_exist" {
  command = plan

  variables {
    cloud = "mars"
  }

  expect_failures = [var.cloud]
}

run "a_traffic_that_does_not_exist" {
  command = plan

  variables {
    traffic = "trusted-sites"
  }

  expect_failures = [var.traffic]
}

run "a_row_key_with_a_quote" {
  command = plan

  variables {
    rules = { "a-set\"; sid:1; msg:\"" = merge(var.row, {}) }
  }

  expect_failures = [var.rules]
}

run "a_set_with_a_blank" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { set = "a set" }) }
  }

  expect_failures = [var.rules]
}

run "a_role_with_a_blank" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { role = "a server" }) }
  }

  expect_failures = [var.rules]
}

run "a_description_of_two_lines" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { description = "A\nset" }) }
  }

  expect_failures = [var.rules]
}

run "a_direction_that_does_not_exist" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { direction = "in" }) }
  }

  expect_failures = [var.rules]
}

run "a_protocol_that_does_not_exist" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { protocol = "TCP" }) }
  }

  expect_failures = [var.rules]
}

run "no_port" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = [] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_that_is_none" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["https"] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_above_65535" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["65536"] }) }
  }

  expect_failures = [var.rules]
}

run "a_range_of_ports_backwards" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["443-80"] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_as_suricata_writes_it" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["5228:5230"] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_twice" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["443", "443"] }) }
  }

  expect_failures = [var.rules]
}

run "a_kind_that_does_not_exist" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "dns" }) }
  }

  expect_failures = [var.rules]
}

run "neither_networks_nor_hosts_nor_range" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null }) }
  }

  expect_failures = [var.rules]
}

run "networks_and_a_range" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { range = "both" }) }
  }

  expect_failures = [var.rules]
}

run "no_networks" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = [] }) }
  }

  expect_failures = [var.rules]
}

run "a_network_with_host_bits" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.1/24"] }) }
  }

  expect_failures = [var.rules]
}

run "an_address_without_a_length" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.1"] }) }
  }

  expect_failures = [var.rules]
}

run "a_network_of_the_other_family" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["2001:db8::/32"] }) }
  }

  expect_failures = [var.rules]
}

run "the_whole_internet_in_a_row" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["0.0.0.0/0"] }) }
  }

  expect_failures = [var.rules]
}

run "hosts_of_another_kind" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, hosts = ["a.example"] }) }
  }

  expect_failures = [var.rules]
}

run "a_kind_of_hosts_without_any" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn", direction = "outbound" }) }
  }

  expect_failures = [var.rules]
}

run "a_host_with_a_quote" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", hosts = ["a\".example"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_in_upper_case" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", hosts = ["A.example"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_that_is_a_star_alone" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", hosts = ["*"] }) }
  }

  expect_failures = [var.rules]
}

run "a_star_in_the_last_label" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", hosts = ["a.*"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_with_a_path" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", hosts = ["a.example/b"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_twice" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", hosts = ["a.example", "a.example"] }) }
  }

  expect_failures = [var.rules]
}

run "inbound_hosts" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", hosts = ["a.example"] }) }
  }

  expect_failures = [var.rules]
}

run "hosts_over_udp" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, kind = "fqdn", direction = "outbound", protocol = "udp", hosts = ["a.example"] }) }
  }

  expect_failures = [var.rules]
}

run "local_addresses_of_ipv4_of_a_role_without_rules" {
  command = plan

  variables {
    local_addresses = { sts = ["10.0.1.0/28"] }
  }

  expect_failures = [var.local_addresses]
}

run "no_local_addresses_of_ipv4" {
  command = plan

  variables {
    local_addresses = { server = [] }
  }

  expect_failures = [var.local_addresses]
}

run "local_addresses_of_ipv4_with_host_bits" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.1/28"] }
  }

  expect_failures = [var.local_addresses]
}

run "local_addresses_of_ipv4_of_the_other_family" {
  command = plan

  variables {
    local_addresses = { server = ["2001:db8::1"] }
  }

  expect_failures = [var.local_addresses]
}

run "the_whole_internet_as_local_addresses_of_ipv4" {
  command = plan

  variables {
    local_addresses = { server = ["0.0.0.0/0"] }
  }

  expect_failures = [var.local_addresses]
}

run "a_range_of_ipv4_that_no_rule_names" {
  command = plan

  variables {
    named_ranges = { neither = ["10.0.1.0/28"] }
  }

  expect_failures = [var.named_ranges]
}

run "an_empty_range_of_ipv4" {
  command = plan

  variables {
    named_ranges = { both = [] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_of_ipv4_with_host_bits" {
  command = plan

  variables {
    named_ranges = { both = ["10.0.1.1/28"] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_of_ipv4_of_the_other_family" {
  command = plan

  variables {
    named_ranges = { both = ["2001:db8::1/128"] }
  }

  expect_failures = [var.named_ranges]
}

run "the_whole_internet_as_a_range_of_ipv4" {
  command = plan

  variables {
    named_ranges = { both = ["0.0.0.0/0"] }
  }

  expect_failures = [var.named_ranges]
}

run "local_addresses_of_ipv6_of_a_role_without_rules" {
  command = plan

  variables {
    local_addresses_ipv6 = { sts = ["2001:db8::/64"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "no_local_addresses_of_ipv6" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = [] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "local_addresses_of_ipv6_with_host_bits" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["2001:db8::1/64"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "local_addresses_of_ipv6_of_the_other_family" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["10.0.0.1"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "the_whole_internet_as_local_addresses_of_ipv6" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["::/0"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "a_range_of_ipv6_that_no_rule_names" {
  command = plan

  variables {
    named_ranges_ipv6 = { neither = ["2001:db8::/64"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "a_range_that_only_ipv4_rules_name" {
  command = plan

  variables {
    named_ranges_ipv6 = { only_ipv4 = ["2001:db8::/32"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "an_empty_range_of_ipv6" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = [] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "a_range_of_ipv6_with_host_bits" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["2001:db8::1/64"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "a_range_of_ipv6_of_the_other_family" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["10.0.0.1/32"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "the_whole_internet_as_a_range_of_ipv6" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["::/0"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "allow_any_for_another_range" {
  command = plan

  variables {
    named_ranges = { both = ["0.0.0.0/0"] }
    allow_any    = ["only_ipv4"]
  }

  expect_failures = [var.named_ranges]
}

run "allow_any_for_a_range_that_no_rule_names" {
  command = plan

  variables {
    allow_any = ["neither"]
  }

  expect_failures = [var.allow_any]
}

run "an_order_that_does_not_exist" {
  command = plan

  variables {
    rule_order = "strict"
  }

  expect_failures = [var.rule_order]
}

run "no_capacity" {
  command = plan

  variables {
    capacity = 0
  }

  expect_failures = [var.capacity]
}

run "a_capacity_above_30000" {
  command = plan

  variables {
    capacity = 30001
  }

  expect_failures = [var.capacity]
}

run "a_capacity_with_a_fraction" {
  command = plan

  variables {
    capacity = 10.5
  }

  expect_failures = [var.capacity]
}

run "a_name_prefix_with_a_dot" {
  command = plan

  variables {
    name_prefix = "m365."
  }

  expect_failures = [var.name_prefix]
}

run "a_name_of_129_characters" {
  command = plan

  variables {
    # The rest of the name has 31.
    name_prefix = join("", [for index in range(98) : "a"])
  }

  expect_failures = [var.name_prefix]
}

run "more_rules_than_capacity" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.4"] }
    capacity        = 7
    rules = {
      "a-set.server.ipv4" = merge(var.row, { ports = ["443", "80", "25", "587"] })
    }
  }

  expect_failures = [aws_networkfirewall_rule_group.rules[0]]
}

run "more_than_2000000_bytes" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.4"] }
    capacity        = 30000
    rules = {
      for index in range(15) : "a-set.server.fqdn.${index}" => merge(var.row, {
        networks  = null
        kind      = "fqdn"
        direction = "outbound"
        hosts     = [for host in range(900) : "h${host}.example"]
      })
    }
  }

  expect_failures = [aws_networkfirewall_rule_group.rules[0]]
}

run "a_rule_of_more_than_8192_characters" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.4"] }
    rules = {
      "a-set.server.ipv4" = merge(var.row, { networks = [for index in range(600) : cidrsubnet("10.0.0.0/8", 16, index)] })
    }
  }

  expect_failures = [aws_networkfirewall_rule_group.rules[0]]
}

run "two_lists_of_one_name" {
  command = plan

  variables {
    local_addresses = { "a-server" = ["10.0.1.4"], a_server = ["10.0.1.5"] }
    rules = {
      "a-set.a-server.ipv4" = merge(var.row, { role = "a-server" })
      "a-set.a_server.ipv4" = merge(var.row, { role = "a_server" })
    }
  }

  expect_failures = [aws_networkfirewall_rule_group.rules[0]]
}

run "two_rules_of_one_sid" {
  command = plan

  variables {
    # Found by trying: both hash to 21943328.
    local_addresses = { server = ["10.0.1.4"] }
    rules = {
      "a-set.server.fqdn" = merge(var.row, {
        networks  = null
        kind      = "fqdn"
        direction = "outbound"
        hosts     = ["h5793.example", "h10531.example"]
      })
    }
  }

  expect_failures = [aws_networkfirewall_rule_group.rules[0]]
}

run "a_network_twice" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24", "192.0.2.0/24"] }) }
  }

  expect_failures = [output.rules]
}

run "a_network_inside_another" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24", "192.0.2.1/32"] }) }
  }

  expect_failures = [output.rules]
}

run "a_range_with_a_network_inside_another" {
  command = plan

  variables {
    named_ranges = { both = ["192.0.2.0/24", "192.0.2.128/25"] }
  }

  expect_failures = [output.rules]
}

run "an_ipv6_range_with_a_network_inside_another" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["2001:db8::/32", "2001:db8:1::/48"] }
  }

  expect_failures = [output.rules]
}
