//! A run of the core as something to play.

use std::sync::{Arc, Mutex, PoisonError};

use kafka_lab::event::{Event, EventKind};
use kafka_lab::frame::{Window, of_world};
use kafka_lab::ids::{MessageId, Tick};
use kafka_lab::timeline::{Run, Sides, Walk};

use crate::player::{Beat, BeatKind, Reel};

/// The run's events as the player sees them, and the frame of each moment.
#[must_use]
pub(crate) fn reel_of(run: &Arc<Run>) -> Reel {
    let beats = run.events().iter().map(|event| beat(event, event.tick, Sides::Left)).collect();
    let walk = Mutex::new(Walk::along(Arc::clone(run)));
    Reel::new(beats, move |moment| {
        let mut walk = walk.lock().unwrap_or_else(PoisonError::into_inner);
        of_world(walk.to(moment.0), Window::ALL)
    })
}

/// An event as the player sees it, at a tick of its run or of two runs in step.
pub(super) fn beat(event: &Event, tick: Tick, sides: Sides) -> Beat {
    Beat { tick, kind: kind(&event.kind), routine: event.kind.is_bookkeeping(), message: message(&event.kind), sides }
}

fn kind(kind: &EventKind) -> BeatKind {
    match kind {
        EventKind::Commanded(_) | EventKind::Refused(_) => BeatKind::Command,
        EventKind::BatchAppended { .. } | EventKind::BatchCopied { .. } => BeatKind::Append,
        EventKind::HighWatermarkAdvanced { .. } | EventKind::HighWatermarkLearned { .. } => BeatKind::MarkMoved,
        EventKind::MessageSent { .. } => BeatKind::Sent,
        EventKind::MessageDelivered { .. } => BeatKind::Arrived,
        EventKind::MessageDropped { .. } => BeatKind::Dropped,
        EventKind::Acknowledged { .. } => BeatKind::Acknowledged,
        EventKind::RecordsRead { .. }
        | EventKind::PositionReset { .. }
        | EventKind::PositionSought { .. }
        | EventKind::ConsumerRestarted { .. } => BeatKind::Read,
        EventKind::OffsetCommitted { .. } => BeatKind::Committed,
        EventKind::Crashed { .. }
        | EventKind::Froze { .. }
        | EventKind::DiskWiped { .. }
        | EventKind::LinkCut { .. }
        | EventKind::ReplicaDeleted { .. }
        | EventKind::LogTruncated { .. } => BeatKind::Fault,
        EventKind::BecameLeader { .. }
        | EventKind::BecameFollower { .. }
        | EventKind::LostRole { .. }
        | EventKind::IsrCommitted { .. }
        | EventKind::ControllerActivated { .. } => BeatKind::Leadership,
        _ => BeatKind::Other,
    }
}

fn message(kind: &EventKind) -> Option<MessageId> {
    match kind {
        EventKind::MessageSent { message, .. }
        | EventKind::MessageDelivered { message }
        | EventKind::MessageDropped { message } => Some(message.id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::player::{Schedule, TickStyle, Track};
    use kafka_lab::command::Script;

    fn schedule(script: &str) -> Schedule {
        let parsed = Script::parse(script);
        assert_eq!(parsed.problems, []);
        Schedule::of(reel_of(&Arc::new(Run::play(&parsed.script))).beats, false)
    }

    #[test]
    fn idle_brokers_play_in_a_few_seconds_and_leave_the_track_readable() {
        let schedule = schedule("version 1\ncluster brokers=3 controllers=1\nwait 45000\n");
        let followed = (0..schedule.beats().len()).filter(|event| schedule.is_eye(*event)).count();
        let ticks: usize =
            TickStyle::ALL.map(|style| Track::of(&schedule).path(style).matches('M').count()).iter().sum();
        println!("{} events, {followed} followed, {ticks} ticks, {} ms", schedule.beats().len(), schedule.total_ms());
        assert!(schedule.beats().len() > 1_000, "three brokers and a controller talk all the time");
        assert!(schedule.total_ms() < 5_000.0, "{} ms", schedule.total_ms());
        assert!(ticks <= 40, "{ticks} ticks");
    }
}
