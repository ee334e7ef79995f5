//! The presentation clock: when each event of a run is shown.
//!
//! Two clocks run beside each other. Virtual time is the world's, in milliseconds. Presentation time is
//! the learner's: an event that the eye must follow holds it for 150 to 400 ms, a routine one not at
//! all, and a stretch of virtual time in which nothing happens collapses to at most a second.
//! Everything here is a pure function of the run.

use std::sync::Arc;

use kafka_lab::ids::{MessageId, Tick};
use kafka_lab::timeline::Side;

use super::beat::{Beat, BeatKind, Moment};

/// How long the eye gets for a mark that moves, the dearest thing on a stage.
const MARK_MS: f64 = 400.0;
const CHANGE_MS: f64 = 300.0;
const SMALL_MS: f64 = 160.0;
/// The shortest visible flight of a message.
const FLIGHT_MS: f64 = 420.0;
/// How far a message comes that is dropped.
const LOST_AT: f64 = 0.6;
/// Idle virtual time of at least this much is said on the stage ("44 s pass").
const SAID_IDLE_MS: i64 = 1_000;

/// When each event of a run is shown, in presentation milliseconds from the run's start.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Schedule {
    beats: Arc<[Beat]>,
    /// Ascending. At `starts[i]` event `i` begins to show.
    starts_ms: Vec<f64>,
    /// How long event `i` takes to show; 0 for a routine one.
    holds_ms: Vec<f64>,
    /// How much of `starts_ms[i]` was flight: time in which messages move and nothing else does.
    flight_at_start_ms: Vec<f64>,
    /// In the order in which they were sent. A message of both runs has a flight in each.
    flights: Vec<(MessageId, Side, Flight)>,
    with_routine: bool,
}

/// A message's way through a run, by event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// The event that sent it.
    pub sent: usize,
    /// The event that ended it, if the run has one.
    pub ended: Option<Ending>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    pub event: usize,
    pub arrived: bool,
}

/// A stretch of virtual time in which nothing happened that the eye must follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Idle {
    pub passes_ms: i64,
}

impl Schedule {
    /// `with_routine` gives routine events their time too.
    #[must_use]
    pub fn of(beats: Arc<[Beat]>, with_routine: bool) -> Self {
        let mut schedule = Schedule { with_routine, ..Schedule::default() };
        let mut now_ms = 0.0;
        let mut flown_ms = 0.0;
        let mut seen = Tick::ZERO;
        for (index, beat) in beats.iter().enumerate() {
            let eye = with_routine || !beat.routine;
            if eye {
                let mut gap_ms = gap_ms(beat.tick.0 - seen.0);
                for side in sides(beat) {
                    if let Some(flight) = ended_message(beat).and_then(|id| schedule.flight(id, side, index)) {
                        gap_ms = gap_ms.max(FLIGHT_MS - (flown_ms - schedule.flight_at_start_ms[flight.sent]));
                    }
                }
                if is_by_hand(&beats, index) {
                    gap_ms = gap_ms.max(FLIGHT_MS / 2.0);
                }
                now_ms += gap_ms;
                flown_ms += gap_ms;
                seen = beat.tick;
            }
            schedule.starts_ms.push(now_ms);
            schedule.flight_at_start_ms.push(flown_ms);
            let hold_ms = if eye { hold_ms(beat.kind) } else { 0.0 };
            schedule.holds_ms.push(hold_ms);
            now_ms += hold_ms;
            schedule.note_flight(index, beat);
        }
        schedule.beats = beats;
        schedule
    }

    fn note_flight(&mut self, index: usize, beat: &Beat) {
        let Some(id) = beat.message else { return };
        for side in sides(beat) {
            if beat.kind == BeatKind::Sent {
                self.flights.push((id, side, Flight { sent: index, ended: None }));
            } else if ended_message(beat).is_some()
                && let Some(place) = self.place_of_flight(id, side, index)
            {
                self.flights[place].2.ended = Some(Ending { event: index, arrived: beat.kind == BeatKind::Arrived });
            }
        }
    }

