//! The calls of our modules in a plan's configuration, and what they are given.

use super::document::{Call, Configuration, Configured, Given, Variable};
use super::json::{Json, Unique};
use crate::verify::opening::Firewall;

/// A call of one of our modules.
#[derive(Debug)]
pub struct OurCall<'a> {
    /// The names of the calls that lead to it, and they themselves.
    chain: Vec<(&'a str, &'a Call<'a>)>,
    pub firewall: Firewall,
    pub module: &'a Configured<'a>,
    variables: Option<&'a Unique<Variable>>,
    root: &'a Configured<'a>,
}

/// What a module is given for a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    Known(Json),
    /// The plan doesn't say by what it is computed.
    Computed,
}

/// Every call of our modules, in the order of their paths.
#[must_use]
pub fn calls<'a>(
    configuration: &'a Configuration<'a>,
    variables: Option<&'a Unique<Variable>>,
) -> Vec<OurCall<'a>> {
    let mut calls = Vec::new();
    let root = &configuration.root_module;
    collect(root, root, variables, &mut Vec::new(), &mut calls);
    calls
}

fn collect<'a>(
    module: &'a Configured<'a>,
    root: &'a Configured<'a>,
    variables: Option<&'a Unique<Variable>>,
    chain: &mut Vec<(&'a str, &'a Call<'a>)>,
    calls: &mut Vec<OurCall<'a>>,
) {
    if let Some(firewall) = firewall(module) {
        calls.push(OurCall {
            chain: chain.clone(),
            firewall,
            module,
            variables,
            root,
        });
    }
    for (name, call) in &module.module_calls.0 {
        chain.push((name, call));
        collect(&call.module, root, variables, chain, calls);
        chain.pop();
    }
}

/// Whose module it is: ours declare three variables that no one else's have together, and name a resource so.
fn firewall(module: &Configured<'_>) -> Option<Firewall> {
    let declares = |name| module.variables.0.contains_key(name);
    if !["rules", "cloud", "traffic"].into_iter().all(declares) {
        return None;
    }
    Firewall::ALL.into_iter().find(|firewall| {
        let (own, name) = own_resources(*firewall)[0];
        module
            .resources
            .iter()
            .any(|resource| resource.r#type == own && resource.name == name)
    })
}

/// Type and name of all resources in the module of a target; the first is the one that opens.
#[must_use]
pub const fn own_resources(firewall: Firewall) -> &'static [(&'static str, &'static str)] {
    match firewall {
        Firewall::AzureNsg => &[
            ("azurerm_network_security_rule", "rule"),
            ("azurerm_network_security_group", "created"),
        ],
        Firewall::AzureFirewall => &[
            ("azurerm_firewall_policy_rule_collection_group", "rules"),
            ("azurerm_ip_group", "networks"),
        ],
        Firewall::AwsSecurityGroup => &[
            ("aws_vpc_security_group_ingress_rule", "opening"),
            ("aws_vpc_security_group_egress_rule", "opening"),
            ("aws_security_group", "role"),
        ],
        Firewall::AwsNetworkFirewall => &[("aws_networkfirewall_rule_group", "rules")],
        Firewall::Generic => &[("terraform_data", "opening")],
    }
}

impl OurCall<'_> {
    /// The names of the calls that lead here.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        self.chain.iter().map(|(name, _)| *name).collect()
    }

    /// The module's address, without what tells the instances of it apart.
    #[must_use]
    pub fn address(&self) -> String {
        let names = self.chain.iter().map(|(name, _)| format!("module.{name}"));
        names.collect::<Vec<_>>().join(".")
    }

    /// What the module is given for `variable` as a literal; `None`: it is no literal.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn constant(&self, variable: &str) -> Result<Option<Json>, String> {
        let expression = self
            .chain
            .last()
            .and_then(|(_, call)| call.expressions.0.get(variable));
        let Some(expression) = expression else {
            return Ok(None);
        };
        let value = Json::read(expression)?;
        Ok(value
            .object()
            .and_then(|object| object.get("constant_value").cloned()))
    }

    /// Whether one of the calls that lead here is made for each of something.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.chain
            .iter()
            .any(|(_, call)| call.count_expression.is_some() || call.for_each_expression.is_some())
    }

    /// What the module is given for `variable`, where the plan tells. Of an expression it tells only what it refers to;
    /// taken for that itself, it is at worst something else of the user's.
    #[must_use]
    pub fn argument(&self, variable: &str) -> Argument {
        self.resolved(self.chain.len(), variable)
    }

    /// Whether [`Self::argument`] is what the module is given, and not something that it may be computed from: each call
    /// on the way passes a variable of the same name on.
    #[must_use]
    pub fn passes_on(&self, variable: &str) -> bool {
        for (depth, (name, call)) in self.chain.iter().enumerate().rev() {
            let Some(expression) = call.expressions.0.get(variable) else {
                return true;
            };
            let Ok(given) = serde_json::from_str::<Given>(expression.get()) else {
                return false;
            };
            let first = given.references.first();
            if first.is_none() || (depth == 0 && is_divided(first, variable, name)) {
                return true;
            }
            if given.references != [format!("var.{variable}")] {
                return false;
            }
        }
        true
    }

    fn resolved(&self, depth: usize, variable: &str) -> Argument {
        let Some(above) = depth.checked_sub(1) else {
            return self.of_root(variable);
        };
        let (name, call) = self.chain[above];
        let declared = call.module.variables.0.get(variable);
        let default = || declared.and_then(|declared| declared.default.clone());
        let Some(expression) = call.expressions.0.get(variable) else {
            return Argument::Known(default().unwrap_or(Json::Null));
        };
        let Ok(given) = serde_json::from_str::<Given>(expression.get()) else {
            return Argument::Computed;
        };
        if let Some(value) = given.constant_value {
            return Argument::Known(value);
        }
        match given.references.as_slice() {
            // Null, which our variables take for their default.
            [] if expression.get().contains("constant_value") => {
                Argument::Known(default().unwrap_or(Json::Null))
            }
            [only] => match only.strip_prefix("var.") {
                Some(name) => self.resolved(above, name),
                None => Argument::Computed,
            },
            // A root that the program wrote divides its variables between its calls.
            [first, ..] if above == 0 && is_divided(Some(first), variable, name) => {
                if self.root.variables.0.contains_key(variable) {
                    self.of_root(variable)
                } else {
                    Argument::Computed
                }
            }
            _ => Argument::Computed,
        }
    }

    fn of_root(&self, variable: &str) -> Argument {
        let given = self.variables.and_then(|given| given.0.get(variable));
        match given.map(|variable| variable.value.clone()) {
            Some(value) => Argument::Known(value.unwrap_or(Json::Null)),
            None => Argument::Computed,
        }
    }
}

/// Whether an expression is the part of a variable that a root of the program's gives to the call `name`.
fn is_divided(reference: Option<&String>, variable: &str, name: &str) -> bool {
    reference.is_some_and(|reference| *reference == format!("local.{variable}.{name}"))
}
