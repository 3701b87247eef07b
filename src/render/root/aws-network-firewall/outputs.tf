output "rule_group_arns" {
  description = "ARNs of the rule groups, by call: refer to them in your firewall policy. Null where no row got a rule."
  value       = { for call, result in local.results : call => result.rule_group_arn }
}

output "capacity_used" {
  description = "How many rules there are, of those that capacity allows, by call."
  value       = { for call, result in local.results : call => result.capacity_used }
}

output "roles_left_out" {
  description = "The roles that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.roles_left_out }
}

output "rules_left_out" {
  description = "The rows that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.rules_left_out }
}
