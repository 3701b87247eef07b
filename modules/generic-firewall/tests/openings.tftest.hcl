# Needs no provider download and no network: terraform init && terraform test

variables {
  cloud   = "worldwide"
  traffic = "inbound-hybrid-server"

  # No input of the module: runs below take it and change what they test.
  row = {
    set         = "a-set"
    description = "A set"
    direction   = "inbound"
    role        = "server"
    protocol    = "tcp"
    ports       = ["443"]
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
      kind        = "ipv4"
      networks    = ["192.0.2.0/32", "198.51.100.0/24"]
    }
    "graph-change-notifications.webhook_receiver.ipv6" = {
      set         = "graph-change-notifications"
      description = "Graph change notifications"
      direction   = "inbound"
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
      role        = "skype_server"
      protocol    = "udp"
      ports       = ["3478", "50000-59999"]
      kind        = "ipv4"
      networks    = ["203.0.113.0/24"]
    }
    "hybrid-configuration-wizard.exchange_server.fqdn" = {
      set         = "hybrid-configuration-wizard"
      description = "Hybrid Configuration Wizard"
      direction   = "outbound"
      role        = "exchange_server"
      protocol    = "tcp"
      ports       = ["443"]
      kind        = "fqdn"
      hosts       = ["*.store.core.example", "autodiscover.*.example.com"]
    }
  }
}

run "one_opening_for_each_port_and_remote" {
  command = plan

  assert {
    condition = keys(output.openings) == tolist([
      "inbound webhook_receiver tcp/443 192.0.2.0/32",
      "inbound webhook_receiver tcp/443 198.51.100.0/24",
      "inbound webhook_receiver tcp/443 2001:db8::/32",
      "outbound exchange_server tcp/443 *.store.core.example",
      "outbound exchange_server tcp/443 autodiscover.*.example.com",
      "outbound skype_server udp/3478 203.0.113.0/24",
      "outbound skype_server udp/50000-59999 203.0.113.0/24",
    ])
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }

  assert {
    condition     = tolist(keys(terraform_data.opening)) == keys(output.openings)
    error_message = "There must be one resource for each opening, under the same key."
  }
}

run "an_opening_is_one_line_of_a_plan" {
  command = plan

  assert {
    condition     = terraform_data.opening["inbound webhook_receiver tcp/443 192.0.2.0/32"].input == "inbound tcp/443 from 192.0.2.0/32 to webhook_receiver"
    error_message = terraform_data.opening["inbound webhook_receiver tcp/443 192.0.2.0/32"].input
  }

  assert {
    condition     = terraform_data.opening["outbound exchange_server tcp/443 *.store.core.example"].input == "outbound tcp/443 from exchange_server to *.store.core.example"
    error_message = terraform_data.opening["outbound exchange_server tcp/443 *.store.core.example"].input
  }
}

run "an_opening_says_all_about_itself" {
  command = plan

  variables {
    tags = { team = "network" }
  }

  assert {
    condition = jsonencode(output.openings["outbound skype_server udp/50000-59999 203.0.113.0/24"]) == jsonencode({
      name        = "m365-worldwide.outbound_skype_server_udp_50000-59999_203.0.113.0_24"
      cloud       = "worldwide"
      traffic     = "inbound-hybrid-server"
      direction   = "outbound"
      role        = "skype_server"
      protocol    = "udp"
      port        = "50000-59999"
      from_port   = 50000
      to_port     = 59999
      kind        = "ipv4"
      remote      = "203.0.113.0/24"
      sets        = ["skype-hybrid-outbound"]
      rules       = ["skype-hybrid-outbound.media-udp.skype_server.ipv4"]
      description = "Media"
      tags        = { team = "network" }
    })
    error_message = jsonencode(output.openings["outbound skype_server udp/50000-59999 203.0.113.0/24"])
  }

  assert {
    condition = [
      for field in ["port", "from_port", "to_port"] : output.openings["outbound skype_server udp/3478 203.0.113.0/24"][field]
    ] == ["3478", 3478, 3478]
    error_message = "A single port must be both ends of its range."
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
    condition     = keys(output.roles_left_out) == ["sts_proxy"]
    error_message = jsonencode(output.roles_left_out)
  }

  assert {
    condition     = output.roles_left_out["sts_proxy"] == "named_ranges lacks the range `federation_clients`; named_ranges_ipv6 lacks the range `federation_clients`"
    error_message = output.roles_left_out["sts_proxy"]
  }

  assert {
    condition     = output.roles == tolist(["exchange_server", "skype_server", "webhook_receiver"])
    error_message = jsonencode(output.roles)
  }
}

