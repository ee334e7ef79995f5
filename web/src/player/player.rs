//! The player: a plain struct with commands, moved on by a delta. It knows no window and no clock,
//! so it is tested without either.

use std::sync::Arc;

use super::beat::{Beat, BeatKind, Moment};
use super::clock::Schedule;

/// The speeds that the transport offers, slowest first, and how they are shown.
pub const SPEEDS: [(f64, &str); 5] =
    [(0.25, "0.25\u{d7}"), (0.5, "0.5\u{d7}"), (1.0, "1\u{d7}"), (2.0, "2\u{d7}"), (4.0, "4\u{d7}")];

/// What the learner can ask of a player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlayerCommand {
    Play,
    /// Plays on and pauses at the moment; seeks there when it lies behind.
    PlayUntil(Moment),
    Pause,
    /// Pauses when it plays, plays when it is paused; from the end, plays again from the start.
    Toggle,
    /// Shows the next event that the eye must follow, then pauses.
    Step,
    /// Undoes a step, at once.
    Back,
    /// To the moment, at once.
    Seek(Moment),
    Next(BeatKind),
    Previous(BeatKind),
    Faster,
    Slower,
    Speed(f64),
    /// Whether routine events are shown and stepped through.
    ShowRoutine(bool),
}

/// Where a run stands, and where it is going.
#[derive(Clone, Debug)]
pub struct Player {
    schedule: Schedule,
    moment: Moment,
    clock_ms: f64,
    /// Plays until here; `None` is paused.
    goal: Option<Moment>,
    /// A goal that was set by playing, not by a single step.
    playing: bool,
    speed: f64,
    /// False with reduced motion: events are shown in turn, nothing moves between them.
    motion: bool,
    shows_routine: bool,
}

impl Player {
    #[must_use]
    pub fn new(beats: Arc<[Beat]>) -> Self {
        Player {
            schedule: Schedule::of(beats, false),
            moment: Moment::START,
            clock_ms: 0.0,
            goal: None,
            playing: false,
            speed: 1.0,
            motion: true,
            shows_routine: false,
        }
    }

    /// Puts another run in place and stands at `moment`, paused.
    pub fn load(&mut self, beats: Arc<[Beat]>, moment: Moment) {
        self.schedule = Schedule::of(beats, self.shows_routine);
        self.seek(moment);
    }

    #[must_use]
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    #[must_use]
    pub fn moment(&self) -> Moment {
        self.moment
    }

    /// Presentation time, in milliseconds.
    #[must_use]
    pub fn clock_ms(&self) -> f64 {
        self.clock_ms
    }

    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// True from "play" until the end or a pause; a single step is not playing.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// True while [`Player::advance`] would change something.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.goal.is_some()
    }

    /// Where playing is to end; `None` while paused.
    #[must_use]
    pub fn goal(&self) -> Option<Moment> {
        self.goal
    }

    #[must_use]
    pub fn shows_routine(&self) -> bool {
        self.shows_routine
    }

    #[must_use]
    pub fn motion(&self) -> bool {
        self.motion
    }

    /// Turns motion off or on. What is under way ends at its moment.
    pub fn set_motion(&mut self, motion: bool) {
        self.motion = motion;
        if !motion {
            self.clock_ms = self.schedule.rest_ms(self.moment);
        }
    }

    /// How far the last event has shown: 1 at rest, and always 1 without motion.
    #[must_use]
    pub fn shown(&self) -> f64 {
        if self.motion { self.schedule.shown(self.moment, self.clock_ms) } else { 1.0 }
    }

    pub fn command(&mut self, command: PlayerCommand) {
        match command {
            PlayerCommand::Play => self.play(),
            PlayerCommand::PlayUntil(moment) => self.play_until(moment),
            PlayerCommand::Pause => self.pause(),
            PlayerCommand::Toggle if self.playing => self.pause(),
            PlayerCommand::Toggle => self.play(),
            PlayerCommand::Step => self.step(),
            PlayerCommand::Back => self.seek(self.schedule.step_before(self.moment)),
            PlayerCommand::Seek(moment) => self.seek(moment),
            PlayerCommand::Next(kind) => self.seek_if(self.schedule.next_of(kind, self.moment)),
            PlayerCommand::Previous(kind) => self.seek_if(self.schedule.previous_of(kind, self.moment)),
            PlayerCommand::Faster => self.speed = speeds().find(|s| *s > self.speed).unwrap_or(self.speed),
            PlayerCommand::Slower => {
                self.speed = speeds().rev().find(|s| *s < self.speed).unwrap_or(self.speed);
            }
            PlayerCommand::Speed(speed) => self.speed = speed.max(SPEEDS[0].0).min(SPEEDS[SPEEDS.len() - 1].0),
            PlayerCommand::ShowRoutine(shows) => self.show_routine(shows),
        }
    }

    /// Lets `delta_ms` of the learner's time pass.
    pub fn advance(&mut self, delta_ms: f64) {
        let Some(goal) = self.goal else { return };
        let goal_ms = self.schedule.rest_ms(goal);
        self.clock_ms = (self.clock_ms + delta_ms.max(0.0) * self.speed).min(goal_ms);
        self.moment = self.schedule.moment_at(self.clock_ms).clamp(self.moment, goal);
        if self.clock_ms >= goal_ms {
            self.moment = goal;
            self.pause();
        }
    }

    fn play(&mut self) {
        if self.moment >= self.schedule.end() {
            self.seek(Moment::START);
        }
        self.play_until(self.schedule.end());
    }

    fn play_until(&mut self, moment: Moment) {
        let moment = moment.min(self.schedule.end());
        if moment <= self.moment {
            return self.seek(moment);
        }
        self.goal = Some(moment);
        self.playing = true;
    }

    /// Stops where it is; a half-shown event is finished at once, so that what is paused can be read.
    fn pause(&mut self) {
        self.goal = None;
        self.playing = false;
        if self.schedule.shown(self.moment, self.clock_ms) < 1.0 {
            self.clock_ms = self.schedule.rest_ms(self.moment);
        }
    }

    fn step(&mut self) {
        let from = self.goal.filter(|_| !self.playing).unwrap_or(self.moment);
        let next = self.schedule.step_after(from);
        if !self.motion {
            return self.seek(next);
        }
        // A second step before the first has been shown ends the first.
        if from > self.moment {
            self.seek(from);
        }
        self.playing = false;
        self.goal = (next > self.moment).then_some(next);
    }

    fn seek(&mut self, moment: Moment) {
        self.moment = moment.min(self.schedule.end());
        self.clock_ms = self.schedule.rest_ms(self.moment);
        self.goal = None;
        self.playing = false;
    }

    fn seek_if(&mut self, moment: Option<Moment>) {
        if let Some(moment) = moment {
            self.seek(moment);
        }
    }

    fn show_routine(&mut self, shows: bool) {
        self.shows_routine = shows;
        self.schedule = Schedule::of(self.schedule.beats().clone(), shows);
        self.clock_ms = self.schedule.rest_ms(self.moment);
    }
}

fn speeds() -> impl DoubleEndedIterator<Item = f64> {
    SPEEDS.into_iter().map(|(speed, _)| speed)
}

#[cfg(test)]
mod tests;
