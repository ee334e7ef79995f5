//! The question, and under it the answer.

use super::Begins;
use super::form::form;
use super::link::asked_in;
use super::matrix::matrix;
use super::result::result;
use super::search::Search;
use super::words;
use crate::markup::{El, el, live, many};
use crate::reactive::*;
use crate::route::Route;
use crate::scene::Lab;

pub(super) fn panel(lab: Lab, base: Route, route: Signal<Route>, begins: &Begins) -> El {
    let first = begins.asked;
    let search = Search::new(first);
    let problems = RwSignal::new(Vec::new());
    // Also when another link is opened.
    let linked = memo(move || route.with(|route| asked_in(route, &first)));
    effect(move || {
        if let Some((asked, wrong)) = linked.get() {
            search.asked.set(asked);
            problems.set(wrong.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
    });
    let wanted = begins.wanted.0;
    effect(move || {
        if let Some(asked) = wanted.get() {
            untrack(|| search.ask(asked));
        }
    });
    if begins.sets_stage {
        // Nothing while a run is on the stage; once it has left, what the form says by then.
        let shown = memo(move || (!lab.is_forked()).then(|| search.asked.get().knobs.opening()));
        effect(move || {
            if let Some(opening) = shown.get() {
                untrack(|| lab.begin_anew(&opening));
            }
        });
    }
    let noted = move || {
        let items = problems.get();
        (!items.is_empty()).then(|| {
            let list = el("ul").class("problems").child(many(items.into_iter().map(|said| el("li").child(said))));
            el("div").class("share-notes").attr("role", "alert").child(el("p").child(words::NOT_UNDERSTOOD)).child(list)
        })
    };
    el("div")
        .class("checker-panel")
        .child(live(noted))
        .child(form(search, base, &begins.knobs))
        .child(result(lab, search))
        .child(begins.has_matrix.then(|| matrix(wanted, false)))
}
