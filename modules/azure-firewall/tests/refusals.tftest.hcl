# Each run gives one bad input and expects its refusal.

mock_provider "azurerm" {}

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"

  firewall_policy_id  = "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/firewallPolicies/hub"
  resource_group_name = "network"
  location            = "westeurope"

  # No inputs of the module: the runs take them and spoil them.
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
  host_row = {
    set         = "a-set"
    description = "A set"
    direction   = "outbound"
    priority    = 140
    role        = "server"
    protocol    = "tcp"
    ports       = ["443"]
    kind        = "fqdn"
    hosts       = ["a.example.com"]
  }

  rules = {
    "a-set.server.ipv4" = {
      set = "a-set", description = "A set", direction = "inbound", priority = 200, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", networks = ["192.0.2.0/24"]
    }
    "b-set.server.ipv4" = {
      set = "b-set", description = "B set", direction = "inbound", priority = 210, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "clients"
    }
  }
}

# The runs below spoil these two in one thing each, so both have to be good.
run "the_rows_to_spoil_are_good" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }

    rules = {
      "a-set.server.ipv4" = var.row
      "a-set.server.fqdn" = var.host_row
    }
  }

  assert {
    condition     = length(output.rule_names) == 2
    error_message = jsonencode(output.rules_left_out)
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

run "a_direction_that_does_not_exist" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { direction = "in" }) }
  }

  expect_failures = [var.rules]
}

run "a_priority_below_0" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { priority = -1 }) }
  }

  expect_failures = [var.rules]
}

run "a_priority_of_ten_digits" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { priority = 1000000000 }) }
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

run "a_port_twice" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["443", "443"] }) }
  }

  expect_failures = [var.rules]
}

run "port_0" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["0"] }) }
  }

  expect_failures = [var.rules]
}

run "a_port_range_from_0" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { ports = ["443", "0-80"] }) }
  }

  expect_failures = [var.rules]
}

run "an_ipv6_row" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "ipv6", networks = ["2001:db8::/32"] }) }
  }

  expect_failures = [var.rules]
}

run "an_ipv6_row_of_a_range" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "ipv6", networks = null, range = "clients" }) }
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
    rules = { "a-set.server.ipv4" = merge(var.row, { range = "clients" }) }
  }

  expect_failures = [var.rules]
}

run "networks_and_hosts" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { networks = ["192.0.2.0/24"] }) }
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

run "the_whole_internet_as_a_network" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = ["0.0.0.0/0"] }) }
  }

  expect_failures = [var.rules]
}

run "networks_of_the_kind_fqdn" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { kind = "fqdn" }) }
  }

  expect_failures = [var.rules]
}

run "hosts_of_the_kind_ipv4" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { kind = "ipv4" }) }
  }

  expect_failures = [var.rules]
}

run "more_than_5000_networks" {
  command = plan

  variables {
    rules = { "a-set.server.ipv4" = merge(var.row, { networks = concat(["192.0.2.0/24"], [for pair in setproduct(range(25), range(200)) : "10.0.${pair[0]}.${pair[1]}/32"]) }) }
  }

  expect_failures = [var.rules]
}

run "no_hosts" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = [] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_in_capitals" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["A.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_of_one_word" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["*"] }) }
  }

  expect_failures = [var.rules]
}

run "a_host_twice" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["a.example.com", "a.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "hosts_that_connect_to_us" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { direction = "inbound" }) }
  }

  expect_failures = [var.rules]
}

run "a_star_in_the_middle_of_a_host" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["a.example.com", "autodiscover.*.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "a_star_behind_letters" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["cdn*.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "two_stars_in_a_host" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["*.*.example.com"] }) }
  }

  expect_failures = [var.rules]
}

run "a_star_on_another_port" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["*.example.com"], ports = ["443", "5671"] }) }
  }

  expect_failures = [var.rules]
}

run "a_star_on_a_range_of_ports" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["*.example.com"], ports = ["80-443"] }) }
  }

  expect_failures = [var.rules]
}

run "a_star_over_udp" {
  command = plan

  variables {
    rules = { "a-set.server.fqdn" = merge(var.host_row, { hosts = ["*.example.com"], protocol = "udp" }) }
  }

  expect_failures = [var.rules]
}

run "a_local_role_that_no_rule_has" {
  command = plan

  variables {
    local_addresses = { typo = ["10.0.0.5"] }
  }

  expect_failures = [var.local_addresses]
}

run "no_local_addresses" {
  command = plan

  variables {
    local_addresses = { server = [] }
  }

  expect_failures = [var.local_addresses]
}

run "a_local_address_with_host_bits" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5/24"] }
  }

  expect_failures = [var.local_addresses]
}

run "an_ipv6_local_address" {
  command = plan

  variables {
    local_addresses = { server = ["2001:db8::5"] }
  }

  expect_failures = [var.local_addresses]
}

run "a_local_address_that_is_a_word" {
  command = plan

  variables {
    local_addresses = { server = ["server"] }
  }

  expect_failures = [var.local_addresses]
}

run "everything_as_a_local_address" {
  command = plan

  variables {
    local_addresses = { server = ["0.0.0.0/0"] }
  }

  expect_failures = [var.local_addresses]
}

