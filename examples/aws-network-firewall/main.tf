# A webhook receiver and an Entra Connect server behind AWS Network Firewall: the policy of the firewall, with the rule groups.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  description = "The AWS region."
  type        = string
}

variable "webhook_receiver" {
  description = "CIDRs of the subnets of the webhook receiver."
  type        = list(string)
}

variable "entra_connect_server" {
  description = "Address of the Entra Connect server."
  type        = string
}

module "inbound" {
  source = "./m365/worldwide/inbound-hybrid-server/aws-network-firewall"

  local_addresses = {
    webhook_receiver = var.webhook_receiver
  }

  # Fixed when the group is made: two rules for each port and family, and some room.
  capacity = 50
}

module "outbound" {
  source = "./m365/worldwide/outbound-server-only/aws-network-firewall"

  local_addresses = {
    entra_connect_server = [var.entra_connect_server]
  }

  # One rule for each host and port.
  capacity = 200
}

# What else these hosts need stands in a group of the team's own.
resource "aws_networkfirewall_rule_group" "ours" {
  name        = "hybrid"
  description = "DNS"
  type        = "STATEFUL"
  capacity    = 100

  rule_group {
    rule_variables {
      ip_sets {
        key = "SERVERS"

        ip_set {
          definition = concat(var.webhook_receiver, [var.entra_connect_server])
        }
      }
    }

    rules_source {
      rules_string = <<-EOT
        pass udp $SERVERS any -> 192.0.2.53 53 (msg:"dns"; sid:1; rev:1;)
        pass tcp $SERVERS any -> 192.0.2.53 53 (msg:"dns"; sid:2; rev:1;)
      EOT
    }

    stateful_rule_options {
      rule_order = "STRICT_ORDER"
    }
  }
}

resource "aws_networkfirewall_firewall_policy" "hybrid" {
  name = "hybrid"

  firewall_policy {
    # Stateless rules would pass packets by what inspects names.
    stateless_default_actions          = ["aws:forward_to_sfe"]
    stateless_fragment_default_actions = ["aws:forward_to_sfe"]

    stateful_engine_options {
      rule_order = "STRICT_ORDER"
    }

    # What no group lets through is dropped once the name would be known, even if a ClientHello takes two packets, and logged.
    stateful_default_actions = [
      "aws:alert_established_app_layer_to_server",
      "aws:drop_established_app_layer_to_server",
    ]

    stateful_rule_group_reference {
      priority     = 100
      resource_arn = module.inbound.rule_group_arn
    }

    stateful_rule_group_reference {
      priority     = 200
      resource_arn = module.outbound.rule_group_arn
    }

    stateful_rule_group_reference {
      priority     = 300
      resource_arn = aws_networkfirewall_rule_group.ours.arn
    }
  }
}

output "firewall_policy_arn" {
  description = "ARN of the policy, for the firewall of the VPC."
  value       = aws_networkfirewall_firewall_policy.hybrid.arn
}

output "capacity_used" {
  description = "How many rules the groups have."
  value       = { inbound = module.inbound.capacity_used, outbound = module.outbound.capacity_used }
}

output "rules_left_out" {
  description = "The rows that got no rule, and why."
  value       = merge(module.inbound.rules_left_out, module.outbound.rules_left_out)
}
