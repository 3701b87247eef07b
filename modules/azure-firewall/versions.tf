terraform {
  # Validation that looks at other variables came with 1.9.
  required_version = ">= 1.9.0"

  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
      # Network rules have descriptions since 3.75.
      version = ">= 3.75"
    }
  }
}
