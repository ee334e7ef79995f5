//! Which leader wrote which offsets (Kafka: `LeaderEpochFileCache`, KIP-101, KIP-279).
//!
//! Each leadership of a partition has a number, the leader epoch. A log remembers of each epoch where it began, and
//! with that alone two replicas find the offset where their logs part: each epoch was led by one broker, so the same
//! epoch and offset mean the same record. Lengths of logs say nothing about that, nor do high watermarks.

use std::fmt::Write;

use crate::ids::{LeaderEpoch, Offset};

/// From `start` on, batches are of this epoch, up to where the next entry starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochEntry {
    pub epoch: LeaderEpoch,
    pub start: Offset,
}

/// The epochs of one log, oldest first. Invariant: epochs ascend strictly, and so do their starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EpochCache {
    entries: Vec<EpochEntry>,
}

/// What a cache makes of "this epoch begins here".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assign {
    /// It is the latest epoch already: the first start stays.
    Known,
    /// It comes after the first `keep` entries. Later ones contradict it and go.
    After { keep: usize },
}

/// How does `new` fit behind the entries? An epoch is told by a batch, or by becoming leader before there is one.
#[must_use]
pub fn assign_epoch(entries: &[EpochEntry], new: EpochEntry) -> Assign {
    match entries.last() {
        Some(latest) if latest.epoch == new.epoch && latest.start <= new.start => Assign::Known,
        _ => {
            let fits = |entry: &EpochEntry| entry.epoch < new.epoch && entry.start < new.start;
            Assign::After { keep: entries.iter().rposition(fits).map_or(0, |last| last + 1) }
        }
    }
}

/// Where an epoch ends in a log, as OffsetsForLeaderEpoch and a fetch's `lastFetchedEpoch` ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOffset {
    /// The epoch still goes on: it ends where the log does.
    LogEnd(Offset),
    /// The epoch is older than all that the log remembers: what the log has begins here.
    BeforeFirst(Offset),
    /// The asked epoch, or else the latest one before it, ends where the next one starts (KIP-279).
    NextStarts { epoch: LeaderEpoch, end: Offset },
    /// The log has not heard of this epoch (Kafka answers −1 and −1).
    Undefined,
}

/// Where does `asked` end in a log with these epochs that ends at `log_end`? It is not bounded by the high watermark.
#[must_use]
pub fn end_offset_for_epoch(entries: &[EpochEntry], asked: LeaderEpoch, log_end: Offset) -> EndOffset {
    let up_to = entries.partition_point(|entry| entry.epoch <= asked);
    let floor = up_to.checked_sub(1).and_then(|last| entries.get(last));
    match (floor, entries.get(up_to)) {
        (Some(latest), None) if latest.epoch == asked => EndOffset::LogEnd(log_end),
        (Some(floor), Some(next)) => EndOffset::NextStarts { epoch: floor.epoch, end: next.start },
        (None, Some(first)) if asked.0 >= 0 => EndOffset::BeforeFirst(first.start),
        _ => EndOffset::Undefined,
    }
}

impl EpochCache {
    /// Oldest first, as the checkpoint file lists them.
    #[must_use]
    pub fn entries(&self) -> &[EpochEntry] {
        &self.entries
    }

    /// Notes that `epoch` begins at `start`, both 0 or more.
    pub fn assign(&mut self, epoch: LeaderEpoch, start: Offset) {
        let new = EpochEntry { epoch, start };
        if let Assign::After { keep } = assign_epoch(&self.entries, new) {
            self.entries.truncate(keep);
            self.entries.push(new);
        }
    }

    /// The log was cut at `end`: forgets the epochs that begin there or above. A negative end is none.
    pub fn truncate_from_end(&mut self, end: Offset) {
        if end >= Offset::ZERO {
            self.entries.truncate(self.entries.partition_point(|entry| entry.start < end));
        }
    }

    /// The log begins at `start` now: forgets the epochs that ended before it. The one that goes on there starts there.
    pub fn truncate_from_start(&mut self, start: Offset) {
        let begun = self.entries.partition_point(|entry| entry.start <= start);
        self.entries.drain(..begun.saturating_sub(1));
        if let Some(first) = self.entries.first_mut().filter(|first| first.start < start) {
            first.start = start;
        }
    }

    /// The epoch of the record at `offset`; none below the first entry's start.
    #[must_use]
    pub fn epoch_for_offset(&self, offset: Offset) -> Option<LeaderEpoch> {
        self.entries.iter().rev().find(|entry| entry.start <= offset).map(|entry| entry.epoch)
    }

