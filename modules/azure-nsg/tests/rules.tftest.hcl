mock_provider "azurerm" {}

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"

  network_security_group = { name = "hybrid", resource_group_name = "network" }

  rules = {
    "federation-sts.client-tls.sts_proxy.ipv4" = {
      set         = "federation-sts"
      description = "Federation sign-in with client certificates"
      direction   = "inbound"
      priority    = 130
      role        = "sts_proxy"
      protocol    = "tcp"
      ports       = ["49443"]
      kind        = "ipv4"
      range       = "federation_clients"
    }
    "federation-sts.client-tls.sts_proxy.ipv6" = {
      set         = "federation-sts"
      description = "Federation sign-in with client certificates"
      direction   = "inbound"
      priority    = 140
      role        = "sts_proxy"
      protocol    = "tcp"
      ports       = ["49443"]
      kind        = "ipv6"
      range       = "federation_clients"
    }
    "graph-change-notifications.webhook_receiver.ipv4" = {
      set         = "graph-change-notifications"
      description = "Graph change notifications"
      direction   = "inbound"
      priority    = 220
      role        = "webhook_receiver"
      protocol    = "tcp"
      ports       = ["443"]
      kind        = "ipv4"
      networks    = ["192.0.2.0/32", "198.51.100.0/24"]
    }
    "graph-change-notifications.webhook_receiver.ipv6" = {
      set         = "graph-change-notifications"
      description = "Graph change notifications"
      direction   = "inbound"
      priority    = 230
      role        = "webhook_receiver"
      protocol    = "tcp"
      ports       = ["443"]
      kind        = "ipv6"
      networks    = ["2001:db8::/32"]
    }
    "skype-hybrid-outbound.media-udp.skype_server.ipv4" = {
      set         = "skype-hybrid-outbound"
      description = "Media"
      direction   = "outbound"
      priority    = 130
      role        = "skype_server"
      protocol    = "udp"
      ports       = ["3478", "50000-59999"]
      kind        = "ipv4"
      networks    = ["203.0.113.0/24"]
    }
    "entra-connect-sync.sync.entra_connect_server.ipv4" = {
      set         = "entra-connect-sync"
      description = "Directory synchronisation"
      direction   = "outbound"
      priority    = 140
      role        = "entra_connect_server"
      protocol    = "tcp"
      ports       = ["443"]
      kind        = "ipv4"
      service_tag = "AzureActiveDirectory"
    }
  }
}

run "no_role_no_rule" {
  command = plan

  assert {
    condition     = length(azurerm_network_security_rule.rule) == 0 && length(output.roles) == 0
    error_message = "Without addresses there must be no rule."
  }

  assert {
    condition     = output.rules_left_out["skype-hybrid-outbound.media-udp.skype_server.ipv4"] == "neither local_addresses nor application_security_group_ids has the role `skype_server`"
    error_message = jsonencode(output.rules_left_out)
  }

  assert {
    condition     = output.rules_left_out["federation-sts.client-tls.sts_proxy.ipv6"] == "neither local_addresses_ipv6 nor application_security_group_ids has the role `sts_proxy`; named_ranges_ipv6 lacks the range `federation_clients`"
    error_message = jsonencode(output.rules_left_out)
  }

  assert {
    condition     = keys(output.roles_left_out) == ["entra_connect_server", "skype_server", "sts_proxy", "webhook_receiver"]
    error_message = jsonencode(output.roles_left_out)
  }
}

run "inbound_from_the_remote_to_the_hosts" {
  command = plan

  variables {
    local_addresses = { webhook_receiver = ["10.0.0.5", "10.0.1.0/24"] }
  }

  assert {
    condition     = keys(azurerm_network_security_rule.rule) == ["graph-change-notifications.webhook_receiver.ipv4"]
    error_message = "The keys are ${join(", ", keys(azurerm_network_security_rule.rule))}."
  }

  assert {
    condition = [
      for rule in azurerm_network_security_rule.rule : alltrue([
        rule.name == "m365-worldwide.graph-change-notifications.webhook_receiver.ipv4",
        rule.network_security_group_name == "hybrid",
        rule.resource_group_name == "network",
        rule.description == "Graph change notifications",
        rule.priority == 220,
        rule.direction == "Inbound",
        rule.access == "Allow",
        rule.protocol == "Tcp",
      ])
    ] == [true]
    error_message = jsonencode(azurerm_network_security_rule.rule)
  }

  assert {
    condition = [
      for rule in azurerm_network_security_rule.rule : alltrue([
        rule.source_port_range == "*",
        rule.source_port_ranges == null,
        rule.source_address_prefix == null,
        rule.source_address_prefixes == toset(["192.0.2.0/32", "198.51.100.0/24"]),
        rule.source_application_security_group_ids == null,
        rule.destination_port_range == null,
        rule.destination_port_ranges == toset(["443"]),
        rule.destination_address_prefix == null,
        rule.destination_address_prefixes == toset(["10.0.0.5", "10.0.1.0/24"]),
        rule.destination_application_security_group_ids == null,
      ])
    ] == [true]
    error_message = jsonencode(azurerm_network_security_rule.rule)
  }

  assert {
    condition     = output.rules_left_out["graph-change-notifications.webhook_receiver.ipv6"] == "neither local_addresses_ipv6 nor application_security_group_ids has the role `webhook_receiver`"
    error_message = jsonencode(output.rules_left_out)
  }

  assert {
    condition     = output.roles == tolist(["webhook_receiver"]) && !contains(keys(output.roles_left_out), "webhook_receiver")
    error_message = "A role with one of two rules is not left out."
  }
}

