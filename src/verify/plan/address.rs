//! Addresses of modules: `module.network["a.b"].module.rules`.

/// The names of the calls that lead to a module, without what tells their instances apart; `None`:
/// `address` is none.
#[must_use]
pub fn path(address: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = address;
    while !rest.is_empty() {
        if !names.is_empty() {
            rest = rest.strip_prefix('.')?;
        }
        rest = rest.strip_prefix("module.")?;
        let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return None;
        }
        names.push(name);
        rest = match after.strip_prefix('[') {
            Some(index) => &index[index_length(index)?..],
            None => after,
        };
    }
    Some(names)
}

/// How long an index is with its closing bracket; a key in it may hold brackets of its own.
fn index_length(index: &str) -> Option<usize> {
    let Some(key) = index.strip_prefix('"') else {
        return index.find(']').map(|end| end + 1);
    };
    let mut escaped = false;
    for (at, character) in key.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return key[at + 1..].starts_with(']').then_some(at + 3),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_instances_apart_is_no_part_of_a_path() {
        assert_eq!(path(""), Some(vec![]));
        assert_eq!(path("module.a"), Some(vec!["a"]));
        assert_eq!(path("module.a[0].module.rules"), Some(vec!["a", "rules"]));
        assert_eq!(
            path(r#"module.a["x].module.b[\"\\"].module.rules"#),
            Some(vec!["a", "rules"])
        );
    }

    #[test]
    fn what_is_no_address_of_a_module_is_none() {
        for text in [
            "a",
            "module.",
            "module.a.b",
            "module.a[\"x]",
            "module.a]",
            "module.a[0",
        ] {
            assert_eq!(path(text), None, "{text}");
        }
    }
}
