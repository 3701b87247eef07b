output "openings" {
  description = "All openings, by key: objects of name, cloud, traffic, direction, role, protocol, port, from_port, to_port, kind, remote, sets, rules, description and tags."
  value       = module.rules.openings
}

output "csv" {
  description = "The openings as CSV with a header line, sorted by key; blanks separate sets and rules. Null unless formats has csv."
  value       = module.rules.csv
}

output "json" {
  description = "The openings as JSON, an object by key. Null unless formats has json."
  value       = module.rules.json
}

output "roles" {
  description = "The roles that have openings, sorted."
  value       = module.rules.roles
}

output "roles_left_out" {
  description = "The roles without an opening, each with the reason."
  value       = module.rules.roles_left_out
}

output "rules_left_out" {
  description = "The rows without an opening, by row key, each with the reason."
  value       = module.rules.rules_left_out
}
