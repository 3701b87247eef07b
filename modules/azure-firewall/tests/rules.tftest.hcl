mock_provider "azurerm" {}

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"

  firewall_policy_id  = "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/firewallPolicies/hub"
  resource_group_name = "network"
  location            = "westeurope"

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
    "entra-connect-sync.sync.entra_connect_server.fqdn" = {
      set         = "entra-connect-sync"
      description = "Directory synchronisation"
      direction   = "outbound"
      priority    = 140
      role        = "entra_connect_server"
      protocol    = "tcp"
      ports       = ["443"]
      kind        = "fqdn"
      hosts       = ["login.example.com", "*.example.net", "*cdn.example.org"]
    }
    "teams-mobile-push.apple.push_gateway.fqdn" = {
      set         = "teams-mobile-push"
      description = "Push to phones"
      direction   = "outbound"
      priority    = 150
      role        = "push_gateway"
      protocol    = "tcp"
      ports       = ["443", "5223"]
      kind        = "fqdn"
      hosts       = ["push.example.com", "feedback.example.com"]
    }
  }
}

run "no_role_no_rule" {
  command = plan

  variables {
    resource_group_name = null
    location            = null
  }

  assert {
    condition     = length(azurerm_firewall_policy_rule_collection_group.rules) == 0 && length(azurerm_ip_group.networks) == 0
    error_message = "Without addresses there must be neither a group nor an IP group."
  }

  assert {
    condition     = output.rule_collection_group_id == null && length(output.roles) == 0 && !output.needs_dns_proxy
    error_message = "Without a rule there is no id, no role, and no need for a DNS proxy."
  }

  assert {
    condition     = output.rules_left_out["skype-hybrid-outbound.media-udp.skype_server.ipv4"] == "neither local_addresses nor local_ip_group_ids has the role `skype_server`"
    error_message = jsonencode(output.rules_left_out)
  }

  assert {
    condition     = output.rules_left_out["federation-sts.client-tls.sts_proxy.ipv4"] == "neither local_addresses nor local_ip_group_ids has the role `sts_proxy`; named_ranges lacks the range `federation_clients`"
    error_message = jsonencode(output.rules_left_out)
  }

  assert {
    condition     = keys(output.roles_left_out) == ["entra_connect_server", "push_gateway", "skype_server", "sts_proxy", "webhook_receiver"]
    error_message = jsonencode(output.roles_left_out)
  }
}

