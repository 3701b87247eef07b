mock_provider "aws" {}

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"
  vpc_id  = "vpc-0123"
  roles   = ["skype_server", "sts_proxy", "webhook_receiver"]

  # No input of the module: runs below take it and change what they test.
  row = {
    set         = "a-set"
    description = "A set"
    direction   = "inbound"
    role        = "server"
    protocol    = "tcp"
    ports       = ["443"]
    group       = 1
    kind        = "ipv4"
  }

  rules = {
    "federation-sts.client-tls.sts_proxy.ipv4" = {
      set         = "federation-sts"
      description = "Federation sign-in with client certificates"
      direction   = "inbound"
      role        = "sts_proxy"
      protocol    = "tcp"
      ports       = ["49443"]
      slots       = [1]
      group       = 1
      kind        = "ipv4"
      range       = "federation_clients"
    }
    "federation-sts.client-tls.sts_proxy.ipv6" = {
      set         = "federation-sts"
      description = "Federation sign-in with client certificates"
      direction   = "inbound"
      role        = "sts_proxy"
      protocol    = "tcp"
      ports       = ["49443"]
      slots       = [1]
      group       = 1
      kind        = "ipv6"
      range       = "federation_clients"
    }
    "graph-change-notifications.webhook_receiver.ipv4" = {
      set         = "graph-change-notifications"
      description = "Graph change notifications"
      direction   = "inbound"
      role        = "webhook_receiver"
      protocol    = "tcp"
      ports       = ["443"]
      group       = 1
      kind        = "ipv4"
      networks    = ["192.0.2.0/32", "198.51.100.0/24"]
    }
    "graph-change-notifications.webhook_receiver.ipv4.2" = {
      set         = "graph-change-notifications"
      description = "Graph change notifications"
      direction   = "inbound"
      role        = "webhook_receiver"
      protocol    = "tcp"
      ports       = ["443"]
      group       = 2
      kind        = "ipv4"
      networks    = ["192.0.2.1/32"]
    }
    "graph-change-notifications.webhook_receiver.ipv6" = {
      set         = "graph-change-notifications"
      description = "Graph change notifications"
      direction   = "inbound"
      role        = "webhook_receiver"
      protocol    = "tcp"
      ports       = ["443"]
      group       = 1
      kind        = "ipv6"
      networks    = ["2001:db8::/32"]
    }
    "skype-hybrid-outbound.media-udp.skype_server.ipv4" = {
      set         = "skype-hybrid-outbound"
      description = "Media"
      direction   = "outbound"
      role        = "skype_server"
      protocol    = "udp"
      ports       = ["3478", "50000-59999"]
      slots       = [1, 2]
      group       = 1
      kind        = "ipv4"
      networks    = ["203.0.113.0/24"]
    }
  }
}

run "one_group_for_each_role_and_number" {
  command = plan

  variables {
    tags = { team = "network" }
  }

  assert {
    condition     = keys(aws_security_group.role) == ["skype_server-1", "sts_proxy-1", "webhook_receiver-1", "webhook_receiver-2"]
    error_message = "The keys are ${join(", ", keys(aws_security_group.role))}."
  }

  assert {
    condition = alltrue([
      aws_security_group.role["webhook_receiver-2"].name == "m365-worldwide-inbound-hybrid-server-webhook_receiver-2",
      aws_security_group.role["webhook_receiver-2"].description == "Microsoft 365 worldwide, inbound-hybrid-server: webhook_receiver, group 2",
      aws_security_group.role["webhook_receiver-2"].vpc_id == "vpc-0123",
      aws_security_group.role["webhook_receiver-2"].tags == tomap({ team = "network" }),
    ])
    error_message = jsonencode(aws_security_group.role["webhook_receiver-2"])
  }

  assert {
    condition     = output.security_group_names == { for key, group in aws_security_group.role : key => group.name }
    error_message = jsonencode(output.security_group_names)
  }
}

