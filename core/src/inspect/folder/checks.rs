//! A segment's indexes, held against its batches as they go by.
//!
//! What an index may say is what Kafka's dump tool checks: an entry of the offset index names the last offset of the
//! batch that begins at its position; one of the time index names the last offset of a batch, and that batch's largest
//! timestamp. Both ascend.

use std::collections::BTreeSet;

use crate::ids::Offset;
use crate::inspect::batch::Summary;
use crate::inspect::finding::{Finding, Wrong};
use crate::log::{OFFSET_ENTRY_BYTES, TIME_ENTRY_BYTES, TimeEntry, absolute, raw_entry};

/// An entry as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    /// Of the entry in the index file.
    byte: u64,
    offset: Offset,
    /// A position in the log, or a timestamp.
    points_to: i64,
}

/// One index: its entries, and those that the log does not bear out.
#[derive(Clone, Debug, Default)]
struct Index {
    entries: Vec<Entry>,
    /// The first entry that no batch has come to yet.
    next: usize,
    /// Behind the entries is room for more, as in the file of a running broker.
    has_room: bool,
    wrong: Vec<Finding>,
    /// Of the last entry that was right, the byte behind it.
    right_up_to: u64,
}

/// The indexes of a segment that is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Checks {
    positions: Index,
    times: Index,
}

impl Checks {
    /// Takes the index files of a segment that begins at `base`. What is wrong with the files by themselves is found
    /// at once.
    pub(super) fn new(
        base: Offset,
        offset_index: Option<&[u8]>,
        time_index: Option<&[u8]>,
    ) -> (Checks, [Vec<Finding>; 2]) {
        let mut found = [Vec::new(), Vec::new()];
        let [in_offsets, in_times] = &mut found;
        let positions = offset_index.map_or_else(Vec::new, |file| {
            whole::<OFFSET_ENTRY_BYTES>(file, in_offsets);
            let entries = file.as_chunks::<OFFSET_ENTRY_BYTES>().0;
            let entries = used(entries).iter().map(|entry| {
                let (above_base, position) = raw_entry(entry);
                (absolute(above_base, base), position.into())
            });
            in_order(OFFSET_ENTRY_BYTES, entries, |byte, offset, points_to, after| {
                let wrong = Wrong::IndexOrder { offset, position: points_to, after: after.0, after_position: after.1 };
                in_offsets.push(Finding { position: byte, offset: Some(offset), wrong });
            })
        });
        let times = time_index.map_or_else(Vec::new, |file| {
            whole::<TIME_ENTRY_BYTES>(file, in_times);
            let entries = file.as_chunks::<TIME_ENTRY_BYTES>().0;
            let entries = used(entries).iter().map(|entry| {
                let TimeEntry { timestamp_ms, offset } = TimeEntry::read(entry, base);
                (offset, timestamp_ms)
            });
            in_order(TIME_ENTRY_BYTES, entries, |byte, offset, time_ms, after| {
                let wrong = Wrong::TimeIndexOrder { offset, time_ms, after: after.0, after_ms: after.1 };
                in_times.push(Finding { position: byte, offset: Some(offset), wrong });
            })
        });
        let index = |entries, file: Option<&[u8]>| {
            let has_room = file.and_then(|file| file.last_chunk::<4>()).is_some_and(|last| *last == [0; 4]);
            Index { entries, has_room, ..Index::default() }
        };
        let positions = index(positions, offset_index);
        (Checks { positions, times: index(times, time_index) }, found)
    }

    /// How many entries there are, of the offset index and of the time index.
    pub(super) fn entries(&self) -> [u64; 2] {
        [&self.positions, &self.times].map(|index| index.entries.len() as u64)
    }

    /// The offsets that have entries.
    pub(super) fn indexed(&self) -> [BTreeSet<Offset>; 2] {
        [&self.positions, &self.times].map(|index| index.entries.iter().map(|entry| entry.offset).collect())
    }

