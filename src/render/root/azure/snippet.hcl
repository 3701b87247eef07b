module "{{call}}" {
  source = "{{source}}"

  # The network security group of the hosts below; leave it out and give `resource_group_name` and
  # `location` to have one made.
  network_security_group = {
    name                = azurerm_network_security_group.hybrid.name
    resource_group_name = azurerm_network_security_group.hybrid.resource_group_name
  }

  # Only roles that stand here get rules.
  local_addresses = {
    {{role}} = ["10.0.1.0/28"]
  }
}