run "one_rule_for_each_port_and_network" {
  command = plan

  assert {
    condition = keys(aws_vpc_security_group_ingress_rule.opening) == [
      "webhook_receiver-1 tcp/443 192.0.2.0/32",
      "webhook_receiver-1 tcp/443 198.51.100.0/24",
      "webhook_receiver-1 tcp/443 2001:db8::/32",
      "webhook_receiver-2 tcp/443 192.0.2.1/32",
    ]
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }

  assert {
    condition = keys(aws_vpc_security_group_egress_rule.opening) == [
      "skype_server-1 udp#1 203.0.113.0/24",
      "skype_server-1 udp#2 203.0.113.0/24",
    ]
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_egress_rule.opening))}."
  }
}

run "a_rule_opens_one_port_for_one_network" {
  command = plan

  assert {
    condition = [
      for rule in [aws_vpc_security_group_ingress_rule.opening["webhook_receiver-1 tcp/443 192.0.2.0/32"]] : alltrue([
        rule.description == "Microsoft 365 worldwide, inbound-hybrid-server: webhook_receiver",
        rule.ip_protocol == "tcp",
        rule.from_port == 443,
        rule.to_port == 443,
        rule.cidr_ipv4 == "192.0.2.0/32",
        rule.cidr_ipv6 == null,
        rule.tags == null,
      ])
    ] == [true]
    error_message = jsonencode(aws_vpc_security_group_ingress_rule.opening)
  }

  assert {
    condition = [
      for rule in [aws_vpc_security_group_ingress_rule.opening["webhook_receiver-1 tcp/443 2001:db8::/32"]] : alltrue([
        rule.cidr_ipv4 == null,
        rule.cidr_ipv6 == "2001:db8::/32",
      ])
    ] == [true]
    error_message = jsonencode(aws_vpc_security_group_ingress_rule.opening)
  }

  assert {
    condition = [
      for rule in [aws_vpc_security_group_egress_rule.opening["skype_server-1 udp#2 203.0.113.0/24"]] : alltrue([
        rule.description == "Microsoft 365 worldwide, inbound-hybrid-server: skype_server",
        rule.ip_protocol == "udp",
        rule.from_port == 50000,
        rule.to_port == 59999,
        rule.cidr_ipv4 == "203.0.113.0/24",
        rule.cidr_ipv6 == null,
        rule.tags == null,
      ])
    ] == [true]
    error_message = jsonencode(aws_vpc_security_group_egress_rule.opening)
  }
}

run "rules_stand_in_their_groups" {
  assert {
    condition = alltrue([
      for key, rule in merge(aws_vpc_security_group_ingress_rule.opening, aws_vpc_security_group_egress_rule.opening) :
      rule.security_group_id == aws_security_group.role[split(" ", key)[0]].id
    ])
    error_message = "Each rule must stand in the group that its key begins with."
  }

  assert {
    condition = length(distinct([
      for rule in aws_vpc_security_group_ingress_rule.opening : rule.security_group_id
    ])) == 2
    error_message = "The groups of a role must be two."
  }

  assert {
    condition = jsonencode(output.security_group_ids) == jsonencode({
      skype_server     = [aws_security_group.role["skype_server-1"].id]
      sts_proxy        = [aws_security_group.role["sts_proxy-1"].id]
      webhook_receiver = [aws_security_group.role["webhook_receiver-1"].id, aws_security_group.role["webhook_receiver-2"].id]
    })
    error_message = jsonencode(output.security_group_ids)
  }
}

run "an_opening_is_one_line_of_a_plan" {
  command = plan

  assert {
    condition = output.openings == {
      "inbound webhook_receiver-1 tcp/443 192.0.2.0/32"    = "tcp/443, for graph-change-notifications"
      "inbound webhook_receiver-1 tcp/443 198.51.100.0/24" = "tcp/443, for graph-change-notifications"
      "inbound webhook_receiver-1 tcp/443 2001:db8::/32"   = "tcp/443, for graph-change-notifications"
      "inbound webhook_receiver-2 tcp/443 192.0.2.1/32"    = "tcp/443, for graph-change-notifications"
      "outbound skype_server-1 udp#1 203.0.113.0/24"       = "udp/3478, for skype-hybrid-outbound"
      "outbound skype_server-1 udp#2 203.0.113.0/24"       = "udp/50000-59999, for skype-hybrid-outbound"
    }
    error_message = jsonencode(output.openings)
  }
}

