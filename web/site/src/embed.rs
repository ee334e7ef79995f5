//! What other people's pages link to, under names that stay: `embed.js`, and the example course page.

use std::path::Path;

use crate::Problem;
use crate::files::{self, Site};
use crate::minify::{Language, minified};

/// Writes them; `icon` is the icon's name in the site's root.
pub(crate) fn write(site: &Site, web: &Path, icon: &str) -> Result<(), Problem> {
    let from = web.join("embed");
    site.write("embed.js", &files::bytes(&from.join("embed.js"))?)?;
    let course = |name: &str| files::text(&from.join("example-course").join(name));
    site.write("example-course/index.html", course("index.html")?.replace("{icon}", icon).as_bytes())?;
    site.write("example-course/course.js", course("course.js")?.as_bytes())?;
    // In the lab's own manner: its tokens, then the page's own rules.
    let sheet = files::text(&web.join("style/tokens.css"))? + &course("course.css")?;
    site.write("example-course/course.css", minified(&sheet, Language::Css)?.as_bytes())
}
