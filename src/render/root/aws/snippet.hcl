module "{{call}}" {
  source = "{{source}}"

  # One group or more for each role; only roles that stand here get any.
  roles  = ["{{role}}"]
  vpc_id = aws_vpc.hybrid.id
}

# Attach module.{{call}}.security_group_ids["{{role}}"] to the hosts of that role.
