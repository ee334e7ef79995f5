//! What is said of a folder as a whole: plain data.

use crate::ids::Offset;
use crate::inspect::answer::Totals;

/// A file to be read, under a number by which its bytes are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FileGiven {
    pub handle: u32,
    /// Without its folder.
    pub name: String,
    pub size_bytes: u64,
}

/// A partition's folder, as `orders-0` or `broker-1/orders-0`, with the files of it that are to be read; a broker's
/// checkpoints may be among them, which lie a folder above.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FolderGiven {
    pub name: String,
    pub files: Vec<FileGiven>,
}

/// What was read, once all of it was.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Overview {
    pub sides: Vec<SideView>,
}

/// One partition's folder.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SideView {
    pub name: String,
    /// Of all segments, also of those that are left out below.
    pub totals: Totals,
    pub segment_count: u64,
    pub size_bytes: u64,
    pub segments: Vec<SegmentRow>,
    /// Oldest first.
    pub epochs: Vec<EpochRow>,
    pub transactions: Vec<TransactionRow>,
    /// By producer id.
    pub producers: Vec<ProducerRow>,
    /// Where the snapshot was taken that the producers are held against.
    pub snapshot_at: Option<Offset>,
    /// As the broker's checkpoint says.
    pub log_start: Option<Offset>,
    /// Below it everything was flushed to disk, as the broker's checkpoint says.
    pub recovery_point: Option<Offset>,
    pub high_watermark: Option<Offset>,
    /// The first offset of the oldest open transaction, if there is one.
    pub last_stable: Option<Offset>,
    /// The first offset that no batch has.
    pub log_end: Option<Offset>,
    /// Names of files that nothing is known of.
    pub passed_over: Vec<String>,
    /// Rows that are left out, because there are very many.
    pub left_out: u64,
}

/// A segment's files.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SegmentRow {
    pub name: String,
    pub size_bytes: u64,
    pub batches: u64,
    pub records: u64,
    pub offsets: Option<(Offset, Offset)>,
    /// Entries in its offset index and its time index, where there is one.
    pub entries: [Option<u64>; 2],
}

/// A run of offsets that one leader wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EpochRow {
    pub epoch: i32,
    /// The first and the last offset of the batches that carry it; none where only the checkpoint has it.
    pub offsets: Option<(Offset, Offset)>,
    /// Where the checkpoint says that it begins.
    pub checkpoint: Option<Offset>,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Outcome {
    Committed,
    Aborted,
    Open,
}

/// A transaction on this partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TransactionRow {
    pub producer: i64,
    pub first: Offset,
    /// Of the marker.
    pub last: Option<Offset>,
    pub outcome: Outcome,
}

/// The last batch that is remembered of a producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sequence {
    pub epoch: i16,
    /// −1: none of this epoch yet.
    pub last_sequence: i32,
    /// −1: none of this epoch yet.
    pub last_offset: i64,
}

/// What a broker remembers of a producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ProducerRow {
    pub producer: i64,
    /// By the batches of the log.
    pub log: Option<Sequence>,
    /// By the latest snapshot.
    pub snapshot: Option<Sequence>,
    pub timestamp_ms: i64,
    /// The first offset of its open transaction.
    pub open_since: Option<Offset>,
}
