//! The root component: the header, and the page that the route names.

use leptos::prelude::*;

use crate::content::Content;
use crate::course::SceneId;
use crate::progress::Progress;
use crate::route::Route;
use crate::scene::ScenePage;
use crate::shell::{Front, Header, Help, HelpOpen, Keep, NotFound};
use crate::words;

/// What stands in `#app`, in the browser and in the pages rendered at build time.
#[component]
pub fn App(
    #[prop(into)] route: Signal<Route>,
    /// What was fetched before the app took the place of the built page.
    content: Content,
) -> impl IntoView {
    let keep = Keep::new();
    provide_context(keep);
    provide_context(Progress::new(keep));
    provide_context(content);
    let help = HelpOpen(RwSignal::new(false));
    provide_context(help);

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
        listen_for_help(help);
        Effect::new(move |before: Option<()>| arrive(&page.get(), before.is_some()));
    }
    view! {
        <a class="skip" href="#main" on:click=skip>{words::SKIP}</a>
        <Header route/>
        <main id="main" tabindex="-1">
            {move || match page.get() {
                Route::Front => view! { <Front/> }.into_any(),
                Route::Scene { scene, .. } if scene.is_written() => view! { <ScenePage scene route/> }.into_any(),
                Route::Scene { scene, .. } => {
                    view! { <NotFound wanted=page.get().to_string() planned=Some(scene)/> }.into_any()
                }
                Route::Unknown { wanted } => view! { <NotFound wanted planned=None/> }.into_any(),
            }}
        </main>
        <Help/>
    }
}

/// What a page is called, in the window's title.
#[must_use]
pub fn title_of(route: &Route) -> String {
    match route {
        Route::Front => words::SITE_TITLE.to_owned(),
        Route::Scene { scene, .. } => format!("{} \u{b7} {}", scene.entry().title, words::LAB),
        Route::Unknown { .. } => format!("{} \u{b7} {}", words::not_found::HEADING, words::LAB),
    }
}

/// The scene whose content a page needs before it can be shown.
#[must_use]
pub fn scene_of(route: &Route) -> Option<SceneId> {
    match route {
        Route::Front => Some(SceneId::TRACER),
        Route::Scene { scene, .. } => Some(*scene).filter(|scene| scene.is_written()),
        Route::Unknown { .. } => None,
    }
}

/// The link's address is also a route, so it is not followed: the focus goes where it says.
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    #[cfg(feature = "csr")]
    focus("#main");
}

/// Another page: its title in the window, its heading in focus, its top in view. Not for the first page.
#[cfg(feature = "csr")]
fn arrive(page: &Route, moved: bool) {
    document().set_title(&title_of(page));
    if moved {
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
    window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "?" && !crate::shell::is_typing(&event) {
            event.prevent_default();
            open.update(|open| *open = !*open);
        }
    });
}
