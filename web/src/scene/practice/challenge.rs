//! A challenge: a situation on the stage, a goal, hints, and what was done counted against a par.

use kafka_lab::goal::Goal;

use super::Stage;
use super::proof::{goal_of, standing};
use crate::content::ChallengeText;
use crate::course::SceneId;
use crate::markup::{El, Markup, button, el, live, many, text};
use crate::player::Moment;
use crate::progress::Progress;
use crate::reactive::*;
use crate::scene::Lab;
use crate::scene::prose::{Ends, blocks, inlines};
use crate::words::practice as words;

pub(super) fn view(lab: Lab, scene: SceneId, challenge: &ChallengeText) -> El {
    let stage = Stage::new(lab);
    let goal = goal_of(&challenge.goal);
    // A solution that was shown proves nothing about who looks at it.
    let was_shown = RwSignal::new(false);
    let script = challenge.script.clone();
    let begin = move || {
        was_shown.set(false);
        stage.open(&script, false);
    };
    begin();
    // Opened above: what is on the stage is where the learner takes over.
    let ends = stage_ends(stage, lab);
    let solution = format!("{}\n{}", challenge.script, challenge.solution);
    let show = move || {
        was_shown.set(true);
        stage.open(&solution, true);
    };
    let undo = button("button-plain", words::UNDO)
        .live_attr("disabled", move || (!(stage.is_shown() && lab.can_undo())).then_some(""))
        .on_click(move || lab.undo());
    el("div")
        .class("beat-body")
        .child(blocks(&challenge.text, &ends))
        .child(el("p").class("note").child(words::HOW))
        .child(standing(stage, &goal))
        .child(el("div").attr("role", "status").child(live(result(stage, lab, scene, challenge, goal, was_shown))))
        .child(hints(challenge, &ends))
        .child(
            el("div")
                .class("beat-controls")
                .child(undo)
                .child(button("button-plain", words::AGAIN).on_click(begin))
                .child(button("button-plain", words::SOLUTION).on_click(show)),
        )
}

fn stage_ends(stage: Stage, lab: Lab) -> Ends {
    let sights = untrack(|| stage.sights());
    sights.map_or_else(|| Ends::at(&lab.lesson(), Moment::START), |(start, now)| Ends { asks: start, end: now })
}

/// What is said once the goal is reached. Kept as solved if the learner did it.
fn result(
    stage: Stage,
    lab: Lab,
    scene: SceneId,
    challenge: &ChallengeText,
    goal: Goal,
    was_shown: RwSignal<bool>,
) -> impl Fn() -> Option<El> + 'static {
    let progress = Progress::use_context();
    let (id, par) = (challenge.id.clone(), challenge.par);
    let reached = memo(move || stage.sights().is_some_and(|(start, now)| goal.is_reached(&start, &now)));
    let solved = id.clone();
    effect(move || {
        if reached.get() && !was_shown.get() {
            progress.solve(scene, &solved);
        }
    });
    move || {
        let verdict = |said: Markup| Some(el("div").class("verdict right").child(el("p").child(said)));
        match (reached.get(), was_shown.get()) {
            (true, false) => {
                let acts = untrack(|| lab.acts_done());
                verdict(format!("{}{acts}{}{par}.", words::REACHED.0, words::REACHED.1).into())
            }
            (true, true) => verdict(words::WAS_SHOWN.into()),
            (false, _) if progress.is_solved(scene, &id) => Some(el("p").class("note").child(words::SOLVED_BEFORE)),
            (false, _) => None,
        }
    }
}

/// The hints that were asked for, and a button for the next.
fn hints(challenge: &ChallengeText, ends: &Ends) -> El {
    let given = RwSignal::new(0usize);
    let all = challenge.hints.len();
    let items = challenge.hints.iter().enumerate().map(|(place, hint)| {
        el("li").live_attr("hidden", move || (place >= given.get()).then_some("")).child(inlines(hint, ends))
    });
    let label = move || format!("{} {} {} {all}", words::HINT, (given.get() + 1).min(all), words::OF);
    let next = button("button", text(label))
        .live_attr("hidden", move || (given.get() >= all).then_some(""))
        .on_click(move || given.update(|given| *given += 1));
    let given = el("div").attr("role", "status").child(el("ol").child(many(items)));
    el("div").class("hints").child(given).child(next)
}