run "a_range_is_given_by_family" {
  command = plan

  variables {
    named_ranges = { federation_clients = ["192.0.2.0/25", "192.0.2.128/25"] }
  }

  assert {
    condition = [for key, opening in output.openings : key if opening.role == "sts_proxy"] == [
      "inbound sts_proxy tcp/49443 192.0.2.0/25",
      "inbound sts_proxy tcp/49443 192.0.2.128/25",
    ]
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }

  assert {
    condition     = keys(output.rules_left_out) == ["federation-sts.client-tls.sts_proxy.ipv6"]
    error_message = jsonencode(output.rules_left_out)
  }

  assert {
    condition     = output.roles_left_out == {}
    error_message = jsonencode(output.roles_left_out)
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
    condition = [for key, opening in output.openings : opening.remote if opening.role == "sts_proxy"] == [
      "0.0.0.0/0", "::/0",
    ]
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }
}

run "roles_narrows" {
  command = plan

  variables {
    roles = ["webhook_receiver"]
  }

  assert {
    condition     = output.roles == tolist(["webhook_receiver"]) && length(output.openings) == 3
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }

  assert {
    condition     = output.roles_left_out["exchange_server"] == "roles does not name `exchange_server`"
    error_message = jsonencode(output.roles_left_out)
  }

  assert {
    condition     = output.rules_left_out["federation-sts.client-tls.sts_proxy.ipv4"] == "roles does not name `sts_proxy`; named_ranges lacks the range `federation_clients`"
    error_message = jsonencode(output.rules_left_out)
  }
}

run "no_roles_no_openings" {
  command = plan

  variables {
    roles = []
  }

  assert {
    condition     = length(output.openings) == 0 && length(output.roles) == 0 && length(output.rules_left_out) == 6
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }
}

run "no_rules_no_openings" {
  command = plan

  variables {
    rules   = {}
    formats = ["csv", "json"]
  }

  assert {
    condition     = jsonencode([output.openings, output.roles, output.roles_left_out, output.rules_left_out]) == "[{},[],{},{}]"
    error_message = "An empty rules map must give empty outputs."
  }

  assert {
    condition     = output.json == "{}" && length(split("\n", output.csv)) == 2
    error_message = "An empty rules map must give an empty object and a lone header line."
  }
}

run "equal_openings_are_one" {
  command = plan

  variables {
    rules = {
      "mailbox.server.ipv4"     = merge(var.row, { set = "mailbox", description = "Mailboxes", networks = ["192.0.2.0/24", "198.51.100.0/24"] })
      "coexistence.server.ipv4" = merge(var.row, { set = "coexistence", description = "Coexistence", ports = ["443-443"], range = "exchange_online" })
      "coexistence.proxy.ipv4"  = merge(var.row, { set = "coexistence", role = "proxy", range = "exchange_online" })
    }
    named_ranges = { exchange_online = ["192.0.2.0/24"] }
  }

  assert {
    condition = keys(output.openings) == tolist([
      "inbound proxy tcp/443 192.0.2.0/24",
      "inbound server tcp/443 192.0.2.0/24",
      "inbound server tcp/443 198.51.100.0/24",
    ])
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }

  assert {
    condition     = output.openings["inbound server tcp/443 192.0.2.0/24"].sets == tolist(["coexistence", "mailbox"])
    error_message = "The shared opening must name both sets, sorted."
  }

  assert {
    condition     = output.openings["inbound server tcp/443 192.0.2.0/24"].rules == tolist(["coexistence.server.ipv4", "mailbox.server.ipv4"])
    error_message = "The shared opening must name both rows, sorted."
  }

  assert {
    condition     = output.openings["inbound server tcp/443 192.0.2.0/24"].description == "Coexistence; Mailboxes"
    error_message = "The shared opening must carry both descriptions, sorted."
  }

  assert {
    condition     = terraform_data.opening["inbound server tcp/443 192.0.2.0/24"].input == "inbound tcp/443 from 192.0.2.0/24 to server"
    error_message = terraform_data.opening["inbound server tcp/443 192.0.2.0/24"].input
  }
}