    /// The flight of a message that is sent before event `now`; those that are asked for were sent shortly before.
    fn place_of_flight(&self, id: MessageId, side: Side, now: usize) -> Option<usize> {
        let sent = self.flights.partition_point(|(_, _, flight)| flight.sent < now);
        self.flights[..sent].iter().rposition(|(of, on, _)| (*of, *on) == (id, side))
    }

    fn flight(&self, id: MessageId, side: Side, now: usize) -> Option<&Flight> {
        self.place_of_flight(id, side, now).map(|place| &self.flights[place].2)
    }

    #[must_use]
    pub fn beats(&self) -> &Arc<[Beat]> {
        &self.beats
    }

    #[must_use]
    pub fn end(&self) -> Moment {
        Moment(self.beats.len())
    }

    /// How long the whole run takes to show.
    #[must_use]
    pub fn total_ms(&self) -> f64 {
        self.rest_ms(self.end())
    }

    /// Presentation time at which `moment` has finished showing.
    #[must_use]
    pub fn rest_ms(&self, moment: Moment) -> f64 {
        let Some(last) = moment.0.checked_sub(1) else { return 0.0 };
        let last = last.min(self.beats.len().saturating_sub(1));
        self.starts_ms.get(last).copied().unwrap_or(0.0) + self.holds_ms.get(last).copied().unwrap_or(0.0)
    }

    /// How many events have begun to show at `clock_ms`.
    #[must_use]
    pub fn moment_at(&self, clock_ms: f64) -> Moment {
        Moment(self.starts_ms.partition_point(|start| *start <= clock_ms))
    }

    /// How far the last event before `moment` has shown: 0 when it begins, 1 at rest.
    #[must_use]
    pub fn shown(&self, moment: Moment, clock_ms: f64) -> f64 {
        let Some(last) = moment.0.checked_sub(1) else { return 1.0 };
        let hold_ms = self.holds_ms.get(last).copied().unwrap_or(0.0);
        if hold_ms <= 0.0 {
            return 1.0;
        }
        ((clock_ms - self.starts_ms[last]) / hold_ms).clamp(0.0, 1.0)
    }

    #[must_use]
    pub fn is_eye(&self, event: usize) -> bool {
        self.beats.get(event).is_some_and(|beat| self.with_routine || !beat.routine)
    }

    /// The moment after the next event that the eye follows; the end if there is none.
    #[must_use]
    pub fn step_after(&self, moment: Moment) -> Moment {
        (moment.0..self.beats.len()).find(|event| self.is_eye(*event)).map_or(self.end(), |event| Moment(event + 1))
    }

    /// Where a step back leads: after the event that the eye followed before the last one, or to the start.
    /// It undoes [`Schedule::step_after`], routine events in between and all.
    #[must_use]
    pub fn step_before(&self, moment: Moment) -> Moment {
        let mut seen = (0..moment.0.min(self.beats.len())).rev().filter(|event| self.is_eye(*event));
        seen.nth(1).map_or(Moment::START, |event| Moment(event + 1))
    }

    /// After the next event of the kind, if there is one. Routine events count when they are shown.
    #[must_use]
    pub fn next_of(&self, kind: BeatKind, moment: Moment) -> Option<Moment> {
        (moment.0..self.beats.len())
            .find(|event| self.beats[*event].kind == kind && self.is_eye(*event))
            .map(|event| Moment(event + 1))
    }

    /// After the last event of the kind that had happened before the one just shown.
    #[must_use]
    pub fn previous_of(&self, kind: BeatKind, moment: Moment) -> Option<Moment> {
        (0..moment.0.saturating_sub(1))
            .rev()
            .find(|event| self.beats[*event].kind == kind && self.is_eye(*event))
            .map(|event| Moment(event + 1))
    }

    /// The idle stretch that is passing at `clock_ms`, if it is long enough to be said.
    #[must_use]
    pub fn idle_at(&self, moment: Moment, clock_ms: f64) -> Option<Idle> {
        if self.shown(moment, clock_ms) < 1.0 || clock_ms <= self.rest_ms(moment) {
            return None;
        }
        let next = (moment.0..self.beats.len()).find(|event| self.is_eye(*event))?;
        let before = (0..moment.0).rev().find(|event| self.is_eye(*event));
        let passes_ms = self.beats[next].tick.0 - before.map_or(0, |event| self.beats[event].tick.0);
        (passes_ms >= SAID_IDLE_MS).then_some(Idle { passes_ms })
    }

