output "network_security_group_id" {
  description = "The id of the network security group, or null if it is an existing one."
  value       = one(azurerm_network_security_group.m365[*].id)
}

output "network_security_group" {
  description = "Name and resource group of the network security group that holds the rules."
  value       = local.network_security_group
}

output "rule_names" {
  description = "The names of the rules, by call and row."
  value       = { for call, result in local.results : call => result.rule_names }
}

output "roles_left_out" {
  description = "The roles that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.roles_left_out }
}

output "rules_left_out" {
  description = "The rows that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.rules_left_out }
}
