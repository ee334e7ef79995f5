//! The front page.

use leptos::prelude::*;

#[component]
pub fn Front() -> impl IntoView {
    view! { <h1>"Build Kafka: the visual lab"</h1> }
}
