//! What resources open, by parts: networks, ports and words, each read from where its target has it and written back there.

use serde_json::{Value, json};

use super::resource::Resource;

/// Where a part is in the attributes of a resource.
#[derive(Debug, Clone)]
pub struct Facet {
    pub pointer: String,
    form: Form,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    List,
    /// One text, or none.
    Word,
    /// `from_port` and `to_port`.
    Ends,
    /// A word of `inbound tcp/443 from 13.78.204.0/32 to webhook_receiver`.
    OfLine(usize),
    /// What stands before or behind the slash of its second word.
    OfService(usize),
}

impl Facet {
    fn new(pointer: impl Into<String>, form: Form) -> Self {
        Self {
            pointer: pointer.into(),
            form,
        }
    }

    pub fn list(pointer: impl Into<String>) -> Self {
        Self::new(pointer, Form::List)
    }

    /// What is there; `None`: nothing that can be read so.
    pub fn get(&self, values: &Value) -> Option<Vec<String>> {
        let value = values.pointer(&self.pointer)?;
        let texts = match self.form {
            Form::List => {
                let items = value.as_array()?.iter();
                items
                    .map(|item| item.as_str().map(str::to_owned))
                    .collect::<Option<_>>()?
            }
            Form::Word => vec![value.as_str()?.to_owned()],
            Form::Ends => {
                let (first, last) = (values["from_port"].as_i64()?, values["to_port"].as_i64()?);
                vec![if first == last {
                    first.to_string()
                } else {
                    format!("{first}-{last}")
                }]
            }
            Form::OfLine(word) => vec![value.as_str()?.split(' ').nth(word)?.to_owned()],
            Form::OfService(part) => {
                let service = value.as_str()?.split(' ').nth(1)?;
                vec![service.split('/').nth(part)?.to_owned()]
            }
        };
        let texts: Vec<String> = texts;
        (!texts.is_empty()).then_some(texts)
    }

    /// Writes `texts` there; `None`: they can't stand there.
    pub fn set(&self, values: &mut Value, texts: &[String]) -> Option<()> {
        if let Form::List = self.form {
            *values.pointer_mut(&self.pointer)? = json!(texts);
            return Some(());
        }
        let [text] = texts else { return None };
        match self.form {
            Form::Ends => {
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                values["from_port"] = first.parse::<i64>().ok()?.into();
                values["to_port"] = last.parse::<i64>().ok()?.into();
            }
            Form::OfLine(word) => {
                let line = values.pointer(&self.pointer)?.as_str()?.to_owned();
                let mut words: Vec<&str> = line.split(' ').collect();
                *words.get_mut(word)? = text;
                *values.pointer_mut(&self.pointer)? = words.join(" ").into();
            }
            Form::OfService(part) => {
                let whole = Self::new(&*self.pointer, Form::OfLine(1));
                let service = whole.get(values)?.pop()?;
                let mut parts: Vec<&str> = service.split('/').collect();
                *parts.get_mut(part)? = text;
                whole.set(values, &[parts.join("/")])?;
            }
            _ => *values.pointer_mut(&self.pointer)? = text.as_str().into(),
        }
        Some(())
    }
}

/// Microsoft's networks.
pub fn networks(resource: &Resource) -> Vec<Facet> {
    let values = &resource.values;
    match resource.kind.as_str() {
        "azurerm_network_security_rule" => {
            let side = microsofts_side(values["direction"].as_str());
            vec![Facet::list(format!("/{side}_address_prefixes"))]
        }
        "azurerm_ip_group" => vec![Facet::list("/cidrs")],
        "aws_networkfirewall_rule_group" => {
            let sets = "/rule_group/0/rule_variables/0/ip_sets";
            let list = values.pointer(sets).and_then(Value::as_array);
            let own = list.into_iter().flatten().enumerate().filter(|(_, set)| {
                set["key"]
                    .as_str()
                    .is_some_and(|key| key.starts_with("ROW_"))
            });
            own.map(|(index, _)| Facet::list(format!("{sets}/{index}/ip_set/0/definition")))
                .collect()
        }
        "terraform_data" => {
            let is_inbound = values["input"]
                .as_str()
                .is_some_and(|line| line.starts_with("inbound"));
            let word = if is_inbound { 3 } else { 5 };
            vec![Facet::new("/input", Form::OfLine(word))]
        }
        _ => vec![
            Facet::new("/cidr_ipv4", Form::Word),
            Facet::new("/cidr_ipv6", Form::Word),
        ],
    }
}

/// Ports on the server's side.
pub fn ports(resource: &Resource) -> Vec<Facet> {
    match resource.kind.as_str() {
        "azurerm_network_security_rule" => vec![
            Facet::list("/destination_port_ranges"),
            Facet::new("/destination_port_range", Form::Word),
        ],
        "azurerm_firewall_policy_rule_collection_group" => rules(&resource.values)
            .into_iter()
            .map(|rule| Facet::list(format!("{rule}/destination_ports")))
            .collect(),
        "terraform_data" => vec![Facet::new("/input", Form::OfService(1))],
        kind if kind.ends_with("gress_rule") => vec![Facet::new("/from_port", Form::Ends)],
        _ => Vec::new(),
    }
}

pub fn protocols(resource: &Resource) -> Vec<Facet> {
    match resource.kind.as_str() {
        "azurerm_network_security_rule" => vec![Facet::new("/protocol", Form::Word)],
        "azurerm_firewall_policy_rule_collection_group" => rules(&resource.values)
            .into_iter()
            .map(|rule| Facet::list(format!("{rule}/protocols")))
            .collect(),
        "terraform_data" => vec![Facet::new("/input", Form::OfService(0))],
        kind if kind.ends_with("gress_rule") => vec![Facet::new("/ip_protocol", Form::Word)],
        _ => Vec::new(),
    }
}

pub fn directions(resource: &Resource) -> Vec<Facet> {
    match resource.kind.as_str() {
        "azurerm_network_security_rule" => vec![Facet::new("/direction", Form::Word)],
        "terraform_data" => vec![Facet::new("/input", Form::OfLine(0))],
        _ => Vec::new(),
    }
}

/// Host names of Microsoft's.
pub fn hosts(resource: &Resource) -> Vec<Facet> {
    match resource.kind.as_str() {
        "azurerm_firewall_policy_rule_collection_group" => rules(&resource.values)
            .into_iter()
            .map(|rule| Facet::list(format!("{rule}/destination_fqdns")))
            .collect(),
        "terraform_data" => vec![Facet::new("/input", Form::OfLine(5))],
        _ => Vec::new(),
    }
}

/// The customer's addresses.
pub fn locals(resource: &Resource) -> Vec<Facet> {
    let values = &resource.values;
    match resource.kind.as_str() {
        "azurerm_network_security_rule" => {
            let side = match microsofts_side(values["direction"].as_str()) {
                "source" => "destination",
                _ => "source",
            };
            vec![Facet::list(format!("/{side}_address_prefixes"))]
        }
        _ => Vec::new(),
    }
}

fn microsofts_side(direction: Option<&str>) -> &'static str {
    if direction == Some("Inbound") {
        "source"
    } else {
        "destination"
    }
}

/// The rules of Azure Firewall's collections.
pub fn rules(values: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for collections in ["network_rule_collection", "application_rule_collection"] {
        let rules = format!("/{collections}/0/rule");
        let count = values
            .pointer(&rules)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        all.extend((0..count).map(|index| format!("{rules}/{index}")));
    }
    all
}
