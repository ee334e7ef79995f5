//! The one reactive seam between a run and the page.
//!
//! [`Playback`] is a handle that is copied freely and put in context. Panels read its signals and
//! call its commands. What moves on the stage does not pass through here: the stage asks the player
//! once an animation frame.

use std::sync::Arc;

use kafka_lab::frame::Frame;
use leptos::prelude::*;

use super::beat::{BeatKind, Moment};
use super::reel::Reel;
use crate::stage::{Question, Subject};
use kafka_lab::ids::Offset;

/// The state of playing, as signals, and the commands that change it.
#[derive(Clone, Copy, Debug)]
pub struct Playback {
    reel: RwSignal<Reel>,
    moment: RwSignal<Moment>,
    playing: RwSignal<bool>,
    speed: RwSignal<f64>,
    frame: Memo<Arc<Frame>>,
    /// What was clicked last, or has the focus of the drawer.
    pub selected: RwSignal<Option<Subject>>,
    question: RwSignal<Option<(Question, Callback<Offset>)>>,
    candidate: RwSignal<Option<Offset>>,
}

impl Playback {
    /// A handle on `reel`, at its start and paused.
    #[must_use]
    pub fn new(reel: Reel) -> Self {
        let reel = RwSignal::new(reel);
        let moment = RwSignal::new(Moment::START);
        let frame = Memo::new_with_compare(
            move |_| Arc::new(reel.with(|reel| reel.frame_at(moment.get()))),
            |old: Option<&Arc<Frame>>, new: Option<&Arc<Frame>>| old != new,
        );
        Playback {
            reel,
            moment,
            playing: RwSignal::new(false),
            speed: RwSignal::new(1.0),
            frame,
            selected: RwSignal::new(None),
            question: RwSignal::new(None),
            candidate: RwSignal::new(None),
        }
    }

    /// The handle of the surrounding page.
    #[must_use]
    pub fn use_context() -> Option<Self> {
        use_context::<Playback>()
    }

    /// How many events have happened at what is shown.
    pub fn moment(self) -> Signal<Moment> {
        self.moment.into()
    }

    /// The moment after the last event.
    pub fn end(self) -> Signal<Moment> {
        Signal::derive(move || self.reel.with(Reel::end))
    }

    /// What is drawn at the moment, at rest.
    pub fn frame(self) -> Memo<Arc<Frame>> {
        self.frame
    }

    pub fn playing(self) -> Signal<bool> {
        self.playing.into()
    }

    /// 1.0 is the speed that was chosen for reading.
    pub fn speed(self) -> Signal<f64> {
        self.speed.into()
    }

    pub fn play(self) {
        self.playing.set(true);
    }

    /// Plays on to `moment` and pauses there: how a beat of a scene is played.
    pub fn play_until(self, moment: Moment) {
        self.seek(moment);
    }

    pub fn pause(self) {
        self.playing.set(false);
    }

    pub fn toggle(self) {
        self.playing.update(|playing| *playing = !*playing);
    }

    /// To after the next event that the eye must follow.
    pub fn step(self) {
        self.seek(self.moment.get_untracked().next());
    }

    /// To before the last event that the eye followed.
    pub fn back(self) {
        self.seek(Moment(self.moment.get_untracked().0.saturating_sub(1)));
    }

    /// Shows `moment` at once: seeking never animates.
    pub fn seek(self, moment: Moment) {
        self.playing.set(false);
        let end = self.reel.with_untracked(Reel::end);
        self.moment.set(moment.min(end));
    }

    pub fn set_speed(self, speed: f64) {
        self.speed.set(speed);
    }

    /// To after the next event of the kind; stays if there is none.
    pub fn next_of_kind(self, kind: BeatKind) {
        let from = self.moment.get_untracked().0;
        let found = self.reel.with_untracked(|reel| {
            reel.beats.iter().enumerate().skip(from).find(|(_, beat)| beat.kind == kind).map(|(at, _)| at)
        });
        if let Some(at) = found {
            self.seek(Moment(at + 1));
        }
    }

    /// Puts another run in place, at `moment`.
    pub fn load(self, reel: Reel, moment: Moment) {
        self.reel.set(reel);
        self.seek(moment);
    }

    /// Asks for an answer on the stage; `on_commit` is given the offset that was chosen.
    pub fn ask(self, question: Question, on_commit: Callback<Offset>) {
        self.candidate.set(Some(question.start));
        self.question.set(Some((question, on_commit)));
    }

    /// The question that is open on the stage.
    pub fn question(self) -> Signal<Option<Question>> {
        Signal::derive(move || self.question.with(|open| open.as_ref().map(|(question, _)| question.clone())))
    }

    /// Where the answer stands now; it follows the drag.
    pub fn candidate(self) -> Signal<Option<Offset>> {
        self.candidate.into()
    }

    pub fn set_candidate(self, offset: Offset) {
        self.candidate.set(Some(offset));
    }

    /// Hands the candidate to whoever asked, and leaves the question open until it is withdrawn.
    pub fn commit_answer(self) {
        let open = self.question.get_untracked();
        if let (Some((_, on_commit)), Some(offset)) = (open, self.candidate.get_untracked()) {
            on_commit.run(offset);
        }
    }

    pub fn withdraw_question(self) {
        self.question.set(None);
        self.candidate.set(None);
    }
}
