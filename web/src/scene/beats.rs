//! The column of steps: the current one is open, the others are their headings.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::lab::Lab;
use super::prose::{Ends, blocks, inlines};
use super::quantity::Quantity;
use super::question::{AnswerControls, Verdict, VerdictView, stage_question};
use crate::content::{BeatText, SceneText};
use crate::course::SceneId;
use crate::links::href;
use crate::player::Moment;
use crate::progress::Progress;
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
    verdicts: RwSignal<BTreeMap<usize, Verdict>>,
}

impl Beats {
    pub(super) fn new(lab: Lab, scene: SceneId, text: Arc<SceneText>, route: Signal<Route>) -> Self {
        let run = lab.lesson();
        let begins = text.beats.iter().map(|beat| Moment(run.moment_of_mark(&beat.id).unwrap_or(0)));
        let borders = begins.chain([Moment(run.len())]).collect();
        let ids: Vec<String> = text.beats.iter().map(|beat| beat.id.clone()).collect();
        let current = Memo::new(move |_| match route.get() {
            Route::Scene { beat: Some(wanted), .. } => ids.iter().position(|id| *id == wanted).unwrap_or(0),
            _ => 0,
        });
        let (text, borders) = (StoredValue::new(text), StoredValue::new(borders));
        Beats { lab, scene, text, borders, current, verdicts: RwSignal::new(BTreeMap::new()) }
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
        let question = self.quantity(beat).and_then(|quantity| stage_question(quantity, &self.ends(beat).asks));
        if let Some(question) = question {
            let judge = Callback::new(move |answer| self.judge(beat, Some(answer)));
            self.lab.playback.ask(question, judge);
        }
    }

    fn judge(self, beat: usize, answer: Option<kafka_lab::ids::Offset>) {
        let Some(quantity) = self.quantity(beat) else { return };
        let end = (self.border(beat + 1), self.ends(beat).end);
        self.lab.back_to_lesson();
        if let Some(verdict) = Verdict::of(&self.lab.lesson(), quantity, self.border(beat), &end, answer) {
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
#[component]
pub(super) fn BeatList(beats: Beats) -> impl IntoView {
    let items = (0..beats.count()).map(|index| view! { <BeatItem beats index/> });
    view! {
        <ol class="beats" aria-label=words::BEATS>
            {items.collect_view()}
        </ol>
    }
}

#[component]
fn BeatItem(beats: Beats, index: usize) -> impl IntoView {
    let open = Memo::new(move |_| beats.current.get() == index);
    let done = move || index < beats.current.get();
    let address = beats.route_of(index).map(|route| href(&route));
    let title = beats.beat(index, |beat| inlines(&beat.title, &beats.ends(index)).into_any());
    let id = beats.beat(index, |beat| format!("beat-{}", beat.id)).unwrap_or_default();
    view! {
        <li class="beat" class:open=move || open.get() class:done=done>
            <h2 id=id tabindex="-1">
                <a href=address aria-current=move || open.get().then_some("step")>{title}</a>
            </h2>
            {move || open.get().then(|| view! { <OpenBeat beats index/> })}
        </li>
    }
}

#[component]
fn OpenBeat(beats: Beats, index: usize) -> impl IntoView {
    let ends = StoredValue::new(beats.ends(index));
    let part = move |which: fn(&BeatText) -> &[crate::content::Block]| {
        beats.beat(index, |beat| ends.with_value(|ends| blocks(which(beat), ends).into_any()))
    };
    let text = part(|beat| &beat.text);
    let question = move || {
        beats.beat(index, |beat| {
            beat.ask.as_ref().map(|ask| ends.with_value(|ends| inlines(&ask.question, ends).into_any()))
        })
    };
    let asking = Memo::new(move |_| beats.is_asking(index));
    let verdict = move || beats.verdicts.with(|verdicts| verdicts.get(&index).cloned());
    view! {
        <div class="beat-body">
            {text}
            {beats.quantity(index).is_some().then(|| view! {
                <div class="ask" role="group" aria-labelledby="ask-text">
                    <p id="ask-text">{question()}</p>
                    {move || if asking.get() {
                        let on_skip = Callback::new(move |()| beats.judge(index, None));
                        view! { <AnswerControls on_skip/> }.into_any()
                    } else {
                        verdict().map(|verdict| view! { <VerdictView verdict/> }).into_any()
                    }}
                </div>
            })}
            {move || (!asking.get()).then(|| part(|beat| &beat.after))}
            <BeatControls beats index asking/>
        </div>
    }
}

#[component]
fn BeatControls(beats: Beats, index: usize, asking: Memo<bool>) -> impl IntoView {
    let progress = Progress::use_context();
    let last = index + 1 == beats.count();
    let back = index.checked_sub(1).and_then(|before| beats.route_of(before)).map(|route| {
        view! { <a class="button" href=href(&route)>{words::BACK}</a> }
    });
    let on = beats.route_of(index + 1).map(|route| href(&route));
    let replay = move |_| {
        beats.lab.back_to_lesson();
        beats.lab.playback.seek(beats.border(index));
        beats.lab.playback.play_until(beats.border(index + 1));
    };
    let asks = beats.quantity(index).is_some();
    if last {
        Effect::new(move |_| {
            if !asking.get() && beats.lab.playback.moment().get() >= beats.border(index + 1) {
                progress.finish(beats.scene);
            }
        });
    }
    view! {
        <div class="beat-controls">
            {on.map(|address| view! {
                <a class="button" class:primary=move || !asking.get() href=address>{words::CONTINUE}</a>
            })}
            {back}
            {move || (!asking.get()).then(|| view! {
                <button class="button" type="button" on:click=replay>{words::REPLAY}</button>
            })}
            {move || (!asking.get() && asks).then(|| view! {
                <button class="button-plain" type="button" on:click=move |_| beats.ask_again(index)>
                    {words::ASK_AGAIN}
                </button>
            })}
        </div>
        {last.then(|| view! { <p class="note" hidden=move || asking.get()>{words::DONE}</p> })}
    }
}
