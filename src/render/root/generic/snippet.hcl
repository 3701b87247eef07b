module "{{call}}" {
  source = "{{source}}"

  # All roles, unless narrowed here.
  roles = ["{{role}}"]
}

# module.{{call}}.openings has one entry for each thing to open:
# role, direction, protocol, from_port, to_port, remote.
