//! The lab in somebody else's page, a stage at a time: `#/embed/v1/02?beat=fold` in a frame, and messages both ways.
//!
//! Version 1 is frozen: what EMBED.md says of it stays true. The state of a frame is its address; a message that
//! changes it goes there. Everything here but [`embed`] is loaded late.

mod host;
mod message;
mod options;
mod page;
mod problem;
mod report;
#[cfg(test)]
mod tests;
mod value;
#[path = "../../content/embed.rs"]
mod words;

use wasm_split_helpers::wasm_split;
use web_sys::Element;

use crate::markup::{El, NotLoaded, el, late};
use crate::reactive::*;
use crate::route::Route;

/// All that the frame shows.
#[must_use]
pub fn embed(route: Signal<Route>) -> El {
    let page = late("embed-page", move |place, owner| embed_into(place, owner, route));
    el("main").attr("id", "main").class("embed").child(page)
}

#[wasm_split(embed, fallible)]
fn embed_into(place: Element, owner: Owner, route: Signal<Route>) -> Result<(), NotLoaded> {
    owner.with(|| page::begin(&place, route));
    Ok(())
}
