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

/// What the learner has picked: a version of the rule, and what happens to it.
#[derive(Clone, Copy)]
struct Picked {
    stage: Stage,
    choice: RwSignal<Option<usize>>,
    trouble: RwSignal<usize>,
}

pub(super) fn view(lab: Lab, build: &BuildText) -> El {
    let picked = Picked { stage: Stage::new(lab), choice: RwSignal::new(None), trouble: RwSignal::new(0) };
    let goal = goal_of(&build.promise);
    let ends = Ends::at(&lab.lesson(), Moment::START);
    let rule = el("p").class("note").child(words::RULE).child(el("code").child(build.rule.clone())).child(".");
    let judged = goal.clone();
    let options = build.choices.clone();
    let verdict = move || verdict(picked.stage, &judged, picked.choice.get().and_then(|place| options.get(place)));
    el("div")
        .class("beat-body")
        .child(blocks(&build.text, &ends))
        .child((!build.troubles.is_empty()).then(|| troubles(picked, build)))
        .child(choices(picked, build))
        .child(rule)
        .child(standing(picked.stage, &goal))
        .child(el("div").attr("role", "status").child(live(verdict)))
}

fn choices(picked: Picked, build: &BuildText) -> El {
    let names = build.choices.iter().map(|choice| choice.name.clone());
    let options = build.choices.clone();
    group(
        words::CHOOSE,
        names,
        move |place| picked.choice.get() == Some(place),
        move |place| {
            picked.choice.set(Some(place));
            picked.play(&options);
        },
    )
}

fn troubles(picked: Picked, build: &BuildText) -> El {
    let options = build.choices.clone();
    group(
        words::TROUBLES,
        build.troubles.iter().cloned(),
        move |place| picked.trouble.get() == place,
        move |place| {
            picked.trouble.set(place);
            picked.play(&options);
        },
    )
}

/// Buttons of which one is pressed.
fn group(
    label: &'static str,
    names: impl Iterator<Item = String>,
    is_on: impl Fn(usize) -> bool + Clone + 'static,
    pick: impl Fn(usize) + Clone + 'static,
) -> El {
    let buttons = names.enumerate().map(|(place, name)| {
        let (is_on, pick) = (is_on.clone(), pick.clone());
        button("button", name)
            .live_attr("aria-pressed", move || Some(if is_on(place) { "true" } else { "false" }))
            .on_click(move || pick(place))
    });
    el("div").class("choices").attr("role", "group").attr("aria-label", label).child(many(buttons))
}

impl Picked {
    /// Puts what is picked on the stage, once a version of the rule is.
    fn play(self, options: &[ChoiceText]) {
        let choice = untrack(|| self.choice.get()).and_then(|place| options.get(place));
        if let Some(script) = choice.and_then(|choice| choice.scripts.get(untrack(|| self.trouble.get()))) {
            self.stage.open(script, true);
        }
    }
}

/// What came of it, once the run has been shown to its end.
fn verdict(stage: Stage, goal: &Goal, choice: Option<&ChoiceText>) -> Option<El> {
    let (end, now) = stage.sights()?;
    if now.world.hash() != end.world.hash() {
        return None;
    }
    let kept = goal.is_reached(&end, &now);
    let said = el("p").class("verdict-first").child(if kept { words::KEPT } else { words::BROKEN });
    let is_kafkas = choice.is_some_and(|choice| choice.kafka);
    // A test holds that every other version breaks in one run at least.
    let more = match (kept, is_kafkas) {
        (_, true) => Some(words::KAFKAS),
        (true, false) => Some(words::NOT_ALWAYS),
        (false, false) => None,
    };
    Some(el("div").class(if kept { "verdict right" } else { "verdict" }).child(said.child(more.map(Markup::from))))
}