run "a_range_that_is_not_given_is_left_out_with_the_reason" {
  command = plan

  assert {
    condition = output.rules_left_out == {
      "federation-sts.client-tls.sts_proxy.ipv4" = "named_ranges lacks the range `federation_clients`"
      "federation-sts.client-tls.sts_proxy.ipv6" = "named_ranges_ipv6 lacks the range `federation_clients`"
    }
    error_message = jsonencode(output.rules_left_out)
  }

  assert {
    condition = output.roles_left_out == {
      sts_proxy = "named_ranges lacks the range `federation_clients`; named_ranges_ipv6 lacks the range `federation_clients`"
    }
    error_message = jsonencode(output.roles_left_out)
  }

  assert {
    condition     = output.roles == tolist(["skype_server", "sts_proxy", "webhook_receiver"]) && length(output.security_group_ids["sts_proxy"]) == 1
    error_message = "Its group stands, without rules: an interface without any group would get the VPC's default one."
  }
}

run "a_range_is_given_by_family" {
  command = plan

  variables {
    named_ranges = { federation_clients = ["192.0.2.0/25", "192.0.2.128/25"] }
  }

  assert {
    condition = [for key in keys(aws_vpc_security_group_ingress_rule.opening) : key if startswith(key, "sts_proxy")] == [
      "sts_proxy-1 tcp#1 192.0.2.0/25",
      "sts_proxy-1 tcp#1 192.0.2.128/25",
    ]
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }

  assert {
    condition     = keys(output.rules_left_out) == ["federation-sts.client-tls.sts_proxy.ipv6"] && output.roles_left_out == {}
    error_message = jsonencode(output.rules_left_out)
  }
}

run "the_whole_internet_when_it_is_asked_for" {
  command = plan

  variables {
    named_ranges      = { federation_clients = ["0.0.0.0/0"] }
    named_ranges_ipv6 = { federation_clients = ["::/0"] }
    allow_any         = ["federation_clients"]
  }

  assert {
    condition = [for key in keys(aws_vpc_security_group_ingress_rule.opening) : key if startswith(key, "sts_proxy")] == [
      "sts_proxy-1 tcp#1 0.0.0.0/0",
      "sts_proxy-1 tcp#1 ::/0",
    ]
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }
}

run "anywhere_is_every_address_of_a_family" {
  command = plan

  variables {
    roles = ["server"]
    rules = {
      "a-set.server.fqdn4" = merge(var.row, { direction = "outbound", anywhere = true })
      "a-set.server.fqdn6" = merge(var.row, { direction = "outbound", anywhere = true, kind = "ipv6" })
    }
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_egress_rule.opening : coalesce(rule.cidr_ipv4, rule.cidr_ipv6)] == ["0.0.0.0/0", "::/0"]
    error_message = jsonencode(aws_vpc_security_group_egress_rule.opening)
  }
}

run "roles_narrows" {
  command = plan

  variables {
    roles = ["skype_server"]
  }

  assert {
    condition     = keys(aws_security_group.role) == ["skype_server-1"] && length(aws_vpc_security_group_ingress_rule.opening) == 0
    error_message = "The keys are ${join(", ", keys(aws_security_group.role))}."
  }

  assert {
    condition     = output.roles_left_out["webhook_receiver"] == "roles does not name `webhook_receiver`"
    error_message = jsonencode(output.roles_left_out)
  }

  assert {
    condition     = output.rules_left_out["federation-sts.client-tls.sts_proxy.ipv4"] == "roles does not name `sts_proxy`; named_ranges lacks the range `federation_clients`"
    error_message = jsonencode(output.rules_left_out)
  }
}

run "no_roles_no_resources" {
  command = plan

  variables {
    roles          = []
    emptied_groups = { proxy = [1] }
  }

  assert {
    condition     = length(aws_security_group.role) == 0 && length(output.openings) == 0 && length(output.rules_left_out) == 6
    error_message = "The keys are ${join(", ", keys(aws_security_group.role))}."
  }

  assert {
    condition     = output.roles_left_out["proxy"] == "roles does not name `proxy`"
    error_message = jsonencode(output.roles_left_out)
  }
}

