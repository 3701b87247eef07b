//! The resources of our modules in a document, and where it has them.

use serde_json::Value;

/// A resource of one of our modules.
#[derive(Debug, Clone)]
pub struct Resource {
    pub address: String,
    /// The address of its module.
    pub module: String,
    pub kind: String,
    /// What `for_each` calls it.
    pub key: Option<String>,
    pub values: Value,
    /// Where it is among the values of a state, or the planned values.
    pub pointer: String,
    /// Where it is among the changes of a plan.
    pub changed: Option<String>,
}

/// Every resource of our modules, which are all called `rules`.
pub fn resources(document: &Value) -> Vec<Resource> {
    let whole = if document.get("values").is_some() {
        "/values/root_module"
    } else {
        "/planned_values/root_module"
    };
    let mut all = Vec::new();
    collect(document, whole, &mut all);
    all
}

fn collect(document: &Value, pointer: &str, all: &mut Vec<Resource>) {
    let module = document.pointer(pointer).expect("a module is there");
    let address = module["address"].as_str().unwrap_or_default();
    if address.ends_with("module.rules") {
        for (index, resource) in list(&module["resources"]).iter().enumerate() {
            let text = |name: &str| resource[name].as_str().map(str::to_owned);
            let own = text("address").expect("a resource has an address");
            let changed = list(&document["resource_changes"])
                .iter()
                .position(|changed| changed["address"] == *own);
            all.push(Resource {
                module: address.to_owned(),
                kind: text("type").expect("a resource has a type"),
                key: text("index"),
                values: resource["values"].clone(),
                pointer: format!("{pointer}/resources/{index}"),
                changed: changed.map(|index| format!("/resource_changes/{index}")),
                address: own,
            });
        }
    }
    for index in 0..list(&module["child_modules"]).len() {
        collect(document, &format!("{pointer}/child_modules/{index}"), all);
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

impl Resource {
    /// The role whose hosts it concerns, where it is one.
    pub fn role(&self) -> Option<&str> {
        let key = self.key.as_deref()?;
        match self.kind.as_str() {
            "aws_security_group" => key.rsplit_once('-').map(|(role, _)| role),
            "terraform_data" => key.split(' ').nth(1),
            kind if kind.starts_with("aws_") => key
                .split(' ')
                .next()?
                .rsplit_once('-')
                .map(|(role, _)| role),
            _ => key.rsplit('.').nth(1),
        }
    }

    /// Whether it opens something, and isn't only what a rule is in.
    pub fn opens(&self) -> bool {
        !matches!(
            self.kind.as_str(),
            "azurerm_network_security_group" | "aws_security_group"
        )
    }
}
