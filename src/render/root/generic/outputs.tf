output "openings" {
  description = "What is opened, by call: each opening's direction, role, service and network or host, with the sets that need it. Call the folders yourself, or ask `formats` for JSON, to get the openings as objects."
  # One line an opening: as objects, a plan would show twenty for each.
  value = {
    for call, result in local.results : call => {
      for key, opening in result.openings : key => "${opening.protocol}/${opening.port}, for ${join(", ", opening.sets)}"
    }
  }
}

output "csv" {
  description = "The openings as CSV, by call; null unless `formats` asks for it."
  value       = { for call, result in local.results : call => result.csv }
}

output "json" {
  description = "The openings as JSON, by call; null unless `formats` asks for it."
  value       = { for call, result in local.results : call => result.json }
}

output "roles_left_out" {
  description = "The roles that got no opening, and why, by call."
  value       = { for call, result in local.results : call => result.roles_left_out }
}

output "rules_left_out" {
  description = "The rows that got no opening, and why, by call."
  value       = { for call, result in local.results : call => result.rules_left_out }
}
