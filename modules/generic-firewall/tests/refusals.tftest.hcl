# Each run gives one bad input and expects its refusal.

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

run "a_description_that_a_spreadsheet_would_run" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { description = "=1+1" }) }
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

run "fqdn_without_hosts" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn" }) }
  }

  expect_failures = [var.rules]
}

run "hosts_without_fqdn" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, hosts = ["www.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_with_a_path" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn", networks = null, hosts = ["aka.example/wizard"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_in_capitals" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn", networks = null, hosts = ["WWW.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "any_host" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn", networks = null, hosts = ["*"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_twice" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn", networks = null, hosts = ["www.example.com", "www.example.com"] }) }
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

run "two_openings_of_one_name" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.row, { kind = "fqdn", networks = null, hosts = ["*.example.com", "_.example.com"] }) }
  }

  expect_failures = [output.openings]
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

run "a_format_that_does_not_exist" {
  command = plan

  variables {
    formats = ["xml"]
  }

  expect_failures = [var.formats]
}

run "a_name_prefix_with_a_blank" {
  command = plan

  variables {
    name_prefix = "m365 "
  }

  expect_failures = [var.name_prefix]
}

run "slots_that_are_not_one_for_each_port" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["80", "443"], slots = [1] }) }
  }

  expect_failures = [var.rules]
}

run "a_slot_that_is_no_whole_number" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { slots = [1.5] }) }
  }

  expect_failures = [var.rules]
}

run "slots_in_one_row_and_none_in_another" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { slots = [1] })
      "b-set.server.ipv4" = merge(var.row, { slots = null })
    }
  }

  expect_failures = [var.rules]
}

run "a_slot_for_two_ports" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { slots = [1] })
      "b-set.server.ipv4" = merge(var.row, { slots = [1], ports = ["80"] })
    }
  }

  expect_failures = [var.rules]
}

run "a_port_with_two_slots" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { slots = [1] })
      "b-set.server.ipv4" = merge(var.row, { slots = [2] })
    }
  }

  expect_failures = [var.rules]
}
