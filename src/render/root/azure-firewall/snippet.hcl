module "{{call}}" {
  source = "{{source}}"

  # The policy of the firewall that your hosts' traffic goes through.
  firewall_policy_id = azurerm_firewall_policy.hub.id

  # Where IP groups of Microsoft's networks are made.
  resource_group_name = azurerm_firewall_policy.hub.resource_group_name
  location            = azurerm_firewall_policy.hub.location

  # Only roles that stand here get rules.
  local_addresses = {
    {{role}} = ["10.0.1.0/28"]
  }
}
