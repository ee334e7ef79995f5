//! The page about segments: a log file of the reader's own, as tape, batches, bytes, and what is wrong with it.
//!
//! The file is read in a worker (`web/worker`), piece by piece; this page holds what is shown of it and no more.
//! Nothing here decides anything about files: it asks (`kafka_lab::inspect::Ask`) and shows what is answered. But for
//! the heading all of it is fetched when the page is first opened.

mod built_in;
mod client;
mod go_to;
mod opening;
mod page;
mod reading;
mod tape;
#[path = "../../content/segments.rs"]
pub(crate) mod words;

use wasm_split_helpers::wasm_split;
use web_sys::Element;

use crate::markup::{Markup, NotLoaded, el, late, mount};
use crate::reactive::*;
use crate::route::Route;

/// The whole page. Which example it begins with, the route may say.
#[must_use]
pub fn segments(route: Signal<Route>) -> Markup {
    let inside = if cfg!(feature = "ssr") {
        page::page(route)
    } else {
        late("segments-late", move |place, owner| page_into(place, owner, route))
    };
    el("div").class("segments").child(el("h1").attr("tabindex", "-1").child(words::HEADING)).child(inside).into()
}

#[wasm_split(segments, fallible)]
fn page_into(place: Element, owner: Owner, route: Signal<Route>) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, page::page(route).into()));
    Ok(())
}
