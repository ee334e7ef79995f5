//! The time index of a segment: from which offset on records can be of a time or later (Kafka: `TimeIndex`, KIP-33).
//!
//! An entry takes 12 bytes: the largest timestamp so far, and how far the last offset of the batch that brought it
//! lies above the segment's base.

use super::offset_index::{absolute, relative};
use crate::bytes::{Fault, Problem};
use crate::ids::Offset;

/// Bytes of an entry in a `.timeindex` file.
pub const TIME_ENTRY_BYTES: usize = 12;
/// Before any timestamp.
const NO_TIMESTAMP_MS: i64 = -1;

/// An index entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeEntry {
    pub timestamp_ms: i64,
    /// The last offset of the batch that has it: not of the record.
    pub offset: Offset,
}

impl TimeEntry {
    /// An entry as it stands in the file.
    pub(crate) fn read(entry: &[u8; TIME_ENTRY_BYTES], base_offset: Offset) -> TimeEntry {
        let [t0, t1, t2, t3, t4, t5, t6, t7, o0, o1, o2, o3] = *entry;
        TimeEntry {
            timestamp_ms: i64::from_be_bytes([t0, t1, t2, t3, t4, t5, t6, t7]),
            offset: absolute(i32::from_be_bytes([o0, o1, o2, o3]), base_offset),
        }
    }
}

/// A sparse map from timestamps to offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeIndex {
    base_offset: Offset,
    /// Invariant: timestamps ascend, in an index that was built by appending.
    entries: Vec<TimeEntry>,
}

impl TimeIndex {
    #[must_use]
    pub fn new(base_offset: Offset) -> TimeIndex {
        TimeIndex { base_offset, entries: Vec::new() }
    }

    #[must_use]
    pub fn entries(&self) -> &[TimeEntry] {
        &self.entries
    }

    /// The last entry; time −1 at the base offset if there is none.
    #[must_use]
    pub fn last(&self) -> TimeEntry {
        self.entries.last().copied().unwrap_or(self.before_all())
    }

    /// Adds an entry if it is later than the last one (Kafka: `TimeIndex.maybeAppend`).
    pub(super) fn maybe_append(&mut self, entry: TimeEntry) {
        if entry.timestamp_ms > self.last().timestamp_ms {
            self.entries.push(entry);
        }
    }

    /// The greatest entry at or below `timestamp_ms`; time −1 at the base offset if there is none.
    #[must_use]
    pub fn lookup(&self, timestamp_ms: i64) -> TimeEntry {
        let below = self.entries.partition_point(|entry| entry.timestamp_ms <= timestamp_ms);
        below.checked_sub(1).and_then(|last| self.entries.get(last)).copied().unwrap_or(self.before_all())
    }

    /// Forgets entries at `offset` and above.
    pub(super) fn truncate_to(&mut self, offset: Offset) {
        self.entries.truncate(self.entries.partition_point(|entry| entry.offset < offset));
    }

    /// The `.timeindex` file, as a clean close leaves it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.entries.len() * TIME_ENTRY_BYTES);
        for entry in &self.entries {
            out.extend_from_slice(&entry.timestamp_ms.to_be_bytes());
            out.extend_from_slice(&relative(entry.offset, self.base_offset).to_be_bytes());
        }
        out
    }

    /// Reads a `.timeindex` file. Zeros at its end are room set aside for later entries.
    ///
    /// # Errors
    /// [`Fault::LeftOver`] if the file's size is no multiple of 12 (Kafka: `CorruptIndexException`).
    pub fn decode(base_offset: Offset, file: &[u8]) -> Result<TimeIndex, Problem> {
        let (chunks, rest) = file.as_chunks::<TIME_ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(Problem::new(file.len() - rest.len(), Fault::LeftOver { bytes: rest.len() as u64 }));
        }
        let mut entries = Vec::new();
        for chunk in chunks {
            if *chunk == [0; TIME_ENTRY_BYTES] {
                break;
            }
            entries.push(TimeEntry::read(chunk, base_offset));
        }
        Ok(TimeIndex { base_offset, entries })
    }

    fn before_all(&self) -> TimeEntry {
        TimeEntry { timestamp_ms: NO_TIMESTAMP_MS, offset: self.base_offset }
    }
}