run "outbound_from_the_hosts_to_the_remote" {
  command = plan

  variables {
    local_addresses = { skype_server = ["10.0.0.5"] }
  }

  assert {
    condition = [
      for rule in azurerm_network_security_rule.rule : alltrue([
        rule.direction == "Outbound",
        rule.protocol == "Udp",
        rule.source_address_prefixes == toset(["10.0.0.5"]),
        rule.destination_address_prefixes == toset(["203.0.113.0/24"]),
        rule.destination_port_ranges == toset(["3478", "50000-59999"]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_network_security_rule.rule)
  }
}

run "a_service_tag_stands_in_the_singular" {
  command = plan

  variables {
    local_addresses = { entra_connect_server = ["10.0.0.5"] }
  }

  assert {
    condition = [
      for rule in azurerm_network_security_rule.rule : alltrue([
        rule.source_address_prefixes == toset(["10.0.0.5"]),
        rule.destination_address_prefix == "AzureActiveDirectory",
        rule.destination_address_prefixes == null,
        rule.destination_application_security_group_ids == null,
      ])
    ] == [true]
    error_message = jsonencode(azurerm_network_security_rule.rule)
  }
}

run "anywhere_is_every_address_of_a_family" {
  command = plan

  variables {
    local_addresses      = { mobile_device = ["10.0.0.0/24"] }
    local_addresses_ipv6 = { mobile_device = ["2001:db8::/64"] }
    rules = {
      "teams-mobile-push.fcm.mobile_device.fqdn4" = {
        set = "teams-mobile-push", description = "Push (to anywhere)", direction = "outbound", priority = 100, role = "mobile_device", protocol = "tcp", ports = ["5228"], kind = "ipv4", anywhere = true
      }
      "teams-mobile-push.fcm.mobile_device.fqdn6" = {
        set = "teams-mobile-push", description = "Push (to anywhere)", direction = "outbound", priority = 110, role = "mobile_device", protocol = "tcp", ports = ["5228"], kind = "ipv6", anywhere = true
      }
    }
  }

  assert {
    condition = { for key, rule in azurerm_network_security_rule.rule : key => tolist(rule.destination_address_prefixes) } == {
      "teams-mobile-push.fcm.mobile_device.fqdn4" = tolist(["0.0.0.0/0"])
      "teams-mobile-push.fcm.mobile_device.fqdn6" = tolist(["::/0"])
    }
    error_message = jsonencode(azurerm_network_security_rule.rule)
  }
}

run "application_security_groups_take_both_families" {
  command = plan

  variables {
    application_security_group_ids = { webhook_receiver = ["/subscriptions/0/asg"] }
  }

  assert {
    condition = keys(azurerm_network_security_rule.rule) == [
      "graph-change-notifications.webhook_receiver.ipv4", "graph-change-notifications.webhook_receiver.ipv6",
    ]
    error_message = "The keys are ${join(", ", keys(azurerm_network_security_rule.rule))}."
  }

  assert {
    condition = [
      for rule in azurerm_network_security_rule.rule : alltrue([
        rule.destination_address_prefix == null,
        rule.destination_address_prefixes == null,
        rule.destination_application_security_group_ids == toset(["/subscriptions/0/asg"]),
      ])
    ] == [true, true]
    error_message = jsonencode(azurerm_network_security_rule.rule)
  }
}

run "local_addresses_and_ranges_by_family" {
  command = plan

  variables {
    local_addresses      = { sts_proxy = ["10.0.0.5"] }
    local_addresses_ipv6 = { sts_proxy = ["2001:db8:1::5"] }
    named_ranges         = { federation_clients = ["0.0.0.0/0"] }
    named_ranges_ipv6    = { federation_clients = ["2001:db8:2::/48"] }
    allow_any            = ["federation_clients"]
  }

  assert {
    condition = { for key, rule in azurerm_network_security_rule.rule : key => [one(rule.source_address_prefixes), one(rule.destination_address_prefixes)] } == {
      "federation-sts.client-tls.sts_proxy.ipv4" = ["0.0.0.0/0", "10.0.0.5"]
      "federation-sts.client-tls.sts_proxy.ipv6" = ["2001:db8:2::/48", "2001:db8:1::5"]
    }
    error_message = jsonencode(azurerm_network_security_rule.rule)
  }
}

run "a_range_that_is_not_given_is_left_out_with_the_reason" {
  command = plan

  variables {
    local_addresses = { sts_proxy = ["10.0.0.5"] }
  }

  assert {
    condition     = length(azurerm_network_security_rule.rule) == 0
    error_message = "A rule without its range must be left out."
  }

  assert {
    condition     = output.rules_left_out["federation-sts.client-tls.sts_proxy.ipv4"] == "named_ranges lacks the range `federation_clients`"
    error_message = jsonencode(output.rules_left_out)
  }
}

run "priority_offset_is_added" {
  command = plan

  variables {
    local_addresses = { webhook_receiver = ["10.0.0.5"] }
    priority_offset = -120
  }

  assert {
    condition     = azurerm_network_security_rule.rule["graph-change-notifications.webhook_receiver.ipv4"].priority == 100
    error_message = "The priority must be 220 - 120."
  }
}

run "an_existing_group_is_left_alone" {
  command = plan

  assert {
    condition     = length(azurerm_network_security_group.created) == 0 && output.network_security_group_id == null
    error_message = "No group must be created beside the existing one."
  }

  assert {
    condition     = output.network_security_group == { name = "hybrid", resource_group_name = "network" }
    error_message = jsonencode(output.network_security_group)
  }
}

run "a_group_is_created_without_one" {
  variables {
    network_security_group = null
    resource_group_name    = "network"
    location               = "westeurope"
    tags                   = { team = "network" }
    local_addresses        = { webhook_receiver = ["10.0.0.5"] }
  }

  assert {
    condition = [
      for group in azurerm_network_security_group.created : alltrue([
        group.name == "m365-worldwide-inbound-hybrid-server",
        group.resource_group_name == "network",
        group.location == "westeurope",
        group.tags == tomap({ team = "network" }),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_network_security_group.created)
  }

  assert {
    condition     = output.network_security_group_id == azurerm_network_security_group.created[0].id
    error_message = "The output must be the id of the created group."
  }

  assert {
    condition     = azurerm_network_security_rule.rule["graph-change-notifications.webhook_receiver.ipv4"].network_security_group_name == "m365-worldwide-inbound-hybrid-server"
    error_message = "The rule must stand in the created group."
  }

  assert {
    condition     = output.rule_names == { "graph-change-notifications.webhook_receiver.ipv4" = "m365-worldwide.graph-change-notifications.webhook_receiver.ipv4" }
    error_message = jsonencode(output.rule_names)
  }

  assert {
    condition     = output.rule_ids == { for key, rule in azurerm_network_security_rule.rule : key => rule.id }
    error_message = jsonencode(output.rule_ids)
  }
}

run "the_created_group_can_be_named" {
  command = plan

  variables {
    network_security_group      = null
    network_security_group_name = "perimeter"
    resource_group_name         = "network"
    location                    = "westeurope"
  }

  assert {
    condition     = output.network_security_group == { name = "perimeter", resource_group_name = "network" }
    error_message = jsonencode(output.network_security_group)
  }
}

run "no_rules_no_resources" {
  command = plan

  variables {
    rules = {}
  }

  assert {
    condition     = length(azurerm_network_security_rule.rule) == 0
    error_message = "An empty rules map must give no rule."
  }

  assert {
    condition     = jsonencode([output.rule_names, output.rule_ids, output.roles, output.roles_left_out, output.rules_left_out]) == "[{},{},[],{},{}]"
    error_message = "An empty rules map must give empty outputs."
  }
}

run "the_limits_themselves_are_fine" {
  command = plan

  variables {
    name_prefix     = "a-prefix-of-53-characters-that-goes-on-and-on-and-on-"
    priority_offset = 1
    local_addresses = { server = ["10.1.0.5"] }

    rules = {
      "a-set.server.ipv4" = {
        set         = "a-set"
        description = join("", [for number in range(70) : "é"])
        direction   = "inbound"
        priority    = 4095
        role        = "server"
        protocol    = "tcp"
        ports       = ["0-65535"]
        kind        = "ipv4"
        networks    = [for pair in setproduct(range(20), range(200)) : "10.0.${pair[0]}.${pair[1]}/32"]
      }
    }
  }

  assert {
    condition     = length(azurerm_network_security_rule.rule["a-set.server.ipv4"].name) == 80
    error_message = "The name has ${length(azurerm_network_security_rule.rule["a-set.server.ipv4"].name)} characters."
  }

  assert {
    condition     = azurerm_network_security_rule.rule["a-set.server.ipv4"].priority == 4096
    error_message = "The priority must be 4095 + 1."
  }

  assert {
    condition     = length(azurerm_network_security_rule.rule["a-set.server.ipv4"].source_address_prefixes) == 4000
    error_message = "All 4000 addresses must stand in the rule."
  }
}
