//! What can be found in a log file: where, and what. The words are in [`crate::words`].

use crate::bytes::Problem;
use crate::ids::Offset;

/// Something worth knowing about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The byte of the file: of the batch, or of what is no batch.
    pub position: u64,
    /// Of the batch that it is about, where one could be read.
    pub offset: Option<Offset>,
    pub wrong: Wrong,
}

/// The kinds of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    Gap { first: Offset, last: Offset },
    /// A batch longer than the lab reads of one.
    TooLong { size_bytes: u64 },
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
        }
    }

    /// False for what a healthy file may have.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !matches!(self, Wrong::Empty | Wrong::OldMagic { .. } | Wrong::Gap { .. } | Wrong::TooLong { .. })
    }
}
