//! What the player must know of one event: when it happened, and what it is to the eye.

use kafka_lab::ids::{MessageId, Tick};
use kafka_lab::timeline::Sides;

/// How many events of a run have happened: 0 is before the first, the run's length is after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub usize);

impl Moment {
    pub const START: Moment = Moment(0);

    #[must_use]
    pub fn next(self) -> Moment {
        Moment(self.0 + 1)
    }
}

/// The kinds of event that a learner can jump to, and that the scrub track tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BeatKind {
    /// A command of the script took effect.
    Command,
    /// Records were appended to a log.
    Append,
    /// A high watermark, or another mark of a tape, moved.
    MarkMoved,
    /// A message left.
    Sent,
    /// A message arrived.
    Arrived,
    /// A message was lost on its way.
    Dropped,
    /// A producer was told that its records are safe.
    Acknowledged,
    /// A consumer was given records, or its position moved.
    Read,
    /// A consumer's offset was committed.
    Committed,
    /// A process, a disk or a link failed, or a log was cut.
    Fault,
    /// Another leader, another role, another ISR.
    Leadership,
    /// Anything else.
    Other,
}

impl BeatKind {
    /// In the order in which the transport offers them.
    pub const JUMPS: [BeatKind; 9] = [
        BeatKind::MarkMoved,
        BeatKind::Append,
        BeatKind::Acknowledged,
        BeatKind::Read,
        BeatKind::Committed,
        BeatKind::Arrived,
        BeatKind::Dropped,
        BeatKind::Fault,
        BeatKind::Leadership,
    ];
}

/// One event, as the player sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    pub tick: Tick,
    pub kind: BeatKind,
    /// Left out of stepping, of the track and of presentation time unless asked for.
    pub routine: bool,
    /// The message that left, arrived or was dropped.
    pub message: Option<MessageId>,
    /// Of two runs that are played in step, where it happens. A run alone is the left one.
    pub sides: Sides,
}
