//! A question in a link: every knob with its value stands in the address.

use kafka_lab::worst_case::{Asked, Knob, NotUnderstood};

use super::search::Search;
use super::words;
use crate::markup::{El, button, el, live};
use crate::reactive::*;
use crate::route::{Query, Route};
use crate::scene::made_link;

/// The question that a route holds, the rest as in `or`; and what of it is not understood. What else an address may
/// say, as the moment of a run, is not the question's.
pub(super) fn asked_in(route: &Route, or: &Asked) -> Option<(Asked, Vec<NotUnderstood>)> {
    let Query(pairs) = route.query()?;
    let is_of_question = pairs.iter().any(|(name, _)| Knob::ALL.into_iter().any(|knob| knob.name() == name));
    let pairs: Vec<_> = pairs.iter().filter(|(name, _)| !["run", "at"].contains(&name.as_str())).cloned().collect();
    is_of_question.then(|| Asked::read(&pairs, or))
}

/// The button that makes a link, and the link.
pub(super) fn button_of(search: Search, base: Route) -> El {
    let address = RwSignal::new(None::<String>);
    let make = move || {
        let href = window().location().href().unwrap_or_default();
        let page = href.split_once('#').map_or(href.as_str(), |(page, _)| page);
        let route = base.clone().with_query(Query(search.asked.get_untracked().pairs()));
        address.set(Some(format!("{page}{route}")));
    };
    let made = move || address.get().map(made_link);
    el("div").class("checker-link").child(button("button-plain", words::LINK_TO_IT).on_click(make)).child(live(made))
}
