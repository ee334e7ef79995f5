//! One style sheet out of many, with hashed fonts.

use std::path::Path;

use crate::Problem;
use crate::files::{self, Site};

/// Joins the style sheets under `web/style` and beside the components; gives it and its fonts: hashed name, then name.
pub(crate) fn gather(site: &mut Site, web: &Path) -> Result<(String, Vec<(String, String)>), Problem> {
    let mut sheets = files::tree(&web.join("style"))?;
    sheets.extend(files::tree(&web.join("src"))?);
    let mut sheet = String::new();
    for path in sheets.iter().filter(|path| path.extension().is_some_and(|ending| ending == "css")) {
        sheet.push_str(&squeeze(&files::text(path)?));
    }
    let mut fonts = Vec::new();
    for path in files::tree(&web.join("assets/fonts"))? {
        let name = files::file_name(&path);
        let mention = format!("url(\"fonts/{name}\")");
        if sheet.contains(&mention) {
            let hashed = site.add(&name, &files::bytes(&path)?)?;
            sheet = sheet.replace(&mention, &format!("url(\"{hashed}\")"));
            fonts.push((hashed, name));
        }
    }
    match sheet.split("url(\"fonts/").nth(1).and_then(|rest| rest.split('"').next()) {
        Some(missing) => Err(Problem::MissingAsset(web.join("assets/fonts").join(missing))),
        None => Ok((sheet, fonts)),
    }
}

/// Leaves out comments, indentation and empty lines; nothing else, so that no rule changes its meaning.
fn squeeze(css: &str) -> String {
    let mut without_comments = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        without_comments.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    without_comments.push_str(rest);
    let lines = without_comments.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_rules_stay() {
        let css = "/* a */\n.tape {\n  margin: 0 /* b\n c */ 1px;\n}\n\n";
        assert_eq!(squeeze(css), ".tape {\nmargin: 0  1px;\n}\n");
    }
}
