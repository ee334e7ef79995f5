//! What can be found in a log file: where, and what. The words are in [`crate::words`].

use crate::bytes::Problem;
use crate::files::FileProblem;
use crate::ids::{LeaderEpoch, Offset, ProducerId};

/// Something worth knowing about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The byte of the file: of the batch, or of what is no batch.
    pub position: u64,
    /// Of the batch that it is about, where one could be read.
    pub offset: Option<Offset>,
    pub wrong: Wrong,
}

/// The kinds of finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The file has no bytes.
    Empty,
    /// The file ends within a batch's header.
    CutInHeader { left_bytes: u64 },
    /// The file ends within a batch, or the batch's length is wrong.
    CutInBatch { size_bytes: u64, left_bytes: u64 },
    /// The length field says less than a batch can have.
    Length { found: i32, least: u32 },
    /// Zeros, where a batch should begin. `bytes` to the file's end, or to the first byte that is none.
    Zeros { bytes: u64, to_end: bool },
    /// Bytes that do not look like a batch.
    Garbage { bytes: u64 },
    /// A magic that no version of Kafka writes.
    UnknownMagic { found: i8 },
    /// A message of before Kafka 0.11; told once for each magic.
    OldMagic { magic: i8 },
    /// The stored CRC is not that of the bytes.
    Crc { stored: u32, computed: u32 },
    /// Compression bits that name nothing.
    UnknownCodec { code: u8 },
    /// A compressed stream does not unpack.
    Compressed(Problem),
    /// The records end before the count is reached.
    RecordCount { stated: u32, read: u32 },
    /// A record can't be read; the place counts from the batch's beginning.
    Records(Problem),
    /// An offset that is not above the one before it.
    OffsetBack { found: Offset, after: Offset },
    /// The first batch lies below the offset in the file's name.
    BelowName { name: Offset },
    /// Offsets that no batch has. Compaction leaves these; so does whoever removes a batch.
    Gap { first: Offset, last: Offset, why: Why },
    /// A batch longer than the lab reads of one.
    TooLong { size_bytes: u64 },
    /// An index whose size is no multiple of an entry's.
    IndexSize { bytes: u64, entry_bytes: u64 },
    /// An entry of an offset index that does not lie above the one before it.
    IndexOrder { offset: Offset, position: i64, after: Offset, after_position: i64 },
    /// An entry of an offset index that names no batch's beginning, or another batch's last offset (`found`).
    IndexPoints { offset: Offset, position: i64, found: Option<Offset> },
    /// Entries that lie behind the log's end, as far as this offset.
    IndexBeyond { entries: u64, last: Offset },
    /// Entries at the end of a running broker's index that its log does not bear out, from this one on.
    IndexLeftOver { entries: u64 },
    /// An entry of a time index that does not lie above the one before it.
    TimeIndexOrder { offset: Offset, time_ms: i64, after: Offset, after_ms: i64 },
    /// An entry of a time index whose batch is not there, or has another largest timestamp.
    TimeIndexPoints { offset: Offset, time_ms: i64, found_ms: Option<i64> },
    /// A file beside the log is not as Kafka writes it.
    Unread(FileProblem),
    /// The checkpoint has another leader epoch at this offset than the batch there.
    EpochDiffers { batch: LeaderEpoch, checkpoint: Option<LeaderEpoch> },
    /// A transaction that has no marker: readers of committed records wait at its first offset.
    OpenTransaction { producer: ProducerId, log_end: Offset },
    /// An aborted transaction that no transaction index lists.
    AbortNotListed { producer: ProducerId, marker: Offset },
    /// The index lists an abort where the log has another batch.
    ListedNotAborted { producer: ProducerId, marker: Offset },
    /// The snapshot and the log say different things of a producer: epoch, last sequence, last offset. The log may know
    /// nothing of it. `below`: the offset that it was taken at, if the log goes further.
    SnapshotDiffers {
        producer: ProducerId,
        snapshot: (i16, i32, i64),
        log: Option<(i16, i32, i64)>,
        below: Option<Offset>,
    },
    /// A segment without bytes that is not the last.
    EmptyBetween,
    /// An index whose log is not there.
    NoLog,
    /// A file beside the log knows a later offset than the log has.
    LogEndsBefore { says: Says, log_end: Offset },
    /// Only these offsets of two logs were compared.
    ComparedWithin { start: Offset, limit: Option<Offset> },
    /// How two folders relate.
    Related(Relation),
}

/// Why offsets are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The file by itself does not say.
    OneFile,
    /// The records of an aborted transaction, whose marker stands there: compaction takes them in its first pass.
    Aborted { marker: Offset },
    /// The broker's checkpoint says that it compacted as far as this.
    CleanedTo { to: Offset },
    /// Other batches of the log have lost records to compaction.
    Thinned,
    /// Nothing in the folder says why.
    NoSign,
}

/// Which file says that the log goes further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    LeaderEpoch,
    Snapshot,
    HighWatermark,
    RecoveryPoint,
}

/// What a broker that starts after an unclean stop does with the segment that a finding is about (Kafka:
/// `LogLoader.recoverLog`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// It is the last one. It is gone through.
    Last,
    /// Another follows it, and how far the log was flushed is not known.
    Closed,
    /// Another follows it, and it goes further than the recovery point. It is gone through.
    Unflushed { point: Offset },
    /// Another follows it, and begins at the recovery point or below. It is believed.
    Flushed { point: Offset },
}

