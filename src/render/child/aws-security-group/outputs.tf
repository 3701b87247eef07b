output "security_group_ids" {
  description = "Ids of each role's groups, by role: attach all of them to the role's hosts."
  value       = module.rules.security_group_ids
}

output "security_group_names" {
  description = "Names of the groups, by role and number."
  value       = module.rules.security_group_names
}

output "openings" {
  description = "All openings, by direction and key of the rule: the port, and the sets that need it."
  value       = module.rules.openings
}

output "roles" {
  description = "The roles that got groups, sorted."
  value       = module.rules.roles
}

output "roles_left_out" {
  description = "The roles that got no rule, each with the reason."
  value       = module.rules.roles_left_out
}

output "rules_left_out" {
  description = "The rows that got no rule, by row key, each with the reason."
  value       = module.rules.rules_left_out
}
