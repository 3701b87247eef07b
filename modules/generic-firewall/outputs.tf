output "openings" {
  description = "All openings, by key: objects of name, cloud, traffic, direction, role, protocol, port, from_port, to_port, kind, remote, sets, rules, description and tags."
  value       = local.openings

  precondition {
    condition     = length(local.overlaps) == 0
    error_message = "A rule or range must hold no network twice, nor one inside another: ${join(", ", local.overlaps)}. Remove what it holds or repeats."
  }

  precondition {
    condition = length(local.names) == length(local.openings)
    error_message = "Two openings would have one name: ${join("; ", [
      for name, keys in local.names : "`${name}` for `${join("`, `", keys)}`" if length(keys) > 1
    ])}. Leave one of them out."
  }
}

output "csv" {
  description = "The openings as CSV with a header line, sorted by key; blanks separate sets and rules. Null unless formats has csv."
  value = one([
    for format in var.formats : join("", [
      for cells in concat(
        [["name", "cloud", "traffic", "direction", "role", "protocol", "port", "kind", "remote", "sets", "rules", "description"]],
        [
          for opening in local.openings : [
            opening.name, opening.cloud, opening.traffic, opening.direction, opening.role, opening.protocol, opening.port,
            opening.kind, opening.remote, join(" ", opening.sets), join(" ", opening.rules), opening.description,
          ]
        ],
      ) : "${join(",", [for cell in cells : "\"${replace(cell, "\"", "\"\"")}\""])}\n"
    ]) if format == "csv"
  ])
}

output "json" {
  description = "The openings as JSON, an object by key. Null unless formats has json."
  value       = one([for format in var.formats : jsonencode(local.openings) if format == "json"])
}

output "roles" {
  description = "The roles that have openings, sorted."
  value       = sort(distinct([for rule in local.rules : rule.role]))
}

output "roles_left_out" {
  description = "The roles without an opening, each with the reason."
  value = {
    for role, lacking in { for key, row in var.rules : row.role => local.lacking[key]... } :
    role => join("; ", sort(distinct(flatten(lacking)))) if alltrue([for lacks in lacking : length(lacks) > 0])
  }
}

output "rules_left_out" {
  description = "The rows without an opening, by row key, each with the reason."
  value       = local.rules_left_out
}
