# Each run gives one bad input and expects its refusal.

mock_provider "azurerm" {}

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"

  network_security_group = { name = "hybrid", resource_group_name = "network" }

  # No input of the module: the runs take it and spoil it.
  row = {
    set         = "a-set"
    description = "A set"
    direction   = "inbound"
    priority    = 130
    role        = "server"
    protocol    = "tcp"
    ports       = ["443"]
    kind        = "ipv4"
    networks    = ["192.0.2.0/24"]
  }

  rules = {
    "a-set.server.ipv4" = {
      set = "a-set", description = "A set", direction = "inbound", priority = 200, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "both"
    }
    "a-set.server.ipv6" = {
      set = "a-set", description = "A set", direction = "inbound", priority = 210, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv6", range = "both"
    }
    "b-set.server.ipv4" = {
      set = "b-set", description = "B set", direction = "inbound", priority = 220, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "only_ipv4"
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

run "a_description_of_141_bytes" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { description = "${join("", [for i in range(70) : "é"])}x" }) }
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

run "a_priority_below_100" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { priority = 99 }) }
  }

  expect_failures = [var.rules]
}

run "a_priority_above_4096" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { priority = 4097 }) }
  }

  expect_failures = [var.rules]
}

run "a_priority_with_a_fraction" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { priority = 100.5 }) }
  }

  expect_failures = [var.rules]
}

run "a_priority_twice" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = var.row
      "b-set.server.ipv4" = merge(var.row, { set = "b-set" })
    }
  }

  expect_failures = [var.rules]
}

run "more_than_1000_rules" {
  command = plan

  variables {
    rules = {
      for number in setproduct(range(2), range(501)) : "a-set.server-${number[0]}-${number[1]}.ipv4" => merge(var.row, {
        direction = number[0] == 0 ? "inbound" : "outbound"
        priority  = 100 + number[1]
      })
    }
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

run "a_row_of_host_names" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn" }) }
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
    rules = { "a-set.server.ipv4" = merge(var.row, { range = "both" }) }
  }

  expect_failures = [var.rules]
}

run "networks_and_a_service_tag" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { service_tag = "Storage" }) }
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
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = [], range = "both" }) }
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

run "the_whole_internet_as_a_service_tag" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, service_tag = "Internet" }) }
  }

  expect_failures = [var.rules]
}

run "any_as_a_service_tag" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = null, service_tag = "*" }) }
  }

  expect_failures = [var.rules]
}

run "a_network_inside_another" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24", "192.0.0.0/16"] }) }
  }

  expect_failures = [output.rule_names]
}

run "a_network_twice" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24", "192.0.2.0/24"] }) }
  }

  expect_failures = [output.rule_names]
}

run "an_ipv6_network_inside_another" {
  command = plan

  variables {
    rules = { "a-set.server.ipv6" = merge(var.row, { kind = "ipv6", networks = ["2001:db8::/32", "2001:db8:1::/48"] }) }
  }

  expect_failures = [output.rule_names]
}

run "addresses_of_a_role_that_no_rule_has" {
  command = plan

  variables {
    local_addresses = { serve = ["10.0.0.5"] }
  }

  expect_failures = [var.local_addresses]
}

run "an_empty_list_of_addresses" {
  command = plan

  variables {
    local_addresses = { server = [] }
  }

  expect_failures = [var.local_addresses]
}

run "null_for_addresses" {
  command = plan

  variables {
    local_addresses = { server = null }
  }

  expect_failures = [var.local_addresses]
}

run "addresses_with_host_bits" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.1/24"] }
  }

  expect_failures = [var.local_addresses]
}

run "addresses_of_the_other_family" {
  command = plan

  variables {
    local_addresses = { server = ["2001:db8::5"] }
  }

  expect_failures = [var.local_addresses]
}

run "addresses_that_are_names" {
  command = plan

  variables {
    local_addresses = { server = ["server.example.com"] }
  }

  expect_failures = [var.local_addresses]
}

run "any_address" {
  command = plan

  variables {
    local_addresses = { server = ["0.0.0.0/0"] }
  }

  expect_failures = [var.local_addresses]
}

run "addresses_with_an_overlap" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.0/24", "10.0.0.5"] }
  }

  expect_failures = [output.rule_names]
}

