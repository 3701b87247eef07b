mock_provider "aws" {}

variables {
  cloud   = "worldwide"
  traffic = "outbound-server-only"

  # No input of the module: runs below take it and change what they test.
  row = {
    set         = "a-set"
    description = "A set"
    direction   = "outbound"
    role        = "server"
    protocol    = "tcp"
    ports       = ["443"]
    kind        = "fqdn"
  }

  rules = {
    "entra-connect-sync.crl.entra_connect_server.fqdn" = {
      set         = "entra-connect-sync"
      description = "Certificate revocation lists"
      direction   = "outbound"
      role        = "entra_connect_server"
      protocol    = "tcp"
      ports       = ["80"]
      kind        = "fqdn"
      hosts       = ["*.verisign.com", "mscrl.microsoft.com"]
    }
    "entra-connect-sync.sync.entra_connect_server.fqdn" = {
      set         = "entra-connect-sync"
      description = "Directory synchronisation"
      direction   = "outbound"
      role        = "entra_connect_server"
      protocol    = "tcp"
      ports       = ["443", "5228-5230"]
      kind        = "fqdn"
      hosts       = ["secure.aadcdn.microsoftonline-p.com"]
    }
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
  }
}

run "no_role_no_group" {
  command = plan

  assert {
    condition     = length(aws_networkfirewall_rule_group.rules) == 0 && output.rules == "" && output.capacity_used == 0
    error_message = jsonencode(output.rules)
  }

  assert {
    condition = output.roles_left_out == {
      entra_connect_server = "neither local_addresses nor local_addresses_ipv6 has the role `entra_connect_server`"
      skype_server         = "local_addresses lacks the role `skype_server`"
      sts_proxy            = "local_addresses lacks the role `sts_proxy`; local_addresses_ipv6 lacks the role `sts_proxy`; named_ranges lacks the range `federation_clients`; named_ranges_ipv6 lacks the range `federation_clients`"
      webhook_receiver     = "local_addresses lacks the role `webhook_receiver`"
    }
    error_message = jsonencode(output.roles_left_out)
  }
}

