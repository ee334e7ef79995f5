//! "Build it": the learner picks a version of the rule, and the same run is put through it.

use kafka_lab::goal::Goal;

use super::Stage;
use super::proof::{goal_of, standing};
use crate::content::{BuildText, ChoiceText};
use crate::markup::{El, Markup, button, el, live, many};
use crate::player::Moment;
use crate::reactive::*;
use crate::scene::Lab;
use crate::scene::prose::{Ends, blocks};
use crate::words::practice as words;

pub(super) fn view(lab: Lab, build: &BuildText) -> El {
    let stage = Stage::new(lab);
    let goal = goal_of(&build.promise);
    let chosen = RwSignal::new(None::<usize>);
    let ends = Ends::at(&lab.lesson(), Moment::START);
    let choices = build.choices.iter().enumerate().map(|(place, choice)| {
        let script = choice.script.clone();
        button("button", choice.name.clone())
            .live_attr("aria-pressed", move || Some(if chosen.get() == Some(place) { "true" } else { "false" }))
            .on_click(move || {
                chosen.set(Some(place));
                stage.open(&script, true);
            })
    });
    let rule = el("p").class("note").child(words::RULE).child(el("code").child(build.rule.clone())).child(".");
    let judged = goal.clone();
    let options = build.choices.clone();
    let verdict = move || verdict(stage, &judged, chosen.get().and_then(|place| options.get(place)));
    el("div")
        .class("beat-body")
        .child(blocks(&build.text, &ends))
        .child(el("div").class("choices").attr("role", "group").attr("aria-label", words::CHOOSE).child(many(choices)))
        .child(rule)
        .child(standing(stage, &goal))
        .child(el("div").attr("role", "status").child(live(verdict)))
}

/// What came of it, once the run has been shown to its end.
fn verdict(stage: Stage, goal: &Goal, choice: Option<&ChoiceText>) -> Option<El> {
    let (end, now) = stage.sights()?;
    if now.world.hash() != end.world.hash() {
        return None;
    }
    let kept = goal.is_reached(&end, &now);
    let said = el("p").class("verdict-first").child(if kept { words::KEPT } else { words::BROKEN });
    let kafka = choice.is_some_and(|choice| choice.kafka).then_some(words::KAFKAS);
    Some(el("div").class(if kept { "verdict right" } else { "verdict" }).child(said.child(kafka.map(Markup::from))))
}
