//! What on a stage can be pointed at, clicked and focused.

use kafka_lab::command::Link;
use kafka_lab::frame::TapeId;
use kafka_lab::ids::{ConsumerIndex, Endpoint, MessageId, Offset};

/// One thing on a stage. It keeps its name while the run plays and in every fork.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A whole log, by its label at the left.
    Tape(TapeId),
    Cell {
        tape: TapeId,
        offset: Offset,
    },
    /// A batch, by its base offset.
    Batch {
        tape: TapeId,
        base: Offset,
    },
    Mark {
        tape: TapeId,
        mark: MarkName,
    },
    /// The set of replicas in sync, by its bracket and its words.
    Isr,
    /// A producer, a consumer or a controller.
    Actor(Endpoint),
    /// What a consumer's program has folded.
    Table(ConsumerIndex),
    Message(MessageId),
    /// What messages between two ends travel on, named by the direction from the end that comes first.
    Link(Link),
}

/// The marks that touch a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkName {
    HighWatermark,
    LastStable,
    LogEnd,
    /// Where a consumer reads next.
    Position(ConsumerIndex),
    /// What a consumer has committed.
    Committed(ConsumerIndex),
}
