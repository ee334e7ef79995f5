//! What there is to do after the beats. Its code and its texts are fetched when it is first opened.

mod build;
mod challenge;
mod myths;
mod proof;

use std::sync::Arc;

use wasm_split_helpers::wasm_split;
use web_sys::Element;

use self::proof::Stage;
use super::lab::Lab;
use super::prose::{Ends, blocks};
use crate::checker::panel;
use crate::content::{Content, Load, PartHead, PartKind, PracticeText};
use crate::course::SceneId;
use crate::markup::{El, Markup, NotLoaded, button, el, live, many, mount};
use crate::player::Moment;
use crate::progress::Progress;
use crate::reactive::*;
use crate::route::Route;
use crate::words::{notices, practice as words};

#[wasm_split(practice, fallible)]
pub(super) fn practice_into(
    place: Element,
    owner: Owner,
    lab: Lab,
    at: (SceneId, Signal<Route>),
    head: PartHead,
) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, part(lab, at, head)));
    Ok(())
}

fn part(lab: Lab, at: (SceneId, Signal<Route>), head: PartHead) -> Markup {
    let (scene, _) = at;
    let content = Content::use_context();
    live(move || match content.practice(scene) {
        Load::Ready(practice) => untrack(|| shown(lab, at, &head, &practice)),
        Load::Loading => el("p").class("note").attr("role", "status").child(notices::LOADING).into(),
        Load::Failed(problem) => {
            let said = el("p").attr("role", "alert").child(notices::NOT_LOADED).child(" ");
            let again = button("button", notices::AGAIN).on_click(move || content.practice_again(scene));
            many([said.child(el("code").child(problem.0)), again])
        }
    })
}

fn shown(lab: Lab, (scene, route): (SceneId, Signal<Route>), head: &PartHead, practice: &Arc<PracticeText>) -> Markup {
    let ends = Ends::at(&lab.lesson(), Moment::START);
    let view = match head.kind {
        PartKind::Build => practice.build.as_ref().map(|build| build::view(lab, build)),
        PartKind::Challenge => {
            let is_it = |id: &str| head.id.strip_prefix("challenge-") == Some(id);
            let challenge = practice.challenges.iter().find(|challenge| is_it(&challenge.id));
            challenge.map(|challenge| challenge::view(lab, scene, challenge))
        }
        PartKind::Search => {
            let base = Route::beat(scene, &head.id);
            practice.search.as_ref().map(|search| {
                let panel = panel(lab, base, route, search);
                el("div").class("production").child(blocks(&search.text, &ends)).child(panel)
            })
        }
        PartKind::Production => Some(el("div").class("production").child(blocks(&practice.production, &ends))),
        PartKind::Myths => Some(myths::view(lab, &practice.myths)),
        PartKind::Card => Some(card(scene, &practice.card)),
    };
    // build.rs compared the parts with what stands behind them.
    view.map_or_else(|| el("div").into(), Markup::from)
}

/// The trade-off in a sentence. It is the learner's once the scene has been played to its end.
fn card(scene: SceneId, card: &str) -> El {
    let progress = Progress::use_context();
    let kept = move || if progress.is_finished(scene) { words::CARD_KEPT } else { words::CARD_NOT_YET };
    el("div")
        .child(el("p").class("card").child(card.to_owned()))
        .child(el("p").class("note").child(live(move || Markup::from(kept()))))
}
