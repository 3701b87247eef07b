provider "aws" {
  region = var.region
}

locals {
  # Each call gets its own part of what is keyed by role: it refuses the rest by name.
  roles = {
    for name, call in local.calls : name => setintersection(var.roles, call.roles)
  }
}
