//! Rules that look at one file's text.

use regex::Regex;

const COLUMNS_MAX: usize = 120;
const LINES_MAX: usize = 600;

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

/// What people write by hand as code; prose and data may be as wide as they like.
fn is_code(path: &str) -> bool {
    has_ending(path, &["rs", "css", "js", "mjs", "sh", "py", "html", "java"]) || path == "lab" || path == ".ci/run"
}

/// Complains about each line in which the pattern is found, with its number.
fn lines_with(pattern: &str, path: &str, text: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("a pattern of this file");
    let numbered = text.lines().enumerate().filter(|(_, line)| pattern.is_match(line));
    numbered.map(|(index, line)| format!("{path}:{}: {}", index + 1, line.trim())).collect()
}

pub(crate) fn wide_lines(path: &str, text: &str) -> Vec<String> {
    let numbered = text.lines().enumerate().filter(|(_, line)| is_code(path) && line.chars().count() > COLUMNS_MAX);
    numbered.map(|(index, line)| format!("{path}:{}: {} columns", index + 1, line.chars().count())).collect()
}

pub(crate) fn long_files(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let long = is_code(path) && lines > LINES_MAX;
    if long { vec![format!("{path}: {lines} lines")] } else { Vec::new() }
}

/// Hexadecimal, functional and the commonest named colours, in style sheets and in the app's code.
pub(crate) fn stray_colours(path: &str, text: &str) -> Vec<String> {
    if !path.starts_with("web/") || path == "web/style/tokens.css" {
        return Vec::new();
    }
    let written = r##"["'\s:(,]#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b"##;
    let made = r"\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*[\d.]";
    let named = r"[\w-]+:[^;]*\b(white|black|red|green|blue|orange|yellow|purple|pink|brown|gr[ae]y)\s*[;!,)]";
    match path {
        _ if has_ending(path, &["css"]) => lines_with(&format!("{written}|{made}|{named}"), path, text),
        _ if has_ending(path, &["rs"]) => lines_with(&format!("{written}|{made}"), path, text),
        _ => Vec::new(),
    }
}

/// Spelt in two halves, so that this file does not complain about itself.
pub(crate) fn nameless_todos(path: &str, text: &str) -> Vec<String> {
    let pattern = [r"\b(TO", r"DO|FIX", r"ME|X", r"XX)\b(?:[^(]|$)"].concat();
    if is_code(path) || has_ending(path, &["md"]) { lines_with(&pattern, path, text) } else { Vec::new() }
}

/// `style="…"` in markup, and Leptos' `style:` directive, which renders as one.
pub(crate) fn style_attributes(path: &str, text: &str) -> Vec<String> {
    let markup = path.starts_with("web/") && has_ending(path, &["rs", "html", "md", "svg"]) || path == "index.html";
    let pattern = r#"(^|[\s"<])style(=|:[\w-]+=)"#;
    if markup { lines_with(pattern, path, &without_comments(path, text)) } else { Vec::new() }
}

pub(crate) fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let places = ["/wo", "rk/|/ro", "ot/|/ho", r"me/\w|/tmp/tar", r"get|[A-Z]:\\Use", "rs"].concat();
    // Package locks and recorded data name what they name.
    let ours = path != "Cargo.lock" && !path.ends_with("package-lock.json") && !path.contains("/corpus/");
    if ours { lines_with(&format!(r#"(^|[\s"'`=(:])({places})"#), path, text) } else { Vec::new() }
}

/// The same lines, those that are only a comment left empty, so that numbers stay right.
pub(crate) fn without_comments(path: &str, text: &str) -> String {
    if !has_ending(path, &["rs"]) {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    lines.flat_map(|line| [line, "\n"]).collect()
}
