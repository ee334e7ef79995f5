//! A run of the core as something to play.

use std::sync::Arc;

use kafka_lab::event::{Event, EventKind};
use kafka_lab::frame::{Window, of_world};
use kafka_lab::ids::{MessageId, Tick};
use kafka_lab::timeline::{Run, Sides};

use crate::player::{Beat, BeatKind, Reel};

/// The run's events as the player sees them, and the frame of each moment.
#[must_use]
pub(super) fn reel_of(run: &Arc<Run>) -> Reel {
    let beats = run.events().iter().map(|event| beat(event, event.tick, Sides::Left)).collect();
    let run = Arc::clone(run);
    Reel::new(beats, move |moment| of_world(&run.world_at(moment.0), Window::ALL))
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
