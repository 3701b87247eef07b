# a comment
module "rules" label {
  source = "../../modules/x" // another
  empty  = [ ]
  rules = {
    "a.b.ipv4" = { ports = ["443", "50000-59999"], priority = 100, on = true, off = null }
    b : 1.5 /* in
    the middle */
    c = "\"\\ \n\t é \u00e9 \U0001f600 $${x} %%{y}"
  }
  tags = var.tags
  inner { a = module.b.c }
}
