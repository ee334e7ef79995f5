//! A question that is answered on the stage: by a click, a drag, or the arrow keys and Enter.

use kafka_lab::frame::TapeId;
use kafka_lab::ids::ConsumerIndex;

/// What the learner is asked. The stage never judges: it hands the number on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub place: Place,
    /// Where the answer stands before it is moved: an offset, or what the row says now.
    pub start: i64,
}

/// Where the answer is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The answer is an offset: the learner points at it.
    OnTape { tape: TapeId, asks: Asks },
    /// The answer is what the row of this key will say.
    InTable { consumer: ConsumerIndex, key: String },
}

impl Question {
    /// The tape that is pointed at, and at what of it.
    #[must_use]
    pub fn on_tape(&self) -> Option<(&TapeId, Asks)> {
        match &self.place {
            Place::OnTape { tape, asks } => Some((tape, *asks)),
            Place::InTable { .. } => None,
        }
    }

    /// Whether this row of this consumer's table is asked about.
    #[must_use]
    pub fn is_about_row(&self, of: ConsumerIndex, row: &str) -> bool {
        matches!(&self.place, Place::InTable { consumer, key } if *consumer == of && key == row)
    }
}

/// The thing that is moved to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Which record: the answer is a cell.
    Cell,
    /// Where the high watermark will stand: the answer is a border between two cells, or the log end.
    HighWatermark,
    /// Where the log will end.
    LogEnd,
}
