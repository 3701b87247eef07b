//! The contract as the schemas that Terraform asks for.

use crate::contract::{Block, Nesting, Provider};
use crate::protocol::{self, Capabilities, Schema, SchemaResponse};

pub fn response(provider: &Provider) -> SchemaResponse {
    SchemaResponse {
        provider: Some(schema(0, &provider.configuration)),
        resource_schemas: provider
            .resources
            .iter()
            .map(|(kind, resource)| (kind.clone(), schema(resource.version, &resource.block)))
            .collect(),
        server_capabilities: Some(Capabilities {
            get_provider_schema_optional: true,
        }),
    }
}

fn schema(version: i64, of: &Block) -> Schema {
    Schema {
        version,
        block: Some(block(of)),
    }
}

fn block(of: &Block) -> protocol::Block {
    let attributes = of
        .attributes
        .iter()
        .map(|(name, attribute)| protocol::Attribute {
            name: name.clone(),
            r#type: attribute.r#type.to_string().into_bytes(),
            required: attribute.required,
            optional: attribute.optional,
            computed: attribute.computed,
            sensitive: attribute.sensitive,
        });
    let blocks = of
        .blocks
        .iter()
        .map(|(name, nested)| protocol::NestedBlock {
            type_name: name.clone(),
            block: Some(block(&nested.block)),
            nesting: match nested.nesting {
                Nesting::Single => protocol::Nesting::Single,
                Nesting::List => protocol::Nesting::List,
                Nesting::Set => protocol::Nesting::Set,
            }
            .into(),
            min_items: nested.min_items,
            max_items: nested.max_items,
        });
    protocol::Block {
        attributes: attributes.collect(),
        block_types: blocks.collect(),
    }
}
