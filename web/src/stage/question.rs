//! A question that is answered on the stage: by a click, a drag, or the arrow keys and Enter.

use kafka_lab::frame::TapeId;
use kafka_lab::ids::Offset;

/// What the learner is asked to point at. The stage never judges: it hands the offset on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub tape: TapeId,
    pub asks: Asks,
    /// Where the answer stands before it is moved.
    pub start: Offset,
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
