//! The page for an address that leads nowhere: what was wanted, and what there is.

use crate::course::SceneId;
use crate::links::href;
use crate::markup::{El, Markup, el, many};
use crate::route::Route;
use crate::words::not_found as words;

/// `wanted` is the address as it stood there; `planned` the scene of that name, if one is planned and not written.
#[must_use]
pub fn not_found(wanted: String, planned: Option<SceneId>) -> Markup {
    let planned =
        planned.map(|scene| el("p").child(words::PLANNED).child(" ").child(el("cite").child(scene.entry().title)));
    let written = SceneId::written().map(|scene| link(&Route::scene(scene), scene.entry().title));
    el("div")
        .class("page")
        .child(el("h1").attr("tabindex", "-1").child(words::HEADING))
        .child(el("p").child(words::WANTED).child(el("code").class("wanted").child(wanted)).child("."))
        .child(planned)
        .child(el("p").child(words::EXISTS))
        .child(el("ul").child(link(&Route::Front, words::FRONT)).child(many(written)))
        .into()
}

fn link(route: &Route, title: &'static str) -> El {
    el("li").child(el("a").attr("href", href(route)).child(title))
}
