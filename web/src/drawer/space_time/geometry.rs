//! Where things stand in a space-time diagram: ends beside each other, time along the other way.

use std::sync::Arc;

use kafka_lab::frame::{Line, Mark, SpaceTimeWindow};
use kafka_lab::ids::{Endpoint, EventId};

use crate::player::{BeatKind, Moment, Schedule};
use crate::stage::element::number;

/// Which way time goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// To the right: a row for each end.
    Across,
    /// Downwards, where there is little width: a column for each end.
    Down,
}

/// Of the presentation clock: a change that the eye follows, 150 to 400 ms, is 12 to 32 px long.
const PX_A_MS: f64 = 0.08;
/// From the line of one end to the next, where time goes across.
const ROW_PX: f64 = 34.0;
/// Before the first event and behind the last one.
const MARGIN_PX: f64 = 22.0;
/// Above the first row: the times.
const HEAD_PX: f64 = 26.0;
/// Beside the columns, where time goes down: the times.
const TIMES_PX: f64 = 54.0;

/// The measures of one diagram.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Geometry {
    pub(super) time: Time,
    pub(super) ends: Vec<Endpoint>,
    /// When each event has been shown, by the presentation clock: idle time is collapsed as it is there.
    pub(super) clock: Arc<Schedule>,
    from: Moment,
    to: Moment,
    /// What there is across the time.
    width_px: f64,
}

/// Along the time, and across it from end to end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct At {
    pub(super) along: f64,
    pub(super) across: f64,
}

impl Geometry {
    pub(super) fn new(window: &SpaceTimeWindow, clock: Arc<Schedule>, time: Time, width_px: f64) -> Self {
        let (from, to) = (Moment(window.from), Moment(window.to));
        Geometry { time, ends: window.endpoints.clone(), clock, from, to, width_px }
    }

    /// Where a moment stands along the time.
    pub(super) fn along(&self, moment: Moment) -> f64 {
        let (from_ms, ms) = (self.clock.rest_ms(self.from), self.clock.rest_ms(moment));
        MARGIN_PX + (ms - from_ms).max(-0.5 * MARGIN_PX / PX_A_MS) * PX_A_MS
    }

    pub(super) fn of_event(&self, event: EventId) -> f64 {
        self.along(Moment(usize::try_from(event.0).unwrap_or(usize::MAX).saturating_add(1)))
    }

    /// The line of an end, across the time.
    pub(super) fn across(&self, end: Endpoint) -> f64 {
        let place = self.ends.iter().position(|other| *other == end).unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "a handful of ends")]
        let place = place as f64 + 0.5;
        match self.time {
            Time::Across => HEAD_PX + place * ROW_PX,
            Time::Down => TIMES_PX + place * self.column_px(),
        }
    }

    /// Whether a column has room for a whole name.
    pub(super) fn has_room_for_names(&self) -> bool {
        const WHOLE_PX: f64 = 60.0;
        self.time == Time::Across || self.column_px() >= WHOLE_PX
    }

    #[expect(clippy::cast_precision_loss, reason = "a handful of ends")]
    fn column_px(&self) -> f64 {
        ((self.width_px - TIMES_PX) / self.ends.len().max(1) as f64).max(ROW_PX)
    }

    /// How long it is along the time, and how wide across.
    #[expect(clippy::cast_precision_loss, reason = "a handful of ends")]
    pub(super) fn size(&self) -> At {
        let ends = self.ends.len() as f64;
        let across = match self.time {
            Time::Across => HEAD_PX + ends * ROW_PX + 6.0,
            Time::Down => TIMES_PX + ends * self.column_px(),
        };
        At { along: self.along(self.to) + MARGIN_PX, across }
    }

    /// As x and y on the picture.
    pub(super) fn xy(&self, at: At) -> (f64, f64) {
        match self.time {
            Time::Across => (at.along, at.across),
            Time::Down => (at.across, at.along),
        }
    }

    /// "12.5 40", for path data.
    pub(super) fn point(&self, at: At) -> String {
        let (x, y) = self.xy(at);
        format!("{} {}", number(x), number(y))
    }

    /// Where a message leaves, and how far it comes: to its receiver; lost, most of the way; on its way, half of it.
    pub(super) fn way(&self, line: &Line) -> (At, At) {
        let (from, to) = (self.across(line.message.from), self.across(line.message.to));
        let start = At { along: self.of_event(line.sent), across: from };
        let part = |share: f64| from + (to - from) * share;
        let end = match line.ended {
            Some(ended) if ended.delivered => At { along: self.of_event(ended.event), across: to },
            Some(ended) => At { along: self.of_event(ended.event), across: part(0.6) },
            None => At { along: self.along(self.to) + MARGIN_PX / 2.0, across: part(0.5) },
        };
        (start, end)
    }

    pub(super) fn mark(&self, mark: &Mark) -> At {
        At { along: self.of_event(mark.event), across: self.across(mark.at) }
    }

    /// What an event is to the eye.
    pub(super) fn kind(&self, event: EventId) -> BeatKind {
        let beats = self.clock.beats();
        let beat = usize::try_from(event.0).ok().and_then(|place| beats.get(place));
        beat.map_or(BeatKind::Other, |beat| beat.kind)
    }
}