    /// How far a message has come at `clock_ms`: 0 at its sender, 1 at its receiver.
    ///
    /// It moves only in the gaps between events, eased, so that one thing moves at a time. A message
    /// that waits for a hand (`held`) stops halfway until the gap before it arrives.
    #[must_use]
    pub fn progress(&self, (id, side): (MessageId, Side), held: bool, clock_ms: f64) -> f64 {
        let Some(flight) = self.flight(id, side, self.moment_at(clock_ms).0) else { return 0.5 };
        let sent_ms = self.flight_at_start_ms[flight.sent];
        let now_ms = self.flown_ms(clock_ms);
        match flight.ended {
            Some(ending) if held => {
                let end_ms = self.flight_at_start_ms[ending.event];
                let leave_ms = (end_ms - FLIGHT_MS / 2.0).max(sent_ms);
                let first = ramp(now_ms, sent_ms, (sent_ms + FLIGHT_MS / 2.0).min(leave_ms));
                let second = ramp(now_ms, leave_ms, end_ms);
                0.5 * first + 0.5 * second
            }
            Some(ending) => {
                let reaches = if ending.arrived { 1.0 } else { LOST_AT };
                reaches * ramp(now_ms, sent_ms, self.flight_at_start_ms[ending.event])
            }
            None => 0.5 * ramp(now_ms, sent_ms, sent_ms + FLIGHT_MS),
        }
    }

    /// How much flight time has passed at `clock_ms`, eased inside each gap.
    fn flown_ms(&self, clock_ms: f64) -> f64 {
        let Moment(begun) = self.moment_at(clock_ms);
        let before_ms = begun.checked_sub(1).map_or(0.0, |last| self.flight_at_start_ms[last]);
        let (Some(next_ms), Some(next_flown_ms)) = (self.starts_ms.get(begun), self.flight_at_start_ms.get(begun))
        else {
            return before_ms;
        };
        let gap_from_ms = next_ms - (next_flown_ms - before_ms);
        before_ms + (next_flown_ms - before_ms) * ease(ramp(clock_ms, gap_from_ms, *next_ms))
    }
}

/// Where the event happens.
fn sides(beat: &Beat) -> impl Iterator<Item = Side> {
    let sides = beat.sides;
    [Side::Left, Side::Right].into_iter().filter(move |side| sides.has(*side))
}

/// The message whose flight this event ends.
fn ended_message(beat: &Beat) -> Option<MessageId> {
    beat.message.filter(|_| matches!(beat.kind, BeatKind::Arrived | BeatKind::Dropped))
}

/// An arrival right after a command: the message had waited until it was told to go on.
fn is_by_hand(beats: &[Beat], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| beats.get(before));
    beats[index].kind == BeatKind::Arrived && before.is_some_and(|beat| beat.kind == BeatKind::Command)
}

/// Presentation time between two events that lie `passes_ms` of virtual time apart.
fn gap_ms(passes_ms: i64) -> f64 {
    if passes_ms <= 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "presentation only; nothing is decided by it")]
    let passes = passes_ms as f64;
    (180.0 + 55.0 * (passes + 1.0).log2()).min(1_000.0)
}

fn hold_ms(kind: BeatKind) -> f64 {
    match kind {
        BeatKind::MarkMoved => MARK_MS,
        BeatKind::Append | BeatKind::Dropped | BeatKind::Read | BeatKind::Committed => CHANGE_MS,
        BeatKind::Fault | BeatKind::Leadership => CHANGE_MS,
        BeatKind::Command | BeatKind::Sent | BeatKind::Arrived | BeatKind::Acknowledged | BeatKind::Other => SMALL_MS,
    }
}

/// 0 before `from`, 1 after `to`, a straight line between.
fn ramp(now: f64, from: f64, to: f64) -> f64 {
    if to <= from {
        return if now >= to { 1.0 } else { 0.0 };
    }
    ((now - from) / (to - from)).clamp(0.0, 1.0)
}

/// Slow at both ends: the cubic that has no speed at 0 and 1.
#[must_use]
pub fn ease(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests;
