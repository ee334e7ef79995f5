//! The scrub track: the run as ticks, one an event, long and coloured for those that changed a mark.

use super::beat::{BeatKind, Moment};
use super::clock::Schedule;
use crate::stage::element::number;

/// A place on the track, 0 at its left end and 1 at its right.
pub type Share = f64;

/// Which events stand on the track, and where.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Track {
    /// The events that are drawn, ascending: what the eye follows, or all.
    events: Vec<usize>,
    kinds: Vec<BeatKind>,
    end: Moment,
}

/// How a tick looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TickStyle {
    Plain,
    Producer,
    Leader,
    Consumer,
    /// It moved a mark: long.
    Mark,
    /// Something was lost or failed: long.
    Danger,
}

impl TickStyle {
    /// Back to front.
    pub const ALL: [TickStyle; 6] = [
        TickStyle::Plain,
        TickStyle::Producer,
        TickStyle::Leader,
        TickStyle::Consumer,
        TickStyle::Mark,
        TickStyle::Danger,
    ];

    #[must_use]
    pub fn of(kind: BeatKind) -> Self {
        match kind {
            BeatKind::MarkMoved => TickStyle::Mark,
            BeatKind::Dropped | BeatKind::Fault => TickStyle::Danger,
            BeatKind::Append | BeatKind::Leadership => TickStyle::Leader,
            BeatKind::Acknowledged => TickStyle::Producer,
            BeatKind::Read | BeatKind::Committed => TickStyle::Consumer,
            BeatKind::Command | BeatKind::Sent | BeatKind::Arrived | BeatKind::Other => TickStyle::Plain,
        }
    }

    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            TickStyle::Plain => "tick",
            TickStyle::Producer => "tick producer",
            TickStyle::Leader => "tick leader",
            TickStyle::Consumer => "tick consumer",
            TickStyle::Mark => "tick mark",
            TickStyle::Danger => "tick lost",
        }
    }

    fn is_long(self) -> bool {
        matches!(self, TickStyle::Mark | TickStyle::Danger)
    }
}

/// The track is drawn in a box of this size and stretched sideways to what there is.
pub const TRACK_WIDTH: u16 = 1_000;
pub const TRACK_HEIGHT: u16 = 24;

impl Track {
    #[must_use]
    pub fn of(schedule: &Schedule) -> Self {
        let beats = schedule.beats();
        let events: Vec<usize> = (0..beats.len()).filter(|event| schedule.is_eye(*event)).collect();
        let kinds = events.iter().map(|event| beats[*event].kind).collect();
        Track { events, kinds, end: schedule.end() }
    }

    /// Where a moment stands: at the tick of the last event that has happened.
    #[must_use]
    pub fn share_of(&self, moment: Moment) -> Share {
        self.share(self.events.partition_point(|event| *event < moment.0))
    }

    /// The moment whose tick lies nearest.
    #[must_use]
    pub fn moment_at(&self, share: Share) -> Moment {
        #[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
        let places = share.clamp(0.0, 1.0) * self.events.len() as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the events' number")]
        let happened = places.round() as usize;
        if happened == self.events.len() {
            return self.end;
        }
        happened.checked_sub(1).map_or(Moment::START, |last| Moment(self.events[last] + 1))
    }

    fn share(&self, happened: usize) -> Share {
        if self.events.is_empty() {
            return 0.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "a place on a screen")]
        let share = happened as f64 / self.events.len() as f64;
        share
    }

    /// The ticks of one style as SVG path data. Where events lie closer than a tick, the one that says most stays.
    #[must_use]
    pub fn path(&self, style: TickStyle) -> String {
        const COLUMNS: usize = 330;
        let mut d = String::new();
        let columns = self.columns(COLUMNS);
        for (x, drawn) in columns {
            if drawn == style {
                let (top, bottom) = if style.is_long() { (2, TRACK_HEIGHT - 2) } else { (7, TRACK_HEIGHT - 7) };
                d.push_str(&format!("M{} {top}V{bottom}", number(x)));
            }
        }
        d
    }

    /// Each column that has an event, with the style that says most.
    fn columns(&self, most: usize) -> Vec<(f64, TickStyle)> {
        let mut columns: Vec<(f64, TickStyle)> = Vec::new();
        let each = self.events.len().div_ceil(most).max(1);
        for (index, chunk) in self.kinds.chunks(each).enumerate() {
            let style = chunk.iter().map(|kind| TickStyle::of(*kind)).max().unwrap_or(TickStyle::Plain);
            let last = index * each + chunk.len();
            columns.push((self.share(last) * f64::from(TRACK_WIDTH), style));
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::Beat;
    use kafka_lab::ids::Tick;
    use kafka_lab::timeline::Sides;

    fn track(kinds: &[(BeatKind, bool)]) -> Track {
        let beats: Vec<Beat> = kinds
            .iter()
            .map(|(kind, routine)| Beat {
                tick: Tick(0),
                kind: *kind,
                routine: *routine,
                message: None,
                sides: Sides::Left,
            })
            .collect();
        Track::of(&Schedule::of(beats.into(), false))
    }

    #[test]
    fn every_moment_with_a_tick_comes_back_from_its_place() {
        let track = track(&[
            (BeatKind::Append, false),
            (BeatKind::Other, true),
            (BeatKind::MarkMoved, false),
            (BeatKind::Read, false),
        ]);
        for moment in [0, 1, 3, 4] {
            assert_eq!(track.moment_at(track.share_of(Moment(moment))), Moment(moment));
        }
        assert_eq!(track.share_of(Moment(2)), track.share_of(Moment(1)), "a routine event has no tick of its own");
    }

    #[test]
    fn the_ends_are_the_ends_of_the_run() {
        let track = track(&[(BeatKind::Append, false), (BeatKind::Other, true)]);
        assert_eq!(track.moment_at(-3.0), Moment(0));
        assert_eq!(track.moment_at(9.0), Moment(2), "the routine events after the last tick have happened, too");
    }

    #[test]
    fn an_empty_run_has_an_empty_track() {
        let track = track(&[]);
        assert_eq!((track.share_of(Moment(0)), track.moment_at(0.7)), (0.0, Moment(0)));
        assert!(TickStyle::ALL.iter().all(|style| track.path(*style).is_empty()));
    }

    #[test]
    fn an_event_that_moved_a_mark_is_long_and_drawn_even_in_a_crowd() {
        let mut kinds = vec![(BeatKind::Sent, false); 10_000];
        kinds[5_000].0 = BeatKind::MarkMoved;
        let track = track(&kinds);
        assert_eq!(track.path(TickStyle::Mark).matches('M').count(), 1);
        assert!(track.path(TickStyle::Plain).matches('M').count() < 400);
    }
}
