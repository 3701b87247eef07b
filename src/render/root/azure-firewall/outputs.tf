output "rule_collection_group_ids" {
  description = "The ids of the rule collection groups, by call; null where no row got a rule."
  value       = { for call, result in local.results : call => result.rule_collection_group_id }
}

output "rule_names" {
  description = "The names of the rules, by call and row."
  value       = { for call, result in local.results : call => result.rule_names }
}

output "ip_group_ids" {
  description = "The ids of the IP groups that hold Microsoft's networks, by call and row: for DNAT rules of your own."
  value       = { for call, result in local.results : call => result.ip_group_ids }
}

output "needs_dns_proxy" {
  description = "Whether the policy needs its DNS proxy, because a network rule names hosts."
  value       = anytrue([for result in values(local.results) : result.needs_dns_proxy])
}

output "roles_left_out" {
  description = "The roles that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.roles_left_out }
}

output "rules_left_out" {
  description = "The rows that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.rules_left_out }
}