run "no_rules_no_resources" {
  command = plan

  variables {
    roles = []
    rules = {}
  }

  assert {
    condition     = length(aws_security_group.role) == 0
    error_message = "An empty rules map must give no group."
  }

  assert {
    condition = jsonencode([
      output.security_group_ids, output.security_group_names, output.openings, output.roles, output.roles_left_out, output.rules_left_out,
    ]) == "[{},{},{},[],{},{}]"
    error_message = "An empty rules map must give empty outputs."
  }
}

run "equal_openings_are_one" {
  command = plan

  variables {
    roles = ["proxy", "server"]
    rules = {
      "mailbox.server.ipv4"     = merge(var.row, { set = "mailbox", networks = ["192.0.2.0/24", "198.51.100.0/24"] })
      "coexistence.server.ipv4" = merge(var.row, { set = "coexistence", ports = ["443-443"], networks = ["192.0.2.0/24"] })
      "coexistence.proxy.ipv4"  = merge(var.row, { set = "coexistence", role = "proxy", range = "exchange_online" })
      "mailbox.proxy.ipv4"      = merge(var.row, { set = "mailbox", role = "proxy", range = "mailboxes" })
    }
    named_ranges = { exchange_online = ["192.0.2.0/24"], mailboxes = ["192.0.2.0/24"] }
  }

  assert {
    condition = keys(aws_vpc_security_group_ingress_rule.opening) == [
      "proxy-1 tcp/443 192.0.2.0/24",
      "server-1 tcp/443 192.0.2.0/24",
      "server-1 tcp/443 198.51.100.0/24",
    ]
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }

  assert {
    condition = output.openings == {
      "inbound proxy-1 tcp/443 192.0.2.0/24"     = "tcp/443, for coexistence, mailbox"
      "inbound server-1 tcp/443 192.0.2.0/24"    = "tcp/443, for coexistence, mailbox"
      "inbound server-1 tcp/443 198.51.100.0/24" = "tcp/443, for mailbox"
    }
    error_message = jsonencode(output.openings)
  }

  # As it was before the second set came.
  assert {
    condition     = aws_vpc_security_group_ingress_rule.opening["server-1 tcp/443 192.0.2.0/24"].description == "Microsoft 365 worldwide, inbound-hybrid-server: server"
    error_message = aws_vpc_security_group_ingress_rule.opening["server-1 tcp/443 192.0.2.0/24"].description
  }
}

run "equal_openings_of_two_groups_are_two" {
  command = plan

  variables {
    roles = ["server"]
    rules = {
      "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24"] })
      "b-set.server.ipv4" = merge(var.row, { set = "b-set", group = 2, networks = ["192.0.2.0/24"] })
    }
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.opening) == ["server-1 tcp/443 192.0.2.0/24", "server-2 tcp/443 192.0.2.0/24"]
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }
}

run "both_directions_share_a_group" {
  command = plan

  variables {
    roles = ["server"]
    rules = {
      "a-set.server.ipv4" = merge(var.row, { networks = ["192.0.2.0/24"] })
      "b-set.server.ipv4" = merge(var.row, { set = "b-set", direction = "outbound", networks = ["192.0.2.0/24"] })
    }
  }

  assert {
    condition     = keys(aws_security_group.role) == ["server-1"]
    error_message = "The keys are ${join(", ", keys(aws_security_group.role))}."
  }

  assert {
    condition = (
      keys(aws_vpc_security_group_ingress_rule.opening) == ["server-1 tcp/443 192.0.2.0/24"] &&
      keys(aws_vpc_security_group_egress_rule.opening) == ["server-1 tcp/443 192.0.2.0/24"]
    )
    error_message = jsonencode(output.openings)
  }
}

run "a_slot_stands_for_its_port_in_a_key" {
  variables {
    roles = ["server"]
    rules = {
      "a-set.server.ipv4" = merge(var.row, { ports = ["80", "443"], slots = [1, 2], networks = ["192.0.2.0/24"] })
      "b-set.server.ipv4" = merge(var.row, { set = "b-set", ports = ["443"], slots = [2], networks = ["192.0.2.0/24"] })
    }
  }

  assert {
    condition = { for key, rule in aws_vpc_security_group_ingress_rule.opening : key => rule.from_port } == {
      "server-1 tcp#1 192.0.2.0/24" = 80
      "server-1 tcp#2 192.0.2.0/24" = 443
    }
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }
}

