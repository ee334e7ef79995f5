//! One style sheet out of many, with hashed fonts.

use std::path::Path;

use crate::Problem;
use crate::files::{self, Site};
use crate::minify::{Language, minified};

/// Joins the style sheets under `web/style` and beside the components; gives it and its fonts: hashed name, then name.
pub(crate) fn gather(site: &mut Site, web: &Path) -> Result<(String, Vec<(String, String)>), Problem> {
    let mut sheets = files::tree(&web.join("style"))?;
    sheets.extend(files::tree(&web.join("src"))?);
    let mut sheet = String::new();
    for path in sheets.iter().filter(|path| path.extension().is_some_and(|ending| ending == "css")) {
        sheet.push_str(&files::text(path)?);
    }
    let mut sheet = minified(&sheet, Language::Css)?;
    let mut fonts = Vec::new();
    for path in files::tree(&web.join("assets/fonts"))? {
        let name = files::file_name(&path);
        let mention = format!("url(fonts/{name})");
        if sheet.contains(&mention) {
            let hashed = site.add(&name, &files::bytes(&path)?)?;
            sheet = sheet.replace(&mention, &format!("url({hashed})"));
            fonts.push((hashed, name));
        }
    }
    match sheet.split("url(fonts/").nth(1).and_then(|rest| rest.split(')').next()) {
        Some(missing) => Err(Problem::MissingAsset(web.join("assets/fonts").join(missing))),
        None => Ok((sheet, fonts)),
    }
}