run "one_group_with_all_rules" {
  command = apply

  variables {
    local_addresses = {
      entra_connect_server = ["10.0.1.4"]
      skype_server         = ["10.0.4.4", "10.0.4.5"]
      sts_proxy            = ["10.0.2.0/28"]
      webhook_receiver     = ["10.0.3.0/28"]
    }
    local_addresses_ipv6 = { sts_proxy = ["2001:db8:2::/64"] }
    named_ranges         = { federation_clients = ["203.0.113.0/25"] }
    named_ranges_ipv6    = { federation_clients = ["2001:db8:ff::/48"] }
    tags                 = { team = "network" }
  }

  assert {
    condition = alltrue([
      aws_networkfirewall_rule_group.rules[0].name == "m365-worldwide-outbound-server-only",
      aws_networkfirewall_rule_group.rules[0].description == "Microsoft 365 worldwide, outbound-server-only",
      aws_networkfirewall_rule_group.rules[0].type == "STATEFUL",
      aws_networkfirewall_rule_group.rules[0].capacity == 1000,
      aws_networkfirewall_rule_group.rules[0].tags == tomap({ team = "network" }),
      aws_networkfirewall_rule_group.rules[0].rule_group[0].stateful_rule_options[0].rule_order == "STRICT_ORDER",
      aws_networkfirewall_rule_group.rules[0].rule_group[0].rules_source[0].rules_string == output.rules,
      output.rule_group_arn == aws_networkfirewall_rule_group.rules[0].arn,
    ])
    error_message = jsonencode(aws_networkfirewall_rule_group.rules[0])
  }

  # By row, port and host; the opening of a connection before its replies.
  assert {
    condition     = output.rules == <<-EOT
      pass http $ROLE_ENTRA_CONNECT_SERVER any -> any 80 (http.host; content:".verisign.com"; endswith; bsize:>13; flow:to_server,established; msg:"entra-connect-sync.crl.entra_connect_server.fqdn"; sid:106625979; rev:1;)
      pass http $ROLE_ENTRA_CONNECT_SERVER any -> any 80 (http.host; content:"mscrl.microsoft.com"; startswith; endswith; flow:to_server,established; msg:"entra-connect-sync.crl.entra_connect_server.fqdn"; sid:63308632; rev:1;)
      pass tls $ROLE_ENTRA_CONNECT_SERVER any -> any 443 (tls.sni; content:"secure.aadcdn.microsoftonline-p.com"; startswith; endswith; nocase; flow:to_server,established; msg:"entra-connect-sync.sync.entra_connect_server.fqdn"; sid:148451460; rev:1;)
      pass tls $ROLE_ENTRA_CONNECT_SERVER any -> any 5228:5230 (tls.sni; content:"secure.aadcdn.microsoftonline-p.com"; startswith; endswith; nocase; flow:to_server,established; msg:"entra-connect-sync.sync.entra_connect_server.fqdn"; sid:64141385; rev:1;)
      pass tcp $RANGE_FEDERATION_CLIENTS any -> $ROLE_STS_PROXY 49443 (flow:to_server; msg:"federation-sts.client-tls.sts_proxy.ipv4"; sid:209590782; rev:1;)
      pass tcp $ROLE_STS_PROXY 49443 -> $RANGE_FEDERATION_CLIENTS any (flow:to_client; msg:"federation-sts.client-tls.sts_proxy.ipv4"; sid:36731618; rev:1;)
      pass tcp $RANGE_FEDERATION_CLIENTS_6 any -> $ROLE_STS_PROXY_6 49443 (flow:to_server; msg:"federation-sts.client-tls.sts_proxy.ipv6"; sid:261886248; rev:1;)
      pass tcp $ROLE_STS_PROXY_6 49443 -> $RANGE_FEDERATION_CLIENTS_6 any (flow:to_client; msg:"federation-sts.client-tls.sts_proxy.ipv6"; sid:18712239; rev:1;)
      pass tcp $ROW_GRAPH_CHANGE_NOTIFI_C832E3A3 any -> $ROLE_WEBHOOK_RECEIVER 443 (flow:to_server; msg:"graph-change-notifications.webhook_receiver.ipv4"; sid:116981502; rev:1;)
      pass tcp $ROLE_WEBHOOK_RECEIVER 443 -> $ROW_GRAPH_CHANGE_NOTIFI_C832E3A3 any (flow:to_client; msg:"graph-change-notifications.webhook_receiver.ipv4"; sid:266095040; rev:1;)
      pass udp $ROLE_SKYPE_SERVER any -> $ROW_SKYPE_HYBRID_OUTBOU_170F7423 3478 (flow:to_server; msg:"skype-hybrid-outbound.media-udp.skype_server.ipv4"; sid:176931598; rev:1;)
      pass udp $ROW_SKYPE_HYBRID_OUTBOU_170F7423 3478 -> $ROLE_SKYPE_SERVER any (flow:to_client; msg:"skype-hybrid-outbound.media-udp.skype_server.ipv4"; sid:49499337; rev:1;)
      pass udp $ROLE_SKYPE_SERVER any -> $ROW_SKYPE_HYBRID_OUTBOU_170F7423 50000:59999 (flow:to_server; msg:"skype-hybrid-outbound.media-udp.skype_server.ipv4"; sid:155193488; rev:1;)
      pass udp $ROW_SKYPE_HYBRID_OUTBOU_170F7423 50000:59999 -> $ROLE_SKYPE_SERVER any (flow:to_client; msg:"skype-hybrid-outbound.media-udp.skype_server.ipv4"; sid:196665356; rev:1;)
    EOT
    error_message = output.rules
  }

  assert {
    condition = jsonencode({
      for set in aws_networkfirewall_rule_group.rules[0].rule_group[0].rule_variables[0].ip_sets : set.key => sort(set.ip_set[0].definition)
      }) == jsonencode({
      RANGE_FEDERATION_CLIENTS         = ["203.0.113.0/25"]
      RANGE_FEDERATION_CLIENTS_6       = ["2001:db8:ff::/48"]
      ROLE_ENTRA_CONNECT_SERVER        = ["10.0.1.4"]
      ROLE_SKYPE_SERVER                = ["10.0.4.4", "10.0.4.5"]
      ROLE_STS_PROXY                   = ["10.0.2.0/28"]
      ROLE_STS_PROXY_6                 = ["2001:db8:2::/64"]
      ROLE_WEBHOOK_RECEIVER            = ["10.0.3.0/28"]
      ROW_GRAPH_CHANGE_NOTIFI_C832E3A3 = ["192.0.2.0/32", "198.51.100.0/24"]
      ROW_SKYPE_HYBRID_OUTBOU_170F7423 = ["203.0.113.0/24"]
    })
    error_message = jsonencode(aws_networkfirewall_rule_group.rules[0].rule_group[0].rule_variables[0].ip_sets)
  }

  assert {
    condition     = output.capacity_used == 14 && output.roles_left_out == {} && output.rules_left_out == {}
    error_message = jsonencode([output.capacity_used, output.roles_left_out, output.rules_left_out])
  }
}

