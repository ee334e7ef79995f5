//! `.index`: a segment's offset index as a file (Kafka: `OffsetIndex`, `AbstractIndex`).
//!
//! A file is made at its full size, `segment.index.bytes`, and filled with zeros; a clean close cuts it to its entries.
//! So the file of an active segment, or of a broker that was killed, has room behind the last entry.

use super::problem::{FileFault, FileProblem};
use crate::ids::Offset;
use crate::log::{OFFSET_ENTRY_BYTES, OffsetIndex};

/// An `.index` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetIndexFile {
    pub index: OffsetIndex,
    /// Zeros behind the last entry, in bytes.
    pub room_bytes: usize,
}

impl OffsetIndexFile {
    /// The file as it stands on disk.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        with_room(self.index.encode(), self.room_bytes)
    }

    /// Reads a file whose name says `base_offset`.
    ///
    /// # Errors
    /// The size is no multiple of 8 (Kafka: `CorruptIndexException`), a position is negative, or there are bytes behind
    /// the first entry of zero, where an index ends.
    pub fn decode(base_offset: Offset, file: &[u8]) -> Result<OffsetIndexFile, FileProblem> {
        let index = OffsetIndex::decode(base_offset, file)?;
        let end = index.entries().len() * OFFSET_ENTRY_BYTES;
        Ok(OffsetIndexFile { room_bytes: room_bytes(file, end)?, index })
    }

    /// Where the entries end in the file.
    #[must_use]
    pub fn end_bytes(&self) -> usize {
        self.index.entries().len() * OFFSET_ENTRY_BYTES
    }

    /// Whether offsets and positions ascend from entry to entry. Kafka looks at the last entry only, when it starts.
    ///
    /// # Errors
    /// The first entry that is not above the one before it, or above the base offset.
    pub fn check(&self) -> Result<(), FileProblem> {
        let mut before = self.index.lookup(Offset(i64::MIN));
        for (number, entry) in self.index.entries().iter().enumerate() {
            let at = number * OFFSET_ENTRY_BYTES;
            if entry.offset < before.offset || (number > 0 && entry.offset == before.offset) {
                let fault = FileFault::NotAbove { found: entry.offset.0, before: before.offset.0 };
                return Err(FileProblem::at_byte(at, "offset", fault));
            }
            if number > 0 && entry.position <= before.position {
                let fault = FileFault::NotAbove { found: entry.position.into(), before: before.position.into() };
                return Err(FileProblem::at_byte(at + 4, "position", fault));
            }
            before = *entry;
        }
        Ok(())
    }
}

/// How much room there is behind the entries, which end at `end`.
pub(super) fn room_bytes(file: &[u8], end: usize) -> Result<usize, FileProblem> {
    let room = file.get(end..).unwrap_or_default();
    match room.iter().enumerate().find(|(_, byte)| **byte != 0) {
        Some((at, found)) => {
            Err(FileProblem::at_byte(end + at, "after the last entry", FileFault::NotZero { found: *found }))
        }
        None => Ok(room.len()),
    }
}

pub(super) fn with_room(mut entries: Vec<u8>, room_bytes: usize) -> Vec<u8> {
    entries.resize(entries.len().saturating_add(room_bytes), 0);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(hex: &[u8]) -> Result<OffsetIndexFile, FileProblem> {
        OffsetIndexFile::decode(Offset(100), hex)
    }

    #[test]
    fn zeros_behind_the_entries_are_room_and_are_kept() {
        let bytes = [0, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let file = decode(&bytes).unwrap();
        assert_eq!((file.index.entries().len(), file.end_bytes(), file.room_bytes), (1, 8, 8));
        assert_eq!(file.index.entries()[0].offset, Offset(105));
        assert_eq!(file.encode(), bytes);
    }

    #[test]
    fn each_fault_has_its_place() {
        let text = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
        assert_eq!(text(&[0; 11]), "byte 8: after the last entry: found 3 bytes, expected the end of the file");
        assert_eq!(text(&[0, 0, 0, 5, 255, 255, 255, 255]), "byte 4: position: found -1, expected 0 or more");
        let lost = [0, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0];
        assert_eq!(text(&lost), "byte 14: after the last entry: found 02, expected zeros to the end of the file");
        let back = decode(&[0, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 4, 0, 0, 2, 0]).unwrap();
        assert_eq!(back.check().unwrap_err().to_string(), "byte 8: offset: found 104, expected more than 105");
        let same_place = decode(&[0, 0, 0, 5, 0, 0, 1, 0, 0, 0, 0, 6, 0, 0, 1, 0]).unwrap();
        assert_eq!(same_place.check().unwrap_err().to_string(), "byte 12: position: found 256, expected more than 256");
    }
}
