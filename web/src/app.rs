//! The root: the header, and the page that the route names.

use crate::checker::checker_page;
use crate::content::Content;
use crate::embed::embed;
#[cfg(feature = "csr")]
use crate::markup::listen_to_window;
use crate::markup::{Markup, el, live, many};
use crate::progress::Progress;
use crate::reactive::*;
use crate::route::Route;
use crate::scene::{sandbox_page, scene_page};
use crate::segments::segments;
use crate::shell::{HelpOpen, Keep, front, header, help, not_found};
use crate::words;

/// What stands in `#app`, in the browser and in the pages rendered at build time. `content` is what was fetched
/// before the app took the place of the built page.
#[must_use]
pub fn app(route: Signal<Route>, content: Content) -> Markup {
    let keep = Keep::new();
    provide_context(keep);
    provide_context(Progress::new(keep));
    provide_context(content);
    let open = HelpOpen(RwSignal::new(false));
    provide_context(open);

    // A page stays while the reader moves about on it.
    let page = Memo::new_with_compare(
        move |_| route.get(),
        |old: Option<&Route>, new: Option<&Route>| match (old, new) {
            (Some(old), Some(new)) => !old.same_page(new),
            _ => true,
        },
    );
    #[cfg(feature = "csr")]
    {
        listen_for_help(open);
        let is_first = std::cell::Cell::new(true);
        effect(move || arrive(&page.get(), !is_first.replace(false)));
    }
    let shown = move || match page.get() {
        Route::Front => front(),
        Route::Scene { scene, .. } if scene.is_written() => scene_page(scene, route),
        Route::Scene { scene, .. } | Route::Embed { scene, .. } => not_found(page.get().to_string(), Some(scene)),
        Route::Sandbox { .. } => sandbox_page(route),
        Route::Segments { .. } => segments(route),
        Route::Checker { .. } => checker_page(route),
        Route::Unknown { wanted } => not_found(wanted, None),
    };
    if route.with_untracked(Route::is_embedded) {
        return embed(route).into();
    }
    many([
        el("a").class("skip").attr("href", "#main").on("click", skip).child(words::SKIP),
        header(route),
        el("main").attr("id", "main").attr("tabindex", "-1").child(live(shown)),
        help(),
    ])
}

/// What a page is called, in the window's title.
#[must_use]
pub fn title_of(route: &Route) -> String {
    match route {
        Route::Front => words::SITE_TITLE.to_owned(),
        Route::Scene { scene, .. } | Route::Embed { scene, .. } => {
            format!("{} \u{b7} {}", scene.entry().title, words::LAB)
        }
        Route::Sandbox { .. } => format!("{} \u{b7} {}", words::sandbox::HEADING, words::LAB),
        Route::Segments { .. } => format!("{} \u{b7} {}", crate::segments::words::HEADING, words::LAB),
        Route::Checker { .. } => format!("{} \u{b7} {}", crate::checker::words::HEADING, words::LAB),
        Route::Unknown { .. } => format!("{} \u{b7} {}", words::not_found::HEADING, words::LAB),
    }
}

/// The link's address is also a route, so it is not followed: the focus goes where it says.
fn skip(event: web_sys::Event) {
    event.prevent_default();
    #[cfg(feature = "csr")]
    focus("#main");
}

/// Another page: its title in the window, its heading in focus, its top in view. Not for the first page.
#[cfg(feature = "csr")]
fn arrive(page: &Route, moved: bool) {
    document().set_title(&title_of(page));
    // In a frame the focus belongs to the page around it.
    if moved && !page.is_embedded() {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        request_animation_frame(|| focus("#main h1"));
    }
}

#[cfg(feature = "csr")]
fn focus(selector: &str) {
    use wasm_bindgen::JsCast;
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Every heading that is focused here has a tabindex; should one not, the reader is at the page's top.
        let _ = element.focus();
    }
}

#[cfg(feature = "csr")]
fn listen_for_help(HelpOpen(open): HelpOpen) {
    listen_to_window("keydown", move |event: web_sys::KeyboardEvent| {
        if event.key() == "?" && !crate::shell::is_typing(&event) {
            event.prevent_default();
            open.update(|open| *open = !*open);
        }
    });
}
