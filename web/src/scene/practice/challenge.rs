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
    let ways = Ways::of(scene, challenge);
    let shown = challenge.clone();
    let show = move || {
        was_shown.set(true);
        stage.open(&shown.with(ways.next_solution(&shown)), true);
    };
    let undo = button("button-plain", words::UNDO)
        .live_attr("disabled", move || (!(stage.is_shown() && lab.can_undo())).then_some(""))
        .on_click(move || lab.undo());
    el("div")
        .class("beat-body")
        .child(blocks(&challenge.text, &ends))
        .child(el("p").class("note").child(words::HOW))
        .child(standing(stage, &goal))
        .child(found(ways, challenge, &ends))
        .child(el("div").attr("role", "status").child(live(result(stage, lab, ways, challenge, goal, was_shown))))
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
    ways: Ways,
    challenge: &ChallengeText,
    goal: Goal,
    was_shown: RwSignal<bool>,
) -> impl Fn() -> Option<El> + 'static {
    let (id, par) = (challenge.id.clone(), challenge.par);
    let names: Vec<String> = challenge.ways.iter().map(|way| way.id.clone()).collect();
    let goals: Vec<Goal> = challenge.ways.iter().map(|way| goal_of(&way.goal)).collect();
    // Which way was gone, by its place; 0 where there is one.
    let gone = memo(move || {
        let (start, now) = stage.sights().filter(|(start, now)| goal.is_reached(start, now))?;
        if goals.is_empty() { Some(0) } else { goals.iter().position(|way| way.is_reached(&start, &now)) }
    });
    let solved = id.clone();
    effect(move || {
        if let Some(way) = gone.get().filter(|_| !was_shown.get()) {
            untrack(|| ways.solve(&solved, &names, way));
        }
    });
    let reached = memo(move || gone.get().is_some());
    move || {
        let verdict = |said: Markup| Some(el("div").class("verdict right").child(el("p").child(said)));
        match (reached.get(), was_shown.get()) {
            (true, false) => {
                let acts = untrack(|| lab.acts_done());
                verdict(format!("{}{acts}{}{par}.", words::REACHED.0, words::REACHED.1).into())
            }
            (true, true) => verdict(words::WAS_SHOWN.into()),
            (false, _) if ways.progress.is_solved(ways.scene, &id) => {
                Some(el("p").class("note").child(words::SOLVED_BEFORE))
            }
            (false, _) => None,
        }
    }
}

/// Which of a challenge's ways the learner has found; kept as what is solved is kept.
#[derive(Clone, Copy)]
struct Ways {
    scene: SceneId,
    progress: Progress,
    /// How often a way was shown.
    shown: RwSignal<usize>,
}

impl Ways {
    fn of(scene: SceneId, challenge: &ChallengeText) -> Self {
        let ways = Ways { scene, progress: Progress::use_context(), shown: RwSignal::new(0) };
        let first = challenge.ways.iter().position(|way| !ways.is_found(&challenge.id, &way.id));
        ways.shown.set(first.unwrap_or(0));
        ways
    }

    fn name(challenge: &str, way: &str) -> String {
        format!("{challenge}.{way}")
    }

    fn is_found(self, challenge: &str, way: &str) -> bool {
        self.progress.is_solved(self.scene, &Ways::name(challenge, way))
    }

    /// The commands of the next way that is shown: each in turn.
    fn next_solution(self, challenge: &ChallengeText) -> &str {
        let place = untrack(|| self.shown.get());
        self.shown.set(place + 1);
        let way = challenge.ways.get(place % challenge.ways.len().max(1));
        way.map_or(&challenge.solution, |way| &way.solution)
    }

    /// A way was gone; the challenge is solved when all were.
    fn solve(self, challenge: &str, ways: &[String], way: usize) {
        if let Some(way) = ways.get(way) {
            self.progress.solve(self.scene, &Ways::name(challenge, way));
        }
        if ways.iter().all(|way| self.is_found(challenge, way)) {
            self.progress.solve(self.scene, challenge);
        }
    }
}

/// The ways that were found, of how many; nothing where one is enough.
fn found(ways: Ways, challenge: &ChallengeText, ends: &Ends) -> Option<El> {
    let all = challenge.ways.len();
    let items = challenge.ways.iter().map(|way| {
        let (id, way_id) = (challenge.id.clone(), way.id.clone());
        let is_hidden = move || (!ways.is_found(&id, &way_id)).then_some("");
        let sign = el("span").class("condition-sign").attr("aria-hidden", "true").child("\u{2713}");
        let name = el("span").child(inlines(&way.name, ends));
        el("li").class("holds").live_attr("hidden", is_hidden).child(sign).child(name)
    });
    let items: Vec<El> = items.collect();
    let (id, names) = (challenge.id.clone(), challenge.ways.iter().map(|way| way.id.clone()).collect::<Vec<_>>());
    let count = move || {
        let found = names.iter().filter(|way| ways.is_found(&id, way)).count();
        format!("{}{found} {} {all}.", words::WAYS, words::OF)
    };
    let said = el("p").class("note").child(text(count));
    (all > 0).then(|| {
        el("div")
            .class("ways")
            .attr("role", "status")
            .child(said)
            .child(el("ul").class("ways-found").child(many(items)))
    })
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
