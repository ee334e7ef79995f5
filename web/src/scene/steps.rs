//! The column of steps: what opens the scene, its beats, what there is to do after them. The current one is open, the
//! others are their headings.

mod standing;

use std::rc::Rc;
use std::sync::Arc;

use kafka_lab::goal::Quantity;
use litemap::LiteMap;
use wasm_split_helpers::wasm_split;
use web_sys::Element;

use super::lab::Lab;
use super::practice::practice_into;
use super::prose::{Ends, blocks, inlines};
use super::question::{Verdict, answer_controls, stage_question, verdict_view};
use crate::content::{BeatText, PartHead, SceneText};
use crate::course::SceneId;
use crate::links::href;
use crate::markup::{El, Markup, NotLoaded, button, el, late, live, many, mount};
use crate::player::Moment;
use crate::progress::Progress;
use crate::reactive::*;
use crate::route::Route;
use crate::words::scene as words;

/// A place in the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The hook, before the first beat.
    Hook,
    Beat(usize),
    /// A part of the practice.
    Part(usize),
}

/// The steps of a scene, and which of them is open. A beat is a range of the scene's run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps {
    lab: Lab,
    scene: SceneId,
    text: StoredValue<Arc<SceneText>>,
    route: Signal<Route>,
    /// The moment where each beat begins, and the end of the last.
    borders: StoredValue<Vec<Moment>>,
    pub(crate) current: Memo<Step>,
    verdicts: RwSignal<LiteMap<usize, Verdict>>,
}

impl Steps {
    pub(crate) fn new(lab: Lab, scene: SceneId, text: Arc<SceneText>, route: Signal<Route>) -> Self {
        let run = lab.lesson();
        let begins = text.beats.iter().map(|beat| Moment(run.moment_of_mark(&beat.id).unwrap_or(0)));
        let borders = begins.chain([Moment(run.len())]).collect();
        let read = Arc::clone(&text);
        let current = memo(move || route.with(|route| step_of(&read, route)));
        let (text, borders) = (StoredValue::new(text), StoredValue::new(borders));
        Steps { lab, scene, text, route, borders, current, verdicts: RwSignal::new(LiteMap::new()) }
    }

    /// All steps in their order.
    fn all(self) -> Vec<Step> {
        self.text.with_value(|text| {
            let hook = text.hook.iter().map(|_| Step::Hook);
            let beats = (0..text.beats.len()).map(Step::Beat);
            hook.chain(beats).chain((0..text.parts.len()).map(Step::Part)).collect()
        })
    }

    /// The step before and the step after.
    fn beside(self, step: Step) -> (Option<Step>, Option<Step>) {
        let all = self.all();
        let at = all.iter().position(|other| *other == step).unwrap_or(0);
        (at.checked_sub(1).and_then(|before| all.get(before).copied()), all.get(at + 1).copied())
    }

    fn border(self, beat: usize) -> Moment {
        self.borders.with_value(|borders| borders.get(beat).or(borders.last()).copied().unwrap_or_default())
    }

    fn beat<T>(self, index: usize, read: impl FnOnce(&BeatText) -> T) -> Option<T> {
        self.text.with_value(|text| text.beats.get(index).map(read))
    }

    fn part<T>(self, index: usize, read: impl FnOnce(&PartHead) -> T) -> Option<T> {
        self.text.with_value(|text| text.parts.get(index).map(read))
    }

    fn count(self) -> usize {
        self.text.with_value(|text| text.beats.len())
    }

    fn quantity(self, beat: usize) -> Option<Quantity> {
        self.beat(beat, |beat| beat.ask.as_ref().and_then(|ask| Quantity::parse(&ask.subject))).flatten()
    }

    /// Where the beat asks; without a question, where it begins.
    fn asks_at(self, beat: usize) -> Moment {
        let mark = self.beat(beat, |beat| beat.ask.as_ref().map(|ask| ask.at.clone())).flatten();
        let at = mark.and_then(|mark| self.lab.lesson().moment_of_mark(&mark));
        at.map_or_else(|| self.border(beat), Moment)
    }

    fn ends(self, beat: usize) -> Ends {
        Ends::of(&self.lab.lesson(), self.asks_at(beat), self.border(beat + 1))
    }

    fn is_asking(self, beat: usize) -> bool {
        self.quantity(beat).is_some() && !self.verdicts.with(|verdicts| verdicts.contains_key(&beat))
    }

    /// Puts the stage where the step begins. A beat is played if `plays`.
    pub(crate) fn open(self, step: Step, plays: bool) {
        self.lab.playback.withdraw_question();
        self.lab.back_to_lesson();
        match step {
            Step::Beat(beat) => self.open_beat(beat, plays),
            // The practice puts its own scripts on the stage; the hook has a stage of its own.
            Step::Hook | Step::Part(_) => self.lab.playback.seek(self.border(self.count())),
        }
    }

