//! Each rule is shown what it must complain about, and what it must not.

use std::collections::BTreeMap;

use crate::{core_is_pure, dead_files, text};

/// Joined here, so that no rule complains about this file.
fn spelt(halves: &[&str]) -> String {
    halves.concat()
}

#[test]
fn a_line_of_121_columns_is_too_wide_and_one_of_120_is_not() {
    assert_eq!(text::wide_lines("a.rs", &"x".repeat(120)).len(), 0);
    assert_eq!(text::wide_lines("a.rs", &"é".repeat(121)).len(), 1);
    assert_eq!(text::wide_lines("prose.md", &"x".repeat(200)).len(), 0);
}

#[test]
fn a_file_of_601_lines_is_too_long() {
    assert_eq!(text::long_files("a.rs", &"x\n".repeat(600)).len(), 0);
    assert_eq!(text::long_files("lab", &"x\n".repeat(601)).len(), 1);
}

#[test]
fn colours_are_found_in_every_spelling_and_routes_are_not_colours() {
    for colour in ["#fff", "#0072b2", "#0072b280", "rgb(1 2 3)", "hsl(120, 1%, 1%)", "white"] {
        let sheet = format!("a {{ color: {colour}; }}");
        assert_eq!(text::stray_colours("web/src/a.css", &sheet).len(), 1, "{colour}");
        assert_eq!(text::stray_colours("web/style/tokens.css", &sheet).len(), 0, "{colour}");
    }
    for fine in ["color: var(--ink);", "color: currentcolor;", "white-space: pre;", "fill: url(#hatch);"] {
        assert_eq!(text::stray_colours("web/src/a.css", fine).len(), 0, "{fine}");
    }
    assert_eq!(text::stray_colours("web/src/a.rs", r##"fill="#123456""##).len(), 1);
    assert_eq!(text::stray_colours("web/src/a.rs", r##"href="#/02""##).len(), 0);
}

#[test]
fn what_is_left_to_do_needs_a_name() {
    let word = spelt(&["TO", "DO"]);
    assert_eq!(text::nameless_todos("a.rs", &format!("// {word}: later")).len(), 1);
    assert_eq!(text::nameless_todos("a.rs", &format!("// {word}")).len(), 1);
    assert_eq!(text::nameless_todos("a.rs", &format!("// {word}(ada): later")).len(), 0);
}

#[test]
fn style_attributes_are_found_in_markup() {
    let attribute = spelt(&[r#"<p sty"#, r#"le="x">"#]);
    assert_eq!(text::style_attributes("web/src/a.rs", &attribute).len(), 1);
    assert_eq!(text::style_attributes("web/src/a.rs", &spelt(&["<p sty", "le:top=y>"])).len(), 1);
    assert_eq!(text::style_attributes("web/src/a.rs", &format!("// {attribute}")).len(), 0);
    assert_eq!(text::style_attributes("web/src/a.rs", r#"rel="stylesheet""#).len(), 0);
}

#[test]
fn machine_paths_are_found() {
    let path = spelt(&["/ho", "me/ada/lab"]);
    assert_eq!(text::machine_paths("README.md", &format!("see {path}")).len(), 1);
    assert_eq!(text::machine_paths("README.md", &format!("`{path}`")).len(), 1);
    assert_eq!(text::machine_paths("README.md", "../shared/work/x and $HOME/.cache").len(), 0);
}

#[test]
fn the_core_may_not_know_the_browser_or_the_clock() {
    let manifest = "[dependencies]\ncrc32c = \"1\"\nweb-sys = \"1\"\n[dev-dependencies]\nrand = \"1\"\n";
    assert_eq!(core_is_pure::check("core/Cargo.toml", manifest), ["core/Cargo.toml: depends on web-sys"]);
    assert_eq!(core_is_pure::check("core/src/a.rs", "use std::time::Instant;").len(), 1);
    assert_eq!(core_is_pure::check("core/src/a.rs", "// not std::time").len(), 0);
    assert_eq!(core_is_pure::check("core/src/bin/a.rs", "use std::fs;").len(), 0);
}

#[test]
fn a_file_that_no_mod_names_is_dead() {
    let files = [
        ("core/Cargo.toml", ""),
        ("core/src/lib.rs", "pub mod a;\n#[cfg(test)]\nmod t;\n#[path = \"../words/en.rs\"]\nmod words;\n"),
        ("core/words/en.rs", ""),
        ("core/src/a/mod.rs", "pub(crate) mod b;\n"),
        ("core/src/a/b.rs", "mod c;"),
        ("core/src/a/b/c.rs", ""),
        ("core/src/t.rs", ""),
        ("core/src/forgotten.rs", ""),
        ("core/src/bin/tool/main.rs", "mod args;"),
        ("core/src/bin/tool/args.rs", ""),
        ("core/tests/one.rs", ""),
    ];
    let files: BTreeMap<String, String> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    assert_eq!(dead_files::check(&files), ["core/src/forgotten.rs"]);
}
