//! What is known of a folder so far: its files and segments, and its offsets.

use std::ops::Range;

use super::aborted::Aborted;
use super::compare::Log;
use super::name::offset_in;
use super::reading::{Folder, Segment};
use crate::ids::Offset;
use crate::inspect::answer::Totals;
use crate::inspect::finding::Recovery;
use crate::inspect::index::Index;
use crate::records::InternalTopic;

impl Folder {
    /// The segment that an offset is looked for in.
    pub(in crate::inspect) fn segment_of(&self, offset: Offset) -> usize {
        let base = |segment: &Segment| self.files.get(segment.file).and_then(|file| offset_in(&file.name));
        let after = self.segments.partition_point(|segment| base(segment).is_none_or(|base| base <= offset));
        after.saturating_sub(1)
    }

    pub(in crate::inspect) fn totals(&self) -> Totals {
        let mut all = Totals { untold: self.untold, ..Totals::default() };
        for Totals { batches, records, offsets, times_ms, untold } in
            self.segments.iter().map(|segment| segment.inspector.totals())
        {
            all.batches += batches;
            all.records += records;
            all.untold += untold;
            all.offsets = joined(all.offsets, offsets);
            all.times_ms = joined(all.times_ms, times_ms);
        }
        all
    }

    pub(in crate::inspect) fn size_bytes(&self) -> u64 {
        let small = self.small.iter().filter_map(|place| self.files.get(*place));
        let logs = self.segments.iter().filter_map(|segment| self.files.get(segment.file));
        small.chain(logs).map(|file| file.size_bytes).sum()
    }

    pub(in crate::inspect) fn read_bytes(&self) -> u64 {
        let small = self.small.iter().take(self.small_done).filter_map(|place| self.files.get(*place));
        let small: u64 = small.map(|file| file.size_bytes).sum();
        let logs: u64 = self.segments.iter().map(|segment| segment.inspector.read_bytes()).sum();
        small + self.held.len() as u64 + logs
    }

    pub(in crate::inspect) fn file_name(&self, file: Option<usize>) -> &str {
        file.and_then(|file| self.files.get(file)).map_or("", |file| file.name.as_str())
    }

    pub(in crate::inspect) fn name(&self) -> &str {
        &self.name
    }

    /// The internal topic that it is a partition of, if it is one.
    pub(in crate::inspect) fn topic(&self) -> Option<InternalTopic> {
        InternalTopic::of_folder(self.name.rsplit('/').next()?)
    }

    pub(in crate::inspect) fn segments(&self) -> usize {
        self.segments.len()
    }

    /// The log file of a segment: the number it is asked for by, and its size.
    pub(in crate::inspect) fn log_file(&self, segment: usize) -> Option<(u32, u64)> {
        let file = self.files.get(self.segments.get(segment)?.file)?;
        Some((file.handle, file.size_bytes))
    }

    pub(in crate::inspect) fn log_name(&self, segment: usize) -> &str {
        self.file_name(self.segments.get(segment).map(|segment| segment.file))
    }

    /// The offset in a log file's name.
    pub(in crate::inspect) fn base(&self, segment: usize) -> Option<Offset> {
        offset_in(self.log_name(segment))
    }

    pub(in crate::inspect) fn index(&self, segment: usize) -> Option<&Index> {
        Some(self.segments.get(segment)?.inspector.index())
    }

    pub(in crate::inspect) fn aborted(&self) -> &Aborted {
        &self.history.aborted
    }

    /// Offsets of a range that the indexes have entries for.
    pub(in crate::inspect) fn indexed(&self, range: Range<Offset>) -> [Vec<Offset>; 2] {
        [0, 1].map(|which: usize| {
            let all = self.segments.iter().filter_map(|segment| segment.indexed.get(which));
            all.flat_map(|offsets| offsets.range(range.clone())).copied().collect()
        })
    }

    /// The high watermark, the log start, the last stable offset: as far as they are known.
    pub(in crate::inspect) fn marks(&self) -> [Option<Offset>; 3] {
        let open = self.history.open().map(|(_, first)| first).min();
        [self.beside.high_watermark.map(|(_, mark)| mark), self.beside.log_start, open.filter(|_| self.is_over)]
    }

    /// What a comparison needs.
    pub(in crate::inspect) fn log(&self) -> Log<'_> {
        Log {
            rows: self.history.rows.as_deref().unwrap_or_default(),
            epochs: &self.history.epochs,
            start: self.start(),
            full_at: self.history.full_at,
            topic_id: self.beside.topic_id,
        }
    }

    /// The first offset that there is, or that its first file is named after.
    pub(in crate::inspect) fn first_offset(&self) -> Option<Offset> {
        let read = self.totals().offsets.map(|(first, _)| first);
        read.or_else(|| self.base(0))
    }

    /// Whether all batches of a segment, which has been read, are older.
    pub(in crate::inspect) fn ends_before(&self, segment: usize, time_ms: i64) -> bool {
        let read = self.segments.get(segment).filter(|segment| segment.inspector.is_over());
        read.and_then(|segment| segment.inspector.totals().times_ms).is_some_and(|(_, latest)| latest < time_ms)
    }

    /// Where the log begins on disk: its first file's name, or above, as the broker's checkpoint says.
    pub(in crate::inspect) fn start(&self) -> Offset {
        self.base(0).max(self.beside.log_start).unwrap_or_default()
    }

    /// The name of the file that was given under a number.
    pub(in crate::inspect) fn name_of(&self, handle: u32) -> &str {
        self.files.iter().find(|file| file.handle == handle).map_or("", |file| file.name.as_str())
    }

    /// What a broker would do with a segment after an unclean stop (Kafka: `LogLoader.recoverLog`): it goes through the
    /// one that the recovery point lies in, and through all that follow.
    pub(in crate::inspect) fn recovery(&self, segment: usize) -> Recovery {
        let point = self.beside.recovery_point.map(|(_, point)| point);
        match (self.base(segment + 1), point) {
            _ if segment + 1 >= self.segments() => Recovery::Last,
            (Some(next), Some(point)) if point < next => Recovery::Unflushed { point },
            (Some(_), Some(point)) => Recovery::Flushed { point },
            _ => Recovery::Closed,
        }
    }
}

fn joined<T: Ord + Copy>(a: Option<(T, T)>, b: Option<(T, T)>) -> Option<(T, T)> {
    match (a, b) {
        (Some((low, high)), Some((from, to))) => Some((low.min(from), high.max(to))),
        (one, other) => one.or(other),
    }
}
