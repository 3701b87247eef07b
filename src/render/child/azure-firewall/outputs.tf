output "rule_collection_group_id" {
  description = "Id of the rule collection group. Null if no row got a rule."
  value       = module.rules.rule_collection_group_id
}

output "rule_names" {
  description = "Names of the rules, by row key."
  value       = module.rules.rule_names
}

output "ip_group_ids" {
  description = "Ids of the IP groups that hold the networks of the rows, by row key: for DNAT rules of your own."
  value       = module.rules.ip_group_ids
}

output "needs_dns_proxy" {
  description = "Whether a network rule names hosts: then the policy needs its DNS proxy."
  value       = module.rules.needs_dns_proxy
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
