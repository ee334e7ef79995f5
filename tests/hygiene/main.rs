//! The house's own rules, each held over every file of the repository (style.md 20–27).
//!
//! A rule takes a file and gives its complaints; `tests.rs` shows each one a file that it must complain about.

mod core_is_pure;
mod dead_files;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use tree::Tree;

/// Fails with every complaint at once, so that one run is enough to put all of them right.
fn expect_none(rule: &str, complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{rule}:\n  {}", complaints.join("\n  "));
}

/// Runs a rule over every text file.
fn expect_clean(rule: &str, check: impl Fn(&str, &str) -> Vec<String>) {
    let tree = Tree::of_this_repository();
    expect_none(rule, tree.texts.iter().flat_map(|(path, text)| check(path, text)).collect());
}

#[test]
fn no_line_of_code_is_wider_than_120_columns() {
    expect_clean("lines over 120 columns", text::wide_lines);
}

#[test]
fn no_file_of_code_is_longer_than_600_lines() {
    expect_clean("files over 600 lines", text::long_files);
}

#[test]
fn colours_stand_in_the_token_file_only() {
    expect_clean("colours outside web/style/tokens.css", text::stray_colours);
}

#[test]
fn what_is_left_to_do_names_who_will() {
    expect_clean("a thing left to do without a name", text::nameless_todos);
}

#[test]
fn markup_has_no_style_attribute() {
    expect_clean("style attributes, which the content security policy forbids", text::style_attributes);
}

#[test]
fn nothing_names_a_place_on_somebody_s_machine() {
    expect_clean("machine paths", text::machine_paths);
}

#[test]
fn the_core_knows_no_browser_no_clock_no_thread_and_no_file() {
    expect_clean("what the core must not know", core_is_pure::check);
}

#[test]
fn every_rust_file_is_part_of_a_crate() {
    let tree = Tree::of_this_repository();
    expect_none("files that no `mod` reaches", dead_files::check(&tree.texts));
}

#[test]
fn nothing_big_is_committed() {
    let tree = Tree::of_this_repository();
    expect_none("big files", tree.big_files());
}
