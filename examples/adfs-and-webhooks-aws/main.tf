# AD FS proxies and a webhook receiver in a VPC: the groups of each role, attached to its hosts.

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
  description = "Id of the VPC of the hosts."
  type        = string
}

variable "subnet_id" {
  description = "Id of the subnet of the hosts, in that VPC."
  type        = string
}

module "inbound" {
  source = "./m365/worldwide/inbound-hybrid-server/aws-security-group"

  vpc_id = var.vpc_id
  roles  = ["sts_proxy", "webhook_receiver"]

  named_ranges = {
    # Federated users sign in from anywhere, so this says so, by name.
    federation_clients    = ["0.0.0.0/0"]
    entra_connect_servers = ["10.20.4.5/32"]
  }
  allow_any = ["federation_clients"]
}

# What else these hosts need stands in a group of the team's own: a new group lets nothing out.
resource "aws_security_group" "ours" {
  name        = "adfs-and-webhooks"
  description = "DNS, the AD FS servers, updates"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "dns" {
  for_each = toset(["tcp", "udp"])

  security_group_id = aws_security_group.ours.id
  description       = "DNS"

  ip_protocol = each.key
  from_port   = 53
  to_port     = 53
  cidr_ipv4   = "10.20.0.2/32"
}

# The interfaces of the hosts. All groups of a role belong to each of its hosts.
resource "aws_network_interface" "sts_proxy" {
  count = 2

  subnet_id       = var.subnet_id
  security_groups = concat([aws_security_group.ours.id], module.inbound.security_group_ids["sts_proxy"])
}

resource "aws_network_interface" "webhook_receiver" {
  subnet_id       = var.subnet_id
  security_groups = concat([aws_security_group.ours.id], module.inbound.security_group_ids["webhook_receiver"])
}

output "security_group_names" {
  description = "Names of the groups, by role and number."
  value       = module.inbound.security_group_names
}

output "rules_left_out" {
  description = "The rows that got no rule, and why."
  value       = module.inbound.rules_left_out
}