run "another_port_in_a_slot_has_the_same_key" {
  variables {
    roles = ["server"]
    rules = {
      "a-set.server.ipv4" = merge(var.row, { ports = ["443", "8080-8089"], slots = [2, 1], networks = ["192.0.2.0/24"] })
      "b-set.server.ipv4" = merge(var.row, { set = "b-set", ports = ["443"], slots = [2], networks = ["192.0.2.0/24"] })
    }
  }

  assert {
    condition = { for key, rule in aws_vpc_security_group_ingress_rule.opening : key => [rule.from_port, rule.to_port] } == {
      "server-1 tcp#1 192.0.2.0/24" = [8080, 8089]
      "server-1 tcp#2 192.0.2.0/24" = [443, 443]
    }
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }
}

run "slots_are_by_role_direction_and_protocol" {
  command = plan

  variables {
    roles = ["server"]
    rules = {
      "a-set.server.ipv4"    = merge(var.row, { slots = [1], networks = ["192.0.2.0/24"] })
      "udp.server.ipv4"      = merge(var.row, { protocol = "udp", ports = ["3478"], slots = [1], networks = ["192.0.2.0/24"] })
      "outbound.server.ipv4" = merge(var.row, { direction = "outbound", ports = ["80"], slots = [1], networks = ["192.0.2.0/24"] })
      "other.proxy.ipv4"     = merge(var.row, { role = "proxy", ports = ["25"], networks = ["192.0.2.0/24"] })
    }
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.opening) == ["server-1 tcp#1 192.0.2.0/24", "server-1 udp#1 192.0.2.0/24"]
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }
}

run "an_emptied_group_stays" {
  command = plan

  variables {
    roles          = ["proxy", "webhook_receiver"]
    emptied_groups = { proxy = [2], webhook_receiver = [3, 10], skype_server = [2] }
  }

  assert {
    condition = keys(aws_security_group.role) == [
      "proxy-2", "webhook_receiver-1", "webhook_receiver-10", "webhook_receiver-2", "webhook_receiver-3",
    ]
    error_message = "The keys are ${join(", ", keys(aws_security_group.role))}."
  }

  assert {
    condition     = output.roles == tolist(["proxy", "webhook_receiver"])
    error_message = jsonencode(output.roles)
  }
}

run "ids_are_in_the_order_of_the_numbers" {
  variables {
    roles          = ["webhook_receiver"]
    emptied_groups = { webhook_receiver = [10, 3, 2] }
  }

  assert {
    condition = output.security_group_ids["webhook_receiver"] == [
      for number in [1, 2, 3, 10] : aws_security_group.role["webhook_receiver-${number}"].id
    ]
    error_message = jsonencode(output.security_group_ids)
  }
}

run "the_limits_themselves_are_fine" {
  command = plan

  variables {
    name_prefix = join("", [for number in range(215) : "x"])
    roles       = ["server"]
    rules = {
      "a-set.server.ipv4"    = merge(var.row, { networks = [for number in range(60) : "192.0.2.${number}/32"] })
      "b-set.server.ipv4"    = merge(var.row, { networks = [for number in range(60) : "192.0.2.${number}/32"] })
      "a-set.server.ipv6"    = merge(var.row, { kind = "ipv6", networks = [for number in range(60) : "2001:db8:${number + 1}::/48"] })
      "outbound.server.ipv4" = merge(var.row, { direction = "outbound", ports = ["0-65535"], networks = [for number in range(60) : "192.0.2.${number}/32"] })
      "two.server.ipv4"      = merge(var.row, { group = 2, networks = [for number in range(60) : "192.0.2.${number}/32"] })
    }
  }

  assert {
    condition     = length(aws_security_group.role["server-1"].name) == 255
    error_message = "The name has ${length(aws_security_group.role["server-1"].name)} characters."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.opening) == 180 && length(aws_vpc_security_group_egress_rule.opening) == 60
    error_message = "The quota must be counted by group, direction and family."
  }
}

run "a_higher_quota_lets_more_rules_in" {
  command = plan

  variables {
    rules_per_group = 61
    named_ranges    = { federation_clients = [for number in range(61) : "192.0.2.${number}/32"] }
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.opening) == 65
    error_message = "The keys are ${join(", ", keys(aws_vpc_security_group_ingress_rule.opening))}."
  }
}
