//! Cuts a file into batches by their lengths alone (Kafka: `FileLogInputStream`), fed as many bytes at a time as come.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

use crate::bytes::legacy::MESSAGE_BYTES_MIN;
use crate::bytes::{HEADER_BYTES, LOG_OVERHEAD_BYTES, MAGIC, UNPACKED_BYTES_MAX};
use crate::ids::Offset;

/// Offset, size, four bytes, magic: Kafka looks at nothing that has no more than this.
const HEAD_BYTES: usize = 17;
/// A longer batch is passed over unread. Kafka's own limit is 1 MiB unless somebody raises it.
const BATCH_BYTES_MAX: u64 = UNPACKED_BYTES_MAX;

/// A batch of magic 2, or a message of magic 0 or 1, as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its first byte in the file.
    pub(super) position: u64,
    /// As its length field says.
    pub(super) size_bytes: u64,
    pub(super) magic: i8,
    pub(super) base: Offset,
    /// All of it; nothing if it is longer than what is read of one batch.
    pub(super) bytes: Option<Bytes>,
}

/// Why there is no way on: only a batch's length tells where the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The file ends in what could be the first bytes of a batch.
    CutInHeader { left_bytes: u64 },
    /// The length field says less than a batch can have.
    Length { found: i32, least: u32 },
    /// The length field says more than there is.
    CutInBatch { size_bytes: u64, left_bytes: u64 },
}

/// What comes next in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Framed {
    Entry(Entry),
    /// Nothing more can be cut off. The base offset that stands here, if there are bytes for one.
    Halt {
        position: u64,
        base: Option<Offset>,
        magic: Option<i8>,
        halt: Halt,
    },
    /// More bytes must be fed first.
    Hungry,
    End,
}

/// The entries of a file from a position on.
#[derive(Clone, Debug)]
pub(super) struct Framer {
    /// Where `held` begins in the file.
    at: u64,
    held: BytesMut,
    file_bytes: u64,
    halted: bool,
}

impl Framer {
    /// Begins at `position`, where a batch begins.
    pub(super) fn new(position: u64, file_bytes: u64) -> Framer {
        Framer { at: position.min(file_bytes), held: BytesMut::new(), file_bytes, halted: false }
    }

    /// Where the next entry begins.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// What was fed and not cut off yet: what stands from here on.
    pub(super) fn held(&self) -> &[u8] {
        &self.held
    }

    /// The bytes that must be fed next, at most `most` of them; none once there is nothing more to cut off.
    pub(super) fn wants(&self, most: u64) -> Option<Range<u64>> {
        let start = self.at.saturating_add(self.held.len() as u64);
        (!self.halted && start < self.file_bytes).then(|| start..start.saturating_add(most).min(self.file_bytes))
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    pub(super) fn next(&mut self) -> Framed {
        let left_bytes = self.file_bytes.saturating_sub(self.at);
        if left_bytes == 0 || self.halted {
            return Framed::End;
        }
        if left_bytes <= HEAD_BYTES as u64 {
            if (self.held.len() as u64) < left_bytes {
                return Framed::Hungry;
            }
            return self.halt(Halt::CutInHeader { left_bytes });
        }
        let Some(&[b0, b1, b2, b3, b4, b5, b6, b7, s0, s1, s2, s3, _, _, _, _, magic]) = self.held.first_chunk() else {
            return Framed::Hungry;
        };
        let base = Offset(i64::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7]));
        let magic = i8::from_be_bytes([magic]);
        let stated = i32::from_be_bytes([s0, s1, s2, s3]);
        let least = if magic < MAGIC { MESSAGE_BYTES_MIN } else { HEADER_BYTES - LOG_OVERHEAD_BYTES };
        let size_bytes = match usize::try_from(stated) {
            Ok(stated) if stated >= least => (stated + LOG_OVERHEAD_BYTES) as u64,
            _ => return self.halt(Halt::Length { found: stated, least: u32::try_from(least).unwrap_or(u32::MAX) }),
        };
        if size_bytes > left_bytes {
            return self.halt(Halt::CutInBatch { size_bytes, left_bytes });
        }
        self.entry(Entry { position: self.at, size_bytes, magic, base, bytes: None })
    }

    fn entry(&mut self, entry: Entry) -> Framed {
        let size = usize::try_from(entry.size_bytes).unwrap_or(usize::MAX);
        let bytes = if entry.size_bytes > BATCH_BYTES_MAX {
            // Reading goes on behind it.
            let kept = self.held.len().min(size);
            drop(self.held.split_to(kept));
            None
        } else if self.held.len() < size {
            return Framed::Hungry;
        } else {
            Some(self.held.split_to(size).freeze())
        };
        self.at += entry.size_bytes;
        Framed::Entry(Entry { bytes, ..entry })
    }

    fn halt(&mut self, halt: Halt) -> Framed {
        self.halted = true;
        let base = self.held.first_chunk().map(|first| Offset(i64::from_be_bytes(*first)));
        let magic = self.held.get(HEAD_BYTES - 1).map(|byte| i8::from_be_bytes([*byte]));
        Framed::Halt { position: self.at, base, magic, halt }
    }
}