run "a_role_that_is_not_given_gets_no_rule" {
  command = plan

  variables {
    local_addresses = { sts_proxy = ["10.0.2.0/28"], webhook_receiver = ["10.0.3.0/28"] }
    named_ranges    = { federation_clients = ["203.0.113.0/25"] }
  }

  assert {
    condition     = output.capacity_used == 4 && !strcontains(output.rules, "ENTRA") && !strcontains(output.rules, "SKYPE")
    error_message = output.rules
  }

  assert {
    condition     = keys(output.roles_left_out) == ["entra_connect_server", "skype_server"]
    error_message = jsonencode(output.roles_left_out)
  }

  # The role has rules, so only its IPv6 row is left out.
  assert {
    condition     = output.rules_left_out["federation-sts.client-tls.sts_proxy.ipv6"] == "local_addresses_ipv6 lacks the role `sts_proxy`; named_ranges_ipv6 lacks the range `federation_clients`"
    error_message = jsonencode(output.rules_left_out)
  }

  # Nor is a list of addresses made that no rule names: AWS takes no empty one.
  assert {
    condition     = length(aws_networkfirewall_rule_group.rules[0].rule_group[0].rule_variables[0].ip_sets) == 4
    error_message = jsonencode(aws_networkfirewall_rule_group.rules[0].rule_group[0].rule_variables[0].ip_sets)
  }
}

run "a_range_that_is_not_given_leaves_its_rows_out" {
  command = plan

  variables {
    local_addresses = { sts_proxy = ["10.0.2.0/28"] }
  }

  assert {
    condition = output.roles_left_out["sts_proxy"] == join("; ", [
      "local_addresses_ipv6 lacks the role `sts_proxy`",
      "named_ranges lacks the range `federation_clients`",
      "named_ranges_ipv6 lacks the range `federation_clients`",
    ]) && output.rules == ""
    error_message = jsonencode(output.roles_left_out)
  }
}

run "a_host_for_both_families" {
  command = plan

  variables {
    local_addresses      = { server = ["10.0.1.4"] }
    local_addresses_ipv6 = { server = ["2001:db8:1::4"] }
    rules                = { "a-set.server.fqdn" = merge(var.row, { hosts = ["a.example"] }) }
  }

  assert {
    condition     = startswith(output.rules, "pass tls [$ROLE_SERVER,$ROLE_SERVER_6] any -> any 443 (tls.sni; ")
    error_message = output.rules
  }
}

run "a_host_for_ipv6_alone" {
  command = plan

  variables {
    local_addresses_ipv6 = { server = ["2001:db8:1::4"] }
    rules                = { "a-set.server.fqdn" = merge(var.row, { hosts = ["a.example"] }) }
  }

  assert {
    condition     = startswith(output.rules, "pass tls $ROLE_SERVER_6 any -> any 443 (tls.sni; ") && output.capacity_used == 1
    error_message = output.rules
  }
}

# The rules of these names were tried with Suricata 7.0.10 on ClientHellos and requests for these and other names.
run "stars_stand_for_no_more_than_they_say" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.4"] }
    rules = {
      "a-set.server.fqdn" = merge(var.row, {
        hosts = ["a.x.com", "*.x.com", "*cdn.x.com", "autodiscover.*.x.com", "a*.x.com", "*.a.*.x.com", "*-a*.x.com"]
      })
    }
  }

  assert {
    condition = [for rule in split("\n", trimspace(output.rules)) : regex("\\((tls.sni; .*) flow:to_server,established; ", rule)[0]] == [
      "tls.sni; content:\".x.com\"; endswith; nocase; pcre:\"/^.*-a[^.]+\\.x\\.com$/i\";",
      "tls.sni; content:\".x.com\"; endswith; nocase; pcre:\"/^.+\\.a\\.[^.]+\\.x\\.com$/i\";",
      "tls.sni; content:\".x.com\"; endswith; nocase; bsize:>6;",
      "tls.sni; content:\"cdn.x.com\"; endswith; nocase;",
      "tls.sni; content:\"a\"; startswith; nocase; content:\".x.com\"; endswith; nocase; pcre:\"/^a[^.]+\\.x\\.com$/i\";",
      "tls.sni; content:\"a.x.com\"; startswith; endswith; nocase;",
      "tls.sni; content:\"autodiscover.\"; startswith; nocase; content:\".x.com\"; endswith; nocase; pcre:\"/^autodiscover\\.[^.]+\\.x\\.com$/i\";",
    ]
    error_message = output.rules
  }
}

