//! Links to what is shown: of the lesson the moment, of a run of one's own the whole script.

use kafka_lab::link::Differs;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlInputElement};

use super::lab::{Lab, LinkNote};
use crate::markup::{El, Markup, button, el, live, many};
use crate::reactive::*;
use crate::route::{Query, Route};
use crate::words::sharing as words;

/// The name that a run has in an address: `#/02/repair?run=1.5c1f0a77.zVY9…`.
const RUN: &str = "run";

/// The button that makes a link, the link to copy, and what is to be said of the link that the page was opened with.
pub(super) fn sharing(lab: Lab, base: Route, route: Signal<Route>) -> El {
    let address = RwSignal::new(None::<String>);
    let notes = RwSignal::new(Vec::<LinkNote>::new());
    let linked = memo(move || route.with(|route| route.query()?.get(RUN).map(str::to_owned)));
    effect(move || {
        if let Some(text) = linked.get() {
            notes.set(untrack(|| lab.play_link(&text)));
        }
    });
    let in_sandbox = matches!(base, Route::Sandbox { .. });
    let make = move || address.set(Some(address_of(lab, &base)));
    #[cfg(feature = "csr")]
    effect(move || {
        let own = lab.is_forked().then(|| lab.link());
        crate::shell::panic::remember_run(own);
    });
    let noted = move || {
        let notes = notes.get();
        (!notes.is_empty()).then(|| {
            let items = notes.iter().map(|note| el("li").child(said_of(note)));
            let list = el("ul").class("problems").child(many(items));
            el("div").class("share-notes").attr("role", "alert").child(el("p").child(words::NOT_WHOLE)).child(list)
        })
    };
    el("div")
        .class("share")
        .child(button("button-plain", words::SHARE).on_click(make))
        .child((!in_sandbox).then(|| button("button-plain", words::SANDBOX).on_click(move || to_sandbox(lab))))
        .child(live(move || address.get().map(made_link)))
        .child(live(noted))
}

/// Puts the link on the clipboard; shows it in a field, chosen whole, and says whether it is there.
pub(crate) fn made_link(address: String) -> El {
    let copied = RwSignal::new(false);
    let made = address.clone();
    spawn_local(async move {
        let is_copied = copy(&made).await;
        // The reader may have gone on.
        copied.try_set(is_copied);
    });
    let field = el("input")
        .class("share-address")
        .attr("readonly", "")
        .attr("aria-label", words::ADDRESS)
        .value(move || address.clone())
        .made(select_when_shown);
    let said = move || Markup::from(if copied.get() { words::COPIED } else { words::COPY_IT });
    el("p").class("share-made").child(field).child(el("span").attr("role", "status").child(live(said)))
}

pub(crate) fn said_of(note: &LinkNote) -> String {
    match note {
        LinkNote::Problem(problem) => problem.to_string(),
        LinkNote::OtherEngine(Differs { after, by }) => {
            let (made, between, and) = words::OTHER_ENGINE;
            format!("{made}{after}{between}{by}{and}")
        }
    }
}

/// The whole address of what is shown now.
fn address_of(lab: Lab, base: &Route) -> String {
    // Without a window there is nobody to send an address to.
    let href = window().location().href().unwrap_or_default();
    let (page, fragment) = href.split_once('#').unwrap_or((&href, ""));
    let here = Some(Route::parse(fragment)).filter(|here| here.same_page(base));
    let place = if untrack(|| lab.is_forked()) {
        (RUN.to_owned(), lab.link())
    } else {
        ("at".to_owned(), lab.playback.moment().get_untracked().0.to_string())
    };
    format!("{page}{}", here.unwrap_or_else(|| base.clone()).with_query(Query(vec![place])))
}

/// Leaves for the sandbox with what has happened so far. The browser's way back leads here again.
fn to_sandbox(lab: Lab) {
    let query = Query(vec![(RUN.to_owned(), lab.link_to_here())]);
    // Where the address can't be set the reader stays.
    let _ = window().location().set_hash(&Route::Sandbox { query }.to_string());
}

/// Puts a text on the clipboard, if the browser lets the page.
async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Absent where the page came over plain http.
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

fn select_when_shown(field: &Element) {
    let field: HtmlInputElement = field.clone().unchecked_into();
    request_animation_frame(move || field.select());
}
