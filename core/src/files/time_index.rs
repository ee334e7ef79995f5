//! `.timeindex`: a segment's time index as a file (Kafka: `TimeIndex`, KIP-33).

use super::index::{room_bytes, with_room};
use super::problem::{FileFault, FileProblem};
use crate::ids::Offset;
use crate::log::{TIME_ENTRY_BYTES, TimeIndex};

/// A `.timeindex` file. As with `.index`, there is room behind the last entry while the segment is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeIndexFile {
    pub index: TimeIndex,
    /// Zeros behind the last entry, in bytes. An entry of time 0 at the base offset can't be told from room.
    pub room_bytes: usize,
}

impl TimeIndexFile {
    /// The file as it stands on disk.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        with_room(self.index.encode(), self.room_bytes)
    }

    /// Reads a file whose name says `base_offset`.
    ///
    /// # Errors
    /// The size is no multiple of 12 (Kafka: `CorruptIndexException`), or there are bytes behind the first entry of
    /// zeros, where an index ends.
    pub fn decode(base_offset: Offset, file: &[u8]) -> Result<TimeIndexFile, FileProblem> {
        let index = TimeIndex::decode(base_offset, file)?;
        let end = index.entries().len() * TIME_ENTRY_BYTES;
        Ok(TimeIndexFile { room_bytes: room_bytes(file, end)?, index })
    }

    /// Where the entries end in the file.
    #[must_use]
    pub fn end_bytes(&self) -> usize {
        self.index.entries().len() * TIME_ENTRY_BYTES
    }

    /// Whether timestamps ascend from entry to entry, and offsets do not descend. Kafka looks at the last entry only.
    ///
    /// # Errors
    /// The first entry that is not above the one before it.
    pub fn check(&self) -> Result<(), FileProblem> {
        let pairs = self.index.entries().iter().zip(self.index.entries().iter().skip(1));
        for (number, (before, entry)) in pairs.enumerate() {
            let at = (number + 1) * TIME_ENTRY_BYTES;
            if entry.timestamp_ms <= before.timestamp_ms {
                let fault = FileFault::NotAbove { found: entry.timestamp_ms, before: before.timestamp_ms };
                return Err(FileProblem::at_byte(at, "timestamp", fault));
            }
            if entry.offset < before.offset {
                let fault = FileFault::TooSmall { found: entry.offset.0, least: before.offset.0 };
                return Err(FileProblem::at_byte(at + 8, "offset", fault));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(timestamp_ms: i64, above_base: i32) -> Vec<u8> {
        [timestamp_ms.to_be_bytes().as_slice(), &above_base.to_be_bytes()].concat()
    }

    #[test]
    fn room_is_kept_and_each_fault_has_its_place() {
        let bytes = [entry(1_000, 3), entry(2_000, 7), vec![0; 24]].concat();
        let file = TimeIndexFile::decode(Offset(40), &bytes).unwrap();
        assert_eq!((file.end_bytes(), file.room_bytes, file.check()), (24, 24, Ok(())));
        assert_eq!(file.index.last().offset, Offset(47));
        assert_eq!(file.encode(), bytes);
        let problem = |bytes: &[u8]| match TimeIndexFile::decode(Offset(40), bytes) {
            Ok(file) => file.check().unwrap_err().to_string(),
            Err(problem) => problem.to_string(),
        };
        let of = |entries: &[Vec<u8>]| problem(&entries.concat());
        assert_eq!(problem(&[0; 13]), "byte 12: after the last entry: found 1 bytes, expected the end of the file");
        let behind_zeros = "byte 21: after the last entry: found 02, expected zeros to the end of the file";
        assert_eq!(of(&[vec![0; 12], vec![0; 9], vec![2, 0, 0]]), behind_zeros);
        assert_eq!(of(&[entry(9, 1), entry(9, 2)]), "byte 12: timestamp: found 9, expected more than 9");
        assert_eq!(of(&[entry(9, 4), entry(10, 2)]), "byte 20: offset: found 42, expected 44 or more");
    }
}