    /// Stands at the beat's beginning and plays it, up to its question if that is not answered; or does not play,
    /// and stands where it asks.
    fn open_beat(self, beat: usize, plays: bool) {
        let asking = untrack(move || self.is_asking(beat));
        let begins = if asking && !plays { self.asks_at(beat) } else { self.border(beat) };
        self.lab.playback.seek(begins);
        if plays {
            self.lab.playback.play_until(if asking { self.asks_at(beat) } else { self.border(beat + 1) });
        }
        if asking {
            self.ask(beat);
        }
    }

    fn ask(self, beat: usize) {
        let question = self.quantity(beat).and_then(|quantity| stage_question(&quantity, &self.ends(beat).asks));
        if let Some(question) = question {
            let judge = Callback::new(move |answer| self.judge(beat, Some(answer)));
            self.lab.playback.ask(question, judge);
        }
    }

    fn judge(self, beat: usize, answer: Option<i64>) {
        let Some(quantity) = self.quantity(beat) else { return };
        let end = (self.border(beat + 1), self.ends(beat).end);
        self.lab.back_to_lesson();
        if let Some(verdict) = Verdict::of(&self.lab.lesson(), &quantity, self.border(beat), &end, answer) {
            self.verdicts.update(|verdicts| {
                verdicts.insert(beat, verdict);
            });
        }
        self.lab.playback.withdraw_question();
        self.lab.playback.seek(self.asks_at(beat));
        self.lab.playback.play_until(end.0);
    }

    fn ask_again(self, beat: usize) {
        self.verdicts.update(|verdicts| {
            verdicts.remove(&beat);
        });
        self.open(Step::Beat(beat), false);
    }

    fn route_of(self, step: Step) -> Option<Route> {
        match step {
            Step::Hook => Some(Route::scene(self.scene)),
            Step::Beat(beat) => self.beat(beat, |text| Route::beat(self.scene, &text.id)),
            Step::Part(part) => self.part(part, |part| Route::beat(self.scene, &part.id)),
        }
    }

    fn link(self, step: Option<Step>, label: &'static str) -> Option<El> {
        let route = self.route_of(step?)?;
        Some(el("a").class("button").attr("href", href(&route)).child(label))
    }
}

/// The step that a route names; without a name, the first, or the first beat if a moment of the run is named.
fn step_of(text: &SceneText, route: &Route) -> Step {
    let Route::Scene { beat, query, .. } = route else { return Step::Beat(0) };
    let Some(wanted) = beat else {
        let at_moment = query.get("at").or(query.get("run")).is_some();
        return if text.hook.is_some() && !at_moment { Step::Hook } else { Step::Beat(0) };
    };
    let beat = text.beats.iter().position(|beat| beat.id == *wanted).map(Step::Beat);
    let part = || text.parts.iter().position(|part| part.id == *wanted).map(Step::Part);
    beat.or_else(part).unwrap_or(Step::Beat(0))
}

/// The steps as lists: the beats, then what there is to do.
pub(crate) fn step_list(steps: Steps) -> El {
    let (beats, parts) = steps.text.with_value(|text| (text.beats.len(), text.parts.len()));
    let list = |label, items: Vec<El>| el("ol").class("beats").attr("aria-label", label).child(many(items));
    let beats = list(words::BEATS, (0..beats).map(|index| beat_item(steps, index)).collect());
    let practice = (parts > 0).then(|| {
        let items = (0..parts).map(|index| part_item(steps, index)).collect();
        many([el("p").class("practice-heading").child(words::PRACTICE), list(words::PRACTICE, items)])
    });
    el("div").child(hook_controls(steps)).child(beats).child(practice)
}

/// While the hook is on the stage: the way into the first beat.
fn hook_controls(steps: Steps) -> El {
    let shown = move || {
        let next = steps.beside(Step::Hook).1;
        let begin = || steps.link(next, words::BEGIN).map(|link| link.class("button primary"));
        (steps.current.get() == Step::Hook).then(|| el("p").class("beat-controls").child(begin()))
    };
    el("div").child(live(shown))
}

