//! The one reactive seam between a run and the page.
//!
//! [`Playback`] is a handle that is copied freely and put in context. Panels read its signals and
//! call its commands. What moves on the stage does not pass through here: the stage asks the player
//! once an animation frame.

use std::sync::Arc;

use kafka_lab::frame::Frame;
use kafka_lab::timeline::Side;

use super::beat::{BeatKind, Moment};
use super::player::{Player, PlayerCommand};
use super::reel::Reel;
use crate::reactive::*;
use crate::stage::{Asks, Question, Subject};

/// The state of playing, as signals, and the commands that change it.
#[derive(Clone, Copy, Debug)]
pub struct Playback {
    reel: RwSignal<Reel>,
    player: StoredValue<Player>,
    moment: RwSignal<Moment>,
    playing: RwSignal<bool>,
    speed: RwSignal<f64>,
    shows_routine: RwSignal<bool>,
    frame: Memo<Arc<Frame>>,
    /// Counts commands: the stage looks up when it changes.
    commands: RwSignal<u32>,
    /// What was clicked last, or has the focus of the drawer.
    pub selected: RwSignal<Option<Subject>>,
    question: RwSignal<Asked>,
    candidate: RwSignal<Option<i64>>,
    /// Of two runs in step, the one that is shown.
    side: Side,
    /// Another one lets the time pass.
    is_led: bool,
    in_sight: RwSignal<bool>,
}

/// The question that is open, and who is given the answer.
type Asked = Option<(Question, Callback<i64>)>;

impl Playback {
    /// A handle on `reel`, at its start and paused.
    #[must_use]
    pub fn new(reel: Reel) -> Self {
        let player = StoredValue::new(Player::new(reel.beats.clone()));
        let reel = RwSignal::new(reel);
        let moment = RwSignal::new(Moment::START);
        let question = RwSignal::new(None);
        let frame = frame_of(reel, moment, question);
        Playback {
            reel,
            player,
            moment,
            playing: RwSignal::new(false),
            speed: RwSignal::new(1.0),
            shows_routine: RwSignal::new(false),
            frame,
            commands: RwSignal::new(0),
            selected: RwSignal::new(None),
            question,
            candidate: RwSignal::new(None),
            side: Side::Left,
            is_led: false,
            in_sight: RwSignal::new(true),
        }
    }

    /// A stage for one of two runs in step: its own frames, at the moments and by the clock of this handle, which lets
    /// the time pass for both.
    #[must_use]
    pub fn led(self, side: Side, reel: Reel) -> Self {
        let reel = RwSignal::new(reel);
        let frame = frame_of(reel, self.moment, self.question);
        Playback { reel, frame, selected: RwSignal::new(None), side, is_led: true, ..self }
    }

    /// Of two runs in step, the one that is shown.
    #[must_use]
    pub fn side(self) -> Side {
        self.side
    }

    /// The handle of the surrounding page.
    #[must_use]
    pub fn use_context() -> Option<Self> {
        use_context::<Playback>()
    }

    /// How many events have happened at what is shown.
    pub fn moment(self) -> Read<Moment> {
        Read::of(self.moment)
    }

    /// The moment after the last event.
    pub fn end(self) -> Signal<Moment> {
        Signal::derive(move || self.reel.with(Reel::end))
    }

    /// What is played.
    pub fn reel(self) -> Read<Reel> {
        Read::of(self.reel)
    }

    /// What is drawn at the moment, at rest.
    pub fn frame(self) -> Memo<Arc<Frame>> {
        self.frame
    }

    pub fn playing(self) -> Read<bool> {
        Read::of(self.playing)
    }

    /// Whether the stage is on the screen, as far as it is known: off it nothing turns.
    pub fn in_sight(self) -> Read<bool> {
        Read::of(self.in_sight)
    }

    /// The stage came into sight, or went out of it.
    pub fn set_in_sight(self, in_sight: bool) {
        self.in_sight.set(in_sight);
    }

    /// 1.0 is the speed that was chosen for reading.
    pub fn speed(self) -> Read<f64> {
        Read::of(self.speed)
    }

    /// Whether routine events are shown, stepped through and drawn on the track.
    pub fn shows_routine(self) -> Read<bool> {
        Read::of(self.shows_routine)
    }

    /// Changes with every command, also with one that leaves the moment as it is.
    pub fn commands(self) -> Read<u32> {
        Read::of(self.commands)
    }

    /// Carries out a command and tells the signals.
    pub fn command(self, command: PlayerCommand) {
        self.player.update_value(|player| player.command(command));
        self.tell();
        self.commands.update(|count| *count = count.wrapping_add(1));
    }