run "addresses_of_ipv6_of_a_role_that_no_rule_has" {
  command = plan

  variables {
    local_addresses_ipv6 = { serve = ["2001:db8::5"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "an_empty_list_of_addresses_of_ipv6" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = [] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "null_for_addresses_of_ipv6" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = null }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "addresses_of_ipv6_with_host_bits" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["2001:db8::1/64"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "addresses_of_ipv6_of_the_other_family" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["10.0.0.5"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "addresses_of_ipv6_that_are_names" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["server.example.com"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "any_address_of_ipv6" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["::/0"] }
  }

  expect_failures = [var.local_addresses_ipv6]
}

run "addresses_of_ipv6_with_an_overlap" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["2001:db8::5", "2001:db8::5/128"] }
  }

  expect_failures = [output.rule_names]
}

run "a_security_group_of_a_role_that_no_rule_has" {
  command = plan

  variables {
    application_security_group_ids = { serve = ["/asg"] }
  }

  expect_failures = [var.application_security_group_ids]
}

run "an_empty_list_of_security_groups" {
  command = plan

  variables {
    application_security_group_ids = { server = [] }
  }

  expect_failures = [var.application_security_group_ids]
}

run "eleven_security_groups" {
  command = plan

  variables {
    application_security_group_ids = { server = [for number in range(11) : "/asg-${number}"] }
  }

  expect_failures = [var.application_security_group_ids]
}

run "addresses_and_security_groups" {
  command = plan

  variables {
    local_addresses                = { server = ["10.0.0.5"] }
    application_security_group_ids = { server = ["/asg"] }
  }

  expect_failures = [var.application_security_group_ids]
}

run "addresses_of_ipv6_and_security_groups" {
  command = plan

  variables {
    local_addresses_ipv6           = { server = ["2001:db8::5"] }
    application_security_group_ids = { server = ["/asg"] }
  }

  expect_failures = [var.application_security_group_ids]
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

  expect_failures = [output.rule_names]
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

  expect_failures = [output.rule_names]
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

run "a_priority_offset_with_a_fraction" {
  command = plan

  variables {
    priority_offset = 0.5
  }

  expect_failures = [var.priority_offset]
}

run "a_priority_offset_beyond_4096" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { only_ipv4 = ["192.0.2.0/24"] }
    priority_offset = 3877
  }

  expect_failures = [var.priority_offset]
}

run "a_priority_offset_below_100" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { only_ipv4 = ["192.0.2.0/24"] }
    priority_offset = -121
  }

  expect_failures = [var.priority_offset]
}

run "a_rule_name_of_81_characters" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { only_ipv4 = ["192.0.2.0/24"] }
    name_prefix     = "a-prefix-of-54-characters-that-goes-on-and-on-and-onxx"
  }

  expect_failures = [var.name_prefix]
}

run "a_rule_name_that_begins_with_a_sign" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { only_ipv4 = ["192.0.2.0/24"] }
    name_prefix     = "-"
  }

  expect_failures = [var.name_prefix]
}

run "a_rule_name_with_a_blank" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    rules           = { "a set" = var.row }
  }

  expect_failures = [var.name_prefix]
}

run "more_than_4000_addresses" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { networks = [for pair in setproduct(range(20), range(101)) : "10.0.${pair[0]}.${pair[1]}/32"] })
      "b-set.server.ipv4" = merge(var.row, { networks = [for pair in setproduct(range(20), range(100)) : "10.0.${pair[0]}.${pair[1]}/32"], priority = 140 })
    }
    local_addresses = { server = ["10.1.0.5"] }
  }

  expect_failures = [output.rule_names]
}

run "a_group_without_a_resource_group" {
  command = plan

  variables {
    network_security_group = null
    location               = "westeurope"
  }

  expect_failures = [var.resource_group_name]
}

run "a_group_without_a_location" {
  command = plan

  variables {
    network_security_group = null
    resource_group_name    = "network"
  }

  expect_failures = [var.location]
}

run "a_group_name_that_ends_with_a_sign" {
  command = plan

  variables {
    network_security_group      = null
    resource_group_name         = "network"
    location                    = "westeurope"
    network_security_group_name = "perimeter-"
  }

  expect_failures = [var.network_security_group_name]
}