run "names_in_http_are_lower_case_already" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.4"] }
    rules = {
      "a-set.server.fqdn" = merge(var.row, { ports = ["80-80"], hosts = ["a.x.com", "*.x.com", "a.*.x.com"] })
    }
  }

  assert {
    condition = [for rule in split("\n", trimspace(output.rules)) : regex("^pass http \\$ROLE_SERVER any -> any 80 \\((http.host; .*) flow:to_server,established; ", rule)[0]] == [
      "http.host; content:\".x.com\"; endswith; bsize:>6;",
      "http.host; content:\"a.\"; startswith; content:\".x.com\"; endswith; pcre:\"/^a\\.[^.]+\\.x\\.com$/\";",
      "http.host; content:\"a.x.com\"; startswith; endswith;",
    ]
    error_message = output.rules
  }
}

run "every_port_but_80_is_tls" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.4"] }
    rules           = { "a-set.server.fqdn" = merge(var.row, { ports = ["8080", "80-81", "80", "443"], hosts = ["a.example"] }) }
  }

  assert {
    condition = [for rule in split("\n", trimspace(output.rules)) : regex("^pass (\\w+) \\S+ any -> any (\\S+) ", rule)] == [
      ["http", "80"], ["tls", "80:81"], ["tls", "443"], ["tls", "8080"],
    ]
    error_message = output.rules
  }
}

run "a_host_more_is_a_line_more" {
  command = plan

  variables {
    local_addresses = { entra_connect_server = ["10.0.1.4"] }
    rules = {
      for key, row in var.rules : key => merge(row, {
        hosts = key == "entra-connect-sync.crl.entra_connect_server.fqdn" ? concat(row.hosts, ["a.example"]) : row.hosts
      }) if row.kind == "fqdn"
    }
  }

  assert {
    condition = [
      for rule in split("\n", trimspace(output.rules)) : rule if !strcontains(rule, "a.example")
    ] == [for rule in split("\n", trimspace(run.one_group_with_all_rules.rules)) : rule if strcontains(rule, "entra")] && output.capacity_used == 5
    error_message = output.rules
  }
}

run "the_same_port_twice_is_one_rule" {
  command = plan

  variables {
    local_addresses = { server = ["10.0.1.4"] }
    rules           = { "a-set.server.fqdn" = merge(var.row, { ports = ["443", "443-443"], hosts = ["a.example"] }) }
  }

  assert {
    condition     = output.capacity_used == 1
    error_message = output.rules
  }
}

run "the_policys_order" {
  command = plan

  variables {
    local_addresses = { skype_server = ["10.0.4.4"] }
    rule_order      = "DEFAULT_ACTION_ORDER"
    capacity        = 4
    name_prefix     = "corp-"
  }

  assert {
    condition = alltrue([
      aws_networkfirewall_rule_group.rules[0].rule_group[0].stateful_rule_options[0].rule_order == "DEFAULT_ACTION_ORDER",
      aws_networkfirewall_rule_group.rules[0].capacity == 4,
      output.capacity_used == 4,
      aws_networkfirewall_rule_group.rules[0].name == "corp-worldwide-outbound-server-only",
    ])
    error_message = jsonencode(aws_networkfirewall_rule_group.rules[0])
  }
}

run "the_whole_internet_where_it_is_meant" {
  command = plan

  variables {
    local_addresses = { sts_proxy = ["10.0.2.0/28"] }
    named_ranges    = { federation_clients = ["0.0.0.0/0"] }
    allow_any       = ["federation_clients"]
  }

  assert {
    condition     = output.capacity_used == 2
    error_message = output.rules
  }
}

# A key of 32 characters stands as it is; of a longer one the end is a hash of the whole.
run "names_that_just_fit" {
  command = plan

  variables {
    local_addresses = { a23456789012345678901234567 = ["10.0.1.4"], a234567890123456789012345678 = ["10.0.1.5"] }
    rules = {
      "a-set.a.fqdn" = merge(var.row, { role = "a23456789012345678901234567", hosts = ["a.example"] })
      "a-set.b.fqdn" = merge(var.row, { role = "a234567890123456789012345678", hosts = ["a.example"] })
    }
  }

  assert {
    condition = toset(aws_networkfirewall_rule_group.rules[0].rule_group[0].rule_variables[0].ip_sets[*].key) == toset([
      "ROLE_A23456789012345678901234567", "ROLE_A23456789012345678_${upper(substr(sha1("ROLE_a234567890123456789012345678"), 0, 8))}",
    ])
    error_message = jsonencode(aws_networkfirewall_rule_group.rules[0].rule_group[0].rule_variables[0].ip_sets)
  }
}
