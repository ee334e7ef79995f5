//! The page about segments: a partition's folder of the reader's own, or two, as tape, batches, records, bytes, and
//! what is wrong with them.
//!
//! The files are read in a worker (`web/worker`), piece by piece; this page holds what is shown of them and no more.
//! Nothing here decides anything about files: it asks (`kafka_lab::inspect::Ask`) and shows what is answered. But for
//! the heading all of it is fetched when the page is first opened.

mod built_in;
mod dropped;
mod go_to;
mod hearing;
mod marks;
mod opening;
mod overview;
mod page;
mod reading;
mod records;
mod saving;
mod tape;
#[path = "../../content/segments.rs"]
pub(crate) mod words;

pub use built_in::EXAMPLES_FILE;
#[cfg(feature = "ssr")]
pub use built_in::examples;
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
