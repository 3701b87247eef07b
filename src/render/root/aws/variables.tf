variable "region" {
  description = "The AWS region; null takes what the environment says."
  type        = string
  default     = null
}

variable "vpc_id" {
  description = "Id of the VPC of the groups. Another one replaces the groups, and closes what they open until the new ones are attached."
  type        = string
  nullable    = false
}

variable "roles" {
  description = "The roles to make groups for, since a group belongs to hosts: those that you attach it to."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(setsubtract(var.roles, local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(var.roles, local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "name_prefix" {
  description = "What each group's name starts with; the cloud, the traffic, the role and the group's number follow. Another prefix replaces the groups, and closes what they open until the new ones are attached."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "tags" {
  description = "Tags of the groups."
  type        = map(string)
  default     = {}
  nullable    = false
}
