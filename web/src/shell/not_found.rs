//! The page for an address that leads nowhere: what was wanted, and what there is.

use leptos::prelude::*;

use crate::course::SceneId;
use crate::links::href;
use crate::route::Route;
use crate::words::not_found as words;

#[component]
pub fn NotFound(
    /// The address, as it stood there.
    wanted: String,
    /// The scene of that name, which is planned and not written.
    #[prop(optional_no_strip)]
    planned: Option<SceneId>,
) -> impl IntoView {
    let written = SceneId::written().map(|scene| {
        view! { <li><a href=href(&Route::scene(scene))>{scene.entry().title}</a></li> }
    });
    let planned = planned.map(|scene| view! { <p>{words::PLANNED} " " <cite>{scene.entry().title}</cite></p> });
    view! {
        <div class="page">
            <h1>{words::HEADING}</h1>
            <p>{words::WANTED} <code class="wanted">{wanted}</code> "."</p>
            {planned}
            <p>{words::EXISTS}</p>
            <ul>
                <li><a href=href(&Route::Front)>{words::FRONT}</a></li>
                {written.collect_view()}
            </ul>
        </div>
    }
}