    /// Holds the entries that are due against the next batch of the log.
    pub(super) fn batch(&mut self, batch: &Summary) {
        let at = i64::try_from(batch.position).unwrap_or(i64::MAX);
        while let Some(entry) = self.positions.due(|entry| entry.points_to <= at) {
            let is_here = entry.points_to == at;
            let wrong = match is_here {
                true if entry.offset == batch.last => None,
                _ => Some(points_wrong(&entry, is_here.then_some(batch.last))),
            };
            self.positions.judge(&entry, wrong);
        }
        while let Some(entry) = self.times.due(|entry| entry.offset <= batch.last) {
            let found = (entry.offset >= batch.base).then_some(batch.timestamp_ms);
            let wrong = (found != Some(entry.points_to)).then(|| time_wrong(&entry, found));
            self.times.judge(&entry, wrong);
        }
    }

    /// The log has no more batches. What is wrong with the offset index, and with the time index.
    pub(super) fn end(&mut self) -> [Vec<Finding>; 2] {
        [self.positions.end(), self.times.end()]
    }
}

impl Index {
    fn due(&mut self, is_due: impl Fn(&Entry) -> bool) -> Option<Entry> {
        let entry = self.entries.get(self.next).filter(|entry| is_due(entry)).copied()?;
        self.next += 1;
        Some(entry)
    }

    fn judge(&mut self, entry: &Entry, wrong: Option<Finding>) {
        match wrong {
            Some(finding) => self.wrong.push(finding),
            None => self.right_up_to = entry.byte + 1,
        }
    }

    /// Entries that no batch came to lie behind the log's end. A running broker keeps the count of its entries in
    /// memory: when the log is cut, those that no longer count stay in the file until others are written over them.
    fn end(&mut self) -> Vec<Finding> {
        let behind = self.entries.get(self.next..).unwrap_or_default();
        if let (Some(first), Some(last)) = (behind.first(), behind.last()) {
            let wrong = Wrong::IndexBeyond { entries: behind.len() as u64, last: last.offset };
            self.wrong.push(Finding { position: first.byte, offset: Some(first.offset), wrong });
        }
        self.next = self.entries.len();
        let mut wrong = std::mem::take(&mut self.wrong);
        let from = wrong.iter().position(|finding| finding.position >= self.right_up_to).unwrap_or(wrong.len());
        if let Some(first) = wrong.get(from).filter(|_| self.has_room) {
            let entries = self.entries.iter().filter(|entry| entry.byte >= first.position).count() as u64;
            let old = Finding { wrong: Wrong::IndexLeftOver { entries }, ..first.clone() };
            wrong.truncate(from);
            wrong.push(old);
        }
        wrong
    }
}

fn points_wrong(entry: &Entry, found: Option<Offset>) -> Finding {
    let wrong = Wrong::IndexPoints { offset: entry.offset, position: entry.points_to, found };
    Finding { position: entry.byte, offset: Some(entry.offset), wrong }
}

fn time_wrong(entry: &Entry, found: Option<i64>) -> Finding {
    let wrong = Wrong::TimeIndexPoints { offset: entry.offset, time_ms: entry.points_to, found_ms: found };
    Finding { position: entry.byte, offset: Some(entry.offset), wrong }
}

fn whole<const BYTES: usize>(file: &[u8], found: &mut Vec<Finding>) {
    let rest = file.len() % BYTES;
    if rest > 0 {
        let wrong = Wrong::IndexSize { bytes: file.len() as u64, entry_bytes: BYTES as u64 };
        found.push(Finding { position: (file.len() - rest) as u64, offset: None, wrong });
    }
}

/// Without the zeros at the end: room that a live broker has set aside.
fn used<const BYTES: usize>(entries: &[[u8; BYTES]]) -> &[[u8; BYTES]] {
    let end = entries.iter().rposition(|entry| *entry != [0; BYTES]).map_or(0, |last| last + 1);
    entries.get(..end).unwrap_or_default()
}

/// The entries that lie above the one before them, with their places; `complain` is told of the others.
fn in_order(
    entry_bytes: usize,
    entries: impl Iterator<Item = (Offset, i64)>,
    mut complain: impl FnMut(u64, Offset, i64, (Offset, i64)),
) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::new();
    for (number, (offset, points_to)) in entries.enumerate() {
        let entry = Entry { byte: (number * entry_bytes) as u64, offset, points_to };
        match kept.last() {
            Some(last) if entry.offset <= last.offset || points_to <= last.points_to => {
                complain(entry.byte, entry.offset, points_to, (last.offset, last.points_to));
            }
            _ => kept.push(entry),
        }
    }
    kept
}