/// A step in its list: its heading is the way to it.
fn item(steps: Steps, step: Step, id: Option<String>, title: Option<Markup>, body: impl Fn() -> El + 'static) -> El {
    let open = memo(move || steps.current.get() == step);
    let is_done = move || match (step, steps.current.get()) {
        (Step::Beat(index), Step::Beat(current)) => index < current,
        (Step::Beat(_), Step::Part(_)) => true,
        _ => false,
    };
    let link = el("a")
        .attr("href", steps.route_of(step).map(|route| href(&route)))
        .live_attr("aria-current", move || open.get().then_some("step"))
        .child(title);
    el("li")
        .class("beat")
        .class_if("open", move || open.get())
        .class_if("done", is_done)
        .child(el("h2").attr("id", id.map(|id| format!("beat-{id}"))).attr("tabindex", "-1").child(link))
        .child(live(move || open.get().then(&body)))
}

fn beat_item(steps: Steps, index: usize) -> El {
    let title = steps.beat(index, |beat| inlines(&beat.title, &steps.ends(index)));
    let id = steps.beat(index, |beat| beat.id.clone());
    item(steps, Step::Beat(index), id, title, move || beat_body(steps, index))
}

fn part_item(steps: Steps, index: usize) -> El {
    let run = steps.lab.lesson();
    let title = steps.part(index, |part| inlines(&part.title, &Ends::at(&run, Moment::START)));
    let id = steps.part(index, |part| part.id.clone());
    item(steps, Step::Part(index), id, title, move || part_body(steps, index))
}

fn part_body(steps: Steps, index: usize) -> El {
    let (before, after) = steps.beside(Step::Part(index));
    let head = steps.part(index, Clone::clone);
    let at = (steps.scene, steps.route);
    let body =
        head.map(|head| late("practice", move |place, owner| practice_into(place, owner, steps.lab, at, head.clone())));
    let controls = el("div")
        .class("beat-controls")
        .child(steps.link(after, words::CONTINUE))
        .child(steps.link(before, words::BACK));
    el("div").class("beat-body").child(body).child(controls)
}

fn beat_body(steps: Steps, index: usize) -> El {
    let ends = Rc::new(steps.ends(index));
    let asking = memo(move || steps.is_asking(index));
    let text = steps.beat(index, |beat| blocks(&beat.text, &ends));
    let at_end = Rc::clone(&ends);
    let after = move || if asking.get() { None } else { steps.beat(index, |beat| blocks(&beat.after, &at_end)) };
    el("div")
        .class("beat-body")
        .child(text)
        .child(asked(steps, index, asking, &ends))
        .child(live(after))
        .child(beat_controls(steps, index, asking))
        .child(
            (index + 1 == steps.count()).then(|| {
                el("p").class("note").live_attr("hidden", move || asking.get().then_some("")).child(words::DONE)
            }),
        )
}

/// The question, and under it the answer's controls or what came of the answer; nothing if the beat asks nothing.
fn asked(steps: Steps, index: usize, asking: Memo<bool>, ends: &Ends) -> Option<El> {
    steps.quantity(index)?;
    let question = steps.beat(index, |beat| beat.ask.as_ref().map(|ask| inlines(&ask.question, ends)))?;
    let verdict = move || steps.verdicts.with(|verdicts| verdicts.get(&index).cloned());
    let answer = move || {
        if asking.get() {
            return Some(answer_controls(steps.lab.playback, move || steps.judge(index, None)));
        }
        verdict().map(|verdict| {
            late("verdict-place", move |place, owner| verdict_into(place, owner, steps.lab, verdict.clone()))
        })
    };
    let group = el("div").class("ask").attr("role", "group").attr("aria-labelledby", "ask-text");
    Some(group.child(el("p").attr("id", "ask-text").child(question)).child(live(answer)))
}

#[wasm_split(panels, fallible)]
fn verdict_into(place: Element, owner: Owner, lab: Lab, verdict: Verdict) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, verdict_view(lab, &verdict).into()));
    Ok(())
}

fn beat_controls(steps: Steps, index: usize, asking: Memo<bool>) -> El {
    let progress = Progress::use_context();
    if index + 1 == steps.count() {
        effect(move || {
            if !asking.get() && steps.lab.playback.moment().get() >= steps.border(index + 1) {
                progress.finish(steps.scene);
            }
        });
    }
    let (before, after) = steps.beside(Step::Beat(index));
    let on = steps.link(after, words::CONTINUE).map(|link| link.class_if("primary", move || !asking.get()));
    let replay = move || {
        steps.lab.back_to_lesson();
        steps.lab.playback.seek(steps.border(index));
        steps.lab.playback.play_until(steps.border(index + 1));
    };
    let asks = steps.quantity(index).is_some();
    let answered = move || {
        let again = || button("button-plain", words::ASK_AGAIN).on_click(move || steps.ask_again(index));
        (!asking.get()).then(|| many([Some(button("button", words::REPLAY).on_click(replay)), asks.then(again)]))
    };
    el("div").class("beat-controls").child(on).child(steps.link(before, words::BACK)).child(live(answered))
}