run "slots_stand_for_ports_in_keys" {
  command = plan

  variables {
    rules = {
      "web.server.ipv4"  = merge(var.row, { ports = ["80", "443"], slots = [2, 1], networks = ["192.0.2.0/24"] })
      "more.server.ipv4" = merge(var.row, { ports = ["443-443"], slots = [1], networks = ["192.0.2.0/24"] })
      "media.server.ipv4" = merge(var.row, {
        protocol = "udp", ports = ["50000-59999"], slots = [1], networks = ["192.0.2.0/24"]
      })
    }
  }

  assert {
    condition = tomap({ for key, opening in output.openings : key => opening.port }) == tomap({
      "inbound server tcp#1 192.0.2.0/24" = "443"
      "inbound server tcp#2 192.0.2.0/24" = "80"
      "inbound server udp#1 192.0.2.0/24" = "50000-59999"
    })
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }
}

run "no_texts_unless_asked_for" {
  command = plan

  assert {
    condition     = output.csv == null && output.json == null
    error_message = "csv and json must be null without formats."
  }
}

run "csv" {
  command = plan

  variables {
    formats = ["csv"]
    rules = {
      "media.server.ipv4" = merge(var.row, { description = "Media, \"both\" ways", ports = ["443", "50000-59999"], networks = ["203.0.113.0/24"] })
    }
  }

  assert {
    condition     = output.csv == <<-EOT
      "name","cloud","traffic","direction","role","protocol","port","kind","remote","sets","rules","description"
      "m365-worldwide.inbound_server_tcp_443_203.0.113.0_24","worldwide","inbound-hybrid-server","inbound","server","tcp","443","ipv4","203.0.113.0/24","a-set","media.server.ipv4","Media, ""both"" ways"
      "m365-worldwide.inbound_server_tcp_50000-59999_203.0.113.0_24","worldwide","inbound-hybrid-server","inbound","server","tcp","50000-59999","ipv4","203.0.113.0/24","a-set","media.server.ipv4","Media, ""both"" ways"
    EOT
    error_message = output.csv
  }

  assert {
    condition     = output.json == null
    error_message = "json must be null unless formats has it."
  }
}

run "json" {
  command = plan

  variables {
    formats = ["json"]
  }

  assert {
    condition     = tolist(keys(jsondecode(output.json))) == keys(output.openings)
    error_message = output.json
  }

  assert {
    condition     = jsondecode(output.json)["inbound webhook_receiver tcp/443 192.0.2.0/32"].from_port == 443
    error_message = output.json
  }

  assert {
    condition     = output.csv == null
    error_message = "csv must be null unless formats has it."
  }
}

run "neighbours_are_no_overlap" {
  command = plan

  variables {
    rules = {
      "a-set.server.ipv4" = merge(var.row, { ports = ["0-65535"], networks = ["192.0.2.0/32", "192.0.2.1/32", "192.0.2.128/25"] })
    }
  }

  assert {
    condition     = length(output.openings) == 3
    error_message = "The keys are ${join(", ", keys(output.openings))}."
  }
}

run "apply" {
  assert {
    condition     = length(terraform_data.opening) == length(output.openings)
    error_message = "Each opening must be applied."
  }
}
