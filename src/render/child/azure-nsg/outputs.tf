output "network_security_group" {
  description = "The network security group of the rules: an object of name and resource_group_name."
  value       = module.rules.network_security_group
}

output "network_security_group_id" {
  description = "Id of the group that the module created, to associate with subnets or interfaces. Null for an existing group."
  value       = module.rules.network_security_group_id
}

output "rule_names" {
  description = "Names of the rules, by row key."
  value       = module.rules.rule_names
}

output "rule_ids" {
  description = "Ids of the rules, by row key."
  value       = module.rules.rule_ids
}

output "roles" {
  description = "The roles that got rules, sorted."
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
