//! `core` does not know that a browser, a wall clock, a thread, a file or a colour exists, and nothing in it that
//! decides has an order that hashing made.

use crate::text::without_comments;

/// Crates that would bring the world in.
const CRATES: [&str; 10] =
    ["wasm-bindgen", "web-sys", "js-sys", "leptos", "gloo-timers", "rand", "getrandom", "chrono", "time", "tokio"];

const NAMES: [&str; 8] =
    ["std::time", "std::thread", "std::fs", "std::net", "std::env", "HashMap", "HashSet", "SystemTime"];

/// The command-line program and its helpers may read files and print; the library may not.
fn is_library(path: &str) -> bool {
    let program = ["core/src/bin/", "core/src/cli/"].iter().any(|folder| path.starts_with(folder));
    path.starts_with("core/src/") && path.ends_with(".rs") && !program
}

pub(crate) fn check(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if path == "core/Cargo.toml" {
        let tables = format!("\n{text}");
        let dependencies = tables.split("\n[").filter(|table| table.starts_with("dependencies]"));
        for line in dependencies.flat_map(str::lines) {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            if CRATES.contains(&name) {
                complaints.push(format!("{path}: depends on {name}"));
            }
        }
    }
    if is_library(path) {
        for (index, line) in without_comments(path, text).lines().enumerate() {
            let known = NAMES.iter().filter(|name| line.contains(*name));
            complaints.extend(known.map(|name| format!("{path}:{}: {name}", index + 1)));
        }
    }
    complaints
}
