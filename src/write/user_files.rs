//! Whose a file in a generated folder is, when the program did not write it.

use hcl::edit::structure::{Body, Structure};

/// Whether a file of this name tells that Terraform works in its folder: what it keeps there, or,
/// where Git has kept that out, what the user gave it.
pub fn is_terraforms(name: &str) -> bool {
    name.starts_with(".terraform")
        || name.ends_with(".tfstate")
        || name.contains(".tfstate.")
        || name.ends_with(".tfvars")
        || name == "backend.tf"
}

/// Whether Terraform reads a file of this name as configuration.
pub fn is_configuration(name: &str) -> bool {
    let ending = [".tf", ".tf.json", ".tofu", ".tofu.json"]
        .iter()
        .any(|ending| name.ends_with(ending));
    // Hidden files are passed over; `#x.tf` is not, since Terraform takes only `#x.tf#` for an editor's copy.
    ending && !name.starts_with('.')
}

/// Whether a file is one that only says where state is kept, as is the user's to say in `root/`.
pub fn is_backend(place: &str, name: &str, text: &str) -> bool {
    place.starts_with("root/")
        && name == "backend.tf"
        && only_backend(text.trim_start_matches('\u{feff}'))
}

fn only_backend(text: &str) -> bool {
    let Ok(body) = text.parse::<Body>() else {
        return false;
    };
    body.iter().all(|structure| {
        structure
            .as_block()
            .filter(|block| block.has_ident("terraform"))
            .is_some_and(|block| block.body.iter().all(is_backend_block))
    })
}

fn is_backend_block(structure: &Structure) -> bool {
    structure
        .as_block()
        .is_some_and(|block| block.has_ident("backend") || block.has_ident("cloud"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_file_is_the_users_while_it_does_nothing_else() {
        let backend = |text| is_backend("root/azure", "backend.tf", text);
        assert!(backend(
            "terraform {\n  backend \"azurerm\" {\n    key = \"x\"\n  }\n}\n"
        ));
        assert!(backend("\u{feff}terraform {\n  cloud {\n  }\n}\n"));
        assert!(backend(""));
        assert!(!backend(
            "terraform {\n  backend \"local\" {}\n  required_version = \"1\"\n}\n"
        ));
        assert!(!backend("provider \"azurerm\" {}\n"));
        assert!(!backend("not hcl {"));
        assert!(!is_backend("worldwide/x/azure-nsg", "backend.tf", ""));
    }

    #[test]
    fn overrides_are_configuration_and_values_are_not() {
        for name in [
            "main_override.tf",
            "extra.tf.json",
            "more.tofu",
            "backend.tf",
            "#a.tf",
        ] {
            assert!(is_configuration(name), "{name}");
        }
        for name in [
            "terraform.tfvars",
            "notes.md",
            ".terraform.lock.hcl",
            ".x.tf",
            "a.tf~",
            "#a.tf#",
        ] {
            assert!(!is_configuration(name), "{name}");
        }
        for name in [
            ".terraform",
            ".terraform.lock.hcl",
            "terraform.tfstate",
            "terraform.tfstate.backup",
            "terraform.tfvars",
            "backend.tf",
        ] {
            assert!(is_terraforms(name), "{name}");
        }
        assert!(!is_terraforms("main.tf"));
    }
}
