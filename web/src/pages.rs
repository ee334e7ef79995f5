//! What `web/site` asks of the app at build time: the pages, and the files that are loaded late.

use crate::app::{app, title_of};
use crate::content::{Content, LATE, Load, file_for};
use crate::course::SceneId;
use crate::links::Depth;
use crate::reactive::*;
use crate::route::{CHECKER, Query, Route, SEGMENTS};
use crate::segments;
use crate::words;

/// A page of the built site.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its folder, without slashes at the ends: empty for the front page, `02` for `02/index.html`.
    pub folder: String,
    /// Text of the `<title>`.
    pub title: String,
    /// One or two sentences for search engines and link previews.
    pub description: String,
    /// The late file that it needs first, by its name without a hash.
    pub content: Option<String>,
    /// Whether what is there before any script has parts in it that other pages load late.
    pub shows_late_parts: bool,
    /// The markup inside `#app`.
    pub body_html: String,
}

/// A file that the page loads when it is first needed.
#[derive(Debug, Clone)]
pub struct LateFile {
    /// The name that the wasm asks for, as `02.bin`. The site's name of it carries a hash of its content.
    pub name: String,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// Every page of the site, rendered.
#[must_use]
pub fn pages() -> Vec<Page> {
    let scenes = SceneId::written().map(|scene| page(&Route::scene(scene)));
    let sandbox = page(&Route::Sandbox { query: Query::default() });
    let segments = page(&Route::Segments { query: Query::default() });
    let checker = page(&Route::Checker { query: Query::default() });
    std::iter::once(page(&Route::Front)).chain(scenes).chain([sandbox, segments, checker]).collect()
}

fn page(route: &Route) -> Page {
    let folder = match route {
        Route::Scene { scene, .. } => scene.to_string(),
        Route::Sandbox { .. } => "sandbox".to_owned(),
        Route::Segments { .. } => SEGMENTS.to_owned(),
        Route::Checker { .. } => CHECKER.to_owned(),
        Route::Front | Route::Embed { .. } | Route::Unknown { .. } => String::new(),
    };
    let depth = folder.split('/').filter(|part| !part.is_empty()).count();
    let owner = Owner::new();
    let (body_html, description) = owner.with(|| {
        provide_context(Depth(depth));
        let content = Content::new();
        let description = match route {
            Route::Scene { scene, .. } => match content.scene(*scene) {
                Load::Ready(text) => text.lead.clone(),
                _ => words::SITE_DESCRIPTION.to_owned(),
            },
            Route::Sandbox { .. } => words::sandbox::LEAD.to_owned(),
            Route::Segments { .. } => crate::segments::words::LEAD.to_owned(),
            Route::Checker { .. } => crate::checker::words::LEAD.to_owned(),
            _ => words::SITE_DESCRIPTION.to_owned(),
        };
        let route = RwSignal::new(route.clone());
        (app(route.into(), content).to_html(), description)
    });
    let shows_late_parts = matches!(route, Route::Segments { .. });
    Page { folder, title: title_of(route), description, content: file_for(route), shows_late_parts, body_html }
}

/// Every file that is loaded late.
#[must_use]
pub fn late_files() -> Vec<LateFile> {
    let mut files: Vec<LateFile> =
        LATE.iter().map(|(name, bytes)| LateFile { name: (*name).to_owned(), bytes: bytes.to_vec() }).collect();
    files.push(LateFile { name: segments::EXAMPLES_FILE.to_owned(), bytes: segments::examples() });
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_there_before_any_script() {
        let pages = pages();
        let folders: Vec<&str> = pages.iter().map(|page| page.folder.as_str()).collect();
        let mut written = SceneId::written().map(|scene| scene.to_string());
        assert!(written.all(|slug| folders.contains(&slug.as_str())), "{folders:?}");
        assert!(folders.contains(&""));
        for page in &pages {
            assert!(page.body_html.contains("<h1"), "{}", page.folder);
        }
    }

    #[test]
    fn links_lead_on_without_script() {
        let pages = pages();
        assert!(pages[0].body_html.contains("href=\"./tracer/\""));
        assert!(pages[1].body_html.contains("href=\"../\""));
    }
}
