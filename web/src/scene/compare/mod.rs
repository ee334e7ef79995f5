//! Two runs beside each other, in step by virtual time: a fork and what it was forked from, or a hook's two worlds.
//!
//! One clock plays both. A step of it is an event of one run or the same event of both (`kafka_lab::timeline::Pair`);
//! each stage shows its own run's frame, which knows what the other shows otherwise (`kafka_lab::frame::beside`).

mod list;
mod pair;
mod view;

use std::sync::Arc;

use kafka_lab::timeline::{Run, Side};
use wasm_split_helpers::wasm_split;
use web_sys::{Element, KeyboardEvent};

pub(crate) use list::differences;

use super::lab::Lab;
use crate::markup::{El, Markup, NotLoaded, el, late, listen_to_window, live, mount};
use crate::player::{Forking, KeyAction, Moment, asked_by, transport};
use crate::reactive::*;
use crate::stage::stage;

/// The stage of a lab with its transport; both stages, while two runs are compared.
pub(crate) fn picture(lab: Lab, forking: Option<Forking>, controls: bool) -> Markup {
    let comparing = memo(move || lab.is_comparing());
    live(move || {
        if comparing.get() {
            return late("compare", move |place, owner| labs_into(place, owner, lab, forking, controls));
        }
        let controls = controls.then(|| transport(lab.playback, forking));
        el("div").class("stage-top").child(stage(lab.playback)).child(controls)
    })
}

#[wasm_split(compare, fallible)]
fn labs_into(
    place: Element,
    owner: Owner,
    lab: Lab,
    forking: Option<Forking>,
    controls: bool,
) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, view::of_lab(lab, forking, controls)));
    Ok(())
}

/// Two labs' own runs beside each other, where they stand, with what they are called.
pub(super) fn compared(labs: Vec<(String, Lab)>, comparing: RwSignal<bool>) -> El {
    late("compare", move |place, owner| compared_into(place, owner, labs.clone(), comparing))
}

#[wasm_split(compare, fallible)]
fn compared_into(
    place: Element,
    owner: Owner,
    labs: Vec<(String, Lab)>,
    comparing: RwSignal<bool>,
) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, view::of_labs(labs, comparing)));
    Ok(())
}

/// The key that goes into comparing and out of it.
pub(super) fn listen(lab: Lab) {
    listen_to_window("keydown", move |event: KeyboardEvent| {
        if asked_by(&event) == Some(KeyAction::Compare) && untrack(|| lab.compared_with()).is_some() {
            event.prevent_default();
            lab.compare(!untrack(|| lab.is_comparing()));
        }
    });
}

/// Stops what is played: the lab's run, or both runs.
pub(crate) fn pause(lab: Lab) {
    lab.playback.pause();
    if let Some(both) = view::shown().filter(|_| untrack(|| lab.is_comparing())) {
        both.pause();
    }
}

/// Where the run that is compared with stands, or would stand, at the moment that is shown.
pub(super) fn moment_beside(lab: Lab, beside: &Arc<Run>, run: &Arc<Run>) -> Moment {
    let pair = pair::pair_of(beside, run);
    let both = view::shown().filter(|_| lab.is_comparing()).map(|both| both.moment().get_untracked().0);
    let steps = match (both, lab.beside_begins.get_value()) {
        (Some(steps), _) => steps,
        (None, Some(moment)) => return moment,
        (None, None) => pair.steps_to(Side::Right, lab.playback.moment().get_untracked().0),
    };
    Moment(pair.moment(Side::Left, steps))
}
