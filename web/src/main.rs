//! Where the browser starts: the app takes the place of what was rendered at build time.

use kafka_lab_web::app::app;
use kafka_lab_web::content::Content;
use kafka_lab_web::markup;
use kafka_lab_web::reactive::*;
use kafka_lab_web::route::Route;
use wasm_bindgen::JsCast;

fn main() {
    kafka_lab_web::shell::panic::install();
    // An executor that is there already is one that we can use.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let place = document().get_element_by_id("app").and_then(|place| place.dyn_into().ok());
    let Some(place): Option<web_sys::HtmlElement> = place else { return };
    let own = own_route();
    let owner = Owner::new();
    let content = owner.with(Content::new);
    wasm_bindgen_futures::spawn_local(async move {
        // The built page stays until its content is there: then both happen before the browser paints again.
        content.fetch_for(&route_now(&own)).await;
        place.set_inner_html("");
        owner.with(|| {
            let route = RwSignal::new(route_now(&own));
            markup::listen_to_window("hashchange", move |_: web_sys::Event| go(route, route_now(&own)));
            markup::mount(&place, app(route.into(), content));
        });
        // As long as the page.
        std::mem::forget(owner);
        say_that_it_runs();
    });
}

/// A frame has nothing around its stage: between the lab and a frame of it the page begins anew.
fn go(route: RwSignal<Route>, next: Route) {
    if next.is_embedded() == route.with_untracked(Route::is_embedded) {
        route.set(next);
    } else {
        // A page that can't be loaded again stays as it is.
        let _ = window().location().reload();
    }
}

/// For tests and for whoever embeds the page: from now on it answers.
fn say_that_it_runs() {
    if let Some(root) = document().document_element() {
        // `<html>` takes any attribute.
        let _ = root.set_attribute("data-app", "running");
    }
}

/// The page that was built at this address, `02/index.html` for `#/02`: what an empty fragment stands for.
fn own_route() -> Route {
    let named = document().query_selector("meta[name=kafka-lab-page]").ok().flatten();
    Route::parse(&format!("#/{}", named.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()))
}

fn route_now(own: &Route) -> Route {
    match window().location().hash().unwrap_or_default().as_str() {
        "" | "#" => own.clone(),
        fragment => Route::parse(fragment),
    }
}
