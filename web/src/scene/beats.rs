//! The column of steps: the current one is open, the others are their headings.

use std::rc::Rc;
use std::sync::Arc;

use litemap::LiteMap;
use wasm_split_helpers::wasm_split;
use web_sys::Element;

use super::lab::Lab;
use super::prose::{Ends, blocks, inlines};
use super::quantity::Quantity;
use super::question::{Verdict, answer_controls, stage_question, verdict_view};
use crate::content::{BeatText, SceneText};
use crate::course::SceneId;
use crate::links::href;
use crate::markup::{El, NotLoaded, button, el, late, live, many, mount};
use crate::player::Moment;
use crate::progress::Progress;
use crate::reactive::*;
use crate::route::Route;
use crate::words::scene as words;

/// The beats of a scene as ranges of its run, and which of them is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beats {
    lab: Lab,
    scene: SceneId,
    text: StoredValue<Arc<SceneText>>,
    /// The moment where each beat begins, and the end of the last.
    borders: StoredValue<Vec<Moment>>,
    pub(super) current: Memo<usize>,
    verdicts: RwSignal<LiteMap<usize, Verdict>>,
}

impl Beats {
    pub(super) fn new(lab: Lab, scene: SceneId, text: Arc<SceneText>, route: Signal<Route>) -> Self {
        let run = lab.lesson();
        let begins = text.beats.iter().map(|beat| Moment(run.moment_of_mark(&beat.id).unwrap_or(0)));
        let borders = begins.chain([Moment(run.len())]).collect();
        let ids: Vec<String> = text.beats.iter().map(|beat| beat.id.clone()).collect();
        let current = memo(move || match route.get() {
            Route::Scene { beat: Some(wanted), .. } => ids.iter().position(|id| *id == wanted).unwrap_or(0),
            _ => 0,
        });
        let (text, borders) = (StoredValue::new(text), StoredValue::new(borders));
        Beats { lab, scene, text, borders, current, verdicts: RwSignal::new(LiteMap::new()) }
    }

    fn border(self, beat: usize) -> Moment {
        self.borders.with_value(|borders| borders.get(beat).or(borders.last()).copied().unwrap_or_default())
    }

    fn beat<T>(self, index: usize, read: impl FnOnce(&BeatText) -> T) -> Option<T> {
        self.text.with_value(|text| text.beats.get(index).map(read))
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

    /// Stands at the beat's beginning and plays it, up to its question if that is not answered; or does not play,
    /// and stands where it asks.
    pub(super) fn open(self, beat: usize, plays: bool) {
        self.lab.back_to_lesson();
        self.lab.playback.withdraw_question();
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
        self.open(beat, false);
    }

    fn route_of(self, beat: usize) -> Option<Route> {
        self.beat(beat, |text| Route::beat(self.scene, &text.id))
    }
}

/// The steps as a list.
pub(super) fn beat_list(beats: Beats) -> El {
    let items = (0..beats.count()).map(|index| beat_item(beats, index));
    el("ol").class("beats").attr("aria-label", words::BEATS).child(many(items))
}

fn beat_item(beats: Beats, index: usize) -> El {
    let open = memo(move || beats.current.get() == index);
    let title = beats.beat(index, |beat| inlines(&beat.title, &beats.ends(index)));
    let link = el("a")
        .attr("href", beats.route_of(index).map(|route| href(&route)))
        .live_attr("aria-current", move || open.get().then_some("step"))
        .child(title);
    let id = beats.beat(index, |beat| format!("beat-{}", beat.id));
    el("li")
        .class("beat")
        .class_if("open", move || open.get())
        .class_if("done", move || index < beats.current.get())
        .child(el("h2").attr("id", id).attr("tabindex", "-1").child(link))
        .child(live(move || open.get().then(|| open_beat(beats, index))))
}

fn open_beat(beats: Beats, index: usize) -> El {
    let ends = Rc::new(beats.ends(index));
    let asking = memo(move || beats.is_asking(index));
    let text = beats.beat(index, |beat| blocks(&beat.text, &ends));
    let at_end = Rc::clone(&ends);
    let after = move || if asking.get() { None } else { beats.beat(index, |beat| blocks(&beat.after, &at_end)) };
    el("div")
        .class("beat-body")
        .child(text)
        .child(asked(beats, index, asking, &ends))
        .child(live(after))
        .child(beat_controls(beats, index, asking))
        .child(
            (index + 1 == beats.count()).then(|| {
                el("p").class("note").live_attr("hidden", move || asking.get().then_some("")).child(words::DONE)
            }),
        )
}

/// The question, and under it the answer's controls or what came of the answer; nothing if the beat asks nothing.
fn asked(beats: Beats, index: usize, asking: Memo<bool>, ends: &Ends) -> Option<El> {
    beats.quantity(index)?;
    let question = beats.beat(index, |beat| beat.ask.as_ref().map(|ask| inlines(&ask.question, ends)))?;
    let verdict = move || beats.verdicts.with(|verdicts| verdicts.get(&index).cloned());
    let answer = move || {
        if asking.get() {
            return Some(answer_controls(beats.lab.playback, move || beats.judge(index, None)));
        }
        verdict().map(|verdict| {
            late("verdict-place", move |place, owner| verdict_into(place, owner, beats.lab, verdict.clone()))
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

fn beat_controls(beats: Beats, index: usize, asking: Memo<bool>) -> El {
    let progress = Progress::use_context();
    if index + 1 == beats.count() {
        effect(move || {
            if !asking.get() && beats.lab.playback.moment().get() >= beats.border(index + 1) {
                progress.finish(beats.scene);
            }
        });
    }
    let link = |beat: usize, label| {
        beats.route_of(beat).map(|route| el("a").class("button").attr("href", href(&route)).child(label))
    };
    let on = link(index + 1, words::CONTINUE).map(|link| link.class_if("primary", move || !asking.get()));
    let replay = move || {
        beats.lab.back_to_lesson();
        beats.lab.playback.seek(beats.border(index));
        beats.lab.playback.play_until(beats.border(index + 1));
    };
    let asks = beats.quantity(index).is_some();
    let answered = move || {
        let again = || button("button-plain", words::ASK_AGAIN).on_click(move || beats.ask_again(index));
        (!asking.get()).then(|| many([Some(button("button", words::REPLAY).on_click(replay)), asks.then(again)]))
    };
    el("div")
        .class("beat-controls")
        .child(on)
        .child(index.checked_sub(1).and_then(|before| link(before, words::BACK)))
        .child(live(answered))
}
