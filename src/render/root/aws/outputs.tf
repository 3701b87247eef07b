output "security_group_ids" {
  description = "Ids of each role's groups, by role: attach all of them to the role's hosts."
  value = {
    for role in sort(var.roles) : role => flatten([
      for result in values(local.results) : lookup(result.security_group_ids, role, [])
    ])
  }
}

output "security_group_names" {
  description = "Names of the groups, by call, role and number."
  value       = { for call, result in local.results : call => result.security_group_names }
}

output "openings" {
  description = "What is opened, by call: each opening's direction, group, service and network, with the sets that need it."
  value       = { for call, result in local.results : call => result.openings }
}

output "roles_left_out" {
  description = "The roles that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.roles_left_out }
}

output "rules_left_out" {
  description = "The rows that got no rule, and why, by call."
  value       = { for call, result in local.results : call => result.rules_left_out }
}
