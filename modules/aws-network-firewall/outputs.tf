output "rule_group_arn" {
  description = "ARN of the rule group, for a reference in your firewall policy. Null if no row got a rule."
  value       = one(aws_networkfirewall_rule_group.rules[*].arn)
}

output "rules" {
  description = "The rules in Suricata's format, one a line, sorted. Empty if no row got a rule."
  value       = local.rules_string

  precondition {
    condition     = length(local.overlaps) == 0
    error_message = "A rule or range must hold no network twice, nor one inside another: ${join(", ", local.overlaps)}. Remove what it holds or repeats."
  }
}

output "capacity_used" {
  description = "How many rules there are, of those that capacity allows."
  value       = length(local.rules)
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