    /// The latest remembered epoch that is older than `epoch`.
    #[must_use]
    pub fn previous_epoch(&self, epoch: LeaderEpoch) -> Option<LeaderEpoch> {
        self.entries.iter().rev().map(|entry| entry.epoch).find(|older| *older < epoch)
    }

    /// The oldest remembered epoch that is newer than `epoch`.
    #[must_use]
    pub fn next_epoch(&self, epoch: LeaderEpoch) -> Option<LeaderEpoch> {
        self.entries.iter().map(|entry| entry.epoch).find(|newer| *newer > epoch)
    }

    /// The file `leader-epoch-checkpoint`: its version 0, how many lines follow, and a line for each entry (Kafka:
    /// `CheckpointFile`).
    #[must_use]
    pub fn checkpoint(&self) -> String {
        let mut text = format!("0\n{}\n", self.entries.len());
        for entry in &self.entries {
            // Writing to a string cannot fail.
            writeln!(text, "{} {}", entry.epoch, entry.start).ok();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(entries: &[(i32, i64)]) -> EpochCache {
        let mut cache = EpochCache::default();
        entries.iter().for_each(|&(epoch, start)| cache.assign(LeaderEpoch(epoch), Offset(start)));
        cache
    }

    fn end(cache: &EpochCache, asked: i32, log_end: i64) -> EndOffset {
        end_offset_for_epoch(cache.entries(), LeaderEpoch(asked), Offset(log_end))
    }

    /// KIP-279: B led epoch 2 from 11 on, unseen by A, which leads again in epoch 3. Asked for epoch 2, A answers with
    /// the epoch before it; there B finds where its own epoch 1 ended, and cuts what only it has.
    #[test]
    fn two_logs_find_where_they_part() {
        let (a, b) = (cache(&[(1, 0), (3, 21)]), cache(&[(1, 0), (2, 11)]));
        assert_eq!(end(&a, 2, 21), EndOffset::NextStarts { epoch: LeaderEpoch(1), end: Offset(21) });
        assert_eq!(end(&b, 1, 16), EndOffset::NextStarts { epoch: LeaderEpoch(1), end: Offset(11) });
    }

    #[test]
    fn ends_of_epochs() {
        let cache = cache(&[(4, 10), (5, 20)]);
        assert_eq!(end(&cache, 5, 33), EndOffset::LogEnd(Offset(33)));
        assert_eq!(end(&cache, 3, 33), EndOffset::BeforeFirst(Offset(10)));
        assert_eq!(end(&cache, 6, 33), EndOffset::Undefined);
        assert_eq!(end(&cache, -1, 33), EndOffset::Undefined);
    }

    #[test]
    fn an_epoch_that_contradicts_later_entries_wins() {
        assert_eq!(cache(&[(1, 0), (2, 5), (3, 9), (2, 4)]), cache(&[(1, 0), (2, 4)]));
        assert_eq!(cache(&[(1, 0), (2, 5), (3, 9), (2, 7)]), cache(&[(1, 0), (2, 7)]));
        assert_eq!(cache(&[(1, 0), (1, 7)]), cache(&[(1, 0)]));
        assert_eq!(cache(&[(1, 0), (2, 5), (3, 5)]), cache(&[(1, 0), (3, 5)]));
    }

    #[test]
    fn cut_at_both_ends_and_written_down() {
        let mut cache = cache(&[(1, 0), (2, 5), (3, 9)]);
        cache.truncate_from_start(Offset(6));
        cache.truncate_from_end(Offset(9));
        assert_eq!(cache.checkpoint(), "0\n1\n2 6\n");
        assert_eq!(cache.epoch_for_offset(Offset(5)), None);
    }

    #[test]
    fn epochs_of_offsets_and_their_neighbours() {
        let cache = cache(&[(1, 10), (4, 15), (9, 20)]);
        let epochs = [9, 10, 14, 15, 99].map(|offset| cache.epoch_for_offset(Offset(offset)).map(|epoch| epoch.0));
        assert_eq!(epochs, [None, Some(1), Some(1), Some(4), Some(9)]);
        let previous = [1, 2, 4, 99].map(|epoch| cache.previous_epoch(LeaderEpoch(epoch)).map(|older| older.0));
        assert_eq!(previous, [None, Some(1), Some(1), Some(9)]);
        let next = [0, 4, 5, 9].map(|epoch| cache.next_epoch(LeaderEpoch(epoch)).map(|newer| newer.0));
        assert_eq!(next, [Some(1), Some(9), Some(9), None]);
    }
}
