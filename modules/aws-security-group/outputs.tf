output "security_group_ids" {
  description = "Ids of each role's groups, by role: attach all of them to the role's hosts."
  value = {
    for role, numbers in local.numbers : role => [for number in numbers : aws_security_group.role["${role}-${number}"].id]
  }
}

output "security_group_names" {
  description = "Names of the groups, by role and number."
  value       = local.names
}

output "openings" {
  description = "All openings, by direction and key of the rule: the port, and the sets that need it."
  # One line an opening: as objects, a plan would show ten for each.
  value = { for key, opening in local.openings : key => "${opening.protocol}/${opening.port}, for ${opening.sets}" }

  precondition {
    condition     = length(local.overlaps) == 0
    error_message = "A rule or range must hold no network twice, nor one inside another: ${join(", ", local.overlaps)}. Remove what it holds or repeats."
  }
}

output "roles" {
  description = "The roles that got groups, sorted."
  value       = sort([for role, numbers in local.numbers : role if length(numbers) > 0])
}

output "roles_left_out" {
  description = "The roles that got no rule, each with the reason."
  value = {
    for role, lacking in merge(
      { for role in setsubtract(keys(var.emptied_groups), var.roles) : role => [["roles does not name `${role}`"]] },
      { for key, row in var.rules : row.role => local.lacking[key]... },
    ) : role => join("; ", sort(distinct(flatten(lacking)))) if alltrue([for lacks in lacking : length(lacks) > 0])
  }
}

output "rules_left_out" {
  description = "The rows that got no rule, by row key, each with the reason."
  value       = local.rules_left_out
}
