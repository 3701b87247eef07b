# Each run gives one bad input and expects its refusal.

mock_provider "aws" {}

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"
  vpc_id  = "vpc-0123"
  roles   = ["server"]

  # No input of the module: the runs take it and spoil it.
  row = {
    set         = "a-set"
    description = "A set"
    direction   = "inbound"
    role        = "server"
    protocol    = "tcp"
    ports       = ["443"]
    group       = 1
    kind        = "ipv4"
    networks    = ["192.0.2.0/24"]
  }

  rules = {
    "a-set.server.ipv4" = {
      set = "a-set", description = "A set", direction = "inbound", role = "server", protocol = "tcp", ports = ["443"], group = 1, kind = "ipv4", range = "both"
    }
    "a-set.server.ipv6" = {
      set = "a-set", description = "A set", direction = "inbound", role = "server", protocol = "tcp", ports = ["443"], group = 1, kind = "ipv6", range = "both"
    }
    "b-set.server.ipv4" = {
      set = "b-set", description = "B set", direction = "inbound", role = "server", protocol = "tcp", ports = ["443"], group = 1, kind = "ipv4", range = "only_ipv4"
    }
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

run "a_row_key_with_a_blank" {
  command = plan

  variables {
    rules = { "a set" = var.row }
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

run "a_role_that_begins_with_a_sign" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { role = "=server" }) }
  }

  expect_failures = [var.rules]
}

run "a_description_of_two_lines" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { description = "one\ntwo" }) }
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

run "a_protocol_in_capitals" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { protocol = "TCP" }) }
  }

  expect_failures = [var.rules]
}

run "no_ports" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = [] }) }
  }

  expect_failures = [var.rules]
}

run "ports_that_are_null" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = null }) }
  }

  expect_failures = [var.rules]
}

run "a_port_that_is_no_number" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["https"] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_with_a_leading_zero" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["0443"] }) }
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

run "a_port_range_upside_down" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["59999-50000"] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_range_without_an_end" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["50000-"] }) }
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

run "fewer_slots_than_ports" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["80", "443"], slots = [1] }) }
  }

  expect_failures = [var.rules]
}

run "a_slot_with_a_fraction" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { slots = [1.5] }) }
  }

  expect_failures = [var.rules]
}

run "a_slot_below_0" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { slots = [-1] }) }
  }

  expect_failures = [var.rules]
}

run "a_slot_that_is_null" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { slots = [null] }) }
  }

  expect_failures = [var.rules]
}

run "no_slots" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { slots = [] }) }
  }

  expect_failures = [var.rules]
}

run "slots_in_one_row_of_two" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { slots = [1] })
      "b-set.server.ipv4" = merge(var.row, { set = "b-set" })
    }
  }

  expect_failures = [var.rules]
}

run "a_slot_for_two_ports" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { slots = [1] })
      "b-set.server.ipv4" = merge(var.row, { ports = ["80"], slots = [1] })
    }
  }

  expect_failures = [var.rules]
}

run "a_slot_for_two_ports_of_one_row" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["80", "443"], slots = [1, 1] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_in_two_slots" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { slots = [1] })
      "b-set.server.ipv4" = merge(var.row, { slots = [2], group = 2 })
    }
  }

  expect_failures = [var.rules]
}

run "a_port_in_two_slots_of_one_row" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["443", "443-443"], slots = [1, 2] }) }
  }

  expect_failures = [var.rules]
}

run "group_0" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { group = 0 }) }
  }

  expect_failures = [var.rules]
}

run "a_group_with_a_fraction" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { group = 1.5 }) }
  }

  expect_failures = [var.rules]
}

run "a_group_that_is_null" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { group = null }) }
  }

  expect_failures = [var.rules]
}

run "a_range_in_a_group_of_networks" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { set = "a-set" })
      "b-set.server.ipv6" = merge(var.row, { kind = "ipv6", direction = "outbound", networks = null, range = "both" })
    }
  }

  expect_failures = [var.rules]
}

run "a_kind_that_does_not_exist" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "ip" }) }
  }

  expect_failures = [var.rules]
}

run "no_remote" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null }) }
  }

  expect_failures = [var.rules]
}

run "networks_and_anywhere" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { anywhere = true }) }
  }

  expect_failures = [var.rules]
}

run "anywhere_that_is_false" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, anywhere = false }) }
  }

  expect_failures = [var.rules]
}

run "networks_and_a_range" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { range = "exchange_online" }) }
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

run "an_empty_list_beside_a_range" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = [], range = "exchange_online" }) }
  }

  expect_failures = [var.rules]
}

run "an_empty_range" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, range = "" }) }
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

run "an_address_that_is_no_cidr" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.1"] }) }
  }

  expect_failures = [var.rules]
}

run "an_ipv6_network_in_long_form" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "ipv6", networks = ["2001:db8:0::/48"] }) }
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

run "the_whole_internet" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["0.0.0.0/0"] }) }
  }

  expect_failures = [var.rules]
}

run "the_whole_internet_of_ipv6" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "ipv6", networks = ["::/0"] }) }
  }

  expect_failures = [var.rules]
}

run "hosts_in_place_of_networks" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, hosts = ["www.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "a_kind_for_hosts" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn" }) }
  }

  expect_failures = [var.rules]
}

run "a_network_inside_another" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24", "192.0.0.0/16"] }) }
  }

  expect_failures = [output.openings]
}

run "a_network_twice" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24", "192.0.2.0/24"] }) }
  }

  expect_failures = [output.openings]
}

