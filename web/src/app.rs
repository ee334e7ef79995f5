//! The root component: the header, and the page that the route names.

use leptos::prelude::*;

use crate::route::Route;
use crate::shell::{Front, Header, NotFound};

/// What stands in `#app`, in the browser and in the pages rendered at build time.
#[component]
pub fn App(route: RwSignal<Route>) -> impl IntoView {
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <Header route/>
        <main id="main" tabindex="-1">
            {move || match route.get() {
                Route::Front => view! { <Front/> }.into_any(),
                Route::Scene { scene, .. } => view! { <h1>{scene.entry().title}</h1> }.into_any(),
                Route::Unknown { wanted } => view! { <NotFound wanted/> }.into_any(),
            }}
        </main>
    }
}