run "inbound_from_an_ip_group_to_the_hosts" {
  variables {
    local_addresses = { webhook_receiver = ["10.0.1.0/24", "10.0.0.5"] }
    tags            = { team = "network" }
  }

  assert {
    condition = [
      for key, group in azurerm_ip_group.networks : [key, group.name, group.resource_group_name, group.location, group.cidrs, group.tags]
      ] == [[
        "graph-change-notifications.webhook_receiver.ipv4", "m365-worldwide.graph-change-notifications.webhook_receiver.ipv4",
        "network", "westeurope", toset(["192.0.2.0/32", "198.51.100.0/24"]), tomap({ team = "network" }),
    ]]
    error_message = jsonencode(azurerm_ip_group.networks)
  }

  assert {
    condition = [
      for group in azurerm_firewall_policy_rule_collection_group.rules : alltrue([
        group.name == "m365-worldwide-inbound-hybrid-server",
        group.firewall_policy_id == "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/firewallPolicies/hub",
        group.priority == 1000,
        length(group.application_rule_collection) == 0,
        length(group.nat_rule_collection) == 0,
        [for collection in group.network_rule_collection : [collection.name, collection.priority, collection.action]] == [["network", 100, "Allow"]],
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule : alltrue([
        rule.name == "m365-worldwide.graph-change-notifications.webhook_receiver.ipv4",
        rule.description == "Graph change notifications",
        rule.protocols == tolist(["TCP"]),
        rule.source_addresses == null,
        rule.source_ip_groups == tolist([azurerm_ip_group.networks["graph-change-notifications.webhook_receiver.ipv4"].id]),
        rule.destination_addresses == tolist(["10.0.0.5", "10.0.1.0/24"]),
        rule.destination_ip_groups == null,
        rule.destination_fqdns == null,
        rule.destination_ports == tolist(["443"]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }

  assert {
    condition     = output.ip_group_ids == { for key, group in azurerm_ip_group.networks : key => group.id } && keys(output.ip_group_ids) == ["graph-change-notifications.webhook_receiver.ipv4"]
    error_message = jsonencode(output.ip_group_ids)
  }

  assert {
    condition     = output.rule_collection_group_id == azurerm_firewall_policy_rule_collection_group.rules[0].id
    error_message = "The output must be the id of the group."
  }

  assert {
    condition     = output.rule_names == { "graph-change-notifications.webhook_receiver.ipv4" = "m365-worldwide.graph-change-notifications.webhook_receiver.ipv4" }
    error_message = jsonencode(output.rule_names)
  }

  assert {
    condition     = output.roles == tolist(["webhook_receiver"]) && !contains(keys(output.roles_left_out), "webhook_receiver")
    error_message = jsonencode([output.roles, output.roles_left_out])
  }
}

run "outbound_from_the_hosts_to_an_ip_group" {
  variables {
    local_addresses = { skype_server = ["10.0.0.5"] }
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule : alltrue([
        rule.protocols == tolist(["UDP"]),
        rule.source_addresses == tolist(["10.0.0.5"]),
        rule.source_ip_groups == null,
        rule.destination_addresses == null,
        rule.destination_ip_groups == tolist([azurerm_ip_group.networks["skype-hybrid-outbound.media-udp.skype_server.ipv4"].id]),
        rule.destination_ports == tolist(["3478", "50000-59999"]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "hosts_on_the_web_ports_become_an_application_rule" {
  command = plan

  variables {
    resource_group_name = null
    location            = null
    local_addresses     = { entra_connect_server = ["10.0.0.5"] }
  }

  assert {
    condition     = length(azurerm_ip_group.networks) == 0 && length(azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection) == 0
    error_message = "Hosts take no IP group and, on 443, no network rule."
  }

  assert {
    condition = [
      for collection in azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection : [collection.name, collection.priority, collection.action]
    ] == [["application", 200, "Allow"]]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection[0].rule : alltrue([
        rule.name == "m365-worldwide.entra-connect-sync.sync.entra_connect_server.fqdn",
        rule.description == "Directory synchronisation",
        [for protocol in rule.protocols : [protocol.type, protocol.port]] == [["Https", 443]],
        rule.source_addresses == tolist(["10.0.0.5"]),
        rule.source_ip_groups == null,
        rule.destination_fqdns == tolist(["*.example.net", "*cdn.example.org", "login.example.com"]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }

  assert {
    condition     = !output.needs_dns_proxy
    error_message = "An application rule needs no DNS proxy."
  }
}

run "port_80_is_http_and_stands_first" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }

    rules = {
      "a-set.server.fqdn" = {
        set = "a-set", description = "A set", direction = "outbound", priority = 200, role = "server", protocol = "tcp", ports = ["443-443", "80"], kind = "fqdn", hosts = ["a.example.com"]
      }
    }
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection[0].rule :
      [for protocol in rule.protocols : [protocol.type, protocol.port]]
    ] == [[["Http", 80], ["Https", 443]]]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "hosts_on_another_port_become_a_network_rule" {
  command = plan

  variables {
    local_addresses = { push_gateway = ["10.0.0.5"] }
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule : alltrue([
        rule.protocols == tolist(["TCP"]),
        rule.source_addresses == tolist(["10.0.0.5"]),
        rule.destination_addresses == null,
        rule.destination_ip_groups == null,
        rule.destination_fqdns == tolist(["feedback.example.com", "push.example.com"]),
        rule.destination_ports == tolist(["443", "5223"]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }

  assert {
    condition     = length(azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection) == 0 && output.needs_dns_proxy
    error_message = "A network rule by name needs the DNS proxy."
  }
}

run "hosts_over_udp_443_become_a_network_rule" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }

    rules = {
      "a-set.server.fqdn" = {
        set = "a-set", description = "A set", direction = "outbound", priority = 200, role = "server", protocol = "udp", ports = ["443"], kind = "fqdn", hosts = ["a.example.com"]
      }
    }
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule : [rule.protocols, rule.destination_ports]
    ] == [[tolist(["UDP"]), tolist(["443"])]]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "a_range_stands_in_the_rule_itself" {
  command = plan

  variables {
    resource_group_name = null
    location            = null
    local_addresses     = { sts_proxy = ["10.0.0.5"] }
    named_ranges        = { federation_clients = ["203.0.113.0/24", "192.0.2.0/24"] }
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule : alltrue([
        rule.source_addresses == tolist(["192.0.2.0/24", "203.0.113.0/24"]),
        rule.source_ip_groups == null,
        rule.destination_addresses == tolist(["10.0.0.5"]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "the_whole_internet_is_a_star" {
  command = plan

  variables {
    local_addresses = { sts_proxy = ["10.0.0.5"] }
    named_ranges    = { federation_clients = ["0.0.0.0/0"] }
    allow_any       = ["federation_clients"]
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule : rule.source_addresses
    ] == [tolist(["*"])]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "a_range_that_is_not_given_is_left_out_with_the_reason" {
  command = plan

  variables {
    local_addresses = { sts_proxy = ["10.0.0.5"] }
  }

  assert {
    condition     = length(azurerm_firewall_policy_rule_collection_group.rules) == 0
    error_message = "A rule without its range must be left out."
  }

  assert {
    condition     = output.rules_left_out["federation-sts.client-tls.sts_proxy.ipv4"] == "named_ranges lacks the range `federation_clients`"
    error_message = jsonencode(output.rules_left_out)
  }
}

run "ip_groups_of_the_hosts_stand_in_place_of_addresses" {
  command = plan

  variables {
    local_ip_group_ids = {
      entra_connect_server = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/sync"]
      push_gateway = [
        "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/push-b",
        "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/push-a",
      ]
    }
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection[0].rule : alltrue([
        rule.source_addresses == null,
        rule.source_ip_groups == tolist(["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/sync"]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }

  assert {
    condition = [
      for rule in azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule : alltrue([
        rule.source_addresses == null,
        rule.source_ip_groups == tolist([
          "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/push-a",
          "/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/push-b",
        ]),
      ])
    ] == [true]
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "rules_stand_in_the_order_of_their_priorities" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { clients = ["192.0.2.0/24"] }

    rules = {
      "d-set.server.ipv4" = {
        set = "d-set", description = "D", direction = "inbound", priority = 90, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "clients"
      }
      "b-set.server.ipv4" = {
        set = "b-set", description = "B", direction = "outbound", priority = 100, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "clients"
      }
      "c-set.server.ipv4" = {
        set = "c-set", description = "C", direction = "inbound", priority = 100, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "clients"
      }
      "c-set.first.server.ipv4" = {
        set = "c-set", description = "C", direction = "inbound", priority = 100, role = "server", protocol = "tcp", ports = ["444"], kind = "ipv4", range = "clients"
      }
      "a-set.server.ipv4" = {
        set = "a-set", description = "A", direction = "inbound", priority = 1000, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "clients"
      }
      "f-set.server.fqdn" = {
        set = "f-set", description = "F", direction = "outbound", priority = 80, role = "server", protocol = "tcp", ports = ["443"], kind = "fqdn", hosts = ["a.example.com"]
      }
      "e-set.server.fqdn" = {
        set = "e-set", description = "E", direction = "outbound", priority = 110, role = "server", protocol = "tcp", ports = ["443"], kind = "fqdn", hosts = ["a.example.com"]
      }
    }
  }

  assert {
    condition = azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule[*].name == tolist([
      "m365-worldwide.d-set.server.ipv4", "m365-worldwide.c-set.first.server.ipv4", "m365-worldwide.c-set.server.ipv4",
      "m365-worldwide.b-set.server.ipv4", "m365-worldwide.a-set.server.ipv4",
    ])
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule[*].name)
  }

  assert {
    condition = azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection[0].rule[*].name == tolist([
      "m365-worldwide.f-set.server.fqdn", "m365-worldwide.e-set.server.fqdn",
    ])
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection[0].rule[*].name)
  }
}

run "an_empty_description_is_none" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { clients = ["192.0.2.0/24"] }

    rules = {
      "a-set.server.ipv4" = {
        set = "a-set", description = "", direction = "inbound", priority = 200, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "clients"
      }
      "a-set.server.fqdn" = {
        set = "a-set", description = null, direction = "outbound", priority = 200, role = "server", protocol = "tcp", ports = ["443"], kind = "fqdn", hosts = ["a.example.com"]
      }
    }
  }

  assert {
    condition = alltrue([
      azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule[0].description == null,
      azurerm_firewall_policy_rule_collection_group.rules[0].application_rule_collection[0].rule[0].description == null,
    ])
    error_message = "The provider takes no empty description."
  }
}

run "a_range_of_one_port_is_a_port" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.0.5"] }
    named_ranges    = { clients = ["192.0.2.0/24"] }

    rules = {
      "a-set.server.ipv4" = {
        set = "a-set", description = "A", direction = "inbound", priority = 200, role = "server", protocol = "tcp", ports = ["8443", "443-443", "443", "1-2"], kind = "ipv4", range = "clients"
      }
    }
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule[0].destination_ports == tolist(["8443", "443", "1-2"])
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule[0].destination_ports)
  }
}

run "outbound_traffic_has_the_second_place" {
  command = plan

  variables {
    traffic         = "outbound-server-only"
    local_addresses = { push_gateway = ["10.0.0.5"] }
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.rules[0].priority == 1010 && azurerm_firewall_policy_rule_collection_group.rules[0].name == "m365-worldwide-outbound-server-only"
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "another_cloud_comes_after_all_traffics_of_the_one_before" {
  command = plan

  variables {
    cloud           = "usgov-gcchigh"
    local_addresses = { push_gateway = ["10.0.0.5"] }
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.rules[0].priority == 1030 && azurerm_firewall_policy_rule_collection_group.rules[0].name == "m365-usgov-gcchigh-inbound-hybrid-server"
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules)
  }
}

run "the_department_of_defense_comes_before_china" {
  command = plan

  variables {
    cloud           = "usgov-dod"
    traffic         = "user"
    local_addresses = { push_gateway = ["10.0.0.5"] }
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.rules[0].priority == 1080
    error_message = jsonencode(azurerm_firewall_policy_rule_collection_group.rules[0].priority)
  }
}

run "priority_moves_the_group" {
  command = plan

  variables {
    cloud           = "china"
    traffic         = "user"
    priority        = 64890
    local_addresses = { push_gateway = ["10.0.0.5"] }
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.rules[0].priority == 65000
    error_message = "The last place is 110 above priority, and 65000 is a priority still."
  }
}

run "no_rules_no_resources" {
  command = plan

  variables {
    rules = {}
  }

  assert {
    condition     = length(azurerm_firewall_policy_rule_collection_group.rules) == 0 && length(azurerm_ip_group.networks) == 0
    error_message = "An empty rules map must give nothing."
  }

  assert {
    condition     = jsonencode([output.rule_collection_group_id, output.rule_names, output.ip_group_ids, output.needs_dns_proxy, output.roles, output.roles_left_out, output.rules_left_out]) == "[null,{},{},false,[],{},{}]"
    error_message = "An empty rules map must give empty outputs."
  }
}

run "an_ip_group_of_5000_networks_and_a_name_of_80_characters_are_fine" {
  command = plan

  variables {
    name_prefix     = "a-prefix-of-49-characters-that-goes-on-and-on-on-"
    local_addresses = { server = ["10.1.0.5"] }

    rules = {
      "a-set.one.server.ipv4" = {
        set         = "a-set"
        description = "A"
        direction   = "inbound"
        priority    = 0
        role        = "server"
        protocol    = "tcp"
        ports       = ["1-65535"]
        kind        = "ipv4"
        networks    = [for pair in setproduct(range(25), range(200)) : "10.0.${pair[0]}.${pair[1]}/32"]
      }
    }
  }

  assert {
    condition     = length(azurerm_ip_group.networks["a-set.one.server.ipv4"].cidrs) == 5000
    error_message = "All networks must stand in the IP group."
  }

  assert {
    condition     = length(azurerm_ip_group.networks["a-set.one.server.ipv4"].name) == 80
    error_message = "The name has ${length(azurerm_ip_group.networks["a-set.one.server.ipv4"].name)} characters."
  }
}

run "a_host_group_and_199_ip_groups_are_fine" {
  command = plan

  variables {
    local_ip_group_ids = { server = ["/subscriptions/0/resourceGroups/network/providers/Microsoft.Network/ipGroups/server"] }

    rules = {
      for number in range(199) : "a-set.${number}.server.ipv4" => {
        set         = "a-set"
        description = "A"
        direction   = "inbound"
        priority    = number
        role        = "server"
        protocol    = "tcp"
        ports       = ["443"]
        kind        = "ipv4"
        networks    = ["192.0.2.0/24"]
      }
    }
  }

  assert {
    condition     = length(azurerm_ip_group.networks) == 199 && length(azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule) == 199
    error_message = "All rows must have an IP group and a rule."
  }
}

run "a_host_and_an_ip_group_are_one_address_in_the_count_of_pairs" {
  command = plan

  variables {
    local_addresses = { server = [for pair in setproduct(range(50), range(100)) : "10.0.${pair[0]}.${pair[1]}"] }
    named_ranges    = { clients = ["192.0.2.0/25", "192.0.2.128/25"] }

    rules = {
      "a-set.server.ipv4" = {
        set = "a-set", description = "A", direction = "outbound", priority = 200, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", networks = ["192.0.2.0/24", "198.51.100.0/24"]
      }
      "b-set.server.ipv4" = {
        set = "b-set", description = "B", direction = "inbound", priority = 200, role = "server", protocol = "tcp", ports = ["443"], kind = "ipv4", range = "clients"
      }
      "c-set.server.fqdn" = {
        set = "c-set", description = "C", direction = "outbound", priority = 210, role = "server", protocol = "tcp", ports = ["8443"], kind = "fqdn", hosts = ["a.example.com"]
      }
      # No network rule, so it counts for nothing.
      "d-set.server.fqdn" = {
        set = "d-set", description = "D", direction = "outbound", priority = 220, role = "server", protocol = "tcp", ports = ["443"], kind = "fqdn", hosts = ["a.example.com"]
      }
    }
  }

  assert {
    condition     = length(azurerm_firewall_policy_rule_collection_group.rules[0].network_rule_collection[0].rule) == 3
    error_message = "5000 addresses times 1, 2 and 1 are 20000 pairs: all rules must stand."
  }
}