/// How the logs of two folders relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Record for record.
    Same { records: u64 },
    /// The one on this side ends at `end`, and is the other's beginning; the other has so many records more.
    Shorter { side: u8, end: Offset, by: u64 },
    /// Both have this offset, and different records there. The side that would be cut, and at which offset.
    Diverged { at: Offset, epochs: [Option<LeaderEpoch>; 2], cut: Option<(u8, Offset)> },
    /// The one on this side lacks records that the other has, and has none that the other lacks.
    Thinned { side: u8, lack: Lack },
    /// Each lacks records that the other has, all for reasons that compaction has: the first side's, the second's.
    CleanedApart { lacks: [Lack; 2] },
    /// They have different topic ids.
    OtherTopic,
    /// Each has records that the other lacks: how many, and the first of them.
    Each { only: [u64; 2], first: [Offset; 2] },
}

impl Relation {
    /// Where they begin to differ.
    #[must_use]
    pub fn offset(&self) -> Option<Offset> {
        match self {
            Relation::Same { .. } | Relation::Thinned { .. } | Relation::CleanedApart { .. } | Relation::OtherTopic => {
                None
            }
            Relation::Shorter { end, .. } => Some(*end),
            Relation::Diverged { at, .. } => Some(*at),
            Relation::Each { first: [a, b], .. } => Some(*a.min(b)),
        }
    }
}

/// What became of records that one folder lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lack {
    pub records: u64,
    /// A later record has the same key.
    pub superseded: u64,
    /// Of aborted transactions.
    pub aborted: u64,
    /// Tombstones, the last of their key.
    pub tombstones: u64,
    /// Of transactions.
    pub markers: u64,
    /// With a key, and the other log went on and has lost records there too.
    pub beyond: u64,
    pub unexplained: u64,
    pub first_unexplained: Option<Offset>,
}

impl Wrong {
    /// The kind in two or three words; findings of one kind are counted together.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Wrong::Empty => "empty file",
            Wrong::CutInHeader { .. } => "cut in a header",
            Wrong::CutInBatch { .. } => "cut in a batch",
            Wrong::Length { .. } => "impossible length",
            Wrong::Zeros { .. } => "zeros",
            Wrong::Garbage { .. } => "no batch",
            Wrong::UnknownMagic { .. } => "unknown magic",
            Wrong::OldMagic { .. } => "old format",
            Wrong::Crc { .. } => "wrong CRC",
            Wrong::UnknownCodec { .. } => "unknown compression",
            Wrong::Compressed(_) => "broken compression",
            Wrong::RecordCount { .. } => "wrong record count",
            Wrong::Records(_) => "broken record",
            Wrong::OffsetBack { .. } => "offset goes back",
            Wrong::BelowName { .. } => "below the file's name",
            Wrong::Gap { .. } => "gap",
            Wrong::TooLong { .. } => "not read",
            Wrong::IndexSize { .. } => "index cut off",
            Wrong::IndexOrder { .. } | Wrong::TimeIndexOrder { .. } => "index out of order",
            Wrong::IndexPoints { .. } | Wrong::TimeIndexPoints { .. } => "index points wrong",
            Wrong::IndexBeyond { .. } => "index beyond the log",
            Wrong::IndexLeftOver { .. } => "old index entries",
            Wrong::Unread(_) => "unreadable file",
            Wrong::EpochDiffers { .. } => "wrong leader epoch",
            Wrong::OpenTransaction { .. } => "open transaction",
            Wrong::AbortNotListed { .. } | Wrong::ListedNotAborted { .. } => "wrong transaction index",
            Wrong::SnapshotDiffers { .. } => "wrong snapshot",
            Wrong::EmptyBetween => "empty segment",
            Wrong::NoLog => "index without a log",
            Wrong::LogEndsBefore { .. } => "log too short",
            Wrong::ComparedWithin { .. } => "compared in part",
            Wrong::Related(relation) => match relation {
                Relation::Same { .. } => "the same",
                Relation::Shorter { .. } => "one is longer",
                Relation::Diverged { .. } => "diverged",
                Relation::Thinned { .. } => "records gone",
                Relation::CleanedApart { .. } => "records gone",
                Relation::OtherTopic => "another topic",
                Relation::Each { .. } => "different records",
            },
        }
    }

    /// False for what a healthy file may have.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        match self {
            Wrong::Empty
            | Wrong::OldMagic { .. }
            | Wrong::Gap { .. }
            | Wrong::TooLong { .. }
            | Wrong::IndexLeftOver { .. }
            | Wrong::EmptyBetween
            | Wrong::ComparedWithin { .. }
            | Wrong::OpenTransaction { .. } => false,
            Wrong::Related(relation) => match relation {
                Relation::Same { .. } | Relation::Shorter { .. } | Relation::CleanedApart { .. } => false,
                Relation::Thinned { lack, .. } => lack.unexplained > 0,
                Relation::Diverged { .. } | Relation::Each { .. } | Relation::OtherTopic => true,
            },
            _ => true,
        }
    }
}