run "an_ipv6_network_inside_another" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "ipv6", networks = ["2001:db8::/32", "2001:db8:1::/48"] }) }
  }

  expect_failures = [output.openings]
}

run "more_rules_than_a_group_takes" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = [for number in range(61) : "192.0.2.${number}/32"] }) }
  }

  expect_failures = [aws_security_group.role]
}

run "more_rules_of_two_rows_than_a_group_takes" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { networks = [for number in range(31) : "192.0.2.${number}/32"] })
      "b-set.server.ipv4" = merge(var.row, { networks = [for number in range(30) : "198.51.100.${number}/32"] })
    }
  }

  expect_failures = [aws_security_group.role]
}

run "more_ports_of_a_range_than_a_group_takes" {
  command = plan

  variables {
    rules             = { "a-set.server.ipv6" = merge(var.row, { kind = "ipv6", ports = ["80", "443"], networks = null, range = "both" }) }
    named_ranges_ipv6 = { both = ["2001:db8::/32"] }
    rules_per_group   = 1
  }

  expect_failures = [aws_security_group.role]
}

run "a_role_too_long_for_a_description" {
  command = plan

  variables {
    name_prefix = ""
    roles       = [join("", [for number in range(200) : "x"])]
    rules       = { "a-set.server.ipv4" = merge(var.row, { role = join("", [for number in range(200) : "x"]) }) }
  }

  expect_failures = [aws_security_group.role]
}

run "an_emptied_role_with_a_blank" {
  command = plan

  variables {
    emptied_groups = { "a server" = [1] }
  }

  expect_failures = [var.emptied_groups]
}

run "an_emptied_role_without_numbers" {
  command = plan

  variables {
    emptied_groups = { server = [] }
  }

  expect_failures = [var.emptied_groups]
}

run "an_emptied_group_0" {
  command = plan

  variables {
    emptied_groups = { server = [0] }
  }

  expect_failures = [var.emptied_groups]
}

run "an_emptied_group_with_a_fraction" {
  command = plan

  variables {
    emptied_groups = { server = [1.5] }
  }

  expect_failures = [var.emptied_groups]
}

run "a_quota_of_0" {
  command = plan

  variables {
    rules_per_group = 0
  }

  expect_failures = [var.rules_per_group]
}

run "a_quota_above_1000" {
  command = plan

  variables {
    rules_per_group = 1001
  }

  expect_failures = [var.rules_per_group]
}

run "a_quota_with_a_fraction" {
  command = plan

  variables {
    rules_per_group = 60.5
  }

  expect_failures = [var.rules_per_group]
}

run "an_empty_vpc_id" {
  command = plan

  variables {
    vpc_id = ""
  }

  expect_failures = [var.vpc_id]
}

run "a_role_that_no_rule_has" {
  command = plan

  variables {
    roles = ["serve"]
  }

  expect_failures = [var.roles]
}

run "a_range_that_no_rule_names" {
  command = plan

  variables {
    named_ranges = { clients = ["192.0.2.0/24"] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_that_no_rule_of_the_family_names" {
  command = plan

  variables {
    named_ranges_ipv6 = { only_ipv4 = ["2001:db8::/32"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "an_empty_list_for_a_range" {
  command = plan

  variables {
    named_ranges = { both = [] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_with_host_bits" {
  command = plan

  variables {
    named_ranges = { both = ["192.0.2.1/24"] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_of_the_other_family" {
  command = plan

  variables {
    named_ranges = { both = ["2001:db8::/32"] }
  }

  expect_failures = [var.named_ranges]
}

run "the_whole_internet_in_a_range" {
  command = plan

  variables {
    named_ranges = { both = ["0.0.0.0/0"] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_with_an_overlap" {
  command = plan

  variables {
    named_ranges = { both = ["192.0.2.0/24", "192.0.2.7/32"] }
  }

  expect_failures = [output.openings]
}

run "an_empty_list_for_a_range_of_ipv6" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = [] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "a_range_of_ipv6_with_host_bits" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["2001:db8::1/32"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "a_range_of_ipv6_that_holds_ipv4" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["192.0.2.0/24"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "the_whole_internet_in_a_range_of_ipv6" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["::/0"] }
  }

  expect_failures = [var.named_ranges_ipv6]
}

run "a_range_of_ipv6_with_an_overlap" {
  command = plan

  variables {
    named_ranges_ipv6 = { both = ["2001:db8::/32", "2001:db8::/32"] }
  }

  expect_failures = [output.openings]
}

run "any_for_a_range_that_no_rule_names" {
  command = plan

  variables {
    allow_any = ["clients"]
  }

  expect_failures = [var.allow_any]
}

run "any_for_another_range_does_not_help" {
  command = plan

  variables {
    named_ranges = { both = ["0.0.0.0/0"] }
    allow_any    = ["only_ipv4"]
  }

  expect_failures = [var.named_ranges]
}

run "a_name_prefix_with_a_sign_that_aws_refuses" {
  command = plan

  variables {
    name_prefix = "m365%"
  }

  expect_failures = [var.name_prefix]
}

run "a_name_prefix_that_looks_like_an_id" {
  command = plan

  variables {
    name_prefix = "sg-m365-"
  }

  expect_failures = [var.name_prefix]
}

run "a_group_name_of_256_characters" {
  command = plan

  variables {
    name_prefix  = join("", [for number in range(216) : "x"])
    named_ranges = { both = ["192.0.2.0/24"] }
  }

  expect_failures = [var.name_prefix]
}
