variable "roles" {
  description = "The roles to open anything for; null takes all of them."
  type        = set(string)
  default     = null

  validation {
    condition     = var.roles == null || length(setsubtract(coalesce(var.roles, []), local.known_roles)) == 0
    error_message = "No rule is for ${join(", ", setsubtract(coalesce(var.roles, []), local.known_roles))}; the roles here are ${join(", ", local.known_roles)}."
  }
}

variable "name_prefix" {
  description = "What each opening's name starts with; the cloud and what it opens follow."
  type        = string
  default     = "m365-"
  nullable    = false
}

variable "tags" {
  description = "Tags that each opening carries along."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "formats" {
  description = "Further forms of the openings to output: csv, json."
  type        = set(string)
  default     = []
  nullable    = false
}