run "a_local_group_of_a_role_that_no_rule_has" {
  command = plan

  variables {
    local_ip_group_ids = { typo = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/server"] }
  }

  expect_failures = [var.local_ip_group_ids]
}

run "addresses_and_a_group_for_one_role" {
  command = plan

  variables {
    local_addresses    = { server = ["10.0.0.5"] }
    local_ip_group_ids = { server = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/server"] }
  }

  expect_failures = [var.local_ip_group_ids]
}

run "no_local_groups" {
  command = plan

  variables {
    local_ip_group_ids = { server = [] }
  }

  expect_failures = [var.local_ip_group_ids]
}

run "a_local_group_by_its_name" {
  command = plan

  variables {
    local_ip_group_ids = { server = ["server"] }
  }

  expect_failures = [var.local_ip_group_ids]
}

run "an_application_security_group_as_a_local_group" {
  command = plan

  variables {
    local_ip_group_ids = { server = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/applicationSecurityGroups/server"] }
  }

  expect_failures = [var.local_ip_group_ids]
}

run "a_local_group_twice" {
  command = plan

  variables {
    local_ip_group_ids = { server = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/server", "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/server"] }
  }

  expect_failures = [var.local_ip_group_ids]
}

run "a_range_that_no_rule_names" {
  command = plan

  variables {
    named_ranges = { typo = ["192.0.2.0/24"] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_without_networks" {
  command = plan

  variables {
    named_ranges = { clients = [] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_with_host_bits" {
  command = plan

  variables {
    named_ranges = { clients = ["192.0.2.1/24"] }
  }

  expect_failures = [var.named_ranges]
}

run "a_range_of_ipv6" {
  command = plan

  variables {
    named_ranges = { clients = ["2001:db8::/32"] }
  }

  expect_failures = [var.named_ranges]
}

run "the_whole_internet_unasked" {
  command = plan

  variables {
    named_ranges = { clients = ["0.0.0.0/0"] }
  }

  expect_failures = [var.named_ranges]
}

run "allow_any_for_a_range_that_no_rule_names" {
  command = plan

  variables {
    allow_any = ["typo"]
  }

  expect_failures = [var.allow_any]
}

run "a_group_priority_with_a_fraction" {
  command = plan

  variables {
    priority = 1000.5
  }

  expect_failures = [var.priority]
}

run "a_group_priority_below_100" {
  command = plan

  variables {
    priority = 99
  }

  expect_failures = [var.priority]
}

run "a_group_priority_that_the_place_takes_above_65000" {
  command = plan

  variables {
    cloud    = "china"
    traffic  = "user"
    priority = 64891
  }

  expect_failures = [var.priority]
}

run "a_name_of_81_characters" {
  command = plan

  variables {
    name_prefix     = "a-prefix-of-49-characters-that-goes-on-and-on-on-"
    local_addresses = { server = ["10.0.0.5"] }
    rules           = { "a-set.some.server.ipv4" = var.row }
  }

  expect_failures = [var.name_prefix]
}

run "a_name_that_begins_with_a_sign" {
  command = plan

  variables {
    name_prefix     = "_"
    local_addresses = { server = ["10.0.0.5"] }
  }

  expect_failures = [var.name_prefix]
}

run "a_name_with_a_blank" {
  command = plan

  variables {
    name_prefix = "m365 "
  }

  expect_failures = [var.name_prefix]
}

run "a_group_name_of_81_characters" {
  command = plan

  variables {
    name_prefix = "a-prefix-of-50-characters-that-goes-on-and-on-on-n"
  }

  expect_failures = [var.name_prefix]
}

run "an_ip_group_without_a_resource_group" {
  command = plan

  variables {
    resource_group_name = null
    local_addresses     = { server = ["10.0.0.5"] }
  }

  expect_failures = [var.resource_group_name]
}

run "an_ip_group_without_a_location" {
  command = plan

  variables {
    location        = null
    local_addresses = { server = ["10.0.0.5"] }
  }

  expect_failures = [var.location]
}

run "a_network_twice_in_a_row" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    rules           = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24", "192.0.2.0/24"] }) }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}

run "a_network_inside_another_of_its_row" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    rules           = { "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.128/25", "192.0.2.0/24"] }) }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}

run "a_network_inside_another_of_its_range" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { clients = ["192.0.2.0/24", "192.0.2.7/32"] }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}

run "a_local_address_twice" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5", "10.0.0.5/32"] }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}

run "more_than_200_ip_groups" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    rules           = { for number in range(201) : "a-set.${number}.server.ipv4" => merge(var.row, { priority = number }) }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}

run "more_than_200_ip_groups_with_those_of_the_hosts" {
  command = plan

  variables {
    local_ip_group_ids = { server = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/server"] }
    rules              = { for number in range(200) : "a-set.${number}.server.ipv4" => merge(var.row, { priority = number }) }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}

run "more_than_20000_pairs_of_source_and_destination" {
  command = plan

  variables {
    local_addresses = { server = [for number in range(201) : "10.0.0.${number}"] }
    named_ranges    = { clients = [for number in range(100) : "192.0.2.${number}/32"] }
    rules           = { "c-set.server.ipv4" = merge(var.row, { networks = null, range = "clients" }) }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}

run "more_than_20000_pairs_over_all_rules" {
  command = plan

  variables {
    local_addresses = { server = [for number in range(100) : "10.0.0.${number}"] }
    named_ranges    = { clients = [for number in range(100) : "192.0.2.${number}/32"] }
    rules = {
      for number in range(3) : "c-set.${number}.server.ipv4" => merge(var.row, { priority = number, networks = null, range = "clients" })
    }
  }

  expect_failures = [azurerm_firewall_policy_rule_collection_group.rules]
}
