//! Where the browser starts: the app takes the place of what was rendered at build time.

use kafka_lab_web::app::App;
use kafka_lab_web::route::Route;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    let Some(place) = document().get_element_by_id("app").and_then(|place| place.dyn_into().ok()) else {
        return;
    };
    let place: web_sys::HtmlElement = place;
    // Both happen before the browser paints again, so the reader sees no gap.
    place.set_inner_html("");
    mount_to(place, || {
        let route = RwSignal::new(Route::parse(&fragment()));
        window_event_listener(leptos::ev::hashchange, move |_| route.set(Route::parse(&fragment())));
        view! { <App route/> }
    })
    .forget();
}

/// The address's fragment or, where there is none, the one that means the page itself: `02/index.html` is `#/02`.
fn fragment() -> String {
    let fragment = window().location().hash().unwrap_or_default();
    if !fragment.is_empty() {
        return fragment;
    }
    let named = document().query_selector("meta[name=kafka-lab-page]").ok().flatten();
    format!("#/{}", named.and_then(|meta| meta.get_attribute("content")).unwrap_or_default())
}
