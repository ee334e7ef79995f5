//! The header: the name of the lab and the course tape.

use leptos::prelude::*;

use crate::route::Route;

#[component]
pub fn Header(route: RwSignal<Route>) -> impl IntoView {
    let at_front = move || route.with(|route| *route == Route::Front);
    view! {
        <header class="header">
            <a class="header-name" href="#/" aria-current=move || at_front().then_some("page")>"Build your own Kafka"</a>
        </header>
    }
}
