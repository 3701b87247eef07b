locals {
  # Each call gets its own part of what is keyed by role: it refuses the rest by name.
  roles = {
    for name, call in local.calls : name => (
      var.roles == null ? null : setintersection(var.roles, call.roles)
    )
  }
}
