//! What a stage draws: plain data made from a world, or from a file that no world wrote.
//!
//! No component ever sees a world. Everything here is a value that can be compared, kept and
//! described in words ([`crate::words::describe`]); a picture is a pure function of it.

mod beside;
mod links;
mod of_world;
mod parted;
mod space_time;
mod standing;

pub use beside::{FrameDifference, TapeMark, beside, frame_differences};
pub use links::{Direction, Wire};
pub use of_world::{Window, of_world, readable};
pub use space_time::{Ended, Line, Mark, Passed, SpaceTime, SpaceTimeWindow, chain};
pub use standing::{Belief, Health, Membership, Standing};

use crate::ids::{BrokerId, ConsumerIndex, Endpoint, LeaderEpoch, MessageId, Offset, RecordId, Tick};
use crate::rules::fold::Program;
use crate::words::Sentence;
use crate::world::{Folded, TopicSettings};

/// One moment, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Frame {
    pub tick: Tick,
    /// One tape a log, all on one ruler of offsets; a world's in the order of its brokers, whoever leads.
    pub tapes: Vec<Tape>,
    /// Who writes and reads, and the controllers.
    pub actors: Vec<Actor>,
    /// What messages between two ends travel on, as far as it is drawn.
    pub wires: Vec<Wire>,
    /// The topic's settings as the controllers have them; none where nobody can change them.
    pub topic: Option<TopicSettings>,
    /// What is on its way, in the order in which it was sent.
    pub messages: Vec<FlyingMessage>,
    /// The rule that decides at this moment, with its numbers filled in.
    pub caption: Sentence,
    /// The first offset and the log end that are drawn at least: those of two frames beside each other are the same.
    pub ruler: Option<(Offset, Offset)>,
}

/// Whose log a tape is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TapeId {
    Broker(BrokerId),
    /// A dropped file or folder, by its name.
    File(String),
}

/// What a replica does for its partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ReplicaRole {
    Leader,
    Follower,
    /// A log from a file: nobody serves it.
    None,
}

/// A log as cells on a ruler of offsets.
///
/// Invariant: `log_start <= high_watermark <= log_end`. The three are exclusive ends:
/// the first offset not (or no longer) included.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tape {
    pub id: TapeId,
    pub role: ReplicaRole,
    pub in_sync: bool,
    /// How its broker is; none for a file.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub standing: Option<Standing>,
    /// The first offset at which it holds another record than the leader's tape.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub parts_at: Option<Offset>,
    /// Ascending, only those inside the window that was asked for.
    pub cells: Vec<Cell>,
    /// The batches that the cells belong to, ascending.
    pub batches: Vec<BatchSpan>,
    /// Ascending; the first begins the log.
    pub segments: Vec<SegmentBorder>,
    /// Ascending, without holes between the first start and the log end.
    pub epochs: Vec<EpochBand>,
    pub log_start: Offset,
    pub high_watermark: Offset,
    pub last_stable: Option<Offset>,
    pub log_end: Offset,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub marks: Vec<ReaderMark>,
}

impl Tape {
    /// The first offset behind all that is drawn: the log end, or behind it what is lost.
    #[must_use]
    pub fn drawn_end(&self) -> Offset {
        self.cells.last().map_or(self.log_end, |cell| cell.offset.plus(1).max(self.log_end))
    }
}

/// One offset of a tape.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cell {
    pub offset: Offset,
    pub kind: CellKind,
    pub state: CellState,
    /// The same record has the same name on every tape and in every fork; none for a file's record.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub record: Option<RecordId>,
    /// As text a person can read; `None` is Kafka's null.
    pub key: Option<String>,
    pub value: Option<String>,
}

/// The kinds of cell, told apart by shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum CellKind {
    Record,
    /// A key with a null value.
    Tombstone,
    CommitMarker,
    AbortMarker,
    /// A control record that is not a transaction's marker.
    OtherControl,
    /// A record of an aborted transaction.
    Aborted,
    /// A batch kept without records.
    EmptyBatch,
    /// An offset that compaction took away.
    Gap,
}

/// Who may see the cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum CellState {
    /// Below the high watermark: readers get it.
    Committed,
    /// In the log, above the high watermark.
    NotCommitted,
    /// Below the log start, still on disk.
    BelowLogStart,
    /// A producer was told that it is safe, and the leader has it no longer.
    Lost,
}

/// The offsets of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchSpan {
    pub base: Offset,
    pub last: Offset,
    pub size_bytes: u32,
}

/// Where a segment file begins.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SegmentBorder {
    pub base: Offset,
    pub file_name: String,
}

/// The run of offsets that one leader epoch wrote: from `start` to the next band's start or the log end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EpochBand {
    pub epoch: LeaderEpoch,
    pub start: Offset,
}

/// A reader's place on a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderMark {
    pub consumer: ConsumerIndex,
    pub kind: ReaderMarkKind,
    /// The next offset to be read.
    pub offset: Offset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReaderMarkKind {
    /// In the consumer's memory: drawn as a pin.
    Position,
    /// In `__consumer_offsets`: drawn as a bookmark ribbon.
    Committed,
}

/// A producer, a consumer or a controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub id: Endpoint,
    /// What it is, holds and waits for, a line each, shortest first.
    pub lines: Vec<Sentence>,
    /// Records in a producer's accumulator, oldest first; empty for a consumer.
    pub pending: Vec<PendingRecord>,
    /// What its program has folded out of the log, if it runs one.
    pub table: Option<TableView>,
}

/// A table that a program keeps: one number a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableView {
    pub program: Program,
    /// By key.
    pub rows: Vec<(String, i64)>,
    /// The last record that was folded; none while the table is as it began.
    pub folded: Option<Folded>,
}

/// A record that no broker has yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRecord {
    pub record: RecordId,
    pub key: Option<String>,
    pub value: Option<String>,
}

/// A message between two ends. Where it is drawn is a function of time alone:
/// it left at `sent`, it is due at `due`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlyingMessage {
    pub id: MessageId,
    /// Its content in words: "fetch from 8".
    pub label: String,
    pub sent: Tick,
    /// When it will arrive by itself; `None` while it is held or delivered by hand.
    pub due: Option<Tick>,
    /// Heartbeats, fetches that bring nothing new: the eye need not follow them.
    pub routine: bool,
    /// The records it carries, if any.
    pub records: Vec<PendingRecord>,
}
