//! Where batches stand in a file: a sparse index that stays small however long the file is.

use crate::ids::Offset;

use super::batch::Summary;

/// With more entries than this, every other one is dropped.
const ENTRIES_MAX: usize = 1 << 15;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    position: u64,
    base: Offset,
    /// The largest timestamp of all batches before this one.
    time_before_ms: i64,
}

/// An entry for every batch, and in a long file for every second, fourth, eighth.
#[derive(Clone, Debug)]
pub(super) struct Index {
    entries: Vec<Entry>,
    stride: u64,
    noted: u64,
    time_ms: i64,
}

impl Index {
    pub(super) fn new() -> Index {
        Index { entries: Vec::new(), stride: 1, noted: 0, time_ms: i64::MIN }
    }

    /// Notes the next batch of the file.
    pub(super) fn note(&mut self, batch: &Summary) {
        if self.noted.is_multiple_of(self.stride) {
            let (position, base) = (batch.position, batch.base);
            self.entries.push(Entry { position, base, time_before_ms: self.time_ms });
        }
        self.noted += 1;
        self.time_ms = self.time_ms.max(batch.timestamp_ms);
        if self.entries.len() > ENTRIES_MAX {
            let mut keep = false;
            self.entries.retain(|_| {
                keep = !keep;
                keep
            });
            self.stride *= 2;
        }
    }

    /// A batch that stands before `position`, and not far before it.
    pub(super) fn before(&self, position: u64) -> u64 {
        self.last(|entry| entry.position < position)
    }

    /// Behind no batch that reaches up to an offset, in a file whose offsets ascend.
    pub(super) fn for_offset(&self, offset: Offset) -> u64 {
        self.last(|entry| entry.base <= offset)
    }

    /// Behind no batch that has this time or a later one.
    pub(super) fn for_time(&self, time_ms: i64) -> u64 {
        self.last(|entry| entry.time_before_ms < time_ms)
    }

    /// The last entry of those at the beginning for which it is so.
    fn last(&self, is_so: impl Fn(&Entry) -> bool) -> u64 {
        self.entries.iter().take_while(|entry| is_so(entry)).last().map_or(0, |entry| entry.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_batches_take_a_bounded_index_that_is_never_behind() {
        let mut index = Index::new();
        for number in 0_i64..1_000_000 {
            let position = number.unsigned_abs() * 100;
            index.note(&Summary { position, base: Offset(number), timestamp_ms: number, ..Summary::default() });
        }
        assert!(index.entries.len() <= ENTRIES_MAX, "{}", index.entries.len());
        for number in [0, 1, 31, 32, 4_711, 999_999] {
            let position = u64::try_from(number).unwrap() * 100;
            for found in [index.for_offset(Offset(number)), index.for_time(number), index.before(position + 1)] {
                assert!(found <= position && position - found <= index.stride * 100, "{number}: {found}");
            }
        }
    }
}
