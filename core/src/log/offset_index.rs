//! The offset index of a segment: which batch stands where, for some batches (Kafka: `OffsetIndex`).
//!
//! An entry takes 8 bytes: how far the LAST offset of a batch lies above the segment's base, and the file position
//! where that batch begins.

use crate::bytes::{Fault, FieldName, Problem};
use crate::ids::Offset;

/// Bytes of an entry in an `.index` file.
pub const OFFSET_ENTRY_BYTES: usize = 8;

/// An index entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OffsetEntry {
    /// The last offset of a batch.
    pub offset: Offset,
    /// Where the batch begins in the segment's file.
    pub position: u32,
}

/// A sparse map from offsets to file positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetIndex {
    base_offset: Offset,
    /// Invariant: offsets and positions ascend, in an index that was built by appending.
    entries: Vec<OffsetEntry>,
}

impl OffsetIndex {
    #[must_use]
    pub fn new(base_offset: Offset) -> OffsetIndex {
        OffsetIndex { base_offset, entries: Vec::new() }
    }

    #[must_use]
    pub fn entries(&self) -> &[OffsetEntry] {
        &self.entries
    }

    pub(super) fn append(&mut self, entry: OffsetEntry) {
        self.entries.push(entry);
    }

    /// The greatest entry at or below `target`; the segment's beginning if there is none. Scan on from there.
    ///
    /// ```
    /// # use kafka_lab::ids::Offset;
    /// # use kafka_lab::log::{OffsetEntry, OffsetIndex};
    /// let index = OffsetIndex::new(Offset(136));
    /// assert_eq!(index.lookup(Offset(140)), OffsetEntry { offset: Offset(136), position: 0 });
    /// ```
    #[must_use]
    pub fn lookup(&self, target: Offset) -> OffsetEntry {
        let below = self.entries.partition_point(|entry| entry.offset <= target);
        let entry = below.checked_sub(1).and_then(|last| self.entries.get(last)).copied();
        entry.unwrap_or(OffsetEntry { offset: self.base_offset, position: 0 })
    }

    /// Forgets entries at `offset` and above.
    pub(super) fn truncate_to(&mut self, offset: Offset) {
        self.entries.truncate(self.entries.partition_point(|entry| entry.offset < offset));
    }

    /// The `.index` file, as a clean close leaves it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.entries.len() * OFFSET_ENTRY_BYTES);
        for entry in &self.entries {
            out.extend_from_slice(&relative(entry.offset, self.base_offset).to_be_bytes());
            out.extend_from_slice(&entry.position.to_be_bytes());
        }
        out
    }

    /// Reads an `.index` file. Zeros at its end are room set aside for later entries. Entries are taken as they
    /// stand: whether they ascend and point to batches is for a check against the log.
    ///
    /// # Errors
    /// [`Fault::LeftOver`] if the file's size is no multiple of 8 (Kafka: `CorruptIndexException`).
    pub fn decode(base_offset: Offset, file: &[u8]) -> Result<OffsetIndex, Problem> {
        let (chunks, rest) = file.as_chunks::<OFFSET_ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(Problem::new(file.len() - rest.len(), Fault::LeftOver { bytes: rest.len() as u64 }));
        }
        let mut entries = Vec::new();
        for (number, chunk) in chunks.iter().enumerate() {
            let (above_base, position) = raw_entry(chunk);
            if number > 0 && above_base == 0 {
                break;
            }
            let Ok(position) = u32::try_from(position) else {
                let fault = Fault::TooSmall { field: FieldName::Position, found: position.into(), least: 0 };
                return Err(Problem::new(number * OFFSET_ENTRY_BYTES + 4, fault));
            };
            if above_base == 0 && position == 0 {
                break;
            }
            entries.push(OffsetEntry { offset: absolute(above_base, base_offset), position });
        }
        Ok(OffsetIndex { base_offset, entries })
    }
}

/// An entry as it stands: how far the offset lies above the base, and the position.
pub(crate) fn raw_entry(&[o0, o1, o2, o3, p0, p1, p2, p3]: &[u8; OFFSET_ENTRY_BYTES]) -> (i32, i32) {
    (i32::from_be_bytes([o0, o1, o2, o3]), i32::from_be_bytes([p0, p1, p2, p3]))
}

/// An offset as the index files have it. A segment is rolled before this could be more than an int holds.
pub(super) fn relative(offset: Offset, base_offset: Offset) -> i32 {
    i32::try_from(offset.0.wrapping_sub(base_offset.0)).unwrap_or(i32::MAX)
}

/// The offset that an index file means. A name can say any base; Java's sum wraps around, and so does this.
pub(crate) fn absolute(above_base: i32, base_offset: Offset) -> Offset {
    Offset(base_offset.0.wrapping_add(above_base.into()))
}
