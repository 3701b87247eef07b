output "rule_group_arn" {
  description = "ARN of the rule group, for a reference in your firewall policy. Null if no row got a rule."
  value       = module.rules.rule_group_arn
}

output "rules" {
  description = "The rules in Suricata's format, one a line, sorted. Empty if no row got a rule."
  value       = module.rules.rules
}

output "capacity_used" {
  description = "How many rules there are, of those that capacity allows."
  value       = module.rules.capacity_used
}

output "roles_left_out" {
  description = "The roles that got no rule, each with the reason."
  value       = module.rules.roles_left_out
}

output "rules_left_out" {
  description = "The rows that got no rule, by row key, each with the reason."
  value       = module.rules.rules_left_out
}
