# The webhook receiver, in AWS.

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  description = "The AWS region."
  type        = string
}

variable "vpc_id" {
  description = "Id of the VPC of the webhook receiver."
  type        = string
}

module "inbound" {
  source = "../m365/worldwide/inbound-hybrid-server/aws-security-group"

  vpc_id = var.vpc_id
  roles  = ["webhook_receiver"]
}

output "security_group_ids" {
  description = "The groups to attach to the webhook receiver, beside one of your own for what it needs to reach: these let nothing out."
  value       = module.inbound.security_group_ids["webhook_receiver"]
}
