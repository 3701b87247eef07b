//! The program has no way to the network and starts no other program. Its own code may not name what would (`clippy.toml`);
//! here is what it is built with.

use std::collections::{BTreeMap, BTreeSet};

/// Crates by which programs reach the network or start others.
const NEVER: [&str; 40] = [
    "async-std",
    "attohttpc",
    "awc",
    "aws-lc-rs",
    "curl",
    "curl-sys",
    "duct",
    "git2",
    "h2",
    "hickory-resolver",
    "http",
    "hyper",
    "hyper-util",
    "isahc",
    "libgit2-sys",
    "libssh2-sys",
    "minreq",
    "mio",
    "native-tls",
    "openssl",
    "openssl-sys",
    "quinn",
    "reqwest",
    "ring",
    "rustls",
    "schannel",
    "security-framework",
    "smol",
    "socket2",
    "subprocess",
    "surf",
    "tiny_http",
    "tokio",
    "tokio-rustls",
    "trust-dns-resolver",
    "tungstenite",
    "ureq",
    "warp",
    "webpki-roots",
    "xshell",
];

/// What each crate of the lock file needs, by its name.
fn needs(lock: &toml::Table) -> BTreeMap<&str, BTreeSet<&str>> {
    let packages = lock["package"].as_array().expect("it lists packages");
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        let name = package["name"].as_str().expect("a package has a name");
        let dependencies = package.get("dependencies").and_then(toml::Value::as_array);
        let dependencies = dependencies
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str);
        // `name`, or `name version` where there are several.
        let names = dependencies.filter_map(|text| text.split(' ').next());
        needs.entry(name).or_default().extend(names);
    }
    needs
}

#[test]
fn nothing_that_it_is_built_with_reaches_the_network() {
    let parse = |text: &str| text.parse::<toml::Table>().expect("it is TOML");
    let (manifest, lock) = (
        parse(include_str!("../Cargo.toml")),
        parse(include_str!("../Cargo.lock")),
    );
    assert!(manifest.get("build-dependencies").is_none() && manifest.get("target").is_none());
    let needs = needs(&lock);
    let direct = manifest["dependencies"].as_table().expect("it has some");
    let mut open: Vec<&str> = direct.keys().map(String::as_str).collect();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    while let Some(name) = open.pop() {
        if used.insert(name) {
            open.extend(
                needs
                    .get(name)
                    .unwrap_or_else(|| panic!("`{name}` is in the lock file")),
            );
        }
    }
    assert!(
        used.len() > 30,
        "the lock file was walked through: {used:?}"
    );
    for name in NEVER {
        assert!(!used.contains(name), "`{name}` reaches the network");
    }
}

#[test]
fn what_is_never_built_in_is_denied_by_name() {
    let deny = include_str!("../deny.toml")
        .parse::<toml::Table>()
        .expect("it is TOML");
    let denied = deny["bans"]["deny"].as_array().expect("it is a list");
    let denied: Vec<&str> = denied
        .iter()
        .filter_map(|ban| ban["crate"].as_str())
        .collect();
    assert_eq!(denied, NEVER);
}
