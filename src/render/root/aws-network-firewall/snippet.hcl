module "{{call}}" {
  source = "{{source}}"

  # Only roles that stand here get rules.
  local_addresses = {
    {{role}} = ["10.0.1.0/28"]
  }

  # As your firewall policy has it; `capacity` can't be changed later.
  rule_order = "STRICT_ORDER"
  capacity   = 1000
}

# Refer to module.{{call}}.rule_group_arn in a stateful_rule_group_reference of your firewall policy.
