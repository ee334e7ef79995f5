//! A Rust file that no `mod` reaches is compiled by nobody and rots unseen.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

type Files = BTreeMap<String, String>;

pub(crate) fn check(files: &Files) -> Vec<String> {
    let mut alive = BTreeSet::new();
    for root in roots(files) {
        let folder = folder_of(&root).to_owned();
        reach(files, root, &folder, &mut alive);
    }
    files.keys().filter(|path| path.ends_with(".rs") && !alive.contains(*path)).cloned().collect()
}

/// Files that Cargo starts from: by convention, or because a manifest names them.
fn roots(files: &Files) -> Vec<String> {
    let named = Regex::new(r#"(?m)^path\s*=\s*"([^"]+\.rs)""#).expect("a pattern of this file");
    let mut roots = Vec::new();
    for (manifest, text) in files.iter().filter(|(path, _)| path.ends_with("Cargo.toml")) {
        let package = folder_of(manifest);
        for found in named.captures_iter(text) {
            roots.push(join(package, &found[1]));
        }
        for name in ["src/lib.rs", "src/main.rs", "build.rs"] {
            roots.push(join(package, name));
        }
        for folder in ["src/bin", "tests", "benches", "examples"] {
            let folder = join(package, folder);
            roots.extend(files.keys().filter(|path| is_root_in(path, &folder)).cloned());
        }
    }
    roots.retain(|path| files.contains_key(path));
    roots
}

/// `tests/a.rs` and `tests/a/main.rs`.
fn is_root_in(path: &str, folder: &str) -> bool {
    let inside = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    inside.is_some_and(|rest| match rest.split_once('/') {
        None => rest.ends_with(".rs"),
        Some((_, deeper)) => deeper == "main.rs",
    })
}

/// Follows the `mod` lines of a file whose children live in `folder`.
fn reach(files: &Files, path: String, folder: &str, alive: &mut BTreeSet<String>) {
    let Some(text) = files.get(&path) else { return };
    if !alive.insert(path.clone()) {
        return;
    }
    let line = r#"(?m)(?:#\[path = "([^"]+)"\]\s*)?^\s*(?:pub(?:\([^)]*\))? )?mod (?:r#)?(\w+);"#;
    for found in Regex::new(line).expect("a pattern of this file").captures_iter(text) {
        let name = &found[2];
        let flat = match found.get(1) {
            Some(given) => join(folder_of(&path), given.as_str()),
            None => join(folder, &format!("{name}.rs")),
        };
        let nested = join(folder, &format!("{name}/mod.rs"));
        for child in [flat, nested] {
            reach(files, child, &join(folder, name), alive);
        }
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path of `rest` in `folder`; each `../` in front leaves a folder.
fn join(folder: &str, rest: &str) -> String {
    if let Some(above) = rest.strip_prefix("../") {
        return join(folder_of(folder), above);
    }
    if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") }
}