    /// Lets `delta_ms` of the learner's time pass; true while there is more to show.
    pub fn advance(self, delta_ms: f64) -> bool {
        if !self.is_led {
            self.player.update_value(|player| player.advance(delta_ms));
            self.tell();
        }
        self.with_player(Player::is_moving)
    }

    /// Looks at the player, outside of the reactive graph.
    pub fn with_player<T>(self, look: impl FnOnce(&Player) -> T) -> T {
        self.player.with_value(look)
    }

    /// Turns motion off or on: what the reader or their system asked for.
    pub fn set_motion(self, motion: bool) {
        self.player.update_value(|player| player.set_motion(motion));
    }

    /// Sets only the signals whose value is another one now.
    fn tell(self) {
        let (moment, playing, speed, routine) =
            self.with_player(|player| (player.moment(), player.is_playing(), player.speed(), player.shows_routine()));
        if self.moment.get_untracked() != moment {
            self.moment.set(moment);
        }
        if self.playing.get_untracked() != playing {
            self.playing.set(playing);
        }
        if self.speed.with_untracked(|old| (old - speed).abs() > f64::EPSILON) {
            self.speed.set(speed);
        }
        if self.shows_routine.get_untracked() != routine {
            self.shows_routine.set(routine);
        }
    }

    pub fn play(self) {
        self.command(PlayerCommand::Play);
    }

    /// Plays on to `moment` and pauses there: how a beat of a scene is played.
    pub fn play_until(self, moment: Moment) {
        self.command(PlayerCommand::PlayUntil(moment));
    }

    pub fn pause(self) {
        self.command(PlayerCommand::Pause);
    }

    pub fn toggle(self) {
        self.command(PlayerCommand::Toggle);
    }

    /// To after the next event that the eye must follow.
    pub fn step(self) {
        self.command(PlayerCommand::Step);
    }

    /// Undoes a step, at once.
    pub fn back(self) {
        self.command(PlayerCommand::Back);
    }

    /// Shows `moment` at once: seeking never animates.
    pub fn seek(self, moment: Moment) {
        self.command(PlayerCommand::Seek(moment));
    }

    pub fn set_speed(self, speed: f64) {
        self.command(PlayerCommand::Speed(speed));
    }

    /// To after the next event of the kind; stays if there is none.
    pub fn next_of_kind(self, kind: BeatKind) {
        self.command(PlayerCommand::Next(kind));
    }

    /// Puts another run in place, at `moment`.
    pub fn load(self, reel: Reel, moment: Moment) {
        self.player.update_value(|player| player.load(reel.beats.clone(), moment));
        self.reel.set(reel);
        self.tell();
        self.commands.update(|count| *count = count.wrapping_add(1));
    }

    /// Asks for an answer on the stage; `on_commit` is given the number that was chosen.
    pub fn ask(self, question: Question, on_commit: Callback<i64>) {
        self.candidate.set(Some(question.start));
        self.question.set(Some((question, on_commit)));
    }

    /// The question that is open on the stage.
    pub fn question(self) -> Signal<Option<Question>> {
        Signal::derive(move || self.question.with(|open| open.as_ref().map(|(question, _)| question.clone())))
    }

    /// Where the answer stands now; it follows the drag.
    pub fn candidate(self) -> Read<Option<i64>> {
        Read::of(self.candidate)
    }

    pub fn set_candidate(self, number: i64) {
        if self.candidate.get_untracked() != Some(number) {
            self.candidate.set(Some(number));
        }
    }

    /// Hands the candidate to whoever asked, and leaves the question open until it is withdrawn.
    pub fn commit_answer(self) {
        let open = self.question.get_untracked();
        if let (Some((_, on_commit)), Some(number)) = (open, self.candidate.get_untracked()) {
            on_commit.run(number);
        }
    }

    pub fn withdraw_question(self) {
        self.question.set(None);
        self.candidate.set(None);
    }
}

/// What is asked for is not drawn: where logs part, while a border in one is looked for.
fn frame_of(reel: RwSignal<Reel>, moment: RwSignal<Moment>, question: RwSignal<Asked>) -> Memo<Arc<Frame>> {
    let frame = move || {
        let mut frame = reel.with(|reel| reel.frame_at(moment.get()));
        let is_border = |(asked, _): &(Question, _)| matches!(asked.on_tape(), Some((_, Asks::Border)));
        if question.with(|asked| asked.as_ref().is_some_and(is_border)) {
            frame.tapes.iter_mut().for_each(|tape| tape.parts_at = None);
        }
        frame
    };
    Memo::new_with_compare(move |_| Arc::new(frame()), |old: Option<&Arc<Frame>>, new: Option<&Arc<Frame>>| old != new)
}
