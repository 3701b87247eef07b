output "network_security_group" {
  description = "The network security group of the rules: an object of name and resource_group_name."
  value       = local.network_security_group
}

output "network_security_group_id" {
  description = "Id of the group that the module created, to associate with subnets or interfaces. Null for an existing group."
  value       = one(azurerm_network_security_group.created[*].id)
}

output "rule_names" {
  description = "Names of the rules, by row key."
  value       = local.rule_names

  precondition {
    condition     = length(local.overlaps.rules) == 0
    error_message = "Azure takes no network twice in a rule, nor one inside another: ${join(", ", local.overlaps.rules)}. Remove what it holds or repeats."
  }

  precondition {
    condition     = length(local.overlaps.ranges) == 0
    error_message = "Azure takes no network twice in a rule, nor one inside another: ${join(", ", local.overlaps.ranges)}. Remove what it holds or repeats."
  }

  precondition {
    condition     = length(local.overlaps.hosts) == 0
    error_message = "Azure takes no network twice in a rule, nor one inside another: ${join(", ", local.overlaps.hosts)}. Remove what it holds or repeats."
  }

  precondition {
    condition     = local.address_count.source <= 4000 && local.address_count.destination <= 4000
    error_message = "The rules hold ${local.address_count.source} source and ${local.address_count.destination} destination addresses, and a network security group takes 4000 of each. Give application_security_group_ids in place of local addresses, or divide the roles between groups."
  }
}

output "rule_ids" {
  description = "Ids of the rules, by row key."
  value       = { for key, rule in azurerm_network_security_rule.rule : key => rule.id }
}

output "roles" {
  description = "The roles that got rules, sorted."
  value       = sort(distinct([for rule in local.rules : rule.role]))
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
