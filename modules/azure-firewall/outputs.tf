output "rule_collection_group_id" {
  description = "Id of the rule collection group. Null if no row got a rule."
  value       = one(azurerm_firewall_policy_rule_collection_group.rules[*].id)
}

output "rule_names" {
  description = "Names of the rules, by row key."
  value       = local.rule_names
}

output "ip_group_ids" {
  description = "Ids of the IP groups that hold the networks of the rows, by row key: for DNAT rules of your own."
  value       = { for key, group in azurerm_ip_group.networks : key => group.id }
}

output "needs_dns_proxy" {
  description = "Whether a network rule names hosts: then the policy needs its DNS proxy."
  value       = anytrue([for key in local.network_keys : local.rows[key].kind == "fqdn"])
}

output "roles" {
  description = "The roles that got rules, sorted."
  value       = sort(distinct([for row in local.rows : row.role]))
}

output "roles_left_out" {
  description = "The roles that got no rule, each with the reason."
  value = {
    for role, lacking in { for key, row in var.rules : row.role => local.lacking[key]... } :
    role => join("; ", sort(distinct(flatten(lacking)))) if alltrue([for lacks in lacking : length(lacks) > 0])
  }
}

output "rules_left_out" {
  description = "The rows that got no rule, by row key, each with the reason."
  value       = local.rules_left_out
}
