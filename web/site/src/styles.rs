//! Two style sheets out of many: one for the first picture, with hashed fonts, and one for what is loaded late.

use std::path::{Path, PathBuf};

use crate::Problem;
use crate::files::{self, Site};
use crate::minify::{Language, minified};

/// Those of what is loaded late, below `web/style`.
const LATE: &str = "late";

/// Joins the style sheets under `web/style/late`, which the page asks for with the first part that is loaded late.
pub(crate) fn gather_late(web: &Path) -> Result<String, Problem> {
    joined(&files::tree(&web.join("style").join(LATE))?)
}

fn joined(paths: &[PathBuf]) -> Result<String, Problem> {
    let texts = paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "css"));
    let texts: Vec<String> = texts.map(|path| files::text(path)).collect::<Result<_, _>>()?;
    minified(&texts.concat(), Language::Css)
}

/// Joins the other style sheets under `web/style`; gives it and its fonts: hashed name, then name.
pub(crate) fn gather(site: &mut Site, web: &Path) -> Result<(String, Vec<(String, String)>), Problem> {
    let mut sheets = files::tree(&web.join("style"))?;
    sheets.retain(|path| !path.starts_with(web.join("style").join(LATE)));
    let mut sheet = joined(&sheets)?;
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
