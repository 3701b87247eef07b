//! The contract against the provider's own schema, where that is at hand.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use terraform_provider_stand_in::contract::{Block, Nesting, contract};

/// The folder that holds `provider-schemas/`, which are not part of this repository.
const REFERENCE: &str = "PERIMETER365_REFERENCE";

const REQUIRE_ALL: &str = "PERIMETER365_REQUIRE_ALL";

#[test]
fn azurerm_is_as_its_schema_says() {
    let Some(folder) = std::env::var_os(REFERENCE).filter(|folder| !folder.is_empty()) else {
        let why =
            format!("the contract is not held against azurerm's schema: {REFERENCE} is not set");
        assert!(std::env::var_os(REQUIRE_ALL).is_none(), "{why}");
        // `eprintln!` would be captured.
        writeln!(std::io::stderr(), "skipped: {why}").expect("standard error is open");
        return;
    };
    let path = Path::new(&folder).join("provider-schemas/azurerm-5.2.0.json");
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema: Value = serde_json::from_slice(&text).expect("the schema is JSON");
    let theirs =
        &schema["provider_schemas"]["registry.terraform.io/hashicorp/azurerm"]["resource_schemas"];
    let contract = contract();
    for (kind, resource) in &contract["azurerm"].resources {
        let theirs = &theirs[kind];
        assert!(theirs.is_object(), "azurerm has no {kind}");
        assert_eq!(
            json!(resource.version),
            theirs["version"],
            "version of {kind}"
        );
        compare(kind, &resource.block, &theirs["block"]);
    }
}

fn compare(place: &str, ours: &Block, theirs: &Value) {
    let keys = |value: &Value| -> BTreeSet<String> {
        value
            .as_object()
            .map(|object| object.keys().cloned().collect())
            .unwrap_or_default()
    };
    assert_eq!(
        ours.attributes.keys().cloned().collect::<BTreeSet<_>>(),
        keys(&theirs["attributes"]),
        "attributes of {place}"
    );
    for (name, attribute) in &ours.attributes {
        let theirs = &theirs["attributes"][name];
        let flag = |name: &str| theirs[name].as_bool().unwrap_or_default();
        let place = format!("{place}.{name}");
        assert_eq!(attribute.r#type, theirs["type"], "type of {place}");
        assert_eq!(attribute.required, flag("required"), "{place} required");
        assert_eq!(attribute.optional, flag("optional"), "{place} optional");
        assert_eq!(attribute.computed, flag("computed"), "{place} computed");
        assert_eq!(attribute.sensitive, flag("sensitive"), "{place} sensitive");
    }
    assert_eq!(
        ours.blocks.keys().cloned().collect::<BTreeSet<_>>(),
        keys(&theirs["block_types"]),
        "blocks of {place}"
    );
    for (name, nested) in &ours.blocks {
        let theirs = &theirs["block_types"][name];
        let place = format!("{place}.{name}");
        let nesting = match nested.nesting {
            Nesting::Single => "single",
            Nesting::List => "list",
            Nesting::Set => "set",
        };
        assert_eq!(theirs["nesting_mode"], nesting, "nesting of {place}");
        for (bound, ours) in [
            ("min_items", nested.min_items),
            ("max_items", nested.max_items),
        ] {
            assert_eq!(
                theirs[bound].as_i64().unwrap_or_default(),
                ours,
                "{bound} of {place}"
            );
        }
        compare(&place, &nested.block, &theirs["block"]);
    }
}
