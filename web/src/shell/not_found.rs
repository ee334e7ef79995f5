//! The page for an address that leads nowhere.

use leptos::prelude::*;

#[component]
pub fn NotFound(wanted: String) -> impl IntoView {
    view! {
        <h1>"Nothing at this address"</h1>
        <p>"You asked for " <code>{wanted}</code> "."</p>
    }
}
