//! Scripts and style sheets as browsers need them: without names, comments and blanks that only people need.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::Problem;

/// What a text is written in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    Css,
    Js,
}

/// The text as esbuild makes it small; it does the same.
pub(crate) fn minified(text: &str, language: Language) -> Result<String, Problem> {
    let loader = match language {
        Language::Css => "--loader=css",
        Language::Js => "--loader=js",
    };
    let failed = |said: String| Problem::NotMinified { said };
    let missing = |problem: std::io::Error| failed(format!("{problem}; ./lab build installs it, and puts it on PATH"));
    let mut esbuild = Command::new("esbuild")
        .args(["--minify", "--log-level=error", loader])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(missing)?;
    if let Some(mut input) = esbuild.stdin.take() {
        input.write_all(text.as_bytes()).map_err(missing)?;
    }
    let done = esbuild.wait_with_output().map_err(missing)?;
    if !done.status.success() {
        return Err(failed(String::from_utf8_lossy(&done.stderr).trim().to_owned()));
    }
    String::from_utf8(done.stdout).map_err(|problem| failed(problem.to_string()))
}
