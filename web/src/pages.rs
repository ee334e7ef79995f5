//! What `web/site` asks of the app at build time: the pages, and the files that are loaded late.

use leptos::prelude::*;

use crate::app::App;
use crate::course::SceneId;
use crate::route::Route;

/// A page of the built site.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its folder, without slashes at the ends: empty for the front page, `02` for `02/index.html`.
    pub folder: String,
    /// Text of the `<title>`.
    pub title: String,
    /// One or two sentences for search engines and link previews.
    pub description: String,
    /// The markup inside `#app`.
    pub body_html: String,
}

/// A file that the page loads when it is first needed.
#[derive(Debug, Clone)]
pub struct LateFile {
    /// The name that the wasm asks for, as `02.json`. The site's name of it carries a hash of its content.
    pub name: String,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// Every page of the site, rendered.
#[must_use]
pub fn pages() -> Vec<Page> {
    let scenes = SceneId::written().map(|scene| page(&Route::scene(scene)));
    std::iter::once(page(&Route::Front)).chain(scenes).collect()
}

fn page(route: &Route) -> Page {
    let owner = Owner::new();
    let body_html = owner.with(|| {
        let route = RwSignal::new(route.clone());
        view! { <App route/> }.to_html()
    });
    let (folder, title) = match route {
        Route::Scene { scene, .. } => (scene.to_string(), format!("{} · Build Kafka", scene.entry().title)),
        Route::Front | Route::Unknown { .. } => (String::new(), "Build Kafka: the visual lab".to_owned()),
    };
    Page { folder, title, description: "Build a replicated log and watch it run.".to_owned(), body_html }
}

/// Every file that is loaded late.
#[must_use]
pub fn late_files() -> Vec<LateFile> {
    Vec::new()
}
