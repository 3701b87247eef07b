//! Whose a file in a generated folder is, when the program did not write it.

use hcl::edit::structure::{Body, Structure};

/// Whether Terraform keeps this in a folder that it works in.
pub fn is_terraforms(name: &str) -> bool {
    name.starts_with(".terraform") || name.ends_with(".tfstate") || name.contains(".tfstate.")
}

/// Whether the file changes what the folder `place` configures. In `root/`, a `backend.tf` that
/// only says where state is kept is the user's.
pub fn changes_configuration(place: &str, name: &str, text: &str) -> bool {
    let configuration = [".tf", ".tf.json", ".tofu", ".tofu.json"]
        .iter()
        .any(|ending| name.ends_with(ending));
    configuration && !(place.starts_with("root/") && name == "backend.tf" && only_backend(text))
}

fn only_backend(text: &str) -> bool {
    let Ok(body) = text.parse::<Body>() else {
        return false;
    };
    body.iter().all(|structure| {
        structure
            .as_block()
            .filter(|block| block.has_ident("terraform"))
            .is_some_and(|block| block.body.iter().all(is_backend))
    })
}

fn is_backend(structure: &Structure) -> bool {
    structure
        .as_block()
        .is_some_and(|block| block.has_ident("backend") || block.has_ident("cloud"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_file_is_the_users_while_it_does_nothing_else() {
        let changes = |text| changes_configuration("root/azure", "backend.tf", text);
        assert!(!changes(
            "terraform {\n  backend \"azurerm\" {\n    key = \"x\"\n  }\n}\n"
        ));
        assert!(!changes("terraform {\n  cloud {\n  }\n}\n"));
        assert!(!changes(""));
        assert!(changes(
            "terraform {\n  backend \"local\" {}\n  required_version = \"1\"\n}\n"
        ));
        assert!(changes("provider \"azurerm\" {}\n"));
        assert!(changes("not hcl {"));
        assert!(changes_configuration(
            "worldwide/x/azure-nsg",
            "backend.tf",
            ""
        ));
    }

    #[test]
    fn overrides_are_configuration_and_values_are_not() {
        for name in ["main_override.tf", "extra.tf.json", "more.tofu"] {
            assert!(changes_configuration("root/azure", name, ""), "{name}");
        }
        for name in ["terraform.tfvars", "notes.md", ".terraform.lock.hcl"] {
            assert!(!changes_configuration("root/azure", name, ""), "{name}");
        }
        for name in [
            ".terraform",
            ".terraform.lock.hcl",
            "terraform.tfstate",
            "terraform.tfstate.backup",
        ] {
            assert!(is_terraforms(name), "{name}");
        }
        assert!(!is_terraforms("terraform.tfvars"));
    }
}
